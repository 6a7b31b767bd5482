//! The report for a person at a terminal.

mod exceptions;
mod improvement;
mod inherited;
mod origin;
mod paint;

use super::escape::{Safe, Terminal, safe, terminal, truncate_text};
use super::labels;
use crate::report::{CaseStatus, DefectLine, Outcome, Report, RuleLine, RuleValue, Severity};
use paint::{Colour, Paint, shorten_to_width, visible_width, wrap};
pub use paint::{columns, pad_right};

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
pub fn report_text(report: &Report, options: &TextOptions) -> Safe<Terminal> {
    let mut page =
        Page { out: Safe::default(), paint: Paint(options.color), width: options.width.max(NARROWEST) };
    page.verdict(report);
    page.rules(report);
    page.issues(report);
    page.exceptions(report);
    page.tests(report);
    page.excluded(report);
    page.gates(report);
    page.cross(report);
    page.detection(report);
    page.gaps(report);
    page.warnings(report);
    page.inherited(report);
    page.next(report);
    page.out
}

/// The sign of a verdict.
pub fn verdict_sign(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Pass => "✔",
        Outcome::Warn | Outcome::Waived => "!",
        Outcome::Unknown => "?",
        Outcome::Fail => "✘",
    }
}

/// The colour of a verdict.
fn verdict_colour(outcome: Outcome) -> Colour {
    match outcome {
        Outcome::Pass => Colour::Green,
        Outcome::Warn | Outcome::Waived | Outcome::Unknown => Colour::Yellow,
        Outcome::Fail => Colour::Red,
    }
}

/// The text so far.
struct Page {
    out: Safe<Terminal>,
    paint: Paint,
    width: usize,
}

impl Page {
    /// A line as it is.
    fn line(&mut self, line: Safe<Terminal>) {
        self.out.push(line.trimmed());
        self.out.push("\n");
    }

    /// A heading after an empty line.
    fn heading(&mut self, text: &'static str) {
        self.line("".into());
        let heading = self.paint.bold(&text.into());
        self.line(heading);
    }

    /// Text over as many lines as it takes, the first one after `lead`, the others below its text.
    fn wrapped(&mut self, lead: impl Into<Safe<Terminal>>, text: &Safe<Terminal>) {
        let lead = lead.into();
        let indent = visible_width(&lead);
        let text = text.cut(LONGEST);
        for (at, part) in wrap(&text, self.width.saturating_sub(indent)).into_iter().enumerate() {
            let start = if at == 0 { lead.clone() } else { Safe::blanks(indent) };
            self.line(safe!("{}{}", start, part));
        }
    }

    /// The verdict, the reason, the figures.
    fn verdict(&mut self, report: &Report) {
        let name = labels::outcome(report.verdict).to_uppercase();
        let dry = labels::dry_run_suffix(report);
        let gate = labels::distinctive_gate_id(report)
            .map_or_else(Safe::default, |id| safe!(" [{}]", printable(id)));
        let lead = safe!("{} {}{}{}  ", verdict_sign(report.verdict), printable(&name), dry, gate);
        let room = self.width.saturating_sub(columns(&lead));
        for (at, part) in wrap(&printable(&report.headline), room).into_iter().enumerate() {
            let start = if at == 0 { lead.clone() } else { Safe::blanks(columns(&lead)) };
            let line = self.paint.strong(verdict_colour(report.verdict), &safe!("{}{}", start, part));
            self.line(line);
        }
        let totals = &report.totals;
        let mut facts = Vec::new();
        if let Some(candidate) = &report.candidate {
            let commits = labels::commits_since_base(report, &printable)
                .map_or_else(Safe::default, |commits| safe!(", {}", commits));
            facts.push(("  candidate  ", safe!("{}{}", printable(&candidate.name), commits)));
        }
        let escaped = safe!(
            "{} (critical {}, untriaged {}), {}",
            labels::count_or_not_measured(totals.escaped),
            labels::count_or_not_measured(totals.critical),
            labels::count_or_not_measured(totals.untriaged),
            printable(&totals.over)
        );
        let rate = match &totals.escape_rate {
            Some(rate) => safe!("{}, {}", labels::rate_text(rate), printable(&rate.over)),
            None => "not measured".into(),
        };
        facts.push(("  escaped    ", escaped));
        facts.push(("  no release ", labels::count_or_not_measured(totals.unattributed)));
        facts.extend(
            report
                .guessed
                .as_ref()
                .map(|guessed| ("  found in   ", printable(&labels::guessed_releases_text(guessed)))),
        );
        facts.push(("  rate       ", rate));
        facts.push(("  policy     ", printable(&report.policy)));
        for (lead, fact) in facts {
            self.wrapped(lead, &fact);
        }
    }

