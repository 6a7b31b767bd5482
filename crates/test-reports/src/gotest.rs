//! `go test -json`: one JSON object a line, also with text of the compiler between them.

mod rounds;

use std::collections::HashMap;
use std::io::Read;

use serde::Deserialize;

use self::rounds::{GoResult, Rounds};
use super::collector::{self, Collector, ReadError, ReportedCase};
use super::limits;
use super::lines::ReportLines;
use super::mention;
use super::source::Source;
use super::text_sink::{first_line, shorten};
use crate::{CaseStatus, TestId};

/// One line of the stream.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct GoEvent {
    action: String,
    #[serde(default)]
    package: String,
    #[serde(default)]
    import_path: String,
    #[serde(default)]
    test: String,
    #[serde(default)]
    output: String,
    #[serde(default)]
    key: String,
    #[serde(default)]
    value: String,
}

/// Returns `true` if a line is in this format.
pub fn is_go_test_line(line: &str) -> bool {
    line.starts_with('{') && serde_json::from_str::<GoEvent>(line).is_ok()
}

/// Reads the lines of `go test -json`.
///
/// # Errors
/// Returns an error if they cannot be read or exceed a limit.
pub fn read_go_test<R: Read>(source: &mut Source<R>, out: &mut Collector) -> Result<(), ReadError> {
    out.without_reruns();
    let mut reader = GoTestReader { out, packages: HashMap::new(), running: HashMap::new(), errors: 0 };
    let mut lines = ReportLines::new(source);
    while let Some((at, line)) = lines.next()? {
        reader.line(at, line.trim())?;
    }
    let at = lines.position();
    reader.finish(at);
    Ok(())
}

/// State of the reader between two lines.
struct GoTestReader<'o> {
    out: &'o mut Collector,
    packages: HashMap<String, GoPackage>,
    /// Tests that have started and not ended, by package and name.
    running: HashMap<(String, String), RunningTest>,
    errors: u64,
}

/// A test that has started and not ended.
#[derive(Debug, Default)]
struct RunningTest {
    /// First line of the test's output.
    message: Option<String>,
    /// Values of its attributes that link to issues.
    links: Vec<String>,
}

/// State of a package.
#[derive(Debug, Default)]
struct GoPackage {
    /// Failed tests since it last began.
    bad: u64,
    ended: bool,
    /// First line of the package's own output.
    message: Option<String>,
    /// Failed tests that may still be rerun.
    rounds: Rounds,
}

