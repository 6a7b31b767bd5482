//! The tokens of an answer: versions, words, and the signs between them.

use super::markup::STRIKE;
use super::words::is_commit_id;
use crate::model::{Version, product_name};

/// The most characters of a word that a mention keeps.
// A mention ends up in a report. A word of a pasted log can have thousands of characters.
const LONGEST_TEXT: usize = 100;

/// A part of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lexeme {
    /// A version.
    Version(VersionMention),
    /// A word in lower case.
    Word(String),
    /// `>=`, `<` and the like before a version.
    Compare(Compare),
    /// `+` by itself.
    Plus,
    /// A dash with room around it, a longer dash, dots or an arrow: from one to another.
    Dash,
    /// `,`.
    Comma,
    /// `/` or `&` between the members of a list.
    Slash,
    /// The end of a label: `Version: 1.4.0`.
    Colon,
    /// `(`.
    Open,
    /// `)`.
    Close,
    /// The end of a sentence or of a cell.
    Stop,
    /// The end of a line.
    Newline,
}

impl Lexeme {
    /// The word in lower case; `None` if the token is none.
    pub fn as_word(&self) -> Option<&str> {
        if let Self::Word(word) = self { Some(word) } else { None }
    }
}

/// A sign that compares with a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compare {
    /// `>=`
    AtLeast,
    /// `>`
    Above,
    /// `<=`
    AtMost,
    /// `<`
    Below,
    /// `=`
    Equal,
    /// `~`: within the line.
    Line,
    /// `^`: within the first number.
    Caret,
}

/// A version as it stands in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionMention {
    /// The version.
    pub version: Version,
    /// The word that it stands in, as written: `core-2024.5.1`.
    pub text: String,
    /// The product written before it in the same word, in lower case: `core`.
    pub product: Option<String>,
    /// `true` if a `+` follows at once: `1.3+`.
    pub open: bool,
    /// `true` if it is struck through.
    pub struck: bool,
}

/// Splits plain text into tokens.
pub fn tokenize_answer(text: &str) -> Vec<Lexeme> {
    let mut found = Vec::new();
    let mut struck = false;
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let after = &rest[c.len_utf8()..];
        if let Some((token, after)) = leading_sign(rest, found.last()) {
            found.extend(token);
            rest = after;
            continue;
        }
        match c {
            STRIKE => struck = !struck,
            c if c.is_whitespace() || matches!(c, '{' | '}' | '\'' | '!' | '?' | '"') => {}
            _ => {
                let end = word_end(rest);
                push_word_tokens(&rest[..end], struck, &mut found);
                rest = &rest[end..];
                continue;
            }
        }
        rest = after;
    }
    found
}

/// A sign that a text begins with, and what follows it.
fn leading_sign<'t>(text: &'t str, before: Option<&Lexeme>) -> Option<(Option<Lexeme>, &'t str)> {
    if text.starts_with(char::is_alphanumeric) {
        return None;
    }
    // `1.3 => 1.4` is an arrow, `=> 1.4` compares.
    let follows_version = matches!(before, Some(Lexeme::Version(_)));
    let arrow = if follows_version { Lexeme::Dash } else { Lexeme::Compare(Compare::AtLeast) };
    let signs = [
        ("\n", Lexeme::Newline),
        ("->", Lexeme::Dash),
        ("..", Lexeme::Dash),
        ("–", Lexeme::Dash),
        ("=>", arrow),
        (">=", Lexeme::Compare(Compare::AtLeast)),
        ("=<", Lexeme::Compare(Compare::AtMost)),
        ("<=", Lexeme::Compare(Compare::AtMost)),
        ("!=", Lexeme::Word("not".to_owned())),
        ("~>", Lexeme::Compare(Compare::Line)),
        (">", Lexeme::Compare(Compare::Above)),
        ("<", Lexeme::Compare(Compare::Below)),
        ("=", Lexeme::Compare(Compare::Equal)),
        ("~", Lexeme::Compare(Compare::Line)),
        ("^", Lexeme::Compare(Compare::Caret)),
        (",", Lexeme::Comma),
        ("/", Lexeme::Slash),
        ("&", Lexeme::Slash),
        ("(", Lexeme::Open),
        (")", Lexeme::Close),
        (";", Lexeme::Stop),
        (":", Lexeme::Colon),
        ("+", Lexeme::Plus),
    ];
    for (sign, token) in signs {
        if let Some(after) = text.strip_prefix(sign) {
            // `===` and `...` are one sign, not several.
            return Some((Some(token), after.trim_start_matches(['=', '.'])));
        }
    }
    let after = text.strip_prefix('-')?;
    // A hyphen within a word joins: `1.4.0-rc.1`.
    let is_apart = after.is_empty() || after.starts_with(char::is_whitespace);
    is_apart.then_some((Some(Lexeme::Dash), after))
}