    /// The table of rules, aligned.
    fn rules(&mut self, report: &Report) {
        self.heading("Rules");
        if report.rules.is_empty() && report.not_evaluated.is_empty() {
            self.line("  the policy has no rule".into());
        }
        let cells: Vec<[Safe<Terminal>; 3]> = report.rules.iter().map(cells).collect();
        let mut widths = [0; 3];
        for row in &cells {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = columns(cell).max(*width);
            }
        }
        for (rule, row) in report.rules.iter().zip(&cells) {
            let padded = row.iter().zip(widths).map(|(cell, width)| safe!("{}  ", pad_right(cell, width)));
            let line: Safe<Terminal> = padded.collect();
            let sign = self.paint.colour(verdict_colour(rule.weight()), &verdict_sign(rule.weight()).into());
            let room = self.width.saturating_sub(4);
            if columns(line.trim_end()) > room {
                self.wrapped(safe!("  {} ", sign), &Safe::join(row, "  "));
                self.wrapped("      over: ", &scope_and_filter(rule));
            } else if columns(&line) + columns(&scope_and_filter(rule)) > room {
                self.line(safe!("  {} {}", sign, line));
                self.wrapped("      over: ", &scope_and_filter(rule));
            } else {
                self.line(safe!("  {} {}{}", sign, line, scope_and_filter(rule)));
            }
            if let Some(RuleValue::Ratio(rate)) = &rule.value {
                self.line(safe!("      {}", labels::interval_text(rate)));
            }
            match rule.verdict {
                Outcome::Pass => {}
                Outcome::Warn | Outcome::Waived | Outcome::Unknown | Outcome::Fail => {
                    self.wrapped("      ", &printable(&rule.reason));
                    if let Some(why) = &rule.why {
                        self.wrapped("      why: ", &printable(why));
                    }
                }
            }
            for note in &rule.notes {
                self.wrapped("      note: ", &printable(note));
            }
            for group in rule.groups.iter().take(ENTRIES) {
                let mark = self
                    .paint
                    .colour(verdict_colour(group.verdict), &self::verdict_sign(group.verdict).into());
                self.wrapped(
                    safe!("      {} ", mark),
                    &safe!("{}: {}", printable(&group.name), printable(&group.shown)),
                );
            }
            self.more(rule.groups.len(), "groups");
        }
        for rule in &report.not_evaluated {
            self.wrapped("  - ", &safe!("{}: {}", printable(&rule.id), rule.reason));
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
            let lead = safe!("    #{} ", line.number);
            let rest = safe!("{}  {}", labels::severity_label(line), printable(&line.title));
            let text = shorten_to_width(&rest, self.width.saturating_sub(columns(&lead)));
            self.line(safe!("{}{}", lead, text));
            self.wrapped("      ", &printable(&labels::defect_state(line)));
            if let Some(origin) = line.introduced.as_ref().filter(|origin| labels::has_origin(origin)) {
                self.wrapped("      came in ", &labels::origin_text(origin, &|name| table_cell(name)));
            }
            if !line.waived.is_empty() {
                self.wrapped("      waived from ", &printable(&line.waived.join(", ")));
            }
        }
        self.more(other.len(), "escaped defects");
    }

    /// One defect, with what makes it count.
    fn defect(&mut self, line: &DefectLine) {
        let severity = labels::severity_label(line);
        let room = self.width.saturating_sub(columns(&severity) + 16);
        let title = shorten_to_width(&printable(&line.title), room);
        let severity = match line.severity {
            Some(Severity::Critical) => self.paint.colour(Colour::Red, &severity),
            Some(Severity::Major) => self.paint.colour(Colour::Yellow, &severity),
            Some(Severity::Minor) | None => severity,
        };
        let number = self.paint.bold(&safe!("#{}", line.number));
        let sign = self.paint.colour(Colour::Red, &"✘".into());
        self.line(safe!("  {} {} {}  {}", sign, number, severity, title));
        let found = match &line.found_in {
            Some(release) => safe!(
                "{} ({}, by {}: {})",
                printable(release),
                line.confidence.name(),
                line.method.name(),
                printable(&line.evidence)
            ),
            None => safe!("no known release ({})", printable(&line.evidence)),
        };
        self.wrapped("      found in  ", &found);
        self.origin(line);
        self.wrapped("      counts by ", &printable(&line.because));
        let areas = labels::component_and_team(line, &|name| table_cell(name));
        if !areas.is_empty() {
            self.wrapped("      is of     ", &areas);
        }
        self.wrapped("      breaks    ", &printable(&line.breaks.join(", ")));
        self.wrapped("      state     ", &printable(&labels::defect_state(line)));
        let url = self.paint.dim(&printable(&truncate_text(&line.url, 500)));
        self.line(safe!("      {}", url));
    }

    /// Test results.
    fn tests(&mut self, report: &Report) {
        let Some(tests) = &report.tests else { return };
        self.heading("Tests");
        self.wrapped("  ", &labels::test_counts(tests));
        for case in tests.notable.iter().take(ENTRIES) {
            let sign = match case.status {
                CaseStatus::Failed | CaseStatus::Error => self.paint.colour(Colour::Red, &"✘".into()),
                CaseStatus::Flaky | CaseStatus::Passed | CaseStatus::Skipped => {
                    self.paint.colour(Colour::Yellow, &"!".into())
                }
            };
            let room = self.width.saturating_sub(12);
            self.line(safe!(
                "  {} {} {}",
                sign,
                labels::case_status_label(case.status),
                shorten_to_width(&printable(&case.name), room)
            ));
            if let Some(message) = &case.message {
                self.line(safe!(
                    "      {}",
                    shorten_to_width(&printable(message), self.width.saturating_sub(6))
                ));
            }
            let line = case.line.map_or_else(Safe::default, |line| safe!(":{}", line));
            let place =
                case.file.as_ref().map_or_else(Safe::default, |file| safe!("{}{}, ", printable(file), line));
            let place = safe!("{}in {}", place, printable(&case.report));
            let place = self.paint.dim(&shorten_to_width(&place, self.width.saturating_sub(6)));
            self.line(safe!("      {}", place));
        }
        let more = tests.notable.len().saturating_sub(ENTRIES) as u64 + tests.more;
        if more > 0 {
            self.line(safe!("    and {} more", more));
        }
    }

    /// Tickets that do not count.
    fn excluded(&mut self, report: &Report) {
        if !report.excluded.is_empty() {
            self.heading("Excluded");
        }
        for line in report.excluded.iter().take(ENTRIES) {
            let text = safe!(
                "{} ({})  {}",
                printable(&line.reason),
                printable(&line.because),
                printable(&line.title)
            );
            let lead = safe!("    #{} ", line.number);
            let text = shorten_to_width(&text, self.width.saturating_sub(columns(&lead)));
            self.line(safe!("{}{}", lead, text));
        }
        self.more(report.excluded.len(), "excluded tickets");
    }

    /// What could not be read.
    fn gaps(&mut self, report: &Report) {
        if !report.gaps.is_empty() {
            self.heading("Could not be read");
        }
        for gap in report.gaps.iter().take(ENTRIES) {
            let place =
                gap.place.as_ref().map_or_else(Safe::default, |place| safe!("{}: ", printable(place)));
            let lead = safe!("  {} ", verdict_sign(gap.verdict));
            self.wrapped(lead, &safe!("{}: {}{}", gap.area.name(), place, printable(&gap.what)));
            if let Some(remedy) = &gap.remedy {
                self.wrapped("      help: ", &printable(remedy));
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
            self.wrapped("  ! ", &printable(warning));
        }
        self.more(report.warnings.len(), "warnings");
    }

    /// What would turn the verdict.
    fn next(&mut self, report: &Report) {
        if !report.next.is_empty() {
            self.heading("Next steps");
        }
        for (at, step) in report.next.iter().enumerate() {
            self.wrapped(safe!("  {}. ", at + 1), &printable(step));
        }
    }

    /// Says how many entries a list has beyond those printed.
    fn more(&mut self, all: usize, what: &'static str) {
        if all > ENTRIES {
            self.line(safe!("    and {} more {}; --format json has all", all - ENTRIES, what));
        }
    }
}

/// Text from elsewhere. Cut before all else: what follows takes time and room by its length. And cut again, since a
/// hidden character takes eight once it is shown.
fn printable(text: &str) -> Safe<Terminal> {
    terminal(&truncate_text(text.trim(), LONGEST)).cut(LONGEST)
}

/// A name or a number in a table, whose columns are as wide as their widest cell.
fn table_cell(text: &str) -> Safe<Terminal> {
    terminal(&truncate_text(text.trim(), WIDEST)).cut(WIDEST)
}

/// Rule, value and bound.
fn cells(rule: &RuleLine) -> [Safe<Terminal>; 3] {
    let level = if rule.level == "mandatory" { Safe::default() } else { safe!(" ({})", rule.level) };
    [safe!("{}{}", table_cell(&rule.id), level), table_cell(&rule.shown), table_cell(&rule.bound)]
}

/// What a rule is measured over, and for which defects.
fn scope_and_filter(rule: &RuleLine) -> Safe<Terminal> {
    let filter =
        if rule.filter.is_empty() { Safe::default() } else { safe!("; {}", printable(&rule.filter)) };
    safe!("{}{}", printable(&rule.over), filter)
}

#[cfg(test)]
mod tests;
