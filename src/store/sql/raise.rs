//! Hits become alerts, inside the transaction that stores the post: exactly one alert a hit.

use jiff::Timestamp;
use sqlx::AnyConnection;

use super::{
    failed,
    row::{Columns, ms},
};
use crate::store::{Result, model::*};

const DOING: &str = "raising alerts";

/// Stores the hits of a new revision, makes the alerts that are missing, and gives those it made.
pub(super) async fn raise(
    tx: &mut AnyConnection, source: &str, post: &NewPost, seq: PostSeq, now: Timestamp,
) -> Result<Vec<AlertId>> {
    let mut made = Vec::new();
    for finding in &post.findings {
        let (alert, class) = choose(tx, source, post, finding).await?;
        let raised = Raised { source, post, seq, finding, alert, class };
        if put_alert(tx, &raised, now).await? {
            put_job(tx, &raised.alert, now).await?;
            made.push(raised.alert.clone());
        } else {
            refresh(tx, &raised).await?;
        }
        for hit in &finding.hits {
            put_hit(tx, &raised, hit, now).await?;
        }
    }
    Ok(made)
}

/// A finding with the alert chosen for it.
struct Raised<'a> {
    source: &'a str,
    post: &'a NewPost,
    seq: PostSeq,
    finding: &'a NewFinding,
    alert: AlertId,
    class: Class,
}

/// The alert a finding belongs to. An edit of a post whose alert was decided already raises a second one only when
/// it adds something: a term that the post did not hold for this member, or a graver claim.
async fn choose(
    tx: &mut AnyConnection, source: &str, post: &NewPost, finding: &NewFinding,
) -> Result<(AlertId, Class)> {
    let first = (finding.alert.clone(), Class::Post);
    let row = sqlx::query("SELECT state, severity FROM alerts WHERE id = $1")
        .bind(&finding.alert)
        .fetch_optional(&mut *tx)
        .await
        .map_err(failed(DOING))?;
    let Some(row) = row else { return Ok(first) };
    let open = matches!(row.word("state")?, AlertState::New | AlertState::Held);
    let graver = finding.severity > row.word::<Severity>("severity")?;
    if open || !(graver || adds_term(tx, source, post, finding).await?) {
        return Ok(first);
    }
    Ok((finding.edit_alert.clone(), Class::Edit))
}

async fn adds_term(tx: &mut AnyConnection, source: &str, post: &NewPost, finding: &NewFinding) -> Result<bool> {
    let rows = sqlx::query(
        "SELECT DISTINCT h.term AS term FROM hits h JOIN posts p ON p.seq = h.post
         WHERE p.source = $1 AND p.post_key = $2 AND h.member = $3",
    )
    .bind(source)
    .bind(&post.key)
    .bind(finding.member)
    .fetch_all(tx)
    .await
    .map_err(failed(DOING))?;
    let known = rows.iter().map(|row| row.int("term")).collect::<Result<Vec<_>>>()?;
    Ok(finding.hits.iter().any(|hit| !known.contains(&hit.term)))
}

/// Inserts an alert; `false` when it is there already.
async fn put_alert(tx: &mut AnyConnection, raised: &Raised<'_>, now: Timestamp) -> Result<bool> {
    let done = sqlx::query(
        "INSERT INTO alerts (id, source, post_key, post, member, class, severity, confidence, claim, state, reason,
             created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'new', '', $10) ON CONFLICT (id) DO NOTHING",
    )
    .bind(&raised.alert)
    .bind(raised.source)
    .bind(&raised.post.key)
    .bind(raised.seq)
    .bind(raised.finding.member)
    .bind(raised.class.as_str())
    .bind(raised.finding.severity.as_str())
    .bind(raised.finding.confidence.as_str())
    .bind(&raised.post.claim)
    .bind(ms(now))
    .execute(tx)
    .await
    .map_err(failed(DOING))?;
    Ok(done.rows_affected() == 1)
}

async fn put_job(tx: &mut AnyConnection, alert: &str, now: Timestamp) -> Result<()> {
    sqlx::query(
        "INSERT INTO jobs (kind, job_key, run_at) VALUES ('route_alert', $1, $2) ON CONFLICT (kind, job_key) DO NOTHING",
    )
    .bind(alert)
    .bind(ms(now))
    .execute(tx)
    .await
    .map_err(failed(DOING))?;
    Ok(())
}

/// An undecided alert shows the latest text of its post.
async fn refresh(tx: &mut AnyConnection, raised: &Raised<'_>) -> Result<()> {
    sqlx::query(
        "UPDATE alerts SET post = $1, severity = $2, confidence = $3, claim = $4
         WHERE id = $5 AND state IN ('new', 'held')",
    )
    .bind(raised.seq)
    .bind(raised.finding.severity.as_str())
    .bind(raised.finding.confidence.as_str())
    .bind(&raised.post.claim)
    .bind(&raised.alert)
    .execute(tx)
    .await
    .map_err(failed(DOING))?;
    Ok(())
}

async fn put_hit(tx: &mut AnyConnection, raised: &Raised<'_>, hit: &NewHit, now: Timestamp) -> Result<()> {
    let done = sqlx::query(
        "INSERT INTO hits (post, term, member, field, start_byte, end_byte, matched, alert)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (post, term, field, start_byte) DO NOTHING",
    )
    .bind(raised.seq)
    .bind(hit.term)
    .bind(raised.finding.member)
    .bind(&hit.field)
    .bind(hit.start.cast_signed())
    .bind(hit.end.cast_signed())
    .bind(&hit.matched)
    .bind(&raised.alert)
    .execute(&mut *tx)
    .await
    .map_err(failed(DOING))?;
    sqlx::query("UPDATE terms SET hits = hits + $1, last_fired_at = $2 WHERE id = $3")
        .bind(done.rows_affected().cast_signed())
        .bind(ms(now))
        .bind(hit.term)
        .execute(tx)
        .await
        .map_err(failed(DOING))?;
    Ok(())
}
