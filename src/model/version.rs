//! Versions as people write them, compared with tags as projects name them.

use std::cmp::Ordering;

/// Words after the number that mark a pre-release. Anything else there is a build suffix.
const PRE_RELEASE: [&str; 9] = ["alpha", "beta", "rc", "pre", "preview", "dev", "snapshot", "nightly", "m"];

/// A version somebody wrote: `v1.4`, `1.4.0`, `1.4.x`, `1.4.0+build.7`, `release-1.4.0-rc.1`, `2026-07-31`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// The numbers, without trailing zeros: `1.4.0` and `1.4` are the same.
    numbers: Vec<u64>,
    /// How many numbers were written, zeros included.
    written: usize,
    /// True if the last part was `x` or `*`.
    wildcard: bool,
    /// The pre-release part in lower case without separators: `rc1`.
    pre: Option<String>,
}

impl Version {
    /// Reads the version in a text; none if there is no number in it.
    ///
    /// It is the first run of several numbers (`s3-gateway-1.4.0`), or else the first one that underscores join
    /// (`curl-8_1_0`), or the first number where none is of several. What stands before it (`v`, `release-`, a product's
    /// name) is passed over; what follows it counts only if it names a pre-release.
    pub fn parse(text: &str) -> Option<Self> {
        Self::split(text).map(|(version, _)| version)
    }

    /// The version in a text as [`Self::parse`] reads it, and what follows its numbers.
    pub fn split(text: &str) -> Option<(Self, &str)> {
        Self::first(text, false).filter(|(version, _)| version.is_whole()).or_else(|| Self::first(text, true))
    }

    /// True if it is more than one number.
    fn is_whole(&self) -> bool {
        self.written > 1 || self.wildcard
    }

    /// The first version in a text, and what follows its numbers; `joins` if an underscore may stand between them.
    fn first(text: &str, joins: bool) -> Option<(Self, &str)> {
        let mut first = None;
        let mut at = 0;
        while let Some(start) = text[at..].find(|c: char| c.is_ascii_digit()).map(|offset| at + offset) {
            let (version, end) = Self::at(&text[start..], joins)?;
            at = start + end;
            if version.is_whole() {
                return Some((version, &text[at..]));
            }
            first.get_or_insert((version, &text[at..]));
        }
        first
    }

    /// The version that a text begins with, and where its numbers end.
    fn at(text: &str, joins: bool) -> Option<(Self, usize)> {
        let mut rest = text;
        let mut numbers: Vec<u64> = Vec::new();
        let mut wildcard = false;
        loop {
            let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
            numbers.push(rest[..end].parse().ok()?);
            rest = &rest[end..];
            // A year may be followed by its month and day with hyphens.
            let date = numbers.first().is_some_and(|year| (1900..2200).contains(year)) && numbers.len() < 3;
            let next = rest.strip_prefix('.').or_else(|| rest.strip_prefix(['-', '_']).filter(|_| date));
            let is_digit = |text: &&str| text.starts_with(|c: char| c.is_ascii_digit());
            let next = next.or_else(|| rest.strip_prefix('_').filter(|_| joins).filter(is_digit));
            match next {
                Some(after) if after.starts_with(|c: char| c.is_ascii_digit()) => rest = after,
                Some(after) => {
                    if let Some(after) = after.strip_prefix(['x', 'X', '*']) {
                        wildcard = !after.starts_with(|c: char| c.is_alphanumeric());
                    }
                    break;
                }
                None => break,
            }
        }
        let written = numbers.len();
        while numbers.len() > 1 && numbers.last() == Some(&0) {
            numbers.pop();
        }
        Some((Self { numbers, written, wildcard, pre: pre_release(rest) }, text.len() - rest.len()))
    }

    /// True if it names a pre-release.
    pub fn is_pre_release(&self) -> bool {
        self.pre.is_some()
    }

    /// True if a text says this version and not something else with a number in it: a single number is a version only
    /// where it stands alone (`7`, `v7`), not in "1 of our 40 pods".
    pub fn is_all_of(&self, text: &str) -> bool {
        self.is_whole() || !text.trim().contains(char::is_whitespace)
    }

    /// True if both are the same version, whatever stands around the numbers.
    pub fn same(&self, other: &Self) -> bool {
        !self.wildcard && !other.wildcard && self.numbers == other.numbers && self.pre == other.pre
    }

    /// True if this names a line (`1.4.x`, or `1.4` for want of a third number) that the other one belongs to.
    pub fn is_line_of(&self, other: &Self) -> bool {
        let is_short = self.written > 1 && self.written < other.written;
        if self.pre.is_some() || other.pre.is_some() || !(self.wildcard || is_short) {
            return false;
        }
        (0..self.written).all(|at| number(&self.numbers, at) == number(&other.numbers, at))
    }

