//! The repair of a source's definition: what is proposed, and the one click that accepts it.

use askama::Template;
use axum::Extension;
use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use nightheron_crawlers::repair::Verdict;
use serde::Deserialize;

use super::definition::path;
use super::definition_view::{Line, cut, difference, kind_of, shown_address};
use super::{Page, show};
use crate::definitions::{BookError, NoRepair, Repair, WorkError, digest};
use crate::web::error::PageError;
use crate::web::guard::{Ctx, Reader};
use crate::web::state::App;
use crate::web::view::{Frame, Time, time};

/// Rows of the preview that are shown.
const ROWS: usize = 60;

struct Change {
    kind: &'static str,
    name: String,
    old: String,
    new: String,
}

struct Weighed {
    kind: &'static str,
    /// Pages, known rows, found, equal, new.
    numbers: [usize; 5],
}

struct Preview {
    url: String,
    kind: &'static str,
    known: bool,
    differs: Vec<String>,
    fields: Vec<(String, String)>,
}

/// A proposal, for the page.
struct Proposed {
    verdict: &'static str,
    complete: bool,
    may_accept: bool,
    sentences: Vec<String>,
    notes: Vec<String>,
    set_aside: Vec<(String, String)>,
    pages: usize,
    known: usize,
    digest: String,
    text: String,
    changes: Vec<Change>,
    evidence: Vec<Weighed>,
    rows: Vec<Preview>,
    lines: Vec<Line>,
}

impl Proposed {
    fn of(repair: Repair, old: &str) -> Self {
        let Repair { proposal, pages, known } = repair;
        let digest = digest(&proposal);
        let (verdict, sentences) = match proposal.verdict {
            Verdict::Complete => ("complete", vec![]),
            Verdict::Partial(sentences) => ("partial", sentences),
            Verdict::None(why) => ("none", vec![why]),
        };
        let changes = proposal.changes.into_iter();
        let changes = changes.map(|c| Change { kind: kind_of(c.kind), name: c.name, old: c.old, new: c.new });
        let evidence = proposal.evidence.iter();
        let evidence =
            evidence.map(|e| Weighed { kind: kind_of(e.kind), numbers: [e.pages, e.known, e.found, e.equal, e.new] });
        let rows = proposal.preview.into_iter().take(ROWS).map(|row| Preview {
            url: shown_address(row.url.as_str()),
            kind: kind_of(row.kind),
            known: row.known,
            differs: row.differs,
            fields: row.fields.iter().map(|(name, value)| (name.clone(), cut(value))).collect(),
        });
        Self {
            verdict,
            complete: verdict == "complete",
            may_accept: verdict != "none",
            sentences,
            notes: proposal.notes,
            set_aside: proposal.set_aside.into_iter().map(|(url, why)| (shown_address(url.as_str()), why)).collect(),
            pages,
            known,
            digest,
            lines: difference(old, &proposal.text),
            text: proposal.text,
            changes: changes.collect(),
            evidence: evidence.collect(),
            rows: rows.collect(),
        }
    }
}

#[derive(Template)]
#[template(path = "repair.html", config = "src/web/askama.toml")]
struct One {
    f: Frame,
    id: String,
    name: String,
    number: i64,
    since: Time,
    /// Why nothing is proposed, or was not accepted; empty otherwise.
    refused: String,
    /// Whether there is nothing to repair.
    sound: bool,
    proposal: Option<Proposed>,
}

/// `GET /sources/{id}/repair`
pub(crate) async fn page(State(app): State<App>, Extension(ctx): Reader, Path(id): Path<String>) -> Page {
    ctx.audit(&app, "definition.repair", &id).await?;
    show(&load(&app, &ctx, &id, String::new()).await?)
}

async fn load(app: &App, ctx: &Ctx, id: &str, refused: String) -> Result<One, PageError> {
    let bench = &app.web.workbench;
    let (current, row) = (bench.current(id)?, bench.row(id).await?);
    let mut page = One {
        f: Frame::new(ctx, "overview"),
        id: id.to_owned(),
        name: row.source.name,
        number: current.number,
        since: time(row.last_ok_at),
        refused,
        sound: false,
        proposal: None,
    };
    match bench.propose(id).await {
        Ok((repair, _)) => page.proposal = Some(Proposed::of(repair, &current.text)),
        Err(WorkError::Repair(NoRepair::Sound(_))) => page.sound = true,
        Err(error @ WorkError::Repair(_)) if page.refused.is_empty() => page.refused = error.to_string(),
        Err(WorkError::Repair(_)) => {}
        Err(error) => return Err(error.into()),
    }
    Ok(page)
}

/// The proposal that was looked at, and why it is accepted.
#[derive(Deserialize)]
pub(crate) struct Accepted {
    proposal: String,
    #[serde(default)]
    reason: String,
}

/// `POST /sources/{id}/repair`
pub(crate) async fn accept(
    State(app): State<App>, Extension(ctx): Reader, Path(id): Path<String>, Form(form): Form<Accepted>,
) -> Page {
    ctx.audit(&app, "definition.accept", &id).await?;
    let done = app.web.workbench.accept(&id, &form.proposal, ctx.name(), &form.reason, app.now()).await;
    match done {
        Ok(_) => Ok(Redirect::to(&format!("{}?said=definition_repaired", path(&id))).into_response()),
        Err(WorkError::Book(BookError::Store(error))) => Err(error.into()),
        Err(WorkError::Book(BookError::Unknown(_))) => Err(PageError::NotFound),
        Err(error) => {
            let mut page = load(&app, &ctx, &id, error.to_string()).await?;
            page.f.path = format!("/sources/{}/repair", crate::web::view::encode(&id));
            Ok((StatusCode::UNPROCESSABLE_ENTITY, show(&page)?).into_response())
        }
    }
}
