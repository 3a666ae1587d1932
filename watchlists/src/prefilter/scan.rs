//! Reading text at speed: places whose bytes may begin an anchor, and places that need a look.

use super::blocks::{BLOCK, Masks, shifted_in, shifted_out};
use super::element::{MAX_PIECE, bigram_key, lead_at, lead_key, load, word_key};
use super::index::Bloom;

/// Bytes between two looks at what was found: few enough for the places to stay in the cache.
const CHUNK: usize = 16 * BLOCK;

/// Which characters of a run of Han are looked at: every second one, with its neighbours on both
/// sides. Characters of three bytes are every second time at a place that is 0, 1 or 2 modulo 6.
const EVERY_SECOND: [u64; 3] = [every_second(0), every_second(4), every_second(2)];

const fn every_second(shift: usize) -> u64 {
    let mut mask = 0;
    let mut at = 0;
    while at < BLOCK {
        if (at + shift) % 6 < 3 {
            mask |= 1 << at;
        }
        at += 1;
    }
    mask
}

/// The bitmaps that bytes are tested against.
#[derive(Debug)]
pub(super) struct Sieve {
    pub(super) words: Bloom,
    /// Anchors with what follows them, or the word alone where nothing must.
    pub(super) leads: Bloom,
    pub(super) bigrams: Bloom,
    /// Anchors of one letter, or of one or two digits, exist.
    pub(super) short: bool,
}

/// What passed the sieve.
pub(super) trait Visit {
    /// A word of `len` bytes at `at`, up to a date or to the limit.
    fn word(&mut self, at: usize, len: usize);
    /// A character of three bytes at `at`; with that before or after it it may be an anchor.
    fn cjk(&mut self, at: usize);
    /// A character at `at` whose class must be looked up, or white space after one of more bytes.
    fn rare(&mut self, at: usize);
}

impl Sieve {
    /// Calls `visit` for what may matter in `bytes`, which are UTF-8; each sort in order.
    pub(super) fn scan(&self, bytes: &[u8], visit: &mut impl Visit) {
        let mut blocks = Blocks::new(bytes);
        let mut places = Places::default();
        let mut start = 0;
        while start < bytes.len() {
            places.clear();
            let end = (start + CHUNK).min(bytes.len());
            while blocks.at < end {
                blocks.step(start, self.short, &mut places);
            }
            self.sift(bytes, start, &places, visit);
            start = end;
        }
    }

    fn sift(&self, bytes: &[u8], start: usize, places: &Places, visit: &mut impl Visit) {
        let mut kept = [0; CHUNK];
        let mut count = 0;
        for &place in places.words.all() {
            let (at, len) = (start + place as usize / BLOCK, place as usize % BLOCK);
            if let Some(slot) = kept.get_mut(count) {
                *slot = place;
            }
            let key = word_key(load(bytes, at), len);
            count += match lead_at(load(bytes, at + len)) {
                Some(lead) => self.leads.test(lead_key(key, lead)) | self.leads.test(key),
                None => self.words.test(key),
            };
        }
        for &place in kept.iter().take(count) {
            visit.word(start + place as usize / BLOCK, place as usize % BLOCK);
        }
        count = 0;
        for &place in places.cjk.all() {
            let at = start + place as usize;
            if let Some(slot) = kept.get_mut(count) {
                *slot = place;
            }
            let with_next = self.bigrams.test(bigram_key(load(bytes, at)));
            let with_last = self.bigrams.test(bigram_key(load(bytes, at.saturating_sub(3))));
            count += with_next | with_last;
        }
        for &place in kept.iter().take(count) {
            visit.cjk(start + place as usize);
        }
        for &place in places.rare.all() {
            visit.rare(start + place as usize);
        }
    }
}

/// A list of places within a chunk.
struct List {
    items: [u32; CHUNK],
    count: usize,
}

impl List {
    #[inline(always)]
    fn push(&mut self, item: u32) {
        if let Some(slot) = self.items.get_mut(self.count) {
            *slot = item;
            self.count += 1;
        }
    }

