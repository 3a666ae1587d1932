//! What one source does through Tor.

use std::sync::Arc;

use async_trait::async_trait;
use tokio::sync::watch;
use tokio::time::timeout;
use url::Url;

use super::bootstrap::Phase;
use super::failure::chain;
use super::sources::{Connection, OnionSource};
use crate::net::classify::classify;
use crate::net::error::FetchError;
use crate::net::exchange::{Exchange, Plane};
use crate::net::fetch::Fetch;
use crate::net::jar::Jar;
use crate::net::limits::Limits;
use crate::net::plane_url::{OnionUrl, UrlError};
use crate::net::response::{Response, Via, host_of};
use crate::session::LoginForm;

/// What one source does on the onion network.
pub struct OnionSession {
    exchange: Exchange<OnionRules>,
    phase: watch::Receiver<Phase>,
}

impl OnionSession {
    pub(super) fn new(exchange: Exchange<OnionRules>, phase: watch::Receiver<Phase>) -> Self {
        Self { exchange, phase }
    }

    /// Gets a page. Until Tor has been up once, waits for it as long as [`Limits::connect`] allows.
    ///
    /// # Errors
    /// As [`Fetch::fetch`].
    pub async fn get(&self, url: &OnionUrl) -> Result<Response, FetchError> {
        self.ready(url.as_url()).await?;
        self.exchange.fetch(url.as_url()).await
    }

    /// Gives the source a cookie, in the form of `Set-Cookie`, as if this page had set it; false when it is malformed, not for
    /// this page, or beyond the limits.
    pub fn add_cookie(&self, url: &OnionUrl, cookie: &str) -> bool {
        let limits = &self.exchange.limits;
        self.exchange.jar.add(cookie, url.as_url(), limits)
    }

    /// Forgets the source's cookies.
    pub fn clear_cookies(&self) {
        self.exchange.jar.clear();
    }

    async fn ready(&self, url: &Url) -> Result<(), FetchError> {
        let mut phase = self.phase.clone();
        let limits = &self.exchange.limits;
        let patience = limits.connect.min(limits.total);
        let up = timeout(patience, phase.wait_for(|phase| phase.was_ready)).await;
        let detail = match up {
            Ok(Ok(_)) => return Ok(()),
            Ok(Err(_)) => "the Tor plane has ended".to_owned(),
            Err(_) => self.phase.borrow().status().detail,
        };
        Err(FetchError::TorNotReady { host: host_of(url), detail })
    }
}

#[async_trait]
impl Fetch for OnionSession {
    fn admits(&self, url: &Url) -> Result<(), UrlError> {
        OnionUrl::try_from(url.clone()).map(drop)
    }

    async fn fetch(&self, url: &Url) -> Result<Response, FetchError> {
        let url = OnionUrl::try_from(url.clone())?;
        self.get(&url).await
    }

    async fn submit(&self, form: &LoginForm) -> Result<Response, FetchError> {
        OnionUrl::try_from(form.action().clone())?;
        self.ready(form.action()).await?;
        self.exchange.submit(form).await
    }

    fn jar(&self) -> &Jar {
        &self.exchange.jar
    }

    fn limits(&self) -> &Limits {
        &self.exchange.limits
    }
}

/// The Tor plane's side of an exchange.
pub(super) struct OnionRules {
    source: Arc<OnionSource>,
}

impl OnionRules {
    pub(super) fn new(source: Arc<OnionSource>) -> Self {
        Self { source }
    }

    fn newest(&self, url: &Url) -> Option<Connection> {
        let port = url.port_or_known_default()?;
        self.source.newest(url.host_str()?, port)
    }
}

impl Plane for OnionRules {
    fn admit(&self, url: &Url) -> Result<(), FetchError> {
        Ok(OnionUrl::try_from(url.clone()).map(drop)?)
    }

    /// The client saw a number or a cut connection; what Tor said about it is asked for beside.
    fn explain(&self, error: reqwest::Error, url: &Url, limits: &Limits) -> FetchError {
        let connecting = error.is_connect();
        let error = classify(error, url, limits);
        let broke = matches!(error, FetchError::ConnectionLost { .. });
        match self.newest(url) {
            Some(Connection::Failed(failure)) if connecting || broke => failure.into_fetch_error(host_of(url), limits),
            None if connecting && !matches!(error, FetchError::Timeout { .. }) => FetchError::TorNotReady {
                host: host_of(url),
                detail: format!("its listener in this process did not serve: {}", chain(&error)),
            },
            _ => error,
        }
    }

    fn via(&self, _response: &reqwest::Response) -> Via {
        Via::Tor
    }
}
