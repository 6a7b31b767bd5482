//! The report for a person at a terminal.

mod paint;

use super::escape::{cut, terminal};
use super::words;
use crate::report::{CaseStatus, DefectLine, Outcome, Report, RuleLine, RuleValue, Severity};
use paint::{Colour, Paint, columns, pad, shorten, visible, wrap};

/// The narrowest layout.
const NARROWEST: usize = 40;

/// The longest text in one place.
const LONGEST: usize = 1_000;

/// The longest text in a table.
const WIDEST: usize = 120;

/// How many entries of a list are printed.
const ENTRIES: usize = 20;

/// What the terminal can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TextOptions {
    /// Whether to colour. Nothing is said by colour alone.
    pub color: bool,
    /// Columns to use.
    pub width: usize,
}

impl Default for TextOptions {
    fn default() -> Self {
        Self { color: false, width: 100 }
    }
}

/// The report as text, the verdict first.
pub fn text(report: &Report, options: &TextOptions) -> String {
    let mut page =
        Page { out: String::new(), paint: Paint(options.color), width: options.width.max(NARROWEST) };
    page.verdict(report);
    page.rules(report);
    page.issues(report);
    page.tests(report);
    page.excluded(report);
    page.gaps(report);
    page.warnings(report);
    page.next(report);
    page.out
}

/// The sign of a verdict.
fn sign(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Pass => "✔",
        Outcome::Warn => "!",
        Outcome::Unknown => "?",
        Outcome::Fail => "✘",
    }
}

/// The colour of a verdict.
fn colour(outcome: Outcome) -> Colour {
    match outcome {
        Outcome::Pass => Colour::Green,
        Outcome::Warn | Outcome::Unknown => Colour::Yellow,
        Outcome::Fail => Colour::Red,
    }
}

/// The text so far.
struct Page {
    out: String,
    paint: Paint,
    width: usize,
}

impl Page {
    /// A line as it is.
    fn line(&mut self, line: &str) {
        self.out.push_str(line.trim_end());
        self.out.push('\n');
    }

    /// A heading after an empty line.
    fn heading(&mut self, text: &str) {
        self.line("");
        let heading = self.paint.bold(text);
        self.line(&heading);
    }

    /// Text over as many lines as it takes, the first one after `lead`, the others below its text.
    fn wrapped(&mut self, lead: &str, text: &str) {
        let indent = visible(lead);
        let text = cut(text, LONGEST);
        for (at, part) in wrap(&text, self.width.saturating_sub(indent)).iter().enumerate() {
            let start = if at == 0 { lead.to_owned() } else { " ".repeat(indent) };
            self.line(&format!("{start}{part}"));
        }
    }

    /// The verdict, the reason, the figures.
    fn verdict(&mut self, report: &Report) {
        let name = words::outcome(report.verdict).to_uppercase();
        let dry = if report.dry_run { " (dry run)" } else { "" };
        let gate = words::named_gate(report).map_or_else(String::new, |id| format!(" [{}]", shown(id)));
        let lead = format!("{} {name}{dry}{gate}  ", sign(report.verdict));
        for (at, part) in
            wrap(&cut(&shown(&report.headline), LONGEST), self.width.saturating_sub(columns(&lead)))
                .iter()
                .enumerate()
        {
            let start = if at == 0 { lead.clone() } else { " ".repeat(columns(&lead)) };
            let line = self.paint.strong(colour(report.verdict), &format!("{start}{part}"));
            self.line(&line);
        }
        let totals = &report.totals;
        let mut facts = Vec::new();
        if let Some(candidate) = &report.candidate {
            let commits =
                words::commits(report, &shown).map_or_else(String::new, |commits| format!(", {commits}"));
            facts.push(format!("candidate  {}{commits}", shown(&candidate.name)));
        }
        facts.push(format!(
            "escaped    {} (critical {}, untriaged {}), {}",
            words::count(totals.escaped),
            words::count(totals.critical),
            words::count(totals.untriaged),
            shown(&totals.over)
        ));
        facts.push(format!("no release {}", words::count(totals.unattributed)));
        facts.push(match &totals.escape_rate {
            Some(rate) => format!("rate       {}, {}", words::rate(rate), shown(&rate.over)),
            None => "rate       not measured".to_owned(),
        });
        facts.push(format!("policy     {}", shown(&report.policy)));
        for fact in facts {
            let (lead, rest) = fact.split_at(11);
            self.wrapped(&format!("  {lead}"), rest);
        }
    }

