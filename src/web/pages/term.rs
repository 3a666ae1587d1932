//! One term: its record, the history of its edits, and changes of it.

use askama::Template;
use axum::Extension;
use axum::extract::{Form, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use serde::Deserialize;

use super::look_back::{Progress, progress};
use super::term_form::Draft;
use super::term_trial::Trial;
use super::terms::Line;
use super::{Page, show};
use crate::store::model::{NewTerm, TermEdit, TermState};
use crate::terms::{Preview, SaveError, change};
use crate::web::error::PageError;
use crate::web::guard::{Ctx, Reader};
use crate::web::state::App;
use crate::web::view::{Frame, Time, time};

/// An entry of the history.
struct Edit {
    at: Time,
    by: String,
    note: String,
    /// What changed: name, before, after.
    changes: Vec<(String, String, String)>,
}

impl From<TermEdit> for Edit {
    fn from(edit: TermEdit) -> Self {
        let read = |text: &str| serde_json::from_str::<serde_json::Map<_, _>>(text).unwrap_or_default();
        let (before, after) = (edit.before.as_deref().map(read).unwrap_or_default(), read(&edit.after));
        let written = |value: Option<&serde_json::Value>| match value {
            None | Some(serde_json::Value::Null) => "—".to_owned(),
            Some(serde_json::Value::String(text)) => text.clone(),
            Some(other) => other.to_string(),
        };
        let differs = after.iter().filter(|(name, value)| before.get(*name) != Some(value));
        let changes =
            differs.map(|(name, value)| (name.clone(), written(before.get(name)), written(Some(value)))).collect();
        Self { at: time(edit.at), by: edit.by, note: edit.note, changes }
    }
}

#[derive(Template)]
#[template(path = "term.html", config = "src/web/askama.toml")]
struct One {
    f: Frame,
    line: Line,
    created: Time,
    edited_by: String,
    draft: Draft,
    kinds: Vec<(&'static str, bool)>,
    trial: Option<Trial>,
    progress: Vec<Progress>,
    edits: Vec<Edit>,
}

/// What the address says.
#[derive(Default, Deserialize)]
pub(crate) struct Wanted {
    said: Option<String>,
}

/// `GET /terms/{id}`
pub(crate) async fn page(
    State(app): State<App>, Extension(ctx): Reader, Path(id): Path<i64>, Query(wanted): Query<Wanted>,
) -> Page {
    let mut page = load(&app, &ctx, id, None).await?;
    page.f = page.f.saying(wanted.said.as_deref());
    show(&page)
}

async fn load(app: &App, ctx: &Ctx, id: i64, draft: Option<Draft>) -> Result<One, PageError> {
    let store = app.store();
    let row = store.term(id).await?;
    let verdicts = store.term_verdicts(Some(id)).await?.remove(&id).unwrap_or_default();
    let draft = draft.unwrap_or_else(|| Draft::of(&row));
    Ok(One {
        f: Frame::new(ctx, "terms"),
        created: time(row.created_at),
        edited_by: row.edited_by.clone(),
        line: Line::new(row, verdicts),
        kinds: draft.kinds(),
        draft,
        trial: None,
        progress: progress(app, Some(id)).await?,
        edits: store.term_edits(id).await?.into_iter().map(Edit::from).collect(),
    })
}

/// `POST /terms/{id}`
pub(crate) async fn edit(
    State(app): State<App>, Extension(ctx): Reader, Path(id): Path<i64>, Form(mut draft): Form<Draft>,
) -> Page {
    let mut row = app.store().term(id).await?;
    let Some(term) = draft.check(ctx.lang, ctx.name()) else { return again(&app, &ctx, id, draft, None).await };
    ctx.audit(&app, "term.edit", &format!("{id} {}", row.term.text)).await?;
    // The form's version, not today's: what somebody else saved meanwhile is not overwritten.
    row.version = draft.version;
    let term = NewTerm { state: row.term.state, ..term };
    let turn = app.trying.acquire().await.map_err(|_| PageError::Internal)?;
    let saved = change(app.store(), &row, term, ctx.name(), &draft.broad_reason, app.now()).await;
    drop(turn);
    match saved {
        Ok(_) => {}
        Err(SaveError::TooBroad(made)) => return again(&app, &ctx, id, draft, Some(*made)).await,
        Err(error) => return Err(error.into()),
    }
    app.web.wake_look_back.notify_one();
    Ok(Redirect::to(&format!("/terms/{id}?said=term_edited")).into_response())
}

/// The form of a term's buttons.
#[derive(Deserialize)]
pub(crate) struct Change {
    state: String,
    /// Why, for its history; for a term that is too broad, why it is watched for all the same.
    #[serde(default)]
    note: String,
}

/// `POST /terms/{id}/state`
pub(crate) async fn set(
    State(app): State<App>, Extension(ctx): Reader, Path(id): Path<i64>, Form(form): Form<Change>,
) -> Page {
    let (state, action) = match form.state.as_str() {
        "active" => (TermState::Active, "term.activate"),
        "paused" => (TermState::Paused, "term.pause"),
        _ => return Err(PageError::BadRequest),
    };
    let row = app.store().term(id).await?;
    ctx.audit(&app, action, &format!("{id} {}", row.term.text)).await?;
    let term = NewTerm { state, ..row.term.clone() };
    let turn = app.trying.acquire().await.map_err(|_| PageError::Internal)?;
    let saved = change(app.store(), &row, term, ctx.name(), &form.note, app.now()).await;
    drop(turn);
    match saved {
        Ok(_) => {}
        Err(SaveError::TooBroad(made)) => return again(&app, &ctx, id, Draft::of(&row), Some(*made)).await,
        Err(error) => return Err(error.into()),
    }
    app.web.wake_look_back.notify_one();
    Ok(Redirect::to(&format!("/terms/{id}?said=term_{}", state.as_str())).into_response())
}

async fn again(app: &App, ctx: &Ctx, id: i64, draft: Draft, made: Option<Preview>) -> Page {
    let mut page = load(app, ctx, id, Some(draft)).await?;
    page.f.path = format!("/terms/{id}");
    page.trial = made.map(Trial::from);
    Ok((StatusCode::UNPROCESSABLE_ENTITY, show(&page)?).into_response())
}
