//! Versions as people write them, compared with tags as projects name them.

#[cfg(test)]
mod tests;

use std::cmp::Ordering;

/// Words after the number that mark a pre-release. Anything else there is a build suffix.
const PRE_RELEASE: [&str; 9] = ["alpha", "beta", "rc", "pre", "preview", "dev", "snapshot", "nightly", "m"];

/// The most characters of a pre-release that are read.
const LONGEST_PRE_RELEASE: usize = 64;

/// Words before a version that name no product: `release-1.4.0`, `ver1.4.0`.
const NO_PRODUCT: [&str; 9] = ["v", "ver", "version", "rel", "release", "releases", "r", "tag", "tags"];

/// A written version: `v1.4`, `1.4.0`, `1.4.x`, `1.4.0+build.7`, `release-1.4.0-rc.1`, `2026-07-31`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// The numbers, without trailing zeros: `1.4.0` and `1.4` are the same.
    numbers: Vec<u64>,
    /// Number of written numbers, zeros included.
    written: usize,
    /// True if the last part was `x` or `*`.
    wildcard: bool,
    /// The pre-release part; `None` for a release.
    pre: Option<PreRelease>,
}

/// The pre-release part of a version, ordered as SemVer orders it: `rc.2` before `rc.10`, and `beta` before `rc`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PreRelease(Vec<Identifier>);

/// A part of a pre-release. Numbers come before words.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Identifier {
    Number(u64),
    Word(String),
}

/// The numbers and the pre-release of a version: equal keys are equal versions, whatever their spelling.
pub type VersionKey = (Vec<u64>, Option<PreRelease>);

impl Version {
    /// Reads the version in a text; none if there is no number in it.
    ///
    /// It is the first run of several numbers (`s3-gateway-1.4.0`), or else the first one that underscores join
    /// (`curl-8_1_0`), or the first number where none is of several. The text before it (`v`, `release-`, a product's
    /// name) is ignored. The text after it counts only if it names a pre-release.
    pub fn parse(text: &str) -> Option<Self> {
        Self::split(text).map(|(version, _)| version)
    }

    /// The version in a text as [`Self::parse`] reads it, and what follows its numbers.
    pub fn split(text: &str) -> Option<(Self, &str)> {
        Self::locate(text).map(|(version, place)| (version, &text[place.end..]))
    }

    /// Finds the version in a text as [`Self::parse`] reads it, with the place of its numbers.
    pub fn locate(text: &str) -> Option<(Self, std::ops::Range<usize>)> {
        Self::first(text, false).filter(|(version, _)| version.is_whole()).or_else(|| Self::first(text, true))
    }

    /// Returns `true` if the version has more than one number.
    pub fn is_whole(&self) -> bool {
        self.written > 1 || self.wildcard
    }

    /// The first version in a text, and where its numbers are; `joins` if an underscore may stand between them.
    fn first(text: &str, joins: bool) -> Option<(Self, std::ops::Range<usize>)> {
        let mut first = None;
        let mut at = 0;
        while let Some(start) = text[at..].find(|c: char| c.is_ascii_digit()).map(|offset| at + offset) {
            let (version, length) = Self::at(&text[start..], joins)?;
            at = start + length;
            if version.is_whole() {
                return Some((version, start..at));
            }
            first.get_or_insert((version, start..at));
        }
        first
    }

    /// Reads the version that a text begins with, and returns where its numbers end; `joins` if an underscore may stand
    /// between them. `None` if the text begins with no digit, or with a number that no version has.
    pub fn at(text: &str, joins: bool) -> Option<(Self, usize)> {
        let mut rest = text;
        let mut numbers: Vec<u64> = Vec::new();
        let wildcard = loop {
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
                Some(after) => break is_any_number(after),
                // Some projects name their lines so: `29-x-y`.
                None => break rest.strip_prefix('-').is_some_and(is_any_number),
            }
        };
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

