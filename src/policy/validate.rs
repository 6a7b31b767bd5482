//! From the file as written to a policy, or to everything that is wrong with it.

mod attribution;
mod bound;
mod defects;
mod exceptions;
mod gates;
mod lint;
mod missing;
mod naming;
mod past;
mod periods;
mod pull_requests;
mod releases;
mod rules;
mod sample;
mod scope;
mod selectors;
mod since;
mod status;
mod test_reports;

use std::collections::BTreeSet;

pub(super) use attribution::{Attribution, read_attribution};
pub(super) use bound::whole;
pub(super) use exceptions::{read_exceptions, read_waiver_file};
pub(super) use gates::read_gates;
pub(super) use missing::read_missing;
pub(super) use naming::{Components, Teams, read_component, read_names, read_team};
pub(super) use periods::read_periods;
pub(super) use releases::{read_environment, read_lines, read_releases};
pub(super) use scope::parse as over;
pub(super) use status::read_status;
pub(super) use test_reports::{TestReports, read_tests};

use super::code::Code;
use super::matcher::LabelPattern;
use super::raw::RawPolicy;
use super::{Inherited, Policy};
use crate::policy::language::{Draft, Problems, Spanned, nearest_name, quote};

/// The longest period, a hundred years: nothing is that old, and dates stay within what a calendar can hold.
const LONGEST_DAYS: u32 = 36_500;

/// Returns the policy, or `None` if something is wrong with it, which is then reported.
pub(super) fn validate(raw: &RawPolicy, problems: &mut Problems) -> Option<Policy> {
    let periods = raw.periods.as_deref();
    let defects = defects::defects(&raw.defects, &raw.missing_severity, problems);
    let rules = rules::rules(raw, defects.as_ref(), periods, problems);
    let pull_requests = pull_requests::pull_requests(&raw.pull_requests, problems);
    let (attribution, tests) = (raw.attribution.clone(), raw.tests.clone()?);
    let policy = Policy {
        releases: raw.releases.clone()?,
        defects: defects?,
        found_in: attribution.found_in?,
        bots: attribution.bots?,
        form_headings: attribution.form_headings?,
        lines_complete: raw.lines_complete?,
        periods: periods?.to_vec(),
        origins: attribution.origins?,
        reports: tests.globs,
        reruns: tests.reruns,
        expected_reports: tests.expected,
        missing: raw.missing?,
        environment: raw.environment.clone()?,
        gates: raw.gates.clone()?,
        rules: rules?,
        pull_requests: pull_requests?,
        exceptions: raw.exceptions.clone()?,
        inherited: Inherited::default(),
    };
    // A lint of a broken policy would report consequences of the errors.
    if !problems.refuses() {
        lint::lint(raw, &policy, problems);
    }
    Some(policy)
}

/// Reports the mistakes of a policy whose bases cannot be read, except those that a base could fix, such as a missing key.
pub(super) fn alone(raw: &RawPolicy, problems: &mut Problems) {
    let mut found = Problems::default();
    validate(raw, &mut found);
    problems.adopt(found, |draft| !draft.code().is_warning() && !draft.code().may_be_inherited());
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

fn empty_list<T>(at: &Spanned<Vec<T>>, what: &str) -> Draft {
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
