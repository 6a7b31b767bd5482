//! The job summary and the step outputs of GitHub Actions.
//!
//! The runner makes both files before the step starts, so neither is created here: one that is missing is an error.

use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// The most bytes of a step's summary; of a larger one the runner uploads nothing.
pub const SUMMARY_LIMIT: u64 = 1024 * 1024;

/// Room for the note on what was cut.
const NOTE: u64 = 128;

/// What became of a summary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SummaryWrite {
    /// All of it was appended.
    Whole,
    /// Its end did not fit; so many bytes were left out.
    Cut(u64),
}

/// Appends Markdown to the summary of this step, as much as the runner takes.
pub fn summary(path: &Path, markdown: &str) -> Result<SummaryWrite, ActionsError> {
    let refused = |source| ActionsError::Summary { path: path.to_owned(), source };
    let mut file = OpenOptions::new().append(true).open(path).map_err(refused)?;
    let before = file.metadata().map_err(refused)?.len();
    // A list or a table that stands there already must not run on.
    let gap = if before == 0 { "" } else { "\n\n" };
    let room = SUMMARY_LIMIT.saturating_sub(before).saturating_sub(gap.len() as u64);
    if markdown.len() as u64 <= room {
        file.write_all(format!("{gap}{markdown}").as_bytes()).map_err(refused)?;
        return Ok(SummaryWrite::Whole);
    }
    let Some(room) = room.checked_sub(NOTE) else {
        return Err(ActionsError::Full { path: path.to_owned() });
    };
    let kept = head(markdown, room);
    let left = (markdown.len() - kept.len()) as u64;
    let note = format!("\n\n> Cut to fit the summary's limit of 1 MiB: {left} bytes are left out.\n");
    file.write_all(format!("{gap}{kept}{note}").as_bytes()).map_err(refused)?;
    Ok(SummaryWrite::Cut(left))
}

/// Appends step outputs. Each value stands between delimiters that cannot be foreseen, so that no value ends its own
/// block and sets another output.
pub fn outputs(path: &Path, values: &[(&str, String)]) -> Result<(), ActionsError> {
    let mut text = String::new();
    for (name, value) in values {
        text.push_str(&block(name, value)?);
    }
    let refused = |source| ActionsError::Outputs { path: path.to_owned(), source };
    let mut file = OpenOptions::new().append(true).open(path).map_err(refused)?;
    file.write_all(text.as_bytes()).map_err(refused)
}

/// The summary or the outputs could not be written.
#[derive(Debug, thiserror::Error)]
pub enum ActionsError {
    /// The summary's file refused.
    #[error("the job summary {path} (GITHUB_STEP_SUMMARY) could not be written: {source}")]
    Summary {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Other text of this step has used up the summary.
    #[error("the job summary {path} (GITHUB_STEP_SUMMARY) is full: the runner takes 1 MiB a step")]
    Full {
        /// The file.
        path: PathBuf,
    },
    /// The outputs' file refused.
    #[error("the step outputs {path} (GITHUB_OUTPUT) could not be written: {source}")]
    Outputs {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// An output has a name that the runner would not read.
    #[error("`{0}` is no name for a step output")]
    Name(String),
    /// The system gave no random number.
    #[error("no random delimiter for the step outputs: {0}")]
    Random(getrandom::Error),
}

/// The beginning of a text, up to the last line break within so many bytes, or to the last character if there is none.
fn head(text: &str, room: u64) -> &str {
    let mut end = usize::try_from(room).unwrap_or(usize::MAX).min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let kept = &text[..end];
    kept.rfind('\n').map_or(kept, |at| &kept[..at])
}

/// One output as the runner reads it.
fn block(name: &str, value: &str) -> Result<String, ActionsError> {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if name.is_empty() || !name.chars().all(plain) {
        return Err(ActionsError::Name(name.escape_debug().collect()));
    }
    let delimiter = delimiter()?;
    Ok(format!("{name}<<{delimiter}\n{value}\n{delimiter}\n"))
}

/// A line that no value holds: 128 random bits.
fn delimiter() -> Result<String, ActionsError> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(ActionsError::Random)?;
    Ok(format!("end_{:032x}", u128::from_be_bytes(bytes)))
}

#[cfg(test)]
mod tests;
