//! Terms matched against history: progress by sequence, alerts by identity, so that a repeated batch changes nothing.

use async_trait::async_trait;
use jiff::Timestamp;
use sqlx::{AnyConnection, any::AnyRow};

use super::{
    SqlStore,
    alerts::view,
    failed,
    notices::put_notice,
    row::{Columns, ms},
    terms::term,
};
use crate::store::{LookBacks, Result, StoreError, model::*};

const DOING: &str = "matching terms against history";

const SELECT: &str = "SELECT l.*, (SELECT COUNT(*) FROM look_back_terms c WHERE c.look_back = l.id) AS terms,
        COALESCE((SELECT MIN(t.text) FROM look_back_terms c JOIN terms t ON t.id = c.term WHERE c.look_back = l.id), '')
            AS text
    FROM look_backs l";
/// Those with posts before them first: one that waits for its end keeps nobody from beginning.
const OPEN: &str = "WHERE l.finished_at IS NULL
    ORDER BY CASE WHEN l.done_seq < (SELECT value FROM sequences WHERE name = 'post') THEN 0 ELSE 1 END, l.id LIMIT 1";
const TERMS: &str = "SELECT t.*, m.name AS member_name FROM look_back_terms c JOIN terms t ON t.id = c.term
    JOIN members m ON m.id = t.member WHERE c.look_back = $1 ORDER BY t.id";
const ALERTS: &str = "SELECT a.*, m.name AS member_name, m.state AS member_state, s.name AS source_name,
        p.title AS title, p.posted_at AS posted_at, p.captured_at AS captured_at
    FROM alerts a JOIN members m ON m.id = a.member JOIN sources s ON s.id = a.source JOIN posts p ON p.seq = a.post
    WHERE a.look_back = $1 AND ($2 = 0 OR a.member = $2)
    ORDER BY CASE a.severity WHEN 'critical' THEN 0 WHEN 'high' THEN 1 WHEN 'medium' THEN 2 ELSE 3 END, p.seq DESC, a.id
    LIMIT $3";
const TEXTS: &str = "SELECT seq, source, post_key, captured_at, title, body, author, url, extra FROM posts";

/// Posts are captured in the order of their numbers, so the first one of the time says where to stop. The sign in
/// front of the column keeps the planner on the numbers: the other index would be sorted anew for every batch.
const SINCE: &str = "WHERE seq < $1 AND +captured_at >= $2
        AND seq >= COALESCE((SELECT f.seq FROM posts f WHERE f.captured_at >= $2 ORDER BY f.captured_at LIMIT 1), $1)
    ORDER BY seq DESC LIMIT $3";

#[async_trait]
impl LookBacks for SqlStore {
    async fn look_backs(&self, term: Option<i64>, limit: i64) -> Result<Vec<LookBack>> {
        let of_term = "WHERE $1 = 0 OR l.id IN (SELECT look_back FROM look_back_terms WHERE term = $1)";
        let query = sqlx::AssertSqlSafe(format!("{SELECT} {of_term} ORDER BY l.id DESC LIMIT $2"));
        let query = sqlx::query(query).bind(term.unwrap_or(0)).bind(limit);
        let rows = query.fetch_all(&self.read).await.map_err(failed("reading look backs"))?;
        rows.iter().map(look_back).collect()
    }

    async fn look_back(&self, id: i64) -> Result<LookBack> {
        let query = sqlx::query(sqlx::AssertSqlSafe(format!("{SELECT} WHERE l.id = $1"))).bind(id);
        let rows = query.fetch_all(&self.read).await.map_err(failed("reading a look back"))?;
        let missing = || StoreError::NotFound { what: "look back", id: id.to_string() };
        rows.first().map(look_back).unwrap_or_else(|| Err(missing()))
    }

    async fn open_look_back(&self) -> Result<Option<LookBack>> {
        let query = sqlx::AssertSqlSafe(format!("{SELECT} {OPEN}"));
        let rows = sqlx::query(query).fetch_all(&self.read).await.map_err(failed("reading look backs"))?;
        rows.first().map(look_back).transpose()
    }

    async fn look_back_terms(&self, id: i64) -> Result<Vec<TermRow>> {
        let query = sqlx::query(TERMS).bind(id);
        let rows = query.fetch_all(&self.read).await.map_err(failed("reading the terms of a look back"))?;
        rows.iter().map(term).collect()
    }

