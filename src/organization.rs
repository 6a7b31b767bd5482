//! Adds up the rows of exports over many repositories.
//!
//! The metrics have decided every fact about a single defect or release before it became a row, for example whether the escape rate
//! counts it. Rows are only counted here, so an analytics engine that counts the same rows has the same result.

#![cfg_attr(not(test), deny(clippy::disallowed_methods, clippy::disallowed_types))]

mod group_sums;
mod quarters;
mod repository_sums;
mod totals;

pub use quarters::Quarters;
pub use repository_sums::{RepositoryCounter, RepositorySums};
pub use totals::OrganizationTotals;