    /// The release line: the version without its last number, `1.4` for `1.4.2`; of a single number that number.
    pub fn line(&self) -> String {
        let kept = if self.wildcard { self.written } else { (self.written - 1).max(1) };
        let numbers = (0..kept).map(|at| number(&self.numbers, at).to_string());
        numbers.collect::<Vec<_>>().join(".")
    }

    /// True if both name one release line: `1.4` and `1.4.x`, not `1.4.2`.
    pub fn is_same_line(&self, other: &Self) -> bool {
        let whole = |version: &Self| version.pre.is_none() && version.written == other.written;
        whole(self) && whole(other) && self.numbers == other.numbers
    }

    /// Which one is the higher, by its numbers; of two that are alike, a pre-release comes before the release.
    pub fn compare(&self, other: &Self) -> Ordering {
        let finished = |version: &Self| version.pre.is_none();
        self.numbers.cmp(&other.numbers).then_with(|| finished(self).cmp(&finished(other)))
    }
}

/// The number at a place; a place that is not written is zero.
fn number(numbers: &[u64], at: usize) -> u64 {
    numbers.get(at).copied().unwrap_or(0)
}

/// The pre-release that a version's tail names: `-rc.1`, `rc1`, and `b2` where it follows at once.
fn pre_release(tail: &str) -> Option<String> {
    let word = |text: &str| -> String {
        let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_')));
        let text = &text[..end.unwrap_or(text.len())];
        text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase()
    };
    let letters = |word: &str| -> String { word.chars().take_while(|c| !c.is_ascii_digit()).collect() };
    let joined = word(tail.trim_start_matches(['-', '.', '_']));
    // Python writes `1.4.0b2`; behind a separator `b2` is as likely a build.
    let python =
        tail.starts_with(['a', 'b']) && matches!(letters(&joined).as_str(), "a" | "b") && joined.len() > 1;
    (python || PRE_RELEASE.contains(&letters(&joined).as_str())).then_some(joined)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::Version;

    fn version(text: &str) -> Version {
        Version::parse(text).unwrap()
    }

    #[test]
    fn spellings_of_one_version_are_the_same() {
        for text in [
            "v1.4.0",
            "1.4",
            "V1.4.0",
            "release-1.4.0",
            "1.4.0+build.7",
            "1.4.0 (latest)",
            "1.4.0-g1a2b3c",
            "s3-gateway-1.4.0",
            "1.4.0-b12",
            "project-1_4_0",
            "x86_64-1.4.0",
        ] {
            assert!(version(text).same(&version("v1.4.0")), "{text}");
        }
        for text in ["2.0.0-rc.1", "release-2_0_0rc1", "REL_2_0_RC1"] {
            assert!(version(text).same(&version("v2.0.0-RC1")), "{text}");
        }
        assert!(version("release-2026-07-31").same(&version("2026.07.31")));
    }

    #[test]
    fn neighbours_are_not_the_same() {
        for text in ["1.4.1", "1.40", "14.0", "1.4.0-rc.1", "1.4.x", "1.4.0b2"] {
            assert!(!version(text).same(&version("v1.4.0")), "{text}");
        }
        assert!(!version("release-2026-07-31").same(&version("release-2026-01-10")));
    }

    #[test]
    fn a_line_holds_its_releases_and_no_others() {
        assert!(version("1.4.x").is_line_of(&version("v1.4.7")));
        assert!(version("1.4").is_line_of(&version("v1.4.7")));
        assert!(version("1.0.x").is_line_of(&version("v1.0.0")));
        assert!(!version("1.4.x").is_line_of(&version("v1.5.0")));
        assert!(!version("1.4.0").is_line_of(&version("v1.4.7")));
        assert!(!version("1.4.x").is_line_of(&version("v1.4.7-rc.1")));
        assert!(!version("1").is_line_of(&version("v1.4.7")));
    }

    #[test]
    fn a_number_in_a_sentence_is_no_version() {
        for (text, is_version) in
            [("1 of our 40 pods", false), ("v7", true), ("7", true), ("1.4.0 (latest)", true)]
        {
            assert_eq!(version(text).is_all_of(text), is_version, "{text}");
        }
        assert_eq!(Version::parse("_No response_"), None);
        assert_eq!(Version::parse("99999999999999999999999"), None);
    }

    #[test]
    fn versions_are_ordered_by_their_numbers() {
        assert!(version("v1.10.0").compare(&version("v1.9.0")).is_gt());
        assert!(version("v1.4.0-rc.1").compare(&version("v1.4.0")).is_lt());
    }
}
