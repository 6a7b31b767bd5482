//! What can be learnt from the defects: the weakest gate, and where defects gather.

use super::super::escape::{Markdown, Safe, safe};
use super::super::words;
use super::fit::Section;
use super::folds::{Fold, fold};
use super::links::{name, quoted, sentence};
use super::sections::unbroken;
use crate::report::{CrossRow, Report};

/// The weakest gate.
pub fn gates(report: &Report) -> Section {
    let Some(gates) = &report.gates else { return Section::default() };
    let summary = unbroken(&sentence(report, &gates.summary));
    let mut items = vec![safe!("**Weakest gate** ({}): {}\n", quoted(&gates.over), summary)];
    items.extend(gates.strategy.iter().map(|line| safe!("- {}\n", sentence(report, line))));
    Section { name: "lines on the weakest gate", rank: 8, items, tail: "\n".into(), ..Section::default() }
}

/// Escaped defects by component and team.
pub fn cross(report: &Report) -> Option<Fold> {
    let table = report.cross.as_ref()?;
    let cell = |text: &Option<String>| text.as_ref().map_or_else(|| "(none)".into(), |text| name(text));
    let teams: Safe<Markdown> = table.teams.iter().map(|team| safe!(" {} |", cell(team))).collect();
    let rules: Safe<Markdown> = table.teams.iter().map(|_| "--:|".into()).collect();
    let head = safe!("{}\n\n| Component | All |{}\n|:--|--:|{}\n", quoted(&table.over), teams, rules);
    let row = |row: &CrossRow| {
        let counts: Safe<Markdown> = row.counts.iter().map(|count| safe!(" {} |", *count)).collect();
        safe!("| {} | {} |{}\n", cell(&row.component), row.total, counts)
    };
    let title = safe!("Escaped defects by component and team ({})", table.defects);
    let mut fold = fold(title, "components", 12, head, table.rows.iter().map(row).collect())?;
    let notes = words::cross(table);
    if !notes.is_empty() {
        fold.after(safe!("\n{}\n", notes));
    }
    Some(fold)
}
