#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::{Interest, KeptCommit, shorten_history};
use crate::commit_index::CommitIndex;
use crate::git::LoggedCommit;
use crate::{IssueNumber, Sha};

/// Id of the commit of a number.
fn id(number: usize) -> String {
    // Digits that differ at once, as those of real ids do.
    format!("{:08x}{number:032x}", (number as u32).wrapping_mul(2_654_435_761) ^ 0x5bd1_e995)
}

/// An index of commits, each with its parents and message; a day apart, by one author.
fn index(commits: &[(Vec<usize>, String)]) -> CommitIndex {
    let mut index = CommitIndex::default();
    // `git log` shows the newest first.
    for (number, (parents, message)) in commits.iter().enumerate().rev() {
        let parents: Vec<String> = parents.iter().map(|parent| id(*parent)).collect();
        index.add(&LoggedCommit {
            id: &id(number),
            parents: &parents.join(" "),
            committed: number as i64 * 86_400,
            authored: number as i64 * 86_400,
            author: b"Ann <ann@example.org>",
            message: message.as_bytes(),
        });
    }
    index
}

/// A line of commits with these messages.
fn line(messages: &[String]) -> CommitIndex {
    let parents = |number: usize| number.checked_sub(1).into_iter().collect::<Vec<usize>>();
    let commits: Vec<_> =
        messages.iter().enumerate().map(|(number, text)| (parents(number), text.clone())).collect();
    index(&commits)
}

/// Numbers of the commits that are kept.
fn numbers(kept: &[KeptCommit], of: usize) -> Vec<usize> {
    (0..of).filter(|number| kept.iter().any(|commit| commit.id.0 == id(*number))).collect()
}

fn kept_of(messages: &[&str], interest: &Interest) -> Vec<usize> {
    let messages: Vec<String> = messages.iter().map(|text| (*text).to_owned()).collect();
    numbers(&shorten_history(&line(&messages), interest), messages.len())
}

#[test]
fn tips_and_named_commits_are_kept() {
    let interest = Interest {
        tips: vec![Sha(id(3)), Sha("f".repeat(40))],
        commits: [Sha(id(1))].into(),
        ..Interest::default()
    };
    assert_eq!(kept_of(&["a", "b", "c", "d", "e"], &interest), [1, 3]);
}

#[test]
fn commit_that_names_an_issue_or_pull_request_is_kept() {
    let interest =
        Interest { issues: [IssueNumber(7)].into(), pull_requests: [9].into(), ..Interest::default() };
    let messages = ["a\n\nFixes #7", "b (#9)", "c #70", "d\n\nhttps://github.com/o/n/issues/7", "e GH-9"];
    assert_eq!(kept_of(&messages, &interest), [0, 1, 3, 4]);
}

#[test]
fn revert_of_a_revert_is_kept() {
    let interest = Interest { commits: [Sha(id(0))].into(), ..Interest::default() };
    let (first, second) = (id(0), id(2));
    let messages = [
        "fix: keep the order (#2)",
        "other",
        &format!("Take it back\n\nThis reverts commit {first}."),
        "other",
        &format!("Again\n\nThis reverts commit {}.", &second[..9]),
        "Reapply \"fix: keep the order (#2)\" (#5)",
        "Revert \"Reapply \"fix: keep the order\"\"",
        "Revert \"something else\"",
    ];
    assert_eq!(kept_of(&messages, &interest), [0, 2, 4, 5, 6]);
}

#[test]
fn copy_with_author_and_time_of_the_original_is_kept() {
    let mut index = CommitIndex::default();
    let record = |number: usize, author: &'static str, authored: i64, message: &str| {
        let id = id(number);
        index.add(&LoggedCommit {
            id: &id,
            parents: "",
            committed: 100 + number as i64,
            authored,
            author: author.as_bytes(),
            message: message.as_bytes(),
        });
    };
    let mut record = record;
    record(0, "Ann", 5, "fix: keep");
    record(1, "Ann", 5, "fix: keep (#9)\n\nCarried over");
    record(2, "Ben", 5, "fix: keep");
    record(3, "Ann", 6, "fix: keep");
    let interest = Interest { commits: [Sha(id(0))].into(), ..Interest::default() };
    assert_eq!(numbers(&shorten_history(&index, &interest), 4), [0, 1]);
}

