//! Files and folders of a repository at one commit.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use super::url::percent_encode;
use super::{ApiError, Client};

impl Client {
    /// Reads a file. `repository` is `owner/name`, `commit` a full commit id.
    ///
    /// # Errors
    /// As for [`Client::get`]. Also if there is no file at the path, or its content did not come.
    pub fn file(&self, repository: &str, path: &str, commit: &str) -> Result<Vec<u8>, ApiError> {
        let answer = self.get(&contents(repository, path, commit))?.json;
        let garbled = |why: &str| garbled_contents(repository, why);
        if answer["type"].as_str() != Some("file") {
            return Err(garbled("there is no file at this path"));
        }
        // The content of large files is left out, under another name of its encoding.
        if answer["encoding"].as_str() != Some("base64") {
            return Err(garbled("the file is too large to be sent"));
        }
        let content = answer["content"].as_str().ok_or_else(|| garbled("the file has no content"))?;
        // GitHub breaks the base64 text into lines.
        let content: String = content.split_ascii_whitespace().collect();
        let bytes = STANDARD.decode(content).map_err(|error| garbled(&error.to_string()))?;
        if answer["size"].as_u64().is_some_and(|size| size != bytes.len() as u64) {
            return Err(garbled("the file is not as long as it says"));
        }
        Ok(bytes)
    }

    /// Lists the paths in a folder. `repository` is `owner/name`, `commit` a full commit id.
    ///
    /// # Errors
    /// As for [`Client::get`]. Also if the path is not a folder, or the folder has more entries than one answer lists.
    pub fn folder(&self, repository: &str, path: &str, commit: &str) -> Result<Vec<String>, ApiError> {
        let answer = self.get(&contents(repository, path, commit))?.json;
        let garbled = |why: &str| garbled_contents(repository, why);
        let entries = answer.as_array().ok_or_else(|| garbled("there is no folder at this path"))?;
        if entries.len() >= MOST_ENTRIES {
            return Err(garbled("the folder holds more than the API lists"));
        }
        let path = |entry: &Value| entry["path"].as_str().map(str::to_owned);
        entries.iter().map(|entry| path(entry).ok_or_else(|| garbled("an entry has no path"))).collect()
    }

    /// Checks that this token can see a commit.
    ///
    /// # Errors
    /// As for [`Client::get`].
    pub fn confirm_commit(&self, repository: &str, commit: &str) -> Result<(), ApiError> {
        self.get(&format!("/repos/{repository}/commits/{}?per_page=1", percent_encode(commit))).map(drop)
    }
}

/// Number of entries from which the API silently truncates the list of a folder.
const MOST_ENTRIES: usize = 1000;

/// Returns the API path of a file or folder at a commit.
fn contents(repository: &str, path: &str, commit: &str) -> String {
    let encoded: Vec<String> = path.split('/').map(percent_encode).collect();
    format!("/repos/{repository}/contents/{}?ref={}", encoded.join("/"), percent_encode(commit))
}

fn garbled_contents(repository: &str, why: &str) -> ApiError {
    ApiError::Garbled { place: format!("GET /repos/{repository}/contents"), why: why.into() }
}
