#![allow(clippy::unwrap_used)]
use super::*;
use crate::CommitRecord;

/// Ids of seven digits, so that a message can name them.
fn id(name: &str) -> String {
    let digits: String = name.bytes().map(|byte| format!("{byte:02x}")).collect();
    format!("{digits:0<40}")
}

/// A history from `(name, parents, day, message)`; in a message `{f2}` stands for the id of commit `f2`.
fn history(commits: &[(&str, &[&str], i8, &str)]) -> CommitHistory {
    let day = |day: i8| {
        let date = jiff::civil::date(2026, 1, 1).saturating_add(jiff::Span::new().days(day));
        date.to_zoned(jiff::tz::TimeZone::UTC).unwrap().timestamp()
    };
    let text = |message: &str| {
        commits
            .iter()
            .fold(message.to_owned(), |text, (name, ..)| text.replace(&format!("{{{name}}}"), &id(name)))
    };
    let commits = commits.iter().map(|(name, parents, at, message)| CommitRecord {
        id: Sha(id(name)),
        parents: parents.iter().map(|parent| Sha(id(parent))).collect(),
        committed_at: day(*at),
        author: String::new(),
        authored_at: day(*at),
        message: text(message),
        brought_in: Vec::new(),
        patch_id: None,
    });
    CommitHistory { commits: commits.collect(), ..CommitHistory::default() }
}

fn pull<'a>(number: u64, body: &'a str, commit: &'a Sha) -> PullRequestText<'a> {
    PullRequestText { number, title: "Title", body, head_branch: None, commit: Some(commit), merged_at: None }
}

