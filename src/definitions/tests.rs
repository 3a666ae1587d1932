//! A definition is changed whole or not at all, and the next visit reads with it.

use std::{path::PathBuf, sync::Arc};

use jiff::Timestamp;
use nightheron_crawlers::{
    definition::Library,
    net::{ClearPlane, ClearPolicy, Limits},
};
use tempfile::TempDir;

use super::{Book, BookError, Text};
use crate::{
    pipeline::{LiveSource, SourceSet},
    store::{Definitions, Schedule, SqlStore, Store},
};

const BASE: &str = include_str!("../demo/forum.yaml");

/// A forum with a definition in a file of its own, and another that extends one of the folder of definitions.
struct Folder {
    dir: TempDir,
    store: Arc<SqlStore>,
    sources: Arc<SourceSet>,
}

fn now() -> Timestamp {
    "2026-11-21T00:00:00Z".parse().unwrap()
}

fn site(id: &str, port: u16) -> String {
    format!("# {id}\nschema: 1\nid: {id}\nextends: demo-forum\nlinks: [\"http://127.0.0.1:{port}/\"]\nname: Night\n")
}

impl Folder {
    async fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", dir.path().join("store.db").display());
        std::fs::write(dir.path().join("a.yaml"), site("a", 1)).unwrap();
        let base = BASE.replace("walk:", "links: [\"http://127.0.0.1:2/\"]\nwalk:");
        std::fs::write(dir.path().join("demo-forum.yaml"), base).unwrap();
        let store = Arc::new(SqlStore::open(&url, 2).await.unwrap());
        Self { dir, store, sources: Arc::default() }.opened().await
    }

    /// The sources as a process that starts now reads them.
    async fn opened(mut self) -> Self {
        let (library, clear) = (self.library(), ClearPlane::new(ClearPolicy::default()));
        let open = |(id, text): (String, Text)| {
            let definition = library.parse(&text.text, &text.origin).unwrap();
            (id, LiveSource::open(definition, &clear, None, &Limits::default()).unwrap())
        };
        let sources: SourceSet = self.texts().into_iter().map(open).collect();
        let rows: Vec<_> = sources.values().map(LiveSource::row).collect();
        self.store.set_sources(&rows, now()).await.unwrap();
        self.sources = Arc::new(sources);
        self
    }

    fn library(&self) -> Library {
        Library::shipped().with_folder(self.dir.path()).unwrap()
    }

    fn file(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn texts(&self) -> Vec<(String, Text)> {
        let text = |name: &str, shared| {
            let file = self.file(name);
            let text = std::fs::read_to_string(&file).unwrap();
            Text { origin: name.into(), file: Some(file), text, shared }
        };
        vec![("a".into(), text("a.yaml", false)), ("demo-forum".into(), text("demo-forum.yaml", true))]
    }

    async fn book(&self) -> Book {
        let store: Arc<dyn Store> = self.store.clone();
        Book::open(store, Arc::clone(&self.sources), self.library(), self.texts(), now()).await.unwrap()
    }

    async fn history(&self, source: &str) -> Vec<(i64, String, String)> {
        let history = self.store.definition_history(source).await.unwrap();
        history.into_iter().map(|one| (one.number, one.by, one.reason)).collect()
    }
}

fn entry(number: i64, by: &str, reason: &str) -> (i64, String, String) {
    (number, by.to_owned(), reason.to_owned())
}

#[tokio::test]
async fn a_change_is_in_the_file_the_history_and_the_next_visit() {
    let folder = Folder::new().await;
    let book = folder.book().await;
    let under_way = folder.sources["a"].definition();
    let text = site("a", 1).replace("Night", "新名 New") + "rows: { thread: { selector: div.post } }\n";
    let changed = book.change("a", &text, "lin", " the layout changed ", now()).await.unwrap();
    assert_eq!((changed.number, changed.more_after_restart), (2, false));
    assert_eq!(std::fs::read_to_string(folder.file("a.yaml")).unwrap(), text);
    assert_eq!(folder.history("a").await, [entry(2, "lin", "the layout changed"), entry(1, "file", "")]);
    let current = book.current("a").unwrap();
    assert_eq!((current.number, current.text.as_str()), (2, text.as_str()));
    assert_eq!(folder.sources["a"].definition().name, "新名 New");
    assert_eq!(under_way.name, "Night", "a visit under way ends with what it began with");
    let row = folder.store.sources().await.unwrap().into_iter().find(|row| row.source.id == "a").unwrap();
    assert_eq!(row.source.name, "新名 New");
    let slower = text + "network: { gap: 9s }\n";
    assert!(book.change("a", &slower, "lin", "slower", now()).await.unwrap().more_after_restart);
}

