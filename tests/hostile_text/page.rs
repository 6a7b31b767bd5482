//! The page with a hostile text in every place.

use escape_gate::output::{PageError, html_page};
use escape_gate::report::{
    AgeCurve, AgeCurves, AgeForecast, AreaCell, AreaRateRow, AreaRates, CauseCount, CauseTable, CurvePoint,
    DefectRow, DetectionBucket, DetectionHistogram, EqualAge, ExceptionAge, ExcludedAge, LineColumn,
    PageReport, PeriodBar, PeriodSeries, Rate, ReleaseBar, ReleaseLimit, Report, Severity, SeverityCounts,
    Status, StatusCounts, Verdict, is_unprintable,
};

use super::corpus::{Shape, report, url};
use super::{HARMLESS, reports, shown};

/// The data of a page with a text in every place.
pub fn page(name: &dyn Fn() -> String) -> PageReport {
    let counts = SeverityCounts { critical: 1, major: 2, minor: 0, untriaged: 1 };
    let rate = || Rate { numerator: 3, denominator: 20, low: 0.1, high: 0.7, over: name() };
    let forecast = || AgeForecast { release: name(), day: 30, low: 0, high: 3, releases: 6 };
    let curve =
        |until_day| AgeCurve { release: name(), until_day, points: vec![CurvePoint { day: 1, escaped: 2 }] };
    let cell = || AreaCell { escaped: Some(3), rate: Some(rate()), small_sample: None };
    let row = |number| DefectRow {
        number,
        title: name(),
        url: url(number),
        open: true,
        severity: Some(Severity::Critical),
        triaged: true,
        reported: "2026-11-02".parse().unwrap(),
        found_in: Some(name()),
        introduced_in: Some(name()),
        status: Some(Status::Affected),
        lines: vec![Some(Status::Fixed)],
        components: vec![name(), name()],
        teams: vec![name()],
        breaks: vec![name().into()],
    };
    PageReport {
        collected: true,
        releases: vec![ReleaseBar {
            release: name(),
            published: Some("2026-11-01".parse().unwrap()),
            age_days: Some(19),
            mature: false,
            counts: Some(counts),
        }],
        limits: vec![ReleaseLimit { rule: name(), max: 2, severities: vec![name()] }],
        without_release: 1,
        periods: vec![PeriodSeries {
            name: name(),
            periods: vec![
                PeriodBar { name: name(), counts: Some(counts), rate: Some(rate()), no_rate: None },
                PeriodBar { name: name(), counts: None, rate: None, no_rate: Some(name()) },
            ],
        }],
        rate_sample: 10,
        rate_limits: vec![(name(), 0.5)],
        age_curves: Some(AgeCurves {
            horizon_days: 30,
            curves: vec![curve(30), curve(9)],
            newest: EqualAge {
                release: name(),
                day: 9,
                escaped: 2,
                earlier: vec![1],
                expected: Some(forecast()),
                horizon: Some(forecast()),
            },
            candidate: Some(forecast()),
        }),
        areas: Some(AreaRates {
            teams: vec![name()],
            rows: vec![AreaRateRow { component: name(), all: cell(), teams: vec![cell()] }],
            more_components: 1,
            more_teams: 1,
        }),
        causes: vec![CauseTable {
            attribute: "root-cause",
            over: name(),
            defects: 4,
            recorded: 3,
            causes: vec![CauseCount { name: name(), defects: 3, cumulative: 3 }],
            more: 1,
        }],
        detection: Some(DetectionHistogram {
            buckets: vec![DetectionBucket { up_to: "1 day", defects: 2 }],
            unknown: 1,
        }),
        lines: vec![LineColumn { line: name(), release: name(), counts: StatusCounts::default() }],
        candidate_statuses: StatusCounts { affected: 201, ..StatusCounts::default() },
        // One more than are in the document itself, so that a text is in the data of the script too.
        defects: (1..=201).map(row).collect(),
        excluded: vec![ExcludedAge { number: 377, days: 12, open: false }],
        exceptions: vec![
            ExceptionAge { days: None, days_left: Some(3) },
            ExceptionAge { days: Some(2), days_left: None },
        ],
    }
}

/// Names of all elements in order, without those that show a name between backticks, and without line breaks: a text that
/// shows nothing has no line.
fn elements(html: &str) -> Vec<&str> {
    let tags = html.split('<').skip(1).map(|rest| rest.split([' ', '>', '\n']).next().unwrap());
    tags.filter(|name| !name.ends_with("code") && *name != "br").collect()
}

#[test]
fn no_text_brings_or_breaks_an_element_of_the_page() {
    // One variant has enough defects for the data of the script; more would only take time.
    let short = |mut report: Report| {
        if let (true, Some(page)) = (report.verdict != Verdict::Fail, &mut report.page) {
            page.defects.truncate(1);
        }
        report
    };
    let harmless =
        |verdict, shape| html_page(&short(report(verdict, shape, HARMLESS))).unwrap().into_string();
    let references = [
        (Verdict::Fail, harmless(Verdict::Fail, Shape::Bare)),
        (Verdict::Pass, harmless(Verdict::Pass, Shape::Quoted)),
        (Verdict::Unknown, harmless(Verdict::Unknown, Shape::Quoted)),
    ];
    for (hostile, report) in reports() {
        let report = short(report);
        let out = html_page(&report).unwrap();
        let reference = &references.iter().find(|(verdict, _)| *verdict == report.verdict).unwrap().1;
        assert_eq!(elements(&out), elements(reference), "{:?}", shown(&hostile.text));
        // Attributes end where ours end: a quote of the text would be one more.
        let quotes = |html: &str| html.matches('"').count();
        let (frame, _) = out.split_once("<script type").unwrap();
        let (expected, _) = reference.split_once("<script type").unwrap();
        assert_eq!(quotes(frame), quotes(expected), "{:?}", shown(&hostile.text));
        let odd = |c: &char| *c != '\n' && is_unprintable(*c) && *c != '\u{200d}' && *c != '\u{fe0f}';
        assert_eq!(out.chars().find(odd), None, "{:?}", shown(&hostile.text));
    }
}

#[test]
fn report_without_data_has_no_page() {
    let mut report = report(Verdict::Fail, Shape::Bare, HARMLESS);
    report.page = None;
    assert!(matches!(html_page(&report), Err(PageError::NoData)));
}
