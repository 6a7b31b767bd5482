//! The second half of a workflow: which pull request it follows.

use crate::ci::{ActionsContext, PullRequestRef, TriggerEvent};
use crate::publish::pull_request;

use super::connect::{connect, repository};
use super::{Failure, Sources, World};

/// Names the pull request of a `workflow_run` that does not name it: GitHub leaves it out for forks. Where none is
/// found, the run decides about the commit.
///
/// # Errors
/// If there is no way to ask.
pub fn follow(
    ci: &mut ActionsContext,
    sources: &Sources,
    verbose: bool,
    world: &World<'_>,
) -> Result<(), Failure> {
    let TriggerEvent::WorkflowRun { head_sha, head_branch, head_owner, trigger, pull_requests, .. } =
        &ci.event
    else {
        return Ok(());
    };
    let (Some(branch), Some(owner)) = (head_branch, head_owner) else { return Ok(()) };
    if !pull_requests.is_empty() || !trigger.starts_with("pull_request") {
        return Ok(());
    }
    let repository = repository(sources, Some(ci))?.to_string();
    let client = connect(sources, Some(ci), sources.timeout, verbose, world)?;
    let found = match pull_request::with_head(&client, &repository, owner, branch, &head_sha.0) {
        Ok(Some(number)) => PullRequestRef { number, head_sha: head_sha.clone() },
        Ok(None) => {
            client.log(&format!("no open pull request has the commit {head_sha} at its head"));
            return Ok(());
        }
        Err(error) => {
            client.log(&format!("the pull request of commit {head_sha} was not found: {error}"));
            return Ok(());
        }
    };
    if let TriggerEvent::WorkflowRun { pull_requests, .. } = &mut ci.event {
        pull_requests.push(found);
    }
    Ok(())
}
