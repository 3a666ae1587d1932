//! Reading text at speed: places whose bytes may begin an anchor, and places that need a look.

use fearless_simd::{Level, Simd, dispatch};

use super::blocks::{BLOCK, Masks, shifted_in, shifted_out};
use super::element::{MAX_PIECE, bigram_key, lead_at, lead_key, word_key};
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
    /// All anchors that are words.
    pub(super) words: Bloom,
    /// Words with what must follow them.
    pub(super) leads: Bloom,
    /// Words behind which nothing certain stands.
    pub(super) alone: Bloom,
    pub(super) bigrams: Bloom,
    /// Anchors of one letter, or of one or two digits, exist.
    pub(super) short: bool,
    /// Anchors that begin with a digit exist.
    pub(super) digits: bool,
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
        let level = Level::new();
        let mut places = Places::default();
        let mut state = State::default();
        for start in (0..bytes.len()).step_by(CHUNK) {
            places.clear();
            dispatch!(level, simd => self.sift(simd, bytes, start, &mut state, &mut places));
            for &place in places.words.all() {
                visit.word(start + place as usize / BLOCK, place as usize % BLOCK);
            }
            for &place in places.cjk.all() {
                visit.cjk(start + place as usize);
            }
            for &place in places.rare.all() {
                visit.rare(start + place as usize);
            }
        }
    }

    /// Leaves in `places` what may matter in the chunk that begins at `start`.
    #[inline(always)]
    fn sift<S: Simd>(&self, simd: S, bytes: &[u8], start: usize, state: &mut State, places: &mut Places) {
        let end = (start + CHUNK).min(bytes.len());
        let mut blocks = Blocks::new(simd, bytes, start, state);
        while blocks.at < end {
            blocks.step(start, self, places);
        }
        *state = State { before: blocks.before, words_before: blocks.words_before };
        places.text.fill(bytes, start);
        let Places { text, hashes, words, cjk, .. } = places;
        for (&place, hashes) in words.all().iter().zip(hashes.iter_mut()) {
            hashes[0] = self.words.hash(text.word(place).0);
        }
        words.keep(
            hashes,
            #[inline(always)]
            |_, hashes| self.words.has(hashes[0]),
        );
        words.keep(
            hashes,
            #[inline(always)]
            |place, _| {
                let (key, after) = text.word(place);
                match lead_at(after) {
                    Some(lead) => self.leads.test(lead_key(key, lead)) | self.alone.test(key),
                    None => 1,
                }
            },
        );
        for (&place, hashes) in cjk.all().iter().zip(hashes.iter_mut()) {
            *hashes = text.bigrams(place).map(|key| self.bigrams.hash(key));
        }
        cjk.keep(
            hashes,
            #[inline(always)]
            |_, hashes| self.bigrams.has(hashes[0]) | self.bigrams.has(hashes[1]),
        );
    }
}

/// A copy of a chunk, so that bytes around any of its places can be read.
struct Text([u8; Text::BEFORE + CHUNK + Text::BEHIND]);

impl Text {
    /// A character of three bytes before the chunk, and more.
    const BEFORE: usize = 8;
    /// A word and what follows it.
    const BEHIND: usize = 80;

    /// Takes the chunk at `start`; what is outside of the text reads as zeros.
    #[inline(always)]
    fn fill(&mut self, bytes: &[u8], start: usize) {
        let first = start.saturating_sub(Text::BEFORE);
        let (before, rest) = self.0.split_at_mut(first + Text::BEFORE - start);
        before.fill(0);
        let from = bytes.get(first..).unwrap_or_default();
        let (copied, beyond) = rest.split_at_mut(from.len().min(rest.len()));
        copied.copy_from_slice(&from[..copied.len()]);
        beyond.fill(0);
    }

    /// Eight bytes from `at` on, which is counted from the copy's first byte.
    #[inline(always)]
    fn eight(&self, at: usize) -> u64 {
        self.0.get(at..at + 8).and_then(|eight| eight.try_into().ok()).map_or(0, u64::from_le_bytes)
    }

