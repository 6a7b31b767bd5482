//! `CODEOWNERS` from the working tree.

use std::fs;
use std::io::Read as _;
use std::path::Path;

use crate::model::{Area, Gap, OwnersFile, Snapshot};
use crate::policy::Policy;

/// The largest file that is read: GitHub reads no larger one either.
const LARGEST: u64 = 3 * 1024 * 1024;

/// Puts the owners file into the snapshot if the policy asks for it and the snapshot has none. A file that is there and
/// cannot be read is a gap; whether one is needed at all is decided later.
pub fn read_into(snapshot: &mut Snapshot, policy: &Policy, folder: &Path) {
    let Some(owners) = policy.defects.team_owners.as_ref().filter(|_| snapshot.codeowners.is_none()) else {
        return;
    };
    for place in owners.places() {
        match read(folder, place) {
            Ok(None) => {}
            Ok(Some(text)) => {
                snapshot.codeowners = Some(OwnersFile { path: place.to_owned(), text });
                return;
            }
            Err(why) => {
                snapshot.gaps.insert(Gap {
                    area: Area::Issues,
                    place: Some(place.to_owned()),
                    what: format!("the file could not be read: {why}"),
                    remedy: None,
                });
                return;
            }
        }
    }
}

/// The text of a file; none if there is no such file. A link is not followed: it could lead anywhere on the machine.
fn read(folder: &Path, place: &str) -> Result<Option<String>, String> {
    let path = folder.join(place);
    let about = match fs::symlink_metadata(&path) {
        Ok(about) => about,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error.to_string()),
    };
    if !about.is_file() {
        return Err("it is a link or a folder, and only a file is read".into());
    }
    let real = |path: &Path| path.canonicalize().map_err(|error| error.to_string());
    if !real(&path)?.starts_with(real(folder)?) {
        return Err("it lies outside the repository".into());
    }
    let mut bytes = Vec::new();
    let file = fs::File::open(&path).map_err(|error| error.to_string())?;
    file.take(LARGEST + 1).read_to_end(&mut bytes).map_err(|error| error.to_string())?;
    if bytes.len() as u64 > LARGEST {
        return Err("it is larger than 3 MB, and GitHub does not read it either".into());
    }
    String::from_utf8(bytes).map(Some).map_err(|_| "it is not UTF-8".into())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn only_a_file_of_the_repository_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let (root, outside) = (folder.path().join("repository"), folder.path().join("secret"));
        fs::create_dir_all(root.join("docs")).unwrap();
        fs::create_dir(root.join("a-folder")).unwrap();
        fs::write(&outside, "* @acme/secret").unwrap();
        fs::write(root.join("CODEOWNERS"), "* @acme/all").unwrap();
        assert_eq!(read(&root, "CODEOWNERS").unwrap().unwrap(), "* @acme/all");
        assert_eq!(read(&root, ".github/CODEOWNERS").unwrap(), None);
        assert!(read(&root, "a-folder").is_err());
        assert!(read(&root, "../secret").is_err());
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(&outside, root.join("docs/CODEOWNERS")).unwrap();
            assert!(read(&root, "docs/CODEOWNERS").is_err());
            std::os::unix::fs::symlink(folder.path(), root.join("up")).unwrap();
            assert!(read(&root, "up/secret").is_err());
        }
    }

    #[test]
    fn a_file_that_github_does_not_read_is_not_read() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("CODEOWNERS"), vec![b'#'; 3 * 1024 * 1024 + 1]).unwrap();
        assert!(read(folder.path(), "CODEOWNERS").unwrap_err().contains("3 MB"));
        fs::write(folder.path().join("CODEOWNERS"), [0xff]).unwrap();
        assert!(read(folder.path(), "CODEOWNERS").is_err());
    }
}
