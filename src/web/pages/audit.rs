//! The record of reads and changes, for administrators.

use askama::Template;
use axum::Extension;
use axum::extract::{Query, State};
use serde::Deserialize;

use super::{Page, show};
use crate::web::guard::Reader;
use crate::web::state::App;
use crate::web::view::{Frame, Pager, ROWS, Time, page_number, slice, time};

struct Line {
    at: Time,
    user: String,
    action: String,
    object: String,
}

#[derive(Template)]
#[template(path = "audit.html", config = "src/web/askama.toml")]
struct List {
    f: Frame,
    rows: Vec<Line>,
    pager: Pager,
}

/// What the address says.
#[derive(Deserialize)]
pub(crate) struct Wanted {
    page: Option<i64>,
}

/// `GET /audit`
pub(crate) async fn list(State(app): State<App>, Extension(ctx): Reader, Query(wanted): Query<Wanted>) -> Page {
    ctx.admin()?;
    ctx.audit(&app, "audit.read", "").await?;
    let page = page_number(wanted.page);
    let (rows, more) = slice(app.store().audit(page * ROWS + 1).await?, page);
    let line = |entry: crate::store::model::AuditEntry| Line {
        at: time(entry.at),
        user: entry.user,
        action: entry.action,
        object: entry.object,
    };
    show(&List {
        f: Frame::new(&ctx, "audit"),
        rows: rows.into_iter().map(line).collect(),
        pager: Pager::new("/audit?", page, more),
    })
}
