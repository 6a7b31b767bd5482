//! Files and folders as they are at a commit, without a checkout of it.

use std::ffi::OsStr;

use super::command::Access;
use super::numbers::{id, is_id};
use super::{Git, GitError};

/// Links that are followed on the way to one file.
// Links can lead in a circle.
const MOST_LINKS: usize = 16;

/// A file or folder at a commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TreeEntry {
    /// Path from the top of the repository, with `/`; links on the way are followed.
    pub path: String,
    /// The id of its object.
    pub id: String,
    /// `true` for a folder.
    pub is_folder: bool,
    /// `true` for a link, in the entries of a folder.
    pub is_link: bool,
}

impl Git {
    /// Returns `true` if a commit is in this copy. Its files may be missing from it.
    ///
    /// # Errors
    /// If that cannot be read.
    pub fn has_commit(&self, commit: &str) -> Result<bool, GitError> {
        Ok(is_id(commit.as_bytes()) && self.objects().commit(commit)?.is_some())
    }

    /// Finds a path at a commit, and follows the links on the way as a checkout would; `None` if nothing is there.
    ///
    /// # Errors
    /// If a folder on the way is not in this copy, or a link leads out of the repository.
    pub fn entry_at(&self, commit: &str, path: &str) -> Result<Option<TreeEntry>, GitError> {
        let outside = || GitError::NotUnderstood { verb: "ls-tree", what: format!("{path} leads elsewhere") };
        let mut left: Vec<String> = path.split('/').rev().map(str::to_owned).collect();
        let (mut at, mut found, mut links): (Vec<String>, _, _) = (Vec::new(), None, 0);
        while let Some(part) = left.pop() {
            match part.as_str() {
                "" | "." => continue,
                ".." => {
                    at.pop().ok_or_else(outside)?;
                    continue;
                }
                _ => {}
            }
            at.push(part);
            let Some(entry) = self.listed(commit, &at.join("/"))?.into_iter().next() else { return Ok(None) };
            if entry.is_link {
                links += 1;
                let target = self.objects().contents(&entry.id)?;
                let target = String::from_utf8(target).map_err(|_| outside())?;
                // Where an absolute link leads depends on the machine.
                if target.starts_with('/') || links > MOST_LINKS {
                    return Err(outside());
                }
                at.pop();
                left.extend(target.split('/').rev().map(str::to_owned));
                continue;
            }
            if !entry.is_folder && !left.is_empty() {
                return Ok(None);
            }
            found = Some(entry);
        }
        Ok(found)
    }

    /// The bytes of a file at a commit; `None` if there is no file.
    ///
    /// # Errors
    /// As [`Git::entry_at`], and if the content is not in this copy.
    pub fn file_at(&self, commit: &str, path: &str) -> Result<Option<Vec<u8>>, GitError> {
        match self.entry_at(commit, path)?.filter(|entry| !entry.is_folder) {
            Some(entry) => self.objects().contents(&entry.id).map(Some),
            None => Ok(None),
        }
    }

    /// The entries of a folder at a commit, by name; none if there is no folder.
    ///
    /// # Errors
    /// As [`Git::entry_at`].
    pub fn folder_at(&self, commit: &str, path: &str) -> Result<Vec<TreeEntry>, GitError> {
        match self.entry_at(commit, path)?.filter(|entry| entry.is_folder) {
            Some(folder) => self.listed(commit, &format!("{}/", folder.path)),
            None => Ok(Vec::new()),
        }
    }

    /// The entry of a path; with a slash behind it, the entries of a folder.
    fn listed(&self, commit: &str, path: &str) -> Result<Vec<TreeEntry>, GitError> {
        let arguments = ["-z", "--full-tree", "--end-of-options", commit, path].map(OsStr::new);
        let listed = self.ask("ls-tree", &arguments, Access::Local)?;
        let lines = listed.split(|byte| *byte == 0).filter(|line| !line.is_empty());
        let strange = |line: &[u8]| GitError::NotUnderstood {
            verb: "ls-tree",
            what: String::from_utf8_lossy(line).into_owned(),
        };
        lines.map(|line| tree_entry(line).ok_or_else(|| strange(line))).collect()
    }
}

