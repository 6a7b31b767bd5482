//! Reads workflows, composite actions and the owners file.

use std::path::{Path, PathBuf};

use crate::doctor::examination::OwnersText;
use crate::doctor::repository::Repository;
use crate::doctor::workflow::{local_path, read_action, read_workflow};
use crate::report::NotKnown;

use super::super::Failure;
use super::super::policy_files::{Checkout, PolicyFiles};

/// The folder of workflows.
const WORKFLOWS: &str = ".github/workflows";

/// Reads all workflows and the composite actions that they use. A file that cannot be read is listed as not known.
///
/// # Errors
/// If there is no workflow.
pub fn read_repository(
    checkout: &Checkout,
    path: &Path,
    not_known: &mut Vec<NotKnown>,
) -> Result<Repository, Failure> {
    let listed = checkout.yaml_files(Path::new(WORKFLOWS)).map_err(|unread| {
        Failure::Usage(format!("{WORKFLOWS} of {} cannot be read: {}", path.display(), unread.why))
    })?;
    if listed.files.is_empty() {
        let place = path.display();
        return Err(Failure::Usage(format!(
            "{place} has no workflow in {WORKFLOWS}: name the folder of the repository with --path"
        )));
    }
    for outside in &listed.outside {
        not_known.push(unread(slashed(outside), "it is a link out of the repository"));
    }
    let mut repository = Repository::default();
    for file in &listed.files {
        let name = slashed(file);
        match read(checkout, file).map(|bytes| read_workflow(&bytes.unwrap_or_default(), &name)) {
            Ok(Ok(workflow)) => repository.workflows.push(workflow),
            Ok(Err(why)) | Err(why) => not_known.push(unread(name, &why)),
        }
    }
    let mut tried: Vec<String> = Vec::new();
    loop {
        let wanted: Vec<String> =
            repository.wanted_actions().into_iter().filter(|folder| !tried.contains(folder)).collect();
        if wanted.is_empty() {
            return Ok(repository);
        }
        for folder in wanted {
            add_action(checkout, &folder, &mut repository, not_known);
            tried.push(folder);
        }
    }
}

fn add_action(checkout: &Checkout, folder: &str, repository: &mut Repository, not_known: &mut Vec<NotKnown>) {
    for name in ["action.yml", "action.yaml"] {
        let path = Path::new(folder).join(name);
        let shown = slashed(&path);
        match read(checkout, &path).map(|bytes| bytes.map(|bytes| read_action(&bytes, &shown))) {
            Ok(None) => {}
            Ok(Some(Ok(action))) => {
                repository.actions.insert(folder.to_owned(), action);
                return;
            }
            Ok(Some(Err(why))) | Err(why) => return not_known.push(unread(shown, &why)),
        }
    }
    // A workflow may check an action out when it runs.
    if !folder.contains("escape-gate") {
        let why = "the repository has no such action; a step may check it out".to_owned();
        not_known.push(NotKnown { subject: format!("action ./{folder}"), why, unread: false });
    }
}

/// Returns the called workflows that are not read.
pub fn unknown_calls(repository: &Repository) -> Vec<NotKnown> {
    let mut out: Vec<NotKnown> = Vec::new();
    for workflow in &repository.workflows {
        for job in &workflow.jobs {
            let Some(uses) = job.uses.as_ref().filter(|_| repository.called(job).is_none()) else { continue };
            let is_local = local_path(&uses.value).is_some();
            let why = if is_local {
                "there is no such file"
            } else {
                "workflows of other repositories are not read"
            };
            let subject = format!("{} (called by {}, job {})", uses.value, workflow.path, job.id);
            out.push(NotKnown { subject, why: why.to_owned(), unread: false });
        }
    }
    out
}

/// Reads the first owners file that there is, as GitHub does.
pub fn read_owners(checkout: &Checkout, not_known: &mut Vec<NotKnown>) -> Option<OwnersText> {
    for path in [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"] {
        match read(checkout, Path::new(path)) {
            Ok(None) => {}
            Ok(Some(bytes)) => {
                let text = String::from_utf8_lossy(&bytes).into_owned();
                return Some(OwnersText { path: path.to_owned(), text });
            }
            Err(why) => {
                not_known.push(unread(path.to_owned(), &why));
                return None;
            }
        }
    }
    None
}

fn read(checkout: &Checkout, path: &Path) -> Result<Option<Vec<u8>>, String> {
    checkout.read(path).map_err(|unread| unread.why)
}

fn unread(subject: String, why: &str) -> NotKnown {
    NotKnown { subject, why: why.to_owned(), unread: true }
}

/// Returns a path with `/` between its parts, on every system.
fn slashed(path: &Path) -> String {
    let parts = path.iter().map(|part| part.to_string_lossy().into_owned());
    parts.collect::<Vec<_>>().join("/")
}

/// Returns the path of a policy without the folder that a checkout puts it in.
pub fn without_first_folder(path: &str) -> Option<PathBuf> {
    path.split_once('/').map(|(_, rest)| PathBuf::from(rest))
}
