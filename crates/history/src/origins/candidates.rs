//! The commits that wrote the lines a fix changes.

use std::collections::BTreeMap;

use super::history::{Commit, FilePath, History, UnreadHistory};
use super::lines::{LinesToBlame, Reason, all_removed, worth_asking};
use super::origin_method::BULK;
use super::source::{is_code, is_test, line_weight};
use crate::Sha;
use crate::git::{BlamedLines, FilePatch, Whitespace};

/// Lines of the fix that a commit wrote: evidence that it introduced the defect.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct BlameEvidence {
    /// Lines that the fix took out.
    pub removed: f64,
    /// The same, each with the weight of what it says.
    pub removed_weight: f64,
    /// Lines around what the fix put in.
    pub neighbours: f64,
    /// The same, each with the weight of what it says.
    pub neighbour_weight: f64,
    /// Lines of tests, where the fix changes more than tests.
    pub in_tests: f64,
    /// Lines of any kind, where no line of code was taken out.
    pub of_any_kind: f64,
}

/// A commit that wrote lines which a fix changes.
#[derive(Debug, Clone)]
pub struct OriginCandidate {
    /// The commit.
    pub commit: Commit,
    /// Evidence that it introduced the defect.
    pub evidence: BlameEvidence,
    /// The paths that it changes itself.
    pub paths: Vec<FilePath>,
}

/// Result of blame for a fix.
#[derive(Debug, Clone, Default)]
pub struct Blame {
    /// Commits that wrote the changed lines, ordered by id.
    pub candidates: Vec<OriginCandidate>,
    /// The files of code that it changes.
    pub files: Vec<FilePath>,
    /// True if it takes no line of code out, so that its surroundings were asked about.
    pub only_adds: bool,
    /// Parts of the history that could not be read. Untrusted text.
    pub unread: Vec<String>,
}

/// Reasons that nothing was blamed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotBlamed {
    /// The fix changes this number of code files.
    Bulk(usize),
    /// The fix is the first commit of the repository.
    NothingBefore,
    /// The patch of the fix could not be read.
    Unread(UnreadHistory),
}

/// Finds the commits that wrote the lines that a fix changes.
///
/// # Errors
/// If nothing can be said about the fix at all. A single file that cannot be read is listed in [`Blame::unread`].
pub fn blame(history: &dyn History, fix: &Commit) -> Result<Blame, NotBlamed> {
    let Some(before) = fix.parents.first() else { return Err(NotBlamed::NothingBefore) };
    let paths = history.changed_paths(&fix.id).map_err(NotBlamed::Unread)?;
    let count = paths.iter().filter(|path| is_code(path)).count();
    if count > BULK {
        return Err(NotBlamed::Bulk(count));
    }
    let mut blame = Blame::default();
    let mut found = EvidenceByCommit::default();
    // A line that is only indented in another way does the same as before.
    let patch = code_files(history.patch(&fix.id, Whitespace::Ignored).map_err(NotBlamed::Unread)?);
    let asked: Vec<(BlameRequest, bool)> =
        patch.iter().filter_map(|file| blame_request_of(history, file, &mut blame.unread)).collect();
    blame.files = asked.iter().map(|(asked, _)| asked.path.clone()).collect();
    // A fix of tests alone repairs the tests, so their lines count like any code.
    let more_than_tests = asked.iter().any(|(_, is_test)| !is_test);
    for (asked, origins) in blame_files(history, before, asked, &mut blame.unread) {
        let (file, is_test) = asked;
        for origin in origins {
            found.count(&file, &origin, is_test && more_than_tests);
        }
    }
    if !found.took_code_out {
        blame.only_adds = true;
        // Blanks count here: in Python, a changed indentation alone can be the fix.
        let patch = code_files(history.patch(&fix.id, Whitespace::Counts).map_err(NotBlamed::Unread)?);
        let asked = patch.iter().map(|file| {
            (BlameRequest { path: file.path.clone(), lines: all_removed(file), weights: Vec::new() }, false)
        });
        for (_, origins) in blame_files(history, before, asked.collect(), &mut blame.unread) {
            for origin in origins {
                found.evidence(&origin).of_any_kind += f64::from(origin.count);
            }
        }
    }
    for (id, evidence) in found.by_commit {
        match commit_and_paths(history, &id) {
            Ok((commit, paths)) => blame.candidates.push(OriginCandidate { commit, evidence, paths }),
            Err(UnreadHistory(what)) => blame.unread.push(what),
        }
    }
    Ok(blame)
}

