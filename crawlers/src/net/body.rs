//! Reading a body, bounded in the bytes that are received.

use bytes::{Bytes, BytesMut};

/// Why there is no body.
pub(super) enum BodyError {
    TooLarge,
    Broken(reqwest::Error),
}

/// Reads to the end, or until more than `limit` bytes have come; a length announced beyond the limit is not even begun.
pub(super) async fn read(response: &mut reqwest::Response, limit: usize) -> Result<Bytes, BodyError> {
    let announced = response.content_length().unwrap_or(0);
    if usize::try_from(announced).map_or(true, |announced| announced > limit) {
        return Err(BodyError::TooLarge);
    }
    let mut body = BytesMut::new();
    while let Some(chunk) = response.chunk().await.map_err(BodyError::Broken)? {
        if body.len() + chunk.len() > limit {
            return Err(BodyError::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}
