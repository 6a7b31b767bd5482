//! Rows of the tables.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::table::{CellType, ColumnSchema, ExportRow, ExportTable, export_table};
use crate::model::{Phase, Severity, Status};

/// Version of the tables. A column that is added does not change it.
pub const SCHEMA: u64 = 1;

export_table! {
    /// One run: its verdict, and the number of rows in its other tables.
    pub struct RunRecord = ExportTable::Runs => {
        /// Owner of the repository, for example `acme`.
        owner: String = "vcs.owner.name",
        /// Name of the repository without its owner, for example `shop`.
        repository: String = "vcs.repository.name",
        /// Id of the run, unique in its repository.
        run: String = "escape_gate.run.id",
        /// Id of the gate; several gates of one repository have different ones.
        gate: String = "escape_gate.gate.id",
        /// Version of these tables; an added column does not change it.
        schema: u64 = "escape_gate.schema",
        /// Version of the program that wrote the row.
        version: String = "escape_gate.version",
        /// Path of the policy.
        policy: String = "escape_gate.policy",
        /// Product that the policy is about; null for the whole repository.
        product: Option<String> = "escape_gate.product",
        /// Time of the evidence. The newest run of a gate is the one with the latest.
        collected_at: Timestamp = "escape_gate.collected_at",
        /// Time of the evaluation.
        evaluated_at: Timestamp = "escape_gate.evaluated_at",
        /// Tag, branch or pull request that was evaluated.
        candidate: Option<String> = "vcs.ref.head.name",
        /// Kind of the candidate's ref: `tag` or `branch`.
        ref_type: Option<String> = "vcs.ref.head.type",
        /// Commit that was evaluated.
        head: Option<String> = "vcs.ref.head.revision",
        /// Number of the pull request that was evaluated.
        change: Option<String> = "vcs.change.id",
        /// Number of the workflow run.
        pipeline_run: Option<String> = "cicd.pipeline.run.id",
        /// Address of the workflow run.
        pipeline_url: Option<String> = "cicd.pipeline.run.url.full",
        /// Production environment of the policy.
        environment: Option<String> = "deployment.environment.name",
        /// Verdict: `pass`, `warn`, `unknown` or `fail`.
        verdict: String = "escape_gate.verdict",
        /// True if the run reports and does not block.
        dry_run: bool = "escape_gate.dry_run",
        /// True if the policy names caught defects; without them there is no escape rate.
        knows_caught: bool = "escape_gate.caught_defined",
        /// Evidence that is needed and was not collected, for example `issues: the token may not read them`.
        gaps: Vec<String> = "escape_gate.gaps",
        /// Number of tests; counts are null if no test report was read.
        tests: Option<TestCounts> = "escape_gate.tests",
        /// Number of rows that the run has in each table; null if the evidence of the table was not collected.
        rows: TableCounts = "escape_gate.rows",
    }
}

export_table! {
    /// One release.
    pub struct ReleaseRecord = ExportTable::Releases => {
        /// Owner of the repository.
        owner: String = "vcs.owner.name",
        /// Name of the repository without its owner.
        repository: String = "vcs.repository.name",
        /// Id of the run.
        run: String = "escape_gate.run.id",
        /// Tag of the release.
        tag: String = "vcs.ref.head.name",
        /// Commit of the tag.
        commit: Option<String> = "vcs.ref.head.revision",
        /// Release line, for example `1.4`.
        line: Option<String> = "escape_gate.release.line",
        /// Time of publication; null for a draft.
        published_at: Option<Timestamp> = "escape_gate.release.published_at",
        /// True for a draft, which users do not have.
        draft: bool = "escape_gate.release.draft",
        /// True for a pre-release.
        prerelease: bool = "escape_gate.release.prerelease",
        /// True if the change failure rate counts the release: stable, published and older than `mature-after`. Null if issues were not collected.
        rated: Option<bool> = "escape_gate.release.rated",
        /// True if the release failed in production; null if the rate does not count it.
        failed: Option<bool> = "escape_gate.release.failed",
        /// Numbers of the escaped defects by which it failed.
        failed_by: Vec<u64> = "escape_gate.release.failed_by",
        /// Number of its failed deployments; null if deployments were not collected, or if the rate does not count the release.
        failed_deployments: Option<u64> = "escape_gate.release.failed_deployments",
        /// Tag of the older release that was deployed instead.
        rolled_back_to: Option<String> = "escape_gate.release.rolled_back_to",
        /// Tag of the next release, if it reverts this one.
        taken_back_by: Option<String> = "escape_gate.release.taken_back_by",
        /// Tag of the release that fixed it at once.
        hotfixed_by: Option<String> = "escape_gate.release.hotfixed_by",
        /// Production environment of the policy.
        environment: Option<String> = "deployment.environment.name",
    }
}