    fn all(&self) -> &[u32] {
        self.items.get(..self.count).unwrap_or_default()
    }
}

impl Default for List {
    fn default() -> Self {
        List { items: [0; CHUNK], count: 0 }
    }
}

/// What was found in a chunk: a word as its place and length in one number.
#[derive(Default)]
struct Places {
    words: List,
    cjk: List,
    rare: List,
}

impl Places {
    fn clear(&mut self) {
        self.words.count = 0;
        self.cjk.count = 0;
        self.rare.count = 0;
    }
}

/// The blocks of a text, with those before and after the current one.
struct Blocks<'t> {
    bytes: &'t [u8],
    at: usize,
    before: Masks,
    /// The word bytes of the block before.
    words_before: u64,
    current: Masks,
}

impl<'t> Blocks<'t> {
    fn new(bytes: &'t [u8]) -> Self {
        let current = masks_at(bytes, 0);
        Blocks { bytes, at: 0, before: Masks::default(), words_before: 0, current }
    }

    /// Puts what is found in the current block into `places`, counted from `start`.
    #[inline(always)]
    fn step(&mut self, start: usize, short: bool, places: &mut Places) {
        let after = masks_at(self.bytes, self.at + BLOCK);
        let (before, current) = (&self.before, &self.current);
        let base = (self.at - start) as u32;

        let letters = current.letters(before);
        let words = letters | current.digit;
        let letters_after = after.letters(current);
        let words_after = letters_after | after.digit;
        let dates = current.dates(&after) & shifted_in(letters, before.letters(&Masks::default()), 1);
        let dates_after = after.dates(&Masks::default()) & shifted_in(letters_after, letters, 1);
        let (run, run_after) = (words & !dates, words_after & !dates_after);

        let mut starts = words & !shifted_in(words, self.words_before, 1);
        starts |= current.first_letters() & current.after_dates(before);
        starts |= shifted_in(current.percent, before.percent, 3) & words;
        if !short {
            let second = shifted_out(words, words_after, 1);
            let third = shifted_out(words, words_after, 2);
            let two_digits = current.digit & shifted_out(current.digit, after.digit, 1) & !third;
            starts &= second & !two_digits;
        }
        while starts != 0 {
            let at = starts.trailing_zeros();
            let ahead = run >> at >> 1 | run_after << (63 - at);
            let len = 1 + ahead.trailing_ones().min(MAX_PIECE as u32 - 1);
            places.words.push((base + at) * BLOCK as u32 + len);
            starts &= starts - 1;
        }
        if current.high | before.high >> 63 | current.rare(&after) != 0 {
            self.step_high(base, &after, places);
        }
        self.words_before = words;
        self.before = self.current;
        self.current = after;
        self.at += BLOCK;
    }

    #[inline(always)]
    fn step_high(&self, base: u32, after: &Masks, places: &mut Places) {
        let (before, current) = (&self.before, &self.current);
        let mut cjk = current.cjk & EVERY_SECOND[self.at / BLOCK % 3];
        while cjk != 0 {
            places.cjk.push(base + cjk.trailing_zeros());
            cjk &= cjk - 1;
        }
        let after_cyrillic = shifted_in(current.cyrillic, before.cyrillic, 2);
        let followed = shifted_out(current.high | current.blank, after.high | after.blank, 1);
        let gaps = current.blank & shifted_in(current.high, before.high, 1) & !after_cyrillic & followed;
        let mut rare = current.rare(after) | gaps;
        while rare != 0 {
            places.rare.push(base + rare.trailing_zeros());
            rare &= rare - 1;
        }
    }
}

/// The sorts of the bytes from `at` on; beyond the end they are spaces.
#[inline(always)]
fn masks_at(bytes: &[u8], at: usize) -> Masks {
    match bytes.get(at..at + BLOCK).and_then(|block| block.try_into().ok()) {
        Some(block) => Masks::of(block),
        None => {
            let mut block = [b' '; BLOCK];
            let rest = bytes.get(at..).unwrap_or_default();
            block[..rest.len()].copy_from_slice(rest);
            Masks::of(&block)
        }
    }
}
