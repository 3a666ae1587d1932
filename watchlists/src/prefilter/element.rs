//! What texts and patterns consist of to the prefilter: words and single Han or kana.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::class::{self, Class};
use super::index::spread;
use crate::fold::fold_char;

/// Bytes of a word that are looked at; the verifier looks at the rest.
pub(super) const MAX_PIECE: usize = 32;

/// Characters between two elements that are skipped.
const MAX_SKIP: usize = 32;

/// For each folded character the characters of [`Class::Cjk`] and [`Class::Word`] that fold to it.
pub(super) static WRITTEN: LazyLock<HashMap<char, Vec<char>>> = LazyLock::new(|| {
    let mut written: HashMap<char, Vec<char>> = HashMap::new();
    for c in ('\u{400}'..='\u{45f}').chain('\u{3000}'..='\u{9fff}') {
        if matches!(class::of(c), Class::Cjk | Class::Word) {
            written.entry(folded(c)).or_default().push(c);
        }
    }
    written
});

static CYRILLIC: LazyLock<Vec<char>> = LazyLock::new(|| ('\u{400}'..='\u{45f}').map(folded).collect());

const FIRST_CJK: char = '\u{3000}';

static CJK: LazyLock<Vec<char>> = LazyLock::new(|| (FIRST_CJK..='\u{9fff}').map(folded).collect());

fn folded(c: char) -> char {
    let mut out = String::new();
    fold_char(c, &mut out);
    out.chars().next().unwrap_or(c)
}

/// What follows at a place of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    /// A word or a character.
    Element(Element),
    /// Something that folding or restoring may turn into anything.
    Unknown,
    /// The text ends.
    End,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Element {
    pub(super) hash: u64,
    pub(super) start: usize,
    /// The end of the whole word.
    pub(super) end: usize,
    /// Bytes of the word up to a date or the limit; zero for a single Han or kana.
    pub(super) piece: usize,
}

/// The first element at or after `from`; `strict` takes what restoring could change for unknown.
pub(super) fn next(text: &str, from: usize, strict: bool) -> Next {
    let rest = text.get(from..).unwrap_or_default();
    for (index, (at, c)) in rest.char_indices().enumerate() {
        let start = from + at;
        match class::of(c) {
            Class::Word => return word(text, start, strict),
            Class::Cjk => return character(c, start, strict),
            Class::Exotic if strict => return Next::Unknown,
            // What a pattern has in place of a character of three bytes.
            Class::Exotic if WRITTEN.contains_key(&c) => return character(c, start, strict),
            _ if strict && (c == '%' || index >= MAX_SKIP) => return Next::Unknown,
            _ => {}
        }
    }
    Next::End
}

/// The element before `to` in text, when it can be read without doubt.
pub(super) fn last(text: &str, to: usize) -> Next {
    let before = text.get(..to).unwrap_or_default();
    for (index, (at, c)) in before.char_indices().rev().enumerate() {
        match class::of(c) {
            Class::Word => return last_word(text, at + c.len_utf8()),
            Class::Cjk => return character(c, at, true),
            Class::Exotic => return Next::Unknown,
            _ if c == '%' || index >= MAX_SKIP => return Next::Unknown,
            _ => {}
        }
    }
    Next::End
}

/// The word that ends at `end`; one with a digit may begin or end with a date or an escape.
fn last_word(text: &str, end: usize) -> Next {
    let before = text.get(..end).unwrap_or_default();
    let begin = before.char_indices().rev().find(|&(_, c)| class::of(c) != Class::Word);
    let start = begin.map_or(0, |(at, c)| at + c.len_utf8());
    let doubtful = begin.is_some_and(|(_, c)| c == '%' || class::of(c) == Class::Exotic)
        || before.get(start..).unwrap_or_default().contains(|c: char| c.is_ascii_digit());
    if doubtful { Next::Unknown } else { word(text, start, true) }
}

fn word(text: &str, start: usize, strict: bool) -> Next {
    let piece = piece_len(text.as_bytes(), start);
    let written = piece_at(text, start, piece);
    if strict && ["dot", "at"].iter().any(|word| written.eq_ignore_ascii_case(word)) {
        return Next::Unknown;
    }
    let rest = text.get(start..).unwrap_or_default();
    let end = rest.char_indices().find(|&(_, c)| class::of(c) != Class::Word).map_or(text.len(), |(at, _)| start + at);
    Next::Element(Element { hash: hash_word(written), start, end, piece })
}

fn character(c: char, start: usize, strict: bool) -> Next {
    let read = fold_cjk(c);
    if strict && read == '点' {
        return Next::Unknown;
    }
    Next::Element(Element { hash: hash_cjk(read), start, end: start + c.len_utf8(), piece: 0 })
}

/// What a character of [`Class::Cjk`] folds to.
pub(super) fn fold_cjk(c: char) -> char {
    CJK.get((c as usize).wrapping_sub(FIRST_CJK as usize)).copied().unwrap_or_else(|| folded(c))
}

pub(super) fn hash_cjk(folded: char) -> u64 {
    spread(folded as u64 | 1 << 40)
}

