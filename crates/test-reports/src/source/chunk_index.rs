//! Index of a chunk, made by the thread that reads it, so that the parser need not search all of a log.

use std::sync::LazyLock;

use memchr::memchr_iter;
use memchr::memmem::{self, Finder};

/// The end of a CDATA section.
pub const END: &[u8] = b"]]>";
/// Part of every marker in the output of a test that no producer writes as references.
pub const WORD: &[u8] = b"PROPERTY";

/// The search for ends, prepared once.
static ENDS: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(END));

/// Places in a chunk that the parser looks for.
#[derive(Debug)]
pub struct ChunkIndex {
    /// Offset of each [`END`] in the chunk.
    ends: Vec<usize>,
    /// `true` if the chunk has a [`WORD`].
    word: bool,
}

impl ChunkIndex {
    /// Indexes a chunk.
    pub fn new(piece: &[u8]) -> Self {
        Self { ends: ENDS.find_iter(piece).collect(), word: holds_word(piece) }
    }

    /// Returns the first [`END`] in `bytes`, in which the chunk begins at `start`. Other bytes may precede the chunk, and some of
    /// its own may be gone (`start` is negative then).
    pub fn end(&self, bytes: &[u8], start: isize) -> Option<usize> {
        let before = usize::try_from(start).unwrap_or(0);
        if before > 0
            && let Some(at) = memmem::find(&bytes[..bytes.len().min(before + END.len() - 1)], END)
        {
            return Some(at);
        }
        let gone = usize::try_from(-start).unwrap_or(0);
        let next = self.ends.get(self.ends.partition_point(|end| *end < gone))?;
        Some(next + before - gone)
    }

    /// Returns `true` if `bytes`, in which the chunk begins at `start`, may contain a [`WORD`].
    pub fn may_hold_word(&self, bytes: &[u8], start: isize) -> bool {
        let before = usize::try_from(start).unwrap_or(0);
        let straddling = || holds_word(&bytes[..bytes.len().min(before + WORD.len() - 1)]);
        self.word || before > 0 && straddling()
    }
}

/// Returns `true` if bytes contain a [`WORD`]. Its last letter is rare in logs, and a byte is found faster than a word.
fn holds_word(bytes: &[u8]) -> bool {
    memchr_iter(b'Y', bytes).any(|last| bytes[..=last].ends_with(WORD))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_found_before_is_what_is_there_wherever_the_pieces_meet() {
        let text = b"a]]>]]]>PROPERTY]]>b]]]]>";
        for from in 0..text.len() {
            for start in 0..=text.len() {
                let scouted = ChunkIndex::new(&text[start..]);
                let (bytes, offset) = (&text[from..], start as isize - from as isize);
                assert_eq!(scouted.end(bytes, offset), memmem::find(bytes, END), "{from} {start}");
                let there = memmem::find(bytes, WORD).is_some();
                assert!(!there || scouted.may_hold_word(bytes, offset), "{from} {start}");
            }
        }
        assert!(!ChunkIndex::new(b"PROPERT").may_hold_word(b"xxPROPERT", 2));
    }
}
