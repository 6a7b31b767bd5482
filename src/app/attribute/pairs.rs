//! Fixes whose authors named the guilty commit, as a file has them, and why some of them are not judged.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use serde::Deserialize;

use crate::app::Failure;
use crate::model::Sha;
use release_history::bounded;
use release_history::origins::history::{Commit, History, UnreadHistory};

use super::clone::Clone;

/// Largest file of pairs, in bytes.
const LARGEST: u64 = 64 << 20;

/// A fix and the commits that its author named, by their ids or the beginnings of them.
#[derive(Debug, Clone, Deserialize)]
pub struct FixPair {
    /// Its repository, as `owner/name`.
    pub repo: String,
    /// The commit that fixed something.
    pub fix: Sha,
    /// The commits that brought it in.
    pub inducing: Vec<Sha>,
}

/// A pair whose commits are there.
#[derive(Debug, Clone)]
pub struct Known {
    /// The fix.
    pub fix: Commit,
    /// The full ids of the commits that its author named.
    pub inducing: Vec<Sha>,
}

/// LeftOutReason a pair is not judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LeftOut {
    /// Its repository is not in the folder, or cannot be read.
    NoRepository,
    /// Its repository is a shallow clone, in which blame names the boundary.
    Shallow,
    /// One of its commits is not there, or several have an id that begins so.
    NotThere,
    /// It names no origin.
    NoOrigin,
    /// Its fix was judged already.
    Twice,
    /// Something of it could not be read.
    Unread,
}

impl fmt::Display for LeftOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoRepository => "without a repository",
            Self::Shallow => "in a shallow clone",
            Self::NotThere => "with a commit that is not there",
            Self::NoOrigin => "without an origin",
            Self::Twice => "listed twice",
            Self::Unread => "not read",
        })
    }
}

/// LeftOutReason a pair is not judged, and what a person is told about it.
pub type LeftOutReason = (LeftOut, String);

/// Reads the pairs, by repository.
///
/// # Errors
/// If there is no such file, or it holds none.
pub fn read_pairs(path: &Path) -> Result<BTreeMap<String, Vec<FixPair>>, Failure> {
    let bytes =
        bounded::read_up_to(path, LARGEST).with_context(|| format!("failed to read {}", path.display()))?;
    let no_pairs = |why: &str| Failure::Usage(format!("{} holds no pairs: {why}", path.display()));
    let pairs: Vec<FixPair> = serde_json::from_slice(&bytes).map_err(|error| no_pairs(&error.to_string()))?;
    if pairs.is_empty() {
        return Err(no_pairs("the list is empty"));
    }
    let mut by_repository: BTreeMap<String, Vec<FixPair>> = BTreeMap::new();
    for pair in pairs {
        by_repository.entry(pair.repo.clone()).or_default().push(pair);
    }
    Ok(by_repository)
}

/// The folder of a repository.
pub fn repository_folder(folder: &Path, name: &str) -> Option<PathBuf> {
    let last = name.rsplit('/').next()?;
    // A name is text from a file, and must not lead out of the folder.
    let is_plain = |part: &str| !matches!(part, "" | "." | "..");
    if !name.split('/').all(is_plain) {
        return None;
    }
    [folder.join(name), folder.join(last)].into_iter().find(|path| path.is_dir())
}

/// Looks the commits of pairs up; those that cannot be judged come with the reason.
pub fn resolve_pairs(pairs: &[FixPair], reader: &Clone) -> (Vec<Known>, Vec<LeftOutReason>) {
    let (mut known, mut left_out, mut seen) = (Vec::new(), Vec::new(), BTreeSet::new());
    for pair in pairs {
        match look_up_one(pair, reader) {
            Ok(pair) if seen.insert(pair.fix.id.clone()) => known.push(pair),
            Ok(pair) => left_out.push((LeftOut::Twice, format!("{} is listed twice", pair.fix.id))),
            Err(why) => left_out.push(why),
        }
    }
    (known, left_out)
}

fn look_up_one(pair: &FixPair, reader: &Clone) -> Result<Known, LeftOutReason> {
    let commit = |id: &Sha| match reader.commit(&id.0) {
        Ok(Some(commit)) => Ok(commit),
        Ok(None) => Err((
            LeftOut::NotThere,
            format!("{id} is not there, or several commits have an id that begins so"),
        )),
        Err(UnreadHistory(what)) => Err((LeftOut::Unread, what)),
    };
    let fix = commit(&pair.fix)?;
    if pair.inducing.is_empty() {
        return Err((LeftOut::NoOrigin, format!("{} names no origin", fix.id)));
    }
    let inducing: Vec<Sha> = pair
        .inducing
        .iter()
        .map(|id| commit(id).map(|commit| commit.id))
        .collect::<Result<_, LeftOutReason>>()?;
    Ok(Known { fix, inducing })
}

/// Counts the pairs that were not measured, by reason: `3 of 45: 2 listed twice, 1 not read`.
pub fn left_out_summary(left_out: &[LeftOut], all: usize) -> String {
    let mut counts: BTreeMap<LeftOut, usize> = BTreeMap::new();
    for why in left_out {
        *counts.entry(*why).or_default() += 1;
    }
    let counts: Vec<String> = counts.iter().map(|(why, count)| format!("{count} {why}")).collect();
    format!("{} of {all}: {}", left_out.len(), counts.join(", "))
}
