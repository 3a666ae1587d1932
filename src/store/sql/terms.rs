//! Watch terms with the history of their edits; every change moves their generation on, so that the matcher knows to be rebuilt.

use std::collections::HashMap;

use async_trait::async_trait;
use jiff::Timestamp;
use sqlx::{AnyConnection, any::AnyRow};

use super::{
    SqlStore, failed,
    look_backs::queue_look_back,
    row::{Columns, ms, opt_ms},
};
use crate::store::{Result, StoreError, Terms, model::*};

const DOING: &str = "changing terms";
/// Judged by a person alone: what a rule releases is no verdict.
const VERDICTS: &str = "SELECT h.term AS term, a.state AS state, COUNT(DISTINCT a.id) AS n
    FROM hits h JOIN alerts a ON a.id = h.alert
    WHERE ($1 = 0 OR h.term = $1) AND a.state IN ('released', 'dismissed') AND a.decided_by IS NOT NULL
    GROUP BY h.term, a.state";
const SELECT: &str = "SELECT t.*, m.name AS member_name FROM terms t JOIN members m ON m.id = t.member
    WHERE ($1 = 0 OR t.member = $1) AND ($2 = 0 OR t.id = $2) ORDER BY m.name, t.text, t.kind";

#[async_trait]
impl Terms for SqlStore {
    async fn add_terms(&self, terms: &[(i64, NewTerm)], now: Timestamp) -> Result<u64> {
        let by = terms.first().map_or("", |(_, term)| &term.author);
        Ok(self.save_terms(terms, &[], by, "", now).await?.added.len() as u64)
    }

    async fn save_terms(
        &self, added: &[(i64, NewTerm)], changed: &[TermChange], by: &str, note: &str, now: Timestamp,
    ) -> Result<TermsSaved> {
        let mut tx = self.begin(DOING).await?;
        let mut saved = TermsSaved::default();
        let mut sought = Vec::new();
        for (member, term) in added {
            if let Some(id) = put_term(&mut tx, *member, term, note, now).await? {
                saved.added.push(id);
                sought.extend((term.state == TermState::Active).then_some(id));
            }
        }
        for change in changed {
            let meaning = change_term(&mut tx, change, by, note, now).await?;
            sought.extend((meaning == Changed::Seeks).then_some(change.id));
            saved.changed.extend((meaning != Changed::Not).then_some(change.id));
        }
        saved.look_back = queue_look_back(&mut tx, &sought, by, now).await?;
        for ids in [&saved.added, &saved.changed] {
            stamp(&mut tx, ids).await?;
        }
        tx.commit().await.map_err(failed(DOING))?;
        Ok(saved)
    }

    async fn terms(&self, member: Option<i64>) -> Result<Vec<TermRow>> {
        let query = sqlx::query(SELECT).bind(member.unwrap_or(0)).bind(0_i64);
        let rows = query.fetch_all(&self.read).await.map_err(failed("reading terms"))?;
        rows.iter().map(term).collect()
    }

    async fn terms_since(&self, generation: i64) -> Result<Vec<TermRow>> {
        let rows = sqlx::query(
            "SELECT t.*, m.name AS member_name FROM terms t JOIN members m ON m.id = t.member WHERE t.changed > $1",
        )
        .bind(generation)
        .fetch_all(&self.read)
        .await
        .map_err(failed("reading the terms that changed"))?;
        rows.iter().map(term).collect()
    }

    async fn term(&self, id: i64) -> Result<TermRow> {
        let query = sqlx::query(SELECT).bind(0_i64).bind(id);
        let row = query.fetch_optional(&self.read).await.map_err(failed("reading a term"))?;
        row.as_ref().map(term).unwrap_or_else(|| Err(missing(id)))
    }

    async fn set_term_state(&self, id: i64, state: TermState, by: &str, note: &str, now: Timestamp) -> Result<()> {
        let row = self.term(id).await?;
        let change = TermChange { id, version: row.version, term: NewTerm { state, ..row.term } };
        self.save_terms(&[], &[change], by, note, now).await.map(drop)
    }

