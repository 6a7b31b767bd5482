//! Issues as links.

use super::super::escape::{Markdown, Safe, code, cut, inline, linked, prose, safe, safe_url};
use crate::report::Report;

/// The longest title, name or place that is shown.
const LONGEST: usize = 120;

/// The longest sentence that is shown.
const SENTENCE: usize = 400;

/// An issue's number, linked if its address is safe.
pub fn issue(number: u64, url: &str) -> Safe<Markdown> {
    match safe_url(url) {
        Some(url) => safe!("[#{}]({})", number, url),
        None => safe!("`#{}`", number),
    }
}

/// A title from a ticket.
pub fn title(text: &str) -> Safe<Markdown> {
    // Asked once it is escaped: a title of hidden characters shows nothing either.
    let shown = inline(&cut(text.trim(), LONGEST));
    if shown.is_empty() { "(no title)".into() } else { shown }
}

/// A name as code: a tag, a test, a path.
pub fn name(text: &str) -> Safe<Markdown> {
    code(&cut(text.trim(), LONGEST))
}

/// Text from elsewhere that may quote names in backticks.
pub fn quoted(text: &str) -> Safe<Markdown> {
    prose(&cut(text.trim(), LONGEST))
}

/// A sentence of the report, in which the report's own issues are links.
pub fn sentence(report: &Report, text: &str) -> Safe<Markdown> {
    let url_of = |number: u64| {
        let defects = report.defects.iter().map(|line| (line.number, line.url.as_str()));
        let excluded = report.excluded.iter().map(|line| (line.number, line.url.as_str()));
        defects.chain(excluded).find(|(of, _)| *of == number).map(|(_, url)| url)
    };
    linked(&cut(text.trim(), SENTENCE), &url_of)
}
