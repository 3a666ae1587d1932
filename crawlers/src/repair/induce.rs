//! The rows of one kind of pages: which selector and which fields read the known ones.

use scraper::Html;
use serde_json::{Map, Value, json};

use super::{
    Page,
    evidence::Places,
    fields::{FieldPlan, Inducer, Outcome},
    known::Known,
    others::{others, passed_over},
    rows::{RowPlan, plans},
    selectors::Candidate,
    view::View,
};
use crate::{
    definition::{Definition, Rows},
    extract::{Moment, zone_of},
    walk::PageKind,
};

/// Row selectors whose fields are tried.
const TRIED: usize = 10;

/// What was found for one kind of pages.
pub(super) struct Induced {
    pub(super) kind: PageKind,
    pub(super) pages: usize,
    /// The known rows of this kind.
    pub(super) known: Vec<Known>,
    /// Which of them the pages show; none when the rows were not found.
    pub(super) found: Vec<usize>,
    /// Known rows that stand in the pages outside the rows.
    pub(super) outside: usize,
    /// Rows in which others of the same make seem to stand.
    pub(super) crowded: usize,
    /// Rows that are not known and bear a class that no known row does, and that class.
    pub(super) marked: Option<(usize, String)>,
    /// Rows of such classes that the new selector passes over, since the old one did so with some.
    pub(super) passed_over: Vec<(usize, String)>,
    /// The new selector of the rows; `None` when the old one serves.
    pub(super) rows: Option<String>,
    pub(super) fields: Vec<FieldPlan>,
}

/// The rows of a definition for a kind of pages; `None` where it reads none.
pub(super) fn rows_of(definition: &Definition, kind: PageKind) -> Option<&Rows> {
    if kind == PageKind::Thread { Some(&definition.thread) } else { definition.listing.as_ref() }
}