#[test]
fn namesake_is_kept_if_patches_can_be_compared() {
    let messages = ["fix: keep", "other", "fix: keep (#9)", "fix: keep it"];
    for (has_patches, expected) in [(false, vec![0]), (true, vec![0, 2])] {
        let interest = Interest { commits: [Sha(id(0))].into(), has_patches, ..Interest::default() };
        assert_eq!(kept_of(&messages, &interest), expected);
    }
    let many = vec!["Update"; 30];
    let interest = Interest { commits: [Sha(id(0))].into(), has_patches: true, ..Interest::default() };
    assert_eq!(kept_of(&many, &interest), [0]);
}

#[test]
fn old_commit_is_not_kept_for_what_it_names() {
    let since = Some(jiff::Timestamp::from_second(86_400).unwrap());
    let interest = Interest { issues: [IssueNumber(7)].into(), since, ..Interest::default() };
    assert_eq!(kept_of(&["Fixes #7", "Fixes #7"], &interest), [1]);
}

#[test]
fn commit_that_only_joins_has_no_words() {
    // Many lines of one kept commit each, which all meet.
    let mut commits: Vec<(Vec<usize>, String)> = vec![(vec![], String::new())];
    for _ in 0..20 {
        commits.push((vec![0], "fix #7".to_owned()));
    }
    commits.push(((1..=20).collect(), "meet".to_owned()));
    commits.push((vec![21], "tip #7".to_owned()));
    let interest = Interest { issues: [IssueNumber(7)].into(), ..Interest::default() };
    let kept = shorten_history(&index(&commits), &interest);
    let meet = kept.iter().find(|commit| commit.id.0 == id(21)).unwrap();
    assert!(!meet.has_words && meet.parents.len() == 20);
    let tip = kept.iter().find(|commit| commit.id.0 == id(22)).unwrap();
    assert!(tip.has_words && tip.parents == [Sha(id(21))]);
}

#[test]
fn merge_that_is_a_fix_tells_what_it_brought_in() {
    // 0 - 1 - 3 - 6 on main; 2 - 4 - 5 on the branch, where 4 merges main.
    let commits = [
        (vec![], "begin"),
        (vec![0], "main"),
        (vec![0], "keep one"),
        (vec![1], "main"),
        (vec![2, 1], "Merge branch 'main'"),
        (vec![4], "keep two"),
        (vec![3, 5], "Merge pull request #2 from octo/keep"),
        (vec![0], "keep one (copy)\n\n(cherry picked from commit ID)"),
    ];
    let commits: Vec<(Vec<usize>, String)> =
        commits.into_iter().map(|(parents, text)| (parents, text.replace("ID", &id(2)))).collect();
    let interest = Interest { commits: [Sha(id(6))].into(), ..Interest::default() };
    let kept = shorten_history(&index(&commits), &interest);
    assert_eq!(numbers(&kept, 8), [2, 5, 6, 7]);
    let merge = kept.iter().find(|commit| commit.id.0 == id(6)).unwrap();
    assert_eq!(merge.brought_in, [Sha(id(2)), Sha(id(5))]);
}

#[test]
fn first_parent_comes_first() {
    let commits = [
        (vec![], "a #7".to_owned()),
        (vec![0], "b #7".to_owned()),
        (vec![0], "c #7".to_owned()),
        (vec![2, 1], "d #7".to_owned()),
    ];
    let interest = Interest { issues: [IssueNumber(7)].into(), ..Interest::default() };
    let kept = shorten_history(&index(&commits), &interest);
    assert_eq!(kept.last().unwrap().parents, [Sha(id(2)), Sha(id(1))]);
}

