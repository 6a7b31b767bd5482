//! Values as comparable text, and unions and intersections of lists and of mappings of lists.

use std::collections::BTreeSet;
use std::rc::Rc;

use crate::{Node, NodeKind};

/// Returns the entries of a list in a form without case, order and repetition, so that lists can be compared.
pub(super) fn comparable_entries(node: &Node) -> BTreeSet<String> {
    match &node.kind {
        // GitHub ignores case in the names of labels.
        NodeKind::List(items) => items.iter().map(|item| on_one_line(item).to_lowercase()).collect(),
        NodeKind::Plain(_) | NodeKind::Quoted(_) | NodeKind::Map(_) => {
            BTreeSet::from([on_one_line(node).to_lowercase()])
        }
    }
}

/// Returns the entries of both lists, each once.
pub(super) fn unite_lists(base: &Rc<Node>, own: &Rc<Node>) -> Rc<Node> {
    let known = comparable_entries(base);
    let new = own.items().iter().filter(|item| !known.contains(&on_one_line(item).to_lowercase()));
    Node::list(&own.span, base.items().iter().chain(new).cloned().collect())
}

/// Returns the entries of a list, or of each list of a mapping behind the name of its key.
pub(super) fn entries_by_class(node: &Node) -> BTreeSet<String> {
    if node.pairs().is_empty() {
        return comparable_entries(node);
    }
    let each = node.pairs().iter().flat_map(|(class, list)| {
        comparable_entries(list).into_iter().map(|entry| format!("{}: {entry}", on_one_line(class)))
    });
    each.collect()
}

/// Returns the entries that are in both lists, or under the same key of both mappings; `None` if there are none.
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

/// Returns a value on one line, as a policy may write it.
pub(super) fn on_one_line(node: &Node) -> String {
    match &node.kind {
        NodeKind::Plain(text) | NodeKind::Quoted(text) => text.clone(),
        NodeKind::List(items) => {
            let items: Vec<String> = items.iter().map(|item| on_one_line(item)).collect();
            format!("[{}]", items.join(", "))
        }
        NodeKind::Map(pairs) => {
            let pair =
                |(key, value): &(Rc<Node>, Rc<Node>)| format!("{}: {}", on_one_line(key), on_one_line(value));
            format!("{{ {} }}", pairs.iter().map(pair).collect::<Vec<_>>().join(", "))
        }
    }
}
