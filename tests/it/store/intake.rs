//! The one transaction: everything or nothing, and repeating it changes nothing.

use nightheron::store::{Alerts, Intake, Jobs, Posts, Schedule, SqlStore, StoreError, Terms, model::*};

use super::on_both;
use crate::support::samples::*;

on_both!(
    a_page_is_stored_whole,
    repeating_a_commit_changes_nothing,
    a_post_that_stands_twice_on_a_page_is_counted_once,
    an_edit_is_a_new_revision,
    going_back_to_an_older_text_is_an_edit_too,
    a_recovered_page_adds_no_revision_that_is_known,
    without_the_lease_nothing_is_stored,
    a_failing_statement_undoes_the_whole_page,
    every_member_named_in_a_post_has_an_alert,
    a_thread_is_marked_only_with_its_page,
    sequence_numbers_have_no_gaps_after_a_refusal,
    captures_are_listed_in_the_order_of_writing,
    concurrent_pages_become_visible_in_order,
);

async fn a_page_is_stored_whole(store: &SqlStore) {
    let [(acme, term), _] = populate(store).await;
    let mut page = page(
        "forum",
        capture("c1", 0),
        vec![post("p1", "acme for sale", vec![finding("p1", acme, &[term], Severity::High)]), post("p2", "x", vec![])],
    );
    page.advance = Some(advance(30));
    let receipt = store.commit_page(&page).await.unwrap();
    assert_eq!((receipt.new, receipt.revised, receipt.seen, receipt.alerts.len()), (2, 0, 0, 1));

    let posts = store.posts_after(0, 10).await.unwrap();
    assert_eq!(
        posts.iter().map(|(p, m)| (p.seq, p.key.as_str(), m.len())).collect::<Vec<_>>(),
        [(1, "p1", 1), (2, "p2", 0)]
    );
    let captured = store.captured_posts("forum").await.unwrap();
    assert_eq!(captured.iter().map(|p| p.post_id.as_str()).collect::<Vec<_>>(), ["p1", "p2"]);
    assert_eq!(captured[0].thread_id.as_deref(), Some("t1"));
    assert_eq!(store.hits(1).await.unwrap()[0].alert, "alert-p1-".to_owned() + &acme.to_string());
    assert_eq!(store.lease_jobs("w", at(1), at(2), 10).await.unwrap()[0].kind, "route_alert");
    assert_eq!(store.capture("c1").await.unwrap().source, "forum");
    let source = &store.sources().await.unwrap()[0];
    assert_eq!((source.last_outcome.as_deref(), source.next_visit_at, source.posts), (Some("ok_new"), at(30), 2));
    assert_eq!(store.term(term).await.unwrap().last_fired_at, Some(at(1)));
}

async fn repeating_a_commit_changes_nothing(store: &SqlStore) {
    let [(acme, term), _] = populate(store).await;
    let found = || vec![finding("p1", acme, &[term], Severity::High)];
    store.commit_page(&page("forum", capture("c1", 0), vec![post("p1", "acme", found())])).await.unwrap();
    let again = store.commit_page(&page("forum", capture("c2", 1), vec![post("p1", "acme", found())])).await.unwrap();
    assert_eq!((again.seen, again.new, again.alerts.len()), (1, 0, 0));
    assert_eq!(store.last_seq().await.unwrap(), 1);
    assert_eq!(store.alert_counts().await.unwrap().new, 1);
    assert_eq!(store.term(term).await.unwrap().hits, 1);
}

async fn a_post_that_stands_twice_on_a_page_is_counted_once(store: &SqlStore) {
    populate(store).await;
    let twice = vec![post("p1", "x", vec![]), post("p1", "x", vec![])];
    let receipt = store.commit_page(&page("forum", capture("c1", 0), twice)).await.unwrap();
    assert_eq!((receipt.new, receipt.seen, store.sources().await.unwrap()[0].posts), (1, 1, 1));
}

async fn an_edit_is_a_new_revision(store: &SqlStore) {
    populate(store).await;
    for (n, text) in [(0, "first"), (1, "second")] {
        store.commit_page(&page("forum", capture(text, n), vec![post("p1", text, vec![])])).await.unwrap();
    }
    let revisions = store.revisions("forum", "p1").await.unwrap();
    assert_eq!(
        revisions.iter().map(|r| (r.revision, r.body.as_str())).collect::<Vec<_>>(),
        [(2, "second"), (1, "first")]
    );
    assert_eq!(store.sources().await.unwrap()[0].posts, 1);
}

async fn going_back_to_an_older_text_is_an_edit_too(store: &SqlStore) {
    populate(store).await;
    for (n, text) in [(0, "a"), (1, "b"), (2, "a")] {
        store.commit_page(&page("forum", capture(&n.to_string(), n), vec![post("p1", text, vec![])])).await.unwrap();
    }
    assert_eq!(store.revisions("forum", "p1").await.unwrap().len(), 3);
}

async fn a_recovered_page_adds_no_revision_that_is_known(store: &SqlStore) {
    populate(store).await;
    for (n, text) in [(0, "old"), (1, "new")] {
        store.commit_page(&page("forum", capture(text, n), vec![post("p1", text, vec![])])).await.unwrap();
    }
    let again =
        store.commit_recovered("forum", &capture("late", 9), &[post("p1", "old", vec![])], at(3)).await.unwrap();
    assert_eq!(again.seen, 1);
    assert_eq!(store.revisions("forum", "p1").await.unwrap()[0].body, "new");
}

