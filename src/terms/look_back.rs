//! Newly watched terms matched against everything captured before, in batches that a crash repeats without effect.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::tally::fields;
use crate::{
    alerts::{Desk, digest, identity::alert_id},
    assess::{Claim, assess},
    clock::Clock,
    faults,
    pipeline::{WatchList, find_in},
    store::{
        Result, Store, StoreError,
        model::{Class, LookBack, LookBackFinding, PostText, Severity},
    },
};

/// Posts of one batch.
const BATCH: i64 = 500;
/// How long after its terms were saved a look back may end: by then no visit under way matches with the old terms.
const SETTLE: SignedDuration = SignedDuration::from_secs(10);
/// The longest nap when nobody wakes it.
const NAP: std::time::Duration = std::time::Duration::from_secs(2);

/// What one step came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Nothing is to be done.
    Idle,
    /// All posts are matched; it ends when the terms have settled.
    Settling,
    /// A batch was matched, and made so many alerts.
    Matched(u64),
    /// A look back ended.
    Finished,
}

/// Works on look backs, one after the other; keeps the matcher of the one in hand.
#[derive(Debug, Default)]
pub struct LookBacker {
    probe: Option<Arc<Probe>>,
}

/// The terms of a look back as they were at a generation.
#[derive(Debug)]
struct Probe {
    look_back: i64,
    generation: i64,
    terms: WatchList,
}

impl LookBacker {
    /// Takes one step: a batch of posts, or an end. What it stores it stores whole, so it may be killed at any time.
    ///
    /// # Errors
    /// When the store does not answer, or another process is at the same look back.
    pub async fn step(&mut self, store: &dyn Store, desk: &Desk, now: Timestamp) -> Result<Step> {
        let Some(look_back) = store.open_look_back().await? else {
            self.probe = None;
            return Ok(Step::Idle);
        };
        let posts = store.texts_after(look_back.done, BATCH).await?;
        let Some(last) = posts.last() else { return self.end(store, desk, &look_back, now).await };
        let done = last.seq;
        let probe = self.probe(store, &look_back).await?;
        let matched = tokio::task::spawn_blocking(move || match_all(&probe, &posts)).await;
        let findings = matched.map_err(|error| unmatchable(look_back.id, &error.to_string()))?;
        let alerts = store.commit_look_back(look_back.id, look_back.done, done, &findings, now).await?;
        faults::point("after_look_back_batch");
        Ok(Step::Matched(alerts))
    }

    async fn end(&mut self, store: &dyn Store, desk: &Desk, look_back: &LookBack, now: Timestamp) -> Result<Step> {
        if now.duration_since(look_back.queued_at) < SETTLE {
            return Ok(Step::Settling);
        }
        let digests = digest::for_reviewers(store, desk, look_back.id).await?;
        faults::point("before_look_back_end");
        store.finish_look_back(look_back.id, &digests, now).await?;
        tracing::info!(
            look_back.id,
            look_back.terms,
            look_back.hits,
            look_back.alerts,
            notices = digests.len(),
            "terms were matched against history"
        );
        self.probe = None;
        Ok(Step::Finished)
    }

    /// The matcher for a look back, built anew when any term changed.
    async fn probe(&mut self, store: &dyn Store, look_back: &LookBack) -> Result<Arc<Probe>> {
        let generation = store.terms_generation().await?;
        if let Some(probe) = &self.probe
            && (probe.look_back, probe.generation) == (look_back.id, generation)
        {
            return Ok(Arc::clone(probe));
        }
        let probe = Arc::new(load(store, look_back.id, generation).await?);
        self.probe = Some(Arc::clone(&probe));
        Ok(probe)
    }
}

/// Works until stopped: at every wake, after every nap, and again while there is more.
pub async fn run(
    store: &dyn Store, desk: &Desk, clock: &dyn Clock, (wake, outbox): (&Notify, &Notify), stop: &CancellationToken,
) {
    let mut worker = LookBacker::default();
    while !stop.is_cancelled() {
        match worker.step(store, desk, clock.now()).await {
            Ok(Step::Matched(_)) => continue,
            Ok(Step::Finished) => {
                outbox.notify_one();
                continue;
            }
            Ok(Step::Idle | Step::Settling) => {}
            // Another process went on with it: the next step begins where it stands now.
            Err(StoreError::Conflict { .. }) => {}
            Err(error) => tracing::warn!(error = %error, "terms cannot be matched against history now"),
        }
        tokio::select! {
            () = stop.cancelled() => {}
            () = wake.notified() => {}
            () = tokio::time::sleep(NAP) => {}
        }
    }
}

fn unmatchable(look_back: i64, reason: &str) -> StoreError {
    StoreError::Corrupt { what: "look back", value: format!("{look_back}: {reason}") }
}

/// What was paused meanwhile is not looked for: nobody wants to hear of it.
async fn load(store: &dyn Store, look_back: i64, generation: i64) -> Result<Probe> {
    let terms = store.look_back_terms(look_back).await?;
    Ok(Probe { look_back, generation, terms: WatchList::of(terms, generation, store).await? })
}

fn match_all(probe: &Probe, posts: &[PostText]) -> Vec<LookBackFinding> {
    posts.iter().flat_map(|post| match_one(probe, post)).collect()
}

fn match_one(probe: &Probe, post: &PostText) -> Vec<LookBackFinding> {
    let by_member = find_in(fields(post), &probe.terms);
    let author = Some(post.author.as_str()).filter(|author| !author.is_empty());
    let finding = |(member, found): (i64, crate::pipeline::Matched)| {
        let assessed = assess(&post.title, &post.body, author, &found.kinds);
        LookBackFinding {
            post: post.seq,
            source: post.source.clone(),
            post_key: post.key.clone(),
            member,
            alert: alert_id(&post.source, &post.key, &found.business_number, Class::History),
            severity: assessed.severity.max(Severity::Low),
            confidence: assessed.confidence,
            claim: assessed.claim.as_ref().map(Claim::to_json),
            hits: found.hits,
        }
    };
    by_member.into_iter().map(finding).collect()
}
