//! Alerts: reading them, and the two decisions about them.

use async_trait::async_trait;
use jiff::Timestamp;
use sqlx::{AnyConnection, any::AnyRow};

use super::{
    SqlStore, failed,
    notices::put_notice,
    row::{Columns, ms},
};
use crate::store::{Alerts, Result, StoreError, model::*};

const VIEW: &str = "SELECT a.*, m.name AS member_name, m.state AS member_state, s.name AS source_name,
        p.title AS title, p.posted_at AS posted_at, p.captured_at AS captured_at
    FROM alerts a JOIN members m ON m.id = a.member JOIN sources s ON s.id = a.source JOIN posts p ON p.seq = a.post
    WHERE ($1 = '' OR a.state = $1) AND ($2 = 0 OR a.member = $2)
    ORDER BY a.created_at DESC, a.id LIMIT $3 OFFSET $4";
const VIEW_OF_POST: &str = "SELECT a.*, m.name AS member_name, m.state AS member_state, s.name AS source_name,
        p.title AS title, p.posted_at AS posted_at, p.captured_at AS captured_at
    FROM alerts a JOIN members m ON m.id = a.member JOIN sources s ON s.id = a.source JOIN posts p ON p.seq = a.post
    JOIN posts q ON q.source = a.source AND q.post_key = a.post_key
    WHERE q.seq = $1 ORDER BY a.created_at DESC, a.id";

#[async_trait]
impl Alerts for SqlStore {
    async fn alert(&self, id: &str) -> Result<Alert> {
        let row = sqlx::query("SELECT * FROM alerts WHERE id = $1")
            .bind(id)
            .fetch_optional(&self.read)
            .await
            .map_err(failed("reading an alert"))?;
        row.as_ref().map(alert).unwrap_or_else(|| Err(StoreError::NotFound { what: "alert", id: id.to_owned() }))
    }

    async fn alerts(&self, filter: &AlertFilter) -> Result<Vec<AlertView>> {
        let rows = sqlx::query(VIEW)
            .bind(filter.state.map_or("", AlertState::as_str))
            .bind(filter.member.unwrap_or(0))
            .bind(filter.limit)
            .bind(filter.offset)
            .fetch_all(&self.read)
            .await
            .map_err(failed("reading alerts"))?;
        rows.iter().map(view).collect()
    }

    async fn alerts_of_post(&self, seq: PostSeq) -> Result<Vec<AlertView>> {
        let rows = sqlx::query(VIEW_OF_POST)
            .bind(seq)
            .fetch_all(&self.read)
            .await
            .map_err(failed("reading the alerts of a post"))?;
        rows.iter().map(view).collect()
    }

    async fn alert_counts(&self) -> Result<AlertCounts> {
        let rows = sqlx::query("SELECT state, COUNT(*) AS n FROM alerts GROUP BY state")
            .fetch_all(&self.read)
            .await
            .map_err(failed("counting alerts"))?;
        let mut counts = AlertCounts::default();
        for row in &rows {
            let n = row.int("n")?;
            match row.word("state")? {
                AlertState::New => counts.new = n,
                AlertState::Held => counts.held = n,
                AlertState::Released => counts.released = n,
                AlertState::Dismissed => counts.dismissed = n,
            }
        }
        Ok(counts)
    }

    async fn route_alert(
        &self, job: i64, id: &str, state: AlertState, reason: &str, notices: &[NewNotice], now: Timestamp,
    ) -> Result<()> {
        let doing = "routing an alert";
        let mut tx = self.begin(doing).await?;
        if decide(&mut tx, id, AlertState::New, state, reason, None, now).await? {
            for notice in notices {
                put_notice(&mut tx, notice, now).await?;
            }
        }
        sqlx::query("DELETE FROM jobs WHERE id = $1").bind(job).execute(&mut *tx).await.map_err(failed(doing))?;
        tx.commit().await.map_err(failed(doing))
    }

    async fn decide_alert(
        &self, id: &str, state: AlertState, reason: &str, by: &str, notices: &[NewNotice], now: Timestamp,
    ) -> Result<()> {
        let doing = "deciding about an alert";
        let mut tx = self.begin(doing).await?;
        if !decide(&mut tx, id, AlertState::Held, state, reason, Some(by), now).await? {
            let reason = "it is not waiting for a decision; somebody else may have decided meanwhile".to_owned();
            return Err(StoreError::Conflict { what: "alert", id: id.to_owned(), reason });
        }
        for notice in notices {
            put_notice(&mut tx, notice, now).await?;
        }
        tx.commit().await.map_err(failed(doing))
    }
}

/// Moves an alert from one state to another; `false` when it does not stand there.
async fn decide(
    tx: &mut AnyConnection, id: &str, from: AlertState, to: AlertState, reason: &str, by: Option<&str>, now: Timestamp,
) -> Result<bool> {
    let done = sqlx::query(
        "UPDATE alerts SET state = $1, reason = $2, decided_at = $3, decided_by = $4 WHERE id = $5 AND state = $6",
    )
    .bind(to.as_str())
    .bind(reason)
    .bind(ms(now))
    .bind(by.map(str::to_owned))
    .bind(id)
    .bind(from.as_str())
    .execute(tx)
    .await
    .map_err(failed("deciding about an alert"))?;
    Ok(done.rows_affected() == 1)
}

fn alert(row: &AnyRow) -> Result<Alert> {
    Ok(Alert {
        id: row.text("id")?,
        source: row.text("source")?,
        post_key: row.text("post_key")?,
        post: row.int("post")?,
        member: row.int("member")?,
        class: row.word("class")?,
        severity: row.word("severity")?,
        confidence: row.word("confidence")?,
        claim: row.opt_text("claim")?,
        state: row.word("state")?,
        reason: row.text("reason")?,
        created_at: row.time("created_at")?,
        decided_at: row.opt_time("decided_at")?,
        decided_by: row.opt_text("decided_by")?,
    })
}

pub(super) fn view(row: &AnyRow) -> Result<AlertView> {
    Ok(AlertView {
        alert: alert(row)?,
        member_name: row.text("member_name")?,
        member_state: row.word("member_state")?,
        source_name: row.text("source_name")?,
        title: row.text("title")?,
        posted_at: row.opt_time("posted_at")?,
        captured_at: row.time("captured_at")?,
    })
}
