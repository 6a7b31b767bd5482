//! Values of an organization: the tables that all formats share, and the text for a terminal.

use super::escape::{Medium, Safe, Terminal, safe, terminal};
use super::labels;
use super::text::{align_columns, join_lines};
use crate::report::{OrganizationRate, OrganizationReport, OrganizationRow, OrganizationTime, percent_text};

/// Number of rows of a table on a terminal.
const TEXT_ROWS: usize = 20;

/// Number of characters of a name on a terminal.
const NAME_LENGTH: usize = 40;

/// Number of gaps that are named.
const GAPS: usize = 20;

/// Headings of the values.
pub const VALUE_HEADINGS: [&str; 8] = [
    "Escaped",
    "Critical",
    "Major",
    "Escape rate",
    "Change failure rate",
    "Time to detect",
    "Weakest quality gate",
    "Waivers, overrides",
];

/// The mark of a sample that is too small for a comparison.
const SMALL: &str = " (few)";

/// Tables of a report.
pub enum OrganizationTable {
    /// Teams over all repositories.
    Teams,
    /// Repositories.
    Repositories,
    /// Teams by component and repository.
    Areas,
}

impl OrganizationTable {
    /// All tables, in order.
    pub const ALL: [Self; 3] = [Self::Teams, Self::Repositories, Self::Areas];

    /// Returns the id, the title and the headings of the names.
    pub fn titles(&self) -> (&'static str, &'static str, &'static [&'static str]) {
        match self {
            Self::Teams => ("teams", "Teams", &["Team"]),
            Self::Repositories => ("repositories", "Repositories", &["Repository"]),
            Self::Areas => {
                ("areas", "Teams by component and repository", &["Team", "Component", "Repository"])
            }
        }
    }

    /// Returns the rows, the worst first.
    pub fn rows<'r>(&self, report: &'r OrganizationReport) -> &'r [OrganizationRow] {
        match self {
            Self::Teams => &report.teams,
            Self::Repositories => &report.repositories,
            Self::Areas => &report.areas,
        }
    }

    /// Renders the names of a row.
    pub fn names<M: Medium>(&self, row: &OrganizationRow, escape: &dyn Fn(&str) -> Safe<M>) -> Vec<Safe<M>> {
        let team = || row.team.as_deref().map_or_else(|| "without a team".into(), escape);
        let component = || row.component.as_deref().map_or_else(|| "without a component".into(), escape);
        let repository = || row.repository.as_deref().map_or_else(Safe::default, escape);
        match self {
            Self::Teams => vec![team()],
            Self::Repositories => vec![repository()],
            Self::Areas => vec![team(), component(), repository()],
        }
    }
}

/// Renders the values of a row under [`VALUE_HEADINGS`].
pub fn values<M: Medium>(row: &OrganizationRow) -> Vec<Safe<M>> {
    let exceptions = match (row.waivers, row.overrides) {
        (Some(waivers), Some(overrides)) => safe!("{}, {}", waivers, overrides),
        (_, _) => "".into(),
    };
    vec![
        safe!("{}", row.escaped),
        safe!("{}", row.critical),
        safe!("{}", row.major),
        rate(row.escape_rate),
        rate(row.change_failure_rate),
        time(row.time_to_detect.as_ref()),
        // Names of the program's own enum.
        Safe::of(&row.weakest.join(", ")),
        exceptions,
    ]
}

/// Renders a rate with its interval: `12.5 % (5 of 40; 5.5–26.1 %)`.
fn rate<M: Medium>(rate: Option<OrganizationRate>) -> Safe<M> {
    let Some(rate) = rate else { return "not measured".into() };
    let OrganizationRate { numerator, denominator, low, high, small_sample } = rate;
    let share = percent_text(numerator, denominator);
    let (low, high) = (low * 100.0, high * 100.0);
    let small = if small_sample { SMALL } else { "" };
    Safe::of(&format!("{share} ({numerator} of {denominator}; {low:.1}–{high:.1} %){small}"))
}

