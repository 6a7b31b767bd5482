//! A repository on GitHub as the search for an origin sees it, without a clone: a request for each answer.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::attribution::introduced::descent::Descent;
use crate::attribution::introduced::find::{Ground, Question, find};
use crate::attribution::introduced::history::{
    Blanks, Commit, FilePatch, FilePath, History, Hunk, Origin, Unread,
};
use crate::attribution::introduced::record::{Nothing, Record};
use crate::attribution::introduced::releases::Cut;
use crate::attribution::introduced::shelf::Shelf;
use crate::attribution::introduced::source::is_code;
use crate::attribution::introduced::unified::hunks;
use crate::model::{Area, Gap, IssueNumber, Release, Sha, Tag};
use crate::tracker::github::history::{Changed, CommitChange, FileChange, History as Server, Range};

/// A repository on GitHub.
pub struct Remote<'c> {
    server: Server<'c>,
    shelf: Shelf,
    /// Why blame is not asked; none if it is.
    pub unblamed: Option<Nothing>,
}

impl<'c> Remote<'c> {
    /// A repository with the releases that the tracker knows. One of which the server does not say what it was made from is
    /// left out, as a tag that a clone does not have.
    pub fn new(server: Server<'c>, releases: &[Release]) -> Self {
        let shipped = releases.iter().filter(|release| !release.draft && !release.prerelease);
        let cut = |release: &Release| {
            let made = release.committed_at.or(release.published_at)?;
            let (tag, commit, published) =
                (release.tag.clone(), release.commit.clone()?, release.published_at);
            Some((Cut { tag, commit, published }, made.as_second()))
        };
        Self { server, shelf: Shelf::new(shipped.filter_map(cut).collect()), unblamed: None }
    }

    /// The ground that the search stands on.
    pub fn ground(&self) -> Ground<'_> {
        Ground { descent: self, history: self, unblamed: self.unblamed }
    }

    /// The commit that a name leads to.
    pub fn named(&self, name: &str) -> Result<Option<Commit>, Unread> {
        Ok(self.server.commit(name).map_err(Unread)?.map(|found| commit(&found)))
    }

    /// Leaves what the server answered for later runs.
    pub fn keep(&self) {
        self.server.keep();
    }

    fn change(&self, id: &Sha) -> Result<Rc<CommitChange>, Unread> {
        let found = self.server.commit(&id.0).map_err(Unread)?;
        found.ok_or_else(|| Unread(format!("commit {id} is not there")))
    }
}

/// The origins of defects, in this order. Once the allowance of the hour runs low, only those that need no request; of
/// those that are left out then, a gap. What was answered is left for the next run, which goes on from there.
pub fn remote_origins(
    remote: &Remote<'_>,
    questions: &[(IssueNumber, Question)],
) -> (BTreeMap<IssueNumber, Record>, Option<Gap>) {
    let (mut records, mut left_out) = (BTreeMap::new(), None);
    for (number, question) in questions {
        let (low, refused) = (remote.server.is_low(), remote.server.refused());
        let record = find(question, remote.ground());
        if low.is_some() && remote.server.refused() > refused {
            left_out = low;
        } else {
            records.insert(*number, record);
        }
    }
    remote.keep();
    let gap = left_out.map(|left| {
        let (open, all) = (questions.len() - records.len(), questions.len());
        Gap {
            area: Area::Origins,
            place: None,
            what: format!(
                "{open} of {all} defects were not looked at: only {left} requests of the hour's allowance are left"
            ),
            remedy: Some(
                "Write `fetch-depth: 0` below `with:` of actions/checkout: in a clone all are looked at.".into(),
            ),
        }
    });
    (records, gap)
}