    async fn term_edits(&self, id: i64) -> Result<Vec<TermEdit>> {
        let rows = sqlx::query("SELECT * FROM term_edits WHERE term = $1 ORDER BY id DESC")
            .bind(id)
            .fetch_all(&self.read)
            .await
            .map_err(failed("reading the history of a term"))?;
        rows.iter().map(edit).collect()
    }

    async fn term_verdicts(&self, id: Option<i64>) -> Result<HashMap<i64, TermVerdicts>> {
        let rows = sqlx::query(VERDICTS)
            .bind(id.unwrap_or(0))
            .fetch_all(&self.read)
            .await
            .map_err(failed("counting the verdicts on terms"))?;
        let mut verdicts: HashMap<i64, TermVerdicts> = HashMap::new();
        for row in &rows {
            let of_term = verdicts.entry(row.int("term")?).or_default();
            match row.word("state")? {
                AlertState::Dismissed => of_term.dismissed += row.int("n")?,
                _ => of_term.confirmed += row.int("n")?,
            }
        }
        Ok(verdicts)
    }

    async fn terms_generation(&self) -> Result<i64> {
        let row = sqlx::query("SELECT value FROM sequences WHERE name = 'terms'")
            .fetch_one(&self.read)
            .await
            .map_err(failed("asking whether terms changed"))?;
        row.int("value")
    }
}

/// Adds a term unless the member has it; gives its number when it is new.
pub(super) async fn put_term(
    tx: &mut AnyConnection, member: i64, term: &NewTerm, note: &str, now: Timestamp,
) -> Result<Option<i64>> {
    // All rows, though there is one at most: a reader that stops at the first never hears that the disk was full.
    let rows = sqlx::query(
        "INSERT INTO terms (member, kind, text, context, state, author, edited_by, reason, review_at, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $6, $7, $8, $9) ON CONFLICT (member, kind, text) DO NOTHING RETURNING id",
    )
    .bind(member)
    .bind(&term.kind)
    .bind(&term.text)
    .bind(&term.context)
    .bind(term.state.as_str())
    .bind(&term.author)
    .bind(&term.reason)
    .bind(opt_ms(term.review_at))
    .bind(ms(now))
    .fetch_all(&mut *tx)
    .await
    .map_err(failed(DOING))?;
    let Some(row) = rows.first() else { return Ok(None) };
    let id = row.int("id")?;
    put_edit(tx, id, None, term, &term.author, note, now).await?;
    Ok(Some(id))
}

/// What a change means for the watch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Changed {
    /// Nothing is different.
    Not,
    /// It is watched and finds what it did not find before.
    Seeks,
    /// It finds less, or the same.
    Otherwise,
}

/// Changes a term from the version that the editor saw.
async fn change_term(
    tx: &mut AnyConnection, change: &TermChange, by: &str, note: &str, now: Timestamp,
) -> Result<Changed> {
    let rows = sqlx::query(SELECT).bind(0_i64).bind(change.id).fetch_all(&mut *tx).await.map_err(failed(DOING))?;
    let before = rows.first().map(term).unwrap_or_else(|| Err(missing(change.id)))?;
    if before.version != change.version {
        return Err(conflict(change.id, "somebody changed it meanwhile; look at it again"));
    }
    let after = NewTerm { author: before.term.author.clone(), ..change.term.clone() };
    if after == before.term {
        return Ok(Changed::Not);
    }
    let same = |a: &NewTerm, b: &NewTerm| a.kind == b.kind && a.text == b.text && a.context == b.context;
    let finds_same = same(&before.term, &after);
    let done = sqlx::query(
        "UPDATE terms SET kind = $1, text = $2, context = $3, state = $4, reason = $5, review_at = $6,
             version = version + 1, edited_by = $7
         WHERE id = $8 AND version = $9 AND NOT EXISTS (
             SELECT 1 FROM terms o WHERE o.member = terms.member AND o.kind = $1 AND o.text = $2 AND o.id <> $8)",
    )
    .bind(&after.kind)
    .bind(&after.text)
    .bind(&after.context)
    .bind(after.state.as_str())
    .bind(&after.reason)
    .bind(opt_ms(after.review_at))
    .bind(if finds_same { &before.edited_by } else { by })
    .bind(change.id)
    .bind(change.version)
    .execute(&mut *tx)
    .await
    .map_err(failed(DOING))?;
    if done.rows_affected() == 0 {
        return Err(conflict(change.id, "the member has this term already, or somebody changed it meanwhile"));
    }
    put_edit(tx, change.id, Some(&before.term), &after, by, note, now).await?;
    let (was, is) = (before.term.state == TermState::Active, after.state == TermState::Active);
    Ok(if is && !(was && finds_same) { Changed::Seeks } else { Changed::Otherwise })
}

