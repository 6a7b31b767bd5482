//! Bisect results in comments, beside what else is said.

use super::origin::{fix, shop};
use super::*;
use release_history::origins::origin_record::{Method, Nothing, PassedOver};
use release_history::origins::statement::{OriginStatement, OriginTarget, StatementKind, in_message};

fn signal(commit: &str) -> OriginStatement {
    OriginStatement {
        word: StatementKind::Bisect,
        target: OriginTarget::Commit(commit.to_owned()),
        place: "issue #1, comment by mona".into(),
        text: format!("{commit} is the first bad commit"),
    }
}

/// The record of the usual fix after its message said this, the comments that, and the issue something else.
fn record_of(
    message: &str,
    posted: impl FnOnce(&str, &str) -> BisectResults,
    issue: &str,
) -> (OriginRecord, String, String) {
    let mut sandbox = Sandbox::new();
    let guilty = shop(&mut sandbox);
    let fix = fix(&mut sandbox, message);
    let first = sandbox.git(&["rev-parse", "v1.0.0^{}"]).trim().to_owned();
    let local = local(&sandbox);
    let at = local.graph.committed_at(&Sha(fix.clone())).unwrap();
    let question = Question {
        fix: Some(Sha(fix)),
        said: in_message(issue, "issue #1"),
        posted: posted(&guilty, &first),
        report: ReportFacts { at, escaped: true, found_in: None },
        copies: Vec::new(),
    };
    (local.find(&question).unwrap(), guilty, first)
}

fn reasons(record: &OriginRecord) -> Vec<&str> {
    record.passed_over.iter().map(|PassedOver { because, .. }| because.as_str()).collect()
}

#[test]
fn the_latest_that_names_something_wins_and_the_others_are_shown() {
    let posted = |guilty: &str, first: &str| BisectResults {
        said: vec![signal("0123456789"), signal(first), signal(guilty), signal(&first[..9])],
        ..BisectResults::default()
    };
    let (record, guilty, first) = record_of("Stay inside", posted, "1111111 is the first bad commit");
    assert_eq!(culprit(&record), Some(first.as_str()));
    assert_eq!(record.method, Method::RegressedBy);
    assert_eq!(record.evidence, format!("issue #1, comment by mona: `{first} is the first bad commit`"));
    assert_eq!(
        reasons(&record),
        ["names no commit of this repository, or several", "gives way to what counts before it",]
    );
    assert_eq!(record.passed_over[1].signal.target, OriginTarget::Commit(guilty));
}

#[test]
fn what_is_said_for_the_purpose_outweighs_it() {
    let posted =
        |guilty: &str, _: &str| BisectResults { said: vec![signal(guilty)], ..BisectResults::default() };
    let (record, _, _) = record_of("Stay inside", posted, "Introduced-in: v1.0.0");
    assert_eq!((record.method, culprit(&record)), (Method::Override, None));
    assert_eq!(reasons(&record), ["gives way to what counts before it"]);
}

#[test]
fn nothing_softer_takes_the_place_of_comments_that_were_not_read() {
    let unread = |_: &str, first: &str| BisectResults {
        said: vec![signal(first)],
        unread: Some("a page did not come".into()),
        ..BisectResults::default()
    };
    let (record, _, first) = record_of("Stay inside", unread, "");
    assert_eq!((culprit(&record), record.nothing), (None, Some(Nothing::BlameFailed)));
    assert_eq!(record.unread, ["the comments of the issue: a page did not come"]);
    let (record, _, _) = record_of("Stay inside", unread, &format!("Follow-up to {first}"));
    assert_eq!(culprit(&record), None);
    let (record, _, first) = record_of("Stay inside", unread, &format!("Caused by {first}"));
    assert_eq!((culprit(&record), record.unread.len()), (Some(first.as_str()), 0));
}
