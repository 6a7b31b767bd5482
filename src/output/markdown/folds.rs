//! What is folded: the evidence.

use std::sync::Arc;

use super::super::escape::{Markdown, Safe, safe};
use super::super::labels;
use super::fit::MarkdownSection;
use super::improvement;
use super::links::{code_name, issue_link, issue_title, linked_sentence, short_prose};
use super::origin::origin_clause;
use super::sections::{
    IN_THE_OPEN, TESTS_IN_THE_OPEN, defect_heading, gap_item, long_prose, release_and_confidence, step_item,
    test_item, value_cell, verdict_icon,
};
use crate::report::{CaseStatus, DefectLine, ExcludedLine, GroupLine, Report, RuleLine};

/// A list with a title, to be folded alone or together with others.
pub struct Fold {
    title: Safe<Markdown>,
    section: MarkdownSection,
}

impl Fold {
    /// A list under a title.
    pub fn of(
        title: Safe<Markdown>,
        name: &'static str,
        rank: u8,
        head: impl Into<Safe<Markdown>>,
        items: Vec<Safe<Markdown>>,
    ) -> Self {
        Self {
            title,
            section: MarkdownSection { name, rank, head: head.into(), items, tail: Safe::default() },
        }
    }

    /// Folded by itself.
    pub fn folded(self) -> MarkdownSection {
        let mut section = self.section;
        section.head = safe!("<details><summary>{}</summary>\n\n{}", self.title, section.head);
        section.tail.push("\n</details>\n\n");
        section
    }

    /// Puts a text after the list.
    pub fn after(&mut self, text: Safe<Markdown>) {
        self.section.tail.push(text);
    }

    /// Under a title, inside a fold that holds several.
    pub fn titled(self) -> MarkdownSection {
        let mut section = self.section;
        section.head = safe!("**{}**\n\n{}", self.title, section.head);
        section.tail.push("\n");
        section
    }
}

/// Opens the one fold that holds all the others, and says what is in it.
pub fn open_details(report: &Report) -> Safe<Markdown> {
    let mut parts = Vec::new();
    for (count, one, many) in [
        (report.defects.len(), "escaped defect", "escaped defects"),
        (report.excluded.len(), "excluded ticket", "excluded tickets"),
    ] {
        if count > 0 {
            parts.push(labels::counted_noun(count as u64, one, many));
        }
    }
    parts.push("how this was measured".into());
    safe!("<details><summary>Details: {}</summary>\n\n", Safe::join(&parts, ", "))
}

/// All folds that have something in them.
pub fn folds(report: &Report) -> Vec<Fold> {
    let listed = [
        steps_fold(report),
        defects_fold(report),
        excluded_fold(report),
        improvement::component_table_fold(report),
        tests_fold(report),
        gaps_fold(report),
        warnings_fold(report),
    ];
    let groups = report.rules.iter().map(groups_fold);
    let more = [super::exceptions::unneeded_fold(report)];
    listed
        .into_iter()
        .chain(more)
        .chain(groups)
        .chain([rule_notes_fold(report), Some(measurement_fold(report))])
        .flatten()
        .collect()
}

/// Every escaped defect, with its attribution.
fn defects_fold(report: &Report) -> Option<Fold> {
    let row = |line: &DefectLine| {
        safe!(
            "| {}<br>{}, reported {}{} | {} | {} | {}<br>{}: {}{} | {} |\n",
            defect_heading(line),
            labels::severity_label(line),
            line.created_at.strftime("%Y-%m-%d"),
            areas(line),
            short_prose(&line.because),
            short_prose(&labels::defect_state(line)),
            release_and_confidence(line),
            line.method.name(),
            short_prose(&line.evidence),
            origin_clause(line, "<br>"),
            rules_of_defect(line),
        )
    };
    fold(
        safe!("All escaped defects ({})", report.defects.len()),
        "escaped defects",
        9,
        "| Issue | Counts by | State | Found in | Breaks |\n|:--|:--|:--|:--|:--|\n",
        report.defects.iter().map(row).collect(),
    )
}

/// The rules that a defect breaks, and those that a waiver leaves it out of.
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

/// Its components and teams, on a line of their own.
fn areas(line: &DefectLine) -> Safe<Markdown> {
    let areas = labels::component_and_team(line, &code_name);
    if areas.is_empty() { areas } else { safe!("<br>{}", areas) }
}

/// Every ticket that looks like a defect and does not count.
fn excluded_fold(report: &Report) -> Option<Fold> {
    let row = |line: &ExcludedLine| {
        let issue = issue_link(line.number, &line.url);
        safe!(
            "| {} {} | {} | {} |\n",
            issue,
            issue_title(&line.title),
            linked_sentence(report, &line.reason),
            short_prose(&line.because)
        )
    };
    fold(
        safe!("Excluded, and why ({})", report.excluded.len()),
        "excluded tickets",
        10,
        "| Issue | Reason | Shown by |\n|:--|:--|:--|\n",
        report.excluded.iter().map(row).collect(),
    )
}

