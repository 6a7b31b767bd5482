//! Warnings about valid policies that probably mean something else: rules that contradict each other or never decide
//! anything, labels that another pattern matches first.

use super::super::code::Code;
use super::super::matcher::LabelPattern;
use super::super::raw::{RawPolicy, RawRule, RawSelector};
use super::super::{Policy, Rule, RuleLevel, RuleLimit};
use super::bound::comparable;
use crate::model::{CountBy, MetricId, Over};
use crate::policy::language::{Draft, Field, Problems, Spanned, quote};

/// Checks a valid policy. `raw` is the same policy as written.
pub(super) fn lint(raw: &RawPolicy, policy: &Policy, problems: &mut Problems) {
    if let Some(rules) = raw.rules.good() {
        rules_of(&rules.value, policy, problems);
    }
    labels(raw, problems);
    milestones(raw, problems);
    count_by(raw, policy, problems);
}

/// Warns about `count-by: introduced` without effect: it changes only rules over releases, and only some metrics.
fn count_by(raw: &RawPolicy, policy: &Policy, problems: &mut Problems) {
    let asked = raw.attribution.count_by.good();
    let Some(at) = asked.filter(|at| at.value == CountBy::Introduced.name()) else { return };
    if policy.rules.iter().all(|rule| rule.count_by == CountBy::Found) {
        let message = "no rule counts defects by the release that introduced them";
        let draft = Draft::new(Code::IdleCountBy, &at.span, message);
        problems.push(draft.help(
            "it matters for `escaped`, `untriaged`, `escape-rate` and the coverages over releases; else leave it out",
        ));
    }
}

fn rules_of(raw: &[RawRule], policy: &Policy, problems: &mut Problems) {
    let rules: Vec<(&RawRule, &Rule)> = raw.iter().zip(&policy.rules).collect();
    for (number, (raw, rule)) in rules.iter().enumerate() {
        if rule.metric == MetricId::EscapeRate
            && policy.defects.caught.is_empty()
            && let Some(at) = raw.metric.good()
        {
            let message =
                "nothing says which defects were caught, so there is no rate and the rule is never decided";
            let draft = Draft::new(Code::NeverDecided, &at.span, message);
            problems.push(draft.help("add `caught: { labels: [bug] }` to `defects` with your own label"));
        }
        too_few(raw, rule, problems);
        narrowed(raw, rule, problems);
        for (other, earlier) in rules.iter().take(number) {
            pair((other, earlier), (raw, rule), problems);
        }
    }
}

/// Warns about a scope on `unfixed`: an old unfixed defect is in the candidate all the same, and the scope would hide it.
fn narrowed(raw: &RawRule, rule: &Rule, problems: &mut Problems) {
    let Some(at) = raw.over.good().filter(|_| rule.metric == MetricId::Unfixed && rule.over != Over::All)
    else {
        return;
    };
    let message =
        format!("`over: {}` narrows `unfixed`, which looks at every escaped defect however old", rule.over);
    let draft = Draft::new(Code::NarrowedUnfixed, &at.span, message);
    problems.push(draft.help(
        "leave `over` out; to leave old reports out, write `since: 2026-11-01`, which lists them as debt",
    ));
}

/// Warns about a change failure rate whose scope always has fewer releases than `min-sample`.
fn too_few(raw: &RawRule, rule: &Rule, problems: &mut Problems) {
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
    let (Some(asked), Some(at)) = (asked, raw.min_sample.good()) else { return };
    let message = format!("`over` holds at most {most} of the {asked} releases that are asked for");
    let draft = Draft::new(Code::NeverDecided, &at.span, format!("{message}: the rule is never decided"));
    problems.push(draft.help(format!("write at most `min-sample: {most}`, or look at more releases")));
}

