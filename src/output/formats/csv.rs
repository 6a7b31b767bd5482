//! Every escaped defect as CSV by RFC 4180: one line each, with its status and its releases.

use crate::output::escape::{Csv, Safe, safe};
use crate::output::html::PageError;
use crate::report::{Area, DefectRow, LineColumn, Report, Status};

/// Names of the columns.
const HEADER: &str = "number,title,url,state,severity,triaged,reported,found-in,introduced-in,status,affected-in,fixed-in,\
                      undecided-in,components,teams,rules\r\n";

/// Columns after `state`, empty.
const NO_MORE: &str = ",,,,,,,,,,,,\r\n";

/// Renders the defects in the order of the page. A list in a cell is separated by `; `. What is not known is empty.
///
/// Missing evidence about defects is a line without a number, so that an incomplete table never looks complete.
///
/// # Errors
/// If the report has no data for a page.
pub fn defect_csv(report: &Report) -> Result<Safe<Csv>, PageError> {
    let page = report.page.as_deref().ok_or(PageError::NoData)?;
    let mut out: Safe<Csv> = HEADER.into();
    for row in &page.defects {
        out.push(defect_line(row, &page.lines));
    }
    for gap in report.gaps.iter().filter(|gap| gap.area != Area::Tests) {
        out.push(safe!(",{},,gap{}", Safe::<Csv>::of(&format!("missing evidence: {}", gap.what)), NO_MORE));
    }
    Ok(out)
}

fn defect_line(row: &DefectRow, lines: &[LineColumn]) -> Safe<Csv> {
    let text = |text: &Option<String>| text.as_deref().map(Safe::<Csv>::of).unwrap_or_default();
    let releases = |is: fn(Option<Status>) -> bool| {
        let of_status = lines.iter().zip(&row.lines).filter(|(_, status)| is(**status));
        list(of_status.map(|(line, _)| line.release.as_str()))
    };
    safe!(
        "{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{}\r\n",
        row.number,
        Safe::<Csv>::of(&row.title),
        Safe::<Csv>::of(&row.url),
        if row.open { "open" } else { "closed" },
        row.severity.map_or("", |severity| severity.name()),
        if row.triaged { "yes" } else { "no" },
        Safe::<Csv>::of(&row.reported.to_string()),
        text(&row.found_in),
        text(&row.introduced_in),
        row.status.map_or("", Status::name),
        releases(|status| status == Some(Status::Affected)),
        releases(|status| status == Some(Status::Fixed)),
        releases(|status| matches!(status, Some(Status::UnderInvestigation) | None)),
        list(row.components.iter().map(String::as_str)),
        list(row.teams.iter().map(String::as_str)),
        list(row.breaks.iter().map(AsRef::as_ref))
    )
}

/// Returns several texts as one cell; nothing for an empty list.
fn list<'t>(texts: impl Iterator<Item = &'t str>) -> Safe<Csv> {
    let texts: Vec<&str> = texts.collect();
    if texts.is_empty() { Safe::default() } else { Safe::of(&texts.join("; ")) }
}

#[cfg(test)]
mod tests {
    use super::{HEADER, NO_MORE, defect_csv};
    use crate::output::examples;

    #[test]
    fn report_without_the_data_of_a_page_is_an_error() {
        let mut report = examples::fail();
        report.page = None;
        assert!(defect_csv(&report).is_err());
    }

    #[test]
    fn gap_line_has_every_column() {
        assert_eq!(HEADER.matches(',').count(), 3 + NO_MORE.matches(',').count());
    }
}
