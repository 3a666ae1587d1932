//! What happened during a visit, and the outcome that makes of it.

use std::collections::HashMap;

use super::PageKind;
use crate::{
    Outcome, PageClass,
    extract::{PageReading, ReadOutcome},
};

/// Pages in a row that did not come, after which the rest is not asked for.
const MAX_FAILURES: u32 = 3;
/// Threads withheld, with none readable, after which the site counts as closed to us.
const MANY_WITHHELD: u32 = 3;

/// The end of a visit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// Its outcome; a good one says [`Outcome::OkNew`] when any page brought posts, whether or not they were known.
    pub outcome: Outcome,
    /// Pages asked for.
    pub pages: u32,
    /// Posts read.
    pub posts: u64,
}

/// What a visit does after a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Then {
    GoOn,
    Stop,
}

#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) pages: u32,
    posts: u64,
    good: HashMap<PageKind, u32>,
    bad: HashMap<PageKind, Outcome>,
    /// Why boards or threads are kept from us, and how many threads are.
    withheld: Option<(PageClass, u32)>,
    /// Where a board led.
    elsewhere: Option<Outcome>,
    partial: Option<String>,
    not_empty: bool,
    failed_in_a_row: u32,
}

/// Whether the site keeps this one page from us, and says nothing of the others.
pub(super) fn is_withheld(kind: PageKind, outcome: &ReadOutcome) -> bool {
    kind == PageKind::Thread && is_guarded(outcome)
}

fn is_guarded(outcome: &ReadOutcome) -> bool {
    matches!(outcome, ReadOutcome::Failed(Outcome::Blocked(PageClass::Login | PageClass::Banned)))
}

impl Tally {
    /// Counts a page that came.
    pub(super) fn read(&mut self, kind: PageKind, reading: &PageReading) -> Then {
        self.pages += 1;
        self.posts += reading.posts.len() as u64;
        if kind != PageKind::Boards && reading.outcome != ReadOutcome::Empty {
            self.not_empty = true;
        }
        match &reading.outcome {
            ReadOutcome::Empty | ReadOutcome::Rows => self.good(kind),
            ReadOutcome::Gone => {}
            ReadOutcome::Failed(Outcome::Partial(what)) => {
                self.good(kind);
                self.partial.get_or_insert_with(|| what.clone());
            }
            outcome @ ReadOutcome::Failed(Outcome::Blocked(class))
                if is_withheld(kind, outcome) || self.is_board(kind) && is_guarded(outcome) =>
            {
                let (_, threads) = self.withheld.get_or_insert((*class, 0));
                // Boards for members alone say nothing of the others: a visit that found nothing new opens no thread.
                *threads += u32::from(kind == PageKind::Thread);
            }
            // A board that leads to another host, or was taken away since the entrance was read.
            ReadOutcome::Failed(moved @ Outcome::Moved(_)) if self.is_board(kind) => {
                self.elsewhere.get_or_insert_with(|| moved.clone());
            }
            ReadOutcome::Failed(Outcome::Blocked(PageClass::NotFound)) if self.is_board(kind) => {}
            ReadOutcome::Failed(outcome) => return self.bad(kind, outcome),
        }
        Then::GoOn
    }

    /// Whether this is a board among others: the entrance that names it was read, or another board.
    fn is_board(&self, kind: PageKind) -> bool {
        kind == PageKind::Listing && [PageKind::Boards, PageKind::Listing].iter().any(|k| self.good.contains_key(k))
    }

    /// Counts a page on whose fate nothing depends.
    pub(super) fn passed(&mut self) {
        self.pages += 1;
    }

    /// Counts a page that did not come.
    pub(super) fn failed(&mut self, kind: PageKind, outcome: &Outcome) -> Then {
        self.pages += 1;
        // Forums list boards that are links to other sites: the redirect of one is no move of the forum.
        if matches!(outcome, Outcome::Moved(_)) && self.is_board(kind) {
            self.elsewhere.get_or_insert_with(|| outcome.clone());
            return Then::GoOn;
        }
        self.bad(kind, outcome)
    }

    fn good(&mut self, kind: PageKind) {
        *self.good.entry(kind).or_default() += 1;
        self.failed_in_a_row = 0;
    }

    fn bad(&mut self, kind: PageKind, outcome: &Outcome) -> Then {
        self.bad.entry(kind).or_insert_with(|| outcome.clone());
        let stop = match outcome {
            // The page is there, and kept: once the definition is repaired it is read again from the archive.
            Outcome::SelectorMissing(_) => false,
            // Going on would be asking a guard the same question again.
            Outcome::Blocked(_) => true,
            // But for a board among others, which may be a link to another part of the host.
            Outcome::NotTheSite | Outcome::Moved(_) if kind != PageKind::Thread && !self.is_board(kind) => true,
            _ => {
                self.failed_in_a_row += 1;
                self.failed_in_a_row >= MAX_FAILURES
            }
        };
        if stop { Then::Stop } else { Then::GoOn }
    }

    pub(super) fn summary(&self) -> Summary {
        Summary { outcome: self.outcome(), pages: self.pages, posts: self.posts }
    }

    fn outcome(&self) -> Outcome {
        // A kind of page of which none could be read is a failure of its own, not a part of a success.
        let kinds = [PageKind::Boards, PageKind::Listing, PageKind::Thread, PageKind::Posts];
        for kind in kinds {
            if let (Some(outcome), None) = (self.bad.get(&kind), self.good.get(&kind)) {
                return outcome.clone();
            }
        }
        if let Some(outcome) = kinds.iter().find_map(|kind| self.bad.get(kind)) {
            return match outcome {
                Outcome::Partial(_) | Outcome::Blocked(_) | Outcome::Moved(_) => outcome.clone(),
                other => Outcome::Partial(other.to_string()),
            };
        }
        // Boards, and all of them elsewhere: the site has moved, and left its entrance.
        if let (Some(moved), None) = (&self.elsewhere, self.good.get(&PageKind::Listing)) {
            return moved.clone();
        }
        match (self.withheld, &self.partial) {
            (Some((class, MANY_WITHHELD..)), _) if !self.good.contains_key(&PageKind::Thread) => {
                Outcome::Blocked(class)
            }
            // Boards, and none that may be read.
            (Some((class, _)), _) if !self.good.contains_key(&PageKind::Listing) => Outcome::Blocked(class),
            (_, Some(what)) => Outcome::Partial(what.clone()),
            _ if self.posts > 0 => Outcome::OkNew,
            // A visit that read nothing has proven nothing.
            _ if self.not_empty || self.good.is_empty() => Outcome::OkNoNew,
            _ => Outcome::OkEmpty,
        }
    }
}
