//! The job summary and the step outputs of GitHub Actions.
//!
//! The runner creates both files before the step starts, so a missing file is an error here.

use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Largest number of bytes in a step's summary. The runner uploads nothing of a larger one.
pub const SUMMARY_LIMIT: u64 = 1024 * 1024;

/// Number of bytes that are reserved for the note about the missing end.
const NOTE: u64 = 128;

/// Result of writing a summary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SummaryWrite {
    /// The whole text was appended.
    Whole,
    /// The end of the text did not fit. Number of bytes that are missing.
    Cut(u64),
}

/// Appends Markdown to the summary of this step, as much as fits.
pub fn append_summary(path: &Path, markdown: &str) -> Result<SummaryWrite, ActionsError> {
    let refused = |source| ActionsError::Summary { path: path.to_owned(), source };
    let mut file = OpenOptions::new().append(true).open(path).map_err(refused)?;
    // The limit is for the step, and other commands of the same step may have written to the file.
    let before = file.metadata().map_err(refused)?.len();
    // An empty line ends a list or table at the end of the present text.
    let gap = if before == 0 { "" } else { "\n\n" };
    let room = SUMMARY_LIMIT.saturating_sub(before).saturating_sub(gap.len() as u64);
    if markdown.len() as u64 <= room {
        file.write_all(format!("{gap}{markdown}").as_bytes()).map_err(refused)?;
        return Ok(SummaryWrite::Whole);
    }
    // A text without the note would look complete.
    let Some(room) = room.checked_sub(NOTE) else {
        return Err(ActionsError::Full { path: path.to_owned() });
    };
    let kept = truncate_at_line(markdown, room);
    let left = (markdown.len() - kept.len()) as u64;
    let note = format!("\n\n> Cut to fit the summary's limit of 1 MiB: {left} bytes are left out.\n");
    file.write_all(format!("{gap}{kept}{note}").as_bytes()).map_err(refused)?;
    Ok(SummaryWrite::Cut(left))
}

/// Appends step outputs. Unpredictable delimiters around each value keep a value from ending its own block and setting
/// another output.
pub fn append_outputs(path: &Path, values: &[(&str, String)]) -> Result<(), ActionsError> {
    let mut text = String::new();
    for (name, value) in values {
        // Write nothing until every block is valid: some outputs without the others would mislead
        // the next step.
        text.push_str(&block(name, value)?);
    }
    let refused = |source| ActionsError::Outputs { path: path.to_owned(), source };
    let mut file = OpenOptions::new().append(true).open(path).map_err(refused)?;
    file.write_all(text.as_bytes()).map_err(refused)
}

/// An error while writing the summary or the outputs.
#[derive(Debug, thiserror::Error)]
pub enum ActionsError {
    /// The summary could not be written.
    #[error("the job summary {path} (GITHUB_STEP_SUMMARY) could not be written: {source}")]
    Summary {
        /// The file.
        path: PathBuf,
        /// The reason.
        source: io::Error,
    },
    /// Other text of this step has filled the summary.
    #[error("the job summary {path} (GITHUB_STEP_SUMMARY) is full: the runner takes 1 MiB a step")]
    Full {
        /// The file.
        path: PathBuf,
    },
    /// The outputs could not be written.
    #[error("the step outputs {path} (GITHUB_OUTPUT) could not be written: {source}")]
    Outputs {
        /// The file.
        path: PathBuf,
        /// The reason.
        source: io::Error,
    },
    /// The name of an output is invalid.
    #[error("invalid step output name `{0}`: use letters, digits, `-` and `_`")]
    Name(String),
    /// The system has no random number.
    #[error("no random delimiter for the step outputs: {0}")]
    Random(getrandom::Error),
}

/// Returns the start of a text within `room` bytes, up to the last line break; without one, up to the last character.
fn truncate_at_line(text: &str, room: u64) -> &str {
    let mut end = usize::try_from(room).unwrap_or(usize::MAX).min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let kept = &text[..end];
    kept.rfind('\n').map_or(kept, |at| &kept[..at])
}

/// Returns one output in the format of the runner.
fn block(name: &str, value: &str) -> Result<String, ActionsError> {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if name.is_empty() || !name.chars().all(plain) {
        return Err(ActionsError::Name(name.escape_debug().collect()));
    }
    let delimiter = delimiter()?;
    Ok(format!("{name}<<{delimiter}\n{value}\n{delimiter}\n"))
}

/// Returns a line of 128 random bits, which no value holds.
fn delimiter() -> Result<String, ActionsError> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(ActionsError::Random)?;
    Ok(format!("end_{:032x}", u128::from_be_bytes(bytes)))
}

#[cfg(test)]
mod tests;
