//! Which release came first, where no graph is at hand: by asking of a commit and a release at a time whether the one is in
//! the other.
//!
//! Releases stand in the order in which the commits were made that they come from: what is published may be published late,
//! and out of order. What is in one of them need not be in the next: a line of releases that is still maintained goes on
//! beside newer ones. So the releases that come soon after a commit are asked one by one; of the others, each line is halved
//! again and again, as long as what is asked on the way shows it to be a line, and is asked one by one where it does not.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::history::Unread;
use super::releases::Cut;
use crate::model::{Sha, Tag, Version};

/// Clocks differ; a release whose commit is this much older than another one is not asked about that.
const SLACK: i64 = 86_400;

/// How many releases are asked one by one before lines are looked at.
const NEAR: usize = 6;

/// The most that is asked for one answer.
const MOST: u32 = 80;

/// True if the first commit is in the second.
pub type IsIn<'a> = dyn FnMut(&Sha, &Sha) -> Result<bool, Unread> + 'a;

/// Releases in the order of their commits.
#[derive(Debug, Clone, Default)]
pub struct Shelf {
    /// Each with the time of its commit.
    releases: Vec<(Cut, i64)>,
    /// The releases of each line, by place: those that differ in their last numbers only.
    lines: Vec<Vec<usize>>,
}

impl Shelf {
    /// Releases, each with the time of its commit.
    pub fn new(mut releases: Vec<(Cut, i64)>) -> Self {
        let by_version =
            |one: &Cut, other: &Cut| match (Version::parse(&one.tag.0), Version::parse(&other.tag.0)) {
                (Some(one), Some(other)) => one.compare(&other),
                (one, other) => other.is_some().cmp(&one.is_some()),
            };
        releases.sort_by(|(one, at), (other, later)| {
            at.cmp(later).then_with(|| by_version(one, other)).then_with(|| one.tag.0.cmp(&other.tag.0))
        });
        let mut lines: BTreeMap<Vec<String>, Vec<usize>> = BTreeMap::new();
        for (place, (cut, _)) in releases.iter().enumerate() {
            lines.entry(line(&cut.tag)).or_default().push(place);
        }
        Self { lines: lines.into_values().collect(), releases }
    }

    /// All releases, the first one first.
    pub fn releases(&self) -> impl Iterator<Item = &Cut> {
        self.releases.iter().map(|(cut, _)| cut)
    }

    /// When a release came out, in seconds since 1970.
    pub fn out_at(&self, tag: &Tag) -> Option<i64> {
        self.releases.iter().find(|(cut, _)| cut.tag == *tag).map(out)
    }

    /// The first release that contains a commit of this time, and when it came out.
    ///
    /// # Errors
    /// If that cannot be read, or takes too much asking.
    pub fn first(&self, commit: &Sha, time: i64, is_in: &mut IsIn<'_>) -> Result<Option<(Tag, i64)>, Unread> {
        let mut search = Search { shelf: self, is_in, left: MOST };
        let (near, far) = self.since(time);
        for place in near {
            if search.has(place, commit)? {
                return Ok(Some(self.named(place)));
            }
        }
        let mut first: Option<usize> = None;
        for line in &self.lines {
            let line: Vec<usize> = line
                .iter()
                .copied()
                .filter(|at| *at >= far && first.is_none_or(|first| *at < first))
                .collect();
            if let Some(at) = search.first_of(&line, std::slice::from_ref(commit))? {
                first = line.get(at).copied();
            }
        }
        Ok(first.map(|place| self.named(place)))
    }

    /// The releases that contain a commit of this time and none of those that fixed it, the first one first.
    ///
    /// # Errors
    /// As [`Shelf::first`].
    pub fn affected(
        &self,
        commit: &Sha,
        time: i64,
        fixed: &[Sha],
        is_in: &mut IsIn<'_>,
    ) -> Result<Vec<Tag>, Unread> {
        let mut search = Search { shelf: self, is_in, left: MOST };
        let start = self.since(time).0.start;
        let mut places = Vec::new();
        for line in &self.lines {
            let line: Vec<usize> = line.iter().copied().filter(|at| *at >= start).collect();
            let Some(&begin) = line.first() else { continue };
            if search.has_any(begin, fixed)? && search.is_line(&line)? {
                continue;
            }
            let Some(from) = search.first_of(&line, std::slice::from_ref(commit))? else { continue };
            if search.is_line(&line)? {
                let to = search.first_of(&line[from..], fixed)?.map_or(line.len(), |to| from + to);
                places.extend_from_slice(&line[from..to]);
            } else {
                for place in &line[from..] {
                    if search.has(*place, commit)? && !search.has_any(*place, fixed)? {
                        places.push(*place);
                    }
                }
            }
        }
        places.sort_unstable();
        Ok(places.into_iter().map(|place| self.named(place).0).collect())
    }

