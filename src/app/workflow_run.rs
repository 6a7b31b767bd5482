//! A workflow that runs after another one (`workflow_run`): the pull request it belongs to, and the result of the other one.

use crate::ci::{PullRequestRef, TriggerEvent};
use crate::model::{Area, Gap, Snapshot, TestEvidence, Warning};
use crate::options::Sources;
use crate::publish::pull_request;

use super::connect::{connect, target_repository};
use super::{Failure, Run};

/// Finds the pull request of a `workflow_run` event that does not name it: GitHub omits it for forks. Without a pull request, the
/// run evaluates the commit.
///
/// # Errors
/// If GitHub cannot be asked.
pub fn resolve_pull_request(sources: &Sources, run: &mut Run<'_>) -> Result<(), Failure> {
    let Some(TriggerEvent::WorkflowRun { head_sha, head_branch, head_owner, trigger, pull_requests, .. }) =
        run.ci.as_ref().map(|ci| &ci.event)
    else {
        return Ok(());
    };
    let (Some(branch), Some(owner)) = (head_branch, head_owner) else { return Ok(()) };
    // Only then can the commit belong to a fork's pull request. Any other trigger would cost a
    // request for nothing.
    if !pull_requests.is_empty() || !trigger.starts_with("pull_request") {
        return Ok(());
    }
    let repository = target_repository(sources.repository.as_deref(), run)?.to_string();
    let client = connect(run)?;
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
    if let Some(TriggerEvent::WorkflowRun { pull_requests, .. }) = run.ci.as_mut().map(|ci| &mut ci.event) {
        pull_requests.push(found);
    }
    Ok(())
}

/// Adds a gap or a warning if the workflow that made the test reports did not succeed: a cancelled run has an incomplete report.
pub fn record_trigger_result(event: &TriggerEvent, snapshot: &mut Snapshot) {
    let TriggerEvent::WorkflowRun { conclusion, .. } = event else { return };
    let ended = match conclusion.as_deref() {
        Some("success") => return,
        // Tests that fail make their workflow fail, so this is the usual end. The reports say which
        // tests.
        Some("failure") => {
            let totals = snapshot.tests.as_ref().map(TestEvidence::totals);
            if totals.is_none_or(|totals| totals.failed + totals.errors == 0) {
                let text = "the workflow that made the test reports ended as `failure`, and no test in them has failed";
                snapshot.warnings.insert(Warning(text.into()));
            }
            return;
        }
        Some(other) => format!("ended as `{other}`"),
        None => "has not ended".into(),
    };
    snapshot.gaps.insert(Gap {
        area: Area::Tests,
        place: None,
        what: format!("the workflow that made the test reports {ended}, so they may not be all"),
        remedy: Some("Run the tests' workflow again to its end.".into()),
    });
}
