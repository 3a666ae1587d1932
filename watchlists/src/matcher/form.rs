//! How a match was written in the original text.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;

use super::{Form, WatchedTerm};
use crate::fold::{Folded, fold, script};

/// The form of words that are `named` so and stand at `original`.
pub(super) fn of_words(named: &str, text: &str, original: Range<usize>) -> Form {
    let written = text.get(original).unwrap_or_default();
    if equal_but_for_case(written, named) { Form::Plain } else { Form::Folded }
}

/// The form of a domain or address at `own` inside the whole host at `host`, both in `view`.
pub(super) fn of_host(watched: &WatchedTerm, text: &str, view: &Folded, own: Range<usize>, host: Range<usize>) -> Form {
    let read = view.text();
    let original = |range| text.get(view.original(range)).unwrap_or_default();
    let unchanged = fold(original(host.clone())).text() == read.get(host.clone()).unwrap_or_default();
    if !unchanged || has_disarmed_scheme(read.get(..host.start).unwrap_or_default()) {
        return Form::Defanged;
    }
    let written = original(own);
    let as_written = [watched.term.host(), watched.name()];
    if as_written.iter().any(|name| equal_but_for_case(written, name)) { Form::Plain } else { Form::Folded }
}

/// Whether the diacritics folded away from a host are those of the term: bücher.de and bucher.de
/// are two domains.
pub(super) fn keeps_marks(watched: &WatchedTerm, text: &str, view: &Folded, own: Range<usize>) -> bool {
    let written = text.get(view.original(own.clone())).unwrap_or_default();
    let name = match &watched.readable {
        Some(readable) if view.text().get(own) != Some(fold(watched.term.host()).text()) => readable,
        _ => watched.term.host(),
    };
    marks(written).eq(marks(name))
}

fn marks(text: &str) -> impl Iterator<Item = char> + '_ {
    text.nfkd().filter(|&c| script::is_diacritic(c))
}

fn equal_but_for_case(left: &str, right: &str) -> bool {
    left.chars().flat_map(char::to_lowercase).eq(right.chars().flat_map(char::to_lowercase))
}

/// Whether `before` ends in a scheme such as `hxxp://`.
fn has_disarmed_scheme(before: &str) -> bool {
    let Some(before) = before.strip_suffix("://").or_else(|| before.strip_suffix(":\\\\")) else {
        return false;
    };
    let name = before
        .char_indices()
        .rev()
        .take(6)
        .take_while(|&(_, c)| c.is_ascii_alphanumeric() || c == '*')
        .last()
        .map_or("", |(at, _)| &before[at..]);
    match name.strip_suffix('s').unwrap_or(name) {
        "http" => false,
        "fxp" => true,
        stem => stem.len() == 4 && stem.starts_with('h') && stem.ends_with('p'),
    }
}
