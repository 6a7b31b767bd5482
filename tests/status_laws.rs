//! The status of a defect, compared with a slow and obvious second evaluation on random histories: branches, merges, copies,
//! reverts, reverts of reverts, reopenings, and commits that close the issue in words.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::BTreeSet;

use escape_gate::assemble::assemble;
use escape_gate::model::{Snapshot, Status};
use escape_gate::policy::{Policy, parse};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use serde_json::json;

/// What a commit does, with what it refers to by its place.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Act {
    Work,
    /// Merges a part of the linked fix, by pull request 10 or 11.
    Fix(usize),
    /// Copies a part of the linked fix.
    Copy(usize),
    /// Takes back what a commit did.
    Revert(usize),
    /// Says `Fixes #1`.
    Keyword,
}

#[derive(Debug, Clone)]
struct Commit {
    parents: Vec<usize>,
    act: Act,
}

#[derive(Debug, Clone)]
struct World {
    commits: Vec<Commit>,
    /// The place of the candidate's commit.
    head: usize,
    opened: usize,
    reopened: Option<usize>,
    closed: Option<usize>,
}

/// A moment an hour after the one before. A commit is made at the full hour, and whatever happens to the issue half an hour later.
fn at(hour: usize) -> Timestamp {
    let start: Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
    start + SignedDuration::from_hours(i64::try_from(hour).unwrap())
}

fn later(hour: usize) -> Timestamp {
    at(hour) + SignedDuration::from_mins(30)
}

fn id(place: usize) -> String {
    // The first digits differ, so that a message can name a commit by them.
    format!("{:08x}{}", 0x1000_0000 + place * 7, "0".repeat(32))
}

prop_compose! {
    /// Up to fourteen commits on three branches; the first commit is that of v1.0.0.
    fn worlds()(
        steps in prop::collection::vec((0usize..3, 0usize..9, any::<prop::sample::Index>()), 1..14),
        head in any::<prop::sample::Index>(),
        opened in 0usize..5,
        reopened in prop::option::of(5usize..9),
        closed in prop::option::of(9usize..14),
    ) -> World {
        let mut commits = vec![Commit { parents: Vec::new(), act: Act::Work }];
        let mut heads = [0usize; 3];
        let mut fixes: [Option<usize>; 2] = [None; 2];
        for (branch, kind, which) in steps {
            let place = commits.len();
            let mut parents = vec![heads[branch]];
            let acting: Vec<usize> = (0..place).filter(|at| commits[*at].act != Act::Work).collect();
            let part = which.index(2);
            let act = match kind {
                // The linked changes go into the default branch, each once.
                0 | 1 if branch == 0 && fixes[part].is_none() => {
                    fixes[part] = Some(place);
                    Act::Fix(part)
                }
                2 | 3 if fixes[part].is_some() => Act::Copy(part),
                4 | 5 if !acting.is_empty() => Act::Revert(acting[which.index(acting.len())]),
                6 => Act::Keyword,
                7 => {
                    let other = heads[which.index(3)];
                    if !parents.contains(&other) {
                        parents.push(other);
                    }
                    Act::Work
                }
                _ => Act::Work,
            };
            commits.push(Commit { parents, act });
            heads[branch] = place;
        }
        let head = head.index(commits.len());
        World { commits, head, opened, reopened, closed }
    }
}

impl World {
    fn linked(&self) -> Vec<(usize, usize)> {
        let parts = self.commits.iter().enumerate().filter_map(|(place, commit)| match commit.act {
            Act::Fix(part) => Some((place, part)),
            Act::Work | Act::Copy(_) | Act::Revert(_) | Act::Keyword => None,
        });
        parts.collect()
    }

    fn snapshot(&self) -> Snapshot {
        let commits = self.commits.iter().enumerate().map(|(place, commit)| {
            let message = match commit.act {
                Act::Work => "Work".to_owned(),
                Act::Fix(part) => format!("Repair part {part} (#1{part})"),
                Act::Copy(part) => {
                    let (original, _) = self.linked().into_iter().find(|(_, one)| *one == part).unwrap();
                    format!("Carry over {place}\n\n(cherry picked from commit {})", id(original))
                }
                Act::Revert(of) => format!("Undo {place}\n\nThis reverts commit {}.", id(of)),
                Act::Keyword => format!("Mend {place}\n\nFixes #1"),
            };
            json!({
                "id": id(place), "parents": commit.parents.iter().map(|at| id(*at)).collect::<Vec<_>>(),
                "committed-at": at(place), "authored-at": at(place), "author": format!("a{place} <a@example.com>"),
                "message": message,
            })
        });
        let fixes = self.linked().into_iter().map(|(place, part)| {
            json!({
                "pull-request": 10 + part, "commit": id(place), "merged-at": at(place), "state": "merged",
                "base": "main", "title": format!("Repair part {part}"), "description": "",
            })
        });
        let snapshot = json!({
            "schema": 2, "taken-at": at(40), "repository": "acme/shop",
            "candidate": { "name": "v2.0.0", "tag": "v2.0.0", "head": id(self.head) },
            "releases": [{ "tag": "v1.0.0", "commit": id(0), "published-at": at(0) }],
            "issues": [{
                "number": 1, "title": "A defect", "url": "https://github.com/acme/shop/issues/1",
                "labels": ["production-bug", "found-in/v1.0.0"],
                "created-at": later(self.opened), "updated-at": at(30),
                "reopened-at": self.reopened.map(later), "closed-at": self.closed.map(later),
                "state": if self.closed.is_some() { "closed" } else { "open" },
                "state-reason": self.closed.map(|_| "completed"),
                "closing": self.closed.map(|_| json!({ "by": { "login": "ada" } })),
                "fixes": fixes.collect::<Vec<_>>(),
            }],
            "pull-requests": [],
            "history": { "commits": commits.collect::<Vec<_>>(), "default-branch": "main" },
        });
        serde_json::from_value(snapshot).unwrap()
    }

