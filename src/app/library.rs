//! The policy and the files that it inherits from: the file system and GitHub behind [`policy::Library`].

use std::cell::OnceCell;
use std::path::Path;

use crate::ci;
use crate::github::Client;
use crate::model::{Gap, OwnersFile};
use crate::policy::{self, Base, Library, Parsed, Policy, Refused, Unread};

use super::connect::connect;
use super::policy_files::{Checkout, DigestedFiles, PolicyFiles, unread_file};
use super::{Failure, Sources, World, issue_forms, owners, waivers};

/// A policy as it was read, with what stands beside it in the repository.
pub struct ReadPolicy {
    /// The policy with its waivers.
    pub policy: Policy,
    /// The file that says which team owns which paths; `None` if the policy asks for none or there is none.
    pub owners: Option<Result<OwnersFile, Gap>>,
    /// What a person should look at.
    pub warnings: Vec<String>,
    /// Digest of the policy, the files of its repository that it extends, and its waivers.
    pub digest: [u8; 32],
    /// Digest of the owners file and of the headings of issue forms.
    pub digest_beside: [u8; 32],
}

/// Reads and validates the policy of the checkout with all that it inherits from. Warnings, and what is inherited, go to the
/// log.
pub fn read_policy(
    sources: &Sources,
    ci: Option<&ci::ActionsContext>,
    verbose: bool,
    world: &World<'_>,
) -> Result<ReadPolicy, Failure> {
    let checkout = Checkout::of(&sources.policy, &world.folder);
    let around = Checkout::around(&world.folder);
    let files = DigestedFiles::new(&checkout, &around);
    let read = read_whole(&sources.policy, files, sources, ci, verbose, world)?;
    for warning in &read.warnings {
        (world.log)(warning);
    }
    for file in &read.policy.inherited.files {
        (world.log)(&format!("the policy inherits from {} (sha256:{})", file.name, file.digest));
    }
    Ok(read)
}

/// Reads and validates a policy with everything that stands beside it: files that it extends, waivers, issue forms, owners.
///
/// # Errors
/// Every problem that the files have.
pub fn read_whole(
    path: &Path,
    files: DigestedFiles<'_>,
    sources: &Sources,
    ci: Option<&ci::ActionsContext>,
    verbose: bool,
    world: &World<'_>,
) -> Result<ReadPolicy, Refused> {
    let Parsed { mut policy, warnings, .. } = load_from(path, &files, sources, ci, verbose, world)?;
    let mut warnings: Vec<String> = warnings.iter().map(ToString::to_string).collect();
    warnings.extend(waivers::add(&mut policy, path, &files)?);
    issue_forms::add_headings(&mut policy.form_headings, &files);
    let owners = owners::read(&policy, &files);
    let [digest, digest_beside] = files.finish();
    Ok(ReadPolicy { policy, owners, warnings, digest, digest_beside })
}

/// Reads and validates a policy file of the checkout.
///
/// # Errors
/// Every problem that it has, or that one of those has that it inherits from.
pub fn load(
    path: &Path,
    sources: &Sources,
    ci: Option<&ci::ActionsContext>,
    verbose: bool,
    world: &World<'_>,
) -> Result<Parsed, Refused> {
    load_from(path, &Checkout::of(path, &world.folder), sources, ci, verbose, world)
}

fn load_from(
    path: &Path,
    files: &dyn PolicyFiles,
    sources: &Sources,
    ci: Option<&ci::ActionsContext>,
    verbose: bool,
    world: &World<'_>,
) -> Result<Parsed, Refused> {
    let name = path.display().to_string();
    let unreadable = |why: &str| Refused::unreadable(&name, why);
    let bytes = files.read(path).map_err(|unread| unreadable(&unread.why))?;
    let bytes = bytes.ok_or_else(|| unreadable("there is no such file"))?;
    let shelf = Shelf { files, sources, ci, verbose, world, client: OnceCell::new() };
    policy::load(&bytes, &name, &shelf)
}

/// Where other policies are found.
struct Shelf<'w, 'a> {
    files: &'w dyn PolicyFiles,
    sources: &'w Sources,
    ci: Option<&'w ci::ActionsContext>,
    verbose: bool,
    world: &'w World<'a>,
    client: OnceCell<Client>,
}

impl Library for Shelf<'_, '_> {
    fn read(&self, base: &Base) -> Result<Vec<u8>, Unread> {
        match base {
            Base::Local(path) => self.files.read(Path::new(path))?.ok_or_else(|| {
                unread_file("there is no such file", "the path is relative to the file that it stands in")
            }),
            Base::Remote { repository, path, commit } => self.remote(repository, path, commit),
            Base::Preset(_) => Err(unread_file("a preset is no file", "")),
        }
    }
}

impl Shelf<'_, '_> {
    fn remote(&self, repository: &str, path: &str, commit: &str) -> Result<Vec<u8>, Unread> {
        let help =
            "the token needs `contents: read` of that repository; without it, copy the file into this one";
        let client = match self.client.get() {
            Some(client) => client,
            None => {
                let made = connect(self.sources, self.ci, self.sources.timeout, self.verbose, self.world);
                let made = made.map_err(|failure| unread_file(&failure.to_string(), help))?;
                self.client.get_or_init(|| made)
            }
        };
        client.file(repository, path, commit).map_err(|error| unread_file(&error.to_string(), help))
    }
}
