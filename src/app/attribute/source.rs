//! The clone that is searched: on this machine, or made from the server's commits.

use std::path::Path;

use crate::model::{Defect, Release, Sha};
use crate::tracker::github::GitHub;
use release_history::git::{Git, GitError, OmittedObjects};
use release_history::origins::release_index::names_a_release;

use super::super::commit_history::ServerCommits;
use super::super::connect::{Server, cache_folder, connect, require_token, source_repository};
use super::super::secrets::TOKENS;
use super::super::{Failure, Run};
use super::cannot;
use super::local::{Local, fix_of};
use crate::options::{AttributeOptions, OriginSource};

/// The remote that a clone is deepened from.
const REMOTE: &str = "origin";

/// The defect or fix whose origin is searched.
pub enum AttributionSubject<'a> {
    /// A defect, with the releases that the tracker knows.
    Defect(Box<Defect>, Vec<Release>),
    /// A fix, as a person names it.
    Fix(&'a str),
}

/// The clone that was asked for. Where none was, that on this machine if it is whole and has the fix, else that of the server
/// if it is known which repository and whose token. `commits` are those of the server, if they were read already.
pub fn source(
    options: &AttributeOptions,
    asked: &AttributionSubject<'_>,
    commits: Option<ServerCommits>,
    run: &Run<'_>,
) -> Result<Local, Failure> {
    let folder = run.folder.join(&options.clone);
    let releases = match asked {
        AttributionSubject::Defect(_, releases) => Some(releases.as_slice()),
        AttributionSubject::Fix(_) => None,
    };
    if options.from == OriginSource::Server {
        return server(options, releases, commits, run);
    }
    if options.deepen && deepen(&folder).map_err(cannot)? {
        (run.log)("the clone was shallow and is whole now");
    }
    let opened = Local::open(&folder, releases);
    if options.from == OriginSource::Clone {
        return opened.map_err(cannot);
    }
    // A full clone on this machine needs no request and no token, so it comes first.
    let serves = opened.as_ref().is_ok_and(|local| !local.shape.shallow && has(local, asked));
    if serves || !can_ask_server(options, run) {
        return opened.map_err(cannot);
    }
    let why = match &opened {
        Ok(local) if local.shape.shallow => "the clone is shallow".to_owned(),
        Ok(_) => "the clone does not have the fix".to_owned(),
        Err(error) => error.to_string(),
    };
    (run.log)(&format!("{why}; the commits are read from GitHub instead"));
    server(options, releases, commits, run)
}

/// Fetches what a shallow clone is without. True if it was shallow.
fn deepen(folder: &Path) -> Result<bool, GitError> {
    let git = Git::open(folder)?;
    let is_shallow = git.shape()?.shallow;
    if is_shallow {
        // Blame goes through all contents that a file ever had: fetching them one after the other would take longer.
        git.deepen(REMOTE, OmittedObjects::Nothing)?;
    }
    Ok(is_shallow)
}

/// `true` if a clone has the fix, or if the defect has none.
fn has(local: &Local, asked: &AttributionSubject<'_>) -> bool {
    let is_there = |Sha(id): &Sha| local.git.commit(id).is_ok();
    match asked {
        AttributionSubject::Defect(defect, _) => fix_of(defect).is_none_or(is_there),
        AttributionSubject::Fix(name) => local.git.commit(name).is_ok(),
    }
}

/// `true` if both a repository and a token are known.
fn can_ask_server(options: &AttributeOptions, run: &Run<'_>) -> bool {
    let is_named = options.sources.repository.is_some() || run.ci.is_some();
    is_named && run.variable(&TOKENS).is_some()
}

/// The clone of the server's commits, if it is known which repository. Where no releases are given, the server is asked.
fn server(
    options: &AttributeOptions,
    releases: Option<&[Release]>,
    commits: Option<ServerCommits>,
    run: &Run<'_>,
) -> Result<Local, Failure> {
    let unread = |what: &str| Failure::Tool(anyhow::anyhow!("failed to read from GitHub: {what}"));
    if let (Some(releases), Some(commits)) = (releases, commits) {
        return Local::of_server(commits, Some(releases), true).map_err(|error| unread(&error.to_string()));
    }
    let sources = &options.sources;
    let repository = source_repository(sources.repository.as_deref(), run)?;
    require_token(run)?;
    let server = Server { client: connect(run)?, repository, cache: cache_folder(sources, run) };
    let (own, gaps) = match releases {
        Some(releases) => (releases.to_vec(), Vec::new()),
        None => GitHub::new(&server.client, server.repository.clone()).releases(&names_a_release),
    };
    if let Some(gap) = gaps.first() {
        return Err(unread(&gap.what));
    }
    let commits = ServerCommits::fetch(&server, None, run)
        .map_err(|gap| unread(&format!("{}. {}", gap.what, gap.remedy.unwrap_or_default())))?;
    server.spent(run);
    Local::of_server(commits, Some(&own), true).map_err(|error| unread(&error.to_string()))
}
