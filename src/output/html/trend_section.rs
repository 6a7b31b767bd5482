//! Charts over time: by release, by period, and by the age of a release.

use super::super::escape::{Html, Safe, html, safe};
use super::super::labels;
use super::curve_chart::curve_chart;
use super::rate_chart::{RatePoint, rate_chart};
use super::table::{Column, Figure, data_table, legend, limit_entry, numbers, words};
use super::vertical_bars::{Bar, vertical_bars};
use crate::report::{
    AgeCurves, AgeForecast, EqualAge, PageReport, PeriodSeries, Rate, ReleaseBar, SeverityCounts,
    percent_text,
};

/// Marks of the severities.
const MARKS: [&str; 4] = ["s0", "s1", "s2", "s3"];

/// Names of the severities.
const SEVERITIES: [&str; 4] = ["critical", "major", "minor", "untriaged"];

/// Renders every chart over time that has data.
pub fn trends(page: &PageReport) -> Safe<Html> {
    if !page.collected {
        return "<p>Not measured: issues or releases were not collected.</p>".into();
    }
    let mut figures = Vec::new();
    if !page.releases.is_empty() {
        figures.push(release_figure(page));
    }
    figures.extend(page.age_curves.as_ref().map(curve_figure));
    figures.extend(page.periods.iter().map(period_figure));
    figures.extend(page.periods.first().and_then(|quarters| rate_figure(quarters, page)));
    if figures.is_empty() {
        return "<p>Not measured: no release has been published, and no defect was reported.</p>".into();
    }
    let figures: Safe<Html> = figures.iter().map(Figure::render).collect();
    safe!("<div class=\"charts\">{}</div>", figures)
}

fn severity_legend() -> Safe<Html> {
    legend(&[("s0", "critical"), ("s1", "major"), ("s2", "minor"), ("s3", "untriaged")])
}

fn bar(name: &str, counts: Option<SeverityCounts>) -> Bar {
    Bar { name: name.to_owned(), parts: counts.map(|counts| counts.parts().to_vec()) }
}

/// Returns the columns of a table of counts by severity.
fn severity_columns(first: &'static str) -> Vec<Column> {
    let counts = ["Critical", "Major", "Minor", "Untriaged", "All"].map(numbers);
    std::iter::once(words(first)).chain(counts).collect()
}

/// Returns the cells of counts by severity.
fn severity_cells(counts: Option<SeverityCounts>) -> Vec<Safe<Html>> {
    match counts {
        Some(counts) => {
            counts.parts().into_iter().chain([counts.total()]).map(|count| safe!("{}", count)).collect()
        }
        None => vec!["not measured".into(); 5],
    }
}

fn release_figure(page: &PageReport) -> Figure {
    let limits: Vec<u64> = page.limits.iter().map(|limit| limit.max).collect();
    let limit_entries = page.limits.iter().map(|limit| {
        let of = limit.severities.iter().map(|name| html(name)).collect::<Vec<_>>();
        let of = if of.is_empty() { Safe::default() } else { safe!(" {}", Safe::join(&of, " or ")) };
        limit_entry(&safe!("limit {}{} ({})", limit.max, of, html(&limit.rule)))
    });
    let legend: Safe<Html> = std::iter::once(severity_legend()).chain(limit_entries).collect();
    let bars: Vec<Bar> = page.releases.iter().map(|one| bar(&one.release, one.counts)).collect();
    let heading: Safe<Html> = "Escaped defects by release".into();
    let mut note: Safe<Html> =
        "Each defect counts for the release that it was found in. Young releases still collect defects."
            .into();
    if page.without_release > 0 {
        note = safe!(
            "{} {} without a known release.",
            note,
            labels::counted_noun(page.without_release, "defect is", "defects are")
        );
    }
    let mut columns = severity_columns("Release");
    columns.push(words("Published"));
    columns.push(numbers("Age in days"));
    let row = |one: &ReleaseBar| {
        let published = one.published.map(|day| html(&day.to_string())).unwrap_or_default();
        let age = one.age_days.and_then(|days| u64::try_from(days).ok()).map(|days| safe!("{}", days));
        let young = if one.mature { "" } else { " (young)" };
        let name = safe!("{}{}", html(&one.release), young);
        let tail = [published, age.unwrap_or_default()];
        std::iter::once(name).chain(severity_cells(one.counts)).chain(tail).collect()
    };
    let rows: Vec<Vec<Safe<Html>>> = page.releases.iter().map(row).collect();
    Figure {
        drawing: vertical_bars(&heading, &bars, &MARKS, &SEVERITIES, &limits),
        table: data_table(&heading, &columns, &rows),
        legend,
        heading,
        note,
    }
}

fn period_figure(series: &PeriodSeries) -> Figure {
    let heading = safe!("Escaped defects by {}", html(&series.name));
    // The name of a sprint has its first and last day. The first one, without its year, is enough on the axis.
    let short = |name: &str| {
        let own = name.strip_prefix(series.name.as_str()).unwrap_or(name).trim();
        match own.split_once(" to ") {
            Some((first, _)) => first.split_once('-').map_or(first, |(_, day)| day).to_owned(),
            None => own.to_owned(),
        }
    };
    let bars: Vec<Bar> = series.periods.iter().map(|one| bar(&short(&one.name), one.counts)).collect();
    let rows: Vec<Vec<Safe<Html>>> = series
        .periods
        .iter()
        .map(|one| std::iter::once(html(&one.name)).chain(severity_cells(one.counts)).collect())
        .collect();
    let columns = severity_columns("Period");
    Figure {
        note: safe!("By the day of the report, in UTC. The last {} is still running.", html(&series.name)),
        drawing: vertical_bars(&heading, &bars, &MARKS, &SEVERITIES, &[]),
        table: data_table(&heading, &columns, &rows),
        legend: severity_legend(),
        heading,
    }
}

