//! Where to improve: causes, the weakest quality gate, times to detect, and release lines.

use super::super::escape::{Html, Safe, html, html_prose, safe};
use super::super::labels;
use super::horizontal_bars::{BarRow, horizontal_bars};
use super::table::{Column, Figure, data_table, legend, numbers, words};
use crate::report::{
    CauseTable, DetectionHistogram, GateReport, PageReport, Report, StatusCounts, percent_text,
};

/// Number of root causes below which no quality gate is called the weakest.
const LEAST_CAUSES: u64 = 5;

/// Marks of the statuses.
const MARKS: [&str; 5] = ["a0", "a1", "a2", "a3", "a4"];

/// Names of the statuses.
const STATUSES: [&str; 5] = ["affected", "under investigation", "fixed", "not affected", "unknown"];

/// Renders every chart that has data.
pub fn improvements(report: &Report, page: &PageReport) -> Safe<Html> {
    let mut figures: Vec<Figure> = Vec::new();
    figures.extend((page.collected && !page.defects.is_empty()).then(|| line_figure(report, page)));
    figures.extend(page.causes.iter().map(cause_figure));
    figures.extend(report.gates.as_ref().map(gate_figure));
    figures.extend(page.detection.as_ref().map(|histogram| detection_figure(report, histogram)));
    if figures.is_empty() {
        return Safe::default();
    }
    let figures: Safe<Html> = figures.iter().map(Figure::render).collect();
    safe!("<div class=\"charts\">{}</div>", figures)
}

fn line_figure(report: &Report, page: &PageReport) -> Figure {
    let candidate = report.candidate.as_ref().map_or("candidate", |candidate| candidate.name.as_str());
    let own = (candidate.to_owned(), page.candidate_statuses);
    let lines = page.lines.iter().filter(|line| line.release != candidate);
    let lines = lines.map(|line| (format!("{} ({})", line.release, line.line), line.counts));
    let all: Vec<(String, StatusCounts)> = std::iter::once(own).chain(lines).collect();
    let row = |(name, counts): &(String, StatusCounts)| BarRow {
        name: name.clone(),
        parts: counts.parts().to_vec(),
        // "0 affected" would be a lie if nothing is known.
        text: match counts.unknown {
            0 => safe!("{} affected", counts.affected),
            unknown if unknown == counts.parts().iter().sum::<u64>() => "unknown".into(),
            _ => safe!("{} or more", counts.affected),
        },
    };
    let bars: Vec<BarRow> = all.iter().map(row).collect();
    let columns: Vec<Column> = std::iter::once(words("Release"))
        .chain(["Affected", "Under investigation", "Fixed", "Not affected", "Unknown"].map(numbers))
        .collect();
    let rows: Vec<Vec<Safe<Html>>> = all
        .iter()
        .map(|(name, counts)| {
            std::iter::once(html(name)).chain(counts.parts().map(|count| safe!("{}", count))).collect()
        })
        .collect();
    let heading: Safe<Html> = "Where defects are affected and fixed".into();
    Figure {
        note: "All escaped defects, in the candidate and in the newest release of each line. The table of defects has the \
               status of each one."
            .into(),
        legend: legend(&[
            ("a0", "affected"),
            ("a1", "under investigation"),
            ("a2", "fixed"),
            ("a3", "not affected"),
            ("a4", "unknown"),
        ]),
        drawing: horizontal_bars(&heading, &bars, &MARKS, &STATUSES),
        table: data_table(&heading, &columns, &rows),
        heading,
    }
}

