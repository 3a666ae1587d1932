//! The texts of definitions over time, and captures read again with a changed one.

use std::collections::HashMap;

use async_trait::async_trait;
use jiff::Timestamp;
use sqlx::{AnyConnection, any::AnyRow};

use super::{
    SqlStore, failed,
    intake::capture,
    posts::post,
    row::{Columns, ms, opt_ms},
};
use crate::store::{Definitions, Result, StoreError, model::*};

const ADDING: &str = "changing a definition";
const READING: &str = "reading the history of a definition";
const AGAIN: &str = "reading captures again";

#[async_trait]
impl Definitions for SqlStore {
    async fn definitions(&self) -> Result<HashMap<String, Revision>> {
        let newest = "SELECT r.* FROM definition_revisions r WHERE r.number =
            (SELECT MAX(n.number) FROM definition_revisions n WHERE n.source = r.source)";
        let rows = sqlx::query(newest).fetch_all(&self.read).await.map_err(failed(READING))?;
        rows.iter().map(|row| Ok((row.text("source")?, revision(row)?))).collect()
    }

    async fn definition_history(&self, source: &str) -> Result<Vec<Revision>> {
        let rows = sqlx::query("SELECT * FROM definition_revisions WHERE source = $1 ORDER BY number DESC")
            .bind(source)
            .fetch_all(&self.read)
            .await
            .map_err(failed(READING))?;
        rows.iter().map(revision).collect()
    }

    async fn add_definitions(&self, revisions: &[(NewSource, Revision)]) -> Result<()> {
        if revisions.is_empty() {
            return Ok(());
        }
        let mut tx = self.begin(ADDING).await?;
        for (source, revision) in revisions {
            add(&mut tx, source, revision).await?;
        }
        tx.commit().await.map_err(failed(ADDING))
    }

    async fn newest_captures(&self, source: &str, before: Option<Timestamp>, limit: i64) -> Result<Vec<Capture>> {
        let rows = sqlx::query(
            "SELECT * FROM captures WHERE source = $1 AND fetched_at < $2 ORDER BY fetched_at DESC, file DESC,
             start DESC LIMIT $3",
        )
        .bind(source)
        .bind(before.map_or(i64::MAX, ms))
        .bind(limit)
        .fetch_all(&self.read)
        .await
        .map_err(failed("reading captures"))?;
        rows.iter().map(capture).collect()
    }

    async fn varied_captures(&self, source: &str, each: i64, limit: i64) -> Result<Vec<Capture>> {
        let rows = sqlx::query(
            "SELECT * FROM
               (SELECT c.*, ROW_NUMBER() OVER (PARTITION BY url ORDER BY fetched_at DESC, file DESC, start DESC) AS turn
                FROM (SELECT * FROM captures WHERE source = $1 ORDER BY fetched_at DESC, file DESC, start DESC
                      LIMIT 5000) AS c) AS d
             WHERE turn <= $2 ORDER BY fetched_at DESC, file DESC, start DESC LIMIT $3",
        )
        .bind(source)
        .bind(each)
        .bind(limit)
        .fetch_all(&self.read)
        .await
        .map_err(failed("reading captures"))?;
        rows.iter().map(capture).collect()
    }

    async fn newest_posts(&self, source: &str, limit: i64) -> Result<Vec<PostRow>> {
        let rows = sqlx::query(
            "SELECT p.* FROM posts p WHERE p.source = $1 AND p.revision =
                 (SELECT MAX(n.revision) FROM posts n WHERE n.source = p.source AND n.post_key = p.post_key)
             ORDER BY p.seq DESC LIMIT $2",
        )
        .bind(source)
        .bind(limit)
        .fetch_all(&self.read)
        .await
        .map_err(failed("reading the posts of a source"))?;
        rows.iter().map(post).collect()
    }

    async fn queue_reread(&self, source: &str, since: Timestamp, by: &str, now: Timestamp) -> Result<i64> {
        let insert = "INSERT INTO rereads (source, since, queued_at, queued_by) VALUES ($1, $2, $3, $4) RETURNING id";
        let query = sqlx::query(insert).bind(source).bind(ms(since)).bind(ms(now)).bind(by);
        query.fetch_one(&self.write).await.map_err(failed(AGAIN))?.int("id")
    }

