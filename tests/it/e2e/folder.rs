//! A drop folder: what an operator puts there is archived, matched and told, and nothing of it is lost or touched.

use std::{fs, os::unix::fs::PermissionsExt, time::Duration};

use nightheron::store::{Alerts, Intake, Posts, Schedule, SqlStore, model::*};

use crate::support::{
    browser::Browser,
    databases,
    service::{Site, until},
    world::World,
};

const PASSWORD: &str = "a long night by the water";
const LEAK: &str = "Selling 500 GB database of yingjia-freight.example, price 3000 USD.";

/// A site with a folder `drop`, and a member whose domain the leak names; its contact.
async fn site(world: &World, store_url: Option<&str>) -> (Site, String) {
    let site = Site::new(world, store_url, &[]);
    fs::create_dir(site.path("drop")).unwrap();
    site.configure("[[folder]]\nid = \"drop\"\nname = \"Files of the desk\"\npath = \"drop\"\ninterval = \"1s\"\n");
    let contact = site.reviewer().replace("reviewer", "contact");
    let csv = format!(
        "business_number,name,state,contact,email,phone,fixed_ips,domains\n\
         22099131,鷹架物流,approved,陳先生,{contact},+886-2-5550-0102,,yingjia-freight.example\n"
    );
    fs::write(site.path("members.csv"), csv).unwrap();
    site.must(&["member", "import", &site.path("members.csv").display().to_string()], "").await;
    assert!(site.must(&["check"], "").await.contains("folder drop: "));
    (site, contact)
}

/// Puts a file into the folder, last changed so many minutes ago.
fn put(site: &Site, name: &str, bytes: &[u8], minutes: u64) {
    let path = site.path("drop").join(name);
    fs::write(&path, bytes).unwrap();
    age(&fs::File::options().write(true).open(path).unwrap(), minutes);
}

#[expect(clippy::disallowed_methods, reason = "the service in another process has the system's clock")]
fn age(file: &fs::File, minutes: u64) {
    file.set_modified(std::time::SystemTime::now() - Duration::from_secs(60 * minutes)).unwrap();
}

async fn stored(store: &SqlStore, site: &Site, count: usize) -> Vec<PostRow> {
    until(&format!("{count} revisions are stored"), site, || async {
        let posts = store.posts_after(0, 100).await.ok()?;
        (posts.len() >= count).then(|| posts.into_iter().map(|(post, _)| post).collect())
    })
    .await
}

async fn outcome(store: &SqlStore, site: &Site, wanted: &str) -> SourceRow {
    until(&format!("the folder's outcome has {wanted}"), site, || async {
        let row = store.sources().await.ok()?.pop()?;
        row.last_outcome.as_ref().is_some_and(|outcome| outcome.contains(wanted)).then_some(row)
    })
    .await
}

