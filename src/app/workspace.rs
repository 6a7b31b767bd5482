//! Where files are in the repository that a workflow has checked out.

use std::path::{Component, Path, PathBuf};

use xxhash_rust::xxh3::xxh3_64;

use super::World;

/// The policy that is used if no other is named.
const DEFAULT_POLICY: &str = ".github/escape-gate.yml";

/// The longest path that becomes an id as it is, in bytes: a comment has room for so much.
const LONGEST_ID: usize = 100;

/// A path relative to the workspace of the workflow, or else to the folder of the run, with `/` between its parts; none if
/// it lies outside. Links below the workspace are not followed: two links to one policy are two policies.
pub fn in_workspace(path: &Path, world: &World<'_>) -> Option<String> {
    let real = |folder: &Path| folder.canonicalize().unwrap_or_else(|_| plain(folder));
    let workspace = world.variable(&["GITHUB_WORKSPACE"]).map_or_else(PathBuf::new, PathBuf::from);
    let workspace = world.folder.join(workspace);
    let inside = |path: PathBuf, of: PathBuf| path.strip_prefix(of).ok().and_then(slashed);
    inside(plain(&real(&world.folder).join(path)), real(&workspace))
        .or_else(|| inside(plain(&world.folder.join(path)), plain(&workspace)))
}

/// The id of the gate of a policy: its path in the repository, so that two policies never share a comment. The default
/// policy has the id `default`.
pub fn gate_id(policy: &Path, world: &World<'_>) -> String {
    let path = in_workspace(policy, world).unwrap_or_else(|| policy.display().to_string());
    match path.as_str() {
        DEFAULT_POLICY => "default".to_owned(),
        short if short.len() <= LONGEST_ID => short.to_owned(),
        long => format!("policy-{:016x}", xxh3_64(long.as_bytes())),
    }
}

/// A path without `.` and `..`.
fn plain(path: &Path) -> PathBuf {
    path.components().fold(PathBuf::new(), |mut out, part| {
        match part {
            Component::CurDir => {}
            Component::ParentDir => drop(out.pop()),
            Component::Prefix(_) | Component::RootDir | Component::Normal(_) => out.push(part),
        }
        out
    })
}

/// A path with `/` between its parts; none if it is empty or no text.
fn slashed(path: &Path) -> Option<String> {
    let parts: Option<Vec<&str>> = path.iter().map(|part| part.to_str()).collect();
    parts.map(|parts| parts.join("/")).filter(|path| !path.is_empty())
}
