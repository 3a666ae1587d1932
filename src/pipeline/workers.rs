//! Workers: each claims the most overdue source, visits it, and looks for the next.

use std::{sync::Arc, time::Duration};

use jiff::{SignedDuration, Timestamp};
use nightheron_crawlers::{Outcome, schedule::Trouble};
use rand::{SeedableRng, rngs::StdRng};
use tokio::{sync::Notify, task::JoinSet};
use url::Url;

use super::{Ended, Pipeline, SourceSet, VisitError, Visited, mirrors, visit::standing};
use crate::{
    alerts::{Desk, notices},
    store::{
        self, StoreError,
        model::{MoveState, SourceRow},
    },
};

/// Longest sleep when nothing is due: a source made due by another process is noticed.
const NAP: Duration = Duration::from_secs(2);
/// How often a source that waits for a person is looked at.
const WAITING: SignedDuration = SignedDuration::from_mins(1);
/// Visits in a row that must fail before the SOC is told.
const BLIND_AFTER: i64 = 2;

/// Runs `count` workers until the pipeline is stopped; returns when the last page in hand is stored.
pub async fn work(
    pipeline: Arc<Pipeline>, sources: Arc<SourceSet>, desk: Arc<Desk>, due: Arc<Notify>, count: usize, mut rng: StdRng,
) {
    let mut workers = JoinSet::new();
    for _ in 0..count.max(1) {
        let worker = Worker {
            pipeline: Arc::clone(&pipeline),
            sources: Arc::clone(&sources),
            desk: Arc::clone(&desk),
            due: Arc::clone(&due),
            rng: StdRng::from_rng(&mut rng),
        };
        workers.spawn(worker.run());
    }
    while workers.join_next().await.is_some() {}
}

struct Worker {
    pipeline: Arc<Pipeline>,
    sources: Arc<SourceSet>,
    desk: Arc<Desk>,
    due: Arc<Notify>,
    rng: StdRng,
}

impl Worker {
    async fn run(mut self) {
        while !self.pipeline.stop.is_cancelled() {
            let now = self.pipeline.clock.now();
            match self.lease(now).await {
                Ok(Some(row)) => self.visit(&row).await,
                Ok(None) => self.nap(now).await,
                Err(error) => {
                    self.pipeline.health.note("database", Err(error.to_string()), now);
                    self.sleep(NAP).await;
                }
            }
        }
    }

    /// What is due by its deadline or because a person wants it, then what the agenda would spend a request on.
    async fn lease(&self, now: Timestamp) -> store::Result<Option<SourceRow>> {
        let (store, owner) = (&self.pipeline.store, &self.pipeline.owner);
        let due = store.lease_source(owner, now, self.pipeline.until()).await?;
        match (due, self.pipeline.agenda.next(now)) {
            (None, Some(id)) => store.lease_this(&id, owner, now, self.pipeline.until()).await,
            (due, _) => Ok(due),
        }
    }

    async fn visit(&mut self, row: &SourceRow) {
        if let Some(folder) = self.pipeline.folders.get(&row.source.id) {
            let visited = self.pipeline.visit_folder(folder, row, StdRng::from_rng(&mut self.rng)).await;
            return self.settle(row, visited).await;
        }
        let Some(source) = self.sources.get(&row.source.id) else {
            // Known to the store and not to this process: another one's, or being taken away.
            self.sleep(NAP).await;
            return;
        };
        // Another process, or a change of the definition, may have gone on to another link.
        if let Some(link) = mirrors(row).choose(&source.definition().links) {
            self.pipeline.agenda.settle(&row.source.id, link);
        }
        if let Err(later) = self.pipeline.agenda.begin(row, self.pipeline.clock.now()) {
            if self.pipeline.store.put_off(&row.source.id, &self.pipeline.owner, later).await.is_err() {
                self.give_back(row).await;
            }
            return;
        }
        let now = self.pipeline.clock.now();
        // A person who wants it visited has helped, or wants to know whether it works again.
        let stands = if row.wanted { standing(row).helped() } else { standing(row) };
        if !stands.may_visit(now) {
            self.leave_alone(row, now).await;
            return;
        }
        let visited = self.pipeline.visit(source, row, StdRng::from_rng(&mut self.rng)).await;
        self.settle(row, visited).await;
    }