    async fn rereads(&self, source: &str, limit: i64) -> Result<Vec<Reread>> {
        let rows = sqlx::query("SELECT * FROM rereads WHERE source = $1 ORDER BY id DESC LIMIT $2")
            .bind(source)
            .bind(limit)
            .fetch_all(&self.read)
            .await
            .map_err(failed(AGAIN))?;
        rows.iter().map(reread).collect()
    }

    async fn open_reread(&self) -> Result<Option<Reread>> {
        let row = sqlx::query("SELECT * FROM rereads WHERE finished_at IS NULL ORDER BY id LIMIT 1")
            .fetch_optional(&self.read)
            .await
            .map_err(failed(AGAIN))?;
        row.as_ref().map(reread).transpose()
    }

    async fn reread_captures(&self, reread: &Reread, limit: i64) -> Result<Vec<Capture>> {
        let rows = sqlx::query(
            "SELECT * FROM captures WHERE source = $1 AND fetched_at >= $2
             AND (file > $3 OR (file = $3 AND start > $4)) ORDER BY file, start LIMIT $5",
        )
        .bind(&reread.source)
        .bind(ms(reread.since))
        .bind(&reread.file)
        .bind(reread.offset.cast_signed())
        .bind(limit)
        .fetch_all(&self.read)
        .await
        .map_err(failed(AGAIN))?;
        rows.iter().map(capture).collect()
    }

    async fn keep_reread(&self, reread: &Reread) -> Result<()> {
        sqlx::query(
            "UPDATE rereads SET file = $1, start = $2, captures = $3, unreadable = $4, posts = $5, revisions = $6,
             finished_at = $7 WHERE id = $8",
        )
        .bind(&reread.file)
        .bind(reread.offset.cast_signed())
        .bind(reread.captures.cast_signed())
        .bind(reread.unreadable.cast_signed())
        .bind(reread.posts.cast_signed())
        .bind(reread.revisions.cast_signed())
        .bind(opt_ms(reread.finished_at))
        .bind(reread.id)
        .execute(&self.write)
        .await
        .map_err(failed(AGAIN))?;
        Ok(())
    }
}

async fn add(tx: &mut AnyConnection, source: &NewSource, revision: &Revision) -> Result<()> {
    // The number is free once: of two that change the same text, the second is told.
    let added = sqlx::query(
        "INSERT INTO definition_revisions (source, number, at, user_name, reason, text)
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (source, number) DO NOTHING",
    )
    .bind(&revision.source)
    .bind(revision.number)
    .bind(ms(revision.at))
    .bind(&revision.by)
    .bind(&revision.reason)
    .bind(&revision.text)
    .execute(&mut *tx)
    .await
    .map_err(failed(ADDING))?;
    if added.rows_affected() == 0 {
        let reason = "somebody else changed it meanwhile".to_owned();
        return Err(StoreError::Conflict { what: "definition", id: revision.source.clone(), reason });
    }
    let said = [&source.name, &source.kind, &source.class, &source.grade, &source.tlp, &source.verified];
    let update = "UPDATE sources SET name = $1, kind = $2, class = $3, grade = $4, tlp = $5, verified = $6
                  WHERE id = $7";
    let query = said.into_iter().fold(sqlx::query(update), |query, value| query.bind(value));
    query.bind(&revision.source).execute(&mut *tx).await.map_err(failed(ADDING))?;
    sqlx::query("INSERT INTO audit (at, user_name, action, object) VALUES ($1, $2, 'definition.change', $3)")
        .bind(ms(revision.at))
        .bind(&revision.by)
        .bind(format!("{} {}", revision.source, revision.number))
        .execute(tx)
        .await
        .map_err(failed(ADDING))?;
    Ok(())
}

fn revision(row: &AnyRow) -> Result<Revision> {
    Ok(Revision {
        source: row.text("source")?,
        number: row.int("number")?,
        at: row.time("at")?,
        by: row.text("user_name")?,
        reason: row.text("reason")?,
        text: row.text("text")?,
    })
}

fn reread(row: &AnyRow) -> Result<Reread> {
    Ok(Reread {
        id: row.int("id")?,
        source: row.text("source")?,
        since: row.time("since")?,
        queued_at: row.time("queued_at")?,
        queued_by: row.text("queued_by")?,
        finished_at: row.opt_time("finished_at")?,
        file: row.text("file")?,
        offset: row.size("start")?,
        captures: row.size("captures")?,
        unreadable: row.size("unreadable")?,
        posts: row.size("posts")?,
        revisions: row.size("revisions")?,
    })
}
