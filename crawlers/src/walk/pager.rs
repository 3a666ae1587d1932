//! Whether links to next pages tell the truth on this site: pagers that always have one, or answer an earlier page
//! again.

use std::collections::HashMap;

/// Links that led to nothing, with none that led on, before such links are no longer followed.
const LIES: u32 = 3;

/// In what situation a link to a next page stood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Situation {
    /// The thread has as many posts as its listing counts.
    WholeThread,
    /// The thread is to have more posts, or its listing counts none.
    Thread,
    /// The page of a listing has fewer rows than others.
    ShortListing,
    /// The page of a listing is full.
    FullListing,
}

/// What links to next pages led to, by their situation.
#[derive(Debug, Default)]
pub(super) struct Pagers {
    told: HashMap<Situation, (u32, u32)>,
    /// Rows of the fullest page of a listing so far.
    rows: usize,
}

impl Pagers {
    /// The situation of a link on a page of a listing with so many rows.
    pub(super) fn listing(&mut self, rows: usize) -> Situation {
        self.rows = self.rows.max(rows);
        if rows < self.rows { Situation::ShortListing } else { Situation::FullListing }
    }

    /// Notes whether a link in this situation led to anything new.
    pub(super) fn note(&mut self, situation: Situation, led_on: bool) {
        let (lies, truths) = self.told.entry(situation).or_default();
        *(if led_on { truths } else { lies }) += 1;
    }

    /// Whether a link in this situation is worth a request.
    pub(super) fn believes(&self, situation: Situation) -> bool {
        !matches!(self.told.get(&situation), Some((LIES.., 0)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pager_that_never_told_the_truth_is_not_believed() {
        let mut pagers = Pagers::default();
        for _ in 0..3 {
            assert!(pagers.believes(Situation::WholeThread));
            pagers.note(Situation::WholeThread, false);
        }
        assert!(!pagers.believes(Situation::WholeThread) && pagers.believes(Situation::Thread));
        pagers.note(Situation::WholeThread, true);
        assert!(pagers.believes(Situation::WholeThread));
        assert_eq!((pagers.listing(20), pagers.listing(7)), (Situation::FullListing, Situation::ShortListing));
    }
}
