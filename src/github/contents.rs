//! One file of a repository at one commit.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::url::encode;
use super::{Client, Error};

impl Client {
    /// The bytes of a file. `repository` is `owner/name`, `commit` a full one.
    ///
    /// # Errors
    /// As [`Client::get`], and if there is no file at the path or its content did not come.
    pub fn file(&self, repository: &str, path: &str, commit: &str) -> Result<Vec<u8>, Error> {
        let encoded: Vec<String> = path.split('/').map(encode).collect();
        let path = format!("/repos/{repository}/contents/{}?ref={}", encoded.join("/"), encode(commit));
        let answer = self.get(&path)?.json;
        let garbled = |why: &str| Error::Garbled {
            place: format!("GET /repos/{repository}/contents"),
            why: why.into(),
        };
        if answer["type"].as_str() != Some("file") {
            return Err(garbled("there is no file at this path"));
        }
        // The content of large files is left out, under another name of its encoding.
        if answer["encoding"].as_str() != Some("base64") {
            return Err(garbled("the file is too large to be sent"));
        }
        let content = answer["content"].as_str().ok_or_else(|| garbled("the file has no content"))?;
        let content: String = content.split_ascii_whitespace().collect();
        let bytes = STANDARD.decode(content).map_err(|error| garbled(&error.to_string()))?;
        if answer["size"].as_u64().is_some_and(|size| size != bytes.len() as u64) {
            return Err(garbled("the file is not as long as it says"));
        }
        Ok(bytes)
    }
}
