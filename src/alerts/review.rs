//! A reviewer's decisions about a held alert: confirm, so that the member is told, or dismiss with a reason.

use jiff::Timestamp;

use super::finding::Circle;
use super::notices::{self, Addressed};
use super::route::ReleaseReason;
use crate::store::model::{AlertState, AuditEntry};
use crate::store::{Store, StoreError};

/// Longest reason of a dismissal, in characters.
pub const MAX_REASON: usize = 1000;

/// Why a decision was not taken.
#[derive(Debug, thiserror::Error)]
pub enum ReviewError {
    /// A dismissal must say why.
    #[error("say why the finding is dismissed (at most {MAX_REASON} characters)")]
    Reason,
    /// Nobody would be told: the alert stays where it is.
    #[error("nobody can be told: {}", told_nobody(.0))]
    NoUsableContact(Addressed),
    /// The store refused; `Conflict` when somebody else decided meanwhile.
    #[error(transparent)]
    Store(#[from] StoreError),
}

fn told_nobody(addressed: &Addressed) -> &'static str {
    if addressed.skipped.is_empty() {
        "the member has no contact with a mail address or a webhook; add one, or telephone"
    } else {
        "the post names every address of the member's contacts; add another contact, or telephone"
    }
}

/// Whom a confirmation would tell, for the reviewer to see beforehand.
///
/// # Errors
/// Those of the store.
pub async fn preview(store: &dyn Store, alert_id: &str) -> Result<Addressed, StoreError> {
    let alert = store.alert(alert_id).await?;
    let member = store.member(alert.member).await?;
    let circle = Circle::load(store, &alert).await?;
    Ok(notices::for_member(&alert, &member, &circle.contacts, &circle.revisions))
}

/// Releases a held alert to the member's contacts; gives whom. Wake the outbox afterwards.
///
/// # Errors
/// Nobody to tell, or the alert is not held any more.
pub async fn confirm(store: &dyn Store, alert_id: &str, user: &str, now: Timestamp) -> Result<Addressed, ReviewError> {
    let told = preview(store, alert_id).await?;
    if told.notices.is_empty() {
        return Err(ReviewError::NoUsableContact(told));
    }
    record(store, "alert.confirm", alert_id, user, now).await?;
    let reason = ReleaseReason::Confirmed.as_str();
    let done = store.decide_alert(alert_id, AlertState::Released, reason, user, &told.notices, now).await;
    finish(store, done, "alert.confirm", alert_id, user, now).await?;
    Ok(told)
}

/// Decides that nobody is told, and why.
///
/// # Errors
/// No reason, or the alert is not held any more.
pub async fn dismiss(
    store: &dyn Store, alert_id: &str, user: &str, reason: &str, now: Timestamp,
) -> Result<(), ReviewError> {
    let reason = reason.trim();
    if reason.is_empty() || reason.chars().nth(MAX_REASON).is_some() {
        return Err(ReviewError::Reason);
    }
    record(store, "alert.dismiss", alert_id, user, now).await?;
    let done = store.decide_alert(alert_id, AlertState::Dismissed, reason, user, &[], now).await;
    finish(store, done, "alert.dismiss", alert_id, user, now).await
}

/// The record comes before the deed: a decision without its line in the record cannot happen.
async fn record(store: &dyn Store, action: &str, alert_id: &str, user: &str, now: Timestamp) -> Result<(), StoreError> {
    store
        .record(&AuditEntry { at: now, user: user.to_owned(), action: action.to_owned(), object: alert_id.to_owned() })
        .await
}

/// A decision that was refused has its own line.
async fn finish(
    store: &dyn Store, done: Result<(), StoreError>, action: &str, alert_id: &str, user: &str, now: Timestamp,
) -> Result<(), ReviewError> {
    let Err(error) = done else { return Ok(()) };
    if let Err(error) = record(store, &format!("{action}.refused"), alert_id, user, now).await {
        tracing::warn!(alert.id = alert_id, error = %error, "a refused decision could not be recorded");
    }
    Err(error.into())
}
