//! How the fields of known rows are read in the new pages.

use std::collections::BTreeMap;

use scraper::Selector;

use super::{
    known::{Known, Likeness, compare},
    reading::{Reading, Wanted, read},
    rows::RowPlan,
    selectors::{self, ROW},
    view::View,
};
use crate::definition::{Field, From, Rows, Take};

/// Ways that are tried for a field.
const TRIED: usize = 900;
/// Known rows from which ways are made.
const SAMPLES: usize = 4;
/// Ways that read some rows and none wrong, of which two together may read all.
const HALVES: usize = 14;
/// Elements of which several parts are left out.
const PRUNED: usize = 20;

/// What becomes of a field.
#[derive(Debug, Clone)]
pub(super) enum Outcome {
    /// It still reads what it must.
    Kept,
    /// Another way to it was found.
    Found { css: String, reading: Reading, from: From },
    /// No way was found.
    Missing,
}

/// A field and what becomes of it.
#[derive(Debug, Clone)]
pub(super) struct FieldPlan {
    pub(super) name: String,
    pub(super) outcome: Outcome,
    pub(super) cost: u32,
}

/// The rows of the pages of one kind, ready to be read.
pub(super) struct Inducer<'v, 'a> {
    pub(super) views: &'v [View<'a>],
    pub(super) plan: &'v RowPlan,
    pub(super) known: &'v [Known],
    pub(super) rows: &'v Rows,
}

/// One way to a field.
struct Way {
    css: String,
    /// `None` for the row itself.
    selector: Option<Selector>,
    reading: Reading,
    from: From,
    cost: u32,
}

impl Way {
    /// Whether two selectors can stand in one list; the row itself is none.
    fn joins(&self, other: &Self) -> bool {
        let selectors = self.selector.is_some() && other.selector.is_some();
        selectors && self.reading == other.reading && self.from == other.from
    }
}

/// How a way did on the rows.
#[derive(Debug, Default, Clone, Copy)]
struct Score {
    right: usize,
    wrong: usize,
    /// Right to the minute, where seconds are known.
    coarser: usize,
    /// Known rows on which it reads nothing.
    silent: usize,
    /// Rows that are not known on which a field that must be there is not.
    lacking: usize,
}

impl Inducer<'_, '_> {
    /// What becomes of every field of the definition.
    pub(super) fn fields(&self) -> Vec<FieldPlan> {
        self.rows.fields.iter().map(|(name, field)| self.field(name, field)).collect()
    }

    fn field(&self, name: &str, old: &Field) -> FieldPlan {
        let plan = |outcome, cost| FieldPlan { name: name.to_owned(), outcome, cost };
        let kept = self.score(name, old, old.optional);
        if kept.wrong + kept.silent + kept.lacking + kept.coarser == 0 {
            return plan(Outcome::Kept, 0);
        }
        let mut ways = self.ways(name, old);
        ways.sort_by(|a, b| (a.cost, &a.css, &a.reading).cmp(&(b.cost, &b.css, &b.reading)));
        ways.truncate(TRIED);
        let (mut halves, mut nearly, mut pruned) = (Vec::new(), None, Vec::new());
        for way in ways {
            let Some(field) = way.reading.field(way.selector.as_ref(), way.from, old) else { continue };
            let score = self.score(name, &field, old.optional);
            if score.right + score.coarser == 0 {
                continue;
            }
            if score.wrong > 0 {
                pruned.extend(way.reading.without.is_some().then_some(way));
                continue;
            }
            if score.silent + score.lacking + score.coarser == 0 {
                return plan(Outcome::Found { css: way.css, reading: way.reading, from: way.from }, way.cost);
            }
            if score.silent == 0 && nearly.is_none() {
                nearly = Some((way.css.clone(), way.reading.clone(), way.from, way.cost));
            }
            if halves.len() < HALVES && score.coarser == 0 {
                halves.push(way);
            }
        }
        let whole = || self.joined(name, old, &halves).or_else(|| self.pruned(name, old, &pruned));
        if let Some((css, reading, from, cost)) = whole().or(nearly) {
            return plan(Outcome::Found { css, reading, from }, cost + 60);
        }
        plan(Outcome::Missing, 1_000)
    }

    /// Two selectors with one reading, where rows are of two makes: a member's name is a link, a guest's is not.
    fn joined(&self, name: &str, old: &Field, halves: &[Way]) -> Option<(String, Reading, From, u32)> {
        for (n, one) in halves.iter().enumerate() {
            for two in halves[n + 1..].iter().filter(|two| one.joins(two)) {
                let css = format!("{}, {}", one.css, two.css);
                let field = one.reading.field(Some(&Selector::parse(&css).ok()?), one.from, old)?;
                let score = self.score(name, &field, old.optional);
                if score.wrong + score.silent + score.lacking + score.coarser == 0 {
                    return Some((css, one.reading.clone(), one.from, one.cost + two.cost));
                }
            }
        }
        None
    }

