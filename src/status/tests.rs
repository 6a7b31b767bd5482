#![allow(clippy::unwrap_used)]
//! Each row of the table, where it matches and where it just does not.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::release_view::{ReleaseContents, ReleaseView};
use super::*;
use crate::attribution::statement::{Claim, NamedReleases, Speaker};
use crate::model::{AttributionMethod, CommitHistory, Sha};
use release_history::graph::CommitPlace;

/// Ids of the commits: `BASE` ← `FIX` ← `HEAD`, the candidate v1.6.0; and `SIDE` behind `BASE`, which the candidate does not have.
const BASE: &str = "ba5e000000000000000000000000000000000000";
const FIX: &str = "f1c0000000000000000000000000000000000000";
const HEAD: &str = "4ead000000000000000000000000000000000000";
const SIDE: &str = "51de000000000000000000000000000000000000";

/// A question about issue 1 in v1.6.0, which is open, was opened on 15 January and found in v1.5.0.
struct Case {
    issue: Value,
    said: Vec<Statement>,
    found_in: Option<&'static str>,
    cause: Option<&'static str>,
    /// A key of the policy.
    policy: String,
    /// A key of `defects` in the policy.
    defects: String,
    /// Message of the candidate's commit.
    head: &'static str,
    contents: Option<&'static str>,
}

impl Case {
    fn new(issue: Value) -> Self {
        let mut whole = json!({
            "number": 1, "title": "A defect", "url": "https://github.com/acme/shop/issues/1", "body": "", "labels": [],
            "state": "open", "created-at": "2026-01-15T00:00:00Z", "updated-at": "2026-03-01T00:00:00Z",
        });
        for (key, value) in issue.as_object().unwrap() {
            whole[key] = value.clone();
        }
        Self {
            issue: whole,
            said: Vec::new(),
            found_in: Some("v1.5.0"),
            cause: None,
            policy: String::new(),
            defects: String::new(),
            head: "Work",
            contents: None,
        }
    }

    fn says(mut self, says: Claim, names: NamedReleases, by: Speaker, day: &str) -> Self {
        let at = Some(format!("{day}T00:00:00Z").parse().unwrap());
        self.said.push(Statement { claim: says, names, by, at, place: format!("label of {day}").into() });
        self
    }

    fn label(self, says: Claim, names: NamedReleases) -> Self {
        self.says(says, names, Speaker::Maintainer, "2026-01-20")
    }

    /// The row that decides and the status; `None` if it could not be read.
    fn decide(self) -> (StatusRow, Option<Status>) {
        let text = format!(
            "version: 1\ndefects:\n  escaped: {{ labels: [bug] }}\n  {}\n{}\nrules: [{{ id: a, metric: unfixed, max: 0 }}]\n",
            self.defects, self.policy
        );
        let policy = crate::policy::parse(text.as_bytes(), "policy.yml").unwrap().policy;
        let history: CommitHistory = serde_json::from_value(json!({ "default-branch": "main", "commits": [
            commit(BASE, &[], "2026-01-01", "Work"),
            commit(FIX, &[BASE], "2026-02-01", "Keep the order (#2)"),
            commit(HEAD, &[FIX], "2026-03-01", self.head),
            commit(SIDE, &[BASE], "2026-02-02", "Keep the side (#3)"),
        ] }))
        .unwrap();
        let issue: Issue = serde_json::from_value(self.issue).unwrap();
        let changes = Changes::new(
            &history,
            issue.fixes.iter().filter_map(crate::model::Fix::pull_request_text),
            None,
            "acme/shop",
        );
        let place = |id: &str| -> CommitPlace { changes.graph.place(&Sha(id.to_owned())).unwrap() };
        let tag = Tag("v1.6.0".to_owned());
        let tags = |tags: &[&str]| tags.iter().map(|tag| Tag((*tag).to_owned())).collect();
        let contents = match self.contents {
            Some(why) => ReleaseContents::Unread(why.to_owned()),
            None => ReleaseContents::Graph(changes.graph.contained(&[place(HEAD)])),
        };
        let release = ReleaseView {
            name: "v1.6.0".to_owned(),
            tag: Some(&tag),
            line: Some("1.6".to_owned()),
            merges: BTreeSet::new(),
            branch: Some("main".to_owned()),
            default_branch: "main".to_owned(),
            not_after: tags(&["v1.4.0", "v1.5.0", "v1.6.0"]),
            contains: tags(&["v1.5.0", "v1.6.0"]),
            committed_at: Some("2026-03-01T00:00:00Z".parse().unwrap()),
            contents,
        };
        let found_in = Attribution {
            release: self.found_in.map(|tag| Tag(tag.to_owned())),
            method: if self.found_in.is_some() { AttributionMethod::Label } else { AttributionMethod::None },
            confidence: Confidence::Stated,
            evidence: String::new(),
        };
        let cause =
            self.cause.map(|commit| Cause { commit: commit.to_owned(), said: "a bisect result".to_owned() });
        let newest = Tag("v1.5.0".to_owned());
        let found = decide_status(&StatusQuestion {
            issue: &issue,
            statements: &self.said,
            found_in: &found_in,
            newest_at_opening: Some(&newest),
            cause: cause.as_ref(),
            release: &release,
            changes: Some(&changes),
            policy: &policy,
        });
        (found.row, found.status.ok())
    }
}

