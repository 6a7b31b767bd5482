//! Fast scan of a message for numbers, ids and quoted subjects.
//!
//! [`message`](super::message) reads what a message means. This looks at every message of a repository and only tells which of
//! them are worth reading: it may find a mark that means nothing, and never misses one.

use xxhash_rust::xxh3::xxh3_64;

/// Digits of an id that are enough to look a commit up by.
pub(super) const SHORTEST_ID: usize = 7;

/// Number of digits of an id that are compared; no repository has two ids that share this many.
const LONGEST_ID: usize = 16;

/// Most digits of an id.
const WHOLE_ID: usize = 64;

/// Something that a message names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Mark {
    /// An issue or a pull request: `#12`, `GH-12`, `/issues/12`, `/pull/12`.
    Number(u32),
    /// The first digits of an id.
    Id(IdPrefix),
}

/// The first digits of an id, at most 16.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct IdPrefix {
    /// The digits, the first one highest.
    digits: u64,
    /// Number of digits.
    length: u8,
}

impl IdPrefix {
    /// Reads the compared part of a hexadecimal id.
    pub(super) fn of(hex: &[u8]) -> Self {
        let hex = hex.get(..LONGEST_ID).unwrap_or(hex);
        let digits = hex.iter().fold(0, |digits, byte| (digits << 4) | u64::from(nibble(*byte).unwrap_or(0)));
        Self { digits, length: u8::try_from(hex.len()).unwrap_or(0) }
    }

    /// The digits and their number.
    pub(super) fn parts(self) -> (u64, u8) {
        (self.digits, self.length)
    }

    /// The prefix of these digits.
    pub(super) fn from_parts(digits: u64, length: u8) -> Self {
        Self { digits, length: length.min(LONGEST_ID as u8) }
    }

    /// The digits by which it is looked up.
    pub(super) fn key(self) -> u32 {
        let key = self.digits >> (4 * usize::from(self.length).saturating_sub(SHORTEST_ID));
        u32::try_from(key).unwrap_or(u32::MAX)
    }

    /// `true` if an id begins with it.
    pub(super) fn begins(self, id: Self) -> bool {
        let more = u32::from(id.length.saturating_sub(self.length));
        self.length <= id.length && id.digits >> (4 * more) == self.digits
    }
}

/// The marks of a message.
pub(super) fn marks(message: &[u8], mut found: impl FnMut(Mark)) {
    let mut at = 0;
    while let Some(&byte) = message.get(at) {
        let rest = message.get(at + 1..).unwrap_or_default();
        match byte {
            b'#' => number_mark(rest).into_iter().for_each(&mut found),
            b'-' if before(message, at).eq_ignore_ascii_case(b"gh") => {
                number_mark(rest).into_iter().for_each(&mut found);
            }
            b'/' => {
                let paths: [&[u8]; 2] = [b"issues/", b"pull/"];
                let rest = paths.iter().find_map(|path| rest.strip_prefix(*path));
                rest.and_then(number_mark).into_iter().for_each(&mut found);
            }
            _ if nibble(byte).is_some() => {
                let digits = message[at..].iter().take_while(|byte| nibble(**byte).is_some()).count();
                let is_word = (SHORTEST_ID..=WHOLE_ID).contains(&digits)
                    && !at.checked_sub(1).is_some_and(|before| is_letter(message[before]))
                    && !message.get(at + digits).is_some_and(|byte| is_letter(*byte));
                if is_word {
                    found(Mark::Id(IdPrefix::of(&message[at..at + digits])));
                }
                at += digits - 1;
            }
            _ => {}
        }
        at += 1;
    }
}

/// Numbers without a sign in the subject of a copy or of a revert: `Cherry-pick 20590: keep the order`.
pub(super) fn bare_numbers(message: &[u8], mut found: impl FnMut(Mark)) {
    let subject = subject_line(message).to_ascii_lowercase();
    let words: [&[u8]; 4] = [b"pick", b"port", b"revert", b"back"];
    if !words.iter().any(|word| subject.windows(word.len()).any(|window| window == *word)) {
        return;
    }
    // A number of one or two digits may count anything.
    for run in subject.split(|byte| !byte.is_ascii_digit()).filter(|run| (3..=9).contains(&run.len())) {
        number_mark(run).into_iter().for_each(&mut found);
    }
}

