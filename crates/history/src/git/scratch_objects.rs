//! A folder beside a repository in which `git` keeps what makes it fast, so that the repository itself stays as it is.
//!
//! Without a commit-graph `git` unpacks every commit that it walks past, for every command again. Clones rarely have
//! one. It takes no longer to write than a single walk through all commits does.

use std::ffi::OsStr;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use super::command::Access;
use super::{Git, GitError};
use crate::scratch::Scratch;

/// Path of commit-graphs in a folder of objects.
const GRAPHS: [&str; 2] = ["info/commit-graph", "info/commit-graphs"];

/// A folder of objects that borrows from a repository's. It goes with the last one that uses it.
#[derive(Debug)]
pub(super) struct ScratchObjects {
    folder: Scratch,
}

impl ScratchObjects {
    /// The folder of objects.
    pub(super) fn objects(&self) -> &Path {
        self.folder.path()
    }
}

impl Git {
    /// The same repository, walked through faster; as it is where it has a commit-graph already, or none can be had.
    #[must_use]
    pub fn with_graph(self) -> Self {
        let Some(side) = self.side() else { return self };
        let fast = Self { side: Some(Arc::new(side)), ..self.clone() };
        match fast.write_graph(&[]) {
            Ok(()) => fast,
            Err(_) => self,
        }
    }

    /// Also writes down which commits change which paths: it pays where many files are asked about. Without it, the answers
    /// are the same.
    pub fn sketch_paths(&self) {
        if self.side.is_some() {
            drop(self.write_graph(&["--changed-paths"]));
        }
    }

    /// A folder that borrows the repository's objects.
    fn side(&self) -> Option<ScratchObjects> {
        let path = self.ask("rev-parse", &["--git-path", "objects"].map(OsStr::new), Access::Local).ok()?;
        let path = std::str::from_utf8(path.strip_suffix(b"\n")?).ok()?;
        let objects = self.folder.join(path).canonicalize().ok()?;
        // One path a line.
        let borrowed = objects.to_str().filter(|path| !path.contains('\n'))?;
        if GRAPHS.iter().any(|graph| objects.join(graph).exists()) {
            return None;
        }
        let name = format!("escape-gate-{:016x}", getrandom::u64().ok()?);
        let side = ScratchObjects { folder: Scratch::new(std::env::temp_dir().join(name)) };
        create_private_folder(side.objects()).ok()?;
        fs::create_dir(side.objects().join("info")).ok()?;
        fs::write(side.objects().join("info/alternates"), format!("{borrowed}\n")).ok()?;
        Some(side)
    }

    fn write_graph(&self, more: &[&str]) -> Result<(), GitError> {
        let fixed = ["write", "--reachable", "--no-progress"];
        let arguments: Vec<&OsStr> = fixed.iter().chain(more).map(OsStr::new).collect();
        self.ask("commit-graph", &arguments, Access::Local).map(drop)
    }
}

/// Creates a folder for this user alone; an existing one belongs to another user.
fn create_private_folder(folder: &Path) -> std::io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}
