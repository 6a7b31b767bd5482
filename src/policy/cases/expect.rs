//! Reads the expectations of a case.

use std::collections::BTreeMap;

use super::super::checks::all_or_none;
use super::super::code::Code;
use super::super::{Policy, Rule, keys};
use super::read::{read_issue_numbers, read_one_of};
use super::status::{by_issue, expected_found_in, expected_issues, expected_status};
use super::{Expectations, ExpectedRule, ExpectedValue};
use crate::model::{MetricId, MetricUnit};
use crate::policy::language::{
    Draft, Fields, Node, NodeKind, Problems, in_backticks, nearest_name, quote, read_scalar,
};

/// Verdicts of a release.
const VERDICTS: &[&str] = &["pass", "warn", "unknown", "fail"];

/// Verdicts of a rule.
const OUTCOMES: &[&str] = &["pass", "warn", "waived", "unknown", "fail"];

/// The section `expect`; none if something is wrong with it, which has then been reported. Without the policy its rules
/// are not looked up.
pub(super) fn expectations(
    node: &Node,
    policy: Option<&Policy>,
    problems: &mut Problems,
) -> Option<Expectations> {
    let fields = Fields::open(node, "`expect`", keys::cases::EXPECT, problems)?;
    let verdict = fields.get("verdict", problems, read_one_of(Code::UnknownVerdict, VERDICTS)).optional();
    // What is no mapping has been reported, and comes to no entry.
    let good_rules = fields.node("rules").is_none_or(|node| matches!(node.kind, NodeKind::Map(_)));
    let read = fields
        .open_keys("rules", problems, |node, _, problems| Some((node, rule_expectation(node, problems)?)));
    let rules: Option<BTreeMap<_, _>> = all_or_none(&read, |(id, field)| {
        let known = policy.map(|policy| known_rule(id, policy, problems));
        let (at, rule) = field.good().zip(known.flatten())?;
        Some((id.value.clone(), expected_rule(at.value.0, &at.value.1, rule, problems)?))
    });
    let rules = rules.filter(|_| good_rules);
    let statuses = by_issue(&fields, "status", problems, expected_status);
    let found_in = by_issue(&fields, "found-in", problems, expected_found_in);
    let unfixed = expected_issues(&fields, "unfixed", MetricId::Unfixed, policy, problems);
    let blockers = expected_issues(&fields, "blockers", MetricId::Blockers, policy, problems);
    let (statuses, found_in, unfixed, blockers) = (statuses?, found_in?, unfixed?, blockers?);
    let says_nothing = statuses.is_empty() && found_in.is_empty() && unfixed.is_none() && blockers.is_none();
    if fields.node("verdict").is_none() && read.is_empty() && good_rules && says_nothing {
        problems.push(nothing_expected(node, "the case expects nothing, so that it could not fail"));
        return None;
    }
    Some(Expectations { verdict: verdict?, rules: rules?, statuses, found_in, unfixed, blockers })
}

/// The value of a rule's id: a verdict alone, or a mapping.
enum RuleExpectation<'n> {
    Verdict(&'static str),
    Keys(Fields<'n>),
}

fn rule_expectation<'n>(node: &'n Node, problems: &mut Problems) -> Option<RuleExpectation<'n>> {
    match &node.kind {
        NodeKind::Map(_) => {
            Some(RuleExpectation::Keys(Fields::open(node, "a rule", keys::cases::EXPECTED_RULE, problems)?))
        }
        NodeKind::Plain(_) | NodeKind::Quoted(_) | NodeKind::List(_) => {
            let verdict =
                read_one_of(Code::UnknownVerdict, OUTCOMES)(node, "the verdict of a rule", problems);
            verdict.map(RuleExpectation::Verdict)
        }
    }
}

