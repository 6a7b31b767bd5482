//! Selects the lines of a fix's files, as they were before the fix, for blame.

use std::collections::BTreeMap;

use super::source::{is_trivial, silent_lines};
use crate::git::{FilePatch, Hunk};

/// Largest distance, in lines, of a blamed line from a pure insertion.
const REACH: usize = 6;

/// Reasons to blame a line. A line can have both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Reason {
    /// The fix took it out.
    pub removed: bool,
    /// It is the nearest line of code to an insertion.
    pub neighbour: bool,
}

/// The lines of one file that are worth asking about.
pub type LinesToBlame = BTreeMap<u32, Reason>;

/// The lines of a file that a fix took out, without comments and blanks; where it took nothing out, the nearest lines of
/// code around what it put in.
pub fn worth_asking(patch: &FilePatch, lines: &[&str]) -> LinesToBlame {
    let silent = silent_lines(&patch.path, lines);
    let mut found = LinesToBlame::new();
    for hunk in &patch.hunks {
        let removed =
            removed(hunk).filter(|line| !silent.get(line_index(*line)).is_none_or(|silent| *silent));
        let before = found.len();
        for line in removed {
            found.entry(line).or_default().removed = true;
        }
        if found.len() == before && hunk.adds_text() {
            // The number of an insertion is the line above it, and that of a replacement its first line.
            let above = if hunk.removed == 0 { hunk.start } else { hunk.start.saturating_sub(1) };
            let below = above.saturating_add(hunk.removed).saturating_add(1);
            let says = |line: u32| {
                let at = line_index(line);
                silent.get(at).is_some_and(|silent| !silent)
                    && lines.get(at).is_some_and(|line| !is_trivial(line))
            };
            let up = (1..=above).rev().take(REACH).find(|line| says(*line));
            let down = (below..=lines.len() as u32).take(REACH).find(|line| says(*line));
            for line in up.into_iter().chain(down) {
                found.entry(line).or_default().neighbour = true;
            }
        }
    }
    found
}

/// Every line that a fix took out of a file, comments and blanks included.
pub fn all_removed(patch: &FilePatch) -> LinesToBlame {
    let reason = Reason { removed: true, neighbour: false };
    patch.hunks.iter().flat_map(removed).map(|line| (line, reason)).collect()
}

/// The lines that a hunk takes out.
fn removed(hunk: &Hunk) -> std::ops::Range<u32> {
    hunk.start..hunk.start.saturating_add(hunk.removed)
}

/// The place of a line, which is counted from 1, in a slice.
fn line_index(line: u32) -> usize {
    (line as usize).wrapping_sub(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn patch(start: u32, removed: u32) -> FilePatch {
        let hunks = vec![Hunk { start, removed, added: vec![b"x".to_vec()] }];
        FilePatch { path: b"a.c".to_vec(), blob: String::new(), hunks }
    }

    const TEXT: [&str; 7] = ["int a() {", "  // why", "  b();", "", "  c();", "}", "int d;"];

    fn asked(start: u32, removed: u32) -> Vec<(u32, bool, bool)> {
        let found = worth_asking(&patch(start, removed), &TEXT);
        found.into_iter().map(|(line, reason)| (line, reason.removed, reason.neighbour)).collect()
    }

    #[test]
    fn lines_of_code_that_went_are_asked_about_and_comments_are_not() {
        assert_eq!(asked(2, 2), [(3, true, false)]);
    }

    #[test]
    fn where_nothing_went_the_nearest_code_is_asked_about() {
        assert_eq!(asked(3, 0), [(3, false, true), (5, false, true)]);
        assert_eq!(asked(5, 0), [(5, false, true), (7, false, true)], "a closing bracket is passed over");
        assert_eq!(asked(0, 0), [(1, false, true)], "at the top there is nothing above");
        assert_eq!(asked(7, 0), [(7, false, true)], "at the bottom there is nothing below");
    }

    #[test]
    fn a_comment_that_was_replaced_counts_as_nothing_taken_out() {
        assert_eq!(asked(2, 1), [(1, false, true), (3, false, true)]);
    }

    #[test]
    fn numbers_beyond_the_file_are_no_lines() {
        assert_eq!(asked(90, 3), []);
        assert_eq!(asked(u32::MAX, 3), []);
    }
}
