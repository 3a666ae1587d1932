//! Watch terms: the list, those to be looked at again, and a new one.

use askama::Template;
use axum::Extension;
use axum::extract::{Form, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use serde::Deserialize;

use super::look_back::{Progress, progress};
use super::term_form::Draft;
use super::term_trial::Trial;
use super::{Page, show};
use crate::store::model::{TermRow, TermState, TermVerdicts};
use crate::terms::{Review, SaveError, add as save};
use crate::web::error::PageError;
use crate::web::guard::{Ctx, Reader};
use crate::web::state::App;
use crate::web::view::{Frame, Pager, Time, encode, page_number, slice, time};

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
    pub(crate) confirmed: i64,
    pub(crate) dismissed: i64,
    /// In whole percent; empty before the first verdict.
    pub(crate) precision: String,
    pub(crate) fired: Time,
    pub(crate) review: Time,
    pub(crate) author: String,
    pub(crate) reason: String,
}

impl Line {
    pub(crate) fn new(row: TermRow, verdicts: TermVerdicts) -> Self {
        Self {
            id: row.id,
            text: row.term.text,
            kind: row.term.kind,
            member: row.member,
            member_name: row.member_name,
            state: row.term.state.as_str(),
            active: row.term.state == TermState::Active,
            hits: row.hits,
            confirmed: verdicts.confirmed,
            dismissed: verdicts.dismissed,
            precision: verdicts.precision().map(|p| format!("{:.0} %", p * 100.0)).unwrap_or_default(),
            fired: time(row.last_fired_at),
            review: time(row.term.review_at),
            author: row.term.author,
            reason: row.term.reason,
        }
    }
}

#[derive(Template)]
#[template(path = "terms.html", config = "src/web/askama.toml")]
struct List {
    f: Frame,
    query: String,
    reviews: Vec<(&'static str, bool)>,
    review: &'static str,
    draft: Draft,
    kinds: Vec<(&'static str, bool)>,
    /// Business number and name.
    members: Vec<(String, String)>,
    trial: Option<Trial>,
    progress: Vec<Progress>,
    rows: Vec<Line>,
    pager: Pager,
}

/// What the address says.
#[derive(Default, Deserialize)]
pub(crate) struct Wanted {
    #[serde(default)]
    q: String,
    review: Option<String>,
    page: Option<i64>,
    said: Option<String>,
}

/// `GET /terms`
pub(crate) async fn list(State(app): State<App>, Extension(ctx): Reader, Query(wanted): Query<Wanted>) -> Page {
    show(&load(&app, &ctx, &wanted, Draft::default()).await?)
}

async fn load(app: &App, ctx: &Ctx, wanted: &Wanted, draft: Draft) -> Result<List, PageError> {
    let query = wanted.q.trim().to_lowercase();
    let store = app.store();
    let (mut terms, verdicts) = (store.terms(None).await?, store.term_verdicts(None).await?);
    let has = |text: &str| text.to_lowercase().contains(&query);
    terms.retain(|row| has(&row.term.text) || has(&row.member_name));
    let review: Option<Review> = wanted.review.as_deref().and_then(|review| review.parse().ok());
    if let Some(review) = review {
        terms = review.select(terms, &verdicts, app.now());
    }
    let review = review.map_or("", Review::as_str);
    let page = page_number(wanted.page);
    let (rows, more) = slice(terms, page);
    let line = |row: TermRow| {
        let of_term = verdicts.get(&row.id).copied().unwrap_or_default();
        Line::new(row, of_term)
    };
    Ok(List {
        f: Frame::new(ctx, "terms").saying(wanted.said.as_deref()),
        reviews: Review::ALL.iter().map(|r| (r.as_str(), r.as_str() == review)).collect(),
        review,
        kinds: draft.kinds(),
        members: store.members().await?.into_iter().take(MAX_OFFERED).map(|m| (m.business_number, m.name)).collect(),
        trial: None,
        progress: progress(app, None).await?,
        pager: Pager::new(&format!("/terms?q={}&review={review}&", encode(&query)), page, more),
        rows: rows.into_iter().map(line).collect(),
        query,
        draft,
    })
}

/// `POST /terms`
pub(crate) async fn add(State(app): State<App>, Extension(ctx): Reader, Form(mut draft): Form<Draft>) -> Page {
    let number = draft.business_number.trim().to_owned();
    let member = app.store().members().await?.into_iter().find(|member| member.business_number == number);
    if member.is_none() {
        draft.member_error = Some(ctx.lang.t("term.no_member"));
    }
    let term = draft.check(ctx.lang, ctx.name());
    let (Some(member), Some(term)) = (member, term) else { return again(&app, &ctx, draft, None).await };
    let text = term.text.clone();
    ctx.audit(&app, "term.add", &format!("{} {} {text}", member.business_number, term.kind)).await?;
    let turn = app.trying.acquire().await.map_err(|_| PageError::Internal)?;
    let saved = save(app.store(), member.id, term, &draft.broad_reason, app.now()).await;
    drop(turn);
    let said = match saved {
        Ok(saved) if saved.saved.added.is_empty() => "term_known",
        Ok(saved) if saved.saved.look_back.is_none() => "term_drafted",
        Ok(_) => "term_added",
        Err(SaveError::TooBroad(made)) => return again(&app, &ctx, draft, Some(*made)).await,
        Err(error) => return Err(error.into()),
    };
    app.web.wake_look_back.notify_one();
    Ok(Redirect::to(&format!("/terms?said={said}&q={}", encode(&text))).into_response())
}

/// The form once more, with what is wrong.
async fn again(app: &App, ctx: &Ctx, draft: Draft, made: Option<crate::terms::Preview>) -> Page {
    let mut page = load(app, ctx, &Wanted::default(), draft).await?;
    page.f.path = "/terms".into();
    page.trial = made.map(Trial::from);
    Ok((StatusCode::UNPROCESSABLE_ENTITY, show(&page)?).into_response())
}

impl From<SaveError> for PageError {
    fn from(error: SaveError) -> Self {
        match error {
            SaveError::Store(error) => error.into(),
            SaveError::Preview(error) => error.into(),
            SaveError::Term(_) | SaveError::TooBroad(_) => Self::BadRequest,
        }
    }
}
