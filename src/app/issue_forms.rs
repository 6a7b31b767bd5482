//! Headings of the repository's own issue forms that ask for a version.

use std::path::Path;

use crate::attribution::heading::version_headings;
use crate::policy::{FormHeadings, HeadingPattern};

use super::policy_files::DigestedFiles;

/// Folder of the forms, as GitHub has it.
const FOLDER: &str = ".github/ISSUE_TEMPLATE";

/// Most forms that are read. GitHub shows fewer.
const MOST: usize = 50;

/// Largest form, in bytes. GitHub's longest issue has 64 KiB.
const LARGEST: usize = 64 << 10;

/// Adds the headings of the repository's forms to those that are read. A form that cannot be read adds none: its answers are
/// then read by the policy's own patterns.
pub fn add_headings(headings: &mut FormHeadings, files: &DigestedFiles<'_>) {
    // Not the whole of a form matters to the policy, only its headings.
    let forms = files.undigested_beside();
    let Ok(found) = forms.yaml_files(Path::new(FOLDER)) else { return };
    for path in found.files.iter().take(MOST) {
        let Ok(Some(bytes)) = forms.read(path) else { continue };
        let Ok(text) = std::str::from_utf8(bytes.get(..LARGEST).unwrap_or(&bytes)) else { continue };
        for heading in version_headings(text, headings) {
            files.add_beside(heading.as_bytes());
            headings.read.push(HeadingPattern::new(&heading));
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::app::policy_files::Checkout;

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
        let files = Checkout::around(checkout.path());
        add_headings(&mut headings, &DigestedFiles::new(&files, &files));
        assert_eq!(headings.read[before..], [HeadingPattern::new("Which shop do you run?")]);
    }
}
