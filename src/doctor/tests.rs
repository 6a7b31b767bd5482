//! Each finding on both sides: workflows that have it, and similar ones that do not.
#![allow(clippy::unwrap_used)]

mod checks;
mod gates;
mod paths;
mod runs;

use std::collections::BTreeMap;

use serde_json::Value;

use super::examination::{ExaminationInput, OwnersText, PolicyFacts};
use super::gate::{DEFAULT_POLICY, find_gates};
use super::repository::Repository;
use super::server::{BranchFacts, ServerFacts};
use super::workflow::{read_action, read_workflow};
use super::{examine, text_comments, workflow_comments};
use crate::report::{DoctorReport, FindingLevel};

/// A gate job without conditions and without a comment.
pub(super) const GATE: &str = "
  gate:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v5
      - run: make test
      - uses: acme/escape-gate@v1
        with: { comment: none }
";

/// A repository in memory.
#[derive(Default)]
pub(super) struct Sample {
    repository: Repository,
    policy: PolicyFacts,
    owners: Option<OwnersText>,
    server: Option<ServerFacts>,
    paths: Vec<&'static str>,
}

impl Sample {
    /// A repository with one workflow, `release.yml`.
    pub fn release(text: &str) -> Self {
        Self::default().workflow("release.yml", text)
    }

    /// Adds a workflow.
    pub fn workflow(mut self, name: &str, text: &str) -> Self {
        let path = format!(".github/workflows/{name}");
        self.repository.workflows.push(read_workflow(text.as_bytes(), &path).unwrap());
        self.policy.has_tests_rule = true;
        self.policy.reports = vec!["build/**/*.xml".to_owned()];
        self
    }

    /// Adds a composite action.
    pub fn action(mut self, folder: &str, text: &str) -> Self {
        let action = read_action(text.as_bytes(), &format!("{folder}/action.yml")).unwrap();
        self.repository.actions.insert(folder.to_owned(), action);
        self
    }

    /// Changes the policy.
    pub fn policy(mut self, change: impl FnOnce(&mut PolicyFacts)) -> Self {
        change(&mut self.policy);
        self
    }

    /// Adds the owners file.
    pub fn owners(mut self, text: &str) -> Self {
        self.owners = Some(OwnersText { path: "CODEOWNERS".to_owned(), text: text.to_owned() });
        self
    }

    /// Adds a folder.
    pub fn folder(mut self, path: &'static str) -> Self {
        self.paths.push(path);
        self
    }

    /// Adds a branch with required checks.
    pub fn requires(mut self, checks: &[&str]) -> Self {
        let mut branch = BranchFacts { name: "main".to_owned(), is_complete: true, ..BranchFacts::default() };
        let rules: Vec<Value> = checks
            .iter()
            .map(|check| serde_json::json!({ "context": check, "integration_id": 15368 }))
            .collect();
        branch.add_rules(&serde_json::json!([{
            "type": "required_status_checks", "ruleset_id": 1,
            "parameters": { "required_status_checks": rules },
        }]));
        self.server.get_or_insert_default().branches.push(branch);
        self
    }

    /// Changes the answers of GitHub.
    pub fn server(mut self, change: impl FnOnce(&mut ServerFacts)) -> Self {
        change(self.server.get_or_insert_default());
        self
    }

    /// Returns the whole result.
    pub fn report(self) -> DoctorReport {
        let comments: Vec<_> = self.repository.workflows.iter().flat_map(workflow_comments).collect();
        let owners = self.owners.iter().flat_map(|file| text_comments(&file.path, &file.text));
        let comments: Vec<_> = comments.into_iter().chain(owners).collect();
        let gates = find_gates(&self.repository);
        let paths = self.paths;
        let has_path =
            |path: &str| paths.iter().any(|own| *own == path || own.starts_with(&format!("{path}/")));
        let input = ExaminationInput {
            repository: self.repository,
            gates,
            publishes: Vec::new(),
            policies: BTreeMap::from([(DEFAULT_POLICY.to_owned(), self.policy)]),
            owners: self.owners,
            server: self.server,
            has_path: &has_path,
            today: "2026-12-01".to_owned(),
        };
        examine(&input, &comments, FindingLevel::Note, Vec::new())
    }

    /// Returns the findings as `error publish-not-behind-gate release.yml#package`, without notes.
    pub fn findings(self) -> Vec<String> {
        let findings =
            self.report().findings.into_iter().filter(|finding| finding.level > FindingLevel::Note);
        findings
            .map(|finding| {
                let file = finding.file.rsplit('/').next().unwrap_or("").to_owned();
                let job = finding.job.map_or(String::new(), |job| format!("#{job}"));
                format!("{} {} {file}{job}", finding.level.name(), finding.id)
            })
            .collect()
    }
}

/// Returns a workflow that starts on tags and has the gate and more jobs.
pub(super) fn on_tag(jobs: &str) -> String {
    format!("on: {{ push: {{ tags: ['v*'] }} }}\njobs:{GATE}{jobs}")
}

/// Returns a workflow for pull requests with a job.
pub(super) fn on_change(jobs: &str) -> String {
    format!("on: pull_request\njobs:\n{jobs}")
}

/// Returns a job that publishes to npm, with more keys.
pub(super) fn npm(keys: &str) -> String {
    format!("\n  package:\n    runs-on: ubuntu-latest\n{keys}\n    steps:\n      - run: npm publish\n")
}
