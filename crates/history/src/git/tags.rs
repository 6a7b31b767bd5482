//! Every tag, and commits by what their message holds.

use std::ffi::OsStr;

use super::command::Access;
use super::numbers::id;
use super::{Git, GitError, ServerRef};

/// A tag with the commit that it leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TagRef {
    /// Name without `refs/tags/`. Untrusted text; bytes that are not UTF-8 are replaced.
    pub name: String,
    /// The object it comes to, however many tags lie between.
    pub target: String,
}

impl Git {
    /// Every tag, by name. Tags of files and folders are among them.
    ///
    /// # Errors
    /// If they cannot be read.
    pub fn tags(&self) -> Result<Vec<TagRef>, GitError> {
        let refs = self.refs("refs/tags/")?.into_iter();
        let tag = |found: ServerRef| {
            let name = found.name.strip_prefix("refs/tags/")?.to_owned();
            Some(TagRef { name, target: found.target })
        };
        Ok(refs.filter_map(tag).collect())
    }

    /// The commits whose message holds one of these texts, as they are, and each whole message.
    ///
    /// # Errors
    /// If they cannot be read.
    pub fn mentions(&self, texts: &[String]) -> Result<Vec<(String, String)>, GitError> {
        let fixed = ["--all", "--fixed-strings", "-z", "--format=%H%n%B"].map(str::to_owned);
        // A line break would begin a second, empty text, and every message contains that.
        let texts: Vec<&String> = texts.iter().filter(|text| !text.contains(['\n', '\0'])).collect();
        if texts.is_empty() {
            return Ok(Vec::new());
        }
        let greps = texts.into_iter().map(|text| format!("--grep={text}"));
        let all: Vec<String> =
            fixed.into_iter().chain(greps).chain(["--end-of-options".to_owned()]).collect();
        let arguments: Vec<&OsStr> = all.iter().map(OsStr::new).collect();
        let listed = self.ask("log", &arguments, Access::Local)?;
        let mut found = Vec::new();
        for entry in listed.split(|byte| *byte == 0).filter(|entry| !entry.is_empty()) {
            found.push(tag_message(entry)?);
        }
        Ok(found)
    }
}

/// An id, a line's end, a message.
fn tag_message(entry: &[u8]) -> Result<(String, String), GitError> {
    let what = || String::from_utf8_lossy(entry.get(..80).unwrap_or(entry)).into_owned();
    let strange = || GitError::NotUnderstood { verb: "log", what: what() };
    let end = entry.iter().position(|byte| *byte == b'\n').ok_or_else(strange)?;
    let message = String::from_utf8_lossy(&entry[end + 1..]).into_owned();
    Ok((id(&entry[..end]).ok_or_else(strange)?, message))
}
