//! `site preview` reads real programs to their last post, through Tor and over the clear plane.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::support::{
    service::{Site, Watched},
    world::World,
};

/// Reads a site by the shipped definition; gives the posts by id and the last line.
async fn preview(world: &World, definition: &str, link: &str) -> (BTreeMap<String, Value>, Value) {
    preview_with(world, definition, link, "").await
}

/// The same with something more in the site's own definition.
async fn preview_with(world: &World, definition: &str, link: &str, more: &str) -> (BTreeMap<String, Value>, Value) {
    let site = Site::new(world, None, &[Watched { extends: definition, link }]);
    let file = site.path("watched-0.yaml").display().to_string();
    std::fs::write(&file, std::fs::read_to_string(&file).unwrap() + more).unwrap();
    let output = site.must(&["site", "preview", &file, "--json", "--gap", "0"], "").await;
    let mut lines: Vec<Value> = output.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let last = lines.pop().unwrap();
    let posts: BTreeMap<_, _> =
        lines.into_iter().map(|post| (post["post_id"].as_str().unwrap().to_owned(), post)).collect();
    assert_eq!(last["posts"].as_u64(), Some(posts.len() as u64), "no post twice");
    (posts, last)
}

fn spaced(text: &Value) -> String {
    text.as_str().unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Posts that other tests of this run may have added are no error; every post of the truth must be there.
fn compare(read: &BTreeMap<String, Value>, truth: &[Value], fields: &[&str], bodies: impl Fn(&Value) -> bool) {
    assert!(truth.len() >= 30, "a truth worth comparing with");
    for expected in truth {
        let id = expected["post_id"].as_str().unwrap();
        let post = read.get(id).unwrap_or_else(|| panic!("post {id} was not read"));
        for field in fields {
            assert_eq!(post[*field], expected[*field], "{field} of post {id}");
        }
        if bodies(expected) {
            assert_eq!(spaced(&post["body"]), spaced(&expected["text"]), "text of post {id}");
        }
    }
}

#[tokio::test]
async fn spirit_is_read_to_the_last_post_through_tor() {
    let world = World::of_this_run();
    let (posts, last) = preview(&world, "spirit", &format!("http://{}/", world.text("/onions/spirit"))).await;
    assert_eq!(last["outcome"], "ok_new");
    compare(&posts, &world.truth("spirit", "posts"), &["thread_id", "author", "posted_at", "title"], |_| true);
}

#[tokio::test]
async fn spirit_is_read_to_the_last_post_over_the_clear_plane() {
    let world = World::of_this_run();
    let (posts, _) = preview(&world, "spirit", &world.text("/clear/spirit")).await;
    compare(&posts, &world.truth("spirit", "posts"), &["thread_id", "author", "posted_at", "title"], |_| true);
}

#[tokio::test]
async fn bepasty_is_read_to_the_last_paste_through_tor() {
    let world = World::of_this_run();
    let (posts, last) = preview(&world, "bepasty", &format!("http://{}/", world.text("/onions/bepasty"))).await;
    assert_eq!(last["outcome"], "ok_new");
    // What is binary or large is listed and never downloaded.
    let shown = |paste: &Value| matches!(paste["kind"].as_str(), Some("text" | "legacy"));
    compare(&posts, &world.truth("bepasty", "pastes"), &["posted_at", "title"], shown);
}

/// Nothing else may be read: no test changes these sites, and what is hidden has left its place at most.
async fn is_read_whole(program: &str, link: &str) {
    let world = World::of_this_run();
    let (posts, last) = preview(&world, program, link).await;
    assert_eq!(last["outcome"], "ok_new");
    let truth = world.truth(program, "posts");
    compare(&posts, &truth, &["thread_id", "author", "posted_at", "title"], |_| true);
    assert_eq!(posts.len(), truth.len());
}

#[tokio::test]
async fn misago_is_read_to_the_last_post_through_tor() {
    is_read_whole("misago", &format!("http://{}/", World::of_this_run().text("/onions/misago"))).await;
}

#[tokio::test]
async fn misago_is_read_to_the_last_post_over_the_clear_plane() {
    is_read_whole("misago", &World::of_this_run().text("/clear/misago")).await;
}

#[tokio::test]
async fn wordpress_is_read_to_the_last_comment_through_tor() {
    is_read_whole("wordpress", &format!("http://{}/", World::of_this_run().text("/onions/wordpress"))).await;
}

#[tokio::test]
async fn wordpress_is_read_to_the_last_comment_over_the_clear_plane() {
    is_read_whole("wordpress", &World::of_this_run().text("/clear/wordpress")).await;
}

/// The site lists nothing: its definition names the pastes.
async fn pinnwand_is_read(link: &str) {
    let world = World::of_this_run();
    let named = serde_json::to_string(&world.truth("pinnwand", "pastes")).unwrap();
    let more = format!("walk: {{ thread: {{ paths: {named} }} }}\n");
    let (posts, last) = preview_with(&world, "pinnwand", link, &more).await;
    assert_eq!(last["outcome"], "ok_new");
    let truth = world.truth("pinnwand", "posts");
    compare(&posts, &truth, &["thread_id", "title"], |_| true);
    assert_eq!(posts.len(), truth.len());
}

#[tokio::test]
async fn pinnwand_is_read_to_the_last_named_paste_through_tor() {
    pinnwand_is_read(&format!("http://{}/", World::of_this_run().text("/onions/pinnwand"))).await;
}

#[tokio::test]
async fn pinnwand_is_read_to_the_last_named_paste_over_the_clear_plane() {
    pinnwand_is_read(&World::of_this_run().text("/clear/pinnwand")).await;
}

#[tokio::test]
async fn a_dead_service_behind_an_onion_is_an_outcome() {
    let world = World::of_this_run();
    let link = format!("http://{}/", world.text("/onions/dead"));
    let site = Site::new(&world, None, &[Watched { extends: "spirit", link: &link }]);
    let output = site.run(&["site", "preview", &site.path("watched-0.yaml").display().to_string(), "--json"], "").await;
    assert!(!output.status.success());
    let last: Value = serde_json::from_str(String::from_utf8(output.stdout).unwrap().lines().last().unwrap()).unwrap();
    assert_eq!(last["outcome"], "unreachable(refused)");
}
