//! Files of the working tree that a proposal takes into account: CODEOWNERS and issue forms.

use std::path::Path;

use crate::app::policy_files::{Checkout, PolicyFiles as _};
use crate::attribution::heading::{form_fields, relevance};
use crate::classify::codeowners::Codeowners;
use crate::output::escape::is_unprintable;
use crate::policy::{CodeownersFile, FormHeadings};

/// Folder of the issue forms.
const FORMS: &str = ".github/ISSUE_TEMPLATE";

/// Words of a heading that asks for a version.
const VERSION_WORDS: [&str; 4] = ["version", "release", "build", "found in"];

/// Files that are there. A file that cannot be read counts as absent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LocalFiles {
    /// Path and text of CODEOWNERS.
    pub owners: Option<(String, String)>,
    /// Path and text of each issue form, without those that `init` writes.
    pub forms: Vec<(String, String)>,
}

impl LocalFiles {
    /// Reads the files. `own_form` is the path of the form that is proposed.
    pub fn read(folder: &Path, own_form: &str) -> Self {
        let checkout = Checkout::around(folder);
        let text = |path: &Path| String::from_utf8(checkout.read(path).ok().flatten()?).ok();
        let owners = CodeownersFile::Usual
            .places()
            .into_iter()
            .find_map(|place| Some((place.to_owned(), text(Path::new(place))?)));
        let found = checkout.yaml_files(Path::new(FORMS)).map(|found| found.files).unwrap_or_default();
        let forms = found.into_iter().filter_map(|path| Some((path.to_str()?.to_owned(), text(&path)?)));
        let is_form = |(path, text): &(String, String)| path != own_form && !form_fields(text).is_empty();
        Self { owners, forms: forms.filter(is_form).collect() }
    }

    /// Returns the headings of the forms that ask for a version and that the gate does not read by itself.
    pub fn unread_headings(&self) -> Vec<String> {
        let patterns = FormHeadings::default();
        let mut headings: Vec<String> = Vec::new();
        for (id, label) in self.forms.iter().flat_map(|(_, text)| form_fields(text)) {
            let lower = label.to_lowercase();
            let asks = VERSION_WORDS.iter().any(|word| lower.contains(word));
            // Fields whose id says `version` are read from the form itself.
            let is_read =
                relevance(&label, &patterns, &[]).is_some() || id.to_lowercase().contains("version");
            let is_skipped = patterns.skip.iter().any(|pattern| pattern.matches(&lower));
            if asks
                && !is_read
                && !is_skipped
                && !label.contains(is_unprintable)
                && !headings.contains(&label)
            {
                headings.push(label);
            }
        }
        headings
    }

    /// Returns the first form that already asks for a version, by its path.
    pub fn form_with_version(&self) -> Option<&str> {
        let patterns = FormHeadings::default();
        let asks = |text: &str| {
            form_fields(text).iter().any(|(id, label)| {
                id.to_lowercase().contains("version") || relevance(label, &patterns, &[]).is_some()
            })
        };
        self.forms.iter().find(|(_, text)| asks(text)).map(|(path, _)| path.as_str())
    }

    /// Returns the forms that set one of these labels, each with the label. Labels of a form are the reporter's words.
    pub fn forms_that_set(&self, labels: &[String]) -> Vec<(&str, String)> {
        let sets = |text: &str, label: &String| {
            let mut in_labels = false;
            text.lines().any(|line| {
                let is_key = line.starts_with("labels:");
                in_labels = is_key || in_labels && line.starts_with([' ', '-']);
                let listed = line.trim_start_matches("labels:").split([',', '[', ']']);
                in_labels
                    && listed
                        .map(|word| word.trim().trim_start_matches("- ").trim_matches(['"', '\'']))
                        .any(|word| word == label)
            })
        };
        let pairs =
            self.forms.iter().flat_map(|(path, text)| labels.iter().map(move |label| (path, text, label)));
        pairs
            .filter(|(_, text, label)| sets(text, label))
            .map(|(path, _, label)| (path.as_str(), label.clone()))
            .collect()
    }

