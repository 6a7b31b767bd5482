//! The events that start a workflow, and what each of them says about the run.

use super::expression::Value;
use super::workflow::{Trigger, Workflow};

/// A kind of event, as far as it matters for publishing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EventKind {
    /// Push of a tag.
    PushTag,
    /// Push to a branch.
    PushBranch,
    /// `pull_request`
    PullRequest,
    /// `pull_request_target`
    PullRequestTarget,
    /// `merge_group`
    MergeGroup,
    /// `release`
    Release,
    /// `workflow_dispatch`
    Dispatch,
    /// `schedule`
    Schedule,
    /// `workflow_run`
    WorkflowRun,
    /// `workflow_call`
    Call,
    /// Another event.
    Other(String),
}

impl EventKind {
    /// Returns `true` for the events of a pull request.
    pub fn is_pull_request(&self) -> bool {
        matches!(self, Self::PullRequest | Self::PullRequestTarget)
    }
}

/// One way in which a workflow starts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scenario {
    /// The event.
    pub event: EventKind,
    /// The only branch of a push; `None` if there are several or it is not known.
    pub branch: Option<String>,
    /// `true` if a pull request was closed: it may have been merged.
    pub is_closing: bool,
    /// Names of the workflows whose run starts this one.
    pub workflows: Vec<String>,
    /// `true` if a start by hand takes a version or a tag.
    pub takes_version: bool,
}

impl Scenario {
    fn new(event: EventKind) -> Self {
        Self { event, branch: None, is_closing: false, workflows: Vec::new(), takes_version: false }
    }

    /// Returns the name of the event in `on:`.
    pub fn event_name(&self) -> &str {
        match &self.event {
            EventKind::PushTag | EventKind::PushBranch => "push",
            EventKind::PullRequest => "pull_request",
            EventKind::PullRequestTarget => "pull_request_target",
            EventKind::MergeGroup => "merge_group",
            EventKind::Release => "release",
            EventKind::Dispatch => "workflow_dispatch",
            EventKind::Schedule => "schedule",
            EventKind::WorkflowRun => "workflow_run",
            EventKind::Call => "workflow_call",
            EventKind::Other(name) => name,
        }
    }

    /// Returns the event in words.
    pub fn words(&self) -> String {
        match &self.event {
            EventKind::PushTag => "tag push".to_owned(),
            EventKind::PushBranch => match &self.branch {
                Some(branch) => format!("push to {branch}"),
                None => "push to a branch".to_owned(),
            },
            EventKind::WorkflowRun => format!("run of {}", self.workflows.join(", ")),
            EventKind::Dispatch => "start by hand".to_owned(),
            EventKind::PullRequest
            | EventKind::PullRequestTarget
            | EventKind::MergeGroup
            | EventKind::Release
            | EventKind::Schedule
            | EventKind::Call
            | EventKind::Other(_) => self.event_name().to_owned(),
        }
    }

    /// Returns `github.ref`.
    pub fn git_ref(&self) -> Value {
        match (&self.event, &self.branch) {
            (EventKind::PushTag | EventKind::Release, _) => Value::Symbol("ref", "refs/tags/"),
            (EventKind::PushBranch, Some(branch)) => Value::Text(format!("refs/heads/{branch}")),
            (EventKind::PushBranch | EventKind::Schedule | EventKind::WorkflowRun, _) => {
                Value::Symbol("ref", "refs/heads/")
            }
            (EventKind::PullRequest, _) => Value::Symbol("ref", "refs/pull/"),
            (EventKind::PullRequestTarget, _) => Value::Symbol("ref", "refs/heads/"),
            _ => Value::Symbol("ref", "refs/"),
        }
    }

    /// Returns `true` if a run can publish a release: not for a change that is only proposed.
    pub fn can_release(&self) -> bool {
        match &self.event {
            EventKind::PullRequest | EventKind::PullRequestTarget => self.is_closing,
            EventKind::MergeGroup | EventKind::Call => false,
            EventKind::PushTag
            | EventKind::PushBranch
            | EventKind::Release
            | EventKind::Dispatch
            | EventKind::Schedule
            | EventKind::WorkflowRun
            | EventKind::Other(_) => true,
        }
    }

    /// Returns `true` if the run is about a tag or a version that somebody chose.
    pub fn is_release(&self) -> bool {
        matches!(self.event, EventKind::PushTag | EventKind::Release) || self.takes_version
    }

    /// Returns `true` if the run reports checks on a pull request or in a merge queue.
    pub fn is_check(&self) -> bool {
        self.event.is_pull_request() || self.event == EventKind::MergeGroup
    }
}

/// Returns every way in which a workflow starts.
pub fn scenarios(workflow: &Workflow) -> Vec<Scenario> {
    workflow.triggers.iter().flat_map(of_trigger).collect()
}

fn of_trigger(trigger: &Trigger) -> Vec<Scenario> {
    let has = |filter: &str| trigger.filter(filter).is_some();
    let one = |event: EventKind| vec![Scenario::new(event)];
    match trigger.event.as_str() {
        "push" => {
            let (tags, branches) =
                (has("tags") || has("tags-ignore"), has("branches") || has("branches-ignore"));
            let mut out = Vec::new();
            if tags || !branches {
                out.push(Scenario::new(EventKind::PushTag));
            }
            if branches || !tags {
                let only = trigger.filter("branches").filter(|branches| branches.len() == 1);
                let literal =
                    |branch: &String| !branch.contains(['*', '?', '+', '[', '!']) && !branch.contains("${{");
                let branch = only.and_then(|branches| branches.first()).filter(|branch| literal(branch));
                out.push(Scenario { branch: branch.cloned(), ..Scenario::new(EventKind::PushBranch) });
            }
            out
        }
        "pull_request" | "pull_request_target" => {
            let event = if trigger.event == "pull_request" {
                EventKind::PullRequest
            } else {
                EventKind::PullRequestTarget
            };
            let types = trigger.filter("types");
            let closes = types.is_some_and(|types| types.iter().any(|kind| kind == "closed"));
            let opens = types.is_none_or(|types| types.iter().any(|kind| kind != "closed"));
            let mut out = Vec::new();
            if opens {
                out.push(Scenario::new(event.clone()));
            }
            if closes {
                out.push(Scenario { is_closing: true, ..Scenario::new(event) });
            }
            out
        }
        "workflow_run" => {
            let workflows = trigger.filter("workflows").map(<[String]>::to_vec).unwrap_or_default();
            vec![Scenario { workflows, ..Scenario::new(EventKind::WorkflowRun) }]
        }
        "merge_group" => one(EventKind::MergeGroup),
        "release" => one(EventKind::Release),
        "workflow_dispatch" => {
            let words = ["version", "tag", "release", "ref"];
            let is_version =
                |name: &String| words.iter().any(|word| name.to_ascii_lowercase().contains(word));
            let takes_version = trigger.filter("inputs").is_some_and(|inputs| inputs.iter().any(is_version));
            vec![Scenario { takes_version, ..Scenario::new(EventKind::Dispatch) }]
        }
        "schedule" => one(EventKind::Schedule),
        "workflow_call" => one(EventKind::Call),
        other => one(EventKind::Other(other.to_owned())),
    }
}
