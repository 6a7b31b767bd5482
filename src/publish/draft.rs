//! Publishing a draft release: what was judged, and nothing else.

use serde_json::{Value, json};

use super::head::EvaluatedCommit;
use super::outcome::{PublishAction, PublishError, Published};
use crate::github::Client;

/// A release, as far as it matters here.
struct DraftRelease {
    id: u64,
    url: String,
    draft: bool,
    target: String,
}

/// Publishes the draft of a tag, if it still leads to the commit that was judged. One that is published already, at
/// that commit, is left alone.
///
/// # Errors
/// If there is no such release, it leads elsewhere by now, or the server refuses or fails.
pub fn publish(
    client: &Client,
    repository: &str,
    tag: &str,
    judged: &str,
) -> Result<Published, PublishError> {
    let mut attempt = 1;
    loop {
        match settle(client, repository, tag, judged) {
            Ok(published) => return Ok(published),
            Err(error) if error.pause(client, attempt) => attempt += 1,
            Err(error) => return Err(error),
        }
    }
}

/// Looks, and publishes. Safe to repeat at any point.
fn settle(client: &Client, repository: &str, tag: &str, judged: &str) -> Result<Published, PublishError> {
    let draft = find(client, repository, tag)?;
    EvaluatedCommit::Release { tag, commit: judged }.confirm(client, repository, Some(&draft.target))?;
    let done = |url, action| Ok(Published { url, action, notes: Vec::new() });
    if !draft.draft {
        return done(draft.url, PublishAction::Unchanged);
    }
    // The tag is made from the judged commit, even if a branch moves at this moment.
    let wanted = json!({ "draft": false, "tag_name": tag, "target_commitish": judged });
    let answer = client.patch(&format!("/repos/{repository}/releases/{}", draft.id), &wanted)?;
    let url = answer.json["html_url"].as_str().map_or(draft.url, str::to_owned);
    done(url, PublishAction::Updated)
}

/// The release of a tag: a draft, or one that is published already. Drafts are found by listing only.
fn find(client: &Client, repository: &str, tag: &str) -> Result<DraftRelease, PublishError> {
    let mut found = Vec::new();
    for page in client.pages(&format!("/repos/{repository}/releases?per_page=100")) {
        let page = page?.json;
        let list = page.as_array().ok_or_else(unclear)?;
        found.extend(list.iter().filter(|release| release["tag_name"] == tag).map(read));
    }
    let mut found = found.into_iter().collect::<Result<Vec<_>, _>>()?;
    match (found.pop(), found.is_empty()) {
        (Some(only), true) => Ok(only),
        (Some(_), false) => {
            Err(PublishError::Unclear { what: format!("{tag} has several releases or drafts") })
        }
        (None, _) => Err(PublishError::NoRelease { tag: tag.to_owned(), repository: repository.to_owned() }),
    }
}

/// A release as REST shows it.
fn read(json: &Value) -> Result<DraftRelease, PublishError> {
    let known = (|| {
        Some(DraftRelease {
            id: json["id"].as_u64()?,
            url: json["html_url"].as_str()?.to_owned(),
            draft: json["draft"].as_bool()?,
            target: json["target_commitish"].as_str()?.to_owned(),
        })
    })();
    known.ok_or_else(unclear)
}

/// The server's answer does not show the release.
fn unclear() -> PublishError {
    PublishError::Unclear { what: "the server's answer does not show the release and its commit".to_owned() }
}