/// Containment of commit `f2` in `head`: "absent", "present by …", "taken back by …".
fn fate(history: &CommitHistory, pulls: &[PullRequestText<'_>], head: &str) -> String {
    let changes = Changes::new(history, pulls.iter().copied(), None, "acme/shop");
    let place = |name: &str| changes.graph.place(&Sha(id(name))).unwrap();
    let name = |at: CommitPlace| {
        let names = ["m1", "f2", "f3", "r3", "a4", "r5", "p1", "p2", "b1", "x9"];
        names.into_iter().find(|name| history.commits[at].id.0 == id(name)).unwrap()
    };
    match changes.in_release(&[place("f2")], &changes.graph.contained(&[place(head)])) {
        InRelease::Absent => "absent".into(),
        InRelease::Partly { has, of } => format!("{has} of {of}"),
        InRelease::Present { by, .. } => format!("present by {}", name(by)),
        InRelease::TakenBack { by } => format!("taken back by {}", name(by)),
    }
}

#[test]
fn newest_of_fix_revert_and_reapplication_decides() {
    let history = history(&[
        ("m1", &[], 1, "Begin"),
        ("f2", &["m1"], 2, "Keep the order (#2)"),
        ("r3", &["f2"], 3, "Revert \"Keep the order (#2)\"\n\nThis reverts commit {f2}."),
        ("a4", &["r3"], 4, "Reapply \"Keep the order (#2)\"\n\nThis reverts commit {r3}."),
        ("r5", &["a4"], 5, "Revert \"Reapply \"Keep the order (#2)\"\"\n\nThis reverts commit {a4}."),
    ]);
    for (head, fate_there) in [
        ("m1", "absent"),
        ("f2", "present by f2"),
        ("r3", "taken back by r3"),
        ("a4", "present by a4"),
        ("r5", "taken back by r5"),
    ] {
        assert_eq!(fate(&history, &[], head), fate_there, "{head}");
    }
}

#[test]
fn revert_is_found_by_number_or_subject() {
    for message in ["Revert \"Keep the order (#2)\" (#3)", "revert: Keep the order", "Undo\n\nReverts #2"] {
        let history = history(&[
            ("m1", &[], 1, "Begin"),
            ("f2", &["m1"], 2, "Keep the order (#2)"),
            ("r3", &["f2"], 3, message),
        ]);
        assert_eq!(fate(&history, &[], "r3"), "taken back by r3", "{message}");
    }
}

#[test]
fn revert_of_another_change_takes_nothing_back() {
    let history = history(&[
        ("m1", &[], 1, "Begin"),
        ("f3", &["m1"], 1, "Keep the other (#3)"),
        ("f2", &["f3"], 2, "Keep the order (#2)"),
        ("r3", &["f2"], 3, "Revert \"Keep the other (#3)\"\n\nThis reverts commit {f3}."),
    ]);
    assert_eq!(fate(&history, &[], "r3"), "present by f2");
}

#[test]
fn copy_puts_change_in_and_its_revert_takes_it_out() {
    let history = history(&[
        ("m1", &[], 1, "Begin"),
        ("f2", &["m1"], 2, "Keep the order (#2)"),
        ("b1", &["m1"], 2, "Start 1.1.1"),
        ("p1", &["b1"], 3, "Keep the order\n\n(cherry picked from commit {f2})"),
        ("r5", &["p1"], 4, "Revert \"Keep the order\"\n\nThis reverts commit {p1}."),
    ]);
    assert_eq!(fate(&history, &[], "b1"), "absent");
    assert_eq!(fate(&history, &[], "p1"), "present by p1");
    assert_eq!(fate(&history, &[], "r5"), "taken back by r5");
}

#[test]
fn revert_on_main_does_not_reach_the_copy() {
    let history = history(&[
        ("m1", &[], 1, "Begin"),
        ("f2", &["m1"], 2, "Keep the order (#2)"),
        ("r3", &["f2"], 5, "Revert \"Keep the order (#2)\"\n\nThis reverts commit {f2}."),
        ("p1", &["m1"], 3, "Keep the order\n\n(cherry picked from commit {f2})"),
        ("p2", &["p1"], 6, "Revert \"Keep the order (#2)\"\n\n(cherry picked from commit {r3})"),
    ]);
    assert_eq!(fate(&history, &[], "p1"), "present by p1");
    assert_eq!(fate(&history, &[], "p2"), "taken back by p2");
}

#[test]
fn backport_is_told_by_the_body_of_its_pull_request() {
    let history = history(&[
        ("m1", &[], 1, "Begin"),
        ("f2", &["m1"], 2, "Keep the order (#2)"),
        ("p1", &["m1"], 3, "[release-1.1] Keep the order (#9)"),
    ]);
    assert_eq!(fate(&history, &[], "p1"), "absent");
    assert_eq!(fate(&history, &[pull(9, "Backport of #2", &Sha(id("p1")))], "p1"), "present by p1");
}

#[test]
fn copies_of_a_part_of_a_merge_are_a_part() {
    let mut history = history(&[
        ("m1", &[], 1, "Begin"),
        ("f2", &["m1"], 2, "Merge pull request #2 from acme/keep\n\nKeep"),
        ("p1", &["m1"], 3, "Keep one\n\n(cherry picked from commit aaaaaaa1)"),
        ("p2", &["p1"], 4, "Keep two\n\n(cherry picked from commit bbbbbbb2)"),
    ]);
    let whole = |digits: &str| Sha(format!("{digits:0<40}"));
    history.commits[1].brought_in = vec![whole("aaaaaaa1"), whole("bbbbbbb2")];
    assert_eq!(fate(&history, &[], "p1"), "1 of 2");
    assert_eq!(fate(&history, &[], "p2"), "present by p2");
}

#[test]
fn copy_of_a_merge_is_as_sure_as_its_least_sure_part() {
    let release: [(&str, &[&str], i8, &str); 2] =
        [("b1", &["m1"], 2, "Keep one"), ("x9", &["b1"], 5, "Keep two\n\n(cherry picked from commit {p2})")];
    let how = |author: &str| {
        let mut history = merge_of_two(&release);
        // `b1` has the subject and the date of `p1`, and does not say that it is a copy.
        history.commits[1].author = author.into();
        history.commits[4].author = author.into();
        let changes = Changes::new(&history, std::iter::empty(), None, "acme/shop");
        let place = |name: &str| changes.graph.place(&Sha(id(name))).unwrap();
        match changes.in_release(&[place("f2")], &changes.graph.contained(&[place("x9")])) {
            InRelease::Present { copied, .. } => copied,
            InRelease::Absent | InRelease::Partly { .. } | InRelease::TakenBack { .. } => None,
        }
    };
    assert_eq!(how("ada"), Some(HowCopied::SameAuthorAndDate));
}

/// A merge `f2` that brought in `p1` and `p2`.
fn merge_of_two(behind: &[(&str, &[&str], i8, &str)]) -> CommitHistory {
    let merge: [(&str, &[&str], i8, &str); 4] = [
        ("m1", &[], 1, "Begin"),
        ("p1", &["m1"], 2, "Keep one"),
        ("p2", &["p1"], 3, "Keep two"),
        ("f2", &["m1", "p2"], 4, "Merge pull request #2 from acme/keep\n\nKeep"),
    ];
    let mut history = history(&[&merge, behind].concat());
    history.commits[3].brought_in = vec![Sha(id("p1")), Sha(id("p2"))];
    history
}

#[test]
fn merge_is_taken_back_with_all_its_commits() {
    let one: [(&str, &[&str], i8, &str); 1] =
        [("r3", &["f2"], 5, "Revert \"Keep two\"\n\nThis reverts commit {p2}.")];
    let two: [(&str, &[&str], i8, &str); 1] =
        [("r5", &["r3"], 6, "Revert \"Keep one\"\n\nThis reverts commit {p1}.")];
    let history = merge_of_two(&[one, two].concat());
    assert_eq!(fate(&history, &[], "r3"), "present by f2");
    assert_eq!(fate(&history, &[], "r5"), "taken back by r5");
}

#[test]
fn revert_by_subject_goes_by_history_not_by_clocks() {
    let history = history(&[
        ("m1", &[], 1, "Keep the order"),
        ("r3", &["m1"], 3, "Revert \"Keep the order\""),
        ("f2", &["r3"], 4, "Keep the order (#2)"),
        // The clock of this one is three days late.
        ("r5", &["f2"], 1, "Revert \"Keep the order\""),
    ]);
    assert_eq!(fate(&history, &[], "f2"), "present by f2");
    assert_eq!(fate(&history, &[], "r5"), "taken back by r5");
}

#[test]
fn title_of_rebased_pull_request_names_its_commit() {
    let history = history(&[
        ("m1", &[], 1, "Begin"),
        ("f2", &["m1"], 2, "Step one"),
        ("r3", &["f2"], 3, "Revert \"Title\" (#3)"),
    ]);
    assert_eq!(fate(&history, &[], "r3"), "present by f2");
    assert_eq!(fate(&history, &[pull(2, "", &Sha(id("f2")))], "r3"), "taken back by r3");
}

#[test]
fn subject_without_quotes_reverts_a_change_of_these_words() {
    for (message, fate_there) in [
        ("Revert Keep the order (#3)", "taken back by r3"),
        ("Revert Keep the other (#3)", "present by f2"),
        ("Reapply Keep the order (#3)", "present by r3"),
    ] {
        let history = history(&[
            ("m1", &[], 1, "Begin"),
            ("f2", &["m1"], 2, "Keep the order (#2)"),
            ("r3", &["f2"], 3, message),
        ]);
        assert_eq!(fate(&history, &[], "r3"), fate_there, "{message}");
    }
}

#[test]
fn number_leads_to_commit_after_rewrite() {
    let history = history(&[("m1", &[], 1, "Begin"), ("f2", &["m1"], 2, "Keep the order (#2)")]);
    let commits_of = |commit: &str| {
        let commit = Sha(id(commit));
        let changes = Changes::new(&history, [pull(2, "", &commit)].into_iter(), None, "acme/shop");
        changes.commits_of(Some(&commit), Some(2))
    };
    assert_eq!(commits_of("gone"), [1]);
    assert_eq!(commits_of("m1"), [0]);
}

#[test]
fn proposed_pull_request_speaks_as_if_merged() {
    let history = history(&[("m1", &[], 1, "Begin"), ("p1", &["m1"], 2, "Work")]);
    let head = Sha(id("p1"));
    let open = PullRequestText { commit: None, ..pull(9, "Fixes #1", &head) };
    let closers = |proposed: Option<Proposed<'_>>| {
        let changes = Changes::new(&history, [open].into_iter(), proposed, "acme/shop");
        changes.closers(IssueNumber(1)).iter().map(|closer| closer.place).collect::<Vec<_>>()
    };
    assert_eq!(closers(None), [0; 0]);
    assert_eq!(closers(Some(Proposed { number: 9, head: &head, at: Timestamp::MAX })), [1]);
}

