//! Signing in and out, and the choice of language.

use askama::Template;
use axum::Extension;
use axum::extract::{Form, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use jiff::SignedDuration;
use serde::Deserialize;

use super::{Page, show};
use crate::store::model::{AuditEntry, User};
use crate::web::auth;
use crate::web::error::PageError;
use crate::web::guard::{Ctx, Reader, language_cookie, session_cookie, set_cookie, token_hash};
use crate::web::i18n::Lang;
use crate::web::state::App;
use crate::web::view::Frame;

#[derive(Template)]
#[template(path = "login.html", config = "src/web/askama.toml")]
struct LoginPage {
    f: Frame,
    error: Option<&'static str>,
    name: String,
}

/// The form of a sign-in.
#[derive(Deserialize)]
pub(crate) struct Credentials {
    name: String,
    password: String,
}

/// `GET /login`
pub(crate) async fn form(Extension(ctx): Reader) -> Page {
    if ctx.user.is_some() {
        return Ok(Redirect::to("/").into_response());
    }
    show(&LoginPage { f: Frame::new(&ctx, "login"), error: None, name: String::new() })
}

/// `POST /login`
pub(crate) async fn enter(
    State(app): State<App>, Extension(ctx): Reader, Form(credentials): Form<Credentials>,
) -> Page {
    let now = app.now();
    let name: String = credentials.name.trim().chars().take(100).collect();
    if app.attempts.refused(&name, now) {
        return refuse(&app, &ctx, name, StatusCode::TOO_MANY_REQUESTS, ctx.lang.t("login.locked")).await;
    }
    app.attempts.begin(&name, now);
    let user = app.store().user(&name).await?;
    let hash = user.as_ref().map(|user| user.password_hash.clone());
    let _permit = app.hashing.acquire().await.map_err(|_| PageError::Internal)?;
    let password = credentials.password;
    let right = tokio::task::spawn_blocking(move || auth::verify(&password, hash.as_deref()))
        .await
        .map_err(|_| PageError::Internal)?;
    match user.filter(|_| right) {
        Some(user) => open(&app, &ctx, &user).await,
        None => refuse(&app, &ctx, name, StatusCode::UNAUTHORIZED, ctx.lang.t("login.wrong")).await,
    }
}

async fn open(app: &App, ctx: &Ctx, user: &User) -> Page {
    let (token, csrf, now) = (app.token(), app.token(), app.now());
    app.attempts.succeeded(&user.name);
    record(app, &user.name, "login").await?;
    let hours = app.web.session_hours.clamp(1, 24 * 31);
    let ends = now.saturating_add(SignedDuration::from_hours(hours)).unwrap_or(now);
    if let Some(old) = &ctx.session {
        app.store().end_session(old).await?;
    }
    app.store().add_session(&token_hash(&token), user.id, &csrf, ends).await?;
    let cookie = set_cookie(app, session_cookie(app), &token, hours * 3600);
    Ok(([(header::SET_COOKIE, cookie)], Redirect::to("/")).into_response())
}

async fn refuse(app: &App, ctx: &Ctx, name: String, status: StatusCode, error: &'static str) -> Page {
    record(app, &name, "login.refused").await?;
    let page = LoginPage { f: Frame::new(ctx, "login"), error: Some(error), name };
    Ok((status, show(&page)?).into_response())
}

async fn record(app: &App, name: &str, action: &str) -> Result<(), PageError> {
    let entry = AuditEntry { at: app.now(), user: name.into(), action: action.into(), object: String::new() };
    Ok(app.store().record(&entry).await?)
}

/// `POST /logout`
pub(crate) async fn leave(State(app): State<App>, Extension(ctx): Reader) -> Page {
    if let Some(session) = &ctx.session {
        app.store().end_session(session).await?;
        ctx.audit(&app, "logout", "").await?;
    }
    let cookie = set_cookie(&app, session_cookie(&app), "", 0);
    Ok(([(header::SET_COOKIE, cookie)], Redirect::to("/login")).into_response())
}

/// The form of a change of language.
#[derive(Deserialize)]
pub(crate) struct Choice {
    lang: String,
    next: String,
}

/// `POST /language`
pub(crate) async fn language(State(app): State<App>, Extension(ctx): Reader, Form(choice): Form<Choice>) -> Page {
    let lang = Lang::of(&choice.lang).ok_or(PageError::BadRequest)?;
    if let Some(user) = &ctx.user {
        app.store().set_user_language(user.id, lang.tag()).await?;
    }
    let back: Response = Redirect::to(own_path(&choice.next)).into_response();
    Ok(([(header::SET_COOKIE, language_cookie(&app, lang))], back).into_response())
}

/// A path of these pages; the first page for anything that could lead elsewhere.
fn own_path(path: &str) -> &str {
    let own =
        path.starts_with('/') && !path.starts_with("//") && path.bytes().all(|b| b.is_ascii_graphic() && b != b'\\');
    if own { path } else { "/" }
}
