//! Headings of the repository's own issue forms that ask for a version.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use crate::attribution::heading::version_headings;
use crate::policy::{FormHeadings, HeadingPattern};

/// Folder of the forms, as GitHub has it.
const FOLDER: &str = ".github/ISSUE_TEMPLATE";

/// Most forms that are read. GitHub shows fewer.
const MOST: usize = 50;

/// Largest form, in bytes. GitHub's longest issue has 64 KiB.
const LARGEST: u64 = 64 << 10;

/// Adds the headings of the forms in a checkout to those that are read. A form that cannot be read adds none: its answers are
/// then read by the policy's own patterns.
pub fn add_headings(headings: &mut FormHeadings, checkout: &Path) {
    let Ok(folder) = std::fs::read_dir(checkout.join(FOLDER)) else { return };
    let is_form = |path: &Path| path.extension().is_some_and(|end| end == "yml" || end == "yaml");
    let paths = folder.filter_map(|entry| Some(entry.ok()?.path())).filter(|path| is_form(path));
    let mut paths: Vec<_> = paths.take(MOST).collect();
    paths.sort();
    for path in paths {
        let mut text = String::new();
        let read = File::open(&path).and_then(|file| file.take(LARGEST).read_to_string(&mut text));
        if read.is_ok() {
            let found = version_headings(&text, headings);
            headings.read.extend(found.iter().map(|heading| HeadingPattern::new(heading)));
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn form_field_with_version_id_adds_its_heading() {
        let checkout = tempfile::tempdir().unwrap();
        let folder = checkout.path().join(FOLDER);
        std::fs::create_dir_all(&folder).unwrap();
        let form = "name: Bug\nbody:\n  - type: input\n    id: shop-version\n    attributes:\n      label: Which shop do you run?\n  \
                    - type: input\n    id: os-version\n    attributes:\n      label: OS version\n";
        std::fs::write(folder.join("bug.yml"), form).unwrap();
        std::fs::write(folder.join("notes.md"), form).unwrap();
        let mut headings = FormHeadings::default();
        let before = headings.read.len();
        add_headings(&mut headings, checkout.path());
        assert_eq!(headings.read[before..], [HeadingPattern::new("Which shop do you run?")]);
    }
}
