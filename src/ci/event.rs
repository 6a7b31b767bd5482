//! The event that triggered the run, from its payload. Unused fields of the payload are ignored.

use std::path::PathBuf;

use serde::de::{DeserializeOwned, Error, Unexpected};
use serde::{Deserialize, Deserializer};

use super::environment::{required_variable, unexpected_value};
use super::{CiError, Env, ReadFile};
use crate::model::{Sha, Tag};

/// The event that triggered the run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TriggerEvent {
    /// `pull_request` or `pull_request_target`.
    PullRequest {
        /// Number of the pull request.
        number: u64,
        /// The last commit of the branch to be merged.
        head_sha: Sha,
        /// The commit of the target branch.
        base_sha: Sha,
        /// The target branch.
        base_ref: String,
        /// `true` if the branch to be merged is in another repository, also in a deleted one.
        fork: bool,
        /// `true` for `pull_request_target`, which runs in the target repository with its token.
        target: bool,
    },
    /// `merge_group`: pull requests that a merge queue combines before it merges them.
    MergeGroup {
        /// The commit that the group was built on: of the target branch, or of the group before it.
        base_sha: Sha,
        /// The target branch.
        base_ref: String,
        /// The commit of the group.
        head_sha: Sha,
        /// Branch of the group, for example `gh-readonly-queue/main/pr-5-1a2b3c4`. It names only the last pull request.
        head_ref: String,
    },
    /// `release`.
    Release {
        /// The tag, which may not exist yet for a draft.
        tag: Tag,
    },
    /// `push` of a tag.
    TagPush {
        /// The tag.
        tag: Tag,
    },
    /// `push` of a branch.
    BranchPush,
    /// `workflow_dispatch` and `repository_dispatch`.
    Dispatch,
    /// `schedule`.
    Schedule,
    /// `workflow_run`: the second half of a workflow that ran without rights.
    WorkflowRun {
        /// The commit that the first workflow ran on.
        head_sha: Sha,
        /// Branch of the commit, or name of the tag if a tag triggered the first workflow.
        head_branch: Option<String>,
        /// Owner of the commit's repository; `None` if the repository was deleted.
        head_owner: Option<String>,
        /// Event of the first workflow: `pull_request`, `push` and so on.
        trigger: String,
        /// Conclusion of the first workflow, for example `success`; `None` while it runs.
        conclusion: Option<String>,
        /// Pull requests of the commit. Empty for a fork: find them by `head_sha`.
        pull_requests: Vec<PullRequestRef>,
        /// `true` if the commit is in another repository, also in a deleted one.
        fork: bool,
    },
    /// `issues`.
    Issues,
    /// `deployment` and `deployment_status`.
    Deployment {
        /// The commit to be deployed.
        sha: Sha,
        /// The requested branch, tag or commit.
        ref_name: String,
    },
    /// Any other event, by name. It does not say what to evaluate.
    Other(String),
}

/// A pull request in a `workflow_run` event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PullRequestRef {
    /// Number of the pull request.
    pub number: u64,
    /// The last commit of the branch to be merged.
    pub head_sha: Sha,
}

impl TriggerEvent {
    /// Reads the event of this name. `full_ref` is the value of GITHUB_REF.
    pub(super) fn read(
        name: &str,
        full_ref: &str,
        env: Env<'_>,
        read: ReadFile<'_>,
    ) -> Result<Self, CiError> {
        Ok(match name {
            "pull_request" | "pull_request_target" => {
                let of: PullRequestPayload = payload(name, env, read)?;
                let pull = of.pull_request;
                Self::PullRequest {
                    number: pull.number,
                    fork: is_fork(pull.head.repo.as_ref(), &of.repository),
                    head_sha: pull.head.sha,
                    base_sha: pull.base.sha,
                    base_ref: pull.base.name,
                    target: name == "pull_request_target",
                }
            }
            "merge_group" => {
                let MergeGroupPayload { merge_group: of } = payload(name, env, read)?;
                let branch = |full: &str| full.strip_prefix("refs/heads/").unwrap_or(full).to_owned();
                let (base_ref, head_ref) = (branch(&of.base_ref), branch(&of.head_ref));
                Self::MergeGroup { base_sha: of.base_sha, base_ref, head_sha: of.head_sha, head_ref }
            }
            // Not GITHUB_REF: the tag of a draft need not exist yet.
            "release" => {
                let of: ReleasePayload = payload(name, env, read)?;
                Self::Release { tag: Tag(of.release.tag_name) }
            }
            // The variables of the runner are enough.
            "push" => match (full_ref.strip_prefix("refs/tags/"), full_ref.strip_prefix("refs/heads/")) {
                (Some(tag), _) if !tag.is_empty() => Self::TagPush { tag: Tag(tag.to_owned()) },
                (_, Some(branch)) if !branch.is_empty() => Self::BranchPush,
                _ => {
                    return Err(unexpected_value(
                        "GITHUB_REF",
                        full_ref,
                        "refs/tags/… or refs/heads/… for a push",
                    ));
                }
            },
            "workflow_dispatch" | "repository_dispatch" => Self::Dispatch,
            "schedule" => Self::Schedule,
            "workflow_run" => workflow_run(payload(name, env, read)?),
            "issues" => Self::Issues,
            "deployment" | "deployment_status" => {
                let of: DeploymentPayload = payload(name, env, read)?;
                Self::Deployment { sha: of.deployment.sha, ref_name: of.deployment.name }
            }
            // GitHub adds events. With `--release` or `--candidate`, the event does not matter.
            other => Self::Other(other.to_owned()),
        })
    }
}

