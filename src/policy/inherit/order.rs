//! Which of two values is the stricter one.

use std::cmp::Ordering;
use std::rc::Rc;

use super::super::keys::Merge;
use super::super::yaml::{Kind, Node};
use super::lists::entries;

/// How a value stands to the one that is inherited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Relation {
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
pub(super) fn texts(merge: Merge, smaller: bool, base: &str, own: &str) -> Relation {
    if base == own {
        return Relation::Same;
    }
    let (greater, order) = match merge {
        Merge::Greater => (true, numbers(base, own)),
        Merge::Smaller => (false, numbers(base, own)),
        Merge::Warn => (!smaller, numbers(base, own)),
        Merge::Order(words) => {
            let rank = |word: &str| words.iter().position(|one| *one == word);
            match (rank(base), rank(own)) {
                (Some(base), Some(own)) => (true, Some(base.cmp(&own))),
                // A word that is none is no policy: it is kept, so that it is reported.
                (None, _) => return Relation::Same,
                (Some(_), None) => return Relation::Stricter,
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
        None => Relation::Other,
        Some(Ordering::Equal) => Relation::Same,
        Some(Ordering::Less) if greater => Relation::Stricter,
        Some(Ordering::Greater) if !greater => Relation::Stricter,
        Some(Ordering::Less | Ordering::Greater) => Relation::Milder,
    }
}

/// The order of two numbers of one unit; none if one of them is no number or they differ in their unit.
pub(super) fn numbers(one: &str, other: &str) -> Option<Ordering> {
    let ((one, unit), (other, other_unit)) = (number(one)?, number(other)?);
    // Nothing is nothing in every unit.
    (unit == other_unit || one == 0 || other == 0).then(|| one.cmp(&other))
}

/// Whether two values say the same. The order of a list counts only where the first hit wins.
pub(super) fn same(one: &Node, other: &Node, ordered: bool) -> bool {
    match (&one.kind, &other.kind) {
        (Kind::Map(_), Kind::Map(_)) => {
            let within = |a: &Node, b: &Node| {
                a.pairs().iter().all(|(key, value)| {
                    let there = key.scalar().and_then(|key| b.get(key));
                    there.is_some_and(|there| same(value, there, ordered))
                })
            };
            within(one, other) && within(other, one)
        }
        (Kind::List(a), Kind::List(b)) if ordered => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b, ordered))
        }
        (Kind::Map(_), _) | (_, Kind::Map(_)) => false,
        (
            Kind::List(_) | Kind::Plain(_) | Kind::Quoted(_),
            Kind::List(_) | Kind::Plain(_) | Kind::Quoted(_),
        ) => entries(one) == entries(other),
    }
}

/// A value on one line, as a policy may write it.
pub(super) fn flow(node: &Node) -> String {
    match &node.kind {
        Kind::Plain(text) | Kind::Quoted(text) => text.clone(),
        Kind::List(items) => {
            let items: Vec<String> = items.iter().map(|item| flow(item)).collect();
            format!("[{}]", items.join(", "))
        }
        Kind::Map(pairs) => {
            let pair = |(key, value): &(Rc<Node>, Rc<Node>)| format!("{}: {}", flow(key), flow(value));
            format!("{{ {} }}", pairs.iter().map(pair).collect::<Vec<_>>().join(", "))
        }
    }
}

/// What a number counts.
#[derive(PartialEq, Eq)]
enum Unit {
    Things,
    Percent,
    Hours,
}

/// A decimal number in parts of its last decimal, and what it counts.
fn number(text: &str) -> Option<(u128, Unit)> {
    let (number, unit, factor) = match text.char_indices().last() {
        Some((at, '%')) => (text[..at].trim_end(), Unit::Percent, 1),
        Some((at, 'h')) => (&text[..at], Unit::Hours, 1),
        Some((at, 'd')) => (&text[..at], Unit::Hours, 24),
        Some((at, 'w')) => (&text[..at], Unit::Hours, 7 * 24),
        Some(_) | None => (text, Unit::Things, 1),
    };
    let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(fraction) || fraction.len() > DECIMALS {
        return None;
    }
    let parts: u128 = format!("{whole}{fraction:0<DECIMALS$}").parse().ok()?;
    Some((parts.checked_mul(factor)?, unit))
}
