//! GitHub as a tracker: issues, pull requests, releases, deployments and overrides of one repository.

mod bisects;
mod blockers;
mod cache;
mod candidate;
mod changed_files;
mod collected_issues;
mod deployments;
mod fix_references;
mod issue;
mod issue_list;
mod issue_store;
mod labels;
mod merge_queue;
mod milestones;
mod nodes;
mod numbered_issues;
mod overrides;
mod paged_reader;
mod pull_request;
mod query;
mod refresh;
mod releases;
mod schema;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::PathBuf;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{CollectionRequest, ExpectedLabel, Tracker, TrackerError};
use crate::github::Client;
use crate::model::{Area, Gap, PullRequest, Release, Snapshot, Warning};
use collected_issues::collect_issues;
use milestones::RepositoryMilestone;
use numbered_issues::collect_numbered_issues;
use paged_reader::PagedReader;
use releases::collect_releases;
use schema::Schema;

/// Name of a repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RepositoryName {
    /// User or organization.
    pub owner: String,
    /// Name without the owner.
    pub name: String,
}

impl RepositoryName {
    /// Parses `owner/name`.
    ///
    /// # Errors
    /// If the text is anything else.
    pub fn parse(text: &str) -> Result<Self, TrackerError> {
        let plain = |part: &str| {
            !part.is_empty()
                // These would lead a REST path elsewhere.
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

/// One repository on GitHub.
pub struct GitHub<'c> {
    client: &'c Client,
    repository: RepositoryName,
    cache: Option<PathBuf>,
}

impl<'c> GitHub<'c> {
    /// Creates a tracker without a cache.
    pub fn new(client: &'c Client, repository: RepositoryName) -> Self {
        Self { client, repository, cache: None }
    }

    /// Caches issues in this folder.
    #[must_use]
    pub fn with_cache(self, folder: Option<PathBuf>) -> Self {
        Self { cache: folder, ..self }
    }

    /// Returns a warning for each label or pattern that matches no label of the repository, and the gaps.
    pub fn absent_labels(&self, expected: &[ExpectedLabel<'_>]) -> (BTreeSet<Warning>, Vec<Gap>) {
        let mut reader = PagedReader::new(self.client, &self.repository);
        if let Some(found) = overview(&mut reader) {
            let labels = labels::collect_labels(&mut reader, found.labels);
            labels::warn_of_absent_labels(&mut reader, &labels, expected);
        }
        (reader.warnings, reader.gaps.into_iter().collect())
    }

    /// Reads all releases and the wanted tags without a release. Returns them with the gaps.
    pub fn releases(&self, wants_tag: &dyn Fn(&str) -> bool) -> (Vec<Release>, Vec<Gap>) {
        let mut reader = PagedReader::new(self.client, &self.repository);
        let found = overview(&mut reader).map(|found| found.releases);
        let releases = found.map(|first| collect_releases(&mut reader, first, Some(wants_tag)));
        (releases.unwrap_or_default(), reader.gaps.into_iter().collect())
    }

    /// Counts the open issues that have at least one of these labels, and reads when the oldest was opened. `None`, with a
    /// gap, if no answer came.
    pub fn open_issues(&self, labels: &[String]) -> (Option<OpenIssues>, Vec<Gap>) {
        let mut reader = PagedReader::new(self.client, &self.repository);
        let mut variables = reader.names();
        variables["labels"] = json!(labels);
        let answer = reader.ask(Area::Issues, "open defects", query::OPEN_ISSUES, &variables);
        let found = answer.and_then(|answer| {
            let issues = &answer["repository"]["issues"];
            let oldest = issues["nodes"][0]["createdAt"].as_str().and_then(|at| at.parse().ok());
            Some(OpenIssues { count: issues["totalCount"].as_u64()?, oldest })
        });
        (found, reader.gaps.into_iter().collect())
    }

    /// Reads the labels, issue types, issue fields and releases of the repository.
    pub fn facts(&self) -> RepositoryFacts {
        let mut reader = PagedReader::new(self.client, &self.repository);
        let mut facts = RepositoryFacts::default();
        if let Some(found) = overview(&mut reader) {
            facts.labels = labels::collect_labels(&mut reader, found.labels);
            facts.releases = releases::read_releases(&mut reader, found.releases);
            if found.schema.issue_types {
                facts.issue_types = labels::collect_issue_types(&mut reader).unwrap_or_default();
            }
            if !found.schema.field_values.is_empty() {
                facts.issue_fields = labels::collect_issue_fields(&mut reader);
            }
        }
        facts.gaps = reader.gaps.into_iter().collect();
        facts
    }
}

/// Facts about a repository from which `init` proposes a policy.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RepositoryFacts {
    /// Names of all labels. Untrusted text.
    pub labels: Vec<String>,
    /// Names of the organization's issue types; empty if it has none. Untrusted text.
    pub issue_types: Vec<String>,
    /// Names of the organization's issue fields; empty if it has none. Untrusted text.
    pub issue_fields: Vec<String>,
    /// All releases.
    pub releases: Vec<Release>,
    /// Facts that could not be read.
    pub gaps: Vec<Gap>,
}

/// Open issues of some labels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenIssues {
    /// Number of issues.
    pub count: u64,
    /// Time when the oldest was opened. `None` without issues.
    pub oldest: Option<Timestamp>,
}

/// Returns every GraphQL document of this tracker, by name, for checking against a schema.
pub fn tracker_documents() -> Vec<(&'static str, String)> {
    query::query_documents().into_iter().chain(deployments::deployment_documents()).collect()
}

impl Tracker for GitHub<'_> {
    fn collect(&self, request: &CollectionRequest<'_>) -> Result<Snapshot, TrackerError> {
        let mut reader = PagedReader::new(self.client, &self.repository);
        let mut snapshot = Snapshot::empty(request.now);
        snapshot.repository = Some(self.repository.to_string());
        if let Some(Overview { schema, labels, releases, mark }) = overview(&mut reader) {
            let wants_tag = request.tags_only.then_some(request.wants_tag);
            let releases = collect_releases(&mut reader, releases, wants_tag);
            let labels = labels::collect_labels(&mut reader, labels);
            let milestones = milestones::collect_milestones(&mut reader, request.milestones);
            let names = SelectableNames { labels: &labels, milestones: &milestones };
            let cache = self.cache.as_deref();
            if let Some(read) = collect_issues(&mut reader, &schema, names, request, cache, mark) {
                let listed = blockers::collect_blockers(&mut reader, names, request.wants_pull_label);
                let mut issues = read.issues;
                issues.extend(collect_numbered_issues(&mut reader, &schema, &issues, request.issues));
                issues.sort_by_key(|issue| issue.number);
                snapshot.issues = Some(issues);
                snapshot.pull_requests = Some(each_once(read.referrers, listed));
            }
            snapshot.deployments = deployments::collect_deployments(&mut reader, request.environment);
            let candidate = candidate::collect_candidate(&mut reader, &releases, request);
            snapshot.overrides = overrides::collect_overrides(&mut reader, &candidate, request);
            snapshot.candidate = Some(candidate);
            snapshot.releases = Some(releases);
        }
        snapshot.gaps = reader.gaps;
        snapshot.warnings = reader.warnings;
        Ok(snapshot)
    }
}