    /// Returns `true` if the pre-release is of a kind that is built and not released: `1.4.0-SNAPSHOT`, `1.4.0-dev.7`.
    pub fn is_development(&self) -> bool {
        let development = |word: &Identifier| match word {
            Identifier::Word(word) => matches!(word.as_str(), "dev" | "snapshot" | "nightly"),
            Identifier::Number(_) => false,
        };
        self.pre.as_ref().is_some_and(|pre| pre.0.iter().any(development))
    }

    /// Returns `true` if a text is this version and not a sentence with a number in it. A single number is a version
    /// only on its own (`7`, `v7`), not in "1 of our 40 pods".
    pub fn is_all_of(&self, text: &str) -> bool {
        self.is_whole() || !text.trim().contains(char::is_whitespace)
    }

    /// True if both are the same version, whatever stands around the numbers.
    pub fn same(&self, other: &Self) -> bool {
        !self.wildcard && !other.wildcard && self.numbers == other.numbers && self.pre == other.pre
    }

    /// Returns a key that all spellings of this version share.
    pub fn key(&self) -> VersionKey {
        (self.numbers.clone(), self.pre.clone())
    }

    /// Returns `true` if the last part is `x` or `*`: `1.4.x`.
    pub fn is_wildcard(&self) -> bool {
        self.wildcard
    }

    /// Number of numbers that were written, zeros included: 3 for `1.4.0`.
    pub fn depth(&self) -> usize {
        self.written
    }

    /// True if this names a line (`1.4.x`, or `1.4` for want of a third number) that the other one belongs to.
    pub fn is_line_of(&self, other: &Self) -> bool {
        other.pre.is_none() && self.holds_line(other)
    }

    /// As [`Self::is_line_of`], pre-releases of the line included.
    pub fn holds_line(&self, other: &Self) -> bool {
        let may_be_line = self.wildcard || self.written < other.written;
        self.pre.is_none() && may_be_line && self.begins(other)
    }

    /// Returns `true` if the other version begins with the numbers of this one.
    pub fn begins(&self, other: &Self) -> bool {
        (0..self.written).all(|at| number_at(&self.numbers, at) == number_at(&other.numbers, at))
    }

    /// The release line: the version without its last number, for example `7.5` for `v7.5.1`. For `7.5.x` it is `7.5`.
    /// `None` if there is only one number.
    pub fn line(&self) -> Option<String> {
        let length = if self.wildcard { self.written } else { self.written - 1 };
        (length > 0).then(|| self.first_numbers(length))
    }

    /// True if both name one release line: `1.4` and `1.4.x`, not `1.4.2`.
    pub fn is_same_line(&self, other: &Self) -> bool {
        let whole = |version: &Self| version.pre.is_none() && version.written == other.written;
        whole(self) && whole(other) && self.numbers == other.numbers
    }

    /// The numbers as written, for example `7.5` for `v7.5` and `7.5.x`.
    pub fn written_numbers(&self) -> String {
        self.first_numbers(self.written)
    }

    fn first_numbers(&self, count: usize) -> String {
        let numbers: Vec<String> = (0..count).map(|at| number_at(&self.numbers, at).to_string()).collect();
        numbers.join(".")
    }

    /// Returns `true` if this is the release that patches the other one: its last number is one higher, and everything before
    /// is the same.
    pub fn is_next_patch_of(&self, other: &Self) -> bool {
        // The patch after `1.4` is `1.4.1`, not `1.5`.
        let written = self.written.max(other.written).max(3);
        let last = written - 1;
        self.pre.is_none()
            && other.pre.is_none()
            && (0..last).all(|at| number_at(&self.numbers, at) == number_at(&other.numbers, at))
            && number_at(&self.numbers, last) == number_at(&other.numbers, last) + 1
    }

