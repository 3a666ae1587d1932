//! What each commit carries besides the documents: how far it got and what it was made with.

use serde::{Deserialize, Serialize};
use tantivy::IndexMeta;

/// Raised when tokens or fields change in a way the engine's schema does not show.
const FORMAT: u32 = 1;

/// The commit payload, as JSON in the engine's metadata.
#[derive(Debug, Serialize, Deserialize)]
struct Payload {
    format: u32,
    folding: String,
    checkpoint: u64,
}

/// The payload of a commit that publishes everything up to `checkpoint`.
pub(crate) fn encode(folding: &str, checkpoint: u64) -> Result<String, serde_json::Error> {
    serde_json::to_string(&Payload { format: FORMAT, folding: folding.to_owned(), checkpoint })
}

/// The checkpoint of the last commit, 0 before the first.
///
/// # Errors
/// Why the index cannot be used with this program and `folding`.
pub(crate) fn checkpoint(meta: &IndexMeta, folding: &str) -> Result<u64, String> {
    let Some(text) = &meta.payload else {
        return if meta.segments.is_empty() { Ok(0) } else { Err("it holds documents but no checkpoint".to_owned()) };
    };
    let payload: Payload =
        serde_json::from_str(text).map_err(|error| format!("its checkpoint cannot be read: {error}"))?;
    if payload.format != FORMAT {
        return Err(format!("it has format {}, this program reads format {FORMAT}", payload.format));
    }
    if payload.folding != folding {
        return Err(format!("its text was folded by {:?}, this program folds by {folding:?}", payload.folding));
    }
    Ok(payload.checkpoint)
}
