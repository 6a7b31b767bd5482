//! From the file as written to a policy, or to everything that is wrong with it.

mod bound;
mod defects;
mod exceptions;
mod gates;
mod lint;
mod naming;
mod origins;
mod past;
mod periods;
mod pull_requests;
mod releases;
mod reports;
mod rules;
mod sample;
mod scope;
mod selectors;
mod since;
mod status;

use std::collections::BTreeSet;

use globset::GlobBuilder;

pub(super) use bound::whole;
pub(super) use scope::parse as over;

use super::code::Code;
use super::matcher::LabelPattern;
use super::raw::{RawHeadings, RawMissing, RawPolicy, RawReleases};
use super::{FormHeadings, HeadingPattern, Inherited, Missing, Policy, Releases, Tolerance};
use crate::model::{AttributionMethod, Reruns};
use crate::policy::language::{Draft, Field, Problems, Scalar, Spanned, nearest_name, quote};

pub(super) use exceptions::waivers;

/// Releases that are in production where a policy does not say.
const SUPPORTED: u32 = 2;

/// Days after which a release is mature where a policy does not say.
const MATURE_AFTER: u32 = 30;

/// The longest period, a hundred years: nothing is that old, and dates stay within what a calendar can hold.
const LONGEST_DAYS: u32 = 36_500;

/// The policy; none if something is wrong with it, which has then been reported.
pub(super) fn validate(raw: &RawPolicy, problems: &mut Problems) -> Option<Policy> {
    let releases = releases(&raw.releases, problems);
    let defects = defects::defects(&raw.defects, &raw.missing, problems);
    let found_in = match &raw.attribution {
        Field::Absent => found_in(&Field::Absent, problems),
        Field::Bad => None,
        Field::Good(at) => found_in(&at.value.found_in, problems),
    };
    let origins = origins::origins(&raw.attribution, problems);
    let (reports, reruns, expected_reports) = match &raw.tests {
        Field::Absent => (Some(Vec::new()), Some(Reruns::Reported), Some(Vec::new())),
        Field::Bad => (None, None, None),
        Field::Good(at) => (
            reports(&at.value.reports, problems),
            reruns(&at.value.reruns, problems),
            reports::expected(&at.value.expected_reports, problems),
        ),
    };
    let missing = missing(&raw.missing, problems);
    let environment = releases::environment(&raw.environment, problems);
    let periods = periods::periods(&raw.periods, problems);
    let lines_complete = match &raw.lines_complete {
        Field::Absent => Some(false),
        Field::Bad => None,
        Field::Good(at) => Some(at.value),
    };
    let attribution = raw.attribution.good().map(|at| &at.value);
    let bots = match attribution {
        Some(attribution) => texts(&attribution.bots, "`bots`", problems),
        None => Some(Vec::new()),
    };
    let form_headings = match attribution {
        Some(attribution) => form_headings(&attribution.headings, problems),
        None => Some(FormHeadings::default()),
    };
    let gates = gates::gates(&raw.gates, periods.as_deref(), problems);
    let rules = rules::rules(raw, defects.as_ref(), periods.as_deref(), problems);
    let pull_requests = pull_requests::pull_requests(&raw.pull_requests, problems);
    let exceptions = exceptions::exceptions(raw, problems);
    let policy = Policy {
        releases: releases?,
        defects: defects?,
        found_in: found_in?,
        bots: bots?,
        form_headings: form_headings?,
        lines_complete: lines_complete?,
        periods: periods?,
        origins: origins?,
        reports: reports?,
        reruns: reruns?,
        expected_reports: expected_reports?,
        missing: missing?,
        environment: environment?,
        gates: gates?,
        rules: rules?,
        pull_requests: pull_requests?,
        exceptions: exceptions?,
        inherited: Inherited::default(),
    };
    if !problems.refuses() {
        lint::lint(raw, &policy, problems);
    }
    Some(policy)
}

/// What is wrong with a policy whatever it inherits, where that could not be read. Its bases might have brought what it lacks.
pub(super) fn alone(raw: &RawPolicy, problems: &mut Problems) {
    let mut found = Problems::default();
    validate(raw, &mut found);
    problems.adopt(found, |draft| !draft.code().is_warning() && !draft.code().may_be_inherited());
}

