//! Links to further pages: selectors of them, where those of the definition pick nothing any more.

use scraper::{ElementRef, Html, Selector};
use serde_json::{Map, Value, json};
use url::Url;

use super::{
    Page,
    induce::Css,
    pager::{Pager, Towards},
    selectors::{self, Candidate},
    view::View,
};
use crate::{definition::Definition, extract::Moment, walk::PageKind};

/// Selectors of one link that are tried.
const TRIED: usize = 400;
/// Elements inside a link that may tell it.
const INSIDE: usize = 6;
/// Elements around a link that may stand for its pager.
const AROUND: usize = 5;

/// A link of the walk that another selector picks now.
#[derive(Debug, Clone)]
pub(super) struct LinkPlan {
    pub(super) kind: PageKind,
    /// As the definition names it: `next`, `last`, `prev`.
    pub(super) name: &'static str,
    pub(super) old: String,
    pub(super) css: String,
    /// A page with others before and after it was among those that were tried.
    pub(super) sure: bool,
}

/// The links of the walk that can be found anew.
pub(super) fn of(definition: &Definition, pages: &[Page<'_>], documents: &[Html]) -> Vec<LinkPlan> {
    let way = &definition.walk;
    let backwards = way.backwards.as_ref();
    let wanted = [
        (PageKind::Listing, "next", Towards::Next, way.listing_next.as_deref()),
        (PageKind::Thread, "next", Towards::Next, way.thread_next.as_deref()),
        (PageKind::Thread, "last", Towards::Last, backwards.map(|links| &*links.last)),
        (PageKind::Thread, "prev", Towards::Previous, backwards.map(|links| &*links.prev)),
    ];
    let all: Vec<_> = pages.iter().zip(documents).map(|(page, html)| Shown::new(page, html, definition)).collect();
    let found = wanted.into_iter().filter_map(|(kind, name, towards, old)| {
        let shown: Vec<_> = all.iter().filter(|page| page.view.kind == kind).collect();
        let (css, sure) = found(&shown, towards, old?)?;
        Some(LinkPlan { kind, name, old: old?.to_css(), css, sure })
    });
    found.collect()
}

/// What a definition's file says of the links.
pub(super) fn written(plans: &[LinkPlan]) -> Map<String, Value> {
    let mut walk = Map::new();
    for plan in plans {
        let part = if plan.kind == PageKind::Thread { "thread" } else { "listing" };
        let part = walk.entry(part).or_insert_with(|| Value::Object(Map::new()));
        part.as_object_mut().map(|part| part.insert(plan.name.into(), json!(plan.css)));
    }
    walk
}

/// A page with its pager.
struct Shown<'a> {
    html: &'a Html,
    url: &'a Url,
    view: View<'a>,
    pager: Pager,
}

impl<'a> Shown<'a> {
    fn new(page: &Page<'a>, html: &'a Html, definition: &'a Definition) -> Self {
        let moment = Moment { zone: &definition.timezone, received_at: page.raw.received_at, format: None };
        let view = View::without_times(page.request.kind, page.raw.url, html, moment, &[]);
        Self { html, url: page.raw.url, view, pager: Pager::of(html, page.raw.url, &definition.walk.drop_query) }
    }

    /// Where a selector leads to.
    fn linked(&self, selector: &Selector) -> Option<Url> {
        self.html.select(selector).find_map(|link| self.leads(link))
    }

    fn leads(&self, link: ElementRef<'_>) -> Option<Url> {
        self.url.join(link.attr("href")?.trim()).ok()
    }
}

