//! Colors, columns and line breaks of text on a terminal.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::super::escape::{Safe, Terminal, safe, without_codes};

/// Colors that are legible on light and dark backgrounds.
#[derive(Debug, Clone, Copy)]
pub enum Colour {
    /// For passed rules.
    Green,
    /// For warnings and unknown verdicts.
    Yellow,
    /// For failed rules.
    Red,
}

/// Renders text in a color.
pub fn colour(colour: Colour, text: &Safe<Terminal>) -> Safe<Terminal> {
    let code = match colour {
        Colour::Green => "32",
        Colour::Yellow => "33",
        Colour::Red => "31",
    };
    safe!("\u{1b}[{}m{}\u{1b}[0m", code, text)
}

/// Renders text in bold.
pub fn bold(text: &Safe<Terminal>) -> Safe<Terminal> {
    safe!("\u{1b}[1m{}\u{1b}[22m", text)
}

/// Returns the width of a text in columns. Color codes and the addresses of links take none.
pub fn columns(text: &Safe<Terminal>) -> usize {
    if text.contains('\u{1b}') { without_codes(text).width() } else { text.width() }
}

/// Pads a text with spaces to `width` columns.
pub fn pad_right(text: &Safe<Terminal>, width: usize) -> Safe<Terminal> {
    safe!("{}{}", text, Safe::blanks(width.saturating_sub(columns(text))))
}

/// Pads the cells of each column to the same width and joins the cells of each row with two spaces.
pub fn align_columns(rows: &[Vec<Safe<Terminal>>]) -> Vec<Safe<Terminal>> {
    let mut widths: Vec<usize> = Vec::new();
    for row in rows {
        widths.resize(widths.len().max(row.len()), 0);
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = columns(cell).max(*width);
        }
    }
    let line = |row: &Vec<Safe<Terminal>>| {
        let cells: Vec<_> = row.iter().zip(&widths).map(|(cell, width)| pad_right(cell, *width)).collect();
        Safe::join(&cells, "  ")
    };
    rows.iter().map(line).collect()
}

/// Breaks a text into lines of at most `width` columns, between words if possible. Returns at least one line.
pub fn wrap(text: &Safe<Terminal>, width: usize) -> Vec<Safe<Terminal>> {
    // A terminal can report a width of 0. Eight columns hold a word and its mark.
    let width = width.max(8);
    let mut lines = vec![Safe::default()];
    for word in text.words() {
        let mut rest = word;
        while let Some(line) = lines.last_mut() {
            let gap = if line.is_empty() { "" } else { " " };
            if columns(line) + gap.len() + columns(&rest) <= width {
                line.push(gap);
                line.push(rest);
                break;
            }
            // A word longer than a line must be split, or the loop would never end. A code in it would be torn.
            if line.is_empty() {
                rest = without_codes(&rest);
                let (fits, more) = rest.split_at(split_at(&rest, width));
                line.push(fits);
                rest = more;
            }
            lines.push(Safe::default());
        }
    }
    lines
}

/// Returns the position after the last character that fits; at least one character fits.
fn split_at(text: &str, width: usize) -> usize {
    let first = text.chars().next().map_or(0, char::len_utf8);
    fitting_bytes(text, width).max(first)
}

/// Returns the position in bytes after the last character that fits into `width` columns.
fn fitting_bytes(text: &str, width: usize) -> usize {
    let mut used = 0;
    let mut fits = text.char_indices().skip_while(|(_, c)| {
        used += c.width().unwrap_or(0);
        used <= width
    });
    fits.next().map_or(text.len(), |(at, _)| at)
}

#[cfg(test)]
mod tests {
    use super::{Safe, bold, columns, pad_right, wrap};

    #[test]
    fn wide_characters_take_two_columns() {
        assert_eq!(columns(&"購物".into()), 4);
        assert_eq!(columns(&bold(&"購物".into())), 4);
        assert_eq!(pad_right(&"購物".into(), 6), "購物  ");
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
            let lines = wrap(&Safe::from(text), 10);
            assert!(lines.iter().all(|line| columns(line) <= 10), "{lines:?}");
            let all: Safe<_> = lines.into_iter().collect();
            assert_eq!(all.replace(' ', ""), text.replace(' ', ""));
        }
    }
}
