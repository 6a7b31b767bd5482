//! The defects that a scope holds.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::evidence::Evidence;
use crate::model::{Attribute, Defect, Filter, Over, Release, Tag};

/// A scope resolved against the evidence.
pub struct Window<'a> {
    /// Which defects it holds.
    pub extent: Extent<'a>,
    /// What it came to, for a person.
    pub basis: String,
    /// What a person should know about it.
    pub notes: Vec<String>,
}

/// Which defects a scope holds, before its filter.
pub enum Extent<'a> {
    /// Those found in one of these releases, by tag.
    Releases(BTreeMap<&'a Tag, &'a Release>),
    /// Those found in the candidate, which is not a release yet.
    Candidate(&'a Tag),
    /// Those reported after this moment.
    Since(Timestamp),
    /// All of them.
    All,
    /// None can be.
    Nothing,
}

/// Whether a defect belongs to a selection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Belongs {
    /// It does.
    Yes,
    /// It does not.
    No,
    /// It has no severity, and the filter asks for one.
    Perhaps,
}

impl<'a> Window<'a> {
    /// Resolves what a metric is measured over; an error says why that is not possible.
    pub fn of(over: Over, evidence: &'a Evidence) -> Result<Self, String> {
        let timeline = &evidence.timeline;
        match over {
            Over::Candidate => candidate(evidence),
            Over::Current => Ok(releases(timeline.current().into_iter().collect())),
            Over::Supported => Ok(releases(timeline.supported(evidence.supported))),
            Over::LastReleases(count) => {
                let found: Vec<_> = timeline.before_candidate().take(count as usize).collect();
                let short = !found.is_empty() && found.len() < count as usize;
                let mut window = releases(found);
                if short {
                    window.notes.push(format!("fewer than {count} releases have been published"));
                }
                Ok(window)
            }
            Over::LastDays(days) => {
                let since = evidence
                    .now
                    .checked_sub(SignedDuration::from_hours(24 * i64::from(days)))
                    .map_err(|_| format!("{days} days ago is before the calendar begins"))?;
                Ok(Self::since(since, format!("reported in the last {days} days")))
            }
            Over::Quarter => {
                let (start, name) = quarter(evidence.now)?;
                Ok(Self::since(start, format!("reported in {name}")))
            }
            Over::All => Ok(Self { extent: Extent::All, basis: "everything read".into(), notes: Vec::new() }),
        }
    }

    fn since(start: Timestamp, basis: String) -> Self {
        Self { extent: Extent::Since(start), basis, notes: Vec::new() }
    }

    /// Whether a defect lies within the window, whatever its attributes. A period goes by the ticket's creation, a set
    /// of releases by the release it was found in.
    pub fn holds(&self, defect: &Defect) -> bool {
        let found_in = defect.found_in.release.as_ref();
        match &self.extent {
            Extent::Releases(releases) => found_in.is_some_and(|tag| releases.contains_key(tag)),
            Extent::Candidate(tag) => Some(*tag) == found_in,
            Extent::Since(start) => defect.ticket.created_at > *start,
            Extent::All => true,
            Extent::Nothing => false,
        }
    }
}

/// Whether a defect has the attributes that a filter asks for.
pub fn belongs(defect: &Defect, filter: &Filter) -> Belongs {
    let mut answer = Belongs::Yes;
    for attribute in Attribute::ALL {
        let Some(wanted) = filter.values(attribute) else { continue };
        let has: &[String] = match attribute {
            Attribute::Severity => match defect.severity {
                Some(severity) if wanted.iter().any(|w| w == severity.name()) => continue,
                Some(_) => return Belongs::No,
                None => {
                    answer = Belongs::Perhaps;
                    continue;
                }
            },
            Attribute::Component => &defect.components,
            Attribute::Team => &defect.teams,
            Attribute::Kind => &defect.kinds,
            Attribute::FoundBy => &defect.found_by,
            Attribute::RootCause => &defect.root_causes,
        };
        let same = |one: &String| wanted.iter().any(|w| w == one || w.to_lowercase() == one.to_lowercase());
        if !has.iter().any(same) {
            return Belongs::No;
        }
    }
    answer
}

/// A set of releases. Before the first release everything that escaped counts: there is nothing else to hold it against.
fn releases(found: Vec<&Release>) -> Window<'_> {
    if found.is_empty() {
        return Window {
            extent: Extent::All,
            basis: "no release published yet: everything read".into(),
            notes: Vec::new(),
        };
    }
    let tags: Vec<&str> = found.iter().map(|release| release.tag.0.as_str()).collect();
    let basis = tags.join(", ");
    let extent = Extent::Releases(found.into_iter().map(|release| (&release.tag, release)).collect());
    Window { extent, basis, notes: Vec::new() }
}

/// What was found in the candidate. A candidate without a tag is in nobody's hands, so nothing was.
fn candidate(evidence: &Evidence) -> Result<Window<'_>, String> {
    let Some(candidate) = &evidence.candidate else {
        return Err("nothing says which release is being decided".into());
    };
    let basis = candidate.name.clone();
    Ok(match &candidate.tag {
        Some(tag) => Window { extent: Extent::Candidate(tag), basis, notes: Vec::new() },
        None => {
            Window { extent: Extent::Nothing, notes: vec![format!("{basis} is not a release yet")], basis }
        }
    })
}

/// The first instant of the running calendar quarter in UTC, and its name: "2026-Q4".
fn quarter(now: Timestamp) -> Result<(Timestamp, String), String> {
    let today: Date = now.to_zoned(TimeZone::UTC).date();
    let index = (today.month() - 1) / 3;
    let start = Date::new(today.year(), index * 3 + 1, 1)
        .and_then(|date| date.to_zoned(TimeZone::UTC))
        .map_err(|error| error.to_string())?;
    // The window is open at its start, and a ticket of the first instant belongs to the quarter.
    let just_before = start.timestamp() - SignedDuration::from_nanos(1);
    Ok((just_before, format!("{}-Q{}", today.year(), index + 1)))
}
