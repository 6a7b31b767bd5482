//! Progress of reading.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use super::*;

/// Records every call.
#[derive(Debug, Default)]
struct Notes {
    announced: AtomicU64,
    read: AtomicU64,
    files: Mutex<Vec<FileSummary>>,
}

impl ReadObserver for Notes {
    fn begins(&self, bytes: u64) {
        self.announced.store(bytes, Ordering::Relaxed);
    }

    fn has_read(&self, bytes: u64) {
        self.read.fetch_add(bytes, Ordering::Relaxed);
    }

    fn ends(&self, files: &[FileSummary]) {
        self.files.lock().unwrap().extend(files.iter().cloned());
    }
}

#[test]
fn every_byte_is_told_once_and_every_file_in_order() {
    let folder = tempfile::tempdir().unwrap();
    let cut_off = format!("<testsuite>{PASS}{FAIL}<testcase");
    let reports =
        [("a.xml", cut_off.as_str()), ("b.xml", "<testsuite><testcase/></testsuite>"), ("c.xml", "x")];
    for (name, content) in reports {
        std::fs::write(folder.path().join(name), content).unwrap();
    }
    let notes = Arc::new(Notes::default());
    let observer: Arc<dyn ReadObserver> = Arc::clone(&notes) as _;
    let options = ReadOptions { observer: Some(observer), ..ReadOptions::default() };
    let read = read_reports(folder.path(), &["*".to_owned()], &options).unwrap();
    assert!(
        read.gaps[0].place.as_deref().unwrap().starts_with("a.xml:1:"),
        "it was read twice: {:?}",
        read.gaps
    );
    let bytes: usize = reports.iter().map(|(_, content)| content.len()).sum();
    assert_eq!(notes.announced.load(Ordering::Relaxed), bytes as u64);
    assert_eq!(notes.read.load(Ordering::Relaxed), bytes as u64);
    let files = notes.files.lock().unwrap();
    let told: Vec<_> = files.iter().map(|f| (f.path.as_str(), f.tests, f.bytes)).collect();
    assert_eq!(told, [("a.xml", 2, cut_off.len() as u64), ("b.xml", 1, 34), ("c.xml", 0, 1)]);
    assert_eq!(files[2].format, None);
}
