//! From an offset to line and column. Only files with a problem need it, so the reader counts no lines: such a file is
//! read once more instead.

use std::collections::HashMap;
use std::io::{self, BufRead, Read};

use memchr::memrchr;

use super::source::Source;

/// Lines and columns (both from one, columns in characters) of some offsets into the UTF-8 text of a file. An offset
/// that cannot be found any more is left out.
pub fn find<R: Read>(open: &dyn Fn() -> io::Result<R>, mut offsets: Vec<u64>) -> HashMap<u64, (u64, u64)> {
    offsets.sort_unstable();
    offsets.dedup();
    let mut places = HashMap::new();
    if offsets.is_empty() {
        return places;
    }
    let Some(mut source) = open().ok().and_then(|file| Source::new(file).ok()) else { return places };
    let (mut line, mut column, mut position) = (1, 1, 0);
    for offset in offsets {
        while position < offset {
            let Ok(piece) = source.fill_buf() else { return places };
            if piece.is_empty() {
                break;
            }
            let wanted = usize::try_from(offset - position).unwrap_or(usize::MAX).min(piece.len());
            let piece = &piece[..wanted];
            line += memchr::memchr_iter(b'\n', piece).count() as u64;
            let last = match memrchr(b'\n', piece) {
                Some(newline) => {
                    column = 1;
                    &piece[newline + 1..]
                }
                None => piece,
            };
            // Bytes that continue a character do not begin one.
            column += last.iter().filter(|byte| **byte & 0xC0 != 0x80).count() as u64;
            source.consume(wanted);
            position += wanted as u64;
        }
        places.insert(offset, (line, column));
    }
    places
}
