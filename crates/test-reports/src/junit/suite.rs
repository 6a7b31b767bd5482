//! Nested suites: compares the numbers each declares with the cases it shows.

use super::declared::{DeclaredCounts, Dialect, ShownCounts};
use super::vocabulary;
use crate::TestId;
use crate::collector::{self, Collector, ReportProblem};
use crate::limits;
use crate::rerun::RerunListing;
use crate::text_sink::shorten;
use crate::xml::{XmlTag, name_and_value};

/// Open suites, the outermost first.
#[derive(Debug, Default)]
pub struct OpenSuites {
    open: Vec<OpenSuite>,
    /// Problems at the current tag, which have no place yet.
    unplaced: Vec<ReportProblem>,
    /// The message of a suite's own error, while its element is open.
    error: Option<Option<String>>,
    /// Tests that suites have not shown, until the root says whether they were skipped.
    missing: u64,
    /// Problems to report for them if they were not skipped.
    missed: Vec<ReportProblem>,
    /// `true` if the previous tag was a root as Gradle writes it.
    is_gradle_head: bool,
}

/// A suite that is open.
#[derive(Debug, Default)]
struct OpenSuite {
    id: TestId,
    name: String,
    declared: DeclaredCounts,
    shown: ShownCounts,
    /// Suites in it so far.
    suites: u64,
    /// Errors of its own so far.
    own_errors: u64,
}

impl OpenSuites {
    /// Returns `true` inside the root element.
    pub fn is_open(&self) -> bool {
        !self.open.is_empty()
    }

    /// Returns the identity of the innermost suite.
    pub fn current(&self) -> TestId {
        self.open.last().map_or(TestId::default(), |suite| suite.id)
    }

    /// Returns `true` for a report of node-tap, which marks skipped tests by a property.
    pub fn are_of_tap(&self) -> bool {
        self.open.last().is_some_and(|suite| suite.declared.dialect == Dialect::SuitesToo)
    }

    /// Begins a suite or a group of suites.
    pub fn open(&mut self, element: &str, tag: &XmlTag<'_>, out: &mut Collector) {
        let (parent, around) = match self.open.last() {
            Some(suite) => (suite.id, suite.declared.dialect),
            None => (TestId::default(), Dialect::default()),
        };
        let mut not_numbers = Vec::new();
        let declared = DeclaredCounts::of(element, tag, around, &mut not_numbers);
        self.unplaced.extend(not_numbers.into_iter().map(|what| ReportProblem { at: None, what, gap: true }));
        // Without suites, tests of several files are siblings, and two files can use the same name.
        out.suite_begins(element == "testsuite" && declared.dialect != Dialect::Flat);
        // Gradle writes one file for each class, so its `testsuite` is the root.
        self.is_gradle_head = self.open.is_empty() && element == "testsuite" && is_gradle(tag);
        let id = if element == "testsuite" {
            let place = self.open.last_mut().map_or(0, |suite| {
                suite.suites += 1;
                suite.suites
            });
            collector::suite_id(parent, &declared.name, place)
        } else {
            // The root's name is that of a run, not of a test: two legs may well differ in it.
            parent
        };
        // Gaps name the suite.
        let name = if declared.name.trim().is_empty() { "(without a name)" } else { &declared.name };
        let name = shorten(name, limits::NAME_CHARS);
        self.open.push(OpenSuite { id, name, declared, ..OpenSuite::default() });
    }

    /// Handles a property that tells the result or the producer of the suite.
    pub fn property(&mut self, tag: &XmlTag<'_>, out: &mut Collector) {
        let (name, value) = name_and_value(tag);
        let Some(suite) = self.open.last_mut() else { return };
        match (name.as_str(), value.trim()) {
            ("QTestVersion", _) => suite.declared.count_messages(),
            // Ginkgo: a failure of the whole suite, and a run of focused specs alone, which it fails by its exit code.
            ("SuiteSucceeded", value) if vocabulary::is_no(value) => suite.declared.bad = true,
            ("SuiteHasProgrammaticFocus", value) if vocabulary::is_yes(value) => suite.declared.bad = true,
            // gotestsum writes this property, and lists reruns as further cases of the suite.
            ("go.version", value) if value.starts_with("go") => {
                out.suite_lists_reruns(RerunListing::FailedFirst)
            }
            _ => {}
        }
    }

