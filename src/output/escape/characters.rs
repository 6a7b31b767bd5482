//! Kinds of characters, on which every escaping is based.

/// Behavior of a character in displayed text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CharacterKind {
    /// A visible character.
    Text,
    /// A space of any width, or a line or paragraph break.
    Space,
    /// A C0 or C1 control character that is no space, or an interlinear annotation.
    Control,
    /// Reverses the direction of the text around it, so that a title can read as something else.
    Bidi,
    /// A direction mark without a scope; legitimate Arabic and Hebrew text contains it.
    Direction,
    /// Joins, separates or varies its neighbors, for example in emoji families and in Persian and Indic words.
    Joiner,
    /// Invisible; can hide text or split words.
    Hidden,
}

pub fn character_kind(c: char) -> CharacterKind {
    match c {
        '\t' | '\n' | '\u{b}' | '\u{c}' | '\r' | '\u{85}' => CharacterKind::Space,
        '\u{fff9}'..='\u{fffb}' => CharacterKind::Control,
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => CharacterKind::Bidi,
        '\u{61c}' | '\u{200e}' | '\u{200f}' => CharacterKind::Direction,
        '\u{200c}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}' => CharacterKind::Joiner,
        // Soft hyphen, grapheme joiner, Hangul fillers, Khmer inherent vowels, Mongolian selectors, zero-width space,
        // invisible operators, braille blank, deprecated format characters, byte order mark, shorthand and musical formats, tags.
        '\u{ad}'
        | '\u{34f}'
        | '\u{115f}'
        | '\u{1160}'
        | '\u{17b4}'
        | '\u{17b5}'
        | '\u{180b}'..='\u{180f}'
        | '\u{200b}'
        | '\u{2060}'..='\u{2065}'
        | '\u{206a}'..='\u{206f}'
        | '\u{2800}'
        | '\u{3164}'
        | '\u{feff}'
        | '\u{ffa0}'
        | '\u{fff0}'..='\u{fff8}'
        | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e0fff}' => CharacterKind::Hidden,
        _ if c.is_control() => CharacterKind::Control,
        _ if c.is_whitespace() => CharacterKind::Space,
        _ => CharacterKind::Text,
    }
}

/// Returns `true` if a terminal would obey the character or show nothing. A plain space is printable.
pub fn unprintable(c: char) -> bool {
    match character_kind(c) {
        CharacterKind::Text | CharacterKind::Joiner => false,
        CharacterKind::Space => c.is_control() || matches!(c, '\u{2028}' | '\u{2029}'),
        CharacterKind::Control | CharacterKind::Bidi | CharacterKind::Direction | CharacterKind::Hidden => {
            true
        }
    }
}

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
