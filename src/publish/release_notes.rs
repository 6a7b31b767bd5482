//! A marked block in the notes of a release. All other text stays, byte for byte.

#[cfg(test)]
mod tests;

use serde_json::{Value, json};

use super::publication::{Publication, WriteCondition};
use super::published::{
    PublishAction, PublishError, Published, check_length, is_same_text, list_entries, retry, unclear,
};
use crate::github::{ApiError, Client, percent_encode};

/// Largest number of characters in the notes of a release.
pub const LIMIT: usize = 125_000;

/// Number of looks at notes that other writers change.
const LOOKS: u32 = 5;

/// A release and its notes.
struct ReleaseNotes {
    id: u64,
    url: String,
    notes: String,
    /// Branch or commit from which a draft's tag will be created.
    target: Option<String>,
}

/// Gives the notes of a release, or of its draft, one block of this gate with this text.
///
/// # Errors
/// If there is no such release, the notes get too long, other writers keep changing them, or the server refuses or fails.
pub fn upsert_notes_block(
    client: &Client,
    repository: &str,
    tag: &str,
    wanted: &Publication<'_>,
) -> Result<Published, PublishError> {
    retry(client, || write_notes_once(client, repository, tag, wanted))
}

/// Returns the notes with every complete block of this gate replaced; without one, with a new block at the end. Half a
/// block and all other text stay as they are.
pub fn splice(notes: &str, gate_id: &str, block: &str) -> String {
    let (begin, end) = markers(gate_id);
    // Keep the line endings of the author, so that a comparison of two versions of the notes shows
    // the block only.
    let newline = if notes.contains("\r\n") { "\r\n" } else { "\n" };
    // A marker in the text would move the block's borders in the next run.
    let text = block.replace("<!-- escape-gate:", "&lt;!-- escape-gate:").replace("\r\n", "\n");
    let block = format!("{begin}\n{}\n{end}", text.trim_matches('\n')).replace('\n', newline);
    let blocks = complete_blocks(notes, &begin, &end);
    if blocks.is_empty() {
        let gap = if notes.is_empty() || notes.ends_with(&newline.repeat(2)) {
            String::new()
        } else if notes.ends_with('\n') {
            newline.to_owned()
        } else {
            newline.repeat(2)
        };
        return format!("{notes}{gap}{block}");
    }
    let mut spliced = String::with_capacity(notes.len() + block.len());
    let mut rest = 0;
    for (from, to) in blocks {
        spliced.push_str(&notes[rest..from]);
        spliced.push_str(&block);
        rest = to;
    }
    spliced.push_str(&notes[rest..]);
    spliced
}

/// Returns `true` if the notes hold a marker of this gate, on a line of its own, without its other half.
pub fn is_damaged(notes: &str, gate_id: &str) -> bool {
    let (begin, end) = markers(gate_id);
    let complete = complete_blocks(notes, &begin, &end).len();
    marked_lines(notes, &begin, &end).len() != 2 * complete
}

/// Returns the first and the last line of a gate's block.
fn markers(gate_id: &str) -> (String, String) {
    let id = percent_encode(gate_id);
    (format!("<!-- escape-gate:{id}:begin -->"), format!("<!-- escape-gate:{id}:end -->"))
}

/// Returns the start and end of complete blocks: a begin marker whose next marker is an end marker.
fn complete_blocks(notes: &str, begin: &str, end: &str) -> Vec<(usize, usize)> {
    let marks = marked_lines(notes, begin, end);
    let pairs = marks.iter().zip(marks.iter().skip(1));
    pairs
        .filter(|(first, second)| first.1 && !second.1)
        .map(|(first, second)| (first.0, second.0 + end.len()))
        .collect()
}

/// Returns the start of each marker, and `true` for begin markers. A marker is alone on its line: generated notes quote
/// titles of pull requests, and a title may quote a marker.
fn marked_lines(notes: &str, begin: &str, end: &str) -> Vec<(usize, bool)> {
    let mut at = 0;
    let mut marks = Vec::new();
    for line in notes.split_inclusive('\n') {
        let words = line.trim_end();
        if words == begin || words == end {
            marks.push((at, words == begin));
        }
        at += line.len();
    }
    marks
}

