//! The report: everything that an output may see, and the document that `--format json` prints.
//!
//! Its shape is versioned ([`SCHEMA`]) and kept apart from the internals. Text from issues, labels, test reports and file
//! names is untrusted and is stored here as it was read. The outputs escape it.

#![cfg_attr(not(test), deny(clippy::disallowed_methods, clippy::disallowed_types))]

mod base_policy;
mod build;
mod component_table;
mod doctor;
mod exceptions;
mod explain;
mod gate_report;
mod inheritance;
#[cfg(test)]
mod json_schema;
mod next_steps;
mod no_verdict;
mod organization;
mod origin;
mod page;
mod percent;
mod policy_test;
mod rule_line;
mod simulation;
mod verdict_cause;

use std::sync::Arc;

use jiff::Timestamp;
use serde::Serialize;

pub use crate::model::{
    Area, AttributionMethod, CaseStatus, CharacterKind, Confidence, NotableCase, OriginMethod, Severity,
    Status, character_kind, is_unprintable, join_limited,
};
pub use crate::verdict::{ExceptionEffect, Verdict};
pub use base_policy::{BasePolicyLine, BasePolicyState};
pub use build::{Header, build_past_report, build_report, status_line};
pub use component_table::{ComponentRow, ComponentTable};
pub use doctor::{DoctorReport, Finding, FindingLevel, IgnoredFinding, NotKnown, WorkflowPlace};
pub use exceptions::{DryRun, ExceptionKind, ExceptionLine, ExceptionQuarter, FollowUpLine};
pub use explain::{
    CauseLine, ConsideredDefect, DefectRole, Explanation, ExplanationSubject, IssueExplanation, RejectedRow,
    RuleExplanation, StatusExplanation, explain_issue, explain_rule,
};
pub use gate_report::{GateLine, GateReport};
pub use inheritance::{InheritanceReport, InheritedFileLine, RelaxationLine};
pub use no_verdict::{NoVerdict, PolicyMistake};
pub use organization::{
    ORGANIZATION_SCHEMA, OrganizationRate, OrganizationReport, OrganizationRow, OrganizationTime,
    QualityGateCount, QuarterCount, SourceGap,
};
pub use origin::{DetectionReport, OriginLine};
pub use page::{
    AgeCurve, AgeCurves, AgeForecast, AreaCell, AreaRateRow, AreaRates, CauseCount, CauseTable, CurvePoint,
    DefectRow, DetectionBucket, DetectionHistogram, EqualAge, ExceptionAge, ExcludedAge, LineColumn,
    PageReport, PeriodBar, PeriodSeries, ReleaseBar, ReleaseLimit, SeverityCounts, StatusCounts,
};
pub use percent::percent_text;
pub use policy_test::{CaseResult, Mismatch, PolicyTestReport, compare_case, policy_test_report};
pub use rule_line::{
    DurationValue, GroupLine, NotEvaluatedLine, PastLine, PolicyPlace, RuleLine, RuleValue, metric_noun,
};
pub use simulation::{
    SimulatedRelease, SimulatedRule, SimulatedValue, SimulatedWaiver, Simulation, summarize_simulation,
};
pub use verdict_cause::{VerdictCause, defect_clause, defect_noun};

/// The version of the report format.
pub const SCHEMA: u32 = 1;

