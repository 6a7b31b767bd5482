//! Environment variables of the runner.

use std::path::PathBuf;

use super::{ActionsContext, CiError, Env, ReadFile, RunAttempt, TriggerEvent};
use crate::model::{Sha, Tag};

impl ActionsContext {
    /// Reads the context of the run. `None` outside GitHub Actions.
    pub fn from_env(env: Env<'_>, read: ReadFile<'_>) -> Result<Option<Self>, CiError> {
        // The runner always sets it. `CI` alone is also set by other systems and by developers.
        if env("GITHUB_ACTIONS").as_deref() != Some("true") {
            return Ok(None);
        }
        let repository = required_variable(env, "GITHUB_REPOSITORY")?;
        if !is_repository(&repository) {
            return Err(unexpected_value("GITHUB_REPOSITORY", &repository, "owner/name"));
        }
        let api_url = address(env, "GITHUB_API_URL")?;
        let server_url = address(env, "GITHUB_SERVER_URL")?;
        let graphql_url = match non_empty_variable(env, "GITHUB_GRAPHQL_URL") {
            Some(_) => address(env, "GITHUB_GRAPHQL_URL")?,
            // Enterprise Server has `/api/v3` next to `/api/graphql`.
            None => format!("{}/graphql", api_url.strip_suffix("/v3").unwrap_or(&api_url)),
        };
        let sha = required_variable(env, "GITHUB_SHA")?;
        let sha = Sha::parse(&sha).ok_or_else(|| unexpected_value("GITHUB_SHA", &sha, "a full commit id"))?;
        let full_ref = non_empty_variable(env, "GITHUB_REF").unwrap_or_default();
        let event_name = required_variable(env, "GITHUB_EVENT_NAME")?;
        let event = TriggerEvent::read(&event_name, &full_ref, env, read)?;
        let number = |name: &str| non_empty_variable(env, name).and_then(|text| text.parse::<u64>().ok());
        Ok(Some(Self {
            run: number("GITHUB_RUN_ID")
                .map(|id| RunAttempt { id, attempt: number("GITHUB_RUN_ATTEMPT").unwrap_or(1) }),
            run_url: non_empty_variable(env, "GITHUB_RUN_ID")
                .filter(|id| id.bytes().all(|byte| byte.is_ascii_digit()))
                .map(|id| format!("{server_url}/{repository}/actions/runs/{id}")),
            ref_name: short_ref_name(&full_ref).to_owned(),
            tag: full_ref.strip_prefix("refs/tags/").map(|tag| Tag(tag.to_owned())),
            summary_path: non_empty_variable(env, "GITHUB_STEP_SUMMARY").map(PathBuf::from),
            output_path: non_empty_variable(env, "GITHUB_OUTPUT").map(PathBuf::from),
            actor: non_empty_variable(env, "GITHUB_ACTOR").unwrap_or_default(),
            repository,
            api_url,
            graphql_url,
            server_url,
            event,
            sha,
        }))
    }
}

/// Returns the value of a variable; `None` if it is unset or empty.
fn non_empty_variable(env: Env<'_>, name: &str) -> Option<String> {
    env(name).filter(|value| !value.is_empty())
}

/// Returns the value of a variable that the runner always sets.
pub fn required_variable(env: Env<'_>, name: &'static str) -> Result<String, CiError> {
    non_empty_variable(env, name).ok_or(CiError::Missing(name))
}

/// Returns an error for an unexpected variable value, escaped so that it cannot inject workflow commands.
pub fn unexpected_value(name: &'static str, value: &str, expected: &'static str) -> CiError {
    // The message goes to the log, where a line such as `::add-mask::` would be a command.
    let value = value.chars().take(200).flat_map(char::escape_debug).collect();
    CiError::Unexpected { name, value, expected }
}

/// Returns a web address, without a slash at the end.
fn address(env: Env<'_>, name: &'static str) -> Result<String, CiError> {
    let url = required_variable(env, name)?;
    if url.contains('@') {
        // The value may hold a password, so the message does not show it.
        return Err(unexpected_value(name, "…@…", "an address without a user"));
    }
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://")).unwrap_or_default();
    if rest.is_empty()
        || rest.starts_with('/')
        || rest.contains(|c: char| c.is_whitespace() || c.is_control())
    {
        return Err(unexpected_value(name, &url, "an http or https address"));
    }
    Ok(url.trim_end_matches('/').to_owned())
}

/// Returns `true` for `owner/name`. Any other text would send API requests to another path.
fn is_repository(text: &str) -> bool {
    let part = |text: &str| {
        let plain = text.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c));
        plain && !["", ".", ".."].contains(&text)
    };
    text.split_once('/').is_some_and(|(owner, name)| part(owner) && part(name))
}

/// Shortens a ref: `refs/tags/v1.4.0` to `v1.4.0`, `refs/pull/7/merge` to `7/merge`.
fn short_ref_name(full: &str) -> &str {
    ["refs/heads/", "refs/tags/", "refs/pull/"]
        .into_iter()
        .find_map(|prefix| full.strip_prefix(prefix))
        .unwrap_or(full)
}