/// Returns the event of a workflow that follows another one.
fn workflow_run(of: WorkflowRunPayload) -> TriggerEvent {
    let run = of.workflow_run;
    TriggerEvent::WorkflowRun {
        fork: is_fork(run.head_repository.as_ref(), &of.repository),
        head_owner: run.head_repository.and_then(owner),
        head_sha: run.head_sha,
        head_branch: run.head_branch,
        trigger: run.event,
        conclusion: run.conclusion,
        pull_requests: run
            .pull_requests
            .into_iter()
            .map(|pull| PullRequestRef { number: pull.number, head_sha: pull.head.sha })
            .collect(),
    }
}

/// Returns the owner of a repository.
fn owner(repository: EventRepository) -> Option<String> {
    repository.full_name?.split_once('/').map(|(owner, _)| owner.to_owned())
}

/// Returns `true` if the head is in another repository. A deleted repository was another one.
fn is_fork(head: Option<&EventRepository>, own: &EventRepository) -> bool {
    // The id and not the name: a repository can be renamed or transferred while a run waits.
    head.is_none_or(|head| head.id != own.id)
}

/// Reads the event file.
fn payload<T: DeserializeOwned>(event: &str, env: Env<'_>, read: ReadFile<'_>) -> Result<T, CiError> {
    let path = PathBuf::from(required_variable(env, "GITHUB_EVENT_PATH")?);
    let bytes = read(&path).map_err(|source| CiError::Unreadable { path: path.clone(), source })?;
    let refuse = |place: String, source| CiError::Payload {
        path: path.clone(),
        event: event.to_owned(),
        place,
        source,
    };
    let mut json = serde_json::Deserializer::from_slice(&bytes);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let place = error.path().to_string();
        let place = if place == "." { String::new() } else { format!("{place}: ") };
        refuse(place, error.into_inner())
    })?;
    // Text after the document means that the file was written by something else.
    json.end().map_err(|source| refuse(String::new(), source))?;
    Ok(value)
}

/// Accepts only a full commit id. Any other text would send API requests to another path.
fn deserialize_commit<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Sha, D::Error> {
    let text = String::deserialize(deserializer)?;
    Sha::parse(&text).ok_or_else(|| D::Error::invalid_value(Unexpected::Str(&text), &"a full commit id"))
}

/// Accepts the name of a branch or tag, but no empty text.
fn deserialize_ref_name<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let text = String::deserialize(deserializer)?;
    if text.is_empty() { Err(D::Error::invalid_value(Unexpected::Str(&text), &"a name")) } else { Ok(text) }
}

#[derive(Deserialize)]
struct PullRequestPayload {
    pull_request: EventPullRequest,
    repository: EventRepository,
}

#[derive(Deserialize)]
struct EventPullRequest {
    number: u64,
    head: EventBranch,
    base: EventBranch,
}

/// One end of a pull request.
#[derive(Deserialize)]
struct EventBranch {
    #[serde(deserialize_with = "deserialize_commit")]
    sha: Sha,
    #[serde(rename = "ref", deserialize_with = "deserialize_ref_name")]
    name: String,
    /// Null if the repository was deleted.
    #[serde(default)]
    repo: Option<EventRepository>,
}

#[derive(Deserialize)]
struct EventRepository {
    id: u64,
    /// `owner/name`.
    #[serde(default)]
    full_name: Option<String>,
}

#[derive(Deserialize)]
struct MergeGroupPayload {
    merge_group: MergeGroup,
}

#[derive(Deserialize)]
struct MergeGroup {
    #[serde(deserialize_with = "deserialize_commit")]
    base_sha: Sha,
    #[serde(deserialize_with = "deserialize_ref_name")]
    base_ref: String,
    #[serde(deserialize_with = "deserialize_commit")]
    head_sha: Sha,
    #[serde(deserialize_with = "deserialize_ref_name")]
    head_ref: String,
}

#[derive(Deserialize)]
struct ReleasePayload {
    release: EventRelease,
}

#[derive(Deserialize)]
struct EventRelease {
    #[serde(deserialize_with = "deserialize_ref_name")]
    tag_name: String,
}

#[derive(Deserialize)]
struct WorkflowRunPayload {
    workflow_run: WorkflowRun,
    repository: EventRepository,
}

#[derive(Deserialize)]
struct WorkflowRun {
    #[serde(deserialize_with = "deserialize_commit")]
    head_sha: Sha,
    #[serde(default)]
    head_branch: Option<String>,
    event: String,
    #[serde(default)]
    conclusion: Option<String>,
    pull_requests: Vec<EventPullRequest>,
    #[serde(default)]
    head_repository: Option<EventRepository>,
}

#[derive(Deserialize)]
struct DeploymentPayload {
    deployment: EventDeployment,
}

#[derive(Deserialize)]
struct EventDeployment {
    #[serde(deserialize_with = "deserialize_commit")]
    sha: Sha,
    #[serde(rename = "ref", deserialize_with = "deserialize_ref_name")]
    name: String,
}