#[test]
fn history_of_100_000_commits_is_shortened_in_time() {
    // Two long branches that are merged into each other all the time, and a short branch for each commit.
    let mut commits: Vec<(Vec<usize>, String)> = vec![(vec![], "root".to_owned())];
    let (mut one, mut two) = (0, 0);
    while commits.len() < 100_000 {
        let number = commits.len();
        let text = if number.is_multiple_of(97) { "fix #7".to_owned() } else { format!("change {number}") };
        let old = number.saturating_sub(number % 5_000 + 1);
        let parents = match number % 4 {
            0 => vec![one, two],
            1 => vec![two],
            2 => vec![old],
            _ => vec![one, number - 1],
        };
        match number % 4 {
            1 => two = number,
            2 => {}
            _ => one = number,
        }
        commits.push((parents, text));
    }
    let index = index(&commits);
    let interest = Interest { issues: [IssueNumber(7)].into(), ..Interest::default() };
    let start = std::time::Instant::now();
    let kept = shorten_history(&index, &interest);
    // A few hundredths of a second where it is optimized.
    assert!(start.elapsed().as_secs() < 10, "{:?}", start.elapsed());
    assert!((1_000..20_000).contains(&kept.len()), "{}", kept.len());
}

/// The ancestors of each commit, itself among them.
fn ancestors<'a>(parents: &BTreeMap<&'a str, Vec<&'a str>>) -> BTreeMap<&'a str, BTreeSet<&'a str>> {
    let of = |start: &'a str| {
        let (mut seen, mut queue) = (BTreeSet::from([start]), vec![start]);
        while let Some(next) = queue.pop() {
            queue.extend(parents[next].iter().filter(|parent| seen.insert(parent)));
        }
        seen
    };
    parents.keys().map(|start| (*start, of(start))).collect()
}

prop_compose! {
    /// Commits with up to four earlier parents; some name an issue.
    fn histories()(
        commits in prop::collection::vec((prop::collection::vec(any::<prop::sample::Index>(), 0..4), 0..5), 1..60)
    ) -> Vec<(Vec<usize>, String)> {
        let parents = |number: usize, from: Vec<prop::sample::Index>| -> Vec<usize> {
            let parents: BTreeSet<usize> = from.into_iter().filter(|_| number > 0).map(|at| at.index(number)).collect();
            parents.into_iter().collect()
        };
        let message = |kind: i32| if kind == 0 { "fix #7" } else { "other" }.to_owned();
        commits.into_iter().enumerate().map(|(number, (from, kind))| (parents(number, from), message(kind))).collect()
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn reachability_is_that_of_the_repository(commits in histories()) {
        let interest = Interest { issues: [IssueNumber(7)].into(), ..Interest::default() };
        let kept = shorten_history(&index(&commits), &interest);
        let ids: Vec<String> = (0..commits.len()).map(id).collect();
        let whole = commits.iter().enumerate().map(|(number, (parents, _))| {
            (ids[number].as_str(), parents.iter().map(|parent| ids[*parent].as_str()).collect())
        });
        let whole = ancestors(&whole.collect());
        let short = kept.iter().map(|commit| {
            (commit.id.0.as_str(), commit.parents.iter().map(|parent| parent.0.as_str()).collect())
        });
        let short = ancestors(&short.collect());
        for (id, reached) in &short {
            let expected: BTreeSet<&str> =
                whole[id].iter().copied().filter(|other| short.contains_key(other)).collect();
            prop_assert_eq!(reached, &expected);
        }
        let speaking = commits.iter().enumerate().filter(|(_, (_, message))| message.contains("#7"));
        for (number, _) in speaking {
            prop_assert!(kept.iter().any(|commit| commit.id.0 == ids[number] && commit.has_words));
        }
    }
}
