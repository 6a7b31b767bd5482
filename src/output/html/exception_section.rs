//! Excluded issues, waivers and overrides, with their ages.

use super::super::escape::{Html, Safe, html, html_link, html_prose, safe};
use super::super::labels;
use super::table::{data_table, numbers, words};
use crate::report::{ExceptionAge, ExceptionLine, PageReport, Report};

/// Maximum number of excluded issues by name.
const LISTED: usize = 200;

/// Renders both tables.
pub fn exceptions(report: &Report, page: &PageReport) -> Safe<Html> {
    safe!("{}{}", exception_table(report, page), excluded_table(report, page))
}

fn exception_table(report: &Report, page: &PageReport) -> Safe<Html> {
    if report.exceptions.is_empty() {
        return "<p>No waiver and no override.</p>".into();
    }
    let rows: Vec<Vec<Safe<Html>>> =
        report.exceptions.iter().zip(&page.exceptions).map(|(line, age)| exception_row(line, age)).collect();
    let columns = [words("Rules"), words("Effect"), words("Age"), words("Approval"), words("Reason")];
    let counts = labels::quarter_counts(report).map(|counts| safe!("<p class=\"soft\">{}</p>", counts));
    let table = data_table(&"Waivers and overrides".into(), &columns, &rows);
    safe!("<h3>Waivers and overrides</h3>{}{}", table, counts.unwrap_or_default())
}

fn exception_row(line: &ExceptionLine, age: &ExceptionAge) -> Vec<Safe<Html>> {
    let notes: Safe<Html> =
        line.notes.iter().map(|note| safe!("<span class=\"why\">{}</span>", html_prose(note))).collect();
    vec![
        html_prose(&line.about),
        labels::effect_label(line).into(),
        age_text(age),
        html(&labels::approval_text(line)),
        safe!("{}{}", html_prose(&line.reason), notes),
    ]
}

/// Returns, for example, `12 days old`, `ends in 9 days`, `ended 3 days ago`.
fn age_text(age: &ExceptionAge) -> Safe<Html> {
    let days = |count: i64| labels::counted_noun::<Html>(count.unsigned_abs(), "day", "days");
    let written = age.days.map(|old| safe!("{} old", days(old)));
    let end = age.days_left.map(|left| match left {
        0 => "ends today".into(),
        1.. => safe!("ends in {}", days(left)),
        _ => safe!("ended {} ago", days(left)),
    });
    let parts: Vec<Safe<Html>> = written.into_iter().chain(end).collect();
    Safe::join(&parts, ", ")
}

fn excluded_table(report: &Report, page: &PageReport) -> Safe<Html> {
    if report.excluded.is_empty() {
        return "<p>No issue is excluded.</p>".into();
    }
    let rows: Vec<Vec<Safe<Html>>> = report
        .excluded
        .iter()
        .zip(&page.excluded)
        .take(LISTED)
        .map(|(line, age)| {
            vec![
                html_link(&safe!("#{}", line.number), &line.url),
                html(&line.title),
                html(&line.reason),
                html_prose(&line.because),
                if age.open { "open".into() } else { "closed".into() },
                safe!("{}", age.days.unsigned_abs()),
            ]
        })
        .collect();
    let more = match report.excluded.len().saturating_sub(LISTED) {
        0 => Safe::default(),
        more => safe!("<p>And {} more.</p>", more),
    };
    let columns = [
        words("Issue"),
        words("Title"),
        words("Excluded as"),
        words("Evidence"),
        words("State"),
        numbers("Age in days"),
    ];
    safe!("<h3>Excluded issues</h3>{}{}", data_table(&"Excluded issues".into(), &columns, &rows), more)
}
