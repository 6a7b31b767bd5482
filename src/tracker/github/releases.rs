//! Releases, and tags that stand for one.

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use super::query;
use super::reader::{PagedList, PagedReader};
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
    tag_commit: Option<TagCommitNode>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct TagCommitNode {
    oid: String,
    #[serde(default)]
    committed_date: Option<Timestamp>,
}

/// Which tags are wanted.
type TagFilter<'a> = &'a dyn Fn(&str) -> bool;

/// All releases, and where tags count too, the wanted tags without one.
pub(super) fn gather(
    reader: &mut PagedReader<'_>,
    first: Value,
    tags: Option<TagFilter<'_>>,
) -> Vec<Release> {
    let mut releases = published(reader, first);
    if let Some(wanted) = tags {
        for tag in tagged(reader, wanted) {
            if !releases.iter().any(|release| release.tag == tag.tag) {
                releases.push(tag);
            }
        }
    }
    releases
}

/// All releases, drafts among them where the token may see them.
pub(super) fn published(reader: &mut PagedReader<'_>, first: Value) -> Vec<Release> {
    let (names, listing) = (reader.names(), PagedList::new(Area::Issues, "releases"));
    let items = reader.list(listing, first, query::RELEASES, &names, "/repository/releases");
    items.into_iter().filter_map(|item| release(reader, item)).collect()
}

/// One release; none, and a gap, if it is not what one looks like.
fn release(reader: &mut PagedReader<'_>, json: Value) -> Option<Release> {
    let tag = json["tagName"].as_str().unwrap_or("without a tag").to_owned();
    let entry: ReleaseNode = match serde_path_to_error::deserialize(json) {
        Ok(entry) => entry,
        Err(why) => {
            let what = format!("release {tag} could not be read: {}: {}", why.path(), why.inner());
            reader.gap(Area::Issues, what, None);
            return None;
        }
    };
    if entry.published_at.is_none() && !entry.is_draft {
        reader.gap(
            Area::Issues,
            format!("release {tag} is published, but the server does not say when"),
            None,
        );
    }
    Some(Release {
        tag: Tag(entry.tag_name),
        name: entry.name.filter(|name| !name.is_empty()),
        committed_at: entry.tag_commit.as_ref().and_then(|commit| commit.committed_date),
        commit: entry.tag_commit.map(|commit| Sha(commit.oid)),
        published_at: entry.published_at.filter(|_| !entry.is_draft),
        draft: entry.is_draft,
        prerelease: entry.is_prerelease,
        url: entry.url,
        product: None,
        line: None,
    })
}

/// The wanted tags as releases, published when they were made.
fn tagged(reader: &mut PagedReader<'_>, wanted: TagFilter<'_>) -> Vec<Release> {
    let names = reader.names();
    let Some(mut data) = reader.ask(Area::Issues, "tags", query::TAGS, &names) else { return Vec::new() };
    let first = data["repository"]["refs"].take();
    let listing = PagedList::new(Area::Issues, "tags");
    let items = reader.list(listing, first, query::TAGS, &names, "/repository/refs");
    let mut found = Vec::new();
    for item in items {
        let Some(name) = item["name"].as_str() else {
            reader.gap(Area::Issues, "a tag came without a name", None);
            continue;
        };
        if !wanted(name) {
            continue;
        }
        let Some(commit) = peel(&item["target"]) else {
            if !is_of_files(&item["target"]) {
                reader.gap(Area::Issues, format!("where tag {name} leads could not be read"), None);
            }
            continue;
        };
        let date = item["target"]["tagger"]["date"].as_str().or(commit["committedDate"].as_str());
        let (Some(oid), Some(published_at)) =
            (commit["oid"].as_str(), date.and_then(|date| date.parse::<Timestamp>().ok()))
        else {
            reader.gap(Area::Issues, format!("tag {name} came without a commit or a date"), None);
            continue;
        };
        found.push(Release {
            tag: Tag(name.to_owned()),
            name: None,
            commit: Some(Sha(oid.to_owned())),
            committed_at: commit["committedDate"].as_str().and_then(|date| date.parse().ok()),
            published_at: Some(published_at),
            draft: false,
            // A bare tag has no flag; its name is all there is to tell a pre-release by.
            prerelease: Version::parse(name).is_some_and(|version| version.is_pre_release()),
            url: None,
            product: None,
            line: None,
        });
    }
    found
}

/// The commit that an object leads to, through annotated tags.
pub(super) fn peel(object: &Value) -> Option<&Value> {
    match object["__typename"].as_str() {
        Some("Commit") => Some(object),
        Some("Tag") => peel(&object["target"]),
        Some(_) | None => None,
    }
}

/// True for tags of trees and blobs, which are no releases.
fn is_of_files(object: &Value) -> bool {
    match object["__typename"].as_str() {
        Some("Tree" | "Blob") => true,
        Some("Tag") => is_of_files(&object["target"]),
        Some(_) | None => false,
    }
}
