//! Reading one page: what it is, its rows, and where it leads.

use std::collections::BTreeMap;

use jiff::Timestamp;
use scraper::{ElementRef, Html, Selector};
use sha2::{Digest, Sha256};
use url::Url;

use super::{charset::decode_text, field};
use crate::{
    Outcome, PageClass,
    definition::{Definition, Rows},
    walk::{PageKind, PageRequest, RawPage, ThreadContext},
};

/// A page has no more rows than this; beyond it something is wrong with the page or the selector.
const MAX_ROWS: usize = 2_000;

/// One message, paste or listing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Post {
    /// The site's own id.
    pub post_id: String,
    /// The thread's id.
    pub thread_id: Option<String>,
    /// Its address.
    pub url: String,
    /// Author as shown.
    pub author: Option<String>,
    /// When it was posted.
    pub posted_at: Option<Timestamp>,
    /// When the site says it was edited.
    pub edited_at: Option<Timestamp>,
    /// Title of the thread or paste.
    pub title: String,
    /// Text.
    pub body: String,
    /// Further fields of the definition; `links`, a line each, are the links of the body that its text cuts short or
    /// does not show.
    pub extra: BTreeMap<String, String>,
}

impl Post {
    fn part(&self, name: &str) -> &str {
        match name {
            "post_id" => &self.post_id,
            "thread_id" => self.thread_id.as_deref().unwrap_or_default(),
            "url" => &self.url,
            "author" => self.author.as_deref().unwrap_or_default(),
            "title" => &self.title,
            "body" => &self.body,
            other => self.extra.get(other).map(String::as_str).unwrap_or_default(),
        }
    }

    /// What identifies the post within its source.
    #[must_use]
    pub fn key(&self, definition: &Definition) -> String {
        definition.key.iter().map(|name| self.part(name)).collect::<Vec<_>>().join("/")
    }

    /// SHA-256 in hex over the fields whose change is an edit.
    #[must_use]
    pub fn content_hash(&self, definition: &Definition) -> String {
        let mut hash = Sha256::new();
        for name in &definition.content {
            let part = self.part(name);
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part.as_bytes());
        }
        hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// A thread as its listing shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Thread {
    /// Its address.
    pub url: Url,
    /// What the listing says.
    pub context: ThreadContext,
}

/// How reading a page ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReadOutcome {
    /// Rows were read.
    Rows,
    /// The page proved that it is empty.
    Empty,
    /// There is no such page any more.
    Gone,
    /// It could not be read, or only in part; what could be read is there.
    Failed(Outcome),
}

/// What was read from a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageReading {
    /// How it ended.
    pub outcome: ReadOutcome,
    /// Posts, of a thread's page.
    pub posts: Vec<Post>,
    /// Threads, of a listing.
    pub threads: Vec<Thread>,
    /// Links to boards.
    pub boards: Vec<Url>,
    /// Link to the next page.
    pub next: Option<Url>,
}

impl PageReading {
    fn failed(outcome: Outcome) -> Self {
        Self { outcome: ReadOutcome::Failed(outcome), posts: vec![], threads: vec![], boards: vec![], next: None }
    }
}

/// Reads a page; pure, so that an archived capture is read the same way again.
#[must_use]
pub fn extract(definition: &Definition, request: &PageRequest, raw: &RawPage<'_>) -> PageReading {
    let source = decode_text(raw.body, definition.encoding, raw.content_type);
    let page = Html::parse_document(&source);
    let class = definition.page_classes.iter().find(|(_, proof)| proof.holds(&page, &source)).map(|(class, _)| *class);
    if let Some(blocked) = class.or_else(|| class_of_status(raw.status)) {
        return match (blocked, request.kind) {
            (PageClass::NotFound, PageKind::Thread) => {
                PageReading { outcome: ReadOutcome::Gone, ..PageReading::failed(Outcome::NotTheSite) }
            }
            _ => PageReading::failed(Outcome::Blocked(blocked)),
        };
    }
    if !(200..300).contains(&raw.status) {
        return PageReading::failed(Outcome::Unreachable(format!("http_{}", raw.status)));
    }
    if !definition.identity.is_empty() && !definition.identity.iter().any(|proof| proof.holds(&page, &source)) {
        return PageReading::failed(Outcome::NotTheSite);
    }
    Reader { definition, request, page: &page, source: &source, url: raw.url }.read()
}

/// What a status says by itself; 5xx is no class but no answer.
fn class_of_status(status: u16) -> Option<PageClass> {
    match status {
        401 => Some(PageClass::Login),
        403 => Some(PageClass::Banned),
        404 | 410 => Some(PageClass::NotFound),
        429 => Some(PageClass::RateLimited),
        _ => None,
    }
}

struct Reader<'a> {
    definition: &'a Definition,
    request: &'a PageRequest,
    page: &'a Html,
    source: &'a str,
    url: &'a Url,
}

