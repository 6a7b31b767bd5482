//! The groups that the defects of a policy fall into by one attribute.

use std::collections::{BTreeMap, HashSet};

use super::filter_match::{FilterMatch, match_filter, selection_matches};
use crate::evidence::Evidence;
use crate::model::{DefectAttribute, DefectFilter, MetricId, Selection, Severity, folded};

/// The values of an attribute that the defects of a filter have, each as a condition for the filter; the last is for the
/// defects without any value, where there are such. In order of the names, severities by weight.
///
/// A defect with several values is in several groups. Defects that were caught count too: a group in which nothing escaped
/// keeps its rate. `None` if no issues were read.
pub fn attribute_groups(
    metric: MetricId,
    attribute: DefectAttribute,
    evidence: &Evidence,
    filter: &DefectFilter,
) -> Option<Vec<(String, Selection)>> {
    let defects =
        evidence.looked_at(metric)?.filter(|d| !matches!(match_filter(d, filter), FilterMatch::Mismatch(_)));
    let one = |name: &str| (name.to_owned(), Selection::AnyOf(vec![name.to_owned()]));
    let asked_for = |name: &str| {
        // A defect in `cart` and `pay` passes `where: { component: cart }`. Its second component
        // must not become a group.
        let conditions = filter.0.iter().filter(|condition| condition.attribute == attribute);
        conditions.map(|c| &c.selection).all(|selection| selection_matches(selection, std::iter::once(name)))
    };
    if attribute == DefectAttribute::Severity {
        // A defect without a severity may be of each: it makes every group undecided, and is in none by itself.
        let names = Severity::ALL.map(Severity::name).into_iter();
        return Some(names.filter(|name| asked_for(name)).map(one).collect());
    }
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    let mut seen = HashSet::new();
    let mut some_have_none = false;
    for defect in defects {
        let has = defect.values(attribute);
        some_have_none |= has.is_empty();
        for name in has {
            // Most defects bring no new name.
            if !seen.insert(name) || !asked_for(name) {
                continue;
            }
            // `area/Cart` and `area/cart` are one component. The spelling that occurs first is
            // shown.
            names.entry(folded(name)).or_insert_with(|| name.clone());
        }
    }
    let mut found: Vec<_> = names.values().map(|name| one(name)).collect();
    if some_have_none {
        found.push((format!("without a {}", attribute.name()), Selection::Nothing));
    }
    Some(found)
}
