//! The report: everything that an output may see, and the document that `--format json` prints.
//!
//! Its shape is versioned ([`SCHEMA`]) and kept apart from the internals. All text that comes from tickets, labels,
//! test reports or file names is untrusted and stands here as it was read; escaping is the outputs' work.

#![cfg_attr(not(test), deny(clippy::disallowed_methods, clippy::disallowed_types))]

mod base_policy;
mod build;
mod component_table;
mod exceptions;
mod explain;
mod gate_report;
mod inheritance;
mod next_steps;
mod no_verdict;
mod origin;
mod percent;
mod policy_test;
mod rule_line;
mod simulation;

use std::sync::Arc;

use jiff::Timestamp;
use serde::Serialize;

pub use crate::model::{Area, AttributionMethod, CaseStatus, Confidence, OriginMethod, Severity, Status};
pub use base_policy::{BasePolicyLine, BasePolicyState};
pub use build::{Header, build_report, status_line};
pub use component_table::{ComponentRow, ComponentTable};
pub use exceptions::{
    DryRun, ExceptionKind, ExceptionLine, ExceptionQuarter, ExceptionStanding, FollowUpLine,
};
pub use explain::{
    ConsideredDefect, DefectRole, Explanation, ExplanationSubject, IssueExplanation, RejectedRow,
    RuleExplanation, StatusExplanation, explain_issue, explain_rule,
};
pub use gate_report::{GateLine, GateReport};
pub use inheritance::{InheritanceReport, InheritedFileLine, RelaxationLine};
pub use no_verdict::{NoVerdict, PolicyMistake};
pub use origin::{DetectionReport, OriginLine};
pub use percent::percent_text;
pub use policy_test::{CaseResult, Mismatch, PolicyTestReport, compare_case, policy_test_report};
pub use rule_line::{DurationValue, GroupLine, NotEvaluatedLine, PastLine, RuleLine, RuleValue};
pub use simulation::{
    SimulatedRelease, SimulatedRule, SimulatedValue, SimulatedWaiver, Simulation, summarize_simulation,
};

/// The version of the report format.
pub const SCHEMA: u32 = 1;

/// Everything that an output may see.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Report {
    /// The format's version, [`SCHEMA`].
    pub schema: u32,
    /// Version of the program that wrote it.
    pub version: &'static str,
    /// Which gate this is, where a repository has several.
    pub id: String,
    /// The whole verdict.
    pub verdict: Outcome,
    /// True if the run was asked to report and not to block.
    pub dry_run: bool,
    /// Who asked for that; absent where nobody did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dry_run_by: Option<DryRun>,
    /// The verdict in one sentence, with the reason.
    pub headline: String,
    /// When it was decided; for a snapshot, when that was taken.
    pub evaluated_at: Timestamp,
    /// `owner/name`.
    pub repository: Option<String>,
    /// The policy's path.
    pub policy: String,
    /// What the policy inherits; none if nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inherited: Option<InheritanceReport>,
    /// The policy of the base branch; absent if the policy of the checkout is the same, or there is no base branch.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base_policy: Option<BasePolicyLine>,
    /// What was decided about.
    pub candidate: Option<CandidateLine>,
    /// The counts that are always shown.
    pub totals: ReportTotals,
    /// One entry a rule that is evaluated, in the policy's order.
    pub rules: Vec<RuleLine>,
    /// The rules that are not evaluated on a candidate of this kind, in the policy's order; absent where all are.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub not_evaluated: Vec<NotEvaluatedLine>,
    /// What was granted or asked for in spite of the rules; absent where nothing was.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub exceptions: Vec<ExceptionLine>,
    /// Those that let a rule pass, counted by quarter, the oldest first; absent where there are none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub exceptions_by_quarter: Vec<ExceptionQuarter>,
    /// How many releases of escaped defects are guessed; absent if none is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub guessed: Option<GuessedReleases>,
    /// Every escaped defect that a rule or a total counts, the gravest first.
    pub defects: Vec<DefectLine>,
    /// Every ticket that looks like a defect and does not count.
    pub excluded: Vec<ExcludedLine>,
    /// Every escaped defect, counted or not, and what looks like one, with its status in the candidate; by number.
    pub statuses: Vec<DefectStatusLine>,
    /// Every issue and pull request that blocks the candidate until it is done; absent if the policy names none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub blockers: Option<Vec<BlockerLine>>,
    /// Which quality gate should have caught what escaped; absent where no root cause says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gates: Option<GateReport>,
    /// Escaped defects by component and team; absent where none has either.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cross: Option<ComponentTable>,
    /// How long escaped defects went unseen; absent where nobody asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detection: Option<DetectionReport>,
    /// Test results, where there were any to read.
    pub tests: Option<TestLine>,
    /// What should have been read and was not.
    pub gaps: Vec<GapLine>,
    /// What a person should look at.
    pub warnings: Vec<String>,
    /// What would turn the verdict to `pass`, in the order to do it.
    pub next: Vec<String>,
    /// What reading from GitHub cost; absent where it was not asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cost: Option<Cost>,
}

