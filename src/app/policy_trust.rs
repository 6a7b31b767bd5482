//! Whose policy it is, where a run has rights that whoever caused it has not.

use std::path::{Path, PathBuf};

use crate::ci::TriggerEvent;
use crate::model::Sha;
use release_history::bounded;

use super::policy_files::repository_root;
use super::{Failure, Run};

/// Largest file of Git that is read here, in bytes.
const LARGEST: u64 = 1 << 20;

/// A checkout whose policy has to be the one of its commit.
pub struct TrustedCheckout {
    /// The top of the checkout.
    pub folder: PathBuf,
    /// The commit.
    pub commit: Sha,
}

/// Refuses a policy from a checkout of a stranger's commit; returns the checkout of any other. `pull_request_target`, and
/// `workflow_run` after the run of a pull request, have the rights of the repository itself: with the head checked out,
/// whoever opened the pull request would write the policy that it is evaluated by. A policy that is in no checkout is taken:
/// the workflow put it there.
///
/// # Errors
/// If the checkout is at another commit than the base's.
pub fn trusted_checkout(policy: &Path, run: &Run<'_>) -> Result<Option<TrustedCheckout>, Failure> {
    let Some(ci) = &run.ci else { return Ok(None) };
    let (event, base) = match &ci.event {
        TriggerEvent::PullRequest { target: true, base_sha, .. } => ("pull_request_target", Some(base_sha)),
        TriggerEvent::WorkflowRun { fork, trigger, .. } if *fork || trigger.starts_with("pull_request") => {
            ("workflow_run", None)
        }
        TriggerEvent::PullRequest { target: false, .. }
        | TriggerEvent::MergeGroup { .. }
        | TriggerEvent::WorkflowRun { .. }
        | TriggerEvent::Release { .. }
        | TriggerEvent::TagPush { .. }
        | TriggerEvent::BranchPush
        | TriggerEvent::Dispatch
        | TriggerEvent::Schedule
        | TriggerEvent::Issues
        | TriggerEvent::Deployment { .. }
        | TriggerEvent::Other(_) => return Ok(None),
    };
    let path = run.folder.join(policy);
    // A link may lead out of one checkout into another. A file that is not there is told when it is read.
    let Ok(path) = std::fs::canonicalize(&path) else { return Ok(None) };
    let Some(folder) = path.parent().and_then(repository_root) else { return Ok(None) };
    let at = commit(&folder.join(".git"));
    // Between the event and the job, the base branch may move. Both commits are of people who can
    // write to it.
    if let Some(commit) = at.clone().filter(|at| *at == ci.sha || Some(at) == base) {
        return Ok(Some(TrustedCheckout { folder: folder.to_owned(), commit }));
    }
    let at = at.map_or_else(|| "a commit that cannot be told".to_owned(), |sha| format!("commit {sha}"));
    Err(Failure::Usage(format!(
        "the policy {} is not the base's: its checkout is at {at}, and this {event} run belongs to {}; whoever opened \
         the pull request could have written it. Check out the base (`actions/checkout` without `ref`)",
        policy.display(),
        ci.sha
    )))
}

/// The commit that a checkout is at, by its files alone: Git itself would run what its configuration names.
fn commit(git: &Path) -> Option<Sha> {
    let read = |name: &str| String::from_utf8(bounded::read_up_to(&git.join(name), LARGEST).ok()?).ok();
    let head = read("HEAD")?;
    let Some(name) = head.trim_end().strip_prefix("ref: ") else { return Sha::parse(head.trim_end()) };
    // A step may have unpacked an untrusted artifact over `.git`. `HEAD` must not lead to other
    // files.
    if name.split('/').any(|part| part == "..") || !name.starts_with("refs/") {
        return None;
    }
    if let Some(loose) = read(name) {
        return Sha::parse(loose.trim_end());
    }
    // `git gc` moves refs into this file.
    let packed = read("packed-refs")?;
    packed
        .lines()
        .find_map(|line| line.split_once(' ').filter(|(_, of)| *of == name))
        .and_then(|(id, _)| Sha::parse(id))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::{Sha, commit};

    const MAIN: &str = "3f2a9d1c5b7e80642a19f0d3c4b5a69788776655";

    #[test]
    fn the_commit_of_a_checkout_is_read_and_never_guessed() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        };
        let at = || commit(folder.path()).map(|Sha(text)| text);
        assert_eq!(at(), None);
        write("HEAD", &format!("{MAIN}\n"));
        assert_eq!(at().as_deref(), Some(MAIN));
        write("HEAD", "ref: refs/heads/main\n");
        assert_eq!(at(), None);
        write(
            "packed-refs",
            &format!(
                "# pack-refs with: peeled\n{} refs/heads/x/main\n{MAIN} refs/heads/main\n",
                "0".repeat(40)
            ),
        );
        assert_eq!(at().as_deref(), Some(MAIN));
        write("refs/heads/main", &format!("{}\n", "1".repeat(40)));
        assert_eq!(at(), Some("1".repeat(40)));
        for odd in ["ref: ../../elsewhere", "ref: refs/../../x", "main", ""] {
            write("HEAD", odd);
            assert_eq!(at(), None, "{odd}");
        }
    }
}
