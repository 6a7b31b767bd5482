#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::BTreeSet;
use std::rc::Rc;

use super::super::{Code, Diagnostic, parse};
use super::{PolicyCase, parse_cases};
use crate::model::{IssueNumber, IssueState, Sha, StateReason};

const POLICY: &str = "version: 1
defects: { escaped: { labels: [escaped] }, caught: { labels: [caught] } }
deployments: { environment: production }
rules:
  - { id: unfixed, metric: unfixed, max: 0 }
  - { id: rate, metric: escape-rate, max: 5% }
";

fn read(text: &str) -> Result<Vec<PolicyCase>, BTreeSet<Code>> {
    let policy = Rc::new(parse(POLICY.as_bytes(), "policy.yml").unwrap().policy);
    parse_cases(text.as_bytes(), "cases.yml", &|_| Some(Rc::clone(&policy)))
        .map_err(|refused| refused.diagnostics().iter().map(Diagnostic::code).collect())
}

/// One case with this evidence.
fn given(evidence: &str) -> Result<PolicyCase, BTreeSet<Code>> {
    let text = format!(
        "version: 1\ncases:\n  - name: a\n    given: {{ {evidence} }}\n    expect: {{ verdict: pass }}\n"
    );
    read(&text).map(|mut cases| cases.remove(0))
}

/// One case that expects this.
fn expecting(what: &str) -> Result<PolicyCase, BTreeSet<Code>> {
    let text =
        format!("version: 1\ngiven: {{ now: 2026-09-01 }}\ncases:\n  - name: a\n    expect: {{ {what} }}\n");
    read(&text).map(|mut cases| cases.remove(0))
}

#[test]
fn unknown_key_in_case_is_an_error() {
    let ticket = |more: &str| format!("tickets: [{{ number: 1, opened: 2026-08-01, {more} }}]");
    for (evidence, code) in [
        ("now: 2026-09-01, no: 1".to_owned(), Code::UnknownKey),
        ("now: 2026-09-31".into(), Code::BadMoment),
        ("now: 2026-09-01T12:00:00".into(), Code::BadMoment),
        ("now: 20260901".into(), Code::WrongType),
        (ticket("lables: [escaped]"), Code::UnknownKey),
        (ticket("labels: escaped"), Code::WrongType),
        (ticket("labels: [1]"), Code::WrongType),
        (ticket("closed: soon"), Code::BadMoment),
        (ticket("closed: 2026-07-01"), Code::OddEvidence),
        (ticket("reopened: 2026-07-01"), Code::OddEvidence),
        (ticket("reason: completed"), Code::OddEvidence),
        (ticket("closed: 2026-08-02, reason: done"), Code::OddEvidence),
        (ticket("closed: 2026-08-02, reason: completed, duplicate-of: 2"), Code::OddEvidence),
        (ticket("count: 0"), Code::OddEvidence),
        (ticket("count: 10001"), Code::TooBig),
        ("tickets: [{ number: 1, count: 9999, opened: 2026-08-01 }, { number: 10000, count: 2, opened: 2026-08-01 }]".into(), Code::TooBig),
        (ticket("fixes: [{}]"), Code::OddEvidence),
        (ticket("closed: 2026-08-02, fixes: [{ in-candidate: true }]"), Code::OddEvidence),
        (format!("candidate: v2, {}", ticket("fixes: [{ in-candidate: true }]")), Code::MissingKey),
        (format!("candidate: v2, {}", ticket("fixes: [{ in-candidate: yes }]")), Code::WrongType),
        (
            "tickets: [{ number: 1, opened: 2026-08-01 }, { number: 1, opened: 2026-08-01 }]".into(),
            Code::OddEvidence,
        ),
        (
            "tickets: [{ number: 1, count: 3, opened: 2026-08-01 }, { number: 3, opened: 2026-08-01 }]"
                .into(),
            Code::OddEvidence,
        ),
        ("tickets: [{ opened: 2026-08-01 }]".into(), Code::MissingKey),
        ("tickets: [{ number: 1 }], now: 2026-09-01".into(), Code::MissingKey),
        ("tickets: [v1], now: 2026-09-01".into(), Code::WrongType),
        ("releases: [{ tag: v1 }], now: 2026-09-01".into(), Code::OddEvidence),
        ("releases: [{ tag: v1, draft: true, published: 2026-08-01 }]".into(), Code::OddEvidence),
        ("releases: [{ published: 2026-08-01 }]".into(), Code::MissingKey),
        ("candidate: {}, now: 2026-09-01".into(), Code::MissingKey),
        ("candidate: [v1], now: 2026-09-01".into(), Code::WrongType),
        ("candidate: '', now: 2026-09-01".into(), Code::EmptyText),
        ("tests: {}, now: 2026-09-01".into(), Code::OddEvidence),
        ("tests: { passed: 1, flaky: 2 }, now: 2026-09-01".into(), Code::OddEvidence),
        ("tests: { failed: 1, covers: [1] }, now: 2026-09-01".into(), Code::OddEvidence),
        ("tests: { passed: 1.5 }, now: 2026-09-01".into(), Code::Fraction),
        ("tests: { passed: 100001 }, now: 2026-09-01".into(), Code::TooBig),
        ("deployments: [{ release: v1, at: 2026-09-01, state: lost }]".into(), Code::OddEvidence),
        ("unread: [moon], now: 2026-09-01".into(), Code::UnknownTolerance),
        ("snapshot: x.json, candidate: v1".into(), Code::BesideSnapshot),
        ("snapshot: ''".into(), Code::EmptyText),
    ] {
        let found = given(&evidence).map(|_| ()).unwrap_err();
        assert_eq!(found, BTreeSet::from([code]), "{evidence}");
    }
}

