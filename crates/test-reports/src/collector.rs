//! Collects the results of one report, in any format, for one [`ReportFile`](crate::ReportFile).

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};

use xxhash_rust::xxh3::xxh3_128;

use super::rerun::{RerunListing, ResultLog};
use super::text_sink::shorten;
use super::{limits, mention};
use crate::{CaseDetail, CaseStatus, IssueMention, Reruns, TestId};

/// One test case as it stands in a report. Its names are bytes of UTF-8: of most cases nothing but the hash is kept.
#[derive(Debug, Clone, Copy)]
pub struct ReportedCase<'a> {
    /// Identity of the suite around it.
    pub suite: TestId,
    /// Class name, empty if there is none.
    pub class: &'a [u8],
    /// Test name, empty if there is none.
    pub name: &'a [u8],
    /// Source file, empty if there is none.
    pub file: &'a [u8],
    /// Line in the source file.
    pub line: Option<u64>,
    /// Status of the case.
    pub status: CaseStatus,
    /// Further runs of it that the producer folded into this case.
    pub reruns: u64,
    /// First line of the failure message.
    pub message: Option<&'a str>,
    /// `false` if neither name nor class can name an issue.
    pub may_name_issues: bool,
}

impl<'a> ReportedCase<'a> {
    /// Creates a case of one run without a file and a message, whose names may name issues.
    pub fn new(suite: TestId, class: &'a [u8], name: &'a [u8], status: CaseStatus) -> Self {
        let (file, line, reruns, message) = (&[][..], None, 0, None);
        Self { suite, class, name, file, line, status, reruns, message, may_name_issues: true }
    }
}

/// Number of tests and failures in a report or a part of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TestCounts {
    /// Number of tests.
    pub tests: u64,
    /// Number of failures and errors.
    pub bad: u64,
}

impl TestCounts {
    /// Adds `other`.
    pub fn add(&mut self, other: Self) {
        self.tests = self.tests.saturating_add(other.tests);
        self.bad = self.bad.saturating_add(other.bad);
    }

    /// Returns the larger of both, number by number.
    pub fn most(self, other: Self) -> Self {
        Self { tests: self.tests.max(other.tests), bad: self.bad.max(other.bad) }
    }
}

/// A gap or warning in a report, with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportProblem {
    /// Offset in bytes of UTF-8 text; `None` if the problem concerns the whole file.
    pub at: Option<u64>,
    /// Description in lower case.
    pub what: String,
    /// `true` for a gap, `false` for a warning.
    pub gap: bool,
}

/// Reason why reading stopped before the end of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadError {
    /// Offset in bytes of UTF-8 text; `None` if unknown.
    pub at: Option<u64>,
    /// Description in lower case.
    pub what: String,
}

/// Collects the results of a report. Memory: 16 bytes a test and a bounded rest.
#[derive(Debug, Default)]
pub struct Collector {
    runs: ResultLog,
    scratch: Vec<u8>,
    /// Input for the identity of the previous pass, empty if no hash is pending.
    before: Vec<u8>,
    unnamed: HashMap<TestId, u64>,
    bad: Vec<CaseDetail>,
    flaky: Vec<CaseDetail>,
    problems: Vec<ReportProblem>,
    more_problems: u64,
    suite_errors: BTreeSet<TestId>,
    mentions: BTreeSet<IssueMention>,
    more_mentions: u64,
}

impl Collector {
    /// Creates a collector that detects reruns by `reruns`.
    pub fn new(reruns: Reruns) -> Self {
        Self { runs: ResultLog::new(reruns), ..Self::default() }
    }

    /// Stops the detection of reruns: the format marks them in another way.
    pub fn without_reruns(&mut self) {
        self.runs.never();
    }

    /// Begins a suite; `one_file` is `true` if all its tests come from one file.
    pub fn suite_begins(&mut self, one_file: bool) {
        self.runs.begin(one_file);
    }

    /// Marks the innermost suite, before its first test, as one that lists reruns as cases.
    pub fn suite_lists_reruns(&mut self, listing: RerunListing) {
        self.runs.lists(listing);
    }

