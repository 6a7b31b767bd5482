//! NUnit 3's own XML: `test-run` › `test-suite` … › `test-case`.

use std::io::Read;

use super::collector::{self, Case, Collector, Numbers, Problem, Stopped};
use super::elements::{Elements, walk};
use super::mention;
use super::text::{Text, cut};
use super::xml::{Tag, Xml, property, value};
use crate::{CaseStatus, TestId};

/// Reads the document.
///
/// # Errors
/// Where the document stops making sense; what came before has been collected.
pub fn read<R: Read>(xml: &mut Xml<R>, out: &mut Collector) -> Result<(), Stopped> {
    out.without_reruns();
    let mut reader = Reader { out, open: Vec::new() };
    walk(xml, &mut reader)
}

/// Where in a document the reader is.
struct Reader<'o> {
    out: &'o mut Collector,
    open: Vec<Element>,
}

/// An element that is open.
#[derive(Debug, Default)]
struct Element {
    kind: NunitKind,
    id: TestId,
    name: String,
    class: String,
    result: String,
    label: String,
    site: String,
    declared: Numbers,
    shown: Numbers,
    message: Option<String>,
    /// There is a failure in it, whatever it says itself.
    failure: bool,
    /// Values of its properties that link to issues.
    links: Vec<String>,
}

/// What an element of either version of NUnit's XML is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum NunitKind {
    Run,
    Suite,
    Case,
    Message,
    #[default]
    Other,
}

impl Elements for Reader<'_> {
    fn start(&mut self, tag: &Tag<'_>, text: &mut Text) {
        let kind = match tag.name() {
            "test-run" => NunitKind::Run,
            "test-suite" => NunitKind::Suite,
            "test-case" => NunitKind::Case,
            "message" => NunitKind::Message,
            name => {
                if name == "property"
                    && let [.., case, _] = &mut self.open[..]
                    && case.kind == NunitKind::Case
                {
                    let (name, value) = property(tag);
                    mention::link(&mut case.links, &name, value);
                }
                let in_case = self.open.iter().any(|e| e.kind == NunitKind::Case);
                match self.open.last_mut() {
                    // Loggers of `dotnet test` write an `errors` element, and nothing in it.
                    Some(_) if name == "error" && !in_case => {
                        let what = "an `error` that belongs to no test".to_owned();
                        self.out.problem(Problem { at: None, what, gap: true });
                    }
                    Some(owner)
                        if matches!(owner.kind, NunitKind::Case | NunitKind::Suite) && name == "failure" =>
                    {
                        owner.failure = true;
                    }
                    Some(suite)
                        if matches!(suite.kind, NunitKind::Suite | NunitKind::Run) && !is_known(name) =>
                    {
                        self.out.problem(unknown_element(name));
                    }
                    Some(_) | None => {}
                }
                NunitKind::Other
            }
        };
        let mut element = Element { kind, ..Element::default() };
        if matches!(kind, NunitKind::Run | NunitKind::Suite | NunitKind::Case) {
            element.attributes(tag, self.out);
            let parent = self.open.last().map_or(TestId::default(), |e| e.id);
            element.id = match kind {
                NunitKind::Suite => collector::suite(parent, &element.name, 0),
                NunitKind::Run | NunitKind::Case | NunitKind::Message | NunitKind::Other => parent,
            };
        } else {
            element.id = self.open.last().map_or(TestId::default(), |e| e.id);
        }
        if kind == NunitKind::Message {
            text.want_first_line();
        }
        self.open.push(element);
    }

    fn end(&mut self, at: u64, text: &mut Text) {
        let Some(mut element) = self.open.pop() else { return };
        match element.kind {
            NunitKind::Other => {}
            NunitKind::Message => {
                let line = text.take_first_line();
                let owner =
                    self.open.iter_mut().rev().find(|e| matches!(e.kind, NunitKind::Case | NunitKind::Suite));
                if let Some(owner) = owner {
                    owner.message = owner.message.take().or(line);
                }
            }
            NunitKind::Case => self.case(&element, at),
            NunitKind::Suite | NunitKind::Run => self.suite(&mut element, at),
        }
    }
}

