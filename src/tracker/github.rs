//! GitHub's issues and releases as a tracker.

mod blockers;
mod book;
mod cache;
mod candidate;
mod comments;
mod deployments;
mod files;
mod labels;
mod lists;
mod milestones;
mod numbered;
mod overrides;
mod pull;
mod query;
mod reader;
mod references;
mod refresh;
mod releases;
mod schema;
#[cfg(test)]
mod tests;
mod ticket;
mod tickets;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::PathBuf;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{CollectionRequest, ExpectedLabel, Tracker, TrackerError};
use crate::github::Client;
use crate::model::{Area, Gap, PullRequest, Release, Snapshot, Warning};
use cache::Cache;
use milestones::RepositoryMilestone;
use reader::PagedReader;
use schema::Schema;

/// A repository's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RepositoryName {
    /// User or organisation.
    pub owner: String,
    /// The name within it.
    pub name: String,
}

impl RepositoryName {
    /// Reads `owner/name`.
    ///
    /// # Errors
    /// If it is anything else.
    pub fn parse(text: &str) -> Result<Self, TrackerError> {
        let plain = |part: &str| {
            !part.is_empty()
                && part != "."
                && part != ".."
                && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte))
        };
        match text.split_once('/') {
            Some((owner, name)) if plain(owner) && plain(name) => {
                Ok(Self { owner: owner.to_owned(), name: name.to_owned() })
            }
            Some(_) | None => Err(TrackerError::Repository(text.to_owned())),
        }
    }
}

impl fmt::Display for RepositoryName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.owner, self.name)
    }
}

/// The issues and releases of one repository.
pub struct GitHub<'c> {
    client: &'c Client,
    repository: RepositoryName,
    cache: Option<Cache>,
}

impl<'c> GitHub<'c> {
    /// A tracker over a client.
    pub fn new(client: &'c Client, repository: RepositoryName) -> Self {
        Self { client, repository, cache: None }
    }

    /// Keeps tickets in this folder from run to run.
    #[must_use]
    pub fn with_cache(self, folder: Option<PathBuf>) -> Self {
        Self { cache: folder.map(|folder| Cache { folder }), ..self }
    }

    /// A warning for each label or pattern that matches no label of the repository, and what could not be read.
    pub fn absent_labels(&self, expected: &[ExpectedLabel<'_>]) -> (BTreeSet<Warning>, Vec<Gap>) {
        let mut reader = PagedReader::new(self.client, &self.repository);
        if let Some(found) = overview(&mut reader) {
            let labels = labels::gather(&mut reader, found.labels);
            labels::warn_of_absent(&mut reader, &labels, expected);
        }
        (reader.warnings, reader.gaps.into_iter().collect())
    }

    /// All releases, and the tags that this is true of, and what could not be read.
    pub fn releases(&self, wants_tag: &dyn Fn(&str) -> bool) -> (Vec<Release>, Vec<Gap>) {
        let mut reader = PagedReader::new(self.client, &self.repository);
        let found = overview(&mut reader).map(|found| found.releases);
        let releases = found.map(|first| releases::gather(&mut reader, first, Some(wants_tag)));
        (releases.unwrap_or_default(), reader.gaps.into_iter().collect())
    }

    /// The labels and releases of the repository, as far as they can be read.
    pub fn survey(&self) -> RepositoryFacts {
        let mut reader = PagedReader::new(self.client, &self.repository);
        let mut survey = RepositoryFacts::default();
        if let Some(found) = overview(&mut reader) {
            survey.labels = labels::gather(&mut reader, found.labels);
            survey.releases = releases::published(&mut reader, found.releases);
        }
        survey.gaps = reader.gaps.into_iter().collect();
        survey
    }
}

/// What a repository has that a policy can be made from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RepositoryFacts {
    /// The names of its labels. Untrusted text.
    pub labels: Vec<String>,
    /// Its releases.
    pub releases: Vec<Release>,
    /// What could not be read.
    pub gaps: Vec<Gap>,
}

