//! The calendar quarters that are looked at.

use jiff::Timestamp;

use crate::metric::PeriodSequence;
use crate::model::Over;

/// Calendar quarters in UTC up to a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quarters {
    /// First instant of each quarter, the oldest first.
    starts: Vec<Timestamp>,
    /// Names, for example `2026-Q4`.
    names: Vec<String>,
    /// Last instant that counts.
    now: Timestamp,
}

impl Quarters {
    /// Returns the running quarter and those before it, `count` in all.
    ///
    /// # Errors
    /// If they begin before the calendar does.
    pub fn until(now: Timestamp, count: u32) -> Result<Self, String> {
        let (periods, _) = PeriodSequence::of(Over::Quarter).ok_or("a quarter is no period")?;
        let starts = (0..count).rev().map(|back| periods.start(now, back)).collect::<Result<Vec<_>, _>>()?;
        let names = starts.iter().map(|start| periods.name(*start)).collect();
        Ok(Self { starts, names, now })
    }

    /// Returns the names, the oldest first.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Returns the place of the quarter of a moment; `None` if it is outside of all.
    pub fn place_of(&self, moment: Timestamp) -> Option<usize> {
        if moment > self.now {
            return None;
        }
        self.starts.iter().rposition(|start| *start <= moment)
    }
}
