//! A commit status: one a gate, set once for what it says.

use serde_json::{Value, json};

use super::outcome::{PublishAction, PublishError, Published};
use crate::github::{Client, encode};

/// The most characters of a status' description.
const DESCRIPTION: usize = 140;

/// What a commit is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommitStatus<'a> {
    /// Its name among the commit's statuses.
    pub context: &'a str,
    /// How it went.
    pub state: CommitState,
    /// One line for people.
    pub description: &'a str,
    /// Where to read more.
    pub target_url: Option<&'a str>,
}

/// How it went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CommitState {
    /// Nothing stands in the way.
    Success,
    /// The policy is breached.
    Failure,
    /// It could not be decided.
    Error,
}

impl CommitState {
    /// GitHub's word.
    fn name(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Failure => "failure",
            Self::Error => "error",
        }
    }
}

/// Makes sure that the newest status of this name says so.
///
/// # Errors
/// If the server refuses or fails. It is not set twice for that: before another attempt is a look whether it is there.
pub fn set(
    client: &Client,
    repository: &str,
    commit: &str,
    status: &CommitStatus<'_>,
) -> Result<Published, PublishError> {
    let description = shortened(status.description);
    let mut attempt = 1;
    loop {
        match settle(client, repository, commit, status, &description) {
            Ok(published) => return Ok(published),
            Err(error) if error.pause(client, attempt) => attempt += 1,
            Err(error) => return Err(error),
        }
    }
}

/// Looks, and writes if something else is there. Safe to repeat at any point.
fn settle(
    client: &Client,
    repository: &str,
    commit: &str,
    status: &CommitStatus<'_>,
    description: &str,
) -> Result<Published, PublishError> {
    let done = |action| {
        Ok(Published { url: status.target_url.unwrap_or_default().to_owned(), action, notes: Vec::new() })
    };
    let commit = encode(commit);
    let mut action = PublishAction::Created;
    // The newest come first.
    'pages: for page in client.pages(&format!("/repos/{repository}/commits/{commit}/statuses?per_page=100")) {
        let page = page?.json;
        let list = page.as_array().ok_or_else(|| PublishError::Unclear {
            what: "the statuses of the commit are not a list".to_owned(),
        })?;
        if let Some(newest) = list.iter().find(|one| one["context"] == status.context) {
            let same = newest["state"] == status.state.name()
                && newest["description"] == description
                && newest["target_url"] == json!(status.target_url);
            if same {
                return done(PublishAction::Unchanged);
            }
            action = PublishAction::Updated;
            break 'pages;
        }
    }
    let body: Value = json!({
        "state": status.state.name(), "context": status.context, "description": description,
        "target_url": status.target_url,
    });
    client.post(&format!("/repos/{repository}/statuses/{commit}"), &body)?;
    done(action)
}

/// One line of bounded length.
fn shortened(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= DESCRIPTION {
        return line;
    }
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
        let published = set(&fake.client(), "a/b", "c0ffee", &status()).unwrap();
        assert_eq!(published.action, PublishAction::Unchanged);
        assert_eq!(fake.rest(), [format!("GET {LIST}")]);
    }

    #[test]
    fn a_status_whose_answer_was_lost_is_looked_for_before_it_is_set_again() {
        let fake = Fake::start();
        fake.times(1, "GET", LIST, ResponseTemplate::new(200).set_body_json(shown("success", "fine")));
        fake.on("POST", SET, 502, &json!({ "message": "bad gateway" }));
        fake.on("GET", LIST, 200, &shown("failure", "2 open"));
        let published = set(&fake.client(), "a/b", "c0ffee", &status()).unwrap();
        assert_eq!(published.action, PublishAction::Unchanged);
        assert_eq!(fake.rest().iter().filter(|line| line.starts_with("POST")).count(), 1);
    }

    #[test]
    fn a_description_fits() {
        assert_eq!(shortened("a\n b"), "a b");
        assert_eq!(shortened(&"x".repeat(141)).chars().count(), 140);
    }
}
