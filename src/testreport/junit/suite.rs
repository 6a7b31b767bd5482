//! Suites in suites: what each declares against what it shows.

use super::words;
use crate::model::{CaseStatus, TestId};
use crate::testreport::collector::{self, Collector, Problem};
use crate::testreport::limits;
use crate::testreport::text::cut;
use crate::testreport::xml::{Tag, value};

/// The suites that are open, the outermost first.
#[derive(Debug, Default)]
pub struct Suites {
    open: Vec<Suite>,
    /// Problems whose place is the tag at hand.
    unplaced: Vec<Problem>,
    /// The message of a suite's own error, while its element is open.
    error: Option<Option<String>>,
}

/// A suite that is open.
#[derive(Debug, Default)]
struct Suite {
    id: TestId,
    name: String,
    declared: Declared,
    shown: Shown,
    /// Suites in it so far.
    suites: u64,
    /// Errors of its own so far.
    own_errors: u64,
}

/// What a suite's attributes say.
#[derive(Debug, Default)]
struct Declared {
    tests: Option<u64>,
    failures: Option<u64>,
    errors: Option<u64>,
    /// That it has failed as a whole.
    bad: bool,
}

/// What stands in a suite and the suites in it.
#[derive(Debug, Default, Clone, Copy)]
struct Shown {
    cases: u64,
    /// Cases that failed, and errors of suites.
    bad: u64,
    /// Elements that say so: some producers count these, since one case can have several.
    bad_elements: u64,
    /// Errors of suites.
    suite_errors: u64,
}

impl Shown {
    /// With what stands in a suite inside. A declared number can be of any size.
    fn add(&mut self, inner: Self) {
        self.cases = self.cases.saturating_add(inner.cases);
        self.bad = self.bad.saturating_add(inner.bad);
        self.bad_elements = self.bad_elements.saturating_add(inner.bad_elements);
        self.suite_errors = self.suite_errors.saturating_add(inner.suite_errors);
    }
}

impl Suites {
    /// True inside of the root element.
    pub fn is_open(&self) -> bool {
        !self.open.is_empty()
    }

    /// The innermost suite.
    pub fn current(&self) -> TestId {
        self.open.last().map_or(TestId::default(), |suite| suite.id)
    }

    /// A suite, or a group of suites, begins.
    pub fn open(&mut self, element: &str, tag: &Tag<'_>, out: &mut Collector) {
        out.suite_begins();
        let (mut name, mut package) = (String::new(), String::new());
        let mut declared = Declared::default();
        let mut not_numbers = Vec::new();
        let mut counts_assertions = false;
        tag.each(|key, raw| {
            let slot = match key {
                "name" => return name = value(raw).into_owned(),
                "package" => return package = value(raw).into_owned(),
                "status" | "result" => {
                    let status = words::status(&value(raw));
                    return declared.bad |= matches!(status, Some(CaseStatus::Failed | CaseStatus::Error));
                }
                // Catch2 knows no host and says so with this word; its `tests` are assertions.
                "hostname" => return counts_assertions = raw == "tbd",
                "tests" => &mut declared.tests,
                "failures" | "failed" => &mut declared.failures,
                "errors" => &mut declared.errors,
                _ => return,
            };
            let number = words::number(raw);
            if number.is_none() && !raw.trim().is_empty() {
                not_numbers.push(format!("`{key}=\"{}\"` is not a number", cut(raw, 40)));
            }
            *slot = (*slot).max(number);
        });
        self.unplaced.extend(not_numbers.into_iter().map(|what| Problem { at: None, what, gap: true }));
        if counts_assertions {
            declared.tests = None;
        }
        let parent = self.open.last().map_or(TestId::default(), |suite| suite.id);
        // Ant's collected report splits a class's name into package and name.
        let whole =
            if package.is_empty() || name.starts_with(&package) { name } else { format!("{package}.{name}") };
        let id = if element == "testsuite" {
            let place = self.open.last_mut().map_or(0, |suite| {
                suite.suites += 1;
                suite.suites
            });
            collector::suite(parent, &whole, place)
        } else {
            // The root's name is that of a run, not of a test: two legs may well differ in it.
            parent
        };
        let name = if whole.trim().is_empty() { "(without a name)" } else { &whole };
        let name = cut(name, limits::NAME_CHARS);
        self.open.push(Suite { id, name, declared, ..Suite::default() });
    }

    /// A test case ends: how many failures it counts as, and how many elements say so. Gives its suite.
    pub fn case(&mut self, bad: u64, elements: u64) -> TestId {
        let Some(suite) = self.open.last_mut() else { return TestId::default() };
        suite.shown.cases += 1;
        suite.shown.bad += bad;
        suite.shown.bad_elements += elements;
        suite.id
    }

