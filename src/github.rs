//! The API client: paging, retries, limits, errors. It knows nothing about issues and releases.
//!
//! Reads are repeated while the failure is transient and the time budget lasts. Writes are sent once: callers check whether
//! a write took effect before they repeat it (see [`Client::pause`]). Only this module uses octocrab.

mod answer;
mod config;
mod contents;
mod error;
mod graphql;
mod proxy;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
mod transport;
mod url;

use std::cell::Cell;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use serde_json::{Value, json};

pub use answer::Headers;
pub use config::{AccessToken, Config, Proxy};
pub use error::{ApiError, Permissions, RateLimit};
pub use graphql::{GraphqlAnswer, GraphqlError};
pub use url::percent_encode;

use answer::RawResponse;
use config::{UrlOrigin, redact_url};
use transport::{HttpMethod, Transport};

/// Response of a successful request.
#[derive(Debug, Clone, PartialEq)]
pub struct ApiResponse {
    /// The HTTP status, 200 to 299.
    pub status: u16,
    /// Headers, with names in lower case.
    pub headers: Headers,
    /// Body; `null` if empty.
    pub json: Value,
}

/// Number of requests so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Usage {
    /// Number of requests, with retries.
    pub requests: u64,
    /// Points of the GraphQL rate limit, as far as the server reported them.
    pub points: u64,
}

/// A blocking client of one GitHub server.
pub struct Client {
    config: Config,
    api: UrlOrigin,
    api_path: String,
    transport: Transport,
    deadline: Cell<Instant>,
    usage: Cell<Usage>,
    log: Box<dyn Fn(&str)>,
}

/// Largest number of redirects in a row.
const REDIRECTS: u32 = 5;

/// Longest wait of the exponential backoff.
const LONGEST_BACKOFF: Duration = Duration::from_secs(30);

impl Client {
    /// Returns the root of the REST API, without a slash at the end.
    pub fn api_url(&self) -> &str {
        &self.config.api_url
    }

    /// Creates a client whose time budget starts now. `log` receives the reason and the length of each wait.
    ///
    /// # Errors
    /// If an address is not usable, or there are no certificates for https.
    pub fn new(config: Config, log: Box<dyn Fn(&str)>) -> Result<Self, ApiError> {
        for url in [&config.api_url, &config.graphql_url] {
            // The message shows no part of the address: a password may contain the character that ends a host.
            if url.contains('@') {
                let why = "it holds credentials; give the token by itself";
                return Err(ApiError::Address { url: "…@…".to_owned(), why });
            }
        }
        let (api, api_path) = UrlOrigin::split(&config.api_url)?;
        let (graphql, _) = UrlOrigin::split(&config.graphql_url)?;
        if config.token.is_some() {
            for origin in [&api, &graphql] {
                if origin.is_plain() && !origin.is_loopback() {
                    log(&format!("the token goes to {} unencrypted", origin.as_str()));
                }
            }
        }
        let transport = Transport::new(&config, &api, &graphql)?;
        let (api_path, deadline) = (api_path.to_owned(), Cell::new(Instant::now() + config.budget));
        Ok(Self { api_path, api, transport, deadline, usage: Cell::default(), log, config })
    }

    /// Reads one resource. `path` starts with `/` and may have a query.
    ///
    /// # Errors
    /// Any status outside 200–299, and any failure that lasts longer than the time budget.
    pub fn get(&self, path: &str) -> Result<ApiResponse, ApiError> {
        self.get_url(&self.url(path))
    }

