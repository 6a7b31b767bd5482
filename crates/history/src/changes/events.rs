//! The events of one change in one release, and which of them is the newest.

use std::collections::BTreeMap;

use super::super::graph::{CommitPlace, Contained};
use super::Changes;

/// Number of newest events that are compared by ancestry. A change that was reverted more often is compared by depth
/// alone.
// Each of them costs a walk through all its ancestors.
const COMPARED: usize = 32;

/// Reason that a commit counts as a copy, the surest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum HowCopied {
    /// The message of the copy names the original.
    Said,
    /// Copy and original have one patch id.
    SamePatch,
    /// Subject, author and author date are those of the original.
    SameAuthorAndDate,
}

/// Containment of a change in a release.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InRelease {
    /// The release has neither the change nor a copy.
    Absent,
    /// The release has copies of some commits of a merge.
    Partly {
        /// Number of commits that it has.
        has: usize,
        /// Number of commits that the merge brought in.
        of: usize,
    },
    /// The release contains the change.
    Present {
        /// The newest commit that puts it in.
        by: CommitPlace,
        /// Reason that this commit counts as a copy; `None` for the change itself.
        copied: Option<HowCopied>,
        /// `true` if that commit applies again what was taken back.
        again: bool,
    },
    /// The release had the change and reverted it.
    TakenBack {
        /// The commit that took it back.
        by: CommitPlace,
    },
}

/// Effect of an event on the release.
#[derive(Clone, Copy, PartialEq, Eq)]
enum EventEffect {
    In { copied: Option<HowCopied>, again: bool },
    Out,
}

/// Decides whether a release contains the change that these commits make.
pub fn in_release(changes: &Changes<'_>, commits: &[CommitPlace], release: &Contained) -> InRelease {
    match newest(changes, commits, release) {
        Some((by, EventEffect::In { copied, again })) => {
            match parts_taken_back(changes, commits, release, by) {
                Some(by) => InRelease::TakenBack { by },
                None => InRelease::Present { by, copied, again },
            }
        }
        Some((by, EventEffect::Out)) => InRelease::TakenBack { by },
        None => by_parts(changes, commits, release),
    }
}

/// Decides containment by copies of the single commits that a merge brought in.
fn by_parts(changes: &Changes<'_>, commits: &[CommitPlace], release: &Contained) -> InRelease {
    for merge in commits {
        let brought_in = &changes.graph.record(*merge).brought_in;
        let copies = changes.relations.parts.get(merge);
        let of_part = |id: &crate::Sha| -> Vec<CommitPlace> {
            // The copies of a commit in the history are known by `relations`.
            match changes.graph.place(id) {
                Some(place) => vec![place],
                None => copies.and_then(|copies| copies.get(&id.0)).cloned().unwrap_or_default(),
            }
        };
        let (mut has, mut taken_back) = (Vec::new(), None);
        // The copy of a merge is no surer than the least sure copy of its commits.
        let mut least_sure = HowCopied::Said;
        for id in brought_in {
            match newest(changes, &of_part(id), release) {
                Some((by, EventEffect::In { copied, .. })) => {
                    has.push(by);
                    least_sure = least_sure.max(copied.unwrap_or(HowCopied::Said));
                }
                Some((by, EventEffect::Out)) => taken_back = Some(by),
                None => {}
            }
        }
        match (has.last(), taken_back) {
            (_, Some(by)) => return InRelease::TakenBack { by },
            (Some(by), None) if has.len() == brought_in.len() => {
                return InRelease::Present { by: *by, copied: Some(least_sure), again: false };
            }
            (Some(_), None) => return InRelease::Partly { has: has.len(), of: brought_in.len() },
            (None, None) => {}
        }
    }
    InRelease::Absent
}

/// The last revert, if every commit that a merge brought in was taken back by itself. `put_in` is what put the merge in last:
/// a revert that it contains is older.
fn parts_taken_back(
    changes: &Changes<'_>,
    commits: &[CommitPlace],
    release: &Contained,
    put_in: CommitPlace,
) -> Option<CommitPlace> {
    let merge = commits.iter().find(|merge| !changes.graph.record(**merge).brought_in.is_empty())?;
    let reverts = reverts_of_parts(changes, *merge, release);
    let older = changes.graph.contained(&[put_in]);
    let is_whole = reverts.len() == changes.graph.record(*merge).brought_in.len();
    let is_older = reverts.iter().any(|by| older.holds(*by));
    let last = reverts.into_iter().max_by_key(|by| changes.graph.depth(*by));
    last.filter(|_| is_whole && !is_older)
}

/// The reverts of single commits that a merge brought in, one for each commit that was taken back in a release.
pub(super) fn reverts_of_parts(
    changes: &Changes<'_>,
    merge: CommitPlace,
    release: &Contained,
) -> Vec<CommitPlace> {
    let parts = changes.graph.record(merge).brought_in.iter().filter_map(|id| changes.graph.place(id));
    let taken_back = parts.filter_map(|part| match newest(changes, &[part], release)? {
        (by, EventEffect::Out) => Some(by),
        (_, EventEffect::In { .. }) => None,
    });
    taken_back.collect()
}

/// The newest event of a change in a release.
fn newest(
    changes: &Changes<'_>,
    commits: &[CommitPlace],
    release: &Contained,
) -> Option<(CommitPlace, EventEffect)> {
    let graph = &changes.graph;
    let all = events_of_change(changes, commits);
    let mut within: Vec<(CommitPlace, EventEffect)> =
        all.into_iter().filter(|(place, _)| release.holds(*place)).collect();
    within.sort_by_key(|(place, _)| std::cmp::Reverse(graph.depth(*place)));
    within.truncate(COMPARED);
    if within.len() < 2 {
        return within.pop();
    }
    // Ancestry goes before dates: clocks of authors differ.
    let behind: Vec<_> = within.iter().map(|(place, _)| (*place, graph.contained(&[*place]))).collect();
    let is_last =
        |one: CommitPlace| !behind.iter().any(|(other, contained)| *other != one && contained.holds(one));
    let last = within.iter().copied().filter(|(place, _)| is_last(*place));
    // At the same time, the revert counts: a false red is safer than a false green.
    last.max_by_key(|(place, effect)| (graph.time(*place), *effect == EventEffect::Out))
}

/// All events of a change, in every release.
fn events_of_change(changes: &Changes<'_>, commits: &[CommitPlace]) -> BTreeMap<CommitPlace, EventEffect> {
    let relations = &changes.relations;
    let mut found: BTreeMap<CommitPlace, EventEffect> = BTreeMap::new();
    let mut open: Vec<(CommitPlace, EventEffect)> = Vec::new();
    for (place, copied) in relations.with_copies(commits) {
        open.push((place, EventEffect::In { copied, again: false }));
    }
    while let Some((place, effect)) = open.pop() {
        // The first effect counts: two commits that revert each other would go on forever.
        if found.contains_key(&place) {
            continue;
        }
        found.insert(place, effect);
        for by in relations.reverts_of(place) {
            let applies = relations.words[*by].reapplies || effect == EventEffect::Out;
            let effect =
                if applies { EventEffect::In { copied: None, again: true } } else { EventEffect::Out };
            open.extend(relations.with_copies(&[*by]).into_keys().map(|copy| (copy, effect)));
        }
    }
    found
}
