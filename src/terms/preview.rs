//! What a term would have found in the last 90 days, before it is watched for.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};
use nightheron_watchlists::{Matcher, Term, TermId};
use serde::Serialize;

use super::{
    similar::{Relation, Similar, similar},
    tally::{Count, Found, Sample, Tally, day},
    verdict::{Verdict, judge},
};
use crate::store::{Store, StoreError, model::TermVerdicts};

/// How far back a preview looks, in days.
pub const WINDOW_DAYS: i64 = 90;
/// Most revisions of posts that a preview reads, the newest.
pub const MAX_POSTS: u64 = 50_000;
/// Most text that a preview reads, in bytes.
pub const MAX_BYTES: u64 = 256 << 20;
/// Posts read at once.
const BATCH: i64 = 500;

/// Why there is no preview.
#[derive(Debug, thiserror::Error)]
pub enum PreviewError {
    /// The store does not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The terms cannot be matched.
    #[error("the term cannot be tried: {0}")]
    Matcher(String),
}

/// What a term would have found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Preview {
    /// The term's kind.
    pub kind: String,
    /// Its canonical text.
    pub text: String,
    /// Days that were looked at: 90, or as many as there are captures for.
    pub days: u64,
    /// Revisions read.
    pub posts: u64,
    /// Whether all posts of the window were read; otherwise the newest were.
    pub complete: bool,
    /// Hits, and the alerts they make after grouping.
    #[serde(flatten)]
    pub total: Count,
    /// By day in Taipei, as `2026-11-21`; days without a hit are left out.
    pub by_day: Vec<(String, Count)>,
    /// By source, the most alerts first.
    pub by_source: Vec<(String, Count)>,
    /// The newest finds, one a post.
    pub newest: Vec<Sample>,
    /// Equal and similar terms with their record.
    pub similar: Vec<Similar>,
    /// What it comes to.
    pub verdict: Verdict,
}

/// Tries terms on the posts of the last 90 days; gives a preview for each, in their order. Texts are matched on a
/// thread of their own. `except` is the stored term that is being changed, which is not similar to itself.
///
/// # Errors
/// The store does not answer, or the terms are too large together.
pub async fn preview(
    store: &dyn Store, terms: &[Term], except: Option<i64>, now: Timestamp,
) -> Result<Vec<Preview>, PreviewError> {
    let since = now.saturating_sub(SignedDuration::from_hours(24 * WINDOW_DAYS)).unwrap_or(now);
    let (tally, complete) = count(store, terms.to_vec(), since).await?;
    let rows = store.terms(None).await?;
    let verdicts = store.term_verdicts(None).await?;
    let days = tally.oldest.map_or(1, |oldest| days_between(oldest, now));
    let (terms, counted) = (terms.to_vec(), tally);
    let made = tokio::task::spawn_blocking(move || {
        let mut counted = counted;
        let (posts, of) = (counted.posts, |id: i64| verdicts.get(&id).copied().unwrap_or_default());
        let mut made = Vec::new();
        for (id, term) in (0..).zip(&terms) {
            let found = counted.found.remove(&id).unwrap_or_default();
            let similar = similar(term, except, &rows, of);
            made.push(Preview { days, posts, complete, ..of_term(term, found, days, similar) });
        }
        made
    });
    made.await.map_err(|error| PreviewError::Matcher(error.to_string()))
}

/// Reads the posts, the newest first, until the window or a bound ends.
async fn count(store: &dyn Store, terms: Vec<Term>, since: Timestamp) -> Result<(Tally, bool), PreviewError> {
    let ended = |error: tokio::task::JoinError| PreviewError::Matcher(error.to_string());
    let numbered = (0 as TermId..).zip(terms);
    let built = tokio::task::spawn_blocking(move || Matcher::new(numbered)).await.map_err(ended)?;
    let mut tally = Tally::new(built.map_err(|error| PreviewError::Matcher(error.to_string()))?);
    let mut before = i64::MAX;
    while tally.posts < MAX_POSTS && tally.bytes < MAX_BYTES {
        let batch = store.texts_before(before, since, BATCH).await?;
        let Some(last) = batch.last() else { return Ok((tally, true)) };
        before = last.seq;
        tally = tokio::task::spawn_blocking(move || {
            tally.take(&batch);
            tally
        })
        .await
        .map_err(ended)?;
    }
    let complete = store.texts_before(before, since, 1).await?.is_empty();
    Ok((tally, complete))
}

fn of_term(term: &Term, found: Found, days: u64, similar: Vec<Similar>) -> Preview {
    let worst = found.worst_day();
    let mut by_source: Vec<(String, Count)> = found.by_source.into_iter().collect();
    by_source.sort_by(|a, b| (b.1.alerts, b.1.hits, &a.0).cmp(&(a.1.alerts, a.1.hits, &b.0)));
    let equal =
        similar.iter().filter(|other| other.relation == Relation::Equal).fold(TermVerdicts::default(), |sum, other| {
            TermVerdicts { confirmed: sum.confirmed + other.confirmed, dismissed: sum.dismissed + other.dismissed }
        });
    Preview {
        kind: term.kind().name().to_owned(),
        text: term.text().to_owned(),
        days,
        posts: 0,
        complete: true,
        total: found.total,
        by_day: found.by_day.into_iter().map(|(day, count)| (day.to_string(), count)).collect(),
        by_source,
        newest: found.samples,
        verdict: judge(found.total.alerts, worst, days, equal, term.is_ordinary()),
        similar,
    }
}

/// Days from the first to the last, both counted.
fn days_between(first: Timestamp, last: Timestamp) -> u64 {
    let days = day(first).until(day(last)).map_or(0, |span| span.get_days());
    u64::try_from(days).unwrap_or(0) + 1
}

/// Judges many terms at once, as [`preview`] would, in their order; fit for a file of thousands.
///
/// # Errors
/// As [`preview`].
pub async fn verdicts(store: &dyn Store, terms: &[Term], now: Timestamp) -> Result<Vec<Verdict>, PreviewError> {
    let since = now.saturating_sub(SignedDuration::from_hours(24 * WINDOW_DAYS)).unwrap_or(now);
    let (tally, _) = count(store, terms.to_vec(), since).await?;
    let days = tally.oldest.map_or(1, |oldest| days_between(oldest, now));
    let of_terms = store.term_verdicts(None).await?;
    let mut equal: HashMap<(String, String), TermVerdicts> = HashMap::new();
    for row in store.terms(None).await?.into_iter().filter(|row| of_terms.contains_key(&row.id)) {
        let sum = equal.entry((row.term.kind, row.term.text)).or_default();
        let one = of_terms.get(&row.id).copied().unwrap_or_default();
        (sum.confirmed, sum.dismissed) = (sum.confirmed + one.confirmed, sum.dismissed + one.dismissed);
    }
    let judged = (0..).zip(terms).map(|(id, term)| {
        let found = tally.found.get(&id);
        let key = (term.kind().name().to_owned(), term.text().to_owned());
        let of_equal = equal.get(&key).copied().unwrap_or_default();
        judge(
            found.map_or(0, |f| f.total.alerts),
            found.map_or(0, Found::worst_day),
            days,
            of_equal,
            term.is_ordinary(),
        )
    });
    Ok(judged.collect())
}
