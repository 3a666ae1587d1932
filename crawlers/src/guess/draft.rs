//! A definition drafted from the structure that a page repeats.

use std::collections::BTreeSet;

use jiff::tz::TimeZone;
use scraper::{Html, Selector};
use serde_json::{Map, Value, json};
use url::Url;

use super::group::{self, Group};
use crate::{
    definition::Library,
    extract::{Moment, ReadOutcome, decode_text, extract},
    repair::{
        dates::STYLES_TRIED,
        selectors::{self, ROW},
        view::View,
        yaml::{flow, scalar},
    },
    walk::{PageKind, PageRequest, RawPage},
};

/// Characters of text beside the links from which a row is taken for a post.
const LONG: usize = 60;
/// Words in names and links of who wrote something.
const AUTHORS: [&str; 10] =
    ["author", "user", "member", "profile", "poster", "nick", "byline", "uid=", "action=profile", "login"];

/// A drafted definition.
pub(super) struct Draft {
    pub(super) text: String,
    pub(super) rows: usize,
    pub(super) thread: bool,
}

/// Drafts a definition; `None` when the page repeats nothing.
pub(super) fn of(id: &str, link: &Url, raw: &RawPage<'_>) -> Option<Draft> {
    let source = decode_text(raw.body, None, raw.content_type);
    crate::extract::check_bounds(&source).ok()?;
    let html = Html::parse_document(&source);
    let moment = Moment { zone: &TimeZone::UTC, received_at: raw.received_at, format: None };
    let view = View::new(PageKind::Listing, raw.url, &html, moment, &[]);
    let group = group::best(&view)?;
    let shape = Shape { view: &view, group: &group };
    let drafts = if shape.is_thread() { [shape.thread(), shape.listing()] } else { [shape.listing(), shape.thread()] };
    // The definition that reads the page whole is the better guess of the two.
    let mut whole = drafts.into_iter().flatten().filter_map(|(thread, fields)| {
        // Under an identity that fits in any case: whether the given one does is told elsewhere.
        let trial = text("draft", link, &group, thread, &fields);
        let definition = Library::shipped().parse(&trial, "draft").ok()?;
        let kind = if thread { PageKind::Thread } else { PageKind::Listing };
        let request = PageRequest { url: raw.url.clone(), kind, page: 1, thread: None, zone: None };
        let reading = extract(&definition, &request, raw);
        let rows = reading.posts.len() + reading.threads.len();
        let text = text(id, link, &group, thread, &fields);
        (reading.outcome == ReadOutcome::Rows && rows > 0).then_some(Draft { text, rows, thread })
    });
    whole.next()
}

type Fields = Map<String, Value>;

struct Shape<'v, 'a> {
    view: &'v View<'a>,
    group: &'v Group,
}

impl Shape<'_, '_> {
    fn each(&self, row: usize) -> std::ops::Range<usize> {
        row..self.view.ends[row]
    }

    /// Posts say something that is no link.
    fn is_thread(&self) -> bool {
        let free = self.group.rows.iter().map(|row| {
            let links = self.each(*row).filter(|at| self.view.elements[*at].value().name() == "a");
            self.view
                .shown(*row)
                .chars()
                .count()
                .saturating_sub(links.map(|at| self.view.shown(at).chars().count()).sum())
        });
        free.sum::<usize>() > LONG * self.group.rows.len()
    }

    fn listing(&self) -> Option<(bool, Fields)> {
        let mut fields = Map::new();
        let link = self.link()?;
        let hrefs = self.values(&link, Some("href"))?;
        fields.insert("thread_id".into(), id_in(&link, "href", &hrefs)?);
        fields.insert("thread_url".into(), json!({ "selector": link, "attribute": "href" }));
        fields.insert("title".into(), json!({ "selector": link, "filters": ["trim"] }));
        fields.extend(self.time().map(|field| ("last_post_at".to_owned(), field)));
        fields.extend(self.author(&link).map(|field| ("author".to_owned(), field)));
        Some((false, fields))
    }

    fn thread(&self) -> Option<(bool, Fields)> {
        let mut fields = Map::new();
        fields.insert("post_id".into(), self.id()?);
        let body = self.longest(|view, at| view.elements[at].value().name() != "a", false)?;
        fields.extend(self.time().map(|field| ("posted_at".to_owned(), field)));
        fields.extend(self.author("").map(|field| ("author".to_owned(), field)));
        fields.insert("body".into(), json!({ "selector": body }));
        fields.insert("title".into(), json!({ "from": "page", "selector": "h1, title", "filters": ["trim"] }));
        Some((true, fields))
    }

