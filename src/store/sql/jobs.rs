//! The queue of internal work: a table, claimed by lease.

use async_trait::async_trait;
use jiff::Timestamp;
use sqlx::any::AnyRow;

use super::{
    SqlStore, failed,
    row::{Columns, ms},
};
use crate::store::{Jobs, Result, StoreError, model::*};

const LEASE_SQLITE: &str = "UPDATE jobs SET lease_owner = $1, lease_until = $2 WHERE id IN (
    SELECT id FROM jobs WHERE dead = 0 AND run_at <= $3 AND (lease_until IS NULL OR lease_until <= $3)
    ORDER BY run_at, id LIMIT $4) RETURNING *";
const LEASE_POSTGRES: &str = "UPDATE jobs SET lease_owner = $1, lease_until = $2 WHERE id IN (
    SELECT id FROM jobs WHERE dead = 0 AND run_at <= $3 AND (lease_until IS NULL OR lease_until <= $3)
    ORDER BY run_at, id LIMIT $4 FOR UPDATE SKIP LOCKED) RETURNING *";

#[async_trait]
impl Jobs for SqlStore {
    async fn lease_jobs(&self, owner: &str, now: Timestamp, until: Timestamp, limit: i64) -> Result<Vec<Job>> {
        let rows = sqlx::query(self.backend.pick(LEASE_SQLITE, LEASE_POSTGRES))
            .bind(owner)
            .bind(ms(until))
            .bind(ms(now))
            .bind(limit)
            .fetch_all(&self.write)
            .await
            .map_err(failed("claiming jobs"))?;
        rows.iter().map(job).collect()
    }

    async fn fail_job(&self, id: i64, error: &str, retry_at: Option<Timestamp>) -> Result<()> {
        sqlx::query(
            "UPDATE jobs SET attempts = attempts + 1, last_error = $1, run_at = CASE WHEN $2 = 0 THEN run_at ELSE $2 END,
                 dead = CASE WHEN $2 = 0 THEN 1 ELSE 0 END, lease_owner = NULL, lease_until = NULL WHERE id = $3",
        )
        .bind(error)
        .bind(retry_at.map_or(0, ms))
        .bind(id)
        .execute(&self.write)
        .await
        .map_err(failed("putting a job back"))?;
        Ok(())
    }

    async fn dead_jobs(&self) -> Result<Vec<Job>> {
        let rows = sqlx::query("SELECT * FROM jobs WHERE dead = 1 ORDER BY id")
            .fetch_all(&self.read)
            .await
            .map_err(failed("reading dead jobs"))?;
        rows.iter().map(job).collect()
    }

    async fn revive_job(&self, id: i64, now: Timestamp) -> Result<()> {
        let done = sqlx::query("UPDATE jobs SET dead = 0, attempts = 0, run_at = $1 WHERE id = $2 AND dead = 1")
            .bind(ms(now))
            .bind(id)
            .execute(&self.write)
            .await
            .map_err(failed("reviving a job"))?;
        if done.rows_affected() == 0 {
            return Err(StoreError::NotFound { what: "dead job", id: id.to_string() });
        }
        Ok(())
    }
}

fn job(row: &AnyRow) -> Result<Job> {
    Ok(Job {
        id: row.int("id")?,
        kind: row.text("kind")?,
        key: row.text("job_key")?,
        attempts: row.int("attempts")?,
        last_error: row.opt_text("last_error")?,
    })
}
