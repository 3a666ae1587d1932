//! Choosing the part of a pattern that gives it away: a rare word, or two Han characters in a row.

use std::collections::HashMap;

use super::class::{self, Class};
use super::element::{Element, Next, WRITTEN, bigram_key, hash_word, lead_at, load, next, piece_at, word_key};
use super::index::{Direct, Reach, pair};

/// How a pattern can be recognised in text that has not been folded.
#[derive(Debug)]
pub(super) enum Anchor {
    /// A word or two characters.
    Part(Part),
    /// A single Han or kana, when the pattern has nothing better.
    Lone(char, Reach),
    /// Its characters are exotic themselves, so exotic text is where it is looked for.
    Exotic,
    /// None of these.
    None,
}

#[derive(Debug, Clone)]
pub(super) struct Part {
    pub(super) hash: u64,
    /// What must follow it.
    pub(super) next: Option<u64>,
    /// What must stand before it, if nothing follows.
    pub(super) last: Option<u64>,
    pub(super) reach: Reach,
    pub(super) keys: Keys,
    /// One letter, or one or two digits.
    pub(super) short: bool,
    /// A word that begins with a digit.
    pub(super) digits: bool,
    /// The bytes that follow it in text, if they are known.
    pub(super) lead: Option<u64>,
    len: usize,
}

impl Part {
    /// The part with its neighbour.
    pub(super) fn pair(&self) -> Option<u64> {
        self.next.map(|next| pair(self.hash, next)).or(self.last.map(|last| pair(last, self.hash)))
    }
}

/// What follows the word at `start` of `pattern`, if every text with the pattern shows it in the same way.
fn lead(pattern: &str, start: usize, len: usize) -> Option<u64> {
    let rest = pattern.as_bytes().get(start + len..).unwrap_or_default();
    let enough = match rest {
        [_, second, third, ..] if second.is_ascii_alphanumeric() => third.is_ascii_alphanumeric(),
        [_, second, ..] => !second.is_ascii_alphanumeric(),
        _ => false,
    };
    lead_at(load(rest, 0)).filter(|_| enough)
}

/// The bytes that are looked up in a bitmap: `start..start + len` of the pattern.
#[derive(Debug, Clone, Copy)]
pub(super) enum Keys {
    Word(usize, usize),
    Bigram(usize),
}

/// How often each part, and each pair of a part and what follows, occurs in all patterns.
pub(super) type Counts = HashMap<u64, u32, Direct>;

/// What folding and searching a window costs, in looks at a place.
const WINDOW: u64 = 50;

/// What it costs to look at what stands beside a part, where the bytes behind it do not tell.
const LOOK: u64 = 16;

/// Counts the parts of `pattern`.
pub(super) fn count(pattern: &str, counts: &mut Counts) {
    for part in parts(pattern, &elements(pattern)) {
        *counts.entry(part.hash).or_default() += 1;
        if let Some(pair) = part.pair() {
            *counts.entry(pair).or_default() += 1;
        }
    }
}

/// The best anchor of `pattern`.
pub(super) fn choose(pattern: &str, counts: &Counts) -> Anchor {
    let readable = |c: char| WRITTEN.contains_key(&c) || class::of(c) != Class::Exotic;
    if !pattern.chars().all(readable) {
        return Anchor::Exotic;
    }
    let elements = elements(pattern);
    let best = parts(pattern, &elements).into_iter().min_by_key(|part| cost(part, counts));
    let lone = || elements.iter().find(|element| element.piece == 0);
    match (best, lone()) {
        (Some(part), _) => Anchor::Part(part),
        (None, Some(element)) => match pattern[element.start..element.end].chars().next() {
            Some(c) => Anchor::Lone(c, reach(pattern, element.start, true)),
            None => Anchor::None,
        },
        (None, None) => Anchor::None,
    }
}

/// What an anchor costs. How many patterns have it tells how common it is, and short words are more
/// common than long ones. Each place with the part costs a look, each with what follows a window.
fn cost(part: &Part, counts: &Counts) -> u64 {
    let count = |hash| u64::from(counts.get(&hash).copied().unwrap_or_default());
    let shared = count(part.hash);
    let common = match (part.keys, part.len) {
        (Keys::Bigram(_), _) => 2,
        (_, 1) => 4096,
        (_, 2) => 64,
        (_, 3) => 16,
        (_, 4) => 4,
        (_, 5) => 2,
        _ => 1,
    };
    let windows = part.pair().map_or(shared * common, count);
    let look = if part.lead.is_some() { 1 } else { LOOK };
    (windows * WINDOW + shared * common * look) * if part.short { 1 << 20 } else { 1 }
}

