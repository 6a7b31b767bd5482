//! The candidate: its commit, and the branch that a pull request targets.

use serde_json::json;

use super::merge_queue::collect_merge_group;
use super::paged_reader::PagedReader;
use super::query;
use super::releases::peel;
use crate::model::{Area, Candidate, Release, Sha, Tag};
use crate::tracker::CollectionRequest;

/// Finds the candidate's commit. Without one, there is a gap in the history.
pub(super) fn collect_candidate(
    reader: &mut PagedReader<'_>,
    releases: &[Release],
    request: &CollectionRequest<'_>,
) -> Candidate {
    let wanted = &request.candidate;
    let given = wanted.head.as_deref();
    let (head, branch) = match (wanted.pull_request, &wanted.tag) {
        (Some(number), _) => {
            let (head, base) = pull_request_ends(reader, number);
            // The given commit is the one under evaluation, even if the pull request has a newer one.
            (given.and_then(Sha::parse).or(head), base)
        }
        (None, Some(tag)) => (candidate_of_tag(reader, tag, given, releases), None),
        (None, None) => (candidate_of_name(reader, given.unwrap_or(&wanted.name)), None),
    };
    let merge_group = match (&wanted.merge_queue, &head) {
        (Some(queue), Some(head)) => collect_merge_group(reader, queue, &head.0),
        (None, _) | (_, None) => Vec::new(),
    };
    Candidate {
        name: wanted.name.clone(),
        tag: wanted.tag.clone().map(Tag),
        head,
        pull_request: wanted.pull_request,
        branch,
        merge_group,
        commits: None,
    }
}

/// Reads the newest commit of a pull request, and the branch that it targets.
fn pull_request_ends(reader: &mut PagedReader<'_>, number: u64) -> (Option<Sha>, Option<String>) {
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

/// Finds the commit of a tag. In this order: the commit of its release, of the tag itself, the given one, or the target of
/// the draft release.
fn candidate_of_tag(
    reader: &mut PagedReader<'_>,
    tag: &str,
    given: Option<&str>,
    releases: &[Release],
) -> Option<Sha> {
    let release = releases.iter().find(|release| release.tag.0 == tag);
    let own = match release.and_then(|release| release.commit.clone()) {
        Some(commit) => Some(commit),
        // The full ref: a branch may have the same name.
        None => resolve_expression(reader, &format!("refs/tags/{tag}")),
    };
    if let Some(own) = own {
        if let Some(given) =
            // A branch moves on, so only a commit can contradict the tag.
            given.filter(|given| Sha::parse(given).is_some() && !given.eq_ignore_ascii_case(&own.0))
        {
            reader.warn(format!(
                "tag {tag} leads to {own}, not to the commit {given} that was given; the tag counts"
            ));
        }
        return Some(own);
    }
    if let Some(given) = given {
        return candidate_of_name(reader, given);
    }
    let target = if release.is_some_and(|release| release.draft) { draft_target(reader, tag) } else { None };
    match target {
        Some(target) => candidate_of_name(reader, &target),
        None => {
            let remedy = "create the tag or the draft release first (GitHub shows drafts only to a token with `contents: write`), or \
                 name the commit with --candidate";
            let what = format!("the tag {tag} does not exist, so its commits are not known");
            reader.gap(Area::History, what, Some(remedy));
            None
        }
    }
}

/// Reads the branch or commit from which a draft's tag will be created. Only REST shows it.
fn draft_target(reader: &mut PagedReader<'_>, tag: &str) -> Option<String> {
    // GitHub finds a release by its tag only if it is published.
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

/// Finds the commit of a branch, a tag or a commit id. `None`, with a gap, if there is none.
fn candidate_of_name(reader: &mut PagedReader<'_>, name: &str) -> Option<Sha> {
    if let Some(commit) = Sha::parse(&name.to_ascii_lowercase()) {
        return Some(commit);
    }
    let found = resolve_expression(reader, name);
    if found.is_none() {
        let remedy = "name an existing branch, tag or commit of the repository";
        reader.gap(Area::History, format!("the candidate `{name}` leads to no commit"), Some(remedy));
    }
    found
}

/// Finds the commit that a Git expression leads to, for example `refs/tags/v1.4.0`.
fn resolve_expression(reader: &mut PagedReader<'_>, expression: &str) -> Option<Sha> {
    let mut variables = reader.names();
    variables["expression"] = json!(expression);
    let data = reader.ask(Area::History, &format!("`{expression}`"), query::OBJECT, &variables)?;
    let commit = peel(&data["repository"]["object"])?;
    commit["oid"].as_str().map(|oid| Sha(oid.to_owned()))
}