/// Returns the end of the first word of a text. A comma within a number belongs to it, as in `1,4,0`.
fn word_end(text: &str) -> usize {
    let mut is_number = true;
    for (at, c) in text.char_indices() {
        let after = &text[at + c.len_utf8()..];
        let ends = match c {
            ',' => !(is_number && after.starts_with(|c: char| c.is_ascii_digit())),
            '-' => after.starts_with('>'),
            '.' => after.starts_with('.'),
            '(' | ')' | ';' | '<' | '>' | '=' | '&' | '!' | '?' | '"' | '–' | '{' | '}' | STRIKE => true,
            c => c.is_whitespace(),
        };
        if ends && at > 0 {
            return at;
        }
        is_number &= c.is_ascii_digit() || c == ',';
    }
    text.len()
}

/// The tokens of a word: several versions may be joined in it.
fn push_word_tokens(text: &str, struck: bool, found: &mut Vec<Lexeme>) {
    let trimmed = text.trim_end_matches(['.', ':', '\'', ',']);
    // "in 1.4.0." ends with a sentence's full stop, which is not part of the version.
    let ends_sentence = text.len() > trimmed.len();
    // `1,4,0` is a number of its own kind, `2024-03-08T15:20:17Z` and `15:20` are moments.
    if is_moment(trimmed)
        || (trimmed.contains(',') && trimmed.bytes().all(|b| b.is_ascii_digit() || b == b','))
    {
        found.push(Lexeme::Word("#".to_owned()));
    } else {
        let mut path = String::new();
        for (number, piece) in trimmed.split('/').enumerate() {
            let is_first = number == 0;
            let before = found.len();
            let joins = matches!(found.last(), Some(Lexeme::Version(_)));
            if !is_first && joins {
                found.push(Lexeme::Slash);
            }
            let start = found.len();
            push_versions(piece, &path, struck, found);
            if found.len() == start {
                found.truncate(before);
                path.push_str(piece);
                path.push('/');
            } else {
                path.clear();
            }
        }
        let rest = path.trim_end_matches('/').trim_matches(['-', '\'', '@', '#', '.']).to_lowercase();
        let dotted = path.trim_end_matches('/').to_lowercase();
        // `.net` begins with a dot.
        let word = if dotted == ".net" { dotted } else { rest };
        if !word.is_empty()
            && !matches!(found.last(), Some(Lexeme::Version(last)) if trimmed.contains(&last.text) && trimmed.contains('/'))
        {
            found.push(Lexeme::Word(word));
        }
    }
    if ends_sentence {
        found.push(if text.ends_with(':') {
            Lexeme::Colon
        } else if text.ends_with(',') {
            Lexeme::Comma
        } else {
            Lexeme::Stop
        });
    }
}

/// Returns `true` for a time of day and for a date with one.
fn is_moment(text: &str) -> bool {
    let bytes = text.as_bytes();
    let is_date = bytes.len() > 10
        && bytes[..10]
            .iter()
            .enumerate()
            .all(|(at, b)| if matches!(at, 4 | 7) { *b == b'-' } else { b.is_ascii_digit() })
        && matches!(bytes[10], b'T' | b't');
    let is_clock = text.contains(':') && text.bytes().all(|b| b.is_ascii_digit() || b == b':' || b == b'.');
    is_date || is_clock
}

