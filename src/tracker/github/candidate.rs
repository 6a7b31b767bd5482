//! What the run decides about: its commit, and the branch that a pull request targets.

use serde_json::{Value, json};

use super::query;
use super::reader::PagedReader;
use super::releases::peel;
use crate::model::{Area, Candidate, Release, Sha, Tag};
use crate::tracker::CollectionRequest;

/// The candidate. Without a commit there is a gap in the history.
pub(super) fn gather(
    reader: &mut PagedReader<'_>,
    releases: &[Release],
    ask: &CollectionRequest<'_>,
) -> Candidate {
    let wanted = &ask.candidate;
    let given = wanted.head.as_deref();
    let (head, branch) = match (wanted.pull_request, &wanted.tag) {
        (Some(number), _) => {
            let (head, base) = pull_request(reader, number);
            let given = given.filter(|head| is_sha(head)).map(|head| Sha(head.to_owned()));
            (given.or(head), base)
        }
        (None, Some(tag)) => (tagged(reader, tag, given, releases), None),
        (None, None) => (named(reader, given.unwrap_or(&wanted.name)), None),
    };
    Candidate {
        name: wanted.name.clone(),
        tag: wanted.tag.clone().map(Tag),
        head,
        pull_request: wanted.pull_request,
        branch,
        commits: None,
    }
}

/// The newest commit of a pull request, and the branch that it targets.
fn pull_request(reader: &mut PagedReader<'_>, number: u64) -> (Option<Sha>, Option<String>) {
    let mut variables = reader.names();
    variables["number"] = json!(number);
    let what = format!("pull request {number}");
    let Some(data) = reader.ask(Area::History, &what, query::PULL_REQUEST, &variables) else {
        return (None, None);
    };
    let pull = &data["repository"]["pullRequest"];
    let head = pull["headRefOid"].as_str().map(|oid| Sha(oid.to_owned()));
    if head.is_none() {
        reader.gap(Area::History, format!("{what} was not found, or came without its head commit"), None);
    }
    (head, pull["baseRefName"].as_str().map(str::to_owned))
}

/// The commit of a tag: of its release, of the tag itself, of what its draft is to be made from, or the one given.
fn tagged(reader: &mut PagedReader<'_>, tag: &str, given: Option<&str>, releases: &[Release]) -> Option<Sha> {
    let release = releases.iter().find(|release| release.tag.0 == tag);
    let own = match release.and_then(|release| release.commit.clone()) {
        Some(commit) => Some(commit),
        None => object(reader, &format!("refs/tags/{tag}")),
    };
    if let Some(own) = own {
        if given.is_some_and(|given| is_sha(given) && !given.eq_ignore_ascii_case(&own.0)) {
            let given = given.unwrap_or("");
            reader.warn(format!(
                "tag {tag} leads to {own}, not to the commit {given} that was given; the tag counts"
            ));
        }
        return Some(own);
    }
    if let Some(given) = given {
        return named(reader, given);
    }
    let target = if release.is_some_and(|release| release.draft) { draft_target(reader, tag) } else { None };
    match target {
        Some(target) => named(reader, &target),
        None => {
            let remedy = "create the tag or the draft release first (GitHub shows drafts only to a token with `contents: write`), or \
                 name the commit with --candidate";
            reader.gap(
                Area::History,
                format!("the tag {tag} does not exist, so its commits are not known"),
                Some(remedy),
            );
            None
        }
    }
}

/// What a draft's tag is to be made from. GraphQL does not tell.
fn draft_target(reader: &mut PagedReader<'_>, tag: &str) -> Option<String> {
    let path = format!("/repos/{}/releases?per_page=100", reader.repository);
    for page in reader.client.pages(&path) {
        match page {
            Ok(page) => {
                let drafts = page.json.as_array().map(Vec::as_slice).unwrap_or_default();
                if let Some(draft) = drafts.iter().find(|draft| draft["tag_name"] == tag) {
                    return draft["target_commitish"].as_str().map(str::to_owned);
                }
            }
            Err(error) => {
                reader.gap(Area::History, format!("the draft of {tag} could not be read: {error}"), None);
                return None;
            }
        }
    }
    None
}

/// The commit of a branch, a tag or a commit id; a gap if there is none.
fn named(reader: &mut PagedReader<'_>, name: &str) -> Option<Sha> {
    if is_sha(name) {
        return Some(Sha(name.to_ascii_lowercase()));
    }
    let found = object(reader, name);
    if found.is_none() {
        let remedy = "name an existing branch, tag or commit of the repository";
        reader.gap(Area::History, format!("the candidate `{name}` leads to no commit"), Some(remedy));
    }
    found
}

/// The commit that a git expression leads to.
fn object(reader: &mut PagedReader<'_>, expression: &str) -> Option<Sha> {
    let mut variables = reader.names();
    variables["expression"] = Value::from(expression);
    let data = reader.ask(Area::History, &format!("`{expression}`"), query::OBJECT, &variables)?;
    let commit = peel(&data["repository"]["object"])?;
    commit["oid"].as_str().map(|oid| Sha(oid.to_owned()))
}

/// True for a full commit id, SHA-1 or SHA-256.
fn is_sha(text: &str) -> bool {
    matches!(text.len(), 40 | 64) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}
