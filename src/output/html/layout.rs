//! Lays the tree of the report out as HTML. The sections whose entries the page shows in full elsewhere are left out.

use super::super::document::{Document, DocumentMedium, DocumentSection};
use super::super::escape::{Html, Safe, html, html_link, html_prose, safe, truncate_text};
use super::super::labels;
use super::table::{data_table, words};
use crate::report::{PageReport, Report, Verdict, percent_text};

/// Maximum length of a name or a title in characters. GitHub allows 256 for a title.
const NAME_LENGTH: usize = 256;

/// Maximum length of a sentence in characters.
const SENTENCE_LENGTH: usize = 2_000;

/// Maximum number of entries of a list in the details that is not folded.
const UNFOLDED_ENTRIES: usize = 10;

impl DocumentMedium for Html {
    const NAMED_ENTRIES: usize = 200;
    const SHOWS_ALL: bool = true;
    // The section on tests has them.
    const TESTS_IN_THE_LEAD: usize = 0;
    const SHOWS_WARNINGS: bool = true;

    fn name(text: &str) -> Safe<Self> {
        safe!("<code>{}</code>", html(&truncate_text(text.trim(), NAME_LENGTH)))
    }

    fn title(text: &str) -> Safe<Self> {
        let shown = html(&truncate_text(text.trim(), NAME_LENGTH));
        if shown.is_empty() { "(no title)".into() } else { shown }
    }

    fn sentence<'a>(text: &str, _: &dyn Fn(u64) -> Option<&'a str>) -> Safe<Self> {
        // No line break before a percent sign.
        html_prose(&truncate_text(text.trim(), SENTENCE_LENGTH)).replaced(" %", "\u{a0}%")
    }

    fn linked(text: Safe<Self>, url: &str) -> Safe<Self> {
        html_link(&text, url)
    }

    fn strong(text: &Safe<Self>) -> Safe<Self> {
        safe!("<strong>{}</strong>", text)
    }

    fn mark(verdict: Verdict) -> Safe<Self> {
        // The shape differs, too: color alone says nothing to some readers.
        safe!("<span class=\"badge {}\">{}</span>", verdict.name(), verdict.name())
    }
}

/// Part of the page that a section of the tree belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Below the verdict.
    Head,
    /// Below the table of rules.
    Rules,
    /// Tests.
    Tests,
    /// Excluded issues, waivers and overrides.
    Excluded,
    /// How the numbers are made.
    Method,
    /// A chart or a table of the page has the same.
    Figure,
}

impl Part {
    /// Returns the part of a section. A new section is shown below the rules.
    fn of(section: &DocumentSection<Html>) -> Self {
        match section.entries_name {
            "gaps" | "steps" => Self::Head,
            "tests" => Self::Tests,
            "exceptions" | "excluded issues" => Self::Excluded,
            "lines on the measurement" | "lines on inheritance" => Self::Method,
            "escaped defects"
            | "components"
            | "lines on the weakest quality gate"
            | "lines on the time to detect" => Self::Figure,
            _ => Self::Rules,
        }
    }
}

/// Renders the head.
pub fn header(report: &Report, page: &PageReport, document: &Document<Html>) -> Safe<Html> {
    let repository = report.repository.as_deref().map(|name| safe!(" · {}", html(name)));
    let lead = document.lead.iter().enumerate().map(|(at, lines)| {
        let class = if at == 0 { " class=\"headline\"" } else { "" };
        safe!("<p{}>{}</p>", class, Safe::join(lines, "<br>"))
    });
    safe!(
        "<header><p class=\"place\">Escape Gate{}</p><h1>{} {}</h1>{}{}{}</header>",
        repository.unwrap_or_default(),
        document.headline,
        Html::mark(report.verdict),
        lead.collect::<Safe<Html>>(),
        sections(document, Part::Head),
        facts(report, page)
    )
}

/// Renders the table of rules.
pub fn rule_table(document: &Document<Html>) -> Safe<Html> {
    if document.rules.is_empty() {
        return "<p>No rule is evaluated on this candidate.</p>".into();
    }
    let columns = [words("Rule"), words("Verdict"), words("Now"), words("Limit")];
    let rows = document
        .rules
        .iter()
        .map(|row| [&row.rule, &row.mark, &row.now, &row.limit].map(Safe::clone).to_vec());
    data_table(&"Rules".into(), &columns, &rows.collect::<Vec<_>>())
}