export_table! {
    /// One issue that the policy counts as an escaped or caught defect, or that it excludes.
    pub struct DefectRecord = ExportTable::Defects => {
        /// Owner of the repository.
        owner: String = "vcs.owner.name",
        /// Name of the repository without its owner.
        repository: String = "vcs.repository.name",
        /// Id of the run.
        run: String = "escape_gate.run.id",
        /// Number of the issue, unique in its repository only.
        number: u64 = "escape_gate.defect.number",
        /// Address of the issue.
        url: String = "escape_gate.defect.url",
        /// `escaped`: found in production. `caught`: found before.
        phase: Phase = "escape_gate.defect.phase",
        /// Class or reason for which the policy excludes the issue; null for a defect that counts.
        excluded: Option<String> = "escape_gate.defect.excluded",
        /// Severity; null if untriaged and the policy has no default.
        severity: Option<Severity> = "escape_gate.defect.severity",
        /// True if a label sets the severity.
        triaged: bool = "escape_gate.defect.triaged",
        /// True if the issue is open.
        open: bool = "escape_gate.defect.open",
        /// Time when the issue was opened.
        created_at: Timestamp = "escape_gate.defect.created_at",
        /// Time when the issue was last closed.
        closed_at: Option<Timestamp> = "escape_gate.defect.closed_at",
        /// Affected components.
        components: Vec<String> = "escape_gate.defect.components",
        /// Responsible teams.
        teams: Vec<String> = "escape_gate.defect.teams",
        /// Kinds, for example `security`.
        kinds: Vec<String> = "escape_gate.defect.kinds",
        /// Ways in which it was found, for example `monitoring`.
        found_by: Vec<String> = "escape_gate.defect.found_by",
        /// Recorded root causes.
        root_causes: Vec<String> = "escape_gate.defect.root_causes",
        /// Recorded detection gaps.
        detection_gaps: Vec<String> = "escape_gate.defect.detection_gaps",
        /// Quality gates that should have caught it, by detection gap or root cause.
        quality_gates: Vec<String> = "escape_gate.defect.quality_gates",
        /// Tag of the release that it was found in.
        found_in: Option<String> = "escape_gate.defect.found_in",
        /// Method that found that release: `field`, `label`, `form`, `window` or `none`.
        found_in_method: String = "escape_gate.defect.found_in_method",
        /// Tag of the first release that has the introducing commit.
        introduced_in: Option<String> = "escape_gate.defect.introduced_in",
        /// Introducing commit.
        introduced_by: Option<String> = "escape_gate.defect.introduced_by",
        /// Seconds from that release to the report; null if unknown or not sure enough.
        detection_seconds: Option<u64> = "escape_gate.defect.detection_seconds",
        /// True if the escape rate counts it: escaped in the numerator and denominator, caught in the denominator. Null if the policy names no caught defects.
        rated: Option<bool> = "escape_gate.defect.rated",
        /// Status in the candidate; null if it did not escape or its evidence is missing.
        status: Option<Status> = "escape_gate.defect.status",
        /// Status in the newest release of each of the newest release lines; empty if it did not escape.
        lines: Vec<LineStatusCell> = "escape_gate.defect.lines",
    }
}

export_table! {
    /// One evaluated rule, or one group of it.
    pub struct RuleRecord = ExportTable::Rules => {
        /// Owner of the repository.
        owner: String = "vcs.owner.name",
        /// Name of the repository without its owner.
        repository: String = "vcs.repository.name",
        /// Id of the run.
        run: String = "escape_gate.run.id",
        /// Id of the rule.
        rule: String = "escape_gate.rule.id",
        /// Group of a rule with `per`, for example a component; null for the rule itself.
        group: Option<String> = "escape_gate.rule.group",
        /// Metric of the rule.
        metric: String = "escape_gate.rule.metric",
        /// `mandatory`, `overridable` or `advisory`.
        level: String = "escape_gate.rule.level",
        /// Verdict: `pass`, `warn`, `waived`, `unknown` or `fail`.
        verdict: String = "escape_gate.rule.verdict",
        /// Value of a count.
        count: Option<u64> = "escape_gate.rule.count",
        /// Numerator of a rate.
        numerator: Option<u64> = "escape_gate.rule.numerator",
        /// Denominator of a rate.
        denominator: Option<u64> = "escape_gate.rule.denominator",
        /// Median of a duration in seconds.
        median_seconds: Option<u64> = "escape_gate.rule.median_seconds",
        /// Limit as text, for example `at most 0`.
        limit: String = "escape_gate.rule.limit",
        /// Scope as text, for example `last 90 days`.
        over: String = "escape_gate.rule.over",
        /// Filter as text; empty if the rule looks at all defects.
        filter: String = "escape_gate.rule.filter",
        /// Numbers of the defects that count against the release.
        issues: Vec<u64> = "escape_gate.rule.issues",
    }
}

