//! Reading as a member: the login when a page asks for it, and what is kept of the session afterwards.

use std::{sync::Arc, time::Duration};

use jiff::Timestamp;
use nightheron_crawlers::{
    Outcome,
    session::{Credentials as _, Login, Standing, log_in},
};
use rand::RngExt as _;

use super::{Visit, VisitError};
use crate::store::model::SourceRow;

/// How a source stands with its session; ready before its first visit.
pub(crate) fn standing(row: &SourceRow) -> Standing {
    row.standing.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
}

impl Visit<'_> {
    /// Logs in with the session that the visit reads with. Its pages are not archived: they hold what is secret.
    pub(super) async fn log_in(&mut self) -> Result<(), VisitError> {
        let definition = &self.definition;
        let name = definition.session.as_ref().and_then(|session| session.credentials.as_deref());
        let credential = name.and_then(|name| self.pipeline.sessions.get(name));
        let Some(mut login) = Login::new(Arc::clone(definition), self.link, credential) else { return Ok(()) };
        let (pipeline, gap) = (self.pipeline, self.definition.network.gap);
        let pause = async |not_before: Option<Timestamp>| {
            let wait = gap.max(from(pipeline.clock.now(), not_before));
            tokio::select! {
                () = tokio::time::sleep(wait) => true,
                () = pipeline.stop.cancelled() => false,
            }
        };
        let end = log_in(&mut login, self.source.session.as_ref(), || pipeline.clock.now(), pause).await;
        let Some(end) = end else { return Err(VisitError::Stopped) };
        tracing::info!(source.id = %self.row.source.id, login.ok = end.outcome().is_none(), "logged in to a source");
        self.walk.login_ended(&end);
        self.login = Some(end);
        Ok(())
    }

    /// Keeps the cookies of a source that is read as a member, and how it stands. On a best effort: a login can be made
    /// again.
    pub(super) async fn keep_session(&self, outcome: &Outcome) {
        let (id, now) = (&self.row.source.id, self.pipeline.clock.now());
        if self.definition.session.is_some()
            && let Err(error) = self.pipeline.sessions.keep(id, self.source.session.as_ref())
        {
            tracing::warn!(source.id = %id, error = %error, "the cookies of a source cannot be kept");
        }
        let before = standing(self.row);
        let after = before.after(self.login.as_ref(), outcome, self.walk.not_before(), now);
        if after == before && self.row.standing.is_some() {
            return;
        }
        let text = serde_json::to_string(&after).unwrap_or_default();
        if let Err(error) = self.pipeline.store.set_standing(id, &text).await {
            tracing::warn!(source.id = %id, error = %error, "how a source stands is not kept");
        }
    }

    /// The definition's gap and a share of it by chance.
    pub(super) fn gap(&mut self) -> Duration {
        let network = &self.definition.network;
        network.gap.mul_f64(1.0 + network.jitter * self.rng.random_range(0.0..1.0))
    }

    /// The time until a moment, if it is still to come.
    pub(super) fn until(&self, moment: Option<Timestamp>) -> Duration {
        from(self.pipeline.clock.now(), moment)
    }

    /// How long the site told us to stay away after this visit.
    pub(super) fn told_to_wait(&self) -> Option<Duration> {
        Some(self.until(self.walk.not_before())).filter(|wait| !wait.is_zero())
    }
}

fn from(now: Timestamp, until: Option<Timestamp>) -> Duration {
    until.and_then(|until| Duration::try_from(until.duration_since(now)).ok()).unwrap_or_default()
}
