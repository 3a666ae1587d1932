//! Which link of a source is in use, and why: what its page and the overview say of its mirrors.

use nightheron_watchlists::defang;

use super::overview::outcome;
use crate::{
    pipeline::mirrors,
    store::model::SourceRow,
    web::{
        i18n::Lang,
        view::{Time, time},
    },
};

/// The links of a source as they are shown.
pub(super) struct Links {
    /// The link that was visited last; empty before the first visit.
    pub(super) current: String,
    /// The link that was in use before, and why it was left; nothing while the first is in use.
    pub(super) change: Option<Change>,
    /// Links that failed and are to be tried again.
    pub(super) failed: Vec<Failed>,
}

pub(super) struct Change {
    pub(super) from: String,
    pub(super) why: String,
    pub(super) at: Time,
}

pub(super) struct Failed {
    pub(super) link: String,
    pub(super) why: String,
    pub(super) times: u32,
    pub(super) retry: Time,
}

impl Links {
    pub(super) fn of(lang: Lang, row: &SourceRow) -> Self {
        let mirrors = mirrors(row);
        let change = mirrors.change().map(|change| Change {
            from: defang(&change.from),
            why: outcome(lang, &change.outcome),
            at: time(change.at),
        });
        let failed = mirrors.failures().map(|(link, failure)| Failed {
            link: defang(link),
            why: outcome(lang, &failure.outcome),
            times: failure.times,
            retry: time(failure.retry_at),
        });
        Self { current: mirrors.current().map(defang).unwrap_or_default(), change, failed: failed.collect() }
    }
}
