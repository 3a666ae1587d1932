//! Captures that a crash left outside the store are stored at the next start, wherever they lie in their file.

use std::sync::Arc;

use jiff::SignedDuration;
use nightheron::{
    captures::{Archive, Captured, RecordKind},
    clock::FakeClock,
    pipeline::{Agenda, LiveSource, Pipeline, Sessions, SourceSet, WatchList, WatchLists, recover},
    store::{Intake, Posts, Schedule, model::NewCapture},
};
use nightheron_crawlers::{
    definition::Library,
    net::{ClearPlane, ClearPolicy, Limits},
    walk::{PageKind, PageRequest, ThreadContext},
};
use rand::{SeedableRng, rngs::StdRng};
use tokio_util::sync::CancellationToken;

use crate::support::{databases, samples::at};

fn sources() -> SourceSet {
    let text = format!("{}links: [ \"http://127.0.0.1:1/\" ]\n", include_str!("../../src/demo/forum.yaml"));
    let definition = Library::shipped().parse(&text, "forum.yaml").unwrap();
    let clear = ClearPlane::new(ClearPolicy::default());
    let live = LiveSource::open(definition, &clear, None, &Limits::default()).unwrap();
    SourceSet::from([(live.definition().id.clone(), live)])
}

fn page(n: u64) -> Captured {
    let thread = ThreadContext { id: n.to_string(), fields: [("title".to_owned(), "t".to_owned())].into() };
    let url = format!("http://127.0.0.1:1/t/{n}");
    let request =
        PageRequest { url: url.parse().unwrap(), kind: PageKind::Thread, page: 1, thread: Some(thread), zone: None };
    let body = format!(
        "<body class=night-market><h1>t</h1><article class=post data-id={n}-1><span class=author>a</span>\
         <time datetime=2026-11-20T12:00:00Z></time><div class=body>text {n}</div></article></body>"
    );
    Captured {
        kind: RecordKind::Response,
        source: "demo-forum".into(),
        url,
        request: serde_json::to_string(&request).unwrap(),
        status: 200,
        fetched_at: at(0),
        head: b"HTTP/1.1 200 OK\r\ncontent-type: text/html; charset=utf-8\r\n\r\n".to_vec(),
        body: body.into_bytes(),
    }
}

#[tokio::test]
async fn a_capture_between_two_stored_ones_is_found() {
    let database = databases::sqlite().await;
    let folder = tempfile::tempdir().unwrap();
    let archive = Archive::open(folder.path()).unwrap();
    let mut rng = StdRng::seed_from_u64(5);
    let placed: Vec<NewCapture> = (1..=4).map(|n| archive.write(&page(n), &mut rng).unwrap()).collect();
    let (store, sources) = (Arc::new(database.store.clone()), sources());
    let rows: Vec<_> = sources.values().map(LiveSource::row).collect();
    store.set_sources(&rows, at(0)).await.unwrap();
    // Workers commit in any order: the first, third and fourth pages were stored, then the process died.
    for n in [3, 0, 2] {
        store.commit_recovered("demo-forum", &placed[n], &[], at(1)).await.unwrap();
    }
    let pipeline = Pipeline {
        terms: WatchLists::new(WatchList::load(store.as_ref()).await.unwrap()),
        store: store.clone(),
        archive,
        agenda: Agenda::new(&sources, &[], 60, at(2)),
        folders: Default::default(),
        sessions: Sessions::new(folder.path().join("sessions"), &[]),
        clock: Arc::new(FakeClock::at(at(2))),
        owner: "test".into(),
        lease: SignedDuration::from_mins(5),
        health: Arc::default(),
        alerts: Arc::default(),
        posts: Arc::default(),
        stop: CancellationToken::new(),
    };
    let found = recover(&pipeline, &sources).await.unwrap();
    assert_eq!((found.captures, found.new), (1, 1));
    let posts = store.posts_after(0, 10).await.unwrap();
    assert_eq!(posts.iter().map(|(post, _)| post.body.as_str()).collect::<Vec<_>>(), ["text 2"]);
    assert_eq!(posts[0].0.capture, placed[1].id);
    assert_eq!(recover(&pipeline, &sources).await.unwrap().captures, 0, "once");
}
