//! The change failure rate.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::evidence::Evidence;
use crate::model::{
    Defect, Details, FailedRelease, IssueNumber, Lack, Measurement, MetricId, MetricValue, MissingReason,
    NAMED, Ratio, Release, Scope, Tag, UndecidedBecause, join_limited,
};

use super::failed_release::{failed_release, hotfix_of, is_release_in_scope, was_fixed_between};
use super::filter_match::{FilterMatch, match_filter};
use super::resolved_scope::{ResolvedScope, resolve_scope};
use super::tally::{DefectTally, tally_defects};

mod deployed;

/// Releases that failed in production ÷ releases; each counts once.
///
/// A release failed if an escaped defect was found in it, if the release after it was its hotfix, if one of its
/// deployments failed, if it was rolled back, or if the next release took it back. After the change failure rate of N. Forsgren, J. Humble and G. Kim,
/// "Accelerate" (2018), with a release for a change. Releases younger than `mature-after` stay out.
pub fn change_failure_rate(evidence: &Evidence, scope: &Scope) -> Measurement {
    measure_failure_rate(evidence, scope).unwrap_or_else(Measurement::from)
}

fn measure_failure_rate(evidence: &Evidence, scope: &Scope) -> Result<Measurement, MissingReason> {
    let mut window = resolve_scope(evidence, scope)?;
    let tally = tally_defects(MetricId::ChangeFailureRate, evidence, scope, &window)?;
    // A young release has had no time to fail. Counting it would improve the rate with each
    // release.
    let (mature, young) = releases_by_maturity(&window, evidence);
    if !young.is_empty() {
        let days = evidence.mature_after_days;
        window.basis = join_tags(&mature);
        window.notes.push(format!("left out: {}, younger than {days} days", join_tags(&young)));
    }
    let (sure, perhaps) = defects_by_failed_release(&tally, evidence, &window);
    let mut deployed = deployed::deployment_outcomes(evidence, scope, &mature);
    let (mut failed, mut undecided) = (Vec::new(), Vec::new());
    for release in &mature {
        let defects = sure.get(&release.tag).cloned().unwrap_or_default();
        let fate = deployed.by_release.remove(&release.tag).unwrap_or_default();
        let taken_back_by = evidence.taken_back.get(&release.tag).cloned();
        // One release may fail in several ways. It still counts once, so that the rate never
        // exceeds 100 %.
        if defects.is_empty() && !fate.is_failure() && taken_back_by.is_none() {
            // Only here does a doubtful defect change the rate. A release that failed anyway counts
            // whatever it turns out to be.
            let doubtful = perhaps.get(&release.tag).into_iter().flatten();
            undecided.extend(doubtful.map(|number| (*number, UndecidedBecause::Severity)));
            continue;
        }
        failed.push(FailedRelease {
            release: release.tag.clone(),
            hotfixed_by: hotfixed_by(evidence, release, &defects),
            defects,
            failed_deployments: fate.failed,
            rolled_back_to: fate.rolled_back_to,
            taken_back_by,
        });
    }
    undecided.sort_unstable();
    window.notes.extend(failed.iter().take(NAMED).map(|one| describe_failed_release(one, evidence)));
    if failed.len() > NAMED {
        window.notes.push(format!("{} more releases failed", failed.len() - NAMED));
    }
    window.notes.extend(without_release(evidence, scope, &tally, &mature));
    window.notes.append(&mut deployed.notes);
    let value = if mature.is_empty() {
        let reason = match young.len() {
            0 => "no release is in scope".to_owned(),
            _ => format!("every release in scope is younger than {} days", evidence.mature_after_days),
        };
        // Not 0 %: a rule with `max` would pass on no data.
        MetricValue::Missing(MissingReason { reason, lack: Lack::NotYet })
    } else {
        MetricValue::Ratio(Ratio { numerator: failed.len() as u64, denominator: mature.len() as u64 })
    };
    let rated = mature.iter().map(|release| release.tag.clone()).collect();
    let measured = DefectTally { undecided, ..tally }.measured(value, window);
    Ok(Measurement { details: Details { failed, rated, ..Details::default() }, ..measured })
}