fn time<M: Medium>(time: Option<&OrganizationTime>) -> Safe<M> {
    let Some(time) = time else { return "not measured".into() };
    let small = if time.small_sample { SMALL } else { "" };
    Safe::of(&format!("{} (of {}){small}", time.shown, time.count))
}

/// Renders the period and the number of repositories: `3 repositories, 2026-Q1 to 2026-Q4`.
pub fn scope_text<M: Medium>(report: &OrganizationReport) -> Safe<M> {
    let (first, last) = (report.quarters.first(), report.quarters.last());
    let repositories = report.total.repositories;
    safe!(
        "{}, {} to {}",
        labels::counted_noun::<M>(repositories, "repository", "repositories"),
        Safe::<M>::of(first.map_or("", String::as_str)),
        Safe::<M>::of(last.map_or("", String::as_str))
    )
}

/// Renders the critical and major escaped defects of each quarter: `2026-Q1: 1 critical, 3 major`.
pub fn quarter_lines<M: Medium>(report: &OrganizationReport) -> Vec<Safe<M>> {
    let quarters = report.quarters.iter().zip(&report.total.by_quarter);
    quarters
        .map(|(name, counts)| {
            safe!("{}: {} critical, {} major", Safe::<M>::of(name), counts.critical, counts.major)
        })
        .collect()
}

/// Returns the sentence about missing sources; `None` if everything was read.
pub fn incomplete_text<M: Medium>(report: &OrganizationReport) -> Option<Safe<M>> {
    let count = report.gaps.len() as u64;
    (count > 0).then(|| {
        safe!(
            "Incomplete: {} could not be read, so every number may be too low.",
            labels::counted_noun::<M>(count, "source", "sources")
        )
    })
}

/// Returns what marks and order mean.
pub fn legend_text(report: &OrganizationReport) -> String {
    format!(
        "The worst first: by critical, then major escaped defects, then the lower end of the escape rate's 95 % interval. \
         \"(few)\" marks a sample below {}.",
        report.min_sample
    )
}

/// Renders the report for a terminal.
pub fn organization_text(report: &OrganizationReport) -> String {
    let name = |text: &str| terminal(text.trim()).cut(NAME_LENGTH);
    let mut lines: Vec<Safe<Terminal>> = vec![scope_text(report)];
    if let Some(incomplete) = incomplete_text(report) {
        lines.push(incomplete);
        let shown = report.gaps.iter().take(GAPS);
        lines.extend(shown.map(|gap| safe!("  {}: {}", terminal(&gap.place), terminal(&gap.what))));
        let more = report.gaps.len().saturating_sub(GAPS);
        lines.extend((more > 0).then(|| safe!("  and {} more", more)));
    }
    lines.push(Safe::default());
    let total = VALUE_HEADINGS.iter().zip(values::<Terminal>(&report.total));
    let total: Vec<Vec<Safe<Terminal>>> =
        total.map(|(heading, value)| vec![(*heading).into(), value]).collect();
    lines.extend(align_columns(&total).iter().map(Safe::trimmed));
    lines.extend(quarter_lines(report));
    for table in OrganizationTable::ALL {
        let rows = table.rows(report);
        if rows.is_empty() {
            continue;
        }
        let (_, title, names) = table.titles();
        lines.extend([Safe::default(), title.into()]);
        let head = names.iter().chain(&VALUE_HEADINGS).map(|heading| Safe::from(*heading)).collect();
        let body = rows.iter().take(TEXT_ROWS).map(|row| {
            let mut cells = table.names(row, &name);
            cells.extend(values(row));
            cells
        });
        let cells: Vec<Vec<Safe<Terminal>>> = std::iter::once(head).chain(body).collect();
        lines.extend(align_columns(&cells).iter().map(Safe::trimmed));
        let more = rows.len().saturating_sub(TEXT_ROWS);
        lines.extend((more > 0).then(|| safe!("and {} more: --format json has all", more)));
    }
    lines.extend([Safe::default(), terminal(&legend_text(report))]);
    join_lines(lines)
}
