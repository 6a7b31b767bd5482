//! Lists of escaped defects, blockers and excluded issues.

use std::sync::Arc;

use super::{DocumentMedium, DocumentSection, Paragraph, issue, prose, sentence};
use crate::output::escape::{Safe, safe};
use crate::output::labels;
use crate::report::{BlockerLine, DefectLine, ExcludedLine, Report, Severity};

/// Lists the escaped defects that a rule or a total counts, with status and evidence.
pub fn escaped_section<M: DocumentMedium>(report: &Report) -> Option<DocumentSection<M>> {
    let entries = report.defects.iter().map(|line| defect_entry(report, line));
    DocumentSection::named(safe!("Escaped defects ({})", report.defects.len()), "escaped defects", 9, entries)
}

/// Renders a defect: its title, then its properties.
fn defect_entry<M: DocumentMedium>(report: &Report, line: &DefectLine) -> Paragraph<M> {
    let icon = match line.severity {
        Some(Severity::Critical) => "🔴",
        Some(Severity::Major) => "🟠",
        Some(Severity::Minor) => "🟡",
        None => "⚪",
    };
    let found_in = line.found_in.as_ref().map(|release| {
        let confidence = line.confidence.name();
        safe!("found in {} ({}: {})", M::name(release), confidence, prose(&line.evidence))
    });
    let areas = labels::components_and_teams(line, &M::name);
    let origin = line.introduced.as_ref().map(|origin| match labels::has_origin(origin) {
        true => safe!("came in {}", labels::origin_text(origin, &M::name)),
        false => "origin unknown".into(),
    });
    let mut facts = vec![labels::severity_label(line), sentence(report, &labels::defect_state(line))];
    facts.push(found_in.unwrap_or_else(|| safe!("no known release ({})", prose(&line.evidence))));
    facts.extend(origin);
    facts.extend((!areas.is_empty()).then_some(areas));
    facts.push(safe!("counts by {}", prose(&line.because)));
    facts.push(safe!("reported {}", line.created_at.strftime("%Y-%m-%d")));
    facts.extend(rules_clause("breaks", &line.breaks));
    facts.extend(rules_clause("waived from", &line.waived));
    let title = safe!("{} {} {}", icon, issue(line.number, &line.url), M::title(&line.title));
    vec![title, Safe::join(&facts, " · ")]
}

/// Names the rules after a verb. Returns `None` if there are none.
fn rules_clause<M: DocumentMedium>(verb: &'static str, rules: &[Arc<str>]) -> Option<Safe<M>> {
    let names: Vec<_> = rules.iter().map(|rule| M::name(rule)).collect();
    (!names.is_empty()).then(|| safe!("{} {}", verb, Safe::join(&names, ", ")))
}

/// Lists the issues and pull requests that block the candidate until they are done, those that are not done first.
pub fn blocker_section<M: DocumentMedium>(report: &Report) -> Option<DocumentSection<M>> {
    let blockers = report.blockers.as_ref()?;
    let mut sorted: Vec<&BlockerLine> = blockers.iter().collect();
    sorted.sort_by_key(|line| line.done == Some(true));
    let entry = |line: &BlockerLine| {
        let state = match line.done {
            Some(true) => "done",
            Some(false) => "not done",
            None => "not known",
        };
        let title = safe!("{} {}", issue(line.number, &line.url), M::title(&line.title));
        vec![
            title,
            safe!("{}: {} · blocks by {}", state, sentence(report, &line.reason), prose(&line.because)),
        ]
    };
    let title = safe!("Release blockers ({})", blockers.len());
    DocumentSection::named(title, "blockers", 8, sorted.into_iter().map(entry))
}

/// Lists the excluded issues with the reason.
pub fn excluded_section<M: DocumentMedium>(report: &Report) -> Option<DocumentSection<M>> {
    let ages = report.page.as_ref().filter(|_| M::SHOWS_ALL).map_or(&[][..], |page| &page.excluded);
    let entry = |(at, line): (usize, &ExcludedLine)| {
        let age = ages.get(at).map(|age| {
            let days = labels::counted_noun(age.days.unsigned_abs(), "day", "days");
            safe!(" · {}, {} old", if age.open { "open" } else { "closed" }, days)
        });
        let age = age.unwrap_or_default();
        let (reason, because) = (sentence(report, &line.reason), sentence(report, &line.because));
        vec![safe!(
            "{} {} · {} ({}){}",
            issue(line.number, &line.url),
            M::title(&line.title),
            reason,
            because,
            age
        )]
    };
    let title = safe!("Excluded, and why ({})", report.excluded.len());
    DocumentSection::named(title, "excluded issues", 10, report.excluded.iter().enumerate().map(entry))
}
