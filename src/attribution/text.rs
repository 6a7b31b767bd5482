//! Reads statements about releases in the description of an issue. They are the reporter's, who writes the description.

use jiff::Timestamp;

use super::answer::markup::without_marker;
use super::answer::{AnswerContext, VersionAnswer, read_answer};
use super::heading::{Relevance, names_of, relevance, skips_label};
use super::issue_statements::SourceAnswer;
use super::resolve::{LineMeaning, Reading, ResolvedVersions, resolve_versions};
use super::section::{BodyLine, BodySection, split_sections};
use super::statement::{Claim, MethodStatement, Speaker, StatementSource, is_found_in};
use crate::model::{AttributionMethod, Issue};
use crate::policy::Policy;

/// Largest number of characters of an answer that a statement quotes.
// Reports show one line for each defect, and a comment has a size limit.
const LONGEST_QUOTE: usize = 120;

/// Longest label of a line such as `Version: 1.4.0`, in bytes. A longer one is a sentence with a colon.
const LONGEST_LABEL: usize = 60;

/// An answer of the description that may state the version.
#[derive(Debug, Clone)]
pub(super) struct TextAnswer {
    relevance: Relevance,
    source: StatementSource,
    answer: VersionAnswer,
    /// The part of the answer that counts, if its heading does not ask for the version of this product alone.
    without_foreign: Option<VersionAnswer>,
}

impl TextAnswer {
    fn new(relevance: Relevance, place: String, answer: VersionAnswer, created_at: Timestamp) -> Self {
        let source = text_source(AttributionMethod::Form, place, &answer, created_at);
        let is_version = relevance == Relevance::Version;
        Self { relevance, source, without_foreign: (!is_version).then(|| answer.without_foreign()), answer }
    }

    /// Returns the releases that the answer names.
    fn resolve(&self, reading: &Reading<'_>) -> ResolvedVersions {
        let Some(own) = &self.without_foreign else {
            return resolve_versions(&self.answer, reading, LineMeaning::Releases);
        };
        // Under "Environment", `11` is Windows and `18` is Node. Only a full version cannot be mistaken
        // for those.
        resolve_versions(&own.exact(reading.timeline.deepest()), reading, LineMeaning::Releases)
    }
}

/// The reporter as the source of a statement in the description.
fn text_source(
    method: AttributionMethod,
    place: String,
    answer: &VersionAnswer,
    created_at: Timestamp,
) -> StatementSource {
    StatementSource::new((Claim::FoundIn, Speaker::Reporter, Some(created_at)), method, place, answer)
}

/// Reads the statements of the description: lines such as `Found in: 1.3.0`, and answers under headings that ask for the
/// version.
pub(super) fn text_statements(
    issue: &Issue,
    policy: &Policy,
    own: &[String],
) -> (Vec<SourceAnswer>, Vec<TextAnswer>) {
    let (mut stated, mut answers) = (Vec::new(), Vec::new());
    let created_at = issue.created_at;
    for section in split_sections(&issue.body) {
        let relevance = section.heading.and_then(|heading| relevance(heading, &policy.form_headings, own));
        let is_skipped =
            relevance.is_none() && section.heading.is_some_and(|heading| is_skipped(heading, policy, own));
        for line in section.lines.iter().filter(|line| !line.is_quoted) {
            let Some((label, value)) = split_label(&line.text) else { continue };
            // `Found in: 1.3.0` is precise wherever it stands, so the heading above it does not
            // matter.
            if is_found_in(label) {
                let answer = read_value(label, value, policy, own);
                let place = format!("`{}`", quote_line(&line.text));
                let source = text_source(AttributionMethod::Field, place, &answer, created_at);
                stated.push(SourceAnswer { source, answer, attributes: false });
            } else if relevance.is_none_or(|relevance| relevance == Relevance::Surroundings) && !is_skipped {
                answers.extend(version_line(label, value, &line.text, policy, own, created_at));
            }
        }
        answers.extend(
            relevance.and_then(|relevance| section_answer(&section, relevance, policy, own, created_at)),
        );
    }
    (stated, answers)
}