/// The rule of an id.
fn known_rule<'p>(
    id: &crate::policy::language::Spanned<String>,
    policy: &'p Policy,
    problems: &mut Problems,
) -> Option<&'p Rule> {
    let found = policy.rules.iter().find(|rule| rule.id == id.value);
    if found.is_none() {
        let ids = || policy.rules.iter().map(|rule| rule.id.as_str());
        let draft =
            Draft::new(Code::UnknownRule, &id.span, format!("the policy has no rule {}", quote(&id.value)));
        problems.push(match nearest_name(&id.value, ids()) {
            Some(near) => draft.help(format!("did you mean `{near}`?")),
            None => draft.help(format!("its rules are {}", in_backticks(ids()))),
        });
    }
    found
}

/// Reads the expectations about a rule.
fn expected_rule(
    node: &Node,
    shape: &RuleExpectation<'_>,
    rule: &Rule,
    problems: &mut Problems,
) -> Option<ExpectedRule> {
    let fields = match shape {
        RuleExpectation::Verdict(verdict) => {
            return Some(ExpectedRule { verdict: Some(verdict), value: None, issues: None });
        }
        RuleExpectation::Keys(fields) => fields,
    };
    let verdict = fields.get("verdict", problems, read_one_of(Code::UnknownVerdict, OUTCOMES)).optional();
    let value = fields
        .get("value", problems, |node, name, problems| expected_value(node, name, rule, problems))
        .optional();
    let numbers = fields.get("issues", problems, read_issue_numbers).optional();
    let expected = ExpectedRule {
        verdict: verdict?,
        value: value?,
        issues: numbers?.map(|numbers| numbers.into_iter().map(|number| number.0).collect()),
    };
    if expected.verdict.is_none() && expected.value.is_none() && expected.issues.is_none() {
        problems.push(nothing_expected(node, "nothing is expected of this rule"));
        return None;
    }
    Some(expected)
}

/// An expected value in the unit of the rule's metric.
fn expected_value(
    node: &Node,
    name: &str,
    rule: &Rule,
    problems: &mut Problems,
) -> Option<(String, ExpectedValue)> {
    let found = read_scalar(node, name, problems)?.0;
    let amount = parse_expected_value(&found);
    let fits = match (amount, rule.metric.unit()) {
        (Some(ExpectedValue::Count(_)), MetricUnit::Count) | (Some(ExpectedValue::None), _) => true,
        (Some(ExpectedValue::Share(..) | ExpectedValue::Percent(..)), MetricUnit::Ratio)
        | (Some(ExpectedValue::Time(..)), MetricUnit::Duration) => true,
        (Some(ExpectedValue::Count(_)), MetricUnit::Ratio | MetricUnit::Duration)
        | (
            Some(ExpectedValue::Share(..) | ExpectedValue::Percent(..)),
            MetricUnit::Count | MetricUnit::Duration,
        )
        | (Some(ExpectedValue::Time(..)), MetricUnit::Count | MetricUnit::Ratio)
        | (None, _) => false,
    };
    if !fits {
        let metric = rule.metric.name();
        let message = format!("{} is no value of `{metric}`", quote(&found));
        problems.push(Draft::new(Code::BadExpectedValue, &node.span, message).help(
            match rule.metric.unit() {
                MetricUnit::Count => {
                    "write a whole number such as `2`, or `none` where nothing can be measured"
                }
                MetricUnit::Ratio => "write `2 of 40`, or `5%`, or `none` where nothing can be measured",
                MetricUnit::Duration => "write `12d` or `36h`, or `none` where nothing can be measured",
            },
        ));
        return None;
    }
    amount.map(|amount| (found, amount))
}