/// The result of one run: the verdict, the rules, and the evidence behind them. Outputs see nothing else.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct Report {
    /// The format's version, [`SCHEMA`].
    pub schema: u32,
    /// Version of the program that wrote it.
    pub version: &'static str,
    /// Id of the gate; distinguishes several gates of one repository.
    pub id: String,
    /// Verdict of the run.
    pub verdict: Verdict,
    /// `true` if the run reports and does not block.
    pub dry_run: bool,
    /// Origin of the dry run; omitted if the run blocks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dry_run_by: Option<DryRun>,
    /// The verdict in one sentence, with the reason. Untrusted.
    pub headline: String,
    /// Time of the evaluation; for a snapshot, the time when it was taken.
    pub evaluated_at: Timestamp,
    /// `owner/name`.
    pub repository: Option<String>,
    /// The policy's path.
    pub policy: String,
    /// Digest of the deciding policy with its waivers; `None` if it was not read from files. Not part of the JSON report.
    #[serde(skip)]
    pub policy_digest: Option<[u8; 32]>,
    /// Addresses of the run and its sources; `None` outside of a workflow. Not part of the JSON report.
    #[serde(skip)]
    pub links: Option<RunLinks>,
    /// Product that the policy is about; omitted if it is about the whole repository.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub product: Option<String>,
    /// Inherited policies and relaxations; omitted if the policy inherits nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inherited: Option<InheritanceReport>,
    /// The policy of the base branch; omitted if it equals the policy of the checkout or there is no base branch.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base_policy: Option<BasePolicyLine>,
    /// The commit or release under evaluation.
    pub candidate: Option<CandidateLine>,
    /// Effect of the pull request on the defects; omitted if the candidate is no pull request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pull_request: Option<PullRequestLine>,
    /// Counts of escaped defects, whatever the rules measure.
    pub totals: ReportTotals,
    /// Evaluated rules, in the policy's order.
    pub rules: Vec<RuleLine>,
    /// Rules that do not apply to this kind of candidate, in the policy's order; omitted if all apply.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub not_evaluated: Vec<NotEvaluatedLine>,
    /// Waivers and overrides, with their status. Omitted if there are none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub exceptions: Vec<ExceptionLine>,
    /// Number of applied exceptions per quarter, oldest first; omitted if none is applied.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub exceptions_by_quarter: Vec<ExceptionQuarter>,
    /// Number of escaped defects whose release is guessed; omitted if there are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub guessed: Option<GuessedReleases>,
    /// Escaped defects that a rule or a total counts, most severe first.
    pub defects: Vec<DefectLine>,
    /// Excluded issues: they match the policy's selectors and do not count.
    pub excluded: Vec<ExcludedLine>,
    /// Status in the candidate of every escaped defect and excluded issue, counted or not, by number.
    pub statuses: Vec<DefectStatusLine>,
    /// Issues and pull requests that block the candidate until they are done; omitted if the policy selects none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub blockers: Option<Vec<BlockerLine>>,
    /// Escaped defects by the quality gate that should have caught them; omitted if no root cause is recorded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gates: Option<GateReport>,
    /// Escaped defects by component and team; omitted if no defect has either.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cross: Option<ComponentTable>,
    /// Time to detect; omitted if the policy does not ask for origins.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detection: Option<DetectionReport>,
    /// Test results; `None` if no test report was read.
    pub tests: Option<TestLine>,
    /// Evidence that is needed and was not collected.
    pub gaps: Vec<GapLine>,
    /// Findings that do not change the verdict, a sentence each. Untrusted.
    pub warnings: Vec<String>,
    /// Steps that turn the verdict to `pass`, in order. Untrusted.
    pub next: Vec<String>,
    /// Cost of the GitHub API calls; omitted if GitHub was not queried.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cost: Option<Cost>,
    /// Data of the page; `None` if no page was asked for. Not part of the JSON report.
    #[serde(skip)]
    pub page: Option<Box<PageReport>>,
}

/// Web addresses of a run in a workflow, and of the sources of its verdict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunLinks {
    /// The run.
    pub run: String,
    /// The evaluated commit; `None` if it is not known.
    pub commit: Option<String>,
    /// The policy at the evaluated commit; `None` if another one decides, or if it is not in the repository.
    pub policy: Option<String>,
}

/// Cost of the GitHub API calls of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct Cost {
    /// Number of requests, including retries.
    pub requests: u64,
    /// Points of the hourly GraphQL limit.
    pub points: u64,
}

/// The commit or release under evaluation.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct CandidateLine {
    /// A tag, a branch or a pull request.
    pub name: String,
    /// SHA of the commit in hexadecimal; `None` if it is not known.
    pub head: Option<String>,
    /// Number of the pull request; omitted for any other candidate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pull_request: Option<u64>,
    /// Tag of the release that its commits are counted from.
    pub base: Option<String>,
    /// Number of commits since `base`.
    pub commits: Option<u64>,
}

