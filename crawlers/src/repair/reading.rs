//! Ways to read a value from an element: what is taken of it, and the steps from there to the value.

use std::sync::Arc;

use jiff::Timestamp;
use regex::Regex;
use scraper::{ElementRef, Selector};
use serde_json::{Map, Value, json};

use super::{
    dates::STYLES_TRIED,
    evidence::{is_id, token_at},
    known::{Likeness, compare, squeeze, times},
    prune,
    selectors::marks,
    view::{View, tells_time},
};
use crate::{
    definition::{Field, From, Take},
    extract::{Filter, Place, field_value, text_of},
};

/// Bytes that buttons and notices may add to a body.
const MORE: usize = 600;

/// A way to read a field: as far as it is not the old one.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Reading {
    /// The attribute; `None` for the text.
    pub(super) attribute: Option<String>,
    /// The steps; `None` for those of the old field.
    pub(super) steps: Option<Vec<Step>>,
    /// Selector of what is left out of the text.
    pub(super) without: Option<String>,
    pub(super) cost: u32,
}

/// One step, as a definition writes it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Step {
    Trim,
    Number,
    Regexp(String),
    Querystring(String),
    Prepend(String),
    /// One of the styles of dates, by its number.
    Date(usize),
}

impl Step {
    fn ready(&self) -> Option<Vec<Filter>> {
        Some(match self {
            Self::Trim => vec![Filter::Trim],
            Self::Number => vec![Filter::Number],
            Self::Regexp(pattern) => vec![Filter::Regexp(Arc::new(Regex::new(pattern).ok()?))],
            Self::Querystring(name) => vec![Filter::Querystring(name.clone())],
            Self::Prepend(text) => vec![Filter::Prepend(text.clone())],
            Self::Date(style) => STYLES_TRIED.get(*style)?.steps(),
        })
    }

    fn written(&self) -> Vec<Value> {
        match self {
            Self::Trim => vec![json!("trim")],
            Self::Number => vec![json!("number")],
            Self::Regexp(pattern) => vec![json!({ "regexp": pattern })],
            Self::Querystring(name) => vec![json!({ "querystring": name })],
            Self::Prepend(text) => vec![json!({ "prepend": text })],
            Self::Date(style) => {
                let Some(style) = STYLES_TRIED.get(*style) else { return Vec::new() };
                let cut = style.cut.as_ref().map(|pattern| json!({ "regexp": pattern }));
                cut.into_iter().chain([json!("trim"), json!({ "date": style.formats })]).collect()
            }
        }
    }
}

impl Reading {
    fn new(attribute: Option<&str>, steps: Vec<Step>, cost: u32) -> Self {
        let meaning = match attribute {
            Some("datetime" | "id" | "href") => 0,
            Some(name) if name.starts_with("data-") => 1,
            Some(_) => 4,
            None => 2,
        };
        Self { attribute: attribute.map(str::to_owned), steps: Some(steps), without: None, cost: cost + meaning }
    }

    /// The field that reads in this way from what the selector picks; what it does not say is the old field's.
    pub(super) fn field(&self, selector: Option<&Selector>, from: From, old: &Field) -> Option<Field> {
        let filters = match &self.steps {
            None => old.filters.clone(),
            Some(steps) => steps.iter().map(Step::ready).collect::<Option<Vec<_>>>()?.concat(),
        };
        let take = match (&self.attribute, &old.take) {
            (Some(attribute), _) => Take::Attribute(attribute.clone()),
            // The text, in which attributes of parts stand in their place.
            (None, Take::InPlace(name)) => Take::InPlace(name.clone()),
            (None, _) => Take::Text,
        };
        let remove = match &self.without {
            Some(css) => Some(Arc::new(Selector::parse(css).ok()?)),
            None => old.remove.clone(),
        };
        // Second ways stay in the definition; here they would hide whether this one works.
        let (default_from, or, default) = (None, None, None);
        Some(Field {
            from,
            selector: selector.cloned().map(Arc::new),
            take,
            filters,
            remove,
            default_from,
            or,
            default,
            ..old.clone()
        })
    }

    /// What a definition's file says of the field.
    pub(super) fn written(&self, css: &str, from: From, old: Option<&Field>) -> Value {
        let mut field = Map::new();
        field.insert("selector".into(), json!(css));
        let texts = old.is_none_or(|old| matches!(old.take, Take::Text | Take::InPlace(_)));
        match &self.attribute {
            Some(attribute) => field.insert("attribute".into(), json!(attribute)),
            // An empty attribute is the text, whatever the base takes.
            None if !texts => field.insert("attribute".into(), json!("")),
            None => None,
        };
        if let Some(css) = &self.without {
            field.insert("remove".into(), json!(css));
        }
        if let Some(steps) = &self.steps
            && (!steps.is_empty() || old.is_some_and(|old| !old.filters.is_empty()))
        {
            field.insert("filters".into(), json!(steps.iter().flat_map(Step::written).collect::<Vec<_>>()));
        }
        if old.is_some_and(|old| old.from != from) {
            field.insert("from".into(), json!(if from == From::Page { "page" } else { "row" }));
        }
        Value::Object(field)
    }
}

