//! The index follows the store by sequence; its commit carries the checkpoint, so a restart is a resume.

use std::sync::Arc;

use nightheron_index::{Document, Index, IndexError, Writer};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::HealthBoard;
use crate::{
    clock::Clock,
    faults,
    store::{
        Store, StoreError,
        model::{PostRow, PostSeq},
    },
};

/// Posts of one commit.
const BATCH: i64 = 500;
/// Longest sleep between two looks at the store.
const NAP: std::time::Duration = std::time::Duration::from_secs(2);

/// Why the index does not follow.
#[derive(Debug, thiserror::Error)]
pub enum FollowError {
    /// The store does not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The index cannot be written.
    #[error(transparent)]
    Index(#[from] IndexError),
    /// The thread that writes the index ended.
    #[error("the index's writer ended: {0}")]
    Ended(String),
}

/// Brings the index up to the store once; gives the sequence number it stands at.
///
/// # Errors
/// [`FollowError`]; the next call goes on from the last commit.
pub async fn catch_up(index: &Index, store: &dyn Store) -> Result<PostSeq, FollowError> {
    let mut writer: Option<Writer> = None;
    loop {
        let at = i64::try_from(index.checkpoint()).unwrap_or(i64::MAX);
        let batch = store.posts_after(at, BATCH).await?;
        let Some((last, _)) = batch.last() else { break };
        let to = last.seq;
        let (index, taken) = (index.clone(), writer.take());
        let written = tokio::task::spawn_blocking(move || write(&index, taken, batch, to)).await;
        writer = Some(written.map_err(|e| FollowError::Ended(e.to_string()))??);
    }
    if let Some(writer) = writer {
        let closed = tokio::task::spawn_blocking(move || writer.close()).await;
        closed.map_err(|e| FollowError::Ended(e.to_string()))??;
    }
    Ok(i64::try_from(index.checkpoint()).unwrap_or(i64::MAX))
}

fn write(
    index: &Index, writer: Option<Writer>, batch: Vec<(PostRow, Vec<String>)>, to: PostSeq,
) -> Result<Writer, IndexError> {
    let mut writer = writer.map_or_else(|| index.writer(), Ok)?;
    for (post, members) in batch {
        let seq = post.seq;
        match writer.add(document(post, members)) {
            Err(error @ IndexError::PostKeyTooLong { .. }) => {
                tracing::error!(post.seq = seq, error = %error, "a post cannot be searched for");
            }
            other => other?,
        }
    }
    faults::point("before_index_commit");
    writer.commit(u64::try_from(to).unwrap_or_default())?;
    faults::point("after_index_commit");
    Ok(writer)
}

fn document(post: PostRow, members: Vec<String>) -> Document {
    Document {
        seq: u64::try_from(post.seq).unwrap_or_default(),
        post: format!("{}/{}", post.source, post.key),
        source: post.source,
        url: post.url,
        title: post.title,
        author: post.author,
        body: post.body,
        posted_at_ms: post.posted_at.map(|t| t.as_millisecond()),
        captured_at_ms: post.captured_at.as_millisecond(),
        members,
    }
}

/// Follows the store until stopped, waking at every stored page.
pub async fn follow(
    index: Index, store: Arc<dyn Store>, clock: Arc<dyn Clock>, health: Arc<HealthBoard>, wake: Arc<Notify>,
    stop: CancellationToken,
) {
    while !stop.is_cancelled() {
        let state = catch_up(&index, store.as_ref()).await.map(drop).map_err(|e| e.to_string());
        health.note("index", state, clock.now());
        tokio::select! {
            () = stop.cancelled() => {}
            () = wake.notified() => {}
            () = tokio::time::sleep(NAP) => {}
        }
    }
}
