//! The trial of a proposed definition: it is run over all the pages as it would be in earnest.

use std::collections::BTreeMap;

use url::Url;

use super::{
    Page,
    boards::{self, BoardPlan},
    fields::Outcome as FieldOutcome,
    induce::{Css, Induced, rows_of},
    known::{Known, Likeness, compare},
    links::LinkPlan,
    proposal::{Change, Evidence, Preview, Proposal, Verdict},
    yaml::flow,
};
use crate::{
    definition::{Definition, Field, Proof, Take},
    extract::{PageReading, ReadOutcome, extract},
    walk::PageKind,
};

/// Fewest known rows that speak for a layout: one could fit by chance.
const ENOUGH: usize = 2;
/// Unknown rows for each known one that a proposal may rest on.
const STRANGERS: usize = 4;

/// All that is needed for the trial.
pub(super) struct Case<'a> {
    pub(super) old: &'a Definition,
    pub(super) proposed: &'a Definition,
    pub(super) text: String,
    pub(super) pages: &'a [Page<'a>],
    pub(super) set_aside: Vec<(Url, String)>,
    pub(super) known: &'a [Known],
    pub(super) induced: &'a [Induced],
    pub(super) links: &'a [LinkPlan],
    pub(super) boards: Option<&'a BoardPlan>,
}

/// The proposal with its verdict.
pub(super) fn proposal(case: &Case<'_>) -> Proposal {
    let readings: Vec<_> =
        case.pages.iter().map(|page| (page, extract(case.proposed, page.request, &page.raw))).collect();
    let mut missing = Vec::new();
    let (mut evidence, mut preview) = (Vec::new(), Vec::new());
    for induced in case.induced {
        let rows: Vec<_> = readings.iter().filter(|(page, _)| page.request.kind == induced.kind).collect();
        let rows: Vec<_> = rows.iter().flat_map(|(page, reading)| shown(page, reading, induced)).collect();
        evidence.push(weigh(induced, &rows, &mut missing));
        preview.extend(rows.into_iter().map(|(row, _)| row));
    }
    if let Some(plan) = case.boards {
        let rows: Vec<_> = readings.iter().filter(|(page, _)| page.request.kind == PageKind::Boards).collect();
        preview.extend(rows.iter().flat_map(|(page, reading)| shown_boards(page, reading, case.known)));
        evidence.push(weigh_boards(plan, &mut missing));
    }
    for (page, reading) in &readings {
        if let ReadOutcome::Failed(why) = &reading.outcome {
            missing.push(format!("{} is read as {why}", page.raw.url));
        }
        let boards = page.request.kind == PageKind::Boards && case.boards.is_some();
        if !boards && !case.induced.iter().any(|induced| induced.kind == page.request.kind) {
            missing.push(format!("nothing is known of the rows of {}", page.raw.url));
        }
    }
    let verdict = verdict(case, &evidence, missing);
    let text = case.text.clone();
    let changes = if matches!(verdict, Verdict::None(_)) { vec![] } else { changes(case) };
    let notes = notes(case, &readings);
    Proposal { text, verdict, changes, evidence, preview, set_aside: case.set_aside.clone(), notes }
}

fn verdict(case: &Case<'_>, evidence: &[Evidence], missing: Vec<String>) -> Verdict {
    if case.pages.is_empty() {
        let why = case.set_aside.iter().map(|(url, why)| format!("{url}: {why}")).collect::<Vec<_>>().join("; ");
        return Verdict::None(format!("no page shows the layout: {why}"));
    }
    if evidence.iter().all(|evidence| evidence.found == 0) {
        return Verdict::None(format!("none of {} known rows is in the pages", case.known.len()));
    }
    if missing.is_empty() { Verdict::Complete } else { Verdict::Partial(missing) }
}

