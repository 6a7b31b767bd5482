//! Valid snapshot files, and files that must be refused.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use super::*;
use crate::model::Issue;

const HEAD: &str = r#"{"schema": 1, "taken-at": "2026-11-01T00:00:00Z""#;

fn said(text: &str) -> String {
    parse_snapshot(text, Path::new("s.json")).unwrap_err().to_string()
}

fn issue(number: u64, updated: &str) -> String {
    format!(
        r#"{{"number": {number}, "updated-at": "{updated}", "title": "t", "url": "u", "state": "open",
            "created-at": "2026-01-01T00:00:00Z"}}"#
    )
}

#[test]
fn a_snapshot_comes_back_as_it_was_written() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("snapshot.json");
    let issue = issue(1, "2026-01-02T00:00:00Z");
    let snapshot = parse_snapshot(&format!("{HEAD}, \"tickets\": [{issue}]}}"), &path).unwrap();
    write_snapshot(&path, &snapshot).unwrap();
    assert_eq!(read_snapshot(&path).unwrap(), snapshot);
    assert!(fs::read_to_string(&path).unwrap().ends_with("}\n"));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside it");
}

#[test]
fn a_failed_write_leaves_the_old_file_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let snapshot = parse_snapshot(&format!("{HEAD}}}"), Path::new("x")).unwrap();
    assert!(write_snapshot(&folder.path().join("missing/snapshot.json"), &snapshot).is_err());
    let taken = folder.path().join("taken");
    fs::create_dir_all(taken.join("full")).unwrap();
    assert!(write_snapshot(&taken, &snapshot).is_err());
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn the_version_is_judged_before_anything_else() {
    let newer = said(r#"{"something": "new", "schema": 3}"#);
    assert!(newer.contains("has schema 3, and this program reads schema 2"), "{newer}");
    assert!(said("{}").contains("has no schema, and"), "{}", said("{}"));
    assert!(said("[]").contains("has no schema"));
    assert!(said(r#"{"schema": "1"}"#).contains("has schema \"1\""));
    assert!(said(r#"{"schema": 1.5}"#).contains("has schema 1.5"));
}

#[test]
fn what_is_not_understood_is_named_with_its_place() {
    let unknown = said(&format!("{HEAD},\n \"tickest\": []}}"));
    assert!(
        unknown.contains("line 2, column 10") && unknown.contains("unknown field `tickest`"),
        "{unknown}"
    );
    let deep = issue(1, "yesterday");
    let deep = said(&format!("{HEAD}, \"tickets\": [{deep}]}}"));
    assert!(deep.contains("(`tickets[0].updated-at`)"), "{deep}");
    let cut = said(&format!("{HEAD}, \"tickets\": ["));
    assert!(cut.contains("line 1") && cut.contains("EOF"), "{cut}");
    for text in ["", " \n", "null", "{\"schema\": 1}{}", "{\"schema\": 1, \"schema\": 1}", "{'schema': 1}"] {
        assert!(said(text).contains("damaged"), "{text}: {}", said(text));
    }
}

#[test]
fn a_file_that_is_not_there_or_no_file_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    assert!(read_snapshot(folder.path()).unwrap_err().to_string().contains("it is a folder"));
    assert!(matches!(read_snapshot(&folder.path().join("none.json")), Err(TrackerError::Unreadable { .. })));
    fs::write(folder.path().join("binary"), [0xff, 0xfe, 0x00]).unwrap();
    assert!(matches!(read_snapshot(&folder.path().join("binary")), Err(TrackerError::Unreadable { .. })));
    assert!(matches!(read_snapshots(&[]), Err(TrackerError::NoFiles)));
}

#[test]
fn several_snapshots_become_one_in_any_order() {
    let folder = tempfile::tempdir().unwrap();
    let paths = [folder.path().join("a"), folder.path().join("b")];
    let body = |issue: String| format!("{HEAD}, \"tickets\": [{issue}]}}");
    fs::write(&paths[0], body(issue(1, "2026-01-02T00:00:00Z"))).unwrap();
    fs::write(
        &paths[1],
        body(format!("{}, {}", issue(1, "2026-01-03T00:00:00Z"), issue(2, "2026-01-01T00:00:00Z"))),
    )
    .unwrap();
    let merged = read_snapshots(&paths).unwrap();
    let numbers: Vec<u64> = merged.issues.iter().flatten().map(|issue: &Issue| issue.number.0).collect();
    assert_eq!(numbers, [1, 2]);
    assert_eq!(merged.issues.as_ref().unwrap()[0].updated_at.to_string(), "2026-01-03T00:00:00Z");
    assert_eq!(read_snapshots(&[paths[1].clone(), paths[0].clone()]).unwrap(), merged);

    fs::write(&paths[0], format!("{HEAD}, \"repository\": \"a/b\"}}")).unwrap();
    fs::write(&paths[1], format!("{HEAD}, \"repository\": \"c/d\"}}")).unwrap();
    assert!(matches!(read_snapshots(&paths), Err(TrackerError::Conflict(_))));
}
