//! Which repeated part of the pages holds the known rows.

use std::collections::{BTreeMap, BTreeSet};

use scraper::{ElementRef, Selector};

use super::{
    evidence::{Places, assign},
    selectors::{self, Candidate},
    view::View,
};

/// Row selectors that are tried.
const TRIED: usize = 500;
/// Known rows of one page from which row selectors are made.
const SAMPLES: usize = 5;

/// A selector of rows, and what it picks.
pub(super) struct RowPlan {
    pub(super) css: String,
    pub(super) cost: u32,
    /// For each page: the rows, and which known one each is.
    pub(super) pages: Vec<Vec<(usize, Option<usize>)>>,
    /// How surely the rows are the known ones, all together.
    points: u32,
    /// Elements of all rows.
    pub(super) bulk: usize,
    /// Rows that hold a part with all that is known of them, and others like that part: they are several rows.
    pub(super) crowded: usize,
    /// Rows that the selector passes over by a class of theirs: how many, and the class.
    pub(super) passed_over: Vec<(usize, String)>,
}

impl RowPlan {
    /// Tries a selector on the pages.
    pub(super) fn of(views: &[View<'_>], places: &[Vec<Places>], candidate: Candidate) -> Option<Self> {
        let selector = Selector::parse(&candidate.css).ok()?;
        let (mut pages, mut bulk) = (Vec::new(), 0);
        for (view, places) in views.iter().zip(places) {
            let rows = view.picked(&selector);
            bulk += rows.iter().map(|row| view.ends[*row] - row).sum::<usize>();
            let known = assign(view, &rows, places);
            pages.push(rows.into_iter().zip(known).collect());
        }
        let (css, cost, passed_over) = (candidate.css, candidate.cost, vec![]);
        let mut plan = Self { pages, points: 0, bulk, crowded: 0, css, cost, passed_over };
        plan.settle(views, places);
        plan.crowded = plan.crowded(views, places);
        Some(plan)
    }

    /// A row that is known on one page is hardly another of its kind on the next: the surest page has it.
    fn settle(&mut self, views: &[View<'_>], places: &[Vec<Places>]) {
        let points = |page: usize, row: usize, known: usize| places[page][known].points(row, views[page].ends[row]);
        let mut most: BTreeMap<usize, u32> = BTreeMap::new();
        for (page, rows) in self.pages.iter().enumerate() {
            for (row, known) in rows {
                if let Some(known) = known {
                    let most = most.entry(*known).or_default();
                    *most = (*most).max(points(page, *row, *known));
                }
            }
        }
        for (page, rows) in self.pages.iter_mut().enumerate() {
            for (row, known) in rows {
                *known = known.filter(|known| most.get(known) == Some(&points(page, *row, *known)));
                self.points += known.map_or(0, |known| points(page, *row, known));
            }
        }
    }

    /// Where a page shows one known row only, nothing but its neighbours tells where it ends.
    fn crowded(&self, views: &[View<'_>], places: &[Vec<Places>]) -> usize {
        let pages = self.pages.iter().zip(views.iter().zip(places));
        let crowded = pages.filter(|(rows, (view, places))| {
            let mut known = rows.iter().filter_map(|(row, known)| Some((*row, (*known)?)));
            match (known.next(), known.next()) {
                (Some((row, known)), None) => holds_rows(view, &places[known], row),
                _ => false,
            }
        });
        crowded.count()
    }

    /// Rows that are known ones.
    pub(super) fn found(&self) -> usize {
        self.pages.iter().flatten().filter(|(_, known)| known.is_some()).count()
    }

    /// Rows that are not.
    pub(super) fn strangers(&self) -> usize {
        self.pages.iter().flatten().filter(|(_, known)| known.is_none()).count()
    }
}

/// The selectors of rows in which most of the known ones are found, each on one row of its own; the best first.
pub(super) fn plans(views: &[View<'_>], places: &[Vec<Places>]) -> Vec<RowPlan> {
    let mut candidates: BTreeMap<String, u32> = BTreeMap::new();
    for (view, places) in views.iter().zip(places) {
        for place in places.iter().filter(|place| place.points(0, view.elements.len()) > 0).take(SAMPLES) {
            for row in row_like(view, place, places) {
                for candidate in selectors::of(view, row, None).into_iter().take(30).chain(with_contents(view, row)) {
                    let cost = candidates.entry(candidate.css).or_insert(candidate.cost);
                    *cost = (*cost).min(candidate.cost);
                }
            }
        }
    }
    let mut candidates: Vec<_> = candidates.into_iter().map(|(css, cost)| Candidate { css, cost }).collect();
    candidates.sort_by(|a, b| (a.cost, &a.css).cmp(&(b.cost, &b.css)));
    candidates.truncate(TRIED);
    let plans = candidates.into_iter().filter_map(|candidate| RowPlan::of(views, places, candidate));
    let mut plans: Vec<_> = plans.filter(|plan| plan.found() > 0).collect();
    plans.sort_by_cached_key(|plan| {
        (std::cmp::Reverse((plan.found(), plan.points)), plan.crowded, plan.strangers(), plan.cost)
    });
    plans
}

/// Elements around a known row's values that are surely this row and no other, with as many of its values as any.
fn row_like(view: &View<'_>, place: &Places, all: &[Places]) -> Vec<usize> {
    let mut rows: Vec<(u32, usize)> = Vec::new();
    for seed in place.seeds() {
        for at in std::iter::once(seed).chain(view.around(seed)) {
            let to = view.ends[at];
            let points = place.points(at, to);
            if points == 0 || rows.contains(&(points, at)) {
                continue;
            }
            // Further out stand other rows as well.
            if all.iter().any(|other| !std::ptr::eq(other, place) && other.points(at, to) > 0) {
                break;
            }
            rows.push((points, at));
        }
    }
    let most = rows.iter().map(|(points, _)| *points).max();
    rows.into_iter().filter(|(points, _)| Some(*points) == most).map(|(_, at)| at).collect()
}

/// Whether a part of a row has all of its values, and neighbours of the same make inside the row.
fn holds_rows(view: &View<'_>, place: &Places, row: usize) -> bool {
    let points = place.points(row, view.ends[row]);
    let inside = |at: &usize| *at != row && view.within(*at, row);
    let parts = place.seeds().flat_map(|seed| std::iter::once(seed).chain(view.around(seed)));
    let mut parts = parts.filter(inside).filter(|at| place.points(*at, view.ends[*at]) == points);
    parts.any(|part| {
        let element = view.elements[part];
        let beside = element.prev_siblings().chain(element.next_siblings()).filter_map(ElementRef::wrap);
        let size = |at: usize| view.ends[at] - at;
        let mut alike = beside.filter(|other| make(*other) == make(element)).filter_map(|other| view.place(other));
        alike.any(|other| 2 * size(other) >= size(part))
    })
}

/// What elements of one make have in common: tag, names of attributes, classes that last.
fn make(element: ElementRef<'_>) -> (&str, BTreeSet<&str>, BTreeSet<&str>) {
    let names = element.value().attrs().map(|(name, _)| name).collect();
    (element.value().name(), names, element.value().classes().filter(|class| selectors::is_stable(class)).collect())
}

/// A row told from its neighbours by what it holds: `tr:has(time)`.
fn with_contents(view: &View<'_>, row: usize) -> Vec<Candidate> {
    let mut all = Vec::new();
    for inner in (row + 1..view.ends[row]).take(60) {
        for mark in selectors::marks(view.elements[inner]).into_iter().take(2).filter(|mark| mark.cost < 40) {
            for own in selectors::marks(view.elements[row]).into_iter().take(3) {
                all.push(Candidate { css: format!("{}:has({})", own.css, mark.css), cost: own.cost + mark.cost + 30 });
            }
        }
    }
    all
}
