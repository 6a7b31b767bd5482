//! The report for a terminal.

mod exceptions;
mod improvement;
mod inherited;
mod origin;
mod paint;

use super::escape::{Safe, Terminal, safe, terminal, truncate_text};
use super::labels;
use crate::report::{DefectLine, Report, RuleLine, RuleValue, Severity, Verdict};
pub use paint::align_columns;
use paint::{Colour, Paint, columns, shorten_to_width, visible_width, wrap};

/// Minimum width of the layout in columns.
// In a narrower column, the lead of a line leaves no room for a word.
const NARROWEST: usize = 40;

/// Maximum length of a text in characters.
const TEXT_LENGTH: usize = 1_000;

/// Maximum length of a cell in characters.
const CELL_LENGTH: usize = 120;

/// Maximum number of entries of a list.
// What fits on one screen. JSON has the rest.
const ENTRIES: usize = 20;

/// Properties of the terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TextOptions {
    /// `true` to use colors. Color never carries information alone.
    pub color: bool,
    /// Width in columns.
    pub width: usize,
}

impl Default for TextOptions {
    fn default() -> Self {
        Self { color: false, width: 100 }
    }
}

/// Renders the report as text, the verdict first.
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
    page.component_table(report);
    page.detection(report);
    page.gaps(report);
    page.warnings(report);
    page.inherited(report);
    page.next_steps(report);
    page.out
}

/// Returns the sign of a verdict.
pub fn verdict_sign(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "✔",
        Verdict::Warn | Verdict::Waived => "!",
        Verdict::Unknown => "?",
        Verdict::Fail => "✘",
    }
}

/// Returns the color of a verdict.
fn verdict_colour(verdict: Verdict) -> Colour {
    match verdict {
        Verdict::Pass => Colour::Green,
        Verdict::Warn | Verdict::Waived | Verdict::Unknown => Colour::Yellow,
        Verdict::Fail => Colour::Red,
    }
}

/// Joins lines and ends each with a line break.
pub fn join_lines(lines: Vec<Safe<Terminal>>) -> String {
    lines.into_iter().map(|line| format!("{line}\n")).collect()
}

/// The page so far.
struct Page {
    out: Safe<Terminal>,
    paint: Paint,
    width: usize,
}

impl Page {
    /// Appends a line.
    fn line(&mut self, line: Safe<Terminal>) {
        self.out.push(line.trimmed());
        self.out.push("\n");
    }

    /// Appends a heading after an empty line.
    fn heading(&mut self, text: &'static str) {
        self.line("".into());
        let heading = self.paint.bold(&text.into());
        self.line(heading);
    }

    /// Appends a heading for a list, and returns the entries to show. An empty list has no heading.
    fn list<'l, T>(&mut self, heading: &'static str, entries: &'l [T]) -> &'l [T] {
        if !entries.is_empty() {
            self.heading(heading);
        }
        &entries[..entries.len().min(ENTRIES)]
    }

    /// Appends text over several lines: the first one after `lead`, the others indented to it.
    fn wrapped(&mut self, lead: impl Into<Safe<Terminal>>, text: &Safe<Terminal>) {
        let lead = lead.into();
        let indent = visible_width(&lead);
        let text = text.cut(TEXT_LENGTH);
        for (at, part) in wrap(&text, self.width.saturating_sub(indent)).into_iter().enumerate() {
            let start = if at == 0 { lead.clone() } else { Safe::blanks(indent) };
            self.line(safe!("{}{}", start, part));
        }
    }

    /// Appends text after `lead`, shortened to one line.
    fn shortened(&mut self, lead: impl Into<Safe<Terminal>>, text: &Safe<Terminal>) {
        let lead = lead.into();
        let text = shorten_to_width(text, self.width.saturating_sub(visible_width(&lead)));
        self.line(safe!("{}{}", lead, text));
    }

