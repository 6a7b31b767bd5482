//! The branches and tags of a clone, and what they lead to.

use std::ffi::OsStr;

use super::command::Access;
use super::numbers::id;
use super::{Git, GitError};

/// A ref of a server, as it was when it was fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerRef {
    /// Full name, for example `refs/heads/main`. Untrusted text; bytes that are not UTF-8 are replaced.
    pub name: String,
    /// Object that it leads to; of a tag with a message, what that leads to.
    pub target: String,
}

impl Git {
    /// Every ref below a folder such as `refs/tags`, by name. Refs to files and folders are among them.
    ///
    /// # Errors
    /// If they cannot be read.
    pub(super) fn refs(&self, below: &'static str) -> Result<Vec<ServerRef>, GitError> {
        let arguments = ["--count=1", "--format=%(objectname)", below].map(OsStr::new);
        // `show-ref` ends with 1 if there is nothing to show.
        if self.ask("for-each-ref", &arguments, Access::Local)?.is_empty() {
            return Ok(Vec::new());
        }
        let shown = self.ask("show-ref", &["--dereference"].map(OsStr::new), Access::Local)?;
        let mut refs: Vec<ServerRef> = Vec::new();
        for line in shown.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
            let strange =
                || GitError::NotUnderstood { verb: "show-ref", what: String::from_utf8_lossy(line).into() };
            let space = line.iter().position(|byte| *byte == b' ').ok_or_else(strange)?;
            let target = id(&line[..space]).ok_or_else(strange)?;
            let name = &line[space + 1..];
            if !name.starts_with(below.as_bytes()) {
                continue;
            }
            // A tag with a message has a second line: what it leads to. No name can hold `^`.
            match name.strip_suffix(b"^{}") {
                Some(_) => refs.last_mut().ok_or_else(strange)?.target = target,
                None => refs.push(ServerRef { name: String::from_utf8_lossy(name).into_owned(), target }),
            }
        }
        Ok(refs)
    }
}
