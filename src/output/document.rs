//! The report as a tree of sections. It is written once, and every medium that people read lays it out.
//!
//! The tree begins with what a reader needs to act: the verdict, its causes, the next steps and the table of rules. All
//! else is a detail. Sections are generic over the medium: an element such as a name or an issue is escaped for the medium
//! by [`DocumentMedium`], so untrusted text cannot reach a document in any other way.

mod defects;
mod exceptions;
mod improvement;
mod lead;
mod measurement;
mod rules;
mod tests;

use super::escape::{Medium, Safe, safe};
use super::labels;
use crate::report::{GapLine, Report, Verdict};

/// Escaping of the elements of a document for one medium.
pub trait DocumentMedium: Medium + Clone {
    /// Maximum number of entries of a list that are named; the rest is counted.
    // With fifty defects and fifty tests a comment has 20 kB, and nobody reads further.
    const NAMED_ENTRIES: usize = 50;

    /// `true` if the table of rules has those that pass, each step has its line, and excluded issues and exceptions have
    /// their ages.
    const SHOWS_ALL: bool = false;

    /// Maximum number of failed tests outside the details.
    const TESTS_IN_THE_LEAD: usize;

    /// `true` if gaps and warnings are visible for every verdict.
    const SHOWS_WARNINGS: bool;

    /// Renders a name, such as a tag, a test or a path. Untrusted.
    fn name(text: &str) -> Safe<Self>;

    /// Renders the title of an issue or the message of a test. Untrusted.
    fn title(text: &str) -> Safe<Self>;

    /// Renders a sentence that may quote names in backticks. Untrusted. `url_of` returns the address of an issue that may be
    /// linked.
    fn sentence<'a>(text: &str, url_of: &dyn Fn(u64) -> Option<&'a str>) -> Safe<Self>;

    /// Renders a text with a link; the text alone if the address is not safe.
    fn linked(text: Safe<Self>, url: &str) -> Safe<Self>;

    /// Emphasizes a text.
    fn strong(text: &Safe<Self>) -> Safe<Self>;

    /// Returns the sign of a verdict.
    fn mark(verdict: Verdict) -> Safe<Self>;
}

/// A report, laid out in the order of reading.
#[derive(Debug, Clone)]
pub struct Document<M> {
    /// The verdict on the candidate, for example `v1.4.0 is blocked`.
    pub headline: Safe<M>,
    /// Causes of the verdict and next steps.
    pub lead: Vec<Paragraph<M>>,
    /// Rules that do not pass and the number of those that do, or all rules.
    pub rules: Vec<RuleRow<M>>,
    /// Sections that are always visible.
    pub visible: Vec<DocumentSection<M>>,
    /// Counts of what the details hold.
    pub summary: Safe<M>,
    /// Sections that a reader opens on demand.
    pub details: Vec<DocumentSection<M>>,
    /// Commit and policy of the evaluation.
    pub footer: Vec<Safe<M>>,
}

/// Lines that belong together, the first one most important.
pub type Paragraph<M> = Vec<Safe<M>>;

/// A row in the table of rules.
#[derive(Debug, Clone)]
pub struct RuleRow<M> {
    /// Sign of the verdict.
    pub mark: Safe<M>,
    /// The rule and its scope.
    pub rule: Safe<M>,
    /// Value.
    pub now: Safe<M>,
    /// Limit.
    pub limit: Safe<M>,
}

/// A list under a heading.
#[derive(Debug, Clone)]
pub struct DocumentSection<M> {
    /// Heading; empty for none.
    pub title: Safe<M>,
    /// Name of the entries, for a note about those that are left out.
    pub entries_name: &'static str,
    /// Importance; 0 is the most important.
    pub rank: u8,
    /// Sentence before the entries; empty for none.
    pub intro: Safe<M>,
    /// Entries of one or more lines.
    pub entries: Vec<Paragraph<M>>,
    /// Number of entries that are not in the list.
    pub more: u64,
    /// Sentence after the entries; empty for none.
    pub outro: Safe<M>,
}

impl<M: DocumentMedium> DocumentSection<M> {
    /// Creates a list. Returns `None` if there are no entries.
    fn of(
        title: impl Into<Safe<M>>,
        entries_name: &'static str,
        rank: u8,
        entries: Vec<Paragraph<M>>,
    ) -> Option<Self> {
        let (intro, outro) = (Safe::default(), Safe::default());
        let title = title.into();
        (!entries.is_empty()).then(|| Self { title, entries_name, rank, intro, entries, more: 0, outro })
    }

    /// Creates a list that names at most [`DocumentMedium::NAMED_ENTRIES`] entries and counts the rest.
    fn named(
        title: impl Into<Safe<M>>,
        entries_name: &'static str,
        rank: u8,
        entries: impl ExactSizeIterator<Item = Paragraph<M>>,
    ) -> Option<Self> {
        let more = entries.len().saturating_sub(M::NAMED_ENTRIES) as u64;
        let entries = entries.take(M::NAMED_ENTRIES).collect();
        Self::of(title, entries_name, rank, entries).map(|section| section.with_more(more))
    }

    /// Counts entries that are not in the list.
    fn with_more(self, more: u64) -> Self {
        Self { more: self.more + more, ..self }
    }

    /// Adds a sentence before the entries.
    fn with_intro(self, intro: Safe<M>) -> Self {
        Self { intro, ..self }
    }
}

