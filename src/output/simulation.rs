//! Simulations for a terminal.

use super::escape::{Safe, Terminal, safe};
use super::text::{align_columns, join_lines, verdict_sign};
use crate::report::{Simulation, Verdict};

/// Maximum width of a cell in characters.
// A rule with groups has long values. The table has one column for each rule.
const CELL_WIDTH: usize = 40;

/// Caveats of a snapshot of schema 1, which has no history.
const CAVEATS_OF_SCHEMA_1: [&str; 2] = [
    "Seen from today: issues have the labels they have now, and one that was reopened since counts as open.",
    "Which fixes a release had is inferred from when they were merged.",
];

/// Caveats of every other simulation.
const CAVEATS: [&str; 2] = [
    "Seen as of each release: its commits, and the labels and state that issues had then.",
    "Descriptions, fields and milestones are those of today.",
];

/// Note on waivers: their start is not known.
const WAIVER_CAVEAT: &str = "A waiver has no start date: one that had not expired at a release is taken to have been granted by then.";

/// Renders a table of the releases, then the number of failures of each rule.
pub fn simulation_text(simulation: &Simulation) -> String {
    let head = [safe!("release"), safe!("published"), safe!("verdict")];
    let ids = simulation.rules.iter().map(|rule| short_cell(&rule.rule));
    let mut rows: Vec<Vec<Safe<Terminal>>> = vec![head.into_iter().chain(ids).collect()];
    for release in &simulation.releases {
        let head = [
            short_cell(&release.tag),
            safe!("{}", release.published_at.strftime("%Y-%m-%d")),
            release.verdict.name().into(),
        ];
        let values = release
            .rules
            .iter()
            .map(|value| safe!("{} {}", verdict_sign(value.verdict), short_cell(&value.shown)));
        rows.push(head.into_iter().chain(values).collect());
    }
    let mut lines: Vec<Safe<Terminal>> = align_columns(&rows).iter().map(Safe::trimmed).collect();
    lines.push(Safe::default());
    let blocked = simulation.releases.iter().filter(|release| match release.verdict {
        Verdict::Fail | Verdict::Unknown => true,
        Verdict::Pass | Verdict::Warn | Verdict::Waived => false,
    });
    lines.push(safe!(
        "{} of {} releases would have been blocked.",
        blocked.count(),
        simulation.releases.len()
    ));
    for rule in simulation.rules.iter().filter(|rule| rule.fails + rule.unknown > 0) {
        lines.push(safe!("  {}: fails {}, unknown {}", short_cell(&rule.rule), rule.fails, rule.unknown));
    }
    for rule in &simulation.left_out {
        lines.push(safe!("  {}: not simulated, as it is about tests", short_cell(rule)));
    }
    for waiver in &simulation.waivers {
        let releases: Vec<_> = waiver.releases.iter().map(|tag| short_cell(tag)).collect();
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
    lines.extend((!simulation.waivers.is_empty()).then(|| WAIVER_CAVEAT.into()));
    join_lines(lines)
}

/// Renders a name or a value in the table.
fn short_cell(text: &str) -> Safe<Terminal> {
    Safe::<Terminal>::of(text.trim()).cut(CELL_WIDTH)
}
