//! What stands between a visit and its pages: a login that is wanted, a queue that is waited for.

use std::time::Duration;

use jiff::Timestamp;

use super::{PageRequest, RawPage};
use crate::{
    Outcome, PageClass,
    definition::Definition,
    extract::{PageReading, ReadOutcome, decode_text},
    schedule::moment::later,
    session::wait,
};

/// Queue pages that one visit waits for.
const MAX_QUEUES: u32 = 5;

/// How a page that came stands with the gate.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Passage {
    /// It is to be read.
    Through,
    /// It is asked for again when the wait is over.
    Again,
    /// It is asked for again after a login.
    AfterLogin,
    /// The session was lost once too often.
    Closed,
}

#[derive(Debug, Default)]
pub(super) struct Gate {
    /// The page that is asked for again after a login.
    pub(super) awaiting: Option<PageRequest>,
    pub(super) not_before: Option<Timestamp>,
    patience: Duration,
    queues: u32,
    member_pages: u32,
    /// Logged in, with no page of a member since.
    fresh: bool,
    relogins: u32,
    /// A login of this visit went well, so that doubts are dispelled.
    member: bool,
}

impl Gate {
    pub(super) fn set_patience(&mut self, patience: Duration) {
        self.patience = patience;
    }

    pub(super) fn logged_in(&mut self) -> Option<PageRequest> {
        self.fresh = true;
        self.member = true;
        self.relogins += u32::from(self.member_pages > 0);
        self.awaiting.take()
    }

    pub(super) fn pass(
        &mut self, definition: &Definition, request: &PageRequest, raw: &RawPage<'_>, reading: &PageReading,
    ) -> Passage {
        self.not_before = wait::of_header(raw).filter(|_| is_refusal(raw)).map(|wait| later(raw.received_at, wait));
        if reading.outcome == ReadOutcome::Failed(Outcome::Blocked(PageClass::Queue)) {
            let source = decode_text(raw.body, definition.encoding, raw.content_type);
            return self.queued(raw, wait::of_queue(raw, &source));
        }
        let failed = matches!(reading.outcome, ReadOutcome::Failed(_));
        if !reading.guest || !failed && self.member {
            self.member_pages += u32::from(!failed);
            self.fresh &= self.member_pages == 0;
            return Passage::Through;
        }
        // Once at the start of a visit, and once more when the session is lost.
        if self.fresh || self.relogins > 0 {
            return Passage::Closed;
        }
        self.awaiting = Some(request.clone());
        Passage::AfterLogin
    }

    fn queued(&mut self, raw: &RawPage<'_>, wait: Duration) -> Passage {
        self.not_before = Some(later(raw.received_at, wait));
        self.queues += 1;
        let Some(left) = self.patience.checked_sub(wait).filter(|_| self.queues <= MAX_QUEUES) else {
            return Passage::Through;
        };
        self.patience = left;
        Passage::Again
    }
}

/// Whether a status is one that `Retry-After` belongs to.
fn is_refusal(raw: &RawPage<'_>) -> bool {
    matches!(raw.status, 403 | 429 | 500..=599)
}
