//! Reads ranges in words and in signs: "1.3 - 1.5", ">= 1.3", "1.3 and later", "upgraded from 1.2 to 1.3".

use super::clause::ClauseReader;
use super::lexeme::{Compare, Lexeme, VersionMention};
use super::words::{OPEN_ENDS, THROUGH, is_filler};
use super::{RangeEnd, VersionSet};
use crate::model::Version;

impl ClauseReader<'_> {
    /// The version, or the range that it begins or ends, and its text; `None` if it is left behind: "upgraded from 1.2".
    pub(super) fn kind(
        &mut self,
        first: &VersionMention,
        words: &[String],
        sign: Option<Compare>,
    ) -> (Option<VersionSet>, String) {
        let version = self.with_spaced_pre_release(&first.version);
        let text = first.text.clone();
        let end = |version: &Version, inclusive| Some(RangeEnd { version: version.clone(), inclusive });
        // `^5.2.0 => 5.2.8` is what was asked for and what is installed.
        if let (Some(_), Some(Lexeme::Dash), Some(Lexeme::Version(last))) = (sign, self.peek(0), self.peek(1))
        {
            self.at += 2;
            return (Some(VersionSet::One(last.version.clone())), last.text.clone());
        }
        if let Some(range) = sign.and_then(|sign| compared(&version, sign)) {
            return (self.with_upper_bound(range), text);
        }
        let said = range_word(words);
        let is_upgrade = words.iter().any(|word| is_move(word));
        if let Some((last, inclusive)) = self.range_end(&first.text, words) {
            let (version_text, other_text) = (text, last.as_ref().map_or("", |last| last.text.as_str()));
            let text = format!("{version_text} - {other_text}").trim_end_matches(" - ").to_owned();
            let kind = match last {
                // What one upgrades from is neither said to be affected nor denied.
                Some(last) if is_upgrade => VersionSet::One(last.version),
                Some(last)
                    if last.version.compare(&version).is_lt() && !last.version.holds_line(&version) =>
                {
                    VersionSet::Range { low: end(&last.version, true), high: end(&version, true) }
                }
                Some(last) => {
                    VersionSet::Range { low: end(&version, true), high: end(&last.version, inclusive) }
                }
                None => VersionSet::Range { low: end(&version, true), high: None },
            };
            return (Some(kind), text);
        }
        let is_open =
            matches!(self.peek(0), Some(Lexeme::Plus)) && !matches!(self.peek(1), Some(Lexeme::Version(_)));
        if first.open || is_open {
            return (Some(VersionSet::Range { low: end(&version, true), high: None }), text);
        }
        match self.direction_after() {
            Some(Direction::Up) => (Some(VersionSet::Range { low: end(&version, true), high: None }), text),
            Some(Direction::Down) => (Some(VersionSet::Range { low: None, high: end(&version, true) }), text),
            None => match said {
                Some(_) if is_upgrade && words.iter().any(|word| word == "from") => (None, text),
                Some(_) | None if is_upgrade => (Some(VersionSet::One(version)), text),
                // "1.4.0 (from 1.3.2)", "1.4.0, a regression from 1.3.2".
                Some(RangeWord::From)
                    if self.has_version() && words.last().is_some_and(|word| word == "from") =>
                {
                    (None, text)
                }
                Some(RangeWord::From) => {
                    (Some(VersionSet::Range { low: end(&version, true), high: None }), text)
                }
                Some(RangeWord::After) => {
                    (Some(VersionSet::Range { low: end(&version, false), high: None }), text)
                }
                Some(RangeWord::UpTo) => {
                    (Some(VersionSet::Range { low: None, high: end(&version, true) }), text)
                }
                Some(RangeWord::Before) => {
                    (Some(VersionSet::Range { low: None, high: end(&version, false) }), text)
                }
                None => (Some(VersionSet::One(version)), text),
            },
        }
    }

    /// `1.4.0 RC1`, `1.4.0 beta 2`.
    fn with_spaced_pre_release(&mut self, version: &Version) -> Version {
        let Some(word) = self.peek_word(0).filter(|_| !version.is_pre_release() && version.is_whole()) else {
            return version.clone();
        };
        let letters = word.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
        if !matches!(letters, "alpha" | "beta" | "rc" | "preview" | "pre" | "snapshot" | "nightly" | "dev") {
            return version.clone();
        }
        self.at += 1;
        let number = match self.peek(0) {
            Some(Lexeme::Version(next)) if word == letters && !next.version.is_whole() => {
                self.at += 1;
                next.version.written_numbers()
            }
            _ => String::new(),
        };
        let joined = format!("{}-{word}{number}", version.written_numbers());
        Version::parse(&joined).unwrap_or_else(|| version.clone())
    }

    /// The other end of a range that goes on: "1.3 - 1.5", "between 1.3 and 1.5", "1.3 to the latest"; `None` within if it is
    /// open. `true` if the end belongs to the range.
    fn range_end(&mut self, first: &str, words: &[String]) -> Option<(Option<VersionMention>, bool)> {
        let is_between = words.iter().any(|word| word == "between");
        let next = self.peek(0)?;
        let joins = |word: &str| THROUGH.contains(&word) || (is_between && word == "and");
        if *next != Lexeme::Dash && !next.as_word().is_some_and(joins) {
            return None;
        }
        let mut ahead = 1;
        let mut inclusive = true;
        while let Some(word) = self.peek_word(ahead) {
            if OPEN_ENDS.contains(&word) {
                self.at += ahead + 1;
                return Some((None, true));
            }
            inclusive &= word != "before";
            let is_small = THROUGH.contains(&word)
                || matches!(word, "and" | "including" | "incl" | "the" | "v" | "version" | "before");
            if ahead > 5 || !(is_small || self.context.is_own(word)) {
                return None;
            }
            ahead += 1;
        }
        if matches!(self.peek(ahead), Some(Lexeme::Compare(Compare::Below | Compare::AtMost))) {
            ahead += 1;
        }
        let Some(Lexeme::Version(last)) = self.peek(ahead) else { return None };
        // "1.4.0 - 2024-05-01" is a version and its date, not a range.
        if is_day(&last.text) != is_day(first) {
            return None;
        }
        self.at += ahead + 1;
        let version = self.with_spaced_pre_release(&last.version);
        Some((Some(VersionMention { version, ..last.clone() }), inclusive))
    }

    /// `>= 1.3.0, < 1.4.1`: the upper end of a range whose lower end was read.
    fn with_upper_bound(&mut self, range: VersionSet) -> Option<VersionSet> {
        let VersionSet::Range { low: Some(low), high: None } = range else { return Some(range) };
        let joins =
            |token: &Lexeme| matches!(token, Lexeme::Comma | Lexeme::Slash) || token.as_word() == Some("and");
        let ahead = (0..2).take_while(|ahead| self.peek(*ahead).is_some_and(joins)).count();
        let sign = match self.peek(ahead) {
            Some(Lexeme::Compare(sign @ (Compare::Below | Compare::AtMost))) => *sign,
            _ => return Some(VersionSet::Range { low: Some(low), high: None }),
        };
        let Some(Lexeme::Version(last)) = self.peek(ahead + 1) else {
            return Some(VersionSet::Range { low: Some(low), high: None });
        };
        self.at += ahead + 2;
        let high = Some(RangeEnd { version: last.version.clone(), inclusive: sign == Compare::AtMost });
        Some(VersionSet::Range { low: Some(low), high })
    }

    /// Returns the open side of a range by the words after a version: "1.3 and later", "1.3 or older", "1.3 onwards", "1.3 (and newer)".
    fn direction_after(&mut self) -> Option<Direction> {
        let mut ahead = usize::from(matches!(self.peek(0), Some(Lexeme::Comma | Lexeme::Open)));
        let joins = matches!(self.peek(ahead), Some(Lexeme::Slash))
            || self.peek_word(ahead).is_some_and(|word| matches!(word, "and" | "or"));
        // "1.4.0, newer versions are fine" opens nothing.
        if ahead == 1 && !joins {
            return None;
        }
        ahead += usize::from(joins);
        let is_small = |word: &str| {
            matches!(
                word,
                "all"
                    | "any"
                    | "every"
                    | "probably"
                    | "possibly"
                    | "maybe"
                    | "perhaps"
                    | "likely"
                    | "presumably"
                    | "also"
            )
        };
        while self.peek_word(ahead).is_some_and(is_small) {
            ahead += 1;
        }
        let word = self.peek_word(ahead)?;
        let direction = match word {
            "onwards" | "onward" | "upwards" | "upward" | "later" | "newer" | "above" | "forward"
            | "forwards" => Direction::Up,
            "up" | "higher" | "greater" | "beyond" | "after" | "following" if joins => Direction::Up,
            "latest" | "newest" if joins && ahead == 1 => return None,
            "earlier" | "older" | "below" | "lower" => Direction::Down,
            "prior" | "previous" | "before" | "down" if joins => Direction::Down,
            _ => return None,
        };
        self.at += ahead + 1;
        Some(direction)
    }
}

