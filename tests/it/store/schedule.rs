//! The schedule: leases, steps, and sources that come and go.

use nightheron::store::{Intake, Schedule, SqlStore, StoreError, model::*};

use super::on_both;
use crate::support::samples::*;

on_both!(
    the_most_overdue_source_is_claimed_once,
    a_lease_that_ran_out_is_claimed_by_another,
    a_step_moves_the_schedule_and_gives_the_lease_back,
    health_is_counted_from_its_change,
    a_source_that_is_no_longer_configured_rests,
    the_next_due_time_looks_past_leases,
    leases_are_given_back_by_owner,
    a_source_is_given_back_by_its_holder_alone,
    a_source_can_be_made_due,
    a_source_is_claimed_by_name_before_it_is_due,
    a_visit_is_put_off_by_its_holder,
    what_was_learnt_is_remembered,
    our_own_failures_are_not_counted,
);

async fn the_most_overdue_source_is_claimed_once(store: &SqlStore) {
    store.set_sources(&[source("late")], at(0)).await.unwrap();
    store.set_sources(&[source("late"), source("later")], at(5)).await.unwrap();
    let claim = |who: &'static str| store.lease_source(who, at(6), at(9));
    assert_eq!(claim("one").await.unwrap().unwrap().source.id, "late");
    assert_eq!(claim("two").await.unwrap().unwrap().source.id, "later");
    assert_eq!(claim("three").await.unwrap(), None);
}

async fn a_lease_that_ran_out_is_claimed_by_another(store: &SqlStore) {
    store.set_sources(&[source("forum")], at(0)).await.unwrap();
    store.lease_source("dead", at(0), at(5)).await.unwrap().unwrap();
    assert_eq!(store.lease_source("heir", at(4), at(9)).await.unwrap(), None);
    assert!(store.lease_source("heir", at(5), at(9)).await.unwrap().is_some());
    let late = store.advance("forum", "dead", &advance(10), at(6)).await;
    assert!(matches!(late, Err(StoreError::Conflict { .. })), "{late:?}");
}

async fn a_step_moves_the_schedule_and_gives_the_lease_back(store: &SqlStore) {
    store.set_sources(&[source("forum")], at(0)).await.unwrap();
    store.lease_source("worker", at(0), at(5)).await.unwrap().unwrap();
    store.advance("forum", "worker", &advance(10), at(1)).await.unwrap();
    assert_eq!(store.lease_source("worker", at(9), at(12)).await.unwrap(), None);
    let row = store.lease_source("worker", at(10), at(12)).await.unwrap().unwrap();
    assert_eq!((row.last_visit_at, row.visits, row.last_outcome.as_deref()), (Some(at(1)), 1, Some("ok_no_new")));
}

async fn health_is_counted_from_its_change(store: &SqlStore) {
    store.set_sources(&[source("forum")], at(0)).await.unwrap();
    for (minute, healthy) in [(1, true), (2, false), (3, false), (4, true)] {
        store.lease_source("worker", at(minute), at(minute + 1)).await.unwrap().unwrap();
        let step = Advance { healthy, rung: i64::from(!healthy), ..advance(minute + 1) };
        store.advance("forum", "worker", &step, at(minute)).await.unwrap();
        let row = &store.sources().await.unwrap()[0];
        let expected = match minute {
            1 => (Some(at(1)), 0, Some(at(1))),
            2 => (Some(at(2)), 1, Some(at(1))),
            3 => (Some(at(2)), 2, Some(at(1))),
            _ => (Some(at(4)), 0, Some(at(4))),
        };
        assert_eq!((row.health_since, row.failures, row.last_ok_at), expected, "minute {minute}");
    }
}

async fn a_source_that_is_no_longer_configured_rests(store: &SqlStore) {
    store.set_sources(&[source("a"), source("b")], at(0)).await.unwrap();
    store.set_sources(&[source("b")], at(1)).await.unwrap();
    let rows = store.sources().await.unwrap();
    assert_eq!(rows.iter().map(|r| (r.source.id.as_str(), r.enabled)).collect::<Vec<_>>(), [("b", true), ("a", false)]);
    assert_eq!(store.lease_source("w", at(2), at(3)).await.unwrap().unwrap().source.id, "b");
    assert_eq!(store.lease_source("w", at(2), at(3)).await.unwrap(), None);
}

async fn the_next_due_time_looks_past_leases(store: &SqlStore) {
    assert_eq!(store.next_due().await.unwrap(), None);
    store.set_sources(&[source("a")], at(3)).await.unwrap();
    assert_eq!(store.next_due().await.unwrap(), Some(at(3)));
    store.lease_source("w", at(3), at(8)).await.unwrap();
    assert_eq!(store.next_due().await.unwrap(), Some(at(8)));
}

