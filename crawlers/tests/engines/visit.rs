//! A visit to a forum in memory, and what of it was read otherwise than it was written.

use std::{collections::BTreeMap, sync::Arc};

use nightheron_crawlers::{
    definition::Library,
    extract::Post,
    walk::{Mode, RawPage, Seen, Walk},
};
use url::Url;

use crate::forum::Forum;

/// The page at an address; `None` where there is none.
pub(crate) type Render = fn(&Forum, &Url) -> Option<String>;

/// What a visit brought.
#[derive(Debug, Default)]
pub(crate) struct Visit {
    pub(crate) posts: Vec<Post>,
    pub(crate) asked: Vec<String>,
    pub(crate) seen: Seen,
}

/// Reads a forum, whole or what changed since an earlier visit.
pub(crate) fn visit(engine: &str, forum: &Forum, render: Render, before: Option<&Visit>) -> Visit {
    let site = format!("schema: 1\nid: site\nname: S\nextends: {engine}\nlinks: [\"http://forum.example/\"]\n");
    let definition = Arc::new(Library::shipped().parse(&site, "site.yaml").unwrap());
    let mode = if before.is_some() { Mode::Poll } else { Mode::Everything };
    let seen = before.map(|visit| visit.seen.clone()).unwrap_or_default();
    let base = definition.link().unwrap().clone();
    let mut walk = Walk::new(definition, &base, mode, seen.clone(), None);
    let mut visit = Visit { seen, ..Visit::default() };
    while let Some(request) = walk.next_request() {
        visit.asked.push(request.url[url::Position::BeforePath..].to_owned());
        assert!(visit.asked.len() < 2_000, "the walk does not end");
        let page = render(forum, &request.url);
        let status = if page.is_some() { 200 } else { 404 };
        let page = page.unwrap_or_default();
        let content_type = "text/html; charset=utf-8";
        let (body, received_at) = (page.as_bytes(), forum.now);
        let raw = RawPage { url: &request.url, status, content_type, body, received_at, retry_after: None };
        let step = walk.read(&request, &raw);
        visit.posts.extend(step.posts);
        visit.seen.extend(step.thread_done);
    }
    let outcome = walk.summary().outcome;
    assert!(outcome.is_good(), "{engine}: {outcome}");
    visit
}

/// What is not as it was written: posts that are missing, and those with another author, time, thread, title or text.
pub(crate) fn read(forum: &Forum, visit: &Visit) -> Vec<String> {
    let found: BTreeMap<&str, &Post> = visit.posts.iter().map(|post| (post.post_id.as_str(), post)).collect();
    let mut wrong = Vec::new();
    for thread in &forum.threads {
        for post in &thread.posts {
            let Some(read) = found.get(post.id.to_string().as_str()) else {
                wrong.push(format!("post {} of thread {} is missing", post.id, thread.id));
                continue;
            };
            let expected = (Some(thread.id.to_string()), Some(post.author.to_owned()), Some(post.at));
            let shown = (read.thread_id.clone(), read.author.clone(), read.posted_at);
            if shown != expected || read.title != thread.title || read.body != body(post.id) {
                wrong.push(format!(
                    "post {}: {shown:?} instead of {expected:?}, `{}` {:?}",
                    post.id, read.title, read.body
                ));
            }
        }
    }
    wrong
}

/// The text of a post.
pub(crate) fn body(id: u32) -> String {
    format!("{id} 號內容: цена <договорная>")
}
