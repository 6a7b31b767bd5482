//! `cargo test -- --format json` and nextest's `libtest-json`: one JSON object a line.

use std::collections::BTreeSet;
use std::io::Read;

use serde::Deserialize;

use super::collector::{self, Collector, ReadError, ReportedCase, TestCounts};
use super::limits;
use super::lines::ReportLines;
use super::source::Source;
use super::text_sink::{first_line, shorten};
use crate::{CaseStatus, TestId};

/// One line of the stream.
#[derive(Debug, Deserialize)]
struct CargoEvent {
    // Messages of cargo itself, and JSON that a test logs, have no type.
    #[serde(rename = "type", default)]
    kind: String,
    #[serde(default)]
    event: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    message: Option<String>,
    #[serde(default)]
    stdout: Option<String>,
    #[serde(default)]
    test_count: Option<u64>,
    #[serde(default)]
    failed: Option<u64>,
    #[serde(default)]
    nextest: Option<NextestInfo>,
}

/// Fields that nextest adds.
#[derive(Debug, Deserialize)]
struct NextestInfo {
    #[serde(rename = "crate", default)]
    krate: String,
    #[serde(default)]
    test_binary: String,
}

/// Returns `true` if a line is in this format.
pub fn is_cargo_test_line(line: &str) -> bool {
    let event = || serde_json::from_str::<CargoEvent>(line).ok();
    line.starts_with('{')
        && event()
            .is_some_and(|e| matches!(e.kind.as_str(), "suite" | "test" | "bench") && !e.event.is_empty())
}

/// Reads the lines of libtest's JSON.
///
/// # Errors
/// Returns an error if they cannot be read or exceed a limit.
pub fn read_cargo_test<R: Read>(source: &mut Source<R>, out: &mut Collector) -> Result<(), ReadError> {
    let mut reader = CargoTestReader { out, suite: None, suites: 0 };
    let mut lines = ReportLines::new(source);
    while let Some((at, line)) = lines.next()? {
        let line = line.trim();
        // cargo's own messages and the output of the compiler stand between the events.
        if line.starts_with('{') {
            match serde_json::from_str(line) {
                Ok(event) => reader.event(at, event)?,
                Err(error) => {
                    reader.out.add_gap(Some(at), format!("not a line of libtest's JSON: {error}"));
                }
            }
        } else if line.starts_with("error") {
            // cargo reports a build that failed only here, outside the events.
            reader.suites += 1;
            let id = collector::suite_id(TestId::default(), "", reader.suites);
            reader.out.suite_error(id, 1, "(cargo)", first_line(line).as_deref());
        }
    }
    let at = lines.position();
    if reader.suite.is_some() {
        reader.out.add_gap(Some(at), "the last suite did not come to its end");
        reader.close(at, None);
    }
    Ok(())
}

/// State of the reader between two lines.
struct CargoTestReader<'o> {
    out: &'o mut Collector,
    suite: Option<CargoSuite>,
    suites: u64,
}

/// Tests of one binary.
#[derive(Debug, Default)]
struct CargoSuite {
    id: TestId,
    name: String,
    declared: TestCounts,
    shown: TestCounts,
    running: BTreeSet<String>,
}

impl CargoTestReader<'_> {
    /// Handles one event.
    fn event(&mut self, at: u64, event: CargoEvent) -> Result<(), ReadError> {
        match (event.kind.as_str(), event.event.as_str()) {
            ("suite", "started") => {
                if self.suite.is_some() {
                    self.out.add_gap(Some(at), "a suite begins before the last one came to its end");
                    self.close(at, None);
                }
                self.suites += 1;
                let name =
                    event.nextest.map(|n| format!("{}::{}", n.krate, n.test_binary)).unwrap_or_default();
                let id = collector::suite_id(TestId::default(), &name, self.suites);
                let declared = TestCounts { tests: event.test_count.unwrap_or(0), bad: 0 };
                self.suite = Some(CargoSuite { id, name, declared, ..CargoSuite::default() });
            }
            ("suite", "ok" | "failed") => {
                if let Some(suite) = &mut self.suite {
                    suite.declared.bad = event.failed.unwrap_or(0);
                }
                self.close(at, Some(event.event == "failed"));
            }
            ("test" | "bench", "started") => {
                let suite = self.suite.get_or_insert_default();
                if suite.running.len() >= limits::UNDER_WAY {
                    let what = format!("more than {} tests under way at once (limit)", limits::UNDER_WAY);
                    return Err(ReadError { at: Some(at), what });
                }
                suite.running.insert(event.name);
            }
            // A notice that a test takes long; its result is still to come.
            ("test", "timeout") | ("report", _) => {}
            ("test" | "bench", _) => self.test(at, &event),
            (kind, other) if event.kind == "suite" => {
                self.out.add_gap(
                    Some(at),
                    format!("the event `{}` of a {kind} is not known", shorten(other, 40)),
                );
            }
            // Not libtest's. One of its lines that is damaged in its type is missing elsewhere: it tells of every start, of
            // every end, and how many there are.
            (_, _) => {}
        }
        Ok(())
    }

    /// Records the end of a test.
    fn test(&mut self, at: u64, event: &CargoEvent) {
        let status = match event.event.as_str() {
            "ok" => CaseStatus::Passed,
            "" if event.kind == "bench" => CaseStatus::Passed,
            "failed" => CaseStatus::Failed,
            "ignored" => CaseStatus::Skipped,
            other => {
                self.out.add_unknown_word(Some(at), "event", other, "", &event.name);
                CaseStatus::Error
            }
        };
        let suite = self.suite.get_or_insert_default();
        // nextest adds the number of runs to the name of a test that it ran more than once: `cart::adds#2`.
        let rerun =
            event.name.rsplit_once('#').and_then(|(name, runs)| Some((name, runs.parse::<u64>().ok()?)));
        let (name, runs) = match rerun {
            // If a test of the full name has started, the suffix is a part of its name and counts no runs.
            Some((name, runs)) if !suite.running.contains(&event.name) && suite.running.contains(name) => {
                (name, runs)
            }
            Some(_) | None => (event.name.as_str(), 1),
        };
        suite.running.remove(name);
        let status = if runs > 1 && status == CaseStatus::Passed { CaseStatus::Flaky } else { status };
        suite.shown.tests += 1;
        suite.shown.bad += u64::from(status.is_failure());
        let output = event.message.as_deref().or(event.stdout.as_deref()).and_then(first_line);
        self.out.case(ReportedCase {
            reruns: runs.saturating_sub(1),
            message: output.as_deref(),
            ..ReportedCase::new(suite.id, suite.name.as_bytes(), name.as_bytes(), status)
        });
    }

    /// Records the end of a suite; `failed` is `None` if the stream does not say how it ended.
    fn close(&mut self, at: u64, failed: Option<bool>) {
        let Some(mut suite) = self.suite.take() else { return };
        // A test that aborts its process gets no further event.
        for test in std::mem::take(&mut suite.running) {
            suite.shown.tests += 1;
            suite.shown.bad += 1;
            self.out.case(ReportedCase {
                message: Some("the test began and did not end"),
                ..ReportedCase::new(suite.id, suite.name.as_bytes(), test.as_bytes(), CaseStatus::Error)
            });
        }
        self.out.compare(at, suite.id, &suite.name, suite.declared, suite.shown);
        if failed == Some(true) && suite.shown.bad == 0 && suite.declared.bad == 0 {
            self.out.suite_error(suite.id, 1, &suite.name, Some("the suite failed, and no test in it did"));
        }
    }
}
