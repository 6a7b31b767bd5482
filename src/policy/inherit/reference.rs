//! Parses the entries of `extends`.

use std::fmt;

use super::super::code::Code;
use super::super::presets;
use crate::policy::language::{Draft, Spanned, nearest_name, quote};

/// A policy that can be inherited from.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Base {
    /// A file of this repository: its path, as seen from where the policy's own path is seen from, with `/`.
    Local(String),
    /// A file of a repository on GitHub at a commit.
    Remote {
        /// `owner/name`.
        repository: String,
        /// The path within it.
        path: String,
        /// All 40 digits, in lower case.
        commit: String,
    },
    /// A preset inside the program, by its name.
    Preset(String),
}

impl fmt::Display for Base {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Local(path) => f.write_str(path),
            Self::Remote { repository, path, commit } => write!(f, "{repository}//{path}@{commit}"),
            Self::Preset(name) => write!(f, "preset {name}"),
        }
    }
}

/// Help text with the forms of an entry.
const FORMS: &str =
    "write a path that ends in `.yml`, `owner/name//path/base.yml@<commit>`, or the name of a preset";

/// Reads an entry of the file `from`.
pub(super) fn read(at: &Spanned<String>, from: &Base) -> Result<Base, Box<Draft>> {
    let text = at.value.as_str();
    // Before the file names: `owner/name//path/base.yml@…` would pass for a local path otherwise.
    if let Some((repository, rest)) = text.split_once("//") {
        return remote(repository, rest, at);
    }
    if text.ends_with(".yml") || text.ends_with(".yaml") {
        return local(text, from).ok_or_else(|| {
            let message = format!("{} leads out of the repository", quote(text));
            let draft = Draft::new(Code::OutsideRepository, &at.span, message);
            Box::new(draft.help("name a file of this repository, relative to this one"))
        });
    }
    if presets::preset_source(text).is_some() {
        return Ok(Base::Preset(text.to_owned()));
    }
    let message = format!("{} is neither a file nor a preset", quote(text));
    let draft = Draft::new(Code::BadBase, &at.span, message);
    Err(Box::new(match nearest_name(text, presets::PRESET_NAMES) {
        Some(near) => draft.help(format!("did you mean `{near}`?")),
        None => draft.help(format!("{FORMS}: {}", presets::PRESET_NAMES.map(quote).join(", "))),
    }))
}

fn remote(repository: &str, rest: &str, at: &Spanned<String>) -> Result<Base, Box<Draft>> {
    let plain = |part: &str| {
        !matches!(part, "" | "." | "..")
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte))
    };
    let is_repository = repository.split_once('/').is_some_and(|(owner, name)| plain(owner) && plain(name));
    let (path, commit) = rest.rsplit_once('@').unwrap_or((rest, ""));
    let is_path = path.split('/').all(|part| !matches!(part, "" | "." | ".."));
    if !is_repository || !is_path {
        let message = format!("{} is not a file of a repository", quote(&at.value));
        return Err(Box::new(Draft::new(Code::BadBase, &at.span, message).help(FORMS)));
    }
    // All 40 digits: GitHub resolves a shorter text, which may also be the name of a branch.
    let is_commit = commit.len() == 40 && commit.bytes().all(|byte| byte.is_ascii_hexdigit());
    if !is_commit {
        let message = match commit {
            "" => "no commit: the file could become another policy at any time".to_owned(),
            other => format!(
                "{} is a branch, a tag or a part of a commit: it can be moved, and the effective policy would change \
                 without a change of this file",
                quote(other)
            ),
        };
        let draft = Draft::new(Code::NotPinned, &at.span, message);
        return Err(Box::new(
            draft.help(format!("write `{repository}//{path}@` and all 40 digits of a commit")),
        ));
    }
    let (repository, path, commit) = (repository.to_owned(), path.to_owned(), commit.to_ascii_lowercase());
    Ok(Base::Remote { repository, path, commit })
}

/// Returns a path relative to the file that it is written in; `None` if it leads out of the repository.
fn local(text: &str, from: &Base) -> Option<Base> {
    // Absolute paths and `C:\` depend on the machine. A policy must mean the same on every runner.
    if text.starts_with('/') || text.contains(['\\', ':']) {
        return None;
    }
    let beside = |file: &str| file.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"));
    match from {
        Base::Local(file) => Some(Base::Local(plain(&(beside(file) + text), true)?)),
        Base::Remote { repository, path, commit } => Some(Base::Remote {
            repository: repository.clone(),
            path: plain(&(beside(path) + text), false)?,
            commit: commit.clone(),
        }),
        // A preset is inside the program and has no folder to begin at.
        Base::Preset(_) => None,
    }
}

/// A path without `.` and, as far as that can be, without `..`. Above where it begins it may only lead if `above` says so:
/// where the repository ends is then for others to find out.
fn plain(path: &str, above: bool) -> Option<String> {
    let absolute = path.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            ".." if above && !absolute => parts.push(part),
            ".." => return None,
            part => parts.push(part),
        }
    }
    Some(format!("{}{}", if absolute { "/" } else { "" }, parts.join("/")))
}
