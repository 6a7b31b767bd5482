//! The escaped defect rate.

use std::cmp::Reverse;

use crate::evidence::Evidence;
use crate::model::{
    Area, Lack, Measurement, MetricId, MetricValue, MissingReason, NAMED, Ratio, Release, Scope, join_limited,
};

use super::resolved_scope::{ScopeKind, resolve_scope};
use super::tally::tally_defects;

/// Escaped ÷ (escaped + caught), over the mature defects that the scope holds.
pub fn escape_rate(evidence: &Evidence, scope: &Scope) -> Measurement {
    if evidence.defects.is_none() {
        return Measurement::missing("no issues were collected", Lack::Unread(Area::Issues));
    }
    // Without caught defects, the rate is 100 % in every project.
    if !evidence.knows_caught {
        return Measurement::missing(
            "the policy does not say which defects were caught before production",
            Lack::Undefined,
        );
    }
    measure_escape_rate(evidence, scope).unwrap_or_else(Measurement::from)
}

fn measure_escape_rate(evidence: &Evidence, scope: &Scope) -> Result<Measurement, MissingReason> {
    let mut window = resolve_scope(evidence, scope)?;
    let mut young = Vec::new();
    if let ScopeKind::Releases(releases) = &mut window.kind {
        // Drop them here, and not only their defects, so that the report names the releases that
        // were really measured.
        releases.retain(|tag, _| {
            let mature = evidence.is_mature(tag);
            if !mature {
                young.push((*tag).clone());
            }
            mature
        });
        if !young.is_empty() {
            let mut kept: Vec<&Release> = releases.values().copied().collect();
            kept.sort_by_key(|release| Reverse(release.published_at));
            window.basis = join_limited(kept.iter().map(|release| release.tag.0.as_str()), NAMED);
        }
    }
    let tally = tally_defects(MetricId::EscapeRate, evidence, scope, &window)?;
    let days = evidence.mature_after_days;
    if tally.young > 0 {
        let s = if tally.young == 1 { "defect" } else { "defects" };
        window
            .notes
            .push(format!("left out: {} {s} of releases to come or younger than {days} days", tally.young));
    }
    if !young.is_empty() {
        let tags = join_limited(young.iter().map(|tag| tag.0.as_str()), NAMED);
        window.notes.push(format!("left out: {tags}, younger than {days} days"));
    }
    let numerator = tally.against.len() as u64;
    let denominator = numerator + tally.in_favor;
    let value = if denominator == 0 {
        let reason = if tally.young > 0 || !young.is_empty() {
            format!("every defect in scope belongs to a release to come or younger than {days} days")
        } else {
            "no defect is in scope, neither escaped nor caught".into()
        };
        // 0 of 0 is no 0 %: a project that records no defects would have the best rate of all.
        MetricValue::Missing(MissingReason { reason, lack: Lack::NotYet })
    } else {
        MetricValue::Ratio(Ratio { numerator, denominator })
    };
    Ok(tally.measured(value, window))
}
