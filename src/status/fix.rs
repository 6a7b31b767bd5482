//! What the fix of an issue is, and how much of it a release contains.
//!
//! The fix is every change that is linked to the issue and was merged after the last reopening and not after the last
//! closing; if there is none, because it was closed by hand after a reopening, the changes before. The *whole* fix is every
//! one of them on one branch: a change on another branch that is no copy is that branch's own fix. A commit of the release
//! that says that it closes the issue is a fix too, if it is younger than the last opening.

mod linked;

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::StatusQuestion;
use super::release_view::ReleaseContents;
use crate::model::{ChangeState, Fix as LinkedChange};
use release_history::changes::{Changes, HowCopied, InRelease};
use release_history::graph::{CommitPlace, Contained};

use linked::{branch_of, last_opening};
pub use linked::{change_name, is_merged, last_opening as last_opening_of};

/// How GitHub's clock and Git's may differ: an issue is closed a moment after the merge that closes it.
const SLACK: jiff::SignedDuration = jiff::SignedDuration::from_secs(60);

/// How much of its fix a release contains.
#[derive(Debug, Default)]
pub struct FixInRelease {
    /// The whole fix, in words: "contains the fix #2"; `None` if the release lacks something.
    pub whole: Option<WholeFix>,
    /// What is lacking though a part is there, in words: "the fix #2 was reverted by #3".
    pub lacking: Option<String>,
    /// `true` if a fix in the release was taken back there.
    pub reverted: bool,
    /// Names of the linked changes that are not in the release, for a person.
    pub elsewhere: Vec<String>,
    /// Why it could not be told.
    pub unread: Option<String>,
    /// What a person should know besides.
    pub notes: Vec<String>,
}

/// The whole fix in a release.
#[derive(Debug)]
pub struct WholeFix {
    /// In words.
    pub reason: String,
    /// `true` if a copy is known by author and date alone.
    pub is_guess: bool,
}

/// A linked change, and what became of it in the release.
struct FixPart<'a> {
    change: &'a LinkedChange,
    places: Vec<CommitPlace>,
    fate: InRelease,
}

impl FixInRelease {
    /// Looks for the fix of an issue in a release.
    pub fn of(question: &StatusQuestion<'_>) -> Self {
        if let Some(number) = question.release.pull_request
            && question
                .issue
                .fixes
                .iter()
                .any(|fix| fix.repository.is_none() && fix.pull_request == Some(number))
        {
            let reason = format!("this pull request, #{number}, is linked as its fix");
            return Self { whole: Some(WholeFix { reason, is_guess: false }), ..Self::default() };
        }
        let mut fix = match (&question.release.contents, question.changes) {
            (ReleaseContents::Graph(contained), Some(changes)) => fix_by_graph(question, changes, contained),
            (ReleaseContents::Unread(what), _) => Self { unread: Some(what.clone()), ..Self::default() },
            (ReleaseContents::Graph(_), None)
            | (ReleaseContents::Listed { .. } | ReleaseContents::First, _) => fix_by_list(question),
        };
        hold_back_open_parts(question, &mut fix);
        fix
    }
}

/// The fix by a list of commits, as in snapshots of schema 1: neither copies nor reverts can be seen.
fn fix_by_list(question: &StatusQuestion<'_>) -> FixInRelease {
    let release = question.release;
    let linked = linked::fix_changes(question);
    let mut fix = FixInRelease::default();
    let has = |change: &&LinkedChange| {
        change.commit.as_ref().and_then(|id| release.contents.lists(id, change.merged_at)) == Some(true)
    };
    let (there, missing): (Vec<&LinkedChange>, Vec<&LinkedChange>) = linked.into_iter().partition(has);
    if missing.is_empty() && !there.is_empty() {
        let reason = format!("{} is in {}", the_fix(&there), release.name);
        fix.whole = Some(WholeFix { reason, is_guess: false });
    } else if !there.is_empty() {
        fix.lacking = Some(part_of(there.len(), there.len() + missing.len(), &release.name));
    }
    fix.elsewhere = missing.into_iter().map(change_name).collect();
    if let ReleaseContents::Listed { commits, .. } = &release.contents
        && fix.whole.is_none()
        && question.issue.reopened_at.is_none_or(|_| !question.is_open())
        && commits.closes.contains(&question.issue.number)
    {
        let reason = format!("a commit of {} says that it fixes {}", release.name, question.issue.number);
        fix.whole = Some(WholeFix { reason, is_guess: false });
    }
    fix
}