/// Looks the known rows of a kind up in the pages; `None` when there are none of either.
pub(super) fn kind(
    definition: &Definition, kind: PageKind, pages: &[Page<'_>], documents: &[Html], known: &[Known],
) -> Option<Induced> {
    let rows = rows_of(definition, kind)?;
    let known: Vec<_> = known.iter().filter(|known| known.kind == kind).cloned().collect();
    let of_kind = || pages.iter().zip(documents).filter(|(page, _)| page.request.kind == kind);
    let told: Vec<_> = of_kind()
        .map(|(page, html)| zone_of(definition, html, page.raw.url, page.raw.received_at, page.request.zone.as_deref()))
        .collect();
    let removed: Vec<_> = rows.remove.iter().chain(rows.field("body").and_then(|body| body.remove.as_ref())).collect();
    let removed: Vec<_> = removed.into_iter().map(AsRef::as_ref).collect();
    let views: Vec<_> = of_kind()
        .zip(&told)
        .map(|((page, html), told)| {
            let moment = Moment { zone: &told.zone, received_at: page.raw.received_at, format: told.format };
            View::new(kind, page.raw.url, html, moment, &removed)
        })
        .collect();
    if views.is_empty() || known.is_empty() {
        return None;
    }
    let places: Vec<Vec<_>> =
        views.iter().map(|view| known.iter().map(|known| Places::find(view, known)).collect()).collect();
    let nothing = Induced {
        kind,
        pages: views.len(),
        known,
        found: vec![],
        outside: 0,
        crowded: 0,
        marked: None,
        passed_over: vec![],
        rows: None,
        fields: vec![],
    };
    Some(best(rows, &views, &places, nothing))
}

fn best(rows: &Rows, views: &[View<'_>], places: &[Vec<Places>], nothing: Induced) -> Induced {
    let old = Candidate { css: rows.selector.to_css(), cost: 0 };
    let chooses = [":not(", ":has("].iter().any(|choice| old.css.contains(choice));
    let mut plans = plans(views, places);
    plans.truncate(TRIED);
    let most = plans.first().map_or(0, RowPlan::found);
    // The old selector, as long as it picks the rows, is not given up for another.
    let kept = RowPlan::of(views, places, old).filter(|plan| plan.found() > 0 && plan.found() >= most);
    let kept_css = kept.as_ref().map(|plan| plan.css.clone());
    let bulkiest = plans.iter().map(|plan| plan.bulk).max().unwrap_or_default();
    let mut best: Option<(u32, RowPlan, Vec<FieldPlan>)> = None;
    for plan in kept.into_iter().chain(plans.into_iter().filter(|plan| plan.found() == most)) {
        let plan = if chooses { passed_over(views, places, plan) } else { plan };
        let fields = Inducer { views, plan: &plan, known: &nothing.known, rows }.fields();
        let strangers = u32::try_from(plan.strangers()).unwrap_or(u32::MAX / 1_000);
        // A list beside the text names the same things; what there is more of is the text.
        let thin = if 3 * plan.bulk < bulkiest { 60 } else { 0 };
        let crowd = if plan.crowded > 0 { 60 } else { 0 };
        let cost = plan.cost + thin + crowd + 5 * strangers + fields.iter().map(|field| field.cost).sum::<u32>();
        if best.as_ref().is_none_or(|(least, ..)| cost < *least) {
            best = Some((cost, plan, fields));
        }
    }
    let Some((_, plan, fields)) = best else { return nothing };
    let mut found: Vec<_> = plan.pages.iter().flatten().filter_map(|(_, known)| *known).collect();
    found.sort_unstable();
    found.dedup();
    let outside = outside(views, places, &plan, &found);
    let crowded = plan.crowded;
    let marked = others(views, &plan).map(|others| (others.count, others.class));
    let passed_over = plan.passed_over;
    let rows = (Some(&plan.css) != kept_css.as_ref()).then_some(plan.css);
    Induced { found, outside, crowded, marked, passed_over, rows, fields, ..nothing }
}

/// Known rows that a page shows beside the rows: where their values are together is neither in a row nor around one.
fn outside(views: &[View<'_>], places: &[Vec<Places>], plan: &RowPlan, found: &[usize]) -> usize {
    let mut count = 0;
    for ((view, places), rows) in views.iter().zip(places).zip(&plan.pages) {
        let missed = places.iter().enumerate().filter(|(known, _)| !found.contains(known));
        let apart = missed.filter(|(_, place)| {
            let around = place.seeds().flat_map(|seed| std::iter::once(seed).chain(view.around(seed)));
            let together = around.filter(|at| place.points(*at, view.ends[*at]) > 0);
            together
                .min_by_key(|at| view.ends[*at] - at)
                .is_some_and(|at| rows.iter().all(|(row, _)| !view.within(at, *row) && !view.within(*row, at)))
        });
        count += apart.count();
    }
    count
}

impl Induced {
    /// What a definition's file says of the rows; `None` when nothing changes.
    pub(super) fn written(&self, definition: &Definition) -> Option<(String, Value)> {
        let rows = rows_of(definition, self.kind)?;
        let mut part = Map::new();
        if let Some(selector) = &self.rows {
            part.insert("selector".into(), json!(selector));
        }
        let mut fields = Map::new();
        for field in &self.fields {
            if let Outcome::Found { css, reading, from } = &field.outcome {
                fields.insert(field.name.clone(), reading.written(css, *from, rows.field(&field.name)));
            }
        }
        if !fields.is_empty() {
            part.insert("fields".into(), Value::Object(fields));
        }
        let name = if self.kind == PageKind::Thread { "thread" } else { "listing" };
        (!part.is_empty()).then(|| (name.to_owned(), Value::Object(part)))
    }
}

/// A selector as it is written.
pub(super) trait Css {
    /// The text.
    fn to_css(&self) -> String;
}

impl Css for scraper::Selector {
    fn to_css(&self) -> String {
        scraper::selector::ToCss::to_css_string(self)
    }
}
