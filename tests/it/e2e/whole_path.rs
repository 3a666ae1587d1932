//! The case that defines the product: an applicant's 2 TB are offered, found, held, confirmed and told.

use nightheron::store::{Alerts, Schedule, model::*};
use serde_json::{Value, json};

use crate::support::{
    browser::Browser,
    databases,
    service::{Service, Site, Watched, until},
    world::World,
};

const PASSWORD: &str = "a long night by the water";

#[tokio::test]
async fn an_applicant_is_told_on_sqlite() {
    whole_path(None).await;
}

#[tokio::test]
async fn an_applicant_is_told_on_postgresql() {
    let database = databases::postgres().await;
    whole_path(Some(&database.url)).await;
}

async fn whole_path(store_url: Option<&str>) {
    let world = World::of_this_run();
    let onion = format!("http://{}/", world.text("/onions/spirit"));
    let site = Site::new(&world, store_url, &[Watched { extends: "spirit", link: &onion }]);
    let reviewer = site.reviewer();
    // Names that nothing else in the world has, so that runs do not see one another's posts.
    let tag = reviewer.trim_start_matches("reviewer-").split('@').next().unwrap().to_owned();
    let (domain, contact) = (format!("{tag}-logistics.example"), format!("ciso@{tag}.example"));
    register(&site, &domain, &contact, &tag).await;

    let service = site.start().await;
    let store = site.store().await;
    until("the forum has been read once", &site, || async { store.sources().await.ok()?.first()?.last_ok_at }).await;
    assert_eq!(store.alert_counts().await.unwrap(), AlertCounts::default(), "nobody has been named yet");

    let sale = format!(
        "Selling 2 TB of internal data of 夜鷺{tag}物流, taken from fs01.{domain}.\n\nPrice 45,000 USD. \
         Login for the proof: backup@{domain}:Winter2026!"
    );
    let topic = json!({"board": "Databases", "title": format!("夜鷺{tag}物流 - 2 TB internal data"), "body": sale, "author": "kvartz"});
    world.ask("spirit", "add_topic", topic).await;

    let held = until("the sale is held", &site, || async {
        let filter = AlertFilter { state: Some(AlertState::Held), limit: 10, ..AlertFilter::default() };
        store.alerts(&filter).await.ok()?.into_iter().next()
    })
    .await;
    assert_eq!((held.alert.reason.as_str(), held.alert.severity), ("applicant_under_review", Severity::Critical));
    reviewer_is_told(&world, &reviewer, &held).await;
    assert!(world.mailbox(&contact).await.is_empty(), "the applicant waits for a reviewer");

    confirm(&service, &held).await;
    let mails = world.mail(&contact, 1).await;
    assert_eq!(mails.len(), 1);
    member_is_told(&mails[0], &tag, &onion);
    searched(&site, &service, &tag, &held).await;
    service.stop().await;
}

async fn register(site: &Site, domain: &str, contact: &str, tag: &str) {
    let csv = format!(
        "business_number,name,state,contact,email,phone,fixed_ips,domains,keywords\n\
         12345675,夜鷺{tag}物流,applied,林小姐,{contact},+886-2-5550-0101,192.0.2.10,{domain},夜鷺{tag}物流\n"
    );
    std::fs::write(site.path("members.csv"), csv).unwrap();
    let file = site.path("members.csv").display().to_string();
    assert!(site.must(&["member", "import", &file], "").await.contains("imported 1"));
    assert!(site.must(&["check"], "").await.contains("stored terms in force: 2"));
    site.must(&["user", "add", "lin", "--language", "en"], PASSWORD).await;
}

async fn reviewer_is_told(world: &World, reviewer: &str, held: &AlertView) {
    let mails = world.mail(reviewer, 1).await;
    assert!(
        text(&mails[0]).contains(&format!("/findings/{}", held.alert.id)),
        "the link to the page: {}",
        text(&mails[0])
    );
}

async fn confirm(service: &Service, held: &AlertView) {
    let browser = Browser::sign_in(&service.page, "lin", PASSWORD).await;
    let page = format!("/findings/{}", held.alert.id);
    let shown = browser.read(&page).await;
    assert!(shown.contains(&held.member_name) && shown.contains("2 TB"), "{shown}");
    assert!(browser.read("/").await.contains("Watched 0"), "the overview names the source");
    browser.press(&page, &format!("{page}/confirm"), &[]).await;
    let post = browser.read(&format!("/posts/{}", held.alert.post)).await;
    assert!(post.contains(".warc.gz") && post.contains("kvartz"), "a post with its evidence");
    assert!(!post.contains("Winter2026"), "a password is shown");
}

fn member_is_told(mail: &Value, tag: &str, onion: &str) {
    assert!(mail["tls"].as_str().is_some_and(|tls| tls.starts_with("TLS")), "sent under TLS");
    let subject = mail["subject"].as_str().unwrap();
    assert!(subject.contains("TLP:AMBER"), "{subject}");
    for body in [text(mail), mail["html"].as_str().unwrap()] {
        for wanted in ["TLP:AMBER", "2 TB", "聲稱", tag, "kvartz"] {
            assert!(body.contains(wanted), "`{wanted}` in:\n{body}");
        }
        let host = onion.trim_start_matches("http://").trim_end_matches('/');
        assert!(!body.contains(host), "a live onion link in:\n{body}");
        assert!(!body.contains("Winter2026"), "a password in:\n{body}");
        assert!(!body.contains(&format!("fs01.{tag}-logistics.example")), "a live domain in:\n{body}");
    }
    assert!(!mail["html"].as_str().unwrap().contains("<script"));
}

async fn searched(site: &Site, service: &Service, tag: &str, held: &AlertView) {
    let found = until("the sale can be searched for", site, || async {
        let lines = site.must(&["search", &format!("鷺{tag}物"), "--json"], "").await;
        lines.lines().next().map(|line| serde_json::from_str::<Value>(line).unwrap())
    })
    .await;
    assert_eq!(found["seq"].as_i64(), Some(held.alert.post));
    assert_eq!(found["members"][0].as_str(), Some(held.member_name.as_str()));
    let browser = Browser::sign_in(&service.page, "lin", PASSWORD).await;
    let page = browser
        .read(&format!("/search?q={}", url::form_urlencoded::byte_serialize("2 TB".as_bytes()).collect::<String>()))
        .await;
    assert!(page.contains("<mark>"), "highlighted: {page}");
}

fn text(mail: &Value) -> &str {
    mail["text"].as_str().unwrap()
}