fn releases(field: &Field<RawReleases>, problems: &mut Problems) -> Option<Releases> {
    let raw = match field {
        Field::Absent => {
            return Some(Releases {
                tags: None,
                supported: SUPPORTED,
                mature_after_days: MATURE_AFTER,
                hotfix_within_hours: releases::HOTFIX_WITHIN,
                failure_within_hours: None,
            });
        }
        Field::Bad => return None,
        Field::Good(at) => &at.value,
    };
    let tags = match &raw.tags {
        Field::Absent => Some(None),
        Field::Bad => None,
        Field::Good(at) => pattern(at, "a tag pattern", problems).map(Some),
    };
    let supported = match &raw.supported {
        Field::Absent => Some(SUPPORTED),
        Field::Bad => None,
        Field::Good(at) => supported(at, problems),
    };
    let mature_after_days = match &raw.mature_after {
        Field::Absent => Some(MATURE_AFTER),
        Field::Bad => None,
        Field::Good(at) => mature_after(at, problems),
    };
    let hotfix_within_hours = releases::hours_of(&raw.hotfix_within, Some(releases::HOTFIX_WITHIN), problems);
    let failure_within_hours = releases::hours_of(&raw.failure_within, None, problems);
    Some(Releases {
        tags: tags?,
        supported: supported?,
        mature_after_days: mature_after_days?,
        hotfix_within_hours: hotfix_within_hours?.unwrap_or(releases::HOTFIX_WITHIN),
        failure_within_hours: failure_within_hours?,
    })
}

/// Texts that are not blank; empty if the key is omitted.
fn texts(field: &Field<Vec<Spanned<String>>>, what: &str, problems: &mut Problems) -> Option<Vec<String>> {
    exceptions::names(field, what, problems).map(Option::unwrap_or_default)
}

/// The headings that are read, and those that are skipped: the given ones in addition to the default.
fn form_headings(field: &Field<RawHeadings>, problems: &mut Problems) -> Option<FormHeadings> {
    let raw = match field {
        Field::Absent => return Some(FormHeadings::default()),
        Field::Bad => return None,
        Field::Good(at) => &at.value,
    };
    let (read, skip) = (texts(&raw.read, "`read`", problems), texts(&raw.skip, "`skip`", problems));
    let mut headings = FormHeadings::default();
    headings.read.extend(read?.iter().map(|source| HeadingPattern::new(source)));
    headings.skip.extend(skip?.iter().map(|source| HeadingPattern::new(source)));
    Some(headings)
}

fn supported(at: &Spanned<Scalar>, problems: &mut Problems) -> Option<u32> {
    let count = bound::whole(at, "`supported`", problems)?;
    if count == 0 {
        let draft = Draft::new(
            Code::Zero,
            &at.span,
            "`supported` is the number of releases in production, at least 1",
        );
        problems.push(draft.help("write how many of the newest releases your users run"));
        return None;
    }
    bound::narrow(count, at, problems)
}

fn mature_after(at: &Spanned<Scalar>, problems: &mut Problems) -> Option<u32> {
    let days = scope::days(&at.value.0).filter(|days| *days <= LONGEST_DAYS);
    if days.is_none() {
        let message = format!("{} is not a duration in days or weeks", quote(&at.value.0));
        let help = format!("write `30d` or `4w`, at most {LONGEST_DAYS} days");
        problems.push(Draft::new(Code::BadDuration, &at.span, message).help(help));
    }
    days
}

fn found_in(field: &Field<Vec<Spanned<String>>>, problems: &mut Problems) -> Option<Vec<AttributionMethod>> {
    const METHODS: [AttributionMethod; 4] = [
        AttributionMethod::Field,
        AttributionMethod::Label,
        AttributionMethod::Form,
        AttributionMethod::Window,
    ];
    let items = match field {
        Field::Absent => return Some(METHODS.to_vec()),
        Field::Bad => return None,
        Field::Good(at) if at.value.is_empty() => {
            let message = "`found-in` is empty, so that no defect would come to a release";
            let help = "write at least one of `field`, `label`, `form`, `window`, or leave the key out";
            problems.push(Draft::new(Code::NoMethods, &at.span, message).help(help));
            return None;
        }
        Field::Good(at) => &at.value,
    };
    let mut found: Vec<(AttributionMethod, &Spanned<String>)> = Vec::new();
    let mut whole = true;
    for item in items {
        let Some(method) = word(item, METHODS, AttributionMethod::name) else {
            whole = false;
            problems.push(unknown_method(item, METHODS));
            continue;
        };
        if let Some((_, first)) = found.iter().find(|(known, _)| *known == method) {
            whole = false;
            let message = format!("`{}` stands in `found-in` twice", method.name());
            problems.push(
                Draft::new(Code::RepeatedMethod, &item.span, message)
                    .label("again")
                    .see(&first.span, "first here")
                    .help("the first hit wins, so keep the one at the right place"),
            );
            continue;
        }
        if let Some((_, window)) = found.iter().find(|(known, _)| *known == AttributionMethod::Window) {
            let message = format!("`{}` is never reached: `window` always finds a release", method.name());
            problems.push(
                Draft::new(Code::UnreachableMethod, &item.span, message)
                    .see(&window.span, "everything after this is unreachable")
                    .help("put `window` last"),
            );
        }
        found.push((method, item));
    }
    whole.then(|| found.into_iter().map(|(method, _)| method).collect())
}

