//! What a cache file keeps, and what it refuses.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::fs;

use serde_json::json;
use tempfile::TempDir;

use super::*;
use crate::github::testing::Fake;
use crate::tracker::github::RepositoryName;

fn question() -> CacheKey {
    CacheKey {
        host: "https://api.github.com".to_owned(),
        repository: "acme/shop".to_owned(),
        lists: vec!["label bug".to_owned()],
        shape: "1".to_owned(),
    }
}

fn kept() -> CachedIssues {
    let entry = |number: u64| -> IssueEntry {
        let ticket = json!({
            "number": number, "updated-at": "2026-01-02T00:00:00Z", "title": "t\n\u{2028}", "url": "u", "state": "open",
            "created-at": "2026-01-01T00:00:00Z", "label-history": { "events": [], "more": true }
        });
        serde_json::from_value(
            json!({ "id": format!("I_{number}"), "ticket": ticket, "doubtful": number == 2, "referrers": [] }),
        )
        .unwrap()
    };
    CachedIssues {
        read_at: "2026-01-03T00:00:00Z".parse().unwrap(),
        mark: "2026-01-02T00:00:00Z".parse().unwrap(),
        names: BTreeMap::from([("LA_1".to_owned(), "bug".to_owned())]),
        entries: (1..=3).map(|number| (IssueNumber(number), entry(number))).collect(),
    }
}

fn written() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("deep/one.cache");
    write(&path, &question(), &kept()).unwrap();
    (folder, path)
}

#[test]
fn what_was_written_is_read_and_nothing_else_stays_behind() {
    let (_folder, path) = written();
    assert_eq!(read(&path, &question()), Ok(Some(kept())));
    write(&path, &question(), &kept()).unwrap();
    assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
    assert_eq!(read(&path.with_file_name("other.cache"), &question()), Ok(None));
}

#[test]
fn no_byte_can_be_cut_flipped_added_or_taken_out_unnoticed() {
    let (_folder, path) = written();
    let whole = fs::read(&path).unwrap();
    let refused = |bytes: &[u8], what: &str| {
        fs::write(&path, bytes).unwrap();
        assert!(read(&path, &question()).is_err(), "{what}");
    };
    for at in 0..whole.len() {
        refused(&whole[..at], &format!("cut at {at}"));
        let mut flipped = whole.clone();
        flipped[at] ^= 1;
        refused(&flipped, &format!("flipped at {at}"));
    }
    refused(&[&whole[..], b"x"].concat(), "added");
    let lines: Vec<&[u8]> = whole.split_inclusive(|byte| *byte == b'\n').collect();
    for gone in 0..lines.len() {
        let rest: Vec<&[u8]> =
            lines.iter().enumerate().filter(|(at, _)| *at != gone).map(|(_, line)| *line).collect();
        refused(&rest.concat(), &format!("line {gone} taken out"));
    }
}

#[test]
fn an_answer_to_another_question_is_not_used() {
    let (_folder, path) = written();
    let others: [fn(&mut CacheKey); 4] = [
        |question| question.host = "https://github.example".to_owned(),
        |question| question.repository = "acme/other".to_owned(),
        |question| question.lists.push("label z".to_owned()),
        |question| question.shape = "2".to_owned(),
    ];
    for change in others {
        let mut other = question();
        change(&mut other);
        assert!(read(&path, &other).unwrap_err().contains("something else"));
    }
}

#[cfg(unix)]
#[test]
fn it_is_for_this_user_alone() {
    use std::os::unix::fs::PermissionsExt;
    let (_folder, path) = written();
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o666)).unwrap();
    assert!(read(&path, &question()).unwrap_err().contains("others may write it"));
}

#[test]
fn writers_at_the_same_time_leave_one_whole_file() {
    let (_folder, path) = written();
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| (0..10).for_each(|_| write(&path, &question(), &kept()).unwrap()));
        }
    });
    assert_eq!(read(&path, &question()), Ok(Some(kept())));
    assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
}

#[test]
fn after_a_day_it_is_not_used_whatever_it_holds() {
    let (_folder, path) = written();
    let client = Fake::start().client();
    let repository = RepositoryName::parse("acme/shop").unwrap();
    let place = CacheFile { question: question(), path };
    for (now, used) in [
        ("2026-01-02T23:59:00Z", true),
        ("2026-01-03T00:00:00Z", true),
        ("2026-01-03T23:59:59Z", true),
        ("2026-01-04T00:00:00Z", false),
        ("2025-12-01T00:00:00Z", false),
    ] {
        let kept = place.load(&PagedReader::new(&client, &repository), now.parse().unwrap());
        assert_eq!(kept.is_some(), used, "{now}");
    }
}
