//! Matching against history: nothing twice, nothing lost, whatever is repeated.

use nightheron::store::{Alerts, Intake, Jobs, LookBacks, Notices, Posts, SqlStore, StoreError, Terms, model::*};

use super::on_both;
use crate::support::samples::*;

on_both!(
    a_batch_is_stored_once,
    what_the_watch_has_found_is_not_found_again,
    an_open_alert_takes_the_hits,
    it_ends_once_with_its_digests,
    all_that_waits_is_decided_at_once,
    texts_come_in_batches_in_both_directions,
);

fn found(key: &str, seq: i64, member: i64, term: i64) -> LookBackFinding {
    LookBackFinding {
        post: seq,
        source: "forum".into(),
        post_key: key.into(),
        member,
        alert: format!("history-{key}-{member}"),
        severity: Severity::High,
        confidence: Confidence::High,
        claim: None,
        hits: vec![NewHit { term, field: "body".into(), start: 0, end: 4, matched: "acme".into() }],
    }
}

fn digest(alert: &str) -> NewNotice {
    NewNotice {
        alert: alert.into(),
        audience: Audience::Reviewer,
        contact: None,
        channel: Channel::Mail,
        address: "desk@cert.example".into(),
        language: "en".into(),
        payload: Some("{}".into()),
    }
}

/// Posts in which nobody was looked for, and the look back of the members' terms.
async fn history(store: &SqlStore, keys: &[&str]) -> ([(i64, i64); 2], i64) {
    let ids = populate(store).await;
    let posts = keys.iter().map(|key| post(key, &format!("acme {key}"), Vec::new())).collect();
    store.commit_page(&page("forum", capture("c1", 0), posts)).await.unwrap();
    (ids, store.open_look_back().await.unwrap().expect("one").id)
}

async fn a_batch_is_stored_once(store: &SqlStore) {
    let ([(acme, term), _], id) = history(store, &["p1", "p2"]).await;
    let findings = [found("p1", 1, acme, term), found("p2", 2, acme, term)];
    assert_eq!(store.commit_look_back(id, 0, 2, &findings, at(3)).await.unwrap(), 2);
    let again = store.commit_look_back(id, 0, 2, &findings, at(4)).await;
    assert!(matches!(again, Err(StoreError::Conflict { .. })), "{again:?}");
    // From where it stands the same findings change nothing.
    assert_eq!(store.commit_look_back(id, 2, 2, &findings, at(4)).await.unwrap(), 0);
    let look_back = store.open_look_back().await.unwrap().unwrap();
    assert_eq!((look_back.done, look_back.until, look_back.hits, look_back.alerts), (2, 2, 2, 2));
    assert_eq!((look_back.started_at, look_back.percent()), (Some(at(3)), 99));
    let alert = store.alert(&findings[0].alert).await.unwrap();
    assert_eq!(
        (alert.class, alert.state, alert.reason.as_str()),
        (Class::History, AlertState::Held, "found_in_history")
    );
    assert_eq!(store.lease_jobs("w", at(9), at(10), 10).await.unwrap(), [], "none is routed, none is told alone");
    let row = store.term(term).await.unwrap();
    assert_eq!((row.hits, row.last_fired_at), (2, Some(at(3))));
}

async fn what_the_watch_has_found_is_not_found_again(store: &SqlStore) {
    let [(acme, term), _] = populate(store).await;
    let known = vec![finding("p1", acme, &[term], Severity::High)];
    store.commit_page(&page("forum", capture("c1", 0), vec![post("p1", "acme", known)])).await.unwrap();
    let id = store.open_look_back().await.unwrap().unwrap().id;
    assert_eq!(store.commit_look_back(id, 0, 1, &[found("p1", 1, acme, term)], at(3)).await.unwrap(), 0);
    assert_eq!(store.alerts_of_post(1).await.unwrap().len(), 1);
    assert_eq!(store.term(term).await.unwrap().hits, 1);
}

