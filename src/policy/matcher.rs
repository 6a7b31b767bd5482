//! Patterns for label and tag names. No regular expressions: `*` stands for any run of characters, `{version}` for a
//! version, `{product}` for the name of a product. `{candidate}` and `{line}` are variables that a run fills in.

#[cfg(test)]
mod tests;

use std::fmt;

use unicode_normalization::char::{canonical_combining_class, compose};
use unicode_normalization::{UnicodeNormalization as _, is_nfc};

use crate::model::{Version, same_name};

/// The longest pattern, in characters. GitHub's label names end at 50.
const LONGEST: usize = 255;

/// A label or tag name with placeholders. Case is ignored, as on GitHub.
///
/// A pattern that holds `{candidate}` or `{line}` matches nothing until [`LabelPattern::bind`] has filled them in.
#[derive(Clone, PartialEq, Eq)]
pub struct LabelPattern {
    source: String,
    parts: Vec<PatternPart>,
}

/// The texts that the placeholders of a pattern matched, in the spelling of the label.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Captures<'l> {
    /// Text that `{version}` matched.
    pub version: Option<&'l str>,
    /// Text that `{product}` matched: `cli`, if `{product}@{version}` matched `cli@1.3.0`.
    pub product: Option<&'l str>,
    /// Text that the first `*` matched, possibly empty: `cart`, if `area/*` matched `area/cart`.
    pub star: Option<&'l str>,
}

/// The reason why a text is not a pattern.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PatternProblem {
    /// There is nothing.
    #[error("the pattern is empty")]
    Empty,
    /// White space at the beginning or end, which no label has.
    #[error("the pattern begins or ends with white space, and a label name never does")]
    Padded,
    /// A pattern that is longer than any label name.
    #[error("the pattern is longer than {LONGEST} characters")]
    TooLong,
    /// Braces hold something else than the name of a placeholder, or stand alone.
    #[error(
        "the pattern holds a brace that is not part of `{{version}}`, `{{product}}`, `{{candidate}}` or `{{line}}`"
    )]
    Brace,
    /// `{version}` stands twice.
    #[error("the pattern holds `{{version}}` twice, and a name holds one version")]
    TwoVersions,
    /// `{product}` stands twice.
    #[error("the pattern holds `{{product}}` twice, and a name holds one product")]
    TwoProducts,
}

/// The values of the variables in one run.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Variables {
    /// The candidate's tag or name, for example `v1.4.0`; `None` if it has none yet.
    pub candidate: Option<String>,
    /// The candidate's release line, for example `1.4`; `None` if its name holds no version.
    pub line: Option<String>,
}

