//! One source: its state, its definition, and how much of it was captured.

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State};

use super::overview::Source;
use super::{Page, show};
use crate::pipeline::Ledger;
use crate::store::StoreError;
use crate::store::model::ThreadMark;
use crate::web::guard::Reader;
use crate::web::state::App;
use crate::web::view::Frame;

#[derive(Template)]
#[template(path = "source.html", config = "src/web/askama.toml")]
struct One {
    f: Frame,
    s: Source,
    failures: i64,
    grade: String,
    verified: String,
    ledger: Ledger,
    percent: String,
}

/// `GET /sources/{id}`
pub(crate) async fn page(State(app): State<App>, Extension(ctx): Reader, Path(id): Path<String>) -> Page {
    ctx.audit(&app, "source.read", &id).await?;
    let store = app.store();
    let row = store.sources().await?.into_iter().find(|row| row.source.id == id);
    let row = row.ok_or(StoreError::NotFound { what: "source", id: id.clone() })?;
    let marks = store.thread_marks(&id).await?;
    let marks: Vec<_> = marks.into_iter().map(|(thread_id, signal)| ThreadMark { thread_id, signal }).collect();
    let ledger = Ledger::draw(&marks, &store.captured_posts(&id).await?);
    show(&One {
        failures: row.failures,
        grade: row.source.grade.clone(),
        verified: row.source.verified.clone(),
        percent: ledger.percent().map_or_else(|| "–".to_owned(), |percent| format!("{percent} %")),
        s: Source::of(ctx.lang, row),
        ledger,
        f: Frame::new(&ctx, "overview"),
    })
}