/// Adds the versions in a part of a word without slashes. `path` is the text before it.
fn push_versions(piece: &str, path: &str, struck: bool, found: &mut Vec<Lexeme>) {
    let mut at = 0;
    let mut last: Option<Version> = None;
    let mut joined_at = None;
    while let Some(start) = piece[at..].find(|c: char| c.is_ascii_digit()).map(|offset| at + offset) {
        let Some((version, length)) = Version::at(&piece[start..], false) else {
            at = piece[start..].find(|c: char| !c.is_ascii_digit()).map_or(piece.len(), |end| start + end);
            continue;
        };
        let end = start + length;
        let tail = &piece[end..];
        let may_begin = || begins_version(&piece[..start], version.is_whole(), last.is_some());
        let is_meant = (joined_at == Some(start) || may_begin())
            && (version.is_whole() || stands_alone(piece, start, tail))
            // `4e10f2a` contains digits that look like a version.
            && !is_commit_id(piece);
        if !is_meant {
            at = end;
            continue;
        }
        let name = if last.is_none() { format!("{path}{}", &piece[..start]) } else { String::new() };
        let product = product_name(&name).filter(|name| name.contains(char::is_alphabetic));
        let version = debian_pre_release(&piece[start..end], tail).unwrap_or(version);
        let joined = joined_version(tail, &version);
        let text = if joined.is_some() { &piece[..end] } else { piece };
        let text = if last.is_some() { &text[start..] } else { text };
        let open = tail == "+";
        let text: String = text.trim_end_matches(['+', ',']).chars().take(LONGEST_TEXT).collect();
        found.push(Lexeme::Version(VersionMention { version: version.clone(), text, product, open, struck }));
        match joined {
            Some((token, length)) => {
                found.push(token);
                at = end + length;
                joined_at = Some(at);
            }
            // What follows a `+` is a build.
            None if tail.starts_with('+') => return,
            None => at = end,
        }
        last = Some(version);
    }
    // `curl-8_1_0`: underscores join the numbers where nothing else does.
    if last.is_none()
        && !piece.starts_with("x86")
        && let Some((version, place)) = Version::locate(piece)
        && version.depth() > 1
        && begins_version(&piece[..place.start], true, false)
    {
        let product = product_name(&format!("{path}{}", &piece[..place.start]));
        let mention = VersionMention { version, text: piece.to_owned(), product, open: false, struck };
        found.push(Lexeme::Version(mention));
    }
}

/// Returns `true` if a version may begin behind this part of a word; `is_later` if the word has one already.
fn begins_version(before: &str, is_whole: bool, is_later: bool) -> bool {
    let letters_start = before.trim_end_matches(|c: char| c.is_alphabetic()).len();
    let (other, letters) = before.split_at(letters_start);
    let ends_apart = !other.ends_with(|c: char| c.is_ascii_digit());
    let is_v =
        matches!(letters.to_ascii_lowercase().as_str(), "v" | "ver" | "version" | "r" | "rel" | "release");
    if before.ends_with('#') || before.ends_with('.') {
        return false;
    }
    // A second version behind a hyphen is one only if it says so: `8.0.11-TiDB-v7.5.0`, but not `1.4.0-0.1.el8`.
    if is_later {
        return is_v && ends_apart && !letters.is_empty();
    }
    ends_apart && (letters.is_empty() || is_v || (is_whole && other.is_empty()))
}

/// Returns `true` if a word consists of a single number, or of a number after a name and a colon or an `@`.
fn stands_alone(piece: &str, start: usize, tail: &str) -> bool {
    let before = piece[..start].trim_end_matches(['v', 'V']);
    let digits = piece[start..].bytes().take_while(u8::is_ascii_digit).count();
    // Six digits hold a build number. A longer number is a date, a telephone number or an id.
    (tail.is_empty() || tail == "+") && digits <= 6 && (before.is_empty() || before.ends_with(['@', ':']))
}

/// The version with a pre-release that Debian writes: `1.4.0~rc1`.
fn debian_pre_release(numbers: &str, tail: &str) -> Option<Version> {
    let after = tail.strip_prefix('~').filter(|after| after.starts_with(char::is_alphabetic))?;
    Version::at(&format!("{numbers}-{after}"), false).map(|(version, _)| version)
}