impl Variables {
    /// The variables of a candidate, by its tag or name. Without a version in it there is no line.
    pub fn of(name: &str) -> Self {
        let version = Version::parse(name).filter(|version| version.is_all_of(name));
        Self {
            candidate: Some(name.to_owned()),
            line: version.map(|version| version.line().unwrap_or_else(|| version.written_numbers())),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum PatternPart {
    Text(Vec<char>),
    Star,
    Version,
    Product,
    Variable(Variable),
    /// A variable that was filled in: any of these spellings, the longest first.
    Spelled(Vec<Vec<char>>),
}

/// The name of a variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Variable {
    Candidate,
    Line,
}

impl LabelPattern {
    /// Reads a pattern.
    pub fn new(source: &str) -> Result<Self, PatternProblem> {
        if source.trim().is_empty() {
            return Err(PatternProblem::Empty);
        }
        if source.trim() != source {
            return Err(PatternProblem::Padded);
        }
        if source.chars().count() > LONGEST {
            return Err(PatternProblem::TooLong);
        }
        let mut parts = Vec::new();
        // Two spellings of `é` look the same. macOS and GitHub's web page may write different ones.
        let normal: String = source.nfc().collect();
        let mut rest = normal.as_str();
        while let Some(at) = rest.find(['{', '}']) {
            let (text, placeholder) = rest.split_at(at);
            push_text(&mut parts, text);
            let (name, part) = PLACEHOLDERS
                .iter()
                .find(|(name, _)| placeholder.starts_with(name))
                .ok_or(PatternProblem::Brace)?;
            match part {
                PatternPart::Version if parts.contains(part) => return Err(PatternProblem::TwoVersions),
                PatternPart::Product if parts.contains(part) => return Err(PatternProblem::TwoProducts),
                PatternPart::Text(_)
                | PatternPart::Star
                | PatternPart::Version
                | PatternPart::Product
                | PatternPart::Variable(_)
                | PatternPart::Spelled(_) => parts.push(part.clone()),
            }
            rest = placeholder.split_at(name.len()).1;
        }
        push_text(&mut parts, rest);
        Ok(Self { source: source.to_owned(), parts })
    }

    /// Fills in the variables: `{candidate}` matches the candidate's tag, and its version with and without `v`; `{line}`
    /// matches the release line in the same ways. A variable without a value matches nothing.
    #[must_use]
    pub fn bind(&self, variables: &Variables) -> Self {
        let fill = |part: &PatternPart| match part {
            PatternPart::Variable(Variable::Candidate) => fill_variable(part, variables.candidate.as_deref()),
            PatternPart::Variable(Variable::Line) => fill_variable(part, variables.line.as_deref()),
            PatternPart::Text(_)
            | PatternPart::Star
            | PatternPart::Version
            | PatternPart::Product
            | PatternPart::Spelled(_) => part.clone(),
        };
        Self { source: self.source.clone(), parts: self.parts.iter().map(fill).collect() }
    }

    /// The pattern as written.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Returns the number of `*` in the pattern.
    pub fn stars(&self) -> usize {
        self.source.matches('*').count()
    }

    /// Returns `true` if it holds `{version}`.
    pub fn has_version(&self) -> bool {
        self.parts.contains(&PatternPart::Version)
    }

    /// Returns `true` if it holds `{product}`.
    pub fn has_product(&self) -> bool {
        self.parts.contains(&PatternPart::Product)
    }

    /// Returns `true` if it holds `{candidate}` or `{line}`, filled in or not.
    pub fn has_variable(&self) -> bool {
        self.parts.iter().any(|part| matches!(part, PatternPart::Variable(_) | PatternPart::Spelled(_)))
    }

    /// Returns `true` if it holds a variable that was not filled in.
    pub fn lacks_value(&self) -> bool {
        self.parts.iter().any(|part| matches!(part, PatternPart::Variable(_)))
    }

    /// Returns `true` if it is a name and nothing else.
    pub fn is_literal(&self) -> bool {
        self.parts.iter().all(|part| matches!(part, PatternPart::Text(_)))
    }

    /// Matches a whole name. Where there is a choice, `{version}` takes as much as it can; `*` and `{product}` take as
    /// little.
    ///
    /// Takes time in proportion to the lengths of pattern and label multiplied, whatever they hold.
    pub fn matches<'l>(&self, label: &'l str) -> Option<Captures<'l>> {
        let is_normal = label.is_ascii() || is_nfc(label);
        if let [PatternPart::Text(text), rest @ ..] = self.parts.as_slice()
            && is_normal
        {
            // Most labels are not meant, and differ in how they begin.
            if !starts_with(label.chars(), text) {
                return None;
            }
            // Most patterns are a name, or a name with a star behind it.
            let behind = || label.char_indices().nth(text.len()).map_or("", |(at, _)| &label[at..]);
            match rest {
                [] => return behind().is_empty().then(Captures::default),
                [PatternPart::Star] => return Some(Captures { star: Some(behind()), ..Captures::default() }),
                _ => {}
            }
        }
        let chars = if is_normal { label.char_indices().collect() } else { composed(label) };
        let reach = self.reach(&chars);
        if !reach_contains(&reach, 0, 0) {
            return None;
        }
        let offset = |at: usize| chars.get(at).map_or(label.len(), |(offset, _)| *offset);
        let mut captures = Captures::default();
        let mut at = 0;
        for (number, part) in self.parts.iter().enumerate() {
            let fits = |end: &usize| reach_contains(&reach, number + 1, *end);
            let end = match part {
                PatternPart::Text(text) => at + text.len(),
                PatternPart::Star => (at..=chars.len()).find(fits)?,
                // As much as possible: `{version}` in `found-in/1.4.0-rc.1` must not stop at
                // `1.4.0`.
                PatternPart::Version => version_ends(&chars, at).rev().find(fits)?,
                PatternPart::Product => (at + 1..=chars.len()).find(fits)?,
                PatternPart::Variable(_) => return None,
                PatternPart::Spelled(spellings) => {
                    let here = spellings.iter().filter(|one| begins_at(&chars, at, one));
                    here.map(|one| at + one.len()).find(fits)?
                }
            };
            let found = label.get(offset(at)..offset(end));
            match part {
                PatternPart::Text(_) | PatternPart::Variable(_) | PatternPart::Spelled(_) => {}
                PatternPart::Product => captures.product = found,
                PatternPart::Star => captures.star = captures.star.or(found),
                PatternPart::Version => captures.version = found,
            }
            at = end;
        }
        Some(captures)
    }

