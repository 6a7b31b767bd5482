//! Reads one file: detects its format and turns problems into gaps with places.

use std::io::Read;

use super::collector::{CollectedReport, Collector, ReadError, ReportProblem};
use super::ctrf::{self, CtrfError};
use super::detect::{self, DetectedFormat, NOT_A_REPORT};
use super::line_column::{self, Reopen};
use super::observer::FileSummary;
use super::source::{Source, SourceError};
use super::xml::XmlReader;
use super::{cargotest, gotest, tap};
use crate::{ReportFile, ReportFormat, ReportGap, Reruns, TestId};

/// Result of reading one file.
#[derive(Debug, Default)]
pub struct FileOutcome {
    /// Contents; `None` if the file is not a test report.
    pub file: Option<ReportFile>,
    /// Parts that could not be read.
    pub gaps: Vec<ReportGap>,
    /// Oddities that lose no evidence.
    pub warnings: Vec<String>,
    /// Description of a well-known file that is not a test report, also in `gaps`.
    pub something_else: Option<String>,
    /// Number of bytes read, after decompression.
    pub bytes: u64,
    /// Summary for the observer; `None` if the time was not measured.
    pub summary: Option<FileSummary>,
}

impl FileOutcome {
    /// Creates an outcome with one gap.
    pub fn gap(place: &str, what: String) -> Self {
        Self { gaps: vec![report_gap(place, what)], ..Self::default() }
    }
}

/// Reads a report. `again` reads it a second time, to find the places of problems.
pub fn read_report_file<R: Read>(
    path: &str,
    reruns: Reruns,
    source: Result<Source<R>, SourceError>,
    again: &Reopen<'_>,
) -> FileOutcome {
    let mut collector = Collector::new(reruns);
    let seen = match source {
        Ok(source) => parse_report(source, &mut collector),
        Err(error) => return FileOutcome::gap(path, format!("cannot be read: {error}")),
    };
    let CollectedReport { runs, tests, details, mentions, problems, more_problems } = collector.finish();
    let mut outcome = FileOutcome { bytes: seen.bytes, ..FileOutcome::default() };
    report_problems(path, again, problems, more_problems, &mut outcome);
    outcome.something_else = seen.something_else;
    if seen.replaced {
        outcome.warnings.push(format!("{path}: bytes that are not {} were replaced", seen.encoding));
    }
    if seen.contradicts {
        let what = "the XML declaration says UTF-16, and the file is in UTF-8: it was read as UTF-8";
        outcome.warnings.push(format!("{path}: {what}"));
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
        mentions,
    });
    outcome
}

/// Result of parsing one file: its format, size, encoding and completeness.
struct ParsedFile {
    bytes: u64,
    format: Option<ReportFormat>,
    something_else: Option<String>,
    complete: bool,
    digest: TestId,
    encoding: &'static str,
    replaced: bool,
    contradicts: bool,
}

/// Detects the format and reads the bytes.
fn parse_report<R: Read>(mut source: Source<R>, out: &mut Collector) -> ParsedFile {
    let (format, result, mut source) = match detect::detect_format(&mut source) {
        Ok(DetectedFormat::Xml) => {
            let mut xml = XmlReader::new(source);
            let (format, result) = detect::read_xml_report(&mut xml, out);
            (format, result, xml.into_source())
        }
        Ok(DetectedFormat::Ctrf) => {
            let (format, result) = match ctrf::read_ctrf(&mut source, out) {
                Ok(()) => (Some(ReportFormat::Ctrf), Ok(())),
                // The tests before the damage are evidence. Other JSON is no report at all.
                Err(CtrfError::Broken(stopped)) => (Some(ReportFormat::Ctrf), Err(stopped)),
                Err(CtrfError::SomethingElse(stopped)) => (None, Err(stopped)),
            };
            (format, result, source)
        }
        Ok(DetectedFormat::GoTest) => {
            let result = gotest::read_go_test(&mut source, out);
            (Some(ReportFormat::GoTest), result, source)
        }
        Ok(DetectedFormat::CargoTest) => {
            let result = cargotest::read_cargo_test(&mut source, out);
            (Some(ReportFormat::CargoTest), result, source)
        }
        Ok(DetectedFormat::Tap) => {
            let result = tap::read_tap(&mut source, out);
            (Some(ReportFormat::Tap), result, source)
        }
        Err(what) => (None, Err(ReadError { at: None, what }), source),
    };
    let mut complete = result.is_ok();
    let something_else = result
        .as_ref()
        .err()
        .map(|stopped| stopped.what.clone())
        .filter(|what| what.starts_with(NOT_A_REPORT));
    if let Err(ReadError { at, what }) = result {
        out.add_problem(ReportProblem { at, what, gap: true });
    }
    // The digest is over all bytes, also where reading stopped early. If they cannot be read, a gap has said so.
    if let Err(error) = source.drain()
        && complete
    {
        complete = false;
        out.add_problem(ReportProblem { at: None, what: format!("cannot be read: {error}"), gap: true });
    }
    ParsedFile {
        bytes: source.taken(),
        format,
        something_else,
        complete,
        digest: source.digest(),
        encoding: source.encoding(),
        replaced: source.replaced(),
        contradicts: source.contradicts_declaration(),
    }
}

/// Converts the problems of a reader to gaps and warnings with line and column.
fn report_problems(
    path: &str,
    again: &Reopen<'_>,
    problems: Vec<ReportProblem>,
    more: u64,
    outcome: &mut FileOutcome,
) {
    let offsets: Vec<u64> = problems.iter().filter_map(|p| p.at).collect();
    let places = line_column::locate_offsets(again, offsets);
    for problem in problems {
        let place = match problem.at.and_then(|at| places.get(&at)) {
            Some((line, column)) => format!("{path}:{line}:{column}"),
            None => path.to_owned(),
        };
        if problem.gap {
            outcome.gaps.push(report_gap(&place, problem.what));
        } else {
            outcome.warnings.push(format!("{place}: {}", problem.what));
        }
    }
    if more > 0 {
        outcome.gaps.push(report_gap(path, format!("{more} more problems like these")));
    }
}

/// Creates a gap at a place.
fn report_gap(place: &str, what: String) -> ReportGap {
    ReportGap { place: Some(place.to_owned()), what, remedy: None }
}
