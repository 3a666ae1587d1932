//! Times that a site tells in one list, each with what it is the time of.

use jiff::{Timestamp, tz::TimeZone};
use scraper::Html;
use url::Url;

use super::{
    Filter, Moment,
    field::{Place, value},
};
use crate::definition::{Field, TimesPage};

/// More than any list has.
const MAX_ROWS: usize = 5_000;

/// Reads the times of a page as if they were UTC. Those told from now are left out: the zone decides which day it is.
pub(super) fn read(times: &TimesPage, page: &Html, url: &Url, received_at: Timestamp) -> Vec<(String, Timestamp)> {
    let moment = Moment { zone: &TimeZone::UTC, received_at, format: None };
    let place = Place { page, url, moment, removed: None };
    let told_at = absolute(&times.told_at);
    let rows = page.select(&times.each).take(MAX_ROWS);
    let both = rows.filter_map(|row| Some((value(&times.key, row, &place)?, value(&told_at, row, &place)?)));
    both.filter_map(|(key, at)| Some((key, at.parse().ok()?))).collect()
}

/// The field without formats such as `Today at 07:08`.
fn absolute(field: &Field) -> Field {
    let filters = field.filters.iter().map(|filter| match filter {
        Filter::Date(formats) => Filter::Date(formats.iter().filter(|format| !format.is_relative()).cloned().collect()),
        other => other.clone(),
    });
    Field { filters: filters.collect(), ..field.clone() }
}
