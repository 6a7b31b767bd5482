//! The releases or the period that a scope comes to.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::evidence::Evidence;
use crate::model::{
    Anchored, Defect, Lack, MissingReason, NAMED, OriginFilter, Over, Release, Scope, Tag, join_limited,
};

/// A scope resolved against the evidence, before its filter.
pub struct ResolvedScope<'a> {
    /// Kind of scope, with its releases or its period.
    pub kind: ScopeKind<'a>,
    /// Display text of the resolved releases, for example `v1.4.0, v1.3.2`.
    pub basis: String,
    /// Notes for the reader of the report.
    pub notes: Vec<String>,
    /// Time after the publication of a release within which its defects count; `None` for no limit.
    max_age: Option<SignedDuration>,
    /// Filter by the origin of defects.
    pub origin: OriginFilter,
    /// Time from which reported defects count; `None` for all.
    pub reported_since: Option<Timestamp>,
    /// `true` if a defect under investigation counts as unfixed.
    pub counts_investigated: bool,
    /// For a set of releases, time when the oldest of them was published; `None` if none is.
    pub oldest: Option<Timestamp>,
}

/// Defects that a scope contains.
pub enum ScopeKind<'a> {
    /// Found in one of these releases, by tag.
    Releases(BTreeMap<&'a Tag, &'a Release>),
    /// Found in the candidate, which is not a release yet.
    Candidate(&'a Tag),
    /// Reported after the first time and not after the second; `None` for no end.
    Period(Timestamp, Option<Timestamp>),
    /// All defects.
    All,
    /// No defect: the candidate has no tag yet.
    Nothing,
}

impl<'a> ResolvedScope<'a> {
    /// Resolves what a metric is measured over; an error says why that is not possible.
    pub fn of(scope: &Scope, evidence: &'a Evidence) -> Result<Self, String> {
        // UTC everywhere: the time zone of a runner must not move a defect into another period.
        let since = scope.reported_since.and_then(|day| day.to_zoned(TimeZone::UTC).ok());
        Ok(Self {
            origin: scope.origin,
            reported_since: since.map(|zoned| zoned.timestamp()),
            counts_investigated: scope.counts_investigated,
            ..Self::resolve_over(scope, evidence)?
        })
    }

    fn resolve_over(scope: &Scope, evidence: &'a Evidence) -> Result<Self, String> {
        let timeline = &evidence.timeline;
        let back = scope.back as usize;
        match scope.over {
            Over::Candidate => scope_of_candidate(evidence),
            Over::Current => {
                Ok(scope_of_releases(timeline.before_candidate().skip(back).take(1).collect(), scope.max_age))
            }
            Over::Supported => Ok(scope_of_releases(timeline.supported(evidence.supported), scope.max_age)),
            Over::LastReleases(count) => {
                let count = count as usize;
                let found: Vec<_> =
                    timeline.before_candidate().skip(back.saturating_mul(count)).take(count).collect();
                let short = !found.is_empty() && found.len() < count;
                let mut window = scope_of_releases(found, scope.max_age);
                if short {
                    window.notes.push(format!("fewer than {count} releases have been published"));
                }
                Ok(window)
            }
            Over::LastDays(days) => {
                // Days of 24 hours back from now. Calendar days would change the window within one
                // day of runs.
                let (after, until) = last_days(evidence.now, days, scope.back)?;
                let basis = match until {
                    None => format!("reported in the last {days} days"),
                    Some(until) => format!("{} to {}", format_day(after), format_day(until)),
                };
                Ok(Self::period(after, until, basis))
            }
            Over::Month
            | Over::Quarter
            | Over::LastMonths(_)
            | Over::LastQuarters(_)
            | Over::Period(_)
            | Over::LastPeriods(..) => match PeriodSequence::of(scope.over) {
                Some((grid, 0)) => scope_of_period(evidence.now, grid, scope),
                Some((grid, whole)) => scope_of_whole_periods(evidence.now, grid, whole, scope.back),
                None => Err("it is no period".into()),
            },
            Over::All => {
                Ok(Self { kind: ScopeKind::All, ..Self::period(evidence.now, None, "all releases".into()) })
            }
        }
    }

    fn period(after: Timestamp, until: Option<Timestamp>, basis: String) -> Self {
        Self {
            kind: ScopeKind::Period(after, until),
            basis,
            notes: Vec::new(),
            max_age: None,
            origin: OriginFilter::default(),
            reported_since: None,
            counts_investigated: false,
            oldest: None,
        }
    }

    /// True if a defect was reported before the day from which the rule counts.
    pub fn is_debt(&self, defect: &Defect) -> bool {
        self.reported_since.is_some_and(|since| defect.issue.created_at < since)
    }

