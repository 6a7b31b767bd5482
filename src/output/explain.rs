//! Explanations for a terminal.

use super::escape::{Safe, Terminal, safe};
use super::labels;
use super::text::join_lines;
use crate::report::{ConsideredDefect, DefectLine, DefectRole, Explanation, ExplanationSubject};
use crate::report::{IssueExplanation, RuleExplanation};

/// Maximum number of defects of one role; the rest is counted.
// Fifty defects fill two screens. JSON has all of them.
const LISTED: usize = 50;

/// Renders an explanation as text.
pub fn explanation_text(explanation: &Explanation) -> String {
    join_lines(match &explanation.about {
        ExplanationSubject::Rule(rule) => rule_explanation_lines(rule),
        ExplanationSubject::Issue(issue) => issue_explanation_lines(issue),
    })
}

/// Renders a rule, its value, and the considered defects by role.
fn rule_explanation_lines(explained: &RuleExplanation) -> Vec<Safe<Terminal>> {
    let rule = &explained.rule;
    let mut lines = vec![
        safe!("{}: {}", escape(&rule.id), rule.verdict.name()),
        safe!("  {}", escape(&rule.reason)),
        safe!("  metric  {}, {}", escape(&rule.metric), rule.level),
        safe!("  value   {}", escape(&rule.shown)),
        safe!("  bound   {}", escape(&rule.bound)),
        safe!("  over    {}", escape(&rule.over)),
    ];
    if !rule.filter.is_empty() {
        lines.push(safe!("  where   {}", escape(&rule.filter)));
    }
    lines.extend(rule.why.iter().map(|why| safe!("  why     {}", escape(why))));
    lines.extend(rule.notes.iter().map(|note| safe!("  note    {}", escape(note))));
    for (role, heading) in [
        (DefectRole::Counts, "Counts"),
        (DefectRole::Undecided, "Undecided"),
        (DefectRole::Waived, "Waived"),
        (DefectRole::Beside, "Speaks for the release"),
        (DefectRole::DoesNotCount, "Does not count"),
    ] {
        let those: Vec<&ConsideredDefect> =
            explained.defects.iter().filter(|one| one.answer == role).collect();
        if those.is_empty() {
            continue;
        }
        lines.push(Safe::default());
        lines.push(safe!("{} ({})", heading, those.len()));
        for one in those.iter().take(LISTED) {
            lines.push(safe!("  #{} {}", one.defect.number, escape(&one.defect.title)));
            lines.push(safe!("      {}", escape(&one.reason)));
            lines.push(safe!("      {}", labels::found_in_text(&one.defect, &escape)));
            lines.extend(origin_and_evidence(&one.defect).map(|origin| safe!("      came in {}", origin)));
        }
        if those.len() > LISTED {
            lines.push(safe!(" {}; --format json has all", labels::and_more(those.len(), LISTED)));
        }
    }
    lines
}

/// Renders an issue, its classification, its status, and its role in every rule.
fn issue_explanation_lines(explained: &IssueExplanation) -> Vec<Safe<Terminal>> {
    let mut lines = vec![safe!("#{} {}", explained.number, escape(&explained.counts_as))];
    if let Some(defect) = &explained.defect {
        lines.push(safe!("  title     {}", escape(&defect.title)));
        lines.push(safe!("  severity  {}", labels::severity_label::<Terminal>(defect)));
        lines.push(safe!("  found in  {}", labels::found_in_text(defect, &escape)));
        lines.extend(origin_and_evidence(defect).map(|origin| safe!("  came in   {}", origin)));
        lines.push(safe!("  state     {}", escape(&labels::defect_state(defect))));
        lines.push(safe!("  reported  {}", defect.created_at.strftime("%Y-%m-%d %H:%M UTC")));
        for cause in &explained.causes {
            let name = match cause.names.as_slice() {
                [] => "recorded".to_owned(),
                names => names.join(", "),
            };
            let by =
                cause.shown_by.as_deref().unwrap_or("a label, and another says that it is still to be found");
            lines.push(safe!("  {}: {}, by {}", cause.attribute, escape(&name), escape(by)));
        }
        lines.push(safe!("  {}", escape(&defect.url)));
    }
    if let Some(explained) = &explained.status {
        // Names of rows have one or two characters.
        let padded = |row: &'static str| if row.len() < 2 { safe!("{} ", row) } else { row.into() };
        lines.push(Safe::default());
        lines.push(safe!("Status in {}", escape(&explained.release)));
        for tried in &explained.tried {
            lines.push(safe!("  row {}  no   {}", padded(tried.row), escape(&tried.why)));
        }
        let status = &explained.status;
        lines.push(safe!("  row {}  yes  {}", padded(status.row), escape(&status.shown)));
        lines.extend(status.notes.iter().map(|note| safe!("  note: {}", escape(note))));
    }
    lines.push(Safe::default());
    for rule in &explained.rules {
        let role = match rule.answer {
            DefectRole::Counts => "counts",
            DefectRole::Undecided => "undecided",
            DefectRole::Waived => "waived",
            DefectRole::Beside => "speaks for the release",
            DefectRole::DoesNotCount => "does not count",
        };
        lines.push(safe!("  {}: {}: {}", escape(&rule.rule), role, escape(&rule.reason)));
    }
    lines
}

/// Renders the origin of a defect with its evidence; `None` if origins were not collected.
fn origin_and_evidence(defect: &DefectLine) -> Option<Safe<Terminal>> {
    let origin = defect.introduced.as_ref()?;
    Some(safe!("{}: {}", labels::origin_text(origin, &escape), escape(&origin.evidence)))
}

/// Escapes text of any length: an explanation is read in full.
fn escape(text: &str) -> Safe<Terminal> {
    Safe::of(text.trim())
}
