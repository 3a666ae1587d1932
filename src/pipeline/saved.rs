//! A captured page as it lies in the archive, ready to be read again.

use jiff::Timestamp;
use nightheron_crawlers::{
    definition::Definition,
    extract::{PageReading, decode_text, extract},
    net::{Limits, decode},
    walk::{PageRequest, RawPage},
};
use url::Url;

use crate::captures::{Record, Response};

/// A captured page, its content codings undone.
#[derive(Debug, Clone)]
pub struct SavedPage {
    /// What it was asked for.
    pub request: PageRequest,
    /// Address after redirects.
    pub url: Url,
    /// HTTP status.
    pub status: u16,
    /// The Content-Type header.
    pub content_type: String,
    /// The bytes.
    pub body: Vec<u8>,
    /// When it came.
    pub received_at: Timestamp,
}

impl SavedPage {
    /// Takes an archived record apart.
    ///
    /// # Errors
    /// A sentence: the record is no page, or larger than the limits allow.
    pub fn of(record: &Record, limits: &Limits) -> Result<Self, String> {
        let request: PageRequest = serde_json::from_str(&record.request).map_err(|e| format!("its request: {e}"))?;
        let url: Url = record.url.parse().map_err(|e| format!("its address: {e}"))?;
        let response = Response::parse(&record.block)?;
        let body = decode(&response.header("content-encoding"), &response.body, limits).map_err(|e| e.to_string())?;
        let content_type = response.header("content-type");
        Ok(Self { request, url, status: response.status, content_type, body, received_at: record.date })
    }

    /// The page as the crawler reads it.
    #[must_use]
    pub fn raw(&self) -> RawPage<'_> {
        RawPage {
            url: &self.url,
            status: self.status,
            content_type: &self.content_type,
            body: &self.body,
            received_at: self.received_at,
            retry_after: None,
        }
    }

    /// What a definition reads from it.
    #[must_use]
    pub fn read(&self, definition: &Definition) -> PageReading {
        extract(definition, &self.request, &self.raw())
    }

    /// Its source text.
    #[must_use]
    pub fn text(&self, definition: &Definition) -> String {
        decode_text(&self.body, definition.encoding, &self.content_type)
    }
}