/// A history of two commits, and whatever else.
fn with_history(more: &str) -> Result<PolicyCase, BTreeSet<Code>> {
    let commits = "{ name: m1, date: 2026-01-01 }, { name: f2, date: 2026-02-01, message: 'Fix (#2)' }";
    given(&format!("history: {{ commits: [{commits}], branches: {{ main: f2 }} }}, {more}"))
}

#[test]
fn slips_in_a_history_are_errors() {
    let history = |commits: &str| format!("now: 2026-09-01, history: {{ commits: [{commits}] }}");
    for (evidence, code) in [
        (history(""), Code::EmptyList),
        (history("{ name: a }"), Code::MissingKey),
        (history("{ date: 2026-01-01 }"), Code::MissingKey),
        (history("{ name: a b, date: 2026-01-01 }"), Code::OddEvidence),
        (history("{ name: a, date: 2026-01-01, parent: b }"), Code::UnknownKey),
        (history("{ name: a, date: 2026-01-01 }, { name: a, date: 2026-01-01 }"), Code::OddEvidence),
        (history("{ name: a, date: 2026-01-01, parents: [b] }"), Code::OddEvidence),
        (history("{ name: a, date: 2026-01-01, parents: [a] }"), Code::OddEvidence),
        (
            history("{ name: a, date: 2026-01-01, parents: [b] }, { name: b, date: 2026-01-01 }"),
            Code::OddEvidence,
        ),
        (history("{ name: a, date: 2026-01-01, message: 'Revert {b}' }"), Code::OddEvidence),
        ("now: 2026-09-01, history: {}".into(), Code::MissingKey),
        ("now: 2026-09-01, candidate: { tag: v1, commit: m1 }".into(), Code::OddEvidence),
        ("releases: [{ tag: v1, published: 2026-09-01, commit: m1 }]".into(), Code::OddEvidence),
    ] {
        assert_eq!(given(&evidence).map(|_| ()).unwrap_err(), BTreeSet::from([code]), "{evidence}");
    }
    let issue = |more: &str| format!("issues: [{{ number: 1, opened: 2026-01-10, {more} }}]");
    for (evidence, code) in [
        ("candidate: v2".into(), Code::MissingKey),
        ("candidate: { tag: v2, commit: f3 }".into(), Code::OddEvidence),
        ("candidate: { tag: v2, commit: f2, closes: [1] }".into(), Code::OddEvidence),
        ("candidate: { branch: next }".into(), Code::MissingKey),
        ("releases: [{ tag: v1, published: 2026-01-02 }]".into(), Code::OddEvidence),
        ("releases: [{ tag: v1, published: 2026-01-02, commit: m2 }]".into(), Code::OddEvidence),
        ("pull-requests: [{ number: 2, commit: f3 }]".into(), Code::OddEvidence),
        ("pull-requests: [{ number: 2, state: done }]".into(), Code::OddEvidence),
        ("pull-requests: [{ number: 2, state: merged, merged: 2026-01-02 }]".into(), Code::OddEvidence),
        ("pull-requests: [{ number: 2, state: open, commit: f2 }]".into(), Code::OddEvidence),
        ("pull-requests: [{ number: 2 }, { number: 2 }]".into(), Code::OddEvidence),
        ("pull-requests: [{ number: 2, repository: acme/parser }]".into(), Code::OddEvidence),
        ("pull-requests: [{ number: 2, body: 'Backport of {x}' }]".into(), Code::OddEvidence),
        (issue("linked: [3]"), Code::OddEvidence),
        (issue("closed: { at: 2026-02-01, change: '#3' }"), Code::OddEvidence),
        (issue("closed: { at: 2026-02-01, change: f3 }"), Code::OddEvidence),
        (issue("closed: { by: bot }"), Code::MissingKey),
        (issue("closed: { at: 2026-02-01, who: bot }"), Code::UnknownKey),
        (issue("labels: [{ by: bot }]"), Code::MissingKey),
        (issue("labels: [{ name: a, at: soon }]"), Code::BadMoment),
        (issue("author-role: owner"), Code::OddEvidence),
        (issue("fields: [Environment]"), Code::WrongType),
        (issue("fixes: [{ commit: f3 }]"), Code::OddEvidence),
        (
            format!("candidate: {{ branch: main }}, {}", issue("fixes: [{ in-candidate: true }]")),
            Code::OddEvidence,
        ),
        ("issues: [], tickets: []".into(), Code::OddEvidence),
    ] {
        assert_eq!(with_history(&evidence).map(|_| ()).unwrap_err(), BTreeSet::from([code]), "{evidence}");
    }
}

