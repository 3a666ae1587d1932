//! A stored notice made into the message that is sent: what it tells is read afresh at every try.

use jiff::Timestamp;

use super::digest::{HistoryDigest, listed};
use super::finding::Finding;
use super::identity::notice_key;
use super::message::{Content, Message, SendError};
use super::render::{self, Rendered};
use super::secret::Secret;
use super::settings::Desk;
use crate::store::model::{Audience, Channel, Notice};
use crate::store::{Store, StoreError};

/// The message of a notice.
pub(crate) async fn message(
    store: &dyn Store, desk: &Desk, notice: &Notice, now: Timestamp,
) -> Result<Message, SendError> {
    let rendered = rendered(store, desk, notice).await?;
    let content = match notice.notice.channel {
        Channel::Mail => Content::Mail { subject: rendered.subject, text: rendered.text, html: rendered.html },
        Channel::Webhook => Content::Webhook { body: rendered.json, secret: secret(store, desk, notice).await? },
    };
    let key = notice_key(notice.id, &notice.notice.alert, &notice.notice.address, notice.created_at.as_millisecond());
    Ok(Message { key, address: notice.notice.address.clone(), sent_at: now, content })
}

async fn rendered(store: &dyn Store, desk: &Desk, notice: &Notice) -> Result<Rendered, SendError> {
    let language = notice.notice.language.as_str();
    let payload = notice.notice.payload.as_deref().filter(|_| notice.notice.audience != Audience::Soc);
    if let Some(payload) = payload {
        return digest(store, desk, notice, payload).await;
    }
    let result = match notice.notice.audience {
        Audience::Soc => {
            let payload = notice.notice.payload.as_deref().unwrap_or_default();
            let health = serde_json::from_str(payload)
                .map_err(|error| SendError::Permanent(format!("the notice's payload cannot be read: {error}")))?;
            render::soc(&health, language, desk)
        }
        Audience::Member => render::member(&load(store, notice).await?, language, desk),
        Audience::Reviewer => render::reviewer(&load(store, notice).await?, language, desk),
    };
    result.map_err(|error| SendError::Transient(format!("the notice cannot be written: {error}")))
}

/// A notice about an alert carries a payload when it is a digest.
async fn digest(store: &dyn Store, desk: &Desk, notice: &Notice, payload: &str) -> Result<Rendered, SendError> {
    let digest: HistoryDigest = serde_json::from_str(payload)
        .map_err(|error| SendError::Permanent(format!("the notice's payload cannot be read: {error}")))?;
    let audience = notice.notice.audience;
    let findings = listed(store, digest, audience).await.map_err(|error| unread(&error))?;
    render::digest::history(&findings, digest, audience == Audience::Member, &notice.notice.language, desk)
        .map_err(|error| SendError::Transient(format!("the notice cannot be written: {error}")))
}

async fn load(store: &dyn Store, notice: &Notice) -> Result<Finding, SendError> {
    Finding::load(store, &notice.notice.alert).await.map_err(|error| unread(&error))
}

/// The secret that signs a webhook: the contact's, or the desk's for its own address.
async fn secret(store: &dyn Store, desk: &Desk, notice: &Notice) -> Result<Secret, SendError> {
    let Some(contact) = notice.notice.contact else {
        return match &desk.reviewer_webhook {
            Some((url, secret)) if url.as_str() == notice.notice.address => Ok(secret.clone()),
            _ => Err(SendError::Permanent("alerts.reviewer_webhook is another address now".to_owned())),
        };
    };
    let alert = store.alert(&notice.notice.alert).await.map_err(|error| unread(&error))?;
    let contacts = store.contacts(alert.member).await.map_err(|error| unread(&error))?;
    let contact =
        contacts.into_iter().find(|c| c.id == contact && c.contact.webhook_url.trim() == notice.notice.address);
    let secret = contact.map(|c| Secret::new(c.contact.webhook_secret)).filter(|secret| !secret.is_empty());
    secret.ok_or_else(|| {
        SendError::Permanent("the contact's webhook has no secret, or is another address now".to_owned())
    })
}

/// What cannot be read now may be read later: the dead letter comes after the last try.
fn unread(error: &StoreError) -> SendError {
    SendError::Transient(error.to_string())
}