/// Effect of a pull request on the defects of the report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct PullRequestLine {
    /// Numbers of the escaped defects that it fixes.
    pub fixes: Vec<u64>,
    /// Numbers of the issues that are fixed on the base branch, and no longer with this change.
    pub takes_back: Vec<u64>,
}

/// Counts of escaped defects, whatever the rules measure. A count is `None` if its evidence is missing.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct ReportTotals {
    /// Scope of `escaped`, `critical` and `untriaged`, for example `supported: v1.4.0, v1.3.2`.
    pub over: String,
    /// Number of escaped defects.
    pub escaped: Option<u64>,
    /// Number of critical escaped defects.
    pub critical: Option<u64>,
    /// Number of escaped defects without a severity label.
    pub untriaged: Option<u64>,
    /// Number of escaped defects without a release, in all collected issues.
    pub unattributed: Option<u64>,
    /// Number of excluded issues.
    pub excluded: Option<u64>,
    /// Escape rate: escaped ÷ (escaped + caught).
    pub escape_rate: Option<Rate>,
}

/// A ratio with its sample and confidence interval.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct Rate {
    /// Number of counted defects.
    pub numerator: u64,
    /// Size of the sample, never zero.
    pub denominator: u64,
    /// Lower end of the 95 % Wilson score interval, 0 to 1.
    pub low: f64,
    /// Upper end of the 95 % Wilson score interval, 0 to 1.
    pub high: f64,
    /// Scope, for example `last 90 days`.
    pub over: String,
}

/// A release that failed in production, and the reason.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct FailedReleaseLine {
    /// Tag of the release.
    pub release: String,
    /// Numbers of the escaped defects found in the release or closed by its hotfix.
    pub issues: Vec<u64>,
    /// Tag of the hotfix: a release that followed at once and fixed some of the defects.
    pub hotfixed_by: Option<String>,
    /// Number of failed deployments of the release.
    pub failed_deployments: u64,
    /// Tag of the older release that was deployed instead.
    pub rolled_back_to: Option<String>,
    /// Tag of the next release, if it reverts this one.
    pub taken_back_by: Option<String>,
}

/// An escaped defect.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct DefectLine {
    /// Issue number.
    pub number: u64,
    /// Title of the issue. Untrusted.
    pub title: String,
    /// Address of the issue's page.
    pub url: String,
    /// `true` if the issue is open.
    pub open: bool,
    /// Severity; `None` if untriaged and the policy has no default severity.
    pub severity: Option<Severity>,
    /// `false` if the severity is the policy's default.
    pub triaged: bool,
    /// The reason why the issue counts, for example ``label `production-bug` ``. Untrusted.
    pub because: String,
    /// Affected components.
    #[serde(skip_serializing_if = "AreaNames::is_empty")]
    pub components: AreaNames,
    /// Responsible teams.
    #[serde(skip_serializing_if = "AreaNames::is_empty")]
    pub teams: AreaNames,
    /// Tag of the release that the defect was found in.
    pub found_in: Option<String>,
    /// Method that determined the release.
    pub method: AttributionMethod,
    /// Confidence in the release.
    #[cfg_attr(test, schemars(with = "json_schema::ConfidenceSchema"))]
    pub confidence: Confidence,
    /// The fact that names the release. Untrusted.
    pub evidence: String,
    /// Origin; omitted if the policy does not ask for origins.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub introduced: Option<OriginLine>,
    /// Time when the issue was opened.
    pub created_at: Timestamp,
    /// Status in the candidate; `None` if the issue is no escaped defect.
    pub status: Option<StatusLine>,
    /// Ids of the rules whose waivers leave the defect out; omitted if there are none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub waived: Vec<Arc<str>>,
    /// Ids of the rules that fail because of the defect. The suffix ` (undecided)` marks a rule that is unknown because of it.
    pub breaks: Vec<Arc<str>>,
}