impl History for Remote<'_> {
    fn commit(&self, id: &str) -> Result<Option<Commit>, Unread> {
        // A branch may have a name of digits.
        let starts = |found: &Commit| found.id.0.starts_with(&id.to_ascii_lowercase());
        Ok(self.named(id)?.filter(starts))
    }

    fn changed_paths(&self, commit: &Sha) -> Result<Vec<FilePath>, Unread> {
        let change = self.change(commit)?;
        let paths = |file: &FileChange| {
            // A file that moved as it is counts once.
            let before = file.before.clone().filter(|_| file.added + file.removed > 0);
            before.into_iter().chain([file.path.clone()]).map(String::into_bytes).collect::<Vec<FilePath>>()
        };
        Ok(change.files.iter().flat_map(paths).collect())
    }

    fn patch(&self, commit: &Sha, blanks: Blanks) -> Result<Vec<FilePatch>, Unread> {
        let change = self.change(commit)?;
        let Some(parent) = change.parents.first() else { return Ok(Vec::new()) };
        let mut patches = Vec::new();
        for file in change.files.iter().filter(|file| file.changed == Changed::Kept) {
            let path = file.before.as_ref().unwrap_or(&file.path);
            let is_same = file.patch.is_none() && file.added + file.removed == 0;
            // Files that are no code are not asked about, and are those that come without a patch most often.
            if is_same && file.before.is_some() || !is_code(path.as_bytes()) {
                continue;
            }
            let hunks = read(file, blanks).map_err(|Unread(why)| Unread(format!("{path}: {why}")))?;
            if !hunks.is_empty() {
                let blob = format!("{parent}:{path}");
                patches.push(FilePatch { path: path.clone().into_bytes(), blob, hunks });
            }
        }
        Ok(patches)
    }

    fn contents(&self, blob: &str) -> Result<Vec<u8>, Unread> {
        let place = blob.split_once(':').ok_or_else(|| Unread(format!("{blob} names no file")))?;
        let found = self.server.contents(&Sha(place.0.to_owned()), place.1).map_err(Unread)?;
        Ok(found.to_vec())
    }

    fn blame(&self, at: &Sha, files: &[(FilePath, Vec<u32>)]) -> Vec<Result<Vec<Origin>, Unread>> {
        let one = |(path, lines): &(FilePath, Vec<u32>)| {
            let path = std::str::from_utf8(path).map_err(|why| Unread(why.to_string()))?;
            let ranges = self.server.blame(at, path).map_err(Unread)?;
            origins(&ranges, lines)
        };
        files.iter().map(one).collect()
    }

    fn merge_of(&self, pull_request: u64) -> Result<Option<Sha>, Unread> {
        self.server.merge_of(pull_request).map_err(Unread)
    }
}

impl Descent for Remote<'_> {
    fn is_ancestor(&self, ancestor: &Sha, of: &Sha) -> Result<bool, Unread> {
        self.server.is_ancestor(ancestor, of).map_err(Unread)
    }

    fn is_led_to(&self, commit: &Commit) -> Result<bool, Unread> {
        // The server has commits of forks too, and of branches that are gone.
        Ok(self.first(commit)?.is_some() || self.is_ancestor(&commit.id, &Sha("HEAD".into()))?)
    }

    fn releases(&self) -> Box<dyn Iterator<Item = &Cut> + '_> {
        Box::new(self.shelf.releases())
    }

    fn out_at(&self, tag: &Tag) -> Option<i64> {
        self.shelf.out_at(tag)
    }

    fn first(&self, commit: &Commit) -> Result<Option<(Tag, i64)>, Unread> {
        self.shelf.first(&commit.id, commit.time, &mut |one, other| self.is_ancestor(one, other))
    }

    fn affected(&self, introduced: &Commit, fixed: &[Sha]) -> Result<Vec<Tag>, Unread> {
        let mut is_in = |one: &Sha, other: &Sha| self.is_ancestor(one, other);
        self.shelf.affected(&introduced.id, introduced.time, fixed, &mut is_in)
    }
}

fn commit(change: &CommitChange) -> Commit {
    Commit {
        id: change.id.clone(),
        parents: change.parents.clone(),
        author: change.author.clone(),
        time: change.time.as_second(),
        message: change.message.clone(),
    }
}

/// The places of a file that changed, if the server sent all of them.
fn read(file: &FileChange, blanks: Blanks) -> Result<Vec<Hunk>, Unread> {
    let Some(patch) = &file.patch else {
        return Err(Unread("the server does not send its change: it is too large, or no text".to_owned()));
    };
    let removed: u64 = hunks(patch, Blanks::Count)?.iter().map(|hunk| u64::from(hunk.removed)).sum();
    if removed != file.removed {
        return Err(Unread(format!("{removed} of {} lines that it takes out came", file.removed)));
    }
    hunks(patch, blanks)
}

/// Who wrote these lines. Each has to be in one of the ranges.
fn origins(ranges: &[Range], lines: &[u32]) -> Result<Vec<Origin>, Unread> {
    let one = |line: &u32| {
        let range = ranges.iter().find(|range| (range.first..=range.last).contains(line));
        let range = range.ok_or_else(|| Unread(format!("blame does not tell who wrote line {line}")))?;
        Ok(Origin { commit: range.commit.clone(), start: *line, count: 1 })
    };
    lines.iter().map(one).collect()
}