impl Reader<'_> {
    fn read(&self) -> PageReading {
        let way = &self.definition.walk;
        let mut reading = PageReading::failed(Outcome::OkNoNew);
        if let (Some((_, each)), PageKind::Boards | PageKind::Listing) = (&way.boards, self.request.kind) {
            reading.boards = self.page.select(each).filter_map(|link| self.link(link)).collect();
        }
        match self.request.kind {
            PageKind::Boards => {
                let missing = || ReadOutcome::Failed(Outcome::SelectorMissing("boards".into()));
                reading.outcome = if reading.boards.is_empty() { missing() } else { ReadOutcome::Rows };
            }
            PageKind::Listing => {
                reading.next = self.next(way.listing_next.as_deref());
                let (rows, outcome) = self.rows(&self.definition.listing);
                reading.threads = rows.into_iter().filter_map(|fields| self.thread(fields)).collect();
                reading.outcome = outcome;
            }
            PageKind::Thread => {
                reading.next = self.next(way.thread_next.as_deref());
                let (rows, outcome) = self.rows(&self.definition.thread);
                reading.posts = rows.into_iter().filter_map(|fields| self.post(fields)).collect();
                reading.outcome = outcome;
            }
        }
        reading
    }

    /// The fields of each row that has all it must have, and how that went.
    fn rows(&self, rows: &Rows) -> (Vec<BTreeMap<String, String>>, ReadOutcome) {
        let missing = |field: &str| ReadOutcome::Failed(Outcome::SelectorMissing(field.to_owned()));
        let found: Vec<ElementRef<'_>> = self.page.select(&rows.selector).take(MAX_ROWS).collect();
        if found.is_empty() {
            let empty = rows.min == 0 || rows.empty.as_ref().is_some_and(|proof| proof.holds(self.page, self.source));
            return (vec![], if empty { ReadOutcome::Empty } else { missing("rows") });
        }
        let (mut read, mut lacking) = (Vec::new(), None);
        for row in &found {
            match self.fields(rows, *row) {
                Ok(fields) => read.push(fields),
                Err(field) => lacking = lacking.or(Some(field)),
            }
        }
        let outcome = match lacking {
            Some(field) if read.is_empty() => missing(field),
            Some(field) => {
                let lost = found.len() - read.len();
                ReadOutcome::Failed(Outcome::Partial(format!("{lost} of {} rows lack {field}", found.len())))
            }
            None if found.len() < rows.min => missing("rows"),
            None => ReadOutcome::Rows,
        };
        (read, outcome)
    }

    /// The fields of a row, or the name of one that it lacks.
    fn fields<'n>(&self, rows: &'n Rows, row: ElementRef<'_>) -> Result<BTreeMap<String, String>, &'n str> {
        let mut fields = BTreeMap::new();
        for (name, field) in &rows.fields {
            match field::value(field, row, self.page, rows.remove.as_deref(), &self.definition.timezone) {
                Some(value) => {
                    if name == "body" {
                        let links = field::links(field, row, self.page, &value);
                        if !links.is_empty() {
                            fields.insert("links".to_owned(), links.join("\n"));
                        }
                    }
                    fields.insert(name.clone(), value);
                }
                None if field.optional => {}
                None => return Err(name),
            }
        }
        Ok(fields)
    }

    fn thread(&self, mut fields: BTreeMap<String, String>) -> Option<Thread> {
        let url = self.resolve(&fields.remove("thread_url")?)?;
        let id = fields.remove("thread_id")?;
        Some(Thread { url, context: ThreadContext { id, fields } })
    }

    fn post(&self, mut fields: BTreeMap<String, String>) -> Option<Post> {
        // What the page does not tell, its listing may have told.
        let listed = self.request.thread.as_ref();
        let mut take =
            |name: &str| fields.remove(name).or_else(|| listed.and_then(|thread| thread.fields.get(name).cloned()));
        let time = |text: Option<String>| text.and_then(|t| t.parse().ok());
        let (title, author) = (take("title").unwrap_or_default(), take("author"));
        let (posted_at, edited_at) = (time(take("posted_at")), time(take("edited_at")));
        let thread_id = take("thread_id").or_else(|| listed.map(|thread| thread.id.clone()));
        let url = fields.remove("url").and_then(|link| self.resolve(&link)).unwrap_or_else(|| self.url.clone());
        Some(Post {
            post_id: fields.remove("post_id")?,
            thread_id,
            url: url.to_string(),
            author,
            posted_at,
            edited_at,
            title,
            body: fields.remove("body").unwrap_or_default(),
            extra: fields,
        })
    }

    fn next(&self, selector: Option<&Selector>) -> Option<Url> {
        self.page.select(selector?).find_map(|link| self.link(link))
    }

    fn link(&self, element: ElementRef<'_>) -> Option<Url> {
        self.resolve(element.attr("href")?)
    }

    fn resolve(&self, link: &str) -> Option<Url> {
        self.url.join(link.trim()).ok().filter(|url| matches!(url.scheme(), "http" | "https"))
    }
}
