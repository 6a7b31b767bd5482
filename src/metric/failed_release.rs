//! Finds the release that a defect makes fail.

use jiff::SignedDuration;

use crate::evidence::Evidence;
use crate::model::{Defect, Release};

use super::resolved_scope::{ResolvedScope, ScopeKind};

/// The release of the window that fails by a defect: that which it was found in; without one, that whose hotfix closed
/// it.
pub fn failed_release<'a>(
    evidence: &'a Evidence,
    window: &ResolvedScope<'_>,
    defect: &Defect,
) -> Option<&'a Release> {
    let timeline = &evidence.timeline;
    // Without a version, the newest release at the report is only a guess. A hotfix with the fix of
    // the defect confirms it.
    let Some(tag) = &defect.found_in.release else {
        let release = timeline.newest_at(defect.issue.created_at)?;
        let is_fixed =
            hotfix_of(evidence, release).is_some_and(|next| was_fixed_between(defect, release, next));
        let fails = |release: &&Release| {
            is_fixed && is_release_in_scope(window, release) && is_early(evidence, release, defect)
        };
        return Some(release).filter(fails);
    };
    let release = timeline.get(tag).filter(|release| is_release_in_scope(window, release))?;
    if !is_early(evidence, release, defect) {
        return None;
    }
    match &window.kind {
        ScopeKind::Releases(_) => window.contains_in(tag, defect).then_some(release),
        ScopeKind::Candidate(_) | ScopeKind::Period(..) | ScopeKind::All | ScopeKind::Nothing => {
            Some(release)
        }
    }
}

/// True if a defect was reported soon enough after its release to make it fail (`failure-within`).
fn is_early(evidence: &Evidence, release: &Release, defect: &Defect) -> bool {
    let (Some(hours), Some(published)) = (evidence.failure_within_hours, release.published_at) else {
        return true;
    };
    defect.issue.created_at.duration_since(published) <= SignedDuration::from_hours(i64::from(hours))
}

/// True if a release is one of those that a window looks at.
pub fn is_release_in_scope(window: &ResolvedScope<'_>, release: &Release) -> bool {
    // DORA counts deployments to production. Users have neither drafts nor pre-releases there.
    let is_stable = !release.draft && !release.prerelease && release.published_at.is_some();
    is_stable
        && match &window.kind {
            ScopeKind::Releases(releases) => releases.contains_key(&release.tag),
            ScopeKind::Candidate(tag) => **tag == release.tag,
            ScopeKind::Period(after, until) => {
                let at = release.published_at;
                at > Some(*after) && until.is_none_or(|until| at <= Some(until))
            }
            ScopeKind::All => true,
            ScopeKind::Nothing => false,
        }
}

/// The release that followed another within `hotfix-within`, whatever is in it.
pub fn hotfix_of<'a>(evidence: &'a Evidence, release: &Release) -> Option<&'a Release> {
    let from = release.published_at?;
    let next = evidence.timeline.first_after(from)?;
    let within = SignedDuration::from_hours(i64::from(evidence.hotfix_within_hours));
    (next.published_at?.duration_since(from) <= within).then_some(next)
}

/// True if a change that fixes a defect was merged between two releases: the second one has it.
pub fn was_fixed_between(defect: &Defect, from: &Release, to: &Release) -> bool {
    let merged = defect.issue.fixes.iter().filter(|fix| fix.commit.is_some()).filter_map(|fix| fix.merged_at);
    // By time: snapshots of schema 1 have no commit graph.
    merged.into_iter().any(|at| from.published_at < Some(at) && Some(at) <= to.published_at)
}