#[tokio::test]
async fn a_file_that_names_a_member_is_told_and_a_changed_one_is_a_revision() {
    let world = World::of_this_run();
    let (site, contact) = site(&world, None).await;
    site.must(&["user", "add", "lin", "--language", "en"], PASSWORD).await;
    put(&site, "offer.txt", LEAK.as_bytes(), 9);
    let zip = fs::File::create(site.path("drop/dump.zip")).unwrap();
    std::io::Write::write_all(&mut &zip, b"PK\x03\x04yingjia-freight.example").unwrap();
    zip.set_len(200 << 20).unwrap();
    age(&zip, 5);
    let service = site.start_without_privileges().await;
    let store = site.store().await;
    let mails = world.mail(&contact, 1).await;
    let mail = mails[0]["text"].as_str().unwrap();
    assert!(mail.contains("500 GB") && !mail.contains(&site.path("drop").display().to_string()), "{mail}");
    let posts = stored(&store, &site, 2).await;
    assert_eq!((posts[0].title.as_str(), posts[0].body.as_str()), ("offer.txt", LEAK));
    assert_eq!(posts[1].body, "dump.zip\narchive (zip), 209715200 bytes, not opened");
    assert!(store.hits(posts[1].seq).await.unwrap().is_empty(), "an archive is named, not opened");
    let capture = store.captures(Some("drop"), None, 1).await.unwrap().remove(0).capture;
    assert!(capture.url.starts_with("file:///") && capture.url.ends_with("/drop/offer.txt"), "{}", capture.url);

    put(&site, "offer.txt", format!("{LEAK} SOLD").as_bytes(), 3);
    let posts = stored(&store, &site, 3).await;
    assert_eq!((posts[2].title.as_str(), posts[2].revision), ("offer.txt", 2));

    // Read as it is: the file that may not be read keeps nobody from the others, and is named.
    put(&site, "secret.txt", b"not for the service", 2);
    fs::set_permissions(site.path("drop/secret.txt"), fs::Permissions::from_mode(0o000)).unwrap();
    put(&site, "after.txt", b"quiet", 1);
    let row = outcome(&store, &site, "secret.txt: permission_denied").await;
    assert!(row.source.kind == "folder" && !row.healthy);
    assert_eq!(stored(&store, &site, 4).await[3].title, "after.txt");

    let browser = Browser::sign_in(&service.page, "lin", PASSWORD).await;
    let page = browser.read("/sources/drop").await;
    assert!(page.contains("Files of the desk") && page.contains("secret.txt"), "{page}");
    assert!(!page.contains("name=\"cookies\""), "a folder has no session");
    fs::rename(site.path("drop"), site.path("gone")).unwrap();
    outcome(&store, &site, &format!("no_such_folder_or_file: {}", site.path("drop").display())).await;
    let soc = world.mail(&site.reviewer(), 1).await;
    assert!(!soc.is_empty(), "a folder that cannot be read is blindness");
    fs::remove_file(site.path("gone/secret.txt")).unwrap();
    fs::rename(site.path("gone"), site.path("drop")).unwrap();
    outcome(&store, &site, "ok_no_new").await;
    service.stop().await;

    let said = site.must(&["reextract", "--verify"], "").await;
    assert!(said.contains(", 0 defects") && said.contains("0 new posts, 0 revisions, 0 could not"), "{said}");
    let mut left: Vec<_> = fs::read_dir(site.path("drop")).unwrap().map(|e| e.unwrap().file_name()).collect();
    left.sort();
    assert_eq!(left, ["after.txt", "dump.zip", "offer.txt"], "nothing was moved or deleted");
}

#[tokio::test]
async fn no_file_is_lost_on_sqlite() {
    for point in ["after_capture", "before_transaction", "after_transaction"] {
        killed_at(point, None).await;
    }
}

#[tokio::test]
async fn no_file_is_lost_on_postgresql() {
    for point in ["after_capture", "before_transaction", "after_transaction"] {
        let database = databases::postgres().await;
        killed_at(point, Some(&database.url)).await;
    }
}

async fn killed_at(point: &str, store_url: Option<&str>) {
    let world = World::of_this_run();
    let (site, contact) = site(&world, store_url).await;
    put(&site, "offer.txt", LEAK.as_bytes(), 9);
    put(&site, "quiet.txt", b"nothing of note", 8);
    assert!(!site.start_and_die(point).await.success(), "{point}");
    // What was archived is stored, even when the operator has taken the file away meanwhile.
    fs::remove_file(site.path("drop/offer.txt")).unwrap();
    let service = site.start().await;
    let store = site.store().await;
    world.mail(&contact, 1).await;
    let posts = stored(&store, &site, 2).await;
    let visits = store.sources().await.unwrap()[0].visits;
    until("two more visits have ended", &site, || async {
        (store.sources().await.ok()?[0].visits >= visits + 2).then_some(())
    })
    .await;
    let mut titles: Vec<_> = posts.iter().map(|post| post.title.as_str()).collect();
    titles.sort_unstable();
    assert_eq!(titles, ["offer.txt", "quiet.txt"], "{point}: each once");
    assert_eq!(store.posts_after(0, 100).await.unwrap().len(), 2, "{point}: no revision");
    let alerts = store.alerts(&AlertFilter { limit: 10, ..AlertFilter::default() }).await.unwrap();
    assert_eq!(alerts.len(), 1, "{point}");
    service.stop().await;
}
