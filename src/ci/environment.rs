//! The runner's variables.

use std::path::PathBuf;

use super::{ActionsContext, CiError, Env, ReadFile, RunAttempt, TriggerEvent};
use crate::model::{Sha, Tag};

/// The run that the environment describes; none outside GitHub Actions.
pub fn context(env: Env<'_>, read: ReadFile<'_>) -> Result<Option<ActionsContext>, CiError> {
    if env("GITHUB_ACTIONS").as_deref() != Some("true") {
        return Ok(None);
    }
    let repository = required(env, "GITHUB_REPOSITORY")?;
    if !is_repository(&repository) {
        return Err(odd("GITHUB_REPOSITORY", &repository, "owner/name"));
    }
    let api_url = address(env, "GITHUB_API_URL")?;
    let server_url = address(env, "GITHUB_SERVER_URL")?;
    let graphql_url = match set(env, "GITHUB_GRAPHQL_URL") {
        Some(_) => address(env, "GITHUB_GRAPHQL_URL")?,
        // Enterprise Server has `/api/v3` beside `/api/graphql`.
        None => format!("{}/graphql", api_url.strip_suffix("/v3").unwrap_or(&api_url)),
    };
    let sha = required(env, "GITHUB_SHA")?;
    if !is_commit(&sha) {
        return Err(odd("GITHUB_SHA", &sha, "a full commit id"));
    }
    let full_ref = set(env, "GITHUB_REF").unwrap_or_default();
    let event_name = required(env, "GITHUB_EVENT_NAME")?;
    let event = TriggerEvent::read(&event_name, &full_ref, env, read)?;
    let number = |name: &str| set(env, name).and_then(|text| text.parse::<u64>().ok());
    Ok(Some(ActionsContext {
        run: number("GITHUB_RUN_ID")
            .map(|id| RunAttempt { id, attempt: number("GITHUB_RUN_ATTEMPT").unwrap_or(1) }),
        run_url: set(env, "GITHUB_RUN_ID")
            .filter(|id| id.bytes().all(|byte| byte.is_ascii_digit()))
            .map(|id| format!("{server_url}/{repository}/actions/runs/{id}")),
        ref_name: short(&full_ref).to_owned(),
        tag: full_ref.strip_prefix("refs/tags/").map(|tag| Tag(tag.to_owned())),
        summary_path: set(env, "GITHUB_STEP_SUMMARY").map(PathBuf::from),
        output_path: set(env, "GITHUB_OUTPUT").map(PathBuf::from),
        actor: set(env, "GITHUB_ACTOR").unwrap_or_default(),
        repository,
        api_url,
        graphql_url,
        server_url,
        event,
        sha: Sha(sha),
    }))
}

/// A variable that is set and not empty.
pub fn set(env: Env<'_>, name: &str) -> Option<String> {
    env(name).filter(|value| !value.is_empty())
}

/// A variable that the runner always sets.
pub fn required(env: Env<'_>, name: &'static str) -> Result<String, CiError> {
    set(env, name).ok_or(CiError::Missing(name))
}

/// Whether it is a full commit id, by SHA-1 or SHA-256.
pub fn is_commit(text: &str) -> bool {
    [40, 64].contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// A value that cannot be right, shown without what a log would obey.
pub fn odd(name: &'static str, value: &str, expected: &'static str) -> CiError {
    let value = value.chars().take(200).flat_map(char::escape_debug).collect();
    CiError::Unexpected { name, value, expected }
}

/// A web address, without a slash at the end.
fn address(env: Env<'_>, name: &'static str) -> Result<String, CiError> {
    let url = required(env, name)?;
    if url.contains('@') {
        // The value would show a password.
        return Err(odd(name, "…@…", "an address without a user"));
    }
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://")).unwrap_or_default();
    if rest.is_empty()
        || rest.starts_with('/')
        || rest.contains(|c: char| c.is_whitespace() || c.is_control())
    {
        return Err(odd(name, &url, "an http or https address"));
    }
    Ok(url.trim_end_matches('/').to_owned())
}

/// Whether it is `owner/name`: a path of any other shape would ask the API about something else.
fn is_repository(text: &str) -> bool {
    let part = |text: &str| {
        let plain = text.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c));
        plain && !["", ".", ".."].contains(&text)
    };
    text.split_once('/').is_some_and(|(owner, name)| part(owner) && part(name))
}

/// `v1.4.0` of `refs/tags/v1.4.0`, `7/merge` of `refs/pull/7/merge`.
fn short(full: &str) -> &str {
    ["refs/heads/", "refs/tags/", "refs/pull/"]
        .into_iter()
        .find_map(|prefix| full.strip_prefix(prefix))
        .unwrap_or(full)
}
