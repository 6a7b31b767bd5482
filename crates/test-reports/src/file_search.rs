//! Searches folders for test reports.

use std::collections::BTreeSet;
use std::fs::{self, FileType};
use std::path::{Path, PathBuf};

use super::glob::GlobList;
use super::limits;
use crate::ReportGap;

/// A file that a glob list matches.
#[derive(Debug, Clone)]
pub struct FoundFile {
    /// Path in gaps and evidence, with forward slashes.
    pub path: String,
    /// Path for opening the file.
    pub location: PathBuf,
}

/// Result of the search.
#[derive(Debug, Default)]
pub struct FoundFiles {
    /// Files in order of their paths.
    pub files: Vec<FoundFile>,
    /// Folders and files that could not be searched, and globs without a match.
    pub gaps: Vec<ReportGap>,
    /// Oddities that lose no evidence.
    pub warnings: Vec<String>,
}

/// Kind of folder that a search starts in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RootKind {
    /// The workspace: paths are shown relative to it.
    Workspace,
    /// Another folder: paths are shown in full.
    Other,
}

impl FoundFiles {
    /// Adds the result for another folder.
    pub fn add(&mut self, other: Self) {
        self.files.extend(other.files);
        self.gaps.extend(other.gaps);
        self.warnings.extend(other.warnings);
    }
}

/// Finds the files that a list matches. Links to folders are not followed, links to files only within `root`.
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
    // `read_dir` returns any order, and evidence must not depend on it.
    walk.walk.files.sort_by(|a, b| a.path.cmp(&b.path));
    walk.walk
}

/// A search in progress.
struct FileSearch<'a> {
    root: &'a Path,
    kind: RootKind,
    globs: &'a GlobList,
    walk: FoundFiles,
    /// Indexes of globs that matched a file.
    matched: BTreeSet<usize>,
    /// Links to folders outside the root, which are not followed.
    links: Vec<String>,
}

impl FileSearch<'_> {
    /// Searches all folders that can contain a match.
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

    /// Handles an entry that is not a folder.
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
        // Opening a named pipe would wait forever.
        } else if !kind.is_file() {
            return self.gap(&path, "neither a file nor a folder".to_owned());
        }
        self.walk.files.push(FoundFile { path: self.shown(&path), location });
    }

    /// Returns `true` if a link leads to a place within the root.
    fn inside(&self, location: &Path) -> bool {
        let real = |path: &Path| fs::canonicalize(path).ok();
        real(location).zip(real(self.root)).is_some_and(|(target, root)| target.starts_with(root))
    }

    /// Reports globs without a match.
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

    /// Describes the first missing folder of a glob; empty if all exist.
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

    /// Adds a gap for a path.
    fn gap(&mut self, path: &str, what: String) {
        let place = if path.is_empty() { ".".to_owned() } else { self.shown(path) };
        self.walk.gaps.push(ReportGap { place: Some(place), what, remedy: None });
    }

    /// Returns a path for display.
    fn shown(&self, path: &str) -> String {
        match self.kind {
            RootKind::Workspace => path.to_owned(),
            RootKind::Other => format!("{}/{path}", self.root.display()),
        }
    }

    /// Returns the name of the root in messages.
    fn name(&self) -> String {
        match self.kind {
            RootKind::Workspace => "the workspace".to_owned(),
            RootKind::Other => format!("`{}`", self.root.display()),
        }
    }
}
