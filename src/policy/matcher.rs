//! Patterns for label names. No regular expressions: `*` stands for any run of characters, `{version}` for a version.

#[cfg(test)]
mod tests;

use std::fmt;

use crate::model::same_name;

/// The longest pattern, in characters. GitHub's label names end at 50.
const LONGEST: usize = 255;

/// A label name, with `*` for any run of characters and `{version}` for a version. Case is ignored, as on GitHub.
#[derive(Clone, PartialEq, Eq)]
pub struct LabelPattern {
    source: String,
    parts: Vec<Part>,
}

/// What the placeholders of a pattern stood for, in the label's own spelling.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Captures<'l> {
    /// What `{version}` stood for.
    pub version: Option<&'l str>,
    /// What the first `*` stood for, possibly nothing: for `area/*` on `area/cart` it is `cart`.
    pub star: Option<&'l str>,
}

/// Why a text is not a pattern.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PatternProblem {
    /// There is nothing.
    #[error("the pattern is empty")]
    Empty,
    /// It begins or ends with white space, which no label does.
    #[error("the pattern begins or ends with white space, and a label name never does")]
    Padded,
    /// It is longer than any label name.
    #[error("the pattern is longer than {LONGEST} characters")]
    TooLong,
    /// Braces hold something else than `version`, or stand alone.
    #[error("the pattern holds a brace that is not part of `{{version}}`")]
    Brace,
    /// `{version}` stands twice.
    #[error("the pattern holds `{{version}}` twice, and a label names one version")]
    TwoVersions,
}

