//! A commit and what it changes, as the server writes it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Why;
use super::answers::is_full;
use crate::model::Sha;

/// The most files that the server tells of.
const MOST: usize = 3000;

/// A commit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct CommitChange {
    /// Its id.
    pub id: Sha,
    /// Its parents.
    pub parents: Vec<Sha>,
    /// The author as `Name <address>`. Untrusted text.
    pub author: String,
    /// When it was committed.
    pub time: Timestamp,
    /// The whole message. Untrusted text.
    pub message: String,
    /// The files it changes against its first parent.
    pub files: Vec<FileChange>,
}

/// What a commit does to one file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct FileChange {
    /// Its path; of a file that is gone, the one it had.
    pub path: String,
    /// The path it had before, if it moved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// What happens to it.
    pub changed: Changed,
    /// How many lines go.
    pub removed: u64,
    /// How many lines come.
    pub added: u64,
    /// The change, line by line; none where it is too large, or the file is no text or was not there before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub patch: Option<String>,
}

/// What happens to a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Changed {
    /// It was not there before.
    Added,
    /// It was there before.
    Kept,
}

impl CommitChange {
    /// Takes the files of a further page.
    pub(super) fn add(&mut self, page: &Value) -> Result<(), Why> {
        let files = page["files"].as_array().ok_or("a page of a commit has no files")?;
        for file in files {
            self.files
                .push(read_file(file).ok_or_else(|| format!("a file of {} is not understood", self.id))?);
        }
        Ok(())
    }

    /// The commit, unless the server may have kept files back.
    pub(super) fn whole(self) -> Result<Self, Why> {
        if self.files.len() >= MOST {
            return Err(format!("{} changes more than the {MOST} files that the server tells of", self.id));
        }
        Ok(self)
    }
}

/// The first page of a commit.
pub(super) fn read(page: &Value) -> Result<CommitChange, Why> {
    let understood = || {
        let commit = &page["commit"];
        let parents = page["parents"].as_array()?.iter().map(|parent| id(&parent["sha"]));
        let (name, address) = (commit["author"]["name"].as_str(), commit["author"]["email"].as_str());
        Some(CommitChange {
            id: id(&page["sha"])?,
            parents: parents.collect::<Option<_>>()?,
            author: format!("{} <{}>", name.unwrap_or(""), address.unwrap_or("")),
            time: commit["committer"]["date"].as_str()?.parse().ok()?,
            message: commit["message"].as_str()?.to_owned(),
            files: Vec::new(),
        })
    };
    let mut commit = understood().ok_or("a commit is not understood")?;
    commit.add(page)?;
    Ok(commit)
}

fn id(json: &Value) -> Option<Sha> {
    Some(Sha(json.as_str()?.to_owned())).filter(is_full)
}

fn read_file(json: &Value) -> Option<FileChange> {
    let text = |name: &str| json[name].as_str().map(str::to_owned);
    let changed = match json["status"].as_str()? {
        // A copy leaves its original as it is.
        "added" | "copied" => Changed::Added,
        "removed" | "modified" | "renamed" | "changed" | "unchanged" => Changed::Kept,
        _ => return None,
    };
    Some(FileChange {
        path: text("filename")?,
        before: text("previous_filename"),
        changed,
        removed: json["deletions"].as_u64()?,
        added: json["additions"].as_u64()?,
        // Whoever wrote a line of a file that was not there is known already, and such changes are the longest.
        patch: text("patch").filter(|_| changed == Changed::Kept),
    })
}
