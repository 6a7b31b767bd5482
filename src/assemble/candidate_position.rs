//! The candidate, or another release, as the place from which defects are looked at.

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::model::{
    Candidate, CommitHistory, Fix, Issue, OLD_SCHEMA, PullRequest, QueuedPullRequest, Release, Snapshot, Tag,
    Timeline, Version, product_of,
};
use crate::policy::Policy;
use crate::status::release_view::{ReleaseContents, ReleaseView};
use release_history::changes::{Changes, Proposed};
use release_history::graph::{CommitPlace, Contained};

use super::counted_releases::{product_of_release, releases_in_order};

/// The name of the default branch where nothing says it.
const DEFAULT_BRANCH: &str = "main";

/// Releases and commits: they show the contents of any candidate.
pub struct ReleaseCommits<'h> {
    /// The releases that the policy counts.
    pub releases: Vec<Release>,
    /// The commits; `None` where no commit graph was read.
    pub changes: Option<Changes<'h>>,
    history: Option<&'h CommitHistory>,
    policy: &'h Policy,
    /// `false` for evidence of schema 1.
    is_new_schema: bool,
    taken_at: Timestamp,
}

impl<'h> ReleaseCommits<'h> {
    /// Reads the commits of a snapshot. `issues` and `history` are those of the snapshot.
    pub fn new<'i>(
        snapshot: &Snapshot,
        issues: impl Iterator<Item = &'i Issue>,
        history: Option<&'h CommitHistory>,
        releases: Vec<Release>,
        policy: &'h Policy,
    ) -> Self {
        let repository = snapshot.repository.as_deref().unwrap_or("");
        let changes = history.map(|history| {
            let fixes = issues.flat_map(|issue| &issue.fixes);
            let pull_requests = snapshot.pull_requests.iter().flatten().map(PullRequest::text);
            let pull_requests = pull_requests.chain(fixes.filter_map(Fix::pull_request_text));
            // The candidate's own pull request is not merged, so no commit in the graph names its
            // number.
            let proposed = snapshot.candidate.as_ref().and_then(|candidate| {
                let (number, head) = (candidate.pull_request?, candidate.head.as_ref()?);
                Some(Proposed { number, head, at: snapshot.taken_at })
            });
            Changes::new(history, pull_requests, proposed, repository)
        });
        let is_new_schema = snapshot.schema > OLD_SCHEMA;
        Self { releases, changes, history, policy, is_new_schema, taken_at: snapshot.taken_at }
    }

    /// Name of the default branch; `None` if it was not read.
    pub fn default_branch(&self) -> Option<&'h str> {
        self.history.and_then(|history| history.default_branch.as_deref())
    }

    /// The head of a branch as a candidate; `None` if it was not read.
    pub fn branch(&self, name: &str) -> Option<Candidate> {
        let head = self.history?.branches.get(name)?;
        self.changes.as_ref()?.graph.place(head)?;
        let (head, branch) = (Some(head.clone()), Some(name.to_owned()));
        Some(Candidate { name: name.to_owned(), head, branch, ..Candidate::default() })
    }

    /// The commits of a branch; `None` if they were not read.
    pub fn contents(&self, branch: &str) -> Option<Contained> {
        self.position(Some(&self.branch(branch)?)).contained
    }

    /// Finds a candidate in the commit graph. A pull request contains what it targets, too: it is looked at as if merged.
    pub fn position<'a>(&self, candidate: Option<&'a Candidate>) -> GraphPosition<'a> {
        let default_branch = self.history.and_then(|history| history.default_branch.clone());
        let mut position = GraphPosition {
            contained: None,
            committed_at: None,
            candidate,
            default_branch: default_branch.unwrap_or_else(|| DEFAULT_BRANCH.to_owned()),
        };
        let (Some(candidate), Some(history), Some(changes)) = (candidate, self.history, &self.changes) else {
            return position;
        };
        let Some(head) = candidate.head.as_ref().and_then(|head| changes.graph.place(head)) else {
            return position;
        };
        // Without the base branch, a pull request from an old fork would lack fixes that are merged
        // already.
        let base = candidate.branch.as_ref().filter(|_| candidate.pull_request.is_some());
        let base =
            base.and_then(|branch| history.branches.get(branch)).and_then(|id| changes.graph.place(id));
        let heads: Vec<CommitPlace> = std::iter::once(head).chain(base).collect();
        // The merge would be built from both heads, so it is as young as the younger one.
        position.committed_at = heads.iter().map(|place| changes.graph.time(*place)).max();
        position.contained = Some(changes.graph.contained(&heads));
        position
    }

    /// The pull requests that a candidate merges. Of a merge group, only those whose commits it contains: the queue may have
    /// changed since the group was built.
    fn merged_by(&self, candidate: &Candidate, position: &GraphPosition<'_>) -> BTreeSet<u64> {
        let is_in = |queued: &&QueuedPullRequest| {
            let place = self.changes.as_ref().and_then(|changes| changes.graph.place(&queued.commit));
            place.zip(position.contained.as_ref()).is_some_and(|(place, contained)| contained.holds(place))
        };
        let group = candidate.merge_group.iter().filter(is_in).map(|queued| queued.number);
        candidate.pull_request.into_iter().chain(group).collect()
    }

    /// The releases in order, seen from a candidate. The default branch stands after every release, another branch after the
    /// highest one that it contains.
    pub fn timeline(&self, position: &GraphPosition<'_>) -> Timeline {
        let after = position.stands_after(self);
        releases_in_order(self.releases.clone(), self.policy, position.candidate, after.as_ref())
    }

    /// The place from which defects are looked at. `timeline` is that of the same position.
    pub fn release_view<'a>(&self, position: GraphPosition<'a>, timeline: &'a Timeline) -> ReleaseView<'a> {
        let candidate = position.candidate;
        let mut contains = position.contained_tags(self.releases.iter(), self);
        let tag = timeline.candidate();
        // A release contains itself, even if its commit was not collected.
        contains.extend(tag.cloned());
        let is_not_after = |release: &&Release| timeline.is_not_after_candidate(&release.tag) == Some(true);
        let lower = self.releases.iter().filter(is_not_after);
        let mut not_after: BTreeSet<Tag> = lower.map(|release| release.tag.clone()).collect();
        if !self.is_new_schema {
            // Without a commit graph the versions say what contains what, within one product.
            contains.extend(not_after.iter().cloned());
        }
        not_after.extend(contains.iter().cloned());
        let of_tag = tag.and_then(|tag| timeline.get(tag)).and_then(|release| release.committed_at);
        // Schema 1 has no time of the candidate's commit: it was about to ship when the evidence was collected.
        let built = position.committed_at.or(of_tag).or((!self.is_new_schema).then_some(self.taken_at));
        ReleaseView {
            name: candidate.map_or_else(|| "the candidate".to_owned(), |candidate| candidate.name.clone()),
            tag,
            line: timeline.line().or_else(|| position.line_of_branch(self, timeline)),
            merges: candidate.map_or_else(BTreeSet::new, |candidate| self.merged_by(candidate, &position)),
            branch: candidate.and_then(|candidate| candidate.branch.clone()),
            not_after,
            contains,
            committed_at: built,
            default_branch: position.default_branch.clone(),
            contents: position.contents(timeline, self.is_new_schema),
        }
    }
}

