//! Reading one page: what it is, its rows, and where it leads.

use jiff::{Timestamp, tz::Offset};
use scraper::{ElementRef, Html, Selector};
use url::Url;

use super::{
    Moment, Post, bounds,
    charset::decode_text,
    feed,
    field::Place,
    json,
    rows::{self, Fields},
    times, zone,
};
use crate::{
    Outcome, PageClass,
    definition::{Definition, Proof, Response, Rows},
    walk::{LAST_POST_WITHIN, LEFT_BEHIND, PageKind, PageRequest, RawPage, ThreadContext},
};

/// Fields of a listing that tell of a change.
const SIGNALS: [&str; 3] = ["replies", "last_post_at", LAST_POST_WITHIN];

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
    /// Links to further pages of a thread.
    pub others: Vec<Url>,
    /// Link to the page before, where threads are read backwards.
    pub prev: Option<Url>,
    /// Link to the last page, where threads are read backwards.
    pub last: Option<Url>,
    /// The definition asks for a member, and the page takes us for a guest; or does not tell, where it was read all the
    /// same.
    pub guest: bool,
    /// Times and what they are of, read as if they were UTC, of a page that is asked for the zone.
    pub times: Vec<(String, Timestamp)>,
    /// How far from UTC a clock on the page is.
    pub clock: Option<Offset>,
    /// The zone by its name or its offset, of a page that is asked for it.
    pub zone: Option<String>,
}

impl PageReading {
    fn of(outcome: ReadOutcome) -> Self {
        let (posts, threads, boards, others, times) = (vec![], vec![], vec![], vec![], vec![]);
        let (next, prev, last, guest, clock, zone) = (None, None, None, false, None, None);
        Self { outcome, posts, threads, boards, next, others, prev, last, guest, times, clock, zone }
    }

    fn failed(outcome: Outcome) -> Self {
        Self::of(ReadOutcome::Failed(outcome))
    }
}

/// Reads a page; pure, so that an archived capture is read the same way again.
#[must_use]
pub fn extract(definition: &Definition, request: &PageRequest, raw: &RawPage<'_>) -> PageReading {
    if raw.url.host_str() != request.url.host_str() {
        return PageReading::failed(Outcome::Moved(raw.url.host_str().unwrap_or_default().to_owned()));
    }
    let response = definition.response_of(request.kind);
    let Look { page, source, class } = match look(definition, response, raw) {
        Ok(look) => look,
        Err(outcome) => return PageReading::failed(outcome),
    };
    if let Some(blocked) = class {
        return match (blocked, request.kind) {
            (PageClass::NotFound, PageKind::Thread) => PageReading::of(ReadOutcome::Gone),
            (PageClass::Login, _) => PageReading {
                guest: is_guest(definition, response, &page, &source),
                ..PageReading::failed(Outcome::Blocked(blocked))
            },
            _ => PageReading::failed(Outcome::Blocked(blocked)),
        };
    }
    if !(200..300).contains(&raw.status) {
        return PageReading::failed(Outcome::Unreachable(format!("http_{}", raw.status)));
    }
    if request.kind == PageKind::Times {
        return times_of(definition, request, &page, raw);
    }
    let proven = match response {
        // A text says nothing of where it stands; an error page comes as HTML.
        Response::Text => !raw.content_type.to_ascii_lowercase().contains("html"),
        _ => definition.identity.is_empty() || definition.identity.iter().any(|proof| proof.holds(&page, &source)),
    };
    if !proven {
        return PageReading::failed(Outcome::NotTheSite);
    }
    // What a guest is shown of a site that is read as a member would look like success.
    if response == Response::Html && is_guest(definition, response, &page, &source) {
        return PageReading { guest: true, ..PageReading::failed(Outcome::Blocked(PageClass::Login)) };
    }
    let told = zone::of(definition, &page, raw.url, raw.received_at, request.zone.as_deref());
    let moment = Moment { zone: &told.zone, received_at: raw.received_at, format: told.format };
    // JSON does not always tell. A thread is left alone: its listing has been asked.
    let doubtful = response == Response::Json
        && request.kind != PageKind::Thread
        && definition.session.as_ref().is_some_and(|session| !session.logged_in.holds(&page, &source));
    let reading = Reader { definition, request, page: &page, source: &source, url: raw.url, moment }.read();
    PageReading { guest: doubtful, clock: told.clock, ..reading }
}

