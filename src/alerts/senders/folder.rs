//! Mail written into a folder as `.eml` files: for the demo, and for a machine that picks them up.

use std::path::PathBuf;

use async_trait::async_trait;
use tokio::io::AsyncWriteExt as _;

use super::mime::Letterhead;
use crate::alerts::message::{Message, Receipt, SendError, Sender};
use crate::alerts::settings::{MailSettings, SettingsError};

/// Writes `<key>.eml`: whole or not at all, and a repeated sending replaces its own file.
#[derive(Debug)]
pub struct FolderSender {
    letterhead: Letterhead,
    folder: PathBuf,
}

impl FolderSender {
    /// A sender into `folder`, which is made when the first mail comes.
    ///
    /// # Errors
    /// A wrong address in the settings.
    pub fn new(settings: &MailSettings, folder: PathBuf, organisation: &str) -> Result<Self, SettingsError> {
        Ok(Self { letterhead: Letterhead::new(settings, organisation)?, folder })
    }

    async fn write(&self, name: &str, bytes: &[u8]) -> std::io::Result<()> {
        tokio::fs::create_dir_all(&self.folder).await?;
        let draft = self.folder.join(format!(".{name}.tmp"));
        let mut file = tokio::fs::File::create(&draft).await?;
        file.write_all(bytes).await?;
        file.sync_all().await?;
        tokio::fs::rename(&draft, self.folder.join(name)).await
    }
}

#[async_trait]
impl Sender for FolderSender {
    async fn send(&self, message: &Message) -> Result<Receipt, SendError> {
        let mail = self.letterhead.mail(message)?;
        // The key is our own hex digest: no captured text names a file.
        let name = format!("{}.eml", message.key);
        self.write(&name, &mail.formatted()).await.map_err(|error| {
            SendError::Transient(format!("cannot write {}: {error}", self.folder.join(&name).display()))
        })?;
        Ok(Receipt(format!("written to {name}")))
    }
}