#[test]
fn twins_are_copies_and_namesakes_are_not() {
    let mut history = history(&[
        ("m1", &[], 1, "Begin"),
        ("f2", &["m1"], 2, "Keep the order (#2)"),
        ("p1", &["m1"], 3, "Keep the order (#9)"),
    ]);
    assert_eq!(fate(&history, &[], "p1"), "absent");
    let written = history.commits[1].authored_at;
    for commit in &mut history.commits[1..] {
        commit.author = "Ada <ada@example.com>".into();
        commit.authored_at = written;
    }
    assert_eq!(fate(&history, &[], "p1"), "present by p1");
}

#[test]
fn commit_older_than_its_original_is_no_copy() {
    let history = history(&[
        ("m1", &[], 1, "Begin"),
        ("p1", &["m1"], 2, "Cast decimals (#2) (#9)"),
        ("f2", &["p1"], 5, "Keep the order (#2)"),
    ]);
    assert_eq!(fate(&history, &[], "p1"), "absent");
}

#[test]
fn part_of_a_merge_that_was_taken_back_takes_the_copy_back() {
    let mut history = history(&[
        ("m1", &[], 1, "Begin"),
        ("f2", &["m1"], 2, "Merge pull request #2 from acme/keep\n\nKeep"),
        ("p1", &["m1"], 3, "Keep one\n\n(cherry picked from commit aaaaaaa1)"),
        ("r5", &["p1"], 4, "Revert \"Keep one\"\n\nThis reverts commit {p1}."),
    ]);
    history.commits[1].brought_in = vec![Sha(format!("{:0<40}", "aaaaaaa1"))];
    assert_eq!(fate(&history, &[], "p1"), "present by p1");
    assert_eq!(fate(&history, &[], "r5"), "taken back by r5");
}
