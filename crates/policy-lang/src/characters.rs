//! Characters that control a display or show nothing. Every message and every output uses this one table.

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

/// Returns how a character behaves in displayed text.
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
pub fn is_unprintable(c: char) -> bool {
    match character_kind(c) {
        CharacterKind::Text | CharacterKind::Joiner => false,
        CharacterKind::Space => c.is_control() || matches!(c, '\u{2028}' | '\u{2029}'),
        CharacterKind::Control | CharacterKind::Bidi | CharacterKind::Direction | CharacterKind::Hidden => {
            true
        }
    }
}

/// Returns a text in which a visible character replaces each one that a terminal acts on or that shows nothing.
///
/// Joiners and variation selectors stay behind a character that is not ASCII: they form emoji and letters of other scripts.
pub fn visible(text: &str) -> String {
    let mut before = ' ';
    text.chars()
        .map(|c| {
            let joins = character_kind(c) == CharacterKind::Joiner;
            let seen = if joins && !before.is_ascii() && visible_char(before) == before {
                c
            } else {
                visible_char(c)
            };
            before = c;
            seen
        })
        .collect()
}

fn visible_char(c: char) -> char {
    match c {
        '\0'..='\u{1f}' => char::from_u32(0x2400 + u32::from(c)).unwrap_or(char::REPLACEMENT_CHARACTER),
        '\u{7f}' => '\u{2421}',
        _ if is_unprintable(c) || character_kind(c) == CharacterKind::Joiner => char::REPLACEMENT_CHARACTER,
        _ => c,
    }
}

/// Returns `true` if a text has a letter or a digit that shows. Blanks, zero-width characters, marks of direction and
/// punctuation alone say nothing.
pub fn has_visible_text(text: &str) -> bool {
    text.chars().any(|c| c.is_alphanumeric() && character_kind(c) == CharacterKind::Text)
}

#[cfg(test)]
mod tests {
    use super::{has_visible_text, visible};

    #[test]
    fn a_character_that_shows_nothing_is_shown() {
        for hidden in "\u{ad}\u{34f}\u{115f}\u{17b5}\u{180b}\u{200b}\u{200d}\u{2060}\u{2064}\u{2800}\u{3164}\u{fe0f}\u{feff}\u{ffa0}\u{fff0}\u{1d173}\u{e0041}\u{e0100}"
            .chars()
        {
            assert_eq!(visible(&format!("ru{hidden}les")), "ru\u{fffd}les", "{hidden:?}");
            assert_eq!(visible(&hidden.to_string()), "\u{fffd}", "{hidden:?}");
        }
        assert_eq!(
            visible("\u{3164}\u{fe0f}"),
            "\u{fffd}\u{fffd}",
            "nothing is formed behind what shows nothing"
        );
    }

    #[test]
    fn text_of_any_script_and_emoji_stay() {
        for text in ["⚠\u{fe0f} bug", "👩\u{200d}💻", "می\u{200c}خواهم", "Überlauf", "購物車"]
        {
            assert_eq!(visible(text), text);
        }
    }

    #[test]
    fn characters_that_show_nothing_are_no_text() {
        for text in [
            "",
            "  ",
            "\u{200b}\u{2060}",
            "\u{3164}",
            "\u{2800}",
            "\u{fe0f}\u{e0041}",
            "\u{ad}\u{200d}",
            "...",
            "\u{301}",
        ] {
            assert!(!has_visible_text(text), "{text:?}");
        }
        for text in ["ok", "\u{200b}ok", "承認", "#12", "да"] {
            assert!(has_visible_text(text), "{text:?}");
        }
    }
}