/// A release as a candidate; `None` if it is not one of these releases.
pub fn candidate_of(releases: &[Release], tag: &Tag) -> Option<Candidate> {
    let release = releases.iter().find(|release| release.tag == *tag)?;
    Some(Candidate {
        name: tag.0.clone(),
        tag: Some(tag.clone()),
        head: release.commit.clone(),
        ..Candidate::default()
    })
}

/// The contents of a candidate, and the branch it is on.
pub struct GraphPosition<'a> {
    contained: Option<Contained>,
    committed_at: Option<Timestamp>,
    candidate: Option<&'a Candidate>,
    default_branch: String,
}

impl<'a> GraphPosition<'a> {
    /// Tags of the releases that it contains.
    fn contained_tags<'r>(
        &self,
        releases: impl Iterator<Item = &'r Release>,
        commits_of_releases: &ReleaseCommits<'_>,
    ) -> BTreeSet<Tag> {
        let (Some(contained), Some(changes)) = (&self.contained, &commits_of_releases.changes) else {
            return BTreeSet::new();
        };
        let is_in = |release: &&Release| {
            let place = release.commit.as_ref().and_then(|commit| changes.graph.place(commit));
            place.is_some_and(|place| contained.holds(place))
        };
        releases.filter(is_in).map(|release| release.tag.clone()).collect()
    }

    /// For a branch that is not the default one, or a pull request to it, the highest release that it contains.
    fn stands_after(&self, commits_of_releases: &ReleaseCommits<'_>) -> Option<Tag> {
        let candidate = self.candidate.filter(|candidate| candidate.tag.is_none())?;
        let branch = candidate.branch.as_deref()?;
        // The default branch stands after every release. A higher release on a maintenance branch
        // must not move it back.
        if branch == self.default_branch {
            return None;
        }
        let published =
            // Users do not have drafts, and a pre-release belongs before the release that it
            // prepares.
            commits_of_releases.releases.iter().filter(|release| !release.draft && !release.prerelease);
        // The branch also contains releases of other products, which have no place in this order.
        let policy = commits_of_releases.policy;
        let own = |release: &&Release| {
            policy.is_own_product(&release.tag.0, product_of_release(release, policy).as_deref())
        };
        let published = published.filter(own);
        let tags = self.contained_tags(published, commits_of_releases);
        let order = Timeline::new(commits_of_releases.releases.clone(), None);
        tags.into_iter().max_by(|one, other| order.compare(one, other))
    }

    /// The release line of a branch, or of a pull request to it: the one that the branch is named after, such as `release-7.6`,
    /// else that of the highest release that it contains.
    fn line_of_branch(
        &self,
        commits_of_releases: &ReleaseCommits<'_>,
        timeline: &Timeline,
    ) -> Option<String> {
        let candidate = self.candidate.filter(|candidate| candidate.tag.is_none())?;
        let branch = candidate.branch.as_deref().filter(|branch| *branch != self.default_branch)?;
        let named =
            Version::parse(branch).filter(|version| version.is_whole() && product_of(branch).is_none());
        let named = named.and_then(|version| match version.depth() < timeline.deepest() {
            // Next to releases such as `v7.6.1`, the branch `release-7.6` is a line by itself. Next
            // to `v7.6` it is a release, whose line is `7`.
            true if !version.is_wildcard() => Some(version.written_numbers()),
            true | false => version.line(),
        });
        let of_highest = || timeline.versioned(&self.stands_after(commits_of_releases)?)?.line.clone();
        named.or_else(of_highest)
    }

    fn contents(self, timeline: &Timeline, is_new_schema: bool) -> ReleaseContents<'a> {
        if let Some(contained) = self.contained {
            return ReleaseContents::Graph(contained);
        }
        match self.candidate.and_then(|candidate| candidate.commits.as_ref()) {
            Some(commits) => {
                let base = timeline.get(&commits.base);
                ReleaseContents::Listed {
                    commits,
                    base_published: base.and_then(|release| release.published_at),
                }
            }
            // Only schema 1: with schema 2, a missing commit graph is a gap and no sign of a first
            // release.
            None if !is_new_schema && timeline.current().is_none() => ReleaseContents::First,
            None => ReleaseContents::Unread("the commits of the candidate were not read".to_owned()),
        }
    }
}