    async fn settle(&mut self, row: &SourceRow, visited: Result<Visited, VisitError>) {
        let error = match visited {
            Ok(visited) => return self.tell(row, &visited).await,
            Err(VisitError::Stopped) => return,
            Err(error) => error,
        };
        self.pipeline.agenda.abandon(&row.source.id, self.pipeline.clock.now(), &mut self.rng);
        tracing::warn!(source.id = %row.source.id, error = %error, "a visit ended early; the source will be visited again");
        // What was leased by another worker meanwhile is not given back.
        if !matches!(error, VisitError::Store(StoreError::Conflict { .. })) {
            self.give_back(row).await;
        }
    }

    /// A source that waits for a person, or as the site told it, is looked at again when its back-off is over.
    async fn leave_alone(&mut self, row: &SourceRow, now: Timestamp) {
        let trouble = Some(Trouble::Source);
        let ended = Ended { began: now, ended: now, requests: 0, posts: 0, trouble, retry_after: None };
        self.pipeline.agenda.end(&row.source.id, &ended, &mut self.rng);
        let later = now.saturating_add(WAITING).unwrap_or(now);
        if self.pipeline.store.put_off(&row.source.id, &self.pipeline.owner, later).await.is_err() {
            self.give_back(row).await;
        }
    }

    /// What the store's failure ended is due again as soon as the store answers, not when the lease ends.
    async fn give_back(&self, row: &SourceRow) {
        self.sleep(NAP).await;
        while !self.pipeline.stop.is_cancelled()
            && self.pipeline.store.give_back(&row.source.id, &self.pipeline.owner).await.is_err()
        {
            self.sleep(NAP).await;
        }
    }

    /// Blindness is an event: the SOC hears of it with the second failed visit in a row, and when it is over.
    async fn tell(&self, row: &SourceRow, visited: &Visited) {
        let outcome = &visited.outcome;
        tracing::info!(source.id = %row.source.id, outcome = %outcome, requests = visited.requests, "visited a source");
        if matches!(outcome, Outcome::Moved(_)) {
            self.tell_moves(row).await;
        }
        let healthy = outcome.is_good();
        let blind = !healthy && !visited.spared && row.failures + 1 == BLIND_AFTER;
        let seeing = healthy && row.failures >= BLIND_AFTER;
        if !(blind || seeing) {
            return;
        }
        let since = if healthy { None } else { row.health_since };
        self.tell_soc(row, outcome, since, None).await;
    }

    /// Each move that waits for a decision is told once: the notice is the same every time.
    async fn tell_moves(&self, row: &SourceRow) {
        let moves = self.pipeline.store.moves(Some(&row.source.id)).await.unwrap_or_default();
        for open in moves.into_iter().filter(|one| one.state == MoveState::Open) {
            let host = Url::parse(&open.seen.to).ok().and_then(|to| to.host_str().map(str::to_owned));
            let outcome = Outcome::Moved(host.unwrap_or_default());
            self.tell_soc(row, &outcome, Some(open.seen.seen_at), Some(open.seen.to)).await;
        }
    }

    async fn tell_soc(&self, row: &SourceRow, outcome: &Outcome, since: Option<Timestamp>, moved_to: Option<String>) {
        let now = self.pipeline.clock.now();
        let health = notices::SourceHealth {
            source: row.source.id.clone(),
            name: row.source.name.clone(),
            healthy: outcome.is_good(),
            outcome: outcome.to_string(),
            since: since.unwrap_or(now),
            moved_to,
        };
        notices::tell_soc(self.pipeline.store.as_ref(), &health, &self.desk, now).await;
    }

    async fn nap(&self, now: Timestamp) {
        let due = self.pipeline.store.next_due().await.ok().flatten();
        let next = due.into_iter().chain(self.pipeline.agenda.ready_at(now)).min();
        let wait = next.map_or(NAP, |next| Duration::try_from(next.duration_since(now)).unwrap_or_default());
        self.sleep(wait.clamp(Duration::from_millis(20), NAP)).await;
    }

    async fn sleep(&self, wait: Duration) {
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            () = self.due.notified() => {}
            () = self.pipeline.stop.cancelled() => {}
        }
    }
}
