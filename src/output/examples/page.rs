//! The data of a page for the tests of outputs that show every escaped defect.

use crate::report::{DefectRow, LineColumn, PageReport, Report, Status, StatusCounts};

/// Returns the report with a row for each of its defects, and two release lines.
pub fn with_page(mut report: Report) -> Report {
    let line = |name: &str, release: &str| LineColumn {
        line: name.to_owned(),
        release: release.to_owned(),
        counts: StatusCounts::default(),
    };
    let rows = report.defects.iter().map(|defect| DefectRow {
        number: defect.number,
        title: defect.title.clone(),
        url: defect.url.clone(),
        open: defect.open,
        severity: defect.severity,
        triaged: defect.triaged,
        reported: defect.created_at.to_zoned(jiff::tz::TimeZone::UTC).date(),
        found_in: defect.found_in.clone(),
        introduced_in: defect.introduced.as_ref().and_then(|origin| origin.release.clone()),
        status: defect.status.as_ref().and_then(|status| status.status),
        lines: vec![Some(Status::Affected), if defect.open { Some(Status::Fixed) } else { None }],
        components: vec!["cart".to_owned(), "checkout".to_owned()],
        teams: Vec::new(),
        breaks: defect.breaks.clone(),
    });
    let page = PageReport {
        collected: true,
        releases: Vec::new(),
        limits: Vec::new(),
        without_release: 0,
        periods: Vec::new(),
        rate_sample: 10,
        rate_limits: Vec::new(),
        age_curves: None,
        areas: None,
        causes: Vec::new(),
        detection: None,
        lines: vec![line("1.4", "v1.4.0"), line("1.3", "v1.3.2")],
        candidate_statuses: StatusCounts::default(),
        defects: rows.collect(),
        excluded: Vec::new(),
        exceptions: Vec::new(),
    };
    report.page = Some(Box::new(page));
    report
}
