//! Governance of terms: versions, histories, owners, verdicts.

use nightheron::store::{Alerts, Intake, Jobs, LookBacks, Members, SqlStore, StoreError, Terms, model::*};

use super::on_both;
use crate::support::samples::*;

on_both!(
    a_term_keeps_its_context_and_the_history_of_its_edits,
    an_edit_from_an_old_version_is_refused,
    an_edit_never_touches_anothers_term,
    terms_are_saved_all_or_none,
    verdicts_are_counted_from_what_people_decided,
    what_is_newly_watched_is_looked_back_for,
);

const CONTEXT: &str = r#"{"near":{"any_of":["leak"],"within":40}}"#;

fn edited(row: &TermRow, edit: impl FnOnce(&mut NewTerm)) -> TermChange {
    let mut term = row.term.clone();
    edit(&mut term);
    TermChange { id: row.id, version: row.version, term }
}

async fn save(store: &SqlStore, change: TermChange) -> Result<TermsSaved, StoreError> {
    store.save_terms(&[], &[change], "lin", "as asked", at(5)).await
}

async fn a_term_keeps_its_context_and_the_history_of_its_edits(store: &SqlStore) {
    let [(_, id), _] = populate(store).await;
    let row = store.term(id).await.unwrap();
    let change = edited(&row, |term| {
        term.context = Some(CONTEXT.into());
        term.reason = "a common word".into();
        term.review_at = Some(at(60));
        term.author = "somebody else".into();
    });
    save(store, change.clone()).await.unwrap();
    let after = store.term(id).await.unwrap();
    assert_eq!((after.term.context.as_deref(), after.term.review_at), (Some(CONTEXT), Some(at(60))));
    assert_eq!((after.term.author.as_str(), after.edited_by.as_str()), ("analyst", "lin"), "the author stays");
    let edits = store.term_edits(id).await.unwrap();
    let told: Vec<_> = edits.iter().map(|e| (e.by.as_str(), e.note.as_str(), e.at, e.before.is_some())).collect();
    assert_eq!(told, [("lin", "as asked", at(5), true), ("analyst", "", at(0), false)]);
    let read = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
    let (before, now) = (read(edits[0].before.as_deref().unwrap()), read(&edits[0].after));
    assert_eq!((&before["reason"], &before["context"]), (&"its brand".into(), &serde_json::Value::Null));
    assert_eq!((&now["reason"], &now["context"]["near"]["within"]), (&"a common word".into(), &40.into()));
    // Saving the same again is no edit.
    let same = edited(&after, |_| {});
    assert_eq!(save(store, same).await.unwrap(), TermsSaved::default());
    assert_eq!(store.term_edits(id).await.unwrap().len(), 2);
}

async fn an_edit_from_an_old_version_is_refused(store: &SqlStore) {
    let [(_, id), _] = populate(store).await;
    let row = store.term(id).await.unwrap();
    save(store, edited(&row, |term| term.reason = "first".into())).await.unwrap();
    let late = save(store, edited(&row, |term| term.reason = "second".into())).await;
    assert!(matches!(late, Err(StoreError::Conflict { .. })), "{late:?}");
    assert_eq!(store.term(id).await.unwrap().term.reason, "first");
}

async fn an_edit_never_touches_anothers_term(store: &SqlStore) {
    let [(acme, _), (bolt, _)] = populate(store).await;
    let both = [(acme, term("shared")), (bolt, term("shared"))];
    let saved = store.save_terms(&both, &[], "lin", "", at(1)).await.unwrap();
    let [mine, theirs] = saved.added[..] else { panic!("{saved:?}") };
    let before = store.term(theirs).await.unwrap();
    let row = store.term(mine).await.unwrap();
    save(store, edited(&row, |term| (term.text, term.state) = ("changed".into(), TermState::Paused))).await.unwrap();
    assert_eq!(store.term(theirs).await.unwrap(), before);
    assert_eq!(store.term_edits(theirs).await.unwrap().len(), 1);
}

async fn terms_are_saved_all_or_none(store: &SqlStore) {
    let [(acme, id), _] = populate(store).await;
    let row = store.term(id).await.unwrap();
    store.save_terms(&[(acme, term("other"))], &[], "lin", "", at(1)).await.unwrap();
    let generation = store.terms_generation().await.unwrap();
    // The term would become the other one of its member.
    let twin = edited(&row, |term| term.text = "other".into());
    let refused = store.save_terms(&[(acme, term("third"))], &[twin], "lin", "", at(2)).await;
    assert!(matches!(refused, Err(StoreError::Conflict { .. })), "{refused:?}");
    assert_eq!(store.terms(Some(acme)).await.unwrap().len(), 2, "the third was not added either");
    assert_eq!(store.terms_generation().await.unwrap(), generation);
}