    /// Whether a defect lies within the window, whatever its attributes. A period goes by the creation of the issue, a set
    /// of releases by the release it counts for.
    pub fn contains(&self, defect: &Defect) -> bool {
        let counted_in = self.origin.release_of(defect);
        match &self.kind {
            ScopeKind::Releases(_) => counted_in.is_some_and(|tag| self.contains_in(tag, defect)),
            ScopeKind::Candidate(tag) => Some(*tag) == counted_in,
            ScopeKind::Period(after, until) => {
                let at = defect.issue.created_at;
                at > *after && until.is_none_or(|until| at <= until)
            }
            ScopeKind::All => true,
            ScopeKind::Nothing => false,
        }
    }

    /// Whether the window, being a set of releases, holds what was found in one of them: early enough, where only the
    /// first time of each release counts.
    pub fn contains_in(&self, tag: &Tag, defect: &Defect) -> bool {
        let ScopeKind::Releases(releases) = &self.kind else { return false };
        let Some(release) = releases.get(tag) else { return false };
        match (self.max_age, release.published_at) {
            (Some(cut), Some(published)) => defect.issue.created_at.duration_since(published) <= cut,
            // A draft has no publication that an age could be counted from.
            (None, _) | (_, None) => true,
        }
    }
}

/// A set of releases. Before the first release everything that escaped counts: there is no release to count by.
fn scope_of_releases(found: Vec<&Release>, cut: Option<SignedDuration>) -> ResolvedScope<'_> {
    if found.is_empty() {
        return ResolvedScope {
            kind: ScopeKind::All,
            basis: "no release published yet: everything read".into(),
            notes: Vec::new(),
            max_age: None,
            origin: OriginFilter::default(),
            reported_since: None,
            counts_investigated: false,
            oldest: None,
        };
    }
    let mut basis = join_limited(found.iter().map(|release| release.tag.0.as_str()), NAMED);
    if let Some(cut) = cut {
        basis.push_str(&format!(" at {}", format_days(cut)));
    }
    let oldest = found.iter().filter_map(|release| release.published_at).min();
    let extent = ScopeKind::Releases(found.into_iter().map(|release| (&release.tag, release)).collect());
    ResolvedScope {
        kind: extent,
        basis,
        notes: Vec::new(),
        max_age: cut,
        origin: OriginFilter::default(),
        reported_since: None,
        counts_investigated: false,
        oldest,
    }
}

/// Resolves the candidate. Without a tag it has no users, so nothing was found in it.
fn scope_of_candidate(evidence: &Evidence) -> Result<ResolvedScope<'_>, String> {
    let Some(candidate) = &evidence.candidate else {
        return Err("nothing says which release is being decided".into());
    };
    let basis = candidate.name.clone();
    let (extent, notes) = match &candidate.tag {
        Some(tag) => (ScopeKind::Candidate(tag), Vec::new()),
        None => (ScopeKind::Nothing, vec![format!("{basis} is not a release yet")]),
    };
    Ok(ResolvedScope {
        kind: extent,
        basis,
        notes,
        max_age: None,
        origin: OriginFilter::default(),
        reported_since: None,
        counts_investigated: false,
        oldest: None,
    })
}

/// The moments after and until which a row of days lies, the last of the row open at its end.
fn last_days(now: Timestamp, days: u32, back: u32) -> Result<(Timestamp, Option<Timestamp>), String> {
    let ago = |times: u32| {
        let hours = 24 * i64::from(days) * i64::from(times);
        now.checked_sub(SignedDuration::from_hours(hours))
            .map_err(|_| format!("{} days ago is before the calendar begins", hours / 24))
    };
    let until = if back == 0 { None } else { Some(ago(back)?) };
    Ok((ago(back + 1)?, until))
}

/// Periods that follow one another without a gap, in UTC.
#[derive(Debug, Clone, Copy)]
pub enum PeriodSequence {
    /// Periods of this number of calendar months.
    Months(i16),
    /// Periods of the policy.
    Anchored(Anchored),
}

impl PeriodSequence {
    /// The periods that a scope is made of, and how many whole ones it holds: 0 for the running one. `None` for other
    /// scopes.
    pub fn of(over: Over) -> Option<(Self, u32)> {
        match over {
            Over::Month => Some((Self::Months(1), 0)),
            Over::Quarter => Some((Self::Months(3), 0)),
            Over::LastMonths(count) => Some((Self::Months(1), count)),
            Over::LastQuarters(count) => Some((Self::Months(3), count)),
            Over::Period(period) => Some((Self::Anchored(period), 0)),
            Over::LastPeriods(period, count) => Some((Self::Anchored(period), count)),
            Over::Candidate
            | Over::Current
            | Over::Supported
            | Over::LastReleases(_)
            | Over::LastDays(_)
            | Over::All => None,
        }
    }

