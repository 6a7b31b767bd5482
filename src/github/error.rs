//! Errors of the API client.

use std::fmt;
use std::time::Duration;

/// A request that did not succeed. No variant holds a token or a query string.
#[derive(Debug, thiserror::Error)]
pub enum ApiError {
    /// A configured address is not usable.
    #[error("the address `{url}` cannot be used: {why}")]
    Address {
        /// The address, without credentials or query.
        url: String,
        /// The reason.
        why: &'static str,
    },
    /// The token is malformed.
    #[error("the token cannot be used: it holds {what}; check the secret it comes from")]
    Token {
        /// Invalid content of the token.
        what: &'static str,
    },
    /// The connection could not be set up.
    #[error(
        "cannot set up connections to {host}: {why}; install the system's certificates (on Debian: \
         `ca-certificates`) or name a file of them in SSL_CERT_FILE"
    )]
    Setup {
        /// The host.
        host: String,
        /// The reason.
        why: String,
    },
    /// No complete response came.
    #[error("{place}: no complete answer: {why}")]
    Unreachable {
        /// Method and path of the request.
        place: String,
        /// The reason.
        why: String,
    },
    /// The response is not one of the API.
    #[error("{place}: the answer is not what the API answers: {why}")]
    Garbled {
        /// Method and path of the request.
        place: String,
        /// The reason.
        why: String,
    },
    /// The server failed.
    #[error("{place}: the server failed (status {status}): {message}")]
    Server {
        /// Method and path of the request.
        place: String,
        /// The HTTP status; 200 if GraphQL reports the failure in its answer.
        status: u16,
        /// The server's message.
        message: String,
    },
    /// A rate limit was reached.
    #[error("{place}: {limit} rate limit reached: {message}")]
    RateLimited {
        /// Method and path of the request.
        place: String,
        /// The limit.
        limit: RateLimit,
        /// The server's message.
        message: String,
        /// Wait that the server asks for.
        wait: Option<Duration>,
    },
    /// Status 401.
    #[error(
        "{place}: not authorized (status 401): {message}; set GITHUB_TOKEN, on your machine with `export GITHUB_TOKEN=$(gh auth token)`; if it is set, it has expired or is for another server"
    )]
    Unauthorized {
        /// Method and path of the request.
        place: String,
        /// The server's message.
        message: String,
    },
    /// Status 403, not because of a rate limit.
    #[error("{place}: refused (status 403): {message}{}", advice(.permissions))]
    Forbidden {
        /// Method and path of the request.
        place: String,
        /// The server's message.
        message: String,
        /// Permissions that the request needs, if the server says so.
        permissions: Option<Permissions>,
    },
    /// Status 404 or 410: absent, or hidden from this token.
    #[error("{place}: not found (status {status}), or not visible to this token{}", advice(.permissions))]
    NotFound {
        /// Method and path of the request.
        place: String,
        /// 404 or 410.
        status: u16,
        /// Permissions that the request needs, if the server says so.
        permissions: Option<Permissions>,
    },
    /// Any other status outside 200–299.
    #[error("{place}: refused (status {status}): {message}")]
    Refused {
        /// Method and path of the request.
        place: String,
        /// The HTTP status.
        status: u16,
        /// The server's message.
        message: String,
    },
    /// A redirect to another origin, where the token must not go.
    #[error("{place}: redirected to `{to}`, which is not followed; check the configured API address")]
    Redirected {
        /// Method and path of the request.
        place: String,
        /// Target of the redirect, without the query.
        to: String,
    },
    /// The time budget was used up before the request.
    #[error("{place}: skipped: the time limit was reached; raise it with --timeout")]
    OutOfTime {
        /// Method and path of the request.
        place: String,
    },
    /// The request failed in every attempt.
    #[error("{last} (gave up after {attempts} attempts)")]
    GaveUp {
        /// Number of attempts.
        attempts: u32,
        /// Failure of the last attempt.
        last: Box<ApiError>,
    },
}

/// Kind of rate limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RateLimit {
    /// The limit of requests per hour.
    Primary,
    /// The limit of requests in a short time.
    Secondary,
}

impl fmt::Display for RateLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Primary => "primary",
            Self::Secondary => "secondary",
        })
    }
}

/// Permissions that a request needs: alternatives, each a list of permission and access.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Permissions(Vec<Vec<(String, String)>>);

impl Permissions {
    /// Parses `x-accepted-github-permissions`: `;` separates alternatives, `,` permissions that are needed together.
    pub(super) fn parse(header: &str) -> Option<Self> {
        let alternatives: Vec<Vec<(String, String)>> = header
            .split(';')
            .map(|set| set.split(',').filter_map(permission).collect::<Vec<_>>())
            .filter(|set| !set.is_empty())
            .collect();
        (!alternatives.is_empty()).then_some(Self(alternatives))
    }

    /// Returns the `permissions:` block of a workflow that grants the first alternative.
    pub fn block(&self) -> String {
        let lines = self.0.iter().take(1).flatten().map(|(name, access)| format!("  {name}: {access}\n"));
        format!("permissions:\n{}", lines.collect::<String>())
    }
}

impl fmt::Display for Permissions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sets = self.0.iter().map(|set| {
            let pairs: Vec<String> = set.iter().map(|(name, access)| format!("{name}: {access}")).collect();
            format!("`{}`", pairs.join(", "))
        });
        f.write_str(&sets.collect::<Vec<_>>().join(" or "))
    }
}

/// Parses `issues=write` into the spelling of a workflow. `None` for `metadata`, which is always granted.
fn permission(pair: &str) -> Option<(String, String)> {
    let (name, access) = pair.trim().split_once('=')?;
    let plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    // The header has `pull_requests`, and a workflow `pull-requests`.
    (plain(name) && plain(access) && name != "metadata").then(|| (name.replace('_', "-"), access.to_owned()))
}

/// Returns the end of the message of a refusal.
fn advice(permissions: &Option<Permissions>) -> String {
    permissions
        .as_ref()
        .map(|needed| format!("; the job's `permissions:` block needs {needed}"))
        .unwrap_or_default()
}

impl ApiError {
    /// Returns `true` if the same request may succeed later.
    pub fn is_transient(&self) -> bool {
        matches!(
            self,
            // Garbled too: during maintenance, a gateway answers with a web page.
            Self::Unreachable { .. } | Self::Garbled { .. } | Self::Server { .. } | Self::RateLimited { .. }
        )
    }

    /// Returns `true` if a gateway gave up on the request, as it does for heavy queries: ask for less.
    pub fn is_too_heavy(&self) -> bool {
        // GitHub answers so if a query takes longer than 10 seconds.
        matches!(self.cause(), Self::Server { status: 502 | 504, .. })
    }

    /// Returns the permissions that the request needs, if the server said so.
    pub fn permissions(&self) -> Option<&Permissions> {
        if let Self::Forbidden { permissions, .. } | Self::NotFound { permissions, .. } = self.cause() {
            permissions.as_ref()
        } else {
            None
        }
    }

    /// Returns the failure itself, without the number of attempts.
    pub fn cause(&self) -> &Self {
        if let Self::GaveUp { last, .. } = self { last.cause() } else { self }
    }

    /// Adds the number of attempts.
    pub(super) fn after(self, attempts: u32) -> Self {
        if attempts > 1 { Self::GaveUp { attempts, last: Box::new(self) } } else { self }
    }
}
