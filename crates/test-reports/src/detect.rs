//! Detects the format of a file from its content, never from its name.

use std::io::Read;

use super::collector::{Collector, ReadError};
use super::source::Source;
use super::text_sink::{TextSink, shorten};
use super::xml::{Markup, XmlReader};
use super::{cargotest, gotest, junit, nunit, nunit2, tap, trx, xunit};
use crate::ReportFormat;

/// Beginning of the message for a file that is recognized as something else.
pub const NOT_A_REPORT: &str = "not a test report: ";

/// Number of bytes that the detection looks at.
const HEAD: usize = 64 << 10;
/// Number of lines that the detection looks at: other output can precede line-based formats.
const LINES: usize = 200;

/// Formats that the first bytes can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DetectedFormat {
    /// XML of some kind: its root element says which.
    Xml,
    /// One JSON document, hopefully CTRF.
    Ctrf,
    /// Lines of `go test -json`.
    GoTest,
    /// Lines of libtest's JSON.
    CargoTest,
    /// TAP.
    Tap,
}

/// Detects the format from the first bytes.
///
/// # Errors
/// Returns a description of the file if it is not a report.
pub fn detect_format<R: Read>(source: &mut Source<R>) -> Result<DetectedFormat, String> {
    let head = source.peek(HEAD).map_err(|error| format!("cannot be read: {error}"))?;
    match head.trim_ascii_start() {
        [] if head.is_empty() => return Err("the file is empty".to_owned()),
        [] => return Err("the file holds nothing but white space".to_owned()),
        [b'<', ..] => return Ok(DetectedFormat::Xml),
        [0, ..] => {
            return Err(
                "the file begins with zero bytes: it was not written to its end, or is no text".to_owned()
            );
        }
        _ => {}
    }
    let text = String::from_utf8_lossy(head);
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()).take(LINES) {
        if gotest::is_go_test_line(line) {
            return Ok(DetectedFormat::GoTest);
        } else if cargotest::is_cargo_test_line(line) {
            return Ok(DetectedFormat::CargoTest);
        } else if tap::is_tap_line(line) && !text.trim_start().starts_with(['{', '[']) {
            // A line of pretty-printed JSON can look like a plan.
            return Ok(DetectedFormat::Tap);
        }
    }
    match text.trim_start().as_bytes() {
        [b'{', ..] => Ok(DetectedFormat::Ctrf),
        [b'[', ..] => Err("not a test report: a JSON list".to_owned()),
        [b'%', b'P', b'D', b'F', ..] => Err("not a test report: a PDF document".to_owned()),
        [b'S', b'Q', b'L', ..] => Err("not a test report: a database".to_owned()),
        _ if text.starts_with("TN:") || text.starts_with("SF:") => {
            Err("not a test report: a coverage report (LCOV)".to_owned())
        }
        _ if text.starts_with("mode: ") => Err("not a test report: a coverage profile (Go)".to_owned()),
        _ => Err("neither XML nor JSON nor TAP".to_owned()),
    }
}

/// Reads an XML document by its root element.
pub fn read_xml_report<R: Read>(
    xml: &mut XmlReader<R>,
    out: &mut Collector,
) -> (Option<ReportFormat>, Result<(), ReadError>) {
    let name = match xml.next(&mut TextSink::default()) {
        Ok(Markup::Start(tag) | Markup::Empty(tag)) => shorten(tag.name(), 60),
        Ok(Markup::End | Markup::Eof) => return (None, Err(xml.error("there is no element in the file"))),
        Err(error) => return (None, Err(error)),
    };
    xml.unread();
    match name.as_str() {
        name if junit::is_junit_root(name) => (Some(ReportFormat::Junit), junit::read_junit(xml, out)),
        "test-run" => (Some(ReportFormat::Nunit), nunit::read_nunit(xml, out)),
        "assemblies" | "assembly" => (Some(ReportFormat::Xunit), xunit::read_xunit(xml, out)),
        "TestRun" => (Some(ReportFormat::Trx), trx::read_trx(xml, out)),
        "test-results" => (Some(ReportFormat::Nunit2), nunit2::read_nunit2(xml, out)),
        // Without `NOT_A_REPORT`: in an archive, this has to be a gap and no warning.
        "report-result" => (None, Err(xml.error("Gallio's format is not read: write JUnit XML"))),
        name => {
            let what = format!("{NOT_A_REPORT}its root element is `{name}`{}", describe_root(name));
            (None, Err(xml.error(what)))
        }
    }
}

/// Describes documents with this root element.
fn describe_root(name: &str) -> &'static str {
    match name {
        "coverage" => ", as in a coverage report (Cobertura, Clover)",
        "report" => ", as in a coverage report (JaCoCo)",
        "checkstyle" => ", as in a Checkstyle report",
        "project" => ", as in a build file",
        "html" | "HTML" => ", as in a web page",
        "svg" => ", as in a picture",
        "testng-results" => ", TestNG's own format: take the JUnit XML that TestNG writes beside it",
        "robot" => ", Robot Framework's own format: take the JUnit XML that its option `--xunit` writes",
        "TestLog" | "TestResult" => ", as Boost.Test writes it: use its format JUNIT",
        "Catch" | "Catch2TestRun" => ", Catch2's own format: use its reporter `junit`",
        "doctest" => ", doctest's own format: use its reporter `junit`",
        "TestCase" => ", as Qt Test writes it: use its format `junitxml`",
        "Site" => ", as CTest writes it: use its option `--output-junit`",
        "pmd" | "BugCollection" | "issues" => ", as in a static analysis report",
        _ => "",
    }
}