    /// One element whose rows show several parts that are to be left out, each known from another row.
    fn pruned(&self, name: &str, old: &Field, ways: &[Way]) -> Option<(String, Reading, From, u32)> {
        let mut tried = Vec::new();
        for way in ways {
            if tried.contains(&&way.css) || tried.len() == PRUNED {
                continue;
            }
            tried.push(&way.css);
            let alike = ways.iter().filter(|other| other.css == way.css && other.from == way.from);
            let mut parts: Vec<&str> = alike.filter_map(|way| way.reading.without.as_deref()).collect();
            parts.dedup();
            let reading = Reading { without: Some(parts.join(", ")), ..way.reading.clone() };
            let field = reading.field(way.selector.as_ref(), way.from, old)?;
            let score = self.score(name, &field, old.optional);
            if score.wrong + score.silent + score.lacking + score.coarser == 0 {
                return Some((way.css.clone(), reading, way.from, way.cost));
            }
        }
        None
    }

    fn score(&self, name: &str, field: &Field, optional: bool) -> Score {
        let mut score = Score::default();
        for (view, rows) in self.views.iter().zip(&self.plan.pages) {
            for (row, known) in rows {
                let value = read(view, field, view.elements[*row], self.rows.remove.as_deref());
                let value = value.filter(|value| !value.is_empty() || name == "body");
                let expected = known.and_then(|known| self.expected(known, name, view));
                match (value, expected) {
                    (Some(value), Some(expected)) => match compare(name, &value, expected, view.url) {
                        Likeness::Other => score.wrong += 1,
                        Likeness::Coarser => score.coarser += 1,
                        Likeness::Same => score.right += 1,
                    },
                    (None, Some(_)) => score.silent += 1,
                    (None, None) if !optional && known.is_none() => score.lacking += 1,
                    _ => {}
                }
            }
        }
        score
    }

    /// The known value, unless it is the page's own address, which is no field's.
    fn expected(&self, known: usize, name: &str, view: &View<'_>) -> Option<&str> {
        let known = self.known.get(known)?;
        let value = known.get(name);
        // A body without text is a picture: it must not be looked for, only be there.
        value.filter(|value| !(name == "url" && *value == view.url.as_str()))
    }

    fn ways(&self, name: &str, old: &Field) -> Vec<Way> {
        if old.from == From::Url || matches!(old.take, Take::Fixed(_)) {
            return Vec::new();
        }
        let mut found: BTreeMap<(String, Reading, bool), u32> = BTreeMap::new();
        let mut samples = 0;
        for (view, rows) in self.views.iter().zip(&self.plan.pages) {
            for (row, known) in rows {
                let Some(value) = known.and_then(|known| self.expected(known, name, view)) else { continue };
                if samples >= SAMPLES * self.views.len() || value.is_empty() {
                    break;
                }
                samples += 1;
                let wanted = Wanted { name, value, old, removed: self.rows.remove.as_deref() };
                let before = found.len();
                if old.from == From::Row {
                    collect(&mut found, view, *row..view.ends[*row], Some(*row), &wanted);
                }
                if (old.from == From::Page || name == "title") && found.len() == before {
                    collect(&mut found, view, 0..view.elements.len(), None, &wanted);
                }
            }
        }
        let ways = found.into_iter().filter_map(|((css, reading, page), cost)| {
            let selector = if css == ROW { None } else { Some(Selector::parse(&css).ok()?) };
            Some(Way { css, selector, reading, from: if page { From::Page } else { From::Row }, cost })
        });
        ways.collect()
    }
}

fn collect(
    found: &mut BTreeMap<(String, Reading, bool), u32>, view: &View<'_>, range: std::ops::Range<usize>,
    row: Option<usize>, wanted: &Wanted<'_>,
) {
    for at in range {
        let mut readings = wanted.readings(view, at);
        if readings.is_empty() {
            continue;
        }
        readings.sort_by_key(|reading| reading.cost);
        for candidate in selectors::of(view, at, row).into_iter().take(40) {
            for reading in readings.iter().take(4) {
                let cost = candidate.cost + reading.cost;
                let known = found.entry((candidate.css.clone(), reading.clone(), row.is_none())).or_insert(cost);
                *known = (*known).min(cost);
            }
        }
    }
}
