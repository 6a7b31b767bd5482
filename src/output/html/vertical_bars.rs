//! Charts of stacked vertical bars.

use super::super::escape::{Html, Safe, html, safe};
use super::svg::{Anchor, WIDTH, axis_label, drawing, line, rectangle, short_label, text, tick_distance};

/// Height of the drawing.
const HEIGHT: f64 = 258.0;
/// Space for the numbers of the axis.
const LEFT: f64 = 36.0;
/// Space above the highest bar, for its number.
const TOP: f64 = 20.0;
/// Space on the right.
const RIGHT: f64 = 8.0;
/// Height of the labels.
const LABELS: f64 = 64.0;
/// Widest bar.
const WIDEST: f64 = 44.0;

/// A stacked bar.
#[derive(Debug, Clone)]
pub struct Bar {
    /// Name below the bar. Untrusted.
    pub name: String,
    /// Numbers of the parts, from the bottom; `None` if not measured.
    pub parts: Option<Vec<u64>>,
}

/// Draws bars with the number of each on top, and a line across them at each limit. `classes` and `kinds` belong to the parts, in
/// their order.
pub fn vertical_bars(
    title: &Safe<Html>,
    bars: &[Bar],
    classes: &[&'static str],
    kinds: &[&'static str],
    limits: &[u64],
) -> Safe<Html> {
    let total = |bar: &Bar| bar.parts.as_ref().map(|parts| parts.iter().sum::<u64>());
    let most = bars.iter().filter_map(total).chain(limits.iter().copied()).max().unwrap_or(0).max(1);
    let floor = HEIGHT - LABELS;
    let scale = (floor - TOP) / most as f64;
    let y = |value: u64| floor - value as f64 * scale;
    let mut parts = Vec::new();
    let distance = tick_distance(most);
    for tick in 0..=most / distance {
        let value = tick * distance;
        let class = if value == 0 { "axis" } else { "grid" };
        parts.push(line((LEFT, y(value)), (WIDTH - RIGHT, y(value)), class));
        parts.push(text((LEFT - 8.0, y(value) + 4.0), Anchor::End, "", &safe!("{}", value)));
    }
    let slot = (WIDTH - LEFT - RIGHT) / bars.len().max(1) as f64;
    let width = (slot * 0.66).min(WIDEST);
    for (at, bar) in bars.iter().enumerate() {
        let middle = LEFT + slot * (at as f64 + 0.5);
        parts.push(axis_label((middle, floor + 18.0), (at, bars.len()), &short_label(&bar.name)));
        let Some(values) = &bar.parts else {
            parts.push(text((middle, floor - 6.0), Anchor::Middle, "", &"?".into()));
            continue;
        };
        let mut below = 0;
        for ((value, class), kind) in values.iter().zip(classes).zip(kinds) {
            if *value > 0 {
                let tooltip = safe!("{}: {} {}", html(&bar.name), *value, *kind);
                let top = y(below + value);
                parts.push(rectangle((middle - width / 2.0, top), (width, y(below) - top), class, &tooltip));
            }
            below += value;
        }
        parts.push(text((middle, y(below) - 6.0), Anchor::Middle, "v", &safe!("{}", below)));
    }
    for limit in limits {
        parts.push(line((LEFT, y(*limit)), (WIDTH - RIGHT, y(*limit)), "limit"));
    }
    drawing(HEIGHT, title, &parts)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// Returns the values of an attribute in the order of the drawing.
    fn attribute(svg: &str, name: &str) -> Vec<f64> {
        let marks = svg.split("<rect ").skip(1);
        let value = |mark: &str| {
            let (_, rest) = mark.split_once(&format!(" {name}=")).unwrap();
            rest.split_once(' ').unwrap().0.parse().unwrap()
        };
        marks.map(value).collect()
    }

    #[test]
    fn heights_are_proportional_to_numbers() {
        let bars = [
            Bar { name: "v1".into(), parts: Some(vec![2, 0, 6]) },
            Bar { name: "v2".into(), parts: Some(vec![0, 4, 0]) },
            Bar { name: "v3".into(), parts: None },
        ];
        let svg = vertical_bars(&"t".into(), &bars, &["s0", "s1", "s2"], &["a", "b", "c"], &[]);
        let heights = attribute(&svg, "height");
        assert_eq!(heights.len(), 3, "no mark for a zero or a missing value: {svg}");
        let unit = heights[0] / 2.0;
        for (height, number) in heights.iter().zip([2.0, 6.0, 4.0]) {
            assert!((height / unit - number).abs() < 0.05, "{heights:?}");
        }
        // The second part stands on the first one.
        let tops = attribute(&svg, "y");
        assert!((tops[1] + heights[1] - tops[0]).abs() < 0.11, "{tops:?} {heights:?}");
        assert!(svg.contains(">?</text>"), "a missing value is not zero");
        assert!(svg.contains("<title>v1: 6 c</title>"));
    }

    #[test]
    fn no_bars_still_draw_an_axis() {
        assert!(vertical_bars(&"t".into(), &[], &[], &[], &[]).contains("class=\"axis\""));
    }
}
