//! Where to improve, in the text report: the weakest quality gate, and the components with most defects.

use super::super::escape::{Safe, Terminal, safe};
use super::super::labels;
use super::paint::{align_columns, columns};
use super::{Page, printable, table_cell};
use crate::report::Report;

/// Maximum number of teams in the table: more columns do not fit a terminal.
const TEAMS: usize = 4;

/// Maximum number of components in the table.
const COMPONENTS: usize = 8;

impl Page {
    /// Appends the weakest quality gate and how to strengthen it.
    pub(super) fn gates(&mut self, report: &Report) {
        let Some(gates) = &report.gates else { return };
        self.heading("Weakest quality gate");
        self.wrapped("  ", &printable(&gates.summary));
        self.wrapped("  over: ", &printable(&gates.over));
        for line in &gates.strategy {
            self.wrapped("  → ", &printable(line));
        }
    }

    /// Appends the escaped defects by component and team, if both are known and the table is small.
    pub(super) fn component_table(&mut self, report: &Report) {
        let Some(table) = &report.cross else { return };
        let has_components = table.rows.iter().any(|row| row.component.is_some());
        if !has_components || !(1..=TEAMS).contains(&table.teams.len()) || table.rows.len() > COMPONENTS {
            return;
        }
        let name = |text: &Option<String>| text.as_deref().map_or_else(|| "(none)".into(), table_cell);
        let head = ["component".into(), "all".into()];
        let mut rows: Vec<Vec<Safe<Terminal>>> =
            vec![head.into_iter().chain(table.teams.iter().map(name)).collect()];
        for row in &table.rows {
            let counts = row.counts.iter().map(|count| safe!("{}", *count));
            rows.push([name(&row.component), safe!("{}", row.total)].into_iter().chain(counts).collect());
        }
        let lines = align_columns(&rows);
        if lines.iter().any(|line| columns(line) + 4 > self.width) {
            return;
        }
        self.heading("Escaped defects by component and team");
        for line in lines {
            self.line(safe!("  {}", line));
        }
        let notes = labels::component_table_notes(table);
        if !notes.is_empty() {
            self.wrapped("  ", &notes);
        }
    }
}
