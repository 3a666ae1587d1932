//! A workbench for the desk: a definition in a file with a history, and captured pages of a forum.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use nightheron_crawlers::definition::Library;
use nightheron_crawlers::net::{ClearPlane, ClearPolicy, Limits};
use nightheron_crawlers::walk::{PageKind, PageRequest, ThreadContext};
use rand::SeedableRng;
use rand::rngs::StdRng;
use tokio::sync::Semaphore;

use super::desk::start;
use crate::captures::{Archive, Captured, RecordKind};
use crate::definitions::{Book, Text, Workbench};
use crate::pipeline::LiveSource;
use crate::store::Store;

/// The definition as it was found at the start; number 2, with a comment more, is in use.
pub(super) const FIRST: &str =
    "schema: 1\nid: forum\nname: acme\nextends: demo-forum\nlinks: [\"http://127.0.0.1:1/\"]\n";

/// A captured page of the forum.
pub(super) struct Saved {
    pub(super) request: PageRequest,
    pub(super) body: String,
    pub(super) at: Timestamp,
}

/// A thread's page with one post; its markup is that of the definition, or a new one.
pub(super) fn thread(n: u32, text: &str, changed: bool, at: Timestamp) -> Saved {
    let (post, author, body) = if changed { ("msg", "writer", "content") } else { ("post", "author", "body") };
    let shown = text.replace('&', "&amp;").replace('<', "&lt;");
    let body = format!(
        "<body class=night-market><h1>{shown}</h1><article class={post} data-id={n}-1><span class={author}>kvartz {n}</span> \
         <time datetime=2026-11-20T12:00:0{n}Z>12:00:0{n}</time><div class={body}>text {n} {shown}</div></article></body>"
    );
    let fields = [("title".to_owned(), text.to_owned())].into();
    let url = format!("http://127.0.0.1:1/t/{n}").parse().expect("an address");
    let context = ThreadContext { id: n.to_string(), fields };
    Saved { request: PageRequest { url, kind: PageKind::Thread, page: 1, thread: Some(context), zone: None }, body, at }
}

impl Workbench {
    /// Archives and stores a page, as a visit does; gives its capture's identity.
    pub(super) async fn keep(&self, page: Saved) -> String {
        let captured = Captured {
            kind: RecordKind::Response,
            source: "forum".into(),
            url: page.request.url.to_string(),
            request: serde_json::to_string(&page.request).expect("a request"),
            status: 200,
            fetched_at: page.at,
            head: b"HTTP/1.1 200 OK\r\ncontent-type: text/html; charset=utf-8\r\n\r\n".to_vec(),
            body: page.body.into_bytes(),
        };
        let seed = page.at.as_millisecond().cast_unsigned() ^ u64::from(page.request.url.as_str().len() as u32);
        let mut rng = StdRng::seed_from_u64(seed ^ page.request.thread.map_or(0, |t| t.id.parse::<u64>().unwrap_or(0)));
        let capture = self.archive.write(&captured, &mut rng).expect("archived");
        self.store.commit_recovered("forum", &capture, &[], page.at).await.expect("stored");
        capture.id
    }
}

pub(super) async fn set_up(dir: &Path, store: Arc<dyn Store>, text: &str) -> Workbench {
    let mut library = Library::shipped();
    let sites = dir.join("sites");
    std::fs::create_dir(&sites).expect("a folder");
    std::fs::write(sites.join("demo-forum.yaml"), include_str!("../../demo/forum.yaml")).expect("a base");
    library = library.with_folder(&sites).expect("a library");
    let file = dir.join("forum.yaml");
    std::fs::write(&file, FIRST).expect("a definition");
    let definition = library.parse(FIRST, "forum.yaml").expect("a definition");
    let clear = ClearPlane::new(ClearPolicy::default());
    let live = LiveSource::open(definition, &clear, None, &Limits::default()).expect("a session");
    let sources = Arc::new(HashMap::from([("forum".to_owned(), live)]));
    let found = Text { file: Some(file), origin: "forum.yaml".into(), text: FIRST.into(), shared: false };
    let texts = vec![("forum".to_owned(), found)];
    let book = Book::open(Arc::clone(&store), Arc::clone(&sources), library, texts, start()).await.expect("a book");
    let more = format!("{FIRST}# {}\n", text.split(char::is_control).collect::<String>());
    book.change("forum", &more, text, text, start()).await.expect("a second text");
    let bench = Workbench {
        book: Arc::new(book),
        archive: Archive::open(&dir.join("captures")).expect("an archive"),
        store,
        sources,
        wake: Arc::default(),
        working: Semaphore::new(2),
    };
    bench.keep(thread(1, text, false, start() + SignedDuration::from_secs(2))).await;
    bench
}