    /// Ends the innermost suite.
    pub fn suite_ends(&mut self) {
        self.runs.end();
    }

    /// Records a test case.
    pub fn case(&mut self, case: ReportedCase<'_>) {
        let test = self.identity(&case);
        // Subtests may change their names, and `-count` does not repeat examples: neither shows that a test ran once.
        if self.runs.lists_failed_first()
            && case.status == CaseStatus::Passed
            && case.name.starts_with(b"Test")
            && !case.name.contains(&b'/')
        {
            self.runs.next_is_counted();
        }
        self.runs.add(test, case.status, case.reruns);
        if case.may_name_issues {
            for text in [case.name, case.class] {
                self.mentions(test, &case, &lossy_text(text));
            }
        }
        match case.status {
            CaseStatus::Passed | CaseStatus::Skipped => {}
            CaseStatus::Flaky => push_detail(&mut self.flaky, || case_detail(test, &case)),
            CaseStatus::Failed | CaseStatus::Error => push_detail(&mut self.bad, || case_detail(test, &case)),
        }
    }

    /// Records a plain pass. It counts with the next one or with [`Self::passes_end`]: a hash of bytes that have only just
    /// been written waits for them.
    pub fn pass(&mut self, case: ReportedCase<'_>) {
        if case.may_name_issues || case.name.trim_ascii().is_empty() || self.runs.lists_failed_first() {
            self.passes_end();
            return self.case(case);
        }
        write_identity(&mut self.scratch, &case);
        self.passes_end();
        std::mem::swap(&mut self.scratch, &mut self.before);
    }

    /// Counts the pending pass.
    pub fn passes_end(&mut self) {
        if !self.before.is_empty() {
            self.runs.add(TestId(xxh3_128(&self.before)), CaseStatus::Passed, 0);
            self.before.clear();
        }
    }

    /// Records a test case with `texts`, such as properties, that may name issues.
    pub fn case_with(&mut self, case: ReportedCase<'_>, texts: &[String]) {
        if !texts.is_empty() {
            // Without a name its identity is its place, which `case` takes as well.
            let test = self.identity(&case);
            if case.name.trim_ascii().is_empty()
                && let Some(ordinal) = self.unnamed.get_mut(&case.suite)
            {
                *ordinal -= 1;
            }
            for text in texts {
                self.mentions(test, &case, text);
            }
        }
        self.case(case);
    }

    /// Records the issues that a text names.
    fn mentions(&mut self, test: TestId, case: &ReportedCase<'_>, text: &str) {
        for mention in mention::find_mentions(text) {
            if self.mentions.len() >= limits::MENTIONS {
                self.more_mentions += 1;
                continue;
            }
            self.mentions.insert(IssueMention {
                issue: mention.number,
                repository: mention.repository.map(|name| shorten(name, limits::NAME_CHARS)),
                test,
                name: case_title(case),
            });
        }
    }

    /// Records an error that belongs to no test case. `ordinal` distinguishes several errors of one suite.
    pub fn suite_error(&mut self, suite: TestId, ordinal: u64, name: &str, message: Option<&str>) {
        self.scratch.clear();
        self.scratch.extend_from_slice(&suite.0.to_le_bytes());
        self.scratch.extend_from_slice(b"suite error");
        self.scratch.extend_from_slice(&ordinal.to_le_bytes());
        let test = TestId(xxh3_128(&self.scratch));
        self.suite_errors.insert(test);
        let name = if name.is_empty() { "(whole report)" } else { name };
        push_detail(&mut self.bad, || CaseDetail {
            test,
            status: CaseStatus::Error,
            name: shorten(name, limits::NAME_CHARS),
            message: message.map(|m| shorten(m, limits::MESSAGE_CHARS)),
            file: None,
            line: None,
        });
    }

