//! A pull request before it is merged: whether it leads to a release at once, and which fixes it takes back.

use std::collections::BTreeSet;

use crate::classify::codeowners::Codeowners;
use crate::model::{
    Blocker, Candidate, Defect, IssueNumber, ProposedChange, Release, Status, Version, product_of,
};
use crate::policy::{CandidateKind, OnPullRequests, Policy};
use release_history::graph::Contained;

use super::super::commit_history::is_merge_queue;
use super::blockers::{Selected, judge_blockers};
use super::standpoint::Lookout;
use super::statuses::Ground;

/// First or last word in the name of a branch from which releases are made. `main` and `master` are such branches if another one is
/// the default branch.
const RELEASE_WORDS: [&str; 14] = [
    "release",
    "releases",
    "stable",
    "production",
    "prod",
    "live",
    "hotfix",
    "hotfixes",
    "maint",
    "maintenance",
    "support",
    "lts",
    "main",
    "master",
];

/// What the policy selects, as the candidate has it.
pub struct Seen<'a> {
    /// The candidate.
    pub candidate: &'a Candidate,
    /// The defects that count, with their status in the candidate.
    pub defects: &'a [Defect],
    /// The blockers of the policy.
    pub blockers: &'a [Selected],
    /// The owners of paths.
    pub owners: Option<&'a Codeowners>,
}

/// What the candidate means for the release, if it is a pull request or a group of a merge queue.
pub fn proposed(lookout: &Lookout<'_>, ground: &Ground<'_>, seen: &Seen<'_>) -> Option<ProposedChange> {
    let candidate = seen.candidate;
    let is_proposed = candidate.pull_request.is_some() || is_merge_queue(&candidate.name);
    if !is_proposed || candidate.tag.is_some() {
        return None;
    }
    let like_release = |why: String| Some(ProposedChange { like_release: Some(why), ..Default::default() });
    let Some(base) = &candidate.branch else { return like_release("its base branch is not known".into()) };
    let Some(base_candidate) = lookout.branch(base) else {
        return like_release(format!("the commits of its base branch `{base}` were not read"));
    };
    match is_release_branch(lookout, base) {
        None => return like_release("the commits of the default branch were not read".into()),
        Some(true) => return like_release(format!("it targets the release branch `{base}`")),
        Some(false) => {}
    }
    if !asks(ground.policy) {
        return Some(ProposedChange::default());
    }
    let position = lookout.position(Some(&base_candidate));
    let timeline = lookout.timeline(&position);
    let standpoint = lookout.standpoint(position, &timeline);
    let earlier = Ground { standpoint: &standpoint, timeline: &timeline, ..*ground };
    let takes_back = defects_taken_back(&earlier, seen.defects)
        .chain(blockers_taken_back(ground, &earlier, seen))
        .collect::<BTreeSet<IssueNumber>>();
    Some(ProposedChange { like_release: None, takes_back })
}

/// `true` if the policy evaluates pull requests otherwise than releases.
fn asks(policy: &Policy) -> bool {
    policy.pull_requests == OnPullRequests::Warn
        || policy.rules.iter().any(|rule| rule.on.len() < CandidateKind::ALL.len())
}

/// Whether releases are made from a branch: it is not the default branch, and it is named after a version or by a usual word,
/// or it contains a release that the default branch does not contain. `None` if the default branch is not known.
fn is_release_branch(lookout: &Lookout<'_>, branch: &str) -> Option<bool> {
    let default_branch = lookout.default_branch()?;
    if branch == default_branch {
        return Some(false);
    }
    if is_named_for_releases(branch) {
        return Some(true);
    }
    let (own, default) = (lookout.contents(branch)?, lookout.contents(default_branch)?);
    let holds = |release: &Release, contents: &Contained| {
        let place = release.commit.as_ref().and_then(|commit| lookout.changes.as_ref()?.graph.place(commit));
        place.is_some_and(|place| contents.holds(place))
    };
    let published = lookout.releases.iter().filter(|release| !release.draft);
    Some(published.into_iter().any(|release| holds(release, &own) && !holds(release, &default)))
}

/// Returns `true` for `release-1.4`, `shop-2.x`, `v2`, `releases/next` and `production`. A version of several numbers is taken for
/// that of a line, whatever stands before it: a feature branch so named is evaluated more strictly than it has to be.
fn is_named_for_releases(branch: &str) -> bool {
    let is_version = Version::split(branch).is_some_and(|(version, rest)| {
        version.is_whole() || (rest.is_empty() && product_of(branch).is_none())
    });
    let mut words = branch.split(|c: char| !c.is_ascii_alphanumeric());
    let outer_words = [words.next(), words.next_back()];
    let is_known = |word: &str| RELEASE_WORDS.iter().any(|known| word.eq_ignore_ascii_case(known));
    is_version || outer_words.into_iter().flatten().any(is_known)
}

/// `true` if a defect with this status is in the release, or may be.
fn may_be_in(defect: &Defect) -> bool {
    let status = defect.status.as_ref().map(|found| &found.status);
    !matches!(status, Some(Ok(Status::Fixed | Status::NotAffected)))
}

/// The defects that may be in the candidate, and that are not in its base branch for sure.
fn defects_taken_back<'a>(
    earlier: &'a Ground<'a>,
    defects: &'a [Defect],
) -> impl Iterator<Item = IssueNumber> + 'a {
    let is_in_base = |defect: &&Defect| {
        let status = earlier.decide(defect).status;
        matches!(status, Ok(Status::Affected | Status::UnderInvestigation))
    };
    let escaped = defects.iter().filter(|defect| defect.status.is_some() && may_be_in(defect));
    escaped.filter(move |defect| !is_in_base(defect)).map(Defect::number)
}

/// The blockers that are not done in the candidate, and that are not open in its base branch for sure.
fn blockers_taken_back(ground: &Ground<'_>, earlier: &Ground<'_>, seen: &Seen<'_>) -> Vec<IssueNumber> {
    let judged = |ground: &Ground<'_>| judge_blockers(seen.blockers.to_vec(), ground, seen.owners);
    if seen.blockers.is_empty() {
        return Vec::new();
    }
    let pairs = judged(ground).into_iter().zip(judged(earlier));
    let taken_back = pairs.filter(|(now, before)| now.done != Some(true) && before.done != Some(false));
    taken_back.map(|(now, _): (Blocker, _)| now.number()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn branch_of_a_release_line_is_known_by_its_name() {
        for branch in [
            "release-1.4",
            "release/next",
            "v2",
            "1.x",
            "7.6.x",
            "stable",
            "Production",
            "maint-2.1",
            "shop/live",
            "master",
        ] {
            assert!(is_named_for_releases(branch), "{branch}");
        }
        for branch in [
            "feature/cart",
            "docs/release-notes",
            "unit-tests",
            "develop",
            "fix-123-tax",
            "123-tax",
            "sprint-12",
            "trunk",
            "unreleased",
            "user/ada/new-checkout",
        ] {
            assert!(!is_named_for_releases(branch), "{branch}");
        }
    }
}
