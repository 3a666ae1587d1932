//! The pages, one concern a file.

pub(crate) mod audit;
mod claim;
pub(crate) mod definition;
mod definition_view;
pub(crate) mod findings;
pub(crate) mod login;
pub(crate) mod look_back;
pub(crate) mod members;
pub(crate) mod notices;
pub(crate) mod overview;
pub(crate) mod post;
pub(crate) mod repair;
pub(crate) mod search;
pub(crate) mod source;
mod source_links;
pub(crate) mod source_moves;
pub(crate) mod term;
pub(crate) mod term_files;
mod term_form;
pub(crate) mod term_trial;
pub(crate) mod terms;

use askama::Template;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};

use super::error::PageError;
use super::guard::Ctx;
use super::i18n::Lang;
use super::view::{Frame, plain};

/// What a handler gives back.
pub(crate) type Page = Result<Response, PageError>;

/// A page as a response. Whatever value a character that hides or turns text came in with, it is made visible here.
pub(crate) fn show(page: &impl Template) -> Page {
    Ok(Html(plain(&page.render()?)).into_response())
}

#[derive(Template)]
#[template(path = "error.html", config = "src/web/askama.toml")]
struct ErrorPage {
    f: Frame,
    sentence: &'static str,
    status: StatusCode,
}

/// An error in the reader's language; `lang` when nothing is known of the reader.
pub(crate) fn error_page(ctx: Option<Ctx>, lang: Lang, status: StatusCode, key: &str) -> Response {
    let nobody = || Ctx { lang, user: None, csrf: String::new(), session: None, path: "/".into() };
    // The form that failed has no address of its own to come back to.
    let ctx = Ctx { path: "/".into(), ..ctx.unwrap_or_else(nobody) };
    let sentence = ctx.lang.known("error", key).unwrap_or("");
    let page = ErrorPage { f: Frame::new(&ctx, ""), sentence, status };
    let text = page.render().map(|text| plain(&text)).unwrap_or_else(|_| sentence.to_owned());
    (status, Html(text)).into_response()
}
