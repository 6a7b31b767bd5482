//! Where text goes: job summary, step outputs, a pull request's comment, a release's notes, a commit's status. Nothing here can change a
//! verdict; a refused write is a value for the caller to report.

pub mod actions;
pub mod comment;
pub mod draft;
pub mod head;
mod outcome;
pub mod pull_request;
pub mod release_notes;
pub mod status;
mod text;

pub use outcome::{PublishAction, PublishError, Published};
pub use text::{Publication, WriteCondition};