async fn verdicts_are_counted_from_what_people_decided(store: &SqlStore) {
    let [(acme, id), (bolt, other)] = populate(store).await;
    for (n, key) in (0..).zip(["p1", "p2", "p3", "p4", "p5"]) {
        let found = vec![finding(key, acme, &[id], Severity::High), finding(key, bolt, &[other], Severity::High)];
        let stored = page("forum", capture(&format!("c{n}"), n), vec![post(key, key, found)]);
        store.commit_page(&stored).await.unwrap();
    }
    for job in store.lease_jobs("w", at(1), at(2), 20).await.unwrap() {
        // The last one is released by a rule: that is no verdict.
        let state = if job.key.starts_with("alert-p5") { AlertState::Released } else { AlertState::Held };
        store.route_alert(job.id, &job.key, state, "by rule", &[], at(1)).await.unwrap();
    }
    for (key, state) in [("p1", AlertState::Released), ("p2", AlertState::Dismissed), ("p3", AlertState::Dismissed)] {
        store.decide_alert(&format!("alert-{key}-{acme}"), state, "seen", "lin", &[], at(3)).await.unwrap();
    }
    let verdicts = store.term_verdicts(None).await.unwrap();
    assert_eq!(verdicts.len(), 1, "nobody judged the other: {verdicts:?}");
    let of_term = store.term_verdicts(Some(id)).await.unwrap()[&id];
    assert_eq!(of_term, TermVerdicts { confirmed: 1, dismissed: 2 });
    assert!((of_term.precision().unwrap() - 1.0 / 3.0).abs() < 1e-9);
    assert_eq!(TermVerdicts::default().precision(), None);
}

async fn what_is_newly_watched_is_looked_back_for(store: &SqlStore) {
    let [(acme, id), _] = populate(store).await;
    let imported = store.open_look_back().await.unwrap().expect("the terms that came with the members");
    assert_eq!((imported.terms, imported.done, imported.finished_at), (2, 0, None));
    store.finish_look_back(imported.id, &[], at(1)).await.unwrap();
    let draft = NewTerm { state: TermState::Draft, ..term("later") };
    let saved = store.save_terms(&[(acme, draft)], &[], "lin", "", at(2)).await.unwrap();
    assert_eq!(saved.look_back, None, "a draft is not watched");
    let row = store.term(id).await.unwrap();
    let saved = save(store, edited(&row, |term| term.reason = "better said".into())).await.unwrap();
    assert_eq!((saved.changed.len(), saved.look_back), (1, None), "it finds the same");
    let row = store.term(id).await.unwrap();
    let saved = save(store, edited(&row, |term| term.context = Some(CONTEXT.into()))).await.unwrap();
    let look_back = store.open_look_back().await.unwrap().expect("one");
    assert_eq!((saved.look_back, look_back.queued_by.as_str()), (Some(look_back.id), "lin"));
    assert_eq!(store.look_back_terms(look_back.id).await.unwrap()[0].id, id);
    store.import_members(&[member("04595257", "acme", MemberState::Applied)], at(6)).await.unwrap();
    assert_eq!(store.look_backs(None, 10).await.unwrap().len(), 2, "the member has these terms already");
    assert_eq!(store.look_backs(Some(id), 10).await.unwrap().len(), 2);
}

#[tokio::test]
async fn a_history_cannot_be_rewritten_whoever_writes_sql() {
    for database in [crate::store::sqlite().await, crate::store::postgres().await] {
        populate(&database.store).await;
        let url = database.url.replacen("sqlite:", "sqlite://", 1);
        let pool = sqlx::AnyPool::connect(&url).await.unwrap();
        for statement in ["UPDATE term_edits SET user_name = 'nobody'", "DELETE FROM term_edits"] {
            let refused = sqlx::query(statement).execute(&pool).await.unwrap_err().to_string();
            assert!(refused.contains("only ever added to"), "{refused}");
        }
        assert_eq!(database.store.term_edits(1).await.unwrap().len(), 1);
        pool.close().await;
    }
}
