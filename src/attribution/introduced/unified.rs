//! The change of one file as a server writes it: hunks with context, without the names of the files.
//!
//! A server cannot be asked to leave changes in blanks out, as `git diff -w` does. They are found here: among the lines of
//! one change, those that are the same but for blanks are matched, and what is left is what changed.

use super::history::{Blanks, Hunk, Unread};

/// The most comparisons for one change: enough for 4,000 lines in place of 4,000 others.
const MOST: usize = 1 << 24;

/// A run of lines without context between them: where it starts in the old file, what went and what came.
#[derive(Debug, Default)]
struct Change<'a> {
    /// The first line taken out, counted from 1, or the one that would be.
    start: u32,
    removed: Vec<&'a str>,
    added: Vec<&'a str>,
}

/// The places that changed.
///
/// # Errors
/// If the text is no such patch, or ends before its end.
pub fn hunks(patch: &str, blanks: Blanks) -> Result<Vec<Hunk>, Unread> {
    let mut found = Vec::new();
    for change in changes(patch)? {
        match blanks {
            Blanks::Count => found.push(hunk(change.start, change.removed.len(), &change.added)),
            Blanks::Ignored => without_blanks(&change, &mut found)?,
        }
    }
    Ok(found)
}

/// Reads the hunks. Lines are counted, not recognised: one that was taken out may look like a header.
fn changes(patch: &str) -> Result<Vec<Change<'_>>, Unread> {
    let strange = |line: &str| {
        let shown: String = line.chars().take(80).collect();
        Unread(format!("the change is not understood at `{shown}`"))
    };
    let cut_off = || Unread("the change is cut off".to_owned());
    let mut found = Vec::new();
    let mut lines = patch.split('\n').peekable();
    while let Some(line) = lines.next() {
        if line.is_empty() && lines.peek().is_none() || line.starts_with('\\') {
            continue;
        }
        let (mut at, mut removed, mut added) = head(line).ok_or_else(|| strange(line))?;
        let mut change = Change { start: at, ..Change::default() };
        while removed > 0 || added > 0 {
            let line = lines.next().ok_or_else(cut_off)?;
            let (sign, text) = match line.chars().next() {
                Some(sign @ (' ' | '-' | '+')) => (sign, &line[1..]),
                Some('\\') => continue,
                // Some tools take the blank of an empty line of context away.
                None => (' ', ""),
                Some(_) => return Err(strange(line)),
            };
            let counts = match sign {
                '-' => (1, 0),
                '+' => (0, 1),
                _ => (1, 1),
            };
            removed = removed.checked_sub(counts.0).ok_or_else(|| strange(line))?;
            added = added.checked_sub(counts.1).ok_or_else(|| strange(line))?;
            at = at.checked_add(counts.0).ok_or_else(|| strange(line))?;
            match sign {
                '-' => change.removed.push(text),
                '+' => change.added.push(text),
                _ => {
                    found.push(change);
                    change = Change { start: at, ..Change::default() };
                }
            }
        }
        found.push(change);
    }
    found.retain(|change: &Change<'_>| !(change.removed.is_empty() && change.added.is_empty()));
    Ok(found)
}

/// `@@ -12,3 +12,4 @@ …` → the line before which nothing changed yet, how many go, how many come.
fn head(line: &str) -> Option<(u32, u32, u32)> {
    let (old, rest) = line.strip_prefix("@@ -")?.split_once(" +")?;
    let (new, _) = rest.split_once(" @@")?;
    let range = |text: &str| -> Option<(u32, u32)> {
        match text.split_once(',') {
            Some((start, count)) => Some((start.parse().ok()?, count.parse().ok()?)),
            None => Some((text.parse().ok()?, 1)),
        }
    };
    let ((start, removed), (_, added)) = (range(old)?, range(new)?);
    // Of a hunk without old lines the number names the line above.
    Some((if removed == 0 { start.checked_add(1)? } else { start }, removed, added))
}

/// A hunk as [`Hunk`] counts: where nothing goes, its start is the line above.
fn hunk(start: u32, removed: usize, added: &[&str]) -> Hunk {
    Hunk {
        start: if removed == 0 { start.saturating_sub(1) } else { start },
        removed: removed as u32,
        adds: added.iter().any(|line| !line.trim().is_empty()),
    }
}

/// What of a change is no change in blanks.
fn without_blanks(change: &Change<'_>, found: &mut Vec<Hunk>) -> Result<(), Unread> {
    let bare = |line: &&str| -> String { line.split_whitespace().collect() };
    let old: Vec<String> = change.removed.iter().map(bare).collect();
    let new: Vec<String> = change.added.iter().map(bare).collect();
    let mut put = |from: (usize, usize), to: (usize, usize)| {
        let (gone, come) = (&old[from.0..to.0], &change.added[from.1..to.1]);
        let is_blank = gone.iter().all(String::is_empty) && come.iter().all(|line| line.trim().is_empty());
        if !is_blank {
            found.push(hunk(change.start + from.0 as u32, gone.len(), come));
        }
    };
    let mut last = (0, 0);
    for (one, other) in matches(&old, &new)? {
        put(last, (one, other));
        last = (one + 1, other + 1);
    }
    put(last, (old.len(), new.len()));
    Ok(())
}

/// A longest common subsequence, as pairs of places.
fn matches(old: &[String], new: &[String]) -> Result<Vec<(usize, usize)>, Unread> {
    let same = |pair: &(&String, &String)| pair.0 == pair.1;
    let front = old.iter().zip(new).take_while(same).count();
    let (rest, other) = (&old[front..], &new[front..]);
    let back = rest.iter().rev().zip(other.iter().rev()).take_while(same).count();
    let (rest, other) = (&rest[..rest.len() - back], &other[..other.len() - back]);
    if rest.len().saturating_mul(other.len()) > MOST {
        return Err(Unread(format!("a change of {} lines is too large to compare", old.len())));
    }
    // The length of the longest one from each pair of places on.
    let width = other.len() + 1;
    let mut longest = vec![0_u16; (rest.len() + 1) * width];
    for one in (0..rest.len()).rev() {
        for two in (0..other.len()).rev() {
            longest[one * width + two] = if rest[one] == other[two] {
                longest[(one + 1) * width + two + 1].saturating_add(1)
            } else {
                longest[(one + 1) * width + two].max(longest[one * width + two + 1])
            };
        }
    }
    let mut pairs: Vec<(usize, usize)> = (0..front).map(|at| (at, at)).collect();
    let (mut one, mut two) = (0, 0);
    while one < rest.len() && two < other.len() {
        if rest[one] == other[two] {
            pairs.push((front + one, front + two));
            (one, two) = (one + 1, two + 1);
        } else if longest[(one + 1) * width + two] >= longest[one * width + two + 1] {
            one += 1;
        } else {
            two += 1;
        }
    }
    pairs.extend((0..back).rev().map(|at| (old.len() - 1 - at, new.len() - 1 - at)));
    Ok(pairs)
}

#[cfg(test)]
mod tests;
