//! The senders: SMTP, a folder of `.eml` files, signed webhooks.

mod folder;
mod mime;
mod smtp;
mod webhook;

#[cfg(test)]
mod tests;

use std::sync::Arc;

pub use folder::FolderSender;
pub use smtp::SmtpSender;
pub use webhook::{WebhookSender, sign};

use super::message::Sender;
use super::settings::{MailSettings, SettingsError};

/// The mail sender that the configuration asks for; `None` when mail is not configured.
///
/// # Errors
/// A value that is wrong, a secret or certificate that cannot be read.
pub fn mail_sender(settings: &MailSettings, organisation: &str) -> Result<Option<Arc<dyn Sender>>, SettingsError> {
    match (&settings.host, &settings.folder) {
        (Some(host), Some(_)) => {
            Err(super::settings::value("mail.host", host, "either mail.host or mail.folder is expected, not both"))
        }
        (Some(host), None) => Ok(Some(Arc::new(SmtpSender::new(settings, host, organisation)?))),
        (None, Some(folder)) => Ok(Some(Arc::new(FolderSender::new(settings, folder.clone(), organisation)?))),
        (None, None) => Ok(None),
    }
}

/// What a server said, on one line of bounded length without anything that steers a terminal.
fn said(text: &str) -> String {
    super::render::one_line(text, 300)
}