async fn without_the_lease_nothing_is_stored(store: &SqlStore) {
    populate(store).await;
    let mut stranger = page("forum", capture("c1", 0), vec![post("p1", "x", vec![])]);
    stranger.owner = "another".into();
    assert!(matches!(store.commit_page(&stranger).await, Err(StoreError::Conflict { .. })));
    assert_eq!(store.last_seq().await.unwrap(), 0);
    assert!(store.capture("c1").await.is_err());
}

async fn a_failing_statement_undoes_the_whole_page(store: &SqlStore) {
    let [(acme, _), _] = populate(store).await;
    let no_such_term = finding("p2", acme, &[999], Severity::Low);
    let bad = page("forum", capture("c1", 0), vec![post("p1", "x", vec![]), post("p2", "y", vec![no_such_term])]);
    assert!(store.commit_page(&bad).await.is_err());
    assert_eq!(store.posts_after(0, 10).await.unwrap(), []);
    assert_eq!(store.alert_counts().await.unwrap(), AlertCounts::default());
    assert!(store.capture("c1").await.is_err());
}

async fn every_member_named_in_a_post_has_an_alert(store: &SqlStore) {
    let [(acme, t1), (bolt, t2)] = populate(store).await;
    let both = vec![finding("p1", acme, &[t1], Severity::High), finding("p1", bolt, &[t2], Severity::High)];
    let receipt =
        store.commit_page(&page("forum", capture("c1", 0), vec![post("p1", "acme bolt", both)])).await.unwrap();
    assert_eq!(receipt.alerts.len(), 2);
    let posts = store.posts_after(0, 1).await.unwrap();
    assert_eq!(posts[0].1, ["acme", "bolt"]);
}

async fn a_thread_is_marked_only_with_its_page(store: &SqlStore) {
    populate(store).await;
    let mut last = page("forum", capture("c1", 0), vec![post("p1", "x", vec![])]);
    last.thread = Some(ThreadMark { thread_id: "t1".into(), signal: "{\"replies\":3}".into() });
    last.owner = "another".into();
    assert!(store.commit_page(&last).await.is_err());
    assert!(store.thread_marks("forum").await.unwrap().is_empty());
    last.owner = "worker".into();
    store.commit_page(&last).await.unwrap();
    assert_eq!(store.thread_marks("forum").await.unwrap()["t1"], "{\"replies\":3}");
}

async fn sequence_numbers_have_no_gaps_after_a_refusal(store: &SqlStore) {
    let [(acme, _), _] = populate(store).await;
    let bad = vec![post("p1", "x", vec![finding("p1", acme, &[999], Severity::Low)])];
    assert!(store.commit_page(&page("forum", capture("c1", 0), bad)).await.is_err());
    store.commit_page(&page("forum", capture("c2", 1), vec![post("p2", "y", vec![])])).await.unwrap();
    assert_eq!(store.posts_after(0, 10).await.unwrap()[0].0.seq, 1);
}

async fn captures_are_listed_in_the_order_of_writing(store: &SqlStore) {
    populate(store).await;
    for n in [2, 0, 1] {
        store.commit_page(&page("forum", capture(&n.to_string(), n), vec![])).await.unwrap();
    }
    let first = store.captures(Some("forum"), None, 2).await.unwrap();
    assert_eq!(first.iter().map(|c| c.capture.offset).collect::<Vec<_>>(), [0, 100]);
    let rest = store.captures(None, Some(("a.warc.gz".into(), 100)), 10).await.unwrap();
    assert_eq!(rest.iter().map(|c| c.capture.offset).collect::<Vec<_>>(), [200]);
    assert_eq!(store.captures(Some("other"), None, 10).await.unwrap(), []);
    assert_eq!(store.capture_bytes().await.unwrap()["a.warc.gz"], 300);
    let ids = store.capture_ids("a.warc.gz").await.unwrap();
    assert_eq!((ids.len(), ids.contains("2")), (3, true));
    assert!(store.capture_ids("b.warc.gz").await.unwrap().is_empty());
    store.probe().await.unwrap();
}

/// A reader that tails by sequence while several writers commit misses nothing.
async fn concurrent_pages_become_visible_in_order(store: &SqlStore) {
    let sources: Vec<_> = ["a", "b", "c", "d"].map(source).into();
    store.set_sources(&sources, at(0)).await.unwrap();
    for _ in 0..4 {
        store.lease_source("worker", at(0), at(10)).await.unwrap().unwrap();
    }
    let writers = sources.into_iter().map(|s| {
        let store = store.clone();
        tokio::spawn(async move {
            for n in 0..25_u64 {
                let id = format!("{}-{n}", s.id);
                let mut place = capture(&id, n);
                place.file = format!("{}.warc.gz", s.id);
                store.commit_page(&page(&s.id, place, vec![post(&id, "x", vec![])])).await.unwrap();
            }
        })
    });
    let writers: Vec<_> = writers.collect();
    let (mut tail, mut read) = (0, 0);
    while read < 100 {
        for (post, _) in store.posts_after(tail, 7).await.unwrap() {
            assert_eq!(post.seq, tail + 1, "a number was passed over");
            tail = post.seq;
            read += 1;
        }
        tokio::task::yield_now().await;
    }
    for writer in writers {
        writer.await.unwrap();
    }
}