    /// First instant of the period that is `back` before the running one.
    ///
    /// # Errors
    /// If that is before the calendar begins.
    pub fn start(self, now: Timestamp, back: u32) -> Result<Timestamp, String> {
        match self {
            Self::Months(months) => calendar_start(now, months, i64::from(back)),
            Self::Anchored(period) => period.start(now, back),
        }
    }

    /// Returns the name of the period that begins at a moment: "2026-Q4", "2026-11", "sprint 2026-01-05 to 2026-01-18".
    pub fn name(self, start: Timestamp) -> String {
        let first = start.to_zoned(TimeZone::UTC).date();
        match self {
            Self::Months(1) => format!("{}-{:02}", first.year(), first.month()),
            Self::Months(_) => format!("{}-Q{}", first.year(), (first.month() - 1) / 3 + 1),
            Self::Anchored(period) => {
                let length = SignedDuration::from_hours(24 * i64::from(period.days) - 1);
                format!(
                    "{} {first} to {}",
                    period.name,
                    start.checked_add(length).map_or_else(|_| String::new(), format_day)
                )
            }
        }
    }
}

/// The running period, or one before it, as far as the scope's age goes.
fn scope_of_period<'a>(
    now: Timestamp,
    grid: PeriodSequence,
    scope: &Scope,
) -> Result<ResolvedScope<'a>, String> {
    let start = grid.start(now, scope.back)?;
    let mut basis = grid.name(start);
    // The window is open at its start, and an issue of the first instant belongs to the period.
    let instant = SignedDuration::from_nanos(1);
    let mut until = match scope.back.checked_sub(1) {
        Some(next) => Some(grid.start(now, next)? - instant),
        None => None,
    };
    if let Some(cut) = scope.max_age {
        let end = start.checked_add(cut).map_err(|error| error.to_string())?;
        until = Some(until.map_or(end, |until| until.min(end)));
        basis.push_str(&format!(" in its first {}", format_days(cut)));
    }
    let basis =
        if scope.back == 0 && scope.max_age.is_none() { format!("reported in {basis}") } else { basis };
    Ok(ResolvedScope::period(start - instant, until, basis))
}

/// The last whole periods before the running one, `back` times as many before them.
fn scope_of_whole_periods<'a>(
    now: Timestamp,
    grid: PeriodSequence,
    whole: u32,
    back: u32,
) -> Result<ResolvedScope<'a>, String> {
    let (first, end) = (whole.saturating_mul(back.saturating_add(1)), whole.saturating_mul(back));
    let (start, until) = (grid.start(now, first)?, grid.start(now, end)?);
    let instant = SignedDuration::from_nanos(1);
    let last = grid.start(now, end.saturating_add(1))?;
    let basis = match (whole, grid) {
        (1, _) => grid.name(start),
        (_, PeriodSequence::Months(_)) => format!("{} to {}", grid.name(start), grid.name(last)),
        (_, PeriodSequence::Anchored(period)) => {
            format!(
                "{whole} {}s, {} to {}",
                period.name,
                format_day(start),
                format_day(until - SignedDuration::from_hours(1))
            )
        }
    };
    let basis = if back == 0 { format!("reported in {basis}") } else { basis };
    Ok(ResolvedScope::period(start - instant, Some(until - instant), basis))
}

/// Returns the first instant of a calendar period of `months` months, `back` before the running one, in UTC.
fn calendar_start(now: Timestamp, months: i16, back: i64) -> Result<Timestamp, String> {
    let today: Date = now.to_zoned(TimeZone::UTC).date();
    let running = i64::from(today.year()) * 12 + i64::from(today.month()) - 1;
    let month = running - running.rem_euclid(i64::from(months)) - back * i64::from(months);
    let (year, month) = (month.div_euclid(12), month.rem_euclid(12) + 1);
    let (year, month) = (i16::try_from(year).ok(), i8::try_from(month).ok());
    let date = year.zip(month).and_then(|(year, month)| Date::new(year, month, 1).ok());
    let zoned = date.and_then(|date| date.to_zoned(TimeZone::UTC).ok());
    zoned.map(|zoned| zoned.timestamp()).ok_or_else(|| "that is before the calendar begins".to_owned())
}

/// "1 day", "30 days"; under a day in hours.
fn format_days(length: SignedDuration) -> String {
    match length.as_hours() {
        hours @ 0..24 => format!("{hours} {}", if hours == 1 { "hour" } else { "hours" }),
        24..48 => "1 day".into(),
        hours => format!("{} days", hours / 24),
    }
}

/// The day of a moment, in UTC.
fn format_day(moment: Timestamp) -> String {
    moment.to_zoned(TimeZone::UTC).date().to_string()
}

/// The window of a scope; if there is none, the reason.
pub fn resolve_scope<'a>(evidence: &'a Evidence, scope: &Scope) -> Result<ResolvedScope<'a>, MissingReason> {
    ResolvedScope::of(scope, evidence).map_err(|reason| MissingReason { reason, lack: Lack::Undefined })
}
