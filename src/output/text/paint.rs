//! Colour, columns and line breaks.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Colours that are legible on light and dark.
#[derive(Debug, Clone, Copy)]
pub enum Colour {
    /// Holds.
    Green,
    /// Worth a look.
    Yellow,
    /// Blocks.
    Red,
}

/// Colours if it may.
#[derive(Debug, Clone, Copy)]
pub struct Paint(pub bool);

impl Paint {
    /// Coloured.
    pub fn colour(self, colour: Colour, text: &str) -> String {
        self.code(Self::number(colour), text)
    }

    /// Coloured and bold.
    pub fn strong(self, colour: Colour, text: &str) -> String {
        self.code(&format!("1;{}", Self::number(colour)), text)
    }

    /// Bold.
    pub fn bold(self, text: &str) -> String {
        self.code("1", text)
    }

    /// Less visible.
    pub fn dim(self, text: &str) -> String {
        self.code("2", text)
    }

    fn number(colour: Colour) -> &'static str {
        match colour {
            Colour::Green => "32",
            Colour::Yellow => "33",
            Colour::Red => "31",
        }
    }

    fn code(self, code: &str, text: &str) -> String {
        if self.0 { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }
}

/// How many columns a text takes.
pub fn columns(text: &str) -> usize {
    text.width()
}

/// How many columns a text takes whose colours are our own.
pub fn visible(text: &str) -> usize {
    let mut coloured = text.split('\u{1b}');
    let plain = coloured.next().map_or(0, columns);
    plain + coloured.map(|part| part.split_once('m').map_or(0, |(_, rest)| columns(rest))).sum::<usize>()
}

/// Filled with blanks to so many columns.
pub fn pad(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(columns(text))))
}

/// Cut to so many columns; a longer text ends in `…`.
pub fn shorten(text: &str, width: usize) -> String {
    if columns(text) <= width {
        return text.to_owned();
    }
    let mut out = String::new();
    let mut used = 0;
    for c in text.chars() {
        used += c.width().unwrap_or(0);
        if used >= width {
            break;
        }
        out.push(c);
    }
    format!("{}…", out.trim_end())
}

/// Broken into lines of so many columns, between words where there are any; nothing is lost. At least one line.
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let width = width.max(8);
    let mut lines = vec![String::new()];
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let mut rest = word;
        while let Some(line) = lines.last_mut() {
            let gap = usize::from(!line.is_empty());
            if columns(line) + gap + columns(rest) <= width {
                if gap == 1 {
                    line.push(' ');
                }
                line.push_str(rest);
                break;
            }
            if columns(rest) <= width {
                lines.push(String::new());
                continue;
            }
            // A word longer than a line is broken where the line ends.
            if !line.is_empty() {
                lines.push(String::new());
                continue;
            }
            let at = split_at(rest, width);
            line.push_str(&rest[..at]);
            rest = &rest[at..];
            lines.push(String::new());
        }
    }
    lines
}

/// The byte after the last character that fits; at least one character.
fn split_at(text: &str, width: usize) -> usize {
    let mut used = 0;
    for (at, c) in text.char_indices() {
        used += c.width().unwrap_or(0);
        if used > width && at > 0 {
            return at;
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::{columns, pad, shorten, wrap};

    #[test]
    fn wide_characters_take_two_columns() {
        assert_eq!(columns("購物"), 4);
        assert_eq!(shorten("購物車購物車", 7), "購物車…");
        assert_eq!(pad("購物", 6), "購物  ");
    }

    #[test]
    fn wrapping_loses_nothing_and_keeps_the_width() {
        for text in [
            "",
            "one",
            "one two three four five",
            "averyveryverylongwordwithoutanyblank x",
            "購物車購物車購物車購物車",
        ] {
            let lines = wrap(text, 10);
            assert!(lines.iter().all(|line| columns(line) <= 10), "{lines:?}");
            assert_eq!(lines.concat().replace(' ', ""), text.replace(' ', ""));
        }
    }
}