/// The best selector that leads in this direction on every page, and nowhere where there is nothing in it.
fn found(pages: &[&Shown<'_>], towards: Towards, old: &Selector) -> Option<(String, bool)> {
    let right = |selector: &Selector| {
        pages.iter().all(|page| match (page.linked(selector), page.pager.towards(towards)) {
            (Some(link), Some(wanted)) => wanted.contains(&link),
            (None, None) => true,
            _ => false,
        })
    };
    let shows = pages.iter().find(|page| page.pager.towards(towards).is_some())?;
    if right(old) {
        return None;
    }
    let mut candidates = candidates(shows, shows.pager.towards(towards)?);
    candidates.sort_by(|a, b| (a.cost, &a.css).cmp(&(b.cost, &b.css)));
    candidates.dedup();
    // On a first page alone the next one and all the others look alike, unless a name tells them apart.
    let sure = pages.len() > 1 && pages.iter().any(|page| page.pager.is_between());
    let mut telling = candidates.into_iter().filter(|candidate| sure || names(towards, &candidate.css)).take(TRIED);
    let best = telling.find(|candidate| Selector::parse(&candidate.css).is_ok_and(|css| right(&css)))?;
    // What a page says of a link's relation is meant to be believed.
    let said = best.css.contains("[rel=");
    Some((best.css, sure || said))
}

/// Whether what a selector is made of names this direction.
fn names(towards: Towards, css: &str) -> bool {
    let words: &[&str] = match towards {
        Towards::Next => &["next", "nxt"],
        Towards::Last => &["last"],
        Towards::Previous => &["prev"],
    };
    // A position among its neighbours is no name.
    let css = css.replace(":last-child", "").to_ascii_lowercase();
    words.iter().any(|word| css.contains(word))
}

/// Selectors of the links to an address: by their own marks, those around them, those of what they hold.
fn candidates(page: &Shown<'_>, wanted: &[Url]) -> Vec<Candidate> {
    let view = &page.view;
    let mut all = Vec::new();
    for at in 0..view.elements.len() {
        if page.leads(view.elements[at]).is_none_or(|link| !wanted.contains(&link)) {
            continue;
        }
        let own = selectors::of(view, at, None);
        let inside = (at + 1..view.ends[at]).take(INSIDE).flat_map(|inner| selectors::marks(view.elements[inner]));
        let inside: Vec<_> = inside.filter(|mark| mark.cost < 50).collect();
        let around = own.iter().take(12).flat_map(|outer| {
            inside.iter().map(|mark| {
                let css = format!("{}:has({})", outer.css, mark.css);
                Candidate { css, cost: outer.cost + mark.cost / 2 + 10 }
            })
        });
        all.extend(around);
        all.extend(beside(view, at));
        all.extend(own);
    }
    all
}

/// Selectors by what stands beside a link, or beside the element that it alone fills.
fn beside(view: &View<'_>, at: usize) -> Vec<Candidate> {
    let mut all = Vec::new();
    let around = view.around(at);
    let alone =
        around.first().filter(|outer| view.elements[**outer].children().filter_map(ElementRef::wrap).count() == 1);
    for (place, way) in std::iter::once((at, "")).chain(alone.map(|outer| (*outer, " > a"))) {
        let element = view.elements[place];
        let tag = element.value().name();
        let sibling = |node: Option<ElementRef<'_>>| node.map_or_else(Vec::new, selectors::marks);
        let after = sibling(element.next_siblings().find_map(ElementRef::wrap));
        let before = sibling(element.prev_siblings().find_map(ElementRef::wrap));
        let lasting = |mark: &&Candidate| mark.cost < 50;
        let mut steps: Vec<_> =
            after.iter().filter(lasting).map(|mark| (format!("{tag}:has(+ {})", mark.css), mark.cost)).collect();
        steps.extend(before.iter().filter(lasting).map(|mark| (format!("{} + {tag}", mark.css), mark.cost)));
        let ends = [(after.is_empty(), "last"), (before.is_empty(), "first")];
        steps.extend(ends.iter().filter(|(ends, _)| *ends).map(|(_, end)| (format!("{tag}:{end}-child"), 40)));
        for outer in
            view.around(place).into_iter().take(AROUND).flat_map(|outer| selectors::marks(view.elements[outer]))
        {
            let steps = steps.iter().filter(|_| outer.cost < 50);
            all.extend(steps.map(|(step, cost)| Candidate {
                css: format!("{} {step}{way}", outer.css),
                cost: outer.cost / 2 + cost + 20,
            }));
        }
    }
    all
}
