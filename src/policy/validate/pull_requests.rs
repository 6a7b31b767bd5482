//! `pull-requests`, and `on` of a rule: the rules that hold before a change is merged.

use super::super::code::Code;
use super::super::raw::RawPolicy;
use super::super::{CandidateKind, OnPullRequests, Rule};
use super::{empty_list, status, unknown, word};
use crate::policy::language::{Draft, Field, Problems, Spanned};

/// `pull-requests`: `block` if the key is omitted.
pub(super) fn pull_requests(field: &Field<String>, problems: &mut Problems) -> Option<OnPullRequests> {
    let words = OnPullRequests::ALL.map(|one| (one.name(), one));
    status::one_of(field, "`pull-requests`", words, OnPullRequests::Block, problems)
}

/// `on`: all kinds of candidates if the key is omitted. `None` if a word is unknown or there is none, which is then reported.
pub(super) fn on(field: &Field<Vec<Spanned<String>>>, problems: &mut Problems) -> Option<Vec<CandidateKind>> {
    let items = match field {
        Field::Absent => return Some(CandidateKind::ALL.to_vec()),
        Field::Bad => return None,
        // `on: []` would switch a rule off without removing it, and without any trace in reports.
        Field::Good(at) if at.value.is_empty() => {
            problems.push(empty_list(at, "`on`"));
            return None;
        }
        Field::Good(at) => &at.value,
    };
    let mut named = Vec::new();
    for item in items {
        let found = word(item, CandidateKind::ALL, CandidateKind::name);
        if found.is_none() {
            let known = CandidateKind::ALL.map(CandidateKind::name);
            problems.push(unknown(Code::UnknownWord, item, "a word of `on`", known));
        }
        named.push(found);
    }
    let named: Vec<CandidateKind> = named.into_iter().collect::<Option<_>>()?;
    // In fixed order and once each, so that `policy show` and comparisons of rules do not depend on
    // the spelling.
    Some(CandidateKind::ALL.into_iter().filter(|one| named.contains(one)).collect())
}

/// Reports a policy that evaluates no rule on releases: every release would pass.
pub(super) fn something_holds_releases(raw: &RawPolicy, rules: &[Rule], problems: &mut Problems) {
    let at = raw.rules.good().filter(|_| !rules.iter().any(|rule| rule.on.contains(&CandidateKind::Release)));
    if let Some(at) = at {
        let message = "no rule is evaluated on releases, so that every release would pass";
        let help = "add `release` to `on` of a rule, or leave `on` out";
        problems.push(Draft::new(Code::NoRules, &at.span, message).help(help));
    }
}
