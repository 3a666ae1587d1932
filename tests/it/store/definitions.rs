//! The texts of definitions over time, and captures read again.

use nightheron::store::{Audit, Definitions, Intake, Schedule, SqlStore, StoreError, model::*};

use super::on_both;
use crate::support::samples::*;

on_both!(
    a_text_is_kept_with_who_and_why,
    two_changes_at_once_are_one_change,
    captures_are_found_from_the_newest_back,
    the_newest_posts_come_in_their_latest_revision,
    a_reread_goes_on_where_it_stood,
);

fn revision(number: i64, text: &str) -> Revision {
    Revision {
        source: "forum".into(),
        number,
        at: at(number),
        by: "lin".into(),
        reason: "moved".into(),
        text: text.into(),
    }
}

async fn a_text_is_kept_with_who_and_why(store: &SqlStore) {
    populate(store).await;
    assert!(store.definitions().await.unwrap().is_empty());
    let (first, second) = (revision(1, "id: forum"), revision(2, "id: forum # 二"));
    store.add_definitions(&[(source("forum"), first.clone())]).await.unwrap();
    let renamed = NewSource { name: "Another name".into(), verified: "2026-11-21".into(), ..source("forum") };
    store.add_definitions(&[(renamed, second.clone())]).await.unwrap();
    assert_eq!(store.definition_history("forum").await.unwrap(), [second.clone(), first]);
    assert_eq!(store.definitions().await.unwrap()["forum"], second);
    let row = store.sources().await.unwrap().remove(0);
    assert_eq!((row.source.name.as_str(), row.source.verified.as_str()), ("Another name", "2026-11-21"));
    assert_eq!((row.visits, row.enabled), (0, true), "a change is no visit");
    let said = &store.audit(5).await.unwrap()[0];
    assert_eq!(
        (said.user.as_str(), said.action.as_str(), said.object.as_str()),
        ("lin", "definition.change", "forum 2")
    );
}

async fn two_changes_at_once_are_one_change(store: &SqlStore) {
    populate(store).await;
    store.add_definitions(&[(source("forum"), revision(1, "one"))]).await.unwrap();
    let renamed = NewSource { name: "Lost".into(), ..source("forum") };
    let refused = store.add_definitions(&[(renamed, revision(1, "another"))]).await;
    assert!(matches!(refused, Err(StoreError::Conflict { .. })), "{refused:?}");
    assert_eq!(store.definition_history("forum").await.unwrap().len(), 1);
    assert_eq!(store.sources().await.unwrap()[0].source.name, "The forum", "refused whole");
    assert_eq!(store.audit(5).await.unwrap().len(), 1);
}

fn fetched(id: &str, n: u64, minute: i64) -> NewCapture {
    NewCapture { fetched_at: at(minute), ..capture(id, n) }
}

async fn captures_are_found_from_the_newest_back(store: &SqlStore) {
    populate(store).await;
    for (id, n) in [("a", 1), ("b", 2), ("c", 3)] {
        let minute = i64::try_from(n).unwrap();
        store.commit_recovered("forum", &fetched(id, n, minute), &[], at(9)).await.unwrap();
    }
    let ids = |found: Vec<Capture>| found.into_iter().map(|c| c.capture.id).collect::<Vec<_>>();
    assert_eq!(ids(store.newest_captures("forum", None, 2).await.unwrap()), ["c", "b"]);
    assert_eq!(ids(store.newest_captures("forum", Some(at(3)), 9).await.unwrap()), ["b", "a"]);
    assert!(store.newest_captures("other", None, 9).await.unwrap().is_empty());
    let again = NewCapture { url: "http://a.example/same".into(), ..fetched("d", 4, 4) };
    let once_more = NewCapture { url: "http://a.example/same".into(), ..fetched("e", 5, 5) };
    for capture in [again, once_more] {
        store.commit_recovered("forum", &capture, &[], at(9)).await.unwrap();
    }
    assert_eq!(ids(store.varied_captures("forum", 1, 2).await.unwrap())[0], "e");
    let varied = ids(store.varied_captures("forum", 1, 9).await.unwrap());
    assert!(varied.contains(&"e".into()) && !varied.contains(&"d".into()), "{varied:?}");
    assert_eq!(ids(store.varied_captures("forum", 2, 2).await.unwrap()), ["e", "d"]);
}

async fn the_newest_posts_come_in_their_latest_revision(store: &SqlStore) {
    populate(store).await;
    let posts = [post("p1", "one", vec![]), post("p2", "two", vec![])];
    store.commit_recovered("forum", &capture("a", 1), &posts, at(1)).await.unwrap();
    store.commit_recovered("forum", &capture("b", 2), &[post("p1", "edited", vec![])], at(2)).await.unwrap();
    let newest = store.newest_posts("forum", 9).await.unwrap();
    let bodies: Vec<_> = newest.iter().map(|p| (p.key.as_str(), p.body.as_str())).collect();
    assert_eq!(bodies, [("p1", "edited"), ("p2", "two")]);
    assert_eq!(store.newest_posts("forum", 1).await.unwrap().len(), 1);
}

async fn a_reread_goes_on_where_it_stood(store: &SqlStore) {
    populate(store).await;
    for (id, n) in [("a", 0), ("b", 1), ("c", 2)] {
        let minute = i64::try_from(n).unwrap();
        store.commit_recovered("forum", &fetched(id, n, minute), &[], at(9)).await.unwrap();
    }
    assert!(store.open_reread().await.unwrap().is_none());
    let id = store.queue_reread("forum", at(1), "lin", at(10)).await.unwrap();
    let mut reread = store.open_reread().await.unwrap().unwrap();
    assert_eq!((reread.id, reread.since, reread.queued_by.as_str()), (id, at(1), "lin"));
    let due = store.reread_captures(&reread, 1).await.unwrap();
    assert_eq!(due[0].capture.id, "b", "what was captured before is left alone");
    (reread.file, reread.offset) = (due[0].capture.file.clone(), due[0].capture.offset);
    (reread.captures, reread.posts, reread.revisions, reread.unreadable) = (1, 2, 3, 4);
    store.keep_reread(&reread).await.unwrap();
    let again = store.open_reread().await.unwrap().unwrap();
    assert_eq!(again, reread);
    let rest = store.reread_captures(&again, 9).await.unwrap();
    assert_eq!(rest.iter().map(|c| c.capture.id.as_str()).collect::<Vec<_>>(), ["c"]);
    reread.finished_at = Some(at(11));
    store.keep_reread(&reread).await.unwrap();
    assert!(store.open_reread().await.unwrap().is_none());
    assert_eq!(store.rereads("forum", 5).await.unwrap(), [reread]);
}