#[test]
fn history_becomes_a_snapshot_of_schema_2() {
    let case = with_history(
        "candidate: { branch: main }, releases: [{ tag: v1, published: 2026-01-02, commit: m1 }],
         pull-requests: [{ number: 2, title: 'Fix {m1}', commit: f2 }, { number: 3, labels: [x] }],
         issues: [{ number: 1, opened: 2026-01-10, linked: [2], labels: [a, { name: b, by: reporter }] }]",
    )
    .unwrap();
    let evidence = case.given.evidence;
    let graph = evidence.history.unwrap();
    let [first, fix] = graph.commits.as_slice() else { panic!("two commits") };
    assert_eq!((evidence.schema, case.given.commits), (2, None));
    assert_eq!((fix.parents.as_slice(), first.parents.len()), (&[first.id.clone()][..], 0));
    assert!(fix.id.0.len() == 40 && fix.id.0.bytes().all(|byte| byte.is_ascii_hexdigit()), "{}", fix.id);
    assert_eq!(evidence.candidate.unwrap().head.as_ref(), Some(&fix.id));
    assert_eq!(graph.branches["main"], fix.id);
    let issue = &evidence.issues.unwrap()[0];
    assert_eq!(issue.fixes[0].commit.as_ref(), Some(&fix.id));
    assert_eq!(issue.fixes[0].merged_at, Some(fix.committed_at));
    assert_eq!(issue.fixes[0].title, Some(format!("Fix {}", first.id)));
    let said: Vec<(&str, Option<&str>)> = issue
        .label_history
        .as_ref()
        .unwrap()
        .events
        .iter()
        .map(|event| (event.label.as_str(), event.by.as_ref().unwrap().login.as_deref()))
        .collect();
    assert_eq!(said, [("b", Some("reporter")), ("a", Some("maintainer"))]);
    assert_eq!(evidence.pull_requests.unwrap().iter().map(|pull| pull.number).collect::<Vec<_>>(), [2, 3]);
    let unread = with_history("candidate: { branch: main }, unread: [history]").unwrap().given.evidence;
    assert!(unread.history.is_none() && unread.schema == 2);
    assert_eq!(given("now: 2026-09-01").unwrap().given.evidence.schema, 1);
}

