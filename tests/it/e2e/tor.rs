//! The Tor network freezes under a running service, dies, and comes back.

use nightheron::store::{Posts, Schedule};
use serde_json::json;

use crate::support::{
    browser::Browser,
    service::{Site, Watched, until},
    world::World,
};

const PASSWORD: &str = "a long night by the water";

/// Sends a signal to every relay and authority; the services' own tors go on.
async fn signal(world: &World, signal: &str) {
    for node in nodes(world).await {
        world.ask("onion", "signal", json!({ "node": node, "signal": signal })).await;
    }
}

async fn nodes(world: &World) -> Vec<String> {
    let nodes = world.ask("onion", "nodes", json!({})).await;
    let names = nodes.as_object().unwrap().keys().filter(|name| !name.starts_with("service-"));
    names.cloned().collect()
}

#[tokio::test]
async fn a_tor_network_that_freezes_is_told_and_waited_for() {
    let world = World::of_this_run();
    let onion = format!("http://{}/", world.text("/onions/bepasty"));
    let clear = world.text("/clear/spirit");
    let watched = [Watched { extends: "bepasty", link: &onion }, Watched { extends: "spirit", link: &clear }];
    let site = Site::new(&world, None, &watched);
    let config = std::fs::read_to_string(site.path("nightheron.toml")).unwrap();
    std::fs::write(
        site.path("nightheron.toml"),
        config.replace("timeout = \"60s\"", "timeout = \"8s\"\nconnect_timeout = \"8s\""),
    )
    .unwrap();
    site.must(&["user", "add", "lin", "--language", "en"], PASSWORD).await;
    let service = site.start().await;
    let store = site.store().await;
    let source = async |id: &str| {
        let rows = store.sources().await.ok()?;
        rows.into_iter().find(|row| row.source.id == id)
    };
    until("the paste site has been read", &site, || async { source("watched-0").await?.last_ok_at }).await;
    until("the forum has been read", &site, || async { source("watched-1").await?.last_ok_at }).await;
    let browser = Browser::sign_in(&service.page, "lin", PASSWORD).await;
    let known = store.posts_after(0, 10_000).await.unwrap().len();

    signal(&world, "STOP").await;
    let frozen = source("watched-0").await.unwrap();
    until("the page says that Tor fails", &site, || async {
        // The back-off is not what is tested here.
        store.visit_now("watched-0", "2026-01-01T00:00:00Z".parse().unwrap()).await.ok()?;
        browser.read("/").await.contains("came to nothing").then_some(())
    })
    .await;
    let failed = source("watched-0").await.unwrap();
    assert!(failed.failures > frozen.failures, "{failed:?}");
    let visits = source("watched-1").await.unwrap().visits;
    until("the clear source is read meanwhile", &site, || async {
        (source("watched-1").await?.visits > visits).then_some(())
    })
    .await;

    signal(&world, "CONT").await;
    // The world may outlive a run, and its pastes with it.
    let text = format!("while Tor was frozen under {}", site.reviewer());
    world.ask("bepasty", "add_paste", json!({"name": "frozen.txt", "text": text})).await;
    until("the paste of that time is stored", &site, || async {
        store.visit_now("watched-0", "2026-01-01T00:00:00Z".parse().unwrap()).await.ok()?;
        let posts = store.posts_after(0, 10_000).await.ok()?;
        posts.iter().any(|(post, _)| post.body.contains(&text)).then_some(())
    })
    .await;
    assert!(store.posts_after(0, 10_000).await.unwrap().len() > known, "nothing was lost");
    until("the page no longer says it", &site, || async {
        (!browser.read("/").await.contains("came to nothing")).then_some(())
    })
    .await;
    service.stop().await;
}
