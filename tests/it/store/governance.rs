//! Saving, preview and look back over a store: what a term would find, what it may do, what it found, told once.

use nightheron::{
    alerts::{AlertsSettings, Desk, digest},
    store::{Alerts, Intake, LookBacks, Notices, SqlStore, Terms, model::*},
    terms::{Breadth, SaveError, Verdict, add, change, look_back::LookBacker, look_back::Step, preview, verdicts},
};
use nightheron_watchlists::{Term, TermKind};

use super::on_both;
use crate::support::samples::*;

on_both!(
    history_becomes_one_digest_and_nothing_twice,
    a_paused_term_is_not_looked_back_for,
    a_preview_counts_days_sources_and_equal_terms,
    what_is_too_broad_needs_a_reason_or_a_second_person,
);

fn desk() -> Desk {
    AlertsSettings { reviewers: vec!["desk@cert.example".into()], ..AlertsSettings::default() }.prepare().unwrap()
}

fn watched(kind: TermKind, text: &str) -> Term {
    Term::parse(kind, text).unwrap()
}

/// Stores posts that name `text`, `each` on a page, nobody being watched for.
async fn posts(store: &SqlStore, text: &str, count: u64, minute: i64) {
    for (page_number, first) in (0..count).step_by(100).enumerate() {
        let keys = first..(first + 100).min(count);
        let posts = keys.map(|n| post(&format!("{minute}-{n}"), &format!("{n}: {text}"), Vec::new())).collect();
        let number = u64::try_from(minute).unwrap() * 100 + page_number as u64;
        let mut stored = page("forum", capture(&format!("c{number}"), number), posts);
        stored.now = at(minute);
        store.commit_page(&stored).await.unwrap();
    }
}

/// Works until nothing is left; the worker is a new one after each step, as after a crash.
async fn work(store: &SqlStore, minute: i64) -> (u64, u64) {
    let (mut batches, mut alerts) = (0, 0);
    loop {
        match LookBacker::default().step(store, &desk(), at(minute)).await.unwrap() {
            Step::Matched(made) => (batches, alerts) = (batches + 1, alerts + made),
            Step::Finished | Step::Settling => {}
            Step::Idle => return (batches, alerts),
        }
    }
}

async fn history_becomes_one_digest_and_nothing_twice(store: &SqlStore) {
    let [(acme, _), (bolt, _)] = populate(store).await;
    work(store, 1).await;
    posts(store, "selling 2 TB of morningstar data", 620, 2).await;
    let both = [(acme, term("morningstar")), (bolt, term("morningstar"))];
    store.save_terms(&both, &[], "lin", "", at(3)).await.unwrap();
    assert_eq!(LookBacker::default().step(store, &desk(), at(3)).await.unwrap(), Step::Matched(1000));
    let half = store.open_look_back().await.unwrap().unwrap();
    assert_eq!((half.done, half.until, half.percent(), half.alerts), (500, 620, 80, 1000));
    assert_eq!(LookBacker::default().step(store, &desk(), at(3)).await.unwrap(), Step::Matched(240));
    // What a visit under way stores with the old terms is still found before the end.
    assert_eq!(LookBacker::default().step(store, &desk(), at(3)).await.unwrap(), Step::Settling);
    posts(store, "morningstar once more", 1, 4).await;
    assert_eq!(work(store, 5).await, (1, 2));
    assert_eq!(work(store, 6).await, (0, 0));
    let ended = store.look_backs(None, 1).await.unwrap().remove(0);
    assert_eq!((ended.alerts, ended.hits, ended.finished_at), (1242, 1242, Some(at(5))));
    let told = store.notices(None, 50, 0).await.unwrap();
    let reviewers: Vec<_> = told.iter().map(|view| (view.notice.notice.audience, &*view.member_name)).collect();
    assert_eq!(reviewers, [(Audience::Reviewer, "bolt"), (Audience::Reviewer, "acme")], "one a member");
    // Confirmed at once, the member is told once.
    assert_eq!(digest::confirm(store, ended.id, acme, "lin", at(7)).await.unwrap(), 621);
    let told = store.notices(None, 50, 0).await.unwrap();
    let members: Vec<_> = told.iter().filter(|view| view.notice.notice.audience == Audience::Member).collect();
    assert_eq!((members.len(), members[0].notice.notice.address.as_str()), (1, "soc@04595257.example"));
    let counts = store.alert_counts().await.unwrap();
    assert_eq!((counts.new, counts.held, counts.released), (0, 621, 621));
}

async fn a_paused_term_is_not_looked_back_for(store: &SqlStore) {
    let [(acme, _), _] = populate(store).await;
    work(store, 1).await;
    posts(store, "morningstar", 3, 2).await;
    let saved = store.save_terms(&[(acme, term("morningstar"))], &[], "lin", "", at(3)).await.unwrap();
    store.set_term_state(saved.added[0], TermState::Paused, "lin", "a mistake", at(3)).await.unwrap();
    assert_eq!(work(store, 4).await, (1, 0));
    assert!(store.notices(None, 50, 0).await.unwrap().is_empty());
    store.set_term_state(saved.added[0], TermState::Active, "lin", "none after all", at(5)).await.unwrap();
    assert_eq!(work(store, 6).await, (1, 3));
}

