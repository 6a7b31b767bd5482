//! Parts of hand-made SVG: shapes, texts and scales. Numbers have no quotes, which HTML does not need: with them, a page
//! would be a tenth larger.

use super::super::escape::{Html, Safe, html, safe, truncate_text};

/// Width of a chart in its own units. At the width of the page, a unit is about one pixel.
pub const WIDTH: f64 = 520.0;

/// Most labels side by side; more of them are slanted.
const LEVEL_LABELS: usize = 6;

/// Number of characters of a label.
const LABEL: usize = 14;

/// Returns a coordinate with at most one decimal.
pub fn px(value: f64) -> Safe<Html> {
    // Not `-0`, and no exponent: a browser reads neither wrongly, but equal pictures have equal bytes.
    let rounded = (value * 10.0).round() / 10.0 + 0.0;
    Safe::of(&format!("{rounded}"))
}

/// Draws a rectangle with a tooltip.
pub fn rectangle(
    corner: (f64, f64),
    size: (f64, f64),
    class: &'static str,
    title: &Safe<Html>,
) -> Safe<Html> {
    safe!(
        "<rect x={} y={} width={} height={} class=\"{}\"><title>{}</title></rect>",
        px(corner.0),
        px(corner.1),
        px(size.0),
        px(size.1),
        class,
        title
    )
}

/// Draws a line.
pub fn line(from: (f64, f64), to: (f64, f64), class: &'static str) -> Safe<Html> {
    safe!("<line x1={} y1={} x2={} y2={} class=\"{}\"/>", px(from.0), px(from.1), px(to.0), px(to.1), class)
}

/// Draws a dot with a tooltip.
pub fn dot(at: (f64, f64), class: &'static str, title: &Safe<Html>) -> Safe<Html> {
    safe!(
        "<circle cx={} cy={} r=4.5 class=\"{}\"><title>{}</title></circle>",
        px(at.0),
        px(at.1),
        class,
        title
    )
}

/// Position of a text relative to its point.
#[derive(Debug, Clone, Copy)]
pub enum Anchor {
    /// The text begins at the point.
    Start,
    /// The text is centered on the point.
    Middle,
    /// The text ends at the point.
    End,
}

/// Draws a text.
pub fn text(at: (f64, f64), anchor: Anchor, class: &'static str, content: &Safe<Html>) -> Safe<Html> {
    let anchor = match anchor {
        Anchor::Start => "",
        Anchor::Middle => "m",
        Anchor::End => "e",
    };
    let class = match (anchor, class) {
        ("", "") => Safe::default(),
        (one, "") | ("", one) => safe!(" class={}", one),
        (anchor, class) => safe!(" class=\"{} {}\"", class, anchor),
    };
    safe!("<text x={} y={}{}>{}</text>", px(at.0), px(at.1), class, content)
}

/// Draws the label of a place below the axis, of which there are `count`. Many labels are slanted and end at the point. A
/// narrow screen shows every second one.
pub fn axis_label(point: (f64, f64), (place, count): (usize, usize), content: &Safe<Html>) -> Safe<Html> {
    if count <= LEVEL_LABELS {
        return text(point, Anchor::Middle, "", content);
    }
    let (x, y) = (px(point.0), px(point.1 - 4.0));
    // The last label is shown: it belongs to the newest release.
    let class = if (count - place).is_multiple_of(2) { " class=\"e odd\"" } else { " class=e" };
    safe!("<text transform=\"translate({} {})rotate(-40)\"{}>{}</text>", x, y, class, content)
}

/// Draws a line through points, level up to each next one.
pub fn steps(points: &[(f64, f64)], class: &'static str, title: &Safe<Html>) -> Safe<Html> {
    let mut path = Safe::<Html>::default();
    for (at, (x, y)) in points.iter().enumerate() {
        path.push(match at {
            0 => safe!("M{} {}", px(*x), px(*y)),
            _ => safe!("H{}V{}", px(*x), px(*y)),
        });
    }
    safe!("<path d=\"{}\" class=\"{}\"><title>{}</title></path>", path, class, title)
}

/// Returns a short name for an axis.
pub fn short_label(name: &str) -> Safe<Html> {
    html(&truncate_text(name.trim(), LABEL))
}

/// Returns the drawing with its title for screen readers.
pub fn drawing(height: f64, title: &Safe<Html>, parts: &[Safe<Html>]) -> Safe<Html> {
    safe!(
        "<svg viewBox=\"0 0 {} {}\" role=img aria-label=\"{}\">{}</svg>",
        px(WIDTH),
        px(height),
        title,
        Safe::join(parts, "")
    )
}

/// Returns the distance of grid lines, so that about four of them reach the highest value: 1, 2, 5, 10, 20, …
pub fn tick_distance(highest: u64) -> u64 {
    let mut power = 1;
    loop {
        for factor in [1, 2, 5] {
            let distance = power * factor;
            if highest / distance <= 5 {
                return distance;
            }
        }
        power *= 10;
    }
}

/// Textures of the marks, once for the whole page: each kind can be told apart without color.
pub fn patterns() -> Safe<Html> {
    let hatch = |id: &'static str, class: &'static str, shape: &'static str| {
        safe!(
            "<pattern id=\"{}\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\"><path d=\"M0 0H6V6H0Z\" \
             class=\"p0\"/><path d=\"{}\" class=\"{}\"/></pattern>",
            id,
            shape,
            class
        )
    };
    let diagonal = "M-1 4L4 -1H6.6L-1 6.6ZM2.4 7L7 2.4V5L5 7Z";
    let dots = "M0 0H3V3H0ZM3 3H6V6H3Z";
    let rows = "M0 1H6V2.6H0Z";
    let columns = "M1 0H4V6H1Z";
    safe!(
        "<svg class=\"hidden\" aria-hidden=\"true\" focusable=\"false\"><defs>{}{}{}{}</defs></svg>",
        hatch("t1", "k1", diagonal),
        hatch("t2", "k2", dots),
        hatch("t3", "k3", rows),
        hatch("t4", "k4", columns)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grid_has_at_most_six_lines() {
        for (highest, distance) in
            [(0, 1), (5, 1), (6, 2), (11, 2), (12, 5), (29, 5), (30, 10), (20_000, 5000)]
        {
            assert_eq!(tick_distance(highest), distance, "{highest}");
        }
    }

    #[test]
    fn coordinates_are_short() {
        assert_eq!(px(1.04), "1");
        assert_eq!(px(-0.01), "0");
        assert_eq!(px(2.25), "2.3");
    }
}