async fn put_edit(
    tx: &mut AnyConnection, id: i64, before: Option<&NewTerm>, after: &NewTerm, by: &str, note: &str, now: Timestamp,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO term_edits (term, at, user_name, before_edit, after_edit, note) VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(id)
    .bind(ms(now))
    .bind(by)
    .bind(before.map(facts))
    .bind(facts(after))
    .bind(note)
    .execute(tx)
    .await
    .map_err(failed(DOING))?;
    Ok(())
}

/// A term as the history keeps it.
fn facts(term: &NewTerm) -> String {
    let context: Option<serde_json::Value> =
        term.context.as_deref().and_then(|context| serde_json::from_str(context).ok());
    let review = term.review_at.map(|at| at.to_string());
    serde_json::json!({ "kind": term.kind, "text": term.text, "context": context, "state": term.state,
        "reason": term.reason, "review": review })
    .to_string()
}

/// Moves the generation on.
/// Moves the generation on, and notes it with the terms that changed.
pub(super) async fn stamp(tx: &mut AnyConnection, terms: &[i64]) -> Result<()> {
    if terms.is_empty() {
        return Ok(());
    }
    let row = sqlx::query("UPDATE sequences SET value = value + 1 WHERE name = 'terms' RETURNING value")
        .fetch_one(&mut *tx)
        .await
        .map_err(failed(DOING))?;
    let generation = row.int("value")?;
    for id in terms {
        sqlx::query("UPDATE terms SET changed = $1 WHERE id = $2")
            .bind(generation)
            .bind(id)
            .execute(&mut *tx)
            .await
            .map_err(failed(DOING))?;
    }
    Ok(())
}

fn missing(id: i64) -> StoreError {
    StoreError::NotFound { what: "term", id: id.to_string() }
}

fn conflict(id: i64, reason: &str) -> StoreError {
    StoreError::Conflict { what: "term", id: id.to_string(), reason: reason.to_owned() }
}

fn edit(row: &AnyRow) -> Result<TermEdit> {
    Ok(TermEdit {
        at: row.time("at")?,
        by: row.text("user_name")?,
        before: row.opt_text("before_edit")?,
        after: row.text("after_edit")?,
        note: row.text("note")?,
    })
}

pub(super) fn term(row: &AnyRow) -> Result<TermRow> {
    Ok(TermRow {
        id: row.int("id")?,
        member: row.int("member")?,
        member_name: row.text("member_name")?,
        term: NewTerm {
            kind: row.text("kind")?,
            text: row.text("text")?,
            context: row.opt_text("context")?,
            state: row.word("state")?,
            author: row.text("author")?,
            reason: row.text("reason")?,
            review_at: row.opt_time("review_at")?,
        },
        version: row.int("version")?,
        edited_by: row.text("edited_by")?,
        created_at: row.time("created_at")?,
        last_fired_at: row.opt_time("last_fired_at")?,
        hits: row.int("hits")?,
    })
}
