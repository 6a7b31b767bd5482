//! What can be learnt from the defects: the weakest gate, and where defects gather.

use super::super::escape::{Safe, Terminal, safe};
use super::super::labels;
use super::paint::{columns, pad_right};
use super::{Page, printable, table_cell};
use crate::report::Report;

/// The most columns of a table that a terminal shows.
const TEAMS: usize = 4;

/// The most rows of a table that a terminal shows.
const COMPONENTS: usize = 8;

impl Page {
    /// The weakest gate.
    pub(super) fn gates(&mut self, report: &Report) {
        let Some(gates) = &report.gates else { return };
        self.heading("Weakest gate");
        self.wrapped("  ", &printable(&gates.summary));
        self.wrapped("  over: ", &printable(&gates.over));
        for line in &gates.strategy {
            self.wrapped("  → ", &printable(line));
        }
    }

    /// Escaped defects by component and team, if there are both and the table is small.
    pub(super) fn cross(&mut self, report: &Report) {
        let Some(table) = &report.cross else { return };
        let has_components = table.rows.iter().any(|row| row.component.is_some());
        if !has_components || !(1..=TEAMS).contains(&table.teams.len()) || table.rows.len() > COMPONENTS {
            return;
        }
        let name =
            |text: &Option<String>| text.as_ref().map_or_else(|| "(none)".into(), |text| table_cell(text));
        let mut rows: Vec<Vec<Safe<Terminal>>> = vec![
            ["component".into(), "all".into()].into_iter().chain(table.teams.iter().map(name)).collect(),
        ];
        for row in &table.rows {
            let counts = row.counts.iter().map(|count| safe!("{}", *count));
            rows.push([name(&row.component), safe!("{}", row.total)].into_iter().chain(counts).collect());
        }
        let widths: Vec<usize> = (0..table.teams.len() + 2)
            .map(|at| rows.iter().filter_map(|row| row.get(at)).map(|cell| columns(cell)).max().unwrap_or(0))
            .collect();
        if widths.iter().sum::<usize>() + 2 * widths.len() + 2 > self.width {
            return;
        }
        self.heading("Escaped defects by component and team");
        for row in &rows {
            let padded = row.iter().zip(&widths).map(|(cell, width)| safe!("{}  ", pad_right(cell, *width)));
            let line: Safe<Terminal> = padded.collect();
            self.line(safe!("  {}", line));
        }
        let notes = labels::component_table_notes(table);
        if !notes.is_empty() {
            self.wrapped("  ", &notes);
        }
    }
}