impl<M: DocumentMedium> Document<M> {
    /// Lays out a report.
    pub fn of(report: &Report) -> Self {
        // Gaps are the reason for an unknown verdict, and a detail of every other one.
        let shows_gaps = M::SHOWS_WARNINGS || report.verdict == Verdict::Unknown;
        let when = |is_visible: bool, section: Option<DocumentSection<M>>| section.filter(|_| is_visible);
        let visible = [
            when(shows_gaps, gap_section(report)),
            tests::failed_section(report),
            exceptions::exception_section(report),
            when(M::SHOWS_WARNINGS, warning_section(report)),
        ];
        let details = [
            lead::more_steps(report),
            defects::escaped_section(report),
            defects::blocker_section(report),
            defects::excluded_section(report),
            tests::notable_section(report),
            when(!shows_gaps, gap_section(report)),
            when(!M::SHOWS_WARNINGS, warning_section(report)),
            exceptions::unneeded_section(report),
            improvement::weakest_gate_section(report),
            improvement::component_section(report),
            improvement::detection_section(report),
        ];
        let groups = report.rules.iter().filter_map(rules::group_section);
        let measured = [
            measurement::inherited_section(report),
            rules::rule_section(report),
            measurement::measurement_section(report),
        ];
        Self {
            headline: lead::headline(report),
            lead: lead::lead(report),
            rules: rules::rule_rows(report),
            visible: visible.into_iter().flatten().collect(),
            summary: summary(report),
            details: details
                .into_iter()
                .flatten()
                .chain(groups)
                .chain(measured.into_iter().flatten())
                .collect(),
            footer: measurement::footer(report),
        }
    }
}

/// Renders a sentence in which the issues of the report are links.
fn sentence<M: DocumentMedium>(report: &Report, text: &str) -> Safe<M> {
    let url_of = |number: u64| {
        let defects = report.defects.iter().map(|line| (line.number, line.url.as_str()));
        let excluded = report.excluded.iter().map(|line| (line.number, line.url.as_str()));
        defects.chain(excluded).find(|(of, _)| *of == number).map(|(_, url)| url)
    };
    M::sentence(text, &url_of)
}

/// Renders a text that names no issue to link.
fn prose<M: DocumentMedium>(text: &str) -> Safe<M> {
    M::sentence(text, &|_| None)
}

/// Renders the number of an issue, linked to its page.
fn issue<M: DocumentMedium>(number: u64, url: &str) -> Safe<M> {
    M::linked(safe!("#{}", number), url)
}

/// Capitalizes the first letter, unless the first word is a name: in backticks, or such as `v1.3.0`, `lib/a.rs` or `@ann`.
fn capitalize(text: &str) -> String {
    let text = text.trim();
    let is_name = |word: &str| {
        let word = word.trim_end_matches(['.', ',', ':']);
        word.contains(|letter: char| letter.is_ascii_digit() || "@/_.".contains(letter))
    };
    let mut chars = text.chars();
    match chars.next() {
        Some(first) if !text.split_whitespace().next().is_some_and(is_name) => {
            first.to_uppercase().chain(chars).collect()
        }
        _ => text.to_owned(),
    }
}

/// Counts what the details hold: `9 escaped defects, 6 excluded issues, 16 tests, how this was measured`.
fn summary<M: DocumentMedium>(report: &Report) -> Safe<M> {
    let tests = report.tests.as_ref();
    let mut parts = labels::counted_nouns(&[
        (report.defects.len() as u64, "escaped defect", "escaped defects"),
        (report.excluded.len() as u64, "excluded issue", "excluded issues"),
        (tests.map_or(0, |tests| tests.total), "test", "tests"),
        (tests.map_or(0, |tests| tests.flaky), "flaky test", "flaky tests"),
        (report.warnings.len() as u64, "thing to look at", "things to look at"),
    ]);
    parts.push("how this was measured".into());
    Safe::join(&parts, " · ")
}

/// Lists what could not be read, with the next step.
fn gap_section<M: DocumentMedium>(report: &Report) -> Option<DocumentSection<M>> {
    let entry = |line: &GapLine| {
        let place = line.place.as_ref().map(|place| safe!("{}: ", M::name(place))).unwrap_or_default();
        let what = safe!("{} {}: {}{}", M::mark(line.verdict), line.area.name(), place, prose(&line.what));
        let remedy = line.remedy.as_ref().map(|remedy| safe!("→ {}", prose(remedy)));
        [what].into_iter().chain(remedy).collect()
    };
    DocumentSection::named("What could not be read", "gaps", 4, report.gaps.iter().map(entry))
}

/// Lists findings that do not change the verdict.
fn warning_section<M: DocumentMedium>(report: &Report) -> Option<DocumentSection<M>> {
    let entry = |text: &String| vec![sentence(report, &capitalize(text))];
    let title = safe!("Worth a look ({})", report.warnings.len());
    DocumentSection::named(title, "warnings", 7, report.warnings.iter().map(entry))
}

#[cfg(test)]
mod sentence_tests {
    use super::capitalize;

    #[test]
    fn a_name_at_the_start_of_a_sentence_keeps_its_letters() {
        assert_eq!(capitalize("v1.3.0 failed: rolled back"), "v1.3.0 failed: rolled back");
        assert_eq!(capitalize("@ann wrote"), "@ann wrote");
        assert_eq!(capitalize("fewer than 10 releases"), "Fewer than 10 releases");
        assert_eq!(capitalize(" élan. v1"), "Élan. v1");
    }
}