/// Every GraphQL document that this tracker sends, by name, for checking against a schema.
pub fn documents() -> Vec<(&'static str, String)> {
    query::documents().into_iter().chain(deployments::documents()).collect()
}

impl Tracker for GitHub<'_> {
    fn collect(&self, ask: &CollectionRequest<'_>) -> Result<Snapshot, TrackerError> {
        let mut reader = PagedReader::new(self.client, &self.repository);
        let mut snapshot = Snapshot::empty(ask.now);
        snapshot.repository = Some(self.repository.to_string());
        let found = overview(&mut reader);
        if let Some(found) = found {
            let releases =
                releases::gather(&mut reader, found.releases, ask.tags_only.then_some(ask.wants_tag));
            let labels = labels::gather(&mut reader, found.labels);
            let milestones = milestones::gather(&mut reader, ask.milestones);
            let named = SelectableNames { labels: &labels, milestones: &milestones };
            let cache = self.cache.as_ref();
            if let Some(read) = tickets::gather(&mut reader, &found.schema, named, ask, cache, found.mark) {
                let listed = blockers::gather(&mut reader, named, ask.wants_pull_label);
                let mut tickets = read.tickets;
                tickets.extend(numbered::gather(&mut reader, &found.schema, &tickets, ask.issues));
                tickets.sort_by_key(|ticket| ticket.number);
                snapshot.issues = Some(tickets);
                snapshot.pull_requests = Some(each_once(read.referrers, listed));
            }
            snapshot.deployments = deployments::gather(&mut reader, ask.environment);
            let candidate = candidate::gather(&mut reader, &releases, ask);
            snapshot.overrides = overrides::gather(&mut reader, &candidate, ask);
            snapshot.candidate = Some(candidate);
            snapshot.releases = Some(releases);
        }
        snapshot.gaps = reader.gaps;
        snapshot.warnings = reader.warnings;
        Ok(snapshot)
    }
}

/// What the repository has that lists are chosen by.
#[derive(Clone, Copy)]
struct SelectableNames<'r> {
    /// The names of all labels.
    labels: &'r [String],
    /// The milestones that are wanted.
    milestones: &'r [RepositoryMilestone],
}

/// Pull requests by number, each once. Those that were read by their labels or milestones know more.
fn each_once(referrers: Vec<PullRequest>, listed: Vec<PullRequest>) -> Vec<PullRequest> {
    let mut all = BTreeMap::new();
    for pull in referrers {
        let known: &mut PullRequest = all.entry(pull.number).or_insert_with(|| pull.clone());
        if known.updated_at < pull.updated_at {
            *known = pull;
        }
    }
    all.extend(listed.into_iter().map(|pull| (pull.number, pull)));
    all.into_values().collect()
}

/// What the first request brings.
struct Overview {
    schema: Schema,
    labels: Value,
    releases: Value,
    /// The last time that a ticket or a pull request changed; none where the server does not tell.
    mark: Option<Timestamp>,
}

/// The first request: what this server knows, and the first page of labels and releases. None, and a gap, without it.
fn overview(reader: &mut PagedReader<'_>) -> Option<Overview> {
    let names = reader.names();
    let mut data = reader.ask(Area::Issues, "the repository", query::OVERVIEW, &names)?;
    let schema = Schema::read(&data);
    let repository = &mut data["repository"];
    if !repository.is_object() {
        let what = "the repository was not found, or is not visible to this token";
        reader.gap(
            Area::Issues,
            what,
            Some("check its name, and give the token `contents: read` and `issues: read`"),
        );
        return None;
    }
    if repository["hasIssuesEnabled"] != json!(true) {
        let what = "issues are switched off in the repository, so that no defect can be read from it";
        reader.gap(Area::Issues, what, Some("name the repository that holds the issues"));
    }
    let (labels, releases) = (repository["labels"].take(), repository["releases"].take());
    let newest = |list: &str| repository[list]["nodes"][0]["updatedAt"].as_str()?.parse().ok();
    let mark = newest("newest").max(newest("newestPull"));
    Some(Overview { schema, labels, releases, mark })
}
