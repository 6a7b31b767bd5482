//! Where an origin is looked for: in a clone on this machine, or on the server.

use std::path::Path;

use crate::git::{Error, Filter, Git};
use crate::model::{Defect, Release, Sha};

use super::super::connect::{Server, cache_folder, connect, repository};
use super::super::secrets::TOKENS;
use super::super::{Attribute, Failure, From, World, read_context};
use super::question::fix_of;
use super::{Local, cannot};

/// The remote that a clone is deepened from.
const REMOTE: &str = "origin";

/// What is asked about.
pub enum Asked<'a> {
    /// A defect, with the releases that the tracker knows.
    Defect(Box<Defect>, Vec<Release>),
    /// A fix, as a person names it.
    Fix(&'a str),
}

/// Where its origin is looked for.
pub enum Source {
    /// In a clone.
    Clone(Box<Local>),
    /// On the server.
    Server(Box<Server>),
}

/// What a clone is deepened for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// Commits and tags: releases, and what people say.
    Releases,
    /// Also who wrote which line.
    Lines,
}

/// Fetches what a shallow clone is without, and no more than is needed. True if it was shallow.
///
/// # Errors
/// If it is no clone, or cannot be fetched.
pub fn deepen(folder: &Path, need: Need) -> Result<bool, Error> {
    let git = Git::open(folder)?;
    let is_shallow = git.shape()?.shallow;
    if is_shallow {
        // Blame goes through all contents that a file ever had: fetching them one after the other would take longer.
        let without = match need {
            Need::Releases => Filter::Trees,
            Need::Lines => Filter::Nothing,
        };
        git.deepen(REMOTE, without)?;
    }
    Ok(is_shallow)
}

/// The source that was asked for. Where none was, the clone if it is whole and has the fix, else the server if it is known
/// which repository and whose token.
pub fn source(attribute: &Attribute, asked: &Asked<'_>, world: &World<'_>) -> Result<Source, Failure> {
    let folder = world.folder.join(&attribute.folder);
    if attribute.from == From::Server {
        return server(attribute, world);
    }
    if attribute.deepen && deepen(&folder, Need::Lines).map_err(cannot)? {
        (world.log)("the clone was shallow and is whole now");
    }
    let releases = match asked {
        Asked::Defect(_, releases) => Some(releases.as_slice()),
        Asked::Fix(_) => None,
    };
    let opened = Local::open(&folder, releases);
    if attribute.from == From::Clone {
        return opened.map(|local| Source::Clone(Box::new(local))).map_err(cannot);
    }
    let serves = opened.as_ref().is_ok_and(|local| !local.shape.shallow && has(local, asked));
    if serves || !can_ask_server(attribute, world)? {
        return opened.map(|local| Source::Clone(Box::new(local))).map_err(cannot);
    }
    let why = match &opened {
        Ok(local) if local.shape.shallow => "the clone is shallow".to_owned(),
        Ok(_) => "the clone does not have the fix".to_owned(),
        Err(error) => error.to_string(),
    };
    (world.log)(&format!("{why}; GitHub is asked instead"));
    server(attribute, world)
}

/// True if a clone has the fix; also where there is none.
fn has(local: &Local, asked: &Asked<'_>) -> bool {
    let is_there = |Sha(id): &Sha| local.git.commit(id).is_ok();
    match asked {
        Asked::Defect(defect, _) => fix_of(defect).is_none_or(is_there),
        Asked::Fix(name) => local.git.commit(name).is_ok(),
    }
}

/// True if it is known which repository and whose token.
fn can_ask_server(attribute: &Attribute, world: &World<'_>) -> Result<bool, Failure> {
    let is_named = attribute.sources.repository.is_some() || read_context(world)?.is_some();
    Ok(is_named && world.variable(&TOKENS).is_some())
}

/// The server, if it is known which repository.
fn server(attribute: &Attribute, world: &World<'_>) -> Result<Source, Failure> {
    let (ci, sources) = (read_context(world)?, &attribute.sources);
    let repository = repository(sources, ci.as_ref())?;
    let client = connect(sources, ci.as_ref(), sources.timeout, attribute.verbose, world)?;
    let cache = cache_folder(&sources.cache, ci.as_ref(), world);
    Ok(Source::Server(Box::new(Server { client, repository, cache })))
}
