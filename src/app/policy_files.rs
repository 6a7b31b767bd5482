//! The files that a policy is made of: in a checkout, or at a commit.

use std::cell::RefCell;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use crate::policy::Unread;
use release_history::bounded;

/// Most bytes that are read of one file: more than a policy may have, which is refused with its own message, and as much
/// as GitHub reads of CODEOWNERS.
const LARGEST: u64 = 3 << 20;

/// Reads the files of a repository.
pub trait PolicyFiles {
    /// Returns the bytes of a file; `None` if there is none.
    ///
    /// # Errors
    /// If the file cannot be read, or lies outside of the repository.
    fn read(&self, path: &Path) -> Result<Option<Vec<u8>>, Unread>;

    /// Returns the YAML files of a folder, by name; none if there is no folder.
    ///
    /// # Errors
    /// If the folder cannot be read.
    fn yaml_files(&self, folder: &Path) -> Result<YamlFiles, Unread>;

    /// Returns the path that a link leads to; the same path if it is no link.
    ///
    /// # Errors
    /// If the link cannot be read.
    fn resolve(&self, path: &Path) -> Result<PathBuf, Unread>;
}

/// The YAML files of a folder. Hidden files are in no list: an editor's or a system's copies are nobody's word.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct YamlFiles {
    /// Paths of the files, by name.
    pub files: Vec<PathBuf>,
    /// Paths of links that lead out of the repository, by name.
    pub outside: Vec<PathBuf>,
}

/// Returns `true` for the name of a YAML file that is not hidden.
pub fn is_visible_yaml(path: &Path) -> bool {
    let is_hidden = path.file_name().is_none_or(|name| name.as_encoded_bytes().starts_with(b"."));
    !is_hidden && path.extension().is_some_and(|kind| kind == "yml" || kind == "yaml")
}

/// A file that was not read, for a reason that reads well after a colon.
pub fn unread_file(why: &str, help: &str) -> Unread {
    Unread { why: why.to_owned(), help: help.to_owned(), outside: false }
}

/// The files of a working tree. Paths start from the folder that the program runs in.
pub struct Checkout {
    folder: PathBuf,
    /// The folder that no file may lie outside of; `None` if there is no policy.
    root: Option<PathBuf>,
}

impl Checkout {
    /// The checkout that a policy is in: below the nearest folder above it that Git calls a repository, else below the
    /// folder that the program runs in, else the policy's own folder.
    pub fn of(policy: &Path, folder: &Path) -> Self {
        Self { folder: folder.to_owned(), root: root(&folder.join(policy), folder) }
    }

    /// The repository around a folder, wherever the policy is; the folder itself if it is in none.
    pub fn around(folder: &Path) -> Self {
        let own = folder.canonicalize().ok();
        let root = own.map(|own| repository_root(&own).map_or_else(|| own.clone(), Path::to_owned));
        Self { folder: folder.to_owned(), root }
    }
}

impl PolicyFiles for Checkout {
    fn read(&self, path: &Path) -> Result<Option<Vec<u8>>, Unread> {
        // Resolve links first: what counts is where the file is.
        let found = match self.folder.join(path).canonicalize() {
            Ok(found) => found,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(unread_file(&error.to_string(), "give the path of a file")),
        };
        // A link in a pull request could name any file of the runner, and the diagnostics would
        // quote it.
        if !self.root.as_ref().is_some_and(|root| found.starts_with(root)) {
            let help = "put it into the repository, or name the repository it is in, at a commit";
            return Err(Unread { outside: true, ..unread_file("it lies outside of the repository", help) });
        }
        let read = bounded::read_beginning(&found, LARGEST + 1);
        read.map(Some).map_err(|error| unread_file(&error.to_string(), "give the path of a file"))
    }

    fn yaml_files(&self, folder: &Path) -> Result<YamlFiles, Unread> {
        let listed = yaml_files_in(folder, &self.folder)
            .map_err(|error| unread_file(&error.to_string(), "make it a readable folder"))?;
        let is_outside = |path: &PathBuf| {
            let place = self.folder.join(path).canonicalize();
            place.is_ok_and(|place| !self.root.as_ref().is_some_and(|root| place.starts_with(root)))
        };
        let (outside, files) = listed.into_iter().partition(is_outside);
        Ok(YamlFiles { files, outside })
    }

    fn resolve(&self, path: &Path) -> Result<PathBuf, Unread> {
        let own = self.folder.join(path);
        if !own.is_symlink() {
            return Ok(path.to_owned());
        }
        own.canonicalize().map_err(|error| unread_file(&error.to_string(), "give the path of a file"))
    }
}

/// The repository that a policy file is in.
fn root(policy: &Path, folder: &Path) -> Option<PathBuf> {
    let policy = policy.canonicalize().ok()?;
    let own = policy.parent()?;
    let git = repository_root(own);
    let started = folder.canonicalize().ok().filter(|folder| own.starts_with(folder));
    Some(git.map(Path::to_owned).or(started).unwrap_or_else(|| own.to_owned()))
}

/// The YAML files of a folder that are not hidden, by name; none if there is no folder. A relative path starts from `from`.
///
/// # Errors
/// If the folder cannot be read.
pub fn yaml_files_in(folder: &Path, from: &Path) -> io::Result<Vec<PathBuf>> {
    let entries = match std::fs::read_dir(from.join(folder)) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut found = Vec::new();
    for entry in entries {
        found.push(folder.join(entry?.file_name()));
    }
    found.retain(|path| is_visible_yaml(path));
    // The order of a folder differs between file systems, and with it the order of waivers in
    // reports.
    found.sort();
    Ok(found)
}

