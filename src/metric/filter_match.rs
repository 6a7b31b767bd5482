//! Matches defects against the filter of a rule.

use crate::model::{Defect, DefectAttribute, DefectFilter, Selection, same_name};

/// Result of matching a defect against a rule's filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FilterMatch {
    /// Every condition is met.
    Match,
    /// The filter requires another value of this attribute.
    Mismatch(DefectAttribute),
    /// The filter requires a severity, and the defect has none yet.
    Unknown,
}

/// Matches the attributes of a defect against a filter.
pub fn match_filter(defect: &Defect, filter: &DefectFilter) -> FilterMatch {
    let mut answer = FilterMatch::Match;
    for condition in &filter.0 {
        let meets = match condition.attribute {
            DefectAttribute::Severity => match (defect.severity, &condition.selection) {
                (Some(severity), selection) => selection_matches(selection, std::iter::once(severity.name())),
                (None, Selection::Nothing) => true,
                (None, Selection::AnyOf(_) | Selection::NoneOf(_)) => {
                    // Go on: another attribute may still rule the defect out, and then its severity
                    // does not matter.
                    answer = FilterMatch::Unknown;
                    continue;
                }
            },
            DefectAttribute::Component
            | DefectAttribute::Team
            | DefectAttribute::Kind
            | DefectAttribute::FoundBy
            | DefectAttribute::RootCause
            | DefectAttribute::DetectionGap
            | DefectAttribute::Class => {
                // A reporter's words must not take a defect out of a rule.
                let is_ignored = defect.is_in_text(condition.attribute)
                    && matches!(condition.selection, Selection::NoneOf(_));
                let values = if is_ignored { &[] } else { defect.values(condition.attribute) };
                selection_matches(&condition.selection, values.iter().map(String::as_str))
            }
        };
        if !meets {
            return FilterMatch::Mismatch(condition.attribute);
        }
    }
    answer
}

/// Returns `true` if the values of one attribute match the selection.
pub fn selection_matches<'v>(selection: &Selection, mut has: impl Iterator<Item = &'v str>) -> bool {
    // GitHub labels are compared without regard to case, and so are the values in them.
    let mut has_one_of = |wanted: &[String]| has.any(|one| wanted.iter().any(|w| same_name(w, one)));
    match selection {
        Selection::AnyOf(wanted) => has_one_of(wanted),
        Selection::NoneOf(unwanted) => !has_one_of(unwanted),
        Selection::Nothing => has.next().is_none(),
    }
}
