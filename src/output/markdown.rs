//! The report as Markdown: the pull-request comment, the job summary, the block in release notes.

mod fit;

use super::document::{Document, DocumentMedium, DocumentSection, RuleRow};
use super::escape::{Markdown, Safe, inline, inline_code, link, prose_with_links, safe, truncate_text};
use crate::report::{Report, Verdict};
use fit::{MarkdownSection, fit};

/// Maximum length of a comment, in UTF-16 units.
// GitHub takes 65,536. Nobody reads a comment of a third of that, and mail clients cut it. With its hidden lines and
// emoji, a comment of this length has at most 20 kB.
pub const COMMENT_LIMIT: usize = 19_500;

/// Maximum length of a title, name or place in characters.
// Issue titles can have 256 characters. A table with such a column cannot be read on GitHub.
const NAME_LENGTH: usize = 120;

/// Maximum length of a sentence in characters.
const SENTENCE_LENGTH: usize = 400;

impl DocumentMedium for Markdown {
    const TESTS_IN_THE_LEAD: usize = 5;
    const SHOWS_WARNINGS: bool = false;

    fn name(text: &str) -> Safe<Self> {
        inline_code(&truncate_text(text.trim(), NAME_LENGTH))
    }

    fn title(text: &str) -> Safe<Self> {
        // Test after escaping: a title of hidden characters is empty only then.
        let shown = inline(&truncate_text(text.trim(), NAME_LENGTH));
        if shown.is_empty() { "(no title)".into() } else { shown }
    }

    fn sentence<'a>(text: &str, url_of: &dyn Fn(u64) -> Option<&'a str>) -> Safe<Self> {
        // No line break before a percent sign.
        prose_with_links(&truncate_text(text.trim(), SENTENCE_LENGTH), url_of).replaced(" %", "\u{a0}%")
    }

    fn linked(text: Safe<Self>, url: &str) -> Safe<Self> {
        // As code, GitHub does not look for an issue of that number.
        link(text.clone(), url).unwrap_or_else(|| safe!("`{}`", text))
    }

    fn strong(text: &Safe<Self>) -> Safe<Self> {
        safe!("**{}**", text)
    }

    fn mark(verdict: Verdict) -> Safe<Self> {
        match verdict {
            Verdict::Pass => "✅",
            Verdict::Warn | Verdict::Waived => "⚠️",
            Verdict::Unknown => "❓",
            Verdict::Fail => "❌",
        }
        .into()
    }
}

/// Renders the report in at most `limit` UTF-16 units. The least important entries are left out first and counted in the last
/// line.
pub fn markdown(report: &Report, limit: usize) -> Safe<Markdown> {
    let document = Document::of(report);
    let mut sections = Vec::from(head(&document, report.verdict));
    // A passing report needs no reading: its table is among the details.
    if report.verdict != Verdict::Pass {
        sections.push(rule_table(&document.rules));
    }
    sections.extend(document.visible.into_iter().map(section));
    let footer = safe!("<sub>{}</sub>\n", Safe::join(&document.footer, " · "));
    // A passing comment has two lines. Its footer is folded, and the line of the fold names the program.
    let (name, inside, below) = if report.verdict == Verdict::Pass {
        ("Escape Gate · ", safe!("{}\n", footer), Safe::default())
    } else {
        ("", Safe::default(), safe!("\n{}", footer))
    };
    let summary = safe!("<details><summary>{}{}</summary>\n\n", name, document.summary);
    sections.push(MarkdownSection::fixed(summary));
    sections.extend(document.details.into_iter().map(section));
    sections.push(MarkdownSection::fixed(safe!("{}</details>\n{}", inside, below)));
    fit(&sections, limit)
}

/// Renders the verdict; then its causes and the next steps, which may be cut.
fn head(document: &Document<Markdown>, verdict: Verdict) -> [MarkdownSection; 2] {
    let mark = Markdown::mark(verdict);
    let mut paragraphs = document.lead.iter().map(|lines| safe!("{}\n\n", Safe::join(lines, "<br>")));
    let head = if verdict == Verdict::Pass {
        // One line: a heading would double the height of the comment.
        let headline = Markdown::strong(&safe!("{}.", document.headline));
        safe!("{} {} {}", mark, headline, paragraphs.next().unwrap_or_default())
    } else {
        safe!("## {} {}\n\n", mark, document.headline)
    };
    let items = paragraphs.collect();
    let lead = MarkdownSection { name: "causes and steps", rank: 1, items, ..MarkdownSection::default() };
    [MarkdownSection::fixed(head), lead]
}

/// Renders the table of rules.
fn rule_table(rows: &[RuleRow<Markdown>]) -> MarkdownSection {
    let row =
        |row: &RuleRow<Markdown>| safe!("| {} | {} | {} | {} |\n", row.mark, row.rule, row.now, row.limit);
    MarkdownSection {
        name: "rules",
        rank: 1,
        head: "| | Rule | Now | Limit |\n|:-:|:--|:--|:--|\n".into(),
        items: rows.iter().map(row).collect(),
        tail: "\n".into(),
        ..MarkdownSection::default()
    }
}

/// Renders a list under a heading.
fn section(section: DocumentSection<Markdown>) -> MarkdownSection {
    let title = if section.title.is_empty() { Safe::default() } else { safe!("**{}**\n\n", section.title) };
    let intro = if section.intro.is_empty() { Safe::default() } else { safe!("{}\n\n", section.intro) };
    let outro = if section.outro.is_empty() { Safe::default() } else { safe!("{}\n\n", section.outro) };
    MarkdownSection {
        name: section.entries_name,
        rank: section.rank,
        head: safe!("{}{}", title, intro),
        items: section.entries.iter().map(|lines| safe!("- {}\n", Safe::join(lines, "<br>"))).collect(),
        more: Some(section.more),
        tail: safe!("\n{}", outro),
    }
}

#[cfg(test)]
mod tests;
