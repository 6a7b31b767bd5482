//! One file: open it, find out what it is, read it.

use std::fs::File;
use std::io::{self, Read};

use super::collector::{Collected, Collector, Problem};
use super::files::Found;
use super::source::{Source, SourceError};
use super::text::Text;
use super::xml::{Markup, Xml, XmlError, local};
use super::{junit, place};
use crate::model::{Area, Gap, ReportFile, ReportFormat, TestId, Warning};

/// What became of a file.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Its tests, if it is a test report.
    pub file: Option<ReportFile>,
    /// What could not be read.
    pub gaps: Vec<Gap>,
    /// What a person should look at.
    pub warnings: Vec<Warning>,
}

/// The bytes of a report, from wherever they come.
pub type Bytes = Box<dyn Read>;

/// Reads a file.
pub fn read(found: &Found) -> Outcome {
    read_from(&found.path, &|| Ok(Box::new(File::open(&found.location)?)))
}

/// Reads a report. It is opened a second time if a problem has to be given its line and column.
pub fn read_from(path: &str, open: &dyn Fn() -> io::Result<Bytes>) -> Outcome {
    let mut collector = Collector::default();
    let seen =
        open().map_err(SourceError::Io).and_then(Source::new).map(|source| parse(source, &mut collector));
    let seen = match seen {
        Ok(seen) => seen,
        Err(error) => {
            return Outcome {
                gaps: vec![gap(path, format!("cannot be read: {error}"))],
                ..Outcome::default()
            };
        }
    };
    let Collected { runs, tests, details, problems, more_problems } = collector.finish();
    let mut outcome = Outcome::default();
    report_problems(path, open, problems, more_problems, &mut outcome);
    if seen.replaced {
        outcome
            .warnings
            .push(Warning(format!("{}: bytes that are not {} were replaced", path, seen.encoding)));
    }
    if seen.contradicts {
        let what = "the XML declaration says UTF-16, and the file is in UTF-8: it was read as UTF-8";
        outcome.warnings.push(Warning(format!("{}: {what}", path)));
    }
    outcome.file = seen.format.map(|format| ReportFile {
        path: path.to_owned(),
        digest: seen.digest,
        format,
        encoding: seen.encoding.to_owned(),
        complete: seen.complete,
        runs,
        tests,
        details,
    });
    outcome
}

/// What a file turned out to be.
struct Seen {
    format: Option<ReportFormat>,
    complete: bool,
    digest: TestId,
    encoding: &'static str,
    replaced: bool,
    contradicts: bool,
}

/// Finds out what the bytes are, and reads them.
fn parse(mut source: Source<Bytes>, out: &mut Collector) -> Seen {
    let looks = match source.peek(1024) {
        Ok(head) => look(head),
        Err(error) => Err(format!("cannot be read: {error}")),
    };
    let mut format = None;
    let mut complete = false;
    let mut xml = Xml::new(source);
    let result = match looks {
        Ok(()) => parse_xml(&mut xml, out, &mut format),
        Err(what) => Err(XmlError { at: 0, what }),
    };
    match result {
        Ok(()) => complete = true,
        Err(XmlError { at, what }) => out.problem(Problem { at: Some(at), what, gap: true }),
    }
    let source = xml.source();
    // The digest is over all bytes, also where reading stopped early. If they cannot be read, a gap has said so.
    if let Err(error) = source.drain()
        && complete
    {
        complete = false;
        out.problem(Problem { at: None, what: format!("cannot be read: {error}"), gap: true });
    }
    Seen {
        format,
        complete,
        digest: source.digest(),
        encoding: source.encoding(),
        replaced: source.replaced(),
        contradicts: source.contradicts_declaration(),
    }
}

/// Whether the first bytes can be those of a report.
fn look(head: &[u8]) -> Result<(), String> {
    match head.trim_ascii_start() {
        [] if head.is_empty() => Err("the file is empty".to_owned()),
        [] => Err("the file holds nothing but white space".to_owned()),
        [b'<', ..] => Ok(()),
        [0, ..] => {
            Err("the file begins with zero bytes: it was never written to its end, or is not text".to_owned())
        }
        _ => Err("not a test report: it does not begin like XML".to_owned()),
    }
}

/// Reads an XML document by its root element.
fn parse_xml(
    xml: &mut Xml<Bytes>,
    out: &mut Collector,
    format: &mut Option<ReportFormat>,
) -> Result<(), XmlError> {
    let (root, empty) = match xml.next(&mut Text::default())? {
        Markup::Start(tag) => (tag.into_owned(), false),
        Markup::Empty(tag) => (tag.into_owned(), true),
        Markup::End | Markup::Eof => return Err(xml.error("there is no element in the file")),
    };
    let name = root.name();
    let name = local(name.as_ref());
    if junit::is_root(name) {
        *format = Some(ReportFormat::Junit);
        return junit::read(xml, &root, empty, out);
    }
    Err(xml.error(format!("not a test report: its root element is `{name}`{}", known_root(name))))
}

/// What documents with a root element usually are.
fn known_root(name: &str) -> &'static str {
    match name {
        "coverage" => ", a coverage report (Cobertura or Clover)",
        "report" => ", as in a coverage report (JaCoCo)",
        "checkstyle" => ", a Checkstyle report",
        "project" => ", as in a build file",
        "html" | "HTML" => ", a web page",
        "testng-results" => ", TestNG's own format; TestNG writes JUnit XML too",
        "test-results" => ", NUnit 2's format; convert it to NUnit 3 or JUnit XML",
        "pmd" | "BugCollection" | "issues" => ", a static analysis report",
        _ => "",
    }
}

/// Turns what a reader noticed into gaps and warnings with places.
fn report_problems(
    path: &str,
    open: &dyn Fn() -> io::Result<Bytes>,
    problems: Vec<Problem>,
    more: u64,
    outcome: &mut Outcome,
) {
    let offsets: Vec<u64> = problems.iter().filter_map(|p| p.at).collect();
    let places = place::find(open, offsets);
    for problem in problems {
        let place = match problem.at.and_then(|at| places.get(&at)) {
            Some((line, column)) => format!("{path}:{line}:{column}"),
            None => path.to_owned(),
        };
        if problem.gap {
            outcome.gaps.push(gap(&place, problem.what));
        } else {
            outcome.warnings.push(Warning(format!("{place}: {}", problem.what)));
        }
    }
    if more > 0 {
        outcome.gaps.push(gap(path, format!("{more} more problems like these")));
    }
}

/// A gap in the test evidence.
fn gap(place: &str, what: String) -> Gap {
    Gap { area: Area::Tests, place: Some(place.to_owned()), what, remedy: None }
}
