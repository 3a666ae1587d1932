//! Alerts: from a stored finding to an accepted notice, as a chain of small stages.
//!
//! ```text
//! job ─▶ router: route::decide ─┬─ hold ────▶ reviewers' notices ─┐
//!                               └─ release ─▶ members' notices ───┤ one transaction
//! page ─▶ review: confirm ─────────────────▶ members' notices ────┤
//!        review: dismiss                                          ▼
//!                        outbox: claim ─▶ compose (render) ─▶ sender ─▶ accepted? ─▶ record
//! ```
//!
//! Decisions are pure and carry a named reason; what was sent is recorded only after a server accepted it.

pub mod backoff;
mod compose;
pub mod defang;
pub mod digest;
pub mod finding;
pub mod identity;
pub mod message;
pub mod notices;
pub mod outbox;
pub mod render;
pub mod review;
pub mod route;
pub mod router;
pub mod secret;
pub mod senders;
pub mod settings;

#[cfg(test)]
mod flow_tests;
#[cfg(test)]
mod samples;

/// The text of a notice as mail, for tests of what leads to it.
#[cfg(test)]
pub(crate) async fn written(
    store: &dyn crate::store::Store, desk: &Desk, notice: &crate::store::model::Notice,
) -> String {
    let message = compose::message(store, desk, notice, notice.created_at).await.expect("a message");
    match message.content {
        message::Content::Mail { subject, text, .. } => format!("{subject}\n{text}"),
        message::Content::Webhook { body, .. } => body,
    }
}

pub use finding::Finding;
pub use outbox::{Delivered, Outbox, Senders};
pub use settings::{AlertsSettings, Desk, MailSettings};
