//! Numbers that a suite declares in its attributes, and how they compare with the cases it shows.

use super::vocabulary;
use crate::CaseStatus;
use crate::text_sink::shorten;
use crate::xml::XmlTag;
use crate::xml_reference::unescape_value;

/// Name and numbers in a suite's attributes.
#[derive(Debug, Default)]
pub struct DeclaredCounts {
    pub name: String,
    pub tests: Option<u64>,
    pub failures: u64,
    pub errors: u64,
    pub skipped: u64,
    /// `true` if the suite says that it failed as a whole.
    pub bad: bool,
    /// `true` if `<aborted>` in a case is an assumption that was not met.
    pub counts_aborted: bool,
    pub dialect: Dialect,
}

/// Producers whose numbers, or whose repeated names, mean something of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Dialect {
    #[default]
    Plain,
    /// `tests` counts assertions: Catch2, doctest.
    Assertions,
    /// `tests` counts assertions if every case was `run`: doctest without its version.
    Unversioned,
    /// `tests` counts subtests that passed too, and none of them is shown: pytest.
    Subtests,
    /// `tests` and `failures` count every suite as a test of its own: node-tap.
    SuitesToo,
    /// `failures` counts what was skipped too: minitest-junit.
    SkippedFailures,
    /// Tests of all files stand in one suite, and reruns are not shown: Mocha's own XML.
    Flat,
    /// A run that is folded into a case counts as nothing of its own: nextest.
    Folded,
}

/// Numbers of the cases and errors that a suite shows.
#[derive(Debug, Default, Clone, Copy)]
pub struct ShownCounts {
    pub cases: u64,
    pub skipped: u64,
    /// Number of failed cases and of suite errors.
    pub bad: u64,
    /// Elements that say so: some producers count these, since one case can have several.
    pub bad_elements: u64,
    /// Runs that are folded into a case: Surefire counts each of them as a test, and as a failure.
    pub reruns: u64,
    /// Number of suite errors.
    pub suite_errors: u64,
    /// Number of inner suites.
    pub suites: u64,
    /// Number of cases whose tear-down failed: pytest counts each as one test more.
    pub teardowns: u64,
    /// Number of cases with `status="run"`.
    pub run: u64,
}

impl DeclaredCounts {
    /// Parses the attributes of a suite. Malformed numbers are added to `wrong`.
    pub fn of(element: &str, tag: &XmlTag<'_>, around: Dialect, wrong: &mut Vec<String>) -> Self {
        let mut declared = Self::default();
        let mut package = String::new();
        let (mut failures, mut errors, mut skipped) = (None, None, None);
        tag.each(|key, raw| {
            let slot = match key.to_ascii_lowercase().as_str() {
                "name" => return declared.name = unescape_value(raw).into_owned(),
                "package" => return package = unescape_value(raw).into_owned(),
                "aborted" => return declared.counts_aborted = true,
                "status" | "result" | "outcome" | "state" => {
                    let status = vocabulary::parse_status(&unescape_value(raw));
                    return declared.bad |= status.is_some_and(CaseStatus::is_failure);
                }
                "incomplete" => return declared.bad |= vocabulary::is_yes(raw),
                "success" => return declared.bad |= vocabulary::is_no(raw),
                // Catch2 knows no host and says so with this word.
                "hostname" if raw == "tbd" => return declared.dialect = Dialect::Assertions,
                "doctest_version" => return declared.dialect = Dialect::Assertions,
                "tests" => &mut declared.tests,
                "failures" | "failed" | "failure" => &mut failures,
                "errors" | "error" => &mut errors,
                key if is_skip_attribute(key) => &mut skipped,
                _ => return,
            };
            let number = vocabulary::parse_count(raw);
            // A malformed count of skipped tests loses nothing: without it, more tests are missing.
            if number.is_none() && !raw.trim().is_empty() && !is_skip_attribute(key) {
                wrong.push(format!("`{key}=\"{}\"` is not a number", shorten(raw, 40)));
            }
            // A number can occur in two spellings: the larger one counts.
            *slot = (*slot).max(number);
        });
        declared.failures = failures.unwrap_or(0);
        declared.errors = errors.unwrap_or(0);
        declared.skipped = skipped.unwrap_or(0);
        if declared.dialect == Dialect::Plain {
            declared.dialect = if is_doctest(tag) {
                Dialect::Unversioned
            } else {
                detect_dialect(element, &declared.name, around)
            };
        }
        // Ant's collected report splits a class's name into package and name.
        if !package.is_empty() && !declared.name.starts_with(&package) {
            declared.name = format!("{package}.{}", declared.name);
        }
        declared
    }

    /// Qt Test declares everything that was logged as `errors`, and shows it in comments.
    pub fn count_messages(&mut self) {
        self.errors = 0;
    }

    /// Returns the declared failures without those that only the dialect counts as such.
    pub fn failures(&self, shown: &ShownCounts) -> u64 {
        match self.dialect {
            Dialect::SkippedFailures => self.failures.saturating_sub(shown.skipped),
            // node-tap counts each suite with a failure as one more. Without a shown failure, subtract nothing:
            // a hidden one must stay visible.
            Dialect::SuitesToo if shown.bad > 0 => self.failures.saturating_sub(shown.suites + 1),
            Dialect::Plain
            | Dialect::Assertions
            | Dialect::Unversioned
            | Dialect::Subtests
            | Dialect::SuitesToo
            | Dialect::Flat
            | Dialect::Folded => self.failures,
        }
    }