/// The releases of a window, the newest first: those that are old enough, and those that are not.
fn releases_by_maturity<'a>(
    window: &ResolvedScope<'_>,
    evidence: &'a Evidence,
) -> (Vec<&'a Release>, Vec<&'a Release>) {
    let timeline = &evidence.timeline;
    // A candidate that is already published, as in a run after its release, counts like any other.
    let own = timeline.candidate().and_then(|tag| timeline.get(tag));
    let mut found: Vec<&Release> = timeline
        .published_before_candidate()
        .chain(own)
        .filter(|release| is_release_in_scope(window, release))
        .collect();
    // By publication: failures over time are the subject, and a patch of an old line comes after
    // the newest version.
    found.sort_by_key(|release| Reverse(release.published_at));
    found.into_iter().partition(|release| evidence.is_mature(&release.tag))
}

/// Defects by the release that fails by them.
type ByRelease<'a> = BTreeMap<&'a Tag, Vec<IssueNumber>>;

/// The defects of a tally by the release that fails by them: those that count, and those that may.
fn defects_by_failed_release<'a>(
    tally: &DefectTally,
    evidence: &'a Evidence,
    window: &ResolvedScope<'_>,
) -> (ByRelease<'a>, ByRelease<'a>) {
    let (mut sure, mut perhaps) = (BTreeMap::new(), BTreeMap::new());
    for defect in evidence.escaped().into_iter().flatten() {
        let number = defect.number();
        let is_sure = tally.against.binary_search(&number).is_ok();
        let is_doubtful = tally.undecided.binary_search_by_key(&number, |(number, _)| *number).is_ok();
        let map: &mut ByRelease<'_> = match (is_sure, is_doubtful) {
            (true, _) => &mut sure,
            (false, true) => &mut perhaps,
            (false, false) => continue,
        };
        if let Some(release) = failed_release(evidence, window, defect) {
            map.entry(&release.tag).or_default().push(number);
        }
    }
    (sure, perhaps)
}

/// The hotfix of a release: the one that followed at once and closed one of these defects.
fn hotfixed_by(evidence: &Evidence, release: &Release, defects: &[IssueNumber]) -> Option<Tag> {
    let next = hotfix_of(evidence, release)?;
    let all = evidence.defects.as_ref()?;
    let mut those = defects
        .iter()
        .filter_map(|number| all.binary_search_by_key(number, Defect::number).ok().map(|at| &all[at]));
    those.any(|defect| was_fixed_between(defect, release, next)).then(|| next.tag.clone())
}

/// Returns a note with the number of escaped defects that may belong to one of these releases but name none. A defect that a
/// hotfix closed already counts.
fn without_release(
    evidence: &Evidence,
    scope: &Scope,
    tally: &DefectTally,
    mature: &[&Release],
) -> Option<String> {
    let oldest = mature.last()?.published_at;
    let unknown = evidence.escaped()?.filter(|defect| {
        // The note admits that the rate may be too low: these defects can belong to any of the
        // releases.
        defect.found_in.release.is_none()
            && Some(defect.issue.created_at) >= oldest
            && !matches!(match_filter(defect, &scope.filter), FilterMatch::Mismatch(_))
            && tally.against.binary_search(&defect.number()).is_err()
    });
    match unknown.count() {
        0 => None,
        1 => Some("1 escaped defect without a release is in none of these".into()),
        n => Some(format!("{n} escaped defects without a release are in none of these")),
    }
}

/// Formats the causes of a failed release.
fn describe_failed_release(one: &FailedRelease, evidence: &Evidence) -> String {
    let mut parts = Vec::new();
    match one.defects.as_slice() {
        [] => {}
        [only] => parts.push(format!("1 escaped defect ({only})")),
        several => {
            parts.push(format!("{} escaped defects ({})", several.len(), join_limited(several, NAMED)))
        }
    }
    if let Some(by) = &one.hotfixed_by {
        parts.push(format!("{by} fixed it within {} hours", evidence.hotfix_within_hours));
    }
    match one.failed_deployments {
        0 => {}
        1 => parts.push("1 failed deployment".into()),
        n => parts.push(format!("{n} failed deployments")),
    }
    if let Some(to) = &one.rolled_back_to {
        parts.push(format!("rolled back to {to}"));
    }
    if let Some(by) = &one.taken_back_by {
        parts.push(format!("{by} took it back"));
    }
    format!("{} failed: {}", one.release, parts.join(", "))
}

/// Joins the tags of releases, with a limit.
fn join_tags(releases: &[&Release]) -> String {
    join_limited(releases.iter().map(|release| release.tag.0.as_str()), NAMED)
}