    /// Several errors of one suite that differ in nothing but their number; they begin after `before`. A report can
    /// declare any number: beyond a limit more of them change no verdict, and are a gap.
    pub fn suite_errors(&mut self, suite: TestId, before: u64, count: u64, name: &str, message: &str) {
        let counted = count.min(limits::HIDDEN_ERRORS);
        for ordinal in 1..=counted {
            self.suite_error(suite, before.saturating_add(ordinal), name, Some(message));
        }
        // A cut-off number changes no verdict alone, but the totals are too low.
        if counted < count {
            self.add_gap(None, format!("{message}; only {counted} of the errors are counted (limit)"));
        }
    }

    /// Compares what a report declares with what it shows, for formats whose numbers are those of single tests. More
    /// failures than shown are errors, more tests than shown are a gap.
    pub fn compare(&mut self, at: u64, suite: TestId, name: &str, declared: TestCounts, shown: TestCounts) {
        let hidden = declared.bad.saturating_sub(shown.bad);
        if hidden > 0 {
            let message = format!("{} failures are declared and {} shown", declared.bad, shown.bad);
            // Ordinals far beyond those of errors that the report shows: with an ordinal twice, two errors would
            // count as one.
            self.suite_errors(suite, u64::MAX >> 1, hidden, name, &message);
            self.add_warning(Some(at), message);
        }
        // A hidden failure is a missing test as well, and is already an error.
        if declared.tests > shown.tests.saturating_add(hidden) {
            self.add_gap(
                Some(at),
                format!("{} tests are declared and {} shown", declared.tests, shown.tests),
            );
        }
    }

    /// Parses a declared number. Any other text is a gap, because nothing can be compared with it.
    pub fn number(&mut self, key: &str, raw: &str) -> u64 {
        raw.trim().parse().unwrap_or_else(|_| {
            self.add_gap(None, format!("`{key}=\"{}\"` is not a number", shorten(raw, 40)));
            0
        })
    }

    /// Adds a gap: evidence is missing. `at` is its offset; `None` if it concerns the whole file.
    pub fn add_gap(&mut self, at: Option<u64>, what: impl Into<String>) {
        self.add_problem(ReportProblem { at, what: what.into(), gap: true });
    }

    /// Adds a warning at an offset.
    pub fn add_warning(&mut self, at: Option<u64>, what: impl Into<String>) {
        self.add_problem(ReportProblem { at, what: what.into(), gap: false });
    }

    /// Adds a gap for an element that the reader does not know.
    pub fn add_unknown_element(&mut self, name: &str) {
        self.add_gap(None, format!("the element `{name}` is not known: it could be a result"));
    }

    /// Adds a gap for a word that the reader does not know: `kind` is `result`, for example. `owner` ends in a blank if
    /// it is not empty.
    pub fn add_unknown_word(&mut self, at: Option<u64>, kind: &str, word: &str, owner: &str, name: &str) {
        let (word, name) = (shorten(word, 40), shorten(name, 100));
        self.add_gap(at, format!("the {kind} `{word}` of {owner}`{name}` is not known"));
    }

    /// Adds a gap or a warning.
    pub fn add_problem(&mut self, problem: ReportProblem) {
        // An error that ended the reading comes last and must not be the one that is left out.
        if self.problems.len() < limits::PROBLEMS {
            self.problems.push(problem);
        } else {
            self.more_problems += 1;
            if problem.gap
                && let Some(last) = self.problems.last_mut()
            {
                *last = problem;
            }
        }
    }

    /// Returns everything that was collected, with each test once.
    pub fn finish(mut self) -> CollectedReport {
        if self.more_mentions > 0 {
            self.add_warning(
                None,
                format!(
                    "tests name more than {} issues (limit): {} mentions are left out",
                    limits::MENTIONS,
                    self.more_mentions
                ),
            );
        }
        let runs = self.runs.count();
        let mut details: Vec<CaseDetail> = self.bad.into_iter().chain(self.flaky).collect();
        details.sort_by_key(|d| d.test);
        // A test can be among both the failed and the flaky.
        details.dedup_by_key(|d| d.test);
        let mut tests = self.runs.fold(|test, outcome| {
            // A case that failed and passed on a rerun was kept when it failed.
            if let Ok(at) = details.binary_search_by_key(&test, |d| d.test) {
                details[at].status = outcome;
            }
        });
        tests.suite_errors = self.suite_errors.into_iter().collect();
        details.sort_by(|a, b| b.status.weight().cmp(&a.status.weight()).then_with(|| a.cmp(b)));
        CollectedReport {
            runs,
            tests,
            details,
            mentions: self.mentions,
            problems: self.problems,
            more_problems: self.more_problems,
        }
    }