/// The fix by the commit graph.
fn fix_by_graph(question: &StatusQuestion<'_>, changes: &Changes<'_>, contained: &Contained) -> FixInRelease {
    let release = &question.release.name;
    let linked = linked::fix_changes(question);
    let mut fix = FixInRelease::default();
    let all: Vec<FixPart<'_>> = linked
        .into_iter()
        .map(|change| {
            let places = changes.commits_of(change.commit.as_ref(), change.pull_request);
            let fate = changes.in_release(&places, contained);
            FixPart { change, places, fate }
        })
        .collect();
    let branches = fix_parts_by_branch(question, changes, &all);
    for parts in branches.values() {
        let present = parts.iter().filter(|part| matches!(part.fate, InRelease::Present { .. })).count();
        if present == parts.len() {
            fix.whole = Some(describe_whole_fix(changes, parts, release));
            break;
        }
        let taken_back = parts.iter().find_map(|part| match part.fate {
            InRelease::TakenBack { by } => Some((part, by)),
            InRelease::Absent | InRelease::Partly { .. } | InRelease::Present { .. } => None,
        });
        if let Some((part, by)) = taken_back {
            fix.reverted = true;
            let (name, by) = (change_name(part.change), changes.name(by));
            fix.lacking = Some(format!("the fix {name} was reverted by {by}"));
        } else if present > 0 {
            fix.lacking.get_or_insert_with(|| part_of(present, parts.len(), release));
        } else if let Some((has, of)) = parts.iter().find_map(|part| match part.fate {
            InRelease::Partly { has, of } => Some((has, of)),
            InRelease::Absent | InRelease::TakenBack { .. } | InRelease::Present { .. } => None,
        }) {
            let what = format!("{release} contains copies of {has} of the {of} commits of the fix");
            fix.lacking.get_or_insert(what);
        }
    }
    if fix.whole.is_none() {
        add_closing_commit(question, changes, contained, &all, &mut fix);
        fix.elsewhere = all.iter().map(|part| change_name(part.change)).collect();
    }
    let originals: Vec<CommitPlace> = all.iter().flat_map(|part| part.places.iter().copied()).collect();
    for place in changes.partial_reverts_of(&originals, contained) {
        fix.notes.push(format!(
            "{} takes back a part of the fix, which changes nothing here",
            changes.name(place)
        ));
    }
    fix
}

/// The linked changes by branch, without those that are copies of another one.
fn fix_parts_by_branch<'p, 'a>(
    question: &StatusQuestion<'_>,
    changes: &Changes<'_>,
    all: &'p [FixPart<'a>],
) -> BTreeMap<String, Vec<&'p FixPart<'a>>> {
    let default_branch = question.release.default_branch.as_str();
    let mut branches: BTreeMap<String, Vec<&FixPart<'_>>> = BTreeMap::new();
    for (at, part) in all.iter().enumerate() {
        let is_copy = |(other_at, other): (usize, &FixPart<'_>)| {
            let earlier = (other.change.merged_at, other_at) < (part.change.merged_at, at);
            let same_branch =
                branch_of(other.change, default_branch) == branch_of(part.change, default_branch);
            earlier && !same_branch && part.places.iter().any(|own| changes.is_copy_of(*own, &other.places))
        };
        if !all.iter().enumerate().any(is_copy) {
            branches.entry(branch_of(part.change, default_branch).to_owned()).or_default().push(part);
        }
    }
    branches
}