fn commit(id: &str, parents: &[&str], day: &str, message: &str) -> Value {
    let at = format!("{day}T00:00:00Z");
    json!({ "id": id, "parents": parents, "committed-at": at, "author": "", "authored-at": at, "message": message })
}

fn open() -> Case {
    Case::new(json!({}))
}

/// An issue that was closed by hand on a day.
fn by_hand(day: &str) -> Value {
    json!({ "state": "closed", "state-reason": "completed", "closed-at": format!("{day}T00:00:00Z"),
        "closing": { "by": { "login": "mina" } } })
}

/// An issue that was closed by changes, each merged on 1 February.
fn by_changes(changes: &[(u64, &str)]) -> Value {
    let change = |(number, commit): &(u64, &str)| {
        json!({ "pull-request": number, "commit": commit, "state": "merged", "base": "main",
            "merged-at": "2026-02-01T00:00:00Z" })
    };
    let mut issue = by_hand("2026-02-03");
    issue["fixes"] = changes.iter().map(change).collect();
    issue
}

fn releases(tags: &[&str]) -> NamedReleases {
    NamedReleases::Releases(tags.iter().map(|tag| Tag((*tag).to_owned())).collect())
}

fn line(line: &str) -> NamedReleases {
    NamedReleases::Line(line.to_owned())
}

fn other_product() -> NamedReleases {
    NamedReleases::OtherProduct("till".to_owned())
}

const AFFECTED: (StatusRow, Option<Status>) = (StatusRow::FoundBefore, Some(Status::Affected));

#[test]
fn policy_names_release_or_line() {
    let entry = |issue: u64, release: &str| {
        let defects = format!(
            "status: [{{ issue: {issue}, in: '{release}', is: not-affected, by: '@mina', reason: It is off. }}]"
        );
        Case { defects, ..open() }.decide()
    };
    let not_affected = (StatusRow::Policy, Some(Status::NotAffected));
    assert_eq!(entry(1, "v1.6.0"), not_affected);
    assert_eq!(entry(1, "1.6"), not_affected);
    assert_eq!(entry(1, "v1.5.0"), AFFECTED);
    assert_eq!(entry(2, "v1.6.0"), AFFECTED);
}

#[test]
fn label_says_fixed_in_contained_release() {
    let fixed = (StatusRow::FixedByLabel, Some(Status::Fixed));
    assert_eq!(open().label(Claim::FixedIn, releases(&["v1.5.0"])).decide(), fixed);
    assert_eq!(
        open().label(Claim::FixedIn, releases(&["v1.4.0"])).decide(),
        AFFECTED,
        "lower, not contained"
    );
    let reporter = open().says(Claim::FixedIn, releases(&["v1.5.0"]), Speaker::Reporter, "2026-01-20");
    assert_eq!(reporter.decide(), AFFECTED);
}

#[test]
fn label_of_fixed_release_is_overtaken() {
    let reopened = |day: &str| {
        Case::new(json!({ "reopened-at": format!("{day}T00:00:00Z") }))
            .label(Claim::FixedIn, releases(&["v1.5.0"]))
    };
    assert_eq!(reopened("2026-01-19").decide().1, Some(Status::Fixed));
    assert_eq!(reopened("2026-01-21").decide(), AFFECTED);
    let mut undated = reopened("2026-01-19");
    undated.said[0].at = None;
    assert_eq!(undated.decide(), AFFECTED, "nobody knows when a field was filled in");
    let newer = |day| {
        let fixed = open().label(Claim::FixedIn, releases(&["v1.5.0"]));
        fixed.says(Claim::Affects, line("1.6"), Speaker::Maintainer, day).decide().0
    };
    assert_eq!(newer("2026-01-19"), StatusRow::FixedByLabel);
    assert_eq!(newer("2026-01-20"), StatusRow::LineAffected, "of two at one time the worse one counts");
}