#[test]
fn closing_change_is_linked() {
    let closed = |change: &str| {
        let case = with_history(&format!(
            "pull-requests: [{{ number: 2, commit: f2 }}],
             issues: [{{ number: 1, opened: 2026-01-10, closed: {{ at: 2026-02-02, by: bot, change: {change} }} }}]"
        ));
        case.unwrap().given.evidence.issues.unwrap().remove(0)
    };
    for change in ["2", "'#2'"] {
        let issue = closed(change);
        assert_eq!(issue.fixes[0].pull_request, Some(2));
        assert_eq!(issue.closing.as_ref().unwrap().change.as_deref(), Some("#2"));
    }
    let issue = closed("f2");
    assert_eq!(issue.fixes[0].commit.as_ref().unwrap().0, issue.closing.unwrap().change.unwrap());
    let issue = closed("'acme/parser#12'");
    assert!(issue.fixes.is_empty() && issue.closing.unwrap().by.unwrap().bot);
}

#[test]
fn a_case_that_could_not_fail_is_an_error() {
    for (text, code) in [
        ("cases: []", Code::NoCases),
        ("cases:", Code::NoCases),
        ("given: { now: 2026-09-01 }", Code::NoCases),
        ("cases: [{ name: a, given: { now: 2026-09-01 } }]", Code::NothingExpected),
        ("cases: [{ name: a, given: { now: 2026-09-01 }, expect: {} }]", Code::NothingExpected),
        ("cases: [{ name: a, given: { now: 2026-09-01 }, expect: { rules: {} } }]", Code::NothingExpected),
        ("cases: [{ name: '', given: { now: 2026-09-01 }, expect: { verdict: pass } }]", Code::EmptyText),
        ("cases: [{ name: a, expect: { verdict: pass } }]", Code::MissingKey),
    ] {
        assert_eq!(read(&format!("version: 1\n{text}\n")).unwrap_err(), BTreeSet::from([code]), "{text}");
    }
    assert_eq!(read("").unwrap_err(), BTreeSet::from([Code::Empty]));
    assert_eq!(read("version: 2\ncases: []\n").unwrap_err(), BTreeSet::from([Code::UnsupportedVersion]));
    for (what, code) in [
        ("rules: { unfixed: {} }", Code::NothingExpected),
        ("rules: { unfixd: pass }", Code::UnknownRule),
        ("rules: { unfixed: passed }", Code::UnknownVerdict),
        ("rules: [unfixed]", Code::WrongType),
        ("verdict: waived", Code::UnknownVerdict),
        ("rules: { unfixed: { value: 5% } }", Code::BadExpectedValue),
        ("rules: { rate: { value: 5 } }", Code::BadExpectedValue),
        ("rules: { rate: { value: many } }", Code::BadExpectedValue),
        ("rules: { unfixed: { issues: [x] } }", Code::WrongType),
        ("status: {}", Code::NothingExpected),
        ("status: { 1: broken }", Code::UnknownVerdict),
        ("status: { one: fixed }", Code::WrongType),
        ("status: [fixed]", Code::WrongType),
        ("status: { 1: { row: 9 } }", Code::MissingKey),
        ("status: { 1: { status: fixed, row: 11 } }", Code::UnknownVerdict),
        ("found-in: { 1: [] }", Code::WrongType),
        ("unfixed: 1", Code::WrongType),
        ("blockers: [1]", Code::UnknownRule),
    ] {
        assert_eq!(expecting(what).map(|_| ()).unwrap_err(), BTreeSet::from([code]), "{what}");
    }
}

#[test]
fn omitted_evidence_is_not_collected_and_empty_evidence_is() {
    let case = given("now: 2026-09-01").unwrap();
    let evidence = case.given.evidence;
    assert!(evidence.issues.is_none() && evidence.releases.is_none() && evidence.tests.is_none());
    let case = given("now: 2026-09-01, tickets: [], releases: []").unwrap();
    assert_eq!(case.given.evidence.issues, Some(vec![]));
    assert_eq!(case.given.evidence.releases, Some(vec![]));
}

