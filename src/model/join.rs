//! Lists in sentences.

use std::fmt::Display;

/// Number of things that a sentence names; the rest is counted.
pub const NAMED: usize = 10;

/// Joins up to `most` items with commas and counts the rest: `#1, #2 and 3 more`. Returns an empty string for no items.
pub fn join_limited<T: Display>(all: impl IntoIterator<Item = T>, most: usize) -> String {
    let mut all = all.into_iter();
    let named: Vec<String> = all.by_ref().take(most).map(|one| one.to_string()).collect();
    let more = match all.count() {
        0 => String::new(),
        more => format!(" and {} more", thousands(more)),
    };
    named.join(", ") + &more
}

/// "2,990": a number with a comma before each group of three digits.
pub fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{join_limited, thousands};

    #[test]
    fn what_is_not_named_is_counted() {
        assert_eq!(join_limited([0; 0], 2), "");
        assert_eq!(join_limited([1, 2], 2), "1, 2");
        assert_eq!(join_limited([1, 2, 3, 4, 5], 2), "1, 2 and 3 more");
        assert_eq!(join_limited(1..=3_000, 1), "1 and 2,999 more");
    }
    #[test]
    fn a_large_number_can_be_read() {
        for (number, shown) in
            [(0, "0"), (999, "999"), (1_000, "1,000"), (2_990, "2,990"), (1_234_567, "1,234,567")]
        {
            assert_eq!(thousands(number), shown);
        }
    }
}
