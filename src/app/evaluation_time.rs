//! The time at which waivers apply or have expired.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::{Failure, Run};

/// Returns the time of `--now`, else that of the clock.
///
/// # Errors
/// If a workflow asks for an earlier day (UTC): the change under evaluation could revive an expired waiver.
pub fn evaluation_time(asked: Option<Timestamp>, run: &Run<'_>) -> Result<Timestamp, Failure> {
    let day = |time: Timestamp| time.to_zoned(TimeZone::UTC).date();
    match asked {
        Some(asked) if run.ci.is_some() && day(asked) < day(run.now) => Err(Failure::Usage(format!(
            "--now {asked} is in the past, and an expired waiver would hold again: leave --now (ESCAPE_GATE_NOW) out of the \
             workflow"
        ))),
        Some(asked) => Ok(asked),
        None => Ok(run.now),
    }
}