async fn leases_are_given_back_by_owner(store: &SqlStore) {
    store.set_sources(&[source("a"), source("b")], at(0)).await.unwrap();
    store.lease_source("one", at(0), at(9)).await.unwrap();
    store.lease_source("two", at(0), at(9)).await.unwrap();
    store.release_leases("one").await.unwrap();
    assert_eq!(store.lease_source("three", at(1), at(9)).await.unwrap().unwrap().source.id, "a");
    assert_eq!(store.lease_source("three", at(1), at(9)).await.unwrap(), None);
}

async fn a_source_is_given_back_by_its_holder_alone(store: &SqlStore) {
    store.set_sources(&[source("a")], at(0)).await.unwrap();
    store.lease_source("one", at(0), at(9)).await.unwrap();
    store.give_back("a", "two").await.unwrap();
    assert_eq!(store.lease_source("three", at(1), at(9)).await.unwrap(), None);
    store.give_back("a", "one").await.unwrap();
    assert!(store.lease_source("three", at(1), at(9)).await.unwrap().is_some());
}

async fn a_source_can_be_made_due(store: &SqlStore) {
    populate(store).await;
    let mut last = page("forum", capture("c1", 0), vec![]);
    last.advance = Some(advance(600));
    store.commit_page(&last).await.unwrap();
    store.visit_now("forum", at(2)).await.unwrap();
    assert!(store.lease_source("w", at(2), at(3)).await.unwrap().is_some());
    assert!(matches!(store.visit_now("no-such", at(2)).await, Err(StoreError::NotFound { .. })));
}

async fn a_source_is_claimed_by_name_before_it_is_due(store: &SqlStore) {
    store.set_sources(&[source("a"), source("b")], at(5)).await.unwrap();
    let row = store.lease_this("b", "one", at(0), at(3)).await.unwrap().unwrap();
    assert_eq!((row.source.id.as_str(), row.wanted), ("b", false));
    assert_eq!(store.lease_this("b", "two", at(2), at(3)).await.unwrap(), None, "somebody holds it");
    assert!(store.lease_this("b", "two", at(3), at(4)).await.unwrap().is_some(), "the lease ran out");
    store.set_sources(&[source("b")], at(6)).await.unwrap();
    assert_eq!(store.lease_this("a", "one", at(6), at(7)).await.unwrap(), None, "it is watched no longer");
}

async fn a_visit_is_put_off_by_its_holder(store: &SqlStore) {
    store.set_sources(&[source("a")], at(0)).await.unwrap();
    store.visit_now("a", at(1)).await.unwrap();
    assert!(store.lease_source("one", at(1), at(9)).await.unwrap().unwrap().wanted);
    store.put_off("a", "two", at(5)).await.unwrap();
    assert_eq!(store.lease_source("two", at(6), at(7)).await.unwrap(), None, "two does not hold it");
    store.put_off("a", "one", at(5)).await.unwrap();
    assert_eq!(store.lease_source("two", at(4), at(7)).await.unwrap(), None);
    assert!(store.lease_source("two", at(5), at(7)).await.unwrap().unwrap().wanted, "the person still waits");
    store.advance("a", "two", &advance(8), at(6)).await.unwrap();
    assert!(!store.sources().await.unwrap()[0].wanted);
}

async fn what_was_learnt_is_remembered(store: &SqlStore) {
    store.set_sources(&[source("a")], at(0)).await.unwrap();
    assert_eq!(store.sources().await.unwrap()[0].remembered, None);
    let learnt = Remembered { watch: r#"{"rate":1}"#.into(), host_state: "{}".into() };
    store.remember("a", &learnt).await.unwrap();
    store.set_sources(&[source("a")], at(1)).await.unwrap();
    assert_eq!(store.sources().await.unwrap()[0].remembered.as_ref(), Some(&learnt));
}

async fn our_own_failures_are_not_counted(store: &SqlStore) {
    store.set_sources(&[source("a")], at(0)).await.unwrap();
    for (minute, spared, failures) in [(0, false, 1), (1, true, 1), (2, false, 2)] {
        store.lease_source("w", at(minute), at(minute + 1)).await.unwrap().unwrap();
        let step = Advance { healthy: false, spared, ..advance(minute + 1) };
        store.advance("a", "w", &step, at(minute)).await.unwrap();
        let row = &store.sources().await.unwrap()[0];
        assert_eq!((row.failures, row.healthy), (failures, false), "minute {minute}");
    }
}