/// The open side of a range.
enum Direction {
    Up,
    Down,
}

/// The end of a range that the words before a version name.
enum RangeWord {
    From,
    After,
    UpTo,
    Before,
}

fn compared(version: &Version, sign: Compare) -> Option<VersionSet> {
    let end = |inclusive| Some(RangeEnd { version: version.clone(), inclusive });
    Some(match sign {
        Compare::AtLeast => VersionSet::Range { low: end(true), high: None },
        Compare::Above => VersionSet::Range { low: end(false), high: None },
        Compare::AtMost => VersionSet::Range { low: None, high: end(true) },
        Compare::Below => VersionSet::Range { low: None, high: end(false) },
        Compare::Line | Compare::Caret => {
            let line = version.line().filter(|_| sign == Compare::Line && version.depth() > 2);
            let first = version.written_numbers().split('.').next().map(str::to_owned);
            let line = Version::parse(&format!("{}.x", line.or(first)?))?;
            VersionSet::Range { low: end(true), high: Some(RangeEnd { version: line, inclusive: true }) }
        }
        Compare::Equal => return None,
    })
}

/// Returns the end of a range that the last words before a version name.
fn range_word(words: &[String]) -> Option<RangeWord> {
    let mut last = words.iter().rev().map(String::as_str).filter(|word| {
        !is_filler(word)
            && !matches!(
                *word,
                "with"
                    | "in"
                    | "the"
                    | "than"
                    | "to"
                    | "of"
                    | "at"
                    | "about"
                    | "around"
                    | "upgrading"
                    | "updating"
            )
    });
    let word = last.next()?;
    let before = last.next();
    Some(match word {
        "least" => RangeWord::From,
        "most" if words.iter().any(|word| word == "at") => RangeWord::UpTo,
        "since" | "from" | "starting" | "beginning" | "onwards" => RangeWord::From,
        "as" if words.iter().any(|word| word == "of") => RangeWord::From,
        "after" | "newer" | "later" | "above" => RangeWord::After,
        "until" | "till" | "through" | "upto" => RangeWord::UpTo,
        "up" if words.last().is_some_and(|word| word == "to") => RangeWord::UpTo,
        "before" | "prior" | "older" | "earlier" | "below" | "lower" => RangeWord::Before,
        // "introduced in 1.4" is since then.
        "introduced" | "started" | "began" => RangeWord::From,
        "appeared" if before == Some("first") => RangeWord::From,
        _ => return None,
    })
}

/// Returns `true` for a day that is written with hyphens: "1.4.0 - 2026-05-01" is no range.
fn is_day(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() >= 10 && bytes[4] == b'-' && bytes[7] == b'-' && bytes[..4].iter().all(u8::is_ascii_digit)
}

/// Returns `true` for a word about moving to another version.
fn is_move(word: &str) -> bool {
    ["upgrad", "updat", "migrat", "bump", "mov", "switch", "went"].iter().any(|stem| word.starts_with(stem))
}
