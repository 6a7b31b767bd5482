//! A local server for tests: it answers as told and keeps what it was asked.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use serde_json::{Value, json};
use wiremock::matchers::{body_string_contains, method, path};
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

use super::{AccessToken, Client, Config};

/// The token that tests look for where it must not be.
pub(crate) const TOKEN: &str = "ghs_0123456789abcdefSECRET";

/// A local server and the client that asks it.
pub(crate) struct Fake {
    runtime: tokio::runtime::Runtime,
    server: MockServer,
    /// Lines that the client logged.
    pub(crate) log: Rc<RefCell<Vec<String>>>,
}

impl Fake {
    /// A server that answers 404 to everything.
    pub(crate) fn start() -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let server = runtime.block_on(MockServer::start());
        Self { runtime, server, log: Rc::default() }
    }

    /// The server's address.
    pub(crate) fn url(&self) -> String {
        self.server.uri()
    }

    /// Settings with waits short enough for tests.
    pub(crate) fn config(&self) -> Config {
        Config {
            backoff: Duration::from_millis(2),
            secondary_wait: Duration::from_millis(4),
            budget: Duration::from_secs(20),
            attempts: 4,
            ..Config::new(&self.url(), None, Some(AccessToken::new(TOKEN).unwrap()))
        }
    }

    /// A client for this server.
    pub(crate) fn client(&self) -> Client {
        self.client_with(self.config())
    }

    /// A client for this server, with other settings.
    pub(crate) fn client_with(&self, config: Config) -> Client {
        let log = Rc::clone(&self.log);
        Client::new(config, Box::new(move |line| log.borrow_mut().push(line.to_owned()))).unwrap()
    }

    /// Adds an answer; earlier ones come first.
    pub(crate) fn mount(&self, mock: Mock) {
        self.runtime.block_on(mock.mount(&self.server));
    }

    /// Answers a method and path with JSON.
    pub(crate) fn on(&self, verb: &str, at: &str, status: u16, body: &Value) {
        self.mount(
            Mock::given(method(verb))
                .and(path(at))
                .respond_with(ResponseTemplate::new(status).set_body_json(body)),
        );
    }

    /// The same, so many times; then the next answer for it holds.
    pub(crate) fn times(&self, times: u64, verb: &str, at: &str, answer: ResponseTemplate) {
        let mock = Mock::given(method(verb)).and(path(at)).respond_with(answer);
        self.mount(mock.up_to_n_times(times));
    }

    /// Answers GraphQL documents that contain `part` with `data`.
    pub(crate) fn graphql(&self, part: &str, data: &Value) {
        self.graphql_answer(part, &json!({ "data": data }));
    }

    /// Answers GraphQL documents that contain `part` with a whole answer.
    pub(crate) fn graphql_answer(&self, part: &str, answer: &Value) {
        self.mount(
            Mock::given(method("POST"))
                .and(path("/graphql"))
                .and(body_string_contains(part))
                .respond_with(ResponseTemplate::new(200).set_body_json(answer)),
        );
    }

    /// Everything that was asked, in order.
    pub(crate) fn requests(&self) -> Vec<Request> {
        self.runtime.block_on(self.server.received_requests()).unwrap()
    }

    /// Method and path of everything that was asked, GraphQL left out.
    pub(crate) fn rest(&self) -> Vec<String> {
        let line = |request: &Request| format!("{} {}", request.method, request.url.path());
        self.requests().iter().map(line).filter(|line| !line.ends_with("/graphql")).collect()
    }
}
