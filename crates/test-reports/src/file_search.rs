//! The walk through the workspace.

use std::collections::BTreeSet;
use std::fs::{self, FileType};
use std::path::{Path, PathBuf};

use super::glob::GlobList;
use super::limits;
use crate::ReportGap;

/// A file that the globs want.
#[derive(Debug, Clone)]
pub struct FoundFile {
    /// Its path from the workspace, with forward slashes.
    pub path: String,
    /// Where it is.
    pub location: PathBuf,
}

/// What the walk came to.
#[derive(Debug, Default)]
pub struct FoundFiles {
    /// The files, in order of their paths.
    pub files: Vec<FoundFile>,
    /// Folders and files that should have been looked at.
    pub gaps: Vec<ReportGap>,
    /// What a person should look at.
    pub warnings: Vec<String>,
}

/// Which folder a walk begins at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RootKind {
    /// The workspace: paths are shown from there on.
    Workspace,
    /// Another folder: paths are shown whole.
    Other,
}

impl FoundFiles {
    /// Adds what was found in another folder.
    pub fn add(&mut self, other: Self) {
        self.files.extend(other.files);
        self.gaps.extend(other.gaps);
        self.warnings.extend(other.warnings);
    }
}

/// Finds the files that a list wants. Symbolic links to folders are not followed, those to files only within `root`.
pub fn find_in_folder(root: &Path, kind: RootKind, globs: &GlobList) -> FoundFiles {
    let mut walk = FileSearch {
        root,
        kind,
        globs,
        walk: FoundFiles::default(),
        matched: BTreeSet::new(),
        links: Vec::new(),
    };
    if !globs.entries().is_empty() {
        walk.folders();
        walk.unmatched();
    }
    walk.walk.files.sort_by(|a, b| a.path.cmp(&b.path));
    walk.walk
}

/// The walk under way.
struct FileSearch<'a> {
    root: &'a Path,
    kind: RootKind,
    globs: &'a GlobList,
    walk: FoundFiles,
    /// Globs that matched something.
    matched: BTreeSet<usize>,
    /// Links to folders that were not followed.
    links: Vec<String>,
}

impl FileSearch<'_> {
    /// Goes through all folders in which something wanted can lie.
    fn folders(&mut self) {
        let mut waiting = vec![String::new()];
        while let Some(folder) = waiting.pop() {
            let entries = match fs::read_dir(self.root.join(&folder)) {
                Ok(entries) => entries,
                Err(error) => {
                    self.gap(&folder, format!("the folder cannot be read: {error}"));
                    continue;
                }
            };
            for entry in entries {
                let entry = match entry.and_then(|e| e.file_type().map(|kind| (e, kind))) {
                    Ok(entry) => entry,
                    Err(error) => {
                        self.gap(&folder, format!("the folder cannot be read to its end: {error}"));
                        continue;
                    }
                };
                let (entry, kind) = entry;
                let name = entry.file_name();
                let name = name.to_string_lossy();
                let path = if folder.is_empty() { name.into_owned() } else { format!("{folder}/{name}") };
                if kind.is_dir() {
                    if self.globs.may_want_in(&path) {
                        waiting.push(path);
                    }
                } else {
                    self.file(path, entry.path(), kind);
                }
            }
        }
    }

    /// Looks at something that is not a folder.
    fn file(&mut self, path: String, location: PathBuf, kind: FileType) {
        if kind.is_symlink() && fs::metadata(&location).is_ok_and(|target| target.is_dir()) {
            // A folder of the workspace is walked at its own place.
            if self.globs.may_want_in(&path) && !self.inside(&location) {
                self.links.push(path);
            }
            return;
        }
        let matched = &mut self.matched;
        if !self.globs.wants(&path, |glob| {
            matched.insert(glob);
        }) {
            return;
        }
        if kind.is_symlink() {
            if !location.exists() {
                return self.gap(&path, "a symbolic link that leads nowhere".to_owned());
            } else if !self.inside(&location) {
                return self.gap(&path, format!("a symbolic link that leads out of {}", self.name()));
            }
        } else if !kind.is_file() {
            return self.gap(&path, "neither a file nor a folder".to_owned());
        }
        self.walk.files.push(FoundFile { path: self.shown(&path), location });
    }

    /// Whether a link leads to something in the workspace.
    fn inside(&self, location: &Path) -> bool {
        let real = |path: &Path| fs::canonicalize(path).ok();
        real(location).zip(real(self.root)).is_some_and(|(target, root)| target.starts_with(root))
    }

    /// Says which globs found nothing, and what is near.
    fn unmatched(&mut self) {
        let entries = self.globs.entries();
        if entries.iter().all(|entry| entry.takes_out) {
            self.walk.gaps.push(ReportGap {
                place: entries.first().map(|entry| entry.text.clone()),
                what: "every glob of the list takes something out, and none finds anything".to_owned(),
                remedy: Some("put a glob without `!` first".to_owned()),
            });
        }
        for (index, entry) in entries.iter().enumerate() {
            if entry.takes_out || self.matched.contains(&index) {
                continue;
            }
            self.walk.gaps.push(ReportGap {
                place: Some(entry.text.clone()),
                what: format!("no file matches the glob `{}`{}", entry.text, self.near(&entry.literal)),
                remedy: Some("run the tests before the gate, or correct the glob".to_owned()),
            });
        }
        if self.walk.files.is_empty() && self.walk.gaps.is_empty() {
            self.walk.gaps.push(ReportGap {
                place: entries.first().map(|entry| entry.text.clone()),
                what: "every file that the globs find is taken out again".to_owned(),
                remedy: Some("check the globs that begin with `!`".to_owned()),
            });
        }
        self.links.sort_unstable();
        for link in self.links.iter().take(limits::PROBLEMS) {
            let what =
                format!("a symbolic link to a folder outside of {}, which is not followed", self.name());
            self.walk.warnings.push(format!("{}: {what}", self.shown(link)));
        }
    }

    /// How far the folders that a glob names exist.
    fn near(&self, literal: &[String]) -> String {
        let mut there = PathBuf::new();
        for folder in literal {
            let next = there.join(folder);
            if !self.root.join(&next).is_dir() {
                let at =
                    if there.as_os_str().is_empty() { self.name() } else { format!("`{}`", there.display()) };
                return format!(": there is no folder `{folder}` in {at}");
            }
            there = next;
        }
        String::new()
    }

    /// Something that should have been looked at.
    fn gap(&mut self, path: &str, what: String) {
        let place = if path.is_empty() { ".".to_owned() } else { self.shown(path) };
        self.walk.gaps.push(ReportGap { place: Some(place), what, remedy: None });
    }

    /// A path as it is shown.
    fn shown(&self, path: &str) -> String {
        match self.kind {
            RootKind::Workspace => path.to_owned(),
            RootKind::Other => format!("{}/{path}", self.root.display()),
        }
    }

    /// The folder as a message names it.
    fn name(&self) -> String {
        match self.kind {
            RootKind::Workspace => "the workspace".to_owned(),
            RootKind::Other => format!("`{}`", self.root.display()),
        }
    }
}
