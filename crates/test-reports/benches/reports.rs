//! Reading test reports: `cargo bench`. The corpora are generated, so that anyone can run this.

#![allow(missing_docs, clippy::unwrap_used)]

#[path = "support/generator.rs"]
mod generator;

use std::hint::black_box;
use std::path::Path;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use generator::Profile;

/// Bytes of a corpus.
const SIZE: u64 = 16 << 20;

/// Each kind of report: the whole reader beside a bare pass of quick-xml over the same files.
fn reading(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().unwrap();
    for (name, profile) in [("mixed", Profile::Mixed), ("cases", Profile::Cases), ("logs", Profile::Logs)] {
        let corpus = folder.path().join(name);
        let truth = generator::write_reports(&corpus, profile, 4, SIZE, 1).unwrap();
        let totals = count_corpus(&corpus);
        assert_eq!(
            [totals.total, totals.failed, totals.errors, totals.skipped, totals.flaky],
            [truth.tests, truth.failed, truth.errors, truth.skipped, truth.flaky]
        );
        let mut group = criterion.benchmark_group(name);
        group.throughput(Throughput::Bytes(truth.bytes)).sample_size(10);
        group.bench_function(BenchmarkId::from_parameter("reader"), |b| {
            b.iter(|| black_box(count_corpus(&corpus)))
        });
        group.bench_function(BenchmarkId::from_parameter("quick-xml"), |b| {
            b.iter(|| black_box(events(&corpus)))
        });
        group.finish();
    }
}

/// The whole reader.
fn count_corpus(corpus: &Path) -> test_reports::TestTotals {
    test_reports::read_reports(corpus, &["*.xml".to_owned()], &test_reports::ReadOptions::default())
        .unwrap()
        .evidence
        .totals()
}

/// A pass that looks at nothing.
fn events(corpus: &Path) -> u64 {
    let mut count = 0;
    for entry in std::fs::read_dir(corpus).unwrap() {
        let mut reader = quick_xml::Reader::from_file(entry.unwrap().path()).unwrap();
        let mut buffer = Vec::new();
        while !matches!(reader.read_event_into(&mut buffer).unwrap(), quick_xml::events::Event::Eof) {
            count += 1;
            buffer.clear();
        }
    }
    count
}

criterion_group!(benches, reading);
criterion_main!(benches);
