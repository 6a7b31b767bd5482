//! Checks selectors: the short form, one alternative, or a list of them.

use std::ops::Range;

use super::super::blocking::BlockerRules;
use super::super::code::Code;
use super::super::matcher::LabelPattern;
use super::super::raw::{RawAlternative, RawSelector};
use super::super::selector::{Alternative, MilestonePattern, Selector};
use super::{empty_list, pattern, pattern_with_variables};
use crate::policy::language::{Draft, Field, Problems, Spanned, quote};

/// A pattern and its place.
pub(super) type Placed = (LabelPattern, Range<usize>);

/// The key that a selector belongs to.
#[derive(Clone, Copy)]
struct Purpose {
    /// The key, for example `escaped`.
    name: &'static str,
    /// `true` if `{candidate}` and `{line}` are filled in.
    has_variables: bool,
}

/// `escaped` or `caught`; `None` if something is wrong with it, which is then reported.
pub(super) fn selector(
    field: &Field<RawSelector>,
    name: &'static str,
    problems: &mut Problems,
) -> Option<Selector> {
    let at = match field {
        Field::Absent => return Some(Selector::default()),
        Field::Bad => return None,
        Field::Good(at) => at,
    };
    let purpose = Purpose { name, has_variables: false };
    let raw = &at.value;
    if raw.is_short
        && let [only] = raw.alternatives.as_slice()
        && is_short(only)
    {
        let labels = labels(&only.labels, purpose, problems);
        let types = names(&raw.types, &format!("a type of `{name}`"), problems);
        return Some(Selector::any_of(labels?, types?));
    }
    // In the short form, `labels` and `types` mean "any of them". Next to further conditions it
    // could as well mean "all of them".
    if let (Some(types), [only]) = (raw.types.good(), raw.alternatives.as_slice()) {
        let message = "`types` cannot stand beside other conditions: it does not say whether all or any of them must hold";
        let draft = Draft::new(Code::BadAlternative, &types.span, message).see(&only.span, "the conditions");
        problems.push(draft.help(format!(
            "write `type` if all must hold, or a list: `{name}: [{{ labels: [production-bug] }}, {{ type: Bug }}]`"
        )));
        return None;
    }
    Some(Selector { alternatives: alternatives(at, purpose, problems)? })
}

/// `blocking`; `None` inside if the policy has none, outside if it is wrong, which is then reported.
pub(super) fn blocking(field: &Field<RawSelector>, problems: &mut Problems) -> Option<Option<BlockerRules>> {
    let at = match field {
        Field::Absent => return Some(None),
        Field::Bad => return None,
        Field::Good(at) => at,
    };
    let purpose = Purpose { name: "blocking", has_variables: true };
    let require: Vec<Option<Vec<LabelPattern>>> = at
        .value
        .alternatives
        .iter()
        .map(|one| {
            let labels = labels(&one.require, purpose, problems)?;
            not_empty(&one.require, "`require`", problems).then_some(labels)
        })
        .collect();
    let alternatives = alternatives(at, purpose, problems);
    let require = require.into_iter().collect::<Option<Vec<_>>>()?;
    Some(Some(BlockerRules { selector: Selector { alternatives: alternatives? }, require }))
}

/// Returns the labels of the alternatives that ask for labels only, with their places. Invalid ones are left out.
pub(super) fn plain_labels(field: &Field<RawSelector>) -> Vec<Placed> {
    let labels = field.good().map(|at| at.value.plain_labels()).unwrap_or_default();
    let placed = labels.into_iter().filter_map(|at| Some((LabelPattern::new(&at.value).ok()?, at.span)));
    placed.collect()
}

/// Returns `true` if nothing is written but `labels`, which may be empty or missing.
fn is_short(raw: &RawAlternative) -> bool {
    raw.all_labels.is_absent()
        && raw.types.is_absent()
        && raw.fields.is_empty()
        && raw.milestone.is_absent()
        && raw.not.is_absent()
}

fn alternatives(
    at: &Spanned<RawSelector>,
    purpose: Purpose,
    problems: &mut Problems,
) -> Option<Vec<Alternative>> {
    if at.value.alternatives.is_empty() {
        let draft = Draft::new(Code::EmptyList, &at.span, format!("`{}` is an empty list", purpose.name));
        problems.push(draft.help("write at least one entry, or leave the key out"));
        return None;
    }
    let read: Vec<Option<Alternative>> = at
        .value
        .alternatives
        .iter()
        .map(|raw| {
            let alternative = alternative(raw, purpose, problems)?;
            can_be_found(&alternative, raw, purpose, problems).then_some(alternative)
        })
        .collect();
    read.into_iter().collect()
}

