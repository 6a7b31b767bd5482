//! Escaping for terminals and logs.

use super::safe::{Medium, Safe, Terminal};
use crate::report::{CharacterKind, character_kind};

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
    use super::terminal;

    #[test]
    fn escape_sequences_show_and_do_nothing() {
        assert_eq!(terminal("\u{1b}[2J\u{1b}]0;x\u{7}"), "␛[2J␛]0;x␇");
        assert_eq!(terminal("a\u{9b}31mb\u{7f}"), "a<U+009B>31mb␡");
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
