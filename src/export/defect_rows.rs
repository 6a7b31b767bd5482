//! Rows of defects.

use std::collections::HashMap;

use super::build::RowKey;
use super::rows::{DefectRecord, LineStatusCell};
use crate::evidence::Evidence;
use crate::metric::{Contribution, defect_contribution, detection_seconds};
use crate::model::{
    Defect, DefectFilter, IssueNumber, IssueState, MetricId, OriginFilter, Over, Phase, Scope,
};
use crate::policy::{Policy, QualityGates};
use crate::verdict::escapes_by_quality_gate;

/// Returns a row for each defect and each excluded issue, by number.
pub(super) fn defect_rows(key: RowKey<'_>, policy: &Policy, evidence: &Evidence) -> Vec<DefectRecord> {
    let missed = missed_gates(policy, evidence);
    // Over everything that was collected: a reader of the tables chooses the period.
    let scope = Scope::new(Over::All, DefectFilter::default());
    let counts_in = |metric, defect: &Defect| defect_contribution(metric, evidence, &scope, defect);
    let row = |defect: &Defect, excluded: Option<String>| {
        let is_counted = excluded.is_none();
        let escaped = is_counted && defect.phase == Phase::Escaped;
        let rate = || counts_in(MetricId::EscapeRate, defect);
        let is_rated = || matches!(rate(), Ok(Contribution::Against | Contribution::For));
        let has_time = || {
            matches!(counts_in(MetricId::TimeToDetect, defect), Ok(Contribution::For | Contribution::Against))
        };
        let number = defect.number();
        let origin = defect.introduced.as_deref();
        DefectRecord {
            owner: key.repository.owner.clone(),
            repository: key.repository.name.clone(),
            run: key.run.to_owned(),
            number: number.0,
            url: defect.issue.url.clone(),
            phase: defect.phase,
            excluded,
            severity: defect.severity,
            triaged: defect.triaged,
            open: defect.issue.state == IssueState::Open,
            created_at: defect.issue.created_at,
            closed_at: defect.issue.closed_at,
            components: defect.components.clone(),
            teams: defect.teams.clone(),
            kinds: defect.kinds.clone(),
            found_by: defect.found_by.clone(),
            root_causes: defect.root_cause.names.clone(),
            detection_gaps: defect.detection_gap.names.clone(),
            quality_gates: missed.get(&number).filter(|_| escaped).cloned().unwrap_or_default(),
            found_in: defect.found_in.release.as_ref().map(|tag| tag.0.clone()),
            found_in_method: defect.found_in.method.name().to_owned(),
            introduced_in: origin.and_then(|one| one.release.as_ref()).map(|tag| tag.0.clone()),
            introduced_by: origin.and_then(|one| one.commit.as_ref()).map(ToString::to_string),
            detection_seconds: detection_seconds(defect, OriginFilter::default())
                .filter(|_| escaped && has_time()),
            rated: evidence.knows_caught.then(|| is_counted && is_rated()),
            status: defect.status.as_deref().and_then(|found| found.status.clone().ok()),
            lines: if escaped { line_statuses(number, evidence) } else { Vec::new() },
        }
    };
    let counted = evidence.defects.iter().flatten().map(|defect| row(defect, None));
    let excluded = evidence.excluded.iter().map(|one| row(&one.defect, Some(one.reason.class().to_owned())));
    let mut rows: Vec<DefectRecord> = counted.chain(excluded).collect();
    rows.sort_by_key(|row| row.number);
    rows
}

/// Returns the quality gates that should have caught each escaped defect.
fn missed_gates(policy: &Policy, evidence: &Evidence) -> HashMap<IssueNumber, Vec<String>> {
    let table = QualityGates { over: Over::All, ..policy.gates.clone() };
    let mut missed: HashMap<IssueNumber, Vec<String>> = HashMap::new();
    for gate in escapes_by_quality_gate(&table, evidence).into_iter().flat_map(|found| found.gates) {
        for number in gate.issues {
            missed.entry(number).or_default().push(gate.gate.name().to_owned());
        }
    }
    missed.values_mut().for_each(|gates| gates.sort());
    missed
}

fn line_statuses(number: IssueNumber, evidence: &Evidence) -> Vec<LineStatusCell> {
    let cell = |line: &crate::evidence::LineStatuses| {
        line.statuses.get(&number).map(|status| LineStatusCell {
            line: line.line.clone(),
            release: line.release.0.clone(),
            status: *status,
        })
    };
    evidence.lines.iter().filter_map(cell).collect()
}
