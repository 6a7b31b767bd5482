#![allow(clippy::unwrap_used)]
use super::*;
use crate::attribution::introduced::record::Origin;
use crate::model::Confidence;

/// A record of a defect reported on day 100.
fn record(method: Method, committed: Option<i64>, released: Option<i64>) -> Record {
    let day = |day: i64| Timestamp::from_second(day * 86_400).unwrap();
    let is_found = method != Method::None;
    Record {
        fix: None,
        reported_at: day(100),
        method,
        confidence: Confidence::None,
        evidence: String::new(),
        origin: is_found.then(|| Origin {
            commit: None,
            subject: None,
            pull_request: None,
            release: None,
            committed_at: committed.map(day),
            released_at: released.map(day),
        }),
        nothing: (!is_found).then_some(Nothing::TooUncertain),
        suggestions: Vec::new(),
        blame_agrees: None,
        ruled_out: Vec::new(),
        passed_over: Vec::new(),
        affected: Vec::new(),
        unread: Vec::new(),
    }
}

fn days(days: i64) -> SignedDuration {
    SignedDuration::from_hours(days * 24)
}

#[test]
fn the_median_is_not_moved_by_one_old_defect_and_the_mean_is() {
    let records = [
        record(Method::Blame, Some(90), None),
        record(Method::Blame, Some(0), None),
        record(Method::Override, Some(88), None),
    ];
    let spread = time_to_detect(&records).from_commit.unwrap();
    assert_eq!((spread.median, spread.count), (days(12), 3));
    assert_eq!(spread.mean, SignedDuration::from_secs((10 + 100 + 12) * 86_400 / 3));
}

#[test]
fn of_an_even_number_the_median_lies_in_the_middle() {
    let records = [record(Method::Blame, Some(90), Some(96)), record(Method::Blame, Some(80), Some(98))];
    let time = time_to_detect(&records);
    assert_eq!(time.from_commit.unwrap().median, days(15));
    assert_eq!(time.from_release.unwrap().median, days(3));
}

#[test]
fn every_defect_is_in_the_coverage_and_an_open_one_is_not_dropped() {
    let mut open = record(Method::None, None, None);
    open.nothing = Some(Nothing::NoFix);
    let mut named = record(Method::RegressedBy, Some(50), Some(60));
    named.blame_agrees = Some(true);
    let records = [named, record(Method::Blame, Some(50), None), record(Method::None, None, None), open];
    let coverage = time_to_detect(&records).coverage;
    assert_eq!(coverage.all, coverage.named + coverage.inferred + coverage.unattributed + coverage.censored);
    assert_eq!(
        coverage.sentence(),
        "2 of 4: 1 named by developers, 1 inferred; 1 unattributed, 1 not fixed yet"
    );
    assert_eq!(coverage.agreement().unwrap(), "blame agreed on 1 of 1");
}

#[test]
fn nothing_attributed_is_no_time_at_all() {
    let time = time_to_detect(&[record(Method::None, None, None)]);
    assert_eq!((time.from_commit, time.from_release), (None, None));
    assert_eq!(time.coverage.agreement(), None);
}

#[test]
fn a_release_after_the_report_is_not_where_it_was_detected() {
    let time = time_to_detect(&[record(Method::Override, Some(50), Some(120))]);
    assert_eq!(time.from_release, None);
    assert_eq!(time.from_commit.unwrap().median, days(50));
}
