//! Escaping for terminals and logs.

use super::characters::is_safe_address;
use super::safe::{Medium, Safe, Terminal};
use crate::report::{CharacterKind, character_kind};

/// Renders a text as a link that terminals open (OSC 8). Returns `None` if the address is not safe as a link.
pub fn terminal_link(text: &Safe<Terminal>, url: &str) -> Option<Safe<Terminal>> {
    is_safe_address(url).then(|| Safe::trusted(format!("\u{1b}]8;;{url}\u{1b}\\{text}\u{1b}]8;;\u{1b}\\")))
}

/// Removes the codes of colors and links. Untrusted text has none: its escape characters became pictures.
pub fn without_codes(text: &Safe<Terminal>) -> Safe<Terminal> {
    let mut parts = text.split('\u{1b}');
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        // A color is `[1;31m`; an address begins with `]8;;` and ends with an escape character and a backslash.
        let shown = if let Some(code) = part.strip_prefix('[') {
            code.split_once('m').map_or("", |(_, shown)| shown)
        } else {
            part.strip_prefix('\\').unwrap_or_default()
        };
        out.push_str(shown);
    }
    Safe::trusted(out)
}

/// Escapes text for a terminal. Visible pictures replace characters that move the cursor, ring, change color, reverse the
/// direction or hide text. Each space character becomes a plain space.
pub fn terminal(text: &str) -> Safe<Terminal> {
    Safe::trusted(show_controls(text.trim()))
}

/// Replaces control and hidden characters in one line. Keeps spaces at both ends.
pub(super) fn show_controls(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match character_kind(c) {
            CharacterKind::Text => out.push(c),
            // A carriage return would overwrite the beginning of the line: a title could print
            // "pass" over "fail".
            CharacterKind::Space => out.push(if matches!(c, '\n' | '\r') { '⏎' } else { ' ' }),
            CharacterKind::Joiner if out.chars().next_back().is_some_and(|before| !before.is_ascii()) => {
                out.push(c)
            }
            CharacterKind::Control if c < ' ' => out.push(picture(c)),
            CharacterKind::Control if c == '\u{7f}' => out.push('␡'),
            CharacterKind::Control
            | CharacterKind::Bidi
            | CharacterKind::Direction
            | CharacterKind::Joiner
            | CharacterKind::Hidden => {
                out.push_str(&format!("<U+{:04X}>", u32::from(c)));
            }
        }
    }
    out
}

/// Returns the Unicode picture of a control character below U+0020.
fn picture(c: char) -> char {
    // Unicode has a picture for each control character, in the order of their codes.
    char::from_u32(0x2400 + u32::from(c)).unwrap_or('\u{fffd}')
}

impl Medium for Terminal {
    fn escape(text: &str) -> String {
        terminal(text).into_string()
    }
}

#[cfg(test)]
mod tests {
    use super::{Safe, terminal, terminal_link, without_codes};
    use crate::output::escape::safe;

    #[test]
    fn escape_sequences_show_and_do_nothing() {
        assert_eq!(terminal("\u{1b}[2J\u{1b}]0;x\u{7}"), "␛[2J␛]0;x␇");
        assert_eq!(terminal("a\u{9b}31mb\u{7f}"), "a<U+009B>31mb␡");
    }

    #[test]
    fn codes_go_and_what_they_mark_stays() {
        let link = terminal_link(&terminal("#1"), "https://github.com/a/b/issues/1").unwrap_or_default();
        let text = safe!("\u{1b}[1ma {} b\u{1b}[22m", link);
        assert_eq!(without_codes(&text), "a #1 b");
        assert_eq!(without_codes(&"plain".into()), "plain");
        let unsafe_address = "https://a\u{1b}\\b";
        assert!(terminal_link(&Safe::from("#1"), unsafe_address).is_none());
    }

    #[test]
    fn a_carriage_return_cannot_overwrite_the_line() {
        assert_eq!(terminal("FAIL\rPASS\nx\ty"), "FAIL⏎PASS⏎x y");
    }

    #[test]
    fn hidden_and_turning_characters_are_named() {
        assert_eq!(terminal("a\u{202e}b\u{200b}c\u{200f}d"), "a<U+202E>b<U+200B>c<U+200F>d");
    }

    #[test]
    fn ordinary_text_of_any_script_stays() {
        assert_eq!(terminal("Überlauf in 購物車 👩\u{200d}💻"), "Überlauf in 購物車 👩\u{200d}💻");
    }
}
