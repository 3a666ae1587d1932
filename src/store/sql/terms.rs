//! Watch terms; every change moves their generation on, so that the matcher knows to be rebuilt.

use async_trait::async_trait;
use jiff::Timestamp;
use sqlx::{AnyConnection, any::AnyRow};

use super::{
    SqlStore, failed,
    row::{Columns, ms, opt_ms},
};
use crate::store::{Result, StoreError, Terms, model::*};

const DOING: &str = "changing terms";
const SELECT: &str = "SELECT t.*, m.name AS member_name FROM terms t JOIN members m ON m.id = t.member
    WHERE ($1 = 0 OR t.member = $1) AND ($2 = 0 OR t.id = $2) ORDER BY m.name, t.text, t.kind";

#[async_trait]
impl Terms for SqlStore {
    async fn add_terms(&self, terms: &[(i64, NewTerm)], now: Timestamp) -> Result<u64> {
        let mut tx = self.begin(DOING).await?;
        let mut added = 0;
        for (member, term) in terms {
            added += put_term(&mut tx, *member, term, now).await?;
        }
        changed(&mut tx).await?;
        tx.commit().await.map_err(failed(DOING))?;
        Ok(added)
    }

    async fn terms(&self, member: Option<i64>) -> Result<Vec<TermRow>> {
        let query = sqlx::query(SELECT).bind(member.unwrap_or(0)).bind(0_i64);
        let rows = query.fetch_all(&self.read).await.map_err(failed("reading terms"))?;
        rows.iter().map(term).collect()
    }

    async fn term(&self, id: i64) -> Result<TermRow> {
        let query = sqlx::query(SELECT).bind(0_i64).bind(id);
        let row = query.fetch_optional(&self.read).await.map_err(failed("reading a term"))?;
        row.as_ref().map(term).unwrap_or_else(|| Err(missing(id)))
    }

    async fn set_term_state(&self, id: i64, state: TermState) -> Result<()> {
        let mut tx = self.begin(DOING).await?;
        let done = sqlx::query("UPDATE terms SET state = $1 WHERE id = $2")
            .bind(state.as_str())
            .bind(id)
            .execute(&mut *tx)
            .await
            .map_err(failed(DOING))?;
        if done.rows_affected() == 0 {
            return Err(missing(id));
        }
        changed(&mut tx).await?;
        tx.commit().await.map_err(failed(DOING))
    }

    async fn terms_generation(&self) -> Result<i64> {
        let row = sqlx::query("SELECT value FROM sequences WHERE name = 'terms'")
            .fetch_one(&self.read)
            .await
            .map_err(failed("asking whether terms changed"))?;
        row.int("value")
    }
}

/// Adds a term unless the member has it; gives the number added.
pub(super) async fn put_term(tx: &mut AnyConnection, member: i64, term: &NewTerm, now: Timestamp) -> Result<u64> {
    let done = sqlx::query(
        "INSERT INTO terms (member, kind, text, state, author, reason, review_at, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (member, kind, text) DO NOTHING",
    )
    .bind(member)
    .bind(&term.kind)
    .bind(&term.text)
    .bind(term.state.as_str())
    .bind(&term.author)
    .bind(&term.reason)
    .bind(opt_ms(term.review_at))
    .bind(ms(now))
    .execute(tx)
    .await
    .map_err(failed(DOING))?;
    Ok(done.rows_affected())
}

/// Moves the generation on.
pub(super) async fn changed(tx: &mut AnyConnection) -> Result<()> {
    sqlx::query("UPDATE sequences SET value = value + 1 WHERE name = 'terms'")
        .execute(tx)
        .await
        .map_err(failed(DOING))?;
    Ok(())
}

fn missing(id: i64) -> StoreError {
    StoreError::NotFound { what: "term", id: id.to_string() }
}

fn term(row: &AnyRow) -> Result<TermRow> {
    Ok(TermRow {
        id: row.int("id")?,
        member: row.int("member")?,
        member_name: row.text("member_name")?,
        term: NewTerm {
            kind: row.text("kind")?,
            text: row.text("text")?,
            state: row.word("state")?,
            author: row.text("author")?,
            reason: row.text("reason")?,
            review_at: row.opt_time("review_at")?,
        },
        created_at: row.time("created_at")?,
        last_fired_at: row.opt_time("last_fired_at")?,
        hits: row.int("hits")?,
    })
}
