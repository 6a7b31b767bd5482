//! Publishing a draft release: what was judged, and nothing else.

use serde_json::{Value, json};

use super::outcome::{Action, PublishError, Published};
use crate::github::{Client, Error, encode};

/// A release, as far as it matters here.
struct Draft {
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
    let leads_to = match commit_of_tag(client, repository, tag)? {
        Some(commit) => Some(commit),
        None if is_commit(&draft.target) => Some(draft.target.clone()),
        None => commit_of_branch(client, repository, &draft.target)?,
    };
    if leads_to.as_deref().is_none_or(|commit| !commit.eq_ignore_ascii_case(judged)) {
        return Err(PublishError::Moved {
            tag: tag.to_owned(),
            judged: judged.to_owned(),
            now: leads_to.unwrap_or_else(|| "no commit".to_owned()),
        });
    }
    let done = |url, action| Ok(Published { url, action, notes: Vec::new() });
    if !draft.draft {
        return done(draft.url, Action::Unchanged);
    }
    // The tag is made from the judged commit, even if a branch moves at this moment.
    let wanted = json!({ "draft": false, "tag_name": tag, "target_commitish": judged });
    let answer = client.patch(&format!("/repos/{repository}/releases/{}", draft.id), &wanted)?;
    let url = answer.json["html_url"].as_str().map_or(draft.url, str::to_owned);
    done(url, Action::Updated)
}

/// The release of a tag: a draft, or one that is published already. Drafts are found by listing only.
fn find(client: &Client, repository: &str, tag: &str) -> Result<Draft, PublishError> {
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
fn read(json: &Value) -> Result<Draft, PublishError> {
    let known = (|| {
        Some(Draft {
            id: json["id"].as_u64()?,
            url: json["html_url"].as_str()?.to_owned(),
            draft: json["draft"].as_bool()?,
            target: json["target_commitish"].as_str()?.to_owned(),
        })
    })();
    known.ok_or_else(unclear)
}

/// The commit that a tag leads to; none if there is no such tag.
fn commit_of_tag(client: &Client, repository: &str, tag: &str) -> Result<Option<String>, PublishError> {
    let Some(mut object) = reference(client, repository, &format!("tags/{tag}"))? else { return Ok(None) };
    for _ in 0..TAGS {
        let sha = object["sha"].as_str().ok_or_else(unclear)?.to_owned();
        match object["type"].as_str() {
            Some("commit") => return Ok(Some(sha)),
            Some("tag") => {
                object =
                    client.get(&format!("/repos/{repository}/git/tags/{}", encode(&sha)))?.json["object"]
                        .take();
            }
            Some(_) | None => break,
        }
    }
    Err(PublishError::Unclear { what: format!("the tag {tag} leads to no commit") })
}

/// How many annotated tags of tags are followed.
const TAGS: u32 = 4;

/// The commit at the head of a branch; none if there is no such branch.
fn commit_of_branch(client: &Client, repository: &str, branch: &str) -> Result<Option<String>, PublishError> {
    let object = reference(client, repository, &format!("heads/{branch}"))?;
    Ok(object.and_then(|object| object["sha"].as_str().map(str::to_owned)))
}

/// What a ref points at; none if there is no such ref.
fn reference(client: &Client, repository: &str, name: &str) -> Result<Option<Value>, PublishError> {
    let path: Vec<String> = name.split('/').map(encode).collect();
    match client.get(&format!("/repos/{repository}/git/ref/{}", path.join("/"))) {
        Ok(mut found) => Ok(Some(found.json["object"].take())),
        Err(Error::NotFound { .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Whether it is a full commit id.
fn is_commit(text: &str) -> bool {
    matches!(text.len(), 40 | 64) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// The server's answer does not show the release.
fn unclear() -> PublishError {
    PublishError::Unclear { what: "the server's answer does not show the release and its commit".to_owned() }
}