/// The rows a definition reads from a page, beside what is known of them.
fn shown(page: &Page<'_>, reading: &PageReading, induced: &Induced) -> Vec<(Preview, Option<usize>)> {
    let rows = Known::of(reading).into_iter().map(|row| {
        let known = induced.found.iter().copied().find(|known| induced.known[*known].id() == row.id());
        let differs = known.map_or_else(Vec::new, |known| differing(&row, &induced.known[known], page.raw.url));
        let preview = Preview {
            url: page.raw.url.clone(),
            kind: induced.kind,
            fields: row.fields,
            known: known.is_some(),
            differs,
        };
        (preview, known)
    });
    rows.collect()
}

fn shown_boards(page: &Page<'_>, reading: &PageReading, known: &[Known]) -> Vec<Preview> {
    let named = Known::of(reading).into_iter().filter(|row| row.kind == PageKind::Boards);
    let preview = named.map(|row| {
        let (url, kind, known) = (page.raw.url.clone(), PageKind::Boards, known.contains(&row));
        Preview { url, kind, fields: row.fields, known, differs: vec![] }
    });
    preview.collect()
}

/// What the boards say for the proposal.
fn weigh_boards(plan: &BoardPlan, missing: &mut Vec<String>) -> Evidence {
    let &BoardPlan { pages, known, found, new, .. } = plan;
    if found < boards::ENOUGH {
        missing.push(format!("{found} known boards were found, too few to rely on"));
    }
    if new > 0 {
        missing.push(format!("{new} links are picked that were no boards before"));
    }
    Evidence { kind: PageKind::Boards, pages, known, found, equal: found, new }
}

fn differing(row: &Known, known: &Known, page: &Url) -> Vec<String> {
    let names = known.fields.iter().filter(|(name, value)| {
        // An address that is the page's own is no field's.
        let like = row.get(name).map(|read| compare(name, read, value, page));
        like != Some(Likeness::Same) && !(*name == "url" && value.as_str() == page.as_str())
    });
    names.map(|(name, _)| name.clone()).collect()
}

/// What the rows say for the proposal, and a sentence for each thing that speaks against it.
fn weigh(induced: &Induced, rows: &[(Preview, Option<usize>)], missing: &mut Vec<String>) -> Evidence {
    let kind = if induced.kind == PageKind::Thread { "posts" } else { "threads" };
    let mut read: BTreeMap<usize, usize> = BTreeMap::new();
    for known in rows.iter().filter_map(|(_, known)| *known) {
        *read.entry(known).or_default() += 1;
    }
    let new = rows.iter().filter(|(_, known)| known.is_none()).count();
    let equal = rows.iter().filter(|(row, known)| known.is_some() && row.differs.is_empty()).count();
    let mut differs: BTreeMap<&str, usize> = BTreeMap::new();
    rows.iter().flat_map(|(row, _)| &row.differs).for_each(|name| *differs.entry(name).or_default() += 1);
    for (name, count) in differs {
        missing.push(format!("{name} differs or is absent on {count} of {} known {kind}", induced.found.len()));
    }
    let lost = induced.found.iter().filter(|known| !read.contains_key(known)).count();
    let strangers: Vec<_> = rows.iter().filter(|(row, known)| known.is_none() && !row.fields.is_empty()).collect();
    for field in &induced.fields {
        let (always, name) =
            (induced.found.iter().all(|known| induced.known[*known].get(&field.name).is_some()), &field.name);
        let lack = strangers.iter().filter(|(row, _)| !row.fields.contains_key(name)).count();
        if always && lack > 0 && name != "url" {
            missing.push(format!("{lack} {kind} that were not known lack {name}, which all known have"));
        }
    }
    if let Some((count, class)) = &induced.marked {
        missing.push(format!("{count} {kind} that were not known bear the class {class}, which no known ones do"));
    }
    for (count, class) in &induced.passed_over {
        missing.push(format!(
            "{count} {kind} that were not known bear the class {class}, which no known ones do, and are passed over, as \
             some rows were before: look whether they are what those were"
        ));
    }
    let mut say = |holds: bool, sentence: String| missing.extend(holds.then_some(sentence));
    say(lost > 0, format!("{lost} of {} known {kind} in the pages are not read", induced.found.len()));
    say(read.values().any(|times| *times > 1), format!("some known {kind} are read more than once"));
    say(induced.outside > 0, format!("{} known {kind} stand in the pages outside the rows", induced.outside));
    say(induced.crowded > 0, format!("{} {kind} seem to hold others that are not read", induced.crowded));
    say(induced.found.len() < ENOUGH, format!("{} known {kind} were found, too few to rely on", induced.found.len()));
    say(new > STRANGERS * induced.found.len(), format!("{new} {kind} are read that were not known"));
    let (pages, known, found) = (induced.pages, induced.known.len(), induced.found.len());
    Evidence { kind: induced.kind, pages, known, found, equal, new }
}

