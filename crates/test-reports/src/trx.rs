//! TRX, the format of `dotnet test` and Visual Studio: `TestRun` › `Results` › `UnitTestResult`.

use std::collections::HashSet;
use std::io::Read;

use xxhash_rust::xxh3::xxh3_128;

use super::collector::{Collector, ReadError, ReportedCase, TestCounts};
use super::elements::{ElementReader, read_elements};
use super::limits;
use super::text_sink::{TextSink, shorten};
use super::xml::{XmlReader, XmlTag};
use super::xml_reference::unescape_value;
use crate::{CaseStatus, TestId};

/// Reads the document.
///
/// # Errors
/// Returns the place where the document is malformed; earlier results are collected.
pub fn read_trx<R: Read>(xml: &mut XmlReader<R>, out: &mut Collector) -> Result<(), ReadError> {
    out.without_reruns();
    let mut reader = TrxReader {
        out,
        open: Vec::new(),
        results: Vec::new(),
        shown: TestCounts::default(),
        direct: 0,
        all: TestCounts::default(),
        run: TrxRun::default(),
        with_result: HashSet::new(),
        defined: Vec::new(),
    };
    read_elements(xml, &mut reader)?;
    reader.finish(xml.token_at());
    Ok(())
}

/// State of the reader between two tags.
struct TrxReader<'o> {
    out: &'o mut Collector,
    open: Vec<TrxElement>,
    /// Results that are open: those of a data-driven test hold those of its rows.
    results: Vec<TrxResult>,
    shown: TestCounts,
    /// Results that stand directly in the list: rows are not among them.
    direct: u64,
    /// All results, data-driven tests beside their rows: so MSTest of old counts.
    all: TestCounts,
    run: TrxRun,
    /// Hashes of the ids of tests that have a result.
    with_result: HashSet<u128>,
    /// Tests that are defined and had no result before their definition: the hash of the id, and the name of the first of them.
    defined: Vec<(u128, String)>,
}

/// Kind of element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum TrxElement {
    Results,
    Result,
    ErrorInfo,
    Message,
    Summary,
    RunInfo,
    RunText,
    Definitions,
    Other,
}

/// Summary at the end of the document.
#[derive(Debug, Default)]
struct TrxRun {
    outcome: String,
    declared: TestCounts,
    /// Text of the first message of a run that went wrong.
    trouble: Option<Option<String>>,
    info_is_error: bool,
    /// `true` for CppUnit, whose root element has the same name.
    of_cppunit: bool,
}

/// Result of a test.
#[derive(Debug, Default)]
struct TrxResult {
    name: String,
    test: String,
    outcome: Option<String>,
    message: Option<String>,
    rows: TestCounts,
}

impl ElementReader for TrxReader<'_> {
    fn start(&mut self, tag: &XmlTag<'_>, text: &mut TextSink) {
        let parent = self.open.last().copied();
        let kind = match tag.name() {
            "UnitTestResult"
            | "TestResult"
            | "GenericTestResult"
            | "ManualTestResult"
            | "WebTestResult"
            | "LoadTestResult"
            | "TestResultAggregation" => {
                self.result(tag);
                TrxElement::Result
            }
            "ErrorInfo" => TrxElement::ErrorInfo,
            "Message" if parent == Some(TrxElement::ErrorInfo) => {
                text.want_first_line();
                TrxElement::Message
            }
            "ResultSummary" => {
                tag.each(|key, raw| {
                    if key == "outcome" {
                        self.run.outcome = raw.to_owned();
                    }
                });
                TrxElement::Summary
            }
            "Counters" if parent == Some(TrxElement::Summary) => {
                self.counters(tag);
                TrxElement::Other
            }
            "RunInfo" => {
                let mut outcome = String::new();
                tag.each(|key, raw| {
                    if key == "outcome" {
                        outcome = raw.to_owned();
                    }
                });
                self.run.info_is_error = !matches!(outcome.as_str(), "Warning" | "Completed" | "Passed" | "");
                TrxElement::RunInfo
            }
            "Text" if parent == Some(TrxElement::RunInfo) => {
                text.want_first_line();
                TrxElement::RunText
            }
            "Results" | "InnerResults" => TrxElement::Results,
            "TestDefinitions" => TrxElement::Definitions,
            name if parent == Some(TrxElement::Definitions) && name.ends_with("Test") => {
                self.definition(tag);
                TrxElement::Other
            }
            name => {
                self.run.of_cppunit |= matches!(name, "FailedTests" | "SuccessfulTests");
                if parent == Some(TrxElement::Results) {
                    self.out.add_unknown_element(name);
                }
                TrxElement::Other
            }
        };
        self.open.push(kind);
    }

    fn end(&mut self, at: u64, text: &mut TextSink) {
        match self.open.pop() {
            Some(TrxElement::Result) => {
                if let Some(result) = self.results.pop() {
                    self.close_result(&result, at);
                }
            }
            Some(TrxElement::Message) => {
                let line = text.take_first_line();
                if let Some(result) = self.results.last_mut() {
                    result.message = result.message.take().or(line);
                }
            }
            Some(TrxElement::RunText) => {
                let line = text.take_first_line();
                if let Some(trouble) = &mut self.run.trouble {
                    *trouble = trouble.take().or(line);
                } else if self.run.info_is_error {
                    self.run.trouble = Some(line);
                }
            }
            Some(TrxElement::RunInfo) if self.run.info_is_error && self.run.trouble.is_none() => {
                self.run.trouble = Some(None);
            }
            Some(
                TrxElement::RunInfo
                | TrxElement::ErrorInfo
                | TrxElement::Summary
                | TrxElement::Results
                | TrxElement::Definitions
                | TrxElement::Other,
            )
            | None => {}
        }
    }
}

