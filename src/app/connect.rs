//! The connection to GitHub: server, repository, token and limits.

use std::cell::OnceCell;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context as _;

use crate::github::{AccessToken, Client, Config, Proxy, Usage};
use crate::tracker::github::RepositoryName;

use super::clone::origin_repository;
use super::secrets::{PROXIES, TOKENS};
use super::{Failure, Run};
use crate::options::Sources;

/// The API of github.com, the default.
const API: &str = "https://api.github.com";

/// Wait for a rate limit that does not say when it ends, as a multiple of the wait after a failure: a minute, as GitHub asks, if
/// failures wait a second.
const LIMIT_FACTOR: u32 = 60;

/// One request gets this part of the time limit, so that a request that hangs can be repeated.
const SHARE: u32 = 5;

/// A repository on GitHub with its connection.
pub struct Server {
    /// The connection.
    pub client: Client,
    /// The repository.
    pub repository: RepositoryName,
    /// Folder in which answers are kept from run to run; `None` if they are not kept.
    pub cache: Option<PathBuf>,
}

impl Server {
    /// Returns the number of requests so far, and logs it in a verbose run.
    pub fn spent(&self, run: &Run<'_>) -> Usage {
        let usage = self.client.usage();
        if run.verbose {
            self.client.log(&format!("read with {} requests, {} points", usage.requests, usage.points));
        }
        usage
    }
}

/// A client that is made when it is needed.
pub struct LazyClient<'w, 'a> {
    run: &'w Run<'a>,
    client: OnceCell<Client>,
}

impl<'w, 'a> LazyClient<'w, 'a> {
    /// A client for the GitHub of a run.
    pub fn new(run: &'w Run<'a>) -> Self {
        Self { run, client: OnceCell::new() }
    }

    /// Returns the client.
    ///
    /// # Errors
    /// As [`connect`].
    pub fn get(&self) -> Result<&Client, Failure> {
        if let Some(client) = self.client.get() {
            return Ok(client);
        }
        let made = connect(self.run)?;
        Ok(self.client.get_or_init(|| made))
    }
}

/// Returns a client for the GitHub of the run, within the time limit for reading.
///
/// # Errors
/// If an address or the token is unusable, or there are no certificates.
pub fn connect(run: &Run<'_>) -> Result<Client, Failure> {
    connect_within(run.limits.timeout, run)
}

/// Returns a client with another time limit than that of reading.
///
/// # Errors
/// As [`connect`].
pub fn connect_within(budget: Duration, run: &Run<'_>) -> Result<Client, Failure> {
    let retry_wait = run.limits.retry_wait;
    let token = run.variable(&TOKENS).map(|text| AccessToken::new(&text)).transpose();
    let token = token.map_err(|error| Failure::Usage(error.to_string()))?;
    let ci = run.ci.as_ref();
    // In a workflow the runner's addresses win: on Enterprise Server, a token must never go to
    // github.com.
    let api = ci.map(|ci| ci.api_url.clone()).or_else(|| run.variable(&["GITHUB_API_URL"]));
    let graphql = ci.map(|ci| ci.graphql_url.clone()).or_else(|| run.variable(&["GITHUB_GRAPHQL_URL"]));
    let usual = Config::new(api.as_deref().unwrap_or(API), graphql.as_deref(), token);
    let config = Config {
        budget,
        request_timeout: usual.request_timeout.min(budget / SHARE),
        connect_timeout: usual.connect_timeout.min(budget / SHARE),
        backoff: retry_wait,
        secondary_wait: retry_wait.saturating_mul(LIMIT_FACTOR),
        verbose: run.verbose,
        proxy: run.variable(&PROXIES).map(Proxy::new),
        no_proxy: run.variable(&["NO_PROXY", "no_proxy"]).unwrap_or_default(),
        ..usual
    };
    let log = run.log.clone();
    let client = Client::new(config, Box::new(move |line| log(line)));
    Ok(client.context("failed to prepare the connection to GitHub")?)
}

/// Returns the repository to read: that of `--repo`, of the workflow, or of the clone's origin.
///
/// # Errors
/// If there is none of them, or the name is not `owner/name`.
pub fn source_repository(named: Option<&str>, run: &Run<'_>) -> Result<RepositoryName, Failure> {
    if let Some(found) = named_repository(named, run)? {
        return Ok(found);
    }
    let found = origin_repository(&run.folder).ok_or_else(|| Failure::Usage(NO_REPOSITORY.into()))?;
    (run.log)(&format!("repository {found}, the origin of this clone; --repo names another one"));
    Ok(found)
}

/// Returns the repository to write to: that of `--repo`, or of the workflow. A clone is not enough.
///
/// # Errors
/// As [`source_repository`].
pub fn target_repository(named: Option<&str>, run: &Run<'_>) -> Result<RepositoryName, Failure> {
    named_repository(named, run)?.ok_or_else(|| Failure::Usage(NO_REPOSITORY.into()))
}

const NO_REPOSITORY: &str = "no repository is known: give --repo owner/name, run in a clone from github.com, give --snapshot FILE, or try \
     `escape-gate demo`";

/// Returns the repository of `--repo`, or that of the workflow.
///
/// # Errors
/// If the name is not `owner/name`.
pub fn named_repository(named: Option<&str>, run: &Run<'_>) -> Result<Option<RepositoryName>, Failure> {
    let name = named.or_else(|| run.ci.as_ref().map(|ci| ci.repository.as_str()));
    name.map(RepositoryName::parse).transpose().map_err(|error| Failure::Usage(error.to_string()))
}

/// Returns the repository to read; `None` if nothing names one.
///
/// # Errors
/// If the name of `--repo` is not `owner/name`.
pub fn known_repository(named: Option<&str>, run: &Run<'_>) -> Result<Option<RepositoryName>, Failure> {
    Ok(named_repository(named, run)?.or_else(|| origin_repository(&run.folder)))
}

/// Refuses a run without a token, before anything is asked.
///
/// # Errors
/// If no variable holds a token.
pub fn require_token(run: &Run<'_>) -> Result<(), Failure> {
    if run.variable(&TOKENS).is_some() {
        return Ok(());
    }
    let remedy = match run.ci {
        Some(_) => "add `env: { GITHUB_TOKEN: \"${{ github.token }}\" }` to the step",
        None => "run `export GITHUB_TOKEN=$(gh auth token)`, or give --snapshot FILE",
    };
    Err(Failure::Usage(format!(
        "no token: GITHUB_TOKEN is not set, and GitHub lists issues and their fixes for the gate only with a token, also in public \
         repositories; {remedy}"
    )))
}

/// Returns the folder in which answers are kept from run to run: the one that was asked for, or in a workflow the one of the runner.
/// `None` on a self-hosted runner, whose folders other jobs can write: a cached answer decides about releases.
pub fn cache_folder(sources: &Sources, run: &Run<'_>) -> Option<PathBuf> {
    match sources.cache.as_deref() {
        _ if sources.no_cache => None,
        Some("") => None,
        Some(folder) => Some(run.folder.join(folder)),
        None => {
            run.ci.as_ref()?;
            // An older runner does not set this variable. It counts as self-hosted, which is the
            // safe side.
            run.variable(&["RUNNER_ENVIRONMENT"]).filter(|kind| kind == "github-hosted")?;
            let folder = run.variable(&["RUNNER_TOOL_CACHE", "RUNNER_TEMP"])?;
            Some(PathBuf::from(folder).join("escape-gate"))
        }
    }
}
