//! The definition of a source: its text, tried on captured pages before it is saved, and its history.

use askama::Template;
use axum::Extension;
use axum::extract::{Form, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde::Deserialize;

use super::definition_view::{Again, Choice, Past, Trial, past};
use super::{Page, show};
use crate::definitions::{BookError, WorkError};
use crate::store::StoreError;
use crate::web::error::PageError;
use crate::web::guard::{Ctx, Reader};
use crate::web::state::App;
use crate::web::view::{Frame, encode};

impl From<WorkError> for PageError {
    fn from(error: WorkError) -> Self {
        match error {
            WorkError::Book(BookError::Store(error)) => error.into(),
            WorkError::Book(BookError::Unknown(_)) => Self::NotFound,
            error => {
                tracing::warn!(error = %error, "a definition's page cannot be shown");
                Self::Evidence
            }
        }
    }
}

#[derive(Template)]
#[template(path = "definition.html", config = "src/web/askama.toml")]
struct One {
    f: Frame,
    id: String,
    name: String,
    /// What stands in the editor.
    text: String,
    reason: String,
    number: i64,
    file: String,
    /// Why the text was refused, a line each.
    problems: Vec<String>,
    tried: bool,
    choices: Vec<Choice>,
    trial: Option<Trial>,
    history: Vec<Past>,
    again: Vec<Again>,
    /// From when on captures would be read again: what a browser writes into a field of date and time, in Taipei's time.
    since: String,
}

/// What the address says.
#[derive(Default, Deserialize)]
pub(crate) struct Wanted {
    said: Option<String>,
    capture: Option<String>,
}

/// The editor's form.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Draft {
    text: String,
    reason: String,
    number: i64,
    capture: String,
}

/// `GET /sources/{id}/definition`
pub(crate) async fn page(
    State(app): State<App>, Extension(ctx): Reader, Path(id): Path<String>, Query(wanted): Query<Wanted>,
) -> Page {
    ctx.audit(&app, "definition.read", &id).await?;
    let mut page = load(&app, &ctx, &id, None, wanted.capture, None).await?;
    page.f = page.f.saying(wanted.said.as_deref());
    show(&page)
}

async fn load(
    app: &App, ctx: &Ctx, id: &str, draft: Option<Draft>, chosen: Option<String>, refused: Option<String>,
) -> Result<One, PageError> {
    let bench = &app.web.workbench;
    let (current, row) = (bench.current(id)?, bench.row(id).await?);
    let pages = bench.pages(id).await?;
    let broken = pages.iter().find(|page| !page.good && page.kind.is_some()).or(pages.first());
    let chosen = chosen.filter(|id| !id.is_empty()).or_else(|| broken.map(|page| page.capture.clone()));
    let tried = draft.is_some();
    let number = current.number;
    let draft = draft.unwrap_or_else(|| Draft { text: current.text.clone(), number, ..Draft::default() });
    let mut problems: Vec<String> = refused.iter().flat_map(|text| text.lines()).map(str::to_owned).collect();
    let mut trial = None;
    match bench.book.parse(id, &draft.text) {
        Ok(definition) => {
            if let Some(capture) = &chosen {
                match bench.try_on(id, definition, capture).await {
                    Ok(made) => trial = Some(Trial::from(made)),
                    Err(WorkError::Page(why)) => problems.push(why),
                    Err(error) => return Err(error.into()),
                }
            }
        }
        Err(error) if problems.is_empty() => problems.extend(error.to_string().lines().map(str::to_owned)),
        Err(_) => {}
    }
    let (history, again) = bench.history(id).await?;
    Ok(One {
        f: Frame::new(ctx, "overview"),
        id: id.to_owned(),
        name: row.source.name.clone(),
        text: draft.text,
        reason: draft.reason,
        number: draft.number,
        file: current.file.map(|file| file.display().to_string()).unwrap_or_default(),
        problems,
        tried,
        choices: pages.into_iter().map(|page| Choice::of(page, chosen.as_deref())).collect(),
        trial,
        history: past(&history, number),
        again: again.into_iter().map(Again::from).collect(),
        since: local(row.last_ok_at.unwrap_or(Timestamp::UNIX_EPOCH)),
    })
}

