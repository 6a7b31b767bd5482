//! Publishes results: job summary, step outputs, pull request comments, release notes, commit statuses, draft releases.
//! Nothing here can change a verdict. A refused write is an error value that the caller reports.

pub mod actions;
pub mod comment;
mod comparison;
pub mod draft;
pub mod evaluated_commit;
mod publication;
mod published;
pub mod pull_request;
pub mod release_notes;
pub mod status;

pub use comparison::ComparedCounts;
pub use publication::{Publication, WriteCondition};
pub use published::{PublishAction, PublishError, Published};
