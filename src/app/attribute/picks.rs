//! Which commits take a change to other lines of releases.

use std::collections::{BTreeSet, HashMap};

use crate::git::{Error, Git};
use crate::model::Sha;

/// What `git cherry-pick -x` writes into the message.
const MARK: &str = "cherry picked from commit ";

/// The most commits of one subject that are compared: a subject that is on more says nothing ("Update translations").
const MOST: usize = 20;

/// What the messages of all commits say about picks.
#[derive(Debug, Default)]
pub struct Picks {
    /// By the commit that was picked: those that say so.
    said: HashMap<String, Vec<String>>,
    /// Commits by their subjects.
    subjects: HashMap<String, Vec<String>>,
}

impl Picks {
    /// Reads all messages, once.
    ///
    /// # Errors
    /// If they cannot be read.
    pub fn read(git: &Git) -> Result<Self, Error> {
        let mut picks = Self::default();
        git.messages(|id, message| {
            for (at, _) in message.match_indices(MARK) {
                let rest = &message[at + MARK.len()..];
                let end = rest.find(|c: char| !c.is_ascii_hexdigit()).unwrap_or(rest.len());
                picks.said.entry(rest[..end].to_owned()).or_default().push(id.clone());
            }
            let subject = message.trim_start().lines().next().unwrap_or("").trim_end().to_owned();
            picks.subjects.entry(subject).or_default().push(id);
        })?;
        picks.subjects.retain(|_, commits| (2..=MOST).contains(&commits.len()));
        Ok(picks)
    }

    /// The commits that say they are picks of this one, and those of its subject that change the same lines in the same
    /// way. What cannot be compared is no pick: then a release counts as affected, which is the careful side.
    pub fn of(&self, git: &Git, commit: &Sha) -> Vec<Sha> {
        let said = self.said.get(&commit.0).into_iter().flatten().cloned();
        let mut found: BTreeSet<String> = said.collect();
        if let Some(alike) = self.subjects.values().find(|commits| commits.contains(&commit.0)) {
            let alike: Vec<&str> = alike.iter().map(String::as_str).collect();
            let patches = git.patch_ids(&alike).unwrap_or_default();
            if let Some(own) = patches.get(&commit.0) {
                found.extend(patches.iter().filter(|(_, patch)| *patch == own).map(|(id, _)| id.clone()));
            }
        }
        found.remove(&commit.0);
        found.into_iter().map(Sha).collect()
    }
}
