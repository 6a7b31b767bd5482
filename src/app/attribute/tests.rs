//! The search on small repositories that `git` itself made.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod index;
mod origin;
mod posted;
mod shapes;

use super::*;
use crate::model::Sha;
use release_history::git::testing::Sandbox;
use release_history::origins::bisect_results::BisectResults;
use release_history::origins::find::Question;
use release_history::origins::report_facts::ReportFacts;

/// The repository as the search sees it.
fn local(sandbox: &Sandbox) -> Local {
    Local::open(&sandbox.path, None).unwrap()
}

/// The record of a fix whose defect is reported as it is fixed.
fn record(local: &Local, fix: &str) -> OriginRecord {
    let fix = Sha(fix.to_owned());
    let at = local.graph.committed_at(&fix).unwrap();
    asked(local, &fix, ReportFacts { at, escaped: false, found_in: None })
}

/// The record of a fix for a report.
fn asked(local: &Local, fix: &Sha, report: ReportFacts) -> OriginRecord {
    let question = Question {
        fix: Some(fix.clone()),
        said: Vec::new(),
        posted: BisectResults::default(),
        report,
        copies: Vec::new(),
    };
    local.find(&question).unwrap()
}

/// The commit that a record names.
fn culprit(record: &OriginRecord) -> Option<&str> {
    record.origin.as_ref()?.commit.as_ref().map(|commit| commit.0.as_str())
}
