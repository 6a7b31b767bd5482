//! What is not folded.

use super::super::escape::{Markdown, Safe, cut, prose, safe};
use super::super::words;
use super::exceptions::exceptions;
use super::fit::Section;
use super::inherited::inherited;
use super::learning;
use super::links::{issue, name, quoted, sentence, title};
use super::origin::{detection, origin};
use crate::report::{
    CaseLine, CaseStatus, DefectLine, DryRun, GapLine, NotEvaluatedLine, Outcome, Report, RuleLine,
    RuleValue, Severity,
};

/// How many entries of a list stand in the open; the others are folded.
pub const IN_THE_OPEN: usize = 10;

/// How many tests stand in the open.
pub const TESTS_IN_THE_OPEN: usize = 5;

/// The picture of a verdict.
pub fn icon(outcome: Outcome) -> &'static str {
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
pub fn visible(report: &Report) -> Vec<Section> {
    let mut sections =
        vec![verdict(report), rules(report), reasons(report), issues(report), exceptions(report)];
    match report.verdict {
        // What is missing is the reason.
        Outcome::Unknown => sections.extend([gaps(report), next(report)]),
        Outcome::Pass | Outcome::Warn | Outcome::Waived | Outcome::Fail => {
            sections.extend([next(report), gaps(report)]);
        }
    }
    sections.extend([
        tests(report),
        learning::gates(report),
        detection(report),
        warnings(report),
        inherited(report),
    ]);
    sections
}

/// The heading, the reason, the figures.
fn verdict(report: &Report) -> Section {
    let what = match report.verdict {
        Outcome::Pass => "pass",
        Outcome::Warn | Outcome::Waived => "pass, with a warning",
        Outcome::Unknown => "unknown, evidence is missing",
        Outcome::Fail => "fail",
    };
    let gate = words::named_gate(report).map_or_else(Safe::default, |id| safe!(" {}", name(id)));
    let dry = words::dry_run(report);
    let mut head = safe!("## {} Escape gate{}: {}{}\n\n", icon(report.verdict), gate, what, dry);
    let headline = sentence(report, &capital(&report.headline));
    if !headline.is_empty() {
        head.push(safe!("**{}**\n\n", headline));
    }
    head.push(safe!("{}\n\n", figures(report)));
    head.push(match report.dry_run_by {
        Some(DryRun::Option) => "Dry run: the verdict is the true one and blocks nothing.\n\n",
        Some(DryRun::Policy) => {
            "Observed (`mode: observe` in the policy): the verdict is the true one and blocks nothing.\n\n"
        }
        None => "",
    });
    Section::fixed(head)
}

/// The candidate in one line, the counts that are always shown in another.
fn figures(report: &Report) -> Safe<Markdown> {
    let mut candidate_line = Safe::default();
    let mut parts = Vec::new();
    if let Some(candidate) = &report.candidate {
        let commits =
            words::commits(report, &name).map_or_else(Safe::default, |commits| safe!(", {}", commits));
        candidate_line = safe!("{}{}<br>", name(&candidate.name), commits);
    }
    let totals = &report.totals;
    let mut counts = safe!("Escaped defects **{}**", words::count(totals.escaped));
    if totals.escaped != Some(0) || totals.critical.is_none() {
        counts.push(safe!(", critical **{}**", words::count(totals.critical)));
    }
    if totals.untriaged.is_some_and(|untriaged| untriaged > 0) {
        counts.push(safe!(", untriaged **{}**", words::count(totals.untriaged)));
    }
    if !totals.over.is_empty() {
        counts.push(safe!(" ({})", quoted(&totals.over)));
    }
    parts.push(counts);
    if let Some(unattributed) = totals.unattributed.filter(|count| *count > 0) {
        parts.push(safe!("without a release **{}**", unattributed));
    }
    if let Some(guessed) = &report.guessed {
        parts.push(safe!("releases found in: {}", Safe::of(&words::guessed(guessed))));
    }
    parts.push(match &totals.escape_rate {
        Some(rate) => safe!("escaped defect rate {}, {}", words::rate(rate), quoted(&rate.over)),
        None => "escaped defect rate not measured".into(),
    });
    safe!("{}{}", candidate_line, unbroken(&Safe::join(&parts, " · ")))
}

