//! Periods of fixed length that repeat from a first day, for example sprints.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Unit};

/// A period of fixed length that repeats from a first day, in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Anchored {
    /// Name, for example `sprint`.
    pub name: PeriodName,
    /// First day of one of its repetitions.
    pub starts: Date,
    /// Length in days, at least 1.
    pub days: u32,
}

/// The name of a period: at most 32 bytes, so that scopes that hold it can be copied.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct PeriodName {
    bytes: [u8; Self::LONGEST],
    length: usize,
}

impl PeriodName {
    /// The longest name, in bytes.
    pub const LONGEST: usize = 32;

    /// A name; `None` if it is longer than 32 bytes.
    pub fn new(name: &str) -> Option<Self> {
        let mut bytes = [0; Self::LONGEST];
        bytes.get_mut(..name.len())?.copy_from_slice(name.as_bytes());
        Some(Self { bytes, length: name.len() })
    }

    /// The name as written.
    pub fn as_str(&self) -> &str {
        let bytes = self.bytes.get(..self.length).unwrap_or_default();
        std::str::from_utf8(bytes).unwrap_or_default()
    }
}

impl fmt::Debug for PeriodName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.as_str())
    }
}

impl fmt::Display for PeriodName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Anchored {
    /// First day of the repetition that is `back` before the one that holds a moment.
    ///
    /// # Errors
    /// If that is before the calendar begins.
    pub fn first_day(&self, now: Timestamp, back: u32) -> Result<Date, String> {
        let length = i64::from(self.days.max(1));
        let today = now.to_zoned(TimeZone::UTC).date();
        let days =
            i64::from(today.since((Unit::Day, self.starts)).map_err(|error| error.to_string())?.get_days());
        let offset = (days.div_euclid(length) - i64::from(back)) * length;
        let span =
            Span::new().try_days(offset).map_err(|_| "that is before the calendar begins".to_owned())?;
        self.starts.checked_add(span).map_err(|_| "that is before the calendar begins".to_owned())
    }

    /// First instant of that repetition, in UTC.
    ///
    /// # Errors
    /// If that is before the calendar begins.
    pub fn start(&self, now: Timestamp, back: u32) -> Result<Timestamp, String> {
        let zoned = self.first_day(now, back)?.to_zoned(TimeZone::UTC).map_err(|error| error.to_string())?;
        Ok(zoned.timestamp())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn repetitions_begin_every_two_weeks_before_and_after_the_anchor() {
        let sprint = Anchored {
            name: PeriodName::new("sprint").unwrap(),
            starts: "2026-01-05".parse().unwrap(),
            days: 14,
        };
        let first = |now: &str, back| sprint.first_day(now.parse().unwrap(), back).unwrap().to_string();
        assert_eq!(first("2026-01-05T00:00:00Z", 0), "2026-01-05");
        assert_eq!(first("2026-01-18T23:59:59Z", 0), "2026-01-05");
        assert_eq!(first("2026-01-19T00:00:00Z", 0), "2026-01-19");
        assert_eq!(first("2026-01-19T00:00:00Z", 2), "2025-12-22");
        assert_eq!(first("2026-01-04T23:59:59Z", 0), "2025-12-22");
        assert!(sprint.first_day("2026-01-04T23:59:59Z".parse().unwrap(), u32::MAX).is_err());
    }

    #[test]
    fn longer_name_is_none() {
        assert_eq!(PeriodName::new("release-train").unwrap().as_str(), "release-train");
        assert_eq!(PeriodName::new(&"x".repeat(33)), None);
    }
}
