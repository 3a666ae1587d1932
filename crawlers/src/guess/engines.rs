//! Which engine's base reads a page.

use scraper::Html;
use url::Url;

use crate::{
    Outcome,
    definition::{Definition, Kind, Library, Response},
    extract::{PageReading, ReadOutcome, decode_text, extract},
    repair::yaml::scalar,
    walk::{PageKind, PageRequest, RawPage},
};

/// How well a base fits a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EngineScore {
    /// Identity of the base.
    pub base: String,
    /// Name for people.
    pub name: String,
    /// Higher fits better: proof of identity, rows without missing fields, boards.
    pub score: u32,
    /// Rows that it reads.
    pub rows: usize,
    /// What the page is in its eyes.
    pub kind: PageKind,
}

/// The bases whose identity the page proves, the best first. A base without a proof counts only by rows it reads whole.
pub(super) fn scores(library: &Library, raw: &RawPage<'_>) -> Vec<EngineScore> {
    let bases = library.ids().filter_map(|id| library.get(id).ok()).filter(|base| base.links.is_empty());
    let mut scores: Vec<_> = bases.filter_map(|base| score(&base, raw)).collect();
    scores.sort_by(|a, b| (b.score, &a.base).cmp(&(a.score, &b.base)));
    scores
}

fn score(base: &Definition, raw: &RawPage<'_>) -> Option<EngineScore> {
    let proven = is_proven(base, raw);
    if !proven && !base.identity.is_empty() {
        return None;
    }
    let tried = [PageKind::Listing, PageKind::Thread, PageKind::Boards].into_iter().map(|kind| {
        let request = PageRequest { url: raw.url.clone(), kind, page: 1, thread: None, zone: None };
        let reading = extract(base, &request, raw);
        (points(&reading), reading.posts.len() + reading.threads.len(), kind)
    });
    let (points, rows, kind) = tried.max_by_key(|(points, ..)| *points)?;
    // What leak blogs have in common names no program.
    let names_it = proven && base.kind != Kind::LeakBlog;
    let score = points + if names_it { 10 } else { 0 };
    (proven || points >= 20).then(|| EngineScore { base: base.id.clone(), name: base.name.clone(), score, rows, kind })
}

fn is_proven(base: &Definition, raw: &RawPage<'_>) -> bool {
    let source = decode_text(raw.body, base.encoding, raw.content_type);
    // The reading of the same page has its bounds checked; here only a page within them is parsed.
    let request = PageRequest { url: raw.url.clone(), kind: PageKind::Listing, page: 1, thread: None, zone: None };
    let unreadable = |reading: PageReading| {
        matches!(reading.outcome, ReadOutcome::Failed(Outcome::Unreachable(_) | Outcome::NotTheSite))
    };
    if unreadable(extract(base, &request, raw)) || base.response == Response::Json {
        return false;
    }
    let page = Html::parse_document(&source);
    base.identity.iter().any(|proof| proof.holds(&page, &source))
}

fn points(reading: &PageReading) -> u32 {
    let rows = u32::try_from((reading.posts.len() + reading.threads.len()).min(10)).unwrap_or(10);
    let boards = if reading.boards.is_empty() { 0 } else { 6 };
    match &reading.outcome {
        ReadOutcome::Rows if rows > 0 => 20 + rows,
        ReadOutcome::Failed(Outcome::Partial(_)) => 8,
        ReadOutcome::Empty => 4 + boards,
        ReadOutcome::Rows => boards,
        ReadOutcome::Gone | ReadOutcome::Failed(_) => boards.saturating_sub(4),
    }
}

/// A definition on a base.
pub(super) fn text(id: &str, link: &Url, best: &EngineScore) -> String {
    let what = match (best.kind, best.rows) {
        (_, 0) => "bears its marks".to_owned(),
        (PageKind::Thread, rows) => format!("is read as a thread of {rows} posts"),
        (_, rows) => format!("is read as a listing of {rows} threads"),
    };
    format!(
        "# {link} {what} by the base `{}` ({}).\nschema: 1\nid: {id}\nname: {}\nextends: {}\nlinks: [{}]\n",
        best.base,
        best.name,
        scalar(link.host_str().unwrap_or(id)),
        best.base,
        scalar(link.as_str()),
    )
}
