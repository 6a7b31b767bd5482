//! xUnit.net's own XML, versions 2 and 3: `assemblies` › `assembly` › `collection` › `test`.

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
    let mut reader = Reader { out, open: Vec::new(), assembly: Part::default(), test: None, errors: 0 };
    walk(xml, &mut reader)
}

/// Where in a document the reader is.
struct Reader<'o> {
    out: &'o mut Collector,
    open: Vec<Kind>,
    assembly: Part,
    /// The test, or the error of an assembly, that is open.
    test: Option<Test>,
    errors: u64,
}

/// What an element is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Assembly,
    Test,
    Error,
    Message,
    Other,
}

/// An assembly.
#[derive(Debug, Default)]
struct Part {
    id: TestId,
    name: String,
    declared: Numbers,
    /// What its collections declare together.
    in_collections: Numbers,
    shown: Numbers,
}

/// A test.
#[derive(Debug, Default)]
struct Test {
    name: String,
    class: String,
    result: String,
    file: String,
    line: Option<u64>,
    message: Option<String>,
    failure: bool,
    /// Values of its traits that link to issues.
    links: Vec<String>,
}

impl Elements for Reader<'_> {
    fn start(&mut self, tag: &Tag<'_>, text: &mut Text) {
        let parent = self.open.last().copied();
        let kind = match tag.name() {
            "assembly" => {
                self.assembly(tag);
                Kind::Assembly
            }
            "test" => {
                self.test(tag);
                Kind::Test
            }
            "error" if !matches!(parent, Some(Kind::Test)) => {
                self.test(tag);
                Kind::Error
            }
            "failure" => {
                if let Some(test) = &mut self.test {
                    test.failure = true;
                }
                Kind::Other
            }
            "trait" => {
                let (name, value) = property(tag);
                self.test.iter_mut().for_each(|test| mention::link(&mut test.links, &name, value.clone()));
                Kind::Other
            }
            "message" => {
                text.want_first_line();
                Kind::Message
            }
            "collection" | "class" => {
                let part = &mut self.assembly;
                let out = &mut *self.out;
                tag.each(|key, raw| match key {
                    "total" => part.in_collections.add(Numbers { tests: out.number(key, raw), bad: 0 }),
                    "failed" => part.in_collections.add(Numbers { tests: 0, bad: out.number(key, raw) }),
                    _ => {}
                });
                Kind::Other
            }
            name => {
                if !is_known(name) {
                    let what = format!("the element `{name}` is not known: it could be a result");
                    self.out.problem(Problem { at: None, what, gap: true });
                }
                Kind::Other
            }
        };
        self.open.push(kind);
    }

    fn end(&mut self, at: u64, text: &mut Text) {
        match self.open.pop() {
            Some(Kind::Message) => {
                let line = text.take_first_line();
                if let Some(test) = &mut self.test {
                    test.message = test.message.take().or(line);
                }
            }
            Some(Kind::Test) => {
                if let Some(test) = self.test.take() {
                    self.close_test(&test, at);
                }
            }
            Some(Kind::Error) => {
                if let Some(test) = self.test.take() {
                    self.errors += 1;
                    self.assembly.shown.bad += 1;
                    let name = if test.name.is_empty() { &self.assembly.name } else { &test.name };
                    let message = test.message.as_deref().or(Some(&test.class));
                    self.out.suite_error(self.assembly.id, self.errors, name, message);
                }
            }
            Some(Kind::Assembly) => {
                let Part { id, name, declared, in_collections, shown } = std::mem::take(&mut self.assembly);
                let declared = declared.most(in_collections);
                self.out.compare(at, id, &name, declared, shown);
            }
            Some(Kind::Other) | None => {}
        }
    }
}

impl Reader<'_> {
    /// An assembly begins.
    fn assembly(&mut self, tag: &Tag<'_>) {
        let mut part = Part::default();
        let out = &mut *self.out;
        let mut errors: u64 = 0;
        tag.each(|key, raw| match key {
            // The path of the assembly differs from leg to leg, its file name does not.
            "name" => part.name = value(raw).rsplit(['/', '\\']).next().unwrap_or_default().to_owned(),
            "total" => part.declared.tests = out.number(key, raw),
            "failed" => part.declared.bad = out.number(key, raw),
            "errors" => errors = out.number(key, raw),
            _ => {}
        });
        part.declared.bad = part.declared.bad.saturating_add(errors);
        part.id = collector::suite(TestId::default(), &part.name, 0);
        self.assembly = part;
    }

    /// A test, or an error, begins.
    fn test(&mut self, tag: &Tag<'_>) {
        let mut test = Test::default();
        tag.each(|key, raw| match key {
            "name" => test.name = value(raw).into_owned(),
            "type" => test.class = value(raw).into_owned(),
            "result" => test.result = raw.to_owned(),
            "source-file" => test.file = value(raw).into_owned(),
            "source-line" => test.line = raw.parse().ok(),
            _ => {}
        });
        self.test = Some(test);
    }

    /// A test ends.
    fn close_test(&mut self, test: &Test, at: u64) {
        let status = match test.result.as_str() {
            "Fail" => CaseStatus::Failed,
            _ if test.failure => CaseStatus::Failed,
            "Pass" => CaseStatus::Passed,
            "Skip" | "NotRun" => CaseStatus::Skipped,
            other => {
                let what =
                    format!("the result `{}` of `{}` is not known", cut(other, 40), cut(&test.name, 100));
                self.out.problem(Problem { at: Some(at), what, gap: true });
                CaseStatus::Error
            }
        };
        self.assembly.shown.tests += 1;
        self.assembly.shown.bad += u64::from(matches!(status, CaseStatus::Failed | CaseStatus::Error));
        let case = Case {
            suite: self.assembly.id,
            class: test.class.as_bytes(),
            name: test.name.as_bytes(),
            file: b"",
            line: test.line,
            status,
            reruns: 0,
            message: test.message.as_deref(),
            may_name_issues: true,
        };
        self.out.case_with(case, &test.links);
    }
}

/// Whether an element of this name is no result, or one that is looked at elsewhere.
fn is_known(name: &str) -> bool {
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