    async fn commit_look_back(
        &self, id: i64, from: PostSeq, done: PostSeq, findings: &[LookBackFinding], now: Timestamp,
    ) -> Result<u64> {
        let mut tx = self.begin(DOING).await?;
        let (mut hits, mut alerts) = (0, 0);
        for finding in findings {
            let stored = put_finding(&mut tx, id, finding, now).await?;
            hits += stored.hits;
            alerts += u64::from(stored.raised);
        }
        let moved = sqlx::query(
            "UPDATE look_backs SET done_seq = $1, hits = hits + $2, alerts = alerts + $3,
                 started_at = COALESCE(started_at, $4), until_seq = (SELECT value FROM sequences WHERE name = 'post')
             WHERE id = $5 AND done_seq = $6 AND finished_at IS NULL",
        )
        .bind(done)
        .bind(hits.cast_signed())
        .bind(alerts.cast_signed())
        .bind(ms(now))
        .bind(id)
        .bind(from)
        .execute(&mut *tx)
        .await
        .map_err(failed(DOING))?;
        if moved.rows_affected() == 0 {
            let reason = "another process went on with it; nothing was stored".to_owned();
            return Err(StoreError::Conflict { what: "look back", id: id.to_string(), reason });
        }
        tx.commit().await.map_err(failed(DOING))?;
        Ok(alerts)
    }

    async fn finish_look_back(&self, id: i64, digests: &[NewNotice], now: Timestamp) -> Result<()> {
        let mut tx = self.begin(DOING).await?;
        let done = sqlx::query("UPDATE look_backs SET finished_at = $1 WHERE id = $2 AND finished_at IS NULL")
            .bind(ms(now))
            .bind(id)
            .execute(&mut *tx)
            .await
            .map_err(failed(DOING))?;
        if done.rows_affected() == 1 {
            for digest in digests {
                put_notice(&mut tx, digest, now).await?;
            }
        }
        tx.commit().await.map_err(failed(DOING))
    }

    async fn look_back_alerts(&self, id: i64, member: Option<i64>, limit: i64) -> Result<Vec<AlertView>> {
        let query = sqlx::query(ALERTS).bind(id).bind(member.unwrap_or(0)).bind(limit);
        let rows = query.fetch_all(&self.read).await.map_err(failed("reading what a look back found"))?;
        rows.iter().map(view).collect()
    }

    async fn decide_look_back(
        &self, id: i64, member: i64, verdict: Verdict<'_>, notices: &[NewNotice], now: Timestamp,
    ) -> Result<u64> {
        let doing = "deciding about what a look back found";
        let mut tx = self.begin(doing).await?;
        let done = sqlx::query(
            "UPDATE alerts SET state = $1, reason = $2, decided_at = $3, decided_by = $4
             WHERE look_back = $5 AND member = $6 AND state = 'held'",
        )
        .bind(verdict.state.as_str())
        .bind(verdict.reason)
        .bind(ms(now))
        .bind(verdict.by)
        .bind(id)
        .bind(member)
        .execute(&mut *tx)
        .await
        .map_err(failed(doing))?;
        if done.rows_affected() > 0 {
            for notice in notices {
                put_notice(&mut tx, notice, now).await?;
            }
        }
        tx.commit().await.map_err(failed(doing))?;
        Ok(done.rows_affected())
    }

    async fn texts_after(&self, after: PostSeq, limit: i64) -> Result<Vec<PostText>> {
        let query = sqlx::query(sqlx::AssertSqlSafe(format!("{TEXTS} WHERE seq > $1 ORDER BY seq LIMIT $2")));
        let rows = query.bind(after).bind(limit).fetch_all(&self.read).await;
        rows.map_err(failed("reading the texts of posts"))?.iter().map(text).collect()
    }

    async fn texts_before(&self, before: PostSeq, since: Timestamp, limit: i64) -> Result<Vec<PostText>> {
        let query = sqlx::query(sqlx::AssertSqlSafe(format!("{TEXTS} {SINCE}")));
        let rows = query.bind(before).bind(ms(since)).bind(limit).fetch_all(&self.read).await;
        rows.map_err(failed("reading the texts of posts"))?.iter().map(text).collect()
    }
}

/// Queues a look back of terms that were saved together; none without terms.
pub(super) async fn queue_look_back(
    tx: &mut AnyConnection, terms: &[i64], by: &str, now: Timestamp,
) -> Result<Option<i64>> {
    if terms.is_empty() {
        return Ok(None);
    }
    let rows = sqlx::query(
        "INSERT INTO look_backs (queued_at, queued_by, until_seq)
         VALUES ($1, $2, (SELECT value FROM sequences WHERE name = 'post')) RETURNING id",
    )
    .bind(ms(now))
    .bind(by)
    .fetch_all(&mut *tx)
    .await
    .map_err(failed(DOING))?;
    let Some(row) = rows.first() else { return Ok(None) };
    let id = row.int("id")?;
    for term in terms {
        sqlx::query("INSERT INTO look_back_terms (look_back, term) VALUES ($1, $2) ON CONFLICT DO NOTHING")
            .bind(id)
            .bind(term)
            .execute(&mut *tx)
            .await
            .map_err(failed(DOING))?;
    }
    Ok(Some(id))
}

/// What became of a finding.
struct Stored {
    hits: u64,
    raised: bool,
}