fn changes(case: &Case<'_>) -> Vec<Change> {
    let mut all = Vec::new();
    let proofs = |definition: &Definition| definition.identity.iter().map(proof).collect::<Vec<_>>();
    let (old, new) = (proofs(case.old), proofs(case.proposed));
    if old != new {
        let (kind, name) = (PageKind::Boards, "identity".to_owned());
        all.push(Change { kind, name, old: old.join(" | "), new: new.join(" | ") });
    }
    if let (Some(plan), Some((_, old))) = (case.boards, &case.old.walk.boards) {
        let (kind, name) = (PageKind::Boards, "boards".to_owned());
        all.push(Change { kind, name, old: old.to_css(), new: plan.css.clone() });
    }
    all.extend(case.links.iter().map(|link| {
        let (kind, old, new) = (link.kind, link.old.clone(), link.css.clone());
        Change { kind, name: link.name.into(), old, new }
    }));
    for induced in case.induced {
        let Some(rows) = rows_of(case.old, induced.kind) else { continue };
        let kind = induced.kind;
        if let Some(selector) = &induced.rows {
            all.push(Change { kind, name: "rows".into(), old: rows.selector.to_css(), new: selector.clone() });
        }
        for field in &induced.fields {
            if let FieldOutcome::Found { css, reading, from } = &field.outcome {
                let old = rows.field(&field.name);
                let (old, new) = (old.map(described).unwrap_or_default(), flow(&reading.written(css, *from, old)));
                all.push(Change { kind, name: field.name.clone(), old, new });
            }
        }
    }
    all
}

fn proof(proof: &Proof) -> String {
    match proof {
        Proof::Selector(selector) => selector.to_css(),
        Proof::Pattern(pattern) => format!("/{pattern}/"),
    }
}

fn described(field: &Field) -> String {
    let selector = field.selector.as_ref().map_or_else(|| ":scope".to_owned(), |css| css.to_css());
    match &field.take {
        Take::Attribute(name) | Take::InPlace(name) => format!("{selector} @{name}"),
        _ => selector,
    }
}

/// Links that the old layout may have had and the new one shows no more, and fields that were given up.
fn notes(case: &Case<'_>, readings: &[(&Page<'_>, PageReading)]) -> Vec<String> {
    let mut notes = Vec::new();
    let way = &case.proposed.walk;
    let of =
        |kind: PageKind| readings.iter().filter(move |(page, _)| page.request.kind == kind).map(|(_, reading)| reading);
    let mut none = |has: bool, name: &str, pages: Box<dyn Iterator<Item = bool> + '_>| {
        let mut pages = pages.peekable();
        if has && pages.peek().is_some() && !pages.any(|leads| leads) {
            notes.push(format!("walk.{name} picks nothing on these pages; look whether they have such a link"));
        }
    };
    none(way.listing_next.is_some(), "listing.next", Box::new(of(PageKind::Listing).map(|read| read.next.is_some())));
    none(way.thread_next.is_some(), "thread.next", Box::new(of(PageKind::Thread).map(|read| read.next.is_some())));
    for link in case.links.iter().filter(|link| !link.sure) {
        notes.push(format!(
            "walk.{}.{} is taken from pages none of which has others before and after it; look where `{}` leads",
            if link.kind == PageKind::Thread { "thread" } else { "listing" },
            link.name,
            link.css
        ));
    }
    for induced in case.induced {
        let gone = induced.fields.iter().filter(|field| matches!(field.outcome, FieldOutcome::Missing));
        notes.extend(gone.map(|field| format!("no way was found to {}", field.name)));
    }
    notes
}
