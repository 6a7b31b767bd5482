//! The policy that decides. A pull request is evaluated by the policy of its base branch: with its own, whoever opens it
//! would write the rules that it is evaluated by.

use std::path::{Path, PathBuf};

use crate::ci::TriggerEvent;
use crate::model::Sha;
use crate::policy::Refused;

use super::commit_files::CommitFiles;
use super::policy_files::{DigestedFiles, PolicyFiles as _, repository_root};
use super::policy_sources::{ReadPolicy, read_policy, read_policy_from};
use super::policy_trust::{TrustedCheckout, trusted_checkout};
use super::workspace::without_dots;
use super::{Failure, Run};
use crate::options::DEFAULT_POLICY;

/// The policy of the checkout, and how far it decides.
pub struct Deciding {
    /// The policy of the checkout.
    pub own: ReadPolicy,
    /// The policy of the base branch, where it is another one.
    pub base: BasePolicy,
}

/// The policy of the branch that a pull request is to be merged into.
pub enum BasePolicy {
    /// There is no base branch, or it has the same policy.
    Same,
    /// The base branch, named here, has no policy.
    Absent(String),
    /// The base branch has another policy at the same path.
    Changed(String, Box<ReadPolicy>),
    /// The base branch has no policy at this path, and one at the default path.
    AtDefaultPath(String, Box<ReadPolicy>),
    /// The policy of the base branch cannot be read; the reason reads well after a colon.
    Unread(String, String),
}

/// Reads the policy of the checkout, and that of the base branch if the run is for a pull request.
///
/// # Errors
/// If the policy of the checkout is refused, or if it is not the one of the commit where the run has to trust it.
pub fn read_deciding_policy(policy: &Path, run: &Run<'_>) -> Result<Deciding, Failure> {
    let trusted = trusted_checkout(policy, run)?;
    // After the check of the checkout: a policy of an untrusted contributor must not even be
    // parsed, since `extends` sends requests.
    let own = read_policy(policy, run)?;
    // On a developer's machine, the user who runs the gate may also change the policy.
    let Some(ci) = &run.ci else { return Ok(Deciding { own, base: BasePolicy::Same }) };
    if let Some(trusted) = trusted {
        let own = require_same_as_commit(&own, &trusted, policy, &ci.repository, run)?;
        return Ok(Deciding { own, base: BasePolicy::Same });
    }
    let base = match &ci.event {
        TriggerEvent::PullRequest { base_sha, base_ref, target: false, .. }
        | TriggerEvent::MergeGroup { base_sha, base_ref, .. } => {
            read_base_policy(&own, base_sha, base_ref, policy, &ci.repository, run)
        }
        TriggerEvent::PullRequest { target: true, .. }
        | TriggerEvent::Release { .. }
        | TriggerEvent::TagPush { .. }
        | TriggerEvent::BranchPush
        | TriggerEvent::Dispatch
        | TriggerEvent::Schedule
        | TriggerEvent::WorkflowRun { .. }
        | TriggerEvent::Issues
        | TriggerEvent::Deployment { .. }
        | TriggerEvent::Other(_) => BasePolicy::Same,
    };
    Ok(Deciding { own, base })
}

/// The policy of a commit, if the files of the checkout are the same: a step between could have brought in others, such as
/// an artifact of a stranger's run.
fn require_same_as_commit(
    own: &ReadPolicy,
    trusted: &TrustedCheckout,
    policy: &Path,
    repository: &str,
    run: &Run<'_>,
) -> Result<ReadPolicy, Failure> {
    let name = policy.display();
    let refuse = |why: String| Failure::Usage(format!("the policy {name} cannot be trusted: {why}"));
    let place = PolicyPlace::of(policy, run)
        .ok_or_else(|| refuse("it is in a checkout, and its path leads elsewhere".into()))?;
    let commit = &trusted.commit;
    let files = CommitFiles::new(commit, Some(&trusted.folder), repository, run);
    let digested = DigestedFiles::new(&files, &files);
    let read = read_policy_from(&place.path, digested, run).map_err(|refused| {
        refuse(format!("at commit {commit} it cannot be read: {}", first_problem(&refused)))
    })?;
    if place.is_same(own, &read, run) {
        return Ok(read);
    }
    Err(refuse(format!(
        "it, or a file beside it (waivers, `extends`, CODEOWNERS, issue forms), is not as in commit {commit}; a step of this \
         workflow wrote files of another commit over it. Write what the run of a pull request made into a folder of its own"
    )))
}

