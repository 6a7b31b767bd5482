//! The clone around the folder of a run: its top, and the repository that it was cloned from.

use std::path::{Path, PathBuf};

use release_history::bounded;

use super::Run;
use super::policy_files::repository_root;
use crate::options::{CliCommand, DEFAULT_POLICY};
use crate::tracker::github::RepositoryName;

/// Largest file of Git that is read here, in bytes.
const LARGEST: u64 = 1 << 20;

/// Returns the repository on github.com that the clone around a folder has as its origin.
pub fn origin_repository(folder: &Path) -> Option<RepositoryName> {
    let folder = folder.canonicalize().ok()?;
    // Read the file and do not start Git: a configuration may name programs that Git would run.
    origin(&read(&git_folder(repository_root(&folder)?)?.join("config"))?)
}

/// Returns the folder that a clone and all its worktrees share.
fn git_folder(top: &Path) -> Option<PathBuf> {
    let git = top.join(".git");
    if git.is_dir() {
        return Some(git);
    }
    // In a worktree or submodule, `.git` is a file that leads to its folder.
    let text = read(&git)?;
    let own = top.join(text.strip_prefix("gitdir:")?.trim());
    // A worktree has the configuration of its clone, a submodule its own.
    Some(read(&own.join("commondir")).map_or_else(|| own.clone(), |common| own.join(common.trim())))
}

fn read(path: &Path) -> Option<String> {
    String::from_utf8(bounded::read_up_to(path, LARGEST).ok()?).ok()
}

/// Returns the repository on github.com that a clone's configuration names as its origin.
fn origin(config: &str) -> Option<RepositoryName> {
    let section = config.split("[remote \"origin\"]").nth(1)?.split("\n[").next()?;
    let url =
        section.lines().find_map(|line| line.trim().strip_prefix("url")?.trim_start().strip_prefix('='))?;
    let path = url.trim().strip_suffix(".git").unwrap_or(url.trim());
    let path = ["https://github.com/", "git@github.com:", "ssh://git@github.com/"]
        .iter()
        .find_map(|start| path.strip_prefix(start))?;
    RepositoryName::parse(path.trim_end_matches('/')).ok()
}

/// Returns the top of the clone around a folder below it; `None` at the top, in no clone, and in a workflow.
pub fn top_above(folder: &Path, run: &Run<'_>) -> Option<PathBuf> {
    // In a workflow, paths are taken as they are. A pull request that deletes the policy of its folder must not be evaluated by
    // another one.
    if (run.env)("GITHUB_ACTIONS").as_deref() == Some("true") {
        return None;
    }
    let folder = folder.canonicalize().ok()?;
    repository_root(&folder).filter(|top| **top != *folder).map(Path::to_owned)
}

/// Lets a command that was started in a subfolder of a clone run at its top, if the default policy is only there.
pub fn start_at_top(command: &mut CliCommand, run: &mut Run<'_>) {
    if !command.reads_default_policy() || run.folder.join(DEFAULT_POLICY).exists() {
        return;
    }
    let Some(top) = top_above(&run.folder, run).filter(|top| top.join(DEFAULT_POLICY).exists()) else {
        return;
    };
    let folder = run.folder.canonicalize().unwrap_or_else(|_| run.folder.clone());
    let Ok(below) = folder.strip_prefix(&top) else { return };
    command.start_above(below);
    (run.log)(&format!("using {DEFAULT_POLICY} of {}, the top of this clone", top.display()));
    run.folder = top;
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn config(url: &str) -> String {
        format!(
            "[core]\n\tbare = false\n[remote \"origin\"]\n\turl = {url}\n\tfetch = x\n[branch \"main\"]\n\tremote = origin\n"
        )
    }

    #[test]
    fn only_a_github_clone_names_its_repository() {
        for url in [
            "https://github.com/acme/shop.git",
            "git@github.com:acme/shop.git",
            "ssh://git@github.com/acme/shop",
            "https://github.com/acme/shop/",
        ] {
            assert_eq!(
                origin(&config(url)).map(|found| found.to_string()).as_deref(),
                Some("acme/shop"),
                "{url}"
            );
        }
        for url in [
            "https://example.org/acme/shop",
            "https://github.com.example.org/acme/shop",
            "https://github.com/acme/shop/x",
            "../shop",
        ] {
            assert_eq!(origin(&config(url)), None, "{url}");
        }
        assert_eq!(origin("[core]\n"), None);
    }

    #[test]
    fn subfolders_worktrees_and_submodules_have_their_own_origin() {
        let folder = tempfile::tempdir().unwrap();
        let at = |path: &str| folder.path().join(path);
        let write = |path: &str, text: &str| {
            std::fs::create_dir_all(at(path).parent().unwrap()).unwrap();
            std::fs::write(at(path), text).unwrap();
        };
        write("clone/.git/config", &config("https://github.com/acme/shop"));
        write("clone/src/deep/main.rs", "");
        // A worktree, as Git makes it: with an absolute path, and with a relative one.
        write("clone/.git/worktrees/fix/commondir", "../..\n");
        write("fix/.git", &format!("gitdir: {}\n", at("clone/.git/worktrees/fix").display()));
        write("fix/src/main.rs", "");
        write("relative/.git", "gitdir: ../clone/.git/worktrees/fix\n");
        write("clone/.git/modules/lib/config", &config("https://github.com/acme/lib"));
        write("clone/lib/.git", "gitdir: ../.git/modules/lib\n");
        // Neither a clone nor a readable file.
        write("broken/.git", "something else\n");
        write("gone/.git", "gitdir: ../no/such/folder\n");
        write("none/main.rs", "");
        let found = |path: &str| origin_repository(&at(path)).map(|found| found.to_string());
        for path in ["clone", "clone/src", "clone/src/deep", "fix", "fix/src", "relative"] {
            assert_eq!(found(path).as_deref(), Some("acme/shop"), "{path}");
        }
        assert_eq!(found("clone/lib").as_deref(), Some("acme/lib"));
        for path in ["broken", "gone", "none", "no/such/folder"] {
            assert_eq!(found(path), None, "{path}");
        }
    }
}
