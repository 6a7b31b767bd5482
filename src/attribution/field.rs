//! Reads statements about releases in issue fields.

use super::issue_statements::SourceAnswer;
use super::label::value_answer;
use super::resolve::fold_name;
use super::statement::{Claim, Speaker, StatementSource, is_found_in};
use crate::model::{AttributionMethod, Issue};

/// Issue fields that say the same in a shorter way; a line of a description with such a name is read as a form's answer.
const VERSION_FIELDS: [&str; 5] = ["version", "versions", "release", "productversion", "appversion"];

/// Issue fields that name the releases with the fix.
const FIXED_IN: [&str; 8] = [
    "fixedin",
    "fixedinversion",
    "fixedinrelease",
    "fixedversion",
    "fixversion",
    "fixversions",
    "fixinversion",
    "fixrelease",
];

/// Reads the statements of the issue fields. Setting a field takes triage rights.
pub(super) fn field_statements(issue: &Issue, own: &[String]) -> Vec<SourceAnswer> {
    let mut found = Vec::new();
    for (name, value) in &issue.fields {
        let squeezed = fold_name(name);
        let squeezed = squeezed.as_str();
        let says = match () {
            () if is_found_in(name) || VERSION_FIELDS.contains(&squeezed) => Claim::FoundIn,
            // Jira's field is called "Fix version/s". GitHub's fields have free names.
            () if FIXED_IN.contains(&squeezed) => Claim::FixedIn,
            () if squeezed == "notaffected" || squeezed.starts_with("unaffected") => Claim::NotAffected,
            () => continue,
        };
        let answer = value_answer(value, own);
        let place = format!("field `{name}: {value}`");
        let said = (says, Speaker::Maintainer, None);
        let source = StatementSource::new(said, AttributionMethod::Field, place, &answer);
        found.push(SourceAnswer { source, answer, attributes: false });
    }
    found
}
