//! One file: open it, find out what it is, read it.

use std::fs::File;
use std::io::{self, Read};

use super::collector::{Collected, Collector, Problem, Stopped};
use super::ctrf::{self, NotCtrf};
use super::detect::{self, Detected};
use super::files::Found;
use super::source::{Source, SourceError};
use super::xml::Xml;
use super::{cargotest, gotest, place, tap};
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

/// Reads a file.
pub fn read(found: &Found) -> Outcome {
    let open = || File::open(&found.location);
    let mut collector = Collector::default();
    let seen =
        open().map_err(SourceError::Io).and_then(Source::new).map(|source| parse(source, &mut collector));
    let seen = match seen {
        Ok(seen) => seen,
        Err(error) => {
            return Outcome {
                gaps: vec![gap(&found.path, format!("cannot be read: {error}"))],
                ..Outcome::default()
            };
        }
    };
    let Collected { runs, tests, details, problems, more_problems } = collector.finish();
    let mut outcome = Outcome::default();
    report_problems(&found.path, &open, problems, more_problems, &mut outcome);
    if seen.replaced {
        outcome
            .warnings
            .push(Warning(format!("{}: bytes that are not {} were replaced", found.path, seen.encoding)));
    }
    if seen.contradicts {
        let what = "the XML declaration says UTF-16, and the file is in UTF-8: it was read as UTF-8";
        outcome.warnings.push(Warning(format!("{}: {what}", found.path)));
    }
    outcome.file = seen.format.map(|format| ReportFile {
        path: found.path.clone(),
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
fn parse<R: Read>(mut source: Source<R>, out: &mut Collector) -> Seen {
    let (format, result, mut source) = match detect::format(&mut source) {
        Ok(Detected::Xml) => {
            let mut xml = Xml::new(source);
            let (format, result) = detect::read_xml(&mut xml, out);
            (format, result, xml.into_source())
        }
        Ok(Detected::Ctrf) => {
            let (format, result) = match ctrf::read(&mut source, out) {
                Ok(()) => (Some(ReportFormat::Ctrf), Ok(())),
                Err(NotCtrf::Broken(stopped)) => (Some(ReportFormat::Ctrf), Err(stopped)),
                Err(NotCtrf::SomethingElse(stopped)) => (None, Err(stopped)),
            };
            (format, result, source)
        }
        Ok(Detected::GoTest) => {
            let result = gotest::read(&mut source, out);
            (Some(ReportFormat::GoTest), result, source)
        }
        Ok(Detected::CargoTest) => {
            let result = cargotest::read(&mut source, out);
            (Some(ReportFormat::CargoTest), result, source)
        }
        Ok(Detected::Tap) => {
            let result = tap::read(&mut source, out);
            (Some(ReportFormat::Tap), result, source)
        }
        Err(what) => (None, Err(Stopped { at: None, what }), source),
    };
    let mut complete = result.is_ok();
    if let Err(Stopped { at, what }) = result {
        out.problem(Problem { at, what, gap: true });
    }
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

/// Turns what a reader noticed into gaps and warnings with places.
fn report_problems(
    path: &str,
    open: &dyn Fn() -> io::Result<File>,
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