#[tokio::test]
async fn a_wrong_text_is_refused_whole_with_its_place() {
    let folder = Folder::new().await;
    let book = folder.book().await;
    let good = site("a", 1);
    let onion = "http://duckduckgogg42xjoc72x3sjasowoarfbgcmvfimaftt6twagswzczad.onion/";
    for (text, expected) in [
        (format!("{good}rows: {{ thread: {{ selector: \"div[\" }} }}\n"), "a.yaml:7:"),
        (format!("{good}unknown: 1\n"), "a.yaml:7:1: "),
        (good.replace("id: a\n", "id: b\n"), "a.yaml:3:1: the source is `a`"),
        (
            good.replace("http://127.0.0.1:1/", onion) + "network: { via: tor }\n",
            "a.yaml:5:1: a source is read through Tor or over the clear net",
        ),
        (good.replace("demo-forum", "nothing"), "a.yaml:4:10: there is no definition `nothing`"),
    ] {
        let error = book.change("a", &text, "lin", "r", now()).await.unwrap_err();
        assert!(matches!(error, BookError::Wrong(_)), "{error}");
        assert!(error.to_string().starts_with(expected), "{error}");
    }
    let other = format!("{good}# more\n");
    for (source, text, reason, expected) in [
        ("a", good.as_str(), "r", "says this already"),
        ("a", other.as_str(), "  ", "say why"),
        ("nobody", other.as_str(), "r", "is not watched here"),
    ] {
        let error = book.change(source, text, "lin", reason, now()).await.unwrap_err();
        assert!(error.to_string().contains(expected), "{error}");
    }
    assert_eq!(std::fs::read_to_string(folder.file("a.yaml")).unwrap(), good);
    assert_eq!(folder.history("a").await, [entry(1, "file", "")]);
}

#[tokio::test]
async fn nobody_overwrites_what_another_changed() {
    let folder = Folder::new().await;
    let book = folder.book().await;
    let text = |mark: &str| format!("{}# {mark}\n", site("a", 1));
    book.change_from(Some(1), "a", &text("first"), "lin", "r", now()).await.unwrap();
    let late = book.change_from(Some(1), "a", &text("second"), "wu", "r", now()).await.unwrap_err();
    assert!(matches!(late, BookError::Meanwhile(_, 2)), "{late}");
    std::fs::write(folder.file("a.yaml"), text("by an editor")).unwrap();
    let error = book.change("a", &text("third"), "wu", "r", now()).await.unwrap_err();
    assert!(error.to_string().contains("a.yaml: the file was changed on the disk"), "{error}");
    assert_eq!(std::fs::read_to_string(folder.file("a.yaml")).unwrap(), text("by an editor"));
    std::fs::remove_file(folder.file("a.yaml")).unwrap();
    let error = book.change("a", &text("third"), "wu", "r", now()).await.unwrap_err();
    assert!(matches!(error, BookError::Io { .. }), "{error}");
    assert_eq!(book.current("a").unwrap().text, text("first"));
}

#[tokio::test]
async fn a_crash_between_file_and_history_is_mended_at_the_next_start() {
    let folder = Folder::new().await;
    folder.book().await;
    let text = format!("{}# changed\n", site("a", 1));
    std::fs::write(folder.file("a.yaml"), &text).unwrap();
    let folder = folder.opened().await;
    let book = folder.book().await;
    assert_eq!(book.current("a").unwrap().number, 2);
    assert_eq!(folder.history("a").await, [entry(2, "file", ""), entry(1, "file", "")]);
    assert_eq!(folder.store.definitions().await.unwrap()["a"].text, text);
    folder.book().await;
    assert_eq!(folder.history("a").await.len(), 2, "once");
}

#[tokio::test]
async fn what_a_text_is_extended_by_follows_it_or_forbids_it() {
    let folder = Folder::new().await;
    let book = folder.book().await;
    let base = std::fs::read_to_string(folder.file("demo-forum.yaml")).unwrap();
    let named = base.replace("暗市論壇 Night Market", "Renamed");
    book.change("demo-forum", &named, "lin", "its new name", now()).await.unwrap();
    let names = ["a", "demo-forum"].map(|id| folder.sources[id].definition().name.clone());
    assert_eq!(names, ["Night", "Renamed"]);
    let with_place = named.replace(
        "      body: { selector: \".body\" }\n",
        "      body: { selector: \".body\" }\n      place: { selector: \".author\" }\n",
    );
    book.change("demo-forum", &with_place, "lin", "one more field", now()).await.unwrap();
    let own = site("a", 1) + "dedupe: { key: [post_id, place], content: [body] }\n";
    book.change("a", &own, "lin", "numbers repeat", now()).await.unwrap();
    let refused = book.change("demo-forum", &named, "lin", "no such field any more", now()).await.unwrap_err();
    assert!(matches!(refused, BookError::Extended(..)), "{refused}");
    assert!(
        refused.to_string().starts_with("the source `a` extends this definition, and would be wrong: a.yaml:7:"),
        "{refused}"
    );
    assert_eq!(book.current("demo-forum").unwrap().text, with_place);
}

#[tokio::test]
async fn a_definition_of_the_program_itself_is_not_changed() {
    let folder = Folder::new().await;
    let store: Arc<dyn Store> = folder.store.clone();
    let mut texts = folder.texts();
    texts[0].1.file = None;
    let book = Book::open(store, Arc::clone(&folder.sources), folder.library(), texts, now()).await.unwrap();
    let error = book.change("a", &format!("{}#\n", site("a", 1)), "lin", "r", now()).await.unwrap_err();
    assert!(error.to_string().contains("copy it into the folder `crawl.sites_dir`"), "{error}");
}
