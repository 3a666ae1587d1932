//! The clear plane: names resolved here, addresses checked before each connection.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use url::{Host, Url};

use super::address::ClearPolicy;
use super::classify::classify;
use super::error::FetchError;
use super::exchange::{Exchange, Plane, SessionError, client_builder};
use super::fetch::Fetch;
use super::jar::Jar;
use super::limits::Limits;
use super::plane_url::{ClearUrl, UrlError};
use super::resolve::{CheckedResolver, Lookup, SystemLookup};
use super::response::{Response, Via, host_of};
use super::source_id::SourceId;
use crate::session::LoginForm;

/// The clear net, public addresses only. Holds the cookies of its sources.
pub struct ClearPlane {
    policy: Arc<ClearPolicy>,
    lookup: Arc<dyn Lookup>,
    jars: Mutex<HashMap<SourceId, Arc<Jar>>>,
}

impl ClearPlane {
    /// A plane that reaches public addresses and those the policy names.
    pub fn new(policy: ClearPolicy) -> Self {
        Self::with_lookup(policy, Arc::new(SystemLookup))
    }

    pub(super) fn with_lookup(policy: ClearPolicy, lookup: Arc<dyn Lookup>) -> Self {
        Self { policy: Arc::new(policy), lookup, jars: Mutex::default() }
    }

    /// A session for one source. Sessions of the same source share its cookies; connections live as long as the session.
    ///
    /// # Errors
    /// [`SessionError`] if the TLS client cannot be set up.
    pub fn session(&self, source: &SourceId, limits: Limits) -> Result<ClearSession, SessionError> {
        let client = client_builder(&limits)
            .dns_resolver(CheckedResolver { lookup: Arc::clone(&self.lookup), policy: Arc::clone(&self.policy) })
            .build()?;
        let mut jars = self.jars.lock().unwrap_or_else(PoisonError::into_inner);
        let jar = Arc::clone(jars.entry(source.clone()).or_default());
        Ok(ClearSession(Exchange { plane: ClearRules(Arc::clone(&self.policy)), client, jar, limits }))
    }

    /// A client for notices to webhooks: the same guarded resolver, no redirects, no cookies, and nothing that looks like
    /// a browser. Addresses written as numbers never reach the resolver; the caller checks them by [`ClearPolicy::allows`].
    ///
    /// # Errors
    /// [`SessionError`] if the TLS client cannot be set up.
    #[expect(clippy::disallowed_methods, reason = "one of the two homes of clients: this one sends notices")]
    pub fn webhook_client(&self) -> Result<reqwest::Client, SessionError> {
        super::install_crypto();
        let resolver = CheckedResolver { lookup: Arc::clone(&self.lookup), policy: Arc::clone(&self.policy) };
        let builder = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none());
        Ok(builder.user_agent("nightheron").dns_resolver(resolver).build()?)
    }

    /// Drops the cookies of a source that is no longer watched.
    pub fn forget(&self, source: &SourceId) {
        let mut jars = self.jars.lock().unwrap_or_else(PoisonError::into_inner);
        jars.remove(source);
    }
}

/// What one source does on the clear net.
pub struct ClearSession(Exchange<ClearRules>);

impl ClearSession {
    /// Gets a page.
    ///
    /// # Errors
    /// As [`Fetch::fetch`].
    pub async fn get(&self, url: &ClearUrl) -> Result<Response, FetchError> {
        self.0.fetch(url.as_url()).await
    }

    /// Gives the source a cookie, in the form of `Set-Cookie`, as if this page had set it; false when it is malformed, not for
    /// this page, or beyond the limits.
    pub fn add_cookie(&self, url: &ClearUrl, cookie: &str) -> bool {
        self.0.jar.add(cookie, url.as_url(), &self.0.limits)
    }

    /// Forgets the source's cookies.
    pub fn clear_cookies(&self) {
        self.0.jar.clear();
    }
}

#[async_trait]
impl Fetch for ClearSession {
    fn admits(&self, url: &Url) -> Result<(), UrlError> {
        ClearUrl::try_from(url.clone()).map(drop)
    }

    async fn fetch(&self, url: &Url) -> Result<Response, FetchError> {
        self.0.fetch(url).await
    }

    async fn submit(&self, form: &LoginForm) -> Result<Response, FetchError> {
        self.0.submit(form).await
    }

    fn jar(&self) -> &Jar {
        &self.0.jar
    }

    fn limits(&self) -> &Limits {
        &self.0.limits
    }
}

struct ClearRules(Arc<ClearPolicy>);

impl Plane for ClearRules {
    /// Addresses written as numbers never reach the resolver, so they are checked here.
    fn admit(&self, url: &Url) -> Result<(), FetchError> {
        ClearUrl::try_from(url.clone())?;
        let address: IpAddr = match url.host() {
            Some(Host::Ipv4(v4)) => v4.into(),
            Some(Host::Ipv6(v6)) => v6.into(),
            _ => return Ok(()),
        };
        if self.0.allows(address) {
            return Ok(());
        }
        Err(FetchError::PrivateAddress { host: host_of(url), address })
    }

    fn explain(&self, error: reqwest::Error, url: &Url, limits: &Limits) -> FetchError {
        classify(error, url, limits)
    }

    fn via(&self, response: &reqwest::Response) -> Via {
        Via::Clear(response.remote_addr())
    }
}