/// Looks, and writes only if the notes did not change in between. Safe to repeat at any point.
fn write_notes_once(
    client: &Client,
    repository: &str,
    tag: &str,
    text: &Publication<'_>,
) -> Result<Published, PublishError> {
    let (gate_id, block) = (text.gate_id, text.marked());
    let mut release = find_release_notes(client, repository, tag)?;
    let (begin, end) = markers(gate_id);
    let blocks = complete_blocks(&release.notes, &begin, &end);
    let inside = |notes: &str, (from, to): (usize, usize)| {
        notes[from + begin.len()..to - end.len()].trim_start_matches([' ', '\t']).to_owned()
    };
    // Before any further request: most runs change nothing.
    let stays = blocks.iter().any(|block| text.may_stay(&inside(&release.notes, *block)));
    if stays || (blocks.is_empty() && text.when == WriteCondition::Present) {
        let action = if stays { PublishAction::Unchanged } else { PublishAction::Skipped };
        return Ok(Published::new(release.url, action));
    }
    let path = format!("/repos/{repository}/releases/{}", release.id);
    let mut action = PublishAction::Unchanged;
    for _ in 0..LOOKS {
        let wanted = splice(&release.notes, gate_id, &block);
        if is_same_text(&wanted, &release.notes) {
            let mut published = Published::new(release.url, action);
            if is_damaged(&release.notes, gate_id) {
                published.notes.push(format!(
                    "the notes of {tag} hold a damaged marker of this gate, which was left alone: remove it by hand"
                ));
            }
            return Ok(published);
        }
        check_length(&wanted, LIMIT, "a release's notes")?;
        // GitHub's API has no conditional write, so look again right before writing. Maintainers
        // edit notes by hand.
        let now = parse_release_notes(&client.get(&path)?.json)?;
        if now.notes == release.notes {
            let blocks = complete_blocks(&now.notes, &begin, &end);
            let had_block = !blocks.is_empty();
            for block in blocks {
                // Check the present notes: a newer run may have written them since the first look.
                text.outranks(&inside(&now.notes, block))?;
            }
            text.evaluated.confirm(client, repository, now.target.as_deref())?;
            client.patch(&path, &json!({ "body": wanted }))?;
            if action == PublishAction::Unchanged {
                action = if had_block { PublishAction::Updated } else { PublishAction::Created };
            }
            // Another writer may have written at the same moment: the next pass checks the present notes.
            release = parse_release_notes(&client.get(&path)?.json)?;
        } else {
            release = now;
        }
    }
    Err(PublishError::Contended { tag: tag.to_owned() })
}

/// Finds the release of a tag. Only the list of releases shows drafts.
fn find_release_notes(client: &Client, repository: &str, tag: &str) -> Result<ReleaseNotes, PublishError> {
    match client.get(&format!("/repos/{repository}/releases/tags/{}", percent_encode(tag))) {
        Ok(found) => return parse_release_notes(&found.json),
        Err(ApiError::NotFound { .. }) => {}
        Err(error) => return Err(error.into()),
    }
    // The address by tag knows published releases only.
    for release in list_entries(client, &format!("/repos/{repository}/releases?per_page=100"), "releases") {
        let release = release?;
        if release["tag_name"] == tag {
            return parse_release_notes(&release);
        }
    }
    Err(PublishError::NoRelease { tag: tag.to_owned(), repository: repository.to_owned() })
}

/// Parses a release. Notes that are null are empty; if they are absent, they are unknown and must not be overwritten.
fn parse_release_notes(json: &Value) -> Result<ReleaseNotes, PublishError> {
    let parse = || {
        let notes = json.get("body").filter(|notes| notes.is_null() || notes.is_string())?;
        Some(ReleaseNotes {
            id: json["id"].as_u64()?,
            url: json["html_url"].as_str()?.to_owned(),
            notes: notes.as_str().unwrap_or_default().to_owned(),
            target: json["target_commitish"].as_str().map(str::to_owned),
        })
    };
    parse().ok_or_else(|| unclear("the server's answer does not show the release's notes"))
}