    fn contains(&self, head: usize, commit: usize) -> bool {
        head == commit || self.commits[head].parents.iter().any(|parent| self.contains(*parent, commit))
    }

    /// The events of the change that a commit is: each with whether it puts the change in.
    fn events(&self, of: &dyn Fn(usize) -> bool) -> Vec<(usize, bool)> {
        let mut events: Vec<(usize, bool)> = Vec::new();
        for (place, commit) in self.commits.iter().enumerate() {
            if of(place) {
                events.push((place, true));
            } else if let Act::Revert(target) = commit.act
                && let Some((_, puts_in)) = events.iter().find(|(at, _)| *at == target)
            {
                events.push((place, !puts_in));
            }
        }
        events
    }

    /// Whether the newest event in the candidate puts the change in; none if there is no event.
    fn is_in(&self, of: &dyn Fn(usize) -> bool) -> Option<bool> {
        let mut within = self.events(of);
        within.retain(|(place, _)| self.contains(self.head, *place));
        let last = within.iter().filter(|(place, _)| {
            !within.iter().any(|(other, _)| other != place && self.contains(*other, *place))
        });
        last.max_by_key(|(place, _)| *place).map(|(_, puts_in)| *puts_in)
    }

    /// The second evaluation.
    fn expected(&self) -> Status {
        let since = later(self.reopened.unwrap_or(self.opened));
        let all = self.linked();
        let merged = |(place, _): &&(usize, usize)| at(*place);
        let fix: Vec<(usize, usize)> = match self.closed {
            None => all.iter().filter(|one| merged(one) > since).copied().collect(),
            Some(closed) => {
                let until = |one: &&(usize, usize)| merged(one) <= later(closed);
                // Only a reopening asks for a younger change: an issue may be opened for a change that is merged.
                let is_late = |one: &&(usize, usize)| self.reopened.is_none() || merged(one) > since;
                let own: Vec<_> = all.iter().filter(is_late).filter(until).copied().collect();
                let before: Vec<_> = all.iter().filter(until).copied().collect();
                if !own.is_empty() {
                    own
                } else if !before.is_empty() {
                    before
                } else {
                    all.clone()
                }
            }
        };
        let of_part = |part: usize| move |place: usize| matches!(self.commits[place].act, Act::Fix(one) | Act::Copy(one) if one == part);
        let parts: Vec<Option<bool>> = fix.iter().map(|(_, part)| self.is_in(&of_part(*part))).collect();
        if !parts.is_empty() && parts.iter().all(|part| *part == Some(true)) {
            return Status::Fixed;
        }
        let keywords: BTreeSet<usize> = (0..self.commits.len())
            .filter(|place| self.commits[*place].act == Act::Keyword && at(*place) > since)
            .collect();
        let words: Vec<bool> = keywords
            .iter()
            .filter(|place| self.contains(self.head, **place))
            .filter_map(|place| self.is_in(&|one| one == *place))
            .collect();
        if words.contains(&true) {
            return Status::Fixed;
        }
        if !words.is_empty() || parts.iter().any(Option::is_some) {
            return Status::Affected;
        }
        match self.closed {
            Some(closed) if all.is_empty() && at(self.head) > later(closed) => Status::Fixed,
            Some(_) if all.is_empty() && at(self.head) > since => Status::UnderInvestigation,
            Some(_) | None => Status::Affected,
        }
    }
}

fn policy() -> Policy {
    let text = "version: 1\ndefects: { escaped: { labels: [production-bug] } }\n\
                rules: [{ id: unfixed, metric: unfixed, max: 0 }]\n";
    parse(text.as_bytes(), "policy.yml").unwrap().policy
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn status_agrees_with_slow_evaluation(world in worlds()) {
        let evidence = assemble(world.snapshot(), &policy());
        let defects = evidence.defects.unwrap();
        let found = defects[0].status.as_deref().unwrap();
        prop_assert_eq!(found.status.clone(), Ok(world.expected()), "row {}: {}", found.row, found.shown());
    }
}
