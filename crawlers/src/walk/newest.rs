//! What a poll remembers of pages of posts that no listing leads to: which posts stood first.

use sha2::{Digest, Sha256};

use crate::extract::Post;

/// Posts remembered, the first ones of a visit: more than one page shows.
const KEPT: usize = 100;

/// The posts that stood first, as short marks of their ids.
#[derive(Debug, Default)]
pub(super) struct Newest {
    marks: Vec<String>,
}

impl Newest {
    /// Takes the posts of a page in; gives the longest run of posts that `known`, the signal of an earlier visit, names.
    /// A run within the page, since some sites show the newest post last.
    pub(super) fn take(&mut self, posts: &[Post], known: Option<&str>) -> u32 {
        let known: Vec<&str> = known.into_iter().flat_map(|signal| signal.split(' ')).collect();
        let (mut run, mut longest) = (0, 0);
        for post in posts {
            let mark = mark(&post.post_id);
            run = if known.contains(&mark.as_str()) { run + 1 } else { 0 };
            longest = longest.max(run);
            if self.marks.len() < KEPT {
                self.marks.push(mark);
            }
        }
        longest
    }

    /// What the next visit knows them by.
    pub(super) fn signal(&self) -> String {
        self.marks.join(" ")
    }
}

/// 40 bits of a hash that is the same in every version of this program: a chance likeness ends one poll a page early.
fn mark(id: &str) -> String {
    Sha256::digest(id.as_bytes()).iter().take(5).map(|byte| format!("{byte:02x}")).collect()
}
