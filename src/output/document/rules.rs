//! The table of rules, and the rules one by one.

use super::{DocumentMedium, DocumentSection, Paragraph, RuleRow, capitalize, issue, prose, sentence};
use crate::output::escape::{Safe, safe};
use crate::output::labels;
use crate::report::{GroupLine, Report, RuleLine, RuleValue, Verdict};

/// Maximum number of issues that a cell of the table links.
const ISSUES_IN_A_CELL: usize = 3;

/// Returns a row for each rule that does not pass, the worst first, and one that counts the others unless all pass. If the
/// medium shows all, returns a row for every rule.
pub fn rule_rows<M: DocumentMedium>(report: &Report) -> Vec<RuleRow<M>> {
    let (passed, mut open): (Vec<&RuleLine>, Vec<&RuleLine>) =
        report.rules.iter().partition(|rule| rule.verdict == Verdict::Pass && !M::SHOWS_ALL);
    // A stable sort: rules of one verdict keep the order of the policy.
    open.sort_by_key(|rule| match rule.weight() {
        Verdict::Fail => 0,
        Verdict::Unknown => 1,
        Verdict::Warn | Verdict::Waived => 2,
        Verdict::Pass => 3,
    });
    let mut rows: Vec<RuleRow<M>> = open.iter().map(|rule| rule_row(report, rule)).collect();
    let others = labels::counted_nouns(&[
        (passed.len() as u64, "rule passes", "rules pass"),
        (report.not_evaluated.len() as u64, "is not evaluated here", "are not evaluated here"),
    ]);
    if rows.is_empty() && others.is_empty() {
        rows.push(text_row(Verdict::Warn, "the policy has no rule".into()));
    } else if report.verdict != Verdict::Pass && !others.is_empty() && !M::SHOWS_ALL {
        rows.push(text_row(Verdict::Pass, Safe::join(&others, ", ")));
    }
    rows
}

/// Returns a row of one text.
fn text_row<M: DocumentMedium>(verdict: Verdict, rule: Safe<M>) -> RuleRow<M> {
    RuleRow { mark: M::mark(verdict), rule, now: Safe::default(), limit: Safe::default() }
}

fn rule_row<M: DocumentMedium>(report: &Report, rule: &RuleLine) -> RuleRow<M> {
    let mut name = vec![M::name(&rule.id), prose(&rule.over)];
    name.extend((!rule.filter.is_empty()).then(|| prose(&rule.filter)));
    name.extend((rule.level != "mandatory").then(|| rule.level.into()));
    let count = matches!(rule.value, Some(RuleValue::Count(_))) && rule.issues.len() <= ISSUES_IN_A_CELL;
    let of_rule = report.defects.iter().filter(|line| count && rule.issues.contains(&line.number));
    let links: Vec<Safe<M>> = of_rule.map(|line| issue(line.number, &line.url)).collect();
    // More numbers than that make the table wider than a telephone.
    let links = if links.is_empty() || links.len() > ISSUES_IN_A_CELL {
        Safe::default()
    } else {
        safe!(" ({})", Safe::join(&links, ", "))
    };
    RuleRow {
        mark: M::mark(rule.weight()),
        rule: Safe::join(&name, " · "),
        now: safe!("{}{}", M::strong(&value_cell(&rule.shown)), links),
        limit: value_cell(&rule.bound),
    }
}

/// Renders a value or a limit. Bold marks with nothing between them would show as asterisks.
fn value_cell<M: DocumentMedium>(text: &str) -> Safe<M> {
    let shown = prose(text);
    if shown.is_empty() { "(empty)".into() } else { shown }
}

/// Lists the groups of a rule with `per`. Returns `None` without groups.
pub fn group_section<M: DocumentMedium>(rule: &RuleLine) -> Option<DocumentSection<M>> {
    let entry = |group: &GroupLine| -> Paragraph<M> {
        vec![safe!("{} {} {}", M::mark(group.verdict), M::name(&group.name), value_cell(&group.shown))]
    };
    let title = safe!("{} by {} ({})", M::name(&rule.id), rule.per.unwrap_or("group"), rule.groups.len());
    DocumentSection::named(title, "groups", 12, rule.groups.iter().map(entry))
}

/// Lists every rule with its value, reason, purpose and notes.
pub fn rule_section<M: DocumentMedium>(report: &Report) -> Option<DocumentSection<M>> {
    let entry = |rule: &RuleLine| {
        let interval = match &rule.value {
            Some(RuleValue::Ratio(rate)) => safe!("; {}", labels::interval_text(rate)),
            Some(RuleValue::Count(_) | RuleValue::Duration(_)) | None => Safe::default(),
        };
        let limit = value_cell(&rule.bound);
        let (metric, shown) = (M::name(&rule.metric), value_cell(&rule.shown));
        let value = safe!("{} · {}{} · {} · {}", metric, shown, interval, limit, rule.level);
        let first = safe!("{} {} {}", M::mark(rule.weight()), M::name(&rule.id), value);
        let reason = Some(&rule.reason).filter(|text| !text.trim().is_empty());
        let why = rule.why.as_ref().map(|why| safe!("why: {}", sentence(report, why)));
        // No colon after untrusted text: it could complete the short code of an emoji.
        let past = rule.past.iter().map(|one| safe!("{} · {}", prose(&one.over), value_cell(&one.shown)));
        let mut lines = vec![first];
        lines.extend(reason.map(|text| sentence(report, &capitalize(text))));
        lines.extend(why);
        lines.extend(past);
        lines.extend(rule.notes.iter().map(|note| sentence(report, &capitalize(note))));
        lines
    };
    let not_evaluated = report
        .not_evaluated
        .iter()
        .map(|rule| vec![safe!("– {} {}: {}", M::name(&rule.id), M::name(&rule.metric), rule.reason)]);
    let entries = report.rules.iter().map(entry).chain(not_evaluated).collect();
    DocumentSection::of("Rule by rule", "notes on rules", 13, entries)
}
