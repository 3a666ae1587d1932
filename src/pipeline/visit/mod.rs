//! One visit to a source: page by page, each archived before it is read and stored in one transaction.

mod member;

pub(crate) use member::standing;

use std::{sync::Arc, time::Duration};

use jiff::{SignedDuration, Timestamp};
use nightheron_crawlers::{
    Outcome,
    definition::Definition,
    net::Response,
    schedule::{next_rung, next_visit_of},
    session::LoginEnd,
    walk::{Mode, PageRequest, Step, Walk},
};
use rand::{SeedableRng, rngs::StdRng};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use url::Url;

use super::{
    Agenda, Ended, HealthBoard, LiveSource, Sessions, Visited, WatchLists, enrich, fetch_failure, raw_page,
    verdict::{retry_after, trouble},
};
use crate::{
    captures::{Archive, CaptureError, Captured},
    clock::Clock,
    faults,
    store::{
        Store, StoreError,
        model::{Advance, NewCapture, PageCommit, PageReceipt, SourceRow, ThreadMark},
    },
};

/// The first wait between two tries to keep a page while disk or database refuse; each next one is twice as long.
const FIRST_WAIT: Duration = Duration::from_millis(250);
/// The longest such wait.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// Why a visit ended early; the schedule has not moved, so the source is visited again.
#[derive(Debug, thiserror::Error)]
pub enum VisitError {
    /// The store refused.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The service is being stopped.
    #[error("the service is being stopped")]
    Stopped,
}

/// What every visit needs.
pub struct Pipeline {
    /// Where everything is kept.
    pub store: Arc<dyn Store>,
    /// Where raw responses are kept.
    pub archive: Archive,
    /// The terms in force.
    pub terms: WatchLists,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Name under which leases are held; one a process.
    pub owner: String,
    /// How long a lease lasts; renewed with every page.
    pub lease: SignedDuration,
    /// Which source is visited next.
    pub agenda: Agenda,
    /// What sources are read with as members.
    pub sessions: Sessions,
    /// What works and what does not.
    pub health: Arc<HealthBoard>,
    /// Woken when alerts were made.
    pub alerts: Arc<Notify>,
    /// Woken when posts were stored.
    pub posts: Arc<Notify>,
    /// Ends visits between pages.
    pub stop: CancellationToken,
}

/// A visit under way.
struct Visit<'a> {
    pipeline: &'a Pipeline,
    source: &'a LiveSource,
    /// Of the whole visit, whatever is taken into use meanwhile.
    definition: Arc<Definition>,
    row: &'a SourceRow,
    link: &'a Url,
    walk: Walk,
    rng: StdRng,
    new: u64,
    requests: u32,
    advanced: bool,
    ours: bool,
    retry_after: Option<Duration>,
    login: Option<LoginEnd>,
}

impl Pipeline {
    /// Visits a leased source and moves its schedule on.
    ///
    /// # Errors
    /// [`VisitError`]: nothing is half stored; what was stored stays.
    pub async fn visit(&self, source: &LiveSource, row: &SourceRow, rng: StdRng) -> Result<Visited, VisitError> {
        let began = self.clock.now();
        let marks = self.store.thread_marks(&row.source.id).await?;
        let definition = source.definition();
        let read = Arc::clone(&definition);
        let Some(link) = LiveSource::link(&read, row.failures) else {
            return Ok(Visited { outcome: Outcome::OkNoNew, requests: 0, ours: false });
        };
        let walk = Walk::new(Arc::clone(&definition), link, Mode::Poll, marks, source.max_pages);
        let walk = walk.with_patience(Duration::try_from(self.lease).unwrap_or_default() / 2);
        let (new, requests) = (0, 0);
        let (advanced, ours, retry_after) = (false, false, None);
        let login = None;
        let pipeline = self;
        #[rustfmt::skip]
        let mut visit = Visit {
            pipeline, source, definition, row, link, walk, rng, new, requests, advanced, ours, retry_after, login,
        };
        let outcome = visit.run().await?;
        visit.remember(&outcome, began).await;
        visit.keep_session(&outcome).await;
        Ok(Visited { outcome, requests: visit.requests, ours: visit.ours })
    }

