//! Judging a project that is large in every way: `cargo bench --bench judging`.

#![allow(missing_docs, clippy::unwrap_used)]

#[path = "support/tickets.rs"]
mod tickets;

use std::hint::black_box;
use std::path::Path;

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use escape_gate::assemble::assemble;
use escape_gate::report::{Header, build_report};
use escape_gate::tracker::snapshot;
use escape_gate::verdict::evaluate_policy;
use escape_gate::{output, policy};

/// From the tickets and releases, as they were read, to the report.
fn judging(criterion: &mut Criterion) {
    let policy = policy::parse(tickets::policy().as_bytes(), "policy.yml").unwrap().policy;
    let text = tickets::snapshot();
    let read = || snapshot::parse_snapshot(&text, Path::new("evidence.json")).unwrap();
    let header = || Header {
        id: "bench".into(),
        dry_run: false,
        policy: "policy.yml".into(),
        cost: None,
        page: false,
    };
    let mut group = criterion.benchmark_group("100,000 tickets");
    group.sample_size(10);
    group.bench_function("read the snapshot", |b| b.iter_with_large_drop(read));
    group.bench_function("assemble", |b| {
        b.iter_batched(read, |snapshot| assemble(snapshot, &policy), BatchSize::PerIteration);
    });
    let evidence = assemble(read(), &policy);
    group.bench_function("judge", |b| b.iter_with_large_drop(|| evaluate_policy(&policy, &evidence)));
    let judgement = evaluate_policy(&policy, &evidence);
    assert_eq!(judgement.findings.len(), 50);
    group.bench_function("report", |b| {
        b.iter_with_large_drop(|| build_report(header(), &policy, &evidence, &judgement));
    });
    let report = build_report(header(), &policy, &evidence, &judgement);
    group.bench_function("write it as JSON", |b| b.iter(|| black_box(output::to_json(&report)).len()));
    group.finish();
}

criterion_group!(benches, judging);
criterion_main!(benches);