/// Warns about two rules that differ only in their limits and contradict each other, or of which one never decides anything.
fn pair(
    (first_raw, first): (&RawRule, &Rule),
    (second_raw, second): (&RawRule, &Rule),
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
                let draft = Draft::new(Code::Contradiction, bound_span(second_raw), message);
                let draft = draft.see(bound_span(first_raw), "the other limit");
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
    let (idle, idle_raw, strict, strict_raw) = if (milder || equal) && covers(first, second) {
        (second, second_raw, first, first_raw)
    } else if !milder && covers(second, first) {
        (first, first_raw, second, second_raw)
    } else {
        return;
    };
    let message =
        format!("{} never decides anything: {} is as strict or stricter", quote(&idle.id), quote(&strict.id));
    let draft = Draft::new(Code::Redundant, bound_span(idle_raw), message);
    problems.push(
        draft
            .see(bound_span(strict_raw), "fails whenever that does")
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

fn bound_span(rule: &RawRule) -> &std::ops::Range<usize> {
    rule.max.good().or(rule.min.good()).map_or(&rule.span, |at| &at.span)
}

/// Warns about labels that an earlier pattern of the same list, or of a list that comes first, always matches.
fn labels(raw: &RawPolicy, problems: &mut Problems) {
    let Some(defects) = raw.defects.good().map(|at| &at.value) else { return };
    let (escaped, caught) = (selector(&defects.escaped), selector(&defects.caught));
    shadowed(&escaped, &escaped, problems);
    shadowed(&escaped, &caught, problems);
    shadowed(&caught, &caught, problems);
    if let Some(severity) = defects.severity.good().map(|at| &at.value) {
        let lists = [&severity.critical, &severity.major, &severity.minor].map(list);
        for (at, later) in lists.iter().enumerate() {
            for earlier in lists.iter().take(at + 1) {
                shadowed(earlier, later, problems);
            }
        }
    }
    let classes: Vec<&[Spanned<String>]> = defects.excluded.iter().map(|(_, field)| list(field)).collect();
    for (at, later) in classes.iter().enumerate() {
        for earlier in classes.iter().take(at + 1) {
            shadowed(earlier, later, problems);
        }
    }
}

/// Warns about each label of `later` that a wider pattern of `earlier` matches. The same text twice is reported elsewhere, or
/// is harmless.
fn shadowed(earlier: &[Spanned<String>], later: &[Spanned<String>], problems: &mut Problems) {
    for label in later {
        let wider = earlier.iter().find(|one| {
            one.value != label.value
                && one.value.contains(['*', '{'])
                && LabelPattern::new(&one.value).is_ok_and(|pattern| pattern.matches(&label.value).is_some())
        });
        let Some(wider) = wider else { continue };
        let message =
            format!("{} is never reached: {} matches it first", quote(&label.value), quote(&wider.value));
        let draft = Draft::new(Code::ShadowedPattern, &label.span, message);
        problems
            .push(draft.see(&wider.span, "matches it").help("remove it, or make the other pattern narrower"));
    }
}

/// Warns about milestone labels. A milestone names the release that fixes a defect, not the one that it was found in.
fn milestones(raw: &RawPolicy, problems: &mut Problems) {
    let Some(defects) = raw.defects.good().map(|at| &at.value) else { return };
    for label in selector(&defects.escaped).iter().chain(&selector(&defects.caught)) {
        if label.value.to_lowercase().contains("milestone") && label.value.contains("{version}") {
            let message =
                "a milestone is where a defect is to be fixed, and this reads it as where it was found";
            let draft = Draft::new(Code::MilestoneLabel, &label.span, message);
            problems.push(draft.help("use a label that names the release a defect was found in"));
        }
    }
}

/// Returns the labels of the alternatives that have no other condition: only those shadow each other for certain.
fn selector(field: &Field<RawSelector>) -> Vec<Spanned<String>> {
    field.good().map(|at| at.value.plain_labels()).unwrap_or_default()
}

fn list(field: &Field<Vec<Spanned<String>>>) -> &[Spanned<String>] {
    field.good().map(|at| at.value.as_slice()).unwrap_or_default()
}
