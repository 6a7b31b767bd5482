//! `defects.escaped`, `.caught` and `.blocking`: the short form, one alternative, or a list of them.

use std::ops::Range;

use crate::policy::blocking::BlockerRules;
use crate::policy::checks::{all_or_none, empty_list, pattern, pattern_with_variables};
use crate::policy::code::Code;
use crate::policy::keys::{Key, find_key};
use crate::policy::language::{
    Draft, Field, Fields, Named, Node, NodeKind, Problems, Spanned, quote, read_text_or_number,
    read_text_or_texts, read_texts,
};
use crate::policy::matcher::LabelPattern;
use crate::policy::sections::defects::selector_keys::{
    ALTERNATIVE, BLOCKER, CONDITIONS, ESCAPED, NOT_BLOCKING,
};
use crate::policy::selector::{Alternative, MilestonePattern, Selector};

/// A pattern and its place.
pub(in crate::policy) type Placed = (LabelPattern, Range<usize>);

/// `escaped` or `caught`, and the labels that warnings compare.
pub(in crate::policy) struct SelectorRead {
    /// `None` if something is wrong with it, which has been reported.
    pub selector: Option<Selector>,
    /// Labels of the alternatives that ask for any of some labels and for nothing else: only those shadow each other for
    /// certain. Invalid ones are left out.
    pub plain_labels: Vec<Placed>,
}

/// The key that a selector belongs to.
#[derive(Clone, Copy)]
struct Purpose {
    /// The key, for example `escaped`.
    name: &'static str,
    /// `true` if `{candidate}` and `{line}` are filled in.
    has_variables: bool,
}

/// Conditions as they are written: an alternative, or the value of `not`.
struct SpannedConditions<'n> {
    fields: Fields<'n>,
    labels: Field<Vec<Spanned<String>>>,
    all_labels: Field<Vec<Spanned<String>>>,
    types: Field<Vec<Spanned<String>>>,
    issue_fields: Named<Field<Vec<Spanned<String>>>>,
    milestone: Field<String>,
    not: Field<Box<SpannedConditions<'n>>>,
}

/// Reads `escaped` or `caught`; `name` is the key.
pub(in crate::policy) fn read_selector(
    fields: &Fields<'_>,
    name: &'static str,
    problems: &mut Problems,
) -> SelectorRead {
    let field = fields.get(name, problems, |node, what, problems| {
        let alternatives = open_alternatives(node, what, (ESCAPED, ALTERNATIVE), problems)?;
        let plain = alternatives.iter().filter(|one| one.is_labels_only());
        let labels = plain.filter_map(|one| one.labels.good()).flat_map(|at| &at.value);
        let placed = labels.filter_map(|at| Some((LabelPattern::new(&at.value).ok()?, at.span.clone())));
        let plain_labels = placed.collect();
        let purpose = Purpose { name, has_variables: false };
        Some(SelectorRead { selector: check_selector(node, &alternatives, purpose, problems), plain_labels })
    });
    let none = SelectorRead { selector: Some(Selector::default()), plain_labels: Vec::new() };
    field.value_or(none).unwrap_or(SelectorRead { selector: None, plain_labels: Vec::new() })
}

/// Reads `blocking`; `None` inside if the policy has none, outside if something is wrong with it.
pub(in crate::policy) fn read_blocking(
    defects: &Fields<'_>,
    problems: &mut Problems,
) -> Option<Option<BlockerRules>> {
    let field = defects.get("blocking", problems, |node, what, problems| {
        let read = open_alternatives(node, what, (BLOCKER, BLOCKER), problems)?;
        let purpose = Purpose { name: "blocking", has_variables: true };
        let require: Option<Vec<Vec<LabelPattern>>> = all_or_none(&read, |one| {
            let require = one.fields.get("require", problems, read_text_or_texts);
            let labels = labels(&require, purpose, problems)?;
            not_empty(&require, "`require`", problems).then_some(labels)
        });
        let alternatives = check_alternatives(node, &read, purpose, problems);
        Some(BlockerRules { selector: Selector { alternatives: alternatives? }, require: require? })
    });
    field.optional()
}

