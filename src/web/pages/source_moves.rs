//! Sites that point to another host: what was seen, and the decision about it.

use axum::Extension;
use axum::extract::{Form, Path, State};
use axum::response::{IntoResponse, Redirect};
use nightheron_watchlists::defang;
use serde::Deserialize;

use super::Page;
use super::source::refused;
use crate::definitions::{BookError, WorkError};
use crate::store::model::{MoveState, SiteMove};
use crate::store::{self, Store};
use crate::web::error::PageError;
use crate::web::guard::{Ctx, Reader};
use crate::web::state::App;
use crate::web::view::{Time, time};

/// A proposal as it is shown.
pub(super) struct Shown {
    pub(super) id: i64,
    pub(super) from: String,
    pub(super) to: String,
    pub(super) seen: Time,
    pub(super) same_site: &'static str,
    pub(super) state: &'static str,
    pub(super) open: bool,
    pub(super) by: String,
    pub(super) at: Time,
    pub(super) reason: String,
}

impl From<SiteMove> for Shown {
    fn from(one: SiteMove) -> Self {
        Self {
            id: one.id,
            from: defang(&one.seen.from),
            to: defang(&one.seen.to),
            seen: time(one.seen.seen_at),
            same_site: one.same_site.as_str(),
            state: one.state.as_str(),
            open: one.state == MoveState::Open,
            by: one.decided_by,
            at: time(one.decided_at),
            reason: one.reason,
        }
    }
}

/// The proposals of a source, newest first.
pub(super) async fn of(store: &dyn Store, source: &str) -> store::Result<Vec<Shown>> {
    Ok(store.moves(Some(source)).await?.into_iter().map(Shown::from).collect())
}

/// Why it was decided so.
#[derive(Deserialize)]
pub(crate) struct Decision {
    #[serde(default)]
    reason: String,
}

/// `POST /sources/{id}/moves/{move}/approve`
pub(crate) async fn approve(
    State(app): State<App>, Extension(ctx): Reader, Path((id, number)): Path<(String, i64)>, Form(form): Form<Decision>,
) -> Page {
    ctx.audit(&app, "move.approve", &id).await?;
    belongs(&app, &id, number).await?;
    let done = app.web.workbench.approve_move(number, ctx.name(), &form.reason, app.now()).await;
    answer(&app, &ctx, &id, "move_approved", done).await
}

/// `POST /sources/{id}/moves/{move}/dismiss`
pub(crate) async fn dismiss(
    State(app): State<App>, Extension(ctx): Reader, Path((id, number)): Path<(String, i64)>, Form(form): Form<Decision>,
) -> Page {
    ctx.audit(&app, "move.dismiss", &id).await?;
    belongs(&app, &id, number).await?;
    let done = app.web.workbench.dismiss_move(number, ctx.name(), &form.reason, app.now()).await;
    answer(&app, &ctx, &id, "move_dismissed", done).await
}

async fn belongs(app: &App, source: &str, number: i64) -> Result<(), PageError> {
    let found = app.store().site_move(number).await?;
    if found.seen.source == source { Ok(()) } else { Err(PageError::NotFound) }
}

async fn answer(app: &App, ctx: &Ctx, id: &str, said: &str, done: Result<SiteMove, WorkError>) -> Page {
    match done {
        Ok(_) => Ok(Redirect::to(&format!("/sources/{}?said={said}", super::source::encoded(id))).into_response()),
        Err(WorkError::Book(BookError::Store(error))) => Err(error.into()),
        Err(error) => refused(app, ctx, id, error.to_string()).await,
    }
}
