//! Which of two values is the stricter one.

use std::cmp::Ordering;
use std::rc::Rc;

use super::super::keys::Merge;
use super::super::yaml::{Node, NodeKind};
use super::lists::comparable_entries;

/// How a value stands to the one that is inherited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Strictness {
    /// They say the same.
    Same,
    /// It passes in fewer cases.
    Stricter,
    /// It passes in more cases.
    Milder,
    /// Neither is stricter, or nobody can tell.
    Other,
}

/// Decimals that numbers are compared with; more than any bound holds.
const DECIMALS: usize = 9;

/// How two texts stand to one another. `smaller` says which side is stricter for a warn limit.
pub(super) fn compare_texts(merge: Merge, smaller: bool, base: &str, own: &str) -> Strictness {
    if base == own {
        return Strictness::Same;
    }
    let (greater, order) = match merge {
        Merge::Greater => (true, compare_quantities(base, own)),
        Merge::Smaller => (false, compare_quantities(base, own)),
        Merge::Warn => (!smaller, compare_quantities(base, own)),
        Merge::Order(words) => {
            let rank = |word: &str| words.iter().position(|one| *one == word);
            match (rank(base), rank(own)) {
                (Some(base), Some(own)) => (true, Some(base.cmp(&own))),
                // A word that is none is no policy: it is kept, so that it is reported.
                (None, _) => return Strictness::Same,
                (Some(_), None) => return Strictness::Stricter,
            }
        }
        Merge::Own
        | Merge::Nearest
        | Merge::Stands(_)
        | Merge::Adds
        | Merge::Globs
        | Merge::Within(_)
        | Merge::Covers
        | Merge::Keys
        | Merge::Rules => (true, None),
    };
    match order {
        None => Strictness::Other,
        Some(Ordering::Equal) => Strictness::Same,
        Some(Ordering::Less) if greater => Strictness::Stricter,
        Some(Ordering::Greater) if !greater => Strictness::Stricter,
        Some(Ordering::Less | Ordering::Greater) => Strictness::Milder,
    }
}

/// The order of two numbers of one unit; none if one of them is no number or they differ in their unit.
pub(super) fn compare_quantities(one: &str, other: &str) -> Option<Ordering> {
    let ((one, unit), (other, other_unit)) = (parse_quantity(one)?, parse_quantity(other)?);
    // Nothing is nothing in every unit.
    (unit == other_unit || one == 0 || other == 0).then(|| one.cmp(&other))
}

/// Whether two values say the same. The order of a list counts only where the first hit wins.
pub(super) fn is_same_value(one: &Node, other: &Node, ordered: bool) -> bool {
    match (&one.kind, &other.kind) {
        (NodeKind::Map(_), NodeKind::Map(_)) => {
            let within = |a: &Node, b: &Node| {
                a.pairs().iter().all(|(key, value)| {
                    let there = key.scalar().and_then(|key| b.get(key));
                    there.is_some_and(|there| is_same_value(value, there, ordered))
                })
            };
            within(one, other) && within(other, one)
        }
        (NodeKind::List(a), NodeKind::List(b)) if ordered => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| is_same_value(a, b, ordered))
        }
        (NodeKind::Map(_), _) | (_, NodeKind::Map(_)) => false,
        (
            NodeKind::List(_) | NodeKind::Plain(_) | NodeKind::Quoted(_),
            NodeKind::List(_) | NodeKind::Plain(_) | NodeKind::Quoted(_),
        ) => comparable_entries(one) == comparable_entries(other),
    }
}

/// A value on one line, as a policy may write it.
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

/// What a number counts.
#[derive(PartialEq, Eq)]
enum QuantityUnit {
    Things,
    Percent,
    Hours,
}

/// A decimal number in parts of its last decimal, and what it counts.
fn parse_quantity(text: &str) -> Option<(u128, QuantityUnit)> {
    let (number, unit, factor) = match text.char_indices().last() {
        Some((at, '%')) => (text[..at].trim_end(), QuantityUnit::Percent, 1),
        Some((at, 'h')) => (&text[..at], QuantityUnit::Hours, 1),
        Some((at, 'd')) => (&text[..at], QuantityUnit::Hours, 24),
        Some((at, 'w')) => (&text[..at], QuantityUnit::Hours, 7 * 24),
        Some(_) | None => (text, QuantityUnit::Things, 1),
    };
    let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(fraction) || fraction.len() > DECIMALS {
        return None;
    }
    let parts: u128 = format!("{whole}{fraction:0<DECIMALS$}").parse().ok()?;
    Some((parts.checked_mul(factor)?, unit))
}
