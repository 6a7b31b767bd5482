//! Versions as people write them, compared with tags as projects name them.

/// Words after the number that mark a pre-release. Anything else there is a build suffix.
const PRE_RELEASE: [&str; 9] = ["alpha", "beta", "rc", "pre", "preview", "dev", "snapshot", "nightly", "m"];

/// A version somebody wrote: `v1.4`, `1.4.0`, `1.4.x`, `1.4.0+build.7`, `release-1.4.0-rc.1`.
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
    /// Reads the first version in a text; none if there is no number in it.
    ///
    /// What stands before the number (`v`, `release-`, a product's name) is passed over; what follows it counts only if
    /// it names a pre-release.
    pub fn parse(text: &str) -> Option<Self> {
        let start = text.find(|c: char| c.is_ascii_digit())?;
        let mut rest = &text[start..];
        let mut numbers = Vec::new();
        let mut wildcard = false;
        loop {
            let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
            numbers.push(rest[..end].parse().ok()?);
            rest = &rest[end..];
            let Some(after_dot) = rest.strip_prefix('.') else { break };
            if after_dot.starts_with(|c: char| c.is_ascii_digit()) {
                rest = after_dot;
                continue;
            }
            if let Some(after) = after_dot.strip_prefix(['x', 'X', '*']) {
                wildcard = !after.starts_with(|c: char| c.is_alphanumeric());
            }
            break;
        }
        let written = numbers.len();
        while numbers.len() > 1 && numbers.last() == Some(&0) {
            numbers.pop();
        }
        Some(Self { numbers, written, wildcard, pre: pre_release(rest) })
    }

    /// True if it names a pre-release.
    pub fn is_pre_release(&self) -> bool {
        self.pre.is_some()
    }

    /// True if both are the same version, whatever stands around the numbers.
    pub fn same(&self, other: &Self) -> bool {
        !self.wildcard && !other.wildcard && self.numbers == other.numbers && self.pre == other.pre
    }

    /// True if this names a line (`1.4.x`, or `1.4` for want of a third number) that the other one belongs to.
    pub fn is_line_of(&self, other: &Self) -> bool {
        if self.pre.is_some() || other.pre.is_some() || (!self.wildcard && self.written >= other.written) {
            return false;
        }
        (0..self.written).all(|at| number(&self.numbers, at) == number(&other.numbers, at))
    }
}

/// The number at a place; a place that is not written is zero.
fn number(numbers: &[u64], at: usize) -> u64 {
    numbers.get(at).copied().unwrap_or(0)
}

/// The pre-release that a version's tail names: `-rc.1` and `rc1` are both `rc1`.
fn pre_release(tail: &str) -> Option<String> {
    let tail = tail.trim_start_matches(['-', '.', '_']);
    let end = tail
        .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_')))
        .unwrap_or(tail.len());
    let word: String =
        tail[..end].chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    let letters = word.find(|c: char| c.is_ascii_digit()).map_or(word.as_str(), |at| &word[..at]);
    PRE_RELEASE.contains(&letters).then(|| word.clone())
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
        for text in
            ["v1.4.0", "1.4", "V1.4.0", "release-1.4.0", "1.4.0+build.7", "1.4.0 (latest)", "1.4.0-g1a2b3c"]
        {
            assert!(version(text).same(&version("v1.4.0")), "{text}");
        }
        assert!(version("2.0.0-rc.1").same(&version("v2.0.0-RC1")));
    }

    #[test]
    fn neighbours_are_not_the_same() {
        for text in ["1.4.1", "1.40", "14.0", "1.4.0-rc.1", "1.4.x"] {
            assert!(!version(text).same(&version("v1.4.0")), "{text}");
        }
    }

    #[test]
    fn a_line_holds_its_releases_and_no_others() {
        assert!(version("1.4.x").is_line_of(&version("v1.4.7")));
        assert!(version("1.4").is_line_of(&version("v1.4.7")));
        assert!(version("1.0.x").is_line_of(&version("v1.0.0")));
        assert!(!version("1.4.x").is_line_of(&version("v1.5.0")));
        assert!(!version("1.4.0").is_line_of(&version("v1.4.7")));
        assert!(!version("1.4.x").is_line_of(&version("v1.4.7-rc.1")));
    }

    #[test]
    fn a_text_without_a_number_is_no_version() {
        assert_eq!(Version::parse("_No response_"), None);
        assert_eq!(Version::parse("99999999999999999999999"), None);
    }
}
