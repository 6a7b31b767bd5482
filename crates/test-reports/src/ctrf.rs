//! CTRF, the Common Test Report Format: one JSON document. Tests are read one by one and never held together.

mod suite;

use std::cell::RefCell;
use std::fmt;
use std::io::{BufReader, Read};

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::collector::{self, Collector, ReadError, ReportedCase, TestCounts};
use super::limits;
use super::source::Source;
use super::text_sink::{first_line, shorten};
use crate::{CaseStatus, TestId};
use suite::CtrfSuite;

/// Reason why a document was not read to its end.
#[derive(Debug)]
pub enum CtrfError {
    /// The document has a list of tests.
    Broken(ReadError),
    /// The document has no list of tests.
    SomethingElse(ReadError),
}

/// Reads the document. If it is JSON and not CTRF, the error names the likely format.
///
/// # Errors
/// Returns the place where the document is malformed; earlier results are collected.
pub fn read_ctrf<R: Read>(source: &mut Source<R>, out: &mut Collector) -> Result<(), CtrfError> {
    out.without_reruns();
    let state = RefCell::new(CtrfReader {
        out,
        shown: TestCounts::default(),
        expected: 0,
        declared: None,
        found: false,
        others: Vec::new(),
    });
    source.allow(limits::JSON_ITEM_BYTES);
    let source = RefCell::new(source);
    let mut json = serde_json::Deserializer::from_reader(BufReader::new(BoundedSource { source: &source }));
    let result =
        CtrfDocument { state: &state, source: &source }.deserialize(&mut json).and_then(|()| json.end());
    let CtrfReader { out, mut shown, expected, declared, found, others } = state.into_inner();
    if let Err(error) = result {
        let what = if error.is_io() {
            format!("cannot be read: {error}")
        } else {
            format!("not well-formed: {error}")
        };
        let stopped = ReadError { at: None, what };
        return Err(if found { CtrfError::Broken(stopped) } else { CtrfError::SomethingElse(stopped) });
    }
    if !found {
        let looks = describe_json(&others);
        let what = format!("not a test report: JSON without `results.tests`{looks}");
        return Err(CtrfError::SomethingElse(ReadError { at: None, what }));
    }
    // Playwright's reporter declares tests that failed as expected among the failed ones. Excuse exactly their number:
    // any other number could hide a failure.
    let hidden = declared.map_or(0, |declared| declared.bad.saturating_sub(shown.bad));
    if hidden == expected {
        shown.bad += hidden;
    }
    match declared {
        Some(declared) => out.compare(0, TestId::default(), "(report)", declared, shown),
        None => {
            out.add_gap(None, "there is no summary: the report may not be complete");
        }
    }
    Ok(())
}

/// One entry of `results.tests`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct CtrfTest {
    #[serde(default)]
    name: String,
    #[serde(default)]
    status: String,
    #[serde(default)]
    raw_status: Option<String>,
    #[serde(default)]
    suite: CtrfSuite,
    #[serde(default)]
    message: Option<String>,
    #[serde(default)]
    file_path: Option<String>,
    #[serde(default)]
    line: Option<u64>,
    #[serde(default)]
    retries: Option<u64>,
    #[serde(default, alias = "flake")]
    flaky: Option<bool>,
    #[serde(default)]
    browser: Option<String>,
}

/// Value of `results.summary`.
#[derive(Debug, Deserialize)]
struct CtrfSummary {
    #[serde(default)]
    tests: u64,
    #[serde(default)]
    failed: u64,
    #[serde(default)]
    other: u64,
    #[serde(default)]
    passed: Option<u64>,
    #[serde(default)]
    skipped: u64,
    #[serde(default)]
    pending: u64,
}

impl CtrfSummary {
    /// Returns the number of tests that the summary counts without an outcome; zero if it does not count passed tests.
    fn without_outcome(&self) -> u64 {
        let Some(passed) = self.passed else { return 0 };
        let outcomes = [passed, self.failed, self.other, self.skipped, self.pending];
        self.tests.saturating_sub(outcomes.into_iter().fold(0, u64::saturating_add))
    }
}

/// State of the reader between two tests.
struct CtrfReader<'o> {
    out: &'o mut Collector,
    shown: TestCounts,
    /// Number of tests that passed because they failed as expected.
    expected: u64,
    declared: Option<TestCounts>,
    found: bool,
    /// Other keys at the top of the document.
    others: Vec<String>,
}

