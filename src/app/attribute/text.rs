//! A record as text. What commits and issues say is escaped for a terminal.

use std::fmt::Write as _;

use jiff::Timestamp;

use crate::model::Sha;
use crate::output::escape::terminal;
use release_history::origins::origin_record::{FoundOrigin, Likelihood, OriginRecord};

/// Number of digits that are shown of a commit.
const DIGITS: usize = 12;

/// The releases shown of those that are affected.
// One line of a terminal holds about twelve tags.
const RELEASES: usize = 12;

/// The record, a line for each thing that it says.
pub fn record_text(record: &OriginRecord) -> String {
    let mut out = String::new();
    // Writing to a text cannot fail.
    let _ = write_record(record, &mut out);
    out
}

fn write_record(record: &OriginRecord, out: &mut String) -> std::fmt::Result {
    match &record.origin {
        Some(origin) => write_origin(record, origin, out)?,
        None => writeln!(out, "no origin: {}", terminal(&record.evidence))?,
    }
    for (rank, suggestion) in record.suggestions.iter().enumerate() {
        let word = match suggestion.likelihood {
            Likelihood::None => "unlikely",
            Likelihood::Possible => "possible",
            Likelihood::Likely => "likely",
        };
        let release = suggestion.release.as_ref().map_or("unreleased", |tag| tag.0.as_str());
        writeln!(
            out,
            "{} {} {:>3} % {word}, {}  {}",
            if rank == 0 { "blame     " } else { "          " },
            short_id(&suggestion.commit),
            suggestion.percent,
            terminal(release),
            terminal(&suggestion.subject)
        )?;
    }
    if let Some(agrees) = record.blame_agrees {
        writeln!(
            out,
            "           blame {} with what was said",
            if agrees { "agrees" } else { "does not agree" }
        )?;
    }
    for one in &record.ruled_out {
        let because = terminal(&one.because.to_string());
        writeln!(out, "ruled out  {}  {}: {because}", short_id(&one.commit), terminal(&one.subject))?;
    }
    for one in &record.passed_over {
        let (place, text) = (terminal(&one.signal.place), terminal(&one.signal.text));
        writeln!(out, "passed by  {place}: `{text}` {}", terminal(&one.because))?;
    }
    if !record.affected.is_empty() {
        let mut shown: Vec<String> =
            record.affected.iter().take(RELEASES).map(|tag| terminal(&tag.0).to_string()).collect();
        if record.affected.len() > RELEASES {
            shown.push(format!("and {} more", record.affected.len() - RELEASES));
        }
        writeln!(out, "affected   {}", shown.join(", "))?;
    }
    for what in &record.unread {
        writeln!(out, "not read   {}", terminal(what))?;
    }
    Ok(())
}

fn write_origin(record: &OriginRecord, origin: &FoundOrigin, out: &mut String) -> std::fmt::Result {
    let release = origin.release.as_ref().map_or("no release yet", |tag| tag.0.as_str());
    match &origin.commit {
        Some(commit) => {
            let subject = origin.subject.as_deref().unwrap_or("");
            writeln!(out, "introduced {}  {}", short_id(commit), terminal(subject))?;
            writeln!(out, "first in   {}", terminal(release))?;
        }
        None => writeln!(out, "introduced in {}", terminal(release))?,
    }
    writeln!(out, "because    {} ({})", terminal(&record.evidence), record.confidence.name())?;
    // What came in after the report was not detected by it.
    let days = |since: Timestamp| {
        let time = record.reported_at.duration_since(since);
        (!time.is_negative()).then(|| time.as_hours() / 24)
    };
    let from_commit = origin.committed_at.and_then(days).map(|days| format!("{days} days from the commit"));
    let from_release = origin.released_at.and_then(days).map(|days| format!("{days} days from the release"));
    let times: Vec<String> = from_commit.into_iter().chain(from_release).collect();
    if !times.is_empty() {
        writeln!(out, "detected   after {}", times.join(", "))?;
    }
    Ok(())
}

/// The first digits of a commit.
fn short_id(commit: &Sha) -> &str {
    commit.0.get(..DIGITS).unwrap_or(&commit.0)
}