/// The table of rules.
fn rules(report: &Report) -> Section {
    if report.rules.is_empty() && report.not_evaluated.is_empty() {
        return Section::fixed("The policy has no rule.\n\n".into());
    }
    let row = |rule: &RuleLine| {
        let level = if rule.level == "mandatory" { Safe::default() } else { safe!(" ({})", rule.level) };
        let filter =
            if rule.filter.is_empty() { Safe::default() } else { safe!("<br>{}", quoted(&rule.filter)) };
        let interval = match &rule.value {
            Some(RuleValue::Ratio(rate)) => safe!("<br>{}", unbroken(&words::interval(rate))),
            Some(RuleValue::Count(_) | RuleValue::Duration(_)) | None => Safe::default(),
        };
        let bold = if rule.verdict == Outcome::Pass { "" } else { "**" };
        safe!(
            "| {} | {}{}{}{} | {}{}{}{} | {} | {}{} |\n",
            icon(rule.weight()),
            bold,
            name(&rule.id),
            bold,
            level,
            bold,
            joined(&rule.shown),
            bold,
            interval,
            joined(&rule.bound),
            quoted(&rule.over),
            filter,
        )
    };
    Section {
        name: "rules",
        rank: 1,
        head: "| | Rule | Value | Bound | Over |\n|:-:|:--|:--|:--|:--|\n".into(),
        items: report.rules.iter().map(row).chain(report.not_evaluated.iter().map(not_evaluated)).collect(),
        tail: "\n".into(),
    }
}

/// The row of a rule that is not evaluated on the candidate.
fn not_evaluated(rule: &NotEvaluatedLine) -> Safe<Markdown> {
    safe!("| ➖ | {} | {} | | |\n", name(&rule.id), rule.reason)
}

/// A value or a bound.
pub fn joined(text: &str) -> Safe<Markdown> {
    let shown = unbroken(&quoted(text));
    // Marks for bold with nothing between them would show as asterisks.
    if shown.is_empty() { "(empty)".into() } else { shown }
}

/// No line breaks before a percent sign.
pub fn unbroken(text: &Safe<Markdown>) -> Safe<Markdown> {
    text.replaced(" %", "\u{a0}%")
}

/// Why a rule has no answer, and why a broken one exists.
fn reasons(report: &Report) -> Section {
    let line = |rule: &RuleLine| {
        let mut parts = Vec::new();
        match rule.verdict {
            Outcome::Pass => return None,
            Outcome::Warn | Outcome::Waived | Outcome::Unknown => {
                parts.push(sentence(report, &rule.reason));
            }
            Outcome::Fail => parts.extend(rule.why.as_ref().map(|why| sentence(report, why))),
        }
        parts.retain(|part| !part.is_empty());
        (!parts.is_empty()).then(|| safe!("- {}: {}\n", name(&rule.id), Safe::join(&parts, ". ")))
    };
    let items: Vec<_> = report.rules.iter().filter_map(line).take(IN_THE_OPEN).collect();
    list("reasons", 6, Safe::default(), items)
}

/// The defects that break a rule.
fn issues(report: &Report) -> Section {
    let broken: Vec<_> = report.defects.iter().filter(|line| !line.breaks.is_empty()).collect();
    let items: Vec<_> = broken.iter().take(IN_THE_OPEN).map(|line| defect(line)).collect();
    let more = broken.len() - items.len();
    let heading = match broken.len() {
        1 => "### The issue that breaks a rule\n\n".into(),
        count if more > 0 => safe!("### {} issues break a rule, the gravest {}\n\n", count, items.len()),
        count => safe!("### The {} issues that break a rule\n\n", count),
    };
    list("issues", 2, heading, items)
}

/// A defect's severity as a picture, its number and its title.
pub fn heading(line: &DefectLine) -> Safe<Markdown> {
    safe!("{} {} {}", severity_icon(line.severity), issue(line.number, &line.url), title(&line.title))
}

