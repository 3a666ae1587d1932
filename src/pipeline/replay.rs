//! Archived captures, read again: those that a crash left outside the store, and all of them after a repaired definition.

use std::path::Path;

use super::{Pipeline, SavedPage, SourceSet, enrich, folder::post_of_record};
use crate::{
    captures::{Record, RecordKind, Response, info_length, scan},
    store::{
        Result, StoreError,
        model::{NewCapture, NewPost, PageReceipt},
    },
};

/// Captures read from the store at once.
const BATCH: i64 = 200;

/// What came of reading captures again.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Replayed {
    /// Captures read.
    pub captures: u64,
    /// Captures that could not be read: gone, changed, or of a source without a definition.
    pub unreadable: u64,
    /// New posts.
    pub new: u64,
    /// New revisions of known posts.
    pub revised: u64,
}

impl Replayed {
    fn add(&mut self, receipt: &PageReceipt) {
        self.captures += 1;
        self.new += receipt.new;
        self.revised += receipt.revised;
    }
}

/// Stores what was archived and not committed: a crash fell between the two. Run at start, before any visit.
///
/// # Errors
/// When the store does not answer.
pub async fn recover(pipeline: &Pipeline, sources: &SourceSet) -> Result<Replayed> {
    let stored = pipeline.store.capture_bytes().await?;
    let folder = pipeline.archive.folder().to_path_buf();
    let mut replayed = Replayed::default();
    let names = std::fs::read_dir(&folder).into_iter().flatten().flatten();
    let mut names: Vec<_> = names.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.retain(|name| name.ends_with(".warc.gz"));
    names.sort();
    for name in names {
        let path = folder.join(&name);
        if is_stored(&path, stored.get(&name).copied().unwrap_or(0)) {
            continue;
        }
        let known = pipeline.store.capture_ids(&name).await?;
        let scanned = match scan(&path, 0) {
            Ok(scanned) => scanned,
            Err(error) => {
                tracing::warn!(error = %error, "a file of captures cannot be read");
                continue;
            }
        };
        if let Some((offset, reason)) = scanned.torn {
            tracing::warn!(file = name, offset, reason, "the end of a file of captures was never completed");
        }
        for ((offset, length), record) in scanned.records {
            if known.contains(&record.id) {
                continue;
            }
            let place = NewCapture {
                id: record.id.clone(),
                url: record.url.clone(),
                request: record.request.clone(),
                status: Response::parse(&record.block).map_or(0, |response| response.status),
                fetched_at: record.date,
                file: name.clone(),
                offset,
                length,
                sha256: record.sha256.clone(),
                chain: record.chain.clone(),
            };
            let source = record.source.clone();
            replay(pipeline, sources, &source, &place, record, &mut replayed).await?;
        }
    }
    Ok(replayed)
}

/// Whether the store knows every byte of a file but its `warcinfo`: then there is nothing to look for, and the file
/// need not be read. Workers commit in any order, so a missing capture may lie anywhere in it.
fn is_stored(path: &Path, stored: u64) -> bool {
    let length = std::fs::metadata(path).map(|meta| meta.len());
    matches!((length, info_length(path)), (Ok(length), Ok(info)) if length == info + stored)
}

/// Reads all archived captures of a source, or of all, with the definitions of today; posts that come out as they
/// are stored already change nothing.
///
/// # Errors
/// When the store does not answer.
pub async fn reextract(pipeline: &Pipeline, sources: &SourceSet, source: Option<&str>) -> Result<Replayed> {
    let mut replayed = Replayed::default();
    let mut after = None;
    loop {
        let captures = pipeline.store.captures(source, after, BATCH).await?;
        let Some(last) = captures.last() else { return Ok(replayed) };
        after = Some((last.capture.file.clone(), last.capture.offset));
        for capture in captures {
            match pipeline.archive.read(&capture.capture) {
                Ok(record) => {
                    replay(pipeline, sources, &capture.source, &capture.capture, record, &mut replayed).await?;
                }
                Err(error) => {
                    replayed.unreadable += 1;
                    tracing::warn!(capture.id = capture.capture.id, error = %error, "a capture cannot be read again");
                }
            }
        }
    }
}

pub(super) async fn replay(
    pipeline: &Pipeline, sources: &SourceSet, source: &str, place: &NewCapture, record: Record, replayed: &mut Replayed,
) -> Result<()> {
    let posts = match read_again(pipeline, sources, source, &record) {
        Ok(posts) => posts,
        Err(reason) => {
            replayed.unreadable += 1;
            tracing::warn!(source.id = source, capture.id = place.id, reason, "a capture cannot be read again");
            return Ok(());
        }
    };
    match pipeline.store.commit_recovered(source, place, &posts, pipeline.clock.now()).await {
        Ok(receipt) => replayed.add(&receipt),
        // The source has never been stored: nothing refers to this capture.
        Err(error @ StoreError::Database { .. }) => return Err(error),
        Err(error) => tracing::warn!(capture.id = place.id, error = %error, "a capture cannot be stored"),
    }
    Ok(())
}

/// The posts of a record, as they are read today.
fn read_again(
    pipeline: &Pipeline, sources: &SourceSet, source: &str, record: &Record,
) -> std::result::Result<Vec<NewPost>, String> {
    let list = pipeline.terms.current();
    if matches!(record.kind, RecordKind::File { .. }) {
        return post_of_record(source, record, &list).map(|post| vec![post]);
    }
    let live = sources.get(source).ok_or("it is of a source that is not configured")?;
    let definition = live.definition();
    let posts = SavedPage::of(record, live.session.limits())?.read(&definition).posts;
    Ok(posts.into_iter().map(|post| enrich(source, &definition, post, &list)).collect())
}
