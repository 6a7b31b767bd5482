//! The folder of a clone, and where it is between two runs.
//!
//! A run takes the clone out of the cache by renaming it, works on it alone, and renames it back at the end. A second run at
//! the same time finds none and makes its own; the first to end leaves its clone, and the other one is removed.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use crate::bounded;
use crate::git::{CloneError, Remote};
use crate::scratch::Scratch;

/// Folder within the cache.
const CLONES: &str = "history";

/// File next to the clone that the reader of its commits writes.
const NOTES: &str = "escape-gate";

/// Largest file of notes, in bytes: ten million commits have less to say.
const LARGEST_NOTES: u64 = 1 << 30;

/// Number of packs from which on a clone is made again: each run with news adds one, and each look-up goes through all
/// of them.
const MOST_PACKS: usize = 50;

/// Age from which on the folder of a run that was stopped is removed.
const ABANDONED: Duration = Duration::from_secs(24 * 60 * 60);

/// The folder of a clone.
#[derive(Debug)]
pub(super) struct CloneFolder {
    place: Scratch,
    /// Folder that keeps the clone for the next run.
    kept_at: Option<PathBuf>,
    was_kept: bool,
    is_whole: bool,
}

impl CloneFolder {
    /// Takes the clone that an earlier run left, or makes a folder.
    pub(super) fn take(cache: Option<&Path>, name: &str) -> Result<Self, CloneError> {
        let mut folder = Self::create(cache, name)?;
        if let Some(kept_at) = &folder.kept_at {
            // An empty folder may be replaced, but not on every system.
            drop(fs::remove_dir(folder.path()));
            match fs::rename(kept_at, folder.path()) {
                Ok(()) => folder.was_kept = true,
                Err(_) => {
                    create_clone_folder(folder.path()).map_err(|why| cannot_create(folder.path(), why))?
                }
            }
        }
        Ok(folder)
    }

    /// Makes an empty folder, in the cache or among the temporary ones.
    pub(super) fn create(cache: Option<&Path>, name: &str) -> Result<Self, CloneError> {
        let unique = || io::Result::Ok(format!("{:016x}", getrandom::u64().map_err(io::Error::other)?));
        // Git runs in the folder, where a relative path would lead elsewhere.
        let cache = cache.and_then(|cache| std::path::absolute(cache).ok());
        if let Some(clones) = cache.map(|cache| cache.join(CLONES)) {
            let made = fs::create_dir_all(&clones).and_then(|()| {
                remove_abandoned(&clones, name);
                let place = Scratch::new(clones.join(format!("{name}.{}", unique()?)));
                create_clone_folder(place.path()).map(|()| place)
            });
            // A cache that cannot be written is no reason to fail.
            if let Ok(place) = made {
                return Ok(Self {
                    place,
                    kept_at: Some(clones.join(name)),
                    was_kept: false,
                    is_whole: false,
                });
            }
        }
        let parent = std::env::temp_dir();
        let parent = std::path::absolute(&parent).unwrap_or(parent);
        let place = unique().map(|unique| Scratch::new(parent.join(format!("escape-gate-{unique}"))));
        let place = place.and_then(|place| create_clone_folder(place.path()).map(|()| place));
        let place = place.map_err(|why| cannot_create(&parent, why))?;
        Ok(Self { place, kept_at: None, was_kept: false, is_whole: false })
    }

    /// Path of the clone.
    pub(super) fn path(&self) -> &Path {
        self.place.path()
    }

    /// `true` if an earlier run left a clone in it.
    pub(super) fn was_kept(&self) -> bool {
        self.was_kept
    }

    /// Makes a bare repository of it. Packs and refs stay; configuration, hooks, alternates, grafts and the boundary
    /// of a shallow clone go.
    pub(super) fn prepare(
        &self,
        remote: &Remote,
        lender: Option<&Path>,
        uses_sha256: bool,
    ) -> Result<(), CloneError> {
        let uses_sha256 = uses_sha256 || self.holds_sha256();
        self.write(remote, lender, uses_sha256).map_err(|why| cannot_create(self.path(), why))
    }

