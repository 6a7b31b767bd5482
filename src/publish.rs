//! Where text goes: job summary, step outputs, a pull request's comment, a release's notes. Nothing here can change a
//! verdict; a refused write is a value for the caller to report.

pub mod actions;
pub mod comment;
mod outcome;
pub mod release_notes;

pub use outcome::{Action, PublishError, Published};
