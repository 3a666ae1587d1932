//! The end of a visit: what the schedule, the links of the source and the agenda make of it.

use std::time::Duration;

use jiff::Timestamp;
use nightheron_crawlers::{
    Outcome,
    schedule::{Trouble, next_rung, next_visit_of},
};

use super::Visit;
use crate::{
    pipeline::{
        Ended,
        mirrors::{AfterLink, LinkVisit, after, mirrors},
        verdict::trouble,
    },
    store::model::Advance,
};

impl Visit<'_> {
    /// The step of the schedule. After a link that failed, another one is visited as soon as politeness allows.
    pub(super) fn advance(&mut self, outcome: &Outcome) -> Advance {
        let links = self.after_link(outcome);
        let spared = self.is_spared(outcome);
        let rung = usize::try_from(self.row.rung).unwrap_or(0);
        let rung = if spared { rung } else { next_rung(rung, outcome) };
        let now = self.pipeline.clock.now();
        let read = matches!(outcome, Outcome::OkNew);
        let quiet = if read { Outcome::OkNoNew } else { outcome.clone() };
        let next_visit_at = if links.fails_over {
            later(now, self.gap())
        } else {
            next_visit_of(&self.definition, now, self.source.interval, rung, &mut self.rng)
        };
        Advance {
            outcome: quiet.to_string(),
            outcome_if_new: outcome.to_string(),
            new_so_far: self.new,
            healthy: outcome.is_good(),
            spared,
            rung: i64::try_from(rung).unwrap_or(0),
            next_visit_at,
            mirrors: serde_json::to_string(&links.mirrors).ok(),
        }
    }

    /// Whether a failed visit is held against nobody: our own network stood in the way, or another link is next.
    pub(super) fn is_spared(&self, outcome: &Outcome) -> bool {
        !outcome.is_good() && (self.ours || self.after_link(outcome).fails_over)
    }

    fn after_link(&self, outcome: &Outcome) -> AfterLink {
        let ours = self.ours && !outcome.is_good();
        let visit = LinkVisit { link: self.link, outcome, broke_off: self.broke_off, ours };
        after(mirrors(self.row), &self.definition.links, visit, self.pipeline.clock.now())
    }

    /// Lets the agenda learn from the visit. What it learnt is kept on a best effort: it can be learnt again.
    pub(super) async fn remember(&mut self, outcome: &Outcome, began: Timestamp) {
        let links = self.after_link(outcome);
        // A link that failed says nothing against the source; its host is left alone for what is the host's.
        let trouble = match trouble(outcome, self.ours) {
            Some(Trouble::Source) if links.fails_over => Some(Trouble::Ours),
            trouble => trouble,
        };
        let ended = Ended {
            began,
            ended: self.pipeline.clock.now(),
            requests: self.requests,
            posts: self.new,
            trouble,
            retry_after: self.retry_after.max(self.told_to_wait()),
        };
        let (id, agenda) = (&self.row.source.id, &self.pipeline.agenda);
        let remembered = agenda.end(id, &ended, &mut self.rng);
        if let Some(next) = links.mirrors.choose(&self.definition.links) {
            agenda.settle(id, next);
        }
        let Some(remembered) = remembered else { return };
        if let Err(error) = self.pipeline.store.remember(id, &remembered).await {
            tracing::warn!(source.id = %id, error = %error, "what was learnt of a source is not kept");
        }
    }
}

fn later(now: Timestamp, wait: Duration) -> Timestamp {
    jiff::SignedDuration::try_from(wait).ok().and_then(|wait| now.checked_add(wait).ok()).unwrap_or(now)
}
