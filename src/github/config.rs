//! Settings of the API client: addresses, token, time limits, proxy.

use std::fmt;
use std::net::IpAddr;
use std::time::Duration;

use super::error::ApiError;

/// An access token. Its `Debug` and `Display` output hides it.
#[derive(Clone, PartialEq, Eq)]
pub struct AccessToken(String);

impl AccessToken {
    /// Reads a token from the text of a variable. White space around it is ignored.
    ///
    /// # Errors
    /// If it is empty or has characters that no token has.
    pub fn new(text: &str) -> Result<Self, ApiError> {
        // A secret often ends with a line break.
        let text = text.trim();
        if text.is_empty() {
            return Err(ApiError::Token { what: "nothing" });
        }
        if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(ApiError::Token { what: "white space or characters outside ASCII" });
        }
        Ok(Self(text.to_owned()))
    }

    /// Returns the token itself, for the `Authorization` header only.
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

/// A proxy address, possibly with a user name and password. Its `Debug` and `Display` output hides them.
#[derive(Clone, PartialEq, Eq)]
pub struct Proxy(String);

impl Proxy {
    /// Stores an address. [`Client::new`](super::Client::new) checks it.
    pub fn new(text: String) -> Self {
        Self(text)
    }

    /// Returns the address itself, for the connection only.
    pub(super) fn expose(&self) -> &str {
        &self.0
    }
}

/// Shows only the text after the last `@`: a password may contain any character, also `/` and `?`.
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

/// Settings of the API client.
#[derive(Debug, Clone)]
pub struct Config {
    /// Root of the REST API, for example `https://api.github.com` or `https://ghe.example.com/api/v3`.
    pub api_url: String,
    /// GraphQL endpoint, for example `https://api.github.com/graphql` or `https://ghe.example.com/api/graphql`.
    pub graphql_url: String,
    /// Token. Without one, the REST API shows only public data, and GraphQL nothing.
    pub token: Option<AccessToken>,
    /// Time limit of all requests together, with waits.
    pub budget: Duration,
    /// Time limit for opening a connection.
    pub connect_timeout: Duration,
    /// Time limit of one read, from sending to the last byte of the response.
    pub request_timeout: Duration,
    /// Time limit of one write. It must be longer than the server's own limit: a write that is still being processed must
    /// not be sent again.
    pub write_timeout: Duration,
    /// Longest first wait before a retry; later waits double.
    pub backoff: Duration,
    /// First wait after a secondary limit without a time; later waits double.
    pub secondary_wait: Duration,
    /// Largest number of attempts of a failing request. For rate limits, only the budget counts.
    pub attempts: u32,
    /// `true` to log each request.
    pub verbose: bool,
    /// Proxy for https, the value of `HTTPS_PROXY`.
    pub proxy: Option<Proxy>,
    /// Hosts that are reached without the proxy, the value of `NO_PROXY`.
    pub no_proxy: String,
}

impl Config {
    /// Returns the default settings for an API. An absent GraphQL address is derived from the REST address.
    pub fn new(api_url: &str, graphql_url: Option<&str>, token: Option<AccessToken>) -> Self {
        Self {
            api_url: api_url.trim_end_matches('/').to_owned(),
            graphql_url: graphql_url
                .map_or_else(|| derived_graphql_url(api_url), |url| url.trim_end_matches('/').to_owned()),
            token,
            budget: Duration::from_secs(300),
            connect_timeout: Duration::from_secs(10),
            request_timeout: Duration::from_secs(60),
            // GitHub gives up on a request after 10 seconds.
            write_timeout: Duration::from_secs(60),
            backoff: Duration::from_secs(1),
            // GitHub asks for at least a minute, and for longer waits after each further refusal.
            secondary_wait: Duration::from_secs(60),
            // The waits between eight attempts last 91 seconds at most.
            attempts: 8,
            verbose: false,
            proxy: None,
            no_proxy: String::new(),
        }
    }
}

/// Returns the GraphQL address next to a REST address: `/graphql`, or on Enterprise Server `/api/graphql` next to `/api/v3`.
fn derived_graphql_url(api_url: &str) -> String {
    let api_url = api_url.trim_end_matches('/');
    let root = api_url.strip_suffix("/api/v3").map(|server| format!("{server}/api"));
    format!("{}/graphql", root.as_deref().unwrap_or(api_url))
}

/// Scheme, host and port of a URL. They decide whether the token may be sent there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct UrlOrigin(String);

impl UrlOrigin {
    /// Splits a URL into its origin and the rest (path and query, possibly empty).
    ///
    /// # Errors
    /// If it is not an http or https URL without credentials.
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
        // `https://host` and `https://host:443` are one origin.
        Ok((Self(format!("{scheme}://{}", host.strip_suffix(default_port).unwrap_or(&host))), rest))
    }

    /// Returns the origin as a URL without a path.
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns `true` if the connection is not encrypted.
    pub(super) fn is_plain(&self) -> bool {
        self.0.starts_with("http://")
    }

    /// Returns `true` for this machine.
    pub(super) fn is_loopback(&self) -> bool {
        let authority = self.0.split_once("://").map_or("", |(_, authority)| authority);
        // `[::1]` holds colons of its own: a port stands behind the bracket.
        let host = match authority.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => host,
            _ => authority,
        };
        let address = host.trim_matches(['[', ']']).parse::<IpAddr>();
        host == "localhost" || address.is_ok_and(|address| address.is_loopback())
    }
}

/// Removes the parts of a URL that may be secret: user, password and query.
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn only_hosts_of_this_machine_are_loopback() {
        let is_loopback = |url: &str| UrlOrigin::split(url).unwrap().0.is_loopback();
        for url in [
            "http://localhost:8080/x",
            "http://LOCALHOST",
            "http://127.0.0.1:80",
            "http://127.9.9.9",
            "http://[::1]:90",
        ] {
            assert!(is_loopback(url), "{url}");
        }
        for url in [
            "http://localhost.example.com",
            "http://127.0.0.1.example.com:80",
            "http://10.0.0.1",
            "http://[::2]",
        ] {
            assert!(!is_loopback(url), "{url}");
        }
    }
}
