//! The candidate, or another release, as the place from which defects are looked at.

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::history::changes::Changes;
use crate::history::graph::{Contained, Place};
use crate::model::{Candidate, CommitHistory, Release, Tag, Timeline};
use crate::status::standpoint::{Contents, Standpoint};

/// The name of the default branch where nothing says it.
const DEFAULT_BRANCH: &str = "main";

/// What a candidate contains, and where it stands.
pub struct Position<'a> {
    contained: Option<Contained>,
    committed_at: Option<Timestamp>,
    candidate: Option<&'a Candidate>,
    default_branch: String,
}

impl<'a> Position<'a> {
    /// Finds a candidate in the commit graph. A pull request contains what it targets, too: it is looked at as if merged.
    pub fn of(
        candidate: Option<&'a Candidate>,
        history: Option<&CommitHistory>,
        changes: Option<&Changes<'_>>,
    ) -> Self {
        let default_branch = history.and_then(|history| history.default_branch.clone());
        let mut position = Self {
            contained: None,
            committed_at: None,
            candidate,
            default_branch: default_branch.unwrap_or_else(|| DEFAULT_BRANCH.to_owned()),
        };
        let (Some(candidate), Some(history), Some(changes)) = (candidate, history, changes) else {
            return position;
        };
        let Some(head) = candidate.head.as_ref().and_then(|head| changes.graph.place(head)) else {
            return position;
        };
        let base = candidate.branch.as_ref().filter(|_| candidate.pull_request.is_some());
        let base =
            base.and_then(|branch| history.branches.get(branch)).and_then(|id| changes.graph.place(id));
        let heads: Vec<Place> = std::iter::once(head).chain(base).collect();
        position.committed_at = heads.iter().map(|place| changes.graph.time(*place)).max();
        position.contained = Some(changes.graph.contained(&heads));
        position
    }

    /// Tags of the releases that it contains.
    fn contained_tags<'r>(
        &self,
        releases: impl Iterator<Item = &'r Release>,
        changes: Option<&Changes<'_>>,
    ) -> BTreeSet<Tag> {
        let (Some(contained), Some(changes)) = (&self.contained, changes) else { return BTreeSet::new() };
        let is_in = |release: &&Release| {
            let place = release.commit.as_ref().and_then(|commit| changes.graph.place(commit));
            place.is_some_and(|place| contained.holds(place))
        };
        releases.filter(is_in).map(|release| release.tag.clone()).collect()
    }

    /// For a branch that is not the default one, or a pull request to it, the highest release that it contains. The default
    /// branch stands after every release.
    pub fn stands_after(&self, releases: &[Release], changes: Option<&Changes<'_>>) -> Option<Tag> {
        let candidate = self.candidate.filter(|candidate| candidate.tag.is_none())?;
        let branch = candidate.branch.as_deref()?;
        if branch == self.default_branch {
            return None;
        }
        let published = releases.iter().filter(|release| !release.draft && !release.prerelease);
        let tags = self.contained_tags(published, changes);
        let order = Timeline::new(releases.to_vec(), None);
        tags.into_iter().max_by(|one, other| order.compare(one, other))
    }

    /// The standpoint, once the releases are in order.
    pub fn standpoint(
        self,
        timeline: &'a Timeline,
        releases: &[Release],
        changes: Option<&Changes<'_>>,
        (is_new_schema, taken_at): (bool, Timestamp),
    ) -> Standpoint<'a> {
        let mut contains = self.contained_tags(releases.iter(), changes);
        let tag = timeline.candidate();
        contains.extend(tag.cloned());
        let is_not_after = |release: &&Release| timeline.is_not_after_candidate(&release.tag) == Some(true);
        let mut not_after: BTreeSet<Tag> =
            releases.iter().filter(is_not_after).map(|release| release.tag.clone()).collect();
        if !is_new_schema {
            // Without a commit graph the versions say what contains what, within one product.
            contains.extend(not_after.iter().cloned());
        }
        not_after.extend(contains.iter().cloned());
        let of_tag = tag.and_then(|tag| timeline.get(tag)).and_then(|release| release.committed_at);
        let candidate = self.candidate;
        let contents = self.contents(timeline, is_new_schema);
        Standpoint {
            name: candidate.map_or_else(|| "the candidate".to_owned(), |candidate| candidate.name.clone()),
            tag,
            product: timeline.product().map(str::to_owned),
            line: timeline.line(),
            pull_request: candidate.and_then(|candidate| candidate.pull_request),
            branch: candidate.and_then(|candidate| candidate.branch.clone()),
            default_branch: self.default_branch,
            not_after,
            contains,
            // Schema 1 has no time of the candidate's commit: it was about to ship when the evidence was collected.
            committed_at: self.committed_at.or(of_tag).or((!is_new_schema).then_some(taken_at)),
            contents,
        }
    }

    fn contents(&self, timeline: &Timeline, is_new_schema: bool) -> Contents<'a> {
        if let Some(contained) = &self.contained {
            return Contents::Graph(contained.clone());
        }
        match self.candidate.and_then(|candidate| candidate.commits.as_ref()) {
            Some(commits) => {
                let base = timeline.get(&commits.base);
                Contents::Listed { commits, base_published: base.and_then(|release| release.published_at) }
            }
            None if !is_new_schema && timeline.current().is_none() => Contents::First,
            None => Contents::Unread("the commits of the candidate were not read".to_owned()),
        }
    }
}
