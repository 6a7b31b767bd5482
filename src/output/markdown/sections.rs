//! What is not folded.

use super::super::words;
use super::fit::Section;
use super::links::{issue, name, quoted, sentence, title};
use crate::report::{
    CaseLine, CaseStatus, DefectLine, GapLine, Outcome, Report, RuleLine, RuleValue, Severity,
};

/// How many entries of a list stand in the open; the others are folded.
pub const IN_THE_OPEN: usize = 10;

/// How many tests stand in the open.
pub const TESTS_IN_THE_OPEN: usize = 5;

/// The picture of a verdict.
pub fn icon(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Pass => "✅",
        Outcome::Warn => "⚠️",
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
    let mut sections = vec![verdict(report), rules(report), reasons(report), issues(report)];
    match report.verdict {
        // What is missing is the reason.
        Outcome::Unknown => sections.extend([gaps(report), next(report)]),
        Outcome::Pass | Outcome::Warn | Outcome::Fail => sections.extend([next(report), gaps(report)]),
    }
    sections.extend([tests(report), warnings(report)]);
    sections
}

/// The heading, the reason, the figures.
fn verdict(report: &Report) -> Section {
    let what = match report.verdict {
        Outcome::Pass => "pass",
        Outcome::Warn => "pass, with a warning",
        Outcome::Unknown => "unknown, evidence is missing",
        Outcome::Fail => "fail",
    };
    let gate = words::named_gate(report).map_or_else(String::new, |id| format!(" {}", name(id)));
    let dry = if report.dry_run { " (dry run)" } else { "" };
    let mut head = format!("## {} Escape gate{gate}: {what}{dry}\n\n", icon(report.verdict));
    let headline = sentence(report, &capital(&report.headline));
    if !headline.is_empty() {
        head.push_str(&format!("**{headline}**\n\n"));
    }
    head.push_str(&format!("{}\n\n", figures(report)));
    if report.dry_run {
        head.push_str("Dry run: the verdict is the true one and blocks nothing.\n\n");
    }
    Section::fixed(&head)
}

/// The candidate in one line, the counts that are always shown in another.
fn figures(report: &Report) -> String {
    let mut candidate_line = String::new();
    let mut parts = Vec::new();
    if let Some(candidate) = &report.candidate {
        let commits =
            words::commits(report, &name).map_or_else(String::new, |commits| format!(", {commits}"));
        candidate_line = format!("{}{commits}<br>", name(&candidate.name));
    }
    let totals = &report.totals;
    let mut counts = format!("escaped defects **{}**", words::count(totals.escaped));
    if totals.escaped != Some(0) || totals.critical.is_none() {
        counts.push_str(&format!(", critical **{}**", words::count(totals.critical)));
    }
    if totals.untriaged.is_some_and(|untriaged| untriaged > 0) {
        counts.push_str(&format!(", untriaged **{}**", words::count(totals.untriaged)));
    }
    let over = if totals.over.is_empty() { String::new() } else { format!(" ({})", quoted(&totals.over)) };
    parts.push(format!("{counts}{over}"));
    if let Some(unattributed) = totals.unattributed.filter(|count| *count > 0) {
        parts.push(format!("without a release **{unattributed}**"));
    }
    parts.push(match &totals.escape_rate {
        Some(rate) => format!("escaped defect rate {}, {}", words::rate(rate), quoted(&rate.over)),
        None => "escaped defect rate not measured".to_owned(),
    });
    format!("{candidate_line}{}", capital(&parts.join(" · ")).replace(" %", "\u{a0}%"))
}

/// The table of rules.
fn rules(report: &Report) -> Section {
    if report.rules.is_empty() {
        return Section::fixed("The policy has no rule.\n\n");
    }
    let row = |rule: &RuleLine| {
        let level = if rule.level == "mandatory" { String::new() } else { format!(" ({})", rule.level) };
        let filter =
            if rule.filter.is_empty() { String::new() } else { format!("<br>{}", quoted(&rule.filter)) };
        let interval = match &rule.value {
            Some(RuleValue::Ratio(rate)) => format!("<br>{}", joined(&words::interval(rate))),
            Some(RuleValue::Count(_)) | None => String::new(),
        };
        let bold = if rule.verdict == Outcome::Pass { "" } else { "**" };
        format!(
            "| {} | {bold}{}{bold}{level} | {bold}{}{bold}{interval} | {} | {}{filter} |\n",
            icon(rule.weight()),
            name(&rule.id),
            joined(&rule.shown),
            joined(&rule.bound),
            quoted(&rule.over),
        )
    };
    Section {
        name: "rules",
        rank: 1,
        head: "| | Rule | Value | Bound | Over |\n|:-:|:--|:--|:--|:--|\n".to_owned(),
        items: report.rules.iter().map(row).collect(),
        tail: "\n".to_owned(),
    }
}

/// A value or a bound: no line breaks before its percent sign.
pub fn joined(text: &str) -> String {
    let shown = quoted(text).replace(" %", "\u{a0}%");
    // Marks for bold with nothing between them would show as asterisks.
    if shown.is_empty() { "(empty)".to_owned() } else { shown }
}