    /// Appends verdict, reason and key figures.
    fn verdict(&mut self, report: &Report) {
        let name = report.verdict.name().to_uppercase();
        let dry = labels::dry_run_suffix(report);
        let gate = labels::distinctive_gate_id(report).map(|id| safe!(" [{}]", printable(id)));
        let gate = gate.unwrap_or_default();
        let lead = safe!("{} {}{}{}  ", verdict_sign(report.verdict), printable(&name), dry, gate);
        let room = self.width.saturating_sub(columns(&lead));
        for (at, part) in wrap(&printable(&report.headline), room).into_iter().enumerate() {
            let start = if at == 0 { lead.clone() } else { Safe::blanks(columns(&lead)) };
            let line = self.paint.strong(verdict_colour(report.verdict), &safe!("{}{}", start, part));
            self.line(line);
        }
        let totals = &report.totals;
        if let Some(product) = &report.product {
            self.wrapped("  product    ", &printable(product));
        }
        if let Some(candidate) = &report.candidate {
            let commits = labels::commits_since_base(report, &printable).map(|text| safe!(", {}", text));
            let candidate = safe!("{}{}", printable(&candidate.name), commits.unwrap_or_default());
            self.wrapped("  candidate  ", &candidate);
        }
        let escaped = safe!(
            "{} (critical {}, untriaged {}), {}",
            labels::count_or_not_measured(totals.escaped),
            labels::count_or_not_measured(totals.critical),
            labels::count_or_not_measured(totals.untriaged),
            printable(&totals.over)
        );
        self.wrapped("  escaped    ", &escaped);
        self.wrapped("  no release ", &labels::count_or_not_measured(totals.unattributed));
        if let Some(guessed) = &report.guessed {
            self.wrapped("  found in   ", &printable(&labels::guessed_releases_text(guessed)));
        }
        let rate = match &totals.escape_rate {
            Some(rate) => safe!("{}, {}", labels::rate_text(rate), printable(&rate.over)),
            None => "not measured".into(),
        };
        self.wrapped("  rate       ", &rate);
        self.wrapped("  policy     ", &printable(&report.policy));
    }

    /// Appends the table of rules.
    fn rules(&mut self, report: &Report) {
        self.heading("Rules");
        if report.rules.is_empty() && report.not_evaluated.is_empty() {
            self.line("  the policy has no rule".into());
        }
        let cells = |rule: &RuleLine| {
            let id = safe!("{}{}", table_cell(&rule.id), labels::level_suffix(rule));
            vec![id, table_cell(&rule.shown), table_cell(&rule.bound)]
        };
        let rows: Vec<Vec<Safe<Terminal>>> = report.rules.iter().map(cells).collect();
        for ((rule, row), aligned) in report.rules.iter().zip(&rows).zip(align_columns(&rows)) {
            let line = safe!("{}  ", aligned);
            let filter =
                if rule.filter.is_empty() { Safe::default() } else { safe!("; {}", printable(&rule.filter)) };
            let over = safe!("{}{}", printable(&rule.over), filter);
            let sign = self.verdict_mark(rule.weight());
            let room = self.width.saturating_sub(4);
            // Three layouts, from wide to narrow: a wrapped table row cannot be read.
            if columns(line.trim_end()) > room {
                self.wrapped(safe!("  {} ", sign), &Safe::join(row, "  "));
                self.wrapped("      over: ", &over);
            } else if columns(&line) + columns(&over) > room {
                self.line(safe!("  {} {}", sign, line));
                self.wrapped("      over: ", &over);
            } else {
                self.line(safe!("  {} {}{}", sign, line, over));
            }
            if let Some(RuleValue::Ratio(rate)) = &rule.value {
                self.line(safe!("      {}", labels::interval_text(rate)));
            }
            if rule.verdict != Verdict::Pass {
                self.wrapped("      ", &printable(&rule.reason));
                if let Some(why) = &rule.why {
                    self.wrapped("      why: ", &printable(why));
                }
            }
            for note in &rule.notes {
                self.wrapped("      note: ", &printable(note));
            }
            for group in rule.groups.iter().take(ENTRIES) {
                let mark = self.verdict_mark(group.verdict);
                let text = safe!("{}: {}", printable(&group.name), printable(&group.shown));
                self.wrapped(safe!("      {} ", mark), &text);
            }
            self.more(rule.groups.len(), "groups");
        }
        for rule in &report.not_evaluated {
            self.wrapped("  - ", &safe!("{}: {}", printable(&rule.id), rule.reason));
        }
    }

    /// Returns the sign of a verdict in its color.
    fn verdict_mark(&self, verdict: Verdict) -> Safe<Terminal> {
        self.paint.colour(verdict_colour(verdict), &verdict_sign(verdict).into())
    }

    /// Appends the defects that break a rule, then the others.
    fn issues(&mut self, report: &Report) {
        let (broken, other): (Vec<_>, Vec<_>) =
            report.defects.iter().partition(|line| !line.breaks.is_empty());
        for line in self.list("Issues that break a rule", &broken) {
            self.defect(line);
        }
        self.more(broken.len(), "issues");
        for line in self.list("Escaped defects that break no rule", &other) {
            let text = safe!("{}  {}", labels::severity_label(line), printable(&line.title));
            self.shortened(safe!("    #{} ", line.number), &text);
            self.wrapped("      ", &printable(&labels::defect_state(line)));
            if let Some(origin) = line.introduced.as_ref().filter(|origin| labels::has_origin(origin)) {
                self.wrapped("      came in ", &labels::origin_text(origin, &table_cell));
            }
            if !line.waived.is_empty() {
                self.wrapped("      waived from ", &printable(&line.waived.join(", ")));
            }
        }
        self.more(other.len(), "escaped defects");
    }