/// The first line with words; of a merge of a pull request the title below it. Without numbers in brackets at its end.
pub(super) fn subject_line(message: &[u8]) -> &[u8] {
    let mut lines =
        message.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii).filter(|line| !line.is_empty());
    let first = lines.next().unwrap_or_default();
    let subject =
        if first.starts_with(b"Merge pull request #") { lines.next().unwrap_or(first) } else { first };
    strip_trailing_numbers(subject)
}

/// A digest of a subject.
pub(super) fn subject_digest(subject: &[u8]) -> u64 {
    xxh3_64(subject)
}

/// A digest of subject, author and time: a cherry-pick and a rebase keep them.
pub(super) fn identity(subject: &[u8], author: &[u8], authored: i64) -> u64 {
    xxh3_64(&[subject, b"\0", author, b"\0", &authored.to_be_bytes()].concat())
}

/// The subjects that the subject of a revert, or of what applies something again, may name.
pub(super) fn for_quoted_subject(subject: &[u8], mut found: impl FnMut(&[u8])) {
    if !says_revert(subject) {
        return;
    }
    let mut rest = subject;
    // Outer quotation marks first: a revert of a revert quotes a quotation.
    while let Some(inside) = inside_quotes(rest) {
        found(strip_trailing_numbers(inside));
        rest = inside;
    }
    // Without quotation marks, the subject follows the first word or two: `Revert X`, `Back out X`.
    let spaces = subject.iter().enumerate().filter(|(_, byte)| **byte == b' ').take(2);
    let ends = subject.iter().enumerate().filter(|(_, byte)| b":])".contains(byte));
    for (at, _) in spaces.chain(ends) {
        let behind = subject.get(at + 1..).unwrap_or_default().trim_ascii();
        if !behind.is_empty() {
            found(strip_trailing_numbers(behind));
        }
    }
}

/// `true` if a subject speaks of taking back or of applying again.
fn says_revert(subject: &[u8]) -> bool {
    let words: [&[u8]; 6] = [b"reve", b"back", b"appl", b"land", b"undo", b"inst"];
    subject.windows(4).any(|part| words.iter().any(|word| part.eq_ignore_ascii_case(word)))
}

/// Returns the text between the first quotation mark and the last one of its kind.
fn inside_quotes(text: &[u8]) -> Option<&[u8]> {
    let kinds: [(&[u8], &[u8]); 3] = [(b"\"", b"\""), (b"'", b"'"), ("“".as_bytes(), "”".as_bytes())];
    let find = |mark: &[u8]| text.windows(mark.len()).position(|part| part == mark);
    let (start, open, close) = kinds
        .iter()
        .filter_map(|(open, close)| Some((find(open)?, open, close)))
        .min_by_key(|found| found.0)?;
    let inside = text.get(start + open.len()..)?;
    let end = inside.windows(close.len()).rposition(|part| part == *close).unwrap_or(inside.len());
    inside.get(..end)
}

/// A subject without the numbers in brackets that it ends with: `Keep the order (#2) (#9)`.
fn strip_trailing_numbers(subject: &[u8]) -> &[u8] {
    let mut subject = subject.trim_ascii();
    while let Some(inside) = subject.strip_suffix(b")") {
        let digits = inside.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
        let before = inside.get(..inside.len() - digits).and_then(|before| before.strip_suffix(b"(#"));
        match before.filter(|_| digits > 0) {
            Some(before) => subject = before.trim_ascii(),
            None => break,
        }
    }
    subject
}

/// The two bytes before a place that begin a word.
fn before(message: &[u8], at: usize) -> &[u8] {
    let begins = !at.checked_sub(3).is_some_and(|before| is_letter(message[before]));
    at.checked_sub(2).filter(|_| begins).and_then(|start| message.get(start..at)).unwrap_or_default()
}

/// The number that a text begins with.
fn number_mark(text: &[u8]) -> Option<Mark> {
    let digits = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let number = std::str::from_utf8(text.get(..digits)?).ok()?.parse().ok()?;
    (number > 0).then_some(Mark::Number(number))
}

