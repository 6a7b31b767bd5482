//! What is not folded.

use super::super::escape::{Markdown, Safe, prose, safe, truncate_text};
use super::super::labels;
use super::exceptions::exceptions_section;
use super::fit::MarkdownSection;
use super::improvement;
use super::inherited::inherited_section;
use super::links::{code_name, issue_link, issue_title, linked_sentence, short_prose};
use super::origin::{detection_section, origin_clause};
use crate::report::{
    CaseLine, CaseStatus, DefectLine, DryRun, GapLine, NotEvaluatedLine, Outcome, Report, RuleLine,
    RuleValue, Severity,
};

/// How many entries of a list stand in the open; the others are folded.
pub const IN_THE_OPEN: usize = 10;

/// How many tests stand in the open.
pub const TESTS_IN_THE_OPEN: usize = 5;

/// The picture of a verdict.
pub fn verdict_icon(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Pass => "✅",
        Outcome::Warn | Outcome::Waived => "⚠️",
        Outcome::Unknown => "❓",
        Outcome::Fail => "❌",
    }
}

/// The picture of a severity.
fn severity_icon(severity: Option<Severity>) -> &'static str {
    match severity {
        Some(Severity::Critical) => "🔴",
        Some(Severity::Major) => "🟠",
        Some(Severity::Minor) => "🟡",
        None => "⚪",
    }
}

/// Everything that is not folded, in the order of reading.
pub fn visible_sections(report: &Report) -> Vec<MarkdownSection> {
    let mut sections = vec![
        verdict_section(report),
        rules_section(report),
        reasons_section(report),
        issues_section(report),
        exceptions_section(report),
    ];
    match report.verdict {
        // What is missing is the reason.
        Outcome::Unknown => sections.extend([gaps_section(report), next_steps_section(report)]),
        Outcome::Pass | Outcome::Warn | Outcome::Waived | Outcome::Fail => {
            sections.extend([next_steps_section(report), gaps_section(report)]);
        }
    }
    sections.extend([
        tests_section(report),
        improvement::weakest_gate_section(report),
        detection_section(report),
        warnings_section(report),
        inherited_section(report),
    ]);
    sections
}

/// The heading, the reason, the figures.
fn verdict_section(report: &Report) -> MarkdownSection {
    let what = match report.verdict {
        Outcome::Pass => "pass",
        Outcome::Warn | Outcome::Waived => "pass, with a warning",
        Outcome::Unknown => "unknown, evidence is missing",
        Outcome::Fail => "fail",
    };
    let gate =
        labels::distinctive_gate_id(report).map_or_else(Safe::default, |id| safe!(" {}", code_name(id)));
    let dry = labels::dry_run_suffix(report);
    let mut head = safe!("## {} Escape gate{}: {}{}\n\n", verdict_icon(report.verdict), gate, what, dry);
    let headline = linked_sentence(report, &capitalize(&report.headline));
    if !headline.is_empty() {
        head.push(safe!("**{}**\n\n", headline));
    }
    head.push(safe!("{}\n\n", key_figures(report)));
    head.push(match report.dry_run_by {
        Some(DryRun::Option) => "Dry run: the verdict is the true one and blocks nothing.\n\n",
        Some(DryRun::Policy) => {
            "Observed (`mode: observe` in the policy): the verdict is the true one and blocks nothing.\n\n"
        }
        None => "",
    });
    MarkdownSection::fixed(head)
}

/// The candidate in one line, the counts that are always shown in another.
fn key_figures(report: &Report) -> Safe<Markdown> {
    let mut candidate_line = Safe::default();
    let mut parts = Vec::new();
    if let Some(candidate) = &report.candidate {
        let commits = labels::commits_since_base(report, &code_name)
            .map_or_else(Safe::default, |commits| safe!(", {}", commits));
        candidate_line = safe!("{}{}<br>", code_name(&candidate.name), commits);
    }
    let totals = &report.totals;
    let mut counts = safe!("Escaped defects **{}**", labels::count_or_not_measured(totals.escaped));
    if totals.escaped != Some(0) || totals.critical.is_none() {
        counts.push(safe!(", critical **{}**", labels::count_or_not_measured(totals.critical)));
    }
    if totals.untriaged.is_some_and(|untriaged| untriaged > 0) {
        counts.push(safe!(", untriaged **{}**", labels::count_or_not_measured(totals.untriaged)));
    }
    if !totals.over.is_empty() {
        counts.push(safe!(" ({})", short_prose(&totals.over)));
    }
    parts.push(counts);
    if let Some(unattributed) = totals.unattributed.filter(|count| *count > 0) {
        parts.push(safe!("without a release **{}**", unattributed));
    }
    if let Some(guessed) = &report.guessed {
        parts.push(safe!("releases found in: {}", Safe::of(&labels::guessed_releases_text(guessed))));
    }
    parts.push(match &totals.escape_rate {
        Some(rate) => safe!("escaped defect rate {}, {}", labels::rate_text(rate), short_prose(&rate.over)),
        None => "escaped defect rate not measured".into(),
    });
    safe!("{}{}", candidate_line, keep_percent_together(&Safe::join(&parts, " · ")))
}