/// The hash of a word as it folds.
pub(super) fn hash_word(word: &str) -> u64 {
    // Letters and digits of ASCII differ from their lower case by one bit, eight bytes at a time.
    const CASE: u64 = 0x2020_2020_2020_2020;
    let bytes = word.as_bytes();
    if bytes.is_ascii() {
        let eights = bytes.chunks_exact(8).map(|eight| load(eight, 0) | CASE);
        let rest = load_end(bytes, bytes.len() / 8 * 8) | CASE;
        return eights.chain([rest]).fold(bytes.len() as u64, mix);
    }
    word.chars().fold(0, |hash, c| {
        let folded = match c as usize {
            0..0x80 => c.to_ascii_lowercase(),
            code => CYRILLIC.get(code.wrapping_sub(0x400)).copied().unwrap_or(c),
        };
        mix(hash, folded as u64)
    })
}

fn mix(hash: u64, part: u64) -> u64 {
    let spread = spread(hash.rotate_left(29) ^ part);
    spread ^ spread >> 32
}

/// `len` bytes from `start` on, less a character that is cut in two.
pub(super) fn piece_at(text: &str, start: usize, len: usize) -> &str {
    text.get(start..text.floor_char_boundary(start + len)).unwrap_or_default()
}

/// The length of the word at `start` up to where a date may begin, as the masks of a block say it.
pub(super) fn piece_len(bytes: &[u8], start: usize) -> usize {
    let at = |index: usize| bytes.get(index).copied().unwrap_or_default();
    let letter = |index: usize| {
        at(index).is_ascii_alphabetic()
            || matches!(at(index), 0xd0 | 0xd1)
            || index > 0 && matches!(at(index - 1), 0xd0 | 0xd1)
    };
    let continues = |index: &usize| {
        let date = matches!(at(*index), b'1' | b'2') && matches!(at(index + 1), b'0' | b'9') && letter(index - 1);
        (letter(*index) || at(*index).is_ascii_digit()) && !date
    };
    1 + (start + 1..start + MAX_PIECE).take_while(continues).count()
}

/// The key of a word in the bitmap: its first eight bytes with letters of both cases made alike,
/// and its length.
#[inline(always)]
pub(super) fn word_key(first: u64, len: usize) -> u64 {
    const CASE: u64 = 0x2020_2020_2020_2020;
    const TOP: u64 = 0x8080_8080_8080_8080;
    let kept = first & (u64::MAX >> (64 - 8 * len.min(8)));
    // The second half of the Cyrillic alphabet changes its first byte with its case, by one.
    let leads = kept & kept << 1 & TOP;
    (kept | CASE | leads >> 7) ^ (len as u64) << 56
}

/// Bytes that folding and restoring leave as they are between two words, and white space, which folds to a space.
const BETWEEN: [u8; 256] = {
    let mut between = [0; 256];
    let mut at = 0;
    while at < 0x80 {
        let byte = at as u8;
        between[at] = match byte {
            b' ' | b'\n' | b'\t' | b'\r' => b' ',
            // They may begin a disarmed dot or sign.
            b'[' | b'(' | b'{' | b'<' | b'%' | b'\\' => 0,
            // Digits stand here when a date follows the word.
            b'0'..=b'9' => byte,
            _ if byte.is_ascii_punctuation() => byte,
            _ => 0,
        };
        at += 1;
    }
    between
};

/// What follows a word, if `bytes` begin with ASCII that reads the same in folded and restored text: a sign, and two
/// letters or digits or another sign.
#[inline(always)]
pub(super) fn lead_at(bytes: u64) -> Option<u64> {
    const HIGH: u64 = 0x8080_8000;
    let sign = BETWEEN[(bytes & 0xff) as usize];
    let second = (bytes >> 8) as u8;
    let another = BETWEEN[usize::from(second)];
    let words = bytes >> 8 & 0xffff | 0x2020;
    let read = if second.is_ascii_alphanumeric() { words } else { u64::from(another) };
    // White space of any length is one space.
    let plain = (sign != 0) & (bytes & HIGH == 0) & (read != 0) & !((sign == b' ') & (another == b' '));
    plain.then_some(u64::from(sign) | read << 8)
}

/// The key of a word with what follows it.
#[inline(always)]
pub(super) fn lead_key(word: u64, lead: u64) -> u64 {
    word ^ spread(lead).rotate_left(32)
}

/// The key of two characters of three bytes each.
#[inline(always)]
pub(super) fn bigram_key(bytes: u64) -> u64 {
    bytes & 0xffff_ffff_ffff
}

/// Eight bytes from `at` on, zeros beyond the end.
#[inline(always)]
pub(crate) fn load(bytes: &[u8], at: usize) -> u64 {
    match bytes.get(at..at + 8).and_then(|bytes| bytes.try_into().ok()) {
        Some(eight) => u64::from_le_bytes(eight),
        None => load_end(bytes, at),
    }
}

fn load_end(bytes: &[u8], at: usize) -> u64 {
    let rest = bytes.get(at..).unwrap_or_default();
    rest.iter().take(8).enumerate().fold(0, |word, (index, &byte)| word | u64::from(byte) << (8 * index))
}