    /// Returns the identity of a test: a hash of suite path, class, name and file. A case without a name is identified by its
    /// place in the suite: two of them must not look like one test and its rerun.
    fn identity(&mut self, case: &ReportedCase<'_>) -> TestId {
        let scratch = &mut self.scratch;
        write_identity(scratch, case);
        if case.name.trim_ascii().is_empty() {
            let ordinal = self.unnamed.entry(case.suite).or_default();
            *ordinal += 1;
            scratch.extend_from_slice(&ordinal.to_le_bytes());
        }
        TestId(xxh3_128(scratch))
    }
}

/// Writes the bytes whose hash identifies a case with a name.
fn write_identity(into: &mut Vec<u8>, case: &ReportedCase<'_>) {
    into.clear();
    into.extend_from_slice(&case.suite.0.to_le_bytes());
    for part in [case.class, case.name, case.file] {
        into.extend_from_slice(part);
        // UTF-8 never has this byte, so that no two different triples give the same bytes.
        into.push(0xFF);
    }
}

/// Everything collected from a report.
#[derive(Debug)]
pub struct CollectedReport {
    /// Number of runs before reruns are folded.
    pub runs: u64,
    /// Tests by status.
    pub tests: crate::Records,
    /// Failed and flaky tests.
    pub details: Vec<CaseDetail>,
    /// Issues that tests name.
    pub mentions: BTreeSet<IssueMention>,
    /// Gaps and warnings, at most [`limits::PROBLEMS`].
    pub problems: Vec<ReportProblem>,
    /// Number of further gaps and warnings.
    pub more_problems: u64,
}

/// Returns the identity of a suite in `parent`, by its place there if it has no name.
pub fn suite_id(parent: TestId, name: &str, place: u64) -> TestId {
    let mut bytes = parent.0.to_le_bytes().to_vec();
    if name.trim().is_empty() {
        bytes.push(0xFF);
        bytes.extend_from_slice(&place.to_le_bytes());
    } else {
        bytes.extend_from_slice(name.as_bytes());
    }
    TestId(xxh3_128(&bytes))
}

/// Adds a detail while there is room.
fn push_detail(list: &mut Vec<CaseDetail>, detail: impl FnOnce() -> CaseDetail) {
    if list.len() < limits::DETAILS {
        list.push(detail());
    }
}

/// Returns the details of a case.
fn case_detail(test: TestId, case: &ReportedCase<'_>) -> CaseDetail {
    CaseDetail {
        test,
        status: case.status,
        name: case_title(case),
        message: case.message.map(|m| shorten(m, limits::MESSAGE_CHARS)),
        file: (!case.file.is_empty()).then(|| shorten(&lossy_text(case.file), limits::NAME_CHARS)),
        line: case.line,
    }
}

/// Returns bytes as text, borrowed if they are UTF-8, as nearly all are.
fn lossy_text(bytes: &[u8]) -> Cow<'_, str> {
    str::from_utf8(bytes).map_or_else(|_| String::from_utf8_lossy(bytes), Cow::Borrowed)
}

/// Returns class and name of a case, for example `Cart › rounds`.
fn case_title(case: &ReportedCase<'_>) -> String {
    let (class, name) = (lossy_text(case.class), lossy_text(case.name));
    let name = match (class.trim(), name.trim()) {
        ("", "") => "(test without a name)".to_owned(),
        ("", only) | (only, "") => only.to_owned(),
        // Some producers repeat the class in the name.
        (class, name) if name.starts_with(class) => name.to_owned(),
        (class, name) => format!("{class} › {name}"),
    };
    shorten(&name, limits::NAME_CHARS)
}
