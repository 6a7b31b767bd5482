//! The time at which exceptions hold or have ended.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::ci;

use super::{Failure, World};

/// Returns the time that was asked for, else the clock's.
///
/// # Errors
/// If a workflow asks for an earlier day (UTC): its own change could bring an expired waiver back.
pub fn evaluation_time(
    asked: Option<Timestamp>,
    ci: Option<&ci::ActionsContext>,
    world: &World<'_>,
) -> Result<Timestamp, Failure> {
    let day = |time: Timestamp| time.to_zoned(TimeZone::UTC).date();
    match asked {
        Some(asked) if ci.is_some() && day(asked) < day(world.now) => Err(Failure::Usage(format!(
            "--now {asked} is in the past, and an expired waiver would hold again: leave --now (ESCAPE_GATE_NOW) out of the \
             workflow"
        ))),
        Some(asked) => Ok(asked),
        None => Ok(world.now),
    }
}
