//! Rows as newline-delimited JSON in gzip.

use std::io::{self, BufRead, BufReader, Read, Write as _};

use flate2::read::MultiGzDecoder;
use flate2::{Compression, GzBuilder};

use super::table::ExportRow;

/// Longest line in bytes. The longest that the program writes is a rule with a million issues.
const LONGEST_LINE: u64 = 64 << 20;

/// A table that cannot be read to its end.
#[derive(Debug, thiserror::Error)]
pub enum RowError {
    /// The bytes are no gzip, or end too early.
    #[error("it is no complete gzip file ({0}): export the run again")]
    Damaged(#[from] io::Error),
    /// A line is no row of the table.
    #[error("line {line} is no row of the table: {why}")]
    Malformed {
        /// Number of the line, from 1.
        line: u64,
        /// Reason, from the JSON reader.
        why: String,
    },
}

/// Returns rows as newline-delimited JSON in gzip. Equal rows give equal bytes: the header has neither time nor system.
///
/// # Errors
/// If a row is no JSON.
pub fn encode_rows<R: ExportRow>(rows: &[R]) -> io::Result<Vec<u8>> {
    let mut out = GzBuilder::new().mtime(0).operating_system(255).write(Vec::new(), Compression::default());
    for row in rows {
        serde_json::to_writer(&mut out, row)?;
        out.write_all(b"\n")?;
    }
    out.finish()
}

/// Reads the rows of a table one by one, so that a table of any size takes the memory of one row. Returns their number.
///
/// # Errors
/// If the file is damaged or a line is no row. The rows before it were given then.
pub fn for_each_row<R: ExportRow>(bytes: impl Read, mut take: impl FnMut(R)) -> Result<u64, RowError> {
    let mut lines = BufReader::with_capacity(1 << 16, MultiGzDecoder::new(bytes));
    let mut line = Vec::new();
    let mut number = 0;
    loop {
        line.clear();
        if lines.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut line)? == 0 {
            return Ok(number);
        }
        number += 1;
        let row = serde_json::from_slice(&line)
            .map_err(|error| RowError::Malformed { line: number, why: error.to_string() })?;
        take(row);
    }
}
