//! Builds the tables of a run.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use xxhash_rust::xxh3::xxh3_64;

use super::defect_rows::defect_rows;
use super::location::{ExportRepository, table_path};
use super::ndjson::encode_rows;
use super::other_rows::{exception_rows, rule_rows, test_rows};
use super::release_rows::release_rows;
use super::rows::{
    DefectRecord, ExceptionRecord, ReleaseRecord, RuleRecord, RunRecord, SCHEMA, TableCounts, TestCounts,
    TestRecord,
};
use super::table::ExportTable;
use crate::evidence::Evidence;
use crate::policy::Policy;
use crate::report::Report;

/// The tables of one run.
#[derive(Debug, Clone)]
pub struct RunTables {
    /// The run.
    pub run: RunRecord,
    /// Releases.
    pub releases: Vec<ReleaseRecord>,
    /// Escaped, caught and excluded defects.
    pub defects: Vec<DefectRecord>,
    /// Rules and their groups.
    pub rules: Vec<RuleRecord>,
    /// Failed and flaky tests.
    pub tests: Vec<TestRecord>,
    /// Waivers and overrides.
    pub exceptions: Vec<ExceptionRecord>,
}

/// Facts about a run that its report does not have.
#[derive(Debug, Clone)]
pub struct ExportContext {
    /// Repository of every row.
    pub repository: ExportRepository,
    /// The workflow run; `None` outside of workflows.
    pub pipeline: Option<PipelineRun>,
}

/// A workflow run.
#[derive(Debug, Clone)]
pub struct PipelineRun {
    /// Number of the run and of its attempt, for example `7.1`.
    pub id: String,
    /// Address of the run.
    pub url: Option<String>,
}

/// The columns that every row begins with.
#[derive(Debug, Clone, Copy)]
pub(super) struct RowKey<'a> {
    /// Repository.
    pub repository: &'a ExportRepository,
    /// Id of the run.
    pub run: &'a str,
}

/// Builds the tables of a run from its evidence and report.
///
/// # Errors
/// If the report is no JSON.
pub fn build_export(
    context: ExportContext,
    policy: &Policy,
    evidence: &Evidence,
    report: &Report,
) -> Result<RunTables, serde_json::Error> {
    let id = run_id(&context, evidence.evaluated_at, report)?;
    let key = RowKey { repository: &context.repository, run: &id };
    let releases = release_rows(key, evidence);
    let defects = defect_rows(key, policy, evidence);
    let rules = rule_rows(key, report);
    let tests = test_rows(key, evidence);
    let exceptions = exception_rows(key, report);
    let count = |rows: usize| Some(rows as u64);
    let has_issues = evidence.defects.is_some();
    let rows = TableCounts {
        releases: count(releases.len()).filter(|_| has_issues),
        defects: count(defects.len()).filter(|_| has_issues),
        rules: count(rules.len()),
        tests: count(tests.len()).filter(|_| evidence.tests.is_some()),
        exceptions: count(exceptions.len()),
    };
    let run = run_row(key, &context, evidence, report, rows);
    Ok(RunTables { run, releases, defects, rules, tests, exceptions })
}

/// Returns the id of a run: its time, and a digest of the report, so that equal runs have one id and others never share it.
fn run_id(
    context: &ExportContext,
    evaluated_at: Timestamp,
    report: &Report,
) -> Result<String, serde_json::Error> {
    let pipeline = context.pipeline.as_ref().map(|run| run.id.as_str());
    let text = serde_json::to_vec(&(&context.repository.owner, &context.repository.name, pipeline, report))?;
    Ok(format!("{}-{:016x}", evaluated_at.strftime("%Y%m%dT%H%M%SZ"), xxh3_64(&text)))
}

fn run_row(
    key: RowKey<'_>,
    context: &ExportContext,
    evidence: &Evidence,
    report: &Report,
    rows: TableCounts,
) -> RunRecord {
    let candidate = evidence.candidate.as_ref();
    let ref_type = candidate.and_then(|candidate| match (&candidate.tag, &candidate.branch) {
        (Some(_), _) => Some("tag".to_owned()),
        (None, Some(_)) => Some("branch".to_owned()),
        (None, None) => None,
    });
    let pipeline = context.pipeline.as_ref();
    RunRecord {
        owner: key.repository.owner.clone(),
        repository: key.repository.name.clone(),
        run: key.run.to_owned(),
        gate: report.id.clone(),
        schema: SCHEMA,
        version: report.version.to_owned(),
        policy: report.policy.clone(),
        product: report.product.clone(),
        collected_at: evidence.now,
        evaluated_at: evidence.evaluated_at,
        candidate: candidate.map(|candidate| candidate.name.clone()),
        ref_type,
        head: candidate.and_then(|candidate| candidate.head.as_ref()).map(ToString::to_string),
        change: candidate.and_then(|candidate| candidate.pull_request).map(|number| number.to_string()),
        pipeline_run: pipeline.map(|run| run.id.clone()),
        pipeline_url: pipeline.and_then(|run| run.url.clone()),
        environment: evidence.environment.clone(),
        verdict: report.verdict.name().to_owned(),
        dry_run: report.dry_run,
        knows_caught: evidence.knows_caught,
        gaps: report.gaps.iter().map(|gap| format!("{}: {}", gap.area, gap.what)).collect(),
        tests: report.tests.as_ref().map(|tests| TestCounts {
            total: tests.total,
            passed: tests.passed,
            failed: tests.failed,
            errors: tests.errors,
            skipped: tests.skipped,
            flaky: tests.flaky,
        }),
        rows,
    }
}

impl RunTables {
    /// Returns the path and the bytes of each table that has rows, the run itself last: a run whose row is there is whole.
    ///
    /// # Errors
    /// If a row is no JSON.
    pub fn files(&self, repository: &ExportRepository) -> std::io::Result<Vec<(String, Vec<u8>)>> {
        // By the time of the run and not of its writing, so that equal runs have equal paths.
        let day = self.run.evaluated_at.to_zoned(TimeZone::UTC).date();
        let path = |table| table_path(table, repository, day, &self.run.run);
        let mut files = Vec::new();
        for table in ExportTable::ALL {
            let (rows, bytes) = match table {
                ExportTable::Releases => (self.releases.len(), encode_rows(&self.releases)?),
                ExportTable::Defects => (self.defects.len(), encode_rows(&self.defects)?),
                ExportTable::Rules => (self.rules.len(), encode_rows(&self.rules)?),
                ExportTable::Tests => (self.tests.len(), encode_rows(&self.tests)?),
                ExportTable::Exceptions => (self.exceptions.len(), encode_rows(&self.exceptions)?),
                ExportTable::Runs => (1, encode_rows(std::slice::from_ref(&self.run))?),
            };
            if rows > 0 {
                files.push((path(table), bytes));
            }
        }
        Ok(files)
    }
}
