//! The outbox: a row a delivery, claimed by lease, marked sent only after acceptance.

use async_trait::async_trait;
use jiff::Timestamp;
use sqlx::{AnyConnection, any::AnyRow};

use super::{
    SqlStore, failed,
    row::{Columns, ms},
};
use crate::store::{Notices, Result, StoreError, model::*};

const LEASE_SQLITE: &str = "UPDATE notices SET lease_owner = $1, lease_until = $2 WHERE id IN (
    SELECT id FROM notices WHERE state = 'queued' AND next_try_at <= $3 AND (lease_until IS NULL OR lease_until <= $3)
    ORDER BY next_try_at, id LIMIT $4) RETURNING *";
const LEASE_POSTGRES: &str = "UPDATE notices SET lease_owner = $1, lease_until = $2 WHERE id IN (
    SELECT id FROM notices WHERE state = 'queued' AND next_try_at <= $3 AND (lease_until IS NULL OR lease_until <= $3)
    ORDER BY next_try_at, id LIMIT $4 FOR UPDATE SKIP LOCKED) RETURNING *";

const VIEW: &str = "SELECT n.*, COALESCE(m.name, '') AS member_name, COALESCE(p.title, '') AS title
    FROM notices n LEFT JOIN alerts a ON a.id = n.alert LEFT JOIN members m ON m.id = a.member
        LEFT JOIN posts p ON p.seq = a.post
    WHERE ($1 = '' OR n.state = $1) ORDER BY n.id DESC LIMIT $2 OFFSET $3";

#[async_trait]
impl Notices for SqlStore {
    async fn queue_notice(&self, notice: &NewNotice, now: Timestamp) -> Result<()> {
        let doing = "queueing a notice";
        let mut tx = self.begin(doing).await?;
        put_notice(&mut tx, notice, now).await?;
        tx.commit().await.map_err(failed(doing))
    }

    async fn lease_notices(&self, owner: &str, now: Timestamp, until: Timestamp, limit: i64) -> Result<Vec<Notice>> {
        let rows = sqlx::query(self.backend.pick(LEASE_SQLITE, LEASE_POSTGRES))
            .bind(owner)
            .bind(ms(until))
            .bind(ms(now))
            .bind(limit)
            .fetch_all(&self.write)
            .await
            .map_err(failed("claiming notices"))?;
        rows.iter().map(notice).collect()
    }

    async fn notice_sent(&self, id: i64, receipt: &str, now: Timestamp) -> Result<()> {
        sqlx::query(
            "UPDATE notices SET state = 'sent', sent_at = $1, receipt = $2, attempts = attempts + 1, last_error = NULL,
                 lease_owner = NULL, lease_until = NULL WHERE id = $3 AND state = 'queued'",
        )
        .bind(ms(now))
        .bind(receipt)
        .bind(id)
        .execute(&self.write)
        .await
        .map_err(failed("recording that a notice was accepted"))?;
        Ok(())
    }

    async fn notice_failed(&self, id: i64, error: &str, retry_at: Option<Timestamp>) -> Result<()> {
        sqlx::query(
            "UPDATE notices SET attempts = attempts + 1, last_error = $1,
                 next_try_at = CASE WHEN $2 = 0 THEN next_try_at ELSE $2 END,
                 state = CASE WHEN $2 = 0 THEN 'dead' ELSE 'queued' END,
                 lease_owner = NULL, lease_until = NULL WHERE id = $3 AND state = 'queued'",
        )
        .bind(error)
        .bind(retry_at.map_or(0, ms))
        .bind(id)
        .execute(&self.write)
        .await
        .map_err(failed("recording that a notice failed"))?;
        Ok(())
    }

    async fn notices(&self, state: Option<NoticeState>, limit: i64, offset: i64) -> Result<Vec<NoticeView>> {
        let rows = sqlx::query(VIEW)
            .bind(state.map_or("", NoticeState::as_str))
            .bind(limit)
            .bind(offset)
            .fetch_all(&self.read)
            .await
            .map_err(failed("reading notices"))?;
        let view = |row: &AnyRow| {
            Ok(NoticeView { notice: notice(row)?, member_name: row.text("member_name")?, title: row.text("title")? })
        };
        rows.iter().map(view).collect()
    }

    async fn notices_of(&self, alert: &str) -> Result<Vec<Notice>> {
        let rows = sqlx::query("SELECT * FROM notices WHERE alert = $1 ORDER BY id")
            .bind(alert)
            .fetch_all(&self.read)
            .await
            .map_err(failed("reading the notices of an alert"))?;
        rows.iter().map(notice).collect()
    }

    async fn revive_notice(&self, id: i64, now: Timestamp) -> Result<()> {
        let done = sqlx::query(
            "UPDATE notices SET state = 'queued', attempts = 0, next_try_at = $1 WHERE id = $2 AND state = 'dead'",
        )
        .bind(ms(now))
        .bind(id)
        .execute(&self.write)
        .await
        .map_err(failed("reviving a notice"))?;
        if done.rows_affected() == 0 {
            return Err(StoreError::NotFound { what: "dead notice", id: id.to_string() });
        }
        Ok(())
    }
}

/// Queues a notice inside a transaction, once.
pub(super) async fn put_notice(tx: &mut AnyConnection, n: &NewNotice, now: Timestamp) -> Result<()> {
    sqlx::query(
        "INSERT INTO notices (alert, audience, contact, channel, address, language, payload, state, next_try_at,
             created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, 'queued', $8, $8)
         ON CONFLICT (alert, audience, channel, address, payload) DO NOTHING",
    )
    .bind(&n.alert)
    .bind(n.audience.as_str())
    .bind(n.contact)
    .bind(n.channel.as_str())
    .bind(&n.address)
    .bind(&n.language)
    .bind(n.payload.as_deref().unwrap_or_default())
    .bind(ms(now))
    .execute(tx)
    .await
    .map_err(failed("queueing a notice"))?;
    Ok(())
}

fn notice(row: &AnyRow) -> Result<Notice> {
    Ok(Notice {
        id: row.int("id")?,
        notice: NewNotice {
            alert: row.text("alert")?,
            audience: row.word("audience")?,
            contact: row.opt_int("contact")?,
            channel: row.word("channel")?,
            address: row.text("address")?,
            language: row.text("language")?,
            payload: Some(row.text("payload")?).filter(|p| !p.is_empty()),
        },
        state: row.word("state")?,
        attempts: row.int("attempts")?,
        next_try_at: row.time("next_try_at")?,
        last_error: row.opt_text("last_error")?,
        created_at: row.time("created_at")?,
        sent_at: row.opt_time("sent_at")?,
        receipt: row.opt_text("receipt")?,
    })
}
