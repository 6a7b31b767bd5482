//! What a command says on standard output.

use anyhow::Context as _;
use serde::Serialize;

use crate::output::escape::guard;
use crate::output::json;

use super::{Failure, World};

/// Prints an answer as one JSON document, or as text for a person.
pub fn print<T: Serialize>(
    as_json: bool,
    answer: &T,
    text: impl FnOnce(&T) -> String,
    in_workflow: bool,
    world: &mut World<'_>,
) -> Result<(), Failure> {
    if as_json { write(&json(answer), false, world) } else { write(&text(answer), in_workflow, world) }
}

/// Prints a text. The runner of a workflow takes lines that look like commands for commands, so there it is guarded.
pub fn write(text: &str, in_workflow: bool, world: &mut World<'_>) -> Result<(), Failure> {
    let text = if in_workflow { guard(text) } else { text.to_owned() };
    Ok(world.out.write_all(text.as_bytes()).context("failed to write to standard output")?)
}