    /// The most failures that may be declared because of what is shown. Whoever counts a run that is folded into a case as a
    /// failure counts it as a test as well.
    pub fn explained(&self, shown: &ShownCounts) -> u64 {
        let known = shown.tests().saturating_add(self.hidden_skips(shown));
        let more = self.tests.unwrap_or(0).saturating_sub(known);
        shown.failures().saturating_add(self.counted_runs(shown).min(more))
    }

    /// Returns the number of declared tests that are neither shown nor skipped, and the number of hidden skipped ones.
    pub fn missing_tests(&self, shown: &ShownCounts) -> (u64, u64) {
        let mut accounted = shown.tests().saturating_add(self.counted_runs(shown));
        accounted = accounted.saturating_add(shown.teardowns);
        match self.dialect {
            Dialect::Assertions => return (0, 0),
            Dialect::Unversioned if shown.run > 0 && shown.run == shown.cases => return (0, 0),
            // Without any shown case, the report has lost its tests: they cannot all be subtests.
            Dialect::Subtests if shown.cases > 0 => return (0, 0),
            Dialect::SuitesToo => accounted = accounted.saturating_add(shown.suites + 1),
            Dialect::Plain
            | Dialect::Unversioned
            | Dialect::Subtests
            | Dialect::SkippedFailures
            | Dialect::Flat
            | Dialect::Folded => {}
        }
        let missing = self.tests.unwrap_or(0).saturating_sub(accounted);
        let skipped = missing.min(self.hidden_skips(shown));
        (missing - skipped, skipped)
    }

    /// Returns the number of tests that are declared as skipped and not shown.
    pub fn hidden_skips(&self, shown: &ShownCounts) -> u64 {
        self.skipped.saturating_sub(shown.skipped)
    }

    /// Returns the runs folded into cases that the dialect may count as tests.
    fn counted_runs(&self, shown: &ShownCounts) -> u64 {
        if self.dialect == Dialect::Folded { 0 } else { shown.reruns }
    }
}

impl ShownCounts {
    /// Creates the numbers of one case with this status.
    pub fn case(status: CaseStatus) -> Self {
        Self {
            cases: 1,
            skipped: u64::from(status == CaseStatus::Skipped),
            bad: u64::from(status.is_failure()),
            ..Self::default()
        }
    }

    /// Returns the failures as the producers that count the most would.
    pub fn failures(&self) -> u64 {
        self.bad.max(self.bad_elements)
    }

    /// Returns the number of tests and of errors without a test.
    pub fn tests(&self) -> u64 {
        self.cases.saturating_add(self.suite_errors)
    }

    /// Adds the numbers of a case or an inner suite. A declared number can be of any size.
    pub fn add(&mut self, inner: Self) {
        self.cases = self.cases.saturating_add(inner.cases);
        self.skipped = self.skipped.saturating_add(inner.skipped);
        self.bad = self.bad.saturating_add(inner.bad);
        self.bad_elements = self.bad_elements.saturating_add(inner.bad_elements);
        self.reruns = self.reruns.saturating_add(inner.reruns);
        self.suite_errors = self.suite_errors.saturating_add(inner.suite_errors);
        self.suites = self.suites.saturating_add(inner.suites);
        self.teardowns = self.teardowns.saturating_add(inner.teardowns);
        self.run = self.run.saturating_add(inner.run);
    }
}

/// Returns `true` if a tag has the attributes of doctest's `testsuite` without its version, in doctest's order.
fn is_doctest(tag: &XmlTag<'_>) -> bool {
    let mut keys = ["name", "errors", "failures", "tests", "time", "timestamp"].into_iter();
    let (mut count, mut fits) = (0, true);
    tag.each(|key, _| {
        count += 1;
        fits &= keys.next() == Some(key);
    });
    // With `--no-time-in-output`, doctest leaves out the last two.
    fits && matches!(count, 4 | 6)
}

/// Returns `true` if an attribute counts tests that did not run.
fn is_skip_attribute(key: &str) -> bool {
    ["skipped", "skip", "disabled", "ignored"].iter().any(|known| key.eq_ignore_ascii_case(known))
}

/// Detects the dialect from a name, or inherits that of the outer suite.
fn detect_dialect(element: &str, name: &str, around: Dialect) -> Dialect {
    match (element, name) {
        ("testsuites", "pytest tests") => Dialect::Subtests,
        ("testsuites", "TAP Tests") => Dialect::SuitesToo,
        ("testsuites", "nextest-run") => Dialect::Folded,
        ("testsuite", "minitest") => Dialect::SkippedFailures,
        ("testsuite", "Mocha Tests") => Dialect::Flat,
        (_, _) => match around {
            // These producers name themselves at the root only, and count alike in all suites inside.
            Dialect::Subtests | Dialect::SuitesToo | Dialect::Folded => around,
            Dialect::Plain
            | Dialect::Assertions
            | Dialect::Unversioned
            | Dialect::SkippedFailures
            | Dialect::Flat => Dialect::Plain,
        },
    }
}
