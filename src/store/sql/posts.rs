//! Posts for readers and for the index.

use std::collections::BTreeMap;

use async_trait::async_trait;
use sqlx::any::AnyRow;

use super::{SqlStore, failed, row::Columns};
use crate::store::{Posts, Result, StoreError, model::*};

#[async_trait]
impl Posts for SqlStore {
    async fn captured_posts(&self, source: &str) -> Result<Vec<CapturedPost>> {
        let rows = sqlx::query("SELECT thread_id, post_id FROM posts WHERE source = $1 AND revision = 1")
            .bind(source)
            .fetch_all(&self.read)
            .await
            .map_err(failed("reading what was captured of a source"))?;
        rows.iter()
            .map(|row| Ok(CapturedPost { thread_id: row.opt_text("thread_id")?, post_id: row.text("post_id")? }))
            .collect()
    }

    async fn posts_after(&self, seq: PostSeq, limit: i64) -> Result<Vec<(PostRow, Vec<String>)>> {
        let doing = "reading new posts";
        let rows = sqlx::query("SELECT * FROM posts WHERE seq > $1 ORDER BY seq LIMIT $2")
            .bind(seq)
            .bind(limit)
            .fetch_all(&self.read)
            .await
            .map_err(failed(doing))?;
        let posts = rows.iter().map(post).collect::<Result<Vec<_>>>()?;
        let Some(last) = posts.last().map(|p| p.seq) else { return Ok(Vec::new()) };
        let rows = sqlx::query(
            "SELECT DISTINCT h.post AS post, m.name AS name FROM hits h JOIN members m ON m.id = h.member
             WHERE h.post > $1 AND h.post <= $2 ORDER BY 1, 2",
        )
        .bind(seq)
        .bind(last)
        .fetch_all(&self.read)
        .await
        .map_err(failed(doing))?;
        let mut members: BTreeMap<i64, Vec<String>> = BTreeMap::new();
        for row in &rows {
            members.entry(row.int("post")?).or_default().push(row.text("name")?);
        }
        Ok(posts.into_iter().map(|p| (members.remove(&p.seq).unwrap_or_default(), p)).map(|(m, p)| (p, m)).collect())
    }

    async fn last_seq(&self) -> Result<PostSeq> {
        let row = sqlx::query("SELECT value FROM sequences WHERE name = 'post'")
            .fetch_one(&self.read)
            .await
            .map_err(failed("reading the sequence of posts"))?;
        row.int("value")
    }

    async fn post(&self, seq: PostSeq) -> Result<PostRow> {
        let row = sqlx::query("SELECT * FROM posts WHERE seq = $1")
            .bind(seq)
            .fetch_optional(&self.read)
            .await
            .map_err(failed("reading a post"))?;
        row.as_ref().map(post).unwrap_or_else(|| Err(StoreError::NotFound { what: "post", id: seq.to_string() }))
    }

    async fn revisions(&self, source: &str, key: &str) -> Result<Vec<PostRow>> {
        let rows = sqlx::query("SELECT * FROM posts WHERE source = $1 AND post_key = $2 ORDER BY revision DESC")
            .bind(source)
            .bind(key)
            .fetch_all(&self.read)
            .await
            .map_err(failed("reading the revisions of a post"))?;
        rows.iter().map(post).collect()
    }

    async fn hits(&self, seq: PostSeq) -> Result<Vec<HitRow>> {
        let rows = sqlx::query(
            "SELECT h.*, t.text AS term_text, t.kind AS term_kind FROM hits h JOIN terms t ON t.id = h.term
             WHERE h.post = $1 ORDER BY h.field DESC, h.start_byte, h.term",
        )
        .bind(seq)
        .fetch_all(&self.read)
        .await
        .map_err(failed("reading the hits in a post"))?;
        rows.iter().map(hit).collect()
    }
}

pub(super) fn post(row: &AnyRow) -> Result<PostRow> {
    Ok(PostRow {
        seq: row.int("seq")?,
        source: row.text("source")?,
        key: row.text("post_key")?,
        revision: row.int("revision")?,
        post_id: row.text("post_id")?,
        thread_id: row.opt_text("thread_id")?,
        url: row.text("url")?,
        author: row.opt_text("author")?,
        posted_at: row.opt_time("posted_at")?,
        captured_at: row.time("captured_at")?,
        title: row.text("title")?,
        body: row.text("body")?,
        capture: row.text("capture")?,
        claim: row.opt_text("claim")?,
    })
}

fn hit(row: &AnyRow) -> Result<HitRow> {
    Ok(HitRow {
        post: row.int("post")?,
        term: row.int("term")?,
        term_text: row.text("term_text")?,
        term_kind: row.text("term_kind")?,
        member: row.int("member")?,
        field: row.text("field")?,
        start: row.size("start_byte")?,
        end: row.size("end_byte")?,
        matched: row.text("matched")?,
        alert: row.text("alert")?,
    })
}
