//! Compressed reports and artifacts.

use std::io::Write;
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::*;

const REPORT: &str =
    "<testsuite name='S' tests='1' failures='1'><testcase name='t'><failure/></testcase></testsuite>";

/// Writes a `.gz` file.
fn gzip(path: &Path, content: &[u8]) {
    let mut gzip = GzEncoder::new(std::fs::File::create(path).unwrap(), Compression::default());
    gzip.write_all(content).unwrap();
    gzip.finish().unwrap();
}

/// Writes a `.zip` file.
fn zipped(path: &Path, members: &[(&str, &[u8])]) {
    let mut archive = ZipWriter::new(std::fs::File::create(path).unwrap());
    for (name, content) in members {
        archive.start_file(*name, SimpleFileOptions::default()).unwrap();
        archive.write_all(content).unwrap();
    }
    archive.finish().unwrap();
}

/// Reads everything in a folder.
fn all(folder: &tempfile::TempDir) -> ReadReports {
    read_reports(folder.path(), &["*".to_owned()], &ReadOptions::default()).unwrap()
}

#[test]
fn compressed_reports_are_read_in_place_and_kept_apart_by_artifact() {
    let folder = tempfile::tempdir().unwrap();
    gzip(&folder.path().join("a.xml.gz"), REPORT.as_bytes());
    let passes = "<testsuite name='S'><testcase name='t'/></testsuite>";
    for (artifact, report) in [("linux.zip", passes), ("mac.zip", REPORT)] {
        let members: [(&str, &[u8]); 3] =
            [("out/r.xml", report.as_bytes()), ("coverage.xml", b"<coverage/>"), ("log.txt", b"x")];
        zipped(&folder.path().join(artifact), &members);
    }
    let read = all(&folder);
    let paths: Vec<_> = read.evidence.files.iter().map(|f| f.path.as_str()).collect();
    assert_eq!(paths, ["a.xml.gz", "linux.zip!/out/r.xml", "mac.zip!/out/r.xml"]);
    assert_eq!(counts(&read), [1, 0, 1, 0, 0, 0]);
    let warnings = read.warnings;
    let unread = "members that are not read, as no report has such a name: `log.txt`";
    assert_eq!((read.gaps.len(), warnings.len()), (0, 4), "{warnings:?}");
    assert!(warnings.contains(&format!("linux.zip: {unread}")), "{warnings:?}");
}

#[test]
fn a_member_that_may_hold_reports_and_is_not_read_is_named() {
    let folder = tempfile::tempdir().unwrap();
    zipped(&folder.path().join("inner.zip"), &[("r.xml", REPORT.as_bytes())]);
    let inner = std::fs::read(folder.path().join("inner.zip")).unwrap();
    std::fs::remove_file(folder.path().join("inner.zip")).unwrap();
    let passes = "<testsuite name='S'><testcase name='t'/></testsuite>".as_bytes();
    let mut members =
        vec![("r.xml", passes), ("index.HTML", b"<html/>"), ("a/more.zip", &inner), ("TAP", b"")];
    members.extend(["b.tar.gz", "1.txt", "2.txt", "3.txt", "4.txt"].map(|name| (name, &b"x"[..])));
    zipped(&folder.path().join("a.zip"), &members);
    let read = all(&folder);
    assert_eq!((counts(&read), read.gaps.len()), ([1, 1, 0, 0, 0, 0], 0));
    let warnings = read.warnings;
    let names = "`a/more.zip`, `TAP`, `b.tar.gz`, `1.txt`, `2.txt` and 2 more";
    assert_eq!(
        warnings,
        [format!("a.zip: members that are not read, as no report has such a name: {names}")]
    );
}

#[test]
fn damage_inside_an_archive_is_a_gap_with_its_place() {
    let folder = tempfile::tempdir().unwrap();
    zipped(&folder.path().join("a.zip"), &[("r.xml", &REPORT.as_bytes()[..60]), ("empty.xml", b"")]);
    let places: Vec<_> = all(&folder).gaps.into_iter().map(|g| g.place.unwrap()).collect();
    assert_eq!(places, ["a.zip!/r.xml:1:44", "a.zip!/empty.xml"]);
    let whole = std::fs::read(folder.path().join("a.zip")).unwrap();
    std::fs::write(folder.path().join("a.zip"), &whole[..whole.len() - 30]).unwrap();
    assert_eq!(all(&folder).gaps.len(), 1);
    zipped(&folder.path().join("a.zip"), &[("log.txt", b"x")]);
    assert!(all(&folder).gaps[0].what.contains("no test report in the archive"));
}

#[test]
fn no_member_of_an_archive_is_dropped_for_its_name() {
    let folder = tempfile::tempdir().unwrap();
    let archive = folder.path().join("a.zip");
    let passes = "<testsuite name='S'><testcase name='t'/></testsuite>".as_bytes();
    // No writer makes two members of one name any more: the second one gets its name behind the writer's back.
    zipped(&archive, &[("a.xml", REPORT.as_bytes()), ("b.xml", passes)]);
    let mut bytes = std::fs::read(&archive).unwrap();
    let names: Vec<_> = memchr::memmem::find_iter(&bytes, b"b.xml").collect();
    assert_eq!(names.len(), 2);
    names.into_iter().for_each(|at| bytes[at] = b'a');
    std::fs::write(&archive, bytes).unwrap();
    assert!(all(&folder).gaps[0].what.contains("two members of one name"), "{:?}", all(&folder).gaps);

    gzip(&folder.path().join("b.gz"), REPORT.as_bytes());
    let packed = std::fs::read(folder.path().join("b.gz")).unwrap();
    std::fs::remove_file(folder.path().join("b.gz")).unwrap();
    zipped(&archive, &[("a.xml", passes), ("b.XML.gz", &packed), ("c.json.gz", b"x")]);
    let read = all(&folder);
    assert_eq!(counts(&read), [1, 0, 1, 0, 0, 0]);
    assert_eq!(read.gaps.len(), 1);
    assert_eq!(read.gaps[0].place.as_deref(), Some("a.zip!/c.json.gz"));
}

#[test]
fn a_bomb_is_a_gap_that_names_the_limit() {
    let folder = tempfile::tempdir().unwrap();
    let bomb = format!("<testsuite name='S'><testcase name='t'/><system-out>{}", " ".repeat(80 << 20));
    gzip(&folder.path().join("a.xml.gz"), bomb.as_bytes());
    let read = all(&folder);
    assert!(
        read.gaps[0].what.contains("inflates to more than 400 times its size (limit)"),
        "{:?}",
        read.gaps
    );
}

#[test]
fn a_gzip_that_was_cut_off_is_a_gap() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.xml.gz");
    gzip(&path, REPORT.as_bytes());
    let whole = std::fs::read(&path).unwrap();
    for end in [5, 20, whole.len() - 9, whole.len() - 1] {
        std::fs::write(&path, &whole[..end]).unwrap();
        assert!(!all(&folder).gaps.is_empty(), "cut at {end}");
    }
}
