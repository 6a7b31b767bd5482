//! Reads the causes that people record on an issue: the root cause, and the detection gap.

use crate::model::{Issue, RecordedCause, body};
use crate::policy::{AttributeNames, Defects};

use super::first_match;
use super::names::{field_value, stated_names};

/// Labels of lines that link a document, in lower case.
const DOCUMENT_LINES: [&str; 2] = ["root cause", "rca"];

/// Headings of a section that records why no quality gate caught a defect, in lower case.
const DETECTION_GAP_HEADINGS: [&str; 3] =
    ["detection gap", "why did no quality gate catch it?", "why was it not caught?"];

/// Answers that name no cause, in lower case.
const NO_ANSWERS: [&str; 9] =
    ["none", "n/a", "na", "unknown", "not known", "not known yet", "not yet known", "to do", "tbd"];

/// Maximum number of words in a name. A longer answer is prose: it records a cause without naming it.
const NAME_WORDS: usize = 5;

/// Reads the root cause: a label, a field, an answered section `### Root cause`, or a line `Root cause: <url>` or `RCA: <url>`. A
/// label that says that it is still to be found outweighs them all.
pub fn root_cause(issue: &Issue, rules: &Defects) -> RecordedCause {
    let mut cause = recorded_cause(issue, &rules.root_cause, &["root cause"]);
    if first_match(&issue.labels, &rules.root_cause_needed).is_some() {
        // The label says that the analysis is still missing, whatever an issue form has filled in.
        let names = if cause.in_text { Vec::new() } else { cause.names };
        return RecordedCause { names, ..RecordedCause::default() };
    }
    if cause.shown_by.is_none() {
        let document = body::visible_lines(&issue.body).find_map(document_link);
        cause.shown_by = document.map(|url| format!("document {url}"));
    }
    cause
}

/// Reads the detection gap: a label, a field, or an answered section `### Detection gap`.
pub fn detection_gap(issue: &Issue, rules: &Defects) -> RecordedCause {
    recorded_cause(issue, &rules.detection_gap, &DETECTION_GAP_HEADINGS)
}

/// Reads a cause. Labels and fields take triage rights, so the description is read only without them.
fn recorded_cause(issue: &Issue, by: &AttributeNames, headings: &[&str]) -> RecordedCause {
    let names = stated_names(issue, by);
    if !names.is_empty() {
        let label = by.labels.as_ref().and_then(|p| first_match(&issue.labels, std::slice::from_ref(p)));
        let field = || Some(format!("field `{}: {}`", by.field.as_deref()?, field_value(issue, by)?));
        let shown_by = label.map(|label| format!("label `{label}`")).or_else(field);
        return RecordedCause { names, shown_by, in_text: false };
    }
    let sections = body::sections(&issue.body, headings);
    let Some((heading, lines)) = sections.first().filter(|(_, lines)| !lines.iter().all(is_no_answer)) else {
        return RecordedCause::default();
    };
    let mut names: Vec<String> =
        lines.iter().flat_map(|line| line.split(',')).filter_map(name_in_answer).collect();
    names.sort_unstable();
    names.dedup();
    RecordedCause { names, shown_by: Some(format!("section `### {heading}`")), in_text: true }
}

/// Returns the name in a part of an answer; `None` for prose and for answers that name nothing.
fn name_in_answer(part: &str) -> Option<String> {
    let name = part.trim().trim_start_matches(['-', '*', '+']).trim().trim_matches(['`', '*', '_']);
    let is_prose = name.contains(['.', ':', '!', '?', ';']) || name.split_whitespace().count() > NAME_WORDS;
    (!is_prose && !name.is_empty() && !is_no_answer(&name)).then(|| name.to_owned())
}

/// Returns `true` for an answer that names no cause.
fn is_no_answer(answer: &&str) -> bool {
    NO_ANSWERS.contains(&answer.trim_end_matches('.').to_lowercase().as_str())
}

/// Returns the address in a line that links a document.
fn document_link(line: &str) -> Option<&str> {
    let line = line.trim_start_matches(['-', '*', '+', '>', '_', ' ', '\t']);
    let (name, value) = line.split_once(':')?;
    let name = name.trim_matches(['*', '_', ' ']).to_lowercase();
    if !DOCUMENT_LINES.contains(&name.as_str()) {
        return None;
    }
    let at = ["https://", "http://"].into_iter().find_map(|scheme| Some((value.find(scheme)?, scheme)))?;
    let url = value.get(at.0..)?.split(|c: char| c.is_whitespace() || matches!(c, '>' | ')' | ']')).next()?;
    let host = url.strip_prefix(at.1)?;
    // `https://` alone is the placeholder of many issue forms.
    host.starts_with(|c: char| c.is_alphanumeric()).then_some(url)
}

#[cfg(test)]
mod tests {
    use super::{document_link, name_in_answer};

    #[test]
    fn a_document_is_an_address_behind_its_name() {
        for line in [
            "RCA: https://wiki.example.com/rca/12",
            "- **Root cause:** <https://wiki.example.com/rca/12>",
            "root cause: see [the page](https://wiki.example.com/rca/12)",
        ] {
            assert_eq!(document_link(line), Some("https://wiki.example.com/rca/12"), "{line}");
        }
        for line in [
            "RCA: to do",
            "RCA: https://",
            "RCA https://wiki.example.com",
            "The RCA: https://wiki.example.com",
            "Root cause: javascript://wiki.example.com",
            "https://wiki.example.com/rca: https://wiki.example.com",
        ] {
            assert_eq!(document_link(line), None, "{line}");
        }
    }

    #[test]
    fn short_answers_are_names() {
        for (part, name) in [
            (" - Unit test", Some("Unit test")),
            ("`end-to-end`", Some("end-to-end")),
            ("missing or insufficient review", Some("missing or insufficient review")),
            ("Not known yet", None),
            ("The reviewer had never seen the ledger", None),
            ("It broke.", None),
            ("https://wiki.example.com/rca", None),
            ("", None),
        ] {
            assert_eq!(name_in_answer(part).as_deref(), name, "{part}");
        }
    }
}
