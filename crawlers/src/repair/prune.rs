//! What a larger element shows besides a known text: buttons, notices, counters that the old layout left out.

use scraper::{ElementRef, Node, Selector};

use super::{known::squeeze, selectors, view::View};
use crate::extract::text_of;

/// Selectors that are tried for each part.
const TRIED: usize = 30;
/// Parts that are left out at most.
const PARTS: usize = 12;

/// A selector of all that the element at `at` shows besides `text`, which is squeezed; `None` where there is none.
pub(super) fn besides(view: &View<'_>, at: usize, text: &str, left_out: &[&Selector]) -> Option<String> {
    let mut parts = Vec::new();
    foreign(view.elements[at], text, left_out, &mut parts);
    let parts: Vec<_> = parts.into_iter().filter_map(|part| view.place(part)).collect();
    if parts.is_empty() || parts.len() > PARTS {
        return None;
    }
    let mut chosen: Vec<String> = Vec::new();
    let mut covered: Vec<usize> = Vec::new();
    for &part in &parts {
        if covered.contains(&part) {
            continue;
        }
        let (css, picked) = picks_only(view, at, part, &parts)?;
        chosen.push(css);
        covered.extend(picked);
    }
    Some(chosen.join(", "))
}

/// The largest parts of an element that show words of their own which the text does not have.
fn foreign<'a>(element: ElementRef<'a>, text: &str, left_out: &[&Selector], parts: &mut Vec<ElementRef<'a>>) {
    for child in element.children().filter_map(ElementRef::wrap) {
        let shown = squeeze(&text_of(child, left_out));
        if shown.is_empty() || text.contains(&shown) {
            continue;
        }
        let words = child.children().filter_map(|node| match node.value() {
            Node::Text(words) => Some(squeeze(words)),
            _ => None,
        });
        match words.filter(|words| !words.is_empty()).any(|words| !text.contains(&words)) {
            true => parts.push(child),
            false => foreign(child, text, left_out, parts),
        }
    }
}

/// The best selector that picks this part inside the element, and nothing but such parts.
fn picks_only(view: &View<'_>, at: usize, part: usize, parts: &[usize]) -> Option<(String, Vec<usize>)> {
    // A tag alone would leave out what writers make of it; the row means nothing where parts are left out.
    let telling = |css: &str| css.contains(['.', '#', '[']) && !css.contains(selectors::ROW);
    let candidates = selectors::of(view, part, Some(at)).into_iter().filter(|candidate| telling(&candidate.css));
    candidates.take(TRIED).find_map(|candidate| {
        let selector = Selector::parse(&candidate.css).ok()?;
        let picked = view.elements[at].select(&selector).filter_map(|element| view.place(element)).collect::<Vec<_>>();
        let foreign = picked.iter().all(|picked| parts.iter().any(|part| view.within(*picked, *part)));
        (foreign && picked.contains(&part)).then_some((candidate.css, picked))
    })
}
