//! Commits, lines and comparisons of a repository, for whoever asks where a change came from and has no clone.
//!
//! An answer is kept, commits do not change: for the run, and where there is a cache also for later ones. What could not be
//! read is an error, never an empty answer; and once the allowance of the hour runs low nothing more is asked, so that what
//! follows the search is not refused.

mod answers;
mod commit;
#[cfg(test)]
mod tests;

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::path::Path;
use std::rc::Rc;

use serde_json::{Value, json};

use super::{GitHub, Repository, overview, query, reader::Reader, releases};
use crate::github::{Client, Error, Response, encode};
use crate::model::{Gap, Release, Sha};
use answers::{Answer, Answers, Question};

pub use commit::{Changed, CommitChange, FileChange};

/// So many requests of an hour's allowance are left for others: for publishing what was found, and for other jobs.
const RESERVE: u64 = 100;

/// A run of lines that one commit brought in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Range {
    /// The commit.
    pub commit: Sha,
    /// The first line, counted from 1.
    pub first: u32,
    /// The last line.
    pub last: u32,
}

/// The runs of lines of a file.
type Blame = Rc<[Range]>;

/// Why something could not be read, for a person. Untrusted text.
pub type Why = String;

/// The history of one repository.
pub struct History<'c> {
    client: &'c Client,
    repository: Repository,
    answers: Answers,
    /// The commits that names lead to which are no full ids, as far as they lead to any.
    names: RefCell<HashMap<String, Option<Sha>>>,
    /// The repository as the server numbers it.
    number: Cell<Option<u64>>,
    left: Cell<Option<u64>>,
    refused: Cell<usize>,
}

impl<'c> History<'c> {
    /// Nothing read yet.
    pub fn new(client: &'c Client, repository: Repository) -> Self {
        Self {
            client,
            repository,
            answers: Answers::default(),
            names: RefCell::default(),
            number: Cell::new(None),
            left: Cell::new(None),
            refused: Cell::new(0),
        }
    }

    /// Begins with what earlier runs left in this folder.
    #[must_use]
    pub fn with_cache(self, folder: Option<&Path>) -> Self {
        match folder {
            Some(folder) => Self { answers: Answers::kept_in(folder, self.client, &self.repository), ..self },
            None => self,
        }
    }

    /// Leaves what was answered for later runs, where there is a cache.
    pub fn keep(&self) {
        self.answers.keep(self.client);
    }

    /// How many questions were refused because the allowance of the hour is low.
    pub fn refused(&self) -> usize {
        self.refused.get()
    }

    /// How many requests of the hour's allowance are left, if they are so few that nothing more is asked.
    pub fn is_low(&self) -> Option<u64> {
        self.left.get().filter(|left| *left < RESERVE)
    }

    /// The commit that a name leads to, with what it changes; none if it leads to none.
    ///
    /// # Errors
    /// If it cannot be read to the end; likewise below.
    pub fn commit(&self, name: &str) -> Result<Option<Rc<CommitChange>>, Why> {
        let known = self.names.borrow().get(name).cloned();
        let Some(id) = known.unwrap_or_else(|| Some(Sha(name.to_owned()))) else { return Ok(None) };
        if let Some(Answer::Commit(found)) = self.answers.get(&Question::Commit(id)) {
            return Ok(Some(found));
        }
        let found = self.read_commit(name)?.map(Rc::new);
        // By the id that it has: what a name leads to may be another commit tomorrow.
        self.names.borrow_mut().insert(name.to_owned(), found.as_ref().map(|found| found.id.clone()));
        if let Some(found) = &found {
            self.answers.learn(Question::Commit(found.id.clone()), Answer::Commit(Rc::clone(found)));
        }
        Ok(found)
    }

