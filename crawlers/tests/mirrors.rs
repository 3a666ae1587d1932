//! A post is the same post on every mirror: nothing that identifies it or its text holds the host.
#![cfg(test)]

use std::path::{Path, PathBuf};

use nightheron_crawlers::{
    definition::{Definition, Library},
    extract::{Post, extract},
    walk::{PageKind, PageRequest, RawPage, ThreadContext},
};
use regex::{Captures, Regex};
use url::Url;

fn fixtures(id: &str) -> PathBuf {
    let sites = Path::new(env!("CARGO_MANIFEST_DIR")).join("sites");
    let engine = sites.join("engines/fixtures").join(id);
    if engine.is_dir() { engine } else { sites.join("fixtures").join(id) }
}

/// The page as this mirror would write it: with its own host in every link and in its text.
fn at_mirror(source: &str, page: &Url) -> String {
    let href = Regex::new(r##"(href|data-href|action)="([^"#][^"]*)""##).unwrap();
    let absolute = |found: &Captures<'_>| match page.join(&found[2].replace("&amp;", "&")) {
        Ok(url) if url.host() == page.host() => format!("{}=\"{}\"", &found[1], url.as_str().replace('&', "&amp;")),
        _ => found[0].to_owned(),
    };
    let host = page.host_str().unwrap();
    href.replace_all(source, absolute).replace("fixture.invalid", host)
}

/// Keys, threads and content hashes of the posts, and the ids of threads of a page.
fn read(definition: &Definition, kind: PageKind, path: &str, source: &str, host: &str) -> (Vec<String>, Vec<Post>) {
    let url = Url::parse(&format!("http://{host}/")).unwrap().join(path).unwrap();
    let body = at_mirror(source, &url);
    let thread = ThreadContext { id: "7".into(), fields: std::collections::BTreeMap::new() };
    let request = PageRequest {
        url: url.clone(),
        kind,
        page: 1,
        thread: (kind == PageKind::Thread).then_some(thread),
        zone: None,
    };
    let received_at = "2026-11-21T04:00:00Z".parse().unwrap();
    let raw =
        RawPage { url: &url, status: 200, content_type: "", body: body.as_bytes(), received_at, retry_after: None };
    let reading = extract(definition, &request, &raw);
    let threads = reading.threads.iter().map(|thread| format!("{} {}", thread.context.id, thread.context.signal()));
    let posts = reading.posts.iter().map(|post| {
        let thread = post.thread_id.clone().unwrap_or_default();
        format!("{thread} {} {}", post.key(definition), post.content_hash(definition))
    });
    (threads.chain(posts).collect(), reading.posts)
}

#[test]
fn every_engine_reads_the_same_posts_on_every_mirror() {
    let library = Library::shipped();
    for id in library.ids() {
        let definition = library.get(id).unwrap();
        let mut rows = 0;
        for test in &definition.tests {
            let Ok(source) = std::fs::read_to_string(fixtures(id).join(&test.file)) else { continue };
            let path = test.path.as_deref().unwrap_or_default();
            let (one, _) = read(&definition, test.page, path, &source, "mirror-one.example");
            let (two, _) = read(&definition, test.page, path, &source, "two.example");
            assert_eq!(one, two, "{id}/{}", test.file);
            assert!(
                one.iter().all(|row| !row.contains("mirror-one.example")),
                "{id}/{}: a key holds the host",
                test.file
            );
            rows += one.len();
        }
        assert!(rows > 0, "{id}: nothing was compared");
    }
}

#[test]
fn a_link_to_the_site_itself_in_a_post_is_the_same_on_every_mirror_and_one_elsewhere_is_not() {
    let definition = Library::shipped().get("phpbb").unwrap();
    let page = |text: &str| {
        format!(
            "<body id=phpbb><h2 class=topic-title><a href='?t=7'>T</a></h2><div class=post id=p1><div class=postbody>\
             <p class=author><strong>u</strong> » <time datetime='2026-07-20T07:08:33+00:00'></time></p>\
             <div class=content>{text}</div></div></div></body>"
        )
    };
    let hash = |host: &str, text: &str| read(&definition, PageKind::Thread, "?t=7", &page(text), host).0;
    assert_eq!(hash("a.example", "see http://a.example/t?7"), hash("b.example", "see http://b.example/t?7"));
    assert_ne!(hash("a.example", "see http://c.example/t?7"), hash("b.example", "see http://d.example/t?7"));
    assert_ne!(hash("a.example", "see http://a.example/t?7"), hash("b.example", "see http://b.example/t?8"));
}
