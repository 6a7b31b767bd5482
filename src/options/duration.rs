//! Durations and times as typed.

use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// Parses `90`, `90s`, `5m`, `1h` or `500ms`. A number alone is in seconds.
///
/// # Errors
/// If the text is anything else, zero, or longer than 24 hours.
pub fn parse_duration(text: &str) -> Result<Duration, String> {
    let text = text.trim();
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let number: u64 =
        number.parse().map_err(|_| "expected a time such as `90s`, `5m` or `500ms`".to_owned())?;
    let seconds = |factor: u64| number.checked_mul(factor).map(Duration::from_secs);
    let time = match unit.trim_start() {
        "" | "s" => seconds(1),
        "m" => seconds(60),
        "h" => seconds(3600),
        "ms" => Some(Duration::from_millis(number)),
        other => return Err(format!("unknown unit of time `{other}`: use `ms`, `s`, `m` or `h`")),
    };
    time.filter(|time| !time.is_zero() && *time <= LONGEST)
        .ok_or_else(|| "expected a time above 0 and of at most 24 hours".to_owned())
}

/// Parses `2026-12-01T12:00:00Z`, or `2026-12-01` for the beginning of that day in UTC.
///
/// # Errors
/// If the text is anything else.
pub fn parse_evaluation_time(text: &str) -> Result<Timestamp, String> {
    let text = text.trim();
    let day = || text.parse::<Date>().ok()?.to_zoned(TimeZone::UTC).ok().map(|start| start.timestamp());
    let time = text.parse().ok().or_else(day);
    time.ok_or_else(|| "expected a time such as `2026-12-01` or `2026-12-01T12:00:00Z`".to_owned())
}

/// The longest duration: no job waits longer.
const LONGEST: Duration = Duration::from_secs(24 * 3600);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_is_a_date_or_has_a_zone() {
        let start: Timestamp = "2026-12-01T00:00:00Z".parse().unwrap_or_default();
        assert_eq!(parse_evaluation_time("2026-12-01"), Ok(start));
        assert_eq!(parse_evaluation_time(" 2026-12-01T01:00:00+01:00 "), Ok(start));
        for text in ["", "12", "tomorrow", "2026-12-32", "01.12.2026"] {
            assert!(parse_evaluation_time(text).is_err(), "{text}");
        }
    }

    #[test]
    fn duration_needs_a_known_unit() {
        for (text, milliseconds) in
            [("90", 90_000), ("90s", 90_000), (" 5m ", 300_000), ("500ms", 500), ("1 h", 3_600_000)]
        {
            assert_eq!(parse_duration(text), Ok(Duration::from_millis(milliseconds)), "{text}");
        }
        for text in
            ["", "m", "-1", "1.5m", "0", "0s", "1d", "25h", "99999999999999999999", "18446744073709551615h"]
        {
            assert!(parse_duration(text).is_err(), "{text}");
        }
    }
}