/// The value a field reads in a row.
pub(super) fn read(view: &View<'_>, field: &Field, row: ElementRef<'_>, removed: Option<&Selector>) -> Option<String> {
    let place = Place { page: view.html, url: view.url, moment: view.moment, removed };
    field_value(field, row, &place).or_else(|| field.default.clone())
}

/// What is wanted of an element: a field's known value.
pub(super) struct Wanted<'a> {
    pub(super) name: &'a str,
    pub(super) value: &'a str,
    pub(super) old: &'a Field,
    pub(super) removed: Option<&'a Selector>,
}

impl Wanted<'_> {
    /// The ways to read the value from this element itself.
    pub(super) fn readings(&self, view: &View<'_>, at: usize) -> Vec<Reading> {
        let element = view.elements[at];
        let mut all = Vec::new();
        let mut attributes: Vec<Option<&str>> = vec![None];
        attributes.extend(element.value().attrs().filter(|(name, _)| *name != "style").map(|(name, _)| Some(name)));
        for attribute in attributes {
            let reading = Reading { attribute: attribute.map(str::to_owned), steps: None, without: None, cost: 0 };
            let raw = match attribute {
                Some(name) => element.attr(name).unwrap_or_default().to_owned(),
                None => self.text(element),
            };
            let of_link = matches!(attribute, Some("href" | "src" | "class" | "id"));
            let leads = is_id(view.kind, self.name) || self.name.ends_with("url");
            if raw.is_empty() || (of_link && !leads) {
                continue;
            }
            if self.reads(view, element, &reading) == Likeness::Same {
                all.push(reading);
            }
            for reading in self.guesses(view, at, attribute, &raw) {
                match self.reads(view, element, &reading) {
                    Likeness::Same => all.push(reading),
                    Likeness::Coarser => all.push(Reading { cost: reading.cost + 40, ..reading }),
                    Likeness::Other => {}
                }
            }
        }
        all
    }

    fn text(&self, element: ElementRef<'_>) -> String {
        let removed: Vec<_> = self.old.remove.as_deref().into_iter().chain(self.removed).collect();
        text_of(element, &removed)
    }

    fn reads(&self, view: &View<'_>, element: ElementRef<'_>, reading: &Reading) -> Likeness {
        let Some(field) = reading.field(None, From::Row, self.old) else { return Likeness::Other };
        match read(view, &field, element, self.removed) {
            Some(value) => compare(self.name, &value, self.value, view.url),
            None => Likeness::Other,
        }
    }

    /// Readings that may give the value, to be tried.
    fn guesses(&self, view: &View<'_>, at: usize, attribute: Option<&str>, raw: &str) -> Vec<Reading> {
        if self.name.ends_with("_at") {
            return self.dates(view, attribute, raw);
        }
        if self.name == "url" || self.name.ends_with("_url") {
            return match attribute {
                Some("href") => vec![Reading::new(attribute, vec![], 0)],
                Some("id" | "name") => vec![Reading::new(attribute, vec![Step::Prepend("#".into())], 6)],
                _ => vec![],
            };
        }
        if is_id(view.kind, self.name) {
            return self.ids(attribute, raw);
        }
        if self.name == "body" {
            return if attribute.is_none() { self.bodies(view, at, raw) } else { vec![] };
        }
        let mut all = vec![Reading::new(attribute, vec![Step::Trim], 1)];
        if self.value.chars().all(|c| c.is_ascii_digit()) {
            all.push(Reading::new(attribute, vec![Step::Number], 2));
        } else if let Some(pattern) = self.within(raw) {
            all.push(Reading::new(attribute, vec![Step::Trim, Step::Regexp(pattern)], 12));
        }
        all
    }

    /// A body is the text of its element, or of a larger one without its buttons, notices and signatures.
    fn bodies(&self, view: &View<'_>, at: usize, raw: &str) -> Vec<Reading> {
        let mut all = vec![Reading::new(None, vec![], 0)];
        let (raw, body) = (squeeze(raw), squeeze(self.value));
        let begin: String = body.chars().take(12).collect();
        if begin.is_empty() || raw.len() <= body.len() || raw.len() > body.len() + MORE || !raw.contains(&begin) {
            return all;
        }
        let left_out: Vec<_> = self.old.remove.as_deref().into_iter().chain(self.removed).collect();
        if let Some(css) = prune::besides(view, at, &body, &left_out) {
            all.push(Reading { attribute: None, steps: Some(vec![]), without: Some(css), cost: 14 });
        }
        let mut tried: Vec<String> = Vec::new();
        for inner in at + 1..view.ends[at] {
            for mark in marks(view.elements[inner]).into_iter().take(3).filter(|mark| mark.cost < 50) {
                if tried.contains(&mark.css) || tried.len() >= 60 {
                    continue;
                }
                let without = Some(mark.css.clone());
                all.push(Reading { attribute: None, steps: Some(vec![]), without, cost: 12 + mark.cost / 4 });
                tried.push(mark.css);
            }
        }
        all
    }

    fn dates(&self, view: &View<'_>, attribute: Option<&str>, raw: &str) -> Vec<Reading> {
        let Ok(known) = self.value.parse::<Timestamp>() else { return vec![] };
        if raw.len() > 160 || attribute.is_some_and(|name| !tells_time(name)) {
            return vec![];
        }
        let fits = |text: Option<Timestamp>| text.is_some_and(|time| times(time, known) != Likeness::Other);
        let styles = STYLES_TRIED.iter().enumerate().filter(|(_, style)| fits(style.read(raw, &view.moment)));
        let cost = |number: usize, cut: bool| if number == 0 { 0 } else { 3 + 5 * u32::from(cut) };
        styles.map(|(n, style)| Reading::new(attribute, vec![Step::Date(n)], cost(n, style.cut.is_some()))).collect()
    }

    /// An id stands in an attribute or an address behind something that all rows have; what names a part of a page by a
    /// mark and a number may have another mark now.
    fn ids(&self, attribute: Option<&str>, raw: &str) -> Vec<Reading> {
        let mut all = Vec::new();
        let number = self.value.trim_start_matches(|c: char| !c.is_ascii_digit());
        let mark = &self.value[..self.value.len() - number.len()];
        let mut ids = vec![(self.value, "")];
        if !mark.is_empty() && !number.is_empty() {
            ids.push((number, mark));
        }
        for (id, mark) in ids {
            let put_before = |mut steps: Vec<Step>| {
                steps.extend((!mark.is_empty()).then(|| Step::Prepend(mark.to_owned())));
                steps
            };
            let cost = if mark.is_empty() { 0 } else { 15 };
            if raw.trim() == id {
                all.push(Reading::new(attribute, put_before(vec![Step::Trim]), cost));
            } else if attribute.is_some_and(|name| name != "style") {
                for step in around_id(raw, id) {
                    all.push(Reading::new(attribute, put_before(vec![step]), cost + 5));
                }
            }
        }
        all
    }

    /// A pattern of the words around the value in a short text: `by (.+?) on`.
    fn within(&self, raw: &str) -> Option<String> {
        let raw = raw.split_whitespace().collect::<Vec<_>>().join(" ");
        let value = self.value.split_whitespace().collect::<Vec<_>>().join(" ");
        let at = raw.find(&value).filter(|_| raw.len() <= 160 && !value.is_empty() && raw != value)?;
        let (before, after) = (&raw[..at], &raw[at + value.len()..]);
        let words: String = before.chars().rev().take(16).take_while(|c| !c.is_ascii_digit()).collect();
        let before: String = words.chars().rev().collect();
        let after: String = after.chars().take(8).take_while(|c| !c.is_ascii_digit()).collect();
        let end = if after.is_empty() { "$".to_owned() } else { regex::escape(&after) };
        let begin = if at == before.len() { "^" } else { "" };
        Some(format!("{begin}{}(.+?){end}", regex::escape(&before)))
    }
}

