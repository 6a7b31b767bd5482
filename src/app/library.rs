//! The policy and the files that it inherits from: the file system and GitHub behind [`policy::Library`].

use std::cell::OnceCell;
use std::path::{Path, PathBuf};

use crate::ci;
use crate::github::Client;
use crate::policy::{self, Base, Library, Parsed, Policy, Refused, Unread};

use super::connect::connect;
use super::{Failure, Sources, World, issue_forms, waivers};

/// Reads and validates the policy with all that it inherits from. Warnings, and what is inherited, go to the log.
pub fn read_policy(
    sources: &Sources,
    ci: Option<&ci::Context>,
    verbose: bool,
    world: &World<'_>,
) -> Result<Policy, Failure> {
    let Parsed { mut policy, warnings, .. } = load(&sources.policy, sources, ci, verbose, world)?;
    waivers::add(&mut policy, &sources.policy, world)?;
    issue_forms::add_headings(&mut policy.form_headings, &world.folder);
    for warning in warnings {
        (world.log)(&warning.to_string());
    }
    for file in &policy.inherited.files {
        (world.log)(&format!("the policy inherits from {} (sha256:{})", file.name, file.digest));
    }
    Ok(policy)
}

/// Reads and validates a policy file.
///
/// # Errors
/// Every problem that it has, or that one of those has that it inherits from.
pub fn load(
    path: &Path,
    sources: &Sources,
    ci: Option<&ci::Context>,
    verbose: bool,
    world: &World<'_>,
) -> Result<Parsed, Refused> {
    let name = path.display().to_string();
    let place = world.folder.join(path);
    let bytes = std::fs::read(&place).map_err(|error| Refused::unreadable(&name, &error.to_string()))?;
    let shelf =
        Shelf { root: root(&place, &world.folder), sources, ci, verbose, world, client: OnceCell::new() };
    policy::load(&bytes, &name, &shelf)
}

/// Where other policies are found.
struct Shelf<'w, 'a> {
    /// The folder that no local file may lie outside of.
    root: Option<PathBuf>,
    sources: &'w Sources,
    ci: Option<&'w ci::Context>,
    verbose: bool,
    world: &'w World<'a>,
    client: OnceCell<Client>,
}

impl Library for Shelf<'_, '_> {
    fn read(&self, base: &Base) -> Result<Vec<u8>, Unread> {
        match base {
            Base::Local(path) => self.local(path),
            Base::Remote { repository, path, commit } => self.remote(repository, path, commit),
            Base::Preset(_) => Err(unread("a preset is no file", "")),
        }
    }
}

impl Shelf<'_, '_> {
    fn local(&self, path: &str) -> Result<Vec<u8>, Unread> {
        let place = self.world.folder.join(path);
        // Links are followed first: what counts is where the file is.
        let found = place.canonicalize().map_err(|error| {
            unread(&error.to_string(), "the path is relative to the file that it stands in")
        })?;
        if !self.root.as_ref().is_some_and(|root| found.starts_with(root)) {
            let help = "put it into the repository, or name the repository it is in, at a commit";
            return Err(Unread { outside: true, ..unread("it lies outside of the repository", help) });
        }
        std::fs::read(found).map_err(|error| unread(&error.to_string(), "give the path of a policy file"))
    }

    fn remote(&self, repository: &str, path: &str, commit: &str) -> Result<Vec<u8>, Unread> {
        let help =
            "the token needs `contents: read` of that repository; without it, copy the file into this one";
        let client = match self.client.get() {
            Some(client) => client,
            None => {
                let made = connect(self.sources, self.ci, self.sources.timeout, self.verbose, self.world);
                let made = made.map_err(|failure| unread(&failure.to_string(), help))?;
                self.client.get_or_init(|| made)
            }
        };
        client.file(repository, path, commit).map_err(|error| unread(&error.to_string(), help))
    }
}

fn unread(why: &str, help: &str) -> Unread {
    Unread { why: why.to_owned(), help: help.to_owned(), outside: false }
}

/// The repository that a policy file is in: the nearest folder above it that Git calls one, else the folder the program
/// was started in, else the file's own.
fn root(policy: &Path, folder: &Path) -> Option<PathBuf> {
    let policy = policy.canonicalize().ok()?;
    let own = policy.parent()?;
    let git = own.ancestors().find(|folder| folder.join(".git").exists());
    let started = folder.canonicalize().ok().filter(|folder| own.starts_with(folder));
    Some(git.map(Path::to_owned).or(started).unwrap_or_else(|| own.to_owned()))
}
