//! The schedule: a row a source, claimed by lease.

use std::collections::HashMap;

use async_trait::async_trait;
use jiff::Timestamp;
use sqlx::{AnyConnection, any::AnyRow};

use super::{
    SqlStore, failed,
    row::{Columns, ms},
};
use crate::store::{Result, Schedule, StoreError, model::*};

const COLUMNS: &str = "SELECT * FROM sources ORDER BY enabled DESC, name, id";

// The only difference: PostgreSQL lets several processes pass over one another's rows.
const LEASE_SQLITE: &str = "UPDATE sources SET lease_owner = $1, lease_until = $2 WHERE id = (
    SELECT id FROM sources WHERE enabled = 1 AND next_visit_at <= $3 AND (lease_until IS NULL OR lease_until <= $3)
    ORDER BY wanted DESC, next_visit_at, id LIMIT 1) RETURNING *";
const LEASE_POSTGRES: &str = "UPDATE sources SET lease_owner = $1, lease_until = $2 WHERE id = (
    SELECT id FROM sources WHERE enabled = 1 AND next_visit_at <= $3 AND (lease_until IS NULL OR lease_until <= $3)
    ORDER BY wanted DESC, next_visit_at, id LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING *";

const LEASE_THIS: &str = "UPDATE sources SET lease_owner = $1, lease_until = $2
    WHERE id = $4 AND enabled = 1 AND (lease_until IS NULL OR lease_until <= $3) RETURNING *";

const UPSERT: &str = "INSERT INTO sources
    (id, name, kind, class, grade, tlp, via, enabled, next_visit_at, healthy, rung, visits, posts, failures, wanted,
    verified)
    VALUES ($1, $2, $3, $4, $5, $6, $7, 1, $8, 1, 0, 0, 0, 0, 0, $9)
    ON CONFLICT (id) DO UPDATE SET name = $2, kind = $3, class = $4, grade = $5, tlp = $6, via = $7, enabled = 1,
    verified = $9";

const ADVANCE: &str = "UPDATE sources SET
    last_visit_at = $1, last_outcome = $2,
    health_since = CASE WHEN health_since IS NULL OR healthy <> $3 THEN $1 ELSE health_since END,
    last_ok_at = CASE WHEN $3 = 1 THEN $1 ELSE last_ok_at END,
    failures = CASE WHEN $3 = 1 THEN 0 ELSE failures + $4 END,
    healthy = $3, rung = $5, visits = visits + 1, wanted = 0, next_visit_at = $6, lease_owner = NULL, lease_until = NULL,
    mirrors = COALESCE($7, mirrors)
    WHERE id = $8 AND lease_owner = $9";

#[async_trait]
impl Schedule for SqlStore {
    async fn set_sources(&self, sources: &[NewSource], now: Timestamp) -> Result<()> {
        let doing = "recording the watched sources";
        let mut tx = self.begin(doing).await?;
        sqlx::query("UPDATE sources SET enabled = 0").execute(&mut *tx).await.map_err(failed(doing))?;
        for s in sources {
            let row = [&s.id, &s.name, &s.kind, &s.class, &s.grade, &s.tlp, &s.via];
            let query = row.into_iter().fold(sqlx::query(UPSERT), |q, value| q.bind(value));
            query.bind(ms(now)).bind(&s.verified).execute(&mut *tx).await.map_err(failed(doing))?;
        }
        tx.commit().await.map_err(failed(doing))
    }

    async fn sources(&self) -> Result<Vec<SourceRow>> {
        let rows = sqlx::query(COLUMNS).fetch_all(&self.read).await.map_err(failed("reading the schedule"))?;
        rows.iter().map(source).collect()
    }

    async fn lease_source(&self, owner: &str, now: Timestamp, until: Timestamp) -> Result<Option<SourceRow>> {
        // All rows, though there is one at most: a reader that stops at the first never hears that the disk was full.
        let rows = sqlx::query(self.backend.pick(LEASE_SQLITE, LEASE_POSTGRES))
            .bind(owner)
            .bind(ms(until))
            .bind(ms(now))
            .fetch_all(&self.write)
            .await
            .map_err(failed("claiming a source"))?;
        rows.first().map(source).transpose()
    }

    async fn lease_this(&self, id: &str, owner: &str, now: Timestamp, until: Timestamp) -> Result<Option<SourceRow>> {
        let rows = sqlx::query(LEASE_THIS)
            .bind(owner)
            .bind(ms(until))
            .bind(ms(now))
            .bind(id)
            .fetch_all(&self.write)
            .await
            .map_err(failed("claiming a source"))?;
        rows.first().map(source).transpose()
    }

    async fn put_off(&self, source: &str, owner: &str, until: Timestamp) -> Result<()> {
        sqlx::query(
            "UPDATE sources SET next_visit_at = $1, lease_owner = NULL, lease_until = NULL
             WHERE id = $2 AND lease_owner = $3",
        )
        .bind(ms(until))
        .bind(source)
        .bind(owner)
        .execute(&self.write)
        .await
        .map_err(failed("putting a visit off"))?;
        Ok(())
    }

    async fn remember(&self, source: &str, remembered: &Remembered) -> Result<()> {
        sqlx::query("UPDATE sources SET watch = $1, host_state = $2 WHERE id = $3")
            .bind(&remembered.watch)
            .bind(&remembered.host_state)
            .bind(source)
            .execute(&self.write)
            .await
            .map_err(failed("keeping what was learnt of a source"))?;
        Ok(())
    }

    async fn set_standing(&self, source: &str, standing: &str) -> Result<()> {
        sqlx::query("UPDATE sources SET standing = $1 WHERE id = $2")
            .bind(standing)
            .bind(source)
            .execute(&self.write)
            .await
            .map_err(failed("keeping how a source stands"))?;
        Ok(())
    }

