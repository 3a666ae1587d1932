//! Captures since a moment, read again in the background after their definition was changed.

use jiff::{SignedDuration, Timestamp};
use tokio::sync::Notify;

use super::{
    Pipeline, SourceSet,
    replay::{Replayed, replay},
};
use crate::store::{Result, model::Reread};

/// Captures of one step; what a crash repeats changes nothing.
const BATCH: i64 = 50;
/// How long after it was wanted it may end: a visit under way still reads with the old definition.
const SETTLE: SignedDuration = SignedDuration::from_secs(10);
/// The longest nap when nobody wakes it.
const NAP: std::time::Duration = std::time::Duration::from_secs(2);

/// What one step came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RereadStep {
    /// Nothing is to be read again.
    Idle,
    /// All there are were read; it ends when no visit can read with the old definition any more.
    Settling,
    /// Some were read.
    Read,
    /// One ended.
    Finished,
}

/// Takes one step of the oldest that is not finished, which ends no sooner than `settle` after it was wanted.
///
/// # Errors
/// When the store does not answer.
pub async fn reread_step(pipeline: &Pipeline, sources: &SourceSet, settle: SignedDuration) -> Result<RereadStep> {
    let Some(mut reread) = pipeline.store.open_reread().await? else { return Ok(RereadStep::Idle) };
    let captures = pipeline.store.reread_captures(&reread, BATCH).await?;
    let now = pipeline.clock.now();
    if captures.is_empty() {
        return end(pipeline, reread, settle, now).await;
    }
    let mut read = Replayed::default();
    for capture in captures {
        (reread.file, reread.offset) = (capture.capture.file.clone(), capture.capture.offset);
        match pipeline.archive.read(&capture.capture) {
            Ok(record) => replay(pipeline, sources, &capture.source, &capture.capture, record, &mut read).await?,
            Err(error) => {
                read.unreadable += 1;
                tracing::warn!(capture.id = capture.capture.id, error = %error, "a capture cannot be read again");
            }
        }
    }
    reread.captures += read.captures;
    reread.unreadable += read.unreadable;
    reread.posts += read.new;
    reread.revisions += read.revised;
    pipeline.store.keep_reread(&reread).await?;
    if read.new + read.revised > 0 {
        pipeline.posts.notify_one();
        pipeline.alerts.notify_one();
    }
    Ok(RereadStep::Read)
}

async fn end(pipeline: &Pipeline, mut reread: Reread, settle: SignedDuration, now: Timestamp) -> Result<RereadStep> {
    if now.duration_since(reread.queued_at) < settle {
        return Ok(RereadStep::Settling);
    }
    reread.finished_at = Some(now);
    pipeline.store.keep_reread(&reread).await?;
    tracing::info!(
        source.id = reread.source, since = %reread.since, captures = reread.captures,
        unreadable = reread.unreadable, posts.new = reread.posts, posts.revised = reread.revisions,
        "captures were read again"
    );
    Ok(RereadStep::Finished)
}

/// Works until stopped: at every wake, after every nap, and again while there is more.
pub async fn reread(pipeline: &Pipeline, sources: &SourceSet, wake: &Notify) {
    while !pipeline.stop.is_cancelled() {
        match reread_step(pipeline, sources, SETTLE).await {
            Ok(RereadStep::Read | RereadStep::Finished) => continue,
            Ok(RereadStep::Idle | RereadStep::Settling) => {}
            Err(error) => tracing::warn!(error = %error, "captures cannot be read again now"),
        }
        tokio::select! {
            () = pipeline.stop.cancelled() => {}
            () = wake.notified() => {}
            () = tokio::time::sleep(NAP) => {}
        }
    }
}
