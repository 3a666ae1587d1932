//! A site that points to another host: kept as a proposal, whose target is looked at once.

use jiff::Timestamp;
use nightheron_crawlers::{Move, Outcome, SameSite as Found};
use url::Url;

use super::Visit;
use crate::{
    pipeline::raw_page,
    store::{
        self,
        model::{NewMove, SameSite},
    },
};

impl Visit<'_> {
    /// After a visit that ended elsewhere: a proposal for a person, once for each target. On a best effort: the site says
    /// so again at the next visit.
    pub(super) async fn propose_move(&mut self, outcome: &Outcome) {
        let Some(to) = self.moved.take().filter(|_| matches!(outcome, Outcome::Moved(_))) else { return };
        let id = &self.row.source.id;
        let proposal = match Move::propose(&self.definition, self.link, &to, self.pipeline.clock.now()) {
            Ok(proposal) => proposal,
            Err(reason) => {
                tracing::info!(source.id = %id, reason = %reason, "a site points elsewhere, which is no move");
                return;
            }
        };
        if let Err(error) = self.keep_move(proposal).await {
            tracing::warn!(source.id = %id, error = %error, "a move is not kept; it is proposed at the next visit");
        }
    }

    async fn keep_move(&mut self, proposal: Move) -> store::Result<()> {
        let new = NewMove {
            source: self.row.source.id.clone(),
            from: proposal.from.to_string(),
            to: proposal.to.to_string(),
            seen_at: proposal.seen_at,
        };
        let Some(id) = self.pipeline.store.propose_move(&new).await? else { return Ok(()) };
        let same_site = match self.look_at(proposal).await.map(|looked| looked.same_site) {
            Some(Found::Proven) => SameSite::Proven,
            Some(Found::NotProven) => SameSite::NotProven,
            Some(Found::Unchecked) | None => SameSite::Unchecked,
        };
        self.pipeline.store.check_move(id, same_site).await
    }

    /// Looks at the new address over the plane of the source. The page is of a site that nobody has approved: it is no
    /// capture, and no post is read from it.
    async fn look_at(&mut self, proposal: Move) -> Option<Move> {
        self.wait(None).await.ok()?;
        self.requests += 1;
        let session = self.source.session.as_ref();
        let fetched = tokio::select! {
            fetched = session.fetch(&proposal.to) => fetched,
            () = self.pipeline.stop.cancelled() => return None,
        };
        let response = fetched.ok()?;
        let body = response.decode(session.limits()).ok()?;
        let now: Timestamp = self.pipeline.clock.now();
        Some(proposal.checked(&self.definition, &raw_page(&response, &body, now)))
    }
}

/// Where a failed fetch was sent on to another host.
pub(super) fn target(error: &nightheron_crawlers::net::FetchError) -> Option<Url> {
    match error {
        nightheron_crawlers::net::FetchError::Moved { url, .. } => Some((**url).clone()),
        _ => None,
    }
}
