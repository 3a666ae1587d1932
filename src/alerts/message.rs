//! A notice made ready to send, and how a sending may end.

use async_trait::async_trait;
use jiff::Timestamp;

use super::secret::Secret;

/// What a sender is given.
#[derive(Debug, Clone)]
pub struct Message {
    /// Key of the notice, the same for every try, so that a repeated sending is recognised: 32 hex digits.
    pub key: String,
    /// Mail address or URL.
    pub address: String,
    /// When this try is made, UTC.
    pub sent_at: Timestamp,
    /// What is said.
    pub content: Content,
}

/// The content of a message, by channel.
#[derive(Debug, Clone)]
pub enum Content {
    /// Mail: a text part and an HTML part that say the same.
    Mail {
        /// One line.
        subject: String,
        /// Plain text.
        text: String,
        /// Simple HTML, self-contained.
        html: String,
    },
    /// A webhook.
    Webhook {
        /// JSON.
        body: String,
        /// Signs it.
        secret: Secret,
    },
}

/// What the server said when it accepted a message; one line, safe to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt(pub String);

/// Why a message was not accepted. The text is one line, safe to show and to store, without secrets.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// Trying again later may help.
    #[error("{0}")]
    Transient(String),
    /// It will not.
    #[error("{0}")]
    Permanent(String),
}

/// Hands a message over to a server.
#[async_trait]
pub trait Sender: Send + Sync {
    /// Sends. `Ok` means that the server took responsibility for the message, nothing less.
    ///
    /// # Errors
    /// Whether to try again is said by the kind of error.
    async fn send(&self, message: &Message) -> Result<Receipt, SendError>;
}
