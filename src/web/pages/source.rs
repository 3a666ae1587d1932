//! One source: its state, its definition, and how much of it was captured.

use askama::Template;
use axum::Extension;
use axum::extract::{Form, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use nightheron_crawlers::session::Standing;
use serde::Deserialize;

use super::overview::{Said, Source};
use super::source_moves::{self, Shown};
use super::{Page, show};
use crate::pipeline::{Ledger, folder::KIND as FOLDER, standing};
use crate::store::StoreError;
use crate::store::model::ThreadMark;
use crate::web::guard::{Ctx, Reader};
use crate::web::state::App;
use crate::web::view::Frame;

#[derive(Template)]
#[template(path = "source.html", config = "src/web/askama.toml")]
struct One {
    f: Frame,
    s: Source,
    failures: i64,
    grade: String,
    /// Whether it is a folder of files, which has no session and no threads.
    is_folder: bool,
    verified: String,
    ledger: Ledger,
    percent: String,
    /// What a person must do; empty when nobody must.
    need: String,
    /// Why the cookies that were supplied are of no use, or a decision was not taken; empty otherwise.
    refused: String,
    moves: Vec<Shown>,
}

/// `GET /sources/{id}`
pub(crate) async fn page(
    State(app): State<App>, Extension(ctx): Reader, Path(id): Path<String>, Query(query): Query<Said>,
) -> Page {
    ctx.audit(&app, "source.read", &id).await?;
    let frame = Frame::new(&ctx, "overview").saying(query.said.as_deref());
    view(&app, &ctx, &id, frame, String::new()).await
}

/// What a person supplies.
#[derive(Deserialize)]
pub(crate) struct Supplied {
    cookies: String,
}

/// `POST /sources/{id}/cookies`
pub(crate) async fn cookies(
    State(app): State<App>, Extension(ctx): Reader, Path(id): Path<String>, Form(supplied): Form<Supplied>,
) -> Page {
    ctx.audit(&app, "source.cookies", &id).await?;
    match app.web.sessions.supply(&id, supplied.cookies).await {
        Ok(_) => Ok(Redirect::to(&format!("/sources/{}?said=cookies", encoded(&id))).into_response()),
        Err(reason) => view(&app, &ctx, &id, Frame::new(&ctx, "overview"), reason).await,
    }
}

pub(super) fn encoded(id: &str) -> String {
    url::form_urlencoded::byte_serialize(id.as_bytes()).collect()
}

/// The page again, with why something was not done.
pub(super) async fn refused(app: &App, ctx: &Ctx, id: &str, reason: String) -> Page {
    let page = view(app, ctx, id, Frame::new(ctx, "overview"), reason).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

async fn view(app: &App, ctx: &Ctx, id: &str, f: Frame, refused: String) -> Page {
    let store = app.store();
    let row = store.sources().await?.into_iter().find(|row| row.source.id == id);
    let row = row.ok_or(StoreError::NotFound { what: "source", id: id.to_owned() })?;
    let marks = store.thread_marks(id).await?;
    let marks: Vec<_> = marks.into_iter().map(|(thread_id, signal)| ThreadMark { thread_id, signal }).collect();
    let ledger = match row.source.kind.as_str() {
        FOLDER => Ledger::of_files(&marks),
        _ => Ledger::draw(&marks, &store.captured_posts(id).await?),
    };
    show(&One {
        failures: row.failures,
        grade: row.source.grade.clone(),
        is_folder: row.source.kind == FOLDER,
        verified: row.source.verified.clone(),
        percent: ledger.percent().map_or_else(|| "–".to_owned(), |percent| format!("{percent} %")),
        ledger,
        need: match standing(&row) {
            Standing::NeedsPerson { need, .. } => ctx.lang.word("need", need.as_str()),
            _ => String::new(),
        },
        s: Source::of(ctx.lang, row),
        refused,
        moves: source_moves::of(store, id).await?,
        f,
    })
}