async fn an_open_alert_takes_the_hits(store: &SqlStore) {
    let [(acme, first), _] = populate(store).await;
    let known = vec![finding("p1", acme, &[first], Severity::High)];
    store.commit_page(&page("forum", capture("c1", 0), vec![post("p1", "acme", known)])).await.unwrap();
    let added = store.save_terms(&[(acme, term("second"))], &[], "lin", "", at(2)).await.unwrap();
    let (id, second) = (added.look_back.unwrap(), added.added[0]);
    assert_eq!(store.commit_look_back(id, 0, 1, &[found("p1", 1, acme, second)], at(3)).await.unwrap(), 0);
    let hits = store.hits(1).await.unwrap();
    assert!(hits.iter().all(|hit| hit.alert == format!("alert-p1-{acme}")), "{hits:?}");
    assert_eq!(hits.len(), 2);
    // Once it is decided, a further term is news.
    for job in store.lease_jobs("w", at(3), at(4), 10).await.unwrap() {
        store.route_alert(job.id, &job.key, AlertState::Released, "immediate", &[], at(3)).await.unwrap();
    }
    let added = store.save_terms(&[(acme, term("third"))], &[], "lin", "", at(4)).await.unwrap();
    let news = [found("p1", 1, acme, added.added[0])];
    assert_eq!(store.commit_look_back(added.look_back.unwrap(), 0, 1, &news, at(5)).await.unwrap(), 1);
}

async fn it_ends_once_with_its_digests(store: &SqlStore) {
    let ([(acme, term), _], id) = history(store, &["p1"]).await;
    let finding = found("p1", 1, acme, term);
    store.commit_look_back(id, 0, 1, std::slice::from_ref(&finding), at(3)).await.unwrap();
    for _ in 0..2 {
        store.finish_look_back(id, &[digest(&finding.alert)], at(4)).await.unwrap();
    }
    assert_eq!(store.notices(None, 10, 0).await.unwrap().len(), 1);
    assert_eq!(store.open_look_back().await.unwrap(), None);
    let ended = store.look_backs(None, 1).await.unwrap().remove(0);
    assert_eq!((ended.finished_at, ended.percent()), (Some(at(4)), 100));
    assert!(matches!(store.commit_look_back(id, 1, 1, &[], at(5)).await, Err(StoreError::Conflict { .. })));
}

async fn all_that_waits_is_decided_at_once(store: &SqlStore) {
    let ([(acme, t1), (bolt, t2)], id) = history(store, &["p1", "p2", "p3"]).await;
    let findings =
        [found("p1", 1, acme, t1), found("p2", 2, acme, t1), found("p3", 3, acme, t1), found("p3", 3, bolt, t2)];
    store.commit_look_back(id, 0, 3, &findings, at(3)).await.unwrap();
    store.decide_alert(&findings[0].alert, AlertState::Dismissed, "another acme", "lin", &[], at(4)).await.unwrap();
    let verdict = Verdict { state: AlertState::Released, reason: "confirmed", by: "lin" };
    let release = || store.decide_look_back(id, acme, verdict, &[], at(5));
    assert_eq!(release().await.unwrap(), 2);
    assert_eq!(release().await.unwrap(), 0);
    let states = |member| async move {
        let listed = store.look_back_alerts(id, member, 10).await.unwrap();
        let mut states: Vec<_> = listed.into_iter().map(|view| view.alert.state).collect();
        states.sort();
        states
    };
    let (released, dismissed) = (AlertState::Released, AlertState::Dismissed);
    assert_eq!(states(Some(acme)).await, [released, released, dismissed]);
    assert_eq!(states(None).await, [AlertState::Held, released, released, dismissed], "the other member's still waits");
}

async fn texts_come_in_batches_in_both_directions(store: &SqlStore) {
    populate(store).await;
    let mut posts: Vec<_> = ["p1", "p2", "p3"].map(|key| post(key, key, Vec::new())).into();
    posts[0].extra = r#"{"links":"http://acme.example/full"}"#.into();
    store.commit_page(&page("forum", capture("c1", 0), posts)).await.unwrap();
    let ahead = store.texts_after(0, 2).await.unwrap();
    assert_eq!(ahead.iter().map(|text| text.seq).collect::<Vec<_>>(), [1, 2]);
    assert_eq!((ahead[0].links.as_str(), ahead[0].author.as_str()), ("http://acme.example/full", "seller"));
    let back = store.texts_before(3, at(0), 9).await.unwrap();
    assert_eq!(back.iter().map(|text| text.seq).collect::<Vec<_>>(), [2, 1]);
    assert_eq!(store.texts_before(9, at(2), 9).await.unwrap(), [], "captured earlier");
}