/// Why a rule has no answer, and why a broken one exists.
fn reasons(report: &Report) -> Section {
    let line = |rule: &RuleLine| {
        let mut parts = Vec::new();
        match rule.verdict {
            Outcome::Pass => return None,
            Outcome::Warn | Outcome::Unknown => parts.push(sentence(report, &rule.reason)),
            Outcome::Fail => parts.extend(rule.why.as_ref().map(|why| sentence(report, why))),
        }
        parts.retain(|part| !part.is_empty());
        (!parts.is_empty()).then(|| format!("- {}: {}\n", name(&rule.id), parts.join(". ")))
    };
    let items: Vec<_> = report.rules.iter().filter_map(line).take(IN_THE_OPEN).collect();
    list("reasons", 6, "", items)
}

/// The defects that break a rule.
fn issues(report: &Report) -> Section {
    let broken: Vec<_> = report.defects.iter().filter(|line| !line.breaks.is_empty()).collect();
    let items: Vec<_> = broken.iter().take(IN_THE_OPEN).map(|line| defect(line)).collect();
    let more = broken.len() - items.len();
    let heading = match broken.len() {
        1 => "### The issue that breaks a rule\n\n".to_owned(),
        count if more > 0 => format!("### {count} issues break a rule, the gravest {}\n\n", items.len()),
        count => format!("### The {count} issues that break a rule\n\n"),
    };
    list("issues", 2, &heading, items)
}

/// A defect's severity as a picture, its number and its title.
pub fn heading(line: &DefectLine) -> String {
    format!("{} {} {}", severity_icon(line.severity), issue(line.number, &line.url), title(&line.title))
}

/// One defect in two lines.
fn defect(line: &DefectLine) -> String {
    let breaks: Vec<_> = line.breaks.iter().map(|rule| name(rule)).collect();
    format!(
        "- {}<br>**{}** · {} · found in {} · counts by {} · breaks {}\n",
        heading(line),
        words::severity(line),
        quoted(&words::state(line)),
        found_in(line),
        quoted(&line.because),
        breaks.join(", "),
    )
}

/// The release, and how sure that is where it is not certain.
pub fn found_in(line: &DefectLine) -> String {
    match &line.found_in {
        Some(release) => format!("{} ({})", name(release), line.confidence.name()),
        None => "no known release".to_owned(),
    }
}

/// What would turn the verdict.
fn next(report: &Report) -> Section {
    let heading = match report.verdict {
        Outcome::Fail => "### What would unblock this release\n\n",
        Outcome::Unknown => "### What would settle it\n\n",
        Outcome::Warn | Outcome::Pass => "### What would clear the warning\n\n",
    };
    let items = report.next.iter().take(IN_THE_OPEN).enumerate();
    list("steps", 3, heading, items.map(|(at, text)| step(report, at, text)).collect())
}

/// One step.
pub fn step(report: &Report, at: usize, step: &str) -> String {
    format!("{}. {}\n", at + 1, sentence(report, &capital(step)))
}

/// What should have been read and was not.
fn gaps(report: &Report) -> Section {
    list("gaps", 4, "### What could not be read\n\n", report.gaps.iter().take(IN_THE_OPEN).map(gap).collect())
}

/// One gap.
pub fn gap(line: &GapLine) -> String {
    let place = line.place.as_ref().map_or_else(String::new, |place| format!(" {}:", name(place)));
    let remedy = line.remedy.as_ref().map_or_else(String::new, |remedy| format!(" → {}", quoted(remedy)));
    format!("- {} {}:{place} {}{remedy}\n", icon(line.verdict), line.area.name(), quoted(&line.what))
}

/// The test results and the tests that failed.
fn tests(report: &Report) -> Section {
    let Some(tests) = &report.tests else {
        return Section::fixed("");
    };
    let bad = |case: &&CaseLine| match case.status {
        CaseStatus::Failed | CaseStatus::Error => true,
        CaseStatus::Flaky | CaseStatus::Passed | CaseStatus::Skipped => false,
    };
    let items: Vec<_> = tests.notable.iter().filter(bad).take(TESTS_IN_THE_OPEN).map(case).collect();
    let head = format!("**Tests**: {}\n\n", words::tests(tests));
    let tail = if items.is_empty() { String::new() } else { "\n".to_owned() };
    Section { name: "tests", rank: 5, head, items, tail }
}

/// One test.
pub fn case(line: &CaseLine) -> String {
    let message = line
        .message
        .as_ref()
        .filter(|text| !text.trim().is_empty())
        .map_or_else(String::new, |text| format!("<br>{}", title(text)));
    format!("- {} {}{message}\n", words::status(line.status), name(&line.name))
}

/// What a person should look at.
fn warnings(report: &Report) -> Section {
    let items = report
        .warnings
        .iter()
        .take(IN_THE_OPEN)
        .map(|text| format!("- {}\n", quoted_long(&capital(text))))
        .collect();
    list("warnings", 7, "### Worth a look\n\n", items)
}

/// A whole sentence from elsewhere.
pub fn quoted_long(text: &str) -> String {
    super::super::escape::prose(&super::super::escape::cut(text.trim(), 400))
}

/// A list under a heading; nothing if it is empty.
fn list(name: &'static str, rank: u8, heading: &str, items: Vec<String>) -> Section {
    if items.is_empty() {
        return Section::default();
    }
    Section { name, rank, head: heading.to_owned(), items, tail: "\n".to_owned() }
}

/// A sentence begins with a capital letter; a name in backticks stays as it is.
fn capital(text: &str) -> String {
    let mut chars = text.trim().chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
