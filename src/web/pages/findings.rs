//! Findings: the list, one of them with everything a reviewer needs, and the decision.

use askama::Template;
use axum::Extension;
use axum::extract::{Form, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use serde::Deserialize;

use super::claim::{ClaimLine, claim_lines};
use super::look_back::{Progress, progress};
use super::{Page, show};
use crate::alerts::review::{self, ReviewError};
use crate::alerts::route::{HoldReason, ReleaseReason};
use crate::assess::Claim;
use crate::store::model::{Alert, AlertFilter, AlertState, AlertView, Member, MemberState, Notice, PostRow};
use crate::web::error::PageError;
use crate::web::guard::{Ctx, Reader};
use crate::web::i18n::Lang;
use crate::web::state::App;
use crate::web::view::{Frame, Pager, Piece, ROWS, Time, around, page_number, pieces, plain, time};

/// A line of a list of findings.
pub(crate) struct Row {
    pub(crate) id: String,
    pub(crate) severity: &'static str,
    pub(crate) member: String,
    pub(crate) applicant: bool,
    pub(crate) title: String,
    pub(crate) source: String,
    pub(crate) state: &'static str,
    pub(crate) captured: Time,
}

impl From<AlertView> for Row {
    fn from(view: AlertView) -> Self {
        Self {
            id: view.alert.id,
            severity: view.alert.severity.as_str(),
            member: view.member_name,
            applicant: view.member_state == MemberState::Applied,
            title: plain(&view.title),
            source: view.source_name,
            state: view.alert.state.as_str(),
            captured: time(view.captured_at),
        }
    }
}

#[derive(Template)]
#[template(path = "findings.html", config = "src/web/askama.toml")]
struct List {
    f: Frame,
    states: Vec<(&'static str, bool)>,
    state: &'static str,
    progress: Vec<Progress>,
    rows: Vec<Row>,
    pager: Pager,
}

/// What the address of the list says.
#[derive(Deserialize)]
pub(crate) struct Wanted {
    state: Option<String>,
    page: Option<i64>,
    said: Option<String>,
}

/// `GET /findings`
pub(crate) async fn list(State(app): State<App>, Extension(ctx): Reader, Query(wanted): Query<Wanted>) -> Page {
    let state: Option<AlertState> = wanted.state.as_deref().and_then(|state| state.parse().ok());
    let page = page_number(wanted.page);
    let filter = AlertFilter { state, member: None, limit: ROWS + 1, offset: (page - 1) * ROWS };
    let mut rows = app.store().alerts(&filter).await?;
    let more = rows.len() > ROWS as usize;
    rows.truncate(ROWS as usize);
    let state = state.map_or("", AlertState::as_str);
    show(&List {
        f: Frame::new(&ctx, "findings").saying(wanted.said.as_deref()),
        states: AlertState::ALL.iter().map(|s| (s.as_str(), s.as_str() == state)).collect(),
        state,
        progress: progress(&app, None).await?,
        rows: rows.into_iter().map(Row::from).collect(),
        pager: Pager::new(&format!("/findings?state={state}&"), page, more),
    })
}

/// A notice of the finding.
struct Told {
    channel: &'static str,
    address: String,
    state: &'static str,
    attempts: i64,
    at: Time,
    error: String,
}

impl From<Notice> for Told {
    fn from(notice: Notice) -> Self {
        Self {
            channel: notice.notice.channel.as_str(),
            address: notice.notice.address,
            state: notice.state.as_str(),
            attempts: notice.attempts,
            at: time(notice.sent_at.unwrap_or(notice.created_at)),
            error: notice.last_error.unwrap_or_default(),
        }
    }
}

#[derive(Template)]
#[template(path = "finding.html", config = "src/web/askama.toml")]
struct One {
    f: Frame,
    alert: Alert,
    member: Member,
    applicant: bool,
    held: bool,
    reason: String,
    title: Vec<Piece>,
    snippet: Vec<Piece>,
    source: String,
    author: String,
    url: String,
    posted: Time,
    captured: Time,
    created: Time,
    decided: Time,
    claim: Vec<ClaimLine>,
    told: Vec<Told>,
    /// Whom a confirmation would tell, and whom not and why.
    recipients: Vec<String>,
    skipped: Vec<(String, String)>,
    terms: Vec<String>,
    error: Option<String>,
}

/// `GET /findings/{id}`
pub(crate) async fn one(
    State(app): State<App>, Extension(ctx): Reader, Path(id): Path<String>, Query(wanted): Query<Wanted>,
) -> Page {
    ctx.audit(&app, "finding.read", &id).await?;
    let mut page = load(&app, &ctx, &id, None).await?;
    page.f = page.f.saying(wanted.said.as_deref());
    show(&page)
}

async fn load(app: &App, ctx: &Ctx, id: &str, error: Option<String>) -> Result<One, PageError> {
    let store = app.store();
    let alert = store.alert(id).await?;
    let member = store.member(alert.member).await?;
    let post = store.post(alert.post).await?;
    let source = store.sources().await?.into_iter().find(|s| s.source.id == alert.source);
    let hits: Vec<_> = store.hits(alert.post).await?.into_iter().filter(|h| h.member == alert.member).collect();
    let spans = |field: &str| -> Vec<_> {
        hits.iter().filter(|hit| hit.field == field).map(|hit| (hit.start, hit.end)).collect()
    };
    let mut terms: Vec<String> = hits.iter().map(|hit| hit.term_text.clone()).collect();
    terms.sort();
    terms.dedup();
    let held = alert.state == AlertState::Held;
    let would = if held { review::preview(store, id).await? } else { Default::default() };
    let skipped = |s: crate::alerts::notices::Skipped| (s.address, ctx.lang.word("skipped", s.reason.as_str()));
    let claim = alert.claim.as_deref().or(post.claim.as_deref()).and_then(Claim::from_json);
    Ok(One {
        f: Frame::new(ctx, "findings"),
        applicant: member.state == MemberState::Applied,
        held,
        reason: reason(ctx.lang, &alert),
        title: pieces(&post.title, spans("title")),
        snippet: around(pieces(&post.body, spans("body")), 300, 900),
        source: source.map_or_else(|| alert.source.clone(), |row| row.source.name),
        author: author(&post),
        url: nightheron_watchlists::defang(&plain(&post.url)),
        posted: time(post.posted_at),
        captured: time(post.captured_at),
        created: time(alert.created_at),
        decided: time(alert.decided_at),
        claim: claim.map(|claim| claim_lines(ctx.lang, &claim)).unwrap_or_default(),
        told: store.notices_of(id).await?.into_iter().map(Told::from).collect(),
        recipients: would.notices.into_iter().map(|notice| notice.address).collect(),
        skipped: would.skipped.into_iter().map(skipped).collect(),
        terms,
        error,
        alert,
        member,
    })
}

/// The author as shown by the site; empty when there is none.
pub(crate) fn author(post: &PostRow) -> String {
    post.author.as_deref().map(plain).unwrap_or_default()
}

/// Why it stands where it does: the router's named reason, or the reviewer's own words.
fn reason(lang: Lang, alert: &Alert) -> String {
    let name = alert.reason.as_str();
    match alert.state {
        AlertState::Held if HoldReason::from_name(name).is_some() => lang.word("held", name),
        AlertState::Released
            if [ReleaseReason::Immediate, ReleaseReason::Confirmed].iter().any(|r| r.as_str() == name) =>
        {
            lang.word("released", name)
        }
        _ => alert.reason.clone(),
    }
}

/// `POST /findings/{id}/confirm`
pub(crate) async fn confirm(State(app): State<App>, Extension(ctx): Reader, Path(id): Path<String>) -> Page {
    let done = review::confirm(app.store(), &id, ctx.name(), app.now()).await;
    if done.is_ok() {
        app.web.wake_outbox.notify_one();
    }
    decided(&app, &ctx, &id, done.map(|_| "confirmed")).await
}

/// The form of a dismissal.
#[derive(Deserialize)]
pub(crate) struct Dismissal {
    reason: String,
}

/// `POST /findings/{id}/dismiss`
pub(crate) async fn dismiss(
    State(app): State<App>, Extension(ctx): Reader, Path(id): Path<String>, Form(form): Form<Dismissal>,
) -> Page {
    let done = review::dismiss(app.store(), &id, ctx.name(), &form.reason, app.now()).await;
    decided(&app, &ctx, &id, done.map(|()| "dismissed")).await
}

/// Back to the finding; a refused decision is told beside what stands there now.
async fn decided(app: &App, ctx: &Ctx, id: &str, done: Result<&str, ReviewError>) -> Page {
    let error = match done {
        Ok(said) => return Ok(Redirect::to(&format!("/findings/{id}?said={said}")).into_response()),
        Err(error) => PageError::from(error),
    };
    let (status, text) = match error {
        PageError::Conflict => (StatusCode::CONFLICT, ctx.lang.t("finding.conflict")),
        PageError::BadRequest => (StatusCode::UNPROCESSABLE_ENTITY, ctx.lang.t("finding.reason_needed")),
        PageError::NoContact => (StatusCode::CONFLICT, ctx.lang.t("error.no_contact")),
        other => return Err(other),
    };
    let mut page = load(app, ctx, id, Some(text.to_owned())).await?;
    page.f.path = format!("/findings/{id}");
    Ok((status, show(&page)?).into_response())
}
