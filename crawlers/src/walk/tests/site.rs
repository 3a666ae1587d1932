//! A forum in memory, and a driver that pumps a walk over it.

use std::{collections::BTreeMap, sync::Arc};

use jiff::Timestamp;
use url::Url;

use crate::{
    Outcome,
    definition::{Definition, Library},
    extract::Post,
    walk::{Mode, PageRequest, RawPage, Seen, Step, Summary, Walk},
};

const BASE: &str = "http://forum.example/";

const DEFINITION: &str = r##"schema: 1
id: t
name: T
kind: forum
links: ["http://forum.example/"]
identity: { any: [{ selector: "#t" }] }
page_classes: [{ class: captcha, selector: ".captcha" }]
walk:
  boards: { path: "", each: "a.board" }
  listing: { next: "a.next", stop: { seen_in_a_row: 2, max_pages: 3 } }
  thread: { next: "a.next" }
  canonical: { drop_query: [sid] }
rows:
  listing:
    selector: "li"
    empty: { selector: ".none" }
    fields:
      thread_id: { selector: "a", attribute: id }
      thread_url: { selector: "a", attribute: href }
      title: { selector: "a" }
      replies: { selector: "i" }
  thread:
    selector: "p.post"
    empty: { selector: ".none" }
    fields: { post_id: { attribute: id }, author: { selector: "b" }, body: { selector: "q" } }
"##;

/// The definition of the forum, with more lines.
pub(super) fn definition(more: &str) -> Arc<Definition> {
    let text = format!("schema: 1\nid: u\nname: U\nextends: t\n{more}");
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("t.yaml"), DEFINITION).unwrap();
    let library = Library::shipped().with_folder(folder.path()).unwrap();
    Arc::new(library.parse(&text, "u.yaml").unwrap_or_else(|error| panic!("{error}")))
}

/// Pages by path and query.
#[derive(Default, Clone)]
pub(super) struct Site {
    pages: BTreeMap<String, (u16, String)>,
}

impl Site {
    /// A site whose entrance names these boards.
    pub(super) fn new(boards: &[&str]) -> Self {
        let links: String = boards.iter().map(|board| format!("<a class=board href='{board}'>b</a>")).collect();
        Self::default().page("/", &links)
    }

    /// With a page of the forum.
    pub(super) fn page(mut self, path: &str, body: &str) -> Self {
        self.pages.insert(path.to_owned(), (200, format!("<div id=t>{body}</div>")));
        self
    }

    /// With an answer of any kind.
    pub(super) fn answer(mut self, path: &str, status: u16, body: &str) -> Self {
        self.pages.insert(path.to_owned(), (status, body.to_owned()));
        self
    }

    /// With a listing: threads as id and replies; their addresses are `/tID`.
    pub(super) fn listing(self, path: &str, threads: &[(u32, u32)], next: &str) -> Self {
        let row = |(id, replies): &(u32, u32)| format!("<li><a id={id} href='/t{id}'>T{id}</a> <i>{replies}</i></li>");
        let rows: String = threads.iter().map(row).collect();
        self.page(path, &format!("{rows}{}", link(next)))
    }

    /// With a page of a thread: its posts by their ids.
    pub(super) fn thread(self, path: &str, posts: &[u32], next: &str) -> Self {
        let row = |id: &u32| format!("<p class=post id={id}><b>u</b><q>text {id}</q></p>");
        let rows: String = posts.iter().map(row).collect();
        self.page(path, &format!("{rows}{}", link(next)))
    }

    /// Visits the site to the end.
    pub(super) fn visit(&self, definition: &Arc<Definition>, mode: Mode, seen: &Seen) -> Visit {
        let mut walk = Walk::new(definition.clone(), &Url::parse(BASE).unwrap(), mode, seen.clone(), None);
        self.pump(&mut walk)
    }

    /// Pumps a walk to its end. A page the site does not have is unreachable.
    pub(super) fn pump(&self, walk: &mut Walk) -> Visit {
        let mut visit = Visit::default();
        while let Some(request) = walk.next_request() {
            visit.asked.push(path(&request.url));
            assert!(visit.asked.len() < 5_000, "the walk does not end");
            let Some((status, body)) = self.pages.get(&path(&request.url)) else {
                walk.failed(&request, Outcome::Unreachable("timeout".into()));
                continue;
            };
            let step = read(walk, &request, *status, body);
            visit.done.extend(step.thread_done);
            visit.posts.extend(step.posts);
        }
        visit.summary = Some(walk.summary());
        visit
    }
}

/// Reads a page that came from where it was asked for.
pub(super) fn read(walk: &mut Walk, request: &PageRequest, status: u16, body: &str) -> Step {
    let (content_type, received_at) = ("text/html", Timestamp::UNIX_EPOCH);
    walk.read(
        request,
        &RawPage { url: &request.url, status, content_type, body: body.as_bytes(), received_at, retry_after: None },
    )
}

fn link(next: &str) -> String {
    if next.is_empty() { String::new() } else { format!("<a class=next href='{next}'>next</a>") }
}

fn path(url: &Url) -> String {
    url[url::Position::BeforePath..].to_owned()
}

/// What a visit did.
#[derive(Default)]
pub(super) struct Visit {
    pub(super) asked: Vec<String>,
    pub(super) posts: Vec<Post>,
    pub(super) done: Seen,
    summary: Option<Summary>,
}

impl Visit {
    pub(super) fn outcome(&self) -> String {
        self.summary.as_ref().unwrap().outcome.to_string()
    }

    /// Ids of the posts, in order.
    pub(super) fn ids(&self) -> Vec<u32> {
        let mut ids: Vec<u32> = self.posts.iter().map(|post| post.post_id.parse().unwrap()).collect();
        ids.sort_unstable();
        ids
    }

    /// Ids of the threads that were read to their end.
    pub(super) fn threads(&self) -> Vec<&str> {
        let mut ids: Vec<&str> = self.done.keys().map(String::as_str).collect();
        ids.sort_unstable();
        ids
    }
}
