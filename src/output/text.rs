//! The report for a terminal.

mod paint;

use super::document::{Document, DocumentMedium, DocumentSection, RuleRow};
use super::escape::{Safe, Terminal, safe, terminal, terminal_link, truncate_text, without_codes};
use crate::report::{Report, Verdict};
pub use paint::align_columns;
use paint::{Colour, bold, colour, columns, wrap};

/// Minimum width of the layout in columns.
// In a narrower column, the lead of a line leaves no room for a word.
const NARROWEST: usize = 40;

/// Maximum length of a text in characters.
const TEXT_LENGTH: usize = 1_000;

/// Maximum length of a name or a title in characters.
const NAME_LENGTH: usize = 120;

/// Properties of the terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TextOptions {
    /// `true` to use colors and links. Neither ever carries information alone.
    pub color: bool,
    /// Width in columns.
    pub width: usize,
    /// Height in lines.
    pub height: usize,
    /// `true` to show the details.
    pub details: bool,
}

impl Default for TextOptions {
    fn default() -> Self {
        Self { color: false, width: 100, height: 40, details: false }
    }
}

impl TextOptions {
    /// Returns plain text without details for a screen of this width and height; `None` for a log.
    pub fn of_screen(size: Option<(u16, u16)>) -> Self {
        let log = Self::default();
        size.map_or(log, |(width, height)| Self { width: width.into(), height: height.into(), ..log })
    }
}

impl DocumentMedium for Terminal {
    const TESTS_IN_THE_LEAD: usize = 20;
    const SHOWS_WARNINGS: bool = true;

    fn name(text: &str) -> Safe<Self> {
        terminal(&truncate_text(text.trim(), NAME_LENGTH)).cut(NAME_LENGTH)
    }

    fn title(text: &str) -> Safe<Self> {
        Self::name(text)
    }

    fn sentence<'a>(text: &str, _: &dyn Fn(u64) -> Option<&'a str>) -> Safe<Self> {
        // Cut before escaping, because escaping takes time by the length; and again after it, because a hidden character
        // becomes eight characters.
        terminal(&truncate_text(text.trim(), TEXT_LENGTH)).cut(TEXT_LENGTH)
    }

    fn linked(text: Safe<Self>, url: &str) -> Safe<Self> {
        terminal_link(&text, url).unwrap_or(text)
    }

    fn strong(text: &Safe<Self>) -> Safe<Self> {
        bold(text)
    }

    fn mark(verdict: Verdict) -> Safe<Self> {
        colour(verdict_colour(verdict), &verdict_sign(verdict).into())
    }
}

/// Renders the report as text, the verdict first; and last too, if it would have scrolled out of sight.
pub fn report_text(report: &Report, options: &TextOptions) -> Safe<Terminal> {
    let document = Document::of(report);
    let mut page = Page { lines: Vec::new(), width: options.width.max(NARROWEST) };
    let sign = verdict_sign(report.verdict);
    // The word that JSON and the exit code have, for whoever searches a log.
    let word = terminal(&report.verdict.name().to_uppercase());
    let headline =
        colour(verdict_colour(report.verdict), &bold(&safe!("{} {}: {}", sign, word, document.headline)));
    page.wrapped("", &headline);
    for paragraph in &document.lead {
        page.lines.push(Safe::default());
        paragraph.iter().for_each(|line| page.wrapped("  ", line));
    }
    page.rules(&document.rules);
    document.visible.iter().for_each(|section| page.section(section));
    if options.details {
        document.details.iter().for_each(|section| page.section(section));
    } else {
        page.lines.push(Safe::default());
        page.wrapped("  ", &safe!("{}: --verbose shows it", document.summary));
    }
    page.lines.push(Safe::default());
    page.wrapped("  ", &Safe::join(&document.footer, " · "));
    if page.lines.len() > options.height {
        page.lines.push(Safe::default());
        page.wrapped("", &headline);
    }
    let lines = page.lines.into_iter().map(|line| safe!("{}\n", line.trimmed()));
    let text: Safe<Terminal> = lines.collect();
    if options.color { text } else { without_codes(&text) }
}

/// Returns the sign of a verdict.
pub fn verdict_sign(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "✔",
        Verdict::Warn | Verdict::Waived => "!",
        Verdict::Unknown => "?",
        Verdict::Fail => "✘",
    }
}

/// Returns the color of a verdict.
fn verdict_colour(verdict: Verdict) -> Colour {
    match verdict {
        Verdict::Pass => Colour::Green,
        Verdict::Warn | Verdict::Waived | Verdict::Unknown => Colour::Yellow,
        Verdict::Fail => Colour::Red,
    }
}

/// Joins lines and ends each with a line break.
pub fn join_lines(lines: Vec<Safe<Terminal>>) -> String {
    lines.into_iter().map(|line| format!("{line}\n")).collect()
}

/// The page so far.
struct Page {
    lines: Vec<Safe<Terminal>>,
    width: usize,
}

impl Page {
    /// Appends text over several lines: the first one after `lead`, the others indented to it.
    fn wrapped(&mut self, lead: impl Into<Safe<Terminal>>, text: &Safe<Terminal>) {
        let lead = lead.into();
        let indent = columns(&lead);
        for (at, part) in wrap(text, self.width.saturating_sub(indent)).into_iter().enumerate() {
            let start = if at == 0 { lead.clone() } else { Safe::blanks(indent) };
            self.lines.push(safe!("{}{}", start, part));
        }
    }

    /// Appends the table of rules. A row that is wider than the page has its value and limit on a line of their own.
    fn rules(&mut self, rows: &[RuleRow<Terminal>]) {
        if rows.is_empty() {
            return;
        }
        self.lines.push(Safe::default());
        let cells: Vec<Vec<Safe<Terminal>>> =
            rows.iter().map(|row| vec![row.rule.clone(), row.now.clone(), row.limit.clone()]).collect();
        let aligned = align_columns(&cells);
        let is_wide = aligned.iter().any(|line| columns(&line.trimmed()) + 4 > self.width);
        for (row, line) in rows.iter().zip(aligned) {
            let lead = safe!("  {} ", row.mark);
            if !is_wide {
                self.lines.push(safe!("{}{}", lead, line));
                continue;
            }
            self.wrapped(lead, &row.rule);
            if !row.limit.is_empty() {
                self.wrapped("      ", &safe!("{}, {}", row.now, row.limit));
            }
        }
    }

    /// Appends a list under a heading.
    fn section(&mut self, section: &DocumentSection<Terminal>) {
        self.lines.push(Safe::default());
        if !section.title.is_empty() {
            self.wrapped("", &bold(&section.title));
        }
        if !section.intro.is_empty() {
            self.wrapped("  ", &section.intro);
        }
        for entry in &section.entries {
            for (at, line) in entry.iter().enumerate() {
                self.wrapped(if at == 0 { "  - " } else { "    " }, line);
            }
        }
        if section.more > 0 {
            self.wrapped("  - ", &safe!("and {} more", section.more));
        }
        if !section.outro.is_empty() {
            self.wrapped("  ", &section.outro);
        }
    }
}

#[cfg(test)]
mod tests;