    /// The places of the releases whose commits came soonest after a time, and where those behind them begin.
    fn since(&self, time: i64) -> (std::ops::Range<usize>, usize) {
        let start = self.releases.partition_point(|(_, made)| made.saturating_add(SLACK) < time);
        let end = (start + NEAR).min(self.releases.len());
        (start..end, end)
    }

    fn named(&self, place: usize) -> (Tag, i64) {
        let release = &self.releases[place];
        (release.0.tag.clone(), out(release))
    }
}

/// When a release came out; where that is not known, the time of its commit stands for it.
fn out((cut, made): &(Cut, i64)) -> i64 {
    cut.published.map_or(*made, Timestamp::as_second)
}

/// One answer in the making.
struct Search<'a, 'b> {
    shelf: &'a Shelf,
    is_in: &'a mut IsIn<'b>,
    left: u32,
}

impl Search<'_, '_> {
    /// True if the first commit is in the second.
    fn ask(&mut self, one: &Sha, other: &Sha) -> Result<bool, Unread> {
        self.left = self.left.checked_sub(1).ok_or_else(|| {
            Unread(format!("which releases contain {one} takes more than {MOST} comparisons"))
        })?;
        (self.is_in)(one, other)
    }

    fn has(&mut self, place: usize, commit: &Sha) -> Result<bool, Unread> {
        let shelf = self.shelf;
        self.ask(commit, &shelf.releases[place].0.commit)
    }

    fn has_any(&mut self, place: usize, commits: &[Sha]) -> Result<bool, Unread> {
        for commit in commits {
            if self.has(place, commit)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// True if the last of some releases contains the first one.
    fn is_line(&mut self, line: &[usize]) -> Result<bool, Unread> {
        match line {
            [] | [_] => Ok(true),
            [first, .., last] => self.follows(*first, *last),
        }
    }

    fn follows(&mut self, one: usize, other: usize) -> Result<bool, Unread> {
        let shelf = self.shelf;
        self.ask(&shelf.releases[one].0.commit, &shelf.releases[other].0.commit)
    }

    /// The first of some releases that contains one of these commits, as a place among them.
    fn first_of(&mut self, line: &[usize], commits: &[Sha]) -> Result<Option<usize>, Unread> {
        let [first, .., last] = line else { return self.one_by_one(line, commits) };
        if line.len() < 4 || !self.follows(*first, *last)? {
            return self.one_by_one(line, commits);
        }
        if self.has_any(*first, commits)? {
            return Ok(Some(0));
        }
        if !self.has_any(*last, commits)? {
            return Ok(None);
        }
        // The one has none of them, the other has one.
        let (mut without, mut with) = (0, line.len() - 1);
        while with - without > 1 {
            let middle = without.midpoint(with);
            let on_the_line =
                self.follows(line[without], line[middle])? && self.follows(line[middle], line[with])?;
            if !on_the_line {
                return self.one_by_one(line, commits);
            }
            if self.has_any(line[middle], commits)? {
                with = middle;
            } else {
                without = middle;
            }
        }
        Ok(Some(with))
    }

    fn one_by_one(&mut self, line: &[usize], commits: &[Sha]) -> Result<Option<usize>, Unread> {
        for (at, place) in line.iter().enumerate() {
            if self.has_any(*place, commits)? {
                return Ok(Some(at));
            }
        }
        Ok(None)
    }
}

/// What the releases of one line have in common: all that stands before the last number, and at most two numbers.
fn line(tag: &Tag) -> Vec<String> {
    let parts: Vec<&str> = tag.0.split('.').collect();
    let last = if parts.len() > 2 { 2 } else { 1 };
    parts.iter().take(last).map(|part| (*part).to_owned()).collect()
}

#[cfg(test)]
mod tests;