    /// Compares by numbers. A pre-release comes before its release, and pre-releases are ordered as in SemVer.
    pub fn compare(&self, other: &Self) -> Ordering {
        self.numbers.cmp(&other.numbers).then_with(|| match (&self.pre, &other.pre) {
            (Some(one), Some(other)) => one.cmp(other),
            (one, other) => one.is_none().cmp(&other.is_none()),
        })
    }
}

/// The product that a tag names before its version, in lower case: `api` for `api-1.0.0`. `None` for `v1.0.0`,
/// `release-1.0.0` and for a tag without a version.
pub fn product_of(tag: &str) -> Option<String> {
    let (_, place) = Version::locate(tag)?;
    product_name(&tag[..place.start])
}

/// The product that the text before a version names, in lower case; `None` if it names none.
pub fn product_name(before: &str) -> Option<String> {
    let separators = ['-', '_', '/', '@', ':', '.', ' ', '='];
    // A name may begin with `@`: `@acme/cart@1.3.0`.
    let is_left_over = |c: char| c != '@' && separators.contains(&c);
    // `release-api-1.0.0` and `api-release-1.0.0` both name the product `api`.
    let mut rest = before.trim_start_matches(is_left_over).trim_end_matches(separators);
    loop {
        let word_start = rest.rfind(separators).map_or(0, |at| at + 1);
        let word = &rest[word_start..];
        if !NO_PRODUCT.iter().any(|no| word.eq_ignore_ascii_case(no)) {
            break;
        }
        rest = rest[..word_start].trim_end_matches(separators);
    }
    loop {
        let word_end = rest.find(separators).unwrap_or(rest.len());
        if word_end == 0 || !NO_PRODUCT.iter().any(|no| rest[..word_end].eq_ignore_ascii_case(no)) {
            break;
        }
        rest = rest[word_end..].trim_start_matches(separators);
    }
    (!rest.is_empty()).then(|| rest.to_lowercase())
}

/// Returns `true` if a text begins with `x`, `y` or `*` that stands for any number.
fn is_any_number(text: &str) -> bool {
    text.strip_prefix(['x', 'X', '*']).is_some_and(|after| !after.starts_with(char::is_alphanumeric))
}

/// The number at a place; a place that is not written is zero.
fn number_at(numbers: &[u64], at: usize) -> u64 {
    numbers.get(at).copied().unwrap_or(0)
}

/// The pre-release that a version's tail names: `-rc.1`, `rc1`, and `b2` where it follows at once.
fn pre_release(tail: &str) -> Option<PreRelease> {
    // No project has a longer one, and many versions may be joined in one long word.
    let bytes = tail.bytes().take(LONGEST_PRE_RELEASE);
    let end = bytes.take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_')).count();
    let word = tail[..end].to_ascii_lowercase();
    let word = word.trim_start_matches(['-', '.', '_']);
    let letters: String = word.chars().take_while(char::is_ascii_alphabetic).collect();
    // Python writes `1.4.0b2`; behind a separator `b2` is as likely a build.
    let python = tail.starts_with(['a', 'b']) && matches!(letters.as_str(), "a" | "b") && word.len() > 1;
    (python || PRE_RELEASE.contains(&letters.as_str())).then(|| PreRelease(identifiers(word)))
}

/// The runs of letters and of digits in a word: `rc.1` and `rc1` have the same.
fn identifiers(word: &str) -> Vec<Identifier> {
    let mut found = Vec::new();
    let mut rest = word;
    while let Some(first) = rest.chars().next() {
        let is_digit = first.is_ascii_digit();
        let same = |c: char| c.is_ascii_alphanumeric() && c.is_ascii_digit() == is_digit;
        let end = rest.find(|c: char| !same(c)).unwrap_or(rest.len());
        if end == 0 {
            rest = &rest[first.len_utf8()..];
            continue;
        }
        let run = &rest[..end];
        rest = &rest[end..];
        // A number that is too large for any release orders as a word.
        let number = run.parse().ok().filter(|_| is_digit);
        found.push(number.map_or_else(|| Identifier::Word(run.to_owned()), Identifier::Number));
    }
    found
}
