//! What happens at a real forum while it is watched: new posts, an edit, a deletion, an edited template.

use std::collections::BTreeSet;

use nightheron::store::{
    Posts, Schedule, SqlStore,
    model::{PostRow, SourceRow},
};
use serde_json::{Value, json};

use crate::support::{
    instance::Instance,
    service::{Site, Watched, until},
    world::World,
};

async fn stored(store: &SqlStore) -> Vec<PostRow> {
    let (mut all, mut after) = (Vec::new(), 0);
    loop {
        let page = store.posts_after(after, 500).await.unwrap();
        let Some((last, _)) = page.last() else { return all };
        after = last.seq;
        all.extend(page.into_iter().map(|(post, _)| post));
    }
}

fn ids(posts: &[PostRow]) -> BTreeSet<String> {
    posts.iter().map(|post| post.post_id.clone()).collect()
}

fn id(post: &Value) -> &str {
    post["post_id"].as_str().unwrap()
}

async fn source(store: &SqlStore) -> Option<SourceRow> {
    store.sources().await.ok()?.into_iter().next()
}

async fn until_stored(what: &str, site: &Site, store: &SqlStore, post: &Value) {
    until(what, site, || async { ids(&stored(store).await).contains(id(post)).then_some(()) }).await;
}

async fn changes(program: &str) {
    let world = World::of_this_run();
    let forum = Instance::start(&world, program).await;
    let site = Site::new(&world, None, &[Watched { extends: program, link: forum.url() }]);
    let service = site.start().await;
    let store = site.store().await;
    let truth: BTreeSet<String> = forum.truth(&world).await.iter().map(|post| id(post).to_owned()).collect();
    until("every post of the truth is stored", &site, || async { (ids(&stored(&store).await) == truth).then_some(()) })
        .await;
    let before = stored(&store).await.len();
    assert_eq!(before, truth.len(), "no post twice");

    let topic =
        json!({"board": "Databases", "title": "Fresh from fs01", "body": "900 GB for sale", "author": "kvartz"});
    let first = forum.ask(&world, "add_topic", topic).await;
    let reply = |body: &str| json!({"thread_id": first["thread_id"], "body": body, "author": "lotus88"});
    let second = forum.ask(&world, "add_comment", reply("Still there?")).await;
    until_stored("the new thread's reply is stored", &site, &store, &second).await;
    let new: Vec<_> = stored(&store).await.split_off(before);
    assert_eq!(ids(&new), BTreeSet::from([id(&first).to_owned(), id(&second).to_owned()]), "they and nothing else");

    edit_and_deletion(&world, &forum, &site, &store, &second, &reply).await;
    layout(&world, &forum, &site, &store, &reply).await;
    service.stop().await;
}

async fn edit_and_deletion(
    world: &World, forum: &Instance, site: &Site, store: &SqlStore, edited: &Value, reply: &impl Fn(&str) -> Value,
) {
    forum.ask(world, "edit_comment", json!({"post_id": id(edited), "body": "Sold to me."})).await;
    let removed = forum.ask(world, "add_comment", reply("Price?")).await;
    until_stored("the reply after the edit is stored", site, store, &removed).await;
    let edits = until("the edit is a revision", site, || async {
        let rows: Vec<_> = stored(store).await.into_iter().filter(|post| post.post_id == id(edited)).collect();
        (rows.len() == 2).then_some(rows)
    })
    .await;
    assert_eq!(edits.iter().map(|row| row.revision).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(edits.iter().map(|row| row.body.as_str()).collect::<Vec<_>>(), ["Still there?", "Sold to me."]);

    forum.ask(world, "remove_comment", json!({"post_id": id(&removed)})).await;
    let (known, visits) = (stored(store).await.len(), source(store).await.unwrap().visits);
    // A listing that tells the last post's minute and the number of posts alone looks the same when one post goes and
    // another comes within a minute: so the deletion is to be seen by itself.
    until("a visit has begun and ended since the deletion", site, || async {
        source(store).await.filter(|row| row.visits >= visits + 2).map(drop)
    })
    .await;
    let last = forum.ask(world, "add_comment", reply("Where has the question gone?")).await;
    until_stored("the reply after the deletion is stored", site, store, &last).await;
    let row = source(store).await.unwrap();
    assert!(row.healthy && row.failures == 0, "a deletion is no failure: {:?}", row.last_outcome);
    let posts = stored(store).await;
    assert_eq!(posts.len(), known + 1, "nothing but the reply");
    assert!(ids(&posts).contains(id(&removed)), "what was captured stays");
}

async fn layout(world: &World, forum: &Instance, site: &Site, store: &SqlStore, reply: &impl Fn(&str) -> Value) {
    forum.ask(world, "behave", json!({"mode": "broken_layout"})).await;
    let unseen = forum.ask(world, "add_comment", reply("In new clothes")).await;
    let outcome = until("the edited template is told", site, || async {
        source(store).await.filter(|row| !row.healthy)?.last_outcome
    })
    .await;
    // A blog's comments may still be read when its posts are not.
    assert!(["selector_missing(body)", "partial(selector_missing(body))"].contains(&outcome.as_str()), "{outcome}");
    assert!(!ids(&stored(store).await).contains(id(&unseen)));
    forum.ask(world, "behave", json!({"mode": "normal"})).await;
    store.visit_now("watched-0", "2026-01-01T00:00:00Z".parse().unwrap()).await.unwrap();
    until_stored("the post of that time is stored after the repair", site, store, &unseen).await;
}

#[tokio::test]
async fn what_happens_at_misago_is_seen_while_it_is_watched() {
    changes("misago").await;
}

#[tokio::test]
async fn what_happens_at_spirit_is_seen_while_it_is_watched() {
    changes("spirit").await;
}

#[tokio::test]
async fn what_happens_at_wordpress_is_seen_while_it_is_watched() {
    changes("wordpress").await;
}
