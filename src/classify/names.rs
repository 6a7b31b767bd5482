//! Reads the names of an attribute from the labels and the field of an issue.

use crate::model::{DefectAttribute, Issue, same_name};
use crate::policy::{AttributeNames, Defects};

use super::recorded_cause;

/// Returns all names of an attribute that an issue states; not those that follow from paths.
pub fn names_on_issue(issue: &Issue, rules: &Defects, attribute: DefectAttribute) -> Vec<String> {
    match attribute {
        DefectAttribute::RootCause => recorded_cause::root_cause(issue, rules).names,
        DefectAttribute::DetectionGap => recorded_cause::detection_gap(issue, rules).names,
        DefectAttribute::Severity
        | DefectAttribute::Component
        | DefectAttribute::Team
        | DefectAttribute::Kind
        | DefectAttribute::FoundBy
        | DefectAttribute::Class => {
            rules.naming(attribute).map_or_else(Vec::new, |names| stated_names(issue, names))
        }
    }
}

/// Returns the names that the labels and the field of an issue state: of a label the part that the wildcard of the pattern
/// matches, of a field each part between commas.
pub(super) fn stated_names(issue: &Issue, names: &AttributeNames) -> Vec<String> {
    let mut found: Vec<String> = match &names.labels {
        Some(pattern) => {
            let name = |label: &String| pattern.matches(label).map(|c| c.star.unwrap_or(label).to_owned());
            issue.labels.iter().filter_map(name).collect()
        }
        None => Vec::new(),
    };
    for name in field_value(issue, names).into_iter().flat_map(|value| value.split(',')).map(str::trim) {
        if !name.is_empty() && !found.iter().any(|known| same_name(known, name)) {
            found.push(name.to_owned());
        }
    }
    // `collect` reserves room for four names, and most defects have one.
    found.shrink_to_fit();
    found
}

/// Returns the value of the field that names an attribute.
pub(super) fn field_value<'i>(issue: &'i Issue, names: &AttributeNames) -> Option<&'i str> {
    let field = names.field.as_ref()?;
    issue.fields.iter().find(|(name, _)| same_name(name, field)).map(|(_, value)| value.as_str())
}
