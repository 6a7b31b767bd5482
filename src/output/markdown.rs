//! The report as Markdown: the pull-request comment, the job summary, the block in release notes.
//!
//! The verdict stands first and what is only evidence is folded. If all passes, it stays within a dozen lines.

mod exceptions;
mod fit;
mod folds;
mod improvement;
mod inherited;
mod links;
mod origin;
mod sections;

use super::escape::{Markdown, Safe};
use crate::report::{Outcome, Report};
use fit::{MarkdownSection, fit};

/// What GitHub takes in a comment, less room for the marker by which the comment is found again.
pub const COMMENT_LIMIT: usize = 65_536 - 512;

/// The report in at most `limit` characters; what does not fit is left out from the least important and counted in
/// the last line.
pub fn markdown(report: &Report, limit: usize) -> Safe<Markdown> {
    let mut sections = sections::visible_sections(report);
    let folds = folds::folds(report);
    match report.verdict {
        // One fold instead of four: what passes is nothing to read.
        Outcome::Pass => {
            sections.push(MarkdownSection::fixed(folds::open_details(report)));
            sections.extend(folds.into_iter().map(folds::Fold::titled));
            sections.push(MarkdownSection::fixed("</details>\n".into()));
        }
        Outcome::Warn | Outcome::Waived | Outcome::Unknown | Outcome::Fail => {
            sections.extend(folds.into_iter().map(folds::Fold::folded));
        }
    }
    fit(&sections, limit)
}

#[cfg(test)]
mod tests;
