//! The agenda: what the planner believes and what the store says, together.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use nightheron::{
    pipeline::{Agenda, Ended, LiveSource, SourceSet},
    store::{Schedule, model::SourceRow},
};
use nightheron_crawlers::{
    definition::Library,
    net::{ClearPlane, ClearPolicy, Limits},
    schedule::Trouble,
};
use rand::{SeedableRng, rngs::StdRng};

use crate::support::databases;

fn start() -> Timestamp {
    "2026-11-21T04:00:00Z".parse().unwrap()
}

fn after(seconds: i64) -> Timestamp {
    start() + SignedDuration::from_secs(seconds)
}

/// Forums by identity and host; each may be asked every ten seconds, and is due after five minutes.
fn sources(all: &[(&str, &str)]) -> SourceSet {
    let clear = ClearPlane::new(ClearPolicy::default());
    let live = |(id, host): &(&str, &str)| {
        let text = format!(
            "schema: 1\nid: {id}\nname: {id}\nextends: phpbb\nlinks: [ \"http://{host}/\" ]\n\
             network: {{ gap: 2s, jitter: 0 }}\nschedule: {{ class: fast, min_interval: 10s }}\n"
        );
        let definition = Library::shipped().parse(&text, "forum.yaml").unwrap();
        ((*id).to_owned(), LiveSource::open(definition, &clear, None, &Limits::default()).unwrap())
    };
    all.iter().map(live).collect()
}

async fn rows(sources: &SourceSet) -> Vec<SourceRow> {
    let database = databases::sqlite().await;
    let all: Vec<_> = sources.values().map(LiveSource::row).collect();
    database.store.set_sources(&all, start()).await.unwrap();
    database.store.sources().await.unwrap()
}

fn ended(second: i64) -> Ended {
    let (began, ended) = (after(second), after(second + 1));
    Ended { began, ended, requests: 1, posts: 0, trouble: None, retry_after: None }
}

fn rng() -> StdRng {
    StdRng::seed_from_u64(7)
}

#[tokio::test]
async fn two_sources_of_one_host_are_never_asked_at_once() {
    let sources = sources(&[("a", "one.example"), ("b", "one.example"), ("c", "two.example")]);
    let rows = rows(&sources).await;
    let agenda = Agenda::new(&sources, &rows, 600, start());
    assert_eq!(agenda.begin(&rows[0], after(0)), Ok(()));
    let later = agenda.begin(&rows[1], after(0)).unwrap_err();
    assert!(later > after(0), "put off: {later}");
    assert_eq!(agenda.next(after(0)).as_deref(), Some("c"), "another host is free");
    assert_eq!(agenda.begin(&rows[2], after(0)), Ok(()));
    agenda.end("a", &ended(0), &mut rng()).unwrap();
    assert_eq!(agenda.begin(&rows[1], after(2)), Err(after(3)), "the gap after the answer");
    assert_eq!(agenda.begin(&rows[1], after(3)), Ok(()));
}

#[tokio::test]
async fn the_budget_is_kept_and_a_long_visit_is_paid_for() {
    let sources = sources(&[("a", "one.example")]);
    let rows = rows(&sources).await;
    let agenda = Agenda::new(&sources, &rows, 60, start());
    assert_eq!(agenda.begin(&rows[0], after(0)), Ok(()));
    agenda.end("a", &Ended { requests: 65, ..ended(0) }, &mut rng()).unwrap();
    assert_eq!(agenda.next(after(30)), None, "sixty requests to be saved up");
    let ready = agenda.ready_at(after(30)).unwrap();
    assert!((after(58)..after(62)).contains(&ready), "{ready}");
    assert_eq!(agenda.next(ready).as_deref(), Some("a"));
}