/// The first of two pages shows times as all pages do, the second in UTC; or one names the zone. They prove nothing of
/// the site, and tell nothing else.
fn times_of(definition: &Definition, request: &PageRequest, page: &Html, raw: &RawPage<'_>) -> PageReading {
    if definition.walk.zone.is_some() {
        let zone = zone::written(definition, page, raw.url, raw.received_at);
        return PageReading { zone, ..PageReading::of(ReadOutcome::Empty) };
    }
    let both = definition.walk.times.as_ref();
    let times = both.map(|both| if request.page == 1 { &both.shown } else { &both.utc });
    let times = times.map(|times| times::read(times, page, raw.url, raw.received_at)).unwrap_or_default();
    PageReading { times, ..PageReading::of(ReadOutcome::Empty) }
}

/// A page before its rows are read.
pub(crate) struct Look {
    pub(crate) page: Html,
    /// What it was parsed from, decoded.
    pub(crate) source: String,
    /// What stands in the way.
    pub(crate) class: Option<PageClass>,
}

/// Decodes, bounds and classifies a page.
pub(crate) fn look(definition: &Definition, response: Response, raw: &RawPage<'_>) -> Result<Look, Outcome> {
    let source = decode_text(raw.body, definition.encoding, raw.content_type);
    let made = match response {
        Response::Html => None,
        Response::Json => json::document(&source).ok(),
        Response::Feed => feed::document(&source, raw.url.as_str()).ok(),
        Response::Text => Some(json::text_document(&source)),
    };
    let document = made.as_deref().unwrap_or(&source);
    bounds::check(document).map_err(|why| Outcome::Unreachable(why.to_owned()))?;
    // What is no JSON or no feed is an error page, mostly: classes and identity tell.
    let page = Html::parse_document(document);
    let class = class_of(definition, &page, &source, raw.status);
    Ok(Look { page, source, class })
}

/// Whether a page that is to be read as a member does not prove that we are one. JSON carries no such proof.
fn is_guest(definition: &Definition, response: Response, page: &Html, source: &str) -> bool {
    let proven = |proof: &Proof| response == Response::Html && proof.holds(page, source);
    definition.session.as_ref().is_some_and(|session| !proven(&session.logged_in))
}

/// What stands in the way, by the definition's rules first; 5xx is no class but no answer.
fn class_of(definition: &Definition, page: &Html, source: &str, status: u16) -> Option<PageClass> {
    let rule = definition.page_classes.iter().find(|(_, proof)| proof.holds(page, source));
    rule.map(|(class, _)| *class).or(match status {
        401 => Some(PageClass::Login),
        403 => Some(PageClass::Banned),
        404 | 410 => Some(PageClass::NotFound),
        429 => Some(PageClass::RateLimited),
        _ => None,
    })
}

struct Reader<'a> {
    definition: &'a Definition,
    request: &'a PageRequest,
    page: &'a Html,
    source: &'a str,
    url: &'a Url,
    moment: Moment<'a>,
}

