//! Proof that a form was sent from one of our own pages.

use axum::http::{HeaderMap, Method};
use sha2::{Digest, Sha256};

/// Whether a request changes something.
pub(crate) fn is_unsafe(method: &Method) -> bool {
    !matches!(*method, Method::GET | Method::HEAD)
}

/// Whether a browser says that another site made it send this.
pub(crate) fn from_elsewhere(headers: &HeaderMap) -> bool {
    headers.get("sec-fetch-site").is_some_and(|site| site == "cross-site")
}

/// Whether the form's token is the expected one; the time taken tells nothing of where they differ.
pub(crate) fn matches(expected: &str, given: &str) -> bool {
    // Comparing digests: an early exit tells only of the digests, which nobody can choose.
    !expected.is_empty() && Sha256::digest(expected) == Sha256::digest(given)
}

/// The token in a form's body.
pub(crate) fn token_of(body: &[u8]) -> Option<String> {
    url::form_urlencoded::parse(body).find(|(name, _)| name == "csrf").map(|(_, value)| value.into_owned())
}
