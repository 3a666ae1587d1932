//! The first page: what is watched and how it is, and what waits for a person.

use askama::Template;
use axum::Extension;
use axum::extract::{Form, Query, State};
use axum::response::{IntoResponse, Redirect};
use nightheron_crawlers::Outcome;
use serde::Deserialize;

use super::findings::Row;
use super::source_links::Links;
use super::{Page, show};
use crate::store::model::{AlertFilter, NoticeState, SourceRow};
use crate::web::guard::Reader;
use crate::web::i18n::Lang;
use crate::web::ports::ComponentHealth;
use crate::web::state::App;
use crate::web::view::{Frame, Time, time};

/// Most dead letters that are counted.
const MANY: i64 = 1000;

struct Component {
    name: String,
    ok: bool,
    detail: String,
    dated: bool,
    since: Time,
}

pub(super) struct Source {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) kind: String,
    pub(super) via: String,
    pub(super) state: &'static str,
    pub(super) dated: bool,
    pub(super) since: Time,
    pub(super) outcome: String,
    pub(super) last: Time,
    pub(super) next: Time,
    pub(super) posts: i64,
    pub(super) enabled: bool,
    pub(super) links: Links,
}

#[derive(Template)]
#[template(path = "overview.html", config = "src/web/askama.toml")]
struct Overview {
    f: Frame,
    held: i64,
    watched: usize,
    total: usize,
    dead: usize,
    dead_more: bool,
    posts: i64,
    health: Vec<Component>,
    sources: Vec<Source>,
    findings: Vec<Row>,
}

/// What has just been done, for the sentence on top.
#[derive(Deserialize)]
pub(crate) struct Said {
    pub(crate) said: Option<String>,
}

/// `GET /`
pub(crate) async fn page(State(app): State<App>, Extension(ctx): Reader, Query(query): Query<Said>) -> Page {
    let store = app.store();
    let sources = store.sources().await?;
    let counts = store.alert_counts().await?;
    let dead = store.notices(Some(NoticeState::Dead), MANY, 0).await?.len();
    let dead = dead + store.dead_jobs().await?.len();
    let latest = store.alerts(&AlertFilter { limit: 10, ..AlertFilter::default() }).await?;
    let mut f = Frame::new(&ctx, "overview").saying(query.said.as_deref());
    f.refresh = true;
    show(&Overview {
        held: counts.held,
        watched: sources.iter().filter(|s| s.enabled && s.healthy).count(),
        total: sources.len(),
        dead,
        dead_more: i64::try_from(dead).unwrap_or(MANY) >= MANY,
        posts: sources.iter().map(|s| s.posts).sum(),
        health: app.web.health.snapshot().into_iter().map(|c| component(ctx.lang, c)).collect(),
        sources: sources.into_iter().map(|s| Source::of(ctx.lang, s)).collect(),
        findings: latest.into_iter().map(Row::from).collect(),
        f,
    })
}

fn component(lang: Lang, health: ComponentHealth) -> Component {
    Component {
        name: lang.word("component", health.name),
        ok: health.ok,
        detail: health.detail,
        dated: health.since.is_some(),
        since: time(health.since),
    }
}

impl Source {
    pub(super) fn of(lang: Lang, row: SourceRow) -> Self {
        let state = match &row {
            row if !row.enabled => "off",
            row if row.last_outcome.is_none() => "new",
            row if row.healthy => "well",
            _ => "unwell",
        };
        Self {
            state,
            dated: row.health_since.is_some(),
            since: time(row.health_since),
            outcome: row.last_outcome.as_deref().map_or_else(String::new, |text| outcome(lang, text)),
            last: time(row.last_visit_at),
            next: time(row.enabled.then_some(row.next_visit_at)),
            posts: row.posts,
            enabled: row.enabled,
            links: Links::of(lang, &row),
            id: row.source.id,
            name: row.source.name,
            kind: row.source.kind,
            via: row.source.via,
        }
    }
}

/// How a visit ended, in plain words.
pub(super) fn outcome(lang: Lang, text: &str) -> String {
    match text.parse::<Outcome>() {
        Ok(Outcome::Blocked(class)) => lang.with("outcome.blocked", lang.word("class", class.as_str())),
        Ok(Outcome::SelectorMissing(field)) => lang.with("outcome.selector_missing", field),
        Ok(Outcome::Partial(what)) => lang.with("outcome.partial", what),
        Ok(Outcome::Unreachable(why)) => lang.with("outcome.unreachable", why),
        Ok(Outcome::Moved(host)) => lang.with("outcome.moved", nightheron_watchlists::defang(&host)),
        Ok(_) | Err(_) => lang.word("outcome", text),
    }
}

/// The form of a visit.
#[derive(Deserialize)]
pub(crate) struct Visit {
    source: String,
}

/// `POST /sources/visit`
pub(crate) async fn visit(State(app): State<App>, Extension(ctx): Reader, Form(visit): Form<Visit>) -> Page {
    ctx.audit(&app, "source.visit", &visit.source).await?;
    app.store().visit_now(&visit.source, app.now()).await?;
    Ok(Redirect::to("/?said=visit").into_response())
}
