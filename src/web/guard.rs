//! Before every page: who is it, in which language, and was the form ours. After it: errors in plain words.

use axum::Extension;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use sha2::{Digest, Sha256};

use super::csrf;
use super::error::{ErrorKey, PageError, key_of};
use super::i18n::Lang;
use super::pages;
use super::state::App;
use crate::store::model::{AuditEntry, Role, User};

/// Largest form, in bytes.
pub(crate) const MAX_FORM: usize = 64 * 1024;
/// Cookie of the language chosen before signing in.
const LANG_COOKIE: &str = "nightheron-lang";

/// What is known of a request.
#[derive(Debug, Clone)]
pub(crate) struct Ctx {
    pub(crate) lang: Lang,
    /// `None` before signing in.
    pub(crate) user: Option<User>,
    /// What this reader's forms must carry.
    pub(crate) csrf: String,
    /// Hash of the session's token.
    pub(crate) session: Option<String>,
    /// Path and query, for the way back.
    pub(crate) path: String,
}

/// What every page takes from the guard.
pub(crate) type Reader = Extension<Ctx>;

impl Ctx {
    /// The reader's name; empty before signing in.
    pub(crate) fn name(&self) -> &str {
        self.user.as_ref().map_or("", |user| &user.name)
    }

    pub(crate) fn is_admin(&self) -> bool {
        self.user.as_ref().is_some_and(|user| user.role == Role::Admin)
    }

    pub(crate) fn admin(&self) -> Result<(), PageError> {
        if self.is_admin() { Ok(()) } else { Err(PageError::Forbidden) }
    }

    /// Adds a line to the record; what cannot be recorded is not done.
    pub(crate) async fn audit(&self, app: &App, action: &str, object: &str) -> Result<(), PageError> {
        let entry =
            AuditEntry { at: app.now(), user: self.name().into(), action: action.into(), object: object.into() };
        Ok(app.store().record(&entry).await?)
    }
}

/// Name of the session's cookie; the prefix makes browsers refuse it without TLS, from subdomains and other paths.
pub(crate) fn session_cookie(app: &App) -> &'static str {
    if app.web.secure_cookies { "__Host-nightheron" } else { "nightheron" }
}

fn login_cookie(app: &App) -> &'static str {
    if app.web.secure_cookies { "__Host-nightheron-login" } else { "nightheron-login" }
}

/// A `Set-Cookie` value; `max_age` in seconds.
pub(crate) fn set_cookie(app: &App, name: &str, value: &str, max_age: i64) -> HeaderValue {
    let secure = if app.web.secure_cookies { "; Secure" } else { "" };
    let text = format!("{name}={value}; Path=/; HttpOnly; SameSite=Strict; Max-Age={max_age}{secure}");
    HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static(""))
}

/// The cookie that keeps the language of somebody who has not signed in.
pub(crate) fn language_cookie(app: &App, lang: Lang) -> HeaderValue {
    set_cookie(app, LANG_COOKIE, lang.tag(), 365 * 24 * 3600)
}

fn cookie<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let all = headers.get_all(header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    all.flat_map(|line| line.split(';')).find_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('='))
}

fn language(headers: &HeaderMap) -> Lang {
    cookie(headers, LANG_COOKIE).and_then(Lang::of).unwrap_or_else(|| Lang::accepted(headers))
}

/// The stored form of a session's secret.
pub(crate) fn token_hash(token: &str) -> String {
    hex::encode(Sha256::digest(token))
}

/// Signs the reader in, refuses foreign forms, and lets pages be seen by those signed in alone.
pub(crate) async fn guard(State(app): State<App>, request: Request, next: Next) -> Response {
    let (ctx, fresh) = match identify(&app, request.headers(), request.uri()).await {
        Ok(found) => found,
        Err(error) => return error.into_response(),
    };
    let open = matches!(request.uri().path(), "/login" | "/language");
    if ctx.user.is_none() && !open {
        return Redirect::to("/login").into_response();
    }
    let mut response = match checked(request, &ctx).await {
        Ok(mut request) => {
            request.extensions_mut().insert(ctx.clone());
            next.run(request).await
        }
        Err(error) => error.into_response(),
    };
    if fresh {
        response.headers_mut().append(header::SET_COOKIE, set_cookie(&app, login_cookie(&app), &ctx.csrf, 3600));
    }
    response.extensions_mut().insert(ctx);
    response
}

/// The reader, and whether the token of the form to sign in was made just now.
async fn identify(app: &App, headers: &HeaderMap, uri: &Uri) -> Result<(Ctx, bool), PageError> {
    let path = uri.path_and_query().map_or("/", |path| path.as_str()).to_owned();
    if let Some(token) = cookie(headers, session_cookie(app)) {
        let hash = token_hash(token);
        if let Some(session) = app.store().session(&hash, app.now()).await? {
            let lang = Lang::of(&session.user.language).unwrap_or(Lang::Zh);
            return Ok((Ctx { lang, user: Some(session.user), csrf: session.csrf, session: Some(hash), path }, false));
        }
    }
    let known =
        cookie(headers, login_cookie(app)).filter(|t| t.len() == 64 && t.bytes().all(|b| b.is_ascii_hexdigit()));
    let csrf = known.map_or_else(|| app.token(), str::to_owned);
    Ok((Ctx { lang: language(headers), user: None, csrf, session: None, path }, known.is_none()))
}

/// The request again, when its form is ours.
async fn checked(request: Request, ctx: &Ctx) -> Result<Request, PageError> {
    if !csrf::is_unsafe(request.method()) {
        return Ok(request);
    }
    if csrf::from_elsewhere(request.headers()) {
        return Err(PageError::Csrf);
    }
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, MAX_FORM).await.map_err(|_| PageError::TooLarge)?;
    if !csrf::token_of(&body).is_some_and(|given| csrf::matches(&ctx.csrf, &given)) {
        return Err(PageError::Csrf);
    }
    Ok(Request::from_parts(parts, Body::from(body)))
}

/// Gives every error a page in the reader's language; one that is told as JSON is for a program.
pub(crate) async fn dress(request: Request, next: Next) -> Response {
    let lang = language(request.headers());
    let bare = matches!(request.uri().path(), "/healthz");
    let response = next.run(request).await;
    let status = response.status();
    if bare || !(status.is_client_error() || status.is_server_error()) || is_told(&response) {
        return response;
    }
    let key = response.extensions().get::<ErrorKey>().map_or(key_of(status), |key| key.0);
    let ctx = response.extensions().get::<Ctx>().cloned();
    let mut dressed = pages::error_page(ctx, lang, status, key);
    for cookie in response.headers().get_all(header::SET_COOKIE) {
        dressed.headers_mut().append(header::SET_COOKIE, cookie.clone());
    }
    dressed
}

fn is_told(response: &Response) -> bool {
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    kind.is_some_and(|kind| kind.starts_with("text/html") || kind.starts_with("application/json"))
}

/// What a form began is brought to its end, also when its sender has gone or waits no longer: a change of several steps
/// is never dropped between two of them.
pub(crate) async fn to_its_end(request: Request, next: Next) -> Response {
    if request.method() != Method::POST {
        return next.run(request).await;
    }
    match tokio::spawn(next.run(request)).await {
        Ok(response) => response,
        Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
        Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

/// A panic in a page: logged, and answered like any other failure.
pub(crate) fn panicked(_: Box<dyn std::any::Any + Send>) -> Response {
    tracing::error!("a page panicked");
    StatusCode::INTERNAL_SERVER_ERROR.into_response()
}
