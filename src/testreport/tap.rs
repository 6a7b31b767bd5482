//! TAP, versions 12 to 14: `ok`, `not ok`, plans, subtests.

use std::io::Read;

use super::collector::{self, Case, Collector, Problem, Stopped};
use super::lines::Lines;
use super::source::Source;
use super::text::cut;
use crate::model::{CaseStatus, TestId};

/// True if a line looks like TAP and like nothing else.
pub fn is_line(line: &str) -> bool {
    let plan = |line: &str| {
        let (first, last) = line.split_once("..").unwrap_or(("", ""));
        let last = last.split_whitespace().next().unwrap_or("");
        !first.is_empty()
            && !last.is_empty()
            && [first, last].iter().all(|n| n.bytes().all(|b| b.is_ascii_digit()))
    };
    line.starts_with("TAP version ") || point(line).is_some() || plan(line)
}

/// Reads the lines.
///
/// # Errors
/// If they cannot be read.
pub fn read<R: Read>(source: &mut Source<R>, out: &mut Collector) -> Result<(), Stopped> {
    let mut reader = Reader { out, levels: vec![Level::default()], yaml: None, waiting: None };
    let mut lines = Lines::new(source);
    while let Some((at, line)) = lines.next()? {
        reader.line(at, line);
    }
    let at = lines.position();
    reader.finish(at);
    Ok(())
}

/// Where in a stream the reader is.
struct Reader<'o> {
    out: &'o mut Collector,
    /// Subtests in subtests.
    levels: Vec<Level>,
    /// Indentation of the diagnostic block that is open.
    yaml: Option<usize>,
    /// A test point whose message may follow.
    waiting: Option<Point>,
}

/// A stream of test points: the outermost, or that of a subtest.
#[derive(Debug, Default)]
struct Level {
    id: TestId,
    name: String,
    planned: Option<u64>,
    points: u64,
    bad: u64,
    bailed: bool,
    /// Name from a `# Subtest:` line that waits for its stream.
    next_name: Option<String>,
    /// Failures of the subtest that has just ended, for its own test point.
    inner: Option<u64>,
}

/// A test point.
#[derive(Debug, Default)]
struct Point {
    suite: TestId,
    suite_name: String,
    name: String,
    status: Option<CaseStatus>,
    message: Option<String>,
}