/// A file and the lines of it that are asked about.
struct BlameRequest {
    path: FilePath,
    lines: LinesToBlame,
    /// The weight of each line of the file.
    weights: Vec<f64>,
}

/// The evidence so far.
#[derive(Default)]
struct EvidenceByCommit {
    by_commit: BTreeMap<Sha, BlameEvidence>,
    took_code_out: bool,
}

impl EvidenceByCommit {
    fn evidence(&mut self, origin: &BlamedLines) -> &mut BlameEvidence {
        self.by_commit.entry(origin.commit.clone()).or_default()
    }

    /// Counts the lines of an answer.
    fn count(&mut self, file: &BlameRequest, origin: &BlamedLines, beside: bool) {
        for line in origin.start..origin.start.saturating_add(origin.count) {
            let Some(&Reason { removed, neighbour }) = file.lines.get(&line) else { continue };
            self.took_code_out |= removed;
            let evidence = self.by_commit.entry(origin.commit.clone()).or_default();
            let weight = file.weights.get(line as usize - 1).copied().unwrap_or(1.0);
            // Tests that change next to code describe the fix. What broke is in the code.
            if beside {
                evidence.in_tests += 1.0;
                continue;
            }
            if removed {
                evidence.removed += 1.0;
                evidence.removed_weight += weight;
            }
            if neighbour {
                evidence.neighbours += 1.0;
                evidence.neighbour_weight += weight;
            }
        }
    }
}

fn code_files(patch: Vec<FilePatch>) -> Vec<FilePatch> {
    patch.into_iter().filter(|file| is_code(&file.path)).collect()
}

/// The lines of a file that are worth asking about, and whether it is a test; none if there are none.
fn blame_request_of(
    history: &dyn History,
    file: &FilePatch,
    unread: &mut Vec<String>,
) -> Option<(BlameRequest, bool)> {
    let bytes = match history.contents(&file.blob) {
        Ok(bytes) => bytes,
        Err(UnreadHistory(what)) => {
            unread.push(what);
            return None;
        }
    };
    let text = String::from_utf8_lossy(&bytes);
    let all: Vec<&str> = text.split('\n').collect();
    let lines = worth_asking(file, &all);
    let weights = all.iter().map(|line| line_weight(line)).collect();
    let asked = BlameRequest { path: file.path.clone(), lines, weights };
    (!asked.lines.is_empty()).then(|| (asked, is_test(&file.path)))
}

/// Runs blame on each file. Files without an answer are added to `unread`.
fn blame_files(
    history: &dyn History,
    before: &Sha,
    asked: Vec<(BlameRequest, bool)>,
    unread: &mut Vec<String>,
) -> Vec<((BlameRequest, bool), Vec<BlamedLines>)> {
    let questions: Vec<(FilePath, Vec<u32>)> =
        asked.iter().map(|(file, _)| (file.path.clone(), file.lines.keys().copied().collect())).collect();
    let answers = history.blame(before, &questions);
    let mut found = Vec::new();
    for (file, answer) in asked.into_iter().zip(answers) {
        match answer {
            Ok(origins) => found.push((file, origins)),
            Err(UnreadHistory(what)) => {
                unread.push(format!("{}: {what}", String::from_utf8_lossy(&file.0.path)));
            }
        }
    }
    found
}

/// A candidate's commit and what it changes.
fn commit_and_paths(history: &dyn History, id: &Sha) -> Result<(Commit, Vec<FilePath>), UnreadHistory> {
    let commit = history.commit(&id.0)?.ok_or_else(|| UnreadHistory(format!("commit {id} is not there")))?;
    let paths = history.changed_paths(id)?;
    Ok((commit, paths))
}
