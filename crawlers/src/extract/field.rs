//! Reading one field of one row.

use jiff::tz::TimeZone;
use scraper::{ElementRef, Html, Selector};

use super::text::{hidden_links, text_of};
use crate::definition::{Field, From, Take};

/// The value of a field; `None` when the page has none.
pub(super) fn value(
    field: &Field, row: ElementRef<'_>, page: &Html, removed: Option<&Selector>, zone: &TimeZone,
) -> Option<String> {
    let read = found(field, row, page).and_then(|element| taken(field, element, removed));
    let filtered = read.and_then(|text| {
        field.filters.iter().try_fold(text, |value, filter| filter.apply(value, zone)).filter(|value| !value.is_empty())
    });
    filtered.or_else(|| field.default.clone())
}

/// Where the links of a field's element lead, as far as its text does not say.
pub(super) fn links(field: &Field, row: ElementRef<'_>, page: &Html, text: &str) -> Vec<String> {
    found(field, row, page).map(|element| hidden_links(element, text)).unwrap_or_default()
}

fn found<'a>(field: &Field, row: ElementRef<'a>, page: &'a Html) -> Option<ElementRef<'a>> {
    match (&field.selector, field.from) {
        (None, From::Row) => Some(row),
        (None, From::Page) => Some(page.root_element()),
        (Some(selector), From::Row) => row.select(selector).next(),
        (Some(selector), From::Page) => page.select(selector).next(),
    }
}

fn taken(field: &Field, element: ElementRef<'_>, removed: Option<&Selector>) -> Option<String> {
    match &field.take {
        Take::Fixed(text) => Some(text.clone()),
        Take::Attribute(name) => element.attr(name).map(str::to_owned),
        Take::Text => {
            let removed: Vec<_> = field.remove.as_deref().into_iter().chain(removed).collect();
            Some(text_of(element, &removed))
        }
    }
}
