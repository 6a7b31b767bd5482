//! Patch ids: two commits with the same patch id change the same lines in the same way.

use std::collections::BTreeMap;
use std::ffi::OsStr;

use super::command::Access;
use super::numbers::{id, is_id};
use super::{Git, GitError};

impl Git {
    /// The patch ids of commits, by commit. One that changes nothing, or is a merge, has none.
    ///
    /// # Errors
    /// If they cannot be read.
    pub fn patch_ids(&self, commits: &[&str]) -> Result<BTreeMap<String, String>, GitError> {
        let commits: Vec<&str> = commits.iter().copied().filter(|commit| is_id(commit.as_bytes())).collect();
        if commits.is_empty() {
            return Ok(BTreeMap::new());
        }
        let fixed = [
            "--no-walk=unsorted",
            "--format=%H",
            "--patch",
            "--no-ext-diff",
            "--no-textconv",
            "--no-color",
            "--full-index",
            "--ignore-submodules",
            "--end-of-options",
        ];
        let arguments: Vec<&OsStr> = fixed.into_iter().chain(commits).map(OsStr::new).collect();
        let patches = self.ask("log", &arguments, Access::Local)?;
        // With `--stable`, the id does not depend on the order of the files, which a configuration can change.
        let listed = self.answer_to("patch-id", &["--stable"].map(OsStr::new), patches)?;
        let mut found = BTreeMap::new();
        for line in listed.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
            let mut words = line.split(|byte| *byte == b' ');
            let (Some(patch), Some(commit)) = (words.next().and_then(id), words.next().and_then(id)) else {
                let what = String::from_utf8_lossy(line).into_owned();
                return Err(GitError::NotUnderstood { verb: "patch-id", what });
            };
            found.insert(commit, patch);
        }
        Ok(found)
    }
}