/// How an id is cut out of a longer value: a parameter, or what follows the same letters.
fn around_id(raw: &str, id: &str) -> Vec<Step> {
    let mut steps = Vec::new();
    if let Some((_, query)) = raw.split_once('?') {
        let query = query.split('#').next().unwrap_or_default();
        let named = url::form_urlencoded::parse(query.as_bytes()).find(|(_, value)| value == id);
        steps.extend(named.map(|(name, _)| Step::Querystring(name.into_owned())));
    }
    if let Some(at) = token_at(raw, id) {
        let shape = if id.chars().all(|c| c.is_ascii_digit()) { r"(\d+)" } else { r"([\w-]+)" };
        let before: Vec<char> = raw[..at].chars().rev().take(12).take_while(|c| !c.is_ascii_digit()).collect();
        let end = if raw.len() == at + id.len() { "$" } else { r"(?:\D|$)" };
        // Both a longer and a shorter context: the words of an address may be those of one thread.
        for length in [before.len(), 3.min(before.len()), 1.min(before.len())] {
            let context: String = before[..length].iter().rev().collect();
            let begin = if length == raw[..at].chars().count() { "^" } else { "" };
            let step = Step::Regexp(format!("{begin}{}{shape}{end}", regex::escape(&context)));
            if !steps.contains(&step) {
                steps.push(step);
            }
        }
    }
    steps
}