fn cause_figure(table: &CauseTable) -> Figure {
    let heading: Safe<Html> = match table.attribute {
        "root-cause" => "Root causes".into(),
        "detection-gap" => "Detection gaps".into(),
        other => html(other),
    };
    let share = |count| html(&percent_text(count, table.recorded));
    let bars: Vec<BarRow> = table
        .causes
        .iter()
        .map(|cause| BarRow {
            name: cause.name.clone(),
            parts: vec![cause.defects],
            text: safe!("{} · {}", cause.defects, share(cause.cumulative)),
        })
        .collect();
    let rows: Vec<Vec<Safe<Html>>> = table
        .causes
        .iter()
        .map(|cause| {
            vec![
                html(&cause.name),
                safe!("{}", cause.defects),
                safe!("{}", cause.cumulative),
                share(cause.cumulative),
            ]
        })
        .collect();
    let more = match table.more {
        0 => Safe::default(),
        more => safe!(" {} not shown.", labels::counted_noun(more, "more cause is", "more causes are")),
    };
    Figure {
        note: safe!(
            "Number of defects, and the cumulative share of those with a recorded cause ({} of {}; {}).{}",
            table.recorded,
            table.defects,
            html(&table.over),
            more
        ),
        legend: Safe::default(),
        drawing: horizontal_bars(&heading, &bars, &["b0"], &["defects"]),
        table: data_table(
            &heading,
            &[words("Cause"), numbers("Defects"), numbers("Cumulative"), numbers("Cumulative share")],
            &rows,
        ),
        heading,
    }
}

fn gate_figure(gates: &GateReport) -> Figure {
    let heading: Safe<Html> = "Quality gates that should have caught them".into();
    let bars: Vec<BarRow> = gates
        .gates
        .iter()
        .map(|line| {
            let count = line.issues.len() as u64;
            let share = html(&percent_text(count, gates.with_root_cause));
            BarRow { name: line.gate.to_owned(), parts: vec![count], text: safe!("{} · {}", count, share) }
        })
        .collect();
    let rows: Vec<Vec<Safe<Html>>> =
        gates.gates.iter().map(|line| vec![html(line.gate), safe!("{}", line.issues.len())]).collect();
    let note = if gates.with_root_cause < LEAST_CAUSES {
        safe!(
            "Too few root causes to name the weakest quality gate: {} of at least {}. Scope: {}.",
            gates.with_root_cause,
            LEAST_CAUSES,
            html(&gates.over)
        )
    } else {
        let advice: Vec<Safe<Html>> = gates.strategy.iter().map(|line| html_prose(line)).collect();
        safe!("{} {} Scope: {}.", html_prose(&gates.summary), Safe::join(&advice, " "), html(&gates.over))
    };
    Figure {
        note,
        legend: Safe::default(),
        drawing: horizontal_bars(&heading, &bars, &["b0"], &["defects"]),
        table: data_table(&heading, &[words("Quality gate"), numbers("Defects")], &rows),
        heading,
    }
}

fn detection_figure(report: &Report, histogram: &DetectionHistogram) -> Figure {
    let heading: Safe<Html> = "Time to detect".into();
    let bars: Vec<BarRow> = histogram
        .buckets
        .iter()
        .enumerate()
        .map(|(at, bucket)| BarRow {
            name: if at + 1 == histogram.buckets.len() {
                bucket.up_to.to_owned()
            } else {
                format!("up to {}", bucket.up_to)
            },
            parts: vec![bucket.defects],
            text: safe!("{}", bucket.defects),
        })
        .collect();
    let rows: Vec<Vec<Safe<Html>>> = bars.iter().map(|row| vec![html(&row.name), row.text.clone()]).collect();
    let median = report.detection.as_ref().map(|detection| {
        safe!(
            " {} ({}; {}).",
            labels::detection_times::<Html>(detection),
            html(&detection.over),
            html(&detection.coverage)
        )
    });
    Figure {
        note: safe!(
            "From the release that introduced a defect to its report. {} without a known time.{}",
            labels::counted_noun(histogram.unknown, "defect is", "defects are"),
            median.unwrap_or_default()
        ),
        legend: Safe::default(),
        drawing: horizontal_bars(&heading, &bars, &["b0"], &["defects"]),
        table: data_table(&heading, &[words("Time"), numbers("Defects")], &rows),
        heading,
    }
}
