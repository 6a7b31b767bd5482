//! A pull request before it is merged: whether it leads to a release at once, and which fixes it takes back.

use std::collections::BTreeSet;

use crate::classify::codeowners::Codeowners;
use crate::model::{
    Blocker, Candidate, Defect, IssueNumber, ProposedChange, Release, Status, Version, product_of,
};
use crate::policy::{CandidateKind, OnPullRequests, Policy};
use release_history::graph::Contained;

use super::blockers::{SelectedBlocker, evaluate_blockers};
use super::candidate_position::ReleaseCommits;
use super::statuses::StatusInputs;

/// Folder of the branches that a merge queue makes: `gh-readonly-queue/main/pr-5-1a2b3c4`.
pub const MERGE_QUEUE: &str = "gh-readonly-queue/";

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

/// The defects and blockers of the candidate.
pub struct CandidateDefects<'a> {
    /// The candidate.
    pub candidate: &'a Candidate,
    /// The defects that count, with their status in the candidate.
    pub defects: &'a [Defect],
    /// The blockers of the policy.
    pub blockers: &'a [SelectedBlocker],
    /// The owners of paths.
    pub owners: Option<&'a Codeowners>,
}

/// Returns the effect of the candidate on the release; `None` if it is no pull request and no group of a merge queue.
pub fn propose_change(
    commits_of_releases: &ReleaseCommits<'_>,
    inputs: &StatusInputs<'_>,
    seen: &CandidateDefects<'_>,
) -> Option<ProposedChange> {
    let candidate = seen.candidate;
    let is_proposed = candidate.pull_request.is_some() || is_merge_queue(&candidate.name);
    // A tag means that the candidate is about to be published, whatever pull request it came from.
    if !is_proposed || candidate.tag.is_some() {
        return None;
    }
    let like_release = |why: String| Some(ProposedChange { like_release: Some(why), ..Default::default() });
    // Each unknown below makes the pull request be evaluated like the release. Leniency needs
    // evidence, not its absence.
    let Some(base) = &candidate.branch else { return like_release("its base branch is not known".into()) };
    let Some(base_candidate) = commits_of_releases.branch(base) else {
        return like_release(format!("the commits of its base branch `{base}` were not read"));
    };
    match is_release_branch(commits_of_releases, base) {
        None => return like_release("the commits of the default branch were not read".into()),
        Some(true) => return like_release(format!("it targets the release branch `{base}`")),
        Some(false) => {}
    }
    // Deciding every status in the base branch is as much work as the check itself.
    if !distinguishes_pull_requests(inputs.policy) {
        return Some(ProposedChange::default());
    }
    let position = commits_of_releases.position(Some(&base_candidate));
    let timeline = commits_of_releases.timeline(&position);
    let standpoint = commits_of_releases.release_view(position, &timeline);
    let earlier = StatusInputs { standpoint: &standpoint, timeline: &timeline, ..*inputs };
    let takes_back = defects_taken_back(&earlier, seen.defects)
        .chain(blockers_taken_back(inputs, &earlier, seen))
        .collect::<BTreeSet<IssueNumber>>();
    Some(ProposedChange { like_release: None, takes_back })
}

/// Returns `true` for a branch that a merge queue made.
pub fn is_merge_queue(branch: &str) -> bool {
    branch.starts_with(MERGE_QUEUE)
}

/// `true` if the policy evaluates pull requests otherwise than releases.
fn distinguishes_pull_requests(policy: &Policy) -> bool {
    policy.pull_requests == OnPullRequests::Warn
        || policy.rules.iter().any(|rule| rule.on.len() < CandidateKind::ALL.len())
}

/// Returns `true` if releases are made from a branch: it is not the default branch, and it is named after a version or by a usual word,
/// or contains a release that the default branch does not. `None` if the default branch is unknown.
fn is_release_branch(commits_of_releases: &ReleaseCommits<'_>, branch: &str) -> Option<bool> {
    let default_branch = commits_of_releases.default_branch()?;
    if branch == default_branch {
        return Some(false);
    }
    // A new release branch contains no release of its own yet, so the name has to be enough.
    if is_named_for_releases(branch) {
        return Some(true);
    }
    let (own, default) =
        (commits_of_releases.contents(branch)?, commits_of_releases.contents(default_branch)?);
    let holds = |release: &Release, contents: &Contained| {
        let place = release
            .commit
            .as_ref()
            .and_then(|commit| commits_of_releases.changes.as_ref()?.graph.place(commit));
        place.is_some_and(|place| contents.holds(place))
    };
    let published = commits_of_releases.releases.iter().filter(|release| !release.draft);
    // A feature branch contains the releases of the default branch that it began at. Only a release
    // that is missing there was made from this branch.
    Some(published.into_iter().any(|release| holds(release, &own) && !holds(release, &default)))
}

/// Returns `true` for `release-1.4`, `shop-2.x`, `v2`, `releases/next` and `production`. A version of several numbers is taken for
/// that of a line, whatever stands before it: a feature branch so named is evaluated more strictly than it has to be.
fn is_named_for_releases(branch: &str) -> bool {
    let is_version = Version::split(branch).is_some_and(|(version, rest)| {
        // A single number needs nothing beside it: `v2` is a line, `sprint-12` and `123-tax` are
        // work.
        version.is_whole() || (rest.is_empty() && product_of(branch).is_none())
    });
    let mut words = branch.split(|c: char| !c.is_ascii_alphanumeric());
    // Only the outer words: `docs/release-notes` is no release branch.
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
    earlier: &'a StatusInputs<'a>,
    defects: &'a [Defect],
) -> impl Iterator<Item = IssueNumber> + 'a {
    let is_in_base = |defect: &&Defect| {
        let status = earlier.decide(defect).status;
        // An unread status in the base branch is no proof that the defect was there, so the pull
        // request may have caused it.
        matches!(status, Ok(Status::Affected | Status::UnderInvestigation))
    };
    let escaped = defects.iter().filter(|defect| defect.status.is_some() && may_be_in(defect));
    escaped.filter(move |defect| !is_in_base(defect)).map(Defect::number)
}

/// The blockers that are not done in the candidate, and that are not open in its base branch for sure.
fn blockers_taken_back(
    inputs: &StatusInputs<'_>,
    earlier: &StatusInputs<'_>,
    seen: &CandidateDefects<'_>,
) -> Vec<IssueNumber> {
    let judged = |inputs: &StatusInputs<'_>| evaluate_blockers(seen.blockers.to_vec(), inputs, seen.owners);
    if seen.blockers.is_empty() {
        return Vec::new();
    }
    let pairs = judged(inputs).into_iter().zip(judged(earlier));
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
