//! Reading one field of one row.

use scraper::{ElementRef, Html, Selector};
use url::Url;

use super::{
    Moment,
    text::{hidden_links, text_in_place, text_of},
};
use crate::definition::{Field, From, Take};

/// Where a row stands.
pub(crate) struct Place<'a> {
    pub(crate) page: &'a Html,
    pub(crate) url: &'a Url,
    pub(crate) moment: Moment<'a>,
    /// What is not read inside rows.
    pub(crate) removed: Option<&'a Selector>,
}

/// The value of a field, its default aside; `None` when the page has none. Empty when its element is there with no text,
/// as the body of a post is that consists of a picture.
pub(crate) fn value(field: &Field, row: ElementRef<'_>, place: &Place<'_>) -> Option<String> {
    let read = match (field.from, &field.take) {
        (_, Take::Fixed(text)) => Some(text.clone()),
        (From::Url, _) => Some(place.url.to_string()),
        _ => found(field, row, place.page).and_then(|element| taken(field, element, place)),
    };
    let read = read.map(|text| with_more(field, text, row, place));
    let first = read.and_then(|text| filtered(field, text, place));
    match first {
        Some(value) if !value.is_empty() => Some(value),
        empty => second(field, row, place).or_else(|| match field.or.as_deref().and_then(|or| value(or, row, place)) {
            Some(value) if !value.is_empty() => Some(value),
            nothing => empty.or(nothing),
        }),
    }
}

/// The text with the value that follows it.
fn with_more(field: &Field, text: String, row: ElementRef<'_>, place: &Place<'_>) -> String {
    let more = field.and.as_deref().and_then(|and| value(and, row, place)).filter(|more| !more.is_empty());
    match more {
        Some(more) => format!("{text} {more}"),
        None => text,
    }
}

fn second(field: &Field, row: ElementRef<'_>, place: &Place<'_>) -> Option<String> {
    let element = row.select(field.default_from.as_ref()?).next()?;
    filtered(field, text(field, element, place), place).filter(|value| !value.is_empty())
}

/// Within how many seconds the page tells the time that this field reads.
pub(super) fn within(field: &Field, row: ElementRef<'_>, place: &Place<'_>) -> Option<i64> {
    let told = |text: String| {
        let (last, before) = field.filters.split_last()?;
        let text = before.iter().try_fold(text, |value, filter| filter.apply(value, &place.moment))?;
        last.within(&text, &place.moment)
    };
    let second = || told(text(field, row.select(field.default_from.as_ref()?).next()?, place));
    let first = found(field, row, place.page).and_then(|element| taken(field, element, place));
    let first = first.map(|text| with_more(field, text, row, place)).and_then(told);
    first.or_else(second).or_else(|| within(field.or.as_deref()?, row, place))
}

fn filtered(field: &Field, text: String, place: &Place<'_>) -> Option<String> {
    field.filters.iter().try_fold(text, |value, filter| filter.apply(value, &place.moment))
}

/// Where the links of a field's element lead, as far as its text does not say.
pub(super) fn links(field: &Field, row: ElementRef<'_>, page: &Html, text: &str) -> Vec<String> {
    found(field, row, page).map(|element| hidden_links(element, text)).unwrap_or_default()
}

fn found<'a>(field: &Field, row: ElementRef<'a>, page: &'a Html) -> Option<ElementRef<'a>> {
    match (&field.selector, field.from) {
        (None, From::Page) => Some(page.root_element()),
        (None, _) => Some(row),
        (Some(selector), From::Page) => page.select(selector).next(),
        (Some(selector), _) => row.select(selector).next(),
    }
}

fn taken(field: &Field, element: ElementRef<'_>, place: &Place<'_>) -> Option<String> {
    match &field.take {
        Take::Fixed(text) => Some(text.clone()),
        Take::Attribute(name) => element.attr(name).map(str::to_owned),
        Take::Text | Take::InPlace(_) => Some(text(field, element, place)),
        Take::Case(cases) => {
            let holds = |selector: &Selector| selector.matches(&element) || element.select(selector).next().is_some();
            cases.iter().find(|(selector, _)| holds(selector)).map(|(_, value)| value.clone())
        }
    }
}

fn text(field: &Field, element: ElementRef<'_>, place: &Place<'_>) -> String {
    let removed: Vec<_> = field.remove.as_deref().into_iter().chain(place.removed).collect();
    match &field.take {
        Take::InPlace(attribute) => text_in_place(element, &removed, attribute),
        _ => text_of(element, &removed),
    }
}