impl Reader<'_> {
    fn read(&self) -> PageReading {
        let way = &self.definition.walk;
        let mut reading = PageReading::of(ReadOutcome::Rows);
        if let (Some((_, each)), PageKind::Boards | PageKind::Listing) = (&way.boards, self.request.kind) {
            reading.boards = self.page.select(each).filter_map(|link| self.link(link)).collect();
        }
        match self.request.kind {
            PageKind::Boards if reading.boards.is_empty() => {
                reading.outcome = ReadOutcome::Failed(Outcome::SelectorMissing("boards".into()));
            }
            PageKind::Boards | PageKind::Times => {}
            PageKind::Listing => {
                reading.next = self.linked(way.listing_next.as_deref());
                self.threads(&mut reading);
            }
            PageKind::Posts => {
                reading.next = self.linked(way.posts.as_ref().and_then(|posts| posts.next.as_deref()));
                self.posts(&mut reading);
            }
            PageKind::Thread => {
                reading.next = self.linked(way.thread_next.as_deref());
                if let Some(others) = &way.thread_others {
                    reading.others = self.page.select(others).filter_map(|link| self.link(link)).collect();
                }
                if let Some(backwards) = &way.backwards {
                    reading.last = self.linked(Some(&backwards.last));
                    reading.prev = self.linked(Some(&backwards.prev));
                }
                self.posts(&mut reading);
            }
        }
        reading
    }

    fn posts(&self, reading: &mut PageReading) {
        let (rows, outcome) = self.rows(&self.definition.thread);
        reading.posts = rows.into_iter().filter_map(|fields| self.post(fields)).collect();
        reading.outcome = outcome;
    }

    fn threads(&self, reading: &mut PageReading) {
        // Where no listing is read, none is asked for.
        let Some(listing) = &self.definition.listing else { return };
        let (rows, outcome) = self.rows(listing);
        let found = rows.len();
        reading.threads = rows.into_iter().filter_map(|fields| self.thread(fields)).collect();
        reading.outcome = outcome;
        if reading.threads.len() < found {
            reading.outcome = ReadOutcome::Failed(lost_links(found, reading.threads.len()));
        }
    }

    fn rows(&self, rows: &Rows) -> (Vec<Fields>, ReadOutcome) {
        let removed = rows.remove.as_deref();
        let place = Place { page: self.page, url: self.url, moment: self.moment, removed };
        let is_empty = || rows.empty.as_ref().is_some_and(|proof| proof.holds(self.page, self.source));
        rows::read(rows, &place, is_empty, |name| self.listed(name).cloned())
    }

    /// What the listing told of a post's field.
    fn listed(&self, name: &str) -> Option<&String> {
        rows::inherited(self.definition.kind, self.request.thread.as_ref(), name)
    }

    fn thread(&self, mut fields: Fields) -> Option<Thread> {
        let url = self.resolve(&fields.remove("thread_url")?)?;
        let id = fields.remove("thread_id")?;
        if fields.remove("row_id").is_some_and(|row| row != id) {
            // Counts and times are those of the day the thread was moved.
            fields.retain(|name, _| !SIGNALS.contains(&name.as_str()));
            fields.insert(LEFT_BEHIND.to_owned(), "true".to_owned());
        }
        Some(Thread { url, context: ThreadContext { id, fields } })
    }

    fn post(&self, mut fields: Fields) -> Option<Post> {
        // What the page does not tell, its listing may have told.
        let mut take = |name: &str| fields.remove(name).or_else(|| self.listed(name).cloned());
        let time = |text: Option<String>| text.and_then(|t| t.parse().ok());
        let (title, author) = (take("title").unwrap_or_default(), take("author"));
        let (posted_at, edited_at) = (time(take("posted_at")), time(take("edited_at")));
        let thread = self.request.thread.as_ref().filter(|_| self.request.kind == PageKind::Thread);
        let thread_id = fields.remove("thread_id").or_else(|| Some(thread?.id.clone()));
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

    fn linked(&self, selector: Option<&Selector>) -> Option<Url> {
        self.page.select(selector?).find_map(|link| self.link(link)).map(|url| self.on_this_host(url))
    }

    /// The next page of a JSON list is the same resource with another query. A program names it by the address in its
    /// configuration, which on a mirror is that of another host.
    fn on_this_host(&self, url: Url) -> Url {
        let json = self.definition.response_of(self.request.kind) == Response::Json;
        let is_same = || url.path_segments().map(Iterator::last) == self.url.path_segments().map(Iterator::last);
        if !json || url.origin() == self.url.origin() || !is_same() {
            return url;
        }
        let mut here = self.url.clone();
        here.set_query(url.query());
        here
    }

    fn link(&self, element: ElementRef<'_>) -> Option<Url> {
        self.resolve(element.attr("href")?)
    }

    fn resolve(&self, link: &str) -> Option<Url> {
        self.url.join(link.trim()).ok().filter(|url| matches!(url.scheme(), "http" | "https"))
    }
}

/// Rows whose `thread_url` is no address.
fn lost_links(found: usize, good: usize) -> Outcome {
    match good {
        0 => Outcome::SelectorMissing("thread_url".into()),
        _ => Outcome::Partial(format!("{} of {found} rows lack thread_url", found - good)),
    }
}
