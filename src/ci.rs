//! GitHub Actions: the context of a run, and the event that triggered it.
//!
//! The functions are pure: the environment and the reading of a file are parameters. If an event cannot be read, that is an
//! error with its place; the event is never mistaken for another one.

mod environment;
mod event;
mod known_events;

use std::io;
use std::path::{Path, PathBuf};

use crate::model::{Sha, Tag};

use environment::{address, non_empty_variable, required_variable, unexpected_value};

pub use event::{PullRequestRef, TriggerEvent};
pub use known_events::{KNOWN_EVENTS, KnownEvent, known_event_names};

/// Looks up an environment variable.
pub type Env<'a> = &'a dyn Fn(&str) -> Option<String>;

/// Reads a file.
pub type ReadFile<'a> = &'a dyn Fn(&Path) -> io::Result<Vec<u8>>;

/// Context of a run on GitHub Actions.
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
    /// The event that triggered the run.
    pub event: TriggerEvent,
    /// The commit that the workflow runs on. For a pull request it is a merge commit; the event has the head.
    pub sha: Sha,
    /// Short name of the branch or tag that the workflow runs on.
    pub ref_name: String,
    /// The tag, if the workflow runs on one.
    pub tag: Option<Tag>,
    /// Web address of the run.
    pub run_url: Option<String>,
    /// Number and attempt of the run; `None` if the runner does not say.
    pub run: Option<RunAttempt>,
    /// File of the job summary.
    pub summary_path: Option<PathBuf>,
    /// File of the step outputs.
    pub output_path: Option<PathBuf>,
    /// Login of the account that triggered the run.
    pub actor: String,
}

/// One attempt of a run. The greater of two attempts was started later, because runs are numbered in the order of their
/// events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct RunAttempt {
    /// The run's number, unique on its server.
    pub id: u64,
    /// 1 for the first attempt, 2 after the first re-run, and so on.
    pub attempt: u64,
}

impl ActionsContext {
    /// Reads the context of the run. `None` outside GitHub Actions.
    pub fn from_env(env: Env<'_>, read: ReadFile<'_>) -> Result<Option<Self>, CiError> {
        // The runner always sets it. `CI` alone is also set by other systems and by developers.
        if env("GITHUB_ACTIONS").as_deref() != Some("true") {
            return Ok(None);
        }
        let repository = required_variable(env, "GITHUB_REPOSITORY")?;
        if !is_repository(&repository) {
            return Err(unexpected_value("GITHUB_REPOSITORY", &repository, "owner/name"));
        }
        let api_url = address(env, "GITHUB_API_URL")?;
        let server_url = address(env, "GITHUB_SERVER_URL")?;
        let graphql_url = match non_empty_variable(env, "GITHUB_GRAPHQL_URL") {
            Some(_) => address(env, "GITHUB_GRAPHQL_URL")?,
            // Enterprise Server has `/api/v3` next to `/api/graphql`.
            None => format!("{}/graphql", api_url.strip_suffix("/v3").unwrap_or(&api_url)),
        };
        let sha = required_variable(env, "GITHUB_SHA")?;
        let sha = Sha::parse(&sha).ok_or_else(|| unexpected_value("GITHUB_SHA", &sha, "a full commit id"))?;
        let full_ref = non_empty_variable(env, "GITHUB_REF").unwrap_or_default();
        let event_name = required_variable(env, "GITHUB_EVENT_NAME")?;
        let event = TriggerEvent::read(&event_name, &full_ref, env, read)?;
        let number = |name: &str| non_empty_variable(env, name).and_then(|text| text.parse::<u64>().ok());
        Ok(Some(Self {
            run: number("GITHUB_RUN_ID")
                .map(|id| RunAttempt { id, attempt: number("GITHUB_RUN_ATTEMPT").unwrap_or(1) }),
            run_url: non_empty_variable(env, "GITHUB_RUN_ID")
                .filter(|id| id.bytes().all(|byte| byte.is_ascii_digit()))
                .map(|id| format!("{server_url}/{repository}/actions/runs/{id}")),
            ref_name: short_ref_name(&full_ref).to_owned(),
            tag: full_ref.strip_prefix("refs/tags/").map(|tag| Tag(tag.to_owned())),
            summary_path: non_empty_variable(env, "GITHUB_STEP_SUMMARY").map(PathBuf::from),
            output_path: non_empty_variable(env, "GITHUB_OUTPUT").map(PathBuf::from),
            actor: non_empty_variable(env, "GITHUB_ACTOR").unwrap_or_default(),
            repository,
            api_url,
            graphql_url,
            server_url,
            event,
            sha,
        }))
    }

    /// Returns the reason why the run's own token most likely cannot write, whatever `permissions:` says. `None` if there is
    /// no such reason. It is a hint for messages; only an attempt shows whether a write works.
    pub fn read_only_because(&self) -> Option<&'static str> {
        let fork = match &self.event {
            TriggerEvent::PullRequest { fork, target, .. } => *fork && !*target,
            // These events use the token of the repository itself, whoever caused them.
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
        // GitHub treats Dependabot's runs like those of a fork, even on a push to a branch of the
        // repository.
        let dependabot = self.actor.eq_ignore_ascii_case("dependabot[bot]");
        dependabot.then_some("the run was triggered by Dependabot, whose runs get a read-only token")
    }
}

/// An error while reading the context.
#[derive(Debug, thiserror::Error)]
pub enum CiError {
    /// A variable that the runner always sets is missing or empty.
    #[error("the environment variable {0} is missing, which GitHub Actions always sets")]
    Missing(&'static str),
    /// A variable has an unexpected value.
    #[error("the environment variable {name} is `{value}`, expected {expected}")]
    Unexpected {
        /// The variable.
        name: &'static str,
        /// Its value, escaped.
        value: String,
        /// Description of a valid value.
        expected: &'static str,
    },
    /// The event file could not be read.
    #[error("the event file {path} (GITHUB_EVENT_PATH) could not be read: {source}")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The reason.
        source: io::Error,
    },
    /// The event file is not JSON, is truncated, or lacks a field.
    #[error("the event file {path} does not hold a `{event}` event: {place}{source}")]
    Payload {
        /// The file.
        path: PathBuf,
        /// The expected event.
        event: String,
        /// The key path with a colon; empty if no key was reached.
        place: String,
        /// The reason, with line and column.
        source: serde_json::Error,
    },
}

/// Returns `true` for `owner/name`. Any other text would send API requests to another path.
fn is_repository(text: &str) -> bool {
    let part = |text: &str| {
        let plain = text.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c));
        plain && !["", ".", ".."].contains(&text)
    };
    text.split_once('/').is_some_and(|(owner, name)| part(owner) && part(name))
}

/// Shortens a ref: `refs/tags/v1.4.0` to `v1.4.0`, `refs/pull/7/merge` to `7/merge`.
fn short_ref_name(full: &str) -> &str {
    ["refs/heads/", "refs/tags/", "refs/pull/"]
        .into_iter()
        .find_map(|prefix| full.strip_prefix(prefix))
        .unwrap_or(full)
}

#[cfg(test)]
mod tests;
