//! Chart of escaped defects by the age of the release.

use super::super::escape::{Html, Safe, html, safe};
use super::svg::{Anchor, WIDTH, drawing, line, px, short_label, steps, text, tick_distance};
use crate::report::{AgeCurve, AgeCurves, AgeForecast};

/// Height of the drawing.
const HEIGHT: f64 = 270.0;
/// Space for the numbers of the axis.
const LEFT: f64 = 36.0;
/// Space above.
const TOP: f64 = 16.0;
/// Space on the right, for the names.
const RIGHT: f64 = 116.0;
/// Height of the labels.
const LABELS: f64 = 44.0;
/// Least distance of two names.
const NAME_DISTANCE: f64 = 15.0;
/// Least room for a name before the names on the right.
const NAME_WIDTH: f64 = 84.0;

/// Draws a line for each release, that of the newest one on top, and the forecast.
pub fn curve_chart(title: &Safe<Html>, data: &AgeCurves) -> Safe<Html> {
    let ends = data.curves.iter().map(|curve| curve.escaped_by(curve.until_day));
    let forecasts = [&data.newest.horizon, &data.candidate].into_iter().flatten();
    let most = ends.chain(forecasts.map(|forecast| forecast.high)).max().unwrap_or(0).max(1);
    let floor = HEIGHT - LABELS;
    let x = |day: u64| LEFT + day as f64 / data.horizon_days as f64 * (WIDTH - LEFT - RIGHT);
    let y = |count: u64| floor - count as f64 / most as f64 * (floor - TOP);
    let mut parts = Vec::new();
    let distance = tick_distance(most);
    for value in (0..=most / distance).map(|tick| tick * distance) {
        let class = if value == 0 { "axis" } else { "grid" };
        parts.push(line((LEFT, y(value)), (WIDTH - RIGHT, y(value)), class));
        parts.push(text((LEFT - 8.0, y(value) + 4.0), Anchor::End, "", &safe!("{}", value)));
    }
    let days = tick_distance(data.horizon_days);
    for day in (0..=data.horizon_days / days).map(|tick| tick * days) {
        parts.push(text((x(day), floor + 18.0), Anchor::Middle, "", &safe!("{}", day)));
    }
    let middle = (LEFT + WIDTH - RIGHT) / 2.0;
    parts.push(text((middle, floor + 38.0), Anchor::Middle, "", &"days since the release".into()));
    // The newest release comes last, so that no other line covers it.
    for (at, curve) in data.curves.iter().enumerate() {
        let is_newest = at + 1 == data.curves.len();
        let points: Vec<(f64, f64)> = curve_points(curve).map(|(day, count)| (x(day), y(count))).collect();
        let last = curve.escaped_by(curve.until_day);
        let tooltip = safe!("{}: {} on day {}", html(&curve.release), last, curve.until_day);
        parts.push(steps(&points, if is_newest { "new" } else { "old" }, &tooltip));
    }
    for forecast in [&data.newest.horizon, &data.candidate].into_iter().flatten() {
        parts.push(forecast_mark(forecast, x(forecast.day), &y));
    }
    parts.extend(curve_names(data, &x, &y));
    drawing(HEIGHT, title, &parts)
}

/// Returns the corners of a curve: the start, each rise, and the end.
fn curve_points(curve: &AgeCurve) -> impl Iterator<Item = (u64, u64)> + '_ {
    let rises = curve.points.iter().map(|point| (point.day, point.escaped));
    let end = (curve.until_day, curve.escaped_by(curve.until_day));
    std::iter::once((0, 0)).chain(rises).chain(std::iter::once(end))
}

/// Draws the range of a forecast at the end of the axis.
fn forecast_mark(forecast: &AgeForecast, x: f64, y: &dyn Fn(u64) -> f64) -> Safe<Html> {
    let (low, high) = (y(forecast.low), y(forecast.high));
    safe!(
        "<path d=\"M{} {}H{}V{}H{}\" class=\"band\"><title>{}: {} to {} by day {}</title></path>",
        px(x - 6.0),
        px(high),
        px(x),
        px(low),
        px(x - 6.0),
        html(&forecast.release),
        forecast.low,
        forecast.high,
        forecast.day
    )
}

/// Draws the name of each curve on the right, and that of a young release at its end. Names that would cover each other move
/// apart.
fn curve_names(data: &AgeCurves, x: &dyn Fn(u64) -> f64, y: &dyn Fn(u64) -> f64) -> Vec<Safe<Html>> {
    let is_young = |curve: &&AgeCurve| curve.until_day < data.horizon_days;
    let height = |curve: &AgeCurve| y(curve.escaped_by(curve.until_day));
    let old = data.curves.iter().filter(|curve| !is_young(curve));
    let mut names: Vec<(f64, &AgeCurve)> = old.map(|curve| (height(curve) + 4.0, curve)).collect();
    // From the bottom up; of equal ends, the newest release is on top.
    names.sort_by(|(one, _), (other, _)| other.total_cmp(one));
    let mut ceiling = f64::INFINITY;
    for (at, _) in &mut names {
        *at = at.min(ceiling - NAME_DISTANCE);
        ceiling = *at;
    }
    // Too many names for the height start above the drawing: push them down again.
    let mut lowest = TOP - 4.0;
    for (at, _) in names.iter_mut().rev() {
        *at = at.max(lowest);
        lowest = *at + NAME_DISTANCE;
    }
    let label = |at: (f64, f64), anchor: Anchor, curve: &AgeCurve| {
        let class = if curve.release == data.newest.release { "em" } else { "" };
        let count = curve.escaped_by(curve.until_day);
        text(at, anchor, class, &safe!("{} {}", count, short_label(&curve.release)))
    };
    let young = data.curves.iter().filter(is_young);
    let young = young.map(|curve| {
        let end = x(curve.until_day);
        // Close to the right, the name stands before the end: the names of the other curves are behind it.
        match end + NAME_WIDTH < WIDTH - RIGHT {
            true => label((end + 7.0, height(curve) - 3.0), Anchor::Start, curve),
            false => label((end - 4.0, height(curve) - 8.0), Anchor::End, curve),
        }
    });
    let name = |(at, curve)| label((WIDTH - RIGHT + 10.0, at), Anchor::Start, curve);
    names.into_iter().map(name).chain(young).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{CurvePoint, EqualAge};

    #[test]
    fn line_rises_on_the_day_of_the_report() {
        let curve = |release: &str, until_day, points: &[(u64, u64)]| AgeCurve {
            release: release.into(),
            until_day,
            points: points.iter().map(|(day, escaped)| CurvePoint { day: *day, escaped: *escaped }).collect(),
        };
        let data = AgeCurves {
            horizon_days: 30,
            curves: vec![curve("v1", 30, &[(0, 1), (15, 2)]), curve("v2", 10, &[])],
            newest: EqualAge {
                release: "v2".into(),
                day: 10,
                escaped: 0,
                earlier: vec![1],
                expected: None,
                horizon: None,
            },
            candidate: None,
        };
        let svg = curve_chart(&"t".into(), &data);
        // Day 15 is in the middle, at 220; 2 defects are at the top, at 16, and 1 is half way, at 121.
        assert!(svg.contains("d=\"M36 226H36V121H220V16H404V16\""), "{svg}");
        assert!(svg.contains("d=\"M36 226H158.7V226\" class=\"new\""), "{svg}");
    }
}