/// Renders the sections of the tree that belong to a part of the page.
pub fn sections(document: &Document<Html>, part: Part) -> Safe<Html> {
    let is_here = |section: &&DocumentSection<Html>| Part::of(section) == part;
    let visible = document.visible.iter().filter(is_here).map(|section| section_html(section, part, false));
    let details = document.details.iter().filter(is_here);
    let details =
        details.map(|section| section_html(section, part, section.entries.len() > UNFOLDED_ENTRIES));
    visible.chain(details).collect()
}

fn section_html(section: &DocumentSection<Html>, part: Part, is_folded: bool) -> Safe<Html> {
    let heading = match (section.title.is_empty(), part) {
        (true, _) => Safe::default(),
        (false, Part::Head) => safe!("<h2>{}</h2>", section.title),
        (false, _) => safe!("<h3>{}</h3>", section.title),
    };
    let paragraph = |text: &Safe<Html>| {
        if text.is_empty() { Safe::default() } else { safe!("<p class=\"soft\">{}</p>", text) }
    };
    let entries: Safe<Html> =
        section.entries.iter().map(|lines| safe!("<li>{}", Safe::join(lines, "<br>"))).collect();
    let more = if section.more == 0 { Safe::default() } else { safe!("<li>and {} more", section.more) };
    let (intro, outro) = (paragraph(&section.intro), paragraph(&section.outro));
    let list = safe!("{}<ul class=\"list\">{}{}</ul>{}", intro, entries, more, outro);
    if is_folded {
        safe!("<details><summary>{}</summary>{}</details>", heading, list)
    } else {
        safe!("<div class=\"entries\">{}{}</div>", heading, list)
    }
}

/// Renders the main numbers. A rate below its smallest sample is a count.
fn facts(report: &Report, page: &PageReport) -> Safe<Html> {
    let totals = &report.totals;
    let candidate = report.candidate.as_ref().map_or_else(|| "the release".into(), |one| html(&one.name));
    let mut facts: Vec<Safe<Html>> = Vec::new();
    let count = |count: Option<u64>| labels::count_or_not_measured::<Html>(count);
    let fact = |name: Safe<Html>, value: Safe<Html>, note: Safe<Html>| {
        safe!("<div><dt>{}</dt><dd>{}<small>{}</small></dd></div>", name, value, note)
    };
    let over = html(&totals.over);
    facts.push(fact("Escaped defects".into(), count(totals.escaped), over.clone()));
    facts.push(fact("Critical".into(), count(totals.critical), over));
    if page.collected {
        let affected = page.candidate_statuses.affected;
        let of = safe!("of {} escaped defects", page.defects.len());
        facts.push(fact(safe!("Affected in {}", candidate), safe!("{}", affected), of));
    }
    if let Some(rate) = &totals.escape_rate {
        let over = html(&rate.over);
        facts.push(if rate.denominator < page.rate_sample {
            let note = safe!("too few for a rate (at least {}); {}", page.rate_sample, over);
            fact("Escaped, of all found".into(), safe!("{} of {}", rate.numerator, rate.denominator), note)
        } else {
            let note = safe!(
                "{} of {}; {}; {}",
                rate.numerator,
                rate.denominator,
                labels::interval_text(rate),
                over
            );
            fact("Escape rate".into(), html(&percent_text(rate.numerator, rate.denominator)), note)
        });
    }
    if let Some(tests) = &report.tests {
        let note = labels::test_counts(tests);
        // Without a test report, no failed test is no good news.
        let failed = (tests.files > 0).then(|| tests.failed.saturating_add(tests.errors));
        facts.push(fact("Failed tests".into(), count(failed), note));
    }
    safe!("<dl class=\"facts\">{}</dl>", Safe::join(&facts, ""))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::output::{examples, html_page};

    /// Without this, a section that is new in the tree could be missing on the page.
    #[test]
    fn every_section_of_the_tree_is_on_the_page_once() {
        for report in
            [examples::pass(), examples::warn(), examples::fail(), examples::unknown(), examples::hostile()]
        {
            let report = examples::with_page(report);
            let (page, document) = (html_page(&report).unwrap(), Document::<Html>::of(&report));
            assert!(page.contains(&*document.headline));
            for section in document.visible.iter().chain(&document.details) {
                let shown = section_html(section, Part::Rules, false);
                let list = shown.split_once("<ul").unwrap().1.split_once("</ul>").unwrap().0;
                let times = usize::from(Part::of(section) != Part::Figure);
                assert_eq!(page.matches(list).count(), times, "{}", section.entries_name);
            }
            let rows = document.rules.iter().filter(|row| row.rule.starts_with("<code>"));
            assert_eq!(rows.count(), report.rules.len(), "every rule has a row");
        }
    }
}
