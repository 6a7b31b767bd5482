//! Components and teams: a pattern of labels, or a mapping that also says which paths are whose.

use crate::policy::keys;
use crate::policy::language::{
    Field, Fields, Named, Node, NodeKind, Problems, Spanned, read_text, read_texts,
};

/// `defects.component`.
#[derive(Debug)]
pub(in crate::policy) struct RawComponent {
    pub labels: Field<String>,
    pub paths: Named<Field<Vec<Spanned<String>>>>,
}

/// `defects.team`.
#[derive(Debug)]
pub(in crate::policy) struct RawTeam {
    pub labels: Field<String>,
    pub codeowners: Field<RawOwners>,
}

/// `codeowners`: whether to look at the usual places, or where the file is.
#[derive(Debug)]
pub(in crate::policy) enum RawOwners {
    Usual(bool),
    At(String),
}

/// A pattern, or a mapping of `labels` and `paths`.
pub(super) fn component(node: &Node, name: &str, problems: &mut Problems) -> Option<RawComponent> {
    if is_mapping(node) {
        let fields = Fields::open(node, name, keys::COMPONENT, problems)?;
        let labels = fields.get("labels", problems, read_text);
        return Some(RawComponent { labels, paths: fields.open_keys("paths", problems, read_texts) });
    }
    Some(RawComponent { labels: pattern(node, name, problems)?, paths: Vec::new() })
}

/// A pattern, or a mapping of `labels` and `codeowners`.
pub(super) fn team(node: &Node, name: &str, problems: &mut Problems) -> Option<RawTeam> {
    if is_mapping(node) {
        let fields = Fields::open(node, name, keys::TEAM, problems)?;
        let labels = fields.get("labels", problems, read_text);
        return Some(RawTeam { labels, codeowners: fields.get("codeowners", problems, owners) });
    }
    Some(RawTeam { labels: pattern(node, name, problems)?, codeowners: Field::Absent })
}

fn owners(node: &Node, name: &str, problems: &mut Problems) -> Option<RawOwners> {
    match node.scalar() {
        Some("true" | "True" | "TRUE") => Some(RawOwners::Usual(true)),
        Some("false" | "False" | "FALSE") => Some(RawOwners::Usual(false)),
        Some(_) | None => read_text(node, name, problems).map(RawOwners::At),
    }
}

fn pattern(node: &Node, name: &str, problems: &mut Problems) -> Option<Field<String>> {
    let value = read_text(node, name, problems)?;
    Some(Field::Good(Spanned { value, span: node.span.clone() }))
}

fn is_mapping(node: &Node) -> bool {
    match node.kind {
        NodeKind::Map(_) => true,
        NodeKind::Plain(_) | NodeKind::Quoted(_) | NodeKind::List(_) => false,
    }
}
