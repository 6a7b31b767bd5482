//! A clone on this machine with its commits and releases, and the origins of many defects in it.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::OnceLock;

use rayon::prelude::*;

use crate::attribution::introduced::descent::Descent;
use crate::attribution::introduced::find::{Ground, Question, find};
use crate::attribution::introduced::graph::Graph;
use crate::attribution::introduced::history::{Commit, Unread};
use crate::attribution::introduced::record::{Nothing, Record};
use crate::attribution::introduced::releases::{Cut, ReleaseIndex, names_a_release};
use crate::git::{Error, Filter, Git, Shape};
use crate::model::{Area, Gap, IssueNumber, Release, Sha, Tag};

use super::clone::{Clone, graph};
use super::picks::{Picks, picks_unread};

/// From so many fixes on, it pays to go through all commits once for the paths that they change.
const MANY: usize = 24;

/// A clone on this machine.
pub struct Local {
    /// The program that reads it.
    pub git: Git,
    /// Its commits.
    pub graph: Graph,
    /// Its releases.
    pub releases: ReleaseIndex,
    /// How much of its origin it holds.
    pub shape: Shape,
    /// What commits say and show of being picks, once it is asked for.
    picks: OnceLock<Result<Picks, Unread>>,
}

impl Local {
    /// Reads commits and tags. Which tags are releases the tracker says, if it was asked, and also when each came out;
    /// else their names do.
    ///
    /// # Errors
    /// If there is no `git`, no repository, or its commits cannot be read.
    pub fn open(folder: &Path, releases: Option<&[Release]>) -> Result<Self, Error> {
        let git = Git::open(folder)?;
        let shape = git.shape()?;
        let is_whole = !shape.shallow && shape.filter == Filter::Nothing;
        let git = if is_whole { git.with_graph() } else { git };
        let graph = graph(&git)?;
        let tags = git.tags()?;
        let cuts = tags.into_iter().filter_map(|tag| {
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
            Some(Cut { tag: Tag(tag.name), commit: Sha(tag.target), published })
        });
        let releases = ReleaseIndex::new(&graph, cuts.collect());
        Ok(Self { git, graph, releases, shape, picks: OnceLock::new() })
    }

    /// The commits that take a fix to other lines of releases. What cannot be read is no pick: then a release counts as
    /// affected, which is the careful side.
    pub fn picks_of_fix(&self, fix: &Sha) -> Vec<Sha> {
        self.picks(fix).0
    }

    /// The commits that take a commit to other lines of releases, as far as that can be read; and what cannot.
    fn picks(&self, commit: &Sha) -> (Vec<Sha>, Option<Unread>) {
        match self.picks.get_or_init(|| Picks::read(&self.git).map_err(|error| picks_unread(&error))) {
            Ok(picks) => picks.of(&self.git, commit),
            Err(unread) => (Vec::new(), Some(unread.clone())),
        }
    }

    /// Prepares for so many fixes.
    pub fn expect(&self, fixes: usize) {
        if fixes >= MANY {
            self.git.sketch_paths();
        }
    }

    /// What the search asks; each thread has its own.
    pub fn reader(&self) -> Clone {
        Clone::new(&self.git)
    }

    /// The ground that the search stands on.
    pub fn ground<'a>(&'a self, reader: &'a Clone) -> Ground<'a> {
        let unblamed = self.shape.shallow.then_some(Nothing::ShallowClone);
        Ground { descent: self, history: reader, unblamed }
    }

    /// What is not in this clone and should be, and the line that brings it in.
    pub fn gap(&self) -> Option<Gap> {
        let what = match self.shape {
            Shape { shallow: true, .. } => "the clone is shallow: no origin can be told from it",
            Shape { filter: Filter::Blobs | Filter::Trees, .. } => {
                "the clone was made with a filter: the lines of most changes are not in it"
            }
            Shape { shallow: false, filter: Filter::Nothing } => return None,
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

impl Descent for Local {
    fn is_ancestor(&self, ancestor: &Sha, of: &Sha) -> Result<bool, Unread> {
        Ok(self.graph.is_ancestor(ancestor, of))
    }

    fn is_led_to(&self, commit: &Commit) -> Result<bool, Unread> {
        Ok(self.graph.committed_at(&commit.id).is_some())
    }

    fn releases(&self) -> Box<dyn Iterator<Item = &Cut> + '_> {
        Box::new(self.releases.releases())
    }

    fn out_at(&self, tag: &Tag) -> Option<i64> {
        self.releases.out_at(tag)
    }

    fn first(&self, commit: &Commit) -> Result<Option<(Tag, i64)>, Unread> {
        let cut = self.releases.first(&self.graph, &commit.id);
        Ok(cut.zip(self.releases.first_at(&self.graph, &commit.id)).map(|(cut, out)| (cut.tag.clone(), out)))
    }

    fn affected(&self, introduced: &Commit, fixed: &[Sha]) -> Result<Vec<Tag>, Unread> {
        let mut introduced = vec![introduced.id.clone()];
        let (picks, unread) = self.picks(&introduced[0]);
        // A release with a pick that was not seen would be missing without a word.
        if let Some(unread) = unread {
            return Err(unread);
        }
        introduced.extend(picks);
        Ok(self.releases.affected(&self.graph, &introduced, fixed).into_iter().cloned().collect())
    }
}

/// The origins of many defects, on all cores.
pub fn origins(local: &Local, questions: &[(IssueNumber, Question)]) -> BTreeMap<IssueNumber, Record> {
    local.expect(questions.len());
    let part = questions.len().div_ceil(rayon::current_num_threads()).max(1);
    let records = questions.par_chunks(part).flat_map_iter(|part| {
        let reader = local.reader();
        let one =
            |(number, question): &(IssueNumber, Question)| (*number, find(question, local.ground(&reader)));
        part.iter().map(one).collect::<Vec<_>>()
    });
    records.collect::<Vec<_>>().into_iter().collect()
}
