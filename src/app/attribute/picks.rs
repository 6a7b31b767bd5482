//! Which commits take a change to other lines of releases.

use std::collections::{BTreeSet, HashMap};

use crate::attribution::introduced::history::Unread;
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
    /// Commits of one subject.
    alike: Vec<Vec<String>>,
    /// By each of these commits: where those of its subject are.
    places: HashMap<String, usize>,
}

impl Picks {
    /// Reads all messages, once.
    ///
    /// # Errors
    /// If they cannot be read.
    pub fn read(git: &Git) -> Result<Self, Error> {
        let mut picks = Self::default();
        let mut subjects: HashMap<String, Vec<String>> = HashMap::new();
        git.messages(|id, message| {
            for (at, _) in message.match_indices(MARK) {
                let rest = &message[at + MARK.len()..];
                let end = rest.find(|c: char| !c.is_ascii_hexdigit()).unwrap_or(rest.len());
                picks.said.entry(rest[..end].to_owned()).or_default().push(id.clone());
            }
            let subject = message.trim_start().lines().next().unwrap_or("").trim_end().to_owned();
            subjects.entry(subject).or_default().push(id);
        })?;
        picks.alike = subjects.into_values().filter(|commits| (2..=MOST).contains(&commits.len())).collect();
        let places = picks.alike.iter().enumerate();
        picks.places =
            places.flat_map(|(at, commits)| commits.iter().map(move |id| (id.clone(), at))).collect();
        Ok(picks)
    }

    /// The commits that say they are picks of this one, and those of its subject that change the same lines in the same
    /// way; and what could not be compared, which may be picks too.
    pub fn of(&self, git: &Git, commit: &Sha) -> (Vec<Sha>, Option<Unread>) {
        let said = self.said.get(&commit.0).into_iter().flatten().cloned();
        let mut found: BTreeSet<String> = said.collect();
        let alike = self.places.get(&commit.0).and_then(|at| self.alike.get(*at));
        let alike: Vec<&str> = alike.into_iter().flatten().map(String::as_str).collect();
        let mut unread = None;
        match git.patch_ids(&alike) {
            Ok(patches) => {
                if let Some(own) = patches.get(&commit.0) {
                    found.extend(patches.iter().filter(|(_, patch)| *patch == own).map(|(id, _)| id.clone()));
                }
            }
            Err(error) => unread = Some(picks_unread(&error)),
        }
        found.remove(&commit.0);
        (found.into_iter().map(Sha).collect(), unread)
    }
}

/// What could not be read, for a person.
pub fn picks_unread(error: &Error) -> Unread {
    Unread(format!("which commits were picked to other lines of releases: {error}"))
}
