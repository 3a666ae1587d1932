//! What a term would have found, before it is saved: on a page, and as JSON.

use askama::Template;
use axum::extract::{Form, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use nightheron_watchlists::{Context, Term, TermKind};
use serde::Deserialize;

use super::term_form::Draft;
use super::{Page, show};
use crate::terms::{Count, Preview, PreviewError, preview};
use crate::web::error::PageError;
use crate::web::guard::Reader;
use crate::web::state::App;
use crate::web::view::{Frame, Time, plain, time};

/// A find, for the page.
pub(crate) struct Find {
    pub(crate) post: i64,
    pub(crate) source: String,
    pub(crate) captured: Time,
    pub(crate) before: String,
    pub(crate) matched: String,
    pub(crate) after: String,
}

/// A preview, for the page.
pub(crate) struct Trial {
    pub(crate) verdict: &'static str,
    pub(crate) broad: bool,
    pub(crate) made: Preview,
    pub(crate) finds: Vec<Find>,
    /// Name, hits, alerts.
    pub(crate) days: Vec<(String, Count)>,
}

impl From<Preview> for Trial {
    fn from(made: Preview) -> Self {
        let find = |sample: &crate::terms::Sample| Find {
            post: sample.post,
            source: sample.source.clone(),
            captured: time(sample.captured_at),
            before: plain(&sample.before),
            matched: plain(&sample.matched),
            after: plain(&sample.after),
        };
        let mut days = made.by_day.clone();
        days.reverse();
        Self {
            verdict: made.verdict.as_str(),
            broad: made.verdict.is_too_broad(),
            finds: made.newest.iter().map(find).collect(),
            days,
            made,
        }
    }
}

#[derive(Template)]
#[template(path = "term_trial.html", config = "src/web/askama.toml")]
struct Tried {
    f: Frame,
    draft: Draft,
    kinds: Vec<(&'static str, bool)>,
    trial: Option<Trial>,
}

/// `POST /terms/preview`
pub(crate) async fn page(State(app): State<App>, Extension(ctx): Reader, Form(mut draft): Form<Draft>) -> Page {
    let trial = match draft.term() {
        Some(term) => Some(Trial::from(tried(&app, term).await?)),
        None => None,
    };
    let status = if trial.is_some() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let mut f = Frame::new(&ctx, "terms");
    f.path = "/terms".into();
    let kinds = draft.kinds();
    Ok((status, show(&Tried { f, draft, kinds, trial })?).into_response())
}

/// What the address of the API says.
#[derive(Deserialize)]
pub(crate) struct Asked {
    kind: String,
    text: String,
    /// Context rules as JSON.
    context: Option<String>,
}

/// `GET /api/terms/preview?kind=&text=&context=`: the preview as JSON, or `{"error": …}` with status 422.
pub(crate) async fn api(State(app): State<App>, Query(asked): Query<Asked>) -> Page {
    let term = match asked.term() {
        Ok(term) => term,
        Err(error) => return Ok(refused(&error)),
    };
    Ok(Json(tried(&app, term).await?).into_response())
}

impl Asked {
    fn term(&self) -> Result<Term, String> {
        let kind: TermKind = self.kind.parse().map_err(|error| format!("{error}"))?;
        let term = Term::parse(kind, &self.text).map_err(|error| error.to_string())?;
        let Some(context) = self.context.as_deref() else { return Ok(term) };
        let context: Context =
            serde_json::from_str(context).map_err(|error| format!("the context cannot be read: {error}"))?;
        term.with_context(context).map_err(|error| error.to_string())
    }
}

fn refused(error: &str) -> Response {
    (StatusCode::UNPROCESSABLE_ENTITY, Json(serde_json::json!({ "error": error }))).into_response()
}

/// A preview reads up to 256 MiB of text: no more than two are made at once.
async fn tried(app: &App, term: Term) -> Result<Preview, PageError> {
    let _turn = app.trying.acquire().await.map_err(|_| PageError::Internal)?;
    let made = preview(app.store(), &[term], None, app.now()).await.map_err(PageError::from)?;
    made.into_iter().next().ok_or(PageError::Internal)
}

impl From<PreviewError> for PageError {
    fn from(error: PreviewError) -> Self {
        match error {
            PreviewError::Store(error) => error.into(),
            PreviewError::Matcher(reason) => {
                tracing::error!(reason, "a term could not be tried");
                Self::Internal
            }
        }
    }
}
