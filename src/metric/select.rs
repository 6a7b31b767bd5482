//! The defects that a filter asks for.

use crate::model::{Defect, DefectAttribute, Filter, Selection, same_name};

/// Whether a defect belongs to a selection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Belongs {
    /// It does.
    Yes,
    /// It does not: the filter asks for another value of this attribute.
    No(DefectAttribute),
    /// It has no severity, and the filter asks for one.
    Perhaps,
}

/// Whether a defect has the attributes that a filter asks for.
pub fn belongs(defect: &Defect, filter: &Filter) -> Belongs {
    let mut answer = Belongs::Yes;
    for condition in &filter.0 {
        let meets = match condition.attribute {
            DefectAttribute::Severity => match (defect.severity, &condition.selection) {
                (Some(severity), selection) => admits(selection, std::iter::once(severity.name())),
                (None, Selection::Nothing) => true,
                (None, Selection::AnyOf(_) | Selection::NoneOf(_)) => {
                    answer = Belongs::Perhaps;
                    continue;
                }
            },
            DefectAttribute::Component
            | DefectAttribute::Team
            | DefectAttribute::Kind
            | DefectAttribute::FoundBy
            | DefectAttribute::RootCause
            | DefectAttribute::Class => {
                admits(&condition.selection, defect.values(condition.attribute).iter().map(String::as_str))
            }
        };
        if !meets {
            return Belongs::No(condition.attribute);
        }
    }
    answer
}

/// Whether the values of one attribute are such as are asked for.
pub fn admits<'v>(selection: &Selection, mut has: impl Iterator<Item = &'v str>) -> bool {
    let mut has_one_of = |wanted: &[String]| has.any(|one| wanted.iter().any(|w| same_name(w, one)));
    match selection {
        Selection::AnyOf(wanted) => has_one_of(wanted),
        Selection::NoneOf(unwanted) => !has_one_of(unwanted),
        Selection::Nothing => has.next().is_none(),
    }
}
