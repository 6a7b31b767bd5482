//! The policy file section by section: each is read into its final type and checked at once.

mod attribution;
mod bound;
mod defects;
mod exceptions;
mod gates;
mod label_lint;
mod missing;
mod naming;
mod past;
mod periods;
mod product;
mod pull_requests;
mod releases;
mod rule_lint;
mod rules;
mod sample;
mod scope;
mod selectors;
mod since;
mod status;
mod test_reports;

use std::collections::BTreeSet;
use std::ops::Range;

use policy_lang::{OverrideEntry, read_overrides};

pub(super) use bound::whole;
pub(super) use exceptions::read_waiver_file;
pub(super) use scope::parse as over;

use super::code::Code;
use super::matcher::LabelPattern;
use super::{Inherited, Policy, keys};
use crate::policy::language::{
    Document, Draft, Field, Fields, Problems, Spanned, is_supported_version, nearest_name, quote, read_texts,
};

/// The longest period, a hundred years: nothing is that old, and dates stay within what a calendar can hold.
const LONGEST_DAYS: u32 = 36_500;

/// A policy file, or a policy merged with all that it extends.
pub(super) struct PolicyRead {
    /// The files that it extends.
    pub extends: Field<Vec<Spanned<String>>>,
    /// What it relaxes of them.
    pub loosens: Field<Vec<OverrideEntry>>,
    /// The policy; `None` if something is wrong with it, which has been reported.
    pub policy: Option<Policy>,
    /// Places of the waivers.
    pub waiver_spans: Vec<Range<usize>>,
}

/// Reads the tree of a policy; `None` for an unsupported version, after which nothing else is read.
pub(super) fn read_policy(document: Document, problems: &mut Problems) -> Option<PolicyRead> {
    let root = &*document.root;
    if !is_supported_version(root, problems) {
        return None;
    }
    for tag in document.tags {
        problems.push(tag);
    }
    let fields = Fields::open(root, "a policy", keys::POLICY, problems)?;
    let (policy, waiver_spans) = read_sections(&fields, problems);
    Some(PolicyRead {
        extends: fields.get("extends", problems, read_texts),
        loosens: fields.get("override", problems, read_overrides),
        policy,
        waiver_spans,
    })
}

/// Reads all sections, in the order in which they depend on each other, and the places of the waivers.
fn read_sections(fields: &Fields<'_>, problems: &mut Problems) -> (Option<Policy>, Vec<Range<usize>>) {
    let periods = periods::read_periods(fields, problems);
    let (missing, missing_severity) = missing::read_missing(fields, problems);
    let defects = defects::read_defects(fields, &missing_severity, problems);
    let (attribution, count_by) = attribution::read_attribution(fields, problems);
    let context = rules::RuleContext { defects: &defects, periods: periods.as_deref(), count_by };
    let rules = rules::read_rules(fields, &context, problems);
    // Without the ids of all rules, each waiver would name a rule that does not exist.
    let (exceptions, waiver_spans) = exceptions::read_exceptions(fields, rules.ids.as_deref(), problems);
    let releases = releases::read_releases(fields, problems);
    let product = product::read_product(fields, defects.defects.as_ref(), releases.as_ref(), problems);
    let lines_complete = releases::read_lines(fields, problems);
    let tests = test_reports::read_tests(fields, problems);
    let environment = releases::read_environment(fields, problems);
    let gates = gates::read_gates(fields, periods.as_deref(), problems);
    let pull_requests = pull_requests::read_pull_requests(fields, problems);
    let policy = (|| {
        let (attribution, tests, rules) = (attribution?, tests?, rules.rules?);
        attribution::lint_count_by(fields, &rules, problems);
        Some(Policy {
            releases: releases?,
            product: product?,
            defects: defects.defects?,
            found_in: attribution.found_in,
            bots: attribution.bots,
            form_headings: attribution.form_headings,
            lines_complete: lines_complete?,
            periods: periods?,
            origins: attribution.origins,
            reports: tests.globs,
            reruns: tests.reruns,
            expected_reports: tests.expected,
            missing: missing?,
            environment: environment?,
            gates: gates?,
            rules,
            pull_requests: pull_requests?,
            exceptions: exceptions?,
            inherited: Inherited::default(),
        })
    })();
    (policy, waiver_spans)
}

