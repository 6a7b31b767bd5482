//! Text that a person can read.

/// Hangul fillers: letters by their category, and they show nothing.
const FILLERS: [char; 4] = ['\u{115f}', '\u{1160}', '\u{3164}', '\u{ffa0}'];

/// Returns `true` if a text has a letter or a digit that shows. Blanks, zero-width characters, marks of direction and
/// punctuation alone say nothing.
pub fn has_visible_text(text: &str) -> bool {
    text.chars().any(|c| c.is_alphanumeric() && !FILLERS.contains(&c))
}

#[cfg(test)]
mod tests {
    use super::has_visible_text;

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