fn alternative(raw: &RawAlternative, purpose: Purpose, problems: &mut Problems) -> Option<Alternative> {
    let name = purpose.name;
    let mut whole = not_empty(&raw.labels, "`labels`", problems);
    whole &= not_empty(&raw.all_labels, "`all-labels`", problems);
    whole &= not_empty(&raw.types, "`type`", problems);
    let labels_any = labels(&raw.labels, purpose, problems);
    let all_labels = labels(&raw.all_labels, purpose, problems);
    let types = names(&raw.types, &format!("a type of `{name}`"), problems);
    let fields = fields(raw, problems);
    let milestone = milestone(&raw.milestone, purpose, problems);
    let not = match &raw.not {
        Field::Absent => Some(None),
        Field::Bad => None,
        Field::Good(at) => match alternative(&at.value, purpose, problems) {
            // An empty alternative would match everything, so that nothing would be selected.
            Some(not) if not.is_empty() => {
                let draft = Draft::new(Code::BadAlternative, &at.span, "`not` excludes nothing");
                problems.push(draft.help("write `not: { labels: [wontfix] }`, or leave it out"));
                None
            }
            Some(not) => Some(Some(Box::new(not))),
            None => None,
        },
    };
    let read = Alternative {
        labels: labels_any?,
        all_labels: all_labels?,
        types: types?,
        fields: fields?,
        milestone: milestone?,
        not: not?,
    };
    whole.then_some(read)
}

/// Returns `true` if an alternative names a list to read issues from: a label, a type, or for blockers a milestone.
fn can_be_found(
    alternative: &Alternative,
    raw: &RawAlternative,
    purpose: Purpose,
    problems: &mut Problems,
) -> bool {
    // GitHub lists issues by label, type or milestone. A condition on a field alone would mean
    // reading every issue.
    let by_milestone = purpose.has_variables && alternative.milestone.is_some();
    if alternative.has_labels() || !alternative.types.is_empty() || by_milestone {
        return true;
    }
    let or = if purpose.has_variables { "a label, a type or a milestone" } else { "a label or a type" };
    let message = format!("this alternative of `{}` needs {or}: issues are found by it", purpose.name);
    let draft = Draft::new(Code::BadAlternative, &raw.span, message);
    problems.push(draft.help("add `labels: [production-bug]` or `type: Bug`"));
    false
}

fn fields(raw: &RawAlternative, problems: &mut Problems) -> Option<Vec<(String, Vec<String>)>> {
    let mut whole = true;
    let mut fields = Vec::new();
    for (name, values) in &raw.fields {
        if name.value.trim().is_empty() {
            let draft = Draft::new(Code::EmptyText, &name.span, "a field has no name");
            problems.push(draft.help("write the name that the field has in the tracker"));
            whole = false;
        }
        whole &= not_empty(values, &quote(&name.value), problems);
        match names(values, &format!("a value of the field {}", quote(&name.value)), problems) {
            Some(values) => fields.push((name.value.trim().to_owned(), values)),
            None => whole = false,
        }
    }
    whole.then_some(fields)
}

fn milestone(
    field: &Field<String>,
    purpose: Purpose,
    problems: &mut Problems,
) -> Option<Option<MilestonePattern>> {
    let at = match field {
        Field::Absent => return Some(None),
        Field::Bad => return None,
        Field::Good(at) => at,
    };
    match at.value.as_str() {
        "{candidate}" if purpose.has_variables => Some(Some(MilestonePattern::Candidate)),
        "{line}" if purpose.has_variables => Some(Some(MilestonePattern::Line)),
        _ => {
            let title = label(at, "a milestone", purpose, problems)?;
            Some(Some(MilestonePattern::Title(title)))
        }
    }
}

fn label(
    at: &Spanned<String>,
    what: &str,
    purpose: Purpose,
    problems: &mut Problems,
) -> Option<LabelPattern> {
    match purpose.has_variables {
        true => pattern_with_variables(at, what, problems),
        false => pattern(at, what, problems),
    }
}

fn labels(
    field: &Field<Vec<Spanned<String>>>,
    purpose: Purpose,
    problems: &mut Problems,
) -> Option<Vec<LabelPattern>> {
    let items = match field {
        Field::Absent => return Some(Vec::new()),
        Field::Bad => return None,
        Field::Good(at) => &at.value,
    };
    let what = format!("a label of `{}`", purpose.name);
    let read: Vec<Option<LabelPattern>> =
        items.iter().map(|item| label(item, &what, purpose, problems)).collect();
    read.into_iter().collect()
}

/// Texts that are not blank; `what` has its article.
fn names(field: &Field<Vec<Spanned<String>>>, what: &str, problems: &mut Problems) -> Option<Vec<String>> {
    let items = match field {
        Field::Absent => return Some(Vec::new()),
        Field::Bad => return None,
        Field::Good(at) => &at.value,
    };
    let mut whole = true;
    for item in items.iter().filter(|item| item.value.trim().is_empty()) {
        whole = false;
        let draft = Draft::new(Code::EmptyText, &item.span, format!("{what} is empty"));
        problems.push(draft.help("write a name, or remove it"));
    }
    whole.then(|| items.iter().map(|item| item.value.trim().to_owned()).collect())
}

/// False for an empty list, which is then reported.
fn not_empty(field: &Field<Vec<Spanned<String>>>, what: &str, problems: &mut Problems) -> bool {
    match field {
        Field::Good(at) if at.value.is_empty() => {
            problems.push(empty_list(at, what));
            false
        }
        Field::Absent | Field::Bad | Field::Good(_) => true,
    }
}