/// Reads one alternative, or a list of them. If one of them is not a mapping, nothing else is read.
fn open_alternatives<'n>(
    node: &'n Node,
    name: &str,
    (short, entry): (&'static [Key], &'static [Key]),
    problems: &mut Problems,
) -> Option<Vec<SpannedConditions<'n>>> {
    let NodeKind::List(items) = &node.kind else {
        let fields = Fields::open(node, name, short, problems)?;
        return Some(vec![read_conditions(fields, short, problems)]);
    };
    let what = format!("an alternative of {name}");
    all_or_none(items, |item| {
        Some(read_conditions(Fields::open(item, &what, entry, problems)?, entry, problems))
    })
}

/// Reads the conditions that a table of keys has.
fn read_conditions<'n>(
    fields: Fields<'n>,
    table: &'static [Key],
    problems: &mut Problems,
) -> SpannedConditions<'n> {
    let has = |key: &str| find_key(table, key).is_some();
    let excluded = if has("require") { NOT_BLOCKING } else { CONDITIONS };
    SpannedConditions {
        labels: fields.get("labels", problems, read_texts),
        all_labels: fields.get("all-labels", problems, read_texts),
        types: fields.get("type", problems, read_text_or_texts),
        issue_fields: fields.open_keys("field", problems, read_text_or_texts),
        milestone: fields.get("milestone", problems, read_text_or_number),
        not: match has("not") {
            true => fields.get("not", problems, |node, name, problems| {
                let fields = Fields::open(node, name, excluded, problems)?;
                Some(Box::new(read_conditions(fields, excluded, problems)))
            }),
            false => Field::Absent,
        },
        fields,
    }
}

impl SpannedConditions<'_> {
    /// Returns `true` if nothing is written but `labels`, which may be empty or missing, and `types` of the short form.
    fn is_labels_only(&self) -> bool {
        self.all_labels.is_absent()
            && self.types.is_absent()
            && self.issue_fields.is_empty()
            && self.milestone.is_absent()
            && self.not.is_absent()
    }
}

