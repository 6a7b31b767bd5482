//! Folded sections of the Markdown report: the evidence.

use std::sync::Arc;

use super::super::escape::{Markdown, Safe, safe};
use super::super::labels;
use super::exceptions::unneeded_fold;
use super::fit::MarkdownSection;
use super::fold::Fold;
use super::improvement::component_table_fold;
use super::links::{code_name, issue_link, issue_title, linked_sentence, short_prose};
use super::origin::origin_clause;
use super::sections::{
    TESTS_IN_THE_OPEN, defect_heading, gaps_list, next_steps_list, release_and_confidence, test_item,
    value_cell, verdict_icon, warnings_list,
};
use crate::report::{DefectLine, ExcludedLine, GroupLine, Report, RuleLine};

/// Opens the one fold that holds all lists, and names its contents.
pub fn open_details(report: &Report) -> Safe<Markdown> {
    let mut parts = labels::counted_nouns(&[
        (report.defects.len() as u64, "escaped defect", "escaped defects"),
        (report.excluded.len() as u64, "excluded issue", "excluded issues"),
    ]);
    parts.push("how this was measured".into());
    safe!("<details><summary>Details: {}</summary>\n\n", Safe::join(&parts, ", "))
}

/// Returns all folds that are not empty.
pub fn folds(report: &Report) -> Vec<Fold> {
    let listed = [
        next_steps_list(report).1,
        defects_fold(report),
        excluded_fold(report),
        component_table_fold(report),
        tests_fold(report),
        gaps_list(report).1,
        warnings_list(report).1,
        unneeded_fold(report),
    ];
    let groups = report.rules.iter().map(groups_fold);
    let measured = [rule_notes_fold(report), Some(measurement_fold(report))];
    listed.into_iter().chain(groups).chain(measured).flatten().collect()
}

/// Lists all escaped defects with their attribution.
fn defects_fold(report: &Report) -> Option<Fold> {
    let row = |line: &DefectLine| {
        let areas = labels::components_and_teams(line, &code_name);
        let areas = if areas.is_empty() { areas } else { safe!("<br>{}", areas) };
        safe!(
            "| {}<br>{}, reported {}{} | {} | {} | {}<br>{}: {}{} | {} |\n",
            defect_heading(line),
            labels::severity_label(line),
            line.created_at.strftime("%Y-%m-%d"),
            areas,
            short_prose(&line.because),
            short_prose(&labels::defect_state(line)),
            release_and_confidence(line),
            line.method.name(),
            short_prose(&line.evidence),
            origin_clause(line, "<br>"),
            rules_of_defect(line),
        )
    };
    Fold::of(
        safe!("All escaped defects ({})", report.defects.len()),
        "escaped defects",
        9,
        "| Issue | Counts by | State | Found in | Breaks |\n|:--|:--|:--|:--|:--|\n",
        report.defects.iter().map(row).collect(),
    )
}

/// Names the rules that a defect breaks, and those that a waiver leaves it out of.
fn rules_of_defect(line: &DefectLine) -> Safe<Markdown> {
    let names =
        |rules: &[Arc<str>]| Safe::join(&rules.iter().map(|rule| code_name(rule)).collect::<Vec<_>>(), ", ");
    match (line.breaks.is_empty(), line.waived.is_empty()) {
        (true, true) => "none".into(),
        (false, true) => names(&line.breaks),
        (true, false) => safe!("waived from {}", names(&line.waived)),
        (false, false) => safe!("{}, waived from {}", names(&line.breaks), names(&line.waived)),
    }
}

/// Lists the excluded issues.
fn excluded_fold(report: &Report) -> Option<Fold> {
    let row = |line: &ExcludedLine| {
        safe!(
            "| {} {} | {} | {} |\n",
            issue_link(line.number, &line.url),
            issue_title(&line.title),
            linked_sentence(report, &line.reason),
            short_prose(&line.because)
        )
    };
    Fold::of(
        safe!("Excluded, and why ({})", report.excluded.len()),
        "excluded issues",
        10,
        "| Issue | Reason | Shown by |\n|:--|:--|:--|\n",
        report.excluded.iter().map(row).collect(),
    )
}

/// Lists the tests that are not visible: failed tests beyond the limit, and flaky tests.
fn tests_fold(report: &Report) -> Option<Fold> {
    let tests = report.tests.as_ref()?;
    let mut open = 0;
    let mut items = Vec::new();
    for line in &tests.notable {
        // These are listed above the folds already.
        if line.status.is_failure() && open < TESTS_IN_THE_OPEN {
            open += 1;
        } else {
            items.push(test_item(line));
        }
    }
    let title = safe!("More tests to look at ({})", items.len() as u64 + tests.more);
    if tests.more > 0 {
        // The evidence keeps the names of a limited number of tests, and counts all.
        items.push(safe!("- {} more are not named here\n", tests.more));
    }
    Fold::of(title, "tests", 11, "", items)
}

/// Lists the groups of a rule with `per`.
fn groups_fold(rule: &RuleLine) -> Option<Fold> {
    let row = |group: &GroupLine| {
        safe!(
            "| {} | {} | {} |\n",
            verdict_icon(group.verdict),
            code_name(&group.name),
            value_cell(&group.shown)
        )
    };
    Fold::of(
        safe!("By {} ({})", rule.per.unwrap_or("group"), rule.groups.len()),
        "groups",
        12,
        safe!("Rule {}:\n\n| | Group | Value |\n|:-:|:--|:--|\n", code_name(&rule.id)),
        rule.groups.iter().map(row).collect(),
    )
}

/// Lists the reason and the notes of each rule.
fn rule_notes_fold(report: &Report) -> Option<Fold> {
    let line = |rule: &RuleLine| {
        let parts = [&rule.reason].into_iter().chain(&rule.notes).map(|text| linked_sentence(report, text));
        let parts: Vec<_> = parts.filter(|part| !part.is_empty()).collect();
        let parts = Safe::join(&parts, "; ");
        safe!("- {} ({}, {}): {}\n", code_name(&rule.id), code_name(&rule.metric), rule.level, parts)
    };
    Fold::of("Rule by rule".into(), "notes on rules", 13, "", report.rules.iter().map(line).collect())
}

/// Lists policy, repository, candidate and time of the evaluation.
fn measurement_fold(report: &Report) -> Fold {
    let mut items = vec![safe!("- Policy {}\n", code_name(&report.policy))];
    items.extend(report.repository.iter().map(|name| safe!("- Repository {}\n", code_name(name))));
    if let Some(candidate) = &report.candidate {
        let head = candidate.head.as_ref().map(|head| safe!("commit {}", code_name(head)));
        let head = head.unwrap_or_else(|| "commit not known".into());
        items.push(safe!("- Candidate {}, {}\n", code_name(&candidate.name), head));
        let commits = labels::commits_since_base(report, &code_name);
        items.extend(commits.map(|commits| safe!("- Counted: {}\n", commits)));
    }
    items.push(safe!(
        "- Evaluated at {} by escape-gate {}\n",
        report.evaluated_at.strftime("%Y-%m-%d %H:%M:%S UTC"),
        report.version
    ));
    let section =
        MarkdownSection { name: "lines on the measurement", rank: 7, items, ..MarkdownSection::default() };
    Fold { title: "How this was measured".into(), section }
}
