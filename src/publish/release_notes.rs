//! A marked block in the notes of a release. What others wrote around it stays, byte for byte.

#[cfg(test)]
mod tests;

use serde_json::{Value, json};

use super::outcome::{PublishAction, PublishError, Published, same, within};
use super::text::{Publication, WriteCondition};
use crate::github::{ApiError, Client, encode};

/// The most characters that the notes of a release hold.
pub const LIMIT: usize = 125_000;

/// How often notes that others change are read again.
const LOOKS: u32 = 5;

/// A release with its notes.
struct ReleaseNotes {
    id: u64,
    url: String,
    notes: String,
    /// The branch or commit that the tag of a draft will be made from.
    target: Option<String>,
}

/// Makes sure that the notes of a release, or of its draft, hold one block of this gate, with this text.
///
/// # Errors
/// If there is no such release, the notes get too long, others keep changing them, or the server refuses or fails.
pub fn upsert(
    client: &Client,
    repository: &str,
    tag: &str,
    wanted: &Publication<'_>,
) -> Result<Published, PublishError> {
    let mut attempt = 1;
    loop {
        match settle(client, repository, tag, wanted) {
            Ok(published) => return Ok(published),
            Err(error) if error.pause(client, attempt) => attempt += 1,
            Err(error) => return Err(error),
        }
    }
}

/// The notes with the block in place: every complete block of this gate is replaced, and without one a new block is
/// added at the end. A marker without its other half stays as it is, and so does all other text.
pub fn splice(notes: &str, gate_id: &str, block: &str) -> String {
    let (begin, end) = markers(gate_id);
    let newline = if notes.contains("\r\n") { "\r\n" } else { "\n" };
    // Text that looks like a marker would move the block's borders at the next run.
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

/// True if the notes hold a marker of this gate, on a line of its own, without its other half.
pub fn is_damaged(notes: &str, gate_id: &str) -> bool {
    let (begin, end) = markers(gate_id);
    let complete = complete_blocks(notes, &begin, &end).len();
    marked_lines(notes, &begin, &end).len() != 2 * complete
}

/// The lines around a gate's block.
fn markers(gate_id: &str) -> (String, String) {
    let id = encode(gate_id);
    (format!("<!-- escape-gate:{id}:begin -->"), format!("<!-- escape-gate:{id}:end -->"))
}

/// From where to where complete blocks reach: a begin marker and the next marker, if that is an end marker.
fn complete_blocks(notes: &str, begin: &str, end: &str) -> Vec<(usize, usize)> {
    let marks = marked_lines(notes, begin, end);
    let pairs = marks.iter().zip(marks.iter().skip(1));
    pairs
        .filter(|(first, second)| first.1 && !second.1)
        .map(|(first, second)| (first.0, second.0 + end.len()))
        .collect()
}

/// Where markers begin, and whether each is a begin marker. Only a line that holds nothing else is one: generated notes
/// quote titles of pull requests, and whoever writes a title could quote a marker.
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

/// Looks, and writes only if nobody wrote in between. Safe to repeat at any point.
fn settle(
    client: &Client,
    repository: &str,
    tag: &str,
    text: &Publication<'_>,
) -> Result<Published, PublishError> {
    let (gate_id, block) = (text.gate_id, text.marked());
    let mut release = find(client, repository, tag)?;
    let (begin, end) = markers(gate_id);
    let blocks = complete_blocks(&release.notes, &begin, &end);
    let inside = |notes: &str, (from, to): (usize, usize)| {
        notes[from + begin.len()..to - end.len()].trim_start_matches([' ', '\t']).to_owned()
    };
    let mut texts = blocks.iter().map(|block| inside(&release.notes, *block));
    let stays = texts.any(|there| text.may_stay(&there));
    if stays || (blocks.is_empty() && text.when == WriteCondition::Present) {
        let action = if stays { PublishAction::Unchanged } else { PublishAction::Skipped };
        return Ok(Published { url: release.url, action, notes: Vec::new() });
    }
    let path = format!("/repos/{repository}/releases/{}", release.id);
    let mut action = PublishAction::Unchanged;
    for _ in 0..LOOKS {
        let wanted = splice(&release.notes, gate_id, &block);
        if same(&wanted, &release.notes) {
            let mut notes = Vec::new();
            if is_damaged(&release.notes, gate_id) {
                notes.push(format!(
                    "the notes of {tag} hold a damaged marker of this gate, which was left alone: remove it by hand"
                ));
            }
            return Ok(Published { url: release.url, action, notes });
        }
        within(&wanted, LIMIT, "a release's notes")?;
        let now = read(&client.get(&path)?.json)?;
        if now.notes == release.notes {
            let blocks = complete_blocks(&now.notes, &begin, &end);
            let had_block = !blocks.is_empty();
            for block in blocks {
                text.outranks(&inside(&now.notes, block))?;
            }
            text.judged.confirm(client, repository, now.target.as_deref())?;
            client.patch(&path, &json!({ "body": wanted }))?;
            if action == PublishAction::Unchanged {
                action = if had_block { PublishAction::Updated } else { PublishAction::Created };
            }
            // Somebody may have written at the same moment: what stands there now decides whether this is done.
            release = read(&client.get(&path)?.json)?;
        } else {
            release = now;
        }
    }
    Err(PublishError::Contended { tag: tag.to_owned() })
}

/// The release of a tag. Drafts are found by listing only.
fn find(client: &Client, repository: &str, tag: &str) -> Result<ReleaseNotes, PublishError> {
    match client.get(&format!("/repos/{repository}/releases/tags/{}", encode(tag))) {
        Ok(found) => return read(&found.json),
        Err(ApiError::NotFound { .. }) => {}
        Err(error) => return Err(error.into()),
    }
    for page in client.pages(&format!("/repos/{repository}/releases?per_page=100")) {
        let page = page?.json;
        let list = page.as_array().ok_or_else(unclear)?;
        if let Some(draft) = list.iter().find(|release| release["tag_name"] == tag) {
            return read(draft);
        }
    }
    Err(PublishError::NoRelease { tag: tag.to_owned(), repository: repository.to_owned() })
}

/// A release as REST shows it. Notes that are null are empty; notes that are missing are not known.
fn read(json: &Value) -> Result<ReleaseNotes, PublishError> {
    let notes = match json.get("body") {
        Some(Value::Null) => String::new(),
        Some(Value::String(notes)) => notes.clone(),
        Some(_) | None => return Err(unclear()),
    };
    let (id, url) = (json["id"].as_u64(), json["html_url"].as_str());
    let (Some(id), Some(url)) = (id, url) else { return Err(unclear()) };
    let target = json["target_commitish"].as_str().map(str::to_owned);
    Ok(ReleaseNotes { id, url: url.to_owned(), notes, target })
}

/// The server's answer does not show the notes.
fn unclear() -> PublishError {
    PublishError::Unclear { what: "the server's answer does not show the release's notes".to_owned() }
}
