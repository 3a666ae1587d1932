//! What fails, fails alone: the rest goes on, the page says so, and it recovers by itself.

use jiff::Timestamp;
use nightheron::{
    demo::Forum,
    store::{Notices, Posts, Schedule, model::*},
};
use serde_json::json;
use tokio::net::TcpListener;

use crate::support::{
    browser::Browser,
    service::{Site, Watched, until},
    world::World,
};

const PASSWORD: &str = "a long night by the water";

async fn forum(text: &str) -> String {
    let forum = Forum::default();
    let at: Timestamp = "2026-11-20T12:00:00Z".parse().unwrap();
    forum.post(text, "kvartz", text, at);
    serve(&forum).await
}

pub(super) async fn serve(forum: &Forum) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = forum.router();
    tokio::spawn(async move { axum::serve(listener, router).await });
    format!("http://{address}/")
}

/// A server that accepts and never answers.
async fn silence() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let mut held = Vec::new();
        while let Ok((stream, _)) = listener.accept().await {
            held.push(stream);
        }
    });
    format!("http://{address}/")
}

#[tokio::test]
async fn a_source_that_hangs_keeps_no_other_and_the_soc_is_told_of_one_that_is_blind() {
    let world = World::of_this_run();
    let (good, hung) = (forum("quiet").await, silence().await);
    let dead = "http://127.0.0.1:9/".to_owned();
    let sources = [("demo-forum", &good), ("demo-forum", &hung), ("demo-forum", &dead)];
    let sources = sources.map(|(extends, link)| Watched { extends, link });
    let site = Site::new(&world, None, &sources);
    site.must(&["user", "add", "lin", "--language", "en"], PASSWORD).await;
    let service = site.start().await;
    let store = site.store().await;
    until("the good source has been read three times", &site, || async {
        let rows = store.sources().await.ok()?;
        rows.iter().find(|r| r.source.id == "watched-0").filter(|r| r.visits >= 3).map(drop)
    })
    .await;
    until("the dead source has failed once", &site, || async {
        let rows = store.sources().await.ok()?;
        rows.iter().find(|r| r.source.id == "watched-2").filter(|r| r.failures >= 1).map(drop)
    })
    .await;
    // The second failed visit is what the SOC hears of; it need not wait for the back-off here.
    store.visit_now("watched-2", "2026-01-01T00:00:00Z".parse().unwrap()).await.unwrap();
    let mails = world.mail(&site.reviewer(), 1).await;
    let text = mails[0]["text"].as_str().unwrap();
    assert!(text.contains("Watched 2"), "{text}");
    let browser = Browser::sign_in(&service.page, "lin", PASSWORD).await;
    assert!(browser.read("/").await.contains("Watched 2"));
    service.stop().await;
}

#[tokio::test]
async fn mail_waits_for_its_server_and_a_refused_address_becomes_a_dead_letter() {
    let world = World::of_this_run();
    let link = forum("Selling 900 GB database of waiting-freight.example, price 3000 USD").await;
    let site = Site::new(&world, None, &[Watched { extends: "demo-forum", link: &link }]);
    let (good, bad) = (site.reviewer().replace("reviewer", "good"), site.reviewer().replace("reviewer", "bad"));
    let row = |mail: &str| format!("22099131,等候物流,approved,陳先生,{mail},,,waiting-freight.example\n");
    let csv = format!("business_number,name,state,contact,email,phone,fixed_ips,domains\n{}{}", row(&bad), row(&good));
    std::fs::write(site.path("members.csv"), csv).unwrap();
    site.must(&["member", "import", &site.path("members.csv").display().to_string()], "").await;
    site.must(&["user", "add", "lin", "--language", "en"], PASSWORD).await;
    world.ask("smtp", "fail", json!({"action": "refuse_rcpt", "to": bad, "code": 550})).await;
    world.ask("smtp", "fail", json!({"action": "refuse", "to": good, "times": 1, "code": 451})).await;

    let service = site.start().await;
    let store = site.store().await;
    until("the refused address is a dead letter", &site, || async {
        let dead = store.notices(Some(NoticeState::Dead), 10, 0).await.ok()?;
        dead.into_iter().find(|view| view.notice.notice.address == bad)
    })
    .await;
    let waiting = until("the other waits after a refusal", &site, || async {
        let queued = store.notices(Some(NoticeState::Queued), 10, 0).await.ok()?;
        queued.into_iter().find(|view| view.notice.notice.address == good && view.notice.attempts == 1)
    })
    .await;
    assert!(waiting.notice.last_error.is_some_and(|e| e.contains("451")));
    assert_eq!(store.posts_after(0, 10).await.unwrap().len(), 1, "the rest goes on");
    let browser = Browser::sign_in(&service.page, "lin", PASSWORD).await;
    let page = browser.read("/notices").await;
    assert!(page.contains(&bad) && page.contains("550"), "{page}");
    world.ask("smtp", "heal", json!({})).await;
    service.stop().await;
}

