//! A site that points to another host: proposed once, told once, and followed when a person says so.

use axum::{Router, response::Redirect};
use jiff::Timestamp;
use nightheron::{
    demo::Forum,
    store::{Posts, Schedule, SiteMoves, model::*},
};
use tokio::net::TcpListener;

use crate::support::{
    browser::Browser,
    service::{Site, Watched, until},
    world::World,
};

const PASSWORD: &str = "a long night by the water";

async fn serve(host: &str, router: Router) -> String {
    let listener = TcpListener::bind((host, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    format!("http://{address}/")
}

/// A host that sends everybody on.
async fn left_for(to: &str) -> String {
    let to = to.to_owned();
    serve("127.0.0.1", Router::new().fallback(move || async move { Redirect::temporary(&to) })).await
}

async fn proposed(site: &Site, count: usize) -> Vec<SiteMove> {
    let store = site.store().await;
    until(&format!("{count} moves are proposed and looked at"), site, || async {
        let moves = store.moves(None).await.ok()?;
        let looked = moves.iter().all(|one| one.same_site != SameSite::Unchecked);
        (moves.len() == count && looked).then_some(moves)
    })
    .await
}

async fn fails_again(site: &Site, source: &str, failures: i64) {
    let store = site.store().await;
    until("it has failed again", site, || async {
        store.visit_now(source, "2026-01-01T00:00:00Z".parse().unwrap()).await.ok()?;
        let row = store.sources().await.ok()?.into_iter().find(|row| row.source.id == source)?;
        (row.failures >= failures).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_move_is_proposed_once_told_once_and_followed_when_approved() {
    let world = World::of_this_run();
    let forum = Forum::default();
    let at: Timestamp = "2026-11-20T12:00:00Z".parse().unwrap();
    forum.post("after the move", "kvartz", "we are here now", at);
    let new = serve("127.0.0.2", forum.router()).await;
    let parked = serve("127.0.0.3", Router::new().fallback(|| async { "this domain is for sale" })).await;
    let (old, fooled) = (left_for(&format!("{new}?sid=9f")).await, left_for(&parked).await);
    let links = [&old, &fooled].map(|link| Watched { extends: "demo-forum", link });
    let site = Site::new(&world, None, &links);
    let file = site.path("watched-0.yaml");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, format!("# the night market\n{text}")).unwrap();
    site.must(&["user", "add", "lin", "--language", "en"], PASSWORD).await;

    let service = site.start().await;
    let moves = proposed(&site, 2).await;
    let of = |source: &str| moves.iter().find(|one| one.seen.source == source).unwrap();
    let (moved, copied) = (of("watched-0"), of("watched-1"));
    assert_eq!((moved.seen.to.as_str(), moved.same_site), (new.as_str(), SameSite::Proven), "without the session");
    assert_eq!((copied.seen.to.as_str(), copied.same_site), (parked.as_str(), SameSite::NotProven));
    fails_again(&site, "watched-0", 3).await;
    let store = site.store().await;
    assert_eq!(store.moves(None).await.unwrap(), moves, "once for each target");
    assert!(store.posts_after(0, 10).await.unwrap().is_empty(), "nothing is read where nobody has approved");
    // Two moves and two blind sources: a mail each, and no move twice.
    let told = world.mail(&site.reviewer(), 3).await;
    let about = |source: &str| {
        let subject = |mail: &&serde_json::Value| mail["subject"].as_str().unwrap().contains("遷移");
        let names = |mail: &&serde_json::Value| mail["text"].as_str().unwrap().contains(&format!("/sources/{source}"));
        told.iter().filter(subject).filter(names).count()
    };
    assert_eq!((about("watched-0"), about("watched-1")), (1, 1), "{told:?}");

    let browser = Browser::sign_in(&service.page, "lin", PASSWORD).await;
    let page = browser.read("/sources/watched-0").await;
    assert!(page.contains("waits for a decision") && page.contains("the proof of identity holds there"), "{page}");
    browser.press("/sources/watched-0", &format!("/sources/watched-0/moves/{}/approve", moved.id), &[]).await;
    until("the post at the new address is stored", &site, || async {
        (store.posts_after(0, 10).await.ok()?.len() == 1).then_some(())
    })
    .await;
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(text.starts_with("# the night market\n") && text.contains(&format!("links: [\"{new}\"]")), "{text}");
    assert!(text.contains(&format!("legacy_links: [\"{old}\"]")), "{text}");
    assert!(browser.read("/sources/watched-0").await.contains("approved"));

    let dismissed = site.run(&["site", "moves", "dismiss", &copied.id.to_string(), "--reason", " "], "").await;
    assert!(!dismissed.status.success(), "a reason is needed");
    site.must(&["site", "moves", "dismiss", &copied.id.to_string(), "--reason", "parked"], "").await;
    fails_again(&site, "watched-1", 3).await;
    let listed = site.must(&["site", "moves"], "").await;
    assert!(listed.contains("approved") && listed.contains("dismissed parked"), "{listed}");
    assert_eq!(listed.lines().count(), 2, "what was dismissed is not proposed again: {listed}");
    service.stop().await;
}

#[tokio::test]
async fn a_move_is_approved_on_the_command_line_while_the_service_rests() {
    let world = World::of_this_run();
    let forum = Forum::default();
    let new = serve("127.0.0.2", forum.router()).await;
    let site = Site::new(&world, None, &[Watched { extends: "demo-forum", link: &left_for(&new).await }]);
    let service = site.start().await;
    let id = proposed(&site, 1).await[0].id.to_string();
    let busy = site.run(&["site", "moves", "approve", &id], "").await;
    assert!(String::from_utf8_lossy(&busy.stderr).contains("another nightheron runs"), "{busy:?}");
    service.stop().await;
    assert!(site.must(&["site", "moves", "approve", &id], "").await.contains("from now on"));
    let again = site.run(&["site", "moves", "approve", &id], "").await;
    assert!(String::from_utf8_lossy(&again.stderr).contains("already"), "{again:?}");
    let text = std::fs::read_to_string(site.path("watched-0.yaml")).unwrap();
    assert!(text.contains(&format!("links: [\"{new}\"]")), "{text}");
}
