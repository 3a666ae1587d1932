//! Values made fit for a reader: times, captured text, spans, pages of a list.

use std::fmt;

use askama::filters::HtmlSafe;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

use super::guard::Ctx;
use super::i18n::Lang;
use crate::alerts::render::mask;

/// Rows of a page of a list.
pub(crate) const ROWS: i64 = 50;
/// Deepest page of a list.
const MAX_PAGE: i64 = 200;

/// What the layout needs.
pub(crate) struct Frame {
    pub(crate) lang: Lang,
    pub(crate) name: String,
    pub(crate) signed_in: bool,
    pub(crate) admin: bool,
    pub(crate) csrf: String,
    pub(crate) path: String,
    /// Which entry of the menu is current.
    pub(crate) here: &'static str,
    /// Whether the page loads itself anew.
    pub(crate) refresh: bool,
    /// What has just been done.
    pub(crate) said: Option<&'static str>,
}

impl Frame {
    pub(crate) fn new(ctx: &Ctx, here: &'static str) -> Self {
        Self {
            lang: ctx.lang,
            name: ctx.name().to_owned(),
            signed_in: ctx.user.is_some(),
            admin: ctx.is_admin(),
            csrf: ctx.csrf.clone(),
            path: ctx.path.clone(),
            here,
            refresh: false,
            said: None,
        }
    }

    /// With the sentence for `?said=…`.
    pub(crate) fn saying(mut self, said: Option<&str>) -> Self {
        self.said = said.and_then(|said| self.lang.known("said", said));
        self
    }

    /// Whether an entry of the menu is the current one.
    pub(crate) fn at(&self, name: &str) -> bool {
        self.here == name
    }

    pub(crate) fn t(&self, key: &str) -> &'static str {
        self.lang.t(key)
    }

    pub(crate) fn word(&self, group: &str, value: &str) -> String {
        self.lang.word(group, value)
    }

    pub(crate) fn with(&self, key: &str, value: impl fmt::Display) -> String {
        self.lang.with(key, value)
    }
}

/// A moment: Taipei's time to read, UTC in the title. Holds nothing that needs escaping.
pub(crate) struct Time(Option<Timestamp>);

/// A moment as markup; a dash when there is none.
pub(crate) fn time(at: impl Into<Option<Timestamp>>) -> Time {
    Time(at.into())
}

impl Time {
    /// The moment as text, with its second, where no markup may stand.
    pub(crate) fn text(&self) -> String {
        self.0.map_or_else(|| "—".to_owned(), |at| local(at).strftime("%Y-%m-%d %H:%M:%S").to_string())
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(at) = self.0 else { return f.write_str("—") };
        let utc = at.to_zoned(TimeZone::UTC);
        write!(
            f,
            "<time datetime=\"{}\" title=\"{} UTC\">{}</time>",
            utc.strftime("%Y-%m-%dT%H:%M:%SZ"),
            utc.strftime("%Y-%m-%d %H:%M:%S"),
            local(at).strftime("%Y-%m-%d %H:%M")
        )
    }
}

/// The moment in Taipei, which has had no summer time since 1979; the bundled database is right before that as well.
fn local(at: Timestamp) -> Zoned {
    at.to_zoned(TimeZone::get("Asia/Taipei").unwrap_or(TimeZone::UTC))
}

impl HtmlSafe for Time {}

/// Captured text with everything shown that would hide or turn what a reader sees: controls, and marks that change the
/// direction of writing (Unicode TR 36).
pub(crate) fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\t' => out.push(c),
            '\r' => {}
            c if c.is_control() => out.push('\u{fffd}'),
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{61c}' => {
                out.push_str(&format!("[U+{:04X}]", c as u32));
            }
            c => out.push(c),
        }
    }
    out
}

/// A piece of text, marked or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Piece {
    pub(crate) text: String,
    pub(crate) marked: bool,
}

