//! The repeated structure of a page that looks most like its rows.

use std::collections::BTreeMap;

use scraper::Selector;

use crate::repair::{
    selectors::{self, Candidate},
    view::View,
};

/// Fewest repetitions.
const FEWEST: usize = 3;
/// Groups that are compared.
const TRIED: usize = 60;

/// Rows of a page.
pub(super) struct Group {
    pub(super) css: String,
    pub(super) rows: Vec<usize>,
}

/// The group whose rows say most, are most alike and lead somewhere.
pub(super) fn best(view: &View<'_>) -> Option<Group> {
    let mut parents: BTreeMap<(usize, String), Vec<usize>> = BTreeMap::new();
    for at in 0..view.elements.len() {
        let Some(parent) = view.around(at).first().copied() else { continue };
        parents.entry((parent, view.elements[at].value().name().to_owned())).or_default().push(at);
    }
    let mut candidates: BTreeMap<String, u32> = BTreeMap::new();
    for siblings in parents.into_values().filter(|siblings| siblings.len() >= FEWEST) {
        for sample in [siblings[0], siblings[siblings.len() / 2]] {
            for Candidate { css, cost } in selectors::of(view, sample, None).into_iter().take(12) {
                candidates.entry(css).or_insert(cost);
            }
        }
    }
    let groups = candidates.into_iter().filter_map(|(css, cost)| {
        let rows = view.picked(&Selector::parse(&css).ok()?);
        (rows.len() >= FEWEST).then(|| (weight(view, &rows, cost), Group { css, rows }))
    });
    let mut groups: Vec<_> = groups.filter(|(weight, _)| *weight > 0).collect();
    groups.sort_by(|(a, one), (b, two)| (b, &one.css).cmp(&(a, &two.css)));
    groups.truncate(TRIED);
    groups.into_iter().next().map(|(_, group)| group)
}

/// What the rows say in all, as far as they do not say the same, with more for links and times; 0 for what is no rows.
fn weight(view: &View<'_>, rows: &[usize], cost: u32) -> usize {
    let nested = rows.windows(2).any(|pair| view.within(pair[1], pair[0]));
    let mut said: Vec<&str> = rows.iter().map(|row| view.shown(*row)).collect();
    let length: usize = said.iter().map(|text| text.len().min(2_000)).sum();
    said.sort_unstable();
    said.dedup();
    // Menus repeat the same few words; rows of a listing or a thread differ.
    if nested || said.len() * 10 < rows.len() * 8 || length < rows.len() * 12 {
        return 0;
    }
    let share = |holds: &dyn Fn(usize) -> bool| rows.iter().filter(|row| holds(**row)).count() * 100 / rows.len();
    let links = share(&|row| (row..view.ends[row]).any(|at| view.elements[at].attr("href").is_some()));
    let times = share(&|row| view.times.iter().any(|(at, _)| view.within(*at, row)));
    length * (20 + links + 2 * times) / (100 + cost as usize)
}