impl Reader<'_> {
    /// A line.
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
        let depth = indent / 4;
        let known = point(text).is_some() || is_line(text) || text.starts_with("Bail out!");
        if known {
            self.flush();
            self.enter(depth, at);
        }
        let Some(level) = self.levels.last_mut() else { return };
        if let Some((good, rest)) = point(text) {
            self.point(good, rest);
        } else if let Some(reason) = text.strip_prefix("Bail out!") {
            level.bailed = true;
            level.bad += 1;
            let (id, name) = (level.id, level.name.clone());
            self.out.suite_error(id, 1, &name, Some(&format!("bail out: {}", reason.trim())));
        } else if let Some((_, last)) = text.split_once("..").filter(|_| known) {
            let planned = last.split_whitespace().next().and_then(|n| n.parse().ok());
            if level.planned.is_some() {
                let what = "a second plan: two runs may have been written into one file".to_owned();
                self.out.problem(Problem { at: Some(at), what, gap: true });
            }
            level.planned = planned;
        } else if let Some(name) = text.strip_prefix("# Subtest:")
            && let Some(level) = self.levels.get_mut(depth)
        {
            level.next_name = Some(name.trim().to_owned());
        }
    }

    /// Goes into a subtest, or out of some.
    fn enter(&mut self, depth: usize, at: u64) {
        while self.levels.len() > depth + 1 {
            self.leave(at);
        }
        while self.levels.len() < depth + 1 && self.levels.len() < super::limits::DEPTH {
            let Some(around) = self.levels.last_mut() else { return };
            let name = around.next_name.take().unwrap_or_default();
            let id = collector::suite(around.id, &name, around.points + 1);
            self.levels.push(Level { id, name, ..Level::default() });
        }
    }

    /// A stream ends.
    fn leave(&mut self, at: u64) {
        let Some(level) = self.levels.pop() else { return };
        let name = if level.name.is_empty() {
            String::new()
        } else {
            format!("subtest `{}`: ", cut(&level.name, 100))
        };
        let problem = match level.planned {
            _ if level.bailed => None,
            None if level.points == 0 => None,
            None => Some("there is no plan: the run did not come to its end".to_owned()),
            Some(planned) if planned == level.points => None,
            Some(planned) => Some(format!("{planned} tests are planned and {} shown", level.points)),
        };
        if let Some(what) = problem {
            self.out.problem(Problem { at: Some(at), what: format!("{name}{what}"), gap: true });
        }
        if let Some(around) = self.levels.last_mut() {
            around.inner = Some(level.bad);
        }
    }

    /// A test point.
    fn point(&mut self, good: bool, rest: &str) {
        let Some(level) = self.levels.last_mut() else { return };
        level.points += 1;
        let rest = rest.trim_start_matches(|c: char| c.is_ascii_digit()).trim_start();
        let (name, directive) =
            match rest.rsplit_once(" # ").or_else(|| rest.strip_prefix("# ").map(|d| ("", d))) {
                Some((name, directive)) => (name, directive.trim().to_ascii_lowercase()),
                None => (rest, String::new()),
            };
        let skipped = directive.starts_with("skip") || (directive.starts_with("todo") && !good);
        let status = match (good, skipped) {
            (_, true) => CaseStatus::Skipped,
            (true, false) => CaseStatus::Passed,
            (false, false) => CaseStatus::Failed,
        };
        let bad = status == CaseStatus::Failed;
        level.bad += u64::from(bad);
        // A subtest is its own test points, unless it failed by itself.
        let inner = level.inner.take();
        let counts = inner.is_none_or(|inner| bad && inner == 0);
        let name = name.trim().trim_start_matches('-').trim_start();
        // Names need not be unique: with their number they are. TAP has no reruns.
        let name = format!("{} {name}", level.points);
        self.waiting = Some(Point {
            suite: level.id,
            suite_name: level.name.clone(),
            name: name.trim_end().to_owned(),
            status: counts.then_some(status),
            message: None,
        });
    }

    /// The test point at hand is complete.
    fn flush(&mut self) {
        let Some(Point { suite, suite_name, name, status: Some(status), message }) = self.waiting.take()
        else {
            return;
        };
        self.out.case(Case {
            suite,
            class: suite_name.as_bytes(),
            name: name.as_bytes(),
            file: b"",
            line: None,
            status,
            reruns: 0,
            message: message.as_deref(),
            may_name_issues: true,
        });
    }

    /// The file ends.
    fn finish(mut self, at: u64) {
        self.flush();
        if self.yaml.is_some() {
            let what = "the file ends inside a diagnostic block".to_owned();
            self.out.problem(Problem { at: Some(at), what, gap: true });
        }
        let nothing =
            self.levels.len() == 1 && self.levels[0].points == 0 && self.levels[0].planned.is_none();
        if nothing && !self.levels[0].bailed {
            let what = "there is no plan and no test: the run did not come to its end".to_owned();
            self.out.problem(Problem { at: Some(at), what, gap: true });
        }
        while !self.levels.is_empty() {
            self.leave(at);
        }
    }
}

/// Splits a test point into whether it is good and the rest.
fn point(line: &str) -> Option<(bool, &str)> {
    let not = line.strip_prefix("not").filter(|rest| rest.starts_with(is_blank)).map(str::trim_start);
    let rest = not.unwrap_or(line).strip_prefix("ok")?;
    (rest.is_empty() || rest.starts_with(is_blank)).then(|| (not.is_none(), rest.trim_start()))
}

/// White space within a line.
fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t')
}
