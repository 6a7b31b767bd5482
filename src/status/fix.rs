//! Decides whether a release or candidate contains the fix of an issue.
//!
//! Two questions, in this order: which changes are the fix, and does the release contain all of them, or copies of them?
//!
//! The fix of a closed issue is every linked change that was merged until its closing: after the last reopening, if there was
//! one. If there is none after it, because a person closed the issue by hand, the earlier changes are the fix. The fix of an
//! open issue is every linked change that was merged after its last opening; a linked pull request that is still open holds
//! the fix back. A candidate that is itself a linked pull request contains the whole fix.
//!
//! The *whole* fix is every such change on one branch. A change on another branch is either a copy of one of them, or that
//! branch's own fix. For example, #2 and #4 on `main` fix an issue together, and #9 on `release/1.1` fixes it there alone.
//!
//! A commit of the release whose message closes the issue (`Fixes #1`) is a fix as well, if it is younger than the last
//! opening.

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

/// Tolerance between two clocks: an issue that a merge closes can have a closing time slightly before the time of the merge.
const SLACK: jiff::SignedDuration = jiff::SignedDuration::from_secs(60);

/// The part of a fix that a release contains.
#[derive(Debug, Default)]
pub struct FixInRelease {
    /// The whole fix; `None` if the release lacks a part of it.
    pub whole: Option<WholeFix>,
    /// The missing part if the release contains another part, for example "the fix #2 was reverted by #3".
    pub lacking: Option<String>,
    /// `true` if a fix in the release was reverted in the release.
    pub reverted: bool,
    /// Displayed names of the linked changes that are not in the release.
    pub elsewhere: Vec<String>,
    /// The reason why the commits were not collected; `None` if they were.
    pub unread: Option<String>,
    /// Further facts for the reader that do not change the status.
    pub notes: Vec<String>,
}

/// The whole fix in a release.
#[derive(Debug)]
pub struct WholeFix {
    /// Description, for example "#9 (a copy of #2) is in v1.1.1".
    pub reason: String,
    /// `true` if a copy is recognized by its author and date alone.
    pub is_guess: bool,
}

/// A linked change, its commits, and whether the release contains them.
struct FixPart<'a> {
    change: &'a LinkedChange,
    places: Vec<CommitPlace>,
    fate: InRelease,
}

impl FixInRelease {
    /// Decides how much of the fix of an issue the release contains.
    pub fn of(question: &StatusQuestion<'_>) -> Self {
        // A pull request has no merge commit yet, so the commit graph cannot show that it is the
        // fix. Without this line, the gate would block every pull request that fixes a counted
        // defect.
        let own = question.issue.fixes.iter().filter(|fix| fix.repository.is_none());
        let mut merged = own.filter_map(|fix| fix.pull_request);
        if let Some(number) = merged.find(|number| question.release.merges.contains(number)) {
            let reason = match question.release.merges.len() {
                1 => format!("this pull request, #{number}, is linked as its fix"),
                _ => format!("#{number}, which this group merges, is linked as its fix"),
            };
            return Self { whole: Some(WholeFix { reason, is_guess: false }), ..Self::default() };
        }
        let mut fix = match (&question.release.contents, question.changes) {
            (ReleaseContents::Graph(contained), Some(changes)) => fix_by_graph(question, changes, contained),
            (ReleaseContents::Unread(what), _) => Self { unread: Some(what.clone()), ..Self::default() },
            (ReleaseContents::Graph(_), None)
            | (ReleaseContents::Listed { .. } | ReleaseContents::First, _) => fix_by_list(question),
        };
        // Last: an open part takes a whole fix back, wherever the evidence of it comes from.
        hold_back_open_parts(question, &mut fix);
        fix
    }
}

/// Finds the fix in a list of commits, as in snapshots of schema 1. A list shows neither copies nor reverts.
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
    // After a reopening, a list cannot say whether its closing commit came before or after: it has
    // no times of commits.
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

/// Finds the fix, its copies and its reverts in the commit graph.
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
    // One complete branch is enough. A release of 1.1 never contains the changes of `main`, only
    // their backports.
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
            // A revert outweighs a missing part: "1 of 2 changes" would suggest that the other
            // change is all that is needed.
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
    // Linked changes come first. A commit message such as `Fixes #1` may be in an early attempt
    // that the linked pull request replaced.
    if fix.whole.is_none() {
        add_closing_commit(question, changes, contained, &all, &mut fix);
        fix.elsewhere = all.iter().map(|part| change_name(part.change)).collect();
    }
    let originals: Vec<CommitPlace> = all.iter().flat_map(|part| part.places.iter().copied()).collect();
    // A partial revert usually removes a test or a log line of the fix. Treating it as a revert
    // would block good releases, so it is only shown.
    for place in changes.partial_reverts_of(&originals, contained) {
        fix.notes.push(format!(
            "{} takes back a part of the fix, which changes nothing here",
            changes.name(place)
        ));
    }
    fix
}

/// Groups the linked changes by branch, without copies of earlier changes on other branches.
fn fix_parts_by_branch<'p, 'a>(
    question: &StatusQuestion<'_>,
    changes: &Changes<'_>,
    all: &'p [FixPart<'a>],
) -> BTreeMap<String, Vec<&'p FixPart<'a>>> {
    let default_branch = question.release.default_branch.as_str();
    let mut branches: BTreeMap<String, Vec<&FixPart<'_>>> = BTreeMap::new();
    for (at, part) in all.iter().enumerate() {
        let is_copy = |(other_at, other): (usize, &FixPart<'_>)| {
            // The position breaks ties. Two changes that were merged in the same second would
            // otherwise each be a copy of the other, and no fix would be left.
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

/// Describes a whole fix, with the copies by which the release contains it.
fn describe_whole_fix(changes: &Changes<'_>, parts: &[&FixPart<'_>], release: &str) -> WholeFix {
    let mut is_guess = false;
    let described = parts.iter().map(|part| {
        let original = change_name(part.change);
        match part.fate {
            InRelease::Present { by, copied: Some(how), .. } => {
                // A rebase keeps author and date, and so does a partial cherry-pick. The match is
                // likely, not certain.
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

/// Adds a commit of the release whose message closes the issue, if it is no linked change.
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
            // A closing commit from before the reopening is the fix that did not help.
            && closer.at > since
            && !originals.contains(&closer.place)
            && !changes.is_copy_of(closer.place, &originals)
            // The message of a revert quotes the message of its original, with its `Fixes #1`.
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

/// Marks the fix of an open issue as incomplete if a linked pull request is open that targets the default branch or the branch
/// of the release. For a closed issue, such a pull request is only noted.
fn hold_back_open_parts(question: &StatusQuestion<'_>, fix: &mut FixInRelease) {
    let default_branch = question.release.default_branch.as_str();
    let meant = |change: &&LinkedChange| {
        let base = branch_of(change, default_branch);
        change.repository.is_none()
            && !is_merged(change)
            // A pull request that was closed without merging is abandoned. It can never become a
            // part of the fix.
            && change.state != Some(ChangeState::Closed)
            // An open backport to another line does not concern this release: it would keep a
            // complete fix from counting.
            && (base == default_branch || question.release.branch.as_deref() == Some(base))
    };
    let Some(open) = question.issue.fixes.iter().find(meant) else { return };
    let name = change_name(open);
    // A maintainer who closes the issue says that the open pull request is not needed for the fix.
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

/// Returns `true` if a change was merged before the issue was closed, or at most [`SLACK`] later.
fn is_until(merged: Timestamp, closed: Timestamp) -> bool {
    merged.duration_since(closed) <= SLACK
}