impl Report {
    /// The same without the lists of single defects: of a thousand reports they would not fit into memory.
    #[must_use]
    pub fn of_rules(self) -> Self {
        Self {
            defects: Vec::new(),
            excluded: Vec::new(),
            statuses: Vec::new(),
            blockers: None,
            gates: None,
            cross: None,
            detection: None,
            ..self
        }
    }
}

/// What reading from GitHub cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Cost {
    /// Requests, repetitions included.
    pub requests: u64,
    /// Points of the GraphQL allowance of the hour.
    pub points: u64,
}

/// A verdict, of a rule or of the whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Every bound holds.
    Pass,
    /// Nothing blocks, something is worth a look.
    Warn,
    /// Of a rule: it is broken, and an exception lets that pass.
    Waived,
    /// Not enough or not complete evidence.
    Unknown,
    /// A bound that blocks is broken.
    Fail,
}

impl Outcome {
    /// The name used in reports, and in cases of a policy.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Warn => "warn",
            Self::Waived => "waived",
            Self::Unknown => "unknown",
            Self::Fail => "fail",
        }
    }
}

/// What was decided about.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct CandidateLine {
    /// A tag, a branch or a pull request.
    pub name: String,
    /// The commit.
    pub head: Option<String>,
    /// The release its commits are counted from.
    pub base: Option<String>,
    /// How many commits it adds since then.
    pub commits: Option<u64>,
}

/// The counts that are always shown, whatever the rules ask. A count that could not be made is absent.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct ReportTotals {
    /// What `escaped`, `critical` and `untriaged` are counted over: "supported: v1.4.0, v1.3.2".
    pub over: String,
    /// Escaped defects.
    pub escaped: Option<u64>,
    /// Of them, critical.
    pub critical: Option<u64>,
    /// Of them, without a severity label.
    pub untriaged: Option<u64>,
    /// Escaped defects without a release, over everything that was read.
    pub unattributed: Option<u64>,
    /// Tickets that look like a defect and do not count.
    pub excluded: Option<u64>,
    /// The escaped defect rate.
    pub escape_rate: Option<Rate>,
}

/// A share, with what it is a share of and how sure it is.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Rate {
    /// How many of them.
    pub numerator: u64,
    /// Out of how many, never zero.
    pub denominator: u64,
    /// Lower end of the 95 % Wilson score interval, 0 to 1.
    pub low: f64,
    /// Upper end of the 95 % Wilson score interval, 0 to 1.
    pub high: f64,
    /// What it was measured over.
    pub over: String,
}

/// A release that failed in production, and by what.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct FailedReleaseLine {
    /// Its tag.
    pub release: String,
    /// Escaped defects that were found in it, and those that its hotfix closed.
    pub issues: Vec<u64>,
    /// The release that followed at once and fixed some of them.
    pub hotfixed_by: Option<String>,
    /// How many of its deployments failed.
    pub failed_deployments: u64,
    /// The older release that was deployed in its place.
    pub rolled_back_to: Option<String>,
    /// The next release, if that took it back.
    pub taken_back_by: Option<String>,
}

/// An escaped defect.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct DefectLine {
    /// The issue's number.
    pub number: u64,
    /// Its title. Untrusted.
    pub title: String,
    /// Where a person reads it.
    pub url: String,
    /// Open or closed.
    pub open: bool,
    /// Its severity; none if untriaged and the policy has no stand-in.
    pub severity: Option<Severity>,
    /// False if the severity is the policy's stand-in.
    pub triaged: bool,
    /// Why it counts: "label `production-bug`". Untrusted.
    pub because: String,
    /// The parts of the product it touches.
    #[serde(skip_serializing_if = "AreaNames::is_empty")]
    pub components: AreaNames,
    /// The teams that own it.
    #[serde(skip_serializing_if = "AreaNames::is_empty")]
    pub teams: AreaNames,
    /// The release it was found in.
    pub found_in: Option<String>,
    /// How that is known.
    pub method: AttributionMethod,
    /// How sure that is.
    pub confidence: Confidence,
    /// The fact it rests on. Untrusted.
    pub evidence: String,
    /// Where it came from; absent where nobody asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub introduced: Option<OriginLine>,
    /// When it was reported.
    pub created_at: Timestamp,
    /// Its status in the candidate; none if it is no escaped defect.
    pub status: Option<StatusLine>,
    /// Ids of the rules that a waiver leaves it out of; absent where there are none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub waived: Vec<Arc<str>>,
    /// Ids of the rules that fail by it; with "(undecided)" behind it, one that is unknown by it.
    pub breaks: Vec<Arc<str>>,
}

