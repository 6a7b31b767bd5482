//! Reading a mutated report ends, and its result is consistent. The fuzz targets in `fuzz/` go further, and
//! need a nightly toolchain; this runs anywhere.

#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "../../../fuzz/fuzz_targets/check.rs"]
mod check;

use std::path::Path;

use proptest::prelude::*;

/// Reports of all formats.
fn seeds() -> Vec<Vec<u8>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/reports");
    let mut files: Vec<_> = std::fs::read_dir(root)
        .unwrap()
        .flat_map(|folder| std::fs::read_dir(folder.unwrap().path()).unwrap())
        .map(|file| file.unwrap().path())
        .filter(|path| !path.ends_with("expected.json"))
        .collect();
    files.sort();
    files.into_iter().map(|path| std::fs::read(path).unwrap()).collect()
}

/// A change to some bytes: where from, where to, how long, and of what kind.
type Change = (prop::sample::Index, prop::sample::Index, usize, u8, u8);

/// Changes the bytes, taking pieces from the other report where it needs some.
fn change(bytes: &mut Vec<u8>, other: &[u8], (from, to, length, kind, byte): &Change) {
    if bytes.is_empty() || other.is_empty() {
        return;
    }
    let at = to.index(bytes.len());
    let end = (at + length).min(bytes.len());
    match kind % 5 {
        0 => bytes[at] = *byte,
        1 => drop(bytes.drain(at..end)),
        2 => bytes.insert(at, *byte),
        3 => {
            let start = from.index(other.len());
            let piece = &other[start..(start + length).min(other.len())];
            bytes.splice(at..at, piece.iter().copied());
        }
        _ => {
            let piece = bytes[at..end].to_vec();
            let into = from.index(bytes.len());
            bytes.splice(into..into, piece);
        }
    }
}

#[test]
fn the_seeds_of_the_fuzz_targets_hold() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/seeds");
    for (target, check) in [
        ("any_report", check::any_report as fn(&[u8])),
        ("junit", check::junit),
        ("dotnet", check::dotnet),
        ("lines", check::lines),
        ("ctrf", check::ctrf),
    ] {
        let files: Vec<_> = std::fs::read_dir(root.join(target)).unwrap().collect();
        assert!(!files.is_empty(), "{target}");
        for file in files {
            check(&std::fs::read(file.unwrap().path()).unwrap());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_read_holds_together(
        which in any::<prop::sample::Index>(),
        other in any::<prop::sample::Index>(),
        changes in proptest::collection::vec(any::<Change>().prop_map(|c| (c.0, c.1, c.2 % 80, c.3, c.4)), 0..8),
    ) {
        let seeds = seeds();
        let mut bytes = seeds[which.index(seeds.len())].clone();
        for one in &changes {
            change(&mut bytes, &seeds[other.index(seeds.len())], one);
        }
        let read = test_reports::read_report("a", &bytes, test_reports::Reruns::Reported);
        let t = read.evidence.totals();
        prop_assert_eq!(t.passed + t.failed + t.errors + t.skipped, t.total + t.suite_errors);
        prop_assert!(t.flaky <= t.passed && t.total <= t.runs);
        prop_assert!(t.total + t.suite_errors > 0 || !read.gaps.is_empty(), "{}", String::from_utf8_lossy(&bytes));
        let text = serde_json::to_string(&read.evidence).unwrap();
        prop_assert_eq!(&serde_json::from_str::<test_reports::TestEvidence>(&text).unwrap(), &read.evidence);
        prop_assert_eq!(&test_reports::read_report("a", &bytes, test_reports::Reruns::Reported), &read);
    }
}
