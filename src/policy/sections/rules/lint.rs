//! Warnings about valid rules that probably mean something else: rules that contradict each other or never decide anything.

use std::ops::Range;

use crate::model::{MetricId, Over};
use crate::policy::code::Code;
use crate::policy::language::{Draft, Fields, Problems, quote};
use crate::policy::sections::rules::bound::comparable;
use crate::policy::{Defects, Rule, RuleLevel, RuleLimit};

/// A rule as it is written, and what it means.
type RulePair<'r> = (&'r Fields<'r>, &'r Rule);

/// Warns about valid rules. `defects` is `None` if something is wrong with them.
pub(super) fn lint_rules(rules: &[RulePair<'_>], defects: Option<&Defects>, problems: &mut Problems) {
    for (number, (fields, rule)) in rules.iter().enumerate() {
        if rule.metric == MetricId::EscapeRate
            && defects.is_some_and(|defects| defects.caught.is_empty())
            && let Some(span) = fields.value_span("metric")
        {
            let message =
                "nothing says which defects were caught, so there is no rate and the rule is never decided";
            let draft = Draft::lint(Code::NeverDecided, span, message);
            problems.push(draft.help("add `caught: { labels: [bug] }` to `defects` with your own label"));
        }
        too_few(fields, rule, problems);
        narrowed(fields, rule, problems);
        for earlier in rules.iter().take(number) {
            compare_rules(*earlier, (fields, rule), problems);
        }
    }
}

/// Warns about a scope on `unfixed`: an old unfixed defect is in the candidate all the same, and the scope would hide it.
fn narrowed(fields: &Fields<'_>, rule: &Rule, problems: &mut Problems) {
    let is_narrowed = rule.metric == MetricId::Unfixed && rule.over != Over::All;
    let Some(span) = fields.value_span("over").filter(|_| is_narrowed) else { return };
    let message =
        format!("`over: {}` narrows `unfixed`, which looks at every escaped defect however old", rule.over);
    let draft = Draft::lint(Code::NarrowedUnfixed, span, message);
    problems.push(draft.help(
        "leave `over` out; to leave old reports out, write `since: 2026-11-01`, which lists them as debt",
    ));
}

/// Warns about a change failure rate whose scope always has fewer releases than `min-sample`.
fn too_few(fields: &Fields<'_>, rule: &Rule, problems: &mut Problems) {
    let most = match rule.over {
        Over::Candidate | Over::Current => 1,
        Over::LastReleases(count) => u64::from(count),
        Over::Supported
        | Over::LastDays(_)
        | Over::Month
        | Over::Quarter
        | Over::LastMonths(_)
        | Over::LastQuarters(_)
        | Over::Period(_)
        | Over::LastPeriods(..)
        | Over::All => return,
    };
    let asked = rule.min_sample.filter(|asked| rule.metric == MetricId::ChangeFailureRate && *asked > most);
    let (Some(asked), Some(span)) = (asked, fields.value_span("min-sample")) else { return };
    let message = format!("`over` holds at most {most} of the {asked} releases that are asked for");
    let draft = Draft::lint(Code::NeverDecided, span, format!("{message}: the rule is never decided"));
    problems.push(draft.help(format!("write at most `min-sample: {most}`, or look at more releases")));
}

/// Warns about two rules that differ only in their limits and contradict each other, or of which one never decides anything.
fn compare_rules(
    (first_fields, first): RulePair<'_>,
    (second_fields, second): RulePair<'_>,
    problems: &mut Problems,
) {
    // Two rules are comparable only if they measure the same thing. The fields set here may differ.
    let same = Rule {
        id: first.id.clone(),
        limit: first.limit,
        warn: first.warn,
        level: first.level,
        why: first.why.clone(),
        ..second.clone()
    };
    if same != *first {
        return;
    }
    let (one, other, is_max) = match (first.limit, second.limit) {
        (RuleLimit::Max(most), RuleLimit::Min(least)) | (RuleLimit::Min(least), RuleLimit::Max(most)) => {
            if comparable(least, most).is_some_and(|(least, most)| least > most) {
                let message = format!("no value keeps both this rule and {}", quote(&first.id));
                let draft = Draft::lint(Code::Contradiction, bound_span(second_fields), message);
                let draft = draft.see(bound_span(first_fields), "the other limit");
                problems.push(draft.help("one of them has to give"));
            }
            return;
        }
        (RuleLimit::Max(one), RuleLimit::Max(other)) => (one, other, true),
        (RuleLimit::Min(one), RuleLimit::Min(other)) => (one, other, false),
        (RuleLimit::Trend(_), _) | (_, RuleLimit::Trend(_)) => return,
    };
    let Some((one, other)) = comparable(one, other) else { return };
    let (milder, equal) = (if is_max { one < other } else { one > other }, one == other);
    // A milder rule still has a purpose if it blocks where the stricter one does not, or if it warns.
    let covers = |strict: &Rule, mild: &Rule| rank(strict.level) >= rank(mild.level) && mild.warn.is_none();
    let (idle, idle_fields, strict, strict_fields) = if (milder || equal) && covers(first, second) {
        (second, second_fields, first, first_fields)
    } else if !milder && covers(second, first) {
        (first, first_fields, second, second_fields)
    } else {
        return;
    };
    let message =
        format!("{} never decides anything: {} is as strict or stricter", quote(&idle.id), quote(&strict.id));
    let draft = Draft::lint(Code::Redundant, bound_span(idle_fields), message);
    problems.push(
        draft
            .see(bound_span(strict_fields), "fails whenever that does")
            .help("remove it, or make it `warn` of the other"),
    );
}

/// Returns the rank of a level, the most binding last.
fn rank(level: RuleLevel) -> u8 {
    match level {
        RuleLevel::Advisory => 0,
        RuleLevel::Overridable => 1,
        RuleLevel::Mandatory => 2,
    }
}

fn bound_span<'r>(rule: &'r Fields<'_>) -> &'r Range<usize> {
    rule.value_span("max").or(rule.value_span("min")).unwrap_or(rule.span())
}
