//! Converts offsets to line and column. Only files with a problem need it, so the reader counts no lines: such a file is
//! read once more instead.

use std::collections::HashMap;
use std::io::{self, BufRead, Read};

use memchr::memrchr;

use super::source::Source;

/// Reads a file once more: opens it and hands it over.
pub type Reopen<'a> = dyn Fn(&mut dyn FnMut(&mut dyn Read)) -> io::Result<()> + 'a;

/// Lines and columns (both from one, columns in characters) of some offsets into the UTF-8 text of a file. An offset
/// that cannot be found any more is left out.
pub fn locate_offsets(again: &Reopen<'_>, mut offsets: Vec<u64>) -> HashMap<u64, (u64, u64)> {
    offsets.sort_unstable();
    offsets.dedup();
    let mut places = HashMap::new();
    if offsets.is_empty() {
        return places;
    }
    let read = again(&mut |file| {
        if let Ok(source) = Source::new(file) {
            places = scan_lines(source, &offsets);
        }
    });
    // If the file cannot be opened again, its problems have no line and column.
    if read.is_err() { HashMap::new() } else { places }
}

/// Reads a source up to the last offset.
fn scan_lines<R: Read>(mut source: Source<R>, offsets: &[u64]) -> HashMap<u64, (u64, u64)> {
    let mut places = HashMap::new();
    let (mut line, mut column, mut position) = (1, 1, 0);
    for &offset in offsets {
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
