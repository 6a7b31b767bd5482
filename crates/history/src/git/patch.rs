//! A patch without context, as `git diff-tree -p -U0` writes it.

use super::numbers::{is_id, parse_number};
use super::quote::unquote;

/// Treatment of whitespace in a patch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whitespace {
    /// Every difference counts.
    Counts,
    /// Lines that differ in blanks only, and blank lines, are the same.
    Ignored,
}

/// Changes of a commit in one file that existed before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilePatch {
    /// Path before the commit.
    pub path: Vec<u8>,
    /// The id of its contents before the commit.
    pub blob: String,
    /// The places that changed.
    pub hunks: Vec<Hunk>,
}

/// One place of a file that changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hunk {
    /// The first line taken out, counted from 1; where none is, the line that the new ones follow (0 for the top).
    pub start: u32,
    /// Number of removed lines.
    pub removed: u32,
    /// The added lines.
    pub added: Vec<Vec<u8>>,
}

impl Hunk {
    /// Returns `true` if an added line is not blank.
    pub fn adds_text(&self) -> bool {
        self.added.iter().any(|line| !line.trim_ascii().is_empty())
    }
}

/// Reads a patch, line by line. Files that are new, binary, or changed in nothing but name or mode are left out.
///
/// # Errors
/// Returns the line that is not understood.
pub(super) fn parse_patch(lines: &[Vec<u8>]) -> Result<Vec<FilePatch>, String> {
    let mut files: Vec<FilePatch> = Vec::new();
    let (mut path, mut blob): (Option<Vec<u8>>, Option<String>) = (None, None);
    let mut rest = lines.iter();
    while let Some(line) = rest.next() {
        let strange = || String::from_utf8_lossy(line).into_owned();
        if line.starts_with(b"diff --git ") {
            (path, blob) = (None, None);
        } else if let Some(ids) = line.strip_prefix(b"index ") {
            let end = ids.windows(2).position(|pair| pair == b"..").ok_or_else(strange)?;
            blob =
                Some(&ids[..end]).filter(|id| is_id(id)).map(|id| String::from_utf8_lossy(id).into_owned());
        } else if let Some(name) = line.strip_prefix(b"--- ") {
            path = match name {
                b"/dev/null" => None,
                name => {
                    let name = unquote(name).ok_or_else(strange)?;
                    Some(name.strip_prefix(b"a/").ok_or_else(strange)?.to_vec())
                }
            };
            if let (Some(path), Some(blob)) = (&path, &blob) {
                files.push(FilePatch { path: path.clone(), blob: blob.clone(), hunks: Vec::new() });
            }
        } else if let Some(head) = line.strip_prefix(b"@@ -") {
            let (start, removed, put_in) = read_hunk_header(head).ok_or_else(strange)?;
            // The lines are counted, not recognised: one that was taken out may look like a header.
            let mut added = Vec::new();
            for _ in 0..removed + put_in {
                let line = rest.next().ok_or_else(strange)?;
                match line.split_first() {
                    Some((b'-', _)) => {}
                    Some((b'+', text)) => added.push(text.to_vec()),
                    Some(_) | None => return Err(String::from_utf8_lossy(line).into_owned()),
                }
                skip_missing_newline(&mut rest);
            }
            if let (Some(_), Some(file)) = (&path, files.last_mut()) {
                file.hunks.push(Hunk { start, removed, added });
            }
        }
    }
    files.retain(|file| !file.hunks.is_empty());
    Ok(files)
}

/// Passes over `\ No newline at end of file`.
fn skip_missing_newline(rest: &mut std::slice::Iter<'_, Vec<u8>>) {
    if rest.as_slice().first().is_some_and(|next| next.starts_with(b"\\")) {
        rest.next();
    }
}

/// `12,3 +12,4 @@ …` → the first line, how many were taken out, how many were put in.
fn read_hunk_header(head: &[u8]) -> Option<(u32, u32, u32)> {
    let mut words = head.split(|byte| *byte == b' ');
    let (old, new) = (words.next()?, words.next()?.strip_prefix(b"+")?);
    let range = |text: &[u8]| -> Option<(u32, u32)> {
        match text.iter().position(|byte| *byte == b',') {
            Some(comma) => Some((parse_number(&text[..comma])?, parse_number(&text[comma + 1..])?)),
            None => Some((parse_number(text)?, 1)),
        }
    };
    let ((start, removed), (_, put_in)) = (range(old)?, range(new)?);
    Some((start, removed, put_in))
}
