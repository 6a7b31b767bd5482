//! Charts of stacked horizontal bars.

use super::super::escape::{Html, Safe, html, safe, truncate_text};
use super::svg::{Anchor, WIDTH, drawing, line, rectangle, text};

/// Space for the names.
const NAMES: f64 = 168.0;
/// Space for the texts behind the bars.
const TEXTS: f64 = 112.0;
/// Height of a row.
const ROW: f64 = 26.0;
/// Height of a bar.
const THICKNESS: f64 = 14.0;
/// Number of characters of a name.
const NAME: usize = 24;

/// A row with its bar.
#[derive(Debug, Clone)]
pub struct BarRow {
    /// Name before the bar. Untrusted.
    pub name: String,
    /// Numbers of the parts.
    pub parts: Vec<u64>,
    /// Text behind the bar.
    pub text: Safe<Html>,
}

/// Draws a bar for each row. `classes` and `kinds` belong to the parts, in their order.
pub fn horizontal_bars(
    title: &Safe<Html>,
    rows: &[BarRow],
    classes: &[&'static str],
    kinds: &[&'static str],
) -> Safe<Html> {
    let most = rows.iter().map(|row| row.parts.iter().sum::<u64>()).max().unwrap_or(0).max(1);
    let scale = (WIDTH - NAMES - TEXTS) / most as f64;
    let height = ROW * rows.len() as f64 + 8.0;
    let mut parts = vec![line((NAMES, 0.0), (NAMES, height - 4.0), "axis")];
    for (at, row) in rows.iter().enumerate() {
        let top = ROW * at as f64 + (ROW - THICKNESS) / 2.0 + 2.0;
        let name = html(&truncate_text(row.name.trim(), NAME));
        parts.push(text((NAMES - 10.0, top + 11.0), Anchor::End, "", &name));
        let mut x = NAMES;
        for ((value, class), kind) in row.parts.iter().zip(classes).zip(kinds) {
            let width = *value as f64 * scale;
            if *value > 0 {
                let tooltip = safe!("{}: {} {}", html(&row.name), *value, *kind);
                parts.push(rectangle((x, top), (width, THICKNESS), class, &tooltip));
            }
            x += width;
        }
        parts.push(text((x + 8.0, top + 11.0), Anchor::Start, "v", &row.text));
    }
    drawing(height, title, &parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn longest_bar_leaves_room_for_its_text() {
        let row = |parts: &[u64]| BarRow { name: "a".into(), parts: parts.to_vec(), text: "t".into() };
        let svg = horizontal_bars(&"t".into(), &[row(&[3, 1]), row(&[0, 2])], &["a0", "a1"], &["x", "y"]);
        // 4 units are the whole width of 240.
        for width in ["width=180 ", "width=60 ", "width=120 "] {
            assert!(svg.contains(width), "{width}: {svg}");
        }
        assert!(svg.contains("<text x=416 "), "{svg}");
    }
}