#[test]
fn label_of_fixed_release_needs_the_reverts() {
    let issue = || Case::new(by_changes(&[(2, FIX)])).label(Claim::FixedIn, releases(&["v1.6.0"]));
    let reverted = Case { head: "Revert #2", ..issue() };
    assert_eq!(reverted.decide(), (StatusRow::LacksFix, Some(Status::Affected)));
    let unread = Case { contents: Some("no commits"), ..issue() };
    assert_eq!(unread.decide(), (StatusRow::FixedByLabel, None));
}

#[test]
fn whole_fix_is_contained_and_a_part_is_not() {
    assert_eq!(Case::new(by_changes(&[(2, FIX)])).decide(), (StatusRow::ContainsFix, Some(Status::Fixed)));
    assert_eq!(Case::new(by_changes(&[(3, SIDE)])).decide(), AFFECTED);
    let part = Case::new(by_changes(&[(2, FIX), (3, SIDE)]));
    assert_eq!(part.decide(), (StatusRow::LacksFix, Some(Status::Affected)));
    let unread = Case { contents: Some("no commits"), ..Case::new(by_changes(&[(2, FIX)])) };
    assert_eq!(unread.decide(), (StatusRow::ContainsFix, None));
}

#[test]
fn change_before_the_opening_fixes_a_closed_issue_only() {
    let opened = |mut issue: Value| {
        issue["created-at"] = json!("2026-02-02T00:00:00Z");
        Case::new(issue).decide()
    };
    let issue = by_changes(&[(2, FIX)]);
    assert_eq!(opened(issue.clone()).1, Some(Status::Fixed));
    assert_eq!(opened(json!({ "fixes": issue["fixes"] })), AFFECTED);
}

#[test]
fn word_that_release_is_not_affected() {
    let not_affected = (StatusRow::NotAffectedByWord, Some(Status::NotAffected));
    assert_eq!(open().label(Claim::NotAffected, line("1.6")).decide(), not_affected);
    assert_eq!(open().label(Claim::NotAffected, releases(&["v1.6.0"])).decide(), not_affected);
    assert_eq!(open().label(Claim::NotAffected, line("1")).decide(), not_affected, "1 holds 1.6");
    assert_eq!(open().label(Claim::NotAffected, line("1.5")).decide(), AFFECTED);
    assert_eq!(open().label(Claim::NotAffected, line("1.60")).decide(), AFFECTED);
    let reporter = open().says(Claim::NotAffected, line("1.6"), Speaker::Reporter, "2026-01-20");
    assert_eq!(reporter.decide(), AFFECTED);
}

#[test]
fn label_of_another_product_only() {
    let other = || Case { found_in: None, ..open() }.label(Claim::FoundIn, other_product());
    assert_eq!(other().decide(), (StatusRow::NotAffectedByWord, Some(Status::NotAffected)));
    let both = Case { found_in: Some("v1.5.0"), ..other() }.label(Claim::FoundIn, releases(&["v1.5.0"]));
    assert_eq!(both.decide(), AFFECTED);
    let reporter = Case { found_in: None, ..open() };
    let reporter = reporter.says(Claim::FoundIn, other_product(), Speaker::Reporter, "2026-01-15");
    assert_eq!(reporter.decide(), (StatusRow::Unknown, Some(Status::UnderInvestigation)));
}

#[test]
fn cause_is_absent_or_there() {
    let caused_by = |cause| Case { cause: Some(cause), ..open() }.decide();
    assert_eq!(caused_by("51de000"), (StatusRow::NotAffectedByWord, Some(Status::NotAffected)));
    assert_eq!(caused_by("f1c0000"), AFFECTED);
    assert_eq!(caused_by("0123456"), AFFECTED, "a commit that nobody knows");
}

#[test]
fn closed_by_hand_goes_by_the_build() {
    assert_eq!(Case::new(by_hand("2026-02-01")).decide(), (StatusRow::ClosedByHand, Some(Status::Fixed)));
    let later = (StatusRow::ClosedByHandLater, Some(Status::UnderInvestigation));
    assert_eq!(Case::new(by_hand("2026-03-01")).decide(), later, "at the same moment is not after");
    let mut opened_later = by_hand("2026-03-03");
    opened_later["created-at"] = json!("2026-03-02T00:00:00Z");
    assert_eq!(Case::new(opened_later).decide(), AFFECTED);
    let mut by_bot = by_hand("2026-02-01");
    by_bot["closing"] = json!({ "by": { "login": "stale", "bot": true } });
    assert_eq!(Case::new(by_bot).decide(), AFFECTED);
    let defects = "closed-without-change: unknown".to_owned();
    let unknown = Case { defects, ..Case::new(by_hand("2026-02-01")) };
    assert_eq!(unknown.decide(), (StatusRow::ClosedByHand, Some(Status::UnderInvestigation)));
}