/// The text cut at spans of bytes, with what looks like a password hidden: a password is never shown, to anybody.
pub(crate) fn pieces(text: &str, spans: impl IntoIterator<Item = (u64, u64)>) -> Vec<Piece> {
    let secrets = mask::merge(mask::spans(text));
    if secrets.is_empty() {
        return cut(text, spans);
    }
    let mut shown = String::with_capacity(text.len());
    let mut done = 0;
    // Where each secret ends in the text, and where its mask ends in what is shown.
    let mut places = Vec::new();
    for secret in secrets {
        shown.push_str(text.get(done..secret.start).unwrap_or_default());
        shown.push_str(mask::MASK);
        done = secret.end;
        places.push((secret, shown.len()));
    }
    shown.push_str(text.get(done..).unwrap_or_default());
    let moved = |at: u64| -> u64 {
        let at = usize::try_from(at).unwrap_or(usize::MAX).min(text.len());
        let inside = places.iter().find(|(secret, _)| secret.contains(&at));
        let before = places.iter().rev().find(|(secret, _)| secret.end <= at);
        let place = match (inside, before) {
            (Some((_, end)), _) => *end,
            (None, Some((secret, end))) => end + (at - secret.end),
            (None, None) => at,
        };
        place as u64
    };
    cut(&shown, spans.into_iter().map(|(start, end)| (moved(start), moved(end))))
}

/// The text cut at spans of bytes. Spans may overlap, lie outside or cut characters: they are widened, joined, clipped.
fn cut(text: &str, spans: impl IntoIterator<Item = (u64, u64)>) -> Vec<Piece> {
    let place = |at: u64| usize::try_from(at).unwrap_or(usize::MAX).min(text.len());
    let mut spans: Vec<(usize, usize)> = spans
        .into_iter()
        .map(|(start, end)| (text.floor_char_boundary(place(start)), text.ceil_char_boundary(place(end))))
        .filter(|(start, end)| start < end)
        .collect();
    spans.sort_unstable();
    let mut out = Vec::new();
    let mut done = 0;
    for (start, end) in spans {
        let start = start.max(done);
        if start < end {
            push(&mut out, text.get(done..start), false);
            push(&mut out, text.get(start..end), true);
            done = end;
        }
    }
    push(&mut out, text.get(done..), false);
    out
}

fn push(out: &mut Vec<Piece>, text: Option<&str>, marked: bool) {
    if let Some(text) = text.filter(|text| !text.is_empty()) {
        out.push(Piece { text: plain(text), marked });
    }
}

/// Around the first marked piece: at most `before` and `after` characters of it.
pub(crate) fn around(pieces: Vec<Piece>, before: usize, after: usize) -> Vec<Piece> {
    let first = pieces.iter().position(|piece| piece.marked).unwrap_or(0);
    let mut out = Vec::new();
    let mut left = after;
    for (n, piece) in pieces.into_iter().enumerate() {
        if n + 1 < first || left == 0 {
            continue;
        }
        let length = piece.text.chars().count();
        let text: String = if n + 1 == first {
            let skip = length.saturating_sub(before);
            let lead = if skip > 0 { "…" } else { "" };
            lead.chars().chain(piece.text.chars().skip(skip)).collect()
        } else {
            let tail = if length > left { "…" } else { "" };
            piece.text.chars().take(left).chain(tail.chars()).collect()
        };
        if n + 1 != first {
            left = left.saturating_sub(length);
        }
        out.push(Piece { text, marked: piece.marked });
    }
    out
}

/// The number of a page, from what the address says: 1 and up.
pub(crate) fn page_number(page: Option<i64>) -> i64 {
    page.unwrap_or(1).clamp(1, MAX_PAGE)
}

/// Links to the neighbours of a page of a list.
pub(crate) struct Pager {
    pub(crate) page: i64,
    pub(crate) previous: Option<String>,
    pub(crate) next: Option<String>,
}

impl Pager {
    /// `base` is a path with `?` and the other parameters, encoded, each ending in `&`.
    pub(crate) fn new(base: &str, page: i64, more: bool) -> Self {
        let link = |page: i64| format!("{base}page={page}");
        Self {
            page,
            previous: (page > 1).then(|| link(page - 1)),
            next: (more && page < MAX_PAGE).then(|| link(page + 1)),
        }
    }
}

/// One page of a whole list, and whether more follow.
pub(crate) fn slice<T>(all: Vec<T>, page: i64) -> (Vec<T>, bool) {
    let from = usize::try_from((page - 1) * ROWS).unwrap_or(usize::MAX);
    let rows = usize::try_from(ROWS).unwrap_or(50);
    let more = all.len() > from.saturating_add(rows);
    (all.into_iter().skip(from).take(rows).collect(), more)
}

/// A text as a value of a query string.
pub(crate) fn encode(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}
