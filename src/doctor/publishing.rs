//! The table of steps that publish.
//!
//! A step publishes for certain if a command or an action of the table does, such as `npm publish`. By its name alone, such as
//! `make deploy`, it only may. Only certain steps can be errors.

mod actions;
mod commands;

use super::expression::{Scene, parse_expression};
use super::workflow::Step;

pub use actions::publishing_action;
pub use commands::publishing_command;

/// How sure it is that a step publishes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Certainty {
    /// Only its name says so.
    ByName,
    /// A command or an action of the table.
    Certain,
}

/// What a step publishes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publication {
    /// Command or action, for example `npm publish`.
    pub by: String,
    /// How sure it is.
    pub certainty: Certainty,
}

impl Publication {
    fn new(by: &str, certainty: Certainty) -> Self {
        Self { by: by.to_owned(), certainty }
    }

    /// A publication that is certain.
    pub fn certain(by: &str) -> Self {
        Self::new(by, Certainty::Certain)
    }

    /// A publication by name only.
    pub fn by_name(by: &str) -> Self {
        Self::new(by, Certainty::ByName)
    }
}

/// Returns what a step publishes in a scene; `None` if it publishes nothing.
pub fn publication(step: &Step, scene: &Scene<'_>) -> Option<Publication> {
    let by_action = step.uses.as_ref().and_then(|_| publishing_action(step, scene));
    let by_command = step.run.as_ref().and_then(|run| publishing_command(&run.value, step, scene));
    by_action.or(by_command)
}

/// Returns the value of an input that may be an expression; `None` if it is not known.
pub fn known_text(text: &str, scene: &Scene<'_>) -> Option<String> {
    if !text.contains("${{") {
        return Some(text.trim().to_owned());
    }
    let inner = text.trim().strip_prefix("${{")?.strip_suffix("}}")?;
    if inner.contains("${{") {
        return None;
    }
    scene.value(&parse_expression(inner)?).text()
}

/// Returns the truth of an input; `None` if it is not known.
pub fn known_truth(text: Option<&str>, default: bool, scene: &Scene<'_>) -> Option<bool> {
    let Some(text) = text else { return Some(default) };
    if text.contains("${{") {
        let inner = text.trim().strip_prefix("${{")?.strip_suffix("}}")?;
        let value = scene.value(&parse_expression(inner)?);
        // An input is a text: `false` is not true there.
        return match value.text() {
            Some(text) => Some(is_true(&text)),
            None => value.truth(),
        };
    }
    Some(is_true(text))
}

fn is_true(text: &str) -> bool {
    !matches!(text.trim().to_ascii_lowercase().as_str(), "false" | "" | "0" | "no" | "off")
}

/// Returns the certainty of an image: certain if it is tagged for a release. `None` for an image that users do not get.
fn image_certainty(names: &str, scene: &Scene<'_>) -> Option<Certainty> {
    let lower = names.to_ascii_lowercase();
    if lower.contains("localhost") || lower.contains("127.0.0.1") || lower.contains("ttl.sh") {
        return None;
    }
    // Images for tests and builds are no releases.
    let words: Vec<&str> = lower.split(|c: char| !c.is_ascii_alphanumeric()).collect();
    let internal =
        ["ci", "cache", "buildcache", "test", "tests", "testing", "builder", "devcontainer", "e2e"];
    if words.iter().any(|word| internal.contains(word)) {
        return None;
    }
    // A moving tag of a branch is no release either, whatever started the run.
    let moving = ["canary", "nightly", "edge", "dev", "devel", "snapshot", "unstable", "main", "master"];
    let is_moving =
        !words.is_empty() && words.iter().any(|word| moving.contains(word)) && !lower.contains("${{");
    let is_release = scene.scenario.is_release() && !is_moving;
    Some(if is_release { Certainty::Certain } else { Certainty::ByName })
}

#[cfg(test)]
mod tests;
