//! The outbox: sent only after acceptance, tried again, given up where a person sees it.

use nightheron::store::{Notices, SqlStore, StoreError, model::*};

use super::on_both;
use crate::support::samples::at;

on_both!(
    a_notice_is_leased_sent_and_never_leased_again,
    a_failed_notice_waits_and_is_buried_at_last,
    the_same_notice_is_queued_once,
    a_lease_that_ran_out_is_taken_over,
);

fn notice(address: &str) -> NewNotice {
    NewNotice {
        alert: String::new(),
        audience: Audience::Soc,
        contact: None,
        channel: Channel::Mail,
        address: address.into(),
        language: "zh-TW".into(),
        payload: Some("{\"blind\":\"forum\"}".into()),
    }
}

async fn a_notice_is_leased_sent_and_never_leased_again(store: &SqlStore) {
    store.queue_notice(&notice("a@soc.example"), at(0)).await.unwrap();
    let leased = store.lease_notices("w", at(0), at(1), 10).await.unwrap();
    assert_eq!(leased[0].notice, notice("a@soc.example"));
    store.notice_sent(leased[0].id, "250 ok", at(1)).await.unwrap();
    assert_eq!(store.lease_notices("w", at(99), at(100), 10).await.unwrap(), []);
    let seen = &store.notices(Some(NoticeState::Sent), 10, 0).await.unwrap()[0].notice;
    assert_eq!((seen.sent_at, seen.receipt.as_deref(), seen.attempts), (Some(at(1)), Some("250 ok"), 1));
    store.notice_failed(seen.id, "late", None).await.unwrap();
    assert_eq!(store.notices(Some(NoticeState::Sent), 10, 0).await.unwrap().len(), 1, "sent stays sent");
}

async fn a_failed_notice_waits_and_is_buried_at_last(store: &SqlStore) {
    store.queue_notice(&notice("a@soc.example"), at(0)).await.unwrap();
    let id = store.lease_notices("w", at(0), at(1), 10).await.unwrap()[0].id;
    store.notice_failed(id, "451 later", Some(at(5))).await.unwrap();
    assert_eq!(store.lease_notices("w", at(4), at(6), 10).await.unwrap(), []);
    assert_eq!(store.lease_notices("w", at(5), at(6), 10).await.unwrap()[0].attempts, 1);
    store.notice_failed(id, "550 no such user", None).await.unwrap();
    let dead = &store.notices(Some(NoticeState::Dead), 10, 0).await.unwrap()[0].notice;
    assert_eq!((dead.attempts, dead.last_error.as_deref()), (2, Some("550 no such user")));
    store.revive_notice(id, at(9)).await.unwrap();
    assert_eq!(store.lease_notices("w", at(9), at(10), 10).await.unwrap().len(), 1);
    assert!(matches!(store.revive_notice(id, at(9)).await, Err(StoreError::NotFound { .. })));
}

async fn the_same_notice_is_queued_once(store: &SqlStore) {
    for _ in 0..3 {
        store.queue_notice(&notice("a@soc.example"), at(0)).await.unwrap();
    }
    store.queue_notice(&notice("b@soc.example"), at(0)).await.unwrap();
    assert_eq!(store.notices(None, 10, 0).await.unwrap().len(), 2);
}

async fn a_lease_that_ran_out_is_taken_over(store: &SqlStore) {
    store.queue_notice(&notice("a@soc.example"), at(0)).await.unwrap();
    store.lease_notices("dead", at(0), at(5), 10).await.unwrap();
    assert_eq!(store.lease_notices("heir", at(4), at(9), 10).await.unwrap(), []);
    assert_eq!(store.lease_notices("heir", at(5), at(9), 10).await.unwrap().len(), 1);
}