    /// Returns `true` if this pattern surely matches everything that the other one matches.
    pub fn covers(&self, other: &Self) -> bool {
        // A placeholder of the other is one character that is never in this one's own text, so that only a placeholder of this
        // one can take it. What a `*` stands for need be neither a version nor a product.
        let may_be_neither = other.stars() > 0 && (self.has_version() || self.has_product());
        let meant = PLACEHOLDERS.iter().fold(other.source.clone(), |text, (name, _)| text.replace(name, "{"));
        same_name(&self.source, &other.source) || (!may_be_neither && self.matches(&meant).is_some())
    }

    /// Returns for each part and position if the parts from there on match the characters from there on.
    fn reach(&self, chars: &[(usize, char)]) -> Vec<Vec<bool>> {
        let mut after = vec![false; chars.len() + 1];
        if let Some(end) = after.last_mut() {
            *end = true;
        }
        // A table and no recursion: `*` after `*` would take exponential time with a hostile label.
        let mut rows = vec![after];
        for part in self.parts.iter().rev() {
            let next = rows.last().map_or(&[][..], Vec::as_slice);
            let fits = |at: usize| next.get(at).copied().unwrap_or(false);
            let mut row = vec![false; chars.len() + 1];
            // From right to left. `anywhere`: the next part fits at some later place. `unbroken`: it fits without white space
            // in between, as seen from this place and from the next two.
            let mut anywhere = false;
            let mut unbroken = [false; 3];
            for (at, cell) in row.iter_mut().enumerate().rev() {
                let is_space = chars.get(at).is_none_or(|(_, c)| c.is_whitespace());
                anywhere |= fits(at);
                let [one, two, _] = unbroken;
                unbroken = [fits(at) || (one && !is_space), one, two];
                *cell = match part {
                    PatternPart::Text(text) => fits(at + text.len()) && begins_at(chars, at, text),
                    PatternPart::Spelled(spellings) => {
                        spellings.iter().any(|one| fits(at + one.len()) && begins_at(chars, at, one))
                    }
                    PatternPart::Star => anywhere,
                    PatternPart::Product => !is_space && unbroken[1],
                    PatternPart::Variable(_) => false,
                    PatternPart::Version => match version_digit(chars, at) {
                        Some(digit) if digit > at => unbroken[2],
                        Some(_) => unbroken[1],
                        None => false,
                    },
                };
            }
            rows.push(row);
        }
        rows.reverse();
        rows
    }
}

impl fmt::Display for LabelPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.source)
    }
}

impl fmt::Debug for LabelPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LabelPattern({:?})", self.source)
    }
}

fn reach_contains(reach: &[Vec<bool>], part: usize, at: usize) -> bool {
    reach.get(part).and_then(|row| row.get(at)).copied().unwrap_or(false)
}

