//! The one transaction of the pipeline, and the captures it refers to.

use std::collections::{HashMap, HashSet};

use async_trait::async_trait;
use jiff::Timestamp;
use sqlx::{AnyConnection, any::AnyRow};

use super::{
    SqlStore, failed,
    raise::raise,
    row::{Columns, ms, opt_ms},
    schedule::{lease_lost, step},
};
use crate::store::{Intake, Result, StoreError, model::*};

const DOING: &str = "storing a page";

#[async_trait]
impl Intake for SqlStore {
    async fn commit_page(&self, page: &PageCommit) -> Result<PageReceipt> {
        let mut tx = self.begin(DOING).await?;
        hold_lease(&mut tx, page).await?;
        if let Some(mark) = &page.thread {
            mark_thread(&mut tx, &page.source, mark).await?;
        }
        let receipt = store_page(&mut tx, &page.source, &page.capture, &page.posts, Known::Latest, page.now).await?;
        if let Some(advance) = &page.advance {
            step(&mut tx, &page.source, &page.owner, advance, receipt.new + receipt.revised, page.now).await?;
        }
        tx.commit().await.map_err(failed(DOING))?;
        Ok(receipt)
    }

    async fn commit_recovered(
        &self, source: &str, capture: &NewCapture, posts: &[NewPost], now: Timestamp,
    ) -> Result<PageReceipt> {
        let mut tx = self.begin(DOING).await?;
        let receipt = store_page(&mut tx, source, capture, posts, Known::AnyRevision, now).await?;
        tx.commit().await.map_err(failed(DOING))?;
        Ok(receipt)
    }

    async fn capture(&self, id: &str) -> Result<Capture> {
        let row = sqlx::query("SELECT * FROM captures WHERE id = $1")
            .bind(id)
            .fetch_optional(&self.read)
            .await
            .map_err(failed("reading a capture"))?;
        row.as_ref().map(capture).unwrap_or_else(|| Err(StoreError::NotFound { what: "capture", id: id.to_owned() }))
    }

    async fn captures(&self, source: Option<&str>, after: Option<(String, u64)>, limit: i64) -> Result<Vec<Capture>> {
        let (file, start) = after.unwrap_or_default();
        let rows = sqlx::query(
            "SELECT * FROM captures WHERE ($1 = '' OR source = $1) AND (file > $2 OR (file = $2 AND start > $3))
             ORDER BY file, start LIMIT $4",
        )
        .bind(source.unwrap_or_default())
        // Before the first: offsets start at 0, so -1 lies before any.
        .bind(&file)
        .bind(if file.is_empty() { -1 } else { start.cast_signed() })
        .bind(limit)
        .fetch_all(&self.read)
        .await
        .map_err(failed("reading captures"))?;
        rows.iter().map(capture).collect()
    }

    async fn capture_bytes(&self) -> Result<HashMap<String, u64>> {
        // Not the sum itself: PostgreSQL's sum of BIGINT is NUMERIC.
        let rows = sqlx::query("SELECT file, CAST(SUM(length) AS BIGINT) AS bytes FROM captures GROUP BY file")
            .fetch_all(&self.read)
            .await
            .map_err(failed("reading captures"))?;
        rows.iter().map(|row| Ok((row.text("file")?, row.size("bytes")?))).collect()
    }

    async fn capture_ids(&self, file: &str) -> Result<HashSet<CaptureId>> {
        let rows = sqlx::query("SELECT id FROM captures WHERE file = $1")
            .bind(file)
            .fetch_all(&self.read)
            .await
            .map_err(failed("reading captures"))?;
        rows.iter().map(|row| row.text("id")).collect()
    }
}

/// What counts as seen already.
#[derive(Clone, Copy, PartialEq)]
enum Known {
    /// The text of the latest revision: going back to an older text is an edit as well.
    Latest,
    /// The text of any revision: archived captures come out of order.
    AnyRevision,
}

async fn hold_lease(tx: &mut AnyConnection, page: &PageCommit) -> Result<()> {
    let done = sqlx::query("UPDATE sources SET lease_until = $1 WHERE id = $2 AND lease_owner = $3")
        .bind(ms(page.lease_until))
        .bind(&page.source)
        .bind(&page.owner)
        .execute(tx)
        .await
        .map_err(failed(DOING))?;
    if done.rows_affected() == 0 { Err(lease_lost(&page.source)) } else { Ok(()) }
}