    /// True if the first commit is the second one, or one that it descends from. The second may be `HEAD`.
    ///
    /// # Errors
    /// As above; also if they have nothing in common.
    pub fn is_ancestor(&self, ancestor: &Sha, of: &Sha) -> Result<bool, Why> {
        if ancestor == of {
            return Ok(true);
        }
        let question = Question::IsAncestor(ancestor.clone(), of.clone());
        if let Some(Answer::IsAncestor(known)) = self.answers.get(&question) {
            return Ok(known);
        }
        // The second page has the same head, and neither commits nor files.
        let range = format!("{}...{}", encode(&ancestor.0), encode(&of.0));
        let path = format!("/repos/{}/compare/{range}?per_page=1&page=2", self.repository);
        let answer = self.get(&path)?.json;
        let is_one = match answer["status"].as_str() {
            Some("ahead" | "identical") => true,
            Some("behind" | "diverged") => false,
            Some(_) | None => return Err(format!("the comparison of {ancestor} with {of} has no status")),
        };
        self.answers.learn(question, Answer::IsAncestor(is_one));
        Ok(is_one)
    }

    /// The bytes of a file as it was at a commit.
    ///
    /// # Errors
    /// As above; also if it is larger than the server sends.
    pub fn contents(&self, commit: &Sha, path: &str) -> Result<Rc<[u8]>, Why> {
        let question = Question::Contents(commit.clone(), path.to_owned());
        if let Some(Answer::Contents(known)) = self.answers.get(&question) {
            return Ok(known);
        }
        self.allowed()?;
        let found = self.client.file(&self.repository.to_string(), path, &commit.0);
        let bytes: Rc<[u8]> = found.map_err(|error| format!("{path}: {error}"))?.into();
        self.answers.learn(question, Answer::Contents(Rc::clone(&bytes)));
        Ok(bytes)
    }

    /// Which commits brought in the lines of a file as it was at a commit.
    ///
    /// # Errors
    /// As above; also if the server takes more time for it than it grants.
    pub fn blame(&self, commit: &Sha, path: &str) -> Result<Blame, Why> {
        let question = Question::Blame(commit.clone(), path.to_owned());
        if let Some(Answer::Blame(known)) = self.answers.get(&question) {
            return Ok(known);
        }
        self.allowed()?;
        let Repository { owner, name } = &self.repository;
        let variables = json!({ "owner": owner, "name": name, "commit": commit.0, "path": path });
        let answer = self.client.graphql(query::BLAME, &variables).map_err(|error| error.to_string())?;
        self.note(answer.data["rateLimit"]["remaining"].as_u64());
        if let Some(error) = answer.errors.first() {
            return Err(error.to_string());
        }
        let ranges = answer.data["repository"]["object"]["blame"]["ranges"].as_array();
        let ranges = ranges.ok_or("the server has no blame of it")?;
        let ranges: Option<Vec<Range>> = ranges.iter().map(range).collect();
        let ranges: Blame = ranges.ok_or("the server's blame of it is not understood")?.into();
        self.answers.learn(question, Answer::Blame(Rc::clone(&ranges)));
        Ok(ranges)
    }

    /// The commit by which a pull request came in; none if it is not merged, or there is none of that number.
    ///
    /// # Errors
    /// As above.
    pub fn merge_of(&self, pull_request: u64) -> Result<Option<Sha>, Why> {
        let question = Question::Merge(pull_request);
        if let Some(Answer::Merge { commit, repository }) = self.answers.get(&question)
            && self.number()? == Some(repository)
        {
            return Ok(Some(commit));
        }
        let path = format!("/repos/{}/pulls/{pull_request}", self.repository);
        let Some(answer) = self.find(&path)? else { return Ok(None) };
        let commit = match (answer.json["merged"].as_bool(), answer.json["merge_commit_sha"].as_str()) {
            (Some(true), Some(commit)) => Sha(commit.to_owned()),
            (Some(false), _) => return Ok(None),
            (Some(true), None) | (None, _) => {
                return Err(format!("pull request {pull_request} does not say by which commit it came in"));
            }
        };
        if let Some(repository) = answer.json["base"]["repo"]["id"].as_u64() {
            self.number.set(Some(repository));
            self.answers.learn(question, Answer::Merge { commit: commit.clone(), repository });
        }
        Ok(Some(commit))
    }

