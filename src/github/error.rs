//! What can go wrong between here and GitHub, and what to do about it.

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
        /// What is wrong with it.
        why: &'static str,
    },
    /// The token is not one.
    #[error("the token cannot be used: it holds {what}; check the secret it comes from")]
    Token {
        /// What it holds.
        what: &'static str,
    },
    /// The connection's ground work failed.
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
    /// No answer came, or only a part of one.
    #[error("{place}: no complete answer: {why}")]
    Unreachable {
        /// Method and path.
        place: String,
        /// The reason.
        why: String,
    },
    /// An answer came that is not what the API answers.
    #[error("{place}: the answer is not what the API answers: {why}")]
    Garbled {
        /// Method and path.
        place: String,
        /// What is wrong with it.
        why: String,
    },
    /// The server failed.
    #[error("{place}: the server failed (status {status}): {message}")]
    Server {
        /// Method and path.
        place: String,
        /// The HTTP status; 200 where GraphQL reports a failure in its answer.
        status: u16,
        /// The server's words.
        message: String,
    },
    /// A limit was reached.
    #[error("{place}: {limit} rate limit reached: {message}")]
    RateLimited {
        /// Method and path.
        place: String,
        /// Which one.
        limit: RateLimit,
        /// The server's words.
        message: String,
        /// How long the server asks to wait.
        wait: Option<Duration>,
    },
    /// 401.
    #[error(
        "{place}: not authorised (status 401): {message}; check that the token is set, not expired and meant for this server"
    )]
    Unauthorized {
        /// Method and path.
        place: String,
        /// The server's words.
        message: String,
    },
    /// 403, and no limit.
    #[error("{place}: refused (status 403): {message}{}", advice(.permissions))]
    Forbidden {
        /// Method and path.
        place: String,
        /// The server's words.
        message: String,
        /// What a token needs for this request, where the server says so.
        permissions: Option<Permissions>,
    },
    /// 404 or 410: absent, or hidden from this token.
    #[error("{place}: not found (status {status}), or not visible to this token{}", advice(.permissions))]
    NotFound {
        /// Method and path.
        place: String,
        /// 404 or 410.
        status: u16,
        /// What a token needs for this request, where the server says so.
        permissions: Option<Permissions>,
    },
    /// Any other refusal.
    #[error("{place}: refused (status {status}): {message}")]
    Refused {
        /// Method and path.
        place: String,
        /// The HTTP status.
        status: u16,
        /// The server's words.
        message: String,
    },
    /// The answer lies elsewhere, where the token must not go.
    #[error("{place}: redirected to `{to}`, which is not followed; check the configured API address")]
    Redirected {
        /// Method and path.
        place: String,
        /// Where to, without the query.
        to: String,
    },
    /// The time budget is used up before the request was made.
    #[error("{place}: not asked: the time budget is used up; raise it with --timeout")]
    OutOfTime {
        /// Method and path.
        place: String,
    },
    /// Repeated, and still failing.
    #[error("{last} (gave up after {attempts} attempts)")]
    GaveUp {
        /// How often it was tried.
        attempts: u32,
        /// How it failed the last time.
        last: Box<ApiError>,
    },
}

/// Which limit was reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RateLimit {
    /// The allowance of the hour.
    Primary,
    /// Too much at once.
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

/// What a token needs: alternatives, each of them a list of permission and access.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Permissions(Vec<Vec<(String, String)>>);

impl Permissions {
    /// Reads `x-accepted-github-permissions`: `;` separates alternatives, `,` what is needed together.
    pub(super) fn parse(header: &str) -> Option<Self> {
        let alternatives: Vec<Vec<(String, String)>> = header
            .split(';')
            .map(|set| set.split(',').filter_map(permission).collect::<Vec<_>>())
            .filter(|set| !set.is_empty())
            .collect();
        (!alternatives.is_empty()).then_some(Self(alternatives))
    }

    /// The `permissions:` block of a workflow that grants the first alternative.
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

/// `issues=write` as a workflow spells it; `metadata` is always granted and cannot be asked for.
fn permission(pair: &str) -> Option<(String, String)> {
    let (name, access) = pair.trim().split_once('=')?;
    let plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    (plain(name) && plain(access) && name != "metadata").then(|| (name.replace('_', "-"), access.to_owned()))
}

/// The end of a refusal's sentence.
fn advice(permissions: &Option<Permissions>) -> String {
    permissions
        .as_ref()
        .map(|needed| format!("; the job's `permissions:` block needs {needed}"))
        .unwrap_or_default()
}

impl ApiError {
    /// True if the same request may succeed later.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Unreachable { .. }
            | Self::Garbled { .. }
            | Self::Server { .. }
            | Self::RateLimited { .. } => true,
            Self::Address { .. }
            | Self::Token { .. }
            | Self::Setup { .. }
            | Self::Unauthorized { .. }
            | Self::Forbidden { .. }
            | Self::NotFound { .. }
            | Self::Refused { .. }
            | Self::Redirected { .. }
            | Self::OutOfTime { .. }
            | Self::GaveUp { .. } => false,
        }
    }

    /// True if a gateway gave up on the request, as it does on heavy queries: ask for less.
    pub fn is_too_heavy(&self) -> bool {
        matches!(self.cause(), Self::Server { status: 502 | 504, .. })
    }

    /// What a token needs for the request, where the server said so.
    pub fn permissions(&self) -> Option<&Permissions> {
        if let Self::Forbidden { permissions, .. } | Self::NotFound { permissions, .. } = self.cause() {
            permissions.as_ref()
        } else {
            None
        }
    }

    /// The failure itself, without the count of attempts.
    pub fn cause(&self) -> &Self {
        if let Self::GaveUp { last, .. } = self { last.cause() } else { self }
    }

    /// The same failure, after so many attempts.
    pub(super) fn after(self, attempts: u32) -> Self {
        if attempts > 1 { Self::GaveUp { attempts, last: Box::new(self) } } else { self }
    }
}
