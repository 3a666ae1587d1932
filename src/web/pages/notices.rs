//! Notices and given-up work: dead letters first, each with its last error and a way to try again.

use askama::Template;
use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect};
use serde::Deserialize;

use super::{Page, show};
use crate::store::model::{Job, NoticeState, NoticeView};
use crate::web::guard::Reader;
use crate::web::state::App;
use crate::web::view::{Frame, Pager, ROWS, Time, page_number, plain, time};

/// Dead letters shown above the list.
const MAX_DEAD: i64 = 100;

struct Letter {
    id: i64,
    state: &'static str,
    dead: bool,
    alert: String,
    member: String,
    title: String,
    audience: &'static str,
    channel: &'static str,
    address: String,
    attempts: i64,
    created: Time,
    /// When it was accepted, or when it is tried next.
    moment: Time,
    error: String,
    receipt: String,
}

impl From<NoticeView> for Letter {
    fn from(view: NoticeView) -> Self {
        let notice = view.notice;
        let next = (notice.state == NoticeState::Queued).then_some(notice.next_try_at);
        Self {
            id: notice.id,
            state: notice.state.as_str(),
            dead: notice.state == NoticeState::Dead,
            alert: notice.notice.alert,
            member: view.member_name,
            title: plain(&view.title),
            audience: notice.notice.audience.as_str(),
            channel: notice.notice.channel.as_str(),
            address: notice.notice.address,
            attempts: notice.attempts,
            created: time(notice.created_at),
            moment: time(notice.sent_at.or(next)),
            error: notice.last_error.unwrap_or_default(),
            receipt: notice.receipt.unwrap_or_default(),
        }
    }
}

#[derive(Template)]
#[template(path = "notices.html", config = "src/web/askama.toml")]
struct List {
    f: Frame,
    states: Vec<(&'static str, bool)>,
    all: bool,
    dead: Vec<Letter>,
    jobs: Vec<Job>,
    rows: Vec<Letter>,
    pager: Pager,
}

/// What the address says.
#[derive(Deserialize)]
pub(crate) struct Wanted {
    state: Option<String>,
    page: Option<i64>,
    said: Option<String>,
}

/// `GET /notices`
pub(crate) async fn list(State(app): State<App>, Extension(ctx): Reader, Query(wanted): Query<Wanted>) -> Page {
    let store = app.store();
    let state: Option<NoticeState> = wanted.state.as_deref().and_then(|state| state.parse().ok());
    let page = page_number(wanted.page);
    let mut rows = store.notices(state, ROWS + 1, (page - 1) * ROWS).await?;
    let more = rows.len() > ROWS as usize;
    rows.truncate(ROWS as usize);
    let top = state.is_none() && page == 1;
    let dead = if top { store.notices(Some(NoticeState::Dead), MAX_DEAD, 0).await? } else { Vec::new() };
    let mut jobs = store.dead_jobs().await?;
    jobs.truncate(100);
    let name = state.map_or("", NoticeState::as_str);
    // Those shown on top are not shown twice.
    rows.retain(|row| !(top && dead.iter().any(|dead| dead.notice.id == row.notice.id)));
    show(&List {
        f: Frame::new(&ctx, "notices").saying(wanted.said.as_deref()),
        states: NoticeState::ALL.iter().map(|s| (s.as_str(), s.as_str() == name)).collect(),
        all: state.is_none(),
        dead: dead.into_iter().map(Letter::from).collect(),
        jobs,
        rows: rows.into_iter().map(Letter::from).collect(),
        pager: Pager::new(&format!("/notices?state={name}&"), page, more),
    })
}

/// `POST /notices/{id}/retry`
pub(crate) async fn retry(State(app): State<App>, Extension(ctx): Reader, Path(id): Path<i64>) -> Page {
    ctx.audit(&app, "notice.retry", &id.to_string()).await?;
    app.store().revive_notice(id, app.now()).await?;
    app.web.wake_outbox.notify_one();
    Ok(Redirect::to("/notices?said=retry").into_response())
}

/// `POST /jobs/{id}/retry`
pub(crate) async fn retry_job(State(app): State<App>, Extension(ctx): Reader, Path(id): Path<i64>) -> Page {
    ctx.audit(&app, "job.retry", &id.to_string()).await?;
    app.store().revive_job(id, app.now()).await?;
    Ok(Redirect::to("/notices?said=retry").into_response())
}
