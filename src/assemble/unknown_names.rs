//! Names in `where` that no issue has: the rule could never fail.

use std::collections::{BTreeMap, BTreeSet};

use crate::classify::names_on_issue;
use crate::model::{DefectAttribute, Issue, NAMED, Selection, Warning, folded, join_limited};
use crate::policy::{Policy, nearest_name};

/// Attributes whose values are free names.
const BY_LABEL: [DefectAttribute; 6] = [
    DefectAttribute::Component,
    DefectAttribute::Team,
    DefectAttribute::Kind,
    DefectAttribute::FoundBy,
    DefectAttribute::RootCause,
    DefectAttribute::DetectionGap,
];

/// A warning for each name that a rule selects by and that no issue has, if there are issues. A name in `not` takes nothing out of
/// the rule's sight: it is warned about only if it is close to one that issues have.
pub fn unknown_name_warnings<'i>(
    issues: impl Iterator<Item = &'i Issue> + Clone,
    policy: &Policy,
) -> Vec<Warning> {
    // A new repository has no labels in use yet, and every name would be reported.
    if issues.clone().next().is_none() {
        return Vec::new();
    }
    let mut warnings = Vec::new();
    let mut known: BTreeMap<DefectAttribute, BTreeSet<String>> = BTreeMap::new();
    for rule in &policy.rules {
        for condition in rule.filter.0.iter().filter(|condition| BY_LABEL.contains(&condition.attribute)) {
            let attribute = condition.attribute;
            let (values, is_selected) = match &condition.selection {
                Selection::AnyOf(values) => (values.as_slice(), true),
                Selection::NoneOf(values) => (values.as_slice(), false),
                Selection::Nothing => continue,
            };
            let known =
                known.entry(attribute).or_insert_with(|| stated_values(issues.clone(), policy, attribute));
            // A component can also come from the paths of a fix. No label has to carry its name.
            let values = values.iter().filter(|value| !policy.defects.known_by_path(attribute, value));
            let mut unlike = Vec::new();
            let (id, what) = (&rule.id, attribute.name());
            for value in values.map(|value| folded(value)).filter(|value| !known.contains(value)) {
                match nearest_name(&value, known.iter().map(String::as_str)) {
                    Some(near) => warnings.push(Warning(format!(
                        "no issue has the {what} `{value}`, which rule `{id}` selects by; did you mean `{near}`?"
                    ))),
                    // Names that resemble nothing share one warning. A policy for many teams would
                    // flood the report.
                    None => unlike.push(format!("`{value}`")),
                }
            }
            if is_selected && !unlike.is_empty() {
                warnings.push(Warning(format!(
                    "no issue has the {what} {}, which rule `{id}` selects by: check the name",
                    join_limited(unlike, NAMED)
                )));
            }
        }
    }
    warnings
}

/// The names of an attribute that issues state, in lower case.
fn stated_values<'i>(
    issues: impl Iterator<Item = &'i Issue>,
    policy: &Policy,
    attribute: DefectAttribute,
) -> BTreeSet<String> {
    let names = issues.flat_map(|issue| names_on_issue(issue, &policy.defects, attribute));
    names.map(|name| folded(&name)).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::unknown_name_warnings;
    use crate::model::Issue;
    use crate::policy::parse;

    const DEFECTS: &str = "version: 1
defects:
  escaped: { labels: [prod] }
  severity: { critical: [sev/critical] }
  component: { labels: \"area/*\", paths: { carts: [\"carts/**\"] } }
";

    fn warnings(labels: &[&[&str]], rules: &str) -> Vec<String> {
        let policy = parse(format!("{DEFECTS}rules:\n{rules}").as_bytes(), "policy.yml").unwrap().policy;
        let issue = |labels: &&[&str]| -> Issue {
            serde_json::from_value(serde_json::json!({
                "number": 1, "title": "", "url": "", "labels": labels, "state": "open",
                "created-at": "2026-01-01T00:00:00Z", "updated-at": "2026-01-01T00:00:00Z",
            }))
            .unwrap()
        };
        let issues: Vec<Issue> = labels.iter().map(issue).collect();
        unknown_name_warnings(issues.iter(), &policy).into_iter().map(|one| one.0).collect()
    }

    const SELECTS: &str = "  - { id: a, metric: escaped, where: { component: crat }, max: 0 }
  - { id: b, metric: escaped, where: { component: [payments, ledger, Cart] }, max: 0 }
";

    #[test]
    fn a_name_that_no_issue_has_is_warned_about() {
        assert_eq!(
            warnings(&[&["Area/Cart"]], SELECTS),
            [
                "no issue has the component `crat`, which rule `a` selects by; did you mean `cart`?",
                "no issue has the component `payments`, `ledger`, which rule `b` selects by: check the name",
            ]
        );
    }

    #[test]
    fn names_from_issues_paths_and_severities_are_known() {
        let rules = "  - { id: a, metric: escaped, where: { component: [cart, carts] }, max: 0 }
  - { id: b, metric: escaped, where: { severity: critical }, max: 0 }
";
        assert!(warnings(&[&["area/cart"]], rules).is_empty());
    }

    #[test]
    fn without_issues_no_name_is_unknown() {
        assert!(warnings(&[], SELECTS).is_empty());
    }

    #[test]
    fn excluded_name_may_be_unknown_unless_misspelled() {
        let rules = "  - { id: a, metric: escaped, where: { component: { not: [labs, crat] } }, max: 0 }
";
        assert_eq!(
            warnings(&[&["area/cart"]], rules),
            ["no issue has the component `crat`, which rule `a` selects by; did you mean `cart`?"]
        );
    }
}