fn unknown_method(item: &Spanned<String>, methods: [AttributionMethod; 4]) -> Draft {
    if item.value.eq_ignore_ascii_case("milestone") || item.value.eq_ignore_ascii_case("milestones") {
        let message = "a milestone is where a defect is to be fixed, not where it was found";
        return Draft::new(Code::MilestoneMethod, &item.span, message)
            .help("record the release by a line `Found-in: v1.4.0`, a label or an issue form, and remove this entry");
    }
    unknown(
        Code::UnknownMethod,
        item,
        "a way to find the release of a defect",
        methods.iter().map(|one| one.name()),
    )
}

fn reruns(field: &Field<String>, problems: &mut Problems) -> Option<Reruns> {
    let words = [("reported", Reruns::Reported), ("by-name", Reruns::ByName)];
    status::one_of(field, "`reruns`", words, Reruns::Reported, problems)
}

fn reports(field: &Field<Vec<Spanned<String>>>, problems: &mut Problems) -> Option<Vec<String>> {
    let items = match field {
        Field::Absent => return Some(Vec::new()),
        Field::Bad => return None,
        Field::Good(at) => at,
    };
    if items.value.is_empty() {
        problems.push(empty_list(items, "`reports`"));
        return None;
    }
    let mut whole = true;
    for item in &items.value {
        let glob = item.value.strip_prefix('!').unwrap_or(&item.value);
        if glob.trim().is_empty() {
            problems.push(Draft::new(Code::EmptyText, &item.span, "an empty glob").help("remove it"));
            whole = false;
        } else if let Err(error) = GlobBuilder::new(glob).literal_separator(true).build() {
            let message = format!("{} is not a glob: {}", quote(&item.value), error.kind());
            problems.push(Draft::new(Code::BadGlob, &item.span, message));
            whole = false;
        }
    }
    if items.value.iter().all(|item| item.value.starts_with('!')) {
        let message = "every glob takes files out, and none brings one in";
        problems.push(
            Draft::new(Code::BadGlob, &items.span, message).help("begin with a glob such as `**/TEST-*.xml`"),
        );
        whole = false;
    }
    whole.then(|| items.value.iter().map(|item| item.value.clone()).collect())
}

fn missing(field: &Field<RawMissing>, problems: &mut Problems) -> Option<Missing> {
    let raw = match field {
        Field::Absent => {
            let unknown = Tolerance::Unknown;
            return Some(Missing {
                issues: unknown,
                tests: unknown,
                history: unknown,
                deployments: unknown,
                origins: unknown,
            });
        }
        Field::Bad => return None,
        Field::Good(at) => &at.value,
    };
    let issues = tolerance(&raw.issues, problems);
    let tests = tolerance(&raw.tests, problems);
    let history = tolerance(&raw.history, problems);
    let deployments = tolerance(&raw.deployments, problems);
    let origins = tolerance(&raw.origins, problems);
    Some(Missing {
        issues: issues?,
        tests: tests?,
        history: history?,
        deployments: deployments?,
        origins: origins?,
    })
}

fn tolerance(field: &Field<String>, problems: &mut Problems) -> Option<Tolerance> {
    let name = |tolerance: Tolerance| match tolerance {
        Tolerance::Unknown => "unknown",
        Tolerance::Warn => "warn",
    };
    let at = match field {
        Field::Absent => return Some(Tolerance::Unknown),
        Field::Bad => return None,
        Field::Good(at) => at,
    };
    let found = word(at, [Tolerance::Unknown, Tolerance::Warn], name);
    if found.is_none() {
        problems.push(unknown(
            Code::UnknownTolerance,
            at,
            "an answer to missing evidence",
            ["unknown", "warn"],
        ));
    }
    found
}

/// The one of a fixed set that a word names.
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

/// A pattern without variables; none if it is not one, which is then reported.
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

/// A pattern, which may hold `{candidate}` and `{line}`; none if it is not one, which is then reported.
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