    /// Waits, and makes the next wait longer.
    async fn pause(&self, wait: &mut Duration) -> Result<(), VisitError> {
        tokio::select! {
            () = tokio::time::sleep(*wait) => {
                *wait = (*wait * 2).min(LONGEST_WAIT);
                Ok(())
            }
            () = self.stop.cancelled() => Err(VisitError::Stopped),
        }
    }

    /// The lease's end from now.
    pub(super) fn until(&self) -> Timestamp {
        let now = self.clock.now();
        now.saturating_add(self.lease).unwrap_or(now)
    }
}

impl Visit<'_> {
    async fn run(&mut self) -> Result<Outcome, VisitError> {
        let mut first = true;
        while let Some(request) = self.walk.next_request() {
            if !std::mem::take(&mut first) {
                self.wait(self.walk.not_before()).await?;
            }
            self.requests += 1;
            let fetched = tokio::select! {
                fetched = self.source.session.fetch(&request.url) => fetched,
                () = self.pipeline.stop.cancelled() => return Err(VisitError::Stopped),
            };
            match fetched {
                Ok(response) => self.page(&request, response).await?,
                Err(error) => {
                    tracing::info!(source.id = %self.row.source.id, page.kind = ?request.kind, error = %error, "a page did not come");
                    self.ours |= error.is_plane_wide();
                    self.walk.failed(&request, fetch_failure(&error));
                }
            }
            if self.walk.wants_login() {
                self.log_in().await?;
            }
        }
        let outcome = self.walk.summary().outcome;
        if !self.advanced {
            let advance = self.advance(&outcome);
            let now = self.pipeline.clock.now();
            self.pipeline.store.advance(&self.row.source.id, &self.pipeline.owner, &advance, now).await?;
        }
        Ok(outcome)
    }

    /// Politeness: the definition's gap and a share of it by chance, and what the site told us to wait.
    async fn wait(&mut self, not_before: Option<Timestamp>) -> Result<(), VisitError> {
        let wait = self.gap().max(self.until(not_before));
        tokio::select! {
            () = tokio::time::sleep(wait) => Ok(()),
            () = self.pipeline.stop.cancelled() => Err(VisitError::Stopped),
        }
    }

    /// Archives a page, reads it and stores what it holds.
    async fn page(&mut self, request: &PageRequest, response: Response) -> Result<(), VisitError> {
        let capture = self.archive(request, &response).await?;
        self.retry_after = self.retry_after.max(retry_after(&response, capture.fetched_at));
        faults::point("after_capture");
        let step = match response.decode(self.source.session.limits()) {
            Ok(body) => self.walk.read(request, &raw_page(&response, &body, capture.fetched_at)),
            Err(error) => {
                self.walk.failed(request, fetch_failure(&error));
                return Ok(());
            }
        };
        let commit = self.commit(capture, step);
        faults::point("before_transaction");
        let receipt = self.store(&commit).await?;
        faults::point("after_transaction");
        self.advanced = commit.advance.is_some();
        self.new += receipt.new + receipt.revised;
        self.tell(&receipt);
        Ok(())
    }

    /// Archives a page, waiting for a full disk as long as it takes: it is no fault of the source, whose schedule
    /// must not pay for it.
    async fn archive(&mut self, request: &PageRequest, response: &Response) -> Result<NewCapture, VisitError> {
        let mut wait = FIRST_WAIT;
        loop {
            let written = self.write_capture(request, response).await;
            let told = written.as_ref().map(|_| ()).map_err(ToString::to_string);
            self.pipeline.health.note("disk", told, self.pipeline.clock.now());
            match written {
                Ok(capture) => return Ok(capture),
                Err(_) => self.pipeline.pause(&mut wait).await?,
            }
        }
    }

    async fn write_capture(&mut self, request: &PageRequest, response: &Response) -> Result<NewCapture, CaptureError> {
        let captured = Captured {
            source: self.row.source.id.clone(),
            url: response.url.to_string(),
            request: serde_json::to_string(request).unwrap_or_default(),
            status: response.status,
            fetched_at: self.pipeline.clock.now(),
            head: response.head_bytes(),
            body: response.raw_body.to_vec(),
        };
        let (archive, mut rng) = (self.pipeline.archive.clone(), StdRng::from_rng(&mut self.rng));
        let folder = archive.folder().to_path_buf();
        let written = tokio::task::spawn_blocking(move || archive.write(captured, &mut rng)).await;
        written.unwrap_or_else(|error| {
            let source = std::io::Error::other(error);
            Err(CaptureError::Io { doing: "writing a capture to", file: folder, source })
        })
    }

    fn commit(&mut self, capture: NewCapture, step: Step) -> PageCommit {
        let list = self.pipeline.terms.current();
        let id = &self.row.source.id;
        let posts = step.posts.into_iter().map(|post| enrich(id, &self.definition, post, &list)).collect();
        let over = self.walk.is_over() && !self.walk.wants_login();
        let outcome = over.then(|| self.walk.summary().outcome);
        let advance = outcome.map(|outcome| self.advance(&outcome));
        PageCommit {
            source: id.clone(),
            owner: self.pipeline.owner.clone(),
            lease_until: self.pipeline.until(),
            capture,
            posts,
            thread: step.thread_done.map(|(thread_id, signal)| ThreadMark { thread_id, signal }),
            advance,
            now: self.pipeline.clock.now(),
        }
    }

    /// Stores a page, waiting for the database as long as it takes: what was captured is not given up.
    async fn store(&self, commit: &PageCommit) -> Result<PageReceipt, VisitError> {
        let mut wait = FIRST_WAIT;
        loop {
            match self.pipeline.store.commit_page(commit).await {
                Ok(receipt) => return Ok(receipt),
                Err(error @ StoreError::Database { .. }) => {
                    self.pipeline.health.note("database", Err(error.to_string()), self.pipeline.clock.now());
                }
                Err(error) => return Err(error.into()),
            }
            self.pipeline.pause(&mut wait).await?;
        }
    }

    fn advance(&mut self, outcome: &Outcome) -> Advance {
        let ours = self.ours && !outcome.is_good();
        let rung = usize::try_from(self.row.rung).unwrap_or(0);
        let rung = if ours { rung } else { next_rung(rung, outcome) };
        let now = self.pipeline.clock.now();
        let read = matches!(outcome, Outcome::OkNew);
        let quiet = if read { Outcome::OkNoNew } else { outcome.clone() };
        Advance {
            outcome: quiet.to_string(),
            outcome_if_new: outcome.to_string(),
            new_so_far: self.new,
            healthy: outcome.is_good(),
            ours,
            rung: i64::try_from(rung).unwrap_or(0),
            next_visit_at: next_visit_of(&self.definition, now, self.source.interval, rung, &mut self.rng),
        }
    }

    /// Lets the agenda learn from the visit. What it learnt is kept on a best effort: it can be learnt again.
    async fn remember(&mut self, outcome: &Outcome, began: Timestamp) {
        let ended = Ended {
            began,
            ended: self.pipeline.clock.now(),
            requests: self.requests,
            posts: self.new,
            trouble: trouble(outcome, self.ours),
            retry_after: self.retry_after.max(self.told_to_wait()),
        };
        let id = &self.row.source.id;
        let Some(remembered) = self.pipeline.agenda.end(id, &ended, &mut self.rng) else { return };
        if let Err(error) = self.pipeline.store.remember(id, &remembered).await {
            tracing::warn!(source.id = %id, error = %error, "what was learnt of a source is not kept");
        }
    }

    fn tell(&self, receipt: &PageReceipt) {
        if receipt.new + receipt.revised > 0 {
            tracing::info!(
                source.id = %self.row.source.id, posts.new = receipt.new, posts.revised = receipt.revised,
                alerts = receipt.alerts.len(), "stored posts"
            );
            self.pipeline.posts.notify_one();
        }
        if !receipt.alerts.is_empty() {
            self.pipeline.alerts.notify_one();
        }
    }
}
