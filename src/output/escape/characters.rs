//! Texts without control and hidden characters, on which every escaping is based.

use crate::report::{CharacterKind, character_kind};

/// Returns one line of visible text. Runs of spaces become one space, both ends are trimmed and hidden characters are
/// removed. `�` replaces control and bidirectional characters, so that a reader sees that something was there.
pub fn single_line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match character_kind(c) {
            CharacterKind::Text => out.push(c),
            CharacterKind::Space => {
                if !out.is_empty() && !out.ends_with(' ') {
                    out.push(' ');
                }
            }
            // Visible and not dropped: a text with such characters is an attack or damaged, and a
            // reader should see that.
            CharacterKind::Control | CharacterKind::Bidi => out.push('\u{fffd}'),
            // Between ASCII letters a joiner has nothing to join and can only split a word.
            CharacterKind::Joiner => {
                if out.chars().next_back().is_some_and(|before| !before.is_ascii()) {
                    out.push(c);
                }
            }
            CharacterKind::Direction | CharacterKind::Hidden => {}
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// Returns at most `max` characters; a longer text ends in `…`. Call it before escaping: a later cut could split an escape
/// sequence.
pub fn truncate_text(text: &str, max: usize) -> String {
    if text.chars().nth(max).is_none() {
        return text.to_owned();
    }
    let kept: String = text.chars().take(max.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

/// Returns `true` if an address is safe as a link: http or https, and no character that could end the link or a table cell. An
/// address with a user name before the host is not safe: it can look like another host.
pub fn is_safe_address(url: &str) -> bool {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    // Without `@`: `https://github.com@evil.example` leads to another host than it seems to.
    let plain = |c: char| c.is_ascii_alphanumeric() || "-._~/?#=%+:&,;".contains(c);
    rest.is_some_and(|rest| {
        let host = rest.split(['/', '?', '#']).next();
        host.is_some_and(|host| !host.is_empty()) && url.len() <= 2_000 && rest.chars().all(plain)
    })
}

#[cfg(test)]
mod tests {
    use super::{single_line, truncate_text};

    #[test]
    fn several_lines_become_one() {
        assert_eq!(single_line(" a\r\n\tb\u{2028}c\u{2029}\u{85}d\u{b} "), "a b c d");
    }

    #[test]
    fn a_turn_of_direction_is_shown_and_not_obeyed() {
        assert_eq!(single_line("a\u{202e}b\u{2066}c\u{200f}d"), "a\u{fffd}b\u{fffd}cd");
    }

    #[test]
    fn hidden_characters_cannot_part_words_or_carry_messages() {
        assert_eq!(
            single_line("cr\u{200b}it\u{ad}ic\u{feff}al\u{e0041}\u{e0042}\u{3164}\u{2800}\u{e0100}"),
            "critical"
        );
    }

    #[test]
    fn joiners_stay_where_a_script_or_an_emoji_needs_them() {
        assert_eq!(single_line("👩\u{200d}💻 a\u{200d}b"), "👩\u{200d}💻 ab");
        assert_eq!(single_line("⚠\u{fe0f} a\u{fe0f}b"), "⚠\u{fe0f} ab");
    }

    #[test]
    fn a_cut_falls_between_characters_and_shows() {
        assert_eq!(truncate_text("äöü", 3), "äöü");
        assert_eq!(truncate_text("äöüß", 3), "äö…");
        assert_eq!(truncate_text("ab cd", 4), "ab…");
        assert_eq!(truncate_text("ab", 0), "…");
    }
}
