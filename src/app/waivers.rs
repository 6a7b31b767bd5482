//! Files of waivers beside the policy, so that other people can own them.

use std::path::Path;

use crate::policy::{self, Policy, Refused, Unread};

use super::policy_files::PolicyFiles;

/// Adds the waivers of every file in the policy's folder: for `.github/escape-gate.yml` that is
/// `.github/escape-gate/waivers/`. Returns warnings about files that are not read.
///
/// # Errors
/// If the folder or one of its files cannot be read, or has a problem; all problems of all files together.
pub fn add_waivers(
    policy: &mut Policy,
    path: &Path,
    files: &dyn PolicyFiles,
) -> Result<Vec<String>, Refused> {
    let unreadable =
        |path: &Path, unread: &Unread| policy::unreadable_policy(&path.display().to_string(), &unread.why);
    // Resolve links first: a link must not add waivers to another owner's policy.
    let beside = files.resolve(path).map_err(|unread| unreadable(path, &unread))?;
    let folder = beside.with_extension("").join("waivers");
    let found = files.yaml_files(&folder).map_err(|unread| unreadable(&folder, &unread))?;
    let mut refused = Vec::new();
    for file in found.files {
        let name = file.display().to_string();
        let waivers = match files.read(&file) {
            Ok(Some(bytes)) => policy::parse_waivers(&bytes, &name, policy),
            Ok(None) => Err(policy::unreadable_policy(&name, "there is no such file")),
            Err(unread) => Err(unreadable(&file, &unread)),
        };
        match waivers {
            Ok(waivers) => policy.exceptions.waivers.extend(waivers),
            Err(problems) => refused.push(problems),
        }
    }
    if !refused.is_empty() {
        return Err(Refused::by_files("policy", &path.display().to_string(), refused));
    }
    let outside = found.outside.iter();
    Ok(outside.map(|path| format!("{}: a link out of the repository, not read", path.display())).collect())
}
