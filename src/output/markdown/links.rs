//! Issues as links.

use super::super::escape::{
    Markdown, Safe, inline, inline_code, prose, prose_with_links, safe, safe_url, truncate_text,
};
use crate::report::Report;

/// The longest title, name or place that is shown.
const LONGEST: usize = 120;

/// The longest sentence that is shown.
const SENTENCE: usize = 400;

/// An issue's number, linked if its address is safe.
pub fn issue_link(number: u64, url: &str) -> Safe<Markdown> {
    match safe_url(url) {
        Some(url) => safe!("[#{}]({})", number, url),
        None => safe!("`#{}`", number),
    }
}

/// A title from a ticket.
pub fn issue_title(text: &str) -> Safe<Markdown> {
    // Asked once it is escaped: a title of hidden characters shows nothing either.
    let shown = inline(&truncate_text(text.trim(), LONGEST));
    if shown.is_empty() { "(no title)".into() } else { shown }
}

/// A name as code: a tag, a test, a path.
pub fn code_name(text: &str) -> Safe<Markdown> {
    inline_code(&truncate_text(text.trim(), LONGEST))
}

/// Text from elsewhere that may quote names in backticks.
pub fn short_prose(text: &str) -> Safe<Markdown> {
    prose(&truncate_text(text.trim(), LONGEST))
}

/// A sentence of the report, in which the report's own issues are links.
pub fn linked_sentence(report: &Report, text: &str) -> Safe<Markdown> {
    let url_of = |number: u64| {
        let defects = report.defects.iter().map(|line| (line.number, line.url.as_str()));
        let excluded = report.excluded.iter().map(|line| (line.number, line.url.as_str()));
        defects.chain(excluded).find(|(of, _)| *of == number).map(|(_, url)| url)
    };
    prose_with_links(&truncate_text(text.trim(), SENTENCE), &url_of)
}
