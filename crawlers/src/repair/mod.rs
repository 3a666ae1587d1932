//! Repair of a definition that a change of layout broke: what is known of the site is looked up in its new pages, and the
//! selectors that pick exactly that are proposed.
//!
//! Nothing here is accepted by itself: a [`Proposal`] is for a person, with what speaks for it and what is missing.

mod boards;
mod check;
pub(crate) mod dates;
mod evidence;
mod fields;
mod identity;
mod induce;
mod known;
mod links;
mod others;
mod pager;
mod proposal;
mod prune;
mod reading;
mod rows;
pub(crate) mod selectors;
pub(crate) mod view;
pub(crate) mod yaml;
mod zone;

use scraper::Html;
use serde_json::{Map, Value};

pub use known::Known;
pub use proposal::{Change, Evidence, Preview, Proposal, Verdict};

use crate::{
    Outcome,
    definition::{Definition, DefinitionError, Library, Response},
    extract::{ReadOutcome, decode_text, extract},
    walk::{PageKind, PageRequest, RawPage},
};

/// A page that was captured since the definition broke, or just before.
#[derive(Debug, Clone, Copy)]
pub struct Page<'a> {
    /// What it was asked for.
    pub request: &'a PageRequest,
    /// What came.
    pub raw: RawPage<'a>,
}

/// Why nothing can be proposed at all.
#[derive(Debug, thiserror::Error)]
pub enum RepairError {
    /// The definition at hand is wrong in itself.
    #[error("the definition to repair cannot be read: {0}")]
    Definition(#[from] DefinitionError),
    /// The definition reads JSON.
    #[error("`{0}` reads JSON, whose members have names and no layout; correct its selectors by hand")]
    Json(String),
}

/// Proposes a definition that reads the pages again.
///
/// `text` is the definition as its file says it, `origin` names it in errors. `known` is what was read before the layout
/// changed: the posts and threads in store, or [`Known::of`] the last good captures, which tells boards as well. It may
/// hold more than the pages show.
///
/// # Errors
/// The definition cannot be read, or is of a kind that has no layout.
pub fn propose(
    library: &Library, text: &str, origin: &str, pages: &[Page<'_>], known: &[Known],
) -> Result<Proposal, RepairError> {
    let definition = library.parse(text, origin)?;
    if definition.response == Response::Json {
        return Err(RepairError::Json(definition.id));
    }
    let (mut usable, mut set_aside) = (Vec::new(), Vec::new());
    for page in pages {
        match in_the_way(&definition, page) {
            Some(why) => set_aside.push((page.raw.url.clone(), why)),
            None => usable.push(*page),
        }
    }
    let sources: Vec<_> = usable.iter().map(|page| source(&definition, page)).collect();
    let documents: Vec<_> = sources.iter().map(|source| Html::parse_document(source)).collect();
    let mut changes = Map::new();
    changes.extend(zone::of(&definition, &usable, &documents, known).map(|zone| ("page_zone".into(), zone)));
    let timed = library.parse(&yaml::merged(text, &changes).unwrap_or_else(|| text.to_owned()), origin)?;
    let mut induced = Vec::new();
    for kind in [PageKind::Thread, PageKind::Listing] {
        induced.extend(induce::kind(&timed, kind, &usable, &documents, known));
    }
    let rows: Map<String, Value> = induced.iter().filter_map(|kind| kind.written(&definition)).collect();
    if !rows.is_empty() {
        changes.insert("rows".into(), Value::Object(rows));
    }
    // What holds on the pages of another site proves nothing of this one.
    let boards = boards::of(&definition, &usable, &documents, known);
    let known_site = boards.is_some() || induced.iter().any(|kind| !kind.found.is_empty());
    if known_site && let Some(identity) = identity::of(&definition, &documents, &sources) {
        changes.insert("identity".into(), identity);
    }
    let links = if known_site { links::of(&definition, &usable, &documents) } else { vec![] };
    let mut walk = links::written(&links);
    if let (Some(plan), Some((path, _))) = (&boards, &definition.walk.boards) {
        walk.extend(plan.written(path));
    }
    if !walk.is_empty() {
        changes.insert("walk".into(), Value::Object(walk));
    }
    let new_text = yaml::merged(text, &changes).unwrap_or_else(|| text.to_owned());
    let proposed = library.parse(&new_text, origin)?;
    Ok(check::proposal(&check::Case {
        old: &definition,
        proposed: &proposed,
        text: new_text,
        pages: &usable,
        set_aside,
        known,
        induced: &induced,
        links: &links,
        boards: boards.as_ref(),
    }))
}

/// Why a page says nothing about the layout; `None` when it may.
fn in_the_way(definition: &Definition, page: &Page<'_>) -> Option<String> {
    match extract(definition, page.request, &page.raw).outcome {
        _ if page.request.kind == PageKind::Boards && definition.walk.boards.is_none() => {
            Some("it names boards".into())
        }
        ReadOutcome::Failed(why @ (Outcome::Blocked(_) | Outcome::Unreachable(_) | Outcome::Moved(_))) => {
            Some(why.to_string())
        }
        ReadOutcome::Gone => Some("it is gone".into()),
        ReadOutcome::Empty => Some("it proves that it is empty".into()),
        _ => None,
    }
}

fn source(definition: &Definition, page: &Page<'_>) -> String {
    decode_text(page.raw.body, definition.encoding, page.raw.content_type)
}