/// Tickets with any of these labels or any of these types.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Selector {
    /// Any of these labels.
    pub labels: Vec<LabelPattern>,
    /// Any of these issue types, compared without regard to case.
    pub types: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Text(Vec<char>),
    Star,
    Version,
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
        let pieces: Vec<&str> = source.split("{version}").collect();
        if pieces.iter().any(|piece| piece.contains(['{', '}'])) {
            return Err(PatternProblem::Brace);
        }
        if pieces.len() > 2 {
            return Err(PatternProblem::TwoVersions);
        }
        let mut parts = Vec::new();
        for (number, piece) in pieces.iter().enumerate() {
            if number > 0 {
                parts.push(Part::Version);
            }
            for (number, text) in piece.split('*').enumerate() {
                if number > 0 && parts.last() != Some(&Part::Star) {
                    parts.push(Part::Star);
                }
                if !text.is_empty() {
                    parts.push(Part::Text(text.chars().collect()));
                }
            }
        }
        Ok(Self { source: source.to_owned(), parts })
    }

    /// The pattern as written.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// How many `*` it holds.
    pub fn stars(&self) -> usize {
        self.source.matches('*').count()
    }

    /// True if it holds `{version}`.
    pub fn has_version(&self) -> bool {
        self.parts.contains(&Part::Version)
    }

    /// Matches a whole label name. Where there is a choice, `{version}` takes as much as it can and `*` as little.
    ///
    /// Takes time in proportion to the lengths of pattern and label multiplied, whatever they hold.
    pub fn matches<'l>(&self, label: &'l str) -> Option<Captures<'l>> {
        // Most labels are not meant, and differ in how they begin.
        if let Some(Part::Text(text)) = self.parts.first()
            && !starts_with(label.chars(), text)
        {
            return None;
        }
        let chars: Vec<(usize, char)> = label.char_indices().collect();
        let reach = self.reach(&chars);
        if !holds(&reach, 0, 0) {
            return None;
        }
        let offset = |at: usize| chars.get(at).map_or(label.len(), |(offset, _)| *offset);
        let mut captures = Captures::default();
        let mut at = 0;
        for (number, part) in self.parts.iter().enumerate() {
            let fits = |end: &usize| holds(&reach, number + 1, *end);
            let end = match part {
                Part::Text(text) => at + text.len(),
                Part::Star => (at..=chars.len()).find(fits)?,
                Part::Version => version_ends(&chars, at).rev().find(fits)?,
            };
            let found = label.get(offset(at)..offset(end));
            match part {
                Part::Text(_) => {}
                Part::Star => captures.star = captures.star.or(found),
                Part::Version => captures.version = found,
            }
            at = end;
        }
        Some(captures)
    }

    /// True if this matches whatever the other one matches, as far as that can be told from how they are written.
    pub fn covers(&self, other: &Self) -> bool {
        // A placeholder of the other is one character that is never in this one's own text, so that only a `*` or a version of
        // this one can take it. What a `*` stands for need not be of a version.
        let may_be_no_version = other.stars() > 0 && self.has_version();
        let meant = other.source.replace("{version}", "{");
        same_name(&self.source, &other.source) || (!may_be_no_version && self.matches(&meant).is_some())
    }

    /// For each part and each position: whether the parts from there on match the characters from there on.
    fn reach(&self, chars: &[(usize, char)]) -> Vec<Vec<bool>> {
        let mut after = vec![false; chars.len() + 1];
        if let Some(end) = after.last_mut() {
            *end = true;
        }
        let mut rows = vec![after];
        for part in self.parts.iter().rev() {
            let next = rows.last().map_or(&[][..], Vec::as_slice);
            let fits = |at: usize| next.get(at).copied().unwrap_or(false);
            let mut row = vec![false; chars.len() + 1];
            // From right to left: whether the next part fits anywhere from here on; and whether it fits without white
            // space between, as seen from here, from one to the right and from two to the right.
            let mut anywhere = false;
            let mut unbroken = [false; 3];
            for (at, cell) in row.iter_mut().enumerate().rev() {
                let is_space = chars.get(at).is_none_or(|(_, c)| c.is_whitespace());
                anywhere |= fits(at);
                let [one, two, _] = unbroken;
                unbroken = [fits(at) || (one && !is_space), one, two];
                *cell = match part {
                    Part::Text(text) => {
                        fits(at + text.len()) && starts_with(chars[at..].iter().map(|(_, c)| *c), text)
                    }
                    Part::Star => anywhere,
                    Part::Version => match version_digit(chars, at) {
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

impl Selector {
    /// What about a ticket is selected, for a person: "label `production-bug`", "type `Bug`".
    pub fn find(&self, labels: &[String], issue_type: Option<&str>) -> Option<String> {
        let label =
            labels.iter().find(|label| self.labels.iter().any(|pattern| pattern.matches(label).is_some()));
        if let Some(label) = label {
            return Some(format!("label `{label}`"));
        }
        let named = issue_type.filter(|named| self.types.iter().any(|one| same_name(one, named)))?;
        Some(format!("type `{named}`"))
    }

    /// True if nothing is selected.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty() && self.types.is_empty()
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

fn holds(reach: &[Vec<bool>], part: usize, at: usize) -> bool {
    reach.get(part).and_then(|row| row.get(at)).copied().unwrap_or(false)
}

/// Whether these characters begin with a text, whatever the case.
fn starts_with(mut chars: impl Iterator<Item = char>, text: &[char]) -> bool {
    text.iter().all(|b| chars.next().is_some_and(|a| a == *b || a.to_lowercase().eq(b.to_lowercase())))
}

/// The first digit of a version that begins at `at`.
fn version_digit(chars: &[(usize, char)], at: usize) -> Option<usize> {
    let has_v = chars.get(at).is_some_and(|(_, c)| matches!(c, 'v' | 'V'));
    let digit = if has_v { at + 1 } else { at };
    chars.get(digit).is_some_and(|(_, c)| c.is_ascii_digit()).then_some(digit)
}

/// Where a version that begins at `at` may end: it begins with a digit, or `v` and a digit, and has no white space.
fn version_ends(chars: &[(usize, char)], at: usize) -> std::ops::Range<usize> {
    let Some(digit) = version_digit(chars, at) else { return 0..0 };
    let run = chars.iter().skip(digit).take_while(|(_, c)| !c.is_whitespace()).count();
    digit + 1..digit + run + 1
}
