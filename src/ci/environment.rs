//! Environment variables of the runner.

use super::{CiError, Env};

/// Returns the value of a variable; `None` if it is unset or empty.
pub fn non_empty_variable(env: Env<'_>, name: &str) -> Option<String> {
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
pub fn address(env: Env<'_>, name: &'static str) -> Result<String, CiError> {
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