/// Escaped defects whose release nobody states.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct GuessedReleases {
    /// Number of escaped defects that count for the release that was the newest when they were reported.
    pub guessed: u64,
    /// Number of escaped defects.
    pub of: u64,
}

/// An escaped defect, or what looks like one, with its status in the candidate.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct DefectStatusLine {
    /// The issue's number.
    pub number: u64,
    /// The release it was found in.
    pub found_in: Option<String>,
    /// Its status.
    pub status: StatusLine,
}

/// An issue or a pull request that blocks the candidate until it is done.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct BlockerLine {
    /// Its number.
    pub number: u64,
    /// Its title. Untrusted.
    pub title: String,
    /// Where a person reads it.
    pub url: String,
    /// True for a pull request.
    pub pull_request: bool,
    /// What makes it a blocker: "label `release-blocker`". Untrusted.
    pub because: String,
    /// True if it is done for the candidate; none if that could not be read.
    pub done: Option<bool>,
    /// Why. Untrusted.
    pub reason: String,
    /// The release it was found in; none for a pull request.
    pub found_in: Option<String>,
    /// The status of an issue in the candidate.
    pub status: Option<StatusLine>,
}

/// The status of a defect in the candidate.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct StatusLine {
    /// The status; none if evidence for it could not be read.
    pub status: Option<Status>,
    /// The row of the table that decided: "9".
    pub row: &'static str,
    /// How sure it is.
    pub confidence: Confidence,
    /// Status and reason as people read them: "affected: found in v1.3.0, no fix is in v1.6.0". Untrusted.
    pub shown: String,
    /// True if a person closed the issue as not planned.
    pub accepted: bool,
    /// What a person should know besides. Untrusted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

/// Components or teams, and how they are known.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct AreaNames {
    /// The names. Untrusted.
    pub names: Vec<String>,
    /// True if no label says so, and they follow from the files that the fix changes.
    pub inferred: bool,
}

impl AreaNames {
    /// True if there is none.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }
}

/// A ticket that looks like a defect and does not count.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct ExcludedLine {
    /// The issue's number.
    pub number: u64,
    /// Its title. Untrusted.
    pub title: String,
    /// Where a person reads it.
    pub url: String,
    /// The class or the reason. Untrusted.
    pub reason: String,
    /// What shows that. Untrusted.
    pub because: String,
}

/// Test results.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct TestLine {
    /// Reports read.
    pub files: u64,
    /// Distinct tests.
    pub total: u64,
    /// Passed, also on a rerun.
    pub passed: u64,
    /// Failed.
    pub failed: u64,
    /// Errors, of test cases and of whole suites.
    pub errors: u64,
    /// Skipped.
    pub skipped: u64,
    /// Passed only on a rerun.
    pub flaky: u64,
    /// Test cases before one test is counted once.
    pub runs: u64,
    /// The worst of them by name.
    pub notable: Vec<CaseLine>,
    /// How many more are worth naming and are not in `notable`.
    pub more: u64,
}

/// A test worth naming.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct CaseLine {
    /// How it ended.
    pub status: CaseStatus,
    /// Its name. Untrusted.
    pub name: String,
    /// The report it stands in. Untrusted.
    pub report: String,
    /// First line of the message. Untrusted.
    pub message: Option<String>,
    /// Source file. Untrusted.
    pub file: Option<String>,
    /// Line in the source file.
    pub line: Option<u64>,
}

/// Something that should have been read and was not.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct GapLine {
    /// Which evidence is incomplete.
    pub area: Area,
    /// Where. Untrusted.
    pub place: Option<String>,
    /// What happened. Untrusted.
    pub what: String,
    /// What to do about it.
    pub remedy: Option<String>,
    /// What the policy makes of it: [`Outcome::Unknown`], or [`Outcome::Warn`] where it tolerates the gap.
    pub verdict: Outcome,
}
