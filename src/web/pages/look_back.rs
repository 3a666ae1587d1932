//! Look backs: how far they are, what they found, and the decision about all of it at once.

use askama::Template;
use axum::Extension;
use axum::extract::{Form, Path, Query, State};
use axum::response::{IntoResponse, Redirect};
use serde::Deserialize;

use super::findings::Row;
use super::{Page, show};
use crate::alerts::digest;
use crate::alerts::review::ReviewError;
use crate::store::model::{AlertState, AlertView, LookBack};
use crate::web::error::PageError;
use crate::web::guard::Reader;
use crate::web::state::App;
use crate::web::view::{Frame, Time, time};

/// Look backs shown above a list.
const MAX_SHOWN: i64 = 5;
/// Findings of one look back that are counted.
const MAX_FINDINGS: i64 = 100_000;
/// Findings shown of one member, the gravest.
const MAX_ROWS: usize = 200;

/// How far a look back is.
pub(crate) struct Progress {
    pub(crate) id: i64,
    pub(crate) text: String,
    pub(crate) more: i64,
    pub(crate) by: String,
    pub(crate) queued: Time,
    pub(crate) percent: i64,
    pub(crate) done: i64,
    pub(crate) until: i64,
    pub(crate) alerts: i64,
    pub(crate) finished: bool,
}

impl From<LookBack> for Progress {
    fn from(of: LookBack) -> Self {
        Self {
            id: of.id,
            percent: of.percent(),
            text: of.text,
            more: of.terms - 1,
            by: of.queued_by,
            queued: time(of.queued_at),
            done: of.done,
            until: of.until,
            alerts: of.alerts,
            finished: of.finished_at.is_some(),
        }
    }
}

/// The newest look backs; those of one term if given.
pub(crate) async fn progress(app: &App, term: Option<i64>) -> Result<Vec<Progress>, PageError> {
    Ok(app.store().look_backs(term, MAX_SHOWN).await?.into_iter().map(Progress::from).collect())
}

/// What was found for one member.
struct Group {
    member: i64,
    name: String,
    held: usize,
    recipients: Vec<String>,
    skipped: Vec<(String, String)>,
    rows: Vec<Row>,
}

#[derive(Template)]
#[template(path = "look_back.html", config = "src/web/askama.toml")]
struct One {
    f: Frame,
    id: i64,
    progress: Vec<Progress>,
    groups: Vec<Group>,
}

/// What the address says.
#[derive(Deserialize)]
pub(crate) struct Wanted {
    said: Option<String>,
}

/// `GET /lookbacks/{id}`
pub(crate) async fn page(
    State(app): State<App>, Extension(ctx): Reader, Path(id): Path<i64>, Query(wanted): Query<Wanted>,
) -> Page {
    let store = app.store();
    let one = store.look_back(id).await?;
    ctx.audit(&app, "look_back.read", &id.to_string()).await?;
    let mut groups: Vec<Group> = Vec::new();
    for view in store.look_back_alerts(id, None, MAX_FINDINGS).await? {
        let place = match groups.iter().position(|group| group.member == view.alert.member) {
            Some(place) => place,
            None => {
                groups.push(group(&app, &ctx, id, &view).await?);
                groups.len() - 1
            }
        };
        if let Some(group) = groups.get_mut(place) {
            group.held += usize::from(view.alert.state == AlertState::Held);
            if group.rows.len() < MAX_ROWS {
                group.rows.push(Row::from(view));
            }
        }
    }
    let mut f = Frame::new(&ctx, "findings").saying(wanted.said.as_deref());
    f.refresh = one.finished_at.is_none();
    show(&One { f, id, progress: vec![Progress::from(one)], groups })
}

async fn group(app: &App, ctx: &crate::web::guard::Ctx, id: i64, view: &AlertView) -> Result<Group, PageError> {
    let would = digest::preview(app.store(), id, view.alert.member).await?;
    let skipped = |s: crate::alerts::notices::Skipped| (s.address, ctx.lang.word("skipped", s.reason.as_str()));
    Ok(Group {
        member: view.alert.member,
        name: view.member_name.clone(),
        held: 0,
        recipients: would.notices.into_iter().map(|notice| notice.address).collect(),
        skipped: would.skipped.into_iter().map(skipped).collect(),
        rows: Vec::new(),
    })
}

/// `POST /lookbacks/{id}/members/{member}/confirm`
pub(crate) async fn confirm(
    State(app): State<App>, Extension(ctx): Reader, Path((id, member)): Path<(i64, i64)>,
) -> Page {
    ctx.audit(&app, "look_back.confirm", &format!("{id} {member}")).await?;
    let done = digest::confirm(app.store(), id, member, ctx.name(), app.now()).await;
    app.web.wake_outbox.notify_one();
    decided(id, done, "confirmed")
}

/// The form of a dismissal.
#[derive(Deserialize)]
pub(crate) struct Dismissal {
    reason: String,
}

/// `POST /lookbacks/{id}/members/{member}/dismiss`
pub(crate) async fn dismiss(
    State(app): State<App>, Extension(ctx): Reader, Path((id, member)): Path<(i64, i64)>, Form(form): Form<Dismissal>,
) -> Page {
    ctx.audit(&app, "look_back.dismiss", &format!("{id} {member}")).await?;
    let done = digest::dismiss(app.store(), id, member, ctx.name(), &form.reason, app.now()).await;
    decided(id, done, "dismissed")
}

fn decided(id: i64, done: Result<u64, ReviewError>, said: &str) -> Page {
    done.map_err(PageError::from)?;
    Ok(Redirect::to(&format!("/lookbacks/{id}?said={said}")).into_response())
}
