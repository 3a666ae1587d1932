//! Runs of labels in which something is suspicious, told from masks of 64 bytes; most look like no term at first sight.

use fearless_simd::prelude::*;

use super::pairs::{Place, Sorts};
use super::skeleton;
use crate::prefilter::{Neighbours, are, are_controls, are_within, load, shifted_out};

/// Tells the keys of hosts from those of words.
const HOST: u64 = 1 << 63;

/// What each byte looks like.
const SHAPES: [u8; 256] = {
    let mut shapes = [0; 256];
    let mut at = 0;
    while at < 256 {
        shapes[at] = skeleton::of_ascii((at as u8).to_ascii_lowercase());
        at += 1;
    }
    shapes
};

/// The key of a word: its first eight shapes, and its length.
pub(super) fn word_key(skeleton: &[u8]) -> u64 {
    key(load(skeleton, 0), skeleton.len())
}

/// The key of a host.
pub(super) fn host_key(skeleton: &[u8]) -> u64 {
    word_key(skeleton) ^ HOST
}

#[inline(always)]
fn key(shapes: u64, len: usize) -> u64 {
    shapes << (64 - 8 * len.clamp(1, 8)) ^ (len as u64).rotate_right(16)
}

/// Which bytes of one block are of the sorts that matter.
#[derive(Default)]
pub(super) struct Runs {
    letter: u64,
    digit: u64,
    dot: u64,
    hyphen: u64,
    /// Invisible controls and all that is not ASCII: folding must read them.
    other: u64,
    /// Any byte that may be part of a run.
    inside: u64,
    /// First bytes of letters of other scripts, and bytes that end them.
    lead: u64,
    tail: u64,
    /// Where `rn`, `vv`, the hyphens of `xn--` or a capital I behind a small letter stand.
    pair: u64,
}

impl Sorts for Runs {
    #[inline(always)]
    fn of<S: Simd>(Neighbours { bytes, next, .. }: Neighbours<S>) -> Self {
        let (folded, folded_next) = (bytes | 0x20, next | 0x20);
        let (letter, hyphen) = (are_within(folded, b'a', 26), are(bytes, b'-'));
        let capital = are_within(bytes, b'a', 26) & are(next, b'I');
        let pair = are(folded, b'r') & are(folded_next, b'n') | are(folded, b'v') & are(folded_next, b'v');
        let (digit, dot) = (are_within(bytes, b'0', 10), are(bytes, b'.'));
        let other = bytes.simd_ge(0x80) | are_controls(bytes);
        // All of it without a branch: around one, masks would be taken apart bit by bit.
        Runs {
            letter: letter.to_bitmask(),
            digit: digit.to_bitmask(),
            dot: dot.to_bitmask(),
            inside: (letter | digit | dot | hyphen | other).to_bitmask(),
            hyphen: hyphen.to_bitmask(),
            pair: (pair | capital | hyphen & are(next, b'-')).to_bitmask(),
            other: other.to_bitmask(),
            lead: are_within(bytes, 0xcd, 0x23).to_bitmask(),
            tail: are_within(bytes, 0x80, 0x40).to_bitmask(),
        }
    }

    #[inline(always)]
    fn telling(&self, _: &Self, after: &Self) -> u64 {
        let next = |here: u64, after: u64| shifted_out(here, after, 1);
        let (next_letter, next_digit) = (next(self.letter, after.letter), next(self.digit, after.digit));
        self.letter & next_digit
            | self.digit & next_letter
            | (self.letter | self.digit) & next(self.lead, after.lead)
            | self.tail & (next_letter | next_digit)
            | self.pair
    }
}

/// What is known of a run at first sight.
pub(super) enum Sight {
    /// It looks like no term; it ends here.
    Harmless(usize),
    /// A closer look must tell.
    Doubtful,
}

