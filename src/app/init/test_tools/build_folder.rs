//! Folders with build files, read in bounded numbers and sizes.

use std::collections::{BTreeMap, VecDeque};
use std::fs;
use std::path::Path;

use release_history::bounded;

use crate::output::escape::is_unprintable;

/// Depth of folders that are looked at: `services/api/web`.
const DEPTH: usize = 3;

/// Number of folders that are looked at. A repository with more has its build files near the root.
const MOST_FOLDERS: usize = 2_000;

/// Size of a build file that is read, in bytes.
const LARGEST: u64 = 256 << 10;

/// Folders that hold what was built or downloaded.
const GENERATED: [&str; 12] = [
    "node_modules",
    "target",
    "build",
    "dist",
    "out",
    "vendor",
    "bin",
    "obj",
    "venv",
    "coverage",
    "third_party",
    "testdata",
];

/// Files that are read, by their names.
const NAMES: [&str; 30] = [
    "pom.xml",
    "mvnw",
    "build.gradle",
    "build.gradle.kts",
    "settings.gradle",
    "settings.gradle.kts",
    "gradlew",
    "package.json",
    "pnpm-lock.yaml",
    "yarn.lock",
    "bun.lock",
    "bun.lockb",
    "pyproject.toml",
    "pytest.ini",
    "setup.cfg",
    "tox.ini",
    "conftest.py",
    "requirements.txt",
    "requirements-dev.txt",
    "uv.lock",
    "poetry.lock",
    "go.mod",
    "Cargo.toml",
    "composer.json",
    "phpunit.xml",
    "phpunit.xml.dist",
    "phpunit.dist.xml",
    "Directory.Build.props",
    ".runsettings",
    "nextest.toml",
];

/// Beginnings and endings of further names.
const PATTERNS: [(&str, &str); 8] = [
    ("jest.config.", ""),
    ("vitest.config.", ""),
    ("vite.config.", ""),
    ("vitest.workspace.", ""),
    ("", ".csproj"),
    ("", ".fsproj"),
    ("", ".sln"),
    ("", ".slnx"),
];

/// A folder and the texts of its build files.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BuildFolder {
    /// Path from the root, with `/`; empty for the root.
    pub path: String,
    /// Texts by file name.
    pub files: BTreeMap<String, String>,
}

impl BuildFolder {
    /// Returns the text of a file.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.files.get(name).map(String::as_str)
    }

    /// Returns `true` if a file is there.
    pub fn has(&self, name: &str) -> bool {
        self.files.contains_key(name)
    }

    /// Returns the files whose names begin so, joined.
    pub fn texts_of(&self, beginnings: &[&str]) -> String {
        let wanted = |name: &str| beginnings.iter().any(|start| name.starts_with(start));
        self.files.iter().filter(|(name, _)| wanted(name)).map(|(_, text)| format!("{text}\n")).collect()
    }

    /// Returns a path inside this folder, from the root.
    pub fn at(&self, inner: &str) -> String {
        if self.path.is_empty() { inner.to_owned() } else { format!("{}/{inner}", self.path) }
    }
}

/// Returns the folders that have build files, those near the root first. Links are not followed.
pub fn build_folders(root: &Path) -> Vec<BuildFolder> {
    let mut found = Vec::new();
    let mut waiting = VecDeque::from([(String::new(), 0)]);
    let mut looked_at = 0;
    while let Some((path, depth)) = waiting.pop_front() {
        looked_at += 1;
        if looked_at > MOST_FOLDERS {
            break;
        }
        let mut build = BuildFolder { path, files: BTreeMap::new() };
        let Ok(entries) = fs::read_dir(root.join(&build.path)) else { continue };
        let mut inner: Vec<String> = Vec::new();
        for entry in entries.flatten() {
            let (Ok(kind), Ok(name)) = (entry.file_type(), entry.file_name().into_string()) else { continue };
            // Its name goes into a workflow, where `${{ }}` is an expression.
            if name.contains('$') || name.contains(is_unprintable) {
                continue;
            }
            if kind.is_dir()
                && !GENERATED.contains(&name.as_str())
                && (!name.starts_with('.') || name == ".config")
            {
                inner.push(build.at(&name));
            } else if kind.is_file() && is_build_file(&name) {
                let bytes = bounded::read_beginning(&entry.path(), LARGEST).unwrap_or_default();
                build.files.insert(name, String::from_utf8_lossy(&bytes).into_owned());
            }
        }
        inner.sort_unstable();
        if depth < DEPTH {
            waiting.extend(inner.into_iter().map(|path| (path, depth + 1)));
        }
        if !build.files.is_empty() {
            found.push(build);
        }
    }
    found
}

fn is_build_file(name: &str) -> bool {
    let fits = |(start, end): &(&str, &str)| name.starts_with(start) && name.ends_with(end);
    NAMES.contains(&name) || PATTERNS.iter().any(fits)
}

/// Returns the texts that run tests: workflows, makefiles and the like.
pub fn script_texts(root: &Path) -> String {
    let workflows = fs::read_dir(root.join(".github/workflows")).into_iter().flatten().flatten();
    let mut paths: Vec<_> = workflows.map(|entry| entry.path()).collect();
    paths.sort_unstable();
    paths.extend(
        ["Makefile", "makefile", "justfile", "Taskfile.yml", "noxfile.py"].map(|name| root.join(name)),
    );
    let plain = paths.into_iter().filter(|path| path.symlink_metadata().is_ok_and(|found| found.is_file()));
    let read = plain.filter_map(|path| bounded::read_beginning(&path, LARGEST).ok());
    read.map(|bytes| format!("{}\n", String::from_utf8_lossy(&bytes))).collect()
}
