//! A commit status, one per gate.

use serde_json::{Value, json};

use super::published::{PublishAction, PublishError, Published, list_entries, retry};
use crate::github::{Client, percent_encode};

/// Largest number of characters in a description.
const DESCRIPTION: usize = 140;

/// A status of a commit, as GitHub shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommitStatus<'a> {
    /// Name among the statuses of the commit, for example `escape-gate`.
    pub context: &'a str,
    /// Result.
    pub state: CommitState,
    /// One line of text.
    pub description: &'a str,
    /// Web address of the details.
    pub target_url: Option<&'a str>,
}

/// Result in a commit status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CommitState {
    /// The verdict does not block.
    Success,
    /// The verdict is `fail`.
    Failure,
    /// There is no verdict, or the verdict is `unknown`.
    Error,
}

impl CommitState {
    /// Returns the value in the API.
    fn name(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Failure => "failure",
            Self::Error => "error",
        }
    }
}

/// Sets the status of a commit, unless the newest status of the same name is equal.
///
/// # Errors
/// If the server refuses or fails.
pub fn set_commit_status(
    client: &Client,
    repository: &str,
    commit: &str,
    status: &CommitStatus<'_>,
) -> Result<Published, PublishError> {
    let commit = percent_encode(commit);
    let wanted = json!({
        "state": status.state.name(), "context": status.context, "description": shortened(status.description),
        "target_url": status.target_url,
    });
    let done = |action| Ok(Published::new(status.target_url.unwrap_or_default(), action));
    let is_same =
        |one: &Value| ["state", "description", "target_url"].iter().all(|key| one[key] == wanted[key]);
    // Safe to repeat at any point: it looks before it writes.
    retry(client, || {
        let path = format!("/repos/{repository}/commits/{commit}/statuses?per_page=100");
        // The newest status comes first.
        let newest = list_entries(client, &path, "statuses of the commit")
            .find(|one| one.as_ref().map_or(true, |one| one["context"] == status.context))
            .transpose()?;
        if newest.as_ref().is_some_and(is_same) {
            return done(PublishAction::Unchanged);
        }
        client.post(&format!("/repos/{repository}/statuses/{commit}"), &wanted)?;
        done(if newest.is_some() { PublishAction::Updated } else { PublishAction::Created })
    })
}

/// Returns one line of limited length.
fn shortened(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= DESCRIPTION {
        return line;
    }
    // One less: the ellipsis is a character too.
    let kept: String = line.chars().take(DESCRIPTION - 1).collect();
    format!("{kept}…")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use wiremock::ResponseTemplate;

    use super::*;
    use crate::github::testing::Fake;

    const LIST: &str = "/repos/a/b/commits/c0ffee/statuses";
    const SET: &str = "/repos/a/b/statuses/c0ffee";

    fn status() -> CommitStatus<'static> {
        CommitStatus {
            context: "escape-gate",
            state: CommitState::Failure,
            description: "2 open",
            target_url: Some("https://h/1"),
        }
    }

    fn shown(state: &str, description: &str) -> Value {
        json!([{ "context": "other", "state": "success" },
               { "context": "escape-gate", "state": state, "description": description, "target_url": "https://h/1" }])
    }

    #[test]
    fn a_status_that_says_so_already_is_not_set_again() {
        let fake = Fake::start();
        fake.on("GET", LIST, 200, &shown("failure", "2 open"));
        let published = set_commit_status(&fake.client(), "a/b", "c0ffee", &status()).unwrap();
        assert_eq!(published.action, PublishAction::Unchanged);
        assert_eq!(fake.rest(), [format!("GET {LIST}")]);
    }

    #[test]
    fn lost_status_response_is_checked_before_a_retry() {
        let fake = Fake::start();
        fake.times(1, "GET", LIST, ResponseTemplate::new(200).set_body_json(shown("success", "fine")));
        fake.on("POST", SET, 502, &json!({ "message": "bad gateway" }));
        fake.on("GET", LIST, 200, &shown("failure", "2 open"));
        let published = set_commit_status(&fake.client(), "a/b", "c0ffee", &status()).unwrap();
        assert_eq!(published.action, PublishAction::Unchanged);
        assert_eq!(fake.rest().iter().filter(|line| line.starts_with("POST")).count(), 1);
    }

    #[test]
    fn a_description_fits() {
        assert_eq!(shortened("a\n b"), "a b");
        assert_eq!(shortened(&"x".repeat(141)).chars().count(), 140);
    }
}
