//! Flarum 1 over its JSON:API: one list of discussions, posts by offset, authors beside the posts.

use jiff::Timestamp;
use serde_json::{Value, json};
use url::Url;

use crate::{forum::Forum, visit::body};

/// What the API answers at most.
const LIMIT: usize = 50;

fn time(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S+00:00").to_string()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// A document of one page of `all`.
fn document(url: &Url, offset: usize, all: &[Value], included: &[Value]) -> String {
    let mut next = url.clone();
    let others = url.query_pairs().filter(|(name, _)| name != "page[offset]");
    let pairs: Vec<_> = others.map(|(name, value)| (name.into_owned(), value.into_owned())).collect();
    next.query_pairs_mut().clear().extend_pairs(pairs).append_pair("page[offset]", &(offset + LIMIT).to_string());
    let page: Vec<&Value> = all.iter().skip(offset).take(LIMIT).collect();
    let mut links = json!({ "first": url.as_str() });
    if offset + LIMIT < all.len() {
        links["next"] = json!(next.as_str());
    }
    json!({ "links": links, "data": page, "included": included }).to_string()
}

fn discussions(forum: &Forum) -> Vec<Value> {
    let mut threads: Vec<_> = forum.threads.iter().collect();
    threads.sort_by_key(|thread| std::cmp::Reverse(thread.last().at));
    let item = |thread: &&crate::forum::Thread| {
        let attributes = json!({
            "title": thread.title, "slug": "x", "commentCount": thread.posts.len(), "participantCount": 3,
            "lastPostedAt": time(thread.last().at), "lastPostNumber": thread.posts.len(), "isSticky": thread.sticky,
        });
        json!({ "type": "discussions", "id": thread.id.to_string(), "attributes": attributes })
    };
    threads.iter().map(item).collect()
}

/// Posts of a discussion, and who wrote them with what they belong to.
fn posts(forum: &Forum, id: u32) -> Option<(Vec<Value>, Vec<Value>)> {
    let thread = forum.threads.iter().find(|thread| thread.id == id)?;
    let mut included =
        vec![json!({ "type": "discussions", "id": id.to_string(), "attributes": { "title": thread.title } })];
    let mut names: Vec<&str> = thread.posts.iter().map(|post| post.author).collect();
    names.sort_unstable();
    names.dedup();
    for (n, name) in names.iter().enumerate() {
        let attributes = json!({ "username": "login", "displayName": name, "slug": "x" });
        included.push(json!({ "type": "users", "id": n.to_string(), "attributes": attributes }));
    }
    let post = |post: &crate::forum::Post| {
        let user = names.iter().position(|name| *name == post.author).map(|n| n.to_string());
        let html = format!("<p>{}</p>", escaped(&body(post.id)));
        json!({
            "type": "posts", "id": post.id.to_string(),
            "attributes": { "number": 1, "createdAt": time(post.at), "contentType": "comment", "contentHtml": html },
            "relationships": {
                "discussion": { "data": { "type": "discussions", "id": id.to_string() } },
                "user": { "data": { "type": "users", "id": user } },
            },
        })
    };
    Some((thread.posts.iter().map(post).collect(), included))
}

/// What the API answers at an address.
pub(crate) fn page(forum: &Forum, url: &Url) -> Option<String> {
    let number = |name: &str| url.query_pairs().find(|(key, _)| key == name)?.1.parse::<u32>().ok();
    let offset = number("page[offset]").unwrap_or(0) as usize;
    match url.path() {
        "/api/discussions" => Some(document(url, offset, &discussions(forum), &[])),
        "/api/posts" => {
            let (posts, included) = posts(forum, number("filter[discussion]")?)?;
            Some(document(url, offset, &posts, &included))
        }
        _ => None,
    }
}

/// The same where the configuration names another host than the one asked, and with slashes as the program's encoder
/// writes them.
pub(crate) fn page_of_a_mirror(forum: &Forum, url: &Url) -> Option<String> {
    let page = page(forum, url)?;
    Some(page.replace("http://forum.example/", "https://clear.example/").replace('/', "\\/"))
}
