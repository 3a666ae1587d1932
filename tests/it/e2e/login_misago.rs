//! A real forum whose own script logs in, read as a member: Misago, with every board hidden from guests.

use std::collections::BTreeSet;

use nightheron::store::{Posts, Schedule, SqlStore};
use serde_json::{Value, json};

use crate::support::{
    instance::Instance,
    service::{Site, Watched, until},
    world::World,
};

const PASSWORD: &str = "a-secret-of-the-night";

struct Members {
    world: World,
    forum: Instance,
    site: Site,
    /// Every post that a guest could read before, by its identity.
    truth: BTreeSet<String>,
}

impl Members {
    /// The forum for members only, watched with this password.
    async fn with(password: &str) -> Self {
        let world = World::of_this_run();
        let forum = Instance::start(&world, "misago").await;
        let truth = forum.truth(&world).await.iter().map(|post| id(post).to_owned()).collect();
        forum.ask(&world, "add_member", json!({"name": "quiet", "password": PASSWORD})).await;
        forum.ask(&world, "members_only", json!({})).await;
        let site = Site::new(&world, None, &[Watched { extends: "misago", link: forum.url() }]);
        let guest = std::fs::read_to_string(site.path("watched-0.yaml")).unwrap();
        std::fs::write(site.path("guest.yaml"), &guest).unwrap();
        let session = "session: { method: script, credentials: forum-a }\n";
        std::fs::write(site.path("watched-0.yaml"), guest + session).unwrap();
        let config = std::fs::read_to_string(site.path("nightheron.toml")).unwrap();
        let credential = "[[credential]]\nname = \"forum-a\"\nuser = \"quiet\"\npassword_file = \"forum.password\"\n";
        std::fs::write(site.path("nightheron.toml"), config + credential).unwrap();
        std::fs::write(site.path("forum.password"), format!("{password}\n")).unwrap();
        Self { world, forum, site, truth }
    }

    /// What one reading of a definition prints, and what it logs.
    async fn preview(&self, definition: &str, more: &[&str]) -> (Vec<Value>, String) {
        let file = self.site.path(definition).display().to_string();
        let words = [&["site", "preview", &file, "--json", "--gap", "0"], more].concat();
        let output = self.site.run(&words, "").await;
        let lines = String::from_utf8(output.stdout).unwrap();
        let lines = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        (lines, String::from_utf8(output.stderr).unwrap())
    }
}

fn id(post: &Value) -> &str {
    post["post_id"].as_str().unwrap()
}

async fn stored(store: &SqlStore) -> BTreeSet<String> {
    let posts = store.posts_after(0, 10_000).await.unwrap();
    posts.into_iter().map(|(post, _)| post.post_id).collect()
}

#[tokio::test]
async fn a_board_for_members_is_read_to_the_last_post_and_logged_in_to_again() {
    let members = Members::with(PASSWORD).await;
    let (service, store) = (members.site.start().await, members.site.store().await);
    until("every post is stored", &members.site, || async { (stored(&store).await == members.truth).then_some(()) })
        .await;

    members.forum.ask(&members.world, "end_sessions", json!({})).await;
    let topic = json!({"board": "Databases", "title": "Fresh", "body": "900 GB for sale", "author": "kvartz"});
    let fresh = members.forum.ask(&members.world, "add_topic", topic).await;
    until("a post after the session was lost is stored", &members.site, || async {
        stored(&store).await.contains(id(&fresh)).then_some(())
    })
    .await;
    service.stop().await;
    let said = members.site.said();
    let logins = said.lines().filter(|line| line.contains("logged in to a source")).count();
    assert_eq!(logins, 2, "one at the start, one for the loss: {said}");
    assert!(!said.contains(PASSWORD), "the password is in no log");
}

#[tokio::test]
async fn a_wrong_password_makes_the_source_wait_for_a_person() {
    let members = Members::with("not-the-password").await;
    let (service, store) = (members.site.start().await, members.site.store().await);
    until("the source waits for a person", &members.site, || async {
        let standing = store.sources().await.ok()?.first()?.standing.clone()?;
        standing.contains("\"need\":\"password\"").then_some(())
    })
    .await;
    service.stop().await;
    assert!(stored(&store).await.is_empty() && !members.site.said().contains("not-the-password"));
}

#[tokio::test]
async fn a_preview_logs_in_with_the_credential_or_says_that_one_is_needed() {
    let members = Members::with(PASSWORD).await;
    let (guest, _) = members.preview("guest.yaml", &[]).await;
    assert_eq!((guest.len(), guest[0]["outcome"].as_str()), (1, Some("ok_empty")), "what guests see is no board");
    let (mut read, said) = members.preview("watched-0.yaml", &[]).await;
    let last = read.pop().unwrap();
    assert_eq!((last["outcome"].as_str(), last.get("login")), (Some("ok_new"), None), "{last} {said}");
    assert_eq!(read.iter().map(|post| id(post).to_owned()).collect::<BTreeSet<_>>(), members.truth);
    assert!(!said.contains(PASSWORD) && !said.contains("quiet"), "nothing secret is printed");

    let text = std::fs::read_to_string(members.site.path("watched-0.yaml")).unwrap();
    std::fs::write(members.site.path("other.yaml"), text.replace("forum-a", "forum-b")).unwrap();
    let (lines, _) = members.preview("other.yaml", &[]).await;
    assert_eq!((lines.len(), lines[0]["outcome"].as_str()), (1, Some("blocked(login)")));
    let login = lines[0]["login"].as_str().unwrap();
    assert!(login.starts_with("a login is needed") && login.contains("`forum-b`"), "{login}");
    let (lines, _) = members.preview("other.yaml", &["--credential", "forum-a", "--max-pages", "1"]).await;
    assert_eq!(lines.last().unwrap().get("login"), None, "logged in by the given name");
    let (lines, said) = members.preview("other.yaml", &["--credential", "nobody"]).await;
    assert!(
        lines.is_empty() && said.contains("no [[credential]] of the configuration has the name `nobody`"),
        "{said}"
    );
}