/// Names by which lists of issues and pull requests are selected.
#[derive(Clone, Copy)]
struct SelectableNames<'r> {
    /// All labels of the repository.
    labels: &'r [String],
    /// The wanted milestones.
    milestones: &'r [RepositoryMilestone],
}

/// Returns the pull requests by number, each once. The listed ones have more fields, so they replace the referring ones.
fn each_once(referrers: Vec<PullRequest>, listed: Vec<PullRequest>) -> Vec<PullRequest> {
    let mut all = BTreeMap::new();
    for pull in referrers {
        let known: &mut PullRequest = all.entry(pull.number).or_insert_with(|| pull.clone());
        // A pull request that several issues refer to is read several times, and may change between.
        if known.updated_at < pull.updated_at {
            *known = pull;
        }
    }
    all.extend(listed.into_iter().map(|pull| (pull.number, pull)));
    all.into_values().collect()
}

/// Answer to the first request.
struct Overview {
    schema: Schema,
    labels: Value,
    releases: Value,
    /// Time of the latest change of an issue or a pull request; `None` if the server does not say.
    mark: Option<Timestamp>,
}

/// Sends the first request. `None`, with a gap, if it fails.
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
    // The empty list would look like a repository without defects.
    if repository["hasIssuesEnabled"] != json!(true) {
        let what = "issues are switched off in the repository, so that no defect can be read from it";
        reader.gap(Area::Issues, what, Some("name the repository that holds the issues"));
    }
    let (labels, releases) = (repository["labels"].take(), repository["releases"].take());
    let newest = |list: &str| repository[list]["nodes"][0]["updatedAt"].as_str()?.parse().ok();
    // Read before any issue: the next run finds again what changes during the reading.
    let mark = newest("newest").max(newest("newestPull"));
    Some(Overview { schema, labels, releases, mark })
}
