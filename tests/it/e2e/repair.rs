//! A site changes its template: the SOC hears of it, a person accepts what is proposed, and nothing of the time between is
//! missing.

use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use axum::{
    body::{Body, to_bytes},
    extract::{Request, State},
    middleware::{Next, from_fn_with_state},
    response::Response,
};
use jiff::Timestamp;
use nightheron::{
    demo::Forum,
    store::{Alerts, Definitions, Posts, Schedule, SqlStore, model::*},
};
use serde_json::Value;
use tokio::net::TcpListener;

use crate::support::{
    browser::Browser,
    service::{Site, Watched, until},
    world::World,
};

const PASSWORD: &str = "a long night by the water";
/// What the new template writes instead.
const ALTERED: [(&str, &str); 5] = [
    ("<article class=post ", "<div class=msg "),
    ("</article>", "</div>"),
    ("<span class=author>", "<b class=writer>"),
    ("</span>", "</b>"),
    ("<div class=body>", "<div class=content>"),
];

async fn altered(State(changed): State<Arc<AtomicBool>>, request: Request, next: Next) -> Response {
    let (parts, body) = next.run(request).await.into_parts();
    if !changed.load(Ordering::Relaxed) {
        return Response::from_parts(parts, body);
    }
    let mut text = String::from_utf8(to_bytes(body, 1 << 20).await.unwrap().to_vec()).unwrap();
    for (old, new) in ALTERED {
        text = text.replace(old, new);
    }
    let mut parts = parts;
    parts.headers.remove("content-length");
    Response::from_parts(parts, Body::from(text))
}

/// The forum, with a switch for its template.
async fn serve(forum: &Forum) -> (String, Arc<AtomicBool>) {
    let changed = Arc::new(AtomicBool::new(false));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = forum.router().layer(from_fn_with_state(Arc::clone(&changed), altered));
    tokio::spawn(async move { axum::serve(listener, router).await });
    (format!("http://{address}/"), changed)
}

async fn source(store: &SqlStore) -> Option<SourceRow> {
    store.sources().await.ok()?.into_iter().next()
}

async fn stored(store: &SqlStore) -> Vec<PostRow> {
    store.posts_after(0, 100).await.unwrap().into_iter().map(|(post, _)| post).collect()
}

fn value<'p>(page: &'p str, name: &str) -> &'p str {
    let marker = format!("name=\"{name}\" value=\"");
    let (_, rest) = page.split_once(&marker).unwrap_or_else(|| panic!("no {name}: {page}"));
    rest.split('"').next().unwrap()
}

fn at() -> Timestamp {
    "2026-11-20T12:00:00Z".parse().unwrap()
}

/// A forum of three threads that is watched, and a member whose data is offered later.
async fn watched(forum: &Forum) -> (World, Site, String, Arc<AtomicBool>) {
    let world = World::of_this_run();
    for n in 1..=3 {
        forum.post(&format!("thread {n}"), &format!("author {n}"), &format!("the first text of {n}"), at());
    }
    let (link, changed) = serve(forum).await;
    let site = Site::new(&world, None, &[Watched { extends: "demo-forum", link: &link }]);
    let contact = site.reviewer().replace("reviewer", "contact");
    let csv = format!(
        "business_number,name,state,contact,email,phone,fixed_ips,domains\n\
         22099131,修復物流,approved,陳先生,{contact},,,repaired-freight.example\n"
    );
    std::fs::write(site.path("members.csv"), csv).unwrap();
    site.must(&["member", "import", &site.path("members.csv").display().to_string()], "").await;
    site.must(&["user", "add", "lin", "--language", "en"], PASSWORD).await;
    (world, site, contact, changed)
}

/// Alters the template, and waits until the SOC knows that the source is blind.
async fn go_blind(world: &World, site: &Site, store: &SqlStore, forum: &Forum, changed: &AtomicBool) {
    until("three threads are stored", site, || async { (stored(store).await.len() == 3).then_some(()) }).await;
    until("the visit has ended well", site, || async { source(store).await.filter(|row| row.last_ok_at.is_some()) })
        .await;
    changed.store(true, Ordering::Relaxed);
    for n in 1..=3 {
        forum.reply(n, "replier", &format!("an answer in {n}"), at());
    }
    let sale = "Selling 500 GB database of repaired-freight.example, price 3000 USD.";
    forum.post("修復物流 500 GB", "kvartz", sale, at());
    until("the changed layout is noticed", site, || async { source(store).await.filter(|row| row.failures >= 1) })
        .await;
    // The second failed visit is what the SOC hears of; it need not wait for the back-off here.
    store.visit_now("watched-0", at()).await.unwrap();
    let mails = world.mail(&site.reviewer(), 1).await;
    assert!(mails[0]["text"].as_str().unwrap().contains("Watched 0"), "{mails:?}");
}

