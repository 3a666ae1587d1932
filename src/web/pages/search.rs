//! Search over everything that was captured.

use askama::Template;
use axum::Extension;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use jiff::Timestamp;
use nightheron_index::{MAX_WINDOW, SearchError, SearchHit, Span};
use serde::Deserialize;

use super::{Page, show};
use crate::web::guard::Reader;
use crate::web::i18n::Lang;
use crate::web::state::App;
use crate::web::view::{Frame, Pager, Piece, Time, encode, page_number, pieces, plain, time};

/// Hits of a page.
const HITS: usize = 20;
/// Longest query, in characters.
const MAX_QUERY: usize = 1000;

struct Hit {
    seq: u64,
    title: Vec<Piece>,
    snippet: Vec<Piece>,
    source: String,
    author: String,
    members: Vec<String>,
    posted: Time,
    captured: Time,
}

#[derive(Template)]
#[template(path = "search.html", config = "src/web/askama.toml")]
struct SearchPage {
    f: Frame,
    query: String,
    newest: bool,
    total: usize,
    hits: Vec<Hit>,
    pager: Pager,
    error: Option<String>,
    /// The query up to where it is wrong, and the rest.
    wrong: Option<(String, String)>,
}

/// What the address says.
#[derive(Deserialize)]
pub(crate) struct Wanted {
    #[serde(default)]
    q: String,
    sort: Option<String>,
    page: Option<i64>,
}

/// `GET /search`
pub(crate) async fn page(State(app): State<App>, Extension(ctx): Reader, Query(wanted): Query<Wanted>) -> Page {
    let query: String = wanted.q.trim().chars().take(MAX_QUERY).collect();
    let newest = wanted.sort.as_deref() == Some("new");
    let page = page_number(wanted.page);
    let offset = usize::try_from(page - 1).unwrap_or(0) * HITS;
    let mut shown = SearchPage {
        f: Frame::new(&ctx, "search"),
        newest,
        total: 0,
        hits: Vec::new(),
        pager: Pager::new("", 1, false),
        error: None,
        wrong: None,
        query,
    };
    if shown.query.is_empty() {
        return show(&shown);
    }
    ctx.audit(&app, "search", &shown.query).await?;
    match app.web.search.search(&shown.query, newest, HITS, offset).await {
        Ok(found) => {
            let base = format!("/search?q={}&sort={}&", encode(&shown.query), if newest { "new" } else { "" });
            shown.pager = Pager::new(&base, page, found.total.min(MAX_WINDOW) > offset + HITS);
            shown.total = found.total;
            shown.hits = found.hits.into_iter().map(hit).collect();
            show(&shown)
        }
        Err(error) => refused(shown, ctx.lang, error),
    }
}

/// A query that cannot be answered: what is wrong, and where.
fn refused(mut page: SearchPage, lang: Lang, error: SearchError) -> Page {
    match error {
        SearchError::Query(error) => {
            let at = error.column.saturating_sub(1);
            let (good, rest) = (page.query.chars().take(at).collect(), page.query.chars().skip(at).collect());
            page.wrong = Some((good, rest));
            page.error = Some(format!("{} {}", lang.with("search.wrong", error.column), error.reason));
            Ok((StatusCode::BAD_REQUEST, show(&page)?).into_response())
        }
        SearchError::TooDeep { .. } => {
            page.error = Some(lang.t("search.too_deep").to_owned());
            Ok((StatusCode::BAD_REQUEST, show(&page)?).into_response())
        }
        error => {
            tracing::error!(error = %error, "the search index could not be read");
            page.error = Some(lang.t("search.unavailable").to_owned());
            Ok((StatusCode::SERVICE_UNAVAILABLE, show(&page)?).into_response())
        }
    }
}

fn hit(hit: SearchHit) -> Hit {
    Hit {
        seq: hit.seq,
        title: spans(hit.title_highlight),
        snippet: spans(hit.snippet),
        source: hit.source,
        author: hit.author.as_deref().map(plain).unwrap_or_default(),
        members: hit.members,
        posted: time(hit.posted_at_ms.and_then(|ms| Timestamp::from_millisecond(ms).ok())),
        captured: time(Timestamp::from_millisecond(hit.captured_at_ms).ok()),
    }
}

fn spans(spans: Vec<Span>) -> Vec<Piece> {
    let (mut text, mut marked) = (String::new(), Vec::new());
    for span in spans {
        let start = text.len() as u64;
        text.push_str(&span.text);
        if span.highlighted {
            marked.push((start, text.len() as u64));
        }
    }
    pieces(&text, marked)
}
