//! A file as a post.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use url::Url;

use super::content;
use crate::{
    extract::{Post, decode_text},
    schedule::moment,
};

/// What is known of a file besides its bytes: with them, all that its post is made of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileAbout {
    /// Path below the folder, with `/` between its parts.
    pub id: String,
    /// Its address, as `file:///srv/nightheron/drop/a.txt`.
    pub url: String,
    /// Bytes of the whole file.
    pub size: u64,
    /// When it was last changed, in milliseconds since 1970 UTC in its written form.
    #[serde(with = "moment::required")]
    pub modified: Timestamp,
}

/// The post that a file is, from the bytes that were read of it at `now`.
///
/// Its id and title are the file's path below the folder and its name; it was posted when the file was last changed.
/// Text is decoded whatever its charset. Archives and other binary files are named with their kind, size and SHA-256, and
/// not opened. Its address is the path below the folder: where the folder lies is nothing that a post says, so no term is
/// found in it and no reader is told.
#[must_use]
pub fn post_of(about: &FileAbout, bytes: &[u8], now: Timestamp) -> Post {
    let name = about.id.rsplit('/').next().unwrap_or_default().to_owned();
    let hash: String = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    let whole = bytes.len() as u64 == about.size;
    let (kind, body) = match content::sealed(bytes) {
        Some(kind) => (kind, format!("{name}\n{kind}, {} bytes, not opened", about.size)),
        None => ("text", decode_text(bytes, None, "").replace("\r\n", "\n")),
    };
    let mut extra = BTreeMap::from([("kind".to_owned(), kind.to_owned()), ("size".to_owned(), about.size.to_string())]);
    extra.insert(if whole { "sha256" } else { "sha256_of_the_part_read" }.to_owned(), hash);
    Post {
        post_id: about.id.clone(),
        thread_id: None,
        url: below(&about.id),
        author: None,
        posted_at: Some(about.modified.min(now)),
        edited_at: None,
        title: name,
        body,
        extra,
    }
}

/// The address of a file as if its folder were the root.
fn below(id: &str) -> String {
    Url::from_file_path(format!("/{id}")).map(String::from).unwrap_or_default()
}