/// The table of rules.
fn rules_section(report: &Report) -> MarkdownSection {
    if report.rules.is_empty() && report.not_evaluated.is_empty() {
        return MarkdownSection::fixed("The policy has no rule.\n\n".into());
    }
    let row = |rule: &RuleLine| {
        let level = if rule.level == "mandatory" { Safe::default() } else { safe!(" ({})", rule.level) };
        let filter =
            if rule.filter.is_empty() { Safe::default() } else { safe!("<br>{}", short_prose(&rule.filter)) };
        let interval = match &rule.value {
            Some(RuleValue::Ratio(rate)) => {
                safe!("<br>{}", keep_percent_together(&labels::interval_text(rate)))
            }
            Some(RuleValue::Count(_) | RuleValue::Duration(_)) | None => Safe::default(),
        };
        let bold = if rule.verdict == Outcome::Pass { "" } else { "**" };
        safe!(
            "| {} | {}{}{}{} | {}{}{}{} | {} | {}{} |\n",
            verdict_icon(rule.weight()),
            bold,
            code_name(&rule.id),
            bold,
            level,
            bold,
            value_cell(&rule.shown),
            bold,
            interval,
            value_cell(&rule.bound),
            short_prose(&rule.over),
            filter,
        )
    };
    MarkdownSection {
        name: "rules",
        rank: 1,
        head: "| | Rule | Value | Bound | Over |\n|:-:|:--|:--|:--|:--|\n".into(),
        items: report.rules.iter().map(row).chain(report.not_evaluated.iter().map(not_evaluated)).collect(),
        tail: "\n".into(),
    }
}

/// The row of a rule that is not evaluated on the candidate.
fn not_evaluated(rule: &NotEvaluatedLine) -> Safe<Markdown> {
    safe!("| ➖ | {} | {} | | |\n", code_name(&rule.id), rule.reason)
}

/// A value or a bound.
pub fn value_cell(text: &str) -> Safe<Markdown> {
    let shown = keep_percent_together(&short_prose(text));
    // Marks for bold with nothing between them would show as asterisks.
    if shown.is_empty() { "(empty)".into() } else { shown }
}

/// No line breaks before a percent sign.
pub fn keep_percent_together(text: &Safe<Markdown>) -> Safe<Markdown> {
    text.replaced(" %", "\u{a0}%")
}

/// Why a rule has no answer, and why a broken one exists.
fn reasons_section(report: &Report) -> MarkdownSection {
    let line = |rule: &RuleLine| {
        let mut parts = Vec::new();
        match rule.verdict {
            Outcome::Pass => return None,
            Outcome::Warn | Outcome::Waived | Outcome::Unknown => {
                parts.push(linked_sentence(report, &rule.reason));
            }
            Outcome::Fail => parts.extend(rule.why.as_ref().map(|why| linked_sentence(report, why))),
        }
        parts.retain(|part| !part.is_empty());
        (!parts.is_empty()).then(|| safe!("- {}: {}\n", code_name(&rule.id), Safe::join(&parts, ". ")))
    };
    let items: Vec<_> = report.rules.iter().filter_map(line).take(IN_THE_OPEN).collect();
    list_section("reasons", 6, Safe::default(), items)
}

/// The defects that break a rule.
fn issues_section(report: &Report) -> MarkdownSection {
    let broken: Vec<_> = report.defects.iter().filter(|line| !line.breaks.is_empty()).collect();
    let items: Vec<_> = broken.iter().take(IN_THE_OPEN).map(|line| defect_item(line)).collect();
    let more = broken.len() - items.len();
    let heading = match broken.len() {
        1 => "### The issue that breaks a rule\n\n".into(),
        count if more > 0 => safe!("### {} issues break a rule, the gravest {}\n\n", count, items.len()),
        count => safe!("### The {} issues that break a rule\n\n", count),
    };
    list_section("issues", 2, heading, items)
}

/// A defect's severity as a picture, its number and its title.
pub fn defect_heading(line: &DefectLine) -> Safe<Markdown> {
    safe!(
        "{} {} {}",
        severity_icon(line.severity),
        issue_link(line.number, &line.url),
        issue_title(&line.title)
    )
}

