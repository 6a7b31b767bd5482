//! Releases, and tags that count as releases.

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use super::paged_reader::PagedReader;
use super::pull_request::CommitNode;
use super::query;
use crate::model::{Area, Release, Sha, Tag, Version};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ReleaseNode {
    tag_name: String,
    #[serde(default)]
    name: Option<String>,
    is_draft: bool,
    is_prerelease: bool,
    #[serde(default)]
    published_at: Option<Timestamp>,
    #[serde(default)]
    url: Option<String>,
    #[serde(default)]
    tag_commit: Option<CommitNode>,
}

/// Returns `true` for tags that are wanted.
type TagFilter<'a> = &'a dyn Fn(&str) -> bool;

/// Reads all releases and, with a filter, the wanted tags without a release. `first` is the first page of releases.
pub(super) fn collect_releases(
    reader: &mut PagedReader<'_>,
    first: Value,
    tags: Option<TagFilter<'_>>,
) -> Vec<Release> {
    let mut releases = read_releases(reader, first);
    if let Some(wanted) = tags {
        for tag in releases_from_tags(reader, wanted) {
            // A release says more than its tag: when it was published, and whether it is a draft.
            if !releases.iter().any(|release| release.tag == tag.tag) {
                releases.push(tag);
            }
        }
    }
    releases
}

/// Reads all releases, with drafts if the token may see them. `first` is the first page.
pub(super) fn read_releases(reader: &mut PagedReader<'_>, first: Value) -> Vec<Release> {
    let (names, query) = (reader.names(), query::RELEASES);
    let pointer = "/repository/releases";
    let items = reader.rest_of_list(Area::Issues, "releases", Some(first), query, &names, pointer);
    items.into_iter().filter_map(|item| parse_release(reader, item)).collect()
}

/// Parses a release. `None`, with a gap, if it is malformed.
fn parse_release(reader: &mut PagedReader<'_>, json: Value) -> Option<Release> {
    let tag = json["tagName"].as_str().unwrap_or("without a tag").to_owned();
    let node: ReleaseNode = reader.parse(Area::Issues, &format!("release {tag}"), json)?;
    if node.published_at.is_none() && !node.is_draft {
        reader.issue_gap(format!("release {tag} is published, but the server does not say when"));
    }
    Some(Release {
        tag: Tag(node.tag_name),
        name: node.name.filter(|name| !name.is_empty()),
        committed_at: node.tag_commit.as_ref().and_then(|commit| commit.committed_date),
        commit: node.tag_commit.map(|commit| Sha(commit.oid)),
        published_at: node.published_at.filter(|_| !node.is_draft),
        draft: node.is_draft,
        prerelease: node.is_prerelease,
        url: node.url,
        product: None,
        line: None,
    })
}

/// Reads the wanted tags as releases that were published when the tag was created.
fn releases_from_tags(reader: &mut PagedReader<'_>, wanted: TagFilter<'_>) -> Vec<Release> {
    let names = reader.names();
    let items = reader.list(Area::Issues, "tags", query::TAGS, &names, "/repository/refs");
    let mut found = Vec::new();
    for item in items.unwrap_or_default() {
        let Some(name) = item["name"].as_str() else {
            reader.issue_gap("a tag came without a name");
            continue;
        };
        if !wanted(name) {
            continue;
        }
        let Some(commit) = peel(&item["target"]) else {
            if !is_of_files(&item["target"]) {
                reader.issue_gap(format!("where tag {name} leads could not be read"));
            }
            continue;
        };
        // A lightweight tag has no date of its own.
        let date = item["target"]["tagger"]["date"].as_str().or(commit["committedDate"].as_str());
        let (Some(oid), Some(published_at)) =
            (commit["oid"].as_str(), date.and_then(|date| date.parse::<Timestamp>().ok()))
        else {
            reader.issue_gap(format!("tag {name} came without a commit or a date"));
            continue;
        };
        found.push(Release {
            tag: Tag(name.to_owned()),
            name: None,
            commit: Some(Sha(oid.to_owned())),
            committed_at: commit["committedDate"].as_str().and_then(|date| date.parse().ok()),
            published_at: Some(published_at),
            draft: false,
            // A tag without a release has no flag: only its name shows that it is a pre-release.
            prerelease: Version::parse(name).is_some_and(|version| version.is_pre_release()),
            url: None,
            product: None,
            line: None,
        });
    }
    found
}

/// Returns the commit that an object leads to, through annotated tags.
pub(super) fn peel(object: &Value) -> Option<&Value> {
    match object["__typename"].as_str() {
        Some("Commit") => Some(object),
        Some("Tag") => peel(&object["target"]),
        Some(_) | None => None,
    }
}

/// Returns `true` for tags of trees and blobs, which are no releases.
fn is_of_files(object: &Value) -> bool {
    match object["__typename"].as_str() {
        Some("Tree" | "Blob") => true,
        Some("Tag") => is_of_files(&object["target"]),
        Some(_) | None => false,
    }
}