export_table! {
    /// One test that failed, or that passed only on a rerun. The row of the run has the number of all tests.
    pub struct TestRecord = ExportTable::Tests => {
        /// Owner of the repository.
        owner: String = "vcs.owner.name",
        /// Name of the repository without its owner.
        repository: String = "vcs.repository.name",
        /// Id of the run.
        run: String = "escape_gate.run.id",
        /// Suite or class and name of the test.
        name: String = "test.case.name",
        /// `fail`, or `pass` for a flaky test.
        result: String = "test.case.result.status",
        /// `failed`, `error` or `flaky`.
        status: String = "escape_gate.test.status",
        /// Path of the test report.
        report: String = "escape_gate.test.report",
        /// Source file of the test.
        file: Option<String> = "code.file.path",
        /// Line in that file.
        line: Option<u64> = "code.line.number",
    }
}

export_table! {
    /// One waiver or override.
    pub struct ExceptionRecord = ExportTable::Exceptions => {
        /// Owner of the repository.
        owner: String = "vcs.owner.name",
        /// Name of the repository without its owner.
        repository: String = "vcs.repository.name",
        /// Id of the run.
        run: String = "escape_gate.run.id",
        /// `waiver` or `override`.
        kind: String = "escape_gate.exception.kind",
        /// Effect: `applied`, `unneeded`, `expired` or `void`.
        effect: String = "escape_gate.exception.effect",
        /// Ids of the rules whose verdict it changes.
        rules: Vec<String> = "escape_gate.exception.rules",
        /// Numbers of the issues that it leaves out of the values.
        issues: Vec<u64> = "escape_gate.exception.issues",
        /// Approver of the waiver, or author of the comment.
        by: String = "escape_gate.exception.by",
        /// Stated reason.
        reason: String = "escape_gate.exception.reason",
        /// Last day of a waiver, in UTC.
        expires: Option<Date> = "escape_gate.exception.expires",
        /// Last release of a waiver.
        ends_with: Option<String> = "escape_gate.exception.ends_with",
        /// Time when an override was written.
        written_at: Option<Timestamp> = "escape_gate.exception.written_at",
        /// File of the waiver, or address of the comment.
        place: String = "escape_gate.exception.place",
    }
}

/// Status of a defect in the newest release of a release line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LineStatusCell {
    /// Name of the line, for example `1.4`.
    pub line: String,
    /// Tag of its newest release.
    pub release: String,
    /// Status; `None` if its evidence is missing.
    pub status: Option<Status>,
}

/// Numbers of distinct tests.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TestCounts {
    /// All tests.
    pub total: u64,
    /// Tests that passed, also on a rerun.
    pub passed: u64,
    /// Tests that failed.
    pub failed: u64,
    /// Errors of tests and of suites.
    pub errors: u64,
    /// Tests that did not run.
    pub skipped: u64,
    /// Tests that passed only on a rerun.
    pub flaky: u64,
}

/// Number of rows of a run in each table; `None` if the evidence was not collected.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct TableCounts {
    /// Releases.
    pub releases: Option<u64>,
    /// Defects and excluded issues.
    pub defects: Option<u64>,
    /// Rules and groups.
    pub rules: Option<u64>,
    /// Failed and flaky tests.
    pub tests: Option<u64>,
    /// Waivers and overrides.
    pub exceptions: Option<u64>,
}

/// Returns the schema of an object with these fields, all of one type.
fn object_schema(fields: &[&str], of: &Value) -> Value {
    let properties: serde_json::Map<String, Value> =
        fields.iter().map(|name| ((*name).to_owned(), of.clone())).collect();
    json!({ "type": "object", "properties": properties, "required": fields, "additionalProperties": false })
}

impl CellType for TestCounts {
    fn cell_schema() -> Value {
        object_schema(&["total", "passed", "failed", "errors", "skipped", "flaky"], &u64::cell_schema())
    }
}

impl CellType for TableCounts {
    fn cell_schema() -> Value {
        object_schema(&["releases", "defects", "rules", "tests", "exceptions"], &Option::<u64>::cell_schema())
    }
}

impl CellType for LineStatusCell {
    fn cell_schema() -> Value {
        let mut schema = object_schema(&["line", "release", "status"], &String::cell_schema());
        schema["properties"]["status"] = Option::<Status>::cell_schema();
        schema
    }
}
