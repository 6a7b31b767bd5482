//! The way to GitHub: which server, which repository, whose token, how patient.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context as _;

use crate::ci;
use crate::github::{AccessToken, Client, Config, Proxy, Usage};
use crate::tracker::github::RepositoryName;

use super::secrets::{PROXIES, TOKENS};
use super::{CacheIn, Failure, Sources, World};

/// Where GitHub is when nothing says otherwise.
const API: &str = "https://api.github.com";

/// A rate limit that does not say when it ends is waited for this much longer than a failure: a minute, as GitHub asks,
/// where failures wait a second.
const LIMIT_FACTOR: u32 = 60;

/// One request gets this part of the whole time, so that one that hangs can be repeated.
const SHARE: u32 = 5;

/// A repository on GitHub, and the way there.
pub struct Server {
    /// The connection.
    pub client: Client,
    /// The repository.
    pub repository: RepositoryName,
    /// Where answers are kept from run to run; none if they are not.
    pub cache: Option<PathBuf>,
}

impl Server {
    /// What asking has cost so far, also told in the log of a run that tells everything.
    pub fn spent(&self, verbose: bool) -> Usage {
        let usage = self.client.usage();
        if verbose {
            self.client.log(&format!("read with {} requests, {} points", usage.requests, usage.points));
        }
        usage
    }
}

/// A client for the GitHub that the run belongs to, whose requests may take so long together.
///
/// # Errors
/// If an address or the token is not usable, or there are no certificates.
pub fn connect(
    sources: &Sources,
    ci: Option<&ci::ActionsContext>,
    budget: Duration,
    verbose: bool,
    world: &World<'_>,
) -> Result<Client, Failure> {
    let token = world.variable(&TOKENS).map(|text| AccessToken::new(&text)).transpose();
    let token = token.map_err(|error| Failure::Usage(error.to_string()))?;
    let api = ci.map(|ci| ci.api_url.clone()).or_else(|| world.variable(&["GITHUB_API_URL"]));
    let graphql = ci.map(|ci| ci.graphql_url.clone()).or_else(|| world.variable(&["GITHUB_GRAPHQL_URL"]));
    let usual = Config::new(api.as_deref().unwrap_or(API), graphql.as_deref(), token);
    let config = Config {
        budget,
        request_timeout: usual.request_timeout.min(budget / SHARE),
        connect_timeout: usual.connect_timeout.min(budget / SHARE),
        backoff: sources.retry_wait,
        secondary_wait: sources.retry_wait.saturating_mul(LIMIT_FACTOR),
        verbose,
        proxy: world.variable(&PROXIES).map(Proxy::new),
        no_proxy: world.variable(&["NO_PROXY", "no_proxy"]).unwrap_or_default(),
        ..usual
    };
    let log = world.log.clone();
    let client = Client::new(config, Box::new(move |line| log(line)));
    Ok(client.context("failed to prepare the connection to GitHub")?)
}

/// The repository that was named, or that the workflow runs in.
pub fn repository(sources: &Sources, ci: Option<&ci::ActionsContext>) -> Result<RepositoryName, Failure> {
    let name = sources.repository.as_deref().or(ci.map(|ci| ci.repository.as_str())).ok_or_else(|| {
        Failure::Usage(
            "nothing says where the issues are: give --repo owner/name, or --snapshot FILE, or try `escape-gate demo`"
                .into(),
        )
    })?;
    RepositoryName::parse(name).map_err(|error| Failure::Usage(error.to_string()))
}

/// Where answers are kept from run to run: where it was asked for, or in a workflow where the runner keeps such things. Not on
/// a self-hosted runner, whose folders other jobs can write: what is kept decides about releases.
pub fn cache_folder(asked: &CacheIn, ci: Option<&ci::ActionsContext>, world: &World<'_>) -> Option<PathBuf> {
    match asked {
        CacheIn::Nowhere => None,
        CacheIn::Folder(folder) => Some(world.folder.join(folder)),
        CacheIn::Runner => {
            ci?;
            let is_hosted =
                world.variable(&["RUNNER_ENVIRONMENT"]).is_some_and(|kind| kind == "github-hosted");
            if !is_hosted {
                return None;
            }
            let folder = world.variable(&["RUNNER_TOOL_CACHE", "RUNNER_TEMP"])?;
            Some(PathBuf::from(folder).join("escape-gate"))
        }
    }
}