impl CtrfReader<'_> {
    /// One entry of `results.tests`.
    fn test(&mut self, test: &CtrfTest) {
        let status = match (test.status.as_str(), test.flaky) {
            ("passed", Some(true)) => CaseStatus::Flaky,
            // A producer that says `flaky: false` knows better than the number of retries.
            ("passed", None) if test.retries.unwrap_or(0) > 0 => CaseStatus::Flaky,
            ("passed", _) => CaseStatus::Passed,
            ("failed", _) => CaseStatus::Failed,
            ("skipped" | "pending", _) => CaseStatus::Skipped,
            // Timed out, interrupted or crashed: CTRF has no word for these.
            ("other", _) => CaseStatus::Error,
            (unknown, _) => {
                self.out.add_unknown_word(None, "status", unknown, "", &test.name);
                CaseStatus::Error
            }
        };
        self.shown.tests += 1;
        self.shown.bad += u64::from(status.is_failure());
        let raw = test.raw_status.as_deref();
        self.expected +=
            u64::from(status == CaseStatus::Passed && matches!(raw, Some("failed" | "timedOut")));
        let message = test.message.as_deref().and_then(first_line);
        // The browser is a leg of its own: a failure in one is not made good by another.
        let suite = collector::suite_id(TestId::default(), test.browser.as_deref().unwrap_or("(report)"), 0);
        self.out.case(ReportedCase {
            file: test.file_path.as_deref().unwrap_or("").as_bytes(),
            line: test.line,
            reruns: test.retries.unwrap_or(0),
            message: message.as_deref(),
            ..ReportedCase::new(suite, test.suite.0.as_bytes(), test.name.as_bytes(), status)
        });
    }
}

/// Describes JSON with these keys at its top.
fn describe_json(keys: &[String]) -> &'static str {
    let has = |key: &str| keys.iter().any(|k| k == key);
    if has("numFailedTests") || has("testResults") {
        ", as Jest writes it: use a JUnit or CTRF reporter"
    } else if has("suites") && has("config") {
        ", as Playwright writes it: use its JUnit reporter"
    } else if has("stats") {
        ", as Mocha writes it: use a JUnit or CTRF reporter"
    } else if has("runs") && has("$schema") {
        ", a SARIF report"
    } else if has("total") || has("totals") {
        ", as in a coverage report"
    } else {
        ""
    }
}

/// The whole document.
struct CtrfDocument<'s, 'o, 'r, R> {
    state: &'s RefCell<CtrfReader<'o>>,
    source: &'s RefCell<&'r mut Source<R>>,
}

/// The value of `results`.
struct CtrfResults<'s, 'o, 'r, R>(CtrfDocument<'s, 'o, 'r, R>);

/// The list of tests.
struct CtrfTests<'s, 'o, 'r, R>(CtrfDocument<'s, 'o, 'r, R>);

impl<R> Clone for CtrfDocument<'_, '_, '_, R> {
    fn clone(&self) -> Self {
        Self { state: self.state, source: self.source }
    }
}

impl<'de, R: Read> DeserializeSeed<'de> for CtrfDocument<'_, '_, '_, R> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_map(self)
    }
}

impl<'de, R: Read> Visitor<'de> for CtrfDocument<'_, '_, '_, R> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a CTRF report")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<(), M::Error> {
        while let Some(key) = map.next_key::<String>()? {
            if key == "results" {
                map.next_value_seed(CtrfResults(self.clone()))?;
                continue;
            }
            map.next_value::<IgnoredAny>()?;
            let others = &mut self.state.borrow_mut().others;
            // Enough keys to recognize other formats. A hostile document can have millions.
            if others.len() < 50 {
                others.push(shorten(&key, 40));
            }
        }
        Ok(())
    }
}

impl<'de, R: Read> DeserializeSeed<'de> for CtrfResults<'_, '_, '_, R> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_map(self)
    }
}

impl<'de, R: Read> Visitor<'de> for CtrfResults<'_, '_, '_, R> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the results of a CTRF report")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<(), M::Error> {
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "summary" => {
                    let summary: CtrfSummary = map.next_value()?;
                    let numbers = TestCounts {
                        tests: summary.tests,
                        bad: summary.failed.saturating_add(summary.other),
                    };
                    let mut state = self.0.state.borrow_mut();
                    let lost = summary.without_outcome();
                    if lost > 0 {
                        state.out.add_gap(
                            None,
                            format!("the summary counts {} tests, and no outcome of {lost}", summary.tests),
                        );
                    }
                    state.declared = Some(state.declared.unwrap_or_default().most(numbers));
                }
                "tests" => {
                    self.0.state.borrow_mut().found = true;
                    map.next_value_seed(CtrfTests(self.0.clone()))?;
                }
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }
}

impl<'de, R: Read> DeserializeSeed<'de> for CtrfTests<'_, '_, '_, R> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_seq(self)
    }
}

impl<'de, R: Read> Visitor<'de> for CtrfTests<'_, '_, '_, R> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of tests")
    }

    fn visit_seq<S: SeqAccess<'de>>(self, mut tests: S) -> Result<(), S::Error> {
        while let Some(test) = tests.next_element::<CtrfTest>()? {
            self.0.state.borrow_mut().test(&test);
            // Renew the limit for the next test: the document as a whole has none.
            self.0.source.borrow_mut().allow(limits::JSON_ITEM_BYTES);
        }
        Ok(())
    }
}

/// The bytes, as many as one test may have.
struct BoundedSource<'s, 'r, R> {
    source: &'s RefCell<&'r mut Source<R>>,
}

impl<R: Read> Read for BoundedSource<'_, '_, R> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        self.source.borrow_mut().read(into)
    }
}
