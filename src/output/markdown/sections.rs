//! Sections of the Markdown report that are not folded.

use super::super::escape::{Markdown, Safe, safe};
use super::super::labels;
use super::exceptions::exceptions_section;
use super::fit::MarkdownSection;
use super::fold::{Fold, IN_THE_OPEN};
use super::improvement::weakest_gate_section;
use super::inherited::inherited_section;
use super::links::{
    code_name, issue_link, issue_title, keep_percent_together, linked_sentence, long_prose, short_prose,
};
use super::origin::{detection_section, origin_clause};
use crate::report::{
    DefectLine, DryRun, GapLine, NotEvaluatedLine, NotableCase, Report, RuleLine, RuleValue, Severity,
    Verdict,
};

/// Maximum number of visible tests; the others are folded.
pub const TESTS_IN_THE_OPEN: usize = 5;

/// Returns the icon of a verdict.
pub fn verdict_icon(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "✅",
        Verdict::Warn | Verdict::Waived => "⚠️",
        Verdict::Unknown => "❓",
        Verdict::Fail => "❌",
    }
}

/// Returns all visible sections, in the order of reading.
pub fn visible_sections(report: &Report) -> Vec<MarkdownSection> {
    let mut sections = vec![
        verdict_section(report),
        rules_section(report),
        reasons_section(report),
        issues_section(report),
        exceptions_section(report),
    ];
    let (steps, gaps) = (next_steps_list(report).0, gaps_list(report).0);
    // The gaps are the reason for an unknown verdict, so they come before the steps.
    sections.extend(if report.verdict == Verdict::Unknown { [gaps, steps] } else { [steps, gaps] });
    sections.extend([
        tests_section(report),
        weakest_gate_section(report),
        detection_section(report),
        warnings_list(report).0,
        inherited_section(report),
    ]);
    sections
}