/// One defect in two lines.
fn defect_item(line: &DefectLine) -> Safe<Markdown> {
    let breaks: Vec<_> = line.breaks.iter().map(|rule| code_name(rule)).collect();
    safe!(
        "- {}<br>**{}** · {} · found in {}{} · counts by {} · breaks {}\n",
        defect_heading(line),
        labels::severity_label(line),
        short_prose(&labels::defect_state(line)),
        release_and_confidence(line),
        origin_clause(line, " · "),
        short_prose(&line.because),
        Safe::join(&breaks, ", "),
    )
}

/// The release, and how sure that is where it is not certain.
pub fn release_and_confidence(line: &DefectLine) -> Safe<Markdown> {
    match &line.found_in {
        Some(release) => safe!("{} ({})", code_name(release), line.confidence.name()),
        None => "no known release".into(),
    }
}

/// What would turn the verdict.
fn next_steps_section(report: &Report) -> MarkdownSection {
    let heading = match report.verdict {
        Outcome::Fail => "### What would unblock this release\n\n",
        Outcome::Unknown => "### What would settle it\n\n",
        Outcome::Warn | Outcome::Waived | Outcome::Pass => "### What would clear the warning\n\n",
    };
    let items = report.next.iter().take(IN_THE_OPEN).enumerate();
    list_section("steps", 3, heading.into(), items.map(|(at, text)| step_item(report, at, text)).collect())
}

/// One step.
pub fn step_item(report: &Report, at: usize, step: &str) -> Safe<Markdown> {
    safe!("{}. {}\n", at + 1, linked_sentence(report, &capitalize(step)))
}

/// What should have been read and was not.
fn gaps_section(report: &Report) -> MarkdownSection {
    let items = report.gaps.iter().take(IN_THE_OPEN).map(gap_item).collect();
    list_section("gaps", 4, "### What could not be read\n\n".into(), items)
}

/// One gap.
pub fn gap_item(line: &GapLine) -> Safe<Markdown> {
    let place = line.place.as_ref().map_or_else(Safe::default, |place| safe!(" {}:", code_name(place)));
    let remedy =
        line.remedy.as_ref().map_or_else(Safe::default, |remedy| safe!(" → {}", short_prose(remedy)));
    safe!(
        "- {} {}:{} {}{}\n",
        verdict_icon(line.verdict),
        line.area.name(),
        place,
        short_prose(&line.what),
        remedy
    )
}

/// The test results and the tests that failed.
fn tests_section(report: &Report) -> MarkdownSection {
    let Some(tests) = &report.tests else {
        return MarkdownSection::default();
    };
    let bad = |case: &&CaseLine| match case.status {
        CaseStatus::Failed | CaseStatus::Error => true,
        CaseStatus::Flaky | CaseStatus::Passed | CaseStatus::Skipped => false,
    };
    let items: Vec<_> = tests.notable.iter().filter(bad).take(TESTS_IN_THE_OPEN).map(test_item).collect();
    let head = safe!("**Tests**: {}\n\n", labels::test_counts(tests));
    let tail = if items.is_empty() { "" } else { "\n" };
    MarkdownSection { name: "tests", rank: 5, head, items, tail: tail.into() }
}

/// One test.
pub fn test_item(line: &CaseLine) -> Safe<Markdown> {
    let message = line
        .message
        .as_ref()
        .filter(|text| !text.trim().is_empty())
        .map_or_else(Safe::default, |text| safe!("<br>{}", issue_title(text)));
    safe!("- {} {}{}\n", labels::case_status_label(line.status), code_name(&line.name), message)
}

/// What a person should look at.
fn warnings_section(report: &Report) -> MarkdownSection {
    let items = report
        .warnings
        .iter()
        .take(IN_THE_OPEN)
        .map(|text| safe!("- {}\n", long_prose(&capitalize(text))))
        .collect();
    list_section("warnings", 7, "### Worth a look\n\n".into(), items)
}

/// A whole sentence from elsewhere.
pub fn long_prose(text: &str) -> Safe<Markdown> {
    prose(&truncate_text(text.trim(), 400))
}

/// A list under a heading; nothing if it is empty.
fn list_section(
    name: &'static str,
    rank: u8,
    head: Safe<Markdown>,
    items: Vec<Safe<Markdown>>,
) -> MarkdownSection {
    if items.is_empty() {
        return MarkdownSection::default();
    }
    MarkdownSection { name, rank, head, items, tail: "\n".into() }
}

/// A sentence begins with a capital letter; a name in backticks stays as it is.
fn capitalize(text: &str) -> String {
    let mut chars = text.trim().chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
