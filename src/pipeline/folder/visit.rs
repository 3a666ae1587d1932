//! One visit to a drop folder: file by file, each archived before it is read as a post and stored in one transaction.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use nightheron_crawlers::{
    Outcome,
    folder::{FolderFile, FolderReading, post_of},
    walk::Seen,
};
use rand::rngs::StdRng;

use super::{DropFolder, matched};
use crate::{
    captures::{Captured, RecordKind},
    faults,
    pipeline::{Pipeline, VisitError, Visited},
    store::model::{Advance, NewCapture, NewPost, PageCommit, SourceRow, ThreadMark},
};

impl Pipeline {
    /// Visits a leased folder and moves its schedule on.
    ///
    /// # Errors
    /// [`VisitError`]: nothing is half stored; what was stored stays.
    pub async fn visit_folder(
        &self, folder: &DropFolder, row: &SourceRow, mut rng: StdRng,
    ) -> Result<Visited, VisitError> {
        let known = self.store.thread_marks(&folder.id).await?;
        let (mut files, mut new, mut more) = (0, 0, false);
        let outcome = match self.open_folder(folder, known).await? {
            Err(outcome) => outcome,
            Ok(mut reading) => loop {
                let file;
                (reading, file) = blocking(move || (reading.next_file(), reading)).await.map(|(f, r)| (r, f))?;
                let Some(file) = file else {
                    more = reading.more() || reading.waiting() > 0;
                    break reading.outcome();
                };
                if self.stop.is_cancelled() {
                    return Err(VisitError::Stopped);
                }
                files += 1;
                new += self.take_file(folder, file, &mut rng).await?;
            },
        };
        let advance = self.advance_folder(folder, &outcome, new, more);
        self.store.advance(&row.source.id, &self.owner, &advance, self.clock.now()).await?;
        Ok(Visited { outcome, requests: files, spared: false })
    }

    async fn open_folder(
        &self, folder: &DropFolder, known: Seen,
    ) -> Result<Result<FolderReading, Outcome>, VisitError> {
        let (path, limits, now) = (folder.path.clone(), folder.limits, self.clock.now());
        blocking(move || FolderReading::open(&path, &known, &limits, now)).await
    }

    /// Archives a file, then stores its post; gives how many posts are new or changed.
    async fn take_file(&self, folder: &DropFolder, file: FolderFile, rng: &mut StdRng) -> Result<u64, VisitError> {
        let FolderFile { about, bytes, signal } = file;
        let now = self.clock.now();
        let mark = ThreadMark { thread_id: about.id.clone(), signal };
        let captured = Arc::new(Captured {
            kind: RecordKind::File { truncated: (bytes.len() as u64) < about.size },
            source: folder.id.clone(),
            url: about.url.clone(),
            request: serde_json::to_string(&about).unwrap_or_default(),
            status: 0,
            fetched_at: now,
            head: Vec::new(),
            body: bytes,
        });
        let capture = self.archive(Arc::clone(&captured), rng).await?;
        faults::point("after_capture");
        let (id, list) = (folder.id.clone(), self.terms.current());
        let post = blocking(move || matched(&id, post_of(&about, &captured.body, now), &list)).await?;
        let commit = self.commit_file(folder, capture, post, mark);
        faults::point("before_transaction");
        let receipt = self.store_page(&commit).await?;
        faults::point("after_transaction");
        self.tell(&folder.id, &receipt);
        Ok(receipt.new + receipt.revised)
    }

    fn commit_file(&self, folder: &DropFolder, capture: NewCapture, post: NewPost, mark: ThreadMark) -> PageCommit {
        PageCommit {
            source: folder.id.clone(),
            owner: self.owner.clone(),
            lease_until: self.until(),
            capture,
            posts: vec![post],
            thread: Some(mark),
            advance: None,
            now: self.clock.now(),
        }
    }

    /// A folder of this machine costs nothing to look at: no failure puts the next look off.
    fn advance_folder(&self, folder: &DropFolder, outcome: &Outcome, new: u64, more: bool) -> Advance {
        let wait = if more { folder.interval.min(folder.limits.settle) } else { folder.interval };
        let quiet = if *outcome == Outcome::OkNew { Outcome::OkNoNew } else { outcome.clone() };
        Advance {
            outcome: quiet.to_string(),
            outcome_if_new: outcome.to_string(),
            new_so_far: new,
            healthy: outcome.is_good(),
            spared: false,
            rung: 0,
            next_visit_at: after(self.clock.now(), wait),
            mirrors: None,
        }
    }
}

fn after(now: Timestamp, wait: std::time::Duration) -> Timestamp {
    SignedDuration::try_from(wait).ok().and_then(|wait| now.checked_add(wait).ok()).unwrap_or(now)
}

/// Does what reads files or takes long where that holds nobody up.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, VisitError> {
    tokio::task::spawn_blocking(work).await.map_err(|error| VisitError::BrokenOff(error.to_string()))
}
