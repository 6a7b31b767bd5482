//! Ratios as percentages, the same in every output.

/// Formats a ratio: `2.1 %`. Only zero prints as `0 %`, and only a whole as `100 %`.
pub fn percent_text(numerator: u64, denominator: u64) -> String {
    if denominator == 0 {
        return "not measured".to_owned();
    }
    let (n, d) = (u128::from(numerator), u128::from(denominator));
    // Rounded in whole numbers: every platform prints the same digit.
    let tenths = (n * 2_000 + d) / (2 * d);
    match tenths {
        // "0 %" and "100 %" would hide the one defect that breaks a rule.
        0 if n > 0 => "< 0.1 %".to_owned(),
        1_000 if n < d => "> 99.9 %".to_owned(),
        whole if whole % 10 == 0 => format!("{} %", whole / 10),
        tenths => format!("{}.{} %", tenths / 10, tenths % 10),
    }
}

#[cfg(test)]
mod tests {
    use super::percent_text;

    #[test]
    fn a_share_never_rounds_to_none_or_all() {
        for (numerator, denominator, expected) in [
            (0, 10, "0 %"),
            (1, 100_000, "< 0.1 %"),
            (3, 142, "2.1 %"),
            (1, 3, "33.3 %"),
            (1, 20, "5 %"),
            (99_999, 100_000, "> 99.9 %"),
            (7, 7, "100 %"),
            (0, 0, "not measured"),
            (u64::MAX, u64::MAX, "100 %"),
        ] {
            assert_eq!(percent_text(numerator, denominator), expected);
        }
    }
}
