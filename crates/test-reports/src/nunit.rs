//! NUnit 3's own XML: `test-run` › `test-suite` … › `test-case`.

use std::io::Read;

use super::collector::{self, Collector, ReadError, ReportedCase, TestCounts};
use super::elements::{ElementReader, read_elements};
use super::mention;
use super::text_sink::TextSink;
use super::xml::{XmlReader, XmlTag, name_and_value};
use super::xml_reference::unescape_value;
use crate::{CaseStatus, TestId};

/// Reads the document.
///
/// # Errors
/// Returns the place where the document is malformed; earlier results are collected.
pub fn read_nunit<R: Read>(xml: &mut XmlReader<R>, out: &mut Collector) -> Result<(), ReadError> {
    out.without_reruns();
    let mut reader = NunitReader { out, open: Vec::new() };
    read_elements(xml, &mut reader)
}

/// State of the reader between two tags.
struct NunitReader<'o> {
    out: &'o mut Collector,
    open: Vec<NunitElement>,
}

/// An element that is open.
#[derive(Debug, Default)]
struct NunitElement {
    kind: NunitKind,
    id: TestId,
    name: String,
    class: String,
    result: String,
    label: String,
    site: String,
    declared: TestCounts,
    shown: TestCounts,
    message: Option<String>,
    /// `true` if the element has a failure in it, whatever its attributes say.
    failure: bool,
    /// Values of its properties that link to issues.
    links: Vec<String>,
}

/// Kind of element in either version of NUnit's XML.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum NunitKind {
    Run,
    Suite,
    Case,
    Message,
    #[default]
    Other,
}

impl ElementReader for NunitReader<'_> {
    fn start(&mut self, tag: &XmlTag<'_>, text: &mut TextSink) {
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
                    let (name, value) = name_and_value(tag);
                    mention::push_link(&mut case.links, &name, value);
                }
                let in_case = self.open.iter().any(|e| e.kind == NunitKind::Case);
                match self.open.last_mut() {
                    // Loggers of `dotnet test` write an `errors` element, and nothing in it.
                    Some(_) if name == "error" && !in_case => {
                        self.out.add_gap(None, "an `error` that belongs to no test");
                    }
                    Some(owner)
                        if matches!(owner.kind, NunitKind::Case | NunitKind::Suite) && name == "failure" =>
                    {
                        owner.failure = true;
                    }
                    Some(suite)
                        if matches!(suite.kind, NunitKind::Suite | NunitKind::Run)
                            && !is_known_nunit_element(name) =>
                    {
                        self.out.add_unknown_element(name);
                    }
                    Some(_) | None => {}
                }
                NunitKind::Other
            }
        };
        let mut element = NunitElement { kind, ..NunitElement::default() };
        if matches!(kind, NunitKind::Run | NunitKind::Suite | NunitKind::Case) {
            element.attributes(tag, self.out);
            let parent = self.open.last().map_or(TestId::default(), |e| e.id);
            element.id = match kind {
                NunitKind::Suite => collector::suite_id(parent, &element.name, 0),
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

    fn end(&mut self, at: u64, text: &mut TextSink) {
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

impl NunitReader<'_> {
    /// Records the end of a test case.
    fn case(&mut self, case: &NunitElement, at: u64) {
        let status = match (case.result.as_str(), case.label.as_str()) {
            ("Passed" | "Warning", _) if !case.failure => CaseStatus::Passed,
            // The element holds a failure: its attributes must not make it green.
            ("Passed" | "Warning", _) => CaseStatus::Failed,
            ("Failed", "Error" | "Cancelled" | "Invalid") => CaseStatus::Error,
            ("Failed", _) => CaseStatus::Failed,
            ("Skipped" | "Inconclusive", _) => CaseStatus::Skipped,
            (other, _) => {
                self.out.add_unknown_word(Some(at), "result", other, "", &case.name);
                CaseStatus::Error
            }
        };
        let bad = u64::from(status.is_failure());
        let texts = &case.links;
        let case = ReportedCase {
            message: case.message.as_deref(),
            ..ReportedCase::new(case.id, case.class.as_bytes(), case.name.as_bytes(), status)
        };
        self.out.case_with(case, texts);
        self.shown(TestCounts { tests: 1, bad });
    }

    /// Records the end of a suite or of the run.
    fn suite(&mut self, suite: &mut NunitElement, at: u64) {
        if !matches!(suite.result.as_str(), "" | "Passed" | "Failed" | "Skipped" | "Inconclusive" | "Warning")
        {
            self.out.add_unknown_word(Some(at), "result", &suite.result, "the suite ", &suite.name);
        }
        // A set-up or tear-down that fails, or an assembly that cannot be loaded, shows in no test.
        let failed = suite.result == "Failed" || suite.failure;
        // Failed tests explain why a suite failed, but not why its tear-down did.
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

    /// Adds numbers to the suite around.
    fn shown(&mut self, numbers: TestCounts) {
        if let Some(around) =
            self.open.iter_mut().rev().find(|e| matches!(e.kind, NunitKind::Suite | NunitKind::Run))
        {
            around.shown.add(numbers);
        }
    }
}

impl NunitElement {
    /// Reads the attributes.
    fn attributes(&mut self, tag: &XmlTag<'_>, out: &mut Collector) {
        let mut full_name = String::new();
        tag.each(|key, raw| match key {
            "name" => self.name = unescape_value(raw).into_owned(),
            "fullname" => full_name = unescape_value(raw).into_owned(),
            "classname" => self.class = unescape_value(raw).into_owned(),
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
        // The name lacks the class and sometimes the arguments, so the full name distinguishes more tests.
        if self.kind == NunitKind::Case && !full_name.is_empty() {
            self.name = full_name;
        }
    }
}

/// Returns `true` if an element of this name is not a result.
fn is_known_nunit_element(name: &str) -> bool {
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