#[tokio::test]
async fn a_changed_template_is_repaired_by_one_click_and_nothing_between_is_missing() {
    let forum = Forum::default();
    let (world, site, contact, changed) = watched(&forum).await;
    let service = site.start().await;
    let store = site.store().await;
    go_blind(&world, &site, &store, &forum, &changed).await;
    assert_eq!(stored(&store).await.len(), 3, "nothing is guessed");

    let looked = site.run(&["site", "repair", "watched-0", "--json"], "").await;
    let told: Value = serde_json::from_slice(&looked.stdout).unwrap_or_else(|_| panic!("{looked:?}"));
    assert_eq!(told["verdict"], "complete", "{told}");
    let busy = site.run(&["site", "repair", "watched-0", "--accept"], "").await;
    assert!(String::from_utf8_lossy(&busy.stderr).contains("another nightheron runs"), "{busy:?}");

    let browser = Browser::sign_in(&service.page, "lin", PASSWORD).await;
    assert!(browser.read("/sources/watched-0").await.contains("href=\"/sources/watched-0/repair\""));
    let page = browser.read("/sources/watched-0/repair").await;
    for text in ["Complete: every known row", "div[data-id]", "article.post", "the first text of 2"] {
        assert!(page.contains(text), "{text}: {page}");
    }
    let proposal = value(&page, "proposal");
    browser.press("/sources/watched-0/repair", "/sources/watched-0/repair", &[("proposal", proposal)]).await;
    until("everything captured since was read again", &site, || async {
        store.rereads("watched-0", 1).await.ok()?.pop().filter(|reread| reread.finished_at.is_some())
    })
    .await;
    let healthy =
        until("the source is read again", &site, || async { source(&store).await.filter(|row| row.healthy) }).await;
    assert_eq!(healthy.failures, 0);

    let posts = stored(&store).await;
    let keys: BTreeSet<_> = posts.iter().map(|post| post.key.as_str()).collect();
    assert_eq!((posts.len(), keys.len()), (7, 7), "three, their answers and the sale, none twice: {posts:?}");
    assert_eq!(world.mail(&contact, 1).await.len(), 1, "the member is told");
    assert_eq!(store.alerts(&AlertFilter { limit: 10, ..AlertFilter::default() }).await.unwrap().len(), 1);
    let history = store.definition_history("watched-0").await.unwrap();
    let by: Vec<_> = history.iter().map(|revision| (revision.number, revision.by.as_str())).collect();
    assert_eq!(by, [(2, "lin"), (1, "file")]);
    let file = std::fs::read_to_string(site.path("watched-0.yaml")).unwrap();
    assert!(file == history[0].text && file.starts_with("schema: 1\nid: watched-0\n"), "{file}");
    service.stop().await;
}

#[tokio::test]
async fn the_command_line_repairs_a_stopped_service() {
    let forum = Forum::default();
    let (world, site, _, changed) = watched(&forum).await;
    for (arguments, expected) in [
        (["site", "repair", "nobody"], "the source `nobody` is not watched"),
        (["site", "repair", "watched-0"], "was never visited"),
    ] {
        let refused = site.run(&arguments, "").await;
        let said = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert!(!refused.status.success() && said.contains(expected), "{said}");
    }
    let service = site.start().await;
    let store = site.store().await;
    go_blind(&world, &site, &store, &forum, &changed).await;
    service.stop().await;
    let said = site.must(&["site", "repair", "watched-0", "--accept"], "").await;
    assert!(said.contains("complete; ") && said.contains("accepted as text number 2; read "), "{said}");
    assert_eq!(stored(&store).await.len(), 7, "{said}");
    let sound = site.run(&["site", "repair", "watched-0"], "").await;
    assert!(String::from_utf8_lossy(&sound.stderr).contains("nothing is broken"), "{sound:?}");
}

#[tokio::test]
async fn a_crash_between_file_and_history_loses_neither() {
    let forum = Forum::default();
    let (_, site, ..) = watched(&forum).await;
    let service = site.start_doomed("after_definition_file").await;
    let store = site.store().await;
    until("three threads are stored", &site, || async { (stored(&store).await.len() == 3).then_some(()) }).await;
    let browser = Browser::sign_in(&service.page, "lin", PASSWORD).await;
    let text = std::fs::read_to_string(site.path("watched-0.yaml")).unwrap() + "# 改\n";
    let fields = [("text", text.as_str()), ("number", "1"), ("reason", "a remark")];
    browser.press_in_vain("/sources/watched-0/definition", "/sources/watched-0/definition", &fields).await;
    assert!(!service.died().await.success());
    assert_eq!(std::fs::read_to_string(site.path("watched-0.yaml")).unwrap(), text, "whole");
    assert_eq!(store.definition_history("watched-0").await.unwrap().len(), 1);

    let service = site.start().await;
    let history = store.definition_history("watched-0").await.unwrap();
    assert_eq!((history[0].number, history[0].by.as_str(), history[0].text.as_str()), (2, "file", text.as_str()));
    service.stop().await;
}