impl TrxReader<'_> {
    /// Handles the start of a result.
    fn result(&mut self, tag: &XmlTag<'_>) {
        let mut result = TrxResult::default();
        tag.each(|key, raw| match key {
            "testName" => result.name = unescape_value(raw).into_owned(),
            "testId" => result.test = raw.to_owned(),
            "outcome" => result.outcome = Some(raw.to_owned()),
            _ => {}
        });
        self.with_result.insert(xxh3_128(result.test.as_bytes()));
        self.results.push(result);
    }

    /// Handles the definition of a test.
    fn definition(&mut self, tag: &XmlTag<'_>) {
        let (mut id, mut name) = (None, String::new());
        tag.each(|key, raw| match key {
            "id" => id = Some(xxh3_128(raw.as_bytes())),
            "name" => name = shorten(&unescape_value(raw), 100),
            _ => {}
        });
        // Results come before definitions, so that few of these are kept.
        if let Some(id) = id.filter(|id| !self.with_result.contains(id)) {
            // Enough names for the gaps that are shown.
            if self.defined.len() >= limits::DETAILS {
                name.clear();
            }
            self.defined.push((id, name));
        }
    }

    /// Reads the numbers of the whole run.
    fn counters(&mut self, tag: &XmlTag<'_>) {
        let declared = &mut self.run.declared;
        let out = &mut *self.out;
        tag.each(|key, raw| match key {
            "total" => declared.tests = out.number(key, raw),
            "failed" | "error" | "timeout" | "aborted" | "passedButRunAborted" | "disconnected" => {
                declared.bad = declared.bad.saturating_add(out.number(key, raw));
            }
            _ => {}
        })
    }

    /// Records the end of a result.
    fn close_result(&mut self, result: &TrxResult, at: u64) {
        let status = match result.outcome.as_deref() {
            Some("Passed" | "Completed" | "Warning") => CaseStatus::Passed,
            Some("Failed") => CaseStatus::Failed,
            // Visual Studio leaves out an outcome that is its first, an error.
            None => CaseStatus::Error,
            // A test that is still in progress when the file ends was cut off, for example by a crash.
            Some("Error" | "Timeout" | "Aborted" | "PassedButRunAborted" | "Disconnected" | "InProgress") => {
                CaseStatus::Error
            }
            Some("NotExecuted" | "Inconclusive" | "NotRunnable" | "Pending") => CaseStatus::Skipped,
            Some(other) => {
                self.out.add_gap(
                    Some(at),
                    format!(
                        "`{}` has the unknown outcome `{}`",
                        shorten(&result.name, 100),
                        shorten(other, 40)
                    ),
                );
                CaseStatus::Error
            }
        };
        let bad = u64::from(status.is_failure());
        self.all.add(TestCounts { tests: 1, bad });
        let around = self.results.last_mut();
        self.direct += u64::from(around.is_none());
        // A data-driven test is its rows, unless it failed by itself.
        let counts = result.rows.tests == 0 || bad > result.rows.bad;
        let numbers = if counts { TestCounts { tests: 1, bad } } else { TestCounts::default() };
        let total =
            TestCounts { tests: numbers.tests + result.rows.tests, bad: numbers.bad + result.rows.bad };
        match around {
            Some(around) => {
                around.rows.tests += total.tests;
                around.rows.bad += total.bad;
            }
            None => {
                self.shown.tests += total.tests;
                self.shown.bad += total.bad;
            }
        }
        if counts {
            self.out.case(ReportedCase {
                // The class is elsewhere in the document, under this id. Two tests of one name differ in the id.
                file: result.test.as_bytes(),
                message: result.message.as_deref(),
                ..ReportedCase::new(TestId::default(), b"", result.name.as_bytes(), status)
            });
        }
    }

    /// Handles the end of the document.
    fn finish(self, at: u64) {
        let Self { out, shown, direct, all, run, with_result, defined, .. } = self;
        for (id, name) in defined {
            if !with_result.contains(&id) {
                out.add_gap(
                    None,
                    format!("the test `{name}` is defined and has no result: it may have been lost"),
                );
            }
        }
        if run.of_cppunit {
            out.add_gap(None, "CppUnit's own format is not read: write JUnit XML");
            return;
        }
        if run.outcome.is_empty() {
            out.add_gap(Some(at), "there is no summary: the run did not come to its end");
        }
        let mut shown = TestCounts { tests: shown.tests.max(direct), bad: shown.bad.max(all.bad) };
        // MSTest before 2015 counts data-driven tests and their rows.
        if run.declared.tests == all.tests {
            shown.tests = all.tests;
        }
        out.compare(at, TestId::default(), "(test run)", run.declared, shown);
        let failed = !matches!(run.outcome.as_str(), "" | "Completed" | "Passed" | "Warning");
        if shown.bad == 0 && run.declared.bad == 0 && (failed || run.trouble.is_some()) {
            let trouble = run.trouble.flatten();
            let message = trouble.as_deref().unwrap_or("the run failed, and no test in it did");
            out.suite_error(TestId::default(), 1, "(test run)", Some(message));
        }
    }
}
