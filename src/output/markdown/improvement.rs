//! What can be learnt from the defects: the weakest gate, and where defects gather.

use super::super::escape::{Markdown, Safe, safe};
use super::super::labels;
use super::fit::MarkdownSection;
use super::folds::{Fold, fold};
use super::links::{code_name, linked_sentence, short_prose};
use super::sections::keep_percent_together;
use crate::report::{ComponentRow, Report};

/// The weakest gate.
pub fn weakest_gate_section(report: &Report) -> MarkdownSection {
    let Some(gates) = &report.gates else { return MarkdownSection::default() };
    let summary = keep_percent_together(&linked_sentence(report, &gates.summary));
    let mut items = vec![safe!("**Weakest gate** ({}): {}\n", short_prose(&gates.over), summary)];
    items.extend(gates.strategy.iter().map(|line| safe!("- {}\n", linked_sentence(report, line))));
    MarkdownSection {
        name: "lines on the weakest gate",
        rank: 8,
        items,
        tail: "\n".into(),
        ..MarkdownSection::default()
    }
}

/// Escaped defects by component and team.
pub fn component_table_fold(report: &Report) -> Option<Fold> {
    let table = report.cross.as_ref()?;
    let cell = |text: &Option<String>| text.as_ref().map_or_else(|| "(none)".into(), |text| code_name(text));
    let teams: Safe<Markdown> = table.teams.iter().map(|team| safe!(" {} |", cell(team))).collect();
    let rules: Safe<Markdown> = table.teams.iter().map(|_| "--:|".into()).collect();
    let head = safe!("{}\n\n| Component | All |{}\n|:--|--:|{}\n", short_prose(&table.over), teams, rules);
    let row = |row: &ComponentRow| {
        let counts: Safe<Markdown> = row.counts.iter().map(|count| safe!(" {} |", *count)).collect();
        safe!("| {} | {} |{}\n", cell(&row.component), row.total, counts)
    };
    let title = safe!("Escaped defects by component and team ({})", table.defects);
    let mut fold = fold(title, "components", 12, head, table.rows.iter().map(row).collect())?;
    let notes = labels::component_table_notes(table);
    if !notes.is_empty() {
        fold.after(safe!("\n{}\n", notes));
    }
    Some(fold)
}