/// The placeholders in braces, as they are written.
static PLACEHOLDERS: [(&str, PatternPart); 4] = [
    ("{version}", PatternPart::Version),
    ("{product}", PatternPart::Product),
    ("{candidate}", PatternPart::Variable(Variable::Candidate)),
    ("{line}", PatternPart::Variable(Variable::Line)),
];

/// Adds a text between two placeholders in braces, with the `*` in it.
fn push_text(parts: &mut Vec<PatternPart>, text: &str) {
    for (number, text) in text.split('*').enumerate() {
        if number > 0 && parts.last() != Some(&PatternPart::Star) {
            parts.push(PatternPart::Star);
        }
        if !text.is_empty() {
            parts.push(PatternPart::Text(text.chars().collect()));
        }
    }
}

/// A variable with its value; itself if there is none.
fn fill_variable(variable: &PatternPart, value: Option<&str>) -> PatternPart {
    let Some(value) = value else { return variable.clone() };
    let value: String = value.nfc().collect();
    let value = value.as_str();
    let mut spellings: Vec<String> = vec![value.to_owned()];
    // `cli@1.4.0` is the release 1.4.0 of a product.
    let version = value.rsplit_once('@').map_or(value, |(_, version)| version);
    let number = version.strip_prefix(['v', 'V']).unwrap_or(version);
    if number.starts_with(|c: char| c.is_ascii_digit()) {
        // The tag `v1.4.0` and the label `target/1.4.0` mean one release.
        spellings.extend([format!("v{number}"), number.to_owned()]);
    }
    let mut spellings: Vec<Vec<char>> = spellings.iter().map(|one| one.chars().collect()).collect();
    spellings.sort_by_key(|one| std::cmp::Reverse(one.len()));
    spellings.dedup();
    PatternPart::Spelled(spellings)
}

/// The characters of a text in normal form C, each with the place where the characters that it is made of begin.
fn composed(text: &str) -> Vec<(usize, char)> {
    let (mut chars, mut start) = (Vec::new(), 0);
    let mut add = |start: usize, end: usize| {
        let part = text.get(start..end).unwrap_or_default();
        chars.extend(part.nfc().map(|c| (start, c)));
    };
    for (at, c) in text.char_indices().skip(1) {
        let before = text.get(start..at).unwrap_or_default();
        let joins = canonical_combining_class(c) != 0
            || before.nfc().last().is_some_and(|last| compose(last, c).is_some());
        if !joins {
            add(start, at);
            start = at;
        }
    }
    add(start, text.len());
    chars
}

/// Returns `true` if a text begins at a position, ignoring case.
fn begins_at(chars: &[(usize, char)], at: usize, text: &[char]) -> bool {
    chars.get(at..).is_some_and(|rest| starts_with(rest.iter().map(|(_, c)| *c), text))
}

/// Returns `true` if these characters begin with a text, ignoring case.
fn starts_with(mut chars: impl Iterator<Item = char>, text: &[char]) -> bool {
    text.iter().all(|b| chars.next().is_some_and(|a| is_same_letter(a, *b)))
}

fn is_same_letter(one: char, other: char) -> bool {
    match one.is_ascii() && other.is_ascii() {
        true => one.eq_ignore_ascii_case(&other),
        false => one.to_lowercase().eq(other.to_lowercase()),
    }
}

/// The first digit of a version that begins at `at`.
fn version_digit(chars: &[(usize, char)], at: usize) -> Option<usize> {
    let has_v = chars.get(at).is_some_and(|(_, c)| matches!(c, 'v' | 'V'));
    let digit = if has_v { at + 1 } else { at };
    chars.get(digit).is_some_and(|(_, c)| c.is_ascii_digit()).then_some(digit)
}

/// Returns the positions at which a version that begins at `at` may end: it begins with a digit, or `v` and a digit, and has no white space.
fn version_ends(chars: &[(usize, char)], at: usize) -> std::ops::Range<usize> {
    let Some(digit) = version_digit(chars, at) else { return 0..0 };
    let run = chars.iter().skip(digit).take_while(|(_, c)| !c.is_whitespace()).count();
    digit + 1..digit + run + 1
}
