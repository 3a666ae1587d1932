//! The writer: documents and the checkpoint they reach are published by one commit.

use std::sync::atomic::Ordering;

use tantivy::{IndexWriter, Term};

use crate::document::Document;
use crate::error::IndexError;
use crate::handle::Index;
use crate::payload;

/// Longest post key that can be indexed, in bytes; a longer one could not be replaced.
pub const MAX_POST_KEY_BYTES: usize = 4096;

/// Least memory a writer thread needs, in bytes; the engine's own limit.
pub const MIN_MEMORY_BUDGET_BYTES: usize = 15_000_000;

/// The one writer of an index; holds its lock until dropped.
pub struct Writer {
    engine: IndexWriter,
    index: Index,
}

impl Writer {
    pub(crate) fn open(index: &Index) -> Result<Self, IndexError> {
        let options = &index.options;
        let engine = index
            .engine
            .writer_with_num_threads(options.writer_threads, options.memory_budget_bytes)
            .map_err(|error| IndexError::engine("opening for writing", &index.dir, error))?;
        Ok(Writer { engine, index: index.clone() })
    }

    /// Adds a document in place of any other with the same post key. It is found, and survives a
    /// crash, from the next [`commit`](Writer::commit) on; adding it again changes nothing.
    ///
    /// # Errors
    /// [`IndexError::PostKeyTooLong`] refuses this document alone; after any other error drop the
    /// writer and open a new one.
    pub fn add(&mut self, document: Document) -> Result<(), IndexError> {
        if document.post.len() > MAX_POST_KEY_BYTES {
            return Err(IndexError::PostKeyTooLong {
                seq: document.seq,
                bytes: document.post.len(),
                limit: MAX_POST_KEY_BYTES,
            });
        }
        self.remove(&document.post);
        self.engine
            .add_document(self.index.fields.encode(document))
            .map_err(|error| IndexError::engine("adding to", &self.index.dir, error))?;
        Ok(())
    }

    /// Removes a post, as a purge does; takes effect with the next commit.
    pub fn remove(&mut self, post: &str) {
        let term = Term::from_field_text(self.index.fields.post, post);
        self.engine.delete_term(term);
    }

    /// Publishes everything added and removed since the last commit together with `checkpoint`, the
    /// sequence number up to which the store has been read: after a crash both are there or neither.
    /// Searches see the documents when it returns.
    ///
    /// # Errors
    /// Nothing was published, or all of it and only reading it back failed; either way drop the
    /// writer, open a new one and add again from [`Index::checkpoint`] on.
    pub fn commit(&mut self, checkpoint: u64) -> Result<(), IndexError> {
        let dir = &self.index.dir;
        let payload = payload::encode(self.index.options.folding.name(), checkpoint)
            .map_err(|error| IndexError::io("committing to", dir, error.into()))?;
        let failed = |error| IndexError::engine("committing to", dir, error);
        let mut prepared = self.engine.prepare_commit().map_err(failed)?;
        prepared.set_payload(&payload);
        prepared.commit().map_err(failed)?;
        self.index.checkpoint.store(checkpoint, Ordering::Release);
        self.index.reader.reload().map_err(|error| IndexError::engine("reading", dir, error))
    }

    /// Forgets everything added and removed since the last commit.
    ///
    /// # Errors
    /// Drop the writer and open a new one.
    pub fn rollback(&mut self) -> Result<(), IndexError> {
        self.engine.rollback().map(|_| ()).map_err(|error| IndexError::engine("rolling back", &self.index.dir, error))
    }

    /// Waits until segments being merged are written, then releases the lock. What is not committed
    /// is forgotten. Dropping the writer does the same without waiting.
    ///
    /// # Errors
    /// A merge failed; what was committed is unharmed.
    pub fn close(self) -> Result<(), IndexError> {
        let dir = self.index.dir;
        self.engine.wait_merging_threads().map_err(|error| IndexError::engine("merging", &dir, error))
    }
}
