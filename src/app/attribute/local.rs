//! A clone on this machine with its commits and releases, and the origins of many defects in it.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use rayon::prelude::*;

use crate::app::commit_history::{ServerCommits, history, index_of};
use crate::model::{Area, CommitHistory, Defect, Fix, Gap, IssueNumber, Phase, Release, Sha, Tag};
use release_history::changes::Changes;
use release_history::commit_index::CommitIndex;
use release_history::git::{CloneCompleteness, CloneError, CommitClone, Git, GitError, OmittedObjects};
use release_history::origins::ancestry_graph::{AncestryGraph, AncestryNode};
use release_history::origins::bisect_results::BisectResults;
use release_history::origins::find::{Question, RepositoryView, find_origin};
use release_history::origins::history::{Commit, FilePath, History, UnreadHistory};
use release_history::origins::origin_method::BULK;
use release_history::origins::origin_record::{Nothing, OriginRecord};
use release_history::origins::release_ancestry::ReleaseAncestry;
use release_history::origins::release_index::{ReleaseIndex, TaggedRelease, names_a_release};
use release_history::origins::report_facts::ReportFacts;
use release_history::origins::source::is_code;
use release_history::origins::statement::in_issue;
use release_history::relatives::Relatives;
use release_history::shorten::Interest;

use super::clone::Clone;

/// From so many fixes on, it pays to go through all commits once for the paths that they change.
const MANY: usize = 24;

/// A clone on this machine.
pub struct Local {
    /// The program that reads it.
    pub git: Git,
    /// Commits of the clone.
    pub graph: AncestryGraph,
    /// Releases of the clone.
    pub releases: ReleaseIndex,
    /// Completeness of the clone.
    pub shape: CloneCompleteness,
    /// Index of the commits.
    index: CommitIndex,
    /// Commits that may have copies, once that is asked for.
    relatives: OnceLock<Relatives>,
    /// Copies of the commits that were looked up, or why they cannot be told.
    copies: Mutex<HashMap<Sha, Result<Vec<Sha>, UnreadHistory>>>,
    /// The clone of the server's commits, if it is one.
    server: Option<CommitClone>,
    /// `false` if nobody may ask what a commit changes: the clone holds commits only.
    has_files: bool,
}

impl Local {
    /// Reads commits and tags. Which tags are releases the tracker says, if it was asked, and also when each came out;
    /// else their names do.
    ///
    /// # Errors
    /// If there is no `git`, no repository, or its commits cannot be read.
    pub fn open(folder: &Path, releases: Option<&[Release]>) -> Result<Self, GitError> {
        let git = Git::open(folder)?;
        let shape = git.shape()?;
        let is_whole = !shape.shallow && shape.filter == OmittedObjects::Nothing;
        // Git ignores a commit graph in a shallow clone.
        let git = if is_whole { git.with_graph() } else { git };
        let index = index_of(&git)?;
        Self::new(git, index, shape, releases)
    }

    /// The same in a clone of the server's commits, with the files of all commits if they are wanted.
    ///
    /// # Errors
    /// If the server does not send the folders, or the tags cannot be read.
    pub fn of_server(
        commits: ServerCommits,
        releases: Option<&[Release]>,
        wants_files: bool,
    ) -> Result<Self, CloneError> {
        let ServerCommits { clone, index } = commits;
        let git = if wants_files { clone.with_files()? } else { clone.git().clone() };
        let shape = CloneCompleteness { shallow: false, filter: OmittedObjects::Nothing };
        let local = Self::new(git, index, shape, releases)?;
        Ok(Self { server: Some(clone), has_files: wants_files, ..local })
    }

    fn new(
        git: Git,
        index: CommitIndex,
        shape: CloneCompleteness,
        releases: Option<&[Release]>,
    ) -> Result<Self, GitError> {
        let node = |(id, time, parents): (String, i64, Vec<String>)| AncestryNode {
            id: Sha(id),
            time,
            parents: parents.into_iter().map(Sha).collect(),
        };
        let graph = AncestryGraph::new(index.records().map(node).collect());
        let cuts = git.tags()?.into_iter().filter_map(|tag| {
            let published = match releases {
                Some(releases) => {
                    let published = |release: &&Release| !release.draft && !release.prerelease;
                    Some(
                        releases
                            .iter()
                            .filter(published)
                            .find(|release| release.tag.0 == tag.name)?
                            .published_at,
                    )
                }
                None => names_a_release(&tag.name).then_some(None),
            }?;
            Some(TaggedRelease { tag: Tag(tag.name), commit: Sha(tag.target), published })
        });
        let releases = ReleaseIndex::new(&graph, cuts.collect());
        let (relatives, copies) = (OnceLock::new(), Mutex::default());
        Ok(Self { git, graph, releases, shape, index, relatives, copies, server: None, has_files: true })
    }

