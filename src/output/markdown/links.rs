//! Issues, names and sentences as Markdown of limited length.

use super::super::escape::{
    Markdown, Safe, inline, inline_code, link, prose, prose_with_links, safe, truncate_text,
};
use crate::report::Report;

/// Maximum length of a title, name or place in characters.
// Issue titles can have 256 characters. A table with such a column cannot be read on GitHub.
const NAME_LENGTH: usize = 120;

/// Maximum length of a sentence in characters.
const SENTENCE_LENGTH: usize = 400;

/// Renders an issue's number, linked if its address is safe.
pub fn issue_link(number: u64, url: &str) -> Safe<Markdown> {
    link(safe!("#{}", number), url).unwrap_or_else(|| safe!("`#{}`", number))
}

/// Renders the title of an issue.
pub fn issue_title(text: &str) -> Safe<Markdown> {
    // Test after escaping: a title of hidden characters is empty only then.
    let shown = inline(&truncate_text(text.trim(), NAME_LENGTH));
    if shown.is_empty() { "(no title)".into() } else { shown }
}

/// Renders a name, such as a tag, a test or a path, as code.
pub fn code_name(text: &str) -> Safe<Markdown> {
    inline_code(&truncate_text(text.trim(), NAME_LENGTH))
}

/// Renders a short untrusted text that may quote names in backticks.
pub fn short_prose(text: &str) -> Safe<Markdown> {
    prose(&truncate_text(text.trim(), NAME_LENGTH))
}

/// Renders an untrusted sentence that may quote names in backticks.
pub fn long_prose(text: &str) -> Safe<Markdown> {
    prose(&truncate_text(text.trim(), SENTENCE_LENGTH))
}

/// Renders a sentence in which the issues of the report are links.
pub fn linked_sentence(report: &Report, text: &str) -> Safe<Markdown> {
    let url_of = |number: u64| {
        let defects = report.defects.iter().map(|line| (line.number, line.url.as_str()));
        let excluded = report.excluded.iter().map(|line| (line.number, line.url.as_str()));
        defects.chain(excluded).find(|(of, _)| *of == number).map(|(_, url)| url)
    };
    prose_with_links(&truncate_text(text.trim(), SENTENCE_LENGTH), &url_of)
}

/// Prevents a line break before a percent sign.
pub fn keep_percent_together(text: &Safe<Markdown>) -> Safe<Markdown> {
    text.replaced(" %", "\u{a0}%")
}
