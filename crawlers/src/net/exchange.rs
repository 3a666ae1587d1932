//! The one path of a request on both planes: admit, send, follow, keep cookies, bound, and hand back what came.

use std::sync::Arc;

use bytes::Bytes;
use reqwest::header::{COOKIE, LOCATION, SET_COOKIE};
use reqwest::{StatusCode, Version};
use tokio::time::timeout;
use url::Url;

use super::body::{self, BodyError};
use super::browser;
use super::error::{FetchError, Oversize, Stage};
use super::jar::Jar;
use super::limits::{Limits, RedirectScope};
use super::response::{Hop, Response, Via, host_of};
use super::tls;
use crate::session::LoginForm;

/// A session could not be prepared.
#[derive(Debug, thiserror::Error)]
#[error("the HTTP client could not be built")]
pub struct SessionError(#[from] reqwest::Error);

/// How one plane differs from the other.
pub(super) trait Plane: Send + Sync {
    /// Refuses what this plane must not ask for; called for each address before anything is sent to it.
    fn admit(&self, url: &Url) -> Result<(), FetchError>;
    /// Names an error of the client.
    fn explain(&self, error: reqwest::Error, url: &Url, limits: &Limits) -> FetchError;
    /// The way a response came.
    fn via(&self, response: &reqwest::Response) -> Via;
}

/// A client with the cookies and limits of one source.
pub(super) struct Exchange<P> {
    pub(super) plane: P,
    pub(super) client: reqwest::Client,
    pub(super) jar: Arc<Jar>,
    pub(super) limits: Limits,
}

/// What both planes' clients have in common. Everything reqwest could do by itself is off: redirects, proxies of the
/// environment, decompression, a second version of HTTP.
#[expect(clippy::disallowed_methods, reason = "the one home of HTTP clients: both planes are built on this")]
pub(super) fn client_builder(limits: &Limits) -> reqwest::ClientBuilder {
    super::install_crypto();
    let builder = reqwest::Client::builder();
    let builder = match tls::client_config() {
        Some(config) => builder.tls_backend_preconfigured(config),
        None => builder,
    };
    builder
        .no_proxy()
        .no_gzip()
        .no_brotli()
        .no_deflate()
        .no_zstd()
        .redirect(reqwest::redirect::Policy::none())
        .referer(false)
        .http1_only()
        .http1_title_case_headers()
        .http1_max_headers(limits.max_headers)
        .connect_timeout(limits.connect)
        .default_headers(browser::headers())
}

impl<P: Plane> Exchange<P> {
    /// One fetch, redirects included, within [`Limits::total`].
    pub(super) async fn fetch(&self, url: &Url) -> Result<Response, FetchError> {
        self.in_time(url, self.follow(url, None)).await
    }

    /// One login, redirects included, within [`Limits::total`]. The form goes to its own address and nowhere else: what
    /// follows is asked for without it, and a redirect that asks for it again is a response like any other.
    pub(super) async fn submit(&self, form: &LoginForm) -> Result<Response, FetchError> {
        self.in_time(form.action(), self.follow(form.action(), Some(form))).await
    }

    async fn in_time(
        &self, url: &Url, work: impl Future<Output = Result<Response, FetchError>>,
    ) -> Result<Response, FetchError> {
        match timeout(self.limits.total, work).await {
            Ok(result) => result,
            Err(_) => Err(FetchError::Timeout { host: host_of(url), stage: Stage::Whole, limit: self.limits.total }),
        }
    }

    async fn follow(&self, requested: &Url, mut form: Option<&LoginForm>) -> Result<Response, FetchError> {
        let mut url = requested.clone();
        let mut redirects = Vec::new();
        let mut cookies_refused = 0;
        loop {
            self.plane.admit(&url)?;
            let sent = form.take();
            let response = self.send(&url, sent).await?;
            self.check_headers(&response, &url)?;
            let set = response.headers().get_all(SET_COOKIE);
            cookies_refused += self.jar.keep(set.iter(), &url, &self.limits);
            let again = matches!(response.status(), StatusCode::TEMPORARY_REDIRECT | StatusCode::PERMANENT_REDIRECT);
            let target = if sent.is_some() && again { None } else { redirect_target(&response, &url)? };
            let Some(to) = target else {
                let mut answer = self.receive(response, requested, url).await?;
                answer.redirects = redirects;
                answer.cookies_refused = cookies_refused;
                return Ok(answer);
            };
            self.check_redirect(&url, &to, redirects.len())?;
            let status = response.status().as_u16();
            let from = std::mem::replace(&mut url, to.clone());
            redirects.push(Hop { from, status, to });
        }
    }

    async fn send(&self, url: &Url, form: Option<&LoginForm>) -> Result<reqwest::Response, FetchError> {
        let mut request = match form {
            None => self.client.get(url.clone()),
            Some(form) => browser::submission(self.client.post(url.clone()), form),
        };
        if let Some(cookies) = self.jar.header(url) {
            request = request.header(COOKIE, cookies);
        }
        let sent = request.send().await;
        sent.map_err(|error| self.plane.explain(error, url, &self.limits))
    }

    /// The number of lines was bounded while parsing, and the bytes at some 400 KiB by hyper's buffer.
    fn check_headers(&self, response: &reqwest::Response, url: &Url) -> Result<(), FetchError> {
        let bytes: usize = response.headers().iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
        if bytes <= self.limits.max_header_bytes {
            return Ok(());
        }
        Err(FetchError::TooLarge {
            host: host_of(url),
            what: Oversize::HeaderBytes,
            limit: self.limits.max_header_bytes,
        })
    }

    fn check_redirect(&self, from: &Url, to: &Url, followed: usize) -> Result<(), FetchError> {
        self.plane.admit(to)?;
        let same_host = to.host_str() == from.host_str();
        if !same_host && self.limits.redirect_scope == RedirectScope::SameHost {
            return Err(FetchError::Moved { host: host_of(from), to: host_of(to), url: Box::new(to.clone()) });
        }
        if followed >= self.limits.max_redirects {
            return Err(FetchError::TooManyRedirects { host: host_of(from), limit: self.limits.max_redirects });
        }
        Ok(())
    }

    async fn receive(
        &self, mut response: reqwest::Response, requested: &Url, url: Url,
    ) -> Result<Response, FetchError> {
        let raw_body = body::read(&mut response, self.limits.max_body).await.map_err(|error| match error {
            BodyError::TooLarge => {
                FetchError::TooLarge { host: host_of(&url), what: Oversize::Body, limit: self.limits.max_body }
            }
            BodyError::Broken(error) => self.plane.explain(error, &url, &self.limits),
        })?;
        Ok(Response {
            requested: requested.clone(),
            url,
            redirects: Vec::new(),
            via: self.plane.via(&response),
            version: version_name(response.version()),
            status: response.status().as_u16(),
            reason: reason_of(&response),
            headers: response
                .headers()
                .iter()
                .map(|(name, value)| (name.as_str().to_owned(), value.as_bytes().to_vec()))
                .collect(),
            raw_body,
            cookies_refused: 0,
        })
    }
}

/// Where a response sends us, if it does; a redirect without `Location` is a response like any other.
fn redirect_target(response: &reqwest::Response, from: &Url) -> Result<Option<Url>, FetchError> {
    let follows = matches!(
        response.status(),
        StatusCode::MOVED_PERMANENTLY
            | StatusCode::FOUND
            | StatusCode::SEE_OTHER
            | StatusCode::TEMPORARY_REDIRECT
            | StatusCode::PERMANENT_REDIRECT
    );
    let Some(location) = response.headers().get(LOCATION).filter(|_| follows) else {
        return Ok(None);
    };
    // Servers send UTF-8 here although RFC 9110 asks for ASCII; browsers read it so.
    let location = String::from_utf8_lossy(location.as_bytes());
    match from.join(location.trim()) {
        Ok(to) => Ok(Some(to)),
        Err(error) => Err(FetchError::Protocol {
            host: host_of(from),
            source: format!("its redirect is not a URL: {error}").into(),
        }),
    }
}

fn version_name(version: Version) -> &'static str {
    match version {
        Version::HTTP_10 => "HTTP/1.0",
        _ => "HTTP/1.1",
    }
}

/// The phrase as received where it is not the usual one, which the client does not keep.
fn reason_of(response: &reqwest::Response) -> Bytes {
    match response.extensions().get::<hyper::ext::ReasonPhrase>() {
        Some(phrase) => Bytes::copy_from_slice(phrase.as_bytes()),
        None => {
            let usual = response.status().canonical_reason().unwrap_or_default();
            Bytes::from_static(usual.as_bytes())
        }
    }
}
