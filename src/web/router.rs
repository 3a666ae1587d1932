//! Which address leads to which page, and what every request passes on the way.

use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::timeout::TimeoutLayer;

use super::guard::{MAX_FORM, dress, guard, panicked, to_its_end};
use super::headers::secure;
use super::pages::{
    audit, definition, findings, login, look_back, members, notices, overview, post as posts, repair, search, source,
    source_moves, term, term_files, term_trial, terms,
};
use super::state::{App, WebState};

/// Longest that a page may take.
const TIMEOUT: Duration = Duration::from_secs(30);

/// All pages of the service.
pub fn router(state: WebState) -> Router {
    let app = App::new(state);
    let pages = Router::new()
        .route("/", get(overview::page))
        .route("/sources/visit", post(overview::visit))
        .route("/sources/{id}", get(source::page))
        .route("/sources/{id}/cookies", post(source::cookies))
        .route("/sources/{id}/moves/{move}/approve", post(source_moves::approve))
        .route("/sources/{id}/moves/{move}/dismiss", post(source_moves::dismiss))
        .route("/sources/{id}/definition", get(definition::page).post(definition::save))
        .route("/sources/{id}/definition/preview", post(definition::preview))
        .route("/sources/{id}/definition/back", post(definition::back))
        .route("/sources/{id}/definition/reread", post(definition::reread))
        .route("/sources/{id}/repair", get(repair::page).post(repair::accept))
        .route("/findings", get(findings::list))
        .route("/findings/{id}", get(findings::one))
        .route("/findings/{id}/confirm", post(findings::confirm))
        .route("/findings/{id}/dismiss", post(findings::dismiss))
        .route("/posts/{seq}", get(posts::page))
        .route("/captures/{id}/raw", get(posts::raw))
        .route("/search", get(search::page))
        .route("/members", get(members::list))
        .route("/members/{id}", get(members::one))
        .route("/members/{id}/approve", post(members::approve))
        .route("/terms", get(terms::list).post(terms::add))
        .route("/terms/preview", post(term_trial::page))
        .route("/terms/import", get(term_files::form).post(term_files::import))
        .route("/terms/export", get(term_files::export))
        .route("/terms/{id}", get(term::page).post(term::edit))
        .route("/terms/{id}/state", post(term::set))
        .route("/api/terms/preview", get(term_trial::api))
        .route("/lookbacks/{id}", get(look_back::page))
        .route("/lookbacks/{id}/members/{member}/confirm", post(look_back::confirm))
        .route("/lookbacks/{id}/members/{member}/dismiss", post(look_back::dismiss))
        .route("/notices", get(notices::list))
        .route("/notices/{id}/retry", post(notices::retry))
        .route("/jobs/{id}/retry", post(notices::retry_job))
        .route("/audit", get(audit::list))
        .route("/login", get(login::form).post(login::enter))
        .route("/logout", post(login::leave))
        .route("/language", post(login::language))
        .fallback(async || StatusCode::NOT_FOUND)
        .layer(from_fn(to_its_end))
        .layer(from_fn_with_state(app.clone(), guard));
    Router::new()
        .route("/healthz", get(healthz))
        .route("/static/style.css", get(async || asset("text/css; charset=utf-8", include_str!("static/style.css"))))
        .route("/static/icon.svg", get(async || asset("image/svg+xml", include_str!("static/icon.svg"))))
        .with_state(app.clone())
        .merge(pages.with_state(app))
        .layer(RequestBodyLimitLayer::new(MAX_FORM))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, TIMEOUT))
        .layer(from_fn(dress))
        .layer(from_fn(secure))
}

/// `GET /healthz`, for a monitor: no names, no details.
async fn healthz(State(app): State<App>) -> Response {
    if app.web.health.snapshot().iter().all(|component| component.ok) {
        (StatusCode::OK, "ok").into_response()
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "not ok").into_response()
    }
}

fn asset(kind: &'static str, content: &'static str) -> Response {
    ([(header::CONTENT_TYPE, kind)], content).into_response()
}
