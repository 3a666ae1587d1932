//! Moves of sites: proposed once, decided once.

use async_trait::async_trait;
use jiff::Timestamp;
use sqlx::any::AnyRow;

use super::{
    SqlStore, failed,
    row::{Columns, ms},
};
use crate::store::{Result, SiteMoves, StoreError, model::*};

#[async_trait]
impl SiteMoves for SqlStore {
    async fn propose_move(&self, proposal: &NewMove) -> Result<Option<i64>> {
        let rows = sqlx::query(
            "INSERT INTO site_moves (source, from_link, to_link, seen_at, same_site, state)
             VALUES ($1, $2, $3, $4, 'unchecked', 'open') ON CONFLICT (source, to_link) DO NOTHING RETURNING id",
        )
        .bind(&proposal.source)
        .bind(&proposal.from)
        .bind(&proposal.to)
        .bind(ms(proposal.seen_at))
        .fetch_all(&self.write)
        .await
        .map_err(failed("keeping a move that a site proposes"))?;
        rows.first().map(|row| row.int("id")).transpose()
    }

    async fn check_move(&self, id: i64, same_site: SameSite) -> Result<()> {
        sqlx::query("UPDATE site_moves SET same_site = $1 WHERE id = $2")
            .bind(same_site.as_str())
            .bind(id)
            .execute(&self.write)
            .await
            .map_err(failed("keeping whether a move leads to the same site"))?;
        Ok(())
    }

    async fn moves(&self, source: Option<&str>) -> Result<Vec<SiteMove>> {
        let rows = sqlx::query("SELECT * FROM site_moves WHERE ($1 = '' OR source = $1) ORDER BY id DESC")
            .bind(source.unwrap_or_default())
            .fetch_all(&self.read)
            .await
            .map_err(failed("reading the moves of sites"))?;
        rows.iter().map(site_move).collect()
    }

    async fn site_move(&self, id: i64) -> Result<SiteMove> {
        let row = sqlx::query("SELECT * FROM site_moves WHERE id = $1")
            .bind(id)
            .fetch_optional(&self.read)
            .await
            .map_err(failed("reading a move of a site"))?;
        row.as_ref().map(site_move).unwrap_or_else(|| Err(StoreError::NotFound { what: "move", id: id.to_string() }))
    }

    async fn decide_move(&self, id: i64, state: MoveState, by: &str, reason: &str, now: Timestamp) -> Result<()> {
        let done = sqlx::query(
            "UPDATE site_moves SET state = $1, decided_by = $2, decided_at = $3, reason = $4
             WHERE id = $5 AND state = 'open'",
        )
        .bind(state.as_str())
        .bind(by)
        .bind(ms(now))
        .bind(reason)
        .bind(id)
        .execute(&self.write)
        .await
        .map_err(failed("deciding about a move of a site"))?;
        if done.rows_affected() > 0 {
            return Ok(());
        }
        let reason = format!("it is {} already", self.site_move(id).await?.state);
        Err(StoreError::Conflict { what: "move", id: id.to_string(), reason })
    }
}

fn site_move(row: &AnyRow) -> Result<SiteMove> {
    Ok(SiteMove {
        id: row.int("id")?,
        seen: NewMove {
            source: row.text("source")?,
            from: row.text("from_link")?,
            to: row.text("to_link")?,
            seen_at: row.time("seen_at")?,
        },
        same_site: row.word("same_site")?,
        state: row.word("state")?,
        decided_by: row.text("decided_by")?,
        decided_at: row.opt_time("decided_at")?,
        reason: row.text("reason")?,
    })
}
