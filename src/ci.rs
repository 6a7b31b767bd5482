//! GitHub Actions: where a run happens and what triggered it.
//!
//! Pure over its two parameters, the environment and the reading of a file. An event that a verdict depends on and
//! that cannot be read is an error that says what and where; it is never taken for another event.

mod environment;
mod event;

use std::io;
use std::path::{Path, PathBuf};

use crate::model::{Sha, Tag};

pub use event::{PullRequestRef, TriggerEvent};

/// Looks up an environment variable.
pub type Env<'a> = &'a dyn Fn(&str) -> Option<String>;

/// Reads a file.
pub type ReadFile<'a> = &'a dyn Fn(&Path) -> io::Result<Vec<u8>>;

/// A run on GitHub Actions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActionsContext {
    /// `owner/name`.
    pub repository: String,
    /// Base of the REST API, without a slash at the end.
    pub api_url: String,
    /// Address of the GraphQL API.
    pub graphql_url: String,
    /// Base of the pages for people, without a slash at the end.
    pub server_url: String,
    /// What triggered the run.
    pub event: TriggerEvent,
    /// The commit that the workflow runs on; for a pull request this is a merge commit, and the event has the head.
    pub sha: Sha,
    /// Short name of the branch or tag that the workflow runs on.
    pub ref_name: String,
    /// The tag, if the workflow runs on one.
    pub tag: Option<Tag>,
    /// The page of the run.
    pub run_url: Option<String>,
    /// The number of the run; none if the runner does not tell.
    pub run: Option<RunAttempt>,
    /// Where the job summary is written to.
    pub summary_path: Option<PathBuf>,
    /// Where step outputs are written to.
    pub output_path: Option<PathBuf>,
    /// Login of whoever triggered the run.
    pub actor: String,
}

/// One attempt of a run. Of two, the greater one was started later: runs are numbered in the order of their events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct RunAttempt {
    /// The run's number, unique on its server.
    pub id: u64,
    /// 1 for the first attempt, one more each time that somebody runs it again.
    pub attempt: u64,
}

impl ActionsContext {
    /// The run that the environment describes; none outside GitHub Actions.
    pub fn from_env(env: Env<'_>, read: ReadFile<'_>) -> Result<Option<Self>, CiError> {
        environment::context(env, read)
    }

    /// Why the run's own token most likely cannot write, whatever `permissions:` says; none if nothing speaks for it.
    /// A hint for messages: whether a write works shows when it is tried.
    pub fn read_only_because(&self) -> Option<&'static str> {
        let fork = match &self.event {
            TriggerEvent::PullRequest { fork, target, .. } => *fork && !*target,
            // These run with the token of the repository itself, whoever caused them.
            TriggerEvent::MergeGroup { .. }
            | TriggerEvent::Release { .. }
            | TriggerEvent::TagPush { .. }
            | TriggerEvent::BranchPush
            | TriggerEvent::Dispatch
            | TriggerEvent::Schedule
            | TriggerEvent::WorkflowRun { .. }
            | TriggerEvent::Issues
            | TriggerEvent::Deployment { .. }
            | TriggerEvent::Other(_) => false,
        };
        if fork {
            return Some("the pull request comes from a fork, whose runs get a read-only token");
        }
        let dependabot = self.actor.eq_ignore_ascii_case("dependabot[bot]");
        dependabot.then_some("the run was triggered by Dependabot, whose runs get a read-only token")
    }
}

/// The context could not be made out.
#[derive(Debug, thiserror::Error)]
pub enum CiError {
    /// A variable that the runner always sets is missing or empty.
    #[error("the environment variable {0} is missing, which GitHub Actions always sets")]
    Missing(&'static str),
    /// A variable has a value that cannot be right.
    #[error("the environment variable {name} is `{value}`, expected {expected}")]
    Unexpected {
        /// The variable.
        name: &'static str,
        /// Its value, shown harmlessly.
        value: String,
        /// What it should look like.
        expected: &'static str,
    },
    /// The event's file could not be read.
    #[error("the event file {path} (GITHUB_EVENT_PATH) could not be read: {source}")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The event's file is no JSON, is cut short, or lacks something.
    #[error("the event file {path} does not hold a `{event}` event: {place}{source}")]
    Payload {
        /// The file.
        path: PathBuf,
        /// The event it should hold.
        event: String,
        /// The key path with a colon, or nothing if no key was reached.
        place: String,
        /// What is wrong, with line and column.
        source: serde_json::Error,
    },
}

#[cfg(test)]
mod tests;
