//! Watch terms: the list, a new one, pause and resume.

use askama::Template;
use axum::Extension;
use axum::extract::{Form, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use nightheron_watchlists::{Term, TermKind};
use serde::Deserialize;

use super::{Page, show};
use crate::store::model::{TermRow, TermState};
use crate::web::error::PageError;
use crate::web::guard::{Ctx, Reader};
use crate::web::i18n::Lang;
use crate::web::state::App;
use crate::web::view::{Frame, Pager, Time, encode, page_number, slice, time};

/// Longest reason of a term, in characters.
const MAX_REASON: usize = 500;
/// Members offered in the form.
const MAX_OFFERED: usize = 2000;

/// A line of a list of terms.
pub(crate) struct Line {
    pub(crate) id: i64,
    pub(crate) text: String,
    pub(crate) kind: String,
    pub(crate) member: i64,
    pub(crate) member_name: String,
    pub(crate) state: &'static str,
    pub(crate) active: bool,
    pub(crate) hits: i64,
    pub(crate) fired: Time,
    pub(crate) author: String,
    pub(crate) reason: String,
}

impl From<TermRow> for Line {
    fn from(row: TermRow) -> Self {
        Self {
            id: row.id,
            text: row.term.text,
            kind: row.term.kind,
            member: row.member,
            member_name: row.member_name,
            state: row.term.state.as_str(),
            active: row.term.state == TermState::Active,
            hits: row.hits,
            fired: time(row.last_fired_at),
            author: row.term.author,
            reason: row.term.reason,
        }
    }
}

/// What stands in the form, and what is wrong with it.
#[derive(Default, Deserialize)]
pub(crate) struct Draft {
    #[serde(default)]
    business_number: String,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    text: String,
    #[serde(default)]
    reason: String,
    #[serde(skip)]
    member_error: Option<&'static str>,
    #[serde(skip)]
    text_error: Option<String>,
    #[serde(skip)]
    reason_error: Option<&'static str>,
}

#[derive(Template)]
#[template(path = "terms.html", config = "src/web/askama.toml")]
struct List {
    f: Frame,
    query: String,
    draft: Draft,
    kinds: Vec<(&'static str, bool)>,
    /// Business number and name.
    members: Vec<(String, String)>,
    rows: Vec<Line>,
    pager: Pager,
}

/// What the address says.
#[derive(Default, Deserialize)]
pub(crate) struct Wanted {
    #[serde(default)]
    q: String,
    page: Option<i64>,
    said: Option<String>,
}

/// `GET /terms`
pub(crate) async fn list(State(app): State<App>, Extension(ctx): Reader, Query(wanted): Query<Wanted>) -> Page {
    show(&load(&app, &ctx, &wanted, Draft::default()).await?)
}

async fn load(app: &App, ctx: &Ctx, wanted: &Wanted, draft: Draft) -> Result<List, PageError> {
    let query = wanted.q.trim().to_lowercase();
    let mut terms = app.store().terms(None).await?;
    let has = |text: &str| text.to_lowercase().contains(&query);
    terms.retain(|row| has(&row.term.text) || has(&row.member_name));
    let members = app.store().members().await?;
    let page = page_number(wanted.page);
    let (rows, more) = slice(terms, page);
    Ok(List {
        f: Frame::new(ctx, "terms").saying(wanted.said.as_deref()),
        kinds: TermKind::ALL.iter().map(|kind| (kind.name(), kind.name() == draft.kind)).collect(),
        members: members.into_iter().take(MAX_OFFERED).map(|m| (m.business_number, m.name)).collect(),
        pager: Pager::new(&format!("/terms?q={}&", encode(&query)), page, more),
        rows: rows.into_iter().map(Line::from).collect(),
        query,
        draft,
    })
}

/// `POST /terms`
pub(crate) async fn add(State(app): State<App>, Extension(ctx): Reader, Form(mut draft): Form<Draft>) -> Page {
    let number = draft.business_number.trim().to_owned();
    let member = app.store().members().await?.into_iter().find(|member| member.business_number == number);
    let term = check(ctx.lang, &mut draft);
    if member.is_none() {
        draft.member_error = Some(ctx.lang.t("term.no_member"));
    }
    let (Some(member), Some(term)) = (member, term) else {
        let mut page = load(&app, &ctx, &Wanted::default(), draft).await?;
        page.f.path = "/terms".into();
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, show(&page)?).into_response());
    };
    let new = crate::members::stored(&term, TermState::Active, ctx.name(), draft.reason.trim());
    ctx.audit(&app, "term.add", &format!("{} {} {}", member.business_number, new.kind, new.text)).await?;
    let added = app.store().add_terms(&[(member.id, new)], app.now()).await?;
    let said = if added > 0 { "term_added" } else { "term_known" };
    Ok(Redirect::to(&format!("/terms?said={said}&q={}", encode(term.text()))).into_response())
}

/// The term of a form; otherwise what is wrong stands beside the fields.
fn check(lang: Lang, draft: &mut Draft) -> Option<Term> {
    let reason = draft.reason.trim();
    if reason.is_empty() || reason.chars().nth(MAX_REASON).is_some() {
        draft.reason_error = Some(lang.t("term.reason_needed"));
    }
    let kind: Result<TermKind, _> = draft.kind.parse();
    let term =
        kind.map_err(|e| e.to_string()).and_then(|kind| Term::parse(kind, &draft.text).map_err(|e| e.to_string()));
    match term {
        Ok(term) => draft.reason_error.is_none().then_some(term),
        Err(error) => {
            draft.text_error = Some(error);
            None
        }
    }
}

/// The form of a term's button.
#[derive(Deserialize)]
pub(crate) struct Change {
    state: String,
}

/// `POST /terms/{id}/state`
pub(crate) async fn set(
    State(app): State<App>, Extension(ctx): Reader, Path(id): Path<i64>, Form(change): Form<Change>,
) -> Page {
    let (state, action) = match change.state.as_str() {
        "active" => (TermState::Active, "term.activate"),
        "paused" => (TermState::Paused, "term.pause"),
        _ => return Err(PageError::BadRequest),
    };
    let term = app.store().term(id).await?;
    ctx.audit(&app, action, &format!("{id} {}", term.term.text)).await?;
    app.store().set_term_state(id, state, ctx.name(), "", app.now()).await?;
    Ok(Redirect::to(&format!("/terms?said=term_{}&q={}", state.as_str(), encode(&term.term.text))).into_response())
}
