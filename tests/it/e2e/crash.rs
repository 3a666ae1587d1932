//! kill -9 at each named point, then a restart: every hit has one alert, every alert reaches the mailbox once, and at
//! most once more.

use jiff::Timestamp;
use nightheron::{
    demo::Forum,
    store::{Alerts, Notices, Posts, Schedule, model::*},
};
use tokio::net::TcpListener;

use crate::support::{
    databases,
    service::{Site, Watched, until},
    world::World,
};

const POINTS: [&str; 6] = [
    "after_capture",
    "before_transaction",
    "after_transaction",
    "before_index_commit",
    "after_index_commit",
    "after_smtp_accept",
];

#[tokio::test]
async fn nothing_is_lost_on_sqlite() {
    for point in POINTS {
        killed_at(point, None).await;
    }
}

#[tokio::test]
async fn nothing_is_lost_on_postgresql() {
    for point in POINTS {
        let database = databases::postgres().await;
        killed_at(point, Some(&database.url)).await;
    }
}

/// A forum in this process with one leak about an approved member.
async fn forum() -> String {
    let forum = Forum::default();
    let at: Timestamp = "2026-11-20T12:00:00Z".parse().unwrap();
    forum.post("tools", "archivist", "A tool that strips metadata.", at);
    forum.post("鷹架物流 500 GB", "kvartz", "Selling 500 GB database of yingjia-freight.example, price 3000 USD.", at);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = forum.router();
    tokio::spawn(async move { axum::serve(listener, router).await });
    format!("http://{address}/")
}

async fn killed_at(point: &str, store_url: Option<&str>) {
    let world = World::of_this_run();
    let link = forum().await;
    let site = Site::new(&world, store_url, &[Watched { extends: "demo-forum", link: &link }]);
    let contact = site.reviewer().replace("reviewer", "contact");
    let csv = format!(
        "business_number,name,state,contact,email,phone,fixed_ips,domains\n\
         22099131,鷹架物流,approved,陳先生,{contact},+886-2-5550-0102,,yingjia-freight.example\n"
    );
    std::fs::write(site.path("members.csv"), csv).unwrap();
    site.must(&["member", "import", &site.path("members.csv").display().to_string()], "").await;

    let died = site.start_and_die(point).await;
    assert!(!died.success(), "{point}");

    let service = site.start().await;
    let store = site.store().await;
    let mails = world.mail(&contact, 1).await;
    // Two more visits: were anything to be done twice, it would be by now.
    let visits = store.sources().await.unwrap()[0].visits;
    until("two more visits have ended", &site, || async {
        let rows = store.sources().await.ok()?;
        (rows[0].visits >= visits + 2).then_some(())
    })
    .await;
    until("the outbox is empty", &site, || async {
        store.notices(Some(NoticeState::Queued), 10, 0).await.ok()?.is_empty().then_some(())
    })
    .await;

    let posts = store.posts_after(0, 100).await.unwrap();
    let leak: Vec<_> = posts.iter().filter(|(post, _)| post.title.contains("500 GB")).collect();
    assert_eq!((posts.len(), leak.len()), (2, 1), "{point}: each post once");
    let hits = store.hits(leak[0].0.seq).await.unwrap();
    let alerts = store.alerts(&AlertFilter { limit: 10, ..AlertFilter::default() }).await.unwrap();
    assert_eq!(alerts.len(), 1, "{point}");
    assert!(!hits.is_empty() && hits.iter().all(|hit| hit.alert == alerts[0].alert.id), "{point}");
    let count = world.mailbox(&contact).await.len();
    assert!((1..=2).contains(&count), "{point}: {count} messages");
    assert!(!mails[0]["headers"]["Message-ID"].is_null(), "{point}: a message that can be recognised");
    let found = until("the leak can be searched for", &site, || async {
        let lines = site.must(&["search", "yingjia", "--json"], "").await;
        (!lines.is_empty()).then_some(lines)
    })
    .await;
    assert_eq!(found.lines().count(), 1, "{point}: indexed once");
    service.stop().await;
}
