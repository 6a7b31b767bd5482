//! Sections on where to improve: the weakest quality gate, components and teams, and the time to detect.

use super::{DocumentMedium, DocumentSection, Paragraph, prose, sentence};
use crate::output::escape::{Safe, safe};
use crate::output::labels;
use crate::report::{ComponentRow, Report};

/// Minimum number of detection gaps and root causes for naming a weakest quality gate.
// With fewer, one defect more or less names another gate.
const CAUSES: u64 = 5;

/// Names the weakest quality gate and how to strengthen it. Returns `None` below [`CAUSES`].
pub fn weakest_gate_section<M: DocumentMedium>(report: &Report) -> Option<DocumentSection<M>> {
    let gates =
        report.gates.as_ref().filter(|gates| gates.with_detection_gap + gates.with_root_cause >= CAUSES)?;
    let entries = gates.strategy.iter().map(|line| vec![sentence(report, line)]).collect();
    let title = safe!("Weakest quality gate ({})", prose(&gates.over));
    let section = DocumentSection::of(title, "lines on the weakest quality gate", 8, entries)?;
    Some(section.with_intro(sentence(report, &gates.summary)))
}

/// Counts the escaped defects by component and team: an entry for each component.
pub fn component_section<M: DocumentMedium>(report: &Report) -> Option<DocumentSection<M>> {
    let table = report.cross.as_ref()?;
    let cell = |name: &Option<String>| name.as_deref().map_or_else(|| "(none)".into(), M::name);
    let entry = |row: &ComponentRow| -> Paragraph<M> {
        let of_teams = table.teams.iter().zip(&row.counts).filter(|(_, count)| **count > 0);
        let teams: Vec<_> = of_teams.map(|(team, count)| safe!("{} {}", cell(team), *count)).collect();
        let teams = if teams.is_empty() { Safe::default() } else { safe!(" ({})", Safe::join(&teams, ", ")) };
        vec![safe!("{} {}{}", cell(&row.component), row.total, teams)]
    };
    let title = safe!("Escaped defects by component and team ({})", table.defects);
    let section = DocumentSection::of(title, "components", 12, table.rows.iter().map(entry).collect())?;
    let outro = labels::component_table_notes(table);
    Some(DocumentSection { intro: prose(&table.over), outro, ..section })
}

/// Renders the time to detect.
pub fn detection_section<M: DocumentMedium>(report: &Report) -> Option<DocumentSection<M>> {
    let detection = report.detection.as_ref()?;
    let mut facts = vec![labels::detection_times(detection), prose(&detection.coverage)];
    facts.extend(detection.agreement.as_deref().map(prose));
    let title = safe!("Time to detect ({})", prose(&detection.over));
    DocumentSection::of(
        title,
        "lines on the time to detect",
        8,
        facts.into_iter().map(|fact| vec![fact]).collect(),
    )
}
