//! Values as clauses of a sentence: "2 critical escaped defects that the candidate does not fix".

use crate::model::{
    DefectAttribute, DefectFilter, IssueNumber, Measurement, MetricId, MetricValue, NAMED, Selection,
    UndecidedBecause, join_limited, thousands,
};
use crate::policy::Rule;

/// Returns a value with its noun, for example "2 critical escaped defects".
pub fn value_sentence(rule: &Rule, measured: &Measurement) -> String {
    match &measured.value {
        MetricValue::Count(count) => {
            let [one, many] = rule.metric.row().noun;
            format!(
                "{count} {}{}{}",
                severity_adjective(rule),
                if *count == 1 { one } else { many },
                other_conditions(rule)
            )
        }
        MetricValue::Ratio(ratio) => {
            let [_, what] = rule.metric.row().noun;
            format!(
                "{} of {} {}{what}{}",
                ratio.numerator,
                ratio.denominator,
                severity_adjective(rule),
                other_conditions(rule)
            )
        }
        MetricValue::Duration(spread) => {
            format!("the median time to detect {} is {}", counted_things(rule), spread.shown())
        }
        MetricValue::Missing(absence) => absence.reason.clone(),
    }
}

/// Returns the plural noun phrase of a rule's value, for example "major escaped defects".
pub fn counted_things(rule: &Rule) -> String {
    format!("{}{}{}", severity_adjective(rule), rule.metric.row().noun[1], other_conditions(rule))
}

/// Returns the reason of a rule that fails: its value and the limit.
pub fn failure_reason(rule: &Rule, measured: &Measurement, bound: &str, is_max: bool) -> String {
    let verb = if is_max { "allows" } else { "asks for" };
    format!("{}; the policy {verb} {bound}", value_sentence(rule, measured))
}

/// Returns the facts that are missing about undecided defects, as one clause.
pub fn undecided_reason(undecided: &[(IssueNumber, UndecidedBecause)]) -> String {
    let of = |what: UndecidedBecause| -> Vec<&IssueNumber> {
        undecided.iter().filter(|(_, doubt)| *doubt == what).map(|(number, _)| number).collect()
    };
    let (untriaged, unread) = (of(UndecidedBecause::Severity), of(UndecidedBecause::Fix));
    let mut parts = Vec::new();
    if !untriaged.is_empty() {
        parts.push(format!("no severity is known for {}", join_limited(untriaged, NAMED)));
    }
    if !unread.is_empty() {
        parts.push(format!(
            "whether the candidate has the fix of {} could not be read",
            join_limited(unread, NAMED)
        ));
    }
    parts.join("; ")
}

/// Lists issue numbers: "#1, #2 and #3", or "#1, #2 and 3 more" beyond the limit of named issues.
pub fn list_issues<'n>(numbers: impl IntoIterator<Item = &'n IssueNumber>) -> String {
    let mut words: Vec<String> = numbers.into_iter().map(ToString::to_string).collect();
    let more = words.len().saturating_sub(NAMED);
    if more > 0 {
        // A comment on GitHub has a limit of 65,536 characters, and one rule can count thousands of
        // defects.
        words.truncate(NAMED);
        words.push(format!("{} more", thousands(more)));
    }
    match words.pop() {
        Some(last) if !words.is_empty() => format!("{} and {last}", words.join(", ")),
        Some(only) => only,
        None => "no issue".into(),
    }
}

/// Returns the severities of a rule's filter as an adjective, for example "critical or major ".
fn severity_adjective(rule: &Rule) -> String {
    let parts = rule
        .filter
        .0
        .iter()
        .filter(|condition| condition.attribute == DefectAttribute::Severity && counts_defects(rule));
    let words = parts.map(|condition| match &condition.selection {
        Selection::AnyOf(values) => format!("{} ", values.join(" or ")),
        Selection::NoneOf(values) => format!("not {} ", values.join(" or ")),
        Selection::Nothing => "untriaged ".to_owned(),
    });
    words.collect()
}

/// Returns the other conditions of a rule's filter in parentheses.
fn other_conditions(rule: &Rule) -> String {
    let conditions = rule
        .filter
        .0
        .iter()
        .filter(|condition| condition.attribute != DefectAttribute::Severity || !counts_defects(rule));
    let filter = DefectFilter(conditions.cloned().collect());
    if filter.is_empty() { String::new() } else { format!(" ({filter})") }
}

/// Returns `true` if the rule counts defects. The change failure rate counts releases, and a release has no severity: "2
/// critical releases" would be wrong.
fn counts_defects(rule: &Rule) -> bool {
    rule.metric != MetricId::ChangeFailureRate
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_names_ten_issues_and_counts_the_rest() {
        let undecided: Vec<_> = (1..=3_000)
            .flat_map(|number| {
                [
                    (IssueNumber(number), UndecidedBecause::Severity),
                    (IssueNumber(number), UndecidedBecause::Fix),
                ]
            })
            .collect();
        let sentence = undecided_reason(&undecided);
        assert!(sentence.contains("#10 and 2,990 more; "), "{sentence}");
        assert!(sentence.len() < 300 && !sentence.contains("#11"), "{sentence}");
        let numbers: Vec<_> = (1..=3_000).map(IssueNumber).collect();
        assert!(list_issues(&numbers).ends_with("#10 and 2,990 more"), "{}", list_issues(&numbers));
    }
}
