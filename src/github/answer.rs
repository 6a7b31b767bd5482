//! Interprets an HTTP response: result, refusal or rate limit.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::Value;

use super::error::{ApiError, Permissions, RateLimit};

/// Response headers, with names in lower case.
pub type Headers = BTreeMap<String, String>;

/// A response with any status.
#[derive(Debug)]
pub(super) struct RawResponse {
    pub status: u16,
    pub headers: Headers,
    pub body: String,
}

/// Messages of secondary limits, in lower case.
const SECONDARY: [&str; 5] = [
    "secondary rate limit",
    "temporarily blocked from content creation",
    "abuse detection",
    "submitted too quickly",
    "exceeded a secondary",
];

/// Messages of the primary limit, in lower case.
const PRIMARY: [&str; 4] =
    ["api rate limit exceeded", "api rate limit already exceeded", "rate limit exceeded", "rate_limited"];

/// Messages of transient failures that GraphQL reports in a response with status 200, in lower case.
const PASSING: [&str; 3] =
    ["something went wrong while executing your query", "created a temporary conflict", "timedout"];

/// Messages of refusals that are not about permissions, in lower case.
// A locked conversation or an archived repository refuses writes whatever the permissions.
const OTHER_REASONS: [&str; 3] = ["locked", "archived", "read-only"];

/// Largest number of characters of a server's message.
const MESSAGE_LIMIT: usize = 300;

impl RawResponse {
    /// Parses the body of a successful response; an empty body is `null`. `now` is in seconds since 1970.
    ///
    /// # Errors
    /// The refusal, by status, headers and message.
    pub(super) fn json(&self, place: &str, now: i64) -> Result<Value, ApiError> {
        if !(200..300).contains(&self.status) {
            return Err(self.refusal(place, now));
        }
        if self.body.trim().is_empty() {
            return Ok(Value::Null);
        }
        serde_json::from_str(&self.body)
            .map_err(|why| ApiError::Garbled { place: place.to_owned(), why: format!("invalid JSON: {why}") })
    }

    /// Returns the error for a status outside 200–299.
    fn refusal(&self, place: &str, now: i64) -> ApiError {
        let place = place.to_owned();
        let message = self.message();
        // Every response has the header. If the refusal has another reason, naming permissions would mislead the user.
        let other_reason = OTHER_REASONS.iter().any(|wording| message.to_lowercase().contains(wording));
        let header = self.headers.get("x-accepted-github-permissions").filter(|_| !other_reason);
        let permissions = || header.and_then(|text| Permissions::parse(text));
        match self.status {
            401 => ApiError::Unauthorized { place, message },
            403 | 429 => match self.limit(&message) {
                Some(limit) => ApiError::RateLimited { place, limit, message, wait: self.wait(limit, now) },
                None => ApiError::Forbidden { place, message, permissions: permissions() },
            },
            status @ (404 | 410) => ApiError::NotFound { place, status, permissions: permissions() },
            status @ (408 | 500..) => ApiError::Server { place, status, message },
            status => ApiError::Refused { place, status, message },
        }
    }

    /// Returns the limit that a 403 or 429 reports; `None` if it reports none.
    fn limit(&self, message: &str) -> Option<RateLimit> {
        let spent = self.headers.get("x-ratelimit-remaining").is_some_and(|left| left.trim() == "0");
        // GitHub reports both limits with status 403 or 429, so the message comes first.
        worded_limit(message).or(if spent {
            Some(RateLimit::Primary)
        } else if self.status == 429 || self.headers.contains_key("retry-after") {
            Some(RateLimit::Secondary)
        } else {
            None
        })
    }

    /// Returns the wait that the server asks for: `retry-after` or, for the primary limit, the time until its reset.
    pub(super) fn wait(&self, limit: RateLimit, now: i64) -> Option<Duration> {
        let number = |name: &str| self.headers.get(name).and_then(|text| text.trim().parse::<i64>().ok());
        let seconds = number("retry-after").or_else(|| match limit {
            RateLimit::Primary => number("x-ratelimit-reset").map(|reset| reset.saturating_sub(now)),
            RateLimit::Secondary => None,
        })?;
        // By this machine's clock, the reset can be in the past.
        Some(Duration::from_secs(u64::try_from(seconds).unwrap_or(0).max(1)))
    }

    /// Returns the server's message: `message` and the first of `errors`, or the start of the body.
    fn message(&self) -> String {
        let Ok(json) = serde_json::from_str::<Value>(&self.body) else {
            return shorten_message(if self.body.trim().is_empty() {
                "no message"
            } else {
                self.body.trim()
            });
        };
        let mut words = json["message"].as_str().unwrap_or("no message").to_owned();
        // For status 422, `message` is only "Validation Failed".
        if let Some(detail) = json["errors"].as_array().and_then(|errors| errors.first()) {
            let detail = detail["message"].as_str().or(detail["code"].as_str()).or(detail.as_str());
            if let Some(detail) = detail {
                words = format!("{words} ({detail})");
            }
        }
        shorten_message(&words)
    }
}

/// Returns the limit that a message reports; `None` if it reports none.
pub(super) fn worded_limit(message: &str) -> Option<RateLimit> {
    let message = message.to_lowercase();
    if SECONDARY.iter().any(|wording| message.contains(wording)) {
        Some(RateLimit::Secondary)
    } else if PRIMARY.iter().any(|wording| message.contains(wording)) {
        Some(RateLimit::Primary)
    } else {
        None
    }
}

/// Returns `true` if the message reports a transient failure.
pub(super) fn worded_passing(message: &str) -> bool {
    let message = message.to_lowercase();
    PASSING.iter().any(|wording| message.contains(wording))
}

/// Shortens a text to one line of at most 300 characters.
pub(super) fn shorten_message(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(MESSAGE_LIMIT) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}