/// Checks every item, also after one that is wrong, and returns the results; `None` if one is wrong.
fn all_or_none<I: IntoIterator, T>(items: I, check: impl FnMut(I::Item) -> Option<T>) -> Option<Vec<T>> {
    let checked: Vec<Option<T>> = items.into_iter().map(check).collect();
    checked.into_iter().collect()
}

/// Reports the required keys that a mapping does not have. `what` has its article: "a rule".
fn require_keys(fields: &Fields<'_>, what: &str, problems: &mut Problems) {
    for key in fields.missing_keys() {
        let draft = Draft::new(Code::MissingKey, fields.span(), format!("{what} needs `{key}`"));
        problems.push(draft.help(format!("add `{key}`")));
    }
}

/// Returns the member of a fixed set that a word names. Reports another word, and returns `None`. `what` has its article:
/// "a metric".
fn known_word<T: Copy, const N: usize>(
    at: &Spanned<String>,
    all: [T; N],
    name: impl Fn(T) -> &'static str,
    (code, what): (Code, &str),
    problems: &mut Problems,
) -> Option<T> {
    let found = word(at, all, &name);
    if found.is_none() {
        problems.push(unknown(code, at, what, all.map(name)));
    }
    found
}

/// Returns the member of a fixed set that a word names.
fn word<T: Copy, const N: usize>(
    at: &Spanned<String>,
    all: [T; N],
    name: impl Fn(T) -> &'static str,
) -> Option<T> {
    all.into_iter().find(|one| name(*one) == at.value)
}

/// A word that is not one of a fixed set. `what` has its article: "a metric".
fn unknown<'k>(
    code: Code,
    at: &Spanned<String>,
    what: &str,
    known: impl IntoIterator<Item = &'k str>,
) -> Draft {
    // Two rules may still have one id.
    let mut known: Vec<&str> = known.into_iter().collect();
    let mut named = BTreeSet::new();
    known.retain(|name| named.insert(*name));
    let draft = Draft::new(code, &at.span, format!("{} is not {what}", quote(&at.value)));
    match nearest_name(&at.value, known.iter().copied()) {
        Some(near) => draft.help(format!("did you mean `{near}`?")),
        None => {
            let names: Vec<String> = known.iter().map(|name| format!("`{name}`")).collect();
            draft.help(format!("write one of {}", names.join(", ")))
        }
    }
}

fn empty_list<T>(at: &Spanned<T>, what: &str) -> Draft {
    Draft::new(Code::EmptyList, &at.span, format!("{what} is an empty list"))
        .help("write at least one entry, or leave the key out")
}

/// Reads a pattern without variables. Reports an invalid one, and returns `None`.
fn pattern(at: &Spanned<String>, what: &str, problems: &mut Problems) -> Option<LabelPattern> {
    let pattern = pattern_with_variables(at, what, problems)?;
    if pattern.has_variable() {
        let message = format!("{what} cannot hold a variable: {}", quote(&at.value));
        problems.push(Draft::new(Code::MisplacedVariable, &at.span, message).help(
            "`{candidate}` and `{line}` work in `defects.blocking` only; write `*` or `{version}`, or the name itself",
        ));
        return None;
    }
    Some(pattern)
}

/// Reads a pattern, which may contain `{candidate}` and `{line}`. Reports an invalid one, and returns `None`.
fn pattern_with_variables(at: &Spanned<String>, what: &str, problems: &mut Problems) -> Option<LabelPattern> {
    match LabelPattern::new(&at.value) {
        Ok(pattern) => Some(pattern),
        Err(super::matcher::PatternProblem::Empty) => {
            problems.push(
                Draft::new(Code::EmptyText, &at.span, format!("{what} is empty"))
                    .help("write a name, or remove it"),
            );
            None
        }
        Err(problem) => {
            let message = format!("{} is not {what}: {problem}", quote(&at.value));
            problems.push(Draft::new(Code::BadPattern, &at.span, message).help(
                "`*` stands for any run of characters, `{version}` for a version, `{product}` for a product's name; the rest \
                 is the name itself",
            ));
            None
        }
    }
}
