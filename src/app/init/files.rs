//! Files that are proposed, what stands in their place, and writing them.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::path::Path;

use anyhow::Context as _;

use crate::app::Failure;

/// A file that is proposed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    /// Its path from the folder of the run.
    pub path: String,
    /// The proposed contents.
    pub text: String,
    /// The existing file.
    pub there: ExistingFile,
}

/// The file that exists at the path of a proposed file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExistingFile {
    /// No file.
    Absent,
    /// The same text.
    Same,
    /// A file that is the beginning of the proposed one: lines are added at its end.
    Beginning,
    /// A file that holds something else.
    Other,
}

/// A file and what stands in its place.
///
/// # Errors
/// If that is not known, or is no file; and if a link is on the way, which could lead anywhere on the machine.
pub fn plan(folder: &Path, path: &str, text: String) -> Result<Planned, Failure> {
    let whole = folder.join(path);
    // A link in a cloned repository may lead to any file of the user, such as `~/.bashrc`.
    let link = whole.ancestors().take_while(|place| *place != folder).find(|place| place.is_symlink());
    if let Some(link) = link.filter(|_| whole.starts_with(folder)) {
        return Err(Failure::Usage(format!(
            "{} is a link, and nothing is written through one",
            link.display()
        )));
    }
    let there = match fs::read(&whole) {
        Ok(found) if found == text.as_bytes() => ExistingFile::Same,
        Ok(found) if !found.is_empty() && text.as_bytes().starts_with(&found) => ExistingFile::Beginning,
        Ok(_) => ExistingFile::Other,
        Err(error) if error.kind() == ErrorKind::NotFound => ExistingFile::Absent,
        Err(error) => {
            return Err(Failure::Usage(format!("cannot read {path}, which is in the way: {error}")));
        }
    };
    Ok(Planned { path: path.to_owned(), text, there })
}

/// Writes a file. What was not there when it was planned is not written over if it came since.
///
/// # Errors
/// If it cannot be written.
pub fn write(folder: &Path, file: &Planned) -> Result<(), Failure> {
    let path = folder.join(&file.path);
    let all = || -> std::io::Result<()> {
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        let is_new = file.there == ExistingFile::Absent;
        let mut options = OpenOptions::new();
        // `create_new` fails if the file has appeared since it was shown, and so never replaces it
        // unseen.
        let mut open = options.write(true).truncate(!is_new).create_new(is_new).open(&path)?;
        open.write_all(file.text.as_bytes())
    };
    Ok(all().with_context(|| format!("failed to write {}", file.path))?)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_file_that_came_since_is_not_written_over() {
        let folder = tempfile::tempdir().unwrap();
        let file = plan(folder.path(), "a/b.yml", "ours".into()).unwrap();
        assert_eq!(file.there, ExistingFile::Absent);
        fs::create_dir(folder.path().join("a")).unwrap();
        fs::write(folder.path().join("a/b.yml"), "theirs").unwrap();
        assert!(write(folder.path(), &file).is_err());
        assert_eq!(fs::read_to_string(folder.path().join("a/b.yml")).unwrap(), "theirs");
        let again = plan(folder.path(), "a/b.yml", "ours".into()).unwrap();
        assert_eq!(again.there, ExistingFile::Other);
        write(folder.path(), &again).unwrap();
        assert_eq!(plan(folder.path(), "a/b.yml", "ours".into()).unwrap().there, ExistingFile::Same);
    }

    #[cfg(unix)]
    #[test]
    fn nothing_is_written_through_a_link() {
        let (folder, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        std::os::unix::fs::symlink(outside.path(), folder.path().join(".github")).unwrap();
        assert!(plan(folder.path(), ".github/escape-gate.yml", String::new()).is_err());
        std::os::unix::fs::symlink(outside.path().join("new.yml"), folder.path().join("own.yml")).unwrap();
        assert!(plan(folder.path(), "own.yml", String::new()).is_err());
    }
}
