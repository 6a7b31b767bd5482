//! Publishes a draft release at exactly the commit that was evaluated.

use serde_json::{Value, json};

use super::evaluated_commit::EvaluatedCommit;
use super::published::{PublishAction, PublishError, Published, list_entries, retry, unclear};
use crate::github::Client;

/// A release, published or not.
struct DraftRelease {
    id: u64,
    url: String,
    draft: bool,
    target: String,
}

/// Publishes the draft of a tag if it still leads to the evaluated commit. A release that is published already, at that
/// commit, stays as it is.
///
/// # Errors
/// If there is no such release, it leads to another commit now, or the server refuses or fails.
pub fn publish_draft(
    client: &Client,
    repository: &str,
    tag: &str,
    commit: &str,
) -> Result<Published, PublishError> {
    // Safe to repeat at any point: it looks before it writes.
    retry(client, || {
        let draft = find_draft_release(client, repository, tag)?;
        // A maintainer may have moved the draft to another commit while the gate evaluated this
        // one.
        EvaluatedCommit::Release { tag, commit }.confirm(client, repository, Some(&draft.target))?;
        if !draft.draft {
            return Ok(Published::new(draft.url, PublishAction::Unchanged));
        }
        // Naming the commit creates the tag there, even if a branch moves at this moment.
        let wanted = json!({ "draft": false, "tag_name": tag, "target_commitish": commit });
        let answer = client.patch(&format!("/repos/{repository}/releases/{}", draft.id), &wanted)?;
        let url = answer.json["html_url"].as_str().map_or(draft.url, str::to_owned);
        Ok(Published::new(url, PublishAction::Updated))
    })
}

/// Finds the only release or draft of a tag. Only the list of releases shows drafts.
fn find_draft_release(client: &Client, repository: &str, tag: &str) -> Result<DraftRelease, PublishError> {
    let mut found = Vec::new();
    for release in list_entries(client, &format!("/repos/{repository}/releases?per_page=100"), "releases") {
        let release = release?;
        if release["tag_name"] == tag {
            found.push(parse_draft_release(&release)?);
        }
    }
    match (found.pop(), found.is_empty()) {
        (Some(only), true) => Ok(only),
        (Some(_), false) => Err(unclear(format!("{tag} has several releases or drafts"))),
        (None, _) => Err(PublishError::NoRelease { tag: tag.to_owned(), repository: repository.to_owned() }),
    }
}

fn parse_draft_release(json: &Value) -> Result<DraftRelease, PublishError> {
    let parse = || {
        Some(DraftRelease {
            id: json["id"].as_u64()?,
            url: json["html_url"].as_str()?.to_owned(),
            draft: json["draft"].as_bool()?,
            target: json["target_commitish"].as_str()?.to_owned(),
        })
    };
    parse().ok_or_else(|| unclear("the server's answer does not show the release and its commit"))
}
