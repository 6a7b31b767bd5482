//! The result of `doctor`: ways around the gate, and what could not be known.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

/// How much a finding matters, the least first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum FindingLevel {
    /// The answer of the gate gets lost, or something looks like publishing.
    Note,
    /// The gate can be weakened or get stuck, so that people go round it.
    Warning,
    /// A release or a merge can pass without the gate.
    Error,
}

impl FindingLevel {
    /// Returns the name used in outputs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// A way around the gate, or a weakness of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Finding {
    /// Id of the kind, for example `publish-not-behind-gate`.
    pub id: &'static str,
    /// How much it matters.
    pub level: FindingLevel,
    /// Path of the file in the repository; `.ruleset/BRANCH` for rules of a branch. Untrusted.
    pub file: String,
    /// Line in the file, counted from 1; 0 if there is no file.
    pub line: usize,
    /// Id of the job. Untrusted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub job: Option<String>,
    /// Steps from the event to the place: `tag push → release.yml → job package`. Untrusted.
    pub way: String,
    /// The problem, in one sentence. Untrusted.
    pub problem: String,
    /// The behavior of GitHub that makes it a problem.
    pub why: &'static str,
    /// YAML or text that repairs it. Untrusted.
    pub fix: String,
    /// Further facts for programs. Untrusted.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub details: BTreeMap<&'static str, Value>,
}

/// A finding that a comment or the policy accepts.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct IgnoredFinding {
    /// The finding.
    pub finding: Finding,
    /// Reason that the comment or the policy gives. Untrusted.
    pub reason: String,
    /// Last day on which the finding is accepted; omitted if there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    /// File and line of the comment, or of the entry in the policy: `.github/escape-gate.yml:12`. Untrusted.
    pub by: String,
}

/// Something that could not be known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct NotKnown {
    /// The thing. Untrusted.
    pub subject: String,
    /// The reason. Untrusted.
    pub why: String,
    /// `true` if it was to be read and could not be read; `false` if nothing asked for it.
    pub unread: bool,
}

/// A gate, or a step that publishes, with its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct WorkflowPlace {
    /// Path of the workflow. Untrusted.
    pub file: String,
    /// Line of the step or job, counted from 1.
    pub line: usize,
    /// Id of the job. Untrusted.
    pub job: String,
    /// Action or command. Untrusted.
    pub by: String,
}

/// The result of one run of `doctor`.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct DoctorReport {
    /// The format's version.
    pub schema: u32,
    /// The result in one sentence.
    pub headline: String,
    /// Gates.
    pub gates: Vec<WorkflowPlace>,
    /// Steps that certainly publish.
    pub publishing: Vec<WorkflowPlace>,
    /// Findings, the most severe first, then by place.
    pub findings: Vec<Finding>,
    /// Findings that comments accept.
    pub ignored: Vec<IgnoredFinding>,
    /// Things that could not be known.
    pub not_known: Vec<NotKnown>,
}

impl DoctorReport {
    /// Returns `true` if a finding has at least this level.
    pub fn has_finding(&self, level: FindingLevel) -> bool {
        self.findings.iter().any(|finding| finding.level >= level)
    }
}
