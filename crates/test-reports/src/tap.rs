//! TAP, versions 12 to 14: `ok`, `not ok`, plans, subtests.

mod line;

use std::io::Read;

use super::collector::{self, Collector, ReadError, ReportedCase};
use super::lines::ReportLines;
use super::source::Source;
use super::text_sink::shorten;
use crate::{CaseStatus, TestId};
use line::{
    failures_in_comment, is_ktap, is_space_or_tab, parse_test_point, parse_unusual_point, split_directives,
};

pub use line::is_tap_line;

/// Reads the lines of TAP.
///
/// # Errors
/// Returns an error if they cannot be read or exceed a limit.
pub fn read_tap<R: Read>(source: &mut Source<R>, out: &mut Collector) -> Result<(), ReadError> {
    let mut reader = TapReader {
        out,
        levels: vec![TapStream::default()],
        yaml: None,
        waiting: None,
        bad: 0,
        told: 0,
        of_ktap: false,
    };
    let mut lines = ReportLines::new(source);
    while let Some((at, line)) = lines.next()? {
        reader.line(at, line);
    }
    let at = lines.position();
    reader.finish(at);
    Ok(())
}

/// State of the reader between two lines.
struct TapReader<'o> {
    out: &'o mut Collector,
    /// Subtests in subtests.
    levels: Vec<TapStream>,
    /// Indentation of the diagnostic block that is open.
    yaml: Option<usize>,
    /// A test point whose message may follow.
    waiting: Option<TapPoint>,
    /// Failed tests in all streams, and bails.
    bad: u64,
    /// The most failures that a comment says there were.
    told: u64,
    /// `true` for KTAP, the kernel's form of TAP.
    of_ktap: bool,
}

/// A stream of test points: the outermost, or that of a subtest.
#[derive(Debug, Default)]
struct TapStream {
    id: TestId,
    name: String,
    planned: Option<u64>,
    points: u64,
    /// Differences of the sums of numbers and of squares from those of 1, 2, 3, …: detect a lost or repeated number.
    off: (i128, i128),
    /// `true` if any test point has a number.
    numbered: bool,
    /// First number of the plan, counted from zero.
    begins: u64,
    bad: u64,
    bailed: bool,
    /// Name from a `# Subtest:` line that waits for its stream.
    next_name: Option<String>,
    /// Failures of the subtest that has just ended, for its own test point.
    inner: Option<u64>,
    /// A test point whose subtest follows in braces.
    before: Option<TapPoint>,
}

/// One test point.
#[derive(Debug, Default)]
struct TapPoint {
    suite: TestId,
    suite_name: String,
    name: String,
    status: Option<CaseStatus>,
    message: Option<String>,
}

