//! One visit to a source: page by page, each archived before it is read and stored in one transaction.

mod member;
mod moved;
mod schedule;

pub(crate) use member::standing;

use std::{sync::Arc, time::Duration};

use jiff::{SignedDuration, Timestamp};
use nightheron_crawlers::{
    Outcome,
    definition::Definition,
    net::Response,
    session::LoginEnd,
    walk::{Mode, PageKind, PageRequest, Step, Walk},
};
use rand::{SeedableRng, rngs::StdRng};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use url::Url;

use super::{
    Agenda, Folders, HealthBoard, LiveSource, Sessions, Visited, WatchLists, enrich, fetch_failure, mirrors, raw_page,
    verdict::retry_after,
};
use crate::{
    captures::{Archive, CaptureError, Captured, RecordKind},
    clock::Clock,
    faults,
    store::{
        Store, StoreError,
        model::{NewCapture, PageCommit, PageReceipt, SourceRow, ThreadMark},
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
    /// A step that ran aside did not come to its end.
    #[error("a step of the visit broke off: {0}")]
    BrokenOff(String),
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
    /// The folders that are read beside the sites.
    pub folders: Folders,
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
    /// Whether the last page asked for did not come.
    broke_off: bool,
    /// Where the site pointed to, when that was another host.
    moved: Option<Url>,
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
        let links = definition.links.clone();
        let Some(link) = mirrors(row).choose(&links) else {
            return Ok(Visited { outcome: Outcome::OkNoNew, requests: 0, spared: false });
        };
        let walk = Walk::new(Arc::clone(&definition), link, Mode::Poll, marks, source.max_pages);
        let walk = walk.with_patience(Duration::try_from(self.lease).unwrap_or_default() / 2);
        let mut visit = Visit::begin(self, source, definition, row, link, walk, rng);
        let outcome = visit.run().await?;
        visit.remember(&outcome, began).await;
        visit.keep_session(&outcome).await;
        visit.propose_move(&outcome).await;
        Ok(Visited { spared: visit.is_spared(&outcome), outcome, requests: visit.requests })
    }

    /// Writes a capture to the archive, waiting for a full disk as long as it takes: it is no fault of the source, whose
    /// schedule must not pay for it.
    pub(super) async fn archive(&self, captured: Arc<Captured>, rng: &mut StdRng) -> Result<NewCapture, VisitError> {
        let mut wait = FIRST_WAIT;
        loop {
            let written = self.write_capture(&captured, rng).await;
            let told = written.as_ref().map(|_| ()).map_err(ToString::to_string);
            self.health.note("disk", told, self.clock.now());
            match written {
                Ok(capture) => return Ok(capture),
                Err(_) => self.pause(&mut wait).await?,
            }
        }
    }

    async fn write_capture(&self, captured: &Arc<Captured>, rng: &mut StdRng) -> Result<NewCapture, CaptureError> {
        let (archive, captured, mut rng) = (self.archive.clone(), Arc::clone(captured), StdRng::from_rng(rng));
        let written = tokio::task::spawn_blocking(move || archive.write(&captured, &mut rng)).await;
        written.unwrap_or_else(|error| {
            let (file, source) = (self.archive.folder().to_path_buf(), std::io::Error::other(error));
            Err(CaptureError::Io { doing: "writing a capture to", file, source })
        })
    }

    /// Stores a page, waiting for the database as long as it takes: what was captured is not given up.
    pub(super) async fn store_page(&self, commit: &PageCommit) -> Result<PageReceipt, VisitError> {
        let mut wait = FIRST_WAIT;
        loop {
            match self.store.commit_page(commit).await {
                Ok(receipt) => return Ok(receipt),
                Err(error @ StoreError::Database { .. }) => {
                    self.health.note("database", Err(error.to_string()), self.clock.now());
                }
                Err(error) => return Err(error.into()),
            }
            self.pause(&mut wait).await?;
        }
    }

    /// Wakes those who wait for posts and alerts.
    pub(super) fn tell(&self, source: &str, receipt: &PageReceipt) {
        if receipt.new + receipt.revised > 0 {
            tracing::info!(
                source.id = source,
                posts.new = receipt.new,
                posts.revised = receipt.revised,
                alerts = receipt.alerts.len(),
                "stored posts"
            );
            self.posts.notify_one();
        }
        if !receipt.alerts.is_empty() {
            self.alerts.notify_one();
        }
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

impl<'a> Visit<'a> {
    fn begin(
        pipeline: &'a Pipeline, source: &'a LiveSource, definition: Arc<Definition>, row: &'a SourceRow, link: &'a Url,
        walk: Walk, rng: StdRng,
    ) -> Self {
        let (new, requests, moved, retry_after, login) = (0, 0, None, None, None);
        let (advanced, ours, broke_off) = (false, false, false);
        #[rustfmt::skip]
        let visit = Self {
            pipeline, source, definition, row, link, walk, rng, new, requests, advanced, ours, broke_off, moved,
            retry_after, login,
        };
        visit
    }

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
                Ok(response) => {
                    self.broke_off = false;
                    self.page(&request, response).await?;
                }
                Err(error) => {
                    self.broke_off = true;
                    tracing::info!(source.id = %self.row.source.id, page.kind = ?request.kind, error = %error, "a page did not come");
                    self.ours |= error.is_plane_wide();
                    self.moved =
                        moved::target(&error).filter(|_| request.kind != PageKind::Thread).or(self.moved.take());
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
        let receipt = self.pipeline.store_page(&commit).await?;
        faults::point("after_transaction");
        self.advanced = commit.advance.is_some();
        self.new += receipt.new + receipt.revised;
        self.pipeline.tell(&self.row.source.id, &receipt);
        Ok(())
    }

    async fn archive(&mut self, request: &PageRequest, response: &Response) -> Result<NewCapture, VisitError> {
        let captured = Captured {
            kind: RecordKind::Response,
            source: self.row.source.id.clone(),
            url: response.url.to_string(),
            request: serde_json::to_string(request).unwrap_or_default(),
            status: response.status,
            fetched_at: self.pipeline.clock.now(),
            head: response.head_bytes(),
            body: response.raw_body.to_vec(),
        };
        self.pipeline.archive(Arc::new(captured), &mut self.rng).await
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
}
