//! Reading and refusing cache files.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::fs;

use serde_json::json;
use tempfile::TempDir;

use super::*;
use crate::github::testing::Fake;
use crate::model::IssueNumber;
use crate::tracker::github::RepositoryName;

fn key() -> CacheKey {
    CacheKey {
        host: "https://api.github.com".to_owned(),
        repository: "acme/shop".to_owned(),
        lists: vec!["label bug".to_owned()],
        shape: "1".to_owned(),
    }
}

fn state() -> CacheState {
    CacheState {
        read_at: "2026-01-03T00:00:00Z".parse().unwrap(),
        mark: "2026-01-02T00:00:00Z".parse().unwrap(),
        names: BTreeMap::from([("LA_1".to_owned(), "bug".to_owned())]),
    }
}

fn entries() -> IssueEntries {
    let entry = |number: u64| -> IssueEntry {
        let issue = json!({
            "number": number, "updated-at": "2026-01-02T00:00:00Z", "title": "t\n\u{2028}", "url": "u", "state": "open",
            "created-at": "2026-01-01T00:00:00Z", "label-history": { "events": [], "more": true }
        });
        serde_json::from_value(
            json!({ "id": format!("I_{number}"), "issue": issue, "doubtful": number == 2, "referrers": [] }),
        )
        .unwrap()
    };
    (1..=3).map(|number| (IssueNumber(number), entry(number))).collect()
}

fn written() -> (TempDir, CacheFile) {
    let folder = tempfile::tempdir().unwrap();
    let cache = CacheFile { key: key(), path: folder.path().join("deep/one.cache") };
    cache.write(state(), &entries()).unwrap();
    (folder, cache)
}

/// Number of files in the folder of the cache.
fn files(cache: &CacheFile) -> usize {
    fs::read_dir(cache.path.parent().unwrap()).unwrap().count()
}

#[test]
fn written_cache_is_read_and_leaves_no_draft() {
    let (_folder, cache) = written();
    assert_eq!(cache.read(), Ok(Some((state(), entries()))));
    cache.write(state(), &entries()).unwrap();
    assert_eq!(files(&cache), 1);
    let other = CacheFile { path: cache.path.with_file_name("other.cache"), ..cache };
    assert_eq!(other.read(), Ok(None));
}

#[test]
fn changed_byte_is_refused() {
    let (_folder, cache) = written();
    let whole = fs::read(&cache.path).unwrap();
    let refused = |bytes: &[u8], what: &str| {
        fs::write(&cache.path, bytes).unwrap();
        assert!(cache.read().is_err(), "{what}");
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
fn cache_of_another_key_is_refused() {
    let (_folder, mut cache) = written();
    let others: [fn(&mut CacheKey); 4] = [
        |key| key.host = "https://github.example".to_owned(),
        |key| key.repository = "acme/other".to_owned(),
        |key| key.lists.push("label z".to_owned()),
        |key| key.shape = "2".to_owned(),
    ];
    for change in others {
        cache.key = key();
        change(&mut cache.key);
        assert!(cache.read().unwrap_err().contains("something else"));
    }
}

#[cfg(unix)]
#[test]
fn cache_is_private_to_its_user() {
    use std::os::unix::fs::PermissionsExt;
    let (_folder, cache) = written();
    assert_eq!(fs::metadata(&cache.path).unwrap().permissions().mode() & 0o777, 0o600);
    fs::set_permissions(&cache.path, fs::Permissions::from_mode(0o666)).unwrap();
    assert!(cache.read().unwrap_err().contains("others may write it"));
}

#[test]
fn parallel_writers_leave_one_complete_file() {
    let (_folder, cache) = written();
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| (0..10).for_each(|_| cache.write(state(), &entries()).unwrap()));
        }
    });
    assert_eq!(cache.read(), Ok(Some((state(), entries()))));
    assert_eq!(files(&cache), 1);
}

#[test]
fn cache_older_than_a_day_is_not_used() {
    let (_folder, cache) = written();
    let client = Fake::start().client();
    let repository = RepositoryName::parse("acme/shop").unwrap();
    for (now, used) in [
        ("2026-01-02T23:59:00Z", true),
        ("2026-01-03T00:00:00Z", true),
        ("2026-01-03T23:59:59Z", true),
        ("2026-01-04T00:00:00Z", false),
        ("2025-12-01T00:00:00Z", false),
    ] {
        let kept = cache.load(&PagedReader::new(&client, &repository), now.parse().unwrap());
        assert_eq!(kept.is_some(), used, "{now}");
    }
}
