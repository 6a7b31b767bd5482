//! Test reports: which files, what they are written in, and what they say.
//!
//! Files are found by a glob list and read side by side; each is one pass over its bytes. Whatever could not be read, or
//! was not understood, is a [`Gap`] that names file, line and column.

mod archive;
mod cargotest;
mod collector;
mod ctrf;
mod detect;
mod elements;
mod encoding;
mod files;
mod glob;
mod gotest;
mod junit;
mod limits;
mod lines;
mod marker;
mod mention;
mod nunit;
mod place;
mod rerun;
mod shared;
mod single;
mod source;
mod tap;
mod text;
mod trx;
mod watch;
mod xml;
mod xunit;

use std::path::Path;
use std::sync::Arc;

use rayon::prelude::*;

use crate::model::{Area, Gap, TestEvidence, Warning};

pub use glob::GlobError;
pub use watch::{FileRead, Unwatched, Watch};

/// What the reports of a workspace say.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Read {
    /// The tests.
    pub evidence: TestEvidence,
    /// What could not be read, or not in full, in order of the files.
    pub gaps: Vec<Gap>,
    /// What a person should look at.
    pub warnings: Vec<Warning>,
}

/// Reads the reports that a glob list finds under `root`.
///
/// Globs are relative to `root`; `**` stands for any number of folders, `{a,b}` for either, and a leading `!` takes out
/// what the globs before it have found. Hidden and git-ignored files are found like others.
///
/// # Errors
/// If a glob is malformed. Everything else is a gap.
pub fn read(root: &Path, globs: &[String]) -> Result<Read, GlobError> {
    read_watched(root, globs, &(Arc::new(Unwatched) as Arc<dyn Watch>))
}

/// Reads the reports as [`read`] does, and tells how it goes.
///
/// # Errors
/// As [`read`].
pub fn read_watched(root: &Path, globs: &[String], watch: &Arc<dyn Watch>) -> Result<Read, GlobError> {
    let list = glob::GlobList::new(globs)?;
    let found = files::find(root, &list);
    // A file whose size cannot be told cannot be read either, and is a gap then.
    watch.begins(
        found.files.iter().filter_map(|file| file.location.metadata().ok()).map(|file| file.len()).sum(),
    );
    let mut outcomes: Vec<single::Outcome> =
        found.files.par_iter().flat_map_iter(|file| archive::read(file, watch)).collect();
    let took: Vec<FileRead> = outcomes.iter_mut().filter_map(|outcome| outcome.took.take()).collect();
    watch.ends(&took);
    Ok(together(found.gaps, found.warnings, outcomes))
}

/// Reads one report that is in memory already. `path` is what it is called.
pub fn read_bytes(path: &str, bytes: &[u8]) -> Read {
    let outcome = single::read(path, source::Source::new(bytes), &|then| {
        then(&mut &*bytes);
        Ok(())
    });
    together(Vec::new(), Vec::new(), [outcome])
}

/// What became of all files as one.
fn together(
    gaps: Vec<Gap>,
    warnings: Vec<Warning>,
    outcomes: impl IntoIterator<Item = single::Outcome>,
) -> Read {
    let mut read = Read { gaps, warnings, ..Read::default() };
    let mut files = Vec::new();
    for outcome in outcomes {
        files.extend(outcome.file);
        read.gaps.extend(outcome.gaps);
        read.warnings.extend(outcome.warnings);
    }
    read.evidence = TestEvidence::new(files);
    let nothing = read.evidence.files.iter().all(|file| file.tests.is_empty());
    if nothing && !read.evidence.files.is_empty() && read.gaps.is_empty() {
        read.gaps.push(Gap {
            area: Area::Tests,
            place: None,
            what: "the reports hold no test".to_owned(),
            remedy: Some("check that the tests ran before their reports were read".to_owned()),
        });
    }
    read
}

#[cfg(test)]
mod tests;
