//! GraphQL answers, which may hold data and errors at the same time.

use std::fmt;

use serde_json::Value;

use super::answer::{RawResponse, shorten_message, worded_limit, worded_passing};
use super::error::{ApiError, RateLimit};

/// Answer to a GraphQL query. If it has errors, the data is incomplete.
#[derive(Debug, Clone, PartialEq)]
pub struct GraphqlAnswer {
    /// The data; `null` if everything failed.
    pub data: Value,
    /// Failed parts of the query; empty if the data is complete.
    pub errors: Vec<GraphqlError>,
}

/// A failed part of a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GraphqlError {
    /// GitHub's name for the kind of failure, for example `NOT_FOUND` or `FORBIDDEN`.
    pub kind: Option<String>,
    /// Part of the answer, for example `repository.issues`.
    pub path: String,
    /// The server's message.
    pub message: String,
}

impl fmt::Display for GraphqlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.path.is_empty() {
            write!(f, "{}: ", self.path)?;
        }
        f.write_str(&self.message)?;
        if let Some(kind) = &self.kind {
            write!(f, " ({kind})")?;
        }
        Ok(())
    }
}

impl GraphqlAnswer {
    /// Reads the body of a successful HTTP response.
    ///
    /// # Errors
    /// If it is not a GraphQL answer, or reports a rate limit or a transient failure.
    pub(super) fn read(raw: &RawResponse, mut json: Value, place: &str, now: i64) -> Result<Self, ApiError> {
        let place = || place.to_owned();
        let errors = match json.get("errors") {
            None | Some(Value::Null) => Vec::new(),
            Some(Value::Array(errors)) => errors.iter().map(error).collect(),
            Some(_) => {
                return Err(ApiError::Garbled { place: place(), why: "`errors` is not a list".to_owned() });
            }
        };
        // GraphQL reports limits and transient failures with status 200.
        for error in &errors {
            let kind = error.kind.as_deref().unwrap_or("");
            let limit =
                worded_limit(&error.message).or((kind == "RATE_LIMITED").then_some(RateLimit::Primary));
            if let Some(limit) = limit {
                let wait = raw.wait(limit, now);
                return Err(ApiError::RateLimited {
                    place: place(),
                    limit,
                    message: error.message.clone(),
                    wait,
                });
            }
            if worded_passing(&error.message) {
                return Err(ApiError::Server {
                    place: place(),
                    status: raw.status,
                    message: error.message.clone(),
                });
            }
        }
        match json.get_mut("data").map(Value::take) {
            Some(data @ Value::Object(_)) => Ok(Self { data, errors }),
            // The caller decides what a failed part means: an optional one is no gap.
            Some(_) | None if !errors.is_empty() => Ok(Self { data: Value::Null, errors }),
            Some(_) | None => {
                Err(ApiError::Garbled { place: place(), why: "it has neither data nor errors".to_owned() })
            }
        }
    }
}

/// One entry of `errors`.
fn error(json: &Value) -> GraphqlError {
    let path = json["path"].as_array().map(|steps| {
        let steps = steps.iter().map(|step| step.as_str().map_or_else(|| step.to_string(), str::to_owned));
        shorten_message(&steps.collect::<Vec<_>>().join("."))
    });
    GraphqlError {
        kind: json["type"].as_str().map(shorten_message),
        path: path.unwrap_or_default(),
        message: shorten_message(json["message"].as_str().unwrap_or("an error without a message")),
    }
}