/// The words for a whole fix.
fn describe_whole_fix(changes: &Changes<'_>, parts: &[&FixPart<'_>], release: &str) -> WholeFix {
    let mut is_guess = false;
    let described = parts.iter().map(|part| {
        let original = change_name(part.change);
        match part.fate {
            InRelease::Present { by, copied: Some(how), .. } => {
                is_guess |= how == HowCopied::SameAuthorAndDate;
                format!("{} (a copy of {original})", changes.name(by))
            }
            InRelease::Present { by, again: true, .. } => {
                format!("the fix {original}, applied again by {},", changes.name(by))
            }
            InRelease::Present { .. }
            | InRelease::Absent
            | InRelease::Partly { .. }
            | InRelease::TakenBack { .. } => {
                format!("the fix {original}")
            }
        }
    });
    let described: Vec<String> = described.collect();
    let verb = if described.len() == 1 { "is" } else { "are" };
    WholeFix { reason: format!("{} {verb} in {release}", described.join(" and ")), is_guess }
}

/// A commit of the release that says that it closes the issue.
fn add_closing_commit(
    question: &StatusQuestion<'_>,
    changes: &Changes<'_>,
    contained: &Contained,
    linked: &[FixPart<'_>],
    fix: &mut FixInRelease,
) {
    let number = question.issue.number;
    let since = last_opening(question.issue);
    let originals: Vec<CommitPlace> = linked.iter().flat_map(|part| part.places.iter().copied()).collect();
    let own = changes.closers(number).iter().filter(|closer| {
        contained.holds(closer.place)
            && closer.at > since
            && !originals.contains(&closer.place)
            && !changes.is_copy_of(closer.place, &originals)
            && !changes.takes_back(closer.place, &originals)
    });
    for closer in own {
        match changes.in_release(&[closer.place], contained) {
            InRelease::Present { .. } => {
                let reason = format!("{} says that it fixes {number}", changes.name(closer.place));
                fix.whole = Some(WholeFix { reason, is_guess: false });
                return;
            }
            InRelease::TakenBack { by } => {
                fix.reverted = true;
                let (name, by) = (changes.name(closer.place), changes.name(by));
                fix.lacking = Some(format!("the fix {name} was reverted by {by}"));
            }
            InRelease::Absent | InRelease::Partly { .. } => {}
        }
    }
}

/// A linked pull request that is open makes the fix of an open issue incomplete, if it is meant for the default branch or for
/// the branch of the release. For a closed issue it is noted.
fn hold_back_open_parts(question: &StatusQuestion<'_>, fix: &mut FixInRelease) {
    let default_branch = question.release.default_branch.as_str();
    let meant = |change: &&LinkedChange| {
        let base = branch_of(change, default_branch);
        change.repository.is_none()
            && !is_merged(change)
            && change.state != Some(ChangeState::Closed)
            && (base == default_branch || question.release.branch.as_deref() == Some(base))
    };
    let Some(open) = question.issue.fixes.iter().find(meant) else { return };
    let name = change_name(open);
    if !question.is_open() {
        fix.notes.push(format!("{name} is linked and not merged"));
    } else if fix.whole.take().is_some() || fix.lacking.is_some() {
        fix.lacking =
            Some(format!("{} contains a part of the fix; {name} is not merged", question.release.name));
    } else {
        fix.elsewhere.push(name);
    }
}

fn the_fix(changes: &[&LinkedChange]) -> String {
    let names: Vec<String> =
        changes.iter().map(|change| format!("the fix {}", change_name(change))).collect();
    names.join(" and ")
}

fn part_of(has: usize, of: usize, release: &str) -> String {
    format!("{release} contains {has} of the {of} changes of the fix")
}

/// `true` if an issue was closed within a moment of a change.
fn is_until(merged: Timestamp, closed: Timestamp) -> bool {
    merged.duration_since(closed) <= SLACK
}
