//! Alerts: one a finding, decided once.

use nightheron::store::{Alerts, Intake, Jobs, Notices, Posts, SqlStore, StoreError, model::*};

use super::on_both;
use crate::support::samples::*;

on_both!(
    routing_queues_notices_once,
    a_reviewer_decides_once,
    an_edit_of_an_undecided_alert_refreshes_it,
    an_edit_alerts_again_only_when_it_adds_something,
    alerts_are_listed_by_state_and_member,
    a_job_is_leased_retried_and_buried,
);

fn notice(alert: &str, address: &str) -> NewNotice {
    NewNotice {
        alert: alert.into(),
        audience: Audience::Member,
        contact: Some(1),
        channel: Channel::Mail,
        address: address.into(),
        language: "en".into(),
        payload: None,
    }
}

/// Stores a post about acme and gives the alert with its job.
async fn raised(store: &SqlStore, text: &str, n: u64, terms: &[i64], member: i64, severity: Severity) -> Vec<AlertId> {
    let found = vec![finding("p1", member, terms, severity)];
    let page = page("forum", capture(&format!("c{n}"), n), vec![post("p1", text, found)]);
    store.commit_page(&page).await.unwrap().alerts
}

async fn route(store: &SqlStore, state: AlertState) {
    for job in store.lease_jobs("w", at(1), at(2), 10).await.unwrap() {
        store.route_alert(job.id, &job.key, state, "by rule", &[], at(1)).await.unwrap();
    }
}

async fn routing_queues_notices_once(store: &SqlStore) {
    let [(acme, term), _] = populate(store).await;
    let id = raised(store, "acme", 0, &[term], acme, Severity::High).await.remove(0);
    let job = store.lease_jobs("w", at(1), at(2), 10).await.unwrap().remove(0);
    for _ in 0..2 {
        let notices = [notice(&id, "a@x.example"), notice(&id, "b@x.example")];
        store.route_alert(job.id, &id, AlertState::Released, "immediate", &notices, at(1)).await.unwrap();
    }
    assert_eq!(store.notices_of(&id).await.unwrap().len(), 2);
    assert_eq!(store.alert(&id).await.unwrap().state, AlertState::Released);
    assert_eq!(store.lease_jobs("w", at(9), at(10), 10).await.unwrap(), []);
}

async fn a_reviewer_decides_once(store: &SqlStore) {
    let [(acme, term), _] = populate(store).await;
    let id = raised(store, "acme", 0, &[term], acme, Severity::High).await.remove(0);
    let decide = |state| {
        let id = id.clone();
        async move { store.decide_alert(&id, state, "seen", "lin", &[notice(&id, "a@x.example")], at(3)).await }
    };
    let early = decide(AlertState::Released).await;
    assert!(matches!(early, Err(StoreError::Conflict { .. })), "not routed yet: {early:?}");
    route(store, AlertState::Held).await;
    decide(AlertState::Released).await.unwrap();
    assert!(matches!(decide(AlertState::Dismissed).await, Err(StoreError::Conflict { .. })));
    let alert = store.alert(&id).await.unwrap();
    assert_eq!(
        (alert.state, alert.decided_by.as_deref(), alert.decided_at),
        (AlertState::Released, Some("lin"), Some(at(3)))
    );
    assert_eq!(store.notices_of(&id).await.unwrap().len(), 1);
}

async fn an_edit_of_an_undecided_alert_refreshes_it(store: &SqlStore) {
    let [(acme, term), _] = populate(store).await;
    let id = raised(store, "acme", 0, &[term], acme, Severity::Low).await.remove(0);
    route(store, AlertState::Held).await;
    assert_eq!(raised(store, "acme 2 TB", 1, &[term], acme, Severity::Critical).await, Vec::<String>::new());
    let alert = store.alert(&id).await.unwrap();
    assert_eq!((alert.post, alert.severity), (2, Severity::Critical));
    assert_eq!(store.hits(2).await.unwrap()[0].alert, id);
}

async fn an_edit_alerts_again_only_when_it_adds_something(store: &SqlStore) {
    let [(acme, term), (_, other)] = populate(store).await;
    raised(store, "acme", 0, &[term], acme, Severity::High).await;
    route(store, AlertState::Dismissed).await;
    assert!(raised(store, "acme.", 1, &[term], acme, Severity::High).await.is_empty(), "a corrected typing error");
    assert_eq!(raised(store, "acme other", 2, &[term, other], acme, Severity::High).await.len(), 1, "a further term");
    assert_eq!(raised(store, "acme 9 TB", 3, &[term], acme, Severity::Critical).await.len(), 1, "a graver claim");
    let listed = store.alerts_of_post(1).await.unwrap();
    let mut classes: Vec<_> = listed.iter().map(|v| v.alert.class).collect();
    classes.sort();
    assert_eq!(classes, [Class::Post, Class::Edit, Class::Edit]);
}

async fn alerts_are_listed_by_state_and_member(store: &SqlStore) {
    let [(acme, t1), (bolt, t2)] = populate(store).await;
    let both = vec![finding("p1", acme, &[t1], Severity::High), finding("p1", bolt, &[t2], Severity::Low)];
    store.commit_page(&page("forum", capture("c1", 0), vec![post("p1", "acme bolt", both)])).await.unwrap();
    let list = |state, member| async move {
        let filter = AlertFilter { state, member, limit: 10, offset: 0 };
        store.alerts(&filter).await.unwrap().into_iter().map(|v| v.member_name).collect::<Vec<_>>()
    };
    assert_eq!(list(None, None).await.len(), 2);
    assert_eq!(list(Some(AlertState::New), Some(bolt)).await, ["bolt"]);
    assert_eq!(list(Some(AlertState::Held), None).await, Vec::<String>::new());
    assert_eq!(store.alert_counts().await.unwrap().new, 2);
}

async fn a_job_is_leased_retried_and_buried(store: &SqlStore) {
    let [(acme, term), _] = populate(store).await;
    raised(store, "acme", 0, &[term], acme, Severity::High).await;
    let lease = |minute| async move { store.lease_jobs("w", at(minute), at(minute + 1), 10).await.unwrap() };
    let job = lease(1).await.remove(0);
    assert_eq!(lease(1).await, []);
    store.fail_job(job.id, "the registry did not answer", Some(at(5))).await.unwrap();
    assert_eq!(lease(4).await, []);
    assert_eq!(lease(5).await[0].attempts, 1);
    store.fail_job(job.id, "still not", None).await.unwrap();
    assert_eq!(lease(99).await, []);
    assert_eq!(store.dead_jobs().await.unwrap()[0].last_error.as_deref(), Some("still not"));
    store.revive_job(job.id, at(100)).await.unwrap();
    assert_eq!(lease(100).await.len(), 1);
}