#[tokio::test]
async fn a_locked_database_is_waited_for_and_nothing_captured_is_lost() {
    let world = World::of_this_run();
    let forum = Forum::default();
    let at: Timestamp = "2026-11-20T12:00:00Z".parse().unwrap();
    forum.post("before", "kvartz", "before the lock", at);
    let link = serve(&forum).await;
    let site = Site::new(&world, None, &[Watched { extends: "demo-forum", link: &link }]);
    site.must(&["user", "add", "lin", "--language", "en"], PASSWORD).await;
    let service = site.start().await;
    let store = site.store().await;
    until("the forum has been read", &site, || async {
        (store.posts_after(0, 10).await.ok()?.len() == 1).then_some(())
    })
    .await;
    let browser = Browser::sign_in(&service.page, "lin", PASSWORD).await;

    let pool = sqlx::SqlitePool::connect(&site.store_url).await.unwrap();
    let lock = pool.begin_with("BEGIN EXCLUSIVE").await.unwrap();
    forum.post("during", "kvartz", "while the database is locked", at);
    until("the page says that the database does not answer", &site, || async {
        (browser.status("/healthz").await == 503).then_some(())
    })
    .await;
    lock.rollback().await.unwrap();
    until("the post of that time is stored", &site, || async {
        (store.posts_after(0, 10).await.ok()?.len() == 2).then_some(())
    })
    .await;
    service.stop().await;
}

#[tokio::test]
async fn what_a_broken_definition_captured_is_read_by_a_repaired_one() {
    let world = World::of_this_run();
    let link = forum("Selling 900 GB database").await;
    let site = Site::new(&world, None, &[Watched { extends: "demo-forum", link: &link }]);
    let definition = site.path("sites/demo-forum.yaml");
    let right = std::fs::read_to_string(&definition).unwrap();
    std::fs::write(&definition, right.replace("selector: \".body\"", "selector: \".changed\"")).unwrap();
    let service = site.start().await;
    let store = site.store().await;
    until("the broken layout is told", &site, || async {
        let outcome = store.sources().await.ok()?.remove(0).last_outcome?;
        (outcome == "selector_missing(body)").then_some(())
    })
    .await;
    service.stop().await;
    assert!(store.posts_after(0, 10).await.unwrap().is_empty());

    std::fs::write(&definition, right).unwrap();
    let said = site.must(&["reextract", "--verify"], "").await;
    assert!(said.contains(", 0 defects") && said.contains("1 new posts"), "{said}");
    assert_eq!(store.posts_after(0, 10).await.unwrap()[0].0.body, "Selling 900 GB database");
    let again = site.must(&["reextract"], "").await;
    assert!(again.contains("0 new posts, 0 revisions"), "{again}");
    assert!(site.must(&["reindex"], "").await.contains("indexed 1 posts"));
}
