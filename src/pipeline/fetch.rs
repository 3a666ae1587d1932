//! Between the network planes and the walk: what a failed fetch means for a visit, and a response as a page.

use jiff::Timestamp;
use nightheron_crawlers::{
    Outcome,
    net::{FetchError, Response},
    walk::RawPage,
};

/// The outcome a failed fetch stands for.
#[must_use]
pub fn fetch_failure(error: &FetchError) -> Outcome {
    match error {
        FetchError::Moved { to, .. } => Outcome::Moved(to.clone()),
        other => Outcome::Unreachable(other.kind().as_str().to_owned()),
    }
}

/// A response with its decoded body, as the walk reads it.
#[must_use]
pub fn raw_page<'a>(response: &'a Response, body: &'a [u8], received_at: Timestamp) -> RawPage<'a> {
    RawPage {
        url: &response.url,
        status: response.status,
        content_type: response.header_str("content-type").unwrap_or_default(),
        body,
        received_at,
        retry_after: response.header_str("retry-after"),
    }
}