/// `2`, `2 of 40`, `5%`, `33.3 %`, `12d`, `36h`, `none`.
fn parse_expected_value(text: &str) -> Option<ExpectedValue> {
    let text = text.trim();
    let digits = |text: &str| -> Option<u64> {
        text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?
    };
    if text == "none" {
        return Some(ExpectedValue::None);
    }
    if let Some((part, whole)) = text.split_once(" of ") {
        return Some(ExpectedValue::Share(digits(part.trim())?, digits(whole.trim())?));
    }
    if let Some(percent) = text.strip_suffix('%') {
        let (whole, decimals) = percent.trim_end().split_once('.').unwrap_or((percent.trim_end(), ""));
        // More decimals than six could tell nothing that `2 of 40` does not.
        let count = u32::try_from(decimals.len()).ok().filter(|count| *count <= 6)?;
        return Some(ExpectedValue::Percent(
            digits(&format!("{whole}{decimals}")).filter(|_| !whole.is_empty())?,
            count,
        ));
    }
    for (unit, seconds) in [('h', 3_600), ('d', 86_400)] {
        if let Some(count) = text.strip_suffix(unit) {
            return Some(ExpectedValue::Time(digits(count)?, seconds));
        }
    }
    digits(text).map(ExpectedValue::Count)
}

fn nothing_expected(node: &Node, message: &str) -> Draft {
    let draft = Draft::new(Code::NothingExpected, &node.span, message);
    draft.help("say at least a `verdict`")
}

impl ExpectedValue {
    /// Returns `true` for a share that is written so: `2 of 40` exactly, a percentage to the decimals it has. `0%` is none at all
    /// and `100%` is all.
    pub fn is_share(self, numerator: u64, denominator: u64) -> bool {
        match self {
            Self::Share(part, whole) => (part, whole) == (numerator, denominator),
            Self::Percent(digits, decimals) if denominator > 0 => {
                let scale = 10_u128.pow(decimals);
                let (n, d) = (u128::from(numerator), u128::from(denominator));
                let (found, asked) = (n * 100 * scale, u128::from(digits) * d);
                let whole = 100 * scale;
                // 0 % and 100 % are exact. One defect of a thousand must not pass as none.
                if digits == 0 || u128::from(digits) == whole {
                    found == asked
                } else {
                    // Rounded as a report prints it: a case may say `33%` for 1 of 3.
                    found.abs_diff(asked) * 2 <= d
                }
            }
            Self::Percent(..) | Self::Count(_) | Self::Time(..) | Self::None => false,
        }
    }

    /// Returns `true` for a length of time that comes to this in the unit that it is written in, rounded up as reports round it.
    pub fn is_time(self, seconds: u64) -> bool {
        match self {
            Self::Time(count, unit) => seconds.div_ceil(unit) == count,
            Self::Count(_) | Self::Share(..) | Self::Percent(..) | Self::None => false,
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn percentage_is_compared_to_its_written_decimals() {
        let is = |text: &str, n, d| parse_expected_value(text).unwrap().is_share(n, d);
        assert!(is("5%", 2, 40) && is("2 of 40", 2, 40) && !is("1 of 20", 2, 40));
        assert!(is("33.3 %", 1, 3) && is("33%", 1, 3) && !is("33.4%", 1, 3));
        assert!(!is("0%", 1, 100_000) && is("0%", 0, 9));
        assert!(!is("100%", 999_999, 1_000_000) && is("100%", 7, 7));
        assert!(!is("0%", 0, 0), "a share of nothing is no share");
    }

    #[test]
    fn a_length_of_time_is_rounded_up_in_its_unit() {
        let is = |text: &str, seconds| parse_expected_value(text).unwrap().is_time(seconds);
        assert!(is("12d", 12 * 86_400) && is("12d", 11 * 86_400 + 1) && !is("12d", 12 * 86_400 + 1));
        assert!(is("36h", 36 * 3_600) && !is("36h", 37 * 3_600) && !is("36", 36));
    }

    #[test]
    fn what_is_no_value_is_not_read_as_one() {
        for text in [
            "",
            "-1",
            "1.5",
            "% ",
            ".5%",
            "1 of",
            "one",
            "1 of 2 of 3",
            "99999999999999999999",
            "d",
            "-1d",
            "1w",
        ] {
            assert_eq!(parse_expected_value(text), None, "{text}");
        }
    }
}