    /// Handles the start of the properties of a suite.
    pub fn properties(&mut self, empty: bool, out: &mut Collector) {
        // Gradle writes an empty `<properties/>`. A suite with properties in it comes from another producer.
        if std::mem::take(&mut self.is_gradle_head) && empty {
            out.suite_lists_reruns(RerunListing::Rounds);
        }
    }

    /// Records a number that a suite declares in an element, as AntUnit does. Any other text is a failure.
    pub fn count(&mut self, element: &str, text: Option<String>, out: &mut Collector) {
        let Some(suite) = self.open.last_mut() else { return };
        match (text.as_deref().map(vocabulary::parse_count), element) {
            (None, _) => {}
            (Some(Some(number)), "tests") => suite.declared.tests = suite.declared.tests.max(Some(number)),
            (Some(Some(number)), "failures") => suite.declared.failures = suite.declared.failures.max(number),
            (Some(Some(number)), _) => suite.declared.errors = suite.declared.errors.max(number),
            (Some(None), "tests") => self.unknown(element),
            (Some(None), _) => {
                self.own_error(text);
                self.text(None, out);
            }
        }
    }

    /// Returns `true` if `<aborted>` in a case is an assumption that was not met: Ant counts these separately.
    pub fn count_aborted(&self) -> bool {
        self.open.last().is_some_and(|suite| suite.declared.counts_aborted)
    }

    /// Adds the numbers of a test case and returns its suite.
    pub fn case(&mut self, shown: ShownCounts) -> TestId {
        // Gradle writes `<properties/>` before the first case.
        self.is_gradle_head = false;
        let Some(suite) = self.open.last_mut() else { return TestId::default() };
        suite.shown.add(shown);
        suite.id
    }

    /// Begins an error of the suite itself.
    pub fn own_error(&mut self, message: Option<String>) {
        self.error = Some(message);
    }

    /// Returns `true` if the open error has no message yet.
    pub fn wants_message(&self) -> bool {
        self.error.as_ref().is_some_and(Option::is_none)
    }

    /// Ends an error of the suite, if one is open; `line` is its message if it had none.
    pub fn text(&mut self, line: Option<String>, out: &mut Collector) {
        let (Some(message), Some(suite)) = (self.error.take(), self.open.last_mut()) else { return };
        suite.own_errors += 1;
        suite.shown.suite_errors += 1;
        suite.shown.bad += 1;
        suite.shown.bad_elements += 1;
        out.suite_error(suite.id, suite.own_errors, &suite.name, message.or(line).as_deref());
    }

    /// Ends a suite and compares the declared with the shown numbers.
    pub fn close(&mut self, out: &mut Collector) {
        let Some(mut suite) = self.open.pop() else { return };
        out.suite_ends();
        let (failures, errors) = (suite.declared.failures(&suite.shown), suite.declared.errors);
        let seen = suite.declared.explained(&suite.shown);
        let hidden = failures.max(errors).saturating_sub(seen);
        if suite.declared.bad && suite.shown.failures() == 0 && hidden == 0 {
            self.add_gap(format!("the suite `{}` says that it has failed and shows no failure", suite.name));
        }
        if hidden > 0 {
            self.hidden(&mut suite, failures, errors, hidden, out);
        } else if failures.saturating_add(errors) > seen {
            // Some producers declare one case as both. It has failed in any case; how many have is not certain.
            self.add_gap(format!(
                "the suite `{}` declares {failures} failures and {errors} errors and shows {seen} together",
                suite.name
            ));
        }
        let (missing, skipped) = suite.declared.missing_tests(&suite.shown);
        if missing > 0 {
            self.misses(&mut suite, missing);
        }
        // Count hidden skipped tests as shown, or each suite around would miss them again.
        suite.shown.cases = suite.shown.cases.saturating_add(skipped);
        suite.shown.skipped = suite.shown.skipped.saturating_add(skipped);
        if let Some(parent) = self.open.last_mut() {
            parent.shown.add(suite.shown);
            parent.shown.suites += 1;
        } else if suite.declared.hidden_skips(&suite.shown) < std::mem::take(&mut self.missing) {
            self.unplaced.append(&mut self.missed);
        } else {
            // Mocha's reporter says how many were skipped only here, and shows none of them.
            self.missed.clear();
        }
    }