/// Reads `100644 blob 5f1e… path`, with a tab before the path.
fn tree_entry(line: &[u8]) -> Option<TreeEntry> {
    let tab = line.iter().position(|byte| *byte == b'\t')?;
    let mut words = line[..tab].split(|byte| *byte == b' ');
    let (mode, kind, id) = (words.next()?, words.next()?, id(words.next()?)?);
    let path = String::from_utf8(line[tab + 1..].to_vec()).ok()?;
    Some(TreeEntry { path, id, is_folder: kind == b"tree", is_link: mode == b"120000" })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::fs;

    use crate::git::Git;
    use crate::git::testing::run_git_at;

    /// A repository with a policy, a folder of waivers and links; its folder and its commit.
    fn repository() -> (tempfile::TempDir, Git, String) {
        let folder = tempfile::tempdir().unwrap();
        let at = |path: &str| folder.path().join(path);
        run_git_at(folder.path(), 0, &["init", "--quiet"]);
        fs::create_dir_all(at("policies/gate/waivers")).unwrap();
        fs::write(at("policies/gate.yml"), "version: 1\n").unwrap();
        fs::write(at("policies/gate/waivers/b.yml"), "b").unwrap();
        fs::write(at("policies/gate/waivers/a.yml"), "a").unwrap();
        #[cfg(unix)]
        {
            use std::os::unix::fs::symlink;
            symlink("policies", at("linked")).unwrap();
            symlink("../policies/gate.yml", at("policies/again.yml")).unwrap();
            symlink("/etc/hostname", at("outside.yml")).unwrap();
            symlink("../../elsewhere.yml", at("policies/up.yml")).unwrap();
            symlink("round.yml", at("round.yml")).unwrap();
        }
        run_git_at(folder.path(), 0, &["add", "--all"]);
        run_git_at(folder.path(), 1_700_000_000, &["commit", "--quiet", "--message", "files"]);
        let commit = run_git_at(folder.path(), 0, &["rev-parse", "HEAD"]).trim().to_owned();
        let git = Git::open(folder.path()).unwrap();
        (folder, git, commit)
    }

    #[test]
    fn file_is_read_at_its_commit() {
        let (folder, git, commit) = repository();
        fs::write(folder.path().join("policies/gate.yml"), "changed").unwrap();
        assert!(git.has_commit(&commit).unwrap());
        assert!(!git.has_commit(&"0".repeat(40)).unwrap());
        assert_eq!(git.file_at(&commit, "policies/gate.yml").unwrap().unwrap(), b"version: 1\n");
        assert_eq!(git.file_at(&commit, "policies/none.yml").unwrap(), None);
        assert_eq!(git.file_at(&commit, "policies").unwrap(), None, "a folder is no file");
        let names = git.folder_at(&commit, "policies/gate/waivers").unwrap();
        let names: Vec<_> = names.into_iter().map(|entry| entry.path).collect();
        assert_eq!(names, ["policies/gate/waivers/a.yml", "policies/gate/waivers/b.yml"]);
        assert!(git.folder_at(&commit, "policies/none").unwrap().is_empty());
    }

    #[cfg(unix)]
    #[test]
    fn link_is_followed_within_the_repository_only() {
        let (_folder, git, commit) = repository();
        for path in ["linked/gate.yml", "policies/again.yml", "linked/again.yml"] {
            assert_eq!(git.file_at(&commit, path).unwrap().unwrap(), b"version: 1\n", "{path}");
        }
        assert_eq!(git.folder_at(&commit, "linked/gate/waivers").unwrap().len(), 2);
        for path in ["outside.yml", "policies/up.yml", "round.yml"] {
            assert!(git.file_at(&commit, path).is_err(), "{path}");
        }
    }
}
