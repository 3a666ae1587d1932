//! The page that names the boards: a selector of their links, where that of the definition picks none any more.

use std::collections::BTreeSet;

use scraper::{Html, Selector};
use serde_json::{Map, Value, json};
use url::Url;

use super::{
    Page,
    known::Known,
    pager::address,
    selectors::{self, Candidate},
    view::View,
};
use crate::{definition::Definition, extract::Moment, walk::PageKind};

/// Links of a page to known boards from which selectors are made.
const SAMPLES: usize = 12;
/// Selectors that are tried.
const TRIED: usize = 400;
/// Selectors that may be joined: boards stand in rows, and others within these.
const PARTS: usize = 3;
/// Fewest known boards that speak for a page: one could be named anywhere.
pub(super) const ENOUGH: usize = 2;

/// A new selector of the boards.
pub(super) struct BoardPlan {
    pub(super) css: String,
    /// Pages that name boards.
    pub(super) pages: usize,
    pub(super) known: usize,
    /// Known ones that the pages name; the selector picks them all.
    pub(super) found: usize,
    /// Others that it picks.
    pub(super) new: usize,
}

impl BoardPlan {
    /// What a definition's file says of the boards.
    pub(super) fn written(&self, path: &str) -> Map<String, Value> {
        Map::from_iter([("boards".to_owned(), json!({ "path": path, "each": self.css }))])
    }
}

/// A page of boards, laid out.
struct Shown<'a> {
    html: &'a Html,
    view: View<'a>,
}

/// Looks the known boards up in the pages that should name them; `None` where the old selector picks them or nothing does.
pub(super) fn of(
    definition: &Definition, pages: &[Page<'_>], documents: &[Html], known: &[Known],
) -> Option<BoardPlan> {
    let (_, old) = definition.walk.boards.as_ref()?;
    let dropped = &definition.walk.drop_query;
    let urls = known.iter().filter(|known| known.kind == PageKind::Boards).filter_map(|known| known.get("url"));
    let known: BTreeSet<_> = urls.filter_map(|url| Some(address(&Url::parse(url).ok()?, dropped))).collect();
    let of_boards = pages.iter().zip(documents).filter(|(page, _)| page.request.kind == PageKind::Boards);
    let shown: Vec<_> = of_boards.map(|(page, html)| Shown::new(page, html, definition)).collect();
    let picked = |selector: &Selector| shown.iter().map(|page| page.picked(selector, dropped)).collect::<Vec<_>>();
    let all = picked(&Selector::parse("a[href]").ok()?);
    let named: Vec<BTreeSet<_>> = all.iter().map(|links| links.intersection(&known).cloned().collect()).collect();
    let found: BTreeSet<_> = named.iter().flatten().collect();
    // All that are named must be picked: how many others come with them, or nothing.
    let others = |selector: &Selector| {
        let picked = picked(selector);
        let whole = picked.iter().zip(&named).all(|(picked, named)| named.is_subset(picked));
        whole.then(|| picked.iter().flatten().filter(|link| !known.contains(*link)).collect::<BTreeSet<_>>().len())
    };
    if found.len() < ENOUGH.min(known.len()).max(1) || others(old).is_some() {
        return None;
    }
    let tried: Vec<_> = candidates(&shown, &known, dropped).into_iter().take(TRIED).collect();
    let only_known =
        || tried.iter().filter_map(|it| Some((it, boards_only(&picked(&Selector::parse(&it.css).ok()?), &known)?)));
    let css = covering(only_known().collect(), &found).or_else(|| {
        let fitting = tried.iter().filter_map(|it| Some((others(&Selector::parse(&it.css).ok()?)?, it)));
        fitting.min_by_key(|(new, it)| (*new, it.cost)).map(|(_, it)| it.css.clone())
    })?;
    let new = others(&Selector::parse(&css).ok()?)?;
    Some(BoardPlan { css, pages: shown.len(), known: known.len(), found: found.len(), new })
}

/// The known boards that are picked, when nothing else is.
fn boards_only(picked: &[BTreeSet<String>], known: &BTreeSet<String>) -> Option<BTreeSet<String>> {
    let all: BTreeSet<_> = picked.iter().flatten().cloned().collect();
    (!all.is_empty() && all.is_subset(known)).then_some(all)
}

/// A list of selectors that together pick all of the boards.
fn covering(mut parts: Vec<(&Candidate, BTreeSet<String>)>, boards: &BTreeSet<&String>) -> Option<String> {
    // The words of one board's address pick no other.
    parts.retain(|(part, picked)| picked.len() >= ENOUGH.min(boards.len()) || !part.css.contains("href"));
    let (mut chosen, mut left) = (Vec::new(), boards.clone());
    while !left.is_empty() && chosen.len() < PARTS {
        let gain = |picked: &BTreeSet<String>| picked.iter().filter(|board| left.contains(board)).count();
        let best = parts.iter().max_by_key(|(part, picked)| (gain(picked), std::cmp::Reverse(part.cost)))?;
        if gain(&best.1) == 0 {
            return None;
        }
        chosen.push(best.0.css.as_str());
        left.retain(|board| !best.1.contains(*board));
    }
    left.is_empty().then(|| chosen.join(", "))
}

impl<'a> Shown<'a> {
    fn new(page: &Page<'a>, html: &'a Html, definition: &'a Definition) -> Self {
        let moment = Moment { zone: &definition.timezone, received_at: page.raw.received_at, format: None };
        Self { html, view: View::without_times(page.request.kind, page.raw.url, html, moment, &[]) }
    }

    /// The addresses of what a selector picks.
    fn picked(&self, selector: &Selector, dropped: &[String]) -> BTreeSet<String> {
        let links = self.html.select(selector).filter_map(|link| self.view.url.join(link.attr("href")?.trim()).ok());
        links.map(|url| address(&url, dropped)).collect()
    }
}

/// Selectors of the links of some known boards, the best first.
fn candidates(pages: &[Shown<'_>], known: &BTreeSet<String>, dropped: &[String]) -> Vec<Candidate> {
    let mut all = Vec::new();
    for page in pages {
        let view = &page.view;
        let leads = |at: &usize| {
            let link = view.elements[*at].attr("href").and_then(|link| view.url.join(link.trim()).ok());
            view.elements[*at].value().name() == "a" && link.is_some_and(|url| known.contains(&address(&url, dropped)))
        };
        // A board may be named more than once: in a menu, on its own row, beside its last post.
        for at in (0..view.elements.len()).filter(leads).take(SAMPLES) {
            all.extend(selectors::of(view, at, None));
        }
    }
    // What changes no page is not in every link to it.
    all.retain(|candidate| !dropped.iter().any(|name| candidate.css.contains(&format!("'{name}='"))));
    all.sort_by(|a, b| (a.cost, &a.css).cmp(&(b.cost, &b.css)));
    all.dedup_by(|a, b| a.css == b.css);
    all
}