/// Stores the hits that are not stored yet, with the alert they belong to.
async fn put_finding(
    tx: &mut AnyConnection, look_back: i64, finding: &LookBackFinding, now: Timestamp,
) -> Result<Stored> {
    let fresh = fresh_hits(tx, finding).await?;
    if fresh.is_empty() {
        return Ok(Stored { hits: 0, raised: false });
    }
    let (alert, raised) = match waiting_alert(tx, finding).await? {
        Some(alert) => (alert, false),
        None => (finding.alert.clone(), put_alert(tx, look_back, finding, now).await?),
    };
    for hit in &fresh {
        put_hit(tx, finding, hit, &alert, now).await?;
    }
    Ok(Stored { hits: fresh.len() as u64, raised })
}

/// The hits of a finding that no visit and no look back has stored.
async fn fresh_hits<'f>(tx: &mut AnyConnection, finding: &'f LookBackFinding) -> Result<Vec<&'f NewHit>> {
    let rows = sqlx::query("SELECT term, field, start_byte FROM hits WHERE post = $1 AND member = $2")
        .bind(finding.post)
        .bind(finding.member)
        .fetch_all(tx)
        .await
        .map_err(failed(DOING))?;
    let mut known = std::collections::HashSet::new();
    for row in &rows {
        known.insert((row.int("term")?, row.text("field")?, row.size("start_byte")?));
    }
    Ok(finding.hits.iter().filter(|hit| !known.contains(&(hit.term, hit.field.clone(), hit.start))).collect())
}

/// The alert of the same post and member about which nobody has decided yet.
async fn waiting_alert(tx: &mut AnyConnection, finding: &LookBackFinding) -> Result<Option<AlertId>> {
    let rows = sqlx::query(
        "SELECT id FROM alerts WHERE source = $1 AND post_key = $2 AND member = $3 AND state IN ('new', 'held')
         ORDER BY created_at, id",
    )
    .bind(&finding.source)
    .bind(&finding.post_key)
    .bind(finding.member)
    .fetch_all(tx)
    .await
    .map_err(failed(DOING))?;
    rows.first().map(|row| row.text("id")).transpose()
}

/// Inserts a held alert; `false` when it is there already.
async fn put_alert(tx: &mut AnyConnection, look_back: i64, finding: &LookBackFinding, now: Timestamp) -> Result<bool> {
    let done = sqlx::query(
        "INSERT INTO alerts (id, source, post_key, post, member, class, severity, confidence, claim, state, reason,
             created_at, look_back)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'held', 'found_in_history', $10, $11) ON CONFLICT (id) DO NOTHING",
    )
    .bind(&finding.alert)
    .bind(&finding.source)
    .bind(&finding.post_key)
    .bind(finding.post)
    .bind(finding.member)
    .bind(Class::History.as_str())
    .bind(finding.severity.as_str())
    .bind(finding.confidence.as_str())
    .bind(&finding.claim)
    .bind(ms(now))
    .bind(look_back)
    .execute(tx)
    .await
    .map_err(failed(DOING))?;
    Ok(done.rows_affected() == 1)
}

async fn put_hit(
    tx: &mut AnyConnection, finding: &LookBackFinding, hit: &NewHit, alert: &str, now: Timestamp,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO hits (post, term, member, field, start_byte, end_byte, matched, alert)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (post, term, field, start_byte) DO NOTHING",
    )
    .bind(finding.post)
    .bind(hit.term)
    .bind(finding.member)
    .bind(&hit.field)
    .bind(hit.start.cast_signed())
    .bind(hit.end.cast_signed())
    .bind(&hit.matched)
    .bind(alert)
    .execute(&mut *tx)
    .await
    .map_err(failed(DOING))?;
    sqlx::query("UPDATE terms SET hits = hits + 1, last_fired_at = $1 WHERE id = $2")
        .bind(ms(now))
        .bind(hit.term)
        .execute(tx)
        .await
        .map_err(failed(DOING))?;
    Ok(())
}

fn look_back(row: &AnyRow) -> Result<LookBack> {
    Ok(LookBack {
        id: row.int("id")?,
        queued_at: row.time("queued_at")?,
        queued_by: row.text("queued_by")?,
        started_at: row.opt_time("started_at")?,
        finished_at: row.opt_time("finished_at")?,
        done: row.int("done_seq")?,
        until: row.int("until_seq")?,
        hits: row.int("hits")?,
        alerts: row.int("alerts")?,
        terms: row.int("terms")?,
        text: row.text("text")?,
    })
}

fn text(row: &AnyRow) -> Result<PostText> {
    let extra: serde_json::Value = serde_json::from_str(&row.text("extra")?).unwrap_or_default();
    Ok(PostText {
        seq: row.int("seq")?,
        source: row.text("source")?,
        key: row.text("post_key")?,
        captured_at: row.time("captured_at")?,
        title: row.text("title")?,
        body: row.text("body")?,
        author: row.opt_text("author")?.unwrap_or_default(),
        url: row.text("url")?,
        links: extra.get("links").and_then(serde_json::Value::as_str).unwrap_or_default().to_owned(),
    })
}
