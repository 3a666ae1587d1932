//! The job that routes new alerts: decides, and stores decision and notices in one transaction.

use jiff::{SignedDuration, Timestamp};
use rand::Rng;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::backoff::JOBS;
use super::finding::Circle;
use super::notices::{self, SkipReason};
use super::route::{Decision, HoldReason, decide};
use super::settings::Desk;
use crate::clock::Clock;
use crate::store::model::{Alert, AlertState, Job, NewNotice};
use crate::store::{Result, Store, StoreError};

/// How long a claimed job belongs to its owner.
const LEASE: SignedDuration = SignedDuration::from_secs(120);
/// Jobs claimed at once.
const BATCH: i64 = 32;
/// Tries before a job is given up; a database that does not answer is tried for ever.
const MAX_ATTEMPTS: i64 = 5;
/// The longest nap of [`run`] when nobody wakes it: jobs put back come due.
const NAP: std::time::Duration = std::time::Duration::from_secs(5);

/// Routes every alert whose job is due; gives how many jobs were claimed. One that fails is put back with a wait and
/// does not keep the others.
///
/// # Errors
/// When jobs cannot be claimed.
pub async fn route_due(
    store: &dyn Store, desk: &Desk, now: Timestamp, owner: &str, rng: &mut (impl Rng + ?Sized),
) -> Result<usize> {
    let until = now.saturating_add(LEASE).unwrap_or(now);
    let jobs = store.lease_jobs(owner, now, until, BATCH).await?;
    for job in &jobs {
        if let Err(error) = route_one(store, desk, job, now).await {
            put_back(store, job, &error, now, rng).await;
        }
    }
    Ok(jobs.len())
}

/// Routes until stopped: at every wake, after every nap, and again while there is more. `queued` is woken whenever
/// alerts were routed, for the outbox.
pub async fn run(
    store: &dyn Store, desk: &Desk, clock: &dyn Clock, owner: &str, mut rng: impl Rng,
    (wake, queued): (&Notify, &Notify), stop: &CancellationToken,
) {
    while !stop.is_cancelled() {
        match route_due(store, desk, clock.now(), owner, &mut rng).await {
            Ok(0) => {}
            Ok(_) => {
                queued.notify_one();
                continue;
            }
            Err(error) => tracing::warn!(error = %error, "alerts cannot be routed now"),
        }
        tokio::select! {
            () = stop.cancelled() => {}
            () = wake.notified() => {}
            () = tokio::time::sleep(NAP) => {}
        }
    }
}

async fn route_one(store: &dyn Store, desk: &Desk, job: &Job, now: Timestamp) -> Result<()> {
    if job.kind != "route_alert" {
        return Err(StoreError::NotFound { what: "worker for jobs of the kind", id: job.kind.clone() });
    }
    let alert = store.alert(&job.key).await?;
    let (state, reason, notices) = route(store, desk, &alert).await?;
    store.route_alert(job.id, &alert.id, state, reason, &notices, now).await?;
    tracing::info!(alert.id = %alert.id, alert.state = %state, alert.reason = reason, "routed an alert");
    Ok(())
}

/// The decision about an alert, with the notices it leads to.
async fn route(store: &dyn Store, desk: &Desk, alert: &Alert) -> Result<(AlertState, &'static str, Vec<NewNotice>)> {
    let member = store.member(alert.member).await?;
    let hold = match decide(alert, &member, &desk.policy) {
        Decision::Hold(reason) => reason,
        Decision::Release(reason) => {
            let circle = Circle::load(store, alert).await?;
            let told = notices::for_member(alert, &member, &circle.contacts, &circle.revisions);
            let passed_over = told.skipped.iter().filter(|s| s.reason == SkipReason::NamedInLeak).count();
            if passed_over > 0 {
                tracing::warn!(alert.id = %alert.id, contacts.skipped = passed_over, "contacts are named in the leak and are not told");
            }
            if !told.notices.is_empty() {
                return Ok((AlertState::Released, reason.as_str(), told.notices));
            }
            HoldReason::NoUsableContact
        }
    };
    let reviewers = notices::for_reviewers(alert, desk);
    if reviewers.is_empty() {
        tracing::warn!(alert.id = %alert.id, "an alert waits and no reviewer is configured: set alerts.reviewers");
    }
    Ok((AlertState::Held, hold.as_str(), reviewers))
}

async fn put_back(store: &dyn Store, job: &Job, error: &StoreError, now: Timestamp, rng: &mut (impl Rng + ?Sized)) {
    let attempt = u32::try_from(job.attempts.saturating_add(1)).unwrap_or(u32::MAX);
    let for_ever = matches!(error, StoreError::Database { .. });
    let retry = for_ever || i64::from(attempt) < MAX_ATTEMPTS;
    let retry_at = retry.then(|| now.saturating_add(JOBS.wait(attempt, rng)).unwrap_or(now));
    tracing::warn!(job.id, job.key = %job.key, job.attempt = attempt, job.dead = !retry, error = %error, "an alert could not be routed");
    if let Err(error) = store.fail_job(job.id, &error.to_string(), retry_at).await {
        // Its lease runs out, and it is claimed again.
        tracing::warn!(job.id, error = %error, "a failed job could not be put back");
    }
}