    async fn next_due(&self) -> Result<Option<Timestamp>> {
        let row = sqlx::query(
            "SELECT MIN(CASE WHEN lease_until IS NULL OR lease_until < next_visit_at THEN next_visit_at
                        ELSE lease_until END) AS due FROM sources WHERE enabled = 1",
        )
        .fetch_one(&self.read)
        .await
        .map_err(failed("reading the schedule"))?;
        row.opt_time("due")
    }

    async fn thread_marks(&self, source: &str) -> Result<HashMap<String, String>> {
        let rows = sqlx::query("SELECT thread_id, signal FROM thread_marks WHERE source = $1")
            .bind(source)
            .fetch_all(&self.read)
            .await
            .map_err(failed("reading what is known of the threads"))?;
        rows.iter().map(|row| Ok((row.text("thread_id")?, row.text("signal")?))).collect()
    }

    async fn advance(&self, source: &str, owner: &str, advance: &Advance, now: Timestamp) -> Result<()> {
        let doing = "ending a visit";
        let mut tx = self.begin(doing).await?;
        step(&mut tx, source, owner, advance, 0, now).await?;
        tx.commit().await.map_err(failed(doing))
    }

    async fn give_back(&self, source: &str, owner: &str) -> Result<()> {
        sqlx::query("UPDATE sources SET lease_owner = NULL, lease_until = NULL WHERE id = $1 AND lease_owner = $2")
            .bind(source)
            .bind(owner)
            .execute(&self.write)
            .await
            .map_err(failed("giving a source back"))?;
        Ok(())
    }

    async fn release_leases(&self, owner: &str) -> Result<()> {
        let doing = "giving leases back";
        let mut tx = self.begin(doing).await?;
        for statement in [
            "UPDATE sources SET lease_owner = NULL, lease_until = NULL WHERE lease_owner = $1",
            "UPDATE jobs SET lease_owner = NULL, lease_until = NULL WHERE lease_owner = $1",
            "UPDATE notices SET lease_owner = NULL, lease_until = NULL WHERE lease_owner = $1",
        ] {
            sqlx::query(statement).bind(owner).execute(&mut *tx).await.map_err(failed(doing))?;
        }
        tx.commit().await.map_err(failed(doing))
    }

    async fn probe(&self) -> Result<()> {
        let doing = "asking whether the database can be written";
        let mut tx = self.begin(doing).await?;
        sqlx::query("SELECT value FROM sequences WHERE name = 'post'")
            .fetch_one(&mut *tx)
            .await
            .map_err(failed(doing))?;
        tx.rollback().await.map_err(failed(doing))
    }

    async fn visit_now(&self, source: &str, now: Timestamp) -> Result<()> {
        let done = sqlx::query("UPDATE sources SET next_visit_at = $1, wanted = 1 WHERE id = $2 AND enabled = 1")
            .bind(ms(now))
            .bind(source)
            .execute(&self.write)
            .await
            .map_err(failed("making a source due"))?;
        if done.rows_affected() == 0 {
            return Err(StoreError::NotFound { what: "source", id: source.to_owned() });
        }
        Ok(())
    }
}

/// Takes the schedule's step inside a transaction; refused when the lease is somebody else's.
pub(super) async fn step(
    tx: &mut AnyConnection, source: &str, owner: &str, advance: &Advance, new_here: u64, now: Timestamp,
) -> Result<()> {
    let brought = advance.new_so_far + new_here > 0;
    let outcome = if brought { &advance.outcome_if_new } else { &advance.outcome };
    let done = sqlx::query(ADVANCE)
        .bind(ms(now))
        .bind(outcome)
        .bind(i64::from(advance.healthy))
        .bind(i64::from(!advance.spared))
        .bind(advance.rung)
        .bind(ms(advance.next_visit_at))
        .bind(&advance.mirrors)
        .bind(source)
        .bind(owner)
        .execute(tx)
        .await
        .map_err(failed("ending a visit"))?;
    if done.rows_affected() == 0 { Err(lease_lost(source)) } else { Ok(()) }
}

/// What a caller hears whose lease ran out.
pub(super) fn lease_lost(source: &str) -> StoreError {
    let reason = "the lease is no longer held by this worker; nothing was stored, the source will be visited again";
    StoreError::Conflict { what: "source", id: source.to_owned(), reason: reason.to_owned() }
}

fn source(row: &AnyRow) -> Result<SourceRow> {
    Ok(SourceRow {
        source: NewSource {
            id: row.text("id")?,
            name: row.text("name")?,
            kind: row.text("kind")?,
            class: row.text("class")?,
            grade: row.text("grade")?,
            tlp: row.text("tlp")?,
            via: row.text("via")?,
            verified: row.text("verified")?,
        },
        enabled: row.flag("enabled")?,
        next_visit_at: row.time("next_visit_at")?,
        last_visit_at: row.opt_time("last_visit_at")?,
        last_outcome: row.opt_text("last_outcome")?,
        health_since: row.opt_time("health_since")?,
        healthy: row.flag("healthy")?,
        last_ok_at: row.opt_time("last_ok_at")?,
        rung: row.int("rung")?,
        visits: row.int("visits")?,
        posts: row.int("posts")?,
        failures: row.int("failures")?,
        wanted: row.flag("wanted")?,
        standing: row.opt_text("standing")?,
        mirrors: row.opt_text("mirrors")?,
        remembered: match (row.opt_text("watch")?, row.opt_text("host_state")?) {
            (Some(watch), Some(host_state)) => Some(Remembered { watch, host_state }),
            _ => None,
        },
    })
}
