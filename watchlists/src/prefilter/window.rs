//! The stretch of text around an anchor that decides whether a term stands there.

use std::ops::Range;

use super::class::{self, Class, counts};
use super::element::fold_cjk;
use super::index::Anchors;
use crate::host::MAX_HOST;

/// Characters beyond what a verifier reads: a date beside a keyword, a disarmed scheme before a
/// host, a disarmed dot that the border cuts in two.
const MARGIN: usize = 24;

/// Characters that hold a host of the greatest length with every dot disarmed: ` [ dot ] x`.
const HOST_CHARS: usize = 5 * (MAX_HOST + 3) + MARGIN;

/// Anchors nearer to one another than this share a window.
const NEAR: usize = 64;

/// An anchor in the text, or several near to one another.
#[derive(Debug, Clone, Copy)]
pub(super) struct Event {
    /// Where the first and the last begin.
    pub(super) first: usize,
    pub(super) last: usize,
    /// Characters before the first and from the last on that a pattern may take.
    pub(super) left: usize,
    pub(super) right: usize,
    /// The hash that tells the patterns it may belong to; without it that is any.
    pub(super) told: Option<u64>,
}

/// A part of the text to be folded and searched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Window {
    /// What must be folded.
    pub(crate) outer: Range<usize>,
    /// Where matches count: nearer to the border of `outer` their surroundings are unknown.
    pub(crate) core: Range<usize>,
    /// The numbers of the patterns that may be there; without them that is any.
    pub(crate) sought: Option<Vec<u32>>,
}

/// More patterns than these are looked for all at once.
const MOST_SOUGHT: usize = 16;

impl Window {
    /// All of `text`.
    pub(crate) fn whole(text: &str) -> Window {
        Window { outer: 0..text.len(), core: 0..text.len(), sought: None }
    }
}

/// The windows around `events`, in order and apart from one another. `hosts` says that some
/// verifier reads whole hosts.
pub(super) fn around(text: &str, mut events: Vec<Event>, hosts: bool, anchors: &Anchors) -> Vec<Window> {
    events.sort_unstable_by_key(|event| event.first);
    let mut windows: Vec<Window> = Vec::new();
    let mut events = events.into_iter().peekable();
    while let Some(mut event) = events.next() {
        let mut sought = sought(event, anchors);
        while let Some(near) = events.next_if(|next| next.first <= event.last + NEAR) {
            event.last = event.last.max(near.last);
            sought = both(sought, self::sought(near, anchors));
            event.left = event.left.max(near.left);
            event.right = event.right.max(near.right);
        }
        let window = Window { sought, ..one(text, event, hosts) };
        match windows.last_mut() {
            Some(last) if window.outer.start <= last.outer.end => last.join(window),
            _ => windows.push(window),
        }
        while let [.., before, last] = windows.as_mut_slice()
            && last.outer.start <= before.outer.end
        {
            before.join(last.clone());
            windows.pop();
        }
    }
    windows
}

impl Window {
    fn join(&mut self, other: Window) {
        let union = |a: &Range<usize>, b: &Range<usize>| a.start.min(b.start)..a.end.max(b.end);
        self.outer = union(&self.outer, &other.outer);
        self.core = union(&self.core, &other.core);
        self.sought = both(self.sought.take(), other.sought);
    }
}

fn one(text: &str, event: Event, hosts: bool) -> Window {
    let core = back(text, event.first, event.left)..forward(text, event.last, event.right);
    let (left, right) = match hosts {
        true => (host_begin(text, core.start), host_end(text, core.end)),
        false => (core.start, core.end),
    };
    Window { outer: back(text, left, MARGIN)..forward(text, right, MARGIN), core, sought: None }
}

/// The patterns that an event may belong to; none if they are unknown or many.
fn sought(event: Event, anchors: &Anchors) -> Option<Vec<u32>> {
    let patterns = anchors.patterns(event.told?);
    (patterns.len() <= MOST_SOUGHT).then(|| patterns.to_vec())
}

/// The patterns of both, each once.
fn both(left: Option<Vec<u32>>, right: Option<Vec<u32>>) -> Option<Vec<u32>> {
    let (mut all, more) = (left?, right?);
    all.extend(more.into_iter().filter(|pattern| !all.contains(pattern)).collect::<Vec<_>>());
    (all.len() <= MOST_SOUGHT).then_some(all)
}

/// `chars` characters that count before `from`, and what does not count before them.
fn back(text: &str, from: usize, chars: usize) -> usize {
    let before = text.get(..from).unwrap_or_default();
    let mut counted = 0;
    let beyond = before.char_indices().rev().find(|&(_, c)| {
        counted += usize::from(counts(c));
        counted > chars
    });
    beyond.map_or(0, |(at, c)| at + c.len_utf8())
}

/// `chars` characters that count from `from` on, and what does not count behind them.
fn forward(text: &str, from: usize, chars: usize) -> usize {
    let rest = text.get(from..).unwrap_or_default();
    let mut counted = 0;
    let beyond = rest.char_indices().find(|&(_, c)| {
        counted += usize::from(counts(c));
        counted > chars
    });
    beyond.map_or(text.len(), |(at, _)| from + at)
}

/// Where the host around `from` has begun for certain.
fn host_begin(text: &str, from: usize) -> usize {
    let before = text.get(..from).unwrap_or_default();
    let mut counted = 0;
    let stop = before.char_indices().rev().find(|&(at, c)| {
        counted += usize::from(counts(c));
        ends_host(text, at, c) || counted > HOST_CHARS
    });
    stop.map_or(0, |(at, _)| at)
}

/// Where the host around `from` has ended for certain.
fn host_end(text: &str, from: usize) -> usize {
    let rest = text.get(from..).unwrap_or_default();
    let mut counted = 0;
    let stop = rest.char_indices().find(|&(at, c)| {
        counted += usize::from(counts(c));
        ends_host(text, from + at, c) || counted > HOST_CHARS
    });
    stop.map_or(text.len(), |(at, c)| from + at + c.len_utf8())
}

/// Whether `c` at `at` is in no host, however disarmed: it stands for itself or for nothing that a
/// host has. White space may belong to a disarmed dot when a bracket is beside it.
fn ends_host(text: &str, at: usize, c: char) -> bool {
    match c {
        '/' | ':' | '@' | ',' | ';' | '"' | '\'' | '=' | '|' | '!' | '?' | '&' | '#' | '$' | '*' | '+' | '~' => true,
        ' ' | '\n' => {
            let plain =
                |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_graphic() && !b"()[]{}<>".contains(byte));
            let bytes = text.as_bytes();
            plain(at.checked_sub(1).and_then(|before| bytes.get(before))) && plain(bytes.get(at + 1))
        }
        // Han and kana are not part of a host in running text, but 点 may stand for its dot.
        _ => !c.is_ascii() && class::of(c) == Class::Cjk && fold_cjk(c) != '点',
    }
}
