//! Where to improve, in the Markdown report: the weakest quality gate, and the components with most defects.

use super::super::escape::{Markdown, Safe, safe};
use super::super::labels;
use super::fit::MarkdownSection;
use super::fold::Fold;
use super::links::{code_name, keep_percent_together, linked_sentence, short_prose};
use crate::report::{ComponentRow, Report};

/// Names the weakest quality gate and how to strengthen it.
pub fn weakest_gate_section(report: &Report) -> MarkdownSection {
    let Some(gates) = &report.gates else { return MarkdownSection::default() };
    let summary = keep_percent_together(&linked_sentence(report, &gates.summary));
    let mut items = vec![safe!("**Weakest quality gate** ({}): {}\n", short_prose(&gates.over), summary)];
    items.extend(gates.strategy.iter().map(|line| safe!("- {}\n", linked_sentence(report, line))));
    let name = "lines on the weakest quality gate";
    MarkdownSection { name, rank: 8, items, tail: "\n".into(), ..MarkdownSection::default() }
}

/// Renders the table of escaped defects by component and team.
pub fn component_table_fold(report: &Report) -> Option<Fold> {
    let table = report.cross.as_ref()?;
    let cell = |name: &Option<String>| name.as_deref().map_or_else(|| "(none)".into(), code_name);
    let teams: Safe<Markdown> = table.teams.iter().map(|team| safe!(" {} |", cell(team))).collect();
    let rules: Safe<Markdown> = table.teams.iter().map(|_| "--:|".into()).collect();
    let head = safe!("{}\n\n| Component | All |{}\n|:--|--:|{}\n", short_prose(&table.over), teams, rules);
    let row = |row: &ComponentRow| {
        let counts: Safe<Markdown> = row.counts.iter().map(|count| safe!(" {} |", *count)).collect();
        safe!("| {} | {} |{}\n", cell(&row.component), row.total, counts)
    };
    let title = safe!("Escaped defects by component and team ({})", table.defects);
    let mut fold = Fold::of(title, "components", 12, head, table.rows.iter().map(row).collect())?;
    let notes = labels::component_table_notes(table);
    if !notes.is_empty() {
        fold.append(safe!("\n{}\n", notes));
    }
    Some(fold)
}