    /// The commits that take a fix to other lines of releases. What cannot be read is no copy: then a release counts as
    /// affected, which is the careful side.
    pub fn copies_of_fix(&self, fix: &Sha) -> Vec<Sha> {
        self.copies(fix).unwrap_or_default()
    }

    /// The commits that take a commit to other lines of releases. Each commit is looked up once: the search asks for every
    /// candidate several times, and neighbouring fixes have the same candidates.
    fn copies(&self, commit: &Sha) -> Result<Vec<Sha>, UnreadHistory> {
        let known = self.known_copies().get(commit).cloned();
        known.unwrap_or_else(|| {
            let found = self.find_copies(commit);
            self.known_copies().insert(commit.clone(), found.clone());
            found
        })
    }

    fn known_copies(&self) -> MutexGuard<'_, HashMap<Sha, Result<Vec<Sha>, UnreadHistory>>> {
        self.copies.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn find_copies(&self, commit: &Sha) -> Result<Vec<Sha>, UnreadHistory> {
        let unread = |error: GitError| {
            UnreadHistory(format!("which commits were copied to other lines of releases: {error}"))
        };
        // Most commits have no relatives, and this shows it without a call of Git.
        let relatives = self.relatives.get_or_init(|| Relatives::new(&self.index));
        if !relatives.has(&self.index, &commit.0) {
            return Ok(Vec::new());
        }
        let interest =
            Interest { commits: [commit.clone()].into(), has_patches: self.has_files, ..Interest::default() };
        let (commits, without_patch) = history(&self.git, &self.index, &interest).map_err(unread)?;
        if let Some(error) = without_patch {
            return Err(unread(error));
        }
        let history = CommitHistory { commits, ..CommitHistory::default() };
        let changes = Changes::new(&history, [].into_iter(), None, "");
        Ok(changes.graph.place(commit).map_or_else(Vec::new, |place| changes.copies_of(place)))
    }

    /// A commit and its copies.
    fn with_copies(&self, commit: &Sha) -> Result<Vec<Sha>, UnreadHistory> {
        let mut all = self.copies(commit)?;
        all.push(commit.clone());
        Ok(all)
    }

    /// Fetches what the search for the origin of many fixes reads, where it has to be fetched.
    ///
    /// # Errors
    /// If the server does not send it.
    fn fetch_files(&self, fixes: &[Sha]) -> Result<(), CloneError> {
        let Some(server) = self.server.as_ref().filter(|_| self.has_files) else { return Ok(()) };
        let reader = self.reader();
        let mut paths: Vec<FilePath> = Vec::new();
        for fix in fixes {
            // What cannot be read here is told when the fix is looked at.
            let mut changed = reader.changed_paths(fix).unwrap_or_default();
            changed.retain(|path| is_code(path));
            // The search does not blame bulk fixes, so their files would be fetched for nothing.
            if changed.len() <= BULK {
                paths.append(&mut changed);
            }
        }
        paths.sort();
        paths.dedup();
        let fixes: Vec<&str> = fixes.iter().map(|fix| fix.0.as_str()).collect();
        server.fetch_contents(&fixes, &paths)
    }

    /// Prepares for so many fixes.
    pub fn expect(&self, fixes: usize) {
        if fixes >= MANY {
            self.git.sketch_paths();
        }
    }

    /// Returns a reader for the search; each thread needs its own.
    pub fn reader(&self) -> Clone {
        Clone::new(&self.git)
    }

    /// The ground that the search stands on.
    pub fn ground<'a>(&'a self, reader: &'a Clone) -> RepositoryView<'a> {
        let unblamed = match self.shape.shallow {
            true => Some(Nothing::ShallowClone),
            false => (!self.has_files).then_some(Nothing::NotAskedFor),
        };
        RepositoryView { descent: self, history: reader, unblamed }
    }

    /// The origin of one defect.
    ///
    /// # Errors
    /// If files have to be fetched for it, and the server does not send them.
    pub fn find(&self, question: &Question) -> Result<OriginRecord, CloneError> {
        self.fetch_files(question.fix.as_slice())?;
        Ok(find_origin(question, self.ground(&self.reader())))
    }

