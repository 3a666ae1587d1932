//! Where the pages tell the zone of their times, once the old place is gone.

use std::collections::BTreeMap;

use scraper::{ElementRef, Html, Selector};
use serde_json::{Value, json};

use super::{
    Page,
    known::{Known, Likeness, times},
    selectors::{self, Candidate},
    view::View,
};
use crate::{
    definition::{Definition, Field, Take},
    extract::{Moment, Told, zone_of, zone_told},
    walk::PageKind,
};

/// Bytes of a text that may tell a zone.
const LONGEST: usize = 300;
/// Selectors of a place that are tried.
const SELECTORS: usize = 12;
/// Fewest known times that a zone must fit: one fits another zone by chance.
const ENOUGH: usize = 2;

/// A new place, when no page shows the old one any more and known times are told in the zone that the new one tells.
pub(super) fn of(definition: &Definition, pages: &[Page<'_>], documents: &[Html], known: &[Known]) -> Option<Value> {
    let field = definition.page_zone.as_ref()?;
    let pages: Vec<_> = pages.iter().zip(documents).collect();
    let (page, html) = *pages.first()?;
    if pages.iter().any(|(page, html)| told(field, page, html, html.root_element()).is_some()) {
        return None;
    }
    let read = Field { selector: None, take: Take::Text, default_from: None, and: None, or: None, ..field.clone() };
    let usual = zone_of(definition, html, page.raw.url, page.raw.received_at, page.request.zone.as_deref());
    let (mut most, mut best) = (times_told(&usual, page, html, known).max(ENOUGH - 1), None);
    for (zone, mut places) in places(&read, page, html) {
        let count = times_told(&zone, page, html, known);
        if count <= most {
            continue;
        }
        places.sort_by(|a, b| (a.cost, &a.css).cmp(&(b.cost, &b.css)));
        let everywhere = |place: &Candidate| {
            let Ok(selector) = Selector::parse(&place.css) else { return false };
            let read = Field { selector: Some(selector.into()), ..read.clone() };
            pages.iter().all(|(page, html)| told(&read, page, html, html.root_element()).is_some())
        };
        if let Some(place) = places.into_iter().find(everywhere) {
            (most, best) = (count, Some(place.css));
        }
    }
    best.map(|css| match field.take {
        Take::Text => json!({ "selector": css }),
        // An empty attribute is the text, whatever the base takes.
        _ => json!({ "selector": css, "attribute": "" }),
    })
}

fn told<'d>(field: &'d Field, page: &Page<'_>, html: &Html, element: ElementRef<'_>) -> Option<Told<'d>> {
    zone_told(field, element, html, page.raw.url, page.raw.received_at)
}

/// The zones that elements with little text tell, each with the selectors of those elements.
fn places<'d>(field: &'d Field, page: &Page<'_>, html: &Html) -> Vec<(Told<'d>, Vec<Candidate>)> {
    let moment = Moment { zone: &jiff::tz::TimeZone::UTC, received_at: page.raw.received_at, format: None };
    let view = View::without_times(page.request.kind, page.raw.url, html, moment, &[]);
    let mut all: BTreeMap<(i32, bool), (Told<'d>, Vec<Candidate>)> = BTreeMap::new();
    for at in 0..view.elements.len() {
        if !(1..=LONGEST).contains(&view.shown(at).len()) {
            continue;
        }
        if let Some(told) = told(field, page, html, view.elements[at]) {
            let offset = told.zone.to_offset(page.raw.received_at).seconds();
            let known = all.entry((offset, told.format.is_some())).or_insert_with(|| (told, Vec::new()));
            known.1.extend(selectors::of(&view, at, None).into_iter().take(SELECTORS));
        }
    }
    all.into_values().collect()
}

/// How many of the known times a page tells, if its own are in this zone.
fn times_told(told: &Told<'_>, page: &Page<'_>, html: &Html, known: &[Known]) -> usize {
    let moment = Moment { zone: &told.zone, received_at: page.raw.received_at, format: told.format };
    let view = View::new(page.request.kind, page.raw.url, html, moment, &[]);
    let name = if page.request.kind == PageKind::Thread { "posted_at" } else { "last_post_at" };
    let wanted = known.iter().filter_map(|known| known.get(name)?.parse().ok());
    wanted.filter(|wanted| view.times.iter().any(|(_, told)| times(*told, *wanted) != Likeness::Other)).count()
}
