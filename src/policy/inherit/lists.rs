//! Lists of labels, types and classes: what is in both, and what in either.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::super::yaml::{Node, NodeKind};
use super::order::on_one_line;

/// Entries of a list in a form that can be compared: without regard to case, order and repetition.
pub(super) fn comparable_entries(node: &Node) -> BTreeSet<String> {
    match &node.kind {
        NodeKind::List(items) => items.iter().map(|item| on_one_line(item).to_lowercase()).collect(),
        NodeKind::Plain(_) | NodeKind::Quoted(_) | NodeKind::Map(_) => {
            BTreeSet::from([on_one_line(node).to_lowercase()])
        }
    }
}

/// The entries of both lists, each once.
pub(super) fn unite_lists(base: &Rc<Node>, own: &Rc<Node>) -> Rc<Node> {
    let known = comparable_entries(base);
    let new = own.items().iter().filter(|item| !known.contains(&on_one_line(item).to_lowercase()));
    Node::list(&own.span, base.items().iter().chain(new).cloned().collect())
}

/// True for a selector in its short form: labels or types, and nothing else.
pub(super) fn is_short_selector(node: &Node) -> bool {
    let is_short = |(key, _): &(Rc<Node>, Rc<Node>)| matches!(key.scalar(), Some("labels" | "types"));
    matches!(node.kind, NodeKind::Map(_)) && node.pairs().iter().all(is_short)
}

/// A selector as a list of alternatives. One that asks for any of some labels or types becomes one for each of them, so
/// that lists can be compared by their entries.
pub(super) fn alternatives(node: &Rc<Node>) -> Rc<Node> {
    let entries = match &node.kind {
        NodeKind::List(items) => items.iter().flat_map(split).collect(),
        NodeKind::Map(_) if is_short_selector(node) => {
            let pair = |(key, values): &(Rc<Node>, Rc<Node>)| {
                let name = if key.scalar() == Some("types") { "type" } else { "labels" };
                each(name, key, values)
            };
            node.pairs().iter().flat_map(pair).collect()
        }
        NodeKind::Map(_) => split(node),
        NodeKind::Plain(_) | NodeKind::Quoted(_) => return Rc::clone(node),
    };
    Node::list(&node.span, entries)
}

/// An alternative that asks for labels only, or for a type only, as one for each of them.
fn split(node: &Rc<Node>) -> Vec<Rc<Node>> {
    match node.pairs() {
        [(key, values)] if matches!(key.scalar(), Some("labels" | "type")) => {
            each(key.scalar().unwrap_or_default(), key, values)
        }
        _ => vec![Rc::clone(node)],
    }
}

/// A mapping with a key of this name for each of some values.
fn each(name: &str, key: &Rc<Node>, values: &Rc<Node>) -> Vec<Rc<Node>> {
    let one = |value: &Rc<Node>| {
        let key = if key.scalar() == Some(name) { Rc::clone(key) } else { Node::plain(&key.span, name) };
        Node::map(&value.span, vec![(key, Node::list(&value.span, vec![Rc::clone(value)]))])
    };
    match &values.kind {
        NodeKind::List(items) => items.iter().map(one).collect(),
        NodeKind::Plain(_) | NodeKind::Quoted(_) | NodeKind::Map(_) => vec![one(values)],
    }
}

/// Entries of a list, or of each class of a mapping.
pub(super) fn entries_by_class(node: &Node) -> BTreeSet<String> {
    if node.pairs().is_empty() {
        return comparable_entries(node);
    }
    let each = node.pairs().iter().flat_map(|(class, list)| {
        comparable_entries(list).into_iter().map(|entry| format!("{}: {entry}", on_one_line(class)))
    });
    each.collect()
}

/// What is in both lists, or in the same class of both mappings; none if that is nothing.
pub(super) fn intersect_lists(one: &Rc<Node>, other: &Rc<Node>) -> Option<Rc<Node>> {
    if one.pairs().is_empty() {
        let known = comparable_entries(other);
        let kept: Vec<Rc<Node>> = one
            .items()
            .iter()
            .filter(|item| known.contains(&on_one_line(item).to_lowercase()))
            .cloned()
            .collect();
        return (!kept.is_empty()).then(|| Node::list(&one.span, kept));
    }
    let kept: Vec<(Rc<Node>, Rc<Node>)> = one
        .pairs()
        .iter()
        .filter_map(|(class, list)| {
            let there = other.get(class.scalar()?)?;
            Some((Rc::clone(class), intersect_lists(list, there)?))
        })
        .collect();
    (!kept.is_empty()).then(|| Node::map(&one.span, kept))
}
