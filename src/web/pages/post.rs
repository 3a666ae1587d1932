//! One revision of a post with its evidence, and the archived bytes behind it; each read is recorded.

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::IntoResponse;

use super::findings::{Row, author};
use super::{Page, show};
use crate::store::StoreError;
use crate::store::model::{Capture, HitRow, PostRow};
use crate::web::error::PageError;
use crate::web::guard::Reader;
use crate::web::state::App;
use crate::web::view::{Frame, Piece, Time, pieces, plain, time};

/// Most findings listed below a post.
const MAX_ALERTS: usize = 200;

struct Revision {
    seq: i64,
    number: i64,
    captured: Time,
    current: bool,
}

#[derive(Template)]
#[template(path = "post.html", config = "src/web/askama.toml")]
struct PostPage {
    f: Frame,
    title: Vec<Piece>,
    body: Vec<Piece>,
    author: Vec<Piece>,
    url: String,
    post: PostRow,
    source: String,
    posted: Time,
    captured: Time,
    revisions: Vec<Revision>,
    capture: Option<Capture>,
    fetched: Time,
    alerts: Vec<Row>,
}

/// `GET /posts/{seq}`
pub(crate) async fn page(State(app): State<App>, Extension(ctx): Reader, Path(seq): Path<i64>) -> Page {
    ctx.audit(&app, "post.read", &seq.to_string()).await?;
    let store = app.store();
    let post = store.post(seq).await?;
    let hits = store.hits(seq).await?;
    let source = store.sources().await?.into_iter().find(|s| s.source.id == post.source);
    let revisions = store.revisions(&post.source, &post.key).await?;
    let capture = match store.capture(&post.capture).await {
        Ok(capture) => Some(capture),
        Err(StoreError::NotFound { .. }) => None,
        Err(error) => return Err(error.into()),
    };
    let mut alerts = store.alerts_of_post(seq).await?;
    alerts.truncate(MAX_ALERTS);
    show(&PostPage {
        f: Frame::new(&ctx, "search"),
        title: marked(&post.title, "title", &hits),
        body: marked(&post.body, "body", &hits),
        author: marked(&author(&post), "author", &hits),
        url: nightheron_watchlists::defang(&plain(&post.url)),
        source: source.map_or_else(|| post.source.clone(), |row| row.source.name),
        posted: time(post.posted_at),
        captured: time(post.captured_at),
        revisions: revisions.iter().take(200).map(|row| revision(row, seq)).collect(),
        fetched: time(capture.as_ref().map(|c| c.capture.fetched_at)),
        capture,
        alerts: alerts.into_iter().map(Row::from).collect(),
        post,
    })
}

fn marked(text: &str, field: &str, hits: &[HitRow]) -> Vec<Piece> {
    pieces(text, hits.iter().filter(|hit| hit.field == field).map(|hit| (hit.start, hit.end)))
}

fn revision(row: &PostRow, current: i64) -> Revision {
    Revision { seq: row.seq, number: row.revision, captured: time(row.captured_at), current: row.seq == current }
}

/// `GET /captures/{id}/raw`: hostile bytes, given as a file that no browser opens.
pub(crate) async fn raw(State(app): State<App>, Extension(ctx): Reader, Path(id): Path<String>) -> Page {
    let capture = app.store().capture(&id).await?;
    ctx.audit(&app, "capture.read", &capture.capture.id).await?;
    let bytes = app.web.evidence.raw(&capture.capture.id).await.map_err(|reason| {
        tracing::error!(capture.id = capture.capture.id, reason, "a capture could not be read from the archive");
        PageError::Evidence
    })?;
    let headers = [
        (header::CONTENT_TYPE, "application/octet-stream"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"capture.bin\""),
    ];
    Ok((headers, bytes).into_response())
}