    /// The table of rules, aligned.
    fn rules(&mut self, report: &Report) {
        self.heading("Rules");
        if report.rules.is_empty() {
            self.line("  the policy has no rule");
        }
        let cells: Vec<[String; 3]> = report.rules.iter().map(cells).collect();
        let mut widths = [0; 3];
        for row in &cells {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = columns(cell).max(*width);
            }
        }
        for (rule, row) in report.rules.iter().zip(&cells) {
            let line: String = row.iter().zip(widths).map(|(cell, width)| pad(cell, width) + "  ").collect();
            let sign = self.paint.colour(colour(rule.weight()), sign(rule.weight()));
            let room = self.width.saturating_sub(4);
            if columns(line.trim_end()) > room {
                self.wrapped(&format!("  {sign} "), &row.join("  "));
                self.wrapped("      over: ", &over(rule));
            } else if columns(&line) + columns(&over(rule)) > room {
                self.line(&format!("  {sign} {line}"));
                self.wrapped("      over: ", &over(rule));
            } else {
                self.line(&format!("  {sign} {line}{}", over(rule)));
            }
            if let Some(RuleValue::Ratio(rate)) = &rule.value {
                self.line(&format!("      {}", words::interval(rate)));
            }
            match rule.verdict {
                Outcome::Pass => {}
                Outcome::Warn | Outcome::Unknown | Outcome::Fail => {
                    self.wrapped("      ", &shown(&rule.reason));
                    if let Some(why) = &rule.why {
                        self.wrapped("      why: ", &shown(why));
                    }
                }
            }
            for note in &rule.notes {
                self.wrapped("      note: ", &shown(note));
            }
            for group in rule.groups.iter().take(ENTRIES) {
                let mark = self.paint.colour(colour(group.verdict), self::sign(group.verdict));
                self.wrapped(
                    &format!("      {mark} "),
                    &format!("{}: {}", shown(&group.name), shown(&group.shown)),
                );
            }
            self.more(rule.groups.len(), "groups");
        }
    }

    /// The defects that break a rule, then the numbers of the others.
    fn issues(&mut self, report: &Report) {
        let (broken, other): (Vec<_>, Vec<_>) =
            report.defects.iter().partition(|line| !line.breaks.is_empty());
        if !broken.is_empty() {
            self.heading("Issues that break a rule");
        }
        for line in broken.iter().take(ENTRIES) {
            self.defect(line);
        }
        self.more(broken.len(), "issues");
        if !other.is_empty() {
            self.heading("Escaped defects that break no rule");
        }
        for line in other.iter().take(ENTRIES) {
            let lead = format!("    #{} ", line.number);
            let rest = format!("{}  {}", words::severity(line), shown(&line.title));
            let text = shorten(&rest, self.width.saturating_sub(columns(&lead)));
            self.line(&format!("{lead}{text}"));
            self.wrapped("      ", &shown(&words::state(line)));
        }
        self.more(other.len(), "escaped defects");
    }

    /// One defect, with what makes it count.
    fn defect(&mut self, line: &DefectLine) {
        let severity = words::severity(line);
        let room = self.width.saturating_sub(columns(&severity) + 16);
        let title = shorten(&shown(&line.title), room);
        let severity = match line.severity {
            Some(Severity::Critical) => self.paint.colour(Colour::Red, &severity),
            Some(Severity::Major) => self.paint.colour(Colour::Yellow, &severity),
            Some(Severity::Minor) | None => severity,
        };
        let number = self.paint.bold(&format!("#{}", line.number));
        self.line(&format!("  {} {number} {severity}  {title}", self.paint.colour(Colour::Red, "✘")));
        let found = match &line.found_in {
            Some(release) => format!(
                "{} ({}, by {}: {})",
                shown(release),
                line.confidence.name(),
                line.method.name(),
                shown(&line.evidence)
            ),
            None => format!("no known release ({})", shown(&line.evidence)),
        };
        self.wrapped("      found in  ", &found);
        self.wrapped("      counts by ", &shown(&line.because));
        self.wrapped("      breaks    ", &shown(&line.breaks.join(", ")));
        self.wrapped("      state     ", &shown(&words::state(line)));
        let url = self.paint.dim(&shown(&cut(&line.url, 500)));
        self.line(&format!("      {url}"));
    }

    /// Test results.
    fn tests(&mut self, report: &Report) {
        let Some(tests) = &report.tests else { return };
        self.heading("Tests");
        self.wrapped("  ", &words::tests(tests));
        for case in tests.notable.iter().take(ENTRIES) {
            let sign = match case.status {
                CaseStatus::Failed | CaseStatus::Error => self.paint.colour(Colour::Red, "✘"),
                CaseStatus::Flaky | CaseStatus::Passed | CaseStatus::Skipped => {
                    self.paint.colour(Colour::Yellow, "!")
                }
            };
            let room = self.width.saturating_sub(12);
            self.line(&format!(
                "  {sign} {} {}",
                words::status(case.status),
                shorten(&shown(&case.name), room)
            ));
            if let Some(message) = &case.message {
                self.line(&format!("      {}", shorten(&shown(message), self.width.saturating_sub(6))));
            }
            let line = case.line.map_or_else(String::new, |line| format!(":{line}"));
            let place =
                case.file.as_ref().map_or_else(String::new, |file| format!("{}{line}, ", shown(file)));
            let place = shorten(&format!("{place}in {}", shown(&case.report)), self.width.saturating_sub(6));
            self.line(&format!("      {}", self.paint.dim(&place)));
        }
        let more = tests.notable.len().saturating_sub(ENTRIES) as u64 + tests.more;
        if more > 0 {
            self.line(&format!("    and {more} more"));
        }
    }

    /// Tickets that do not count.
    fn excluded(&mut self, report: &Report) {
        if !report.excluded.is_empty() {
            self.heading("Excluded");
        }
        for line in report.excluded.iter().take(ENTRIES) {
            let text = format!("{} ({})  {}", shown(&line.reason), shown(&line.because), shown(&line.title));
            let lead = format!("    #{} ", line.number);
            let text = shorten(&text, self.width.saturating_sub(columns(&lead)));
            self.line(&format!("{lead}{text}"));
        }
        self.more(report.excluded.len(), "excluded tickets");
    }

    /// What could not be read.
    fn gaps(&mut self, report: &Report) {
        if !report.gaps.is_empty() {
            self.heading("Could not be read");
        }
        for gap in report.gaps.iter().take(ENTRIES) {
            let place = gap.place.as_ref().map_or_else(String::new, |place| format!("{}: ", shown(place)));
            let lead = format!("  {} ", sign(gap.verdict));
            self.wrapped(&lead, &format!("{}: {place}{}", gap.area.name(), shown(&gap.what)));
            if let Some(remedy) = &gap.remedy {
                self.wrapped("      help: ", &shown(remedy));
            }
        }
        self.more(report.gaps.len(), "gaps");
    }

    /// What a person should look at.
    fn warnings(&mut self, report: &Report) {
        if !report.warnings.is_empty() {
            self.heading("Worth a look");
        }
        for warning in report.warnings.iter().take(ENTRIES) {
            self.wrapped("  ! ", &shown(warning));
        }
        self.more(report.warnings.len(), "warnings");
    }

    /// What would turn the verdict.
    fn next(&mut self, report: &Report) {
        if !report.next.is_empty() {
            self.heading("Next steps");
        }
        for (at, step) in report.next.iter().enumerate() {
            self.wrapped(&format!("  {}. ", at + 1), &shown(step));
        }
    }

    /// Says how many entries a list has beyond those printed.
    fn more(&mut self, all: usize, what: &str) {
        if all > ENTRIES {
            self.line(&format!("    and {} more {what}; --format json has all", all - ENTRIES));
        }
    }
}

/// Text from elsewhere. Cut before all else: what follows takes time and room by its length. And cut again, since a
/// hidden character takes eight once it is shown.
fn shown(text: &str) -> String {
    cut(&terminal(&cut(text.trim(), LONGEST)), LONGEST)
}

/// A name or a number in a table, whose columns are as wide as their widest cell.
fn cell(text: &str) -> String {
    cut(&terminal(&cut(text.trim(), WIDEST)), WIDEST)
}

/// Rule, value and bound.
fn cells(rule: &RuleLine) -> [String; 3] {
    let level = if rule.level == "mandatory" { String::new() } else { format!(" ({})", rule.level) };
    [format!("{}{level}", cell(&rule.id)), cell(&rule.shown), cell(&rule.bound)]
}

/// What a rule is measured over, and for which defects.
fn over(rule: &RuleLine) -> String {
    let filter = if rule.filter.is_empty() { String::new() } else { format!("; {}", shown(&rule.filter)) };
    format!("{}{filter}", shown(&rule.over))
}

#[cfg(test)]
mod tests;