    /// Returns the gap of a shallow or partial clone, with the remedy; `None` for a full clone.
    pub fn gap(&self) -> Option<Gap> {
        let what = match self.shape {
            CloneCompleteness { shallow: true, .. } => "the clone is shallow: no origin can be told from it",
            CloneCompleteness { filter: OmittedObjects::Blobs | OmittedObjects::Trees, .. } => {
                "the clone was made with a filter: the lines of most changes are not in it"
            }
            CloneCompleteness { shallow: false, filter: OmittedObjects::Nothing } => return None,
        };
        Some(Gap {
            area: Area::History,
            place: None,
            what: what.into(),
            remedy: Some(
                "Write `fetch-depth: 0`, and no `filter:`, below `with:` of actions/checkout.".into(),
            ),
        })
    }
}

impl ReleaseAncestry for Local {
    fn is_in(&self, commit: &Sha, other: &Sha) -> Result<bool, UnreadHistory> {
        if self.graph.is_ancestor(commit, other) {
            return Ok(true);
        }
        Ok(self.copies(commit)?.iter().any(|copy| self.graph.is_ancestor(copy, other)))
    }

    fn is_led_to(&self, commit: &Commit) -> Result<bool, UnreadHistory> {
        Ok(self.graph.committed_at(&commit.id).is_some())
    }

    fn releases(&self) -> Box<dyn Iterator<Item = &TaggedRelease> + '_> {
        Box::new(self.releases.releases())
    }

    fn out_at(&self, tag: &Tag) -> Option<i64> {
        self.releases.out_at(tag)
    }

    fn first(&self, commit: &Commit) -> Result<Option<(Tag, i64)>, UnreadHistory> {
        let first = |id: &Sha| {
            let cut = self.releases.first(&self.graph, id)?;
            Some((self.releases.first_at(&self.graph, id)?, cut.tag.clone()))
        };
        // What cannot be compared is no copy here: `affected` says so.
        let all = self.with_copies(&commit.id).unwrap_or_else(|_| vec![commit.id.clone()]);
        let earliest = all.iter().filter_map(first).min_by_key(|(out, _)| *out);
        Ok(earliest.map(|(out, tag)| (tag, out)))
    }

    fn affected(&self, introduced: &Commit, fixed: &[Sha]) -> Result<Vec<Tag>, UnreadHistory> {
        // A release with a copy that was not seen would be missing without a word.
        let introduced = self.with_copies(&introduced.id)?;
        Ok(self.releases.affected(&self.graph, &introduced, fixed).into_iter().cloned().collect())
    }
}

/// The origins of many defects, on all cores.
///
/// # Errors
/// If files have to be fetched for it, and the server does not send them.
pub fn origins(
    local: &Local,
    questions: &[(IssueNumber, Question)],
) -> Result<BTreeMap<IssueNumber, OriginRecord>, CloneError> {
    local.expect(questions.len());
    // In one request: fetching each file when it is needed takes a round trip each time.
    let fixes: Vec<Sha> = questions.iter().filter_map(|(_, question)| question.fix.clone()).collect();
    local.fetch_files(&fixes)?;
    let part = questions.len().div_ceil(rayon::current_num_threads()).max(1);
    let records = questions.par_chunks(part).flat_map_iter(|part| {
        let reader = local.reader();
        let one = |(number, question): &(IssueNumber, Question)| {
            (*number, find_origin(question, local.ground(&reader)))
        };
        part.iter().map(one).collect::<Vec<_>>()
    });
    Ok(records.collect::<Vec<_>>().into_iter().collect())
}

/// The question about a defect. Its fix is the change that was merged last.
pub fn question(defect: &Defect, local: &Local) -> Question {
    let found_in = defect.found_in.release.as_ref().and_then(|tag| with_commit(tag, local));
    let fix = fix_of(defect).cloned();
    Question {
        said: in_issue(&defect.issue.origin_text()),
        posted: BisectResults::of(&defect.issue.origin_text()),
        report: ReportFacts {
            at: defect.issue.created_at.as_second(),
            escaped: defect.phase == Phase::Escaped,
            found_in,
        },
        copies: fix.as_ref().map_or_else(Vec::new, |fix| local.copies_of_fix(fix)),
        fix,
    }
}

/// The commit that fixed a defect.
pub fn fix_of(defect: &Defect) -> Option<&Sha> {
    let merged = |fix: &&Fix| fix.commit.is_some();
    // The last one: earlier attempts did not fix the defect, and may have touched other lines.
    let fix = defect.issue.fixes.iter().filter(merged).max_by_key(|fix| fix.merged_at);
    fix.and_then(|fix| fix.commit.as_ref())
}

/// A release with the commit it was made from.
pub fn with_commit(tag: &Tag, descent: &dyn ReleaseAncestry) -> Option<(Tag, Sha)> {
    let cut = descent.releases().find(|cut| cut.tag == *tag)?;
    Some((cut.tag.clone(), cut.commit.clone()))
}