fn check_selector(
    node: &Node,
    alternatives: &[SpannedConditions<'_>],
    purpose: Purpose,
    problems: &mut Problems,
) -> Option<Selector> {
    let name = purpose.name;
    if let (NodeKind::Map(_), [only]) = (&node.kind, alternatives) {
        let types = only.fields.get("types", problems, read_texts);
        if only.is_labels_only() {
            let labels = labels(&only.labels, purpose, problems);
            let types = check_texts(&types, &format!("a type of `{name}`"), problems);
            return Some(Selector::any_of(labels?, types?));
        }
        // In the short form, `labels` and `types` mean "any of them". Next to further conditions it
        // could as well mean "all of them".
        if let Some(types) = types.good() {
            let message = "`types` cannot stand beside other conditions: it does not say whether all or any of them must hold";
            let draft = Draft::new(Code::BadAlternative, &types.span, message);
            problems.push(draft.see(only.fields.span(), "the conditions").help(format!(
                "write `type` if all must hold, or a list: `{name}: [{{ labels: [production-bug] }}, {{ type: Bug }}]`"
            )));
            return None;
        }
    }
    Some(Selector { alternatives: check_alternatives(node, alternatives, purpose, problems)? })
}

fn check_alternatives(
    node: &Node,
    alternatives: &[SpannedConditions<'_>],
    purpose: Purpose,
    problems: &mut Problems,
) -> Option<Vec<Alternative>> {
    if alternatives.is_empty() {
        let draft = Draft::new(Code::EmptyList, &node.span, format!("`{}` is an empty list", purpose.name));
        problems.push(draft.help("write at least one entry, or leave the key out"));
        return None;
    }
    all_or_none(alternatives, |written| {
        let alternative = check_conditions(written, purpose, problems)?;
        can_be_found(&alternative, written, purpose, problems).then_some(alternative)
    })
}

fn check_conditions(
    written: &SpannedConditions<'_>,
    purpose: Purpose,
    problems: &mut Problems,
) -> Option<Alternative> {
    let mut whole = not_empty(&written.labels, "`labels`", problems);
    whole &= not_empty(&written.all_labels, "`all-labels`", problems);
    whole &= not_empty(&written.types, "`type`", problems);
    let labels_any = labels(&written.labels, purpose, problems);
    let all_labels = labels(&written.all_labels, purpose, problems);
    let types = check_texts(&written.types, &format!("a type of `{}`", purpose.name), problems);
    let fields = check_fields(&written.issue_fields, problems);
    let milestone = written.milestone.check_optional(|at| match at.value.as_str() {
        "{candidate}" if purpose.has_variables => Some(MilestonePattern::Candidate),
        "{line}" if purpose.has_variables => Some(MilestonePattern::Line),
        _ => label(at, "a milestone", purpose, problems).map(MilestonePattern::Title),
    });
    let not = written.not.check_optional(|at| {
        let not = check_conditions(&at.value, purpose, problems)?;
        // An empty alternative would match everything, so that nothing would be selected.
        if not.is_empty() {
            let draft = Draft::new(Code::BadAlternative, &at.span, "`not` excludes nothing");
            problems.push(draft.help("write `not: { labels: [wontfix] }`, or leave it out"));
            return None;
        }
        Some(Box::new(not))
    });
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
    written: &SpannedConditions<'_>,
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
    let draft = Draft::new(Code::BadAlternative, written.fields.span(), message);
    problems.push(draft.help("add `labels: [production-bug]` or `type: Bug`"));
    false
}

fn check_fields(
    written: &Named<Field<Vec<Spanned<String>>>>,
    problems: &mut Problems,
) -> Option<Vec<(String, Vec<String>)>> {
    let mut whole = true;
    let mut fields = Vec::new();
    for (name, values) in written {
        if name.value.trim().is_empty() {
            let draft = Draft::new(Code::EmptyText, &name.span, "a field has no name");
            problems.push(draft.help("write the name that the field has in the tracker"));
            whole = false;
        }
        whole &= not_empty(values, &quote(&name.value), problems);
        match check_texts(values, &format!("a value of the field {}", quote(&name.value)), problems) {
            Some(values) => fields.push((name.value.trim().to_owned(), values)),
            None => whole = false,
        }
    }
    whole.then_some(fields)
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
    let what = format!("a label of `{}`", purpose.name);
    field.check_or(Vec::new(), |at| all_or_none(&at.value, |item| label(item, &what, purpose, problems)))
}

/// Returns texts that are not blank; `what` has its article.
fn check_texts(
    field: &Field<Vec<Spanned<String>>>,
    what: &str,
    problems: &mut Problems,
) -> Option<Vec<String>> {
    field.check_or(Vec::new(), |at| {
        let mut whole = true;
        for item in at.value.iter().filter(|item| item.value.trim().is_empty()) {
            whole = false;
            let draft = Draft::new(Code::EmptyText, &item.span, format!("{what} is empty"));
            problems.push(draft.help("write a name, or remove it"));
        }
        whole.then(|| at.value.iter().map(|item| item.value.trim().to_owned()).collect())
    })
}

/// Returns `false` for an empty list, which is then reported.
fn not_empty<T>(field: &Field<Vec<T>>, what: &str, problems: &mut Problems) -> bool {
    match field {
        Field::Good(at) if at.value.is_empty() => {
            problems.push(empty_list(at, what));
            false
        }
        Field::Absent | Field::Bad | Field::Good(_) => true,
    }
}