/// Returns the sign that joins the next version at once: `1.3.0-1.4.0`, `1.3..1.5`, `1.3.0,1.4.0`, `1.3.0+1.4.0`; and how long it is.
fn joined_version(tail: &str, low: &Version) -> Option<(Lexeme, usize)> {
    let sign = tail.find(|c: char| c.is_ascii_digit())?;
    let (sign, after) = tail.split_at(sign);
    let (next, _) = Version::at(after, false)?;
    let bare = sign.trim_end_matches(['v', 'V']);
    match bare {
        "," => Some((Lexeme::Comma, sign.len())),
        // Only upwards: `1.4.0-0.1.el8` is a package release, not a range from 1.4.0 down to 0.1.
        "-" | "~" | ".." if next.is_whole() && next.compare(low).is_gt() => Some((Lexeme::Dash, sign.len())),
        // `1.4.0+20260101` is a build. Only a full version after the `+` is a second one.
        "+" if next.depth() > 2 => Some((Lexeme::Comma, sign.len())),
        "|" => Some((Lexeme::Comma, sign.len())),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        let one = |token: &Lexeme| match token {
            Lexeme::Version(mention) => {
                let product = mention.product.as_deref().map(|name| format!("{name}@")).unwrap_or_default();
                let open = if mention.open { "+" } else { "" };
                let pre = if mention.version.is_pre_release() { "-pre" } else { "" };
                let wild = if mention.version.is_wildcard() { ".x" } else { "" };
                format!("<{product}{}{wild}{pre}{open}>", mention.version.written_numbers())
            }
            Lexeme::Word(word) => word.clone(),
            Lexeme::Compare(Compare::AtLeast) => ">=".into(),
            Lexeme::Compare(Compare::Below) => "<".into(),
            Lexeme::Compare(_) => "?".into(),
            Lexeme::Plus => "+".into(),
            Lexeme::Dash => "-".into(),
            Lexeme::Comma => ",".into(),
            Lexeme::Slash => "/".into(),
            Lexeme::Colon => ":".into(),
            Lexeme::Open => "(".into(),
            Lexeme::Close => ")".into(),
            Lexeme::Stop => ";".into(),
            Lexeme::Newline => "|".into(),
        };
        tokenize_answer(text).iter().map(one).collect::<Vec<String>>().join(" ")
    }

    #[test]
    fn words_are_split_into_versions_and_names() {
        for (text, tokens) in [
            ("V1.4.0", "<1.4.0>"),
            ("acme/p:1.4.0", "<acme/p@1.4.0>"),
            ("p_1.4.0_amd64.deb", "<p@1.4.0>"),
            ("1.4.0.Final", "<1.4.0>"),
            ("1.1.3+2615dc742", "<1.1.3>"),
            ("core-2024.5.1", "<core@2024.5.1>"),
            ("8.0.11-TiDB-v7.5.0", "<8.0.11> <7.5.0>"),
            ("4.2.1.stable.official", "<4.2.1>"),
            ("go1.20.12", "<go@1.20.12>"),
            ("ver1.4.0", "<1.4.0>"),
            ("5c3e652 (1.4.0)", "5c3e652 ( <1.4.0> )"),
            ("1,4,0", "#"),
            ("1.3.0,1.4.0", "<1.3.0> , <1.4.0>"),
            ("1.3.0/1.4.0", "<1.3.0> / <1.4.0>"),
            ("1.3.0-1.4.0", "<1.3.0> - <1.4.0>"),
            ("1.4.0-1.el8", "<1.4.0>"),
            ("1.4.0-0.1.el8", "<1.4.0>"),
            ("1.3..1.5", "<1.3> - <1.5>"),
            ("1.3+", "<1.3+>"),
            ("1.3.0 + 1.4.0", "<1.3.0> + <1.4.0>"),
            (">=1.3.0, <1.4.1", ">= <1.3.0> , < <1.4.1>"),
            ("1.3 => 1.4", "<1.3> - <1.4>"),
            ("1.3 -> 1.4", "<1.3> - <1.4>"),
            ("http==4.5.1", "http ? <4.5.1>"),
            ("29-x-y", "<29.x>"),
            ("1.4.x", "<1.4.x>"),
            ("20", "<20>"),
            ("v7", "<7>"),
            ("node@20", "<node@20>"),
            ("amd64 x86_64 p1", "amd64 x86_64 p1"),
            ("#123 #29~22.04.1-Ubuntu", "123 <22.4.1>"),
            ("863d2581ecda6849923a2118d93a088b0745d9d6", "863d2581ecda6849923a2118d93a088b0745d9d6"),
            ("2024-03-08T15:20:17.278Z 15:20", "# #"),
            ("1.4.0~rc1", "<1.4.0-pre>"),
            ("1.4.0.", "<1.4.0> ;"),
            ("Version: 1.4.0", "version : <1.4.0>"),
            ("curl-8_1_0", "<curl@8.1.0>"),
            ("n/a", "n/a"),
            (".NET 8.0.1", ".net <8.0.1>"),
        ] {
            assert_eq!(shown(text), tokens, "{text}");
        }
    }
}
