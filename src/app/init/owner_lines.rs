//! Lines of CODEOWNERS that give the policy, its waivers and the workflow an owner.

use super::files::{Planned, plan};
use super::local_files::LocalFiles;
use super::product_policies::stem;
use crate::app::Failure;
use crate::classify::codeowners::Codeowners;

/// Comment above the lines.
const ABOUT: &str = "# Escape Gate: who decides which defects block a release, and who may accept one.";

/// The place of the file where there is none.
pub const NEW_FILE: &str = ".github/CODEOWNERS";

/// Returns the lines for the paths that do not have these owners yet.
pub fn owner_lines(
    policies: &[String],
    workflow: Option<&str>,
    owners: &[String],
    local: &LocalFiles,
) -> String {
    let file = local.owners.as_ref().map_or(NEW_FILE, |(path, _)| path.as_str());
    let of_policy = |policy: &String| [policy.clone(), format!("{}/", stem(policy))];
    let policies = policies.iter().flat_map(of_policy);
    let paths = policies.chain(workflow.map(str::to_owned)).chain([file.to_owned()]);
    let known = local.owners.as_ref().map(|(_, text)| Codeowners::parse(text));
    let mut lines = String::new();
    for path in paths {
        let inside = if path.ends_with('/') { format!("{path}waivers/a.yml") } else { path.clone() };
        if known.as_ref().is_none_or(|known| known.owners(&inside) != owners) {
            // A blank in a path ends it, unless it is escaped.
            lines.push_str(&format!("/{} {}\n", path.replace(' ', "\\ "), owners.join(" ")));
        }
    }
    if lines.is_empty() { lines } else { format!("{ABOUT}\n{lines}") }
}

/// Plans CODEOWNERS with these lines at its end, where the last match wins; `None` without lines.
///
/// # Errors
/// If the file cannot be read, or a link is on the way.
pub fn plan_owners(
    folder: &std::path::Path,
    lines: &str,
    local: &LocalFiles,
) -> Result<Option<Planned>, Failure> {
    if lines.is_empty() {
        return Ok(None);
    }
    let (path, before) =
        local.owners.as_ref().map_or((NEW_FILE, ""), |(path, text)| (path.as_str(), text.as_str()));
    let gap = match before {
        "" => "",
        text if text.ends_with('\n') => "\n",
        _ => "\n\n",
    };
    plan(folder, path, format!("{before}{gap}{lines}")).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn owners(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn policy_waivers_workflow_and_the_file_itself_get_owners() {
        let lines = owner_lines(
            &[".github/escape-gate.yml".into()],
            Some(".github/workflows/escape-gate.yml"),
            &owners(&["@acme/release", "@mona"]),
            &LocalFiles::default(),
        );
        let read = Codeowners::parse(&lines);
        for path in [
            ".github/escape-gate.yml",
            ".github/escape-gate/waivers/a.yml",
            ".github/workflows/escape-gate.yml",
            ".github/CODEOWNERS",
        ] {
            assert_eq!(read.owners(path), ["@acme/release", "@mona"], "{path}");
        }
        assert!(read.owners("src/a.rs").is_empty());
    }

    #[test]
    fn paths_that_have_these_owners_need_no_line() {
        let local = LocalFiles {
            owners: Some(("CODEOWNERS".into(), "* @mona\n/.github/ @acme/release\n".into())),
            ..LocalFiles::default()
        };
        let lines =
            owner_lines(&[".github/escape-gate.yml".into()], None, &owners(&["@acme/release"]), &local);
        assert_eq!(lines, format!("{ABOUT}\n/CODEOWNERS @acme/release\n"));
        assert_eq!(owner_lines(&["src/gate.yml".into()], None, &owners(&["@mona"]), &local), "");
    }
}
