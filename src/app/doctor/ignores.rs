//! The entries that accept findings. On a pull request those of the base branch count: otherwise its author could silence the
//! finding about it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::ci::TriggerEvent;
use crate::doctor::workflow::read_workflow;
use crate::doctor::{IgnoreEntry, hold_to_base, text_comments, workflow_comments};
use crate::model::Sha;
use crate::report::NotKnown;

use super::super::Run;
use super::super::commit_files::CommitFiles;
use super::super::policy_files::{PolicyFiles as _, repository_root};
use super::super::policy_sources::load_policy_in;
use super::policies::ignore_entries;

/// The base branch of a pull request.
pub struct BaseBranch<'a> {
    /// Commit of the base branch.
    commit: &'a Sha,
    /// Repository that the workflow runs in.
    repository: &'a str,
}

impl<'a> BaseBranch<'a> {
    /// Returns the base branch of the run; `None` if it is not for a pull request, or if `--repo` names another repository.
    pub fn of(repository: Option<&str>, run: &'a Run<'_>) -> Option<Self> {
        let ci = run.ci.as_ref()?;
        let is_other = repository.is_some_and(|named| !named.eq_ignore_ascii_case(&ci.repository));
        match &ci.event {
            TriggerEvent::PullRequest { base_sha, .. } | TriggerEvent::MergeGroup { base_sha, .. } => {
                (!is_other).then_some(Self { commit: base_sha, repository: &ci.repository })
            }
            TriggerEvent::Release { .. }
            | TriggerEvent::TagPush { .. }
            | TriggerEvent::BranchPush
            | TriggerEvent::Dispatch
            | TriggerEvent::Schedule
            | TriggerEvent::WorkflowRun { .. }
            | TriggerEvent::Issues
            | TriggerEvent::Deployment { .. }
            | TriggerEvent::Other(_) => None,
        }
    }

    /// Holds the entries of the checkout to those of the base branch. `policies` are the paths of the policies, and `root` the
    /// folder of the repository.
    pub fn hold(
        &self,
        own: Vec<IgnoreEntry>,
        policies: &BTreeSet<String>,
        root: &Path,
        run: &Run<'_>,
        not_known: &mut Vec<NotKnown>,
    ) -> Vec<IgnoreEntry> {
        if own.is_empty() {
            return own;
        }
        let real = root.canonicalize().unwrap_or_else(|_| root.to_owned());
        let top = repository_root(&real).unwrap_or(&real);
        let files = CommitFiles::new(self.commit, Some(top), self.repository, run);
        // Paths of the entries start from `root`, which may be below the top of the repository.
        let within = real.strip_prefix(top).map(Path::to_owned).unwrap_or_default();
        let mut base = Vec::new();
        let named: BTreeSet<&String> = own.iter().map(|entry| &entry.file).chain(policies).collect();
        for file in named {
            match self.entries_of(file, policies.contains(file), &within, &files, run) {
                Ok(entries) => base.extend(entries),
                Err(why) => {
                    let subject = format!("accepted findings in {file} of the base branch");
                    not_known.push(NotKnown { subject, why, unread: true });
                }
            }
        }
        hold_to_base(own, &base)
    }

    /// Returns the entries in a file of the base branch.
    fn entries_of(
        &self,
        file: &str,
        is_policy: bool,
        within: &Path,
        files: &CommitFiles<'_, '_>,
        run: &Run<'_>,
    ) -> Result<Vec<IgnoreEntry>, String> {
        let path: PathBuf = within.join(file);
        let Some(bytes) = files.read(&path).map_err(|unread| format!("{}; {}", unread.why, unread.help))?
        else {
            return Ok(Vec::new());
        };
        // A workflow of the base that is broken has no jobs, so its comments are about lines.
        let mut entries = match read_workflow(&bytes, file) {
            Ok(workflow) => workflow_comments(&workflow),
            Err(_) => text_comments(file, &String::from_utf8_lossy(&bytes)),
        };
        if is_policy {
            let parsed = load_policy_in(&path, files, true, run).map_err(|refused| {
                refused.diagnostics().first().map_or_else(String::new, ToString::to_string)
            })?;
            entries.extend(ignore_entries(&parsed, file));
        }
        Ok(entries)
    }
}
