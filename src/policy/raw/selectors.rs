//! `defects.escaped`, `.caught` and `.blocking` as written: one mapping, or a list of alternatives.

use std::ops::Range;

use crate::policy::keys::{self, Key};
use crate::policy::language::{
    Field, Fields, Named, Node, NodeKind, Problems, Spanned, read_text_or_number, read_text_or_texts,
    read_texts,
};

/// A selector as it is written.
#[derive(Debug)]
pub(in crate::policy) struct RawSelector {
    /// Alternatives of the selector: one if a mapping was written.
    pub alternatives: Vec<RawAlternative>,
    /// `types` of the short form, which stands beside `labels` as an alternative.
    pub types: Field<Vec<Spanned<String>>>,
    /// `true` if a mapping was written.
    pub is_short: bool,
}

/// An alternative, or the value of `not`.
#[derive(Debug)]
pub(in crate::policy) struct RawAlternative {
    /// Place of the whole alternative.
    pub span: Range<usize>,
    pub labels: Field<Vec<Spanned<String>>>,
    pub all_labels: Field<Vec<Spanned<String>>>,
    pub types: Field<Vec<Spanned<String>>>,
    pub fields: Named<Field<Vec<Spanned<String>>>>,
    pub milestone: Field<String>,
    pub not: Field<Box<RawAlternative>>,
    pub require: Field<Vec<Spanned<String>>>,
}

impl RawSelector {
    /// Returns the labels of the alternatives that ask for any of some labels and for nothing else.
    pub fn plain_labels(&self) -> Vec<Spanned<String>> {
        let plain = self.alternatives.iter().filter(|one| one.is_labels_only());
        plain.filter_map(|one| one.labels.good()).flat_map(|at| at.value.iter().cloned()).collect()
    }
}

impl RawAlternative {
    fn is_labels_only(&self) -> bool {
        self.all_labels.is_absent()
            && self.types.is_absent()
            && self.fields.is_empty()
            && self.milestone.is_absent()
            && self.not.is_absent()
    }
}

/// `escaped` or `caught`.
pub(super) fn selector(node: &Node, name: &str, problems: &mut Problems) -> Option<RawSelector> {
    read(node, name, (keys::ESCAPED, keys::ALTERNATIVE), problems)
}

/// `blocking`.
pub(super) fn blocking(node: &Node, name: &str, problems: &mut Problems) -> Option<RawSelector> {
    read(node, name, (keys::BLOCKER, keys::BLOCKER), problems)
}

fn read(
    node: &Node,
    name: &str,
    (short, entry): (&'static [Key], &'static [Key]),
    problems: &mut Problems,
) -> Option<RawSelector> {
    if let NodeKind::List(items) = &node.kind {
        let what = format!("an alternative of {name}");
        let read: Vec<Option<RawAlternative>> = items
            .iter()
            .map(|item| {
                let fields = Fields::open(item, &what, entry, problems)?;
                Some(alternative(item, &fields, entry, problems))
            })
            .collect();
        let alternatives = read.into_iter().collect::<Option<Vec<_>>>()?;
        return Some(RawSelector { alternatives, types: Field::Absent, is_short: false });
    }
    let fields = Fields::open(node, name, short, problems)?;
    let types = match keys::find_key(short, "types") {
        Some(_) => fields.get("types", problems, read_texts),
        None => Field::Absent,
    };
    let alternatives = vec![alternative(node, &fields, short, problems)];
    Some(RawSelector { alternatives, types, is_short: true })
}

/// Reads the keys of an alternative that its table has.
fn alternative(
    node: &Node,
    fields: &Fields<'_>,
    table: &'static [Key],
    problems: &mut Problems,
) -> RawAlternative {
    let has = |key: &str| keys::find_key(table, key).is_some();
    let conditions = if has("require") { keys::NOT_BLOCKING } else { keys::CONDITIONS };
    RawAlternative {
        span: node.span.clone(),
        labels: fields.get("labels", problems, read_texts),
        all_labels: fields.get("all-labels", problems, read_texts),
        types: fields.get("type", problems, read_text_or_texts),
        fields: fields.open_keys("field", problems, read_text_or_texts),
        milestone: fields.get("milestone", problems, read_text_or_number),
        not: match has("not") {
            true => fields.get("not", problems, |node, name, problems| {
                let fields = Fields::open(node, name, conditions, problems)?;
                Some(Box::new(alternative(node, &fields, conditions, problems)))
            }),
            false => Field::Absent,
        },
        require: match has("require") {
            true => fields.get("require", problems, read_text_or_texts),
            false => Field::Absent,
        },
    }
}
