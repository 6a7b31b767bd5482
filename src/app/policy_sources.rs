//! The policy and the files that it inherits from: the file system and GitHub behind [`policy::Library`].

use std::path::Path;

use crate::model::{Gap, OwnersFile};
use crate::policy::{self, Base, Library, Parsed, Policy, Refused, Unread};

use super::connect::LazyClient;
use super::policy_files::{Checkout, DigestedFiles, PolicyFiles, unread_file};
use super::{Failure, Run, issue_forms, owners, waivers};

/// A policy as it was read, with what stands beside it in the repository.
pub struct ReadPolicy {
    /// The policy with its waivers.
    pub policy: Policy,
    /// The file that says which team owns which paths; `None` if the policy asks for none or there is none.
    pub owners: Option<Result<OwnersFile, Gap>>,
    /// Warnings about the policy.
    pub warnings: Vec<String>,
    /// Digest of the policy, the files of its repository that it extends, and its waivers.
    pub digest: [u8; 32],
    /// Digest of the owners file and of the headings of issue forms.
    pub digest_beside: [u8; 32],
}

/// Reads and validates the policy of the checkout with all that it inherits from. Warnings, and what is inherited, go to the
/// log.
pub fn read_policy(path: &Path, run: &Run<'_>) -> Result<ReadPolicy, Failure> {
    let checkout = Checkout::of(path, &run.folder);
    let around = Checkout::around(&run.folder);
    let files = DigestedFiles::new(&checkout, &around);
    let read = read_policy_from(path, files, run)?;
    for warning in &read.warnings {
        (run.log)(warning);
    }
    // An auditor needs the digests even if the run ends without a report.
    for file in &read.policy.inherited.files {
        (run.log)(&format!("the policy inherits from {} (sha256:{})", file.name, file.digest));
    }
    Ok(read)
}

/// Reads and validates a policy with everything that stands beside it: files that it extends, waivers, issue forms, owners.
///
/// # Errors
/// Every problem that the files have.
pub fn read_policy_from(path: &Path, files: DigestedFiles<'_>, run: &Run<'_>) -> Result<ReadPolicy, Refused> {
    let Parsed { mut policy, warnings, .. } = load_policy_from(path, &files, run)?;
    let mut warnings: Vec<String> = warnings.iter().map(ToString::to_string).collect();
    warnings.extend(waivers::add_waivers(&mut policy, path, &files)?);
    issue_forms::add_headings(&mut policy.form_headings, &files);
    let owners = owners::read_owners_file(&policy, &files);
    let [digest, digest_beside] = files.finish();
    Ok(ReadPolicy { policy, owners, warnings, digest, digest_beside })
}

/// Reads and validates a policy file of the checkout.
///
/// # Errors
/// Every problem that it has, or that one of those has that it inherits from.
pub fn load_policy(path: &Path, run: &Run<'_>) -> Result<Parsed, Refused> {
    load_policy_from(path, &Checkout::of(path, &run.folder), run)
}

/// Reads and validates a policy among other files than those of the run. `may_ask` is `false` if it must not be looked for
/// on GitHub what it inherits from there.
///
/// # Errors
/// As [`load_policy`].
pub fn load_policy_in(
    path: &Path,
    files: &dyn PolicyFiles,
    may_ask: bool,
    run: &Run<'_>,
) -> Result<Parsed, Refused> {
    let name = path.display().to_string();
    let unreadable = |why: &str| policy::unreadable_policy(&name, why);
    let bytes = files.read(path).map_err(|unread| unreadable(&unread.why))?;
    let bytes = bytes.ok_or_else(|| unreadable("there is no such file"))?;
    let client = may_ask.then(|| LazyClient::new(run));
    policy::load(&bytes, &name, &PolicySources { files, client })
}

fn load_policy_from(path: &Path, files: &dyn PolicyFiles, run: &Run<'_>) -> Result<Parsed, Refused> {
    load_policy_in(path, files, true, run)
}

/// The file system and GitHub, from which policies inherit.
struct PolicySources<'w, 'a> {
    files: &'w dyn PolicyFiles,
    /// `None` if GitHub must not be asked.
    client: Option<LazyClient<'w, 'a>>,
}

impl Library for PolicySources<'_, '_> {
    fn read(&self, base: &Base) -> Result<Vec<u8>, Unread> {
        match base {
            Base::Local(path) => self.files.read(Path::new(path))?.ok_or_else(|| {
                unread_file("there is no such file", "the path is relative to the file that it stands in")
            }),
            Base::Remote { repository, path, commit } => {
                let help = "the token needs `contents: read` of that repository; without it, copy the file into this one";
                let client = self.client.as_ref().ok_or_else(|| unread_file("GitHub is not asked", help))?;
                let client = client.get().map_err(|failure| unread_file(&failure.to_string(), help))?;
                client.file(repository, path, commit).map_err(|error| unread_file(&error.to_string(), help))
            }
            Base::Preset(_) => Err(unread_file("a preset is no file", "")),
        }
    }
}
