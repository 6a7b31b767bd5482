//! One request and its response, with octocrab. No retries, no redirects.

use std::error::Error as _;
use std::time::Duration;

use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use hyper_util::client::legacy::connect::{Connect, HttpConnector};
use octocrab::Octocrab;
use octocrab::service::middleware::auth_header::AuthHeaderLayer;
use octocrab::service::middleware::base_uri::BaseUriLayer;
use octocrab::service::middleware::extra_headers::ExtraHeadersLayer;
use serde_json::Value;

use super::answer::{Headers, RawResponse};
use super::config::{Config, UrlOrigin, redact_url};
use super::error::ApiError;
use super::proxy;

/// Largest response, in bytes. GitHub sends a few MiB at most.
const MOST_BYTES: usize = 64 << 20;

/// HTTP methods in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum HttpMethod {
    Get,
    /// Create, or send a GraphQL query.
    Post,
    Patch,
    Delete,
}

impl HttpMethod {
    /// Returns the name in a request.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}

/// Connections to the configured origins. The token goes to no other origin.
pub(super) struct Transport {
    runtime: tokio::runtime::Runtime,
    octocrab: Octocrab,
}

impl Transport {
    /// Sets up the connections; nothing is sent yet.
    ///
    /// # Errors
    /// If the system has no certificates and an address needs them.
    pub(super) fn new(config: &Config, api: &UrlOrigin, graphql: &UrlOrigin) -> Result<Self, ApiError> {
        let setup = |why: String| ApiError::Setup { host: redact_url(&config.api_url), why };
        // There is one request at a time, which needs no further thread.
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|why| setup(why.to_string()))?;
        let guard = runtime.enter();
        let octocrab = match proxy::connector(config, [api, graphql]).map_err(setup)? {
            Some(connector) => octocrab_over(connector, config, api, graphql).map_err(setup)?,
            None => match octocrab_over_tls(config, api, graphql) {
                Ok(octocrab) => octocrab,
                // Without https, missing certificates do not matter.
                Err(_) if api.is_plain() && graphql.is_plain() => {
                    octocrab_over(HttpConnector::new(), config, api, graphql).map_err(setup)?
                }
                Err(why) => return Err(setup(why)),
            },
        };
        drop(guard);
        Ok(Self { runtime, octocrab })
    }

    /// Sends one request to an absolute URL and reads the whole response within `limit`.
    ///
    /// # Errors
    /// The reason why no complete response came.
    pub(super) fn send(
        &self,
        method: HttpMethod,
        url: &str,
        body: Option<&Value>,
        limit: Duration,
    ) -> Result<RawResponse, String> {
        let exchange = async {
            let response = match method {
                HttpMethod::Get => self.octocrab._get(url).await,
                HttpMethod::Post => self.octocrab._post(url, body).await,
                HttpMethod::Patch => self.octocrab._patch(url, body).await,
                HttpMethod::Delete => self.octocrab._delete(url, body).await,
            }
            .map_err(|why| innermost_reasons(&why))?;
            let status = response.status().as_u16();
            let headers: Headers = response
                .headers()
                .iter()
                .map(|(name, value)| {
                    (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned())
                })
                .collect();
            let body = Limited::new(response.into_body(), MOST_BYTES).collect().await;
            let body = body.map_err(|why| match why.downcast_ref::<LengthLimitError>() {
                Some(_) => format!("the answer is larger than {} MiB", MOST_BYTES >> 20),
                None => why
                    .downcast::<octocrab::Error>()
                    .map_or_else(|why| why.to_string(), |why| innermost_reasons(&why)),
            })?;
            let body = String::from_utf8(body.to_bytes().into()).map_err(|_| "the answer is not UTF-8")?;
            Ok(RawResponse { status, headers, body })
        };
        self.runtime.block_on(async {
            tokio::time::timeout(limit, exchange)
                .await
                .unwrap_or_else(|_| Err(format!("no answer within {} s", limit.as_secs_f32().ceil())))
        })
    }
}

/// Creates the usual client, with the system's certificates.
fn octocrab_over_tls(config: &Config, api: &UrlOrigin, graphql: &UrlOrigin) -> Result<Octocrab, String> {
    // The token goes to the base and to the "upload" origin: the second stands for GraphQL, which may be elsewhere.
    // Neither has a path, or octocrab would put `/api/v3` before `/api/graphql`.
    let mut builder = Octocrab::builder()
        .base_uri(api.as_str())
        .and_then(|builder| builder.upload_uri(graphql.as_str()))
        .map_err(|why| innermost_reasons(&why))?
        .set_connect_timeout(Some(config.connect_timeout))
        .set_read_timeout(Some(config.request_timeout.max(config.write_timeout)))
        .set_write_timeout(Some(config.request_timeout.max(config.write_timeout)));
    if let Some(token) = &config.token {
        builder = builder.personal_token(token.expose());
    }
    builder.build().map_err(|why| innermost_reasons(&why))
}

/// Creates a client with another connector: http without certificates, or through a proxy.
fn octocrab_over<C>(
    connector: C,
    config: &Config,
    api: &UrlOrigin,
    graphql: &UrlOrigin,
) -> Result<Octocrab, String>
where
    C: Connect + Clone + Send + Sync + 'static,
{
    let parse =
        |origin: &UrlOrigin| origin.as_str().parse().map_err(|_| "the address is not a URL".to_owned());
    let authorization = match &config.token {
        Some(token) => Some(
            format!("Bearer {}", token.expose())
                .parse()
                .map_err(|_| "the token does not fit into a header".to_owned())?,
        ),
        None => None,
    };
    // GitHub refuses requests without a user agent.
    let agent = ("user-agent".parse(), "octocrab".parse());
    let (Ok(name), Ok(value)) = agent else {
        return Err("the user agent does not fit into a header".to_owned());
    };
    let http =
        hyper_util::client::legacy::Client::builder(hyper_util::rt::TokioExecutor::new()).build(connector);
    let built = octocrab::OctocrabBuilder::new_empty()
        .with_service(http)
        .with_layer(&ExtraHeadersLayer::new(std::sync::Arc::new(vec![(name, value)])))
        .with_layer(&BaseUriLayer::new(parse(api)?))
        .with_layer(&AuthHeaderLayer::new(authorization, parse(api)?, parse(graphql)?))
        .with_auth(octocrab::AuthState::None)
        .build();
    built.map_err(|never| match never {})
}

/// Returns the causes of a failure, without octocrab's own wrapper.
fn innermost_reasons(error: &octocrab::Error) -> String {
    let mut words: Vec<String> = Vec::new();
    let mut next = error.source();
    while let Some(cause) = next {
        let text = cause.to_string();
        if words.last().is_none_or(|last| !last.ends_with(&text)) {
            words.push(text);
        }
        next = cause.source();
    }
    if words.is_empty() { error.to_string() } else { words.join(": ") }
}
