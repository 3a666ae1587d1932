//! What a person decides about a site that points to another host.

use jiff::Timestamp;
use nightheron_crawlers::moved;
use url::Url;

use super::{BookError, WorkError, Workbench};
use crate::store::{
    StoreError,
    model::{MoveState, SiteMove},
};

/// The reason that the history gets when none was given.
const APPROVED: &str = "the site has moved, and a person approved it";

impl Workbench {
    /// Follows a site to its new address: it becomes the first link of the definition, and the old one a former one. The
    /// source is visited there at once.
    ///
    /// # Errors
    /// [`WorkError`]: the definition is as it was, and the proposal open.
    pub async fn approve_move(&self, id: i64, by: &str, reason: &str, now: Timestamp) -> Result<SiteMove, WorkError> {
        let proposal = self.open_move(id).await?;
        let source = &proposal.seen.source;
        let current = self.current(source)?;
        let definition = self.book.parse(source, &current.text)?;
        let wrong = |link: &str| WorkError::Move(format!("`{link}` is no address"));
        let (from, to) = (link(&proposal.seen.from).map_err(wrong)?, link(&proposal.seen.to).map_err(wrong)?);
        let reason = if reason.trim().is_empty() { APPROVED } else { reason.trim() };
        // A crash may have come between the definition and the decision.
        if definition.links.first() != Some(&to) {
            let text = moved(&current.text, &definition, &from, &to);
            let text =
                text.ok_or_else(|| WorkError::Move("the links of its text cannot be changed; edit it".into()))?;
            self.book.change_from(Some(current.number), source, &text, by, reason, now).await?;
        }
        self.store.decide_move(id, MoveState::Approved, by, reason, now).await?;
        self.store.visit_now(source, now).await?;
        Ok(proposal)
    }

    /// Leaves a site where it is: this target is not proposed again.
    ///
    /// # Errors
    /// No reason, or the proposal is not open.
    pub async fn dismiss_move(&self, id: i64, by: &str, reason: &str, now: Timestamp) -> Result<SiteMove, WorkError> {
        let proposal = self.open_move(id).await?;
        if reason.trim().is_empty() {
            return Err(WorkError::Move("say why the site is not followed there".into()));
        }
        self.store.decide_move(id, MoveState::Dismissed, by, reason.trim(), now).await?;
        Ok(proposal)
    }

    async fn open_move(&self, id: i64) -> Result<SiteMove, WorkError> {
        let proposal = self.store.site_move(id).await?;
        if proposal.state == MoveState::Open {
            return Ok(proposal);
        }
        let reason = format!("it was {} already", proposal.state);
        Err(BookError::Store(StoreError::Conflict { what: "move", id: id.to_string(), reason }).into())
    }
}

fn link(text: &str) -> Result<Url, &str> {
    text.parse().map_err(|_| text)
}