#[tokio::test]
async fn what_was_learnt_outlives_the_process() {
    let sources = sources(&[("a", "one.example"), ("b", "one.example")]);
    let mut rows = rows(&sources).await;
    let agenda = Agenda::new(&sources, &rows, 600, start());
    agenda.begin(&rows[0], after(0)).unwrap();
    let host = Ended { trouble: Some(Trouble::Host), retry_after: Some(Duration::from_secs(3_600)), ..ended(0) };
    rows[0].remembered = agenda.end("a", &host, &mut rng());
    let next = Agenda::new(&sources, &rows, 600, after(10));
    assert_eq!(next.next(after(10)), None, "the host asked for an hour");
    assert_eq!(next.begin(&rows[1], after(10)), Err(after(3_601)), "of all its sources");
    rows[1].wanted = true;
    assert_eq!(next.begin(&rows[1], after(10)), Err(after(3_601)), "even of a person");
    assert_eq!(next.begin(&rows[1], after(3_601)), Ok(()));
}

#[tokio::test]
async fn a_person_passes_over_our_own_back_off() {
    let sources = sources(&[("a", "one.example")]);
    let mut rows = rows(&sources).await;
    let agenda = Agenda::new(&sources, &rows, 600, start());
    agenda.begin(&rows[0], after(0)).unwrap();
    agenda.end("a", &Ended { trouble: Some(Trouble::Host), ..ended(0) }, &mut rng()).unwrap();
    assert_eq!(agenda.begin(&rows[0], after(10)), Err(after(61)), "the first rung: a minute");
    rows[0].wanted = true;
    assert_eq!(agenda.begin(&rows[0], after(10)), Ok(()));
}

#[tokio::test]
async fn our_own_trouble_costs_a_source_nothing() {
    let sources = sources(&[("a", "one.example")]);
    let rows = rows(&sources).await;
    let agenda = Agenda::new(&sources, &rows, 600, start());
    agenda.begin(&rows[0], after(0)).unwrap();
    agenda.end("a", &Ended { trouble: Some(Trouble::Ours), ..ended(0) }, &mut rng()).unwrap();
    assert_eq!(agenda.next(after(3)).as_deref(), Some("a"), "asked again after the gap");
}

#[tokio::test]
async fn what_another_process_saw_is_not_looked_at_again() {
    let sources = sources(&[("a", "one.example")]);
    let mut rows = rows(&sources).await;
    let (here, there) = (Agenda::new(&sources, &rows, 600, start()), Agenda::new(&sources, &rows, 600, start()));
    there.begin(&rows[0], after(0)).unwrap();
    rows[0].remembered = there.end("a", &ended(0), &mut rng());
    assert_eq!(here.next(after(5)).as_deref(), Some("a"), "it does not know yet");
    here.begin(&rows[0], after(5)).unwrap();
    here.abandon("a", after(5), &mut rng());
    assert_eq!(here.next(after(9)), None, "within its shortest interval");
    assert_eq!(here.next(after(10)).as_deref(), Some("a"));
}

#[tokio::test]
async fn each_mirror_has_a_politeness_of_its_own() {
    let mut sources = sources(&[("a", "one.example"), ("b", "one.example")]);
    let text = "schema: 1\nid: a\nname: a\nextends: phpbb\nlinks: [ \"http://one.example/\", \"http://two.example/\" ]\n\
                network: { gap: 2s, jitter: 0 }\nschedule: { class: fast, min_interval: 10s }\n";
    let definition = Library::shipped().parse(text, "forum.yaml").unwrap();
    let second = definition.links[1].clone();
    let clear = ClearPlane::new(ClearPolicy::default());
    sources.insert("a".into(), LiveSource::open(definition, &clear, None, &Limits::default()).unwrap());
    let rows = rows(&sources).await;
    let agenda = Agenda::new(&sources, &rows, 600, start());
    agenda.begin(&rows[0], after(0)).unwrap();
    agenda.end("a", &Ended { trouble: Some(Trouble::Host), ..ended(0) }, &mut rng()).unwrap();
    assert_eq!(agenda.begin(&rows[1], after(10)), Err(after(61)), "the dead host is left alone for a minute");
    agenda.settle("a", &second);
    let mut row = rows[0].clone();
    row.mirrors = Some(
        r#"{"current":"http://one.example/","failed":{"http://one.example/":{"times":1,"retry_at":1795233661000}}}"#
            .into(),
    );
    assert_eq!(agenda.begin(&row, after(2)), Ok(()), "its mirror is not");
    agenda.end("a", &ended(2), &mut rng()).unwrap();
    assert_eq!(agenda.begin(&row, after(4)), Err(after(5)), "the gap after the mirror's answer");
}