/// Returns the nearest folder, this one or above it, that Git calls a repository.
pub fn repository_root(folder: &Path) -> Option<&Path> {
    folder.ancestors().find(|folder| folder.join(".git").exists())
}

/// Files, with a digest of everything that was read of them: two sources with one digest hold the same policy.
pub struct DigestedFiles<'f> {
    files: &'f dyn PolicyFiles,
    beside: &'f dyn PolicyFiles,
    digest: RefCell<Sha256>,
    digest_beside: RefCell<Sha256>,
}

impl<'f> DigestedFiles<'f> {
    /// The files of a policy, and those of the repository that it is about. Nothing has been read yet.
    pub fn new(files: &'f dyn PolicyFiles, beside: &'f dyn PolicyFiles) -> Self {
        Self { files, beside, digest: RefCell::default(), digest_beside: RefCell::default() }
    }

    /// Reads a file of the repository that the policy is about.
    ///
    /// # Errors
    /// As [`PolicyFiles::read`].
    pub fn read_beside(&self, path: &Path) -> Result<Option<Vec<u8>>, Unread> {
        let read = self.beside.read(path)?;
        add_file(&self.digest_beside, read.as_deref());
        Ok(read)
    }

    /// Adds something that follows from a file beside the policy, where not all of the file matters.
    pub fn add_beside(&self, bytes: &[u8]) {
        add_bytes(&self.digest_beside, bytes);
    }

    /// Returns the files of the repository that the policy is about, without adding them to the digest.
    pub fn undigested_beside(&self) -> &'f dyn PolicyFiles {
        self.beside
    }

    /// Returns the digests of everything so far: of the policy's files, and of those beside it.
    pub fn finish(self) -> [[u8; 32]; 2] {
        [self.digest, self.digest_beside].map(|digest| digest.into_inner().finalize().into())
    }
}

/// Adds a file to a digest, or that there is none.
fn add_file(digest: &RefCell<Sha256>, bytes: Option<&[u8]>) {
    match bytes {
        // A checkout on Windows has other line ends than the commit.
        Some(bytes) => add_bytes(digest, String::from_utf8_lossy(bytes).replace("\r\n", "\n").as_bytes()),
        None => add_bytes(digest, b"\0none"),
    }
}

fn add_bytes(digest: &RefCell<Sha256>, bytes: &[u8]) {
    let mut digest = digest.borrow_mut();
    // With the length before it, two files cannot have the digest of one that joins them.
    digest.update((bytes.len() as u64).to_le_bytes());
    digest.update(bytes);
}

impl PolicyFiles for DigestedFiles<'_> {
    fn read(&self, path: &Path) -> Result<Option<Vec<u8>>, Unread> {
        let read = self.files.read(path)?;
        add_file(&self.digest, read.as_deref());
        Ok(read)
    }

    fn yaml_files(&self, folder: &Path) -> Result<YamlFiles, Unread> {
        self.files.yaml_files(folder)
    }

    fn resolve(&self, path: &Path) -> Result<PathBuf, Unread> {
        self.files.resolve(path)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn hidden_files_and_links_out_are_not_listed() {
        let folder = tempfile::tempdir().unwrap();
        let at = |path: &str| folder.path().join(path);
        std::fs::create_dir_all(at("repository/gate/waivers")).unwrap();
        std::fs::write(at("outside.yml"), "version: 1\n").unwrap();
        for name in ["gate.yml", "gate/waivers/a.yml", "gate/waivers/.b.yml", "gate/waivers/c.txt"] {
            std::fs::write(at("repository").join(name), "version: 1\n").unwrap();
        }
        #[cfg(unix)]
        {
            use std::os::unix::fs::symlink;
            symlink(at("outside.yml"), at("repository/gate/waivers/out.yml")).unwrap();
            symlink("a.yml", at("repository/gate/waivers/in.yml")).unwrap();
        }
        let files = Checkout::of(Path::new("gate.yml"), &at("repository"));
        let found = files.yaml_files(Path::new("gate/waivers")).unwrap();
        let names = |paths: &[PathBuf]| -> Vec<String> {
            paths.iter().map(|path| path.file_name().unwrap().display().to_string()).collect()
        };
        #[cfg(unix)]
        {
            assert_eq!(names(&found.files), ["a.yml", "in.yml"]);
            assert_eq!(names(&found.outside), ["out.yml"]);
            assert!(files.read(&found.outside[0]).unwrap_err().outside);
        }
        #[cfg(not(unix))]
        assert_eq!(names(&found.files), ["a.yml"]);
        assert_eq!(files.read(Path::new("gate/none.yml")).unwrap(), None);
    }

    #[test]
    fn digest_changes_with_contents_and_not_with_line_ends() {
        let folder = tempfile::tempdir().unwrap();
        let digest = |text: &str| {
            std::fs::write(folder.path().join("gate.yml"), text).unwrap();
            let files = Checkout::of(Path::new("gate.yml"), folder.path());
            let digested = DigestedFiles::new(&files, &files);
            digested.read(Path::new("gate.yml")).unwrap();
            digested.finish()
        };
        assert_eq!(digest("a: 1\nb: 2\n"), digest("a: 1\r\nb: 2\r\n"));
        assert_ne!(digest("a: 1\n"), digest("a: 2\n"));
    }
}
