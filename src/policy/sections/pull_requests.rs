//! `pull-requests`, and `on` of a rule: the rules that hold before a change is merged.

use std::ops::Range;

use crate::policy::checks::{all_or_none, empty_list, known_word, one_of};
use crate::policy::code::Code;
use crate::policy::keys::{Key, Merge, ValueType, WhenOmitted};
use crate::policy::language::{Draft, Fields, Problems, read_text, read_texts};
use crate::policy::{CandidateKind, OnPullRequests, Rule};

/// `pull-requests`.
pub(in crate::policy) const PULL_REQUESTS: Key = Key::new(
    "pull-requests",
    ValueType::Word(|| OnPullRequests::ALL.map(OnPullRequests::name).to_vec()),
    Merge::Order(&["warn", "block"]),
    "Effect of failed rules about defects on pull requests and in the merge queue. `warn` blocks only \
     releases, pull requests to a release branch, and those that revert the fix of a counted defect.",
)
.when_omitted(WhenOmitted::Value("block"));

/// `on` of a rule.
pub(in crate::policy) const ON: Key = Key::new(
    "on",
    ValueType::List {
        of: &ValueType::Word(|| CandidateKind::ALL.map(CandidateKind::name).to_vec()),
        least: 1,
    },
    // A rule that is evaluated less often blocks less.
    Merge::Covers,
    "Runs in which the rule is evaluated. The merge queue counts as a pull request.",
)
.when_omitted(WhenOmitted::Meaning("[release, pull-request]"));

/// Reads `pull-requests`: `block` if the key is omitted.
pub(super) fn read_pull_requests(policy: &Fields<'_>, problems: &mut Problems) -> Option<OnPullRequests> {
    let words = OnPullRequests::ALL.map(|one| (one.name(), one));
    let field = policy.get("pull-requests", problems, read_text);
    one_of(&field, "`pull-requests`", words, OnPullRequests::Block, problems)
}

/// Reads `on`: all kinds of candidates if the key is omitted.
pub(super) fn read_on(rule: &Fields<'_>, problems: &mut Problems) -> Option<Vec<CandidateKind>> {
    rule.get("on", problems, read_texts).check_or(CandidateKind::ALL.to_vec(), |at| {
        // `on: []` would switch a rule off without removing it, and without any trace in reports.
        if at.value.is_empty() {
            problems.push(empty_list(at, "`on`"));
            return None;
        }
        let what = (Code::UnknownWord, "a word of `on`");
        let named: Vec<CandidateKind> = all_or_none(&at.value, |item| {
            known_word(item, CandidateKind::ALL, CandidateKind::name, what, problems)
        })?;
        // In fixed order and once each, so that `policy show` and comparisons of rules do not depend on
        // the spelling.
        Some(CandidateKind::ALL.into_iter().filter(|one| named.contains(one)).collect())
    })
}

/// Reports a policy that evaluates no rule on releases: every release would pass.
pub(super) fn something_holds_releases(at: &Range<usize>, rules: &[Rule], problems: &mut Problems) {
    if !rules.iter().any(|rule| rule.on.contains(&CandidateKind::Release)) {
        let message = "no rule is evaluated on releases, so that every release would pass";
        let help = "add `release` to `on` of a rule, or leave `on` out";
        problems.push(Draft::new(Code::NoRules, at, message).help(help));
    }
}
