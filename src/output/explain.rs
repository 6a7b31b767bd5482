//! An explanation for a person at a terminal.

use super::escape::{Safe, Terminal, safe};
use super::labels;
use crate::report::{
    ConsideredDefect, DefectLine, DefectRole, Explanation, ExplanationSubject, IssueExplanation,
    RuleExplanation,
};

/// How many defects that do not count are listed; the rest is counted.
const LISTED: usize = 50;

/// An explanation as text.
pub fn explanation_text(explanation: &Explanation) -> String {
    let lines = match &explanation.about {
        ExplanationSubject::Rule(rule) => rule_explanation_lines(rule),
        ExplanationSubject::Issue(issue) => issue_explanation_lines(issue),
    };
    lines.into_iter().map(|line| format!("{line}\n")).collect()
}

/// A rule, its value, and every defect that was considered.
fn rule_explanation_lines(explained: &RuleExplanation) -> Vec<Safe<Terminal>> {
    let rule = &explained.rule;
    let mut lines = vec![
        safe!("{}: {}", shown(&rule.id), labels::outcome(rule.verdict)),
        safe!("  {}", shown(&rule.reason)),
        safe!("  metric  {}, {}", shown(&rule.metric), rule.level),
        safe!("  value   {}", shown(&rule.shown)),
        safe!("  bound   {}", shown(&rule.bound)),
        safe!("  over    {}", shown(&rule.over)),
    ];
    if !rule.filter.is_empty() {
        lines.push(safe!("  where   {}", shown(&rule.filter)));
    }
    lines.extend(rule.why.iter().map(|why| safe!("  why     {}", shown(why))));
    lines.extend(rule.notes.iter().map(|note| safe!("  note    {}", shown(note))));
    for (answer, heading) in [
        (DefectRole::Counts, "Counts"),
        (DefectRole::Undecided, "Undecided"),
        (DefectRole::Waived, "Waived"),
        (DefectRole::Beside, "Speaks for the release"),
        (DefectRole::DoesNotCount, "Does not count"),
    ] {
        let those: Vec<&ConsideredDefect> =
            explained.defects.iter().filter(|one| one.answer == answer).collect();
        if those.is_empty() {
            continue;
        }
        lines.push(Safe::default());
        lines.push(safe!("{} ({})", heading, those.len()));
        for one in those.iter().take(LISTED) {
            lines.push(safe!("  #{} {}", one.defect.number, shown(&one.defect.title)));
            lines.push(safe!("      {}", shown(&one.reason)));
            lines.push(safe!("      {}", found_in(&one.defect)));
            lines.extend(origin_and_evidence(&one.defect).map(|origin| safe!("      came in {}", origin)));
        }
        if those.len() > LISTED {
            lines.push(safe!("  and {} more; --format json has all", those.len() - LISTED));
        }
    }
    lines
}

/// An issue, what it counts as, and where it stands with every rule.
fn issue_explanation_lines(explained: &IssueExplanation) -> Vec<Safe<Terminal>> {
    let mut lines = vec![safe!("#{} {}", explained.number, shown(&explained.counts_as))];
    if let Some(defect) = &explained.defect {
        lines.push(safe!("  title     {}", shown(&defect.title)));
        lines.push(safe!("  severity  {}", labels::severity_label::<Terminal>(defect)));
        lines.push(safe!("  found in  {}", found_in(defect)));
        lines.extend(origin_and_evidence(defect).map(|origin| safe!("  came in   {}", origin)));
        lines.push(safe!("  state     {}", shown(&labels::defect_state(defect))));
        lines.push(safe!("  reported  {}", defect.created_at.strftime("%Y-%m-%d %H:%M UTC")));
        lines.push(safe!("  {}", shown(&defect.url)));
    }
    if let Some(explained) = &explained.status {
        lines.push(Safe::default());
        lines.push(safe!("Status in {}", shown(&explained.release)));
        for tried in &explained.tried {
            lines.push(safe!("  row {}  no   {}", pad(tried.row), shown(&tried.why)));
        }
        lines.push(safe!("  row {}  yes  {}", pad(explained.status.row), shown(&explained.status.shown)));
        lines.extend(explained.status.notes.iter().map(|note| safe!("  note: {}", shown(note))));
    }
    lines.push(Safe::default());
    for rule in &explained.rules {
        let answer = match rule.answer {
            DefectRole::Counts => "counts",
            DefectRole::Undecided => "undecided",
            DefectRole::Waived => "waived",
            DefectRole::Beside => "speaks for the release",
            DefectRole::DoesNotCount => "does not count",
        };
        lines.push(safe!("  {}: {}: {}", shown(&rule.rule), answer, shown(&rule.reason)));
    }
    lines
}

/// The release that a defect was found in, and how that is known.
fn found_in(defect: &DefectLine) -> Safe<Terminal> {
    match &defect.found_in {
        Some(release) => safe!(
            "{} ({}, by {}: {})",
            shown(release),
            defect.confidence.name(),
            defect.method.name(),
            shown(&defect.evidence)
        ),
        None => safe!("no known release ({})", shown(&defect.evidence)),
    }
}

/// Where a defect came from, and how that is known; none if nobody asked.
fn origin_and_evidence(defect: &DefectLine) -> Option<Safe<Terminal>> {
    let origin = defect.introduced.as_ref()?;
    Some(safe!("{}: {}", labels::origin_text(origin, &shown), shown(&origin.evidence)))
}

/// The number of a row, two characters wide.
fn pad(row: &'static str) -> Safe<Terminal> {
    if row.len() < 2 { safe!("{} ", row) } else { row.into() }
}

/// Text from elsewhere.
fn shown(text: &str) -> Safe<Terminal> {
    Safe::of(text.trim())
}
