//! The outbox: claims due notices, renders and sends them, and marks each sent only after a server accepted it.
//!
//! Every notice is tried by itself, so one that fails keeps no other. A crash between the acceptance and its record
//! lets the lease run out and the notice go out once more, under the same Message-ID or key; it is never lost.

use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt as _;
use futures::stream::FuturesUnordered;
use jiff::SignedDuration;
use rand::{Rng, RngExt as _, SeedableRng as _, rngs::StdRng};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::backoff::NOTICES;
use super::compose;
use super::message::{Receipt, SendError, Sender};
use super::settings::Desk;
use crate::clock::Clock;
use crate::store::model::{Channel, Notice};
use crate::store::{Result, Store};

/// How long a claimed notice belongs to its owner: longer than a sending may take.
const LEASE: SignedDuration = SignedDuration::from_secs(600);
/// The longest a sender may take.
const SEND_TIMEOUT: Duration = Duration::from_secs(240);
/// Notices in the hands of senders at the same time.
const IN_FLIGHT: usize = 8;
/// The longest nap of [`Outbox::run`] when nobody wakes it: notices put back come due.
const NAP: Duration = Duration::from_secs(5);
/// Tries to record an acceptance before it is left to the lease, and the first wait between them.
const RECORD_TRIES: u32 = 5;
const RECORD_WAIT: Duration = Duration::from_millis(100);

/// The sender of each channel; a channel without one keeps its notices waiting.
#[derive(Clone, Default)]
pub struct Senders {
    /// Mail: SMTP or a folder.
    pub mail: Option<Arc<dyn Sender>>,
    /// Webhooks.
    pub webhook: Option<Arc<dyn Sender>>,
}

/// What came of a round.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Delivered {
    /// Accepted and recorded.
    pub sent: usize,
    /// Put back for another try.
    pub retried: usize,
    /// Given up: dead letters.
    pub dead: usize,
    /// Accepted or failed, but the store did not take the record: tried again when the lease ends.
    pub unrecorded: usize,
}

/// The outbox with all it needs.
#[derive(Clone)]
pub struct Outbox {
    /// Where notices lie.
    pub store: Arc<dyn Store>,
    /// In whose name they go out.
    pub desk: Arc<Desk>,
    /// How they go out.
    pub senders: Senders,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Under which name notices are claimed; one a process.
    pub owner: String,
}

/// What came of one notice.
enum Outcome {
    Sent,
    Retried,
    Dead,
    Unrecorded,
}

impl Outbox {
    /// Sends one batch of due notices and waits for all of it.
    ///
    /// # Errors
    /// When notices cannot be claimed.
    pub async fn deliver_due(&self, rng: &mut (impl Rng + ?Sized)) -> Result<Delivered> {
        let batch = self.claim(IN_FLIGHT).await?;
        let mut flying: FuturesUnordered<_> = batch.iter().map(|notice| self.deliver(notice, rng.random())).collect();
        let mut delivered = Delivered::default();
        while let Some(outcome) = flying.next().await {
            match outcome {
                Outcome::Sent => delivered.sent += 1,
                Outcome::Retried => delivered.retried += 1,
                Outcome::Dead => delivered.dead += 1,
                Outcome::Unrecorded => delivered.unrecorded += 1,
            }
        }
        Ok(delivered)
    }

    /// Sends until stopped: at every wake, after every nap, and as soon as a hand is free. When stopped it ends what
    /// has begun; drop the future to end at once.
    pub async fn run(&self, mut rng: impl Rng, wake: &Notify, stop: &CancellationToken) {
        let mut flying = FuturesUnordered::new();
        loop {
            if flying.len() < IN_FLIGHT && !stop.is_cancelled() {
                let claimed = self.claim(IN_FLIGHT - flying.len()).await.unwrap_or_else(|error| {
                    tracing::warn!(error = %error, "notices cannot be claimed now");
                    Vec::new()
                });
                for notice in claimed {
                    let seed = rng.random();
                    flying.push(async move { self.deliver(&notice, seed).await });
                }
            }
            tokio::select! {
                biased;
                Some(_) = flying.next(), if !flying.is_empty() => {}
                () = stop.cancelled(), if flying.is_empty() => return,
                () = wake.notified(), if !stop.is_cancelled() => {}
                () = tokio::time::sleep(NAP), if !stop.is_cancelled() => {}
            }
        }
    }

    async fn claim(&self, limit: usize) -> Result<Vec<Notice>> {
        let now = self.clock.now();
        let until = now.saturating_add(LEASE).unwrap_or(now);
        self.store.lease_notices(&self.owner, now, until, i64::try_from(limit).unwrap_or(1)).await
    }

    async fn deliver(&self, notice: &Notice, seed: u64) -> Outcome {
        match self.send(notice).await {
            Ok(receipt) => {
                crate::faults::point("after_smtp_accept");
                self.record_sent(notice, &receipt).await
            }
            Err(error) => self.record_failure(notice, &error, seed).await,
        }
    }

    async fn send(&self, notice: &Notice) -> std::result::Result<Receipt, SendError> {
        let message = compose::message(&*self.store, &self.desk, notice, self.clock.now()).await?;
        let (sender, missing) = match notice.notice.channel {
            Channel::Mail => (&self.senders.mail, "no mail server is configured: set mail.host or mail.folder"),
            Channel::Webhook => (&self.senders.webhook, "webhooks are switched off"),
        };
        let sender = sender.as_ref().ok_or_else(|| SendError::Transient(missing.to_owned()))?;
        match tokio::time::timeout(SEND_TIMEOUT, sender.send(&message)).await {
            Ok(result) => result,
            Err(_) => Err(SendError::Transient(format!("no answer within {} seconds", SEND_TIMEOUT.as_secs()))),
        }
    }

    /// Records the acceptance, trying for a moment when the store is busy: a record that is lost is a second sending.
    async fn record_sent(&self, notice: &Notice, receipt: &Receipt) -> Outcome {
        for attempt in 0..RECORD_TRIES {
            match self.store.notice_sent(notice.id, &receipt.0, self.clock.now()).await {
                Ok(()) => {
                    tracing::info!(notice.id, alert.id = %notice.notice.alert, notice.channel = %notice.notice.channel, "a notice was accepted");
                    return Outcome::Sent;
                }
                Err(error) => tracing::warn!(notice.id, error = %error, "an acceptance could not be recorded"),
            }
            tokio::time::sleep(RECORD_WAIT * 2_u32.pow(attempt)).await;
        }
        Outcome::Unrecorded
    }

    async fn record_failure(&self, notice: &Notice, error: &SendError, seed: u64) -> Outcome {
        let attempt = u32::try_from(notice.attempts.saturating_add(1)).unwrap_or(u32::MAX);
        let retry = matches!(error, SendError::Transient(_)) && attempt < self.desk.max_attempts;
        let now = self.clock.now();
        let wait = NOTICES.wait(attempt, &mut StdRng::seed_from_u64(seed));
        let retry_at = retry.then(|| now.saturating_add(wait).unwrap_or(now));
        tracing::warn!(notice.id, alert.id = %notice.notice.alert, notice.attempt = attempt, notice.dead = !retry, error = %error, "a notice was not accepted");
        match self.store.notice_failed(notice.id, &error.to_string(), retry_at).await {
            Ok(()) if retry => Outcome::Retried,
            Ok(()) => Outcome::Dead,
            Err(error) => {
                tracing::warn!(notice.id, error = %error, "a failed try could not be recorded");
                Outcome::Unrecorded
            }
        }
    }
}