    /// Returns `true` if CODEOWNERS names at least two teams.
    pub fn has_teams(&self) -> bool {
        let Some((_, text)) = &self.owners else { return false };
        let mut teams: Vec<&str> = text
            .lines()
            .filter(|line| !line.trim_start().starts_with('#'))
            .flat_map(str::split_whitespace)
            .filter(|word| word.starts_with('@') && word.contains('/'))
            .collect();
        teams.sort_unstable();
        teams.dedup();
        teams.len() > 1
    }

    /// Returns the owners that CODEOWNERS gives a path.
    pub fn owners_of(&self, path: &str) -> Vec<String> {
        self.owners
            .as_ref()
            .map(|(_, text)| Codeowners::parse(text).owners(path).to_vec())
            .unwrap_or_default()
    }
}

/// Reads an owner for CODEOWNERS: `@acme/release`, `@mona`, `mona` or an e-mail address.
///
/// # Errors
/// If GitHub would skip a line with this owner.
pub fn codeowner(text: &str) -> Result<String, String> {
    let text = text.trim();
    let owner = if text.contains('@') { text.to_owned() } else { format!("@{text}") };
    let reads = Codeowners::parse(&format!("/a {owner}\n"));
    if reads.owners("a") == [owner.clone()] {
        Ok(owner)
    } else {
        Err(format!(
            "invalid owner `{text}`: write a team such as `@acme/release`, or a login such as `@mona`"
        ))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::fs;

    use super::*;

    const FORM: &str = "name: Bug\nlabels: [\"bug\", production]\nbody:\n  - type: input\n    id: shop\n    attributes:\n      label: In which build is it\n  \
                        - type: input\n    id: os\n    attributes:\n      label: OS version\n";

    fn with(files: &[(&str, &str)]) -> LocalFiles {
        let folder = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        LocalFiles::read(folder.path(), ".github/ISSUE_TEMPLATE/production-bug.yml")
    }

    #[test]
    fn heading_of_an_own_word_for_version_is_proposed() {
        let read = with(&[(".github/ISSUE_TEMPLATE/bug.yml", FORM)]);
        assert_eq!(read.unread_headings(), ["In which build is it"]);
        assert_eq!(read.form_with_version(), None);
        let known =
            with(&[(".github/ISSUE_TEMPLATE/bug.yml", &FORM.replace("In which build is it", "Version"))]);
        assert!(known.unread_headings().is_empty());
        assert_eq!(known.form_with_version(), Some(".github/ISSUE_TEMPLATE/bug.yml"));
        let own = with(&[
            (".github/ISSUE_TEMPLATE/production-bug.yml", FORM),
            (".github/ISSUE_TEMPLATE/config.yml", "x: 1\n"),
        ]);
        assert!(own.forms.is_empty());
    }

    #[test]
    fn form_that_sets_the_escaped_label_is_named() {
        let names = ["production".to_owned(), "live".to_owned()];
        let list = FORM.replace("[\"bug\", production]", "\n  - 'production'");
        for form in [FORM, &list] {
            let read = with(&[(".github/ISSUE_TEMPLATE/bug.yml", form)]);
            assert_eq!(
                read.forms_that_set(&names),
                [(".github/ISSUE_TEMPLATE/bug.yml", "production".to_owned())]
            );
        }
        let title = FORM.replace("labels: [\"bug\", production]", "title: production");
        assert!(with(&[(".github/ISSUE_TEMPLATE/bug.yml", &title)]).forms_that_set(&names).is_empty());
    }

    #[test]
    fn owners_and_teams_come_from_the_first_file() {
        let text = "* @acme/all\n/api/ @acme/api # @acme/x\n/.github/ @acme/release\n";
        let read = with(&[("CODEOWNERS", text), ("docs/CODEOWNERS", "* @mona\n")]);
        assert_eq!(read.owners_of(".github/escape-gate.yml"), ["@acme/release"]);
        assert!(read.has_teams());
        assert!(!with(&[("CODEOWNERS", "* @acme/all\n/x @mona @acme/all\n")]).has_teams());
        assert!(!with(&[]).has_teams() && with(&[]).owners_of("a").is_empty());
    }

    #[test]
    fn owner_that_github_would_skip_is_refused() {
        assert_eq!(codeowner(" mona ").unwrap(), "@mona");
        assert_eq!(codeowner("@acme/release").unwrap(), "@acme/release");
        for refused in ["", "acme release", "@", "a b@c", "@acme/"] {
            assert!(codeowner(refused).is_err(), "{refused}");
        }
    }
}