fn is_letter(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// The value of a hexadecimal digit.
fn nibble(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        b'A'..=b'F' => Some(byte - b'A' + 10),
        _ => None,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
mod tests {
    use super::*;

    fn numbers(message: &str) -> Vec<u32> {
        let mut numbers = Vec::new();
        marks(message.as_bytes(), |mark| match mark {
            Mark::Number(number) => numbers.push(number),
            Mark::Id(_) => {}
        });
        numbers
    }

    fn ids(message: &str) -> Vec<IdPrefix> {
        let mut ids = Vec::new();
        marks(message.as_bytes(), |mark| match mark {
            Mark::Id(id) => ids.push(id),
            Mark::Number(_) => {}
        });
        ids
    }

    #[test]
    fn number_in_every_spelling_is_found() {
        for message in [
            "Fixes #12",
            "fixes octo/shop#12.",
            "(GH-12)",
            "gh-12",
            "See https://github.com/octo/shop/issues/12",
            "https://github.com/octo/shop/pull/12#issuecomment-1",
            "a\n\n#12",
        ] {
            assert!(numbers(message).contains(&12), "{message}");
        }
        assert!(numbers("12 #0 # 12 sigh-12 #99999999999").is_empty());
        let bare = |message: &str| {
            let mut found = Vec::new();
            bare_numbers(message.as_bytes(), |mark| found.push(mark));
            found
        };
        assert_eq!(bare("cart: Cherry-pick 20590: keep the order (#9)"), [Mark::Number(20_590)]);
        assert_eq!(bare("Show 20590 orders"), []);
    }

    #[test]
    fn id_of_seven_digits_or_more_is_found() {
        assert_eq!(ids("This reverts commit 1a2b3c4."), [IdPrefix::of(b"1a2b3c4")]);
        let whole = "1A2B3C4D5E6F".repeat(3) + "aaaa";
        assert_eq!(ids(&format!("(cherry picked from commit {whole})")), [IdPrefix::of(whole.as_bytes())]);
        assert_eq!(ids("octo/shop@1a2b3c4, /commit/1a2b3c5").len(), 2);
        assert!(ids("1a2b3c defaced_x x1a2b3c4").is_empty());
        assert!(ids(&"a".repeat(65)).is_empty());
    }

    #[test]
    fn prefix_begins_the_id_it_is_cut_from() {
        let id = IdPrefix::of(b"0a2b3c4d5e6f708090a0b0c0d0e0f00102030405");
        for (prefix, expected) in
            [("0a2b3c4", true), ("0A2B3C4D5E", true), ("0a2b3c5", false), ("a2b3c4d", false)]
        {
            let prefix = IdPrefix::of(prefix.as_bytes());
            assert_eq!(prefix.begins(id), expected);
            assert_eq!(prefix.key() == id.key(), expected);
        }
        assert!(id.begins(id) && !id.begins(IdPrefix::of(b"0a2b3c4")));
    }

    #[test]
    fn subject_is_told_without_numbers() {
        for message in [
            "Keep the order",
            "\nKeep the order (#2) (#9)\n\nText",
            "Merge pull request #9 from octo/keep\n\nKeep the order\n\nText",
        ] {
            assert_eq!(subject_line(message.as_bytes()), b"Keep the order");
        }
        assert_eq!(subject_line(b"Keep (#x) ()"), b"Keep (#x) ()");
    }

    #[test]
    fn quoted_subject_is_found() {
        for subject in [
            "Revert \"Keep \"the\" order (#2)\" (#9)",
            "Reapply \"Keep \"the\" order\"",
            "Revert \"Revert \"Keep \"the\" order\"\"",
            "revert: Keep \"the\" order",
            "revert(cart): Keep \"the\" order (#2)",
            "[1.x] Back out 'Keep \"the\" order'",
            "Reland “Keep \"the\" order”",
            "Revert Keep \"the\" order (#9)",
            "Undo Keep \"the\" order",
            "Back out Keep \"the\" order",
        ] {
            let mut all = Vec::new();
            for_quoted_subject(subject.as_bytes(), |quoted| all.push(quoted.to_owned()));
            assert!(all.contains(&b"Keep \"the\" order".to_vec()), "{subject}");
        }
        for_quoted_subject(b"Keep \"the\" order: now", |_| panic!());
    }
}
