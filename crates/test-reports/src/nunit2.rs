//! NUnit 2's XML, which Pester writes by default: `test-results` › `test-suite` › `results` › … › `test-case`.

use std::io::Read;

use super::collector::{self, Collector, ReadError, ReportedCase, TestCounts};
use super::elements::{ElementReader, read_elements};
use super::mention;
use super::nunit::NunitKind;
use super::text_sink::TextSink;
use super::xml::{XmlReader, XmlTag, name_and_value};
use super::xml_reference::unescape_value;
use crate::{CaseStatus, TestId};

/// Reads the document.
///
/// # Errors
/// Returns the place where the document is malformed; earlier results are collected.
pub fn read_nunit2<R: Read>(xml: &mut XmlReader<R>, out: &mut Collector) -> Result<(), ReadError> {
    out.without_reruns();
    read_elements(xml, &mut Nunit2Reader { out, open: Vec::new() })
}

/// State of the reader between two tags.
struct Nunit2Reader<'o> {
    out: &'o mut Collector,
    open: Vec<Nunit2Element>,
}

/// An element that is open.
#[derive(Debug, Default)]
struct Nunit2Element {
    kind: NunitKind,
    id: TestId,
    name: String,
    result: String,
    executed: Option<bool>,
    success: Option<bool>,
    declared: TestCounts,
    shown: TestCounts,
    message: Option<String>,
    /// `true` if the element has a `failure` in it.
    failure: bool,
    /// Values of its properties that link to issues.
    links: Vec<String>,
}

impl ElementReader for Nunit2Reader<'_> {
    fn start(&mut self, tag: &XmlTag<'_>, text: &mut TextSink) {
        let kind = match tag.name() {
            "test-results" => NunitKind::Run,
            "test-suite" => NunitKind::Suite,
            "test-case" => NunitKind::Case,
            "message" => NunitKind::Message,
            _ => NunitKind::Other,
        };
        self.look_at(kind, tag);
        let parent = self.open.last().map_or(TestId::default(), |element| element.id);
        let mut element = Nunit2Element { kind, id: parent, ..Nunit2Element::default() };
        if matches!(kind, NunitKind::Run | NunitKind::Suite | NunitKind::Case) {
            element.attributes(tag, self.out);
        }
        // NUnit names every suite, so the place does not matter.
        if kind == NunitKind::Suite {
            element.id = collector::suite_id(parent, &element.name, 0);
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
                if let Some(owner) = self.owner() {
                    owner.message = owner.message.take().or(line);
                }
            }
            NunitKind::Case => self.case(&element, at),
            NunitKind::Suite | NunitKind::Run => self.suite(&mut element, at),
        }
    }
}

impl Nunit2Reader<'_> {
    /// Applies an element to the elements around it.
    fn look_at(&mut self, kind: NunitKind, tag: &XmlTag<'_>) {
        if kind != NunitKind::Other {
            return;
        }
        match tag.name() {
            "failure" => self.owner().into_iter().for_each(|owner| owner.failure = true),
            "property" => {
                let (name, value) = name_and_value(tag);
                if let Some(owner) = self.owner().filter(|owner| owner.kind == NunitKind::Case) {
                    mention::push_link(&mut owner.links, &name, value);
                }
            }
            "categories" | "category" | "culture-info" | "environment" | "properties" | "reason"
            | "results" | "stack-trace" => {}
            name => self.out.add_unknown_element(name),
        }
    }

    /// The innermost case or suite that is open.
    fn owner(&mut self) -> Option<&mut Nunit2Element> {
        self.open.iter_mut().rev().find(|e| matches!(e.kind, NunitKind::Case | NunitKind::Suite))
    }

    /// A test case ends.
    fn case(&mut self, case: &Nunit2Element, at: u64) {
        let failed = case.failure || case.success == Some(false) && case.executed != Some(false);
        let status = match case.result.as_str() {
            "Failure" | "Failed" => CaseStatus::Failed,
            "Error" | "Cancelled" | "NotRunnable" | "Invalid" => CaseStatus::Error,
            "Ignored" | "Skipped" | "Inconclusive" if !case.failure => CaseStatus::Skipped,
            "Success" | "Passed" | "" if failed => CaseStatus::Failed,
            "" if case.executed == Some(false) => CaseStatus::Skipped,
            "Success" | "Passed" => CaseStatus::Passed,
            // Before version 2.5 a case says no more than this.
            "" if case.success == Some(true) => CaseStatus::Passed,
            other => {
                self.out.add_unknown_word(Some(at), "result", other, "", &case.name);
                CaseStatus::Error
            }
        };
        let bad = u64::from(status.is_failure());
        let shown = ReportedCase {
            message: case.message.as_deref(),
            ..ReportedCase::new(case.id, b"", case.name.as_bytes(), status)
        };
        self.out.case_with(shown, &case.links);
        self.count(TestCounts { tests: 1, bad });
    }

    /// Records the end of a suite or of the run.
    fn suite(&mut self, suite: &mut Nunit2Element, at: u64) {
        let stated = match suite.result.as_str() {
            "Failure" | "Failed" | "Error" | "Cancelled" | "NotRunnable" | "Invalid" => true,
            "" | "Success" | "Passed" | "Ignored" | "Skipped" | "Inconclusive" => false,
            other => {
                self.out.add_unknown_word(Some(at), "result", other, "the suite ", &suite.name);
                false
            }
        };
        let no_success = suite.success == Some(false) && suite.executed != Some(false);
        let is_good = matches!(suite.result.as_str(), "" | "Success" | "Passed");
        // An ignored or inconclusive suite is no success either, and has not failed.
        let failed = stated || suite.failure || is_good && no_success;
        // A set-up or tear-down that fails, or an assembly that cannot be loaded, shows in no test.
        if failed && suite.shown.bad == 0 {
            self.out.suite_error(suite.id, 1, &suite.name, suite.message.as_deref());
            suite.shown.bad += 1;
        }
        self.out.compare(at, suite.id, &suite.name, suite.declared, suite.shown);
        self.count(suite.shown.most(suite.declared));
    }

    /// Adds numbers to the suite around.
    fn count(&mut self, numbers: TestCounts) {
        let mut around = self.open.iter_mut().rev();
        if let Some(around) = around.find(|e| matches!(e.kind, NunitKind::Suite | NunitKind::Run)) {
            around.shown.add(numbers);
        }
    }
}

impl Nunit2Element {
    /// Reads the attributes.
    fn attributes(&mut self, tag: &XmlTag<'_>, out: &mut Collector) {
        let truth = |raw: &str| Some(raw.eq_ignore_ascii_case("true"));
        tag.each(|key, raw| match key {
            "name" => self.name = unescape_value(raw).into_owned(),
            "result" => self.result = raw.to_owned(),
            "executed" => self.executed = truth(raw),
            "success" => self.success = truth(raw),
            "total" if self.kind == NunitKind::Run => self.declared.tests = out.number(key, raw),
            "errors" | "failures" | "invalid" if self.kind == NunitKind::Run => {
                self.declared.bad = self.declared.bad.saturating_add(out.number(key, raw));
            }
            _ => {}
        });
    }
}
