//! Chart of rates with their intervals.

use super::super::escape::{Html, Safe, html, safe};
use super::svg::{Anchor, WIDTH, axis_label, dot, drawing, line, short_label, text, tick_distance};
use crate::report::{Rate, percent_text};

/// Height of the drawing.
const HEIGHT: f64 = 258.0;
/// Space for the numbers of the axis.
const LEFT: f64 = 48.0;
/// Space above.
const TOP: f64 = 20.0;
/// Space on the right.
const RIGHT: f64 = 8.0;
/// Height of the labels.
const LABELS: f64 = 64.0;

/// A rate, or the reason why there is none.
#[derive(Debug, Clone)]
pub struct RatePoint<'r> {
    /// Name below the point. Untrusted.
    pub name: &'r str,
    /// Rate with its interval; `None` if there is none, or if its sample is too small.
    pub rate: Option<&'r Rate>,
    /// Short reason for no rate.
    pub reason: &'static str,
}

/// Draws each rate as a dot on its 95 % interval.
pub fn rate_chart(title: &Safe<Html>, points: &[RatePoint<'_>], limits: &[(String, f64)]) -> Safe<Html> {
    let highest = points.iter().filter_map(|point| point.rate).map(|rate| rate.high);
    let highest = highest.chain(limits.iter().map(|(_, limit)| *limit)).fold(0.05, f64::max).min(1.0);
    let percent = (highest * 100.0).ceil();
    let floor = HEIGHT - LABELS;
    let y = |share: f64| floor - share * 100.0 / percent * (floor - TOP);
    let mut parts = Vec::new();
    let whole = percent as u64;
    let distance = tick_distance(whole);
    for tick in 0..=whole / distance {
        let value = tick * distance;
        let at = y(value as f64 / 100.0);
        parts.push(line((LEFT, at), (WIDTH - RIGHT, at), if value == 0 { "axis" } else { "grid" }));
        parts.push(text((LEFT - 8.0, at + 4.0), Anchor::End, "", &safe!("{} %", value)));
    }
    let slot = (WIDTH - LEFT - RIGHT) / points.len().max(1) as f64;
    for (at, point) in points.iter().enumerate() {
        let x = LEFT + slot * (at as f64 + 0.5);
        parts.push(axis_label((x, floor + 18.0), (at, points.len()), &short_label(point.name)));
        let Some(rate) = point.rate else {
            parts.push(text((x, floor - 6.0), Anchor::Middle, "", &point.reason.into()));
            continue;
        };
        let share = rate.numerator as f64 / rate.denominator as f64;
        parts.push(line((x, y(rate.low)), (x, y(rate.high)), "wide"));
        for end in [rate.low, rate.high] {
            parts.push(line((x - 5.0, y(end)), (x + 5.0, y(end)), "wide"));
        }
        let shown = html(&percent_text(rate.numerator, rate.denominator));
        let tooltip = safe!("{}: {} of {}", html(point.name), rate.numerator, rate.denominator);
        parts.push(dot((x, y(share)), "dot", &tooltip));
        // Above the interval: beside the dot, it would cover the next interval.
        parts.push(text((x, y(rate.high) - 8.0), Anchor::Middle, "v", &shown));
    }
    for (_, limit) in limits {
        parts.push(line((LEFT, y(*limit)), (WIDTH - RIGHT, y(*limit)), "limit"));
    }
    drawing(HEIGHT, title, &parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dot_stands_at_its_share() {
        let rate = Rate { numerator: 1, denominator: 4, low: 0.1, high: 0.5, over: String::new() };
        let points = [
            RatePoint { name: "2026-Q1", rate: Some(&rate), reason: "" },
            RatePoint { name: "2026-Q2", rate: None, reason: "3 of 7" },
        ];
        let svg = rate_chart(&"t".into(), &points, &[("a".into(), 0.5)]);
        // 0 % is at 194, 50 % at 20, so 25 % is half way.
        assert!(svg.contains("cy=107 "), "{svg}");
        assert_eq!(svg.matches("<circle").count(), 1, "a small sample has no dot");
        assert!(svg.contains("3 of 7"));
    }
}