/// The tests that do not stand in the open.
fn tests_fold(report: &Report) -> Option<Fold> {
    let tests = report.tests.as_ref()?;
    let mut open = 0;
    let mut items = Vec::new();
    for line in &tests.notable {
        let bad = match line.status {
            CaseStatus::Failed | CaseStatus::Error => true,
            CaseStatus::Flaky | CaseStatus::Passed | CaseStatus::Skipped => false,
        };
        if bad && open < TESTS_IN_THE_OPEN {
            open += 1;
        } else {
            items.push(test_item(line));
        }
    }
    let named = items.len();
    if tests.more > 0 {
        items.push(safe!("- {} more are not named here\n", tests.more));
    }
    fold(safe!("More tests to look at ({})", named as u64 + tests.more), "tests", 11, "", items)
}

/// The steps that do not stand in the open.
fn steps_fold(report: &Report) -> Option<Fold> {
    let items: Vec<_> = report
        .next
        .iter()
        .enumerate()
        .skip(IN_THE_OPEN)
        .map(|(at, text)| step_item(report, at, text))
        .collect();
    fold(safe!("More steps ({})", items.len()), "steps", 8, "", items)
}

/// The gaps that do not stand in the open.
fn gaps_fold(report: &Report) -> Option<Fold> {
    let items: Vec<_> = report.gaps.iter().skip(IN_THE_OPEN).map(gap_item).collect();
    fold(safe!("More that could not be read ({})", items.len()), "gaps", 8, "", items)
}

/// The warnings that do not stand in the open.
fn warnings_fold(report: &Report) -> Option<Fold> {
    let items: Vec<_> =
        report.warnings.iter().skip(IN_THE_OPEN).map(|text| safe!("- {}\n", long_prose(text))).collect();
    fold(safe!("More worth a look ({})", items.len()), "warnings", 12, "", items)
}

/// Every group of a rule that judges each by itself.
fn groups_fold(rule: &RuleLine) -> Option<Fold> {
    let row = |group: &GroupLine| {
        safe!(
            "| {} | {} | {} |\n",
            verdict_icon(group.verdict),
            code_name(&group.name),
            value_cell(&group.shown)
        )
    };
    fold(
        safe!("By {} ({})", rule.per.unwrap_or("group"), rule.groups.len()),
        "groups",
        12,
        safe!("Rule {}:\n\n| | Group | Value |\n|:-:|:--|:--|\n", code_name(&rule.id)),
        rule.groups.iter().map(row).collect(),
    )
}

/// Each rule's reason and what it leaves out.
fn rule_notes_fold(report: &Report) -> Option<Fold> {
    let line = |rule: &RuleLine| {
        let mut parts = vec![linked_sentence(report, &rule.reason)];
        parts.extend(rule.notes.iter().map(|note| linked_sentence(report, note)));
        parts.retain(|part| !part.is_empty());
        let parts = Safe::join(&parts, "; ");
        safe!("- {} ({}, {}): {}\n", code_name(&rule.id), code_name(&rule.metric), rule.level, parts)
    };
    fold("Rule by rule".into(), "notes on rules", 13, "", report.rules.iter().map(line).collect())
}

/// What was read, by what, when.
fn measurement_fold(report: &Report) -> Fold {
    let mut items = vec![safe!("- Policy {}", code_name(&report.policy))];
    if let Some(repository) = &report.repository {
        items.push(safe!("- Repository {}", code_name(repository)));
    }
    if let Some(candidate) = &report.candidate {
        let head = candidate
            .head
            .as_ref()
            .map_or_else(|| "commit not known".into(), |head| safe!("commit {}", code_name(head)));
        items.push(safe!("- Candidate {}, {}", code_name(&candidate.name), head));
        if let Some(commits) = labels::commits_since_base(report, &code_name) {
            items.push(safe!("- Counted: {}", commits));
        }
    }
    items.push(safe!(
        "- Evaluated at {} by escape-gate {}",
        report.evaluated_at.strftime("%Y-%m-%d %H:%M:%S UTC"),
        report.version
    ));
    items.iter_mut().for_each(|item| item.push("\n"));
    let section =
        MarkdownSection { name: "lines on the measurement", rank: 7, items, ..MarkdownSection::default() };
    Fold { title: "How this was measured".into(), section }
}

/// A fold; none if it would be empty.
pub fn fold(
    title: Safe<Markdown>,
    name: &'static str,
    rank: u8,
    head: impl Into<Safe<Markdown>>,
    items: Vec<Safe<Markdown>>,
) -> Option<Fold> {
    (!items.is_empty()).then(|| Fold::of(title, name, rank, head, items))
}
