//! One listing or thread with its pages: what it has shown so far, and when it has no more to show.

use std::{
    collections::HashSet,
    hash::{DefaultHasher, Hash, Hasher},
};

use jiff::Timestamp;

use super::{newest::Newest, pager::Situation};
use crate::extract::{PageReading, ReadOutcome};

/// Pages in a row that may bring nothing: a listing shifts while it is read, and a page may hold only what is no post.
const MAX_STALE: u32 = 3;

/// Pages that follow one another by their links.
#[derive(Debug, Default)]
pub(super) struct Chain {
    known: HashSet<u64>,
    stale: u32,
    /// In what situation the link stood that was followed last.
    pub(super) followed: Option<Situation>,
    /// Pages read.
    pub(super) pages: u32,
    /// Unchanged threads in a row.
    pub(super) unchanged: u32,
    /// It is a listing.
    pub(super) is_listing: bool,
    /// A page of it could not be read, so that it was not read to its end.
    pub(super) broken: bool,
    /// Pages of it that are asked for and did not come yet.
    pub(super) pending: u32,
    /// The newest posts of pages that no listing leads to.
    pub(super) newest: Newest,
    /// When its first page came.
    pub(super) begun: Option<Timestamp>,
    /// Posts still to be found when it is read from its end.
    pub(super) backwards: Option<u64>,
}

impl Chain {
    /// Takes a page in and removes from it what an earlier page of the chain has shown.
    pub(super) fn take(&mut self, reading: &mut PageReading) {
        self.pages += 1;
        let (posts, shown) = (reading.posts.len(), reading.posts.len() + reading.threads.len());
        reading.posts.retain(|post| self.known.insert(key(0, &post.post_id)));
        reading.threads.retain(|thread| self.known.insert(key(1, &thread.context.id)));
        let fresh = reading.posts.len() + reading.threads.len();
        self.stale = match (shown, fresh) {
            (_, 1..) => 0,
            // A pager whose links the server ignores answers an earlier page again. Threads do not shift as listings
            // do: a page of known posts alone is the end.
            (1.., 0) if posts > 0 => MAX_STALE + 1,
            (1.., 0) => self.stale + 2,
            // Nothing comes after the end of a listing. A thread may hold pages of what is no post.
            (0, 0) if reading.outcome == ReadOutcome::Empty && self.is_listing => MAX_STALE + 1,
            (0, 0) => self.stale + 1,
        };
    }

    /// Posts and threads shown so far.
    pub(super) fn rows(&self) -> usize {
        self.known.len()
    }

    /// Whether following it further would bring nothing.
    pub(super) fn is_exhausted(&self) -> bool {
        self.stale > MAX_STALE
    }
}

fn key(kind: u8, id: &str) -> u64 {
    let mut hash = DefaultHasher::new();
    (kind, id).hash(&mut hash);
    hash.finish()
}