/// `POST /sources/{id}/definition/preview`
pub(crate) async fn preview(
    State(app): State<App>, Extension(ctx): Reader, Path(id): Path<String>, Form(draft): Form<Draft>,
) -> Page {
    ctx.audit(&app, "definition.try", &id).await?;
    let draft = lines(draft);
    let capture = Some(draft.capture.clone());
    let mut page = load(&app, &ctx, &id, Some(draft), capture, None).await?;
    page.f.path = path(&id);
    show(&page)
}

/// `POST /sources/{id}/definition`
pub(crate) async fn save(
    State(app): State<App>, Extension(ctx): Reader, Path(id): Path<String>, Form(draft): Form<Draft>,
) -> Page {
    let draft = lines(draft);
    change(&app, &ctx, &id, draft, "definition_saved").await
}

/// Changes the text, or shows it again with what stands against it.
async fn change(app: &App, ctx: &Ctx, id: &str, draft: Draft, said: &str) -> Page {
    let bench = &app.web.workbench;
    let changed =
        bench.book.change_from(Some(draft.number), id, &draft.text, ctx.name(), &draft.reason, app.now()).await;
    match changed {
        Ok(changed) => {
            bench.store.visit_now(id, app.now()).await?;
            let said = if changed.more_after_restart { "definition_restart" } else { said };
            Ok(Redirect::to(&format!("{}?said={said}", path(id))).into_response())
        }
        Err(BookError::Store(error)) => Err(error.into()),
        Err(error) => {
            tracing::info!(source.id = id, error = %error, "a definition was not changed");
            again(app, ctx, id, draft, error.to_string()).await
        }
    }
}

async fn again(app: &App, ctx: &Ctx, id: &str, draft: Draft, refused: String) -> Page {
    let capture = Some(draft.capture.clone());
    let mut page = load(app, ctx, id, Some(draft), capture, Some(refused)).await?;
    page.f.path = path(id);
    Ok((StatusCode::UNPROCESSABLE_ENTITY, show(&page)?).into_response())
}

/// Which text to take back, and why.
#[derive(Deserialize)]
pub(crate) struct Back {
    take: i64,
    number: i64,
    #[serde(default)]
    reason: String,
}

/// `POST /sources/{id}/definition/back`
pub(crate) async fn back(
    State(app): State<App>, Extension(ctx): Reader, Path(id): Path<String>, Form(back): Form<Back>,
) -> Page {
    let (history, _) = app.web.workbench.history(&id).await?;
    let old = history.into_iter().find(|revision| revision.number == back.take);
    let old = old.ok_or(StoreError::NotFound { what: "text", id: format!("{id} {}", back.take) })?;
    let reason = ctx.lang.with("definition.back_reason", back.take);
    let reason = if back.reason.trim().is_empty() { reason } else { back.reason };
    let draft = Draft { text: old.text, reason, number: back.number, capture: String::new() };
    change(&app, &ctx, &id, draft, "definition_back").await
}

/// From when on captures are read again.
#[derive(Deserialize)]
pub(crate) struct Since {
    since: String,
}

/// `POST /sources/{id}/definition/reread`
pub(crate) async fn reread(
    State(app): State<App>, Extension(ctx): Reader, Path(id): Path<String>, Form(form): Form<Since>,
) -> Page {
    let since = form.since.trim().parse::<DateTime>().ok();
    let since = since.and_then(|local| local.to_zoned(taipei()).ok()).ok_or(PageError::BadRequest)?;
    app.web.workbench.current(&id)?;
    ctx.audit(&app, "definition.reread", &format!("{id} {}", since.timestamp())).await?;
    app.web.workbench.reread(&id, since.timestamp(), ctx.name(), app.now()).await?;
    Ok(Redirect::to(&format!("{}?said=definition_reread", path(&id))).into_response())
}

pub(super) fn path(id: &str) -> String {
    format!("/sources/{}/definition", encode(id))
}

/// Browsers send the lines of a form with CR LF.
fn lines(draft: Draft) -> Draft {
    Draft { text: draft.text.replace("\r\n", "\n"), ..draft }
}

fn taipei() -> TimeZone {
    TimeZone::get("Asia/Taipei").unwrap_or(TimeZone::UTC)
}

/// Cut to the minute, so that nothing of that minute is left out.
fn local(at: Timestamp) -> String {
    at.to_zoned(taipei()).strftime("%Y-%m-%dT%H:%M").to_string()
}
