//! One notice for all that a look back found for a member: hundreds of old posts are one mail, never a storm.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::finding::{Circle, Finding};
use super::notices::{self, Addressed, SkipReason, Skipped};
use super::review::ReviewError;
use super::route::ReleaseReason;
use super::settings::Desk;
use crate::store::model::{Alert, AlertState, AlertView, Audience, Contact, Member, NewNotice, Verdict};
use crate::store::{Result, Store};

/// Most findings of one look back: above it somebody watches for a word that stands in every post.
const MAX_FINDINGS: i64 = 1_000_000;
/// Findings that a digest tells one by one; the others are counted.
pub(crate) const LISTED: usize = 10;

/// What a digest is about; the payload of its notices. They carry the gravest alert as well.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryDigest {
    /// The look back.
    pub look_back: i64,
    /// The member concerned.
    pub member: i64,
    /// Findings it stands for.
    pub findings: u64,
}

/// The notices that tell the reviewers what a look back found: one a member and address.
///
/// # Errors
/// Those of the store.
pub async fn for_reviewers(store: &dyn Store, desk: &Desk, look_back: i64) -> Result<Vec<NewNotice>> {
    let views = store.look_back_alerts(look_back, None, MAX_FINDINGS).await?;
    let mut members: Vec<i64> = views.iter().map(|view| view.alert.member).collect();
    members.sort_unstable();
    members.dedup();
    let mut all = Vec::new();
    for member in members {
        let of_member: Vec<_> = views.iter().filter(|view| view.alert.member == member).collect();
        let Some(first) = of_member.first() else { continue };
        let digest = HistoryDigest { look_back, member, findings: of_member.len() as u64 };
        let payload = serde_json::to_string(&digest).ok();
        let notices = notices::for_reviewers(&first.alert, desk).into_iter();
        all.extend(notices.map(|notice| NewNotice { payload: payload.clone(), ..notice }));
    }
    Ok(all)
}

/// Whom a confirmation of all that waits would tell: nobody whose address any of the posts names.
///
/// # Errors
/// Those of the store.
pub async fn preview(store: &dyn Store, look_back: i64, member: i64) -> Result<Addressed> {
    let waiting = waiting(store, look_back, member).await?;
    let Some(first) = waiting.first() else { return Ok(Addressed::default()) };
    let organisation = store.member(member).await?;
    let contacts = store.contacts(member).await?;
    let mut addressed = address(first, &organisation, &contacts, store).await?;
    for alert in &waiting[1..] {
        let other = address(alert, &organisation, &contacts, store).await?;
        let named: Vec<Skipped> = other.skipped.into_iter().filter(|s| s.reason == SkipReason::NamedInLeak).collect();
        addressed.notices.retain(|notice| !named.iter().any(|skipped| skipped.address == notice.address));
        addressed.skipped.extend(named);
    }
    addressed.skipped.sort_by(|a, b| a.address.cmp(&b.address));
    addressed.skipped.dedup_by(|a, b| a.address == b.address);
    let digest = HistoryDigest { look_back, member, findings: waiting.len() as u64 };
    for notice in &mut addressed.notices {
        notice.payload = serde_json::to_string(&digest).ok();
    }
    Ok(addressed)
}

/// Releases all findings of a look back that wait, and tells the member once; gives how many. Wake the outbox
/// afterwards; the record is the caller's.
///
/// # Errors
/// Nobody to tell.
pub async fn confirm(
    store: &dyn Store, look_back: i64, member: i64, user: &str, now: Timestamp,
) -> std::result::Result<u64, ReviewError> {
    let told = preview(store, look_back, member).await?;
    if told.notices.is_empty() {
        return Err(ReviewError::NoUsableContact(told));
    }
    let reason = ReleaseReason::Confirmed.as_str();
    Ok(store
        .decide_look_back(
            look_back,
            member,
            Verdict { state: AlertState::Released, reason, by: user },
            &told.notices,
            now,
        )
        .await?)
}

/// Decides that nobody is told of what waits, and why; gives how many.
///
/// # Errors
/// No reason.
pub async fn dismiss(
    store: &dyn Store, look_back: i64, member: i64, user: &str, reason: &str, now: Timestamp,
) -> std::result::Result<u64, ReviewError> {
    let reason = reason.trim();
    if reason.is_empty() || reason.chars().nth(super::review::MAX_REASON).is_some() {
        return Err(ReviewError::Reason);
    }
    Ok(store
        .decide_look_back(look_back, member, Verdict { state: AlertState::Dismissed, reason, by: user }, &[], now)
        .await?)
}

/// The findings that a digest tells one by one: the gravest of those it stands for.
pub(crate) async fn listed(store: &dyn Store, digest: HistoryDigest, audience: Audience) -> Result<Vec<Finding>> {
    let views = store.look_back_alerts(digest.look_back, Some(digest.member), MAX_FINDINGS).await?;
    let told = |view: &&AlertView| audience != Audience::Member || view.alert.state == AlertState::Released;
    let mut findings = Vec::new();
    for view in views.iter().filter(told).take(LISTED) {
        findings.push(Finding::load(store, &view.alert.id).await?);
    }
    Ok(findings)
}

async fn waiting(store: &dyn Store, look_back: i64, member: i64) -> Result<Vec<Alert>> {
    let views = store.look_back_alerts(look_back, Some(member), MAX_FINDINGS).await?;
    Ok(views.into_iter().map(|view| view.alert).filter(|alert| alert.state == AlertState::Held).collect())
}

async fn address(alert: &Alert, member: &Member, contacts: &[Contact], store: &dyn Store) -> Result<Addressed> {
    let circle = Circle::load(store, alert).await?;
    Ok(notices::for_member(alert, member, contacts, &circle.revisions))
}
