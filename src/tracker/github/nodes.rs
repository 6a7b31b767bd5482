//! Small objects of GitHub's JSON that issues, pull requests and deployments share.

use serde::Deserialize;

use crate::model::Role;

/// An account.
#[derive(Deserialize)]
pub(super) struct AuthorNode {
    pub login: String,
}

/// A milestone.
#[derive(Deserialize)]
pub(super) struct MilestoneNode {
    pub title: String,
}

/// An object of which only the name matters.
#[derive(Deserialize)]
pub(super) struct NamedNode {
    pub name: String,
}

/// A repository.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RepositoryNode {
    /// `owner/name`.
    pub name_with_owner: String,
}

/// Returns the role of an author. An association that this version does not know counts as a reporter, whose text takes no
/// defect out of a release.
pub(super) fn author_role(association: &str) -> Role {
    match association {
        "OWNER" | "MEMBER" | "COLLABORATOR" => Role::Maintainer,
        _ => Role::Reporter,
    }
}