async fn store_page(
    tx: &mut AnyConnection, source: &str, capture: &NewCapture, posts: &[NewPost], known: Known, now: Timestamp,
) -> Result<PageReceipt> {
    put_capture(tx, source, capture).await?;
    let mut receipt = PageReceipt::default();
    let mut fresh = Vec::new();
    for post in posts {
        // A post that stands twice on one page is stored, and counted, once.
        if fresh.iter().any(|(_, other): &(i64, &NewPost)| other.key == post.key) {
            receipt.seen += 1;
            continue;
        }
        match next_revision(tx, source, post, known).await? {
            None => receipt.seen += 1,
            Some(revision) => {
                if revision == 1 {
                    receipt.new += 1;
                } else {
                    receipt.revised += 1;
                }
                fresh.push((revision, post));
            }
        }
    }
    if fresh.is_empty() {
        return Ok(receipt);
    }
    if receipt.new > 0 {
        sqlx::query("UPDATE sources SET posts = posts + $1 WHERE id = $2")
            .bind(receipt.new.cast_signed())
            .bind(source)
            .execute(&mut *tx)
            .await
            .map_err(failed(DOING))?;
    }
    // Last of what can come first: from here to the commit, other writers on PostgreSQL wait for this one.
    let last = take_sequence(tx, fresh.len()).await?;
    let first = last - i64::try_from(fresh.len()).unwrap_or(i64::MAX) + 1;
    for (seq, (revision, post)) in (first..).zip(fresh) {
        put_post(tx, source, post, seq, revision, &capture.id, now).await?;
        receipt.alerts.extend(raise(tx, source, post, seq, now).await?);
    }
    Ok(receipt)
}

async fn put_capture(tx: &mut AnyConnection, source: &str, c: &NewCapture) -> Result<()> {
    sqlx::query(
        "INSERT INTO captures (id, source, url, request, status, fetched_at, file, start, length, sha256, chain)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (id) DO NOTHING",
    )
    .bind(&c.id)
    .bind(source)
    .bind(&c.url)
    .bind(&c.request)
    .bind(i64::from(c.status))
    .bind(ms(c.fetched_at))
    .bind(&c.file)
    .bind(c.offset.cast_signed())
    .bind(c.length.cast_signed())
    .bind(&c.sha256)
    .bind(&c.chain)
    .execute(tx)
    .await
    .map_err(failed(DOING))?;
    Ok(())
}

/// The number of the revision this post makes; `None` when its text is stored already.
async fn next_revision(tx: &mut AnyConnection, source: &str, post: &NewPost, known: Known) -> Result<Option<i64>> {
    let rows = sqlx::query(
        "SELECT revision, content_hash FROM posts WHERE source = $1 AND post_key = $2 ORDER BY revision DESC",
    )
    .bind(source)
    .bind(&post.key)
    .fetch_all(tx)
    .await
    .map_err(failed(DOING))?;
    let Some(latest) = rows.first() else { return Ok(Some(1)) };
    let compared = if known == Known::Latest { &rows[..1] } else { &rows[..] };
    for row in compared {
        if row.text("content_hash")? == post.content_hash {
            return Ok(None);
        }
    }
    Ok(Some(latest.int("revision")? + 1))
}

/// Takes `count` sequence numbers and gives the last. The row stays locked until the transaction ends, so that
/// numbers become visible in their order and a reader that tails them misses none.
async fn take_sequence(tx: &mut AnyConnection, count: usize) -> Result<i64> {
    let row = sqlx::query("UPDATE sequences SET value = value + $1 WHERE name = 'post' RETURNING value")
        .bind(i64::try_from(count).unwrap_or(i64::MAX))
        .fetch_one(tx)
        .await
        .map_err(failed(DOING))?;
    row.int("value")
}

async fn put_post(
    tx: &mut AnyConnection, source: &str, post: &NewPost, seq: PostSeq, revision: i64, capture: &str, now: Timestamp,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO posts (seq, source, post_key, revision, post_id, thread_id, url, author, posted_at, edited_at,
             captured_at, title, body, content_hash, extra, claim, capture)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)",
    )
    .bind(seq)
    .bind(source)
    .bind(&post.key)
    .bind(revision)
    .bind(&post.post_id)
    .bind(&post.thread_id)
    .bind(&post.url)
    .bind(&post.author)
    .bind(opt_ms(post.posted_at))
    .bind(opt_ms(post.edited_at))
    .bind(ms(now))
    .bind(&post.title)
    .bind(&post.body)
    .bind(&post.content_hash)
    .bind(&post.extra)
    .bind(&post.claim)
    .bind(capture)
    .execute(tx)
    .await
    .map_err(failed(DOING))?;
    Ok(())
}

async fn mark_thread(tx: &mut AnyConnection, source: &str, mark: &ThreadMark) -> Result<()> {
    sqlx::query(
        "INSERT INTO thread_marks (source, thread_id, signal) VALUES ($1, $2, $3)
         ON CONFLICT (source, thread_id) DO UPDATE SET signal = $3",
    )
    .bind(source)
    .bind(&mark.thread_id)
    .bind(&mark.signal)
    .execute(tx)
    .await
    .map_err(failed(DOING))?;
    Ok(())
}

pub(super) fn capture(row: &AnyRow) -> Result<Capture> {
    Ok(Capture {
        source: row.text("source")?,
        capture: NewCapture {
            id: row.text("id")?,
            url: row.text("url")?,
            request: row.text("request")?,
            status: u16::try_from(row.int("status")?).unwrap_or_default(),
            fetched_at: row.time("fetched_at")?,
            file: row.text("file")?,
            offset: row.size("start")?,
            length: row.size("length")?,
            sha256: row.text("sha256")?,
            chain: row.text("chain")?,
        },
    })
}
