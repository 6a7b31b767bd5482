//! Names in `where` that no issue has, while another one is spelled almost the same: the rule could never fail.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Attribute, Selection, Ticket, Warning, folded};
use crate::policy::{Policy, nearest};

/// Attributes whose values are names in labels.
const NAMED: [Attribute; 5] =
    [Attribute::Component, Attribute::Team, Attribute::Kind, Attribute::FoundBy, Attribute::RootCause];

/// A warning for each name that a rule selects by, that no issue has, and that is close to one that issues have. A name that
/// is close to none may be that of a component without issues.
pub fn misspelled(tickets: &[Ticket], policy: &Policy) -> Vec<Warning> {
    let mut warnings = Vec::new();
    let mut known: BTreeMap<Attribute, BTreeSet<String>> = BTreeMap::new();
    for rule in &policy.rules {
        for condition in rule.filter.0.iter().filter(|condition| NAMED.contains(&condition.attribute)) {
            let attribute = condition.attribute;
            let values = match &condition.selection {
                Selection::AnyOf(values) | Selection::NoneOf(values) => values.as_slice(),
                Selection::Nothing => &[],
            };
            let known = known.entry(attribute).or_insert_with(|| names(tickets, policy, attribute));
            for value in values.iter().filter(|value| !policy.defects.known_by_path(attribute, value)) {
                let value = folded(value);
                let near = nearest(&value, known.iter().map(String::as_str));
                let Some(near) = near.filter(|_| !known.contains(&value)) else { continue };
                let (id, what) = (&rule.id, attribute.name());
                warnings.push(Warning(format!(
                    "rule `{id}` selects by the {what} `{value}`, which no issue has; did you mean `{near}`?"
                )));
            }
        }
    }
    warnings
}

/// The values of an attribute that labels give, in lower case.
fn names(tickets: &[Ticket], policy: &Policy, attribute: Attribute) -> BTreeSet<String> {
    let Some(pattern) = policy.defects.naming(attribute) else { return BTreeSet::new() };
    let labels = tickets.iter().flat_map(|ticket| &ticket.labels);
    labels.filter_map(|label| pattern.matches(label)?.star.map(folded)).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::misspelled;
    use crate::model::Ticket;
    use crate::policy::parse;

    #[test]
    fn only_a_name_close_to_another_is_a_slip() {
        let policy = "version: 1
defects:
  escaped: { labels: [prod] }
  component: { labels: \"area/*\", paths: { carts: [\"carts/**\"] } }
rules:
  - { id: a, metric: escaped, where: { component: crat }, max: 0 }
  - { id: b, metric: escaped, where: { component: { not: [Cart, payments, carts] } }, max: 0 }
";
        let policy = parse(policy.as_bytes(), "policy.yml").unwrap().policy;
        let ticket: Ticket = serde_json::from_str(
            r#"{ "number": 1, "title": "", "url": "", "labels": ["Area/Cart"], "state": "open",
                 "created-at": "2026-01-01T00:00:00Z", "updated-at": "2026-01-01T00:00:00Z" }"#,
        )
        .unwrap();
        let found: Vec<String> = misspelled(&[ticket], &policy).into_iter().map(|one| one.0).collect();
        assert_eq!(
            found,
            ["rule `a` selects by the component `crat`, which no issue has; did you mean `cart`?"]
        );
        assert!(misspelled(&[], &policy).is_empty());
    }
}
