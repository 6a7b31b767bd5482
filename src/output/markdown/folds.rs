//! What is folded: the evidence.

use std::sync::Arc;

use super::super::escape::{Markdown, Safe, safe};
use super::super::words;
use super::fit::Section;
use super::learning;
use super::links::{issue, name, quoted, sentence, title};
use super::origin::origin;
use super::sections::{
    IN_THE_OPEN, TESTS_IN_THE_OPEN, case, found_in, gap, heading, icon, joined, quoted_long, step,
};
use crate::report::{CaseStatus, DefectLine, ExcludedLine, GroupLine, Report, RuleLine};

/// A list with a title, to be folded alone or together with others.
pub struct Fold {
    title: Safe<Markdown>,
    section: Section,
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
        Self { title, section: Section { name, rank, head: head.into(), items, tail: Safe::default() } }
    }

    /// Folded by itself.
    pub fn folded(self) -> Section {
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
    pub fn titled(self) -> Section {
        let mut section = self.section;
        section.head = safe!("**{}**\n\n{}", self.title, section.head);
        section.tail.push("\n");
        section
    }
}

/// Opens the one fold that holds all the others, and says what is in it.
pub fn opening(report: &Report) -> Safe<Markdown> {
    let mut parts = Vec::new();
    for (count, one, many) in [
        (report.defects.len(), "escaped defect", "escaped defects"),
        (report.excluded.len(), "excluded ticket", "excluded tickets"),
    ] {
        if count > 0 {
            parts.push(words::plural(count as u64, one, many));
        }
    }
    parts.push("how this was measured".into());
    safe!("<details><summary>Details: {}</summary>\n\n", Safe::join(&parts, ", "))
}

/// All folds that have something in them.
pub fn folds(report: &Report) -> Vec<Fold> {
    let listed = [
        steps(report),
        defects(report),
        excluded(report),
        learning::cross(report),
        tests(report),
        gaps(report),
        warnings(report),
    ];
    let groups = report.rules.iter().map(groups);
    let more = [super::exceptions::unneeded(report)];
    listed
        .into_iter()
        .chain(more)
        .chain(groups)
        .chain([notes(report), Some(measured(report))])
        .flatten()
        .collect()
}

/// Every escaped defect, with its attribution.
fn defects(report: &Report) -> Option<Fold> {
    let row = |line: &DefectLine| {
        safe!(
            "| {}<br>{}, reported {}{} | {} | {} | {}<br>{}: {}{} | {} |\n",
            heading(line),
            words::severity(line),
            line.created_at.strftime("%Y-%m-%d"),
            areas(line),
            quoted(&line.because),
            quoted(&words::state(line)),
            found_in(line),
            line.method.name(),
            quoted(&line.evidence),
            origin(line, "<br>"),
            breaks(line),
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
fn breaks(line: &DefectLine) -> Safe<Markdown> {
    let names =
        |rules: &[Arc<str>]| Safe::join(&rules.iter().map(|rule| name(rule)).collect::<Vec<_>>(), ", ");
    match (line.breaks.is_empty(), line.waived.is_empty()) {
        (true, true) => "none".into(),
        (false, true) => names(&line.breaks),
        (true, false) => safe!("waived from {}", names(&line.waived)),
        (false, false) => safe!("{}, waived from {}", names(&line.breaks), names(&line.waived)),
    }
}

/// Its components and teams, on a line of their own.
fn areas(line: &DefectLine) -> Safe<Markdown> {
    let areas = words::areas(line, &name);
    if areas.is_empty() { areas } else { safe!("<br>{}", areas) }
}

/// Every ticket that looks like a defect and does not count.
fn excluded(report: &Report) -> Option<Fold> {
    let row = |line: &ExcludedLine| {
        let issue = issue(line.number, &line.url);
        safe!(
            "| {} {} | {} | {} |\n",
            issue,
            title(&line.title),
            sentence(report, &line.reason),
            quoted(&line.because)
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
fn tests(report: &Report) -> Option<Fold> {
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
            items.push(case(line));
        }
    }
    let named = items.len();
    if tests.more > 0 {
        items.push(safe!("- {} more are not named here\n", tests.more));
    }
    fold(safe!("More tests to look at ({})", named as u64 + tests.more), "tests", 11, "", items)
}

/// The steps that do not stand in the open.
fn steps(report: &Report) -> Option<Fold> {
    let items: Vec<_> =
        report.next.iter().enumerate().skip(IN_THE_OPEN).map(|(at, text)| step(report, at, text)).collect();
    fold(safe!("More steps ({})", items.len()), "steps", 8, "", items)
}

/// The gaps that do not stand in the open.
fn gaps(report: &Report) -> Option<Fold> {
    let items: Vec<_> = report.gaps.iter().skip(IN_THE_OPEN).map(gap).collect();
    fold(safe!("More that could not be read ({})", items.len()), "gaps", 8, "", items)
}

/// The warnings that do not stand in the open.
fn warnings(report: &Report) -> Option<Fold> {
    let items: Vec<_> =
        report.warnings.iter().skip(IN_THE_OPEN).map(|text| safe!("- {}\n", quoted_long(text))).collect();
    fold(safe!("More worth a look ({})", items.len()), "warnings", 12, "", items)
}

/// Every group of a rule that judges each by itself.
fn groups(rule: &RuleLine) -> Option<Fold> {
    let row = |group: &GroupLine| {
        safe!("| {} | {} | {} |\n", icon(group.verdict), name(&group.name), joined(&group.shown))
    };
    fold(
        safe!("By {} ({})", rule.per.unwrap_or("group"), rule.groups.len()),
        "groups",
        12,
        safe!("Rule {}:\n\n| | Group | Value |\n|:-:|:--|:--|\n", name(&rule.id)),
        rule.groups.iter().map(row).collect(),
    )
}

/// Each rule's reason and what it leaves out.
fn notes(report: &Report) -> Option<Fold> {
    let line = |rule: &RuleLine| {
        let mut parts = vec![sentence(report, &rule.reason)];
        parts.extend(rule.notes.iter().map(|note| sentence(report, note)));
        parts.retain(|part| !part.is_empty());
        let parts = Safe::join(&parts, "; ");
        safe!("- {} ({}, {}): {}\n", name(&rule.id), name(&rule.metric), rule.level, parts)
    };
    fold("Rule by rule".into(), "notes on rules", 13, "", report.rules.iter().map(line).collect())
}

/// What was read, by what, when.
fn measured(report: &Report) -> Fold {
    let mut items = vec![safe!("- Policy {}", name(&report.policy))];
    if let Some(repository) = &report.repository {
        items.push(safe!("- Repository {}", name(repository)));
    }
    if let Some(candidate) = &report.candidate {
        let head = candidate
            .head
            .as_ref()
            .map_or_else(|| "commit not known".into(), |head| safe!("commit {}", name(head)));
        items.push(safe!("- Candidate {}, {}", name(&candidate.name), head));
        if let Some(commits) = words::commits(report, &name) {
            items.push(safe!("- Counted: {}", commits));
        }
    }
    items.push(safe!(
        "- Evaluated at {} by escape-gate {}",
        report.evaluated_at.strftime("%Y-%m-%d %H:%M:%S UTC"),
        report.version
    ));
    items.iter_mut().for_each(|item| item.push("\n"));
    let section = Section { name: "lines on the measurement", rank: 7, items, ..Section::default() };
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
