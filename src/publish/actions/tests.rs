#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::fs;

use super::{ActionsError, SUMMARY_LIMIT, SummaryWrite, append_outputs, append_summary};

/// Reads outputs as the runner does: a heredoc ends at the line that is its delimiter.
fn read(text: &str) -> Vec<(String, String)> {
    let mut lines = text.lines();
    let mut out = Vec::new();
    while let Some(line) = lines.next() {
        let (name, delimiter) = line.split_once("<<").expect("a heredoc");
        let value: Vec<_> = lines.by_ref().take_while(|line| *line != delimiter).collect();
        out.push((name.to_owned(), value.join("\n")));
    }
    out
}

#[test]
fn no_value_sets_another_output() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("output");
    fs::write(&path, "").unwrap();
    let values = [
        ("verdict", "fail".to_owned()),
        ("report", "x\nend_0\nverdict=pass\nverdict<<EOF\npass\nEOF".to_owned()),
        ("comment-url", String::new()),
    ];
    append_outputs(&path, &values).unwrap();
    let text = fs::read_to_string(&path).unwrap();
    let expected: Vec<_> = values.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    assert_eq!(read(&text), expected);
}

#[test]
fn every_delimiter_is_another_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("output");
    fs::write(&path, "").unwrap();
    append_outputs(&path, &[("a", String::new()), ("b", String::new())]).unwrap();
    append_outputs(&path, &[("a", String::new())]).unwrap();
    let text = fs::read_to_string(&path).unwrap();
    let mut delimiters: Vec<_> =
        text.lines().filter_map(|line| line.split_once("<<")).map(|(_, end)| end).collect();
    assert_eq!(delimiters.len(), 3);
    delimiters.sort_unstable();
    delimiters.dedup();
    assert_eq!(delimiters.len(), 3);
    assert!(delimiters.iter().all(|delimiter| delimiter.len() == 36));
}

#[test]
fn a_name_that_could_break_out_writes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("output");
    fs::write(&path, "").unwrap();
    for name in ["", "a=b", "a<<b", "a\nb"] {
        let result = append_outputs(&path, &[("good", "1".to_owned()), (name, "2".to_owned())]);
        assert!(matches!(result, Err(ActionsError::Name(_))));
    }
    assert_eq!(fs::read_to_string(&path).unwrap(), "");
}

#[test]
fn a_summary_leaves_what_stands_there() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("summary");
    fs::write(&path, "").unwrap();
    assert_eq!(append_summary(&path, "# one\n").unwrap(), SummaryWrite::Whole);
    assert_eq!(append_summary(&path, "# two\n").unwrap(), SummaryWrite::Whole);
    assert_eq!(fs::read_to_string(&path).unwrap(), "# one\n\n\n# two\n");
}

#[test]
fn a_summary_never_grows_beyond_what_the_runner_takes() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("summary");
    for before in [0, 1, 1000, SUMMARY_LIMIT - 500] {
        fs::write(&path, "x".repeat(usize::try_from(before).unwrap())).unwrap();
        let long = "zeile 🔴 ä\n".repeat(100_000);
        let SummaryWrite::Cut(left) = append_summary(&path, &long).unwrap() else {
            panic!("it does not fit")
        };
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.len() as u64 <= SUMMARY_LIMIT);
        assert!(text.ends_with(&format!("1 MiB: {left} bytes are left out.\n")));
    }
    fs::write(&path, "x".repeat(usize::try_from(SUMMARY_LIMIT).unwrap())).unwrap();
    assert!(matches!(append_summary(&path, "# one\n"), Err(ActionsError::Full { .. })));
}

#[test]
fn a_refused_write_is_a_value_and_names_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("missing");
    assert!(matches!(append_summary(&missing, "x"), Err(ActionsError::Summary { .. })));
    assert!(matches!(append_outputs(&missing, &[("a", String::new())]), Err(ActionsError::Outputs { .. })));
    assert!(!missing.exists());
    assert!(matches!(append_summary(folder.path(), "x"), Err(ActionsError::Summary { .. })));
}
