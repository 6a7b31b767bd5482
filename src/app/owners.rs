//! The file that says which team owns which paths: `CODEOWNERS`.

use std::path::Path;

use crate::model::{Area, Gap, OwnersFile, Snapshot};
use crate::policy::Policy;

use super::policy_files::DigestedFiles;

/// The largest file that is read, in bytes: GitHub reads no larger one either.
const LARGEST: usize = 3 << 20;

/// Reads the owners file if the policy asks for it; `None` if there is none. One that is there and cannot be read is a gap.
pub fn read_owners_file(policy: &Policy, files: &DigestedFiles<'_>) -> Option<Result<OwnersFile, Gap>> {
    let places = policy.defects.team_owners.as_ref()?.places();
    places.into_iter().find_map(|place| {
        let gap = |why: String| Gap {
            area: Area::Issues,
            place: Some(place.to_owned()),
            what: format!("the file could not be read: {why}"),
            remedy: None,
        };
        read_owners(place, files).map_err(gap).transpose()
    })
}

/// The owners file at a place; `None` if there is none.
fn read_owners(place: &str, files: &DigestedFiles<'_>) -> Result<Option<OwnersFile>, String> {
    let Some(bytes) = files.read_beside(Path::new(place)).map_err(|unread| unread.why)? else {
        return Ok(None);
    };
    if bytes.len() > LARGEST {
        return Err("it is larger than 3 MB, and GitHub does not read it either".into());
    }
    // A lossy conversion would change paths without a trace, and the wrong team would own them.
    let text = String::from_utf8(bytes).map_err(|_| "it is not UTF-8".to_owned())?;
    Ok(Some(OwnersFile { path: place.to_owned(), text }))
}

/// Puts an owners file into a snapshot that has none. Whether one is needed at all is decided later.
pub fn add_owners(snapshot: &mut Snapshot, owners: Option<&Result<OwnersFile, Gap>>) {
    match owners.filter(|_| snapshot.codeowners.is_none()) {
        Some(Ok(file)) => snapshot.codeowners = Some(file.clone()),
        Some(Err(gap)) => {
            snapshot.gaps.insert(gap.clone());
        }
        None => {}
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::fs;

    use super::*;
    use crate::app::policy_files::Checkout;

    fn at(root: &Path, place: &str) -> Result<Option<String>, String> {
        let checkout = Checkout::around(root);
        let read = read_owners(place, &DigestedFiles::new(&checkout, &checkout));
        read.map(|file| file.map(|file| file.text))
    }

    #[test]
    fn only_a_file_of_the_repository_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let (root, outside) = (folder.path().join("repository"), folder.path().join("secret"));
        fs::create_dir_all(root.join("docs")).unwrap();
        fs::create_dir(root.join("a-folder")).unwrap();
        fs::write(&outside, "* @acme/secret").unwrap();
        fs::write(root.join("CODEOWNERS"), "* @acme/all").unwrap();
        assert_eq!(at(&root, "CODEOWNERS").unwrap().unwrap(), "* @acme/all");
        assert_eq!(at(&root, ".github/CODEOWNERS").unwrap(), None);
        assert!(at(&root, "a-folder").is_err());
        assert!(at(&root, "../secret").is_err());
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(&outside, root.join("docs/CODEOWNERS")).unwrap();
            assert!(at(&root, "docs/CODEOWNERS").is_err());
            std::os::unix::fs::symlink(folder.path(), root.join("up")).unwrap();
            assert!(at(&root, "up/secret").is_err());
        }
    }

    #[test]
    fn a_file_that_github_does_not_read_is_not_read() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("CODEOWNERS"), vec![b'#'; 3 * 1024 * 1024 + 1]).unwrap();
        assert!(at(folder.path(), "CODEOWNERS").unwrap_err().contains("3 MB"));
        fs::write(folder.path().join("CODEOWNERS"), [0xff]).unwrap();
        assert!(at(folder.path(), "CODEOWNERS").is_err());
    }
}