/// The policy of the base branch.
fn read_base_policy(
    own: &ReadPolicy,
    commit: &Sha,
    branch: &str,
    policy: &Path,
    repository: &str,
    run: &Run<'_>,
) -> BasePolicy {
    // No file of the repository: the pull request has not changed it.
    let Some(place) = PolicyPlace::of(policy, run) else { return BasePolicy::Same };
    let files = CommitFiles::new(commit, Some(&place.root), repository, run);
    let unread = |why: String| BasePolicy::Unread(branch.to_owned(), why);
    let read = |path: &Path| {
        let digested = DigestedFiles::new(&files, &files);
        read_policy_from(path, digested, run).map(Box::new)
    };
    // A pull request could move the policy to a new path to escape the old one, so the default path
    // is looked at as well.
    let default = Path::new(DEFAULT_POLICY);
    for (path, is_default) in [(place.path.as_path(), false), (default, true)] {
        match files.read(path) {
            Err(problem) => return unread(format!("{}; {}", problem.why, problem.help)),
            Ok(None) => {}
            Ok(Some(_)) => match read(path) {
                // A broken policy on the base branch must not let the pull request's own policy
                // decide.
                Err(refused) => return unread(first_problem(&refused)),
                Ok(base) if is_default => return BasePolicy::AtDefaultPath(branch.to_owned(), base),
                Ok(base) if place.is_same(own, &base, run) => return BasePolicy::Same,
                Ok(base) => return BasePolicy::Changed(branch.to_owned(), base),
            },
        }
    }
    BasePolicy::Absent(branch.to_owned())
}

/// The first problem of a policy that is refused, in one line.
fn first_problem(refused: &Refused) -> String {
    refused.diagnostics().first().map_or_else(|| refused.to_string(), ToString::to_string)
}

/// The place of a policy in its repository.
#[derive(Debug, PartialEq, Eq)]
struct PolicyPlace {
    /// The top of the repository.
    root: PathBuf,
    /// The path from there.
    path: PathBuf,
}

impl PolicyPlace {
    /// `None` for a path outside of the workspace and of every checkout. Links are not followed: where one leads is the
    /// checkout's word.
    fn of(policy: &Path, run: &Run<'_>) -> Option<Self> {
        let place = without_dots(&run.folder.join(policy));
        let workspace = run.variable(&["GITHUB_WORKSPACE"]).map(PathBuf::from);
        let around = [workspace, Some(run.folder.clone())].into_iter().flatten();
        let around = around.flat_map(|folder| [folder.canonicalize().ok(), Some(folder)]).flatten();
        let root = place.parent().and_then(repository_root).map(Path::to_owned);
        root.into_iter().chain(around).find_map(|root| {
            let path = place.strip_prefix(&root).ok()?.to_owned();
            Some(Self { root, path })
        })
    }

    /// Returns `true` if two readings are of one policy. The files that stand beside it are compared if both readings
    /// are of one repository.
    fn is_same(&self, own: &ReadPolicy, other: &ReadPolicy, run: &Run<'_>) -> bool {
        let folder = run.folder.canonicalize().ok();
        let around = folder.as_deref().map(|folder| repository_root(folder).unwrap_or(folder));
        let root = self.root.canonicalize().ok();
        // Folders that cannot be resolved may be one repository: then the files beside count as well.
        let is_elsewhere = around.is_some() && root.is_some() && around != root.as_deref();
        own.digest == other.digest && (is_elsewhere || own.digest_beside == other.digest_beside)
    }
}