impl TapReader<'_> {
    /// Handles one line.
    fn line(&mut self, at: u64, line: &str) {
        let indent = line.len() - line.trim_start_matches(' ').len();
        let text = line.trim();
        if let Some(start) = self.yaml {
            if text == "..." && indent == start {
                self.yaml = None;
            } else if let Some(point) = &mut self.waiting {
                let message = text.strip_prefix("message:").or_else(|| text.strip_prefix("error:"));
                let message = message.map(|m| m.trim().trim_matches(['"', '\''])).filter(|m| !m.is_empty());
                point.message = point.message.take().or(message.map(str::to_owned));
            }
            return;
        }
        if text == "---" && self.waiting.is_some() {
            self.yaml = Some(indent);
            return;
        }
        if text.is_empty() {
            return;
        }
        // TAP 14 indents subtests by four blanks.
        let depth = indent / 4;
        if text == "{" {
            let level = self.levels.last_mut().filter(|_| self.waiting.is_some());
            return level.into_iter().for_each(|level| level.before = self.waiting.take());
        }
        let unusual = self.unusual_point(text, depth);
        let closes = text == "}" && self.levels.get(depth).is_some_and(|level| level.before.is_some());
        let known = is_tap_line(text) || text.starts_with("Bail out!") || unusual.is_some() || closes;
        if known {
            self.flush();
            self.enter(depth, at);
            self.settle();
        }
        // Indented comments count the tests of a subtest only.
        if indent == 0 {
            self.told = self.told.max(failures_in_comment(text).unwrap_or(0));
        }
        if is_ktap(text) && !std::mem::replace(&mut self.of_ktap, true) {
            self.out.add_gap(
                Some(at),
                "KTAP, the format of the Linux kernel, is not read: write TAP or JUnit XML",
            );
        }
        let Some(level) = self.levels.last_mut() else { return };
        if let Some((good, rest)) = parse_test_point(text) {
            self.point(good, rest);
        } else if let Some((skipped, rest)) = unusual {
            if skipped {
                self.point(true, &format!("{rest} # SKIP"));
            } else {
                level.points += 1;
            }
        } else if let Some(reason) = text.strip_prefix("Bail out!") {
            level.bailed = true;
            level.bad += 1;
            self.bad += 1;
            let (id, name) = (level.id, level.name.clone());
            self.out.suite_error(id, 1, &name, Some(&format!("bail out: {}", reason.trim())));
        } else if let Some((first, last)) = text.split_once("..").filter(|_| known) {
            let last: Option<u64> = last.split_whitespace().next().and_then(|n| n.parse().ok());
            level.begins = first.parse().unwrap_or(1_u64).saturating_sub(1);
            let planned = last.map(|last| last.saturating_sub(level.begins));
            if level.planned.is_some() {
                self.out.add_gap(Some(at), "a second plan: two runs may have been written into one file");
            }
            level.planned = planned;
        } else if let Some(name) = text.strip_prefix("# Subtest:")
            && let Some(level) = self.levels.get_mut(depth)
        {
            level.next_name = Some(name.trim().to_owned());
        }
    }

    /// Enters a subtest, or leaves some.
    fn enter(&mut self, depth: usize, at: u64) {
        while self.levels.len() > depth + 1 {
            self.leave(at);
        }
        while self.levels.len() < depth + 1 && self.levels.len() < super::limits::DEPTH {
            let Some(around) = self.levels.last_mut() else { return };
            let name = around.next_name.take().unwrap_or_default();
            let id = collector::suite_id(around.id, &name, around.points + 1);
            self.levels.push(TapStream { id, name, ..TapStream::default() });
        }
    }

    /// Ends a stream and compares it with its plan.
    fn leave(&mut self, at: u64) {
        self.settle();
        let Some(level) = self.levels.pop() else { return };
        let name = if level.name.is_empty() {
            String::new()
        } else {
            format!("subtest `{}`: ", shorten(&level.name, 100))
        };
        let problem = match level.planned {
            // After a bail out, fewer tests than planned are no second problem: the bail is an error already.
            _ if level.bailed => None,
            None if level.points == 0 => None,
            None => Some("there is no plan: the run did not come to its end".to_owned()),
            Some(planned) if planned == level.points && level.is_in_order() => None,
            Some(planned) if planned == level.points => {
                Some("the numbers of the tests are not those of the plan: one may be missing".to_owned())
            }
            Some(planned) => Some(format!("{planned} tests are planned and {} shown", level.points)),
        };
        if let Some(what) = problem {
            self.out.add_gap(Some(at), format!("{name}{what}"));
        }
        if let Some(around) = self.levels.last_mut() {
            around.inner = Some(level.bad);
        }
    }

    /// One test point.
    fn point(&mut self, good: bool, rest: &str) {
        let Some(level) = self.levels.last_mut() else { return };
        level.points += 1;
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let number = rest[..digits].parse().unwrap_or(level.points.saturating_add(level.begins));
        level.numbered |= digits > 0;
        // Sums instead of a set of numbers: a hostile plan must not take memory.
        let (is, should) = (i128::from(number), i128::from(level.points));
        level.off.0 += is - should;
        level.off.1 = level.off.1.saturating_add(is.saturating_mul(is) - should.saturating_mul(should));
        let rest = rest[digits..].trim_start();
        let (rest, in_braces) = match rest.strip_suffix('{') {
            Some(rest) if rest.is_empty() || rest.ends_with(is_space_or_tab) => (rest, true),
            Some(_) | None => (rest, false),
        };
        let (name, skip, todo) = split_directives(rest);
        // A `TODO` only excuses a failure: a to-do test that passes is a pass.
        let skipped = skip || (todo && !good);
        let status = match (good, skipped) {
            (_, true) => CaseStatus::Skipped,
            (true, false) => CaseStatus::Passed,
            (false, false) => CaseStatus::Failed,
        };
        let bad = status == CaseStatus::Failed;
        level.bad += u64::from(bad);
        self.bad += u64::from(bad);
        let name = name.trim().trim_start_matches('-').trim_start();
        let subtest = in_braces.then(|| name.trim_end().to_owned());
        // Names need not be unique: with their number they are. TAP has no reruns.
        let name = format!("{} {name}", level.points);
        let mut point = TapPoint {
            suite: level.id,
            suite_name: level.name.clone(),
            name: name.trim_end().to_owned(),
            status: Some(status),
            message: None,
        };
        if in_braces {
            level.next_name = subtest;
            level.before = Some(point);
        } else {
            level.absorb(&mut point);
            self.waiting = Some(point);
        }
    }

    /// Completes the subtest in braces that the innermost stream may wait for.
    fn settle(&mut self) {
        if let Some(level) = self.levels.last_mut()
            && let Some(mut point) = level.before.take()
        {
            level.absorb(&mut point);
            self.waiting = Some(point);
            self.flush();
        }
    }

    /// Parses a test point in an unusual form, if its number is the next one.
    fn unusual_point<'l>(&self, line: &'l str, depth: usize) -> Option<(bool, &'l str)> {
        let (skipped, rest) = parse_unusual_point(line)?;
        let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let next = self.levels.get(depth)?.points + 1;
        // Require the next number, or printed text such as `skip 3 files` would count as a test.
        (rest[..digits].parse() == Ok(next)).then_some((skipped, rest))
    }

    /// Reports the current test point.
    fn flush(&mut self) {
        let Some(TapPoint { suite, suite_name, name, status: Some(status), message }) = self.waiting.take()
        else {
            return;
        };
        self.out.case(ReportedCase {
            message: message.as_deref(),
            ..ReportedCase::new(suite, suite_name.as_bytes(), name.as_bytes(), status)
        });
    }

    /// Handles the end of the file.
    fn finish(mut self, at: u64) {
        self.flush();
        if self.yaml.is_some() {
            self.out.add_gap(Some(at), "the file ends inside a diagnostic block");
        }
        let nothing =
            self.levels.len() == 1 && self.levels[0].points == 0 && self.levels[0].planned.is_none();
        if nothing && !self.levels[0].bailed {
            self.out.add_gap(Some(at), "there is no plan and no test: the run did not come to its end");
        }
        while !self.levels.is_empty() {
            self.leave(at);
        }
        if self.told > 0 && self.bad == 0 {
            let message = format!("the report says that {} tests failed, and shows none of them", self.told);
            self.out.suite_error(TestId::default(), 2, "", Some(&message));
        }
    }
}

impl TapStream {
    /// Returns `true` if the numbers are those of the plan, in any order. After a failure the order does not matter: some
    /// producers lose count there.
    fn is_in_order(&self) -> bool {
        let (count, shift) = (i128::from(self.points), i128::from(self.begins));
        let shifted = count * shift;
        let squares = shifted.checked_mul(count + 1 + shift);
        !self.numbered || self.bad > 0 || (self.off.0 == shifted && squares == Some(self.off.1))
    }

    /// Ends the subtest before a test point. The subtest counts as its own test points, unless it failed by itself.
    fn absorb(&mut self, point: &mut TapPoint) {
        let bad = point.status == Some(CaseStatus::Failed);
        if self.inner.take().is_some_and(|inner| !bad || inner > 0) {
            point.status = None;
        }
    }
}
