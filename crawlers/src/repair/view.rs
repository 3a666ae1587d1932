//! A page laid out for looking things up: its elements in order, what each of them shows, the times that it tells.

use std::collections::HashMap;

use ego_tree::{NodeId, iter::Edge};
use jiff::Timestamp;
use scraper::{ElementRef, Html, Node, Selector};
use url::Url;

use super::dates::STYLES_TRIED;
use crate::{
    extract::{Moment, text_of},
    walk::PageKind,
};

/// Elements whose text nobody sees.
const HIDDEN: [&str; 6] = ["script", "style", "template", "noscript", "head", "svg"];
/// A text that is longer tells no time; bytes.
const LONGEST_TIME: usize = 96;

/// A parsed page with an index over its elements; an element is named by its place in the page's order.
pub(crate) struct View<'a> {
    pub(crate) kind: PageKind,
    pub(crate) url: &'a Url,
    pub(crate) html: &'a Html,
    pub(crate) moment: Moment<'a>,
    /// Elements in the page's order.
    pub(crate) elements: Vec<ElementRef<'a>>,
    /// For each element, the first that is no longer inside it.
    pub(crate) ends: Vec<usize>,
    /// Times that elements tell by their text or an attribute.
    pub(crate) times: Vec<(usize, Timestamp)>,
    places: HashMap<NodeId, usize>,
    text: String,
    spans: Vec<(usize, usize)>,
}

impl<'a> View<'a> {
    /// Lays a page out; what `removed` picks shows no text.
    pub(crate) fn new(kind: PageKind, url: &'a Url, html: &'a Html, moment: Moment<'a>, removed: &[&Selector]) -> Self {
        let mut view = Self::without_times(kind, url, html, moment, removed);
        view.times = view.all_times();
        view
    }

    /// The same where nothing is looked up by its time, which is most of the work.
    pub(crate) fn without_times(
        kind: PageKind, url: &'a Url, html: &'a Html, moment: Moment<'a>, removed: &[&Selector],
    ) -> Self {
        let (elements, ends, times, text, spans) = Default::default();
        let mut view = Self { kind, url, html, moment, elements, ends, times, places: HashMap::new(), text, spans };
        view.lay_out(removed);
        view
    }

    fn lay_out(&mut self, removed: &[&Selector]) {
        let (mut open, mut hidden) = (Vec::new(), 0_usize);
        for edge in self.html.tree.root().traverse() {
            match edge {
                Edge::Open(node) => {
                    if let Some(element) = ElementRef::wrap(node) {
                        let hides = HIDDEN.contains(&element.value().name())
                            || removed.iter().any(|selector| selector.matches(&element));
                        open.push((self.elements.len(), hides));
                        hidden += usize::from(hides);
                        self.places.insert(element.id(), self.elements.len());
                        self.elements.push(element);
                        self.ends.push(0);
                        self.spans.push((self.text.len(), self.text.len()));
                    } else if let Node::Text(text) = node.value()
                        && hidden == 0
                    {
                        self.text.extend(text.chars().filter(|c| !c.is_whitespace()));
                    }
                }
                Edge::Close(node) if node.value().is_element() => {
                    let Some((at, hides)) = open.pop() else { continue };
                    hidden -= usize::from(hides);
                    self.ends[at] = self.elements.len();
                    self.spans[at].1 = self.text.len();
                }
                Edge::Close(_) => {}
            }
        }
    }

    fn all_times(&self) -> Vec<(usize, Timestamp)> {
        let (mut found, mut read): (Vec<_>, HashMap<String, Vec<Timestamp>>) = Default::default();
        for at in 0..self.elements.len() {
            for text in self.short_texts(at) {
                let times = read.entry(text).or_insert_with_key(|text| self.times_in(text));
                found.extend(times.iter().map(|time| (at, *time)));
            }
        }
        found
    }

    /// What a text may mean as a time: a whole text first, then the times that it holds.
    fn times_in(&self, text: &str) -> Vec<Timestamp> {
        let mut times = Vec::new();
        for cut in [false, true] {
            let styles = STYLES_TRIED.iter().filter(|style| style.cut.is_some() == cut);
            times.extend(styles.filter_map(|style| style.read(text, &self.moment)));
            if !times.is_empty() {
                break;
            }
        }
        times.dedup();
        times
    }

    /// The text and the attributes of an element that may tell a time.
    fn short_texts(&self, at: usize) -> Vec<String> {
        let mut texts = Vec::new();
        let digits = |text: &str| text.len() <= LONGEST_TIME && text.contains(|c: char| c.is_ascii_digit());
        if digits(self.shown(at)) {
            texts.push(text_of(self.elements[at], &[]));
        }
        let attributes = self.elements[at].value().attrs().filter(|(name, _)| tells_time(name));
        texts.extend(attributes.map(|(_, value)| value.to_owned()).filter(|value| digits(value)));
        texts
    }

    /// What an element shows, without white space.
    pub(crate) fn shown(&self, at: usize) -> &str {
        let (from, to) = self.spans[at];
        self.text.get(from..to).unwrap_or_default()
    }

    /// The place of an element.
    pub(crate) fn place(&self, element: ElementRef<'_>) -> Option<usize> {
        self.places.get(&element.id()).copied()
    }

    /// The places of what a selector picks.
    pub(crate) fn picked(&self, selector: &Selector) -> Vec<usize> {
        self.html.select(selector).filter_map(|element| self.place(element)).collect()
    }

    /// Whether an element is another or stands inside it.
    pub(crate) fn within(&self, inner: usize, outer: usize) -> bool {
        (outer..self.ends[outer]).contains(&inner)
    }

    /// An element's elements around it, the nearest first.
    pub(crate) fn around(&self, at: usize) -> Vec<usize> {
        let parents = self.elements[at].ancestors().filter_map(ElementRef::wrap);
        parents.filter_map(|element| self.place(element)).collect()
    }
}

/// Attributes that may tell a time.
pub(crate) fn tells_time(name: &str) -> bool {
    matches!(name, "title" | "datetime" | "content") || name.starts_with("data-")
}
