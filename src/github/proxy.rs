//! Connections through a proxy: an encrypted tunnel.

use std::error::Error as _;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use http::Uri;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::proxy::Tunnel;
use hyper_util::client::proxy::matcher::Matcher;
use tower_service::Service;

use super::config::{Config, UrlOrigin};

/// An open connection.
type Connected = <HttpConnector as Service<Uri>>::Response;

type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// Connects through the proxy of the host, or directly if the host has none.
#[derive(Clone)]
pub(super) struct Route {
    direct: HttpConnector,
    proxies: Arc<Matcher>,
}

/// Returns a TLS connector with the system's certificates or those of `SSL_CERT_FILE`. `None` if no proxy is for any of
/// these origins.
///
/// # Errors
/// If the proxy's address is not usable, or there are no certificates.
pub(super) fn connector(
    config: &Config,
    origins: [&UrlOrigin; 2],
) -> Result<Option<HttpsConnector<Route>>, String> {
    let Some(proxy) = &config.proxy else { return Ok(None) };
    let (name, proxy) = (proxy, proxy.expose());
    // Other programs also treat an address without a scheme as http.
    let scheme = proxy.split_once("://").map_or("http", |(scheme, _)| scheme);
    if !scheme.eq_ignore_ascii_case("http") {
        return Err(format!(
            "the proxy `{name}` (HTTPS_PROXY) is not reached by http, which alone is supported"
        ));
    }
    let proxies = Matcher::builder().https(proxy).no(config.no_proxy.as_str()).build();
    // The matcher ignores an invalid address, which would mean no proxy at all.
    let known = Matcher::builder().https(proxy).build();
    if known.intercept(&Uri::from_static("https://api.github.com")).is_none() {
        return Err(format!("the proxy `{name}` (HTTPS_PROXY) is not an address"));
    }
    let stands_before = |origin: &&UrlOrigin| {
        origin.as_str().parse::<Uri>().is_ok_and(|uri| proxies.intercept(&uri).is_some())
    };
    if !origins.iter().any(stands_before) {
        return Ok(None);
    }
    let mut direct = HttpConnector::new();
    // By default, this connector refuses https addresses; TLS is added above it.
    direct.enforce_http(false);
    direct.set_connect_timeout(Some(config.connect_timeout));
    let tls = HttpsConnectorBuilder::new().with_native_roots().map_err(|error| error.to_string())?;
    let route = Route { direct, proxies: Arc::new(proxies) };
    Ok(Some(tls.https_or_http().enable_http1().wrap_connector(route)))
}

impl Service<Uri> for Route {
    type Response = Connected;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Connected, BoxError>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.direct.poll_ready(context).map_err(Into::into)
    }

    fn call(&mut self, to: Uri) -> Self::Future {
        let Some(proxy) = self.proxies.intercept(&to) else {
            let connecting = self.direct.call(to);
            return Box::pin(async { connecting.await.map_err(Into::into) });
        };
        let mut tunnel = Tunnel::new(proxy.uri().clone(), self.direct.clone());
        if let Some(credentials) = proxy.basic_auth() {
            tunnel = tunnel.with_auth(credentials.clone());
        }
        let connecting = tunnel.call(to);
        Box::pin(async {
            connecting.await.map_err(|error| {
                let cause = error.source().map(|cause| format!(": {cause}")).unwrap_or_default();
                format!("the proxy (HTTPS_PROXY): {error}{cause}").into()
            })
        })
    }
}
