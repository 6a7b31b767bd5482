//! Files and folders that are there only while the program works on them, and that go when it is stopped.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// Paths to remove if a signal ends the program.
static OPEN: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

/// Largest number of passes that remove remaining paths.
#[cfg(unix)]
const PASSES: u32 = 50;

/// Pause between two looks: a program that wrote into a folder notices that it is gone.
#[cfg(unix)]
const PAUSE: std::time::Duration = std::time::Duration::from_millis(10);

/// A file or a folder that is removed when it is dropped, and when a signal ends the program.
#[derive(Debug)]
pub struct Scratch(PathBuf);

impl Scratch {
    /// Takes charge of a path. Nothing need be there yet.
    pub fn new(path: PathBuf) -> Self {
        open().insert(path.clone());
        Self(path)
    }

    /// Returns the path, which is removed when `self` is dropped.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Gives it another name, where it stays.
    ///
    /// # Errors
    /// If the file system refuses; then it is removed.
    pub fn rename(self, to: &Path) -> std::io::Result<()> {
        // Dropping `self` then finds nothing, or the file that could not be renamed.
        fs::rename(&self.0, to)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        remove(&self.0);
        open().remove(&self.0);
    }
}

fn open() -> std::sync::MutexGuard<'static, BTreeSet<PathBuf>> {
    OPEN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Removes a path. Errors are ignored: the run has ended, and no user reads them.
fn remove(path: &Path) {
    let is_folder = fs::symlink_metadata(path).is_ok_and(|about| about.is_dir());
    drop(if is_folder { fs::remove_dir_all(path) } else { fs::remove_file(path) });
}

/// From now on, a signal that ends the program also removes every [`Scratch`]. Only on Unix: other systems end programs
/// without a signal.
///
/// # Errors
/// If the system does not let signals be watched.
pub fn remove_on_signal() -> std::io::Result<()> {
    #[cfg(unix)]
    {
        use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
        let mut signals = signal_hook::iterator::Signals::new([SIGHUP, SIGINT, SIGTERM])?;
        std::thread::spawn(move || {
            for signal in &mut signals {
                // The lock is kept: nothing new may be made while the program ends.
                let open = open();
                // Other threads and programs still write: again, until nothing is left.
                for _ in 0..PASSES {
                    if open.iter().filter(|path| path.exists()).map(|path| remove(path)).count() == 0 {
                        break;
                    }
                    std::thread::sleep(PAUSE);
                }
                drop(signal_hook::low_level::emulate_default_handler(signal));
            }
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn scratch_goes_unless_it_is_renamed() {
        let folder = tempfile::tempdir().unwrap();
        let (one, other, kept) =
            (folder.path().join("one"), folder.path().join("other"), folder.path().join("kept"));
        fs::create_dir(&one).unwrap();
        fs::write(one.join("file"), "text").unwrap();
        drop(Scratch::new(one.clone()));
        assert!(!one.exists());
        let scratch = Scratch::new(other.clone());
        fs::write(scratch.path(), "text").unwrap();
        scratch.rename(&kept).unwrap();
        assert!(!other.exists() && kept.exists());
        assert!(!open().contains(&other));
    }
}
