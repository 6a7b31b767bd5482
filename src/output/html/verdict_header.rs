//! The head of the page: the verdict, the next steps, and the main numbers.

use super::super::escape::{Html, Safe, html, html_prose, safe};
use super::super::labels;
use crate::report::{GapLine, PageReport, Report, Verdict, percent_text};

/// Number of digits of a commit.
const COMMIT: usize = 12;

/// Number of next steps that are not folded.
const STEPS: usize = 4;

/// Renders the head.
pub fn header(report: &Report, page: &PageReport) -> Safe<Html> {
    safe!(
        "<header><p class=\"place\">{}</p><h1>{} {}{}</h1><p class=\"headline\">{}</p>{}{}{}</header>",
        place(report),
        candidate(report),
        badge(report.verdict),
        labels::dry_run_suffix(report),
        html_prose(&report.headline),
        next_steps(report),
        gaps(report),
        facts(report, page)
    )
}

/// Renders a verdict as a word with a mark whose shape differs from that of other verdicts.
pub fn badge(verdict: Verdict) -> Safe<Html> {
    safe!("<span class=\"badge {}\">{}</span>", verdict.name(), verdict.name())
}

fn candidate(report: &Report) -> Safe<Html> {
    report.candidate.as_ref().map_or_else(|| "Candidate".into(), |candidate| html(&candidate.name))
}

/// Renders repository, gate and commit.
fn place(report: &Report) -> Safe<Html> {
    let repository = report.repository.as_deref().map(html);
    let gate = labels::distinctive_gate_id(report).map(|id| safe!("gate {}", html(id)));
    let head = report.candidate.as_ref().and_then(|candidate| candidate.head.as_deref());
    let commit = head.map(|sha| safe!("commit <code>{}</code>", html(sha.get(..COMMIT).unwrap_or(sha))));
    let since = labels::commits_since_base(report, &|tag| html(tag));
    let parts = [Some("Escape Gate".into()), repository, gate, commit, since];
    Safe::join(&parts.into_iter().flatten().collect::<Vec<_>>(), " · ")
}

/// Renders the next steps; those after the first few are folded.
fn next_steps(report: &Report) -> Safe<Html> {
    let step = |step: &String| safe!("<li>{}</li>", html_prose(step));
    let first: Safe<Html> = report.next.iter().take(STEPS).map(step).collect();
    let rest: Safe<Html> = report.next.iter().skip(STEPS).map(step).collect();
    if first.is_empty() {
        return first;
    }
    if rest.is_empty() {
        return safe!("<ol class=\"next\">{}</ol>", first);
    }
    safe!(
        "<ol class=\"next\">{}</ol><details class=\"rest\"><summary>{} more next steps</summary><ol class=\"next\" start=\"{}\">{}\
         </ol></details>",
        first,
        report.next.len().saturating_sub(STEPS),
        STEPS + 1,
        rest
    )
}

/// Renders the evidence that is missing. It stands in the head: every number below may be too low.
fn gaps(report: &Report) -> Safe<Html> {
    if report.gaps.is_empty() {
        return Safe::default();
    }
    let line = |gap: &GapLine| {
        let place = gap.place.as_deref().map(|place| safe!(" ({})", html(place))).unwrap_or_default();
        let remedy = gap.remedy.as_deref().map(|remedy| safe!(" {}", html_prose(remedy))).unwrap_or_default();
        safe!("<li>{}{}.{}</li>", html_prose(&gap.what), place, remedy)
    };
    let lines: Safe<Html> = report.gaps.iter().map(line).collect();
    safe!("<h2>Missing evidence</h2><ul class=\"list\">{}</ul>", lines)
}

/// Renders the main numbers. A rate below its smallest sample is a count.
fn facts(report: &Report, page: &PageReport) -> Safe<Html> {
    let totals = &report.totals;
    let mut facts: Vec<Safe<Html>> = Vec::new();
    let count = |count: Option<u64>| labels::count_or_not_measured::<Html>(count);
    let fact = |name: Safe<Html>, value: Safe<Html>, note: Safe<Html>| {
        safe!("<div><dt>{}</dt><dd>{}<small>{}</small></dd></div>", name, value, note)
    };
    let over = html(&totals.over);
    facts.push(fact("Escaped defects".into(), count(totals.escaped), over.clone()));
    facts.push(fact("Critical".into(), count(totals.critical), over));
    if page.collected {
        let affected = page.candidate_statuses.affected;
        let of = safe!("of {} escaped defects", page.defects.len());
        facts.push(fact(safe!("Affected in {}", candidate(report)), safe!("{}", affected), of));
    }
    if let Some(rate) = &totals.escape_rate {
        let over = html(&rate.over);
        facts.push(if rate.denominator < page.rate_sample {
            let note = safe!("too few for a rate (at least {}); {}", page.rate_sample, over);
            fact("Escaped, of all found".into(), safe!("{} of {}", rate.numerator, rate.denominator), note)
        } else {
            let note = safe!(
                "{} of {}; {}; {}",
                rate.numerator,
                rate.denominator,
                labels::interval_text(rate),
                over
            );
            fact("Escape rate".into(), html(&percent_text(rate.numerator, rate.denominator)), note)
        });
    }
    if let Some(tests) = &report.tests {
        let note = labels::test_counts(tests);
        // Without a test report, no failed test is no good news.
        let failed = (tests.files > 0).then(|| tests.failed.saturating_add(tests.errors));
        facts.push(fact("Failed tests".into(), count(failed), note));
    }
    safe!("<dl class=\"facts\">{}</dl>", Safe::join(&facts, ""))
}
