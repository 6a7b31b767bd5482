//! xUnit.net's own XML, versions 2 and 3: `assemblies` › `assembly` › `collection` › `test`.

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
pub fn read_xunit<R: Read>(xml: &mut XmlReader<R>, out: &mut Collector) -> Result<(), ReadError> {
    out.without_reruns();
    let mut reader =
        XunitReader { out, open: Vec::new(), assembly: XunitAssembly::default(), test: None, errors: 0 };
    read_elements(xml, &mut reader)
}

/// State of the reader between two tags.
struct XunitReader<'o> {
    out: &'o mut Collector,
    open: Vec<XunitElement>,
    assembly: XunitAssembly,
    /// The test, or the error of an assembly, that is open.
    test: Option<XunitTest>,
    errors: u64,
}

/// Kind of element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum XunitElement {
    Assembly,
    Test,
    Error,
    Message,
    Other,
}

/// State of an assembly.
#[derive(Debug, Default)]
struct XunitAssembly {
    id: TestId,
    name: String,
    declared: TestCounts,
    /// Sum of the numbers that its collections declare.
    in_collections: TestCounts,
    shown: TestCounts,
}

/// State of an open test.
#[derive(Debug, Default)]
struct XunitTest {
    name: String,
    class: String,
    result: String,
    line: Option<u64>,
    message: Option<String>,
    failure: bool,
    /// Values of its traits that link to issues.
    links: Vec<String>,
}

impl ElementReader for XunitReader<'_> {
    fn start(&mut self, tag: &XmlTag<'_>, text: &mut TextSink) {
        let parent = self.open.last().copied();
        let kind = match tag.name() {
            "assembly" => {
                self.assembly(tag);
                XunitElement::Assembly
            }
            "test" => {
                self.test(tag);
                XunitElement::Test
            }
            "error" if !matches!(parent, Some(XunitElement::Test)) => {
                self.test(tag);
                XunitElement::Error
            }
            "failure" => {
                if let Some(test) = &mut self.test {
                    test.failure = true;
                }
                XunitElement::Other
            }
            "trait" => {
                let (name, value) = name_and_value(tag);
                self.test
                    .iter_mut()
                    .for_each(|test| mention::push_link(&mut test.links, &name, value.clone()));
                XunitElement::Other
            }
            "message" => {
                text.want_first_line();
                XunitElement::Message
            }
            "collection" | "class" => {
                let part = &mut self.assembly;
                let out = &mut *self.out;
                tag.each(|key, raw| match key {
                    "total" => part.in_collections.add(TestCounts { tests: out.number(key, raw), bad: 0 }),
                    "failed" => part.in_collections.add(TestCounts { tests: 0, bad: out.number(key, raw) }),
                    _ => {}
                });
                XunitElement::Other
            }
            name => {
                if !is_known_xunit_element(name) {
                    self.out.add_unknown_element(name);
                }
                XunitElement::Other
            }
        };
        self.open.push(kind);
    }

    fn end(&mut self, at: u64, text: &mut TextSink) {
        match self.open.pop() {
            Some(XunitElement::Message) => {
                let line = text.take_first_line();
                if let Some(test) = &mut self.test {
                    test.message = test.message.take().or(line);
                }
            }
            Some(XunitElement::Test) => {
                if let Some(test) = self.test.take() {
                    self.close_test(&test, at);
                }
            }
            Some(XunitElement::Error) => {
                if let Some(test) = self.test.take() {
                    self.errors += 1;
                    self.assembly.shown.bad += 1;
                    let name = if test.name.is_empty() { &self.assembly.name } else { &test.name };
                    let message = test.message.as_deref().or(Some(&test.class));
                    self.out.suite_error(self.assembly.id, self.errors, name, message);
                }
            }
            Some(XunitElement::Assembly) => {
                let XunitAssembly { id, name, declared, in_collections, shown } =
                    std::mem::take(&mut self.assembly);
                let declared = declared.most(in_collections);
                self.out.compare(at, id, &name, declared, shown);
            }
            Some(XunitElement::Other) | None => {}
        }
    }
}

impl XunitReader<'_> {
    /// Handles the start of an assembly.
    fn assembly(&mut self, tag: &XmlTag<'_>) {
        let mut part = XunitAssembly::default();
        let out = &mut *self.out;
        let mut errors: u64 = 0;
        tag.each(|key, raw| match key {
            // The path of the assembly differs from leg to leg, its file name does not.
            "name" => {
                part.name = unescape_value(raw).rsplit(['/', '\\']).next().unwrap_or_default().to_owned()
            }
            "total" => part.declared.tests = out.number(key, raw),
            "failed" => part.declared.bad = out.number(key, raw),
            "errors" => errors = out.number(key, raw),
            _ => {}
        });
        part.declared.bad = part.declared.bad.saturating_add(errors);
        part.id = collector::suite_id(TestId::default(), &part.name, 0);
        self.assembly = part;
    }

    /// Handles the start of a test or an error.
    fn test(&mut self, tag: &XmlTag<'_>) {
        let mut test = XunitTest::default();
        tag.each(|key, raw| match key {
            "name" => test.name = unescape_value(raw).into_owned(),
            "type" => test.class = unescape_value(raw).into_owned(),
            "result" => test.result = raw.to_owned(),
            "source-line" => test.line = raw.parse().ok(),
            _ => {}
        });
        self.test = Some(test);
    }

    /// Records the end of a test.
    fn close_test(&mut self, test: &XunitTest, at: u64) {
        let status = match test.result.as_str() {
            "Fail" => CaseStatus::Failed,
            _ if test.failure => CaseStatus::Failed,
            "Pass" => CaseStatus::Passed,
            // xUnit.net 3 lists explicit tests that nobody asked for as `NotRun`.
            "Skip" | "NotRun" => CaseStatus::Skipped,
            other => {
                self.out.add_unknown_word(Some(at), "result", other, "", &test.name);
                CaseStatus::Error
            }
        };
        self.assembly.shown.tests += 1;
        self.assembly.shown.bad += u64::from(status.is_failure());
        let case = ReportedCase {
            line: test.line,
            message: test.message.as_deref(),
            ..ReportedCase::new(self.assembly.id, test.class.as_bytes(), test.name.as_bytes(), status)
        };
        self.out.case_with(case, &test.links);
    }
}

/// Returns `true` if an element of this name is not a result, or is read elsewhere.
fn is_known_xunit_element(name: &str) -> bool {
    matches!(
        name,
        "assemblies"
            | "attachment"
            | "attachments"
            | "error"
            | "errors"
            | "output"
            | "reason"
            | "source-file"
            | "source-line"
            | "stack-trace"
            | "traits"
            | "warning"
            | "warnings"
    )
}