    /// Appends a defect that breaks a rule.
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
        let sign = self.verdict_mark(Verdict::Fail);
        self.line(safe!("  {} {} {}  {}", sign, number, severity, title));
        self.wrapped("      found in  ", &labels::found_in_text(line, &printable));
        self.origin(line);
        self.wrapped("      counts by ", &printable(&line.because));
        let areas = labels::components_and_teams(line, &table_cell);
        if !areas.is_empty() {
            self.wrapped("      is of     ", &areas);
        }
        self.wrapped("      breaks    ", &printable(&line.breaks.join(", ")));
        self.wrapped("      state     ", &printable(&labels::defect_state(line)));
        let url = self.paint.dim(&printable(&truncate_text(&line.url, 500)));
        self.line(safe!("      {}", url));
    }

    /// Appends the test results.
    fn tests(&mut self, report: &Report) {
        let Some(tests) = &report.tests else { return };
        self.heading("Tests");
        self.wrapped("  ", &labels::test_counts(tests));
        for case in tests.notable.iter().take(ENTRIES) {
            let sign =
                self.verdict_mark(if case.status.is_failure() { Verdict::Fail } else { Verdict::Warn });
            let name = shorten_to_width(&printable(&case.name), self.width.saturating_sub(12));
            self.line(safe!("  {} {} {}", sign, labels::case_status_label(case.status), name));
            if let Some(message) = &case.message {
                self.shortened("      ", &printable(message));
            }
            let line = case.line.map(|line| safe!(":{}", line)).unwrap_or_default();
            let file = case.file.as_ref().map(|file| safe!("{}{}, ", printable(file), line));
            let place = safe!("{}in {}", file.unwrap_or_default(), printable(&case.report));
            let place = self.paint.dim(&shorten_to_width(&place, self.width.saturating_sub(6)));
            self.line(safe!("      {}", place));
        }
        let named = tests.notable.len().min(ENTRIES);
        let all = tests.notable.len().saturating_add(usize::try_from(tests.more).unwrap_or(usize::MAX));
        if all > named {
            self.line(safe!("   {}", labels::and_more(all, named)));
        }
    }

    /// Appends the excluded issues.
    fn excluded(&mut self, report: &Report) {
        for line in self.list("Excluded", &report.excluded) {
            let (reason, because) = (printable(&line.reason), printable(&line.because));
            let text = safe!("{} ({})  {}", reason, because, printable(&line.title));
            self.shortened(safe!("    #{} ", line.number), &text);
        }
        self.more(report.excluded.len(), "excluded issues");
    }

    /// Appends the gaps.
    fn gaps(&mut self, report: &Report) {
        for gap in self.list("Could not be read", &report.gaps) {
            let place = gap.place.as_ref().map(|place| safe!("{}: ", printable(place)));
            let text = safe!("{}: {}{}", gap.area.name(), place.unwrap_or_default(), printable(&gap.what));
            self.wrapped(safe!("  {} ", verdict_sign(gap.verdict)), &text);
            if let Some(remedy) = &gap.remedy {
                self.wrapped("      help: ", &printable(remedy));
            }
        }
        self.more(report.gaps.len(), "gaps");
    }

    /// Appends the warnings.
    fn warnings(&mut self, report: &Report) {
        for warning in self.list("Worth a look", &report.warnings) {
            self.wrapped("  ! ", &printable(warning));
        }
        self.more(report.warnings.len(), "warnings");
    }

    /// Appends all next steps: a step that is cut off cannot be followed.
    fn next_steps(&mut self, report: &Report) {
        if !report.next.is_empty() {
            self.heading("Next steps");
        }
        for (at, step) in report.next.iter().enumerate() {
            self.wrapped(safe!("  {}. ", at + 1), &printable(step));
        }
    }

    /// Counts the entries of a list that are not shown.
    fn more(&mut self, all: usize, what: &'static str) {
        if all > ENTRIES {
            self.line(safe!("   {} {}; --format json has all", labels::and_more(all, ENTRIES), what));
        }
    }
}

/// Escapes untrusted text. Cut before escaping, because escaping and wrapping take time by the length; and again after it,
/// because a hidden character becomes eight characters.
fn printable(text: &str) -> Safe<Terminal> {
    terminal(&truncate_text(text.trim(), TEXT_LENGTH)).cut(TEXT_LENGTH)
}

/// Escapes a name or a number in a table. Shorter than other texts: a column is as wide as its widest cell.
fn table_cell(text: &str) -> Safe<Terminal> {
    terminal(&truncate_text(text.trim(), CELL_LENGTH)).cut(CELL_LENGTH)
}

#[cfg(test)]
mod tests;
