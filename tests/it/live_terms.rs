//! Watch terms that change while the matcher runs at full speed.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use nightheron::{
    pipeline::{WatchList, WatchLists},
    store::{Members, SqlStore, Terms, model::*},
};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::support::{databases, samples::*};

/// A service's terms, followed in the store as `nightheron run` does.
struct Service {
    store: SqlStore,
    lists: WatchLists,
    wake: Arc<Notify>,
    stop: CancellationToken,
    follower: tokio::task::JoinHandle<()>,
}

impl Service {
    async fn start(store: &SqlStore) -> Self {
        let lists = WatchLists::new(WatchList::load(store).await.unwrap());
        let (wake, stop) = (Arc::new(Notify::new()), CancellationToken::new());
        let (l, s, w, t) = (lists.clone(), store.clone(), Arc::clone(&wake), stop.clone());
        let follower = tokio::spawn(async move { l.follow(&s, &w, &t).await });
        Self { store: store.clone(), lists, wake, stop, follower }
    }

    /// Saves as the page does, and waits until what was saved is in force.
    async fn save(&self, added: &[(i64, NewTerm)], changed: &[TermChange]) -> Arc<WatchList> {
        let mut changes = self.lists.changes();
        self.store.save_terms(added, changed, "lin", "", at(5)).await.unwrap();
        let generation = self.store.terms_generation().await.unwrap();
        self.wake.notify_one();
        let patience = Duration::from_secs(60);
        let live = changes.wait_for(|list| list.generation >= generation);
        tokio::time::timeout(patience, live).await.expect("in force").unwrap().clone()
    }

    async fn end(self) {
        self.stop.cancel();
        self.follower.await.unwrap();
    }
}

fn found(list: &WatchList, text: &str) -> Vec<(String, i64)> {
    list.find(text).into_iter().map(|(hit, owner)| (hit.matched.to_owned(), owner.member)).collect()
}

async fn member_named(store: &SqlStore, number: &str, name: &str, text: &str) -> (i64, i64) {
    let mut new = member(number, name, MemberState::Approved);
    new.terms = vec![term(text)];
    store.import_members(&[new], at(0)).await.unwrap();
    let rows = store.terms(None).await.unwrap();
    let row = rows.iter().find(|row| row.term.text == text).unwrap();
    (row.member, row.id)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_term_is_added_while_the_matcher_runs_at_full_speed() {
    let database = databases::sqlite().await;
    let (here, _) = member_named(&database.store, "12345675", "first", "night-heron.example").await;
    let service = Service::start(&database.store).await;
    let (over, texts) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
    let text = Arc::new(format!("{} night-heron.example and grey-heron.example", "words of all kinds ".repeat(400)));
    let reader = {
        let (lists, over, texts, text) =
            (service.lists.clone(), Arc::clone(&over), Arc::clone(&texts), Arc::clone(&text));
        std::thread::spawn(move || {
            while !over.load(Ordering::Relaxed) {
                // The old term is found in every text, whatever is being built meanwhile.
                let hits = found(&lists.current(), &text);
                assert!(hits.contains(&("night-heron.example".to_owned(), here)), "{hits:?}");
                texts.fetch_add(1, Ordering::Relaxed);
            }
        })
    };
    for turn in 0..20 {
        let before = texts.load(Ordering::Relaxed);
        let added = [(here, term(&format!("heron-{turn}.example"))), (here, term(&format!("egret-{turn}.example")))];
        let list = service.save(&added, &[]).await;
        assert_eq!(found(&list, &format!("see heron-{turn}.example")).len(), 1);
        while texts.load(Ordering::Relaxed) == before {
            tokio::task::yield_now().await;
        }
    }
    over.store(true, Ordering::Relaxed);
    reader.join().unwrap();
    service.end().await;
}

#[tokio::test]
async fn a_burst_of_ten_thousand_is_one_rebuild() {
    let database = databases::sqlite().await;
    let (here, _) = member_named(&database.store, "12345675", "first", "night-heron.example").await;
    let service = Service::start(&database.store).await;
    let mut changes = service.lists.changes();
    changes.mark_unchanged();
    let burst: Vec<_> = (0..10_000).map(|n| (here, term(&format!("heron-{n}.example")))).collect();
    let list = service.save(&burst, &[]).await;
    assert_eq!((list.len(), list.unsettled()), (10_001, 10_000));
    changes.mark_unchanged();
    // Woken ten times over, there is nothing more to build.
    for _ in 0..10 {
        service.wake.notify_one();
        tokio::task::yield_now().await;
    }
    assert!(!changes.has_changed().unwrap(), "one rebuild");
    assert_eq!(found(&list, "heron-9999.example").len(), 1);
    service.end().await;
}

#[tokio::test]
async fn a_term_edited_or_paused_is_judged_by_its_newest_state_and_others_stay() {
    let database = databases::sqlite().await;
    let (first, id) = member_named(&database.store, "12345675", "first", "night-heron.example").await;
    let (second, _) = member_named(&database.store, "04595257", "second", "grey-heron.example").await;
    let service = Service::start(&database.store).await;
    let text = "night-heron.example, white-heron.example, grey-heron.example";
    let grey = ("grey-heron.example".to_owned(), second);
    assert_eq!(found(&service.lists.current(), text), [("night-heron.example".to_owned(), first), grey.clone()]);
    let row = database.store.term(id).await.unwrap();
    let renamed = NewTerm { text: "white-heron.example".into(), ..row.term.clone() };
    let list = service.save(&[], &[TermChange { id, version: row.version, term: renamed.clone() }]).await;
    assert_eq!(found(&list, text), [("white-heron.example".to_owned(), first), grey.clone()]);
    let paused = NewTerm { state: TermState::Paused, ..renamed };
    let list = service.save(&[], &[TermChange { id, version: row.version + 1, term: paused }]).await;
    assert_eq!((found(&list, text), list.len()), (vec![grey], 1));
    service.end().await;
}