    /// The key of the word at `place`, and the bytes behind it.
    #[inline(always)]
    fn word(&self, place: u32) -> (u64, u64) {
        let (at, len) = (Text::BEFORE + place as usize / BLOCK % CHUNK, place as usize % BLOCK);
        (word_key(self.eight(at), len), self.eight(at + len))
    }

    /// The keys of the character at `place` with that after and that before it.
    #[inline(always)]
    fn bigrams(&self, place: u32) -> [u64; 2] {
        let at = Text::BEFORE + place as usize % CHUNK;
        [bigram_key(self.eight(at)), bigram_key(self.eight(at - 3))]
    }
}

/// A list of places within a chunk, of which no byte is listed twice.
struct List {
    items: [u32; CHUNK],
    count: usize,
}

impl List {
    #[inline(always)]
    fn push(&mut self, item: u32) {
        self.items[self.count % CHUNK] = item;
        self.count += 1;
    }

    /// Keeps the places for which `test` says one; those for which it says zero are dropped.
    #[inline(always)]
    fn keep(&mut self, hashes: &[[u64; 2]; CHUNK], test: impl Fn(u32, &[u64; 2]) -> usize) {
        let mut kept = 0;
        for (index, hashes) in hashes.iter().enumerate().take(self.count) {
            let item = self.items[index];
            self.items[kept % CHUNK] = item;
            kept += test(item, hashes);
        }
        self.count = kept;
    }

    #[inline(always)]
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
struct Places {
    text: Text,
    /// Hashes of the places of a list: reading them all before the bitmaps lets many reads of those go on at once.
    hashes: [[u64; 2]; CHUNK],
    words: List,
    cjk: List,
    rare: List,
}

impl Default for Places {
    fn default() -> Self {
        let text = Text([0; Text::BEFORE + CHUNK + Text::BEHIND]);
        let [words, cjk, rare] = std::array::from_fn(|_| List::default());
        Places { text, hashes: [[0; 2]; CHUNK], words, cjk, rare }
    }
}

impl Places {
    fn clear(&mut self) {
        self.words.count = 0;
        self.cjk.count = 0;
        self.rare.count = 0;
    }
}

/// What a chunk needs to know of the block before it.
#[derive(Default)]
struct State {
    before: Masks,
    /// The word bytes of the block before.
    words_before: u64,
}

/// The blocks of a text, with those before and after the current one.
struct Blocks<'t, S> {
    simd: S,
    bytes: &'t [u8],
    at: usize,
    before: Masks,
    words_before: u64,
    current: Masks,
}

impl<'t, S: Simd> Blocks<'t, S> {
    #[inline(always)]
    fn new(simd: S, bytes: &'t [u8], at: usize, state: &State) -> Self {
        let current = Masks::at(simd, bytes, at);
        Blocks { simd, bytes, at, before: state.before, words_before: state.words_before, current }
    }

    /// Puts what is found in the current block into `places`, counted from `start`.
    #[inline(always)]
    fn step(&mut self, start: usize, sieve: &Sieve, places: &mut Places) {
        let after = Masks::at(self.simd, self.bytes, self.at + BLOCK);
        let (before, current) = (&self.before, &self.current);
        let base = (self.at - start) as u32;

        let letters = current.letters(before);
        let words = letters | current.digit;
        let letters_after = after.letters(current);
        let words_after = letters_after | after.digit;
        let dates = current.date & shifted_in(letters, before.letters(&Masks::default()), 1);
        let dates_after = after.date & shifted_in(letters_after, letters, 1);
        let (run, run_after) = (words & !dates, words_after & !dates_after);

        let mut starts = words & !shifted_in(words, self.words_before, 1);
        starts |= current.first_letters() & current.after_dates(before);
        starts |= shifted_in(current.percent, before.percent, 3) & words;
        if !sieve.digits {
            starts &= !current.digit;
        }
        if !sieve.short {
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
        if current.high | before.high >> 63 | current.rare != 0 {
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
        let mut rare = current.rare | gaps;
        while rare != 0 {
            places.rare.push(base + rare.trailing_zeros());
            rare &= rare - 1;
        }
    }
}
