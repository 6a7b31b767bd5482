//! The report as Markdown: the pull-request comment, the job summary, the block in release notes.
//!
//! The verdict is first, and evidence is folded. If all rules pass, the report has at most a dozen lines.

mod exceptions;
mod fit;
mod fold;
mod folds;
mod improvement;
mod inherited;
mod links;
mod origin;
mod sections;

use super::escape::{Markdown, Safe};
use crate::report::{Report, Verdict};
use fit::{MarkdownSection, fit};

/// GitHub's limit for a comment, minus room for the marker that identifies the comment, in UTF-16 units.
// GitHub's limit, less the hidden marker and the fingerprint that publishing adds.
pub const COMMENT_LIMIT: usize = 65_536 - 512;

/// Renders the report in at most `limit` UTF-16 units. The least important items are left out first and counted in the last
/// line.
pub fn markdown(report: &Report, limit: usize) -> Safe<Markdown> {
    let mut sections = sections::visible_sections(report);
    let folds = folds::folds(report);
    match report.verdict {
        // One fold instead of several: a passing report needs no reading.
        Verdict::Pass => {
            sections.push(MarkdownSection::fixed(folds::open_details(report)));
            sections.extend(folds.into_iter().map(fold::Fold::titled));
            sections.push(MarkdownSection::fixed("</details>\n".into()));
        }
        Verdict::Warn | Verdict::Waived | Verdict::Unknown | Verdict::Fail => {
            sections.extend(folds.into_iter().map(fold::Fold::folded));
        }
    }
    fit(&sections, limit)
}

#[cfg(test)]
mod tests;
