//! Files of waivers beside the policy, so that other people can own them.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::policy::{self, Policy, Refused};

use super::World;

/// Adds the waivers of every file in the policy's folder: for `.github/escape-gate.yml` that is
/// `.github/escape-gate/waivers/`.
///
/// # Errors
/// If the folder or one of its files cannot be read, or has a problem; all problems of all files together.
pub fn add(policy: &mut Policy, path: &Path, world: &World<'_>) -> Result<(), Refused> {
    let own = world.folder.join(path);
    // Whoever makes a link to somebody else's policy does not get to put waivers beside it.
    let beside = if own.is_symlink() {
        own.canonicalize()
            .map_err(|error| Refused::unreadable(&path.display().to_string(), &error.to_string()))?
    } else {
        path.to_owned()
    };
    let folder = beside.with_extension("").join("waivers");
    let mut refused = Vec::new();
    let unreadable =
        |error: std::io::Error| Refused::unreadable(&folder.display().to_string(), &error.to_string());
    for file in files(&folder, world).map_err(unreadable)? {
        let name = file.display().to_string();
        let waivers = match std::fs::read(world.folder.join(&file)) {
            Ok(bytes) => policy::parse_waivers(&bytes, &name, policy),
            Err(error) => Err(Refused::unreadable(&name, &error.to_string())),
        };
        match waivers {
            Ok(waivers) => policy.exceptions.waivers.extend(waivers),
            Err(problems) => refused.push(problems),
        }
    }
    if refused.is_empty() {
        Ok(())
    } else {
        Err(Refused::by_files("policy", &path.display().to_string(), refused))
    }
}

/// The YAML files of a folder by name; none if there is no such folder.
pub fn files(folder: &Path, world: &World<'_>) -> std::io::Result<Vec<PathBuf>> {
    let entries = match std::fs::read_dir(world.folder.join(folder)) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut found = Vec::new();
    for entry in entries {
        let name = entry?.file_name();
        let is_yaml = Path::new(&name).extension().is_some_and(|kind| kind == "yml" || kind == "yaml");
        if is_yaml {
            found.push(folder.join(name));
        }
    }
    found.sort();
    Ok(found)
}
