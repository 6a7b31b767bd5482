//! Numbers of a policy: counts, percentages and lengths of time.

use crate::policy::code::Code;
use crate::policy::language::{Draft, Problems, Scalar, Spanned, quote};

/// The longest period, a hundred years: nothing is that old, and dates stay within what a calendar can hold.
pub(super) const LONGEST_DAYS: u32 = 36_500;

/// Decimals of a percentage: 0.0001 % is one millionth, the unit of ratios.
const DECIMALS: usize = 4;

/// Millionths of one percent.
pub(super) const PERCENT: u32 = 10_000;

/// Returns a whole number that is not negative. Reports any other text, and returns `None`.
pub(super) fn check_whole(at: &Spanned<Scalar>, name: &str, problems: &mut Problems) -> Option<u64> {
    let text = at.value.0.as_str();
    if is_digits(text) {
        return check_size(at, problems);
    }
    let quoted = quote(text);
    let draft = match shape(text) {
        Shape::NotFinite => {
            Draft::new(Code::NotFinite, &at.span, format!("{name} must be a whole number, not {quoted}"))
        }
        Shape::Negative => Draft::new(Code::Negative, &at.span, format!("{name} cannot be negative")),
        Shape::Fraction => Draft::new(Code::Fraction, &at.span, format!("{name} must be a whole number")),
        Shape::Percent | Shape::Other => {
            Draft::new(Code::WrongType, &at.span, format!("{name} must be a whole number, not {quoted}"))
        }
    };
    problems.push(draft.help("write a whole number in decimal digits"));
    None
}

/// Returns a number of at most 32 bits. Reports a greater one, and returns `None`.
pub(super) fn narrow(number: u64, at: &Spanned<Scalar>, problems: &mut Problems) -> Option<u32> {
    let narrow = u32::try_from(number).ok();
    if narrow.is_none() {
        problems.push(too_big(at, u64::from(u32::MAX)));
    }
    narrow
}

/// Returns the millionths of a text that ends in `%`.
// Parsed by hand: `0.07` as a floating-point number times 10,000 is not exactly 700.
pub(super) fn percentage(at: &Spanned<Scalar>, text: &str, problems: &mut Problems) -> Option<u32> {
    let number = text.strip_suffix('%').unwrap_or(text).trim_end();
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let has_point = number.contains('.');
    if !is_digits(whole) || (has_point && !is_digits(fraction)) {
        let message = format!("{} is not a percentage", quote(text));
        problems.push(
            Draft::new(Code::NotABound, &at.span, message).help("write digits and `%`, such as `0.5%`"),
        );
        return None;
    }
    let fraction = fraction.trim_end_matches('0');
    if fraction.len() > DECIMALS {
        let message = format!("a limit has at most {DECIMALS} decimals of a percentage");
        problems.push(Draft::new(Code::TooPrecise, &at.span, message).help("round it"));
        return None;
    }
    let padded = format!("{}{fraction:0<DECIMALS$}", whole.trim_start_matches('0'));
    let millionths = padded.parse::<u32>().ok().filter(|millionths| *millionths <= 100 * PERCENT);
    if millionths.is_none() {
        let message = format!("{} is more than 100 %, and no share is", quote(text));
        problems.push(Draft::new(Code::OverHundred, &at.span, message).help("write `100%` or less"));
    }
    millionths
}

pub(super) fn check_size(at: &Spanned<Scalar>, problems: &mut Problems) -> Option<u64> {
    let number = at.value.0.parse().ok();
    if number.is_none() {
        problems.push(too_big(at, u64::MAX));
    }
    number
}

fn too_big(at: &Spanned<Scalar>, most: u64) -> Draft {
    Draft::new(Code::TooBig, &at.span, "this number is too big").help(format!("write at most {most}"))
}

/// The form of a text that is not a whole number.
pub(super) enum Shape {
    NotFinite,
    Negative,
    Percent,
    Fraction,
    Other,
}

pub(super) fn shape(text: &str) -> Shape {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let bare = unsigned.strip_suffix('%').unwrap_or(unsigned).trim_end();
    // YAML writes them with a dot, `.nan` and `.inf`. Every comparison with them would be false.
    let word = bare.trim_start_matches('.').to_ascii_lowercase();
    if matches!(word.as_str(), "nan" | "inf" | "infinity") {
        return Shape::NotFinite;
    }
    let is_number = bare.starts_with(|c: char| c.is_ascii_digit() || c == '.') && bare.parse::<f64>().is_ok();
    // Not every text with a hyphen: `-foo` is no number at all.
    if text.starts_with('-') && is_number {
        return Shape::Negative;
    }
    if text.ends_with('%') {
        return Shape::Percent;
    }
    if is_number && bare.contains(['.', 'e', 'E']) { Shape::Fraction } else { Shape::Other }
}

pub(super) fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Returns the days of a duration such as `30d` or `4w`.
pub(super) fn parse_days(text: &str) -> Option<u32> {
    let (number, factor) = match (text.strip_suffix('d'), text.strip_suffix('w')) {
        (Some(days), _) => (days, 1),
        (None, Some(weeks)) => (weeks, 7),
        (None, None) => return None,
    };
    parse_digits(number)?.checked_mul(factor)
}

/// Returns the hours of a duration such as `72h`, `3d` or `1w`.
pub(super) fn parse_hours(text: &str) -> Option<u32> {
    match text.strip_suffix('h') {
        Some(hours) => parse_digits(hours),
        None => parse_days(text)?.checked_mul(24),
    }
}

/// Parses a whole number in decimal digits.
pub(super) fn parse_digits(text: &str) -> Option<u32> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}
