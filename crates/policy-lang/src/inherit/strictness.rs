//! Compares two values: which one is stricter?

use std::cmp::Ordering;

use super::lists::comparable_entries;
use crate::Merge;
use crate::{Node, NodeKind};

/// A value compared with the inherited one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Strictness {
    /// Both mean the same.
    Same,
    /// Fewer cases pass.
    Stricter,
    /// More cases pass.
    Looser,
    /// Neither is stricter, or it cannot be decided.
    Other,
}

/// Number of decimals that are compared; no limit has more.
const DECIMALS: usize = 9;

/// Compares two texts. `is_smaller_stricter` is for a warn limit, whose direction follows `max` or `min`.
pub(super) fn compare_texts(merge: Merge, is_smaller_stricter: bool, base: &str, own: &str) -> Strictness {
    if base == own {
        return Strictness::Same;
    }
    let (greater, order) = match merge {
        Merge::Greater => (true, compare_quantities(base, own)),
        Merge::Smaller => (false, compare_quantities(base, own)),
        Merge::Warn => (!is_smaller_stricter, compare_quantities(base, own)),
        Merge::Order(words) => {
            let rank = |word: &str| words.iter().position(|one| *one == word);
            match (rank(base), rank(own)) {
                (Some(base), Some(own)) => (true, Some(base.cmp(&own))),
                // Keep an unknown word, so that it is reported.
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
        Some(Ordering::Less | Ordering::Greater) => Strictness::Looser,
    }
}

/// Returns the order of two quantities; `None` if one is not a number or their units differ.
pub(super) fn compare_quantities(one: &str, other: &str) -> Option<Ordering> {
    let ((one, unit), (other, other_unit)) = (parse_quantity(one)?, parse_quantity(other)?);
    // 0 is the same in every unit: `0`, `0%`, `0d`.
    (unit == other_unit || one == 0 || other == 0).then(|| one.cmp(&other))
}

/// Returns `true` if two values mean the same. `ordered` says whether the order of a list counts.
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

/// The unit of a quantity.
#[derive(PartialEq, Eq)]
enum QuantityUnit {
    Things,
    Percent,
    Hours,
}

/// Returns a quantity in units of its last decimal, and its unit.
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
    // No floating point: `0.1` has no exact value there, and equal limits must compare as equal.
    let parts: u128 = format!("{whole}{fraction:0<DECIMALS$}").parse().ok()?;
    Some((parts.checked_mul(factor)?, unit))
}