impl Reader<'_> {
    /// A test case ends.
    fn case(&mut self, case: &Element, at: u64) {
        let status = match (case.result.as_str(), case.label.as_str()) {
            ("Passed" | "Warning", _) if !case.failure => CaseStatus::Passed,
            ("Passed" | "Warning", _) => CaseStatus::Failed,
            ("Failed", "Error" | "Cancelled" | "Invalid") => CaseStatus::Error,
            ("Failed", _) => CaseStatus::Failed,
            ("Skipped" | "Inconclusive", _) => CaseStatus::Skipped,
            (other, _) => {
                self.out.problem(unknown_result(other, "", &case.name, at));
                CaseStatus::Error
            }
        };
        let bad = u64::from(matches!(status, CaseStatus::Failed | CaseStatus::Error));
        let texts = &case.links;
        let case = Case {
            suite: case.id,
            class: case.class.as_bytes(),
            name: case.name.as_bytes(),
            file: b"",
            line: None,
            status,
            reruns: 0,
            message: case.message.as_deref(),
            may_name_issues: true,
        };
        self.out.case_with(case, texts);
        self.shown(Numbers { tests: 1, bad });
    }

    /// A suite, or the run, ends.
    fn suite(&mut self, suite: &mut Element, at: u64) {
        if !matches!(suite.result.as_str(), "" | "Passed" | "Failed" | "Skipped" | "Inconclusive" | "Warning")
        {
            self.out.problem(unknown_result(&suite.result, "the suite ", &suite.name, at));
        }
        // A set-up or tear-down that fails, or an assembly that cannot be loaded, shows in no test.
        let failed = suite.result == "Failed" || suite.failure;
        let own = failed && (suite.shown.bad == 0 || suite.site == "TearDown");
        if own && suite.kind == NunitKind::Suite {
            self.out.suite_error(suite.id, 1, &suite.name, suite.message.as_deref());
            suite.shown.bad += 1;
        }
        self.out.compare(at, suite.id, &suite.name, suite.declared, suite.shown);
        let said = suite.shown.most(suite.declared);
        if own && suite.kind == NunitKind::Run && said.bad == 0 {
            self.out.suite_error(suite.id, 1, "(test run)", Some("the run failed, and no test in it did"));
        }
        self.shown(said);
    }

    /// Counts for the suite around.
    fn shown(&mut self, numbers: Numbers) {
        if let Some(around) =
            self.open.iter_mut().rev().find(|e| matches!(e.kind, NunitKind::Suite | NunitKind::Run))
        {
            around.shown.add(numbers);
        }
    }
}

impl Element {
    /// Takes what its tag says.
    fn attributes(&mut self, tag: &Tag<'_>, out: &mut Collector) {
        let mut full_name = String::new();
        tag.each(|key, raw| match key {
            "name" => self.name = value(raw).into_owned(),
            "fullname" => full_name = value(raw).into_owned(),
            "classname" => self.class = value(raw).into_owned(),
            // Early versions of NUnit 3 write the site in parentheses.
            "result" => match raw.strip_suffix(')').and_then(|both| both.split_once('(')) {
                Some((result, site)) => (self.result, self.site) = (result.to_owned(), site.to_owned()),
                None => self.result = raw.to_owned(),
            },
            "label" => self.label = raw.to_owned(),
            "site" => self.site = raw.to_owned(),
            "total" => self.declared.tests = out.number(key, raw),
            "failed" => self.declared.bad = out.number(key, raw),
            _ => {}
        });
        // Names are without their class and arguments may be missing: the full name tells more tests apart.
        if self.kind == NunitKind::Case && !full_name.is_empty() {
            self.name = full_name;
        }
    }
}

/// A gap for a result that this reader does not know. `of` says of what, with a blank at its end; empty for a case.
pub(super) fn unknown_result(result: &str, of: &str, name: &str, at: u64) -> Problem {
    let what = format!("the result `{}` of {of}`{}` is not known", cut(result, 40), cut(name, 100));
    Problem { at: Some(at), what, gap: true }
}

/// A gap for an element that this reader does not know.
pub(super) fn unknown_element(name: &str) -> Problem {
    let what = format!("the element `{name}` is not known: it could be a result");
    Problem { at: None, what, gap: true }
}

/// Whether an element of this name stands in a suite, or in the run, and is no result.
fn is_known(name: &str) -> bool {
    matches!(
        name,
        "assertions"
            | "attachments"
            | "command-line"
            | "environment"
            | "errors"
            | "failure"
            | "filter"
            | "output"
            | "properties"
            | "reason"
            | "settings"
    )
}