/// Renders heading, reason and key figures.
fn verdict_section(report: &Report) -> MarkdownSection {
    let what = match report.verdict {
        Verdict::Pass => "pass",
        Verdict::Warn | Verdict::Waived => "pass, with a warning",
        Verdict::Unknown => "unknown, evidence is missing",
        Verdict::Fail => "fail",
    };
    let gate = labels::distinctive_gate_id(report).map(|id| safe!(" {}", code_name(id))).unwrap_or_default();
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

/// Renders the candidate on one line and the totals on another.
fn key_figures(report: &Report) -> Safe<Markdown> {
    let product = report.product.as_ref().map(|product| safe!("Product {}<br>", code_name(product)));
    let candidate = report.candidate.as_ref().map(|candidate| {
        let commits = labels::commits_since_base(report, &code_name).map(|commits| safe!(", {}", commits));
        safe!("{}{}<br>", code_name(&candidate.name), commits.unwrap_or_default())
    });
    let totals = &report.totals;
    let mut counts = safe!("Escaped defects **{}**", labels::count_or_not_measured(totals.escaped));
    // Of no escaped defects none is critical. "critical 0" would only be noise.
    if totals.escaped != Some(0) || totals.critical.is_none() {
        counts.push(safe!(", critical **{}**", labels::count_or_not_measured(totals.critical)));
    }
    if let Some(untriaged @ 1..) = totals.untriaged {
        counts.push(safe!(", untriaged **{}**", untriaged));
    }
    if !totals.over.is_empty() {
        counts.push(safe!(" ({})", short_prose(&totals.over)));
    }
    let mut parts = vec![counts];
    if let Some(unattributed @ 1..) = totals.unattributed {
        parts.push(safe!("without a release **{}**", unattributed));
    }
    if let Some(guessed) = &report.guessed {
        parts.push(safe!("releases found in: {}", Safe::of(&labels::guessed_releases_text(guessed))));
    }
    parts.push(match &totals.escape_rate {
        Some(rate) => {
            safe!("escaped defect rate {}, {}", labels::rate_text(rate), short_prose(&rate.over))
        }
        None => "escaped defect rate not measured".into(),
    });
    let lead = safe!("{}{}", product.unwrap_or_default(), candidate.unwrap_or_default());
    safe!("{}{}", lead, keep_percent_together(&Safe::join(&parts, " · ")))
}

/// Renders the table of rules.
fn rules_section(report: &Report) -> MarkdownSection {
    if report.rules.is_empty() && report.not_evaluated.is_empty() {
        return MarkdownSection::fixed("The policy has no rule.\n\n".into());
    }
    let row = |rule: &RuleLine| {
        let filter =
            if rule.filter.is_empty() { Safe::default() } else { safe!("<br>{}", short_prose(&rule.filter)) };
        let interval = match &rule.value {
            Some(RuleValue::Ratio(rate)) => {
                safe!("<br>{}", keep_percent_together(&labels::interval_text(rate)))
            }
            Some(RuleValue::Count(_) | RuleValue::Duration(_)) | None => Safe::default(),
        };
        let bold = if rule.verdict == Verdict::Pass { "" } else { "**" };
        safe!(
            "| {} | {}{}{}{} | {}{}{}{} | {} | {}{} |\n",
            verdict_icon(rule.weight()),
            bold,
            code_name(&rule.id),
            bold,
            labels::level_suffix(rule),
            bold,
            value_cell(&rule.shown),
            bold,
            interval,
            value_cell(&rule.bound),
            short_prose(&rule.over),
            filter,
        )
    };
    let not_evaluated =
        |rule: &NotEvaluatedLine| safe!("| ➖ | {} | {} | | |\n", code_name(&rule.id), rule.reason);
    MarkdownSection {
        name: "rules",
        rank: 1,
        head: "| | Rule | Value | Bound | Over |\n|:-:|:--|:--|:--|:--|\n".into(),
        items: report.rules.iter().map(row).chain(report.not_evaluated.iter().map(not_evaluated)).collect(),
        tail: "\n".into(),
    }
}

/// Renders a value or a limit in a table.
pub fn value_cell(text: &str) -> Safe<Markdown> {
    let shown = keep_percent_together(&short_prose(text));
    // Bold marks with nothing between them would show as asterisks.
    if shown.is_empty() { "(empty)".into() } else { shown }
}

/// Lists the reasons of warnings and unknown verdicts, and the purposes of failed rules.
fn reasons_section(report: &Report) -> MarkdownSection {
    let line = |rule: &RuleLine| {
        let reason = match rule.verdict {
            Verdict::Pass => None,
            Verdict::Warn | Verdict::Waived | Verdict::Unknown => Some(&rule.reason),
            // The headline and the list of issues already show the reason of a failure.
            Verdict::Fail => rule.why.as_ref(),
        };
        let reason = linked_sentence(report, reason?);
        (!reason.is_empty()).then(|| safe!("- {}: {}\n", code_name(&rule.id), reason))
    };
    let items: Vec<_> = report.rules.iter().filter_map(line).take(IN_THE_OPEN).collect();
    list_section("reasons", 6, Safe::default(), items)
}

/// Lists the defects that break a rule.
fn issues_section(report: &Report) -> MarkdownSection {
    let broken: Vec<_> = report.defects.iter().filter(|line| !line.breaks.is_empty()).collect();
    let items: Vec<_> = broken.iter().take(IN_THE_OPEN).map(|line| defect_item(line)).collect();
    let heading = match broken.len() {
        1 => "### The issue that breaks a rule\n\n".into(),
        count if count > items.len() => {
            safe!("### {} issues break a rule; the {} most severe\n\n", count, items.len())
        }
        count => safe!("### The {} issues that break a rule\n\n", count),
    };
    list_section("issues", 2, heading, items)
}

/// Renders the icon of a defect's severity, its number and its title.
pub fn defect_heading(line: &DefectLine) -> Safe<Markdown> {
    let icon = match line.severity {
        Some(Severity::Critical) => "🔴",
        Some(Severity::Major) => "🟠",
        Some(Severity::Minor) => "🟡",
        None => "⚪",
    };
    safe!("{} {} {}", icon, issue_link(line.number, &line.url), issue_title(&line.title))
}

/// Renders a defect in two lines.
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

/// Renders the release that a defect was found in, with the confidence.
pub fn release_and_confidence(line: &DefectLine) -> Safe<Markdown> {
    match &line.found_in {
        Some(release) => safe!("{} ({})", code_name(release), line.confidence.name()),
        None => "no known release".into(),
    }
}

/// Returns the list of next steps under a heading that fits the verdict.
pub fn next_steps_list(report: &Report) -> (MarkdownSection, Option<Fold>) {
    let heading = match report.verdict {
        Verdict::Fail => "What would unblock this release",
        Verdict::Unknown => "What would settle it",
        Verdict::Warn | Verdict::Waived | Verdict::Pass => "What would clear the warning",
    };
    let step =
        |(at, step): (usize, &String)| safe!("{}. {}\n", at + 1, linked_sentence(report, &capitalize(step)));
    split_list("steps", [3, 8], [heading, "More steps"], report.next.iter().enumerate().map(step))
}

/// Returns the list of gaps with their next steps.
pub fn gaps_list(report: &Report) -> (MarkdownSection, Option<Fold>) {
    let item = |line: &GapLine| {
        let place = line.place.as_ref().map(|place| safe!(" {}:", code_name(place))).unwrap_or_default();
        let remedy = line.remedy.as_ref().map(|remedy| safe!(" → {}", short_prose(remedy)));
        safe!(
            "- {} {}:{} {}{}\n",
            verdict_icon(line.verdict),
            line.area.name(),
            place,
            short_prose(&line.what),
            remedy.unwrap_or_default()
        )
    };
    let headings = ["What could not be read", "More that could not be read"];
    split_list("gaps", [4, 8], headings, report.gaps.iter().map(item))
}

/// Renders the test results and the failed tests.
fn tests_section(report: &Report) -> MarkdownSection {
    let Some(tests) = &report.tests else {
        return MarkdownSection::default();
    };
    let failed = tests.notable.iter().filter(|case| case.status.is_failure());
    let items: Vec<_> = failed.take(TESTS_IN_THE_OPEN).map(test_item).collect();
    let head = safe!("**Tests**: {}\n\n", labels::test_counts(tests));
    let tail = if items.is_empty() { "" } else { "\n" };
    MarkdownSection { name: "tests", rank: 5, head, items, tail: tail.into() }
}

/// Renders a test with its message.
pub fn test_item(line: &NotableCase) -> Safe<Markdown> {
    let message = line.message.as_ref().filter(|text| !text.trim().is_empty());
    let message = message.map(|text| safe!("<br>{}", issue_title(text))).unwrap_or_default();
    safe!("- {} {}{}\n", labels::case_status_label(line.status), code_name(&line.name), message)
}

/// Returns the list of warnings, the first ones unfolded.
pub fn warnings_list(report: &Report) -> (MarkdownSection, Option<Fold>) {
    let items = report.warnings.iter().map(|text| safe!("- {}\n", long_prose(&capitalize(text))));
    split_list("warnings", [7, 12], ["Worth a look", "More worth a look"], items)
}

/// Splits a list into a section with its first entries and a fold with the rest. `ranks` and `headings` are those of the
/// section and of the fold.
fn split_list(
    name: &'static str,
    ranks: [u8; 2],
    headings: [&'static str; 2],
    items: impl Iterator<Item = Safe<Markdown>>,
) -> (MarkdownSection, Option<Fold>) {
    let mut open: Vec<_> = items.collect();
    let folded = open.split_off(open.len().min(IN_THE_OPEN));
    let title = safe!("{} ({})", headings[1], folded.len());
    let section = list_section(name, ranks[0], safe!("### {}\n\n", headings[0]), open);
    (section, Fold::of(title, name, ranks[1], "", folded))
}

/// Creates a list under a heading; an empty section if there are no items.
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

/// Capitalizes the first letter. A name in backticks stays as it is.
fn capitalize(text: &str) -> String {
    let mut chars = text.trim().chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