fn elements(pattern: &str) -> Vec<Element> {
    let mut elements = Vec::new();
    let mut at = 0;
    while let Next::Element(element) = next(pattern, at, false) {
        at = element.end;
        elements.push(element);
    }
    elements
}

/// Every part that may serve as an anchor.
fn parts(pattern: &str, elements: &[Element]) -> Vec<Part> {
    let follows = |index: usize| elements.get(index).map(|element| element.hash);
    let mut parts = Vec::new();
    for (index, element) in elements.iter().enumerate() {
        let (hash, next, keys, len) = if element.piece > 0 {
            let keys = Keys::Word(element.start, element.piece);
            (element.hash, follows(index + 1), keys, element.piece)
        } else {
            match elements.get(index + 1) {
                Some(second) if second.piece == 0 && second.start == element.end => {
                    (pair(element.hash, second.hash), follows(index + 2), Keys::Bigram(element.start), 6)
                }
                _ => continue,
            }
        };
        let written = &pattern.as_bytes()[element.start..element.start + len.min(pattern.len() - element.start)];
        let digits = written.iter().all(u8::is_ascii_digit);
        let short = matches!(keys, Keys::Word(..)) && (len == 1 || len == 2 && digits);
        let begins = written.first().is_some_and(u8::is_ascii_digit);
        let last = index.checked_sub(1).and_then(follows).filter(|_| next.is_none());
        let mut reach = reach(pattern, element.start, next.or(last).is_none());
        reach.ahead = next.is_some();
        reach.back = last.is_some();
        let lead = match keys {
            Keys::Word(start, len) if reach.ahead => lead(pattern, start, len),
            _ => None,
        };
        parts.push(Part { hash, next, last, reach, keys, short, digits: begins, lead, len });
    }
    parts
}

/// What of `pattern` stands before and after `start`. Any dot or sign may be written with eight
/// characters more, as in ` [ dot ] `.
fn reach(pattern: &str, start: usize, alone: bool) -> Reach {
    let extent = |text: &str| {
        let chars = text.chars().map(|c| if ".@:/".contains(c) { 9 } else { 1 }).sum::<usize>();
        u16::try_from(chars).unwrap_or(u16::MAX)
    };
    let (left, right) = pattern.split_at(start);
    Reach { left: extent(left), right: extent(right), alone, ahead: false, back: false }
}

/// The extent of all of `pattern`, on both sides of a place within it.
pub(super) fn whole_reach(pattern: &str) -> Reach {
    let Reach { right, .. } = reach(pattern, 0, true);
    Reach { left: right, right, alone: true, ahead: false, back: false }
}

/// Calls `found` with each key that the part has in text, however its characters are written.
pub(super) fn each_key(pattern: &str, keys: Keys, mut found: impl FnMut(u64)) {
    let (start, len) = match keys {
        Keys::Word(start, len) => (start, len),
        Keys::Bigram(start) => (start, 6),
    };
    let (part, chars) = match keys {
        Keys::Word(..) => (piece_at(pattern, start, len), len),
        Keys::Bigram(_) => (pattern.get(start..).unwrap_or_default(), 2),
    };
    let mut spellings = vec![String::new()];
    for c in part.chars().take(chars) {
        let written = WRITTEN.get(&c).map_or(std::slice::from_ref(&c), Vec::as_slice);
        let full = spellings.first().is_some_and(|spelling| spelling.len() >= 8);
        if full {
            break;
        }
        let more = written.iter().flat_map(|&c| spellings.iter().map(move |spelling| format!("{spelling}{c}")));
        spellings = more.collect();
    }
    for spelling in spellings {
        found(match keys {
            Keys::Word(..) => word_key(load(spelling.as_bytes(), 0), len),
            Keys::Bigram(_) => bigram_key(load(spelling.as_bytes(), 0)),
        });
    }
}

/// The hash of the two characters, as [`parts`] gives it.
pub(super) fn bigram_hash(first: char, second: char) -> u64 {
    pair(super::element::hash_cjk(first), super::element::hash_cjk(second))
}

/// The hash of a word in text, as [`parts`] gives it.
pub(super) fn word_hash(text: &str, start: usize, len: usize) -> u64 {
    hash_word(piece_at(text, start, len))
}
