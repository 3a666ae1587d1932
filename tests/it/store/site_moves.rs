//! A move is proposed once for each target, and decided once.

use nightheron::store::{Schedule, SiteMoves, SqlStore, StoreError, model::*};

use super::on_both;
use crate::support::samples::{at, source};

on_both!(a_move_is_proposed_once_and_decided_once);

fn proposal(to: &str, minute: i64) -> NewMove {
    let (from, to) = ("http://old.example/".to_owned(), to.to_owned());
    NewMove { source: "a".into(), from, to, seen_at: at(minute) }
}

async fn a_move_is_proposed_once_and_decided_once(store: &SqlStore) {
    store.set_sources(&[source("a"), source("b")], at(0)).await.unwrap();
    let new = proposal("http://new.example/", 1);
    let id = store.propose_move(&new).await.unwrap().expect("the first");
    assert_eq!(store.propose_move(&proposal("http://new.example/", 2)).await.unwrap(), None, "known");
    let other = store.propose_move(&proposal("http://other.example/", 3)).await.unwrap().expect("another target");
    store.check_move(id, SameSite::Proven).await.unwrap();
    let all = store.moves(Some("a")).await.unwrap();
    assert_eq!(all.iter().map(|one| one.id).collect::<Vec<_>>(), [other, id], "newest first");
    assert_eq!((&all[1].seen, all[1].same_site, all[1].state), (&new, SameSite::Proven, MoveState::Open));
    assert!(store.moves(Some("b")).await.unwrap().is_empty());

    store.decide_move(id, MoveState::Dismissed, "lin", "a parking page", at(4)).await.unwrap();
    let decided = store.site_move(id).await.unwrap();
    assert_eq!((decided.decided_by.as_str(), decided.decided_at), ("lin", Some(at(4))));
    assert_eq!(decided.reason, "a parking page");
    let again = store.decide_move(id, MoveState::Approved, "lin", "", at(5)).await.unwrap_err();
    assert!(matches!(again, StoreError::Conflict { .. }) && again.to_string().contains("dismissed already"), "{again}");
    assert_eq!(store.propose_move(&new).await.unwrap(), None, "what was dismissed is not proposed again");
    assert!(matches!(store.site_move(99).await, Err(StoreError::NotFound { .. })));
}
