//! Whether an occurrence of a literal is the term, kind by kind.

use std::ops::Range;

use super::hit::Found;
use super::{Confidence, Form, Shape, WatchedTerm, edges, form, number, release, sequence};
use crate::fold::Folded;
use crate::term::TermKind;
use crate::term::product::Product;

/// Calls `found` with what the occurrence at `range` of the folded text means for a term that is
/// no host.
pub(super) fn words(
    watched: &WatchedTerm, text: &str, folded: &Folded, range: Range<usize>, mut found: impl FnMut(Found),
) {
    let read = folded.text();
    match (&watched.shape, watched.term.kind()) {
        (Shape::Sequences(all), kind) => {
            let confidence = if kind == TermKind::Person { Confidence::Low } else { Confidence::High };
            for whole in all.iter().filter_map(|words| sequence::around(read, range.clone(), words)) {
                let span = folded.original(whole);
                found(Found { form: form::of_words(watched.term.text(), text, span.clone()), span, confidence });
            }
        }
        (Shape::Product(product), _) if edges::keyword(read, range.clone()) => {
            if let Some(confidence) = of_versions(product, read.get(range.end..).unwrap_or_default()) {
                let span = folded.original(range);
                found(Found { form: form::of_words(&product.name, text, span.clone()), span, confidence });
            }
        }
        (Shape::Literal, TermKind::BusinessNumber) if number::stands_alone(read, range.clone()) => {
            let labelled = number::is_labelled(read, range.clone());
            let confidence = if labelled { Confidence::High } else { Confidence::Low };
            let span = folded.original(range);
            found(Found { form: form::of_words(watched.term.text(), text, span.clone()), span, confidence });
        }
        (Shape::Company(whole), _) if stands_in(read, range.clone(), whole) => {}
        (Shape::Literal | Shape::Company(_), TermKind::Keyword) if edges::keyword(read, range.clone()) => {
            let span = folded.original(range);
            found(Found::sure(span.clone(), form::of_words(watched.term.text(), text, span)));
        }
        _ => {}
    }
}

/// Whether the shorter name at `range` is a part of the `whole` one, which is a hit of its own.
fn stands_in(text: &str, range: Range<usize>, whole: &str) -> bool {
    let before = text.get(range.clone()).filter(|part| part.len() < whole.len()).and_then(|part| whole.find(part));
    let Some(start) = before.and_then(|before| range.start.checked_sub(before)) else {
        return false;
    };
    let end = start + whole.len();
    text.get(start..end) == Some(whole) && edges::keyword(text, start..end)
}

/// None when the text names versions and none of them is of interest.
fn of_versions(product: &Product, after: &str) -> Option<Confidence> {
    let Some(wanted) = &product.versions else {
        return Some(Confidence::High);
    };
    let named = release::versions(after);
    match named.iter().any(|range| range.meets(wanted)) {
        true => Some(Confidence::High),
        false => named.is_empty().then_some(Confidence::Low),
    }
}

/// What the occurrence at `range` of a view of the text means for a domain or an address.
pub(super) fn host(watched: &WatchedTerm, text: &str, view: &Folded, range: Range<usize>) -> Option<Found> {
    let whole = match watched.term.kind() {
        TermKind::Email => edges::email(view.text(), range.clone()),
        TermKind::EmailDomain => edges::mailbox(view.text(), range.clone()),
        _ => edges::domain(view.text(), range.clone()),
    }?;
    form::keeps_marks(watched, text, view, range.clone()).then(|| {
        let form = form::of_host(watched, text, view, range, whole.clone());
        Found::sure(view.original(whole), form)
    })
}

/// The form of an address at `range` of a view: plain when nothing was restored or folded.
pub(super) fn address(text: &str, view: &Folded, range: Range<usize>, doubtful: bool) -> Found {
    let span = view.original(range.clone());
    let written = text.get(span.clone()).unwrap_or_default();
    let form = match view.text().get(range) {
        Some(read) if written.eq_ignore_ascii_case(read) => Form::Plain,
        Some(read) if crate::fold::fold(written).text() == read => Form::Folded,
        _ => Form::Defanged,
    };
    let confidence = if doubtful { Confidence::Low } else { Confidence::High };
    Found { span, form, confidence }
}
