//! Accounts of the tracker and their roles.

use serde::{Deserialize, Serialize};

/// The account that set a label, closed an issue or the like.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Actor {
    /// Login; `None` for a deleted account.
    #[serde(default)]
    pub login: Option<String>,
    /// `true` if the tracker says that it is a bot or an app.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub bot: bool,
}

/// Role of the author of an issue or pull request in the repository.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Owner, member or collaborator: what they write is a statement of the project.
    Maintainer,
    /// Anyone else: what they write can add a defect to a release, and never takes one out.
    Reporter,
}
