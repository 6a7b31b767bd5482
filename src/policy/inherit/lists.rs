//! Lists of labels, types and classes: what is in both, and what in either.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::super::yaml::{Kind, Node};
use super::order::flow;

/// Entries of a list in a form that can be compared: without regard to case, order and repetition.
pub(super) fn entries(node: &Node) -> BTreeSet<String> {
    match &node.kind {
        Kind::List(items) => items.iter().map(|item| flow(item).to_lowercase()).collect(),
        Kind::Plain(_) | Kind::Quoted(_) | Kind::Map(_) => BTreeSet::from([flow(node).to_lowercase()]),
    }
}

/// The entries of both lists, each once.
pub(super) fn union(base: &Rc<Node>, own: &Rc<Node>) -> Rc<Node> {
    let known = entries(base);
    let new = own.items().iter().filter(|item| !known.contains(&flow(item).to_lowercase()));
    Node::list(&own.span, base.items().iter().chain(new).cloned().collect())
}

/// Entries of a list, or of each class of a mapping.
pub(super) fn classes(node: &Node) -> BTreeSet<String> {
    if node.pairs().is_empty() {
        return entries(node);
    }
    let each = node
        .pairs()
        .iter()
        .flat_map(|(class, list)| entries(list).into_iter().map(|entry| format!("{}: {entry}", flow(class))));
    each.collect()
}

/// What is in both lists, or in the same class of both mappings; none if that is nothing.
pub(super) fn common(one: &Rc<Node>, other: &Rc<Node>) -> Option<Rc<Node>> {
    if one.pairs().is_empty() {
        let known = entries(other);
        let kept: Vec<Rc<Node>> =
            one.items().iter().filter(|item| known.contains(&flow(item).to_lowercase())).cloned().collect();
        return (!kept.is_empty()).then(|| Node::list(&one.span, kept));
    }
    let kept: Vec<(Rc<Node>, Rc<Node>)> = one
        .pairs()
        .iter()
        .filter_map(|(class, list)| {
            let there = other.get(class.scalar()?)?;
            Some((Rc::clone(class), common(list, there)?))
        })
        .collect();
    (!kept.is_empty()).then(|| Node::map(&one.span, kept))
}
