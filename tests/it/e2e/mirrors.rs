//! Two mirrors of a forum, of which one dies in the middle of a visit: every post is stored, and once.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use axum::{extract::Request, middleware};
use jiff::Timestamp;
use nightheron::{
    demo::Forum,
    store::{Posts, Schedule, SqlStore},
};
use tokio::net::TcpListener;

use crate::support::{
    browser::Browser,
    databases,
    service::{Site, Watched, until},
    wire::Wire,
    world::World,
};

const PASSWORD: &str = "a long night by the water";

fn post(forum: &Forum, n: usize) {
    let at: Timestamp = "2026-11-20T12:00:00Z".parse().unwrap();
    forum.post(&format!("thread {n}"), "kvartz", &format!("text number {n}"), at);
}

/// A mirror of the forum at an address of loopback, behind a wire that its request number `last` cuts.
async fn mirror(forum: &Forum, host: &str, last: u32) -> Arc<Wire> {
    let listener = TcpListener::bind((host, 0)).await.unwrap();
    let server = listener.local_addr().unwrap();
    let wire = Arc::new(Wire::to(server).await);
    let (own, count) = (Arc::clone(&wire), Arc::new(AtomicU32::new(0)));
    let counted = middleware::from_fn(move |request: Request, next: middleware::Next| {
        let (own, count) = (Arc::clone(&own), Arc::clone(&count));
        async move {
            if count.fetch_add(1, Ordering::Relaxed) + 1 == last {
                own.cut();
                std::future::pending::<()>().await;
            }
            next.run(request).await
        }
    });
    let router = forum.router().layer(counted);
    tokio::spawn(async move { axum::serve(listener, router).await });
    wire
}

async fn stored(store: &SqlStore, site: &Site, count: usize) {
    until(&format!("{count} posts are stored"), site, || async {
        (store.posts_after(0, 100).await.ok()?.len() >= count).then_some(())
    })
    .await;
}

#[tokio::test]
async fn posts_of_two_mirrors_are_stored_once_on_sqlite() {
    two_mirrors(None).await;
}

#[tokio::test]
async fn posts_of_two_mirrors_are_stored_once_on_postgresql() {
    let database = databases::postgres().await;
    two_mirrors(Some(&database.url)).await;
}

async fn two_mirrors(store_url: Option<&str>) {
    let world = World::of_this_run();
    let forum = Forum::default();
    (1..=6).for_each(|n| post(&forum, n));
    let (first, second) = (mirror(&forum, "127.0.0.1", 4).await, mirror(&forum, "127.0.0.2", u32::MAX).await);
    let link = |wire: &Wire| format!("http://{}/", wire.address);
    let site = Site::new(&world, store_url, &[Watched { extends: "demo-forum", link: &link(&first) }]);
    let definition = std::fs::read_to_string(site.path("watched-0.yaml")).unwrap();
    let both = format!("\"{}\", \"{}\"", link(&first), link(&second));
    std::fs::write(site.path("watched-0.yaml"), definition.replace(&format!("\"{}\"", link(&first)), &both)).unwrap();
    site.must(&["user", "add", "lin", "--language", "en"], PASSWORD).await;

    let service = site.start().await;
    let store = site.store().await;
    stored(&store, &site, 6).await;
    let row = until("the visit of the mirror has ended well", &site, || async {
        store.sources().await.ok()?.pop().filter(|row| row.healthy && row.visits >= 2)
    })
    .await;
    assert_eq!((row.failures, row.rung), (0, 0), "a dead link with a sound mirror is not held against the source");
    let browser = Browser::sign_in(&service.page, "lin", PASSWORD).await;
    let shown = browser.read("/sources/watched-0").await;
    let port = |wire: &Wire| format!(":{}", wire.address.port());
    for wanted in [port(&first), port(&second), "Link that failed".into()] {
        assert!(shown.contains(&wanted), "`{wanted}` in {shown}");
    }
    assert!(browser.read("/").await.contains("read by mirror"), "the overview says so too");

    post(&forum, 7);
    stored(&store, &site, 7).await;
    second.cut();
    until("both mirrors have failed twice", &site, || async {
        // It need not wait here until the failed links may be tried again.
        store.visit_now("watched-0", "2026-01-01T00:00:00Z".parse().unwrap()).await.ok()?;
        store.sources().await.ok()?.pop().filter(|row| row.failures >= 2)
    })
    .await;
    let told = world.mail(&site.reviewer(), 1).await;
    assert_eq!(told.len(), 1, "one dead mirror was no blindness, two are");
    first.mend();
    post(&forum, 8);
    until("the first mirror is read again", &site, || async {
        store.visit_now("watched-0", "2026-01-01T00:00:00Z".parse().unwrap()).await.ok()?;
        (store.posts_after(0, 100).await.ok()?.len() >= 8).then_some(())
    })
    .await;
    service.stop().await;

    let posts = store.posts_after(0, 100).await.unwrap();
    let mut bodies: Vec<_> = posts.iter().map(|(post, _)| post.body.as_str()).collect();
    bodies.sort_unstable();
    assert_eq!(bodies, (1..=8).map(|n| format!("text number {n}")).collect::<Vec<_>>(), "each once");
    assert!(posts.iter().all(|(post, _)| post.revision == 1), "the same text on another host is no edit");
}
