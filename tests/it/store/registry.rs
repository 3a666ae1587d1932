//! Members, terms, users and the record of reads.

use nightheron::store::{Audit, Members, SqlStore, StoreError, Terms, Users, model::*};

use super::on_both;
use crate::support::samples::*;

on_both!(
    an_organisation_comes_with_contacts_and_terms,
    importing_again_updates_and_removes_nothing,
    a_term_belongs_to_one_member,
    each_change_of_a_term_moves_the_generation,
    sessions_end_by_the_clock,
    a_name_is_taken_once,
    the_record_is_read_newest_first,
);

async fn an_organisation_comes_with_contacts_and_terms(store: &SqlStore) {
    let good = member("04595257", "acme", MemberState::Applied);
    store.import_members(&[good.clone(), good.clone()], at(0)).await.unwrap();
    assert_eq!(store.members().await.unwrap().len(), 1, "the same organisation twice is one");
    store.import_members(&[good], at(0)).await.unwrap();
    let stored = store.member_by_number("04595257").await.unwrap();
    assert_eq!((stored.name.as_str(), stored.state, stored.fixed_ips.len()), ("acme", MemberState::Applied, 1));
    assert_eq!(store.contacts(stored.id).await.unwrap()[0].contact.name, "王小明");
}

async fn importing_again_updates_and_removes_nothing(store: &SqlStore) {
    store.import_members(&[member("04595257", "acme", MemberState::Applied)], at(0)).await.unwrap();
    let mut later = member("04595257", "Acme Ltd.", MemberState::Approved);
    later.contacts[0].email = "second@acme.example".into();
    store.import_members(&[later], at(5)).await.unwrap();
    let stored = store.member_by_number("04595257").await.unwrap();
    assert_eq!((stored.name.as_str(), stored.state, stored.created_at), ("Acme Ltd.", MemberState::Approved, at(0)));
    assert_eq!(store.contacts(stored.id).await.unwrap().len(), 2);
    assert_eq!(store.terms(Some(stored.id)).await.unwrap().len(), 2);
    store.set_member_state(stored.id, MemberState::Applied).await.unwrap();
    assert_eq!(store.member(stored.id).await.unwrap().state, MemberState::Applied);
    assert!(matches!(store.member(999).await, Err(StoreError::NotFound { .. })));
}

async fn a_term_belongs_to_one_member(store: &SqlStore) {
    let [(acme, acme_term), (bolt, _)] = populate(store).await;
    assert_eq!(store.add_terms(&[(acme, term("shared")), (bolt, term("shared"))], at(1)).await.unwrap(), 2);
    assert_eq!(store.add_terms(&[(acme, term("shared"))], at(1)).await.unwrap(), 0);
    store.set_term_state(acme_term, TermState::Paused, "lin", "", at(2)).await.unwrap();
    let states: Vec<_> = store.terms(None).await.unwrap().into_iter().map(|t| (t.member_name, t.term.state)).collect();
    assert_eq!(states.iter().filter(|(_, s)| *s == TermState::Paused).count(), 1);
    assert_eq!(states.len(), 4);
}

async fn each_change_of_a_term_moves_the_generation(store: &SqlStore) {
    let [(acme, id), _] = populate(store).await;
    let first = store.terms_generation().await.unwrap();
    store.add_terms(&[(acme, term("x1")), (acme, term("x2"))], at(1)).await.unwrap();
    let second = store.terms_generation().await.unwrap();
    store.set_term_state(id, TermState::Paused, "lin", "", at(2)).await.unwrap();
    let third = store.terms_generation().await.unwrap();
    assert!(first < second && second < third);
    assert!(matches!(
        store.set_term_state(999, TermState::Active, "lin", "", at(2)).await,
        Err(StoreError::NotFound { .. })
    ));
    assert_eq!(store.terms_generation().await.unwrap(), third, "a refused change is none");
}

async fn sessions_end_by_the_clock(store: &SqlStore) {
    store.add_user("lin", "hash", Role::Admin, "zh-TW").await.unwrap();
    let user = store.user("lin").await.unwrap().unwrap();
    store.add_session("token", user.id, "csrf", at(10)).await.unwrap();
    let session = store.session("token", at(9)).await.unwrap().unwrap();
    assert_eq!((session.user, session.csrf.as_str()), (user.clone(), "csrf"));
    assert_eq!(store.session("token", at(10)).await.unwrap(), None);
    assert_eq!(store.session("other", at(1)).await.unwrap(), None);
    store.end_session("token").await.unwrap();
    assert_eq!(store.session("token", at(9)).await.unwrap(), None);
    store.set_user_language(user.id, "en").await.unwrap();
    assert_eq!(store.users().await.unwrap()[0].language, "en");
}

async fn a_name_is_taken_once(store: &SqlStore) {
    store.add_user("lin", "hash", Role::Admin, "zh-TW").await.unwrap();
    assert!(matches!(store.add_user("lin", "x", Role::Analyst, "en").await, Err(StoreError::Conflict { .. })));
    assert_eq!(store.user("nobody").await.unwrap(), None);
}

async fn the_record_is_read_newest_first(store: &SqlStore) {
    for n in 0..3 {
        let entry = AuditEntry { at: at(n), user: "lin".into(), action: "post.read".into(), object: n.to_string() };
        store.record(&entry).await.unwrap();
    }
    let newest = store.audit(2).await.unwrap();
    assert_eq!(newest.iter().map(|e| e.object.as_str()).collect::<Vec<_>>(), ["2", "1"]);
}