    /// Reads a list page by page, following its `Link` headers. The first error ends the list.
    pub fn pages(&self, path: &str) -> impl Iterator<Item = Result<ApiResponse, ApiError>> + '_ {
        let mut next = Some(self.url(path));
        let mut seen: Vec<String> = Vec::new();
        std::iter::from_fn(move || {
            let url = next.take()?;
            let page = self.get_url(&url).and_then(|response| {
                next = self.next_page(&response, &url)?;
                Ok(response)
            });
            seen.push(url);
            // A server that links back to an earlier page would keep the client busy until the time is up.
            if next.as_ref().is_some_and(|url| seen.contains(url)) {
                next = None;
                let place = seen.first().map_or_else(String::new, |url| request_label(HttpMethod::Get, url));
                return Some(Err(ApiError::Garbled { place, why: "its pages lead in a circle".to_owned() }));
            }
            Some(page)
        })
    }

    /// Creates a resource. Sent once.
    ///
    /// # Errors
    /// Any status outside 200–299. After a transient error it is unknown whether the request took effect.
    pub fn post(&self, path: &str, body: &Value) -> Result<ApiResponse, ApiError> {
        self.write(HttpMethod::Post, path, Some(body))
    }

    /// Changes a resource. Sent once.
    ///
    /// # Errors
    /// As for [`Client::post`].
    pub fn patch(&self, path: &str, body: &Value) -> Result<ApiResponse, ApiError> {
        self.write(HttpMethod::Patch, path, Some(body))
    }

    /// Deletes a resource. Sent once.
    ///
    /// # Errors
    /// As for [`Client::post`].
    pub fn delete(&self, path: &str) -> Result<ApiResponse, ApiError> {
        self.write(HttpMethod::Delete, path, None)
    }

    /// Sends a GraphQL query. The answer may hold data and errors at the same time.
    ///
    /// # Errors
    /// If no GraphQL answer came, or a limit or failure lasts longer than the time budget. If a gateway gives up
    /// ([`ApiError::is_too_heavy`]), the query is repeated only once: the caller should ask for less.
    pub fn graphql(&self, query: &str, variables: &Value) -> Result<GraphqlAnswer, ApiError> {
        let url = &self.config.graphql_url;
        let body = json!({ "query": query, "variables": variables });
        let place = request_label(HttpMethod::Post, url);
        let answer = self.repeat(|| {
            let raw = self.exchange(HttpMethod::Post, url, Some(&body), self.config.request_timeout)?;
            let now = Timestamp::now().as_second();
            let mut answer = GraphqlAnswer::read(&raw, raw.json(&place, now)?, &place, now)?;
            for error in &mut answer.errors {
                error.message = self.redact(&error.message);
            }
            Ok(answer)
        })?;
        let mut usage = self.usage.get();
        usage.points += answer.data["rateLimit"]["cost"].as_u64().unwrap_or(0);
        self.usage.set(usage);
        Ok(answer)
    }

    /// Waits before the next attempt, and logs the wait. Returns `false` without waiting if the failure is not transient or
    /// the time budget is too short. Before repeating a write, check whether it took effect.
    pub fn pause(&self, error: &ApiError, attempt: u32) -> bool {
        // A rate limit ends at some time: only the time budget bounds these waits.
        let limited = matches!(error, ApiError::RateLimited { .. });
        if !error.is_transient() || (!limited && attempt >= self.config.attempts) {
            return false;
        }
        let wait = self.wait(error, attempt);
        let left = self.deadline.get().saturating_duration_since(Instant::now());
        if wait >= left {
            (self.log)(&format!(
                "{error}; not waiting {:.1} s: only {:.1} s of the time budget are left",
                wait.as_secs_f32(),
                left.as_secs_f32()
            ));
            return false;
        }
        (self.log)(&format!("{error}; attempt {attempt}, waiting {:.1} s", wait.as_secs_f32()));
        std::thread::sleep(wait);
        true
    }

    /// Extends the time budget to at least `time` from now. Publishing needs it after reading used the budget up.
    pub fn grant(&self, time: Duration) {
        self.deadline.set(self.deadline.get().max(Instant::now() + time));
    }

    /// Returns scheme, host and port of the server.
    pub fn host(&self) -> &str {
        self.api.as_str()
    }

    /// Returns the number of requests so far.
    pub fn usage(&self) -> Usage {
        self.usage.get()
    }

    /// Writes a line to the log, without the token.
    pub fn log(&self, line: &str) {
        (self.log)(&self.redact(line));
    }

    /// Returns the absolute URL of an API path.
    fn url(&self, path: &str) -> String {
        format!("{}{}{path}", self.api.as_str(), self.api_path.trim_end_matches('/'))
    }

    /// Reads an absolute URL of the API's own origin.
    fn get_url(&self, url: &str) -> Result<ApiResponse, ApiError> {
        let place = request_label(HttpMethod::Get, url);
        self.repeat(|| {
            self.response(self.exchange(HttpMethod::Get, url, None, self.config.request_timeout)?, &place)
        })
    }

    /// Sends a write once.
    fn write(&self, method: HttpMethod, path: &str, body: Option<&Value>) -> Result<ApiResponse, ApiError> {
        let url = self.url(path);
        self.response(
            self.exchange(method, &url, body, self.config.write_timeout)?,
            &request_label(method, &url),
        )
        .map_err(|error| self.redacted(error))
    }

    fn response(&self, raw: RawResponse, place: &str) -> Result<ApiResponse, ApiError> {
        let json = raw.json(place, Timestamp::now().as_second())?;
        Ok(ApiResponse { status: raw.status, headers: raw.headers, json })
    }

    /// Repeats `attempt` until it succeeds, fails permanently, or the time is up.
    fn repeat<T>(&self, attempt: impl Fn() -> Result<T, ApiError>) -> Result<T, ApiError> {
        let mut attempts = 1;
        loop {
            let error = match attempt() {
                Ok(done) => return Ok(done),
                Err(error) => self.redacted(error),
            };
            if (error.is_too_heavy() && attempts >= 2) || !self.pause(&error, attempts) {
                return Err(error.after(attempts));
            }
            attempts += 1;
        }
    }

    /// Sends one request, and follows redirects within its origin.
    fn exchange(
        &self,
        method: HttpMethod,
        url: &str,
        body: Option<&Value>,
        limit: Duration,
    ) -> Result<RawResponse, ApiError> {
        let mut url = url.to_owned();
        let place = request_label(method, &url);
        for _ in 0..=REDIRECTS {
            let left = self.deadline.get().saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(ApiError::OutOfTime { place });
            }
            let mut usage = self.usage.get();
            usage.requests += 1;
            self.usage.set(usage);
            let sent = Instant::now();
            let answer = self.transport.send(method, &url, body, left.min(limit));
            if self.config.verbose {
                let outcome = answer.as_ref().map_or("no answer".to_owned(), |raw| raw.status.to_string());
                (self.log)(&format!("{place}: {outcome} after {} ms", sent.elapsed().as_millis()));
            }
            let raw = answer
                .map_err(|why| ApiError::Unreachable { place: place.clone(), why: self.redact(&why) })?;
            // A redirect with 301, 302 or 303 turns a write into a read, which would look like a success.
            let follow = match method {
                HttpMethod::Get => matches!(raw.status, 301 | 302 | 303 | 307 | 308),
                HttpMethod::Post | HttpMethod::Patch | HttpMethod::Delete => matches!(raw.status, 307 | 308),
            };
            match raw.headers.get("location") {
                Some(target) if follow => url = self.inside(target, &url, &place)?,
                Some(_) | None => return Ok(raw),
            }
        }
        Err(ApiError::Garbled { place, why: format!("more than {REDIRECTS} redirects in a row") })
    }

    /// Returns a link as an absolute URL.
    ///
    /// # Errors
    /// If the link leads to another origin, where the token must not go.
    fn inside(&self, target: &str, from: &str, place: &str) -> Result<String, ApiError> {
        let outside =
            || ApiError::Redirected { place: place.to_owned(), to: self.redact(&redact_url(target)) };
        let (origin, _) = UrlOrigin::split(from)?;
        // `//host/path` leads to another host.
        if target.starts_with('/') && !target.starts_with("//") {
            return Ok(format!("{}{target}", origin.as_str()));
        }
        match UrlOrigin::split(target) {
            Ok((same, _)) if same == origin => Ok(target.to_owned()),
            Ok(_) | Err(_) => Err(outside()),
        }
    }

    /// Returns the URL of the next page.
    fn next_page(&self, response: &ApiResponse, url: &str) -> Result<Option<String>, ApiError> {
        let next = response.headers.get("link").and_then(|header| url::next_link(header));
        next.map(|target| self.inside(target, url, &request_label(HttpMethod::Get, url))).transpose()
    }

    /// Returns the time to wait before the next attempt.
    fn wait(&self, error: &ApiError, attempt: u32) -> Duration {
        let doubled = |base: Duration| base.saturating_mul(1_u32 << attempt.saturating_sub(1).min(16));
        if let ApiError::RateLimited { wait, limit, .. } = error {
            let spread = self.config.backoff.mul_f64(random());
            return match (wait, limit) {
                (Some(told), _) => *told + spread,
                (None, RateLimit::Secondary) => doubled(self.config.secondary_wait) + spread,
                (None, RateLimit::Primary) => self.config.secondary_wait + spread,
            };
        }
        // Jobs that failed together must not try again together.
        doubled(self.config.backoff).min(LONGEST_BACKOFF).mul_f64(random())
    }

    /// Removes the token from a text, in case the server sent it back.
    fn redact(&self, text: &str) -> String {
        match &self.config.token {
            Some(token) => text.replace(token.expose(), "***"),
            None => text.to_owned(),
        }
    }

    /// Removes the token from the message of an error.
    fn redacted(&self, mut error: ApiError) -> ApiError {
        if let ApiError::Server { message, .. }
        | ApiError::RateLimited { message, .. }
        | ApiError::Unauthorized { message, .. }
        | ApiError::Forbidden { message, .. }
        | ApiError::Refused { message, .. }
        | ApiError::Garbled { why: message, .. }
        | ApiError::Unreachable { why: message, .. } = &mut error
        {
            *message = self.redact(message);
        }
        error
    }
}

/// Returns method and path of a request, without host and query.
fn request_label(method: HttpMethod, url: &str) -> String {
    let path = match UrlOrigin::split(url) {
        Ok((_, rest)) => rest.split('?').next().unwrap_or(rest).to_owned(),
        Err(_) => redact_url(url),
    };
    format!("{} {}", method.name(), if path.is_empty() { "/" } else { &path })
}

/// Returns a number from 0 to 1 that spreads waits; 0.5 if the system has no randomness.
fn random() -> f64 {
    let number = getrandom::u32().unwrap_or(u32::MAX / 2);
    f64::from(number) / f64::from(u32::MAX)
}