    fn write(&self, remote: &Remote, lender: Option<&Path>, uses_sha256: bool) -> io::Result<()> {
        retain(self.path(), &["objects", "refs", "packed-refs", NOTES])?;
        for folder in ["objects/pack", "objects/info", "refs"] {
            fs::create_dir_all(self.path().join(folder))?;
        }
        retain(&self.path().join("objects"), &["pack"])?;
        fs::create_dir_all(self.path().join("objects/info"))?;
        if let Some(lender) = lender {
            fs::write(self.path().join("objects/info/alternates"), format!("{}\n", lender.display()))?;
        }
        let hash = if uses_sha256 { "sha256" } else { "sha1" };
        let config = format!(
            "[core]\n\trepositoryformatversion = 1\n\tbare = true\n\
             [extensions]\n\tpartialclone = origin\n\tobjectformat = {hash}\n\
             [remote \"origin\"]\n\turl = \"{}\"\n\tpromisor = true\n\tpartialclonefilter = tree:0\n",
            remote.address()
        );
        fs::write(self.path().join("config"), config)?;
        // No branch of the server: what HEAD leads to is fetched as a ref of its own.
        fs::write(self.path().join("HEAD"), "ref: refs/unborn/HEAD\n")
    }

    /// Empties it.
    pub(super) fn clear(&self) -> Result<(), CloneError> {
        retain(self.path(), &[]).map_err(|why| cannot_create(self.path(), why))
    }

    /// `true` if the refs that are there have 64 digits.
    fn holds_sha256(&self) -> bool {
        let refs = [self.path().join("refs/server/HEAD"), self.path().join("packed-refs")];
        let last = |path: &PathBuf| {
            let text = fs::read_to_string(path).ok()?;
            let word = text.lines().last()?.split(' ').next()?.trim_start_matches('^').len();
            Some(word == 64)
        };
        refs.iter().find_map(last).unwrap_or(false)
    }

    /// Returns the bytes that an earlier run left next to the clone.
    pub(super) fn remembered(&self) -> Option<Vec<u8>> {
        bounded::read_up_to(&self.path().join(NOTES), LARGEST_NOTES).ok()
    }

    /// Writes bytes next to the clone, or removes them. A failure costs time in the next run only.
    pub(super) fn remember(&self, bytes: Option<&[u8]>) {
        let file = self.path().join(NOTES);
        let is_written = self.kept_at.is_some() && bytes.is_some_and(|bytes| fs::write(&file, bytes).is_ok());
        if !is_written {
            drop(fs::remove_file(file));
        }
    }

    /// Marks the clone as complete, so that it is kept for the next run.
    pub(super) fn keep(&mut self) {
        self.is_whole = true;
    }

    /// Something in it cannot be read: it is not kept.
    pub(super) fn discard(&mut self) {
        self.is_whole = false;
    }
}

impl Drop for CloneFolder {
    fn drop(&mut self) {
        let packs = fs::read_dir(self.path().join("objects/pack")).into_iter().flatten().flatten();
        let packs = packs.filter(|file| file.path().extension().is_some_and(|end| end == "pack")).count();
        // A clone that is not kept, or cannot be renamed, goes with its scratch.
        if let Some(kept_at) = self.kept_at.as_ref().filter(|_| self.is_whole && packs <= MOST_PACKS) {
            drop(fs::rename(self.path(), kept_at));
        }
    }
}

/// Creates a folder for this user alone; one that is there already belongs to another run.
fn create_clone_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Removes everything in a folder but these; a link among these goes too.
fn retain(folder: &Path, kept: &[&str]) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let kind = entry.file_type()?;
        let is_kept = entry.file_name().to_str().is_some_and(|name| kept.contains(&name));
        // In a cache that others can write, a link could lead to any folder of this user.
        if is_kept && !kind.is_symlink() {
            continue;
        }
        if kind.is_dir() { fs::remove_dir_all(entry.path()) } else { fs::remove_file(entry.path()) }?;
    }
    Ok(())
}

/// Removes what runs left that were stopped.
fn remove_abandoned(clones: &Path, name: &str) {
    let prefix = format!("{name}.");
    for entry in fs::read_dir(clones).into_iter().flatten().flatten() {
        let is_private = entry
            .file_name()
            .to_str()
            .and_then(|file| file.strip_prefix(&prefix))
            // Only names that `create` makes: another repository's name can begin in the same way.
            .is_some_and(|rest| rest.len() == 16 && rest.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let changed = entry.metadata().and_then(|data| data.modified()).unwrap_or_else(|_| SystemTime::now());
        if is_private && changed.elapsed().is_ok_and(|age| age > ABANDONED) {
            drop(fs::remove_dir_all(entry.path()));
        }
    }
}

fn cannot_create(folder: &Path, why: io::Error) -> CloneError {
    CloneError::Folder { folder: folder.parent().unwrap_or(folder).to_owned(), why }
}