    /// An error of the suite itself begins.
    pub fn own_error(&mut self, message: Option<String>) {
        self.error = Some(message);
    }

    /// True if the error that has just begun has no message yet.
    pub fn wants_message(&self) -> bool {
        self.error.as_ref().is_some_and(Option::is_none)
    }

    /// The first line of the element that has just ended; if it was an error of the suite, hands that over.
    pub fn text(&mut self, line: Option<String>, out: &mut Collector) {
        let (Some(message), Some(suite)) = (self.error.take(), self.open.last_mut()) else { return };
        suite.own_errors += 1;
        suite.shown.suite_errors += 1;
        suite.shown.bad += 1;
        suite.shown.bad_elements += 1;
        out.suite_error(suite.id, suite.own_errors, &suite.name, message.or(line).as_deref());
    }

    /// A suite ends: compares what it declared with what it showed.
    pub fn close(&mut self, out: &mut Collector) {
        let Some(mut suite) = self.open.pop() else { return };
        out.suite_ends();
        let (failures, errors) = (suite.declared.failures.unwrap_or(0), suite.declared.errors.unwrap_or(0));
        let seen = suite.shown.bad.max(suite.shown.bad_elements);
        let hidden = failures.max(errors).saturating_sub(seen);
        if suite.declared.bad && seen == 0 && hidden == 0 {
            let what = format!("the suite `{}` says that it has failed and shows no failure", suite.name);
            self.unplaced.push(Problem { at: None, what, gap: true });
        }
        if hidden > 0 {
            self.hidden(&mut suite, failures, errors, hidden, out);
        } else if failures.saturating_add(errors) > seen {
            // Some producers declare one case as both. It has failed in any case; how many have is not certain.
            let what = format!(
                "the suite `{}` declares {failures} failures and {errors} errors and shows {seen} together",
                suite.name
            );
            self.unplaced.push(Problem { at: None, what, gap: true });
        }
        let shown = suite.shown.cases.saturating_add(suite.shown.suite_errors);
        if let Some(tests) = suite.declared.tests.filter(|tests| *tests > shown) {
            let what = format!("the suite `{}` declares {tests} tests and shows {shown}", suite.name);
            self.unplaced.push(Problem { at: None, what, gap: true });
            // Said once: the suites around it must not say it again.
            suite.shown.cases += tests - shown;
        }
        if let Some(parent) = self.open.last_mut() {
            parent.shown.add(suite.shown);
        }
    }

    /// An element that this version does not know.
    pub fn unknown(&mut self, name: &str) {
        let what = format!("the element `{name}` is not known: it could be a result");
        self.unplaced.push(Problem { at: None, what, gap: true });
    }

    /// A case, a suite or a result inside of an element that is passed over.
    pub fn misplaced(&mut self, name: &str) {
        let what = format!("the element `{name}` stands where none is looked for: it could be a result");
        self.unplaced.push(Problem { at: None, what, gap: true });
    }

    /// A case whose status this version does not know.
    pub fn unclear_status(&mut self, case: &str, word: &str) {
        let what = format!(
            "the status `{}` of the test `{}` is not known",
            cut(word, 40),
            cut(case, limits::NAME_CHARS)
        );
        self.unplaced.push(Problem { at: None, what, gap: true });
    }

    /// Hands over the problems of the tag at this place.
    pub fn place_problems(&mut self, at: u64, out: &mut Collector) {
        for problem in self.unplaced.drain(..) {
            out.problem(Problem { at: Some(at), ..problem });
        }
    }

    /// Failures or errors that a suite declares and does not show: each counts as an error.
    fn hidden(&mut self, suite: &mut Suite, failures: u64, errors: u64, hidden: u64, out: &mut Collector) {
        let seen = suite.shown.bad.max(suite.shown.bad_elements);
        let message = format!("the suite declares {failures} failures and {errors} errors and shows {seen}");
        out.suite_errors(suite.id, suite.own_errors, hidden, &suite.name, &message);
        suite.own_errors = suite.own_errors.saturating_add(hidden);
        suite.shown.suite_errors = suite.shown.suite_errors.saturating_add(hidden);
        // Said once: the suites around it must not say it again.
        suite.shown.bad = failures.saturating_add(errors);
        suite.shown.bad_elements = suite.shown.bad;
        self.unplaced.push(Problem { at: None, what: format!("`{}`: {message}", suite.name), gap: false });
    }
}