/// Returns the statements of the answers that are the best about the version.
pub(super) fn resolve_answers(answers: &[TextAnswer], reading: &Reading<'_>) -> Vec<MethodStatement> {
    let resolved: Vec<(&TextAnswer, ResolvedVersions)> =
        answers.iter().map(|read| (read, read.resolve(reading))).collect();
    // A heading that asks for the version wins over "Environment", where the versions of other products are listed too.
    let naming = resolved.iter().filter(|(_, found)| found.is_something());
    let best = naming.map(|(read, _)| read.relevance).min();
    let is_best =
        |read: &TextAnswer| best.map_or(read.relevance == Relevance::Version, |best| read.relevance == best);
    let mut stated = Vec::new();
    for (read, found) in resolved.into_iter().filter(|(read, _)| is_best(read)) {
        // The other answers of the form may name no release.
        if best.is_none() || found.is_something() {
            stated.extend(read.source.stated(&read.answer, found));
        }
    }
    stated
}

/// Returns `true` if a heading asks for a version, and not for this product's.
fn is_skipped(heading: &str, policy: &Policy, own: &[String]) -> bool {
    skips_label(heading, &policy.form_headings, own)
}

/// Splits a line into its label and its value: `- **Version:** 1.4.0`.
fn split_label(line: &str) -> Option<(&str, &str)> {
    let line = line.trim_start_matches(['-', '*', '+', ' ', '\t']);
    let (name, value) = line.split_once(':')?;
    let name = name.trim_matches(['*', '`', '_', ' ']);
    let value = value.trim().trim_start_matches("**").trim_start_matches("__").trim();
    let is_struck = name.starts_with("~~") || name.contains("<del>");
    // The colon of `https://…` ends no label.
    let is_name = name.len() <= LONGEST_LABEL && !name.is_empty() && !name.contains("//") && !is_struck;
    (is_name && !value.is_empty() && !value.starts_with("//")).then_some((name, value))
}

/// Reads a line of the text that states the version: `Version: 1.4.0`, `- VSCode Version: 1.87.2`.
fn version_line(
    label: &str,
    value: &str,
    line: &str,
    policy: &Policy,
    own: &[String],
    created_at: Timestamp,
) -> Option<TextAnswer> {
    let relevance = relevance(label, &policy.form_headings, own)?;
    if relevance == Relevance::Surroundings {
        return None;
    }
    let answer = read_value(label, value, policy, own);
    Some(TextAnswer::new(relevance, format!("`{}`", quote_line(line)), answer, created_at))
}

fn read_value(label: &str, value: &str, policy: &Policy, own: &[String]) -> VersionAnswer {
    let mut own = own.to_vec();
    // `Shop version: Shop 1.4.0` names the product in its label, so the name in the answer is no
    // other product.
    own.extend(names_of(label));
    let skips = |label: &str| skips_label(label, &policy.form_headings, &own);
    read_answer(std::iter::once(value), AnswerContext { own: &own, skips: &skips })
}

/// Reads the answer under a heading.
fn section_answer(
    section: &BodySection<'_>,
    relevance: Relevance,
    policy: &Policy,
    own: &[String],
    created_at: Timestamp,
) -> Option<TextAnswer> {
    let heading = section.heading?;
    let mut own = own.to_vec();
    own.extend(names_of(heading));
    let skips = |label: &str| skips_label(label, &policy.form_headings, &own);
    let is_other_statement = |line: &&BodyLine<'_>| {
        // Such a line has been read as a statement already. Reading it twice would quote it twice.
        !line.is_quoted && split_label(&line.text).is_some_and(|(label, _)| is_found_in(label))
    };
    let lines =
        || section.lines.iter().filter(|line| !is_other_statement(line)).map(|line| line.text.as_ref());
    let answer = read_answer(lines(), AnswerContext { own: &own, skips: &skips });
    if !answer.has_text {
        return None;
    }
    let first =
        lines().map(str::trim).find(|line| line.chars().any(char::is_alphanumeric) && !line.starts_with('<'));
    let place = format!("`### {heading}`: `{}`", quote_line(first.or_else(|| lines().next())?));
    Some(TextAnswer::new(relevance, place, answer, created_at))
}

/// Shortens a line for a quotation.
fn quote_line(line: &str) -> String {
    let line = without_marker(line).trim_matches('`');
    match line.char_indices().nth(LONGEST_QUOTE) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line.to_owned(),
    }
}
