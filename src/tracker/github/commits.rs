//! The commits between a release and the candidate.

use std::collections::BTreeSet;

use super::reader::Reader;
use crate::github::encode;
use crate::model::{Area, Commits, Sha, Tag};
use crate::tracker::keywords;

/// How many commits a page has: the most that GitHub gives.
const PAGE: u32 = 250;

/// Every commit that `head` has and the release has not. None, and a gap, unless all of them came.
pub(super) fn between(
    reader: &mut Reader<'_>,
    base: &Tag,
    since: Option<&Sha>,
    head: &Sha,
) -> Option<Commits> {
    // By commit where it is known: a branch may have the tag's name.
    let from = since.map_or_else(|| base.0.clone(), |commit| commit.0.clone());
    let repository = reader.repository.to_string();
    let range = format!("{}...{}", encode(&from), encode(&head.0));
    let path = format!("/repos/{repository}/compare/{range}?per_page={PAGE}");
    let mut commits = Commits { base: base.clone(), ids: BTreeSet::new(), closes: BTreeSet::new() };
    let mut total = None;
    let mut unreadable = 0_u64;
    for page in reader.client.pages(&path) {
        let page = match page {
            Ok(page) => page.json,
            Err(error) => {
                reader.gap(
                    Area::History,
                    format!("the commits since {base} could not be read: {error}"),
                    None,
                );
                return None;
            }
        };
        total = total.or(page["total_commits"].as_u64());
        for commit in page["commits"].as_array().map(Vec::as_slice).unwrap_or_default() {
            match (commit["sha"].as_str(), commit["commit"]["message"].as_str()) {
                (Some(sha), Some(message)) => {
                    commits.ids.insert(Sha(sha.to_owned()));
                    commits.closes.append(&mut keywords::closes(message, &repository));
                }
                (_, _) => unreadable += 1,
            }
        }
    }
    let read = commits.ids.len() as u64;
    if unreadable == 0 && total == Some(read) {
        return Some(commits);
    }
    let total = total.map_or_else(|| "an unknown number".to_owned(), |total| total.to_string());
    reader.gap(Area::History, format!("read {read} of {total} commits since {base}"), None);
    None
}