/// Returns the chart of escape rates; `None` if no period has one, for example because the policy selects no caught defects.
fn rate_figure(series: &PeriodSeries, page: &PageReport) -> Option<Figure> {
    let enough = |rate: &&Rate| rate.denominator >= page.rate_sample;
    series.periods.iter().find_map(|period| period.rate.as_ref())?;
    let points: Vec<RatePoint<'_>> = series
        .periods
        .iter()
        .map(|period| RatePoint {
            name: &period.name,
            rate: period.rate.as_ref().filter(enough),
            reason: if period.rate.is_some() { "few" } else { "none" },
        })
        .collect();
    let heading: Safe<Html> = "Escape rate by quarter".into();
    let columns =
        [words("Quarter"), numbers("Escaped"), numbers("All found"), numbers("Rate"), words("95 % interval")];
    let rows: Vec<Vec<Safe<Html>>> = series
        .periods
        .iter()
        .map(|period| match &period.rate {
            Some(rate) => {
                let (shown, interval) = match enough(&rate) {
                    true => {
                        (html(&percent_text(rate.numerator, rate.denominator)), labels::interval_text(rate))
                    }
                    false => (safe!("fewer than {}", page.rate_sample), Safe::default()),
                };
                let counts = [safe!("{}", rate.numerator), safe!("{}", rate.denominator)];
                std::iter::once(html(&period.name)).chain(counts).chain([shown, interval]).collect()
            }
            None => {
                let reason = period.no_rate.as_deref().unwrap_or("not measured");
                vec![html(&period.name), "–".into(), "–".into(), "–".into(), html(reason)]
            }
        })
        .collect();
    let limits = page.rate_limits.iter().map(|(rule, limit)| {
        // Limits are whole millionths.
        let share = html(&percent_text((limit * 1e6).round() as u64, 1_000_000));
        limit_entry(&safe!("limit {} ({})", share, html(rule)))
    });
    Some(Figure {
        note: safe!(
            "Escaped ÷ (escaped + caught), with the 95 % interval. Quarters with fewer than {} defects have no rate.",
            page.rate_sample
        ),
        drawing: rate_chart(&heading, &points, &page.rate_limits),
        table: data_table(&heading, &columns, &rows),
        legend: limits.collect(),
        heading,
    })
}

fn curve_figure(curves: &AgeCurves) -> Figure {
    let heading: Safe<Html> = "Escaped defects by the age of the release".into();
    let columns: Vec<Column> = std::iter::once(words("Release"))
        .chain([numbers("Known until day"), numbers("Escaped by then")])
        .chain([numbers("On the newest release's day")])
        .collect();
    let rows: Vec<Vec<Safe<Html>>> = curves
        .curves
        .iter()
        .map(|curve| {
            let at_age = match curve.until_day >= curves.newest.day {
                true => safe!("{}", curve.escaped_by(curves.newest.day)),
                false => "not that old".into(),
            };
            vec![
                html(&curve.release),
                safe!("{}", curve.until_day),
                safe!("{}", curve.escaped_by(curve.until_day)),
                at_age,
            ]
        })
        .collect();
    Figure {
        note: curve_note(curves),
        drawing: curve_chart(&heading, curves),
        table: data_table(&heading, &columns, &rows),
        legend: Safe::default(),
        heading,
    }
}

/// Returns the comparison at equal age and the forecasts in sentences.
fn curve_note(curves: &AgeCurves) -> Safe<Html> {
    let mut sentences = vec![equal_age_sentence(&curves.newest)];
    for forecast in [&curves.newest.horizon, &curves.candidate].into_iter().flatten() {
        sentences.push(forecast_sentence(forecast));
    }
    Safe::join(&sentences, " ")
}

/// Returns, for example, `v1.4.0: 4 on day 9. The last 6 releases had 1.5 by then on average; 80 % interval 0–3.`
pub fn equal_age_sentence(newest: &EqualAge) -> Safe<Html> {
    let own = safe!("{}: {} on day {}.", html(&newest.release), newest.escaped, newest.day);
    let releases = newest.earlier.len() as u64;
    match (&newest.expected, releases) {
        (_, 0) => safe!("{} No earlier release is that old.", own),
        (expected, _) => {
            let mean = newest.earlier.iter().sum::<u64>() as f64 / releases as f64;
            let mean = Safe::of(&format!("{mean:.1}"));
            let earlier = labels::counted_noun(releases, "release", "releases");
            let interval = match expected {
                Some(expected) => safe!("80 % interval {}–{}", expected.low, expected.high),
                None => "too few for an interval".into(),
            };
            safe!("{} The last {} had {} by then on average; {}.", own, earlier, mean, interval)
        }
    }
}

/// Returns, for example, `Forecast for v1.4.0 by day 30: 4–7 (80 % interval, from 6 releases).`
pub fn forecast_sentence(forecast: &AgeForecast) -> Safe<Html> {
    safe!(
        "Forecast for {} by day {}: {}–{} (80 % interval, from {} releases).",
        html(&forecast.release),
        forecast.day,
        forecast.low,
        forecast.high,
        forecast.releases
    )
}