async fn a_preview_counts_days_sources_and_equal_terms(store: &SqlStore) {
    const DAY: i64 = 24 * 60;
    let [(_, acme_term), _] = populate(store).await;
    posts(store, "acme, acme", 2, 1).await;
    posts(store, "acme", 1, 2 * DAY).await;
    posts(store, "nothing", 4, 2 * DAY + 1).await;
    let ordinary = watched(TermKind::Keyword, "資料庫");
    let terms = [watched(TermKind::Keyword, "acme"), watched(TermKind::Domain, "never.example"), ordinary];
    let made = preview(store, &terms, None, at(3 * DAY)).await.unwrap();
    let acme = &made[0];
    assert_eq!((acme.posts, acme.days, acme.complete), (7, 4, true));
    assert_eq!((acme.total.hits, acme.total.alerts, acme.verdict), (5, 3, Verdict::Fine));
    let days: Vec<_> = acme.by_day.iter().map(|(day, count)| (day.as_str(), count.alerts)).collect();
    assert_eq!(days, [("2026-11-21", 2), ("2026-11-23", 1)]);
    assert_eq!((acme.by_source[0].0.as_str(), acme.by_source[0].1.hits), ("forum", 5));
    assert_eq!((acme.newest.len(), acme.newest[0].matched.as_str()), (3, "acme"));
    assert_eq!((acme.similar.len(), acme.similar[0].id), (1, acme_term));
    assert_eq!((made[1].verdict, made[1].total.hits), (Verdict::NeverSeen, 0));
    assert_eq!((made[2].verdict, made[2].total.hits), (Verdict::TooBroad(Breadth::OrdinaryWord), 0));
    // A term that is changed is not similar to itself; what is too old is not read.
    let later = preview(store, &terms[..1], Some(acme_term), at(92 * DAY)).await.unwrap();
    assert_eq!((later[0].posts, later[0].total.alerts, later[0].similar.len()), (5, 1, 0));
}

async fn what_is_too_broad_needs_a_reason_or_a_second_person(store: &SqlStore) {
    let [(acme, _), _] = populate(store).await;
    posts(store, "delta flight", 21, 1).await;
    let broad = watched(TermKind::Keyword, "delta");
    let expected = Verdict::TooBroad(Breadth::ManyADay);
    assert_eq!(
        verdicts(store, &[broad.clone(), watched(TermKind::Keyword, "acme")], at(2)).await.unwrap(),
        [expected, Verdict::NeverSeen]
    );
    let refused = add(store, acme, term("delta"), " ", at(2)).await;
    assert!(matches!(&refused, Err(SaveError::TooBroad(made)) if made.verdict == expected), "{refused:?}");
    assert_eq!(store.terms(Some(acme)).await.unwrap().len(), 1, "nothing was saved");
    let draft = NewTerm { state: TermState::Draft, author: "ann".into(), ..term("delta") };
    let saved = add(store, acme, draft, "", at(2)).await.unwrap();
    assert_eq!((saved.saved.look_back, saved.preview), (None, None));
    let row = store.term(saved.saved.added[0]).await.unwrap();
    let active = NewTerm { state: TermState::Active, ..row.term.clone() };
    let own = change(store, &row, active.clone(), "ann", "", at(3)).await;
    assert!(matches!(own, Err(SaveError::TooBroad(_))), "the author is no second person: {own:?}");
    // Somebody else who changes what it finds becomes its author in turn.
    let changed = NewTerm { text: "flight".into(), ..active.clone() };
    assert!(matches!(change(store, &row, changed, "lin", "", at(3)).await, Err(SaveError::TooBroad(_))));
    let saved = change(store, &row, active, "lin", "", at(3)).await.unwrap();
    assert!(saved.saved.look_back.is_some() && saved.preview.is_some());
    // A stated reason is kept.
    add(store, acme, term("flight"), "a campaign is under way", at(4)).await.unwrap();
    let flight = store.terms(Some(acme)).await.unwrap().into_iter().find(|t| t.term.text == "flight").unwrap();
    assert_eq!(store.term_edits(flight.id).await.unwrap()[0].note, "a campaign is under way");
    // Its context makes it fit.
    let near = r#"{"near":{"any_of":["Electronics"],"within":40}}"#;
    let narrow = NewTerm { context: Some(near.into()), ..term("DELTA flight") };
    let saved = add(store, acme, narrow, "", at(5)).await.unwrap();
    assert_eq!(saved.preview.unwrap().verdict, Verdict::NeverSeen);
}