/// Escaped defects whose release neither a label nor a description states.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct GuessedReleases {
    /// Number of escaped defects that count for the newest release at the time of their report.
    pub guessed: u64,
    /// Number of escaped defects.
    pub of: u64,
}

/// Status of an escaped defect or an excluded issue in the candidate.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct DefectStatusLine {
    /// Issue number.
    pub number: u64,
    /// Tag of the release that the defect was found in.
    pub found_in: Option<String>,
    /// Status in the candidate.
    pub status: StatusLine,
}

/// An issue or a pull request that blocks the candidate until it is done.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct BlockerLine {
    /// Number of the issue or pull request.
    pub number: u64,
    /// Title. Untrusted.
    pub title: String,
    /// Address of the page on GitHub.
    pub url: String,
    /// `true` for a pull request.
    pub pull_request: bool,
    /// The selector that makes it a blocker, for example ``label `release-blocker` ``. Untrusted.
    pub because: String,
    /// `true` if it is done for the candidate; `None` if the evidence is missing.
    pub done: Option<bool>,
    /// The reason for `done`. Untrusted.
    pub reason: String,
    /// Tag of the release that the defect was found in; `None` for a pull request.
    pub found_in: Option<String>,
    /// Status of an issue in the candidate; `None` for a pull request.
    pub status: Option<StatusLine>,
}

/// The status of a defect in the candidate.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct StatusLine {
    /// Status; `None` if its evidence is missing.
    pub status: Option<Status>,
    /// Row of the status table that decided, for example `9`.
    pub row: &'static str,
    /// Confidence in the status.
    #[cfg_attr(test, schemars(with = "json_schema::ConfidenceSchema"))]
    pub confidence: Confidence,
    /// Status and reason as display text, for example `affected: found in v1.3.0, no fix is in v1.6.0`. Untrusted.
    pub shown: String,
    /// `true` if the issue was closed as not planned.
    pub accepted: bool,
    /// Additional facts, a sentence each. Untrusted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

/// Components or teams of a defect.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct AreaNames {
    /// The names. Untrusted.
    pub names: Vec<String>,
    /// `true` if the names follow from the files that the fix changes, and not from labels.
    pub inferred: bool,
}

impl AreaNames {
    /// Returns `true` if there are no names.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }
}

/// An excluded issue: it matches the policy's selectors and does not count.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct ExcludedLine {
    /// Issue number.
    pub number: u64,
    /// Title of the issue. Untrusted.
    pub title: String,
    /// Address of the issue's page.
    pub url: String,
    /// Class or reason of the exclusion. Untrusted.
    pub reason: String,
    /// The fact that proves the reason, for example ``label `cause/infra` ``. Untrusted.
    pub because: String,
}

/// Results of all test reports.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct TestLine {
    /// Number of test reports.
    pub files: u64,
    /// Number of distinct tests.
    pub total: u64,
    /// Number of tests that passed, including on a rerun.
    pub passed: u64,
    /// Number of tests that failed.
    pub failed: u64,
    /// Number of errors, of test cases and of whole suites.
    pub errors: u64,
    /// Number of skipped tests.
    pub skipped: u64,
    /// Number of tests that passed only on a rerun.
    pub flaky: u64,
    /// Number of test cases, with every run of the same test counted.
    pub runs: u64,
    /// Worst tests by name, at most 50.
    #[cfg_attr(test, schemars(with = "Vec<json_schema::NotableCaseSchema>"))]
    pub notable: Vec<NotableCase>,
    /// Number of failed and flaky tests that are not in `notable`.
    pub more: u64,
}

/// Evidence that is needed and was not collected.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct GapLine {
    /// Kind of the missing evidence.
    pub area: Area,
    /// File or address of the evidence. Untrusted.
    pub place: Option<String>,
    /// Cause of the gap. Untrusted.
    pub what: String,
    /// Next step to close the gap.
    pub remedy: Option<String>,
    /// What the policy makes of it: [`Verdict::Unknown`], or [`Verdict::Warn`] where it tolerates the gap.
    pub verdict: Verdict,
}
