//! Issues with everything that the policy reads in them, whatever the candidate.

use std::sync::{Arc, OnceLock};

use crate::attribution::IssueStatements;
use crate::attribution::statement::Statement;
use crate::classify::codeowners::Codeowners;
use crate::classify::{ReadDefect, detection_phase};
use crate::model::{Attribution, Issue, Phase, Timeline};
use crate::policy::Policy;

/// An issue that is read at most once, by one policy. The releases of a simulation share it.
#[derive(Debug)]
pub struct ReadIssue {
    /// The issue.
    pub issue: Arc<Issue>,
    phase: OnceLock<Option<(Phase, String)>>,
    named: OnceLock<Option<NamedIssue>>,
}

/// An issue that the policy names, as it was read.
#[derive(Debug)]
pub struct NamedIssue {
    /// The issue with its attributes.
    pub defect: ReadDefect,
    statements: IssueStatements,
}

impl ReadIssue {
    /// Takes an issue that is read later.
    pub fn new(issue: Issue) -> Self {
        Self { issue: Arc::new(issue), phase: OnceLock::new(), named: OnceLock::new() }
    }

    /// Returns the phase that the policy gives the issue, with its reason; `None` if no selector matches.
    pub fn phase(&self, policy: &Policy) -> Option<&(Phase, String)> {
        self.phase.get_or_init(|| detection_phase(&self.issue, &policy.defects)).as_ref()
    }

    /// Returns the issue as it was read; `None` if no selector of the policy matches.
    pub fn named(
        &self,
        policy: &Policy,
        owners: Option<&Codeowners>,
        timeline: &Timeline,
    ) -> Option<&NamedIssue> {
        let read = || {
            let found = self.phase(policy)?.clone();
            let statements = IssueStatements::read(&self.issue, found.0, policy, timeline.product());
            let defect = ReadDefect::new(Arc::clone(&self.issue), found, policy, owners);
            Some(NamedIssue { defect, statements })
        };
        self.named.get_or_init(read).as_ref()
    }
}

impl NamedIssue {
    /// Returns the release that the issue was found in, and its statements about releases.
    pub fn attribute(&self, policy: &Policy, timeline: &Timeline) -> (Attribution, Vec<Statement>) {
        let (issue, phase, product) = (&self.defect.facts.issue, self.defect.phase, timeline.product());
        if self.statements.is_for(phase, product) {
            return self.statements.attribute(issue, policy, timeline);
        }
        // The releases of a simulation may be of several products, each with its own name in the texts.
        IssueStatements::read(issue, phase, policy, product).attribute(issue, policy, timeline)
    }
}