    /// Reports all pending problems of a document that ends inside its suites.
    pub fn give_up(&mut self, out: &mut Collector) {
        for problem in self.unplaced.drain(..).chain(self.missed.drain(..)) {
            out.add_problem(problem);
        }
    }

    /// Adds a gap at the current tag.
    fn add_gap(&mut self, what: String) {
        self.unplaced.push(ReportProblem { at: None, what, gap: true });
    }

    /// Reports an unknown element.
    pub fn unknown(&mut self, name: &str) {
        self.add_gap(format!("the element `{name}` is not known: it could be a result"));
    }

    /// Reports a case, suite or result inside an element that is skipped.
    pub fn misplaced(&mut self, name: &str) {
        self.add_gap(format!("the element `{name}` stands where none is looked for: it could be a result"));
    }

    /// Reports a case with an unknown status.
    pub fn unclear_status(&mut self, case: &str, word: &str) {
        self.add_gap(format!(
            "the status `{}` of the test `{}` is not known",
            shorten(word, 40),
            shorten(case, limits::NAME_CHARS)
        ));
    }

    /// Reports the pending problems at this place.
    pub fn place_problems(&mut self, at: u64, out: &mut Collector) {
        for missed in &mut self.missed {
            missed.at = missed.at.or(Some(at));
        }
        for problem in self.unplaced.drain(..) {
            out.add_problem(ReportProblem { at: problem.at.or(Some(at)), ..problem });
        }
    }

    /// Handles a suite that declares more tests than it shows.
    fn misses(&mut self, suite: &mut OpenSuite, missing: u64) {
        let OpenSuite { name, declared, shown, .. } = &suite;
        let tests = declared.tests.unwrap_or(0);
        let seen = shown.tests();
        let what = format!("the suite `{name}` declares {tests} tests and shows {seen}");
        // The list is bounded, because a hostile report can have any number of such suites.
        if self.missed.len() < limits::PROBLEMS {
            self.missed.push(ReportProblem { at: None, what, gap: true });
        }
        self.missing = self.missing.saturating_add(missing);
        // Said once: the suites around it must not say it again.
        suite.shown.cases = suite.shown.cases.saturating_add(missing);
    }

    /// Counts each failure that a suite declares and does not show as an error.
    fn hidden(
        &mut self,
        suite: &mut OpenSuite,
        failures: u64,
        errors: u64,
        hidden: u64,
        out: &mut Collector,
    ) {
        let seen = suite.declared.explained(&suite.shown);
        let message = format!("the suite declares {failures} failures and {errors} errors and shows {seen}");
        // The ordinals continue after the suite's own errors. With an ordinal twice, two errors would count as one.
        out.suite_errors(suite.id, suite.own_errors, hidden, &suite.name, &message);
        suite.own_errors = suite.own_errors.saturating_add(hidden);
        suite.shown.suite_errors = suite.shown.suite_errors.saturating_add(hidden);
        // Said once: the suites around it must not say it again.
        suite.shown.bad = failures.saturating_add(errors);
        suite.shown.bad_elements = suite.shown.bad;
        self.unplaced.push(ReportProblem {
            at: None,
            what: format!("`{}`: {message}", suite.name),
            gap: false,
        });
    }
}

/// Returns `true` if a tag has the attributes of Gradle's `testsuite`, in Gradle's order.
fn is_gradle(tag: &XmlTag<'_>) -> bool {
    // Other producers use the same names. Only the exact order distinguishes Gradle.
    const KEYS: [&str; 8] =
        ["name", "tests", "skipped", "failures", "errors", "timestamp", "hostname", "time"];
    let mut keys = KEYS.into_iter();
    let mut fits = true;
    tag.each(|key, _| fits &= keys.next() == Some(key));
    fits && keys.next().is_none()
}