impl GoTestReader<'_> {
    /// Handles one line.
    fn line(&mut self, at: u64, line: &str) -> Result<(), ReadError> {
        if line.is_empty() {
            return Ok(());
        }
        if !line.starts_with('{') {
            // `go vet` and the compiler write between the events.
            if line.starts_with("FAIL") || line.starts_with("panic:") {
                self.error("", Some(line));
            }
            return Ok(());
        }
        match serde_json::from_str(line) {
            Ok(event) => self.event(at, event),
            Err(error) => {
                self.out.add_gap(Some(at), format!("not a line of `go test -json`: {error}"));
                Ok(())
            }
        }
    }

    /// Handles one event.
    fn event(&mut self, at: u64, event: GoEvent) -> Result<(), ReadError> {
        let GoEvent { action, package, import_path, test, output, key, value } = event;
        match action.as_str() {
            "start" => {
                let package = self.packages.entry(package).or_default();
                // gotestsum starts a package again to rerun its failed tests.
                *package = GoPackage { rounds: std::mem::take(&mut package.rounds), ..GoPackage::default() };
            }
            "run" | "bench" if !test.is_empty() => {
                // Go before 1.20 writes no `start`: there, the first test begins the package.
                self.packages.entry(package.clone()).or_default().ended = false;
                if self.running.len() >= limits::UNDER_WAY {
                    let what = format!("more than {} tests under way at once (limit)", limits::UNDER_WAY);
                    return Err(ReadError { at: Some(at), what });
                }
                self.running.insert((package, test), RunningTest::default());
            }
            "output" => self.output(package, test, &output),
            "pass" | "fail" | "skip" => {
                let status = match action.as_str() {
                    "pass" => CaseStatus::Passed,
                    "skip" => CaseStatus::Skipped,
                    _ => CaseStatus::Failed,
                };
                if test.is_empty() {
                    self.package_end(&package, status)
                } else {
                    self.test_end(package, test, status)
                }
            }
            "build-fail" => self.error(&import_path, Some("the build failed")),
            "attr" => {
                if let Some(running) = self.running.get_mut(&(package, test)) {
                    mention::push_link(&mut running.links, &key, value);
                }
            }
            "pause" | "cont" | "run" | "bench" | "build-output" | "artifacts" => {}
            other => {
                self.out.add_gap(Some(at), format!("the action `{}` is not known", shorten(other, 40)));
            }
        }
        Ok(())
    }

    /// Output: the first line that says something is kept.
    fn output(&mut self, package: String, test: String, output: &str) {
        let text = output.trim();
        if text.is_empty()
            // Lines of the test runner itself do not explain a failure.
            || ["=== ", "--- ", "PASS", "ok ", "?   "].iter().any(|known| text.starts_with(known))
        {
            return;
        }
        let slot = if test.is_empty() {
            Some(&mut self.packages.entry(package).or_default().message)
        } else {
            self.running.get_mut(&(package, test)).map(|running| &mut running.message)
        };
        if let Some(slot) = slot
            && slot.is_none()
        {
            *slot = first_line(text);
        }
    }

    /// Records the end of a test.
    fn test_end(&mut self, name: String, test: String, status: CaseStatus) {
        let RunningTest { message, links } =
            self.running.remove(&(name.clone(), test.clone())).unwrap_or_default();
        let package = self.packages.entry(name.clone()).or_default();
        package.bad += u64::from(status.is_failure());
        let result = GoResult { test, status, message, links, reruns: 0 };
        if let Some(result) = package.rounds.add(result) {
            self.result(&name, &result);
        }
    }

    /// Reports the outcome of a test.
    fn result(&mut self, package: &str, result: &GoResult) {
        let case = ReportedCase {
            reruns: result.reruns,
            message: result.message.as_deref(),
            ..ReportedCase::new(TestId::default(), package.as_bytes(), result.test.as_bytes(), result.status)
        };
        self.out.case_with(case, &result.links);
    }

    /// A package ends: a failure that no test in it explains is an error.
    fn package_end(&mut self, name: &str, status: CaseStatus) {
        let mut unfinished: Vec<String> =
            self.running.keys().filter(|(p, _)| p == name).map(|(_, test)| test.clone()).collect();
        // A panic or a time-out ends the package under its tests.
        unfinished.sort_unstable();
        for test in unfinished {
            self.test_end(name.to_owned(), test, CaseStatus::Error);
        }
        let package = self.packages.entry(name.to_owned()).or_default();
        package.ended = true;
        let bad = std::mem::take(&mut package.bad);
        let message = package.message.take();
        for result in package.rounds.end(status == CaseStatus::Failed) {
            self.result(name, &result);
        }
        if status == CaseStatus::Failed && bad == 0 {
            let message = message.unwrap_or_else(|| "the package failed, and no test in it did".to_owned());
            self.error(name, Some(&message));
        }
    }

    /// Reports an error that belongs to no test.
    fn error(&mut self, name: &str, message: Option<&str>) {
        self.errors += 1;
        self.out.suite_error(collector::suite_id(TestId::default(), name, self.errors), 1, name, message);
    }

    /// Handles the end of the file.
    fn finish(mut self, at: u64) {
        let mut open: Vec<String> =
            self.packages.iter().filter(|(_, p)| !p.ended).map(|(name, _)| name.clone()).collect();
        // A hash map has any order, and evidence must not depend on it.
        open.sort_unstable();
        for name in open {
            self.out
                .add_gap(Some(at), format!("the package `{}` did not come to its end", shorten(&name, 100)));
            // The gap already reports the missing end. Tests that still run become errors either way.
            self.package_end(&name, CaseStatus::Passed);
        }
        let mut packages: Vec<(String, GoPackage)> = std::mem::take(&mut self.packages).into_iter().collect();
        packages.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
        for (name, package) in packages {
            for result in package.rounds.finish() {
                self.result(&name, &result);
            }
        }
    }
}