/// One defect in two lines.
fn defect(line: &DefectLine) -> Safe<Markdown> {
    let breaks: Vec<_> = line.breaks.iter().map(|rule| name(rule)).collect();
    safe!(
        "- {}<br>**{}** · {} · found in {}{} · counts by {} · breaks {}\n",
        heading(line),
        words::severity(line),
        quoted(&words::state(line)),
        found_in(line),
        origin(line, " · "),
        quoted(&line.because),
        Safe::join(&breaks, ", "),
    )
}

/// The release, and how sure that is where it is not certain.
pub fn found_in(line: &DefectLine) -> Safe<Markdown> {
    match &line.found_in {
        Some(release) => safe!("{} ({})", name(release), line.confidence.name()),
        None => "no known release".into(),
    }
}

/// What would turn the verdict.
fn next(report: &Report) -> Section {
    let heading = match report.verdict {
        Outcome::Fail => "### What would unblock this release\n\n",
        Outcome::Unknown => "### What would settle it\n\n",
        Outcome::Warn | Outcome::Waived | Outcome::Pass => "### What would clear the warning\n\n",
    };
    let items = report.next.iter().take(IN_THE_OPEN).enumerate();
    list("steps", 3, heading.into(), items.map(|(at, text)| step(report, at, text)).collect())
}

/// One step.
pub fn step(report: &Report, at: usize, step: &str) -> Safe<Markdown> {
    safe!("{}. {}\n", at + 1, sentence(report, &capital(step)))
}

/// What should have been read and was not.
fn gaps(report: &Report) -> Section {
    let items = report.gaps.iter().take(IN_THE_OPEN).map(gap).collect();
    list("gaps", 4, "### What could not be read\n\n".into(), items)
}

/// One gap.
pub fn gap(line: &GapLine) -> Safe<Markdown> {
    let place = line.place.as_ref().map_or_else(Safe::default, |place| safe!(" {}:", name(place)));
    let remedy = line.remedy.as_ref().map_or_else(Safe::default, |remedy| safe!(" → {}", quoted(remedy)));
    safe!("- {} {}:{} {}{}\n", icon(line.verdict), line.area.name(), place, quoted(&line.what), remedy)
}

/// The test results and the tests that failed.
fn tests(report: &Report) -> Section {
    let Some(tests) = &report.tests else {
        return Section::default();
    };
    let bad = |case: &&CaseLine| match case.status {
        CaseStatus::Failed | CaseStatus::Error => true,
        CaseStatus::Flaky | CaseStatus::Passed | CaseStatus::Skipped => false,
    };
    let items: Vec<_> = tests.notable.iter().filter(bad).take(TESTS_IN_THE_OPEN).map(case).collect();
    let head = safe!("**Tests**: {}\n\n", words::tests(tests));
    let tail = if items.is_empty() { "" } else { "\n" };
    Section { name: "tests", rank: 5, head, items, tail: tail.into() }
}

/// One test.
pub fn case(line: &CaseLine) -> Safe<Markdown> {
    let message = line
        .message
        .as_ref()
        .filter(|text| !text.trim().is_empty())
        .map_or_else(Safe::default, |text| safe!("<br>{}", title(text)));
    safe!("- {} {}{}\n", words::status(line.status), name(&line.name), message)
}

/// What a person should look at.
fn warnings(report: &Report) -> Section {
    let items = report
        .warnings
        .iter()
        .take(IN_THE_OPEN)
        .map(|text| safe!("- {}\n", quoted_long(&capital(text))))
        .collect();
    list("warnings", 7, "### Worth a look\n\n".into(), items)
}

/// A whole sentence from elsewhere.
pub fn quoted_long(text: &str) -> Safe<Markdown> {
    prose(&cut(text.trim(), 400))
}

/// A list under a heading; nothing if it is empty.
fn list(name: &'static str, rank: u8, head: Safe<Markdown>, items: Vec<Safe<Markdown>>) -> Section {
    if items.is_empty() {
        return Section::default();
    }
    Section { name, rank, head, items, tail: "\n".into() }
}

/// A sentence begins with a capital letter; a name in backticks stays as it is.
fn capital(text: &str) -> String {
    let mut chars = text.trim().chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
