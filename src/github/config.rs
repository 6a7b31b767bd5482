//! Where GitHub is, and who asks.

use std::fmt;
use std::time::Duration;

use super::error::ApiError;

/// An access token. It never shows itself.
#[derive(Clone, PartialEq, Eq)]
pub struct AccessToken(String);

impl AccessToken {
    /// A token as it stands in a variable; white space around it is dropped.
    ///
    /// # Errors
    /// If it is empty or holds characters that no token has.
    pub fn new(text: &str) -> Result<Self, ApiError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(ApiError::Token { what: "nothing" });
        }
        if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(ApiError::Token { what: "white space or characters outside ASCII" });
        }
        Ok(Self(text.to_owned()))
    }

    /// The text itself, for the one header it belongs in.
    pub(super) fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for AccessToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(***)")
    }
}

impl fmt::Display for AccessToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// A proxy as its variable has it, possibly with a user's name and password, which it never shows.
#[derive(Clone, PartialEq, Eq)]
pub struct Proxy(String);

impl Proxy {
    /// A proxy, whose address is looked at when a client is made.
    pub fn new(text: String) -> Self {
        Self(text)
    }

    /// The text itself, for the connection.
    pub(super) fn expose(&self) -> &str {
        &self.0
    }
}

/// Without all that stands before the host: a password may hold any sign, `/` and `?` too.
impl fmt::Display for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0.rsplit_once('@') {
            Some((_, host)) => host,
            None => &self.0,
        })
    }
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Proxy({self})")
    }
}

/// Where GitHub is, who asks, and how long asking may take.
#[derive(Debug, Clone)]
pub struct Config {
    /// Root of the REST API, such as `https://api.github.com` or `https://ghe.example.com/api/v3`.
    pub api_url: String,
    /// The GraphQL endpoint, such as `https://api.github.com/graphql` or `https://ghe.example.com/api/graphql`.
    pub graphql_url: String,
    /// The token; without one only public data can be read, and no GraphQL at all.
    pub token: Option<AccessToken>,
    /// How long everything together may take, waits included.
    pub budget: Duration,
    /// How long a connection may take to open.
    pub connect_timeout: Duration,
    /// How long one read may take, from sending to the last byte of the answer.
    pub request_timeout: Duration,
    /// The same for a write. Long enough that the server has given up by then: a write that is still under way must not
    /// be sent again.
    pub write_timeout: Duration,
    /// The longest first wait before a repetition; later ones double.
    pub backoff: Duration,
    /// The first wait after a secondary limit that names no time; later ones double.
    pub secondary_wait: Duration,
    /// How often a failing request is made, at most. Rate limits are bounded by the budget alone.
    pub attempts: u32,
    /// Whether each request is logged.
    pub verbose: bool,
    /// The proxy for https, as `HTTPS_PROXY` has it.
    pub proxy: Option<Proxy>,
    /// The hosts that it is not for, as `NO_PROXY` has them.
    pub no_proxy: String,
}

impl Config {
    /// The usual settings for an API. An absent GraphQL address is derived from the REST one.
    pub fn new(api_url: &str, graphql_url: Option<&str>, token: Option<AccessToken>) -> Self {
        Self {
            api_url: api_url.trim_end_matches('/').to_owned(),
            graphql_url: graphql_url
                .map_or_else(|| derived_graphql_url(api_url), |url| url.trim_end_matches('/').to_owned()),
            token,
            budget: Duration::from_secs(300),
            connect_timeout: Duration::from_secs(10),
            request_timeout: Duration::from_secs(60),
            write_timeout: Duration::from_secs(60),
            backoff: Duration::from_secs(1),
            secondary_wait: Duration::from_secs(60),
            attempts: 8,
            verbose: false,
            proxy: None,
            no_proxy: String::new(),
        }
    }
}

/// GraphQL stands beside the REST API: `/graphql`, and on Enterprise Server `/api/graphql` next to `/api/v3`.
fn derived_graphql_url(api_url: &str) -> String {
    let api_url = api_url.trim_end_matches('/');
    let root = api_url.strip_suffix("/api/v3").map(|server| format!("{server}/api"));
    format!("{}/graphql", root.as_deref().unwrap_or(api_url))
}

/// Scheme, host and port of a URL: what a token may be sent to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct UrlOrigin(String);

impl UrlOrigin {
    /// The origin of a URL and the rest of it (path and query, possibly empty).
    ///
    /// # Errors
    /// If it is not a plain http(s) URL.
    pub(super) fn split(url: &str) -> Result<(Self, &str), ApiError> {
        let bad = |why| ApiError::Address { url: redact_url(url), why };
        let (scheme, rest) = url.split_once("://").ok_or_else(|| bad("it has no scheme"))?;
        let scheme = scheme.to_ascii_lowercase();
        let default_port = match scheme.as_str() {
            "https" => ":443",
            "http" => ":80",
            _ => return Err(bad("only http and https are supported")),
        };
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (host, rest) = rest.split_at(end);
        if host.is_empty() {
            return Err(bad("it names no host"));
        }
        if host.contains('@') {
            return Err(bad("it holds credentials; give the token by itself"));
        }
        if !host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._:[]".contains(&byte)) {
            return Err(bad("the host has characters that no host has"));
        }
        let host = host.to_ascii_lowercase();
        Ok((Self(format!("{scheme}://{}", host.strip_suffix(default_port).unwrap_or(&host))), rest))
    }

    /// As a URL without a path.
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// True if what is sent can be read on the way.
    pub(super) fn is_plain(&self) -> bool {
        self.0.starts_with("http://")
    }

    /// True for this machine.
    pub(super) fn is_loopback(&self) -> bool {
        let host = self.0.split_once("://").map_or("", |(_, host)| host);
        host.starts_with("127.") || host.starts_with("localhost") || host.starts_with("[::1]")
    }
}

/// A URL without what may be secret in it: user, password and query.
pub(super) fn redact_url(url: &str) -> String {
    let url = url.split(['?', '#']).next().unwrap_or(url);
    match url.split_once("://") {
        Some((scheme, rest)) => {
            let end = rest.find('/').unwrap_or(rest.len());
            let (host, path) = rest.split_at(end);
            let host = host.rsplit('@').next().unwrap_or(host);
            format!("{scheme}://{host}{path}")
        }
        None => url.to_owned(),
    }
}