/// Looks at the run around a place where something is suspicious. `known` says whether the key of a word or host may be
/// one of a term, `hosts` whether there are hosts among the terms.
#[inline(always)]
pub(super) fn look(bytes: &[u8], place: &Place<'_, Runs>, hosts: bool, known: impl Fn(u64) -> bool) -> Sight {
    let Place { block, bit, before, here, after } = *place;
    let inside = here.inside;
    let mut behind = (inside >> bit).trailing_ones();
    if bit + behind == 64 {
        behind += after.inside.trailing_ones();
    }
    let mut ahead = (inside << (63 - bit)).leading_ones();
    if ahead == bit + 1 {
        ahead += before.inside.leading_ones();
    }
    let len = ahead + behind - 1;
    if len >= 64 {
        return Sight::Doubtful;
    }
    let kept = (1 << len) - 1;
    let part = |sort: fn(&Runs) -> u64| {
        let all = match bit + 1 >= ahead {
            true => (u128::from(sort(after)) << 64 | u128::from(sort(here))) >> (bit + 1 - ahead),
            false => (u128::from(sort(here)) << 64 | u128::from(sort(before))) >> (65 + bit - ahead),
        };
        all as u64 & kept
    };
    if part(|sorts| sorts.other) != 0 {
        return Sight::Doubtful;
    }
    let start = (block + bit as usize + 1).saturating_sub(ahead as usize);
    let (letter, digit) = (part(|sorts| sorts.letter), part(|sorts| sorts.digit));
    let run = Run {
        bytes,
        start,
        len,
        dots: part(|sorts| sorts.dot),
        hyphens: part(|sorts| sorts.hyphen),
        mixes: letter & digit >> 1 | digit & letter >> 1,
        pairs: part(|sorts| sorts.pair),
    };
    match run.is_doubtful(hosts, known) {
        true => Sight::Doubtful,
        false => Sight::Harmless(start + len as usize),
    }
}

/// A run of ASCII of less than 64 bytes.
struct Run<'t> {
    bytes: &'t [u8],
    start: usize,
    len: u32,
    dots: u64,
    hyphens: u64,
    /// Where a letter stands beside a digit.
    mixes: u64,
    pairs: u64,
}

impl Run<'_> {
    #[inline(always)]
    fn is_doubtful(&self, hosts: bool, known: impl Fn(u64) -> bool) -> bool {
        let separators = self.dots | self.hyphens;
        let (from, to) = (separators.trailing_ones(), self.len - (separators << (64 - self.len)).leading_ones());
        if from >= to {
            return false;
        }
        let dots = self.dots >> from << from & ((1 << to) - 1);
        let is_host = hosts && dots != 0;
        if self.pairs != 0 {
            // Two that look like one move what follows them.
            return is_host || self.mixes != 0;
        }
        self.has_word(separators, from, to, &known) || is_host && self.has_host(dots, from, to, &known)
    }

    #[inline(always)]
    fn has_word(&self, separators: u64, from: u32, to: u32, known: &impl Fn(u64) -> bool) -> bool {
        let mut at = from;
        while at < to {
            let len = (separators >> at).trailing_zeros().min(to - at);
            if self.mixes >> at & ((1 << len) - 1) != 0 && known(self.key(at, len)) {
                return true;
            }
            at += len + 1;
        }
        false
    }

    #[inline(always)]
    fn has_host(&self, mut dots: u64, from: u32, to: u32, known: &impl Fn(u64) -> bool) -> bool {
        let mut at = from;
        while dots != 0 {
            if known(self.key(at, to - at) ^ HOST) {
                return true;
            }
            at = dots.trailing_zeros() + 1;
            dots &= dots - 1;
        }
        false
    }

    #[inline(always)]
    fn key(&self, at: u32, len: u32) -> u64 {
        let shapes = load(self.bytes, self.start + at as usize).to_le_bytes().map(|byte| SHAPES[usize::from(byte)]);
        key(u64::from_le_bytes(shapes), len as usize)
    }
}