#[test]
fn given_candidate_has_all_its_commits_by_default() {
    let fixed =
        "tickets: [{ number: 7, opened: 2026-08-01, closed: 2026-08-02, fixes: [{ in-candidate: true }] }]";
    let case =
        given(&format!("candidate: {{ tag: v2, commits: [c1], closes: [8], since: v1 }}, {fixed}")).unwrap();
    let commits = case.given.commits.unwrap();
    let ticket = &case.given.evidence.issues.unwrap()[0];
    let fix = ticket.fixes[0].commit.clone().unwrap();
    assert_eq!(commits.ids, BTreeSet::from([Sha("c1".into()), fix]));
    assert_eq!((commits.closes, commits.base.unwrap().0), (BTreeSet::from([IssueNumber(8)]), "v1".into()));
    assert_eq!(ticket.fixes[0].merged_at, ticket.closed_at);
    let case = given(&format!("candidate: v2, unread: [history, origins], {fixed}")).unwrap();
    assert_eq!(case.given.commits, None);
    assert_eq!(case.given.evidence.gaps.len(), 2);
}

#[test]
fn now_defaults_to_the_latest_time_in_the_evidence() {
    let case = given(
        "releases: [{ tag: v1, published: 2026-08-03 }], tickets: [{ number: 1, opened: 2026-08-01, closed: '2026-08-04T10:00:00+02:00' }]",
    )
    .unwrap();
    assert_eq!(case.given.now.unwrap().to_string(), "2026-08-04T08:00:00Z");
    assert_eq!(
        given("now: 2026-08-05, tickets: []").unwrap().given.now.unwrap().to_string(),
        "2026-08-05T00:00:00Z"
    );
}

#[test]
fn case_inherits_omitted_keys_from_shared_evidence() {
    let cases = read(
        "version: 1
given: { now: 2026-09-01, candidate: v2, tickets: [{ number: 1, opened: 2026-08-01 }] }
cases:
  - { name: shared, expect: { verdict: pass } }
  - { name: own, given: { tickets: [] }, expect: { verdict: pass } }
  - { name: recorded, given: { snapshot: x.json }, expect: { verdict: pass } }
",
    )
    .unwrap();
    let tickets = |at: usize| cases[at].given.evidence.issues.as_ref().map(Vec::len);
    assert_eq!((tickets(0), tickets(1), tickets(2)), (Some(1), Some(0), None));
    assert!(cases[1].given.evidence.candidate.is_some());
    assert!(cases[2].given.evidence.candidate.is_none() && cases[2].given.now.is_none());
    assert_eq!(cases.iter().map(|case| case.line).collect::<Vec<_>>(), [4, 5, 6]);
}

#[test]
fn one_entry_stands_for_as_many_tickets_as_it_counts() {
    let case = given(
        "tickets: [{ number: 5, count: 3, opened: 2026-08-01, closed: 2026-08-02, reason: not-planned }]",
    );
    let tickets = case.unwrap().given.evidence.issues.unwrap();
    assert_eq!(tickets.iter().map(|one| one.number.0).collect::<Vec<_>>(), [5, 6, 7]);
    let closed = (IssueState::Closed, Some(StateReason::NotPlanned));
    assert!(tickets.iter().all(|one| (one.state, one.state_reason.clone()) == closed));
}

#[test]
fn totals_of_tests_are_counted_as_they_are_given() {
    let case = given(
        "now: 2026-09-01, tests: { passed: 4, failed: 3, errors: 2, skipped: 1, flaky: 1, covers: [9] }",
    );
    let tests = case.unwrap().given.evidence.tests.unwrap();
    let totals = tests.totals();
    assert_eq!((totals.total, totals.passed, totals.failed), (10, 4, 3));
    assert_eq!((totals.errors, totals.skipped, totals.flaky), (2, 1, 1));
    assert_eq!(tests.tests_naming(9, None)[0].1, crate::model::CaseStatus::Passed);
}

#[test]
fn deployments_need_an_environment_that_the_policy_watches() {
    let policy = Rc::new(parse(POLICY.replace("deployments:", "#").as_bytes(), "policy.yml").unwrap().policy);
    let text = "version: 1\ncases: [{ name: a, given: { deployments: [{ release: v1, at: 2026-09-01, state: failed }] }, expect: { verdict: pass } }]\n";
    let refused = parse_cases(text.as_bytes(), "cases.yml", &|_| Some(Rc::clone(&policy))).unwrap_err();
    assert_eq!(refused.diagnostics()[0].code(), Code::OddEvidence);
    let evidence = read(text).unwrap().remove(0).given.evidence;
    assert!(evidence.deployments.unwrap()["production"][0].failed());
}
