//! Finds the components and teams of an issue: by its labels and fields, or else by the paths that its fix changes.

use crate::model::Issue;
use crate::policy::Defects;

use super::codeowners::{Codeowners, team_of_owner};
use super::names::stated_names;

/// Returns the components by label or field, or by path if neither names one. The second value is `true` if by path.
pub fn components(issue: &Issue, rules: &Defects) -> (Vec<String>, bool) {
    let stated = stated_names(issue, &rules.component);
    if !stated.is_empty() {
        return (stated, false);
    }
    let changed = changed_paths(issue);
    let touches = |globs: &[crate::policy::PathGlob]| {
        changed.iter().any(|path| globs.iter().any(|glob| glob.matches(path)))
    };
    let found = rules.component_paths.iter().filter(|(_, globs)| touches(globs));
    let found: Vec<String> = found.map(|(name, _)| name.clone()).collect();
    let inferred = !found.is_empty();
    (found, inferred)
}

/// Returns the teams by label or field, or by the owners of the paths if neither names one. The second value is `true` if by path.
pub fn teams(issue: &Issue, rules: &Defects, owners: Option<&Codeowners>) -> (Vec<String>, bool) {
    let stated = stated_names(issue, &rules.team);
    if !stated.is_empty() {
        return (stated, false);
    }
    let Some(owners) = owners else { return (Vec::new(), false) };
    let mut found = Vec::new();
    for owner in changed_paths(issue).iter().flat_map(|path| owners.owners(path)) {
        let name = team_of_owner(owner);
        if !found.iter().any(|known| known == name) {
            found.push(name.to_owned());
        }
    }
    let inferred = !found.is_empty();
    (found, inferred)
}

/// The paths that the merged fixes of this repository change. Anybody can link a pull request to an issue; only a merged
/// one has been looked at.
fn changed_paths(issue: &Issue) -> Vec<&str> {
    let merged = issue.fixes.iter().filter(|fix| fix.commit.is_some() && fix.own_pull_request().is_some());
    merged.flat_map(|fix| &fix.files).map(String::as_str).collect()
}
