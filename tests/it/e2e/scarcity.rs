//! A disk that is full and a database server that is gone: told, waited for, and nothing lost.

use std::{fs::File, io::Write, path::Path};

use jiff::Timestamp;
use nightheron::{demo::Forum, store::Posts};

use super::trouble::serve;
use crate::support::{
    browser::Browser,
    databases,
    service::{Site, Watched, until},
    wire::Wire,
    world::World,
};

const PASSWORD: &str = "a long night by the water";

fn posted() -> Timestamp {
    "2026-11-20T12:00:00Z".parse().unwrap()
}

#[tokio::test]
async fn a_full_disk_is_told_and_nothing_is_lost() {
    let world = World::of_this_run();
    let forum = Forum::default();
    forum.post("before", "kvartz", "before the disk was full", posted());
    let link = serve(&forum).await;
    let site = Site::new(&world, None, &[Watched { extends: "demo-forum", link: &link }]);
    keep_all_in(&site, "disk");
    register(&site).await;
    let service = site.start_on_small_disk("disk", "48m").await;
    let browser = Browser::sign_in(&service.page, "lin", PASSWORD).await;
    until("the forum has been read", &site, || async {
        browser.read("/search?q=before").await.contains("kvartz").then_some(())
    })
    .await;

    let filler = service.its(&site.path("disk/filler"));
    fill(&filler);
    forum.post("Selling", "kvartz", "Selling 900 GB database of waiting-freight.example, price 3000 USD", posted());
    until("the service says that something is wrong", &site, || async {
        (browser.status("/healthz").await == 503).then_some(())
    })
    .await;
    until("the page says what", &site, || async {
        let page = browser.read("/").await;
        (page.contains("o space left") || page.contains("is full")).then_some(())
    })
    .await;

    std::fs::remove_file(&filler).unwrap();
    until("the sale of that time is found", &site, || async {
        browser.read("/findings").await.contains("等候物流").then_some(())
    })
    .await;
    until("the service is well again", &site, || async { (browser.status("/healthz").await == 200).then_some(()) })
        .await;
    assert!(browser.read("/search?q=before").await.contains("kvartz"), "what was captured before is there");
    service.stop().await;
}

/// The database, captures and index of `site` in one folder.
fn keep_all_in(site: &Site, folder: &str) {
    let file = site.path("nightheron.toml");
    let config = std::fs::read_to_string(&file).unwrap();
    let config = config.replace("data_dir = \"data\"", &format!("data_dir = \"{folder}/data\""));
    std::fs::write(file, config.replace("/nightheron.db", &format!("/{folder}/nightheron.db"))).unwrap();
    std::fs::create_dir(site.path(folder)).unwrap();
}

async fn register(site: &Site) {
    let csv = "business_number,name,state,contact,email,phone,fixed_ips,domains\n\
               22099131,等候物流,applied,陳先生,chen@waiting-freight.example,,,waiting-freight.example\n";
    std::fs::write(site.path("members.csv"), csv).unwrap();
    site.must(&["member", "import", &site.path("members.csv").display().to_string()], "").await;
    site.must(&["user", "add", "lin", "--language", "en"], PASSWORD).await;
}

/// Writes until nothing more fits, to the last kilobyte.
fn fill(path: &Path) {
    let mut file = File::create(path).unwrap();
    for size in [1 << 16, 1 << 10] {
        let block = vec![b'x'; size];
        while file.write_all(&block).is_ok() {}
    }
}

#[tokio::test]
async fn a_database_server_that_is_gone_is_waited_for() {
    let world = World::of_this_run();
    let forum = Forum::default();
    forum.post("before", "kvartz", "before the wire was cut", posted());
    let link = serve(&forum).await;
    let database = databases::postgres().await;
    let server = url::Url::parse(&database.url).unwrap();
    let wire = Wire::to(server.socket_addrs(|| Some(5432)).unwrap()[0]).await;
    let mut through = server.clone();
    through.set_port(Some(wire.address.port())).unwrap();
    let site = Site::new(&world, Some(through.as_str()), &[Watched { extends: "demo-forum", link: &link }]);
    site.must(&["user", "add", "lin", "--language", "en"], PASSWORD).await;
    let service = site.start().await;
    let store = &database.store;
    until("the forum has been read", &site, || async {
        (store.posts_after(0, 10).await.ok()?.len() == 1).then_some(())
    })
    .await;
    let browser = Browser::sign_in(&service.page, "lin", PASSWORD).await;

    wire.cut();
    forum.post("during", "kvartz", "while the server was gone", posted());
    until("the service says so", &site, || async { (browser.status("/healthz").await == 503).then_some(()) }).await;
    wire.mend();
    until("the post of that time is stored", &site, || async {
        (store.posts_after(0, 10).await.ok()?.len() == 2).then_some(())
    })
    .await;
    until("the service is well again", &site, || async { (browser.status("/healthz").await == 200).then_some(()) })
        .await;
    service.stop().await;
}