    /// What a selector reads in every row: an attribute or the text; `None` when a row lacks it.
    fn values(&self, css: &str, attribute: Option<&str>) -> Option<Vec<String>> {
        let selector = Selector::parse(css).ok()?;
        let read = |row: &usize| {
            let row = self.view.elements[*row];
            let element = if css == ROW { row } else { row.select(&selector).next()? };
            let value = match attribute {
                Some(name) => element.attr(name)?.to_owned(),
                None => self.view.shown(self.view.place(element)?).to_owned(),
            };
            Some(value).filter(|value| !value.trim().is_empty())
        };
        self.group.rows.iter().map(read).collect()
    }

    /// The link with the longest text that every row has and that leads each row elsewhere.
    fn link(&self) -> Option<String> {
        self.longest(|view, at| view.elements[at].attr("href").is_some(), true)
    }

    /// Of what every row has, the selector of the element with the longest text; where two say the same, the surer one.
    fn longest(&self, fits: impl Fn(&View<'_>, usize) -> bool, leads: bool) -> Option<String> {
        let row = *self.group.rows.get(1)?;
        let mut best: Option<(usize, u32, String)> = None;
        for at in self.each(row).filter(|at| fits(self.view, *at) && (*at != row || leads)) {
            for candidate in selectors::of(self.view, at, Some(row)).into_iter().take(24) {
                let Some(texts) = self.values(&candidate.css, None) else { continue };
                if leads && !self.values(&candidate.css, Some("href")).is_some_and(|links| all_differ(&links)) {
                    continue;
                }
                let length = texts.iter().map(|text| text.chars().count().min(400)).sum::<usize>();
                // Of a text and its frame the frame says little more.
                let better = best.as_ref().is_none_or(|(longest, cost, _)| {
                    length > longest + longest / 8 || (length + length / 8 >= *longest && candidate.cost < *cost)
                });
                if better {
                    best = Some((length, candidate.cost, candidate.css));
                }
            }
        }
        best.map(|(.., css)| css)
    }

    /// What numbers the rows: an attribute of theirs or of something in them.
    fn id(&self) -> Option<Value> {
        let row = *self.group.rows.first()?;
        for at in self.each(row) {
            let names = self.view.elements[at].value().attrs().map(|(name, _)| name);
            for name in names.filter(|name| *name == "id" || *name == "href" || name.starts_with("data-")) {
                for candidate in selectors::of(self.view, at, Some(row)).into_iter().take(6) {
                    let field =
                        self.values(&candidate.css, Some(name)).and_then(|values| id_in(&candidate.css, name, &values));
                    if field.is_some() {
                        return field;
                    }
                }
            }
        }
        None
    }

    fn time(&self) -> Option<Value> {
        let row = *self.group.rows.first()?;
        for at in self.view.times.iter().map(|(at, _)| *at).filter(|at| self.view.within(*at, row)) {
            let names = self.view.elements[at].value().attrs().map(|(name, _)| Some(name));
            let takes: Vec<_> = names.filter(|name| matches!(name, Some("datetime" | "title"))).chain([None]).collect();
            for candidate in selectors::of(self.view, at, Some(row)).into_iter().take(8) {
                for take in &takes {
                    if let Some(field) = self.time_by(&candidate.css, *take) {
                        return Some(field);
                    }
                }
            }
        }
        None
    }

    /// The field that reads a time in every row.
    fn time_by(&self, css: &str, take: Option<&str>) -> Option<Value> {
        let selector = Selector::parse(css).ok()?;
        let text = |row: &usize| {
            let row = self.view.elements[*row];
            let element = if css == ROW { row } else { row.select(&selector).next()? };
            Some(take.map_or_else(
                || crate::extract::text_of(element, &[]),
                |name| element.attr(name).unwrap_or_default().to_owned(),
            ))
        };
        let texts = self.group.rows.iter().map(text).collect::<Option<Vec<_>>>()?;
        let style = STYLES_TRIED
            .iter()
            .find(|style| texts.iter().all(|text| text.len() < 160 && style.read(text, &self.view.moment).is_some()))?;
        let cut = style.cut.as_ref().map(|pattern| json!({ "regexp": pattern }));
        let filters: Vec<_> = cut.into_iter().chain([json!("trim"), json!({ "date": style.formats })]).collect();
        let mut field = Map::new();
        field.insert("selector".into(), json!(css));
        field.extend(take.map(|name| ("attribute".to_owned(), json!(name))));
        field.insert("optional".into(), json!(true));
        field.insert("filters".into(), json!(filters));
        Some(Value::Object(field))
    }

    /// A short text whose element or link names an author, and which is not the title.
    fn author(&self, title: &str) -> Option<Value> {
        let row = *self.group.rows.first()?;
        for at in self.each(row).skip(1) {
            let element = self.view.elements[at];
            let marks: Vec<_> = element.value().attrs().map(|(_, value)| value.to_lowercase()).collect();
            let shown = self.view.shown(at).chars().count();
            if !(1..40).contains(&shown) || !AUTHORS.iter().any(|word| marks.iter().any(|mark| mark.contains(word))) {
                continue;
            }
            for candidate in selectors::of(self.view, at, Some(row)).into_iter().take(8) {
                let short = |texts: Vec<String>| texts.iter().all(|text| text.chars().count() < 60);
                if candidate.css != title && self.values(&candidate.css, None).is_some_and(short) {
                    return Some(json!({ "selector": candidate.css, "optional": true, "filters": ["trim"] }));
                }
            }
        }
        None
    }
}

fn all_differ(values: &[String]) -> bool {
    values.iter().collect::<BTreeSet<_>>().len() == values.len()
}

/// The field that reads an id that differs on every row: a number, or the last part of an address.
fn id_in(css: &str, attribute: &str, values: &[String]) -> Option<Value> {
    for pattern in [r"(\d+)/?$", r"[=/_.-](\d+)", r"(\d+)", r"/([^/?#]+)/?$", r"^(.+)$"] {
        if attribute != "href" && pattern.starts_with('/') {
            continue;
        }
        let regex = regex::Regex::new(pattern).ok()?;
        let ids: Option<Vec<_>> = values.iter().map(|value| Some(regex.captures(value)?[1].to_owned())).collect();
        if ids.is_some_and(|ids| all_differ(&ids)) {
            return Some(json!({ "selector": css, "attribute": attribute, "filters": [{ "regexp": pattern }] }));
        }
    }
    None
}

/// The definition; what one page could not show is said so.
fn text(id: &str, link: &Url, group: &Group, thread: bool, fields: &Fields) -> String {
    let rows = |name: &str, css: &str, fields: &Fields| {
        let fields: String = fields.iter().map(|(name, field)| format!("      {name}: {}\n", flow(field))).collect();
        format!("  {name}:\n    selector: {}\n    fields:\n{fields}", scalar(css))
    };
    let object = |value: Value| value.as_object().cloned().unwrap_or_default();
    let post = object(json!({
        "post_id": { "from": "url", "filters": [{ "regexp": "/([^/]+)/?$" }] },
        "title": { "from": "page", "selector": "h1, title", "filters": ["trim"] },
        "body": { "selector": "main, article, :scope" },
    }));
    let topic = object(json!({
        "thread_id": { "attribute": "href", "filters": [{ "regexp": "/([^/]+)/?$" }] },
        "thread_url": { "attribute": "href" },
        "title": { "filters": ["trim"] },
    }));
    let seen = if thread { "posts of a thread" } else { "threads of a listing" };
    let unseen = if thread { "listing" } else { "page of a thread" };
    let (listing, posts) = if thread {
        (rows("listing", "h2 > a[href], h3 > a[href]", &topic), rows("thread", &group.css, fields))
    } else {
        (rows("listing", &group.css, fields), rows("thread", "body", &post))
    };
    format!(
        "# Drafted from the structure of {link}: {} rows, taken for the {seen}.\n\
         # A {unseen} was not seen; its rows are a placeholder until one is shown.\n\
         schema: 1\nid: {id}\nname: {}\nkind: forum\nlinks: [{}]\nwalk:\n  listing: {{ path: \"\" }}\nrows:\n{listing}{posts}",
        group.rows.len(),
        scalar(link.host_str().unwrap_or(id)),
        scalar(link.as_str()),
    )
}