    /// The repository as the server numbers it, asked for once.
    fn number(&self) -> Result<Option<u64>, Why> {
        if self.number.get().is_none() {
            let answer = self.get(&format!("/repos/{}", self.repository))?;
            self.number.set(answer.json["id"].as_u64());
        }
        Ok(self.number.get())
    }

    /// A commit and all pages of what it changes.
    fn read_commit(&self, name: &str) -> Result<Option<CommitChange>, Why> {
        self.allowed()?;
        let path = format!("/repos/{}/commits/{}", self.repository, encode(name));
        let mut read: Option<CommitChange> = None;
        for page in self.client.pages(&path) {
            let page = match page {
                Ok(page) => page,
                Err(error) if read.is_none() && is_absent(&error) => return Ok(None),
                Err(error) => return Err(error.to_string()),
            };
            self.note_headers(&page);
            match &mut read {
                None => read = Some(commit::read(&page.json)?),
                Some(commit) => commit.add(&page.json)?,
            }
        }
        match read {
            Some(commit) => commit.whole().map(Some),
            None => Err(format!("commit {name} did not come")),
        }
    }

    /// A resource that may be absent.
    fn find(&self, path: &str) -> Result<Option<Response>, Why> {
        self.allowed()?;
        match self.client.get(path) {
            Ok(response) => {
                self.note_headers(&response);
                Ok(Some(response))
            }
            Err(error) if is_absent(&error) => Ok(None),
            Err(error) => Err(error.to_string()),
        }
    }

    /// A resource that is there.
    fn get(&self, path: &str) -> Result<Response, Why> {
        self.allowed()?;
        let response = self.client.get(path).map_err(|error| error.to_string())?;
        self.note_headers(&response);
        Ok(response)
    }

    /// Refuses to ask on once the allowance runs low.
    fn allowed(&self) -> Result<(), Why> {
        match self.is_low() {
            Some(left) => {
                self.refused.set(self.refused.get() + 1);
                Err(format!("not asked: only {left} requests of the hour's allowance are left"))
            }
            None => Ok(()),
        }
    }

    fn note_headers(&self, response: &Response) {
        let left = response.headers.get("x-ratelimit-remaining");
        self.note(left.and_then(|left| left.trim().parse().ok()));
    }

    /// Notes how much is left. Each API has an allowance of its own; the smaller one counts.
    fn note(&self, left: Option<u64>) {
        let known = self.left.get();
        self.left.set(known.into_iter().chain(left).min());
    }
}

impl GitHub<'_> {
    /// All releases, and the tags that this is true of, and what could not be read.
    pub fn releases(&self, wants_tag: &dyn Fn(&str) -> bool) -> (Vec<Release>, Vec<Gap>) {
        let mut reader = Reader::new(self.client, &self.repository);
        let found = overview(&mut reader).map(|found| found.releases);
        let releases = found.map(|first| releases::gather(&mut reader, first, Some(wants_tag)));
        (releases.unwrap_or_default(), reader.gaps.into_iter().collect())
    }
}

/// True if there is no such thing: a 422 is what a name gets that is no commit.
fn is_absent(error: &Error) -> bool {
    matches!(error.cause(), Error::NotFound { .. } | Error::Refused { status: 422, .. })
}

/// A range as the server writes it.
fn range(json: &Value) -> Option<Range> {
    let line = |name: &str| u32::try_from(json[name].as_u64()?).ok();
    let (first, last) = (line("startingLine")?, line("endingLine")?);
    let commit = Sha(json["commit"]["oid"].as_str()?.to_owned());
    (first > 0 && first <= last).then_some(Range { commit, first, last })
}
