//! A simulation for a person at a terminal.

use super::escape::{Safe, Terminal, safe};
use super::labels;
use super::text::{columns, pad_right, verdict_sign};
use crate::report::{Outcome, Simulation};

/// The longest cell of the table.
const WIDEST: usize = 40;

/// What a snapshot of schema 1 does not say of the past.
const CAVEATS_OF_SCHEMA_1: [&str; 2] = [
    "Seen from today: issues have the labels they have now, and one that was reopened since counts as open.",
    "Which fixes a release had is inferred from when they were merged.",
];

/// What is not known of the past.
const CAVEATS: [&str; 2] = [
    "Seen as of each release: its commits, and the labels and state that issues had then.",
    "Descriptions, fields and milestones are those of today.",
];

/// What is not known of waivers.
const WAIVERS: &str = "A waiver has no start date: one that had not expired at a release is taken to have been granted by then.";

/// A table of the releases, then how often each rule would have blocked.
pub fn simulation_text(simulation: &Simulation) -> String {
    let mut rows: Vec<Vec<Safe<Terminal>>> = vec![
        [safe!("release"), safe!("published"), safe!("verdict")]
            .into_iter()
            .chain(simulation.rules.iter().map(|rule| simulation_cell(&rule.rule)))
            .collect(),
    ];
    for release in &simulation.releases {
        let head = [
            simulation_cell(&release.tag),
            safe!("{}", release.published_at.strftime("%Y-%m-%d")),
            labels::outcome(release.verdict).into(),
        ];
        let values = release
            .rules
            .iter()
            .map(|value| safe!("{} {}", verdict_sign(value.verdict), simulation_cell(&value.shown)));
        rows.push(head.into_iter().chain(values).collect());
    }
    let mut lines = aligned_rows(&rows);
    lines.push(Safe::default());
    let blocked = simulation.releases.iter().filter(|release| match release.verdict {
        Outcome::Fail | Outcome::Unknown => true,
        Outcome::Pass | Outcome::Warn | Outcome::Waived => false,
    });
    lines.push(safe!(
        "{} of {} releases would have been blocked.",
        blocked.count(),
        simulation.releases.len()
    ));
    for rule in simulation.rules.iter().filter(|rule| rule.fails + rule.unknown > 0) {
        lines.push(safe!(
            "  {}: fails {}, unknown {}",
            simulation_cell(&rule.rule),
            rule.fails,
            rule.unknown
        ));
    }
    for rule in &simulation.left_out {
        lines.push(safe!("  {}: not simulated, as it is about tests", simulation_cell(rule)));
    }
    for waiver in &simulation.waivers {
        let releases: Vec<_> = waiver.releases.iter().map(|tag| simulation_cell(tag)).collect();
        lines.push(safe!(
            "  waiver of {} in {}: taken to hold at {}",
            Safe::<Terminal>::of(&waiver.about),
            Safe::<Terminal>::of(&waiver.place),
            Safe::join(&releases, ", ")
        ));
    }
    lines.push(Safe::default());
    let caveats = if simulation.by_commit_graph { CAVEATS } else { CAVEATS_OF_SCHEMA_1 };
    lines.extend(caveats.map(Safe::from));
    lines.extend((!simulation.waivers.is_empty()).then(|| WAIVERS.into()));
    lines.into_iter().map(|line| format!("{}\n", line.trim_end())).collect()
}

/// Rows with their columns aligned.
fn aligned_rows(rows: &[Vec<Safe<Terminal>>]) -> Vec<Safe<Terminal>> {
    let count = rows.iter().map(Vec::len).max().unwrap_or_default();
    let width =
        |at: usize| rows.iter().filter_map(|row| row.get(at)).map(|cell| columns(cell)).max().unwrap_or(0);
    let widths: Vec<usize> = (0..count).map(width).collect();
    let line = |row: &Vec<Safe<Terminal>>| {
        let cells: Vec<_> = row.iter().zip(&widths).map(|(cell, width)| pad_right(cell, *width)).collect();
        Safe::join(&cells, "  ")
    };
    rows.iter().map(line).collect()
}

/// A name or a value in the table.
fn simulation_cell(text: &str) -> Safe<Terminal> {
    Safe::<Terminal>::of(text.trim()).cut(WIDEST)
}