#[test]
fn label_names_line_of_release() {
    let newer = || Case { found_in: Some("v2.0.0"), ..open() };
    let unknown = (StatusRow::Unknown, Some(Status::UnderInvestigation));
    assert_eq!(
        newer().label(Claim::Affects, line("1.6")).decide(),
        (StatusRow::LineAffected, Some(Status::Affected))
    );
    assert_eq!(newer().label(Claim::Affects, line("1.5")).decide(), unknown);
    let bot = newer().says(Claim::Affects, line("1.6"), Speaker::Reporter, "2026-01-15");
    assert_eq!(bot.decide(), unknown);
}

#[test]
fn labels_name_every_affected_line() {
    let complete = |case: Case| Case { policy: "lines: { complete: true }".to_owned(), ..case }.decide();
    let newer = || Case { found_in: Some("v2.0.0"), ..open() };
    let unknown = (StatusRow::Unknown, Some(Status::UnderInvestigation));
    let others = || newer().label(Claim::Affects, line("1.5"));
    assert_eq!(complete(others()), (StatusRow::OtherLines, Some(Status::NotAffected)));
    assert_eq!(complete(newer()), unknown, "no label names a line");
    assert_eq!(complete(others().label(Claim::MayAffect, line("1.6"))), unknown);
    assert_eq!(complete(newer().label(Claim::Affects, line("1"))).0, StatusRow::LineAffected);
}

#[test]
fn found_before_release_or_after_it() {
    assert_eq!(open().decide(), AFFECTED);
    let unknown = (StatusRow::Unknown, Some(Status::UnderInvestigation));
    assert_eq!(Case { found_in: Some("v2.0.0"), ..open() }.decide(), unknown);
    assert_eq!(Case { found_in: None, ..open() }.decide(), AFFECTED, "v1.5.0 was the newest");
    let added = Case { found_in: Some("v2.0.0"), ..open() };
    let added = added.says(Claim::FoundIn, releases(&["v1.4.0"]), Speaker::Reporter, "2026-01-15");
    assert_eq!(added.decide(), AFFECTED, "a reporter can add a defect");
}

#[test]
fn closing_that_counts_as_open() {
    let closed = |reason: Value, bot: bool| {
        let mut issue = by_hand("2026-02-01");
        issue["state-reason"] = reason;
        issue["closing"] = json!({ "by": { "login": "one", "bot": bot } });
        let issue: Issue = serde_json::from_value(Case::new(issue).issue).unwrap();
        let policy = b"version: 1\ndefects: { escaped: { labels: [bug] } }\nrules: [{ id: a, metric: unfixed, max: 0 }]\n";
        let policy = crate::policy::parse(policy, "policy.yml").unwrap().policy;
        question_of(&issue, &policy, |question| (question.is_open(), question.is_accepted()))
    };
    assert_eq!(closed(json!("not-planned"), false), (false, true));
    assert_eq!(closed(json!("not-planned"), true), (true, false));
    assert_eq!(closed(json!("duplicate"), false), (true, false));
    assert_eq!(closed(json!({ "other": "archived" }), false), (true, false));
    assert_eq!(closed(json!("completed"), false), (false, false));
}

/// Asks something of a question about an issue alone.
fn question_of<T>(issue: &Issue, policy: &Policy, ask: impl Fn(&StatusQuestion<'_>) -> T) -> T {
    let release = ReleaseView {
        name: "main".to_owned(),
        tag: None,
        line: None,
        merges: BTreeSet::new(),
        branch: None,
        default_branch: "main".to_owned(),
        not_after: [].into(),
        contains: [].into(),
        committed_at: None,
        contents: ReleaseContents::First,
    };
    let found_in = Attribution {
        release: None,
        method: AttributionMethod::None,
        confidence: Confidence::None,
        evidence: String::new(),
    };
    ask(&StatusQuestion {
        issue,
        statements: &[],
        found_in: &found_in,
        newest_at_opening: None,
        cause: None,
        release: &release,
        changes: None,
        policy,
    })
}
