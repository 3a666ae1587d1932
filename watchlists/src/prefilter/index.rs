//! What the terms' anchors are looked up in: a bitmap in the cache, then exact hashes.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};

/// Fewest and most bits of the bitmap: the largest shares a core's second-level cache with what
/// else is in use there.
const BITS: std::ops::RangeInclusive<u32> = 15..=23;

/// Bits a key, so that few keys that are not there seem to be.
const BITS_A_KEY: usize = 8;

/// Spreads a key of eight bytes over 64 bits; the upper ones depend on all of it (the multiplier
/// is that of Fibonacci hashing, 2^64 divided by the golden ratio).
#[inline(always)]
pub(super) fn spread(key: u64) -> u64 {
    key.wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// A set that may say yes for what is not in it: a Bloom filter whose bits for a key lie in one word (Putze, Sanders
/// and Singler, "Cache-, Hash- and Space-Efficient Bloom Filters", 2009), so that a test reads memory once.
#[derive(Debug)]
pub(crate) struct Bloom {
    words: Vec<u64>,
    shift: u32,
}

impl Bloom {
    pub(crate) fn new(keys: &[u64]) -> Bloom {
        let wanted = (keys.len() * BITS_A_KEY).next_power_of_two().trailing_zeros();
        let bits = wanted.clamp(*BITS.start(), *BITS.end());
        let mut bloom = Bloom { words: vec![0; 1 << (bits - 6)], shift: 64 - (bits - 6) };
        for hash in keys.iter().map(|&key| spread(key)) {
            if let Some(word) = bloom.words.get_mut((hash >> bloom.shift) as usize) {
                *word |= bits_of(hash);
            }
        }
        bloom
    }

    /// One if `key` may be in the set, or else zero.
    #[inline(always)]
    pub(crate) fn test(&self, key: u64) -> usize {
        self.has(self.hash(key))
    }

    /// What [`has`](Self::has) takes for `key`.
    #[inline(always)]
    pub(super) fn hash(&self, key: u64) -> u64 {
        spread(key)
    }

    #[inline(always)]
    pub(super) fn has(&self, hash: u64) -> usize {
        let word = self.words.get((hash >> self.shift) as usize).copied().unwrap_or_default();
        let bits = bits_of(hash);
        usize::from(word & bits == bits)
    }
}

/// Two bits of a word, of the half of `hash` that does not choose the word.
#[inline(always)]
fn bits_of(hash: u64) -> u64 {
    1 << (hash >> 40 & 63) | 1 << (hash >> 34 & 63)
}

/// Takes hashes as they are.
pub(super) type Direct = BuildHasherDefault<Identity>;

#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Identity(u64);

impl Hasher for Identity {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = spread(self.0 ^ u64::from(byte));
        }
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}

/// What is known of the patterns that share an anchor.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Reach {
    /// How many characters of a pattern stand before the anchor at most.
    pub(super) left: u16,
    /// How many characters from the anchor's start to a pattern's end at most.
    pub(super) right: u16,
    /// Some pattern counts whatever follows the anchor.
    pub(super) alone: bool,
    /// Some pattern is told by what follows the anchor.
    pub(super) ahead: bool,
    /// Some pattern ends with the anchor and is told by what stands before.
    pub(super) back: bool,
}

impl Reach {
    pub(super) fn widen(&mut self, other: Reach) {
        self.left = self.left.max(other.left);
        self.right = self.right.max(other.right);
        self.alone |= other.alone;
        self.ahead |= other.ahead;
        self.back |= other.back;
    }
}

/// Anchors and what must stand beside them, by hash.
#[derive(Debug, Default)]
pub(super) struct Anchors {
    pub(super) reach: HashMap<u64, Reach, Direct>,
    pub(super) pairs: HashSet<u64, Direct>,
    patterns: Owners,
}

/// Which patterns there are behind the hash of an anchor or of a pair.
#[derive(Debug, Default)]
struct Owners {
    /// In order.
    hashes: Vec<u64>,
    /// The number of the pattern of each.
    patterns: Vec<u32>,
    /// Where the hashes with each value of their highest bits begin, and where all end.
    starts: Vec<u32>,
    /// The lower bits of a hash.
    shift: u32,
}

/// Hashes that share their highest bits, about.
const TOGETHER: usize = 4;

impl Owners {
    fn new(mut owned: Vec<(u64, u32)>) -> Owners {
        owned.sort_unstable();
        let bits = (owned.len() / TOGETHER).max(2).next_power_of_two().trailing_zeros();
        let shift = u64::BITS - bits;
        let mut starts = vec![0; (1 << bits) + 1];
        for &(hash, _) in &owned {
            starts[(hash >> shift) as usize + 1] += 1;
        }
        for index in 1..starts.len() {
            starts[index] += starts[index - 1];
        }
        let (hashes, patterns) = owned.into_iter().unzip();
        Owners { hashes, patterns, starts, shift }
    }

    fn of(&self, hash: u64) -> &[u32] {
        let bucket = (hash >> self.shift) as usize;
        let Some(&[start, end]) = self.starts.get(bucket..bucket + 2) else {
            return &[];
        };
        let hashes = self.hashes.get(start as usize..end as usize).unwrap_or_default();
        let first = hashes.iter().take_while(|&&other| other < hash).count();
        let count = hashes.iter().skip(first).take_while(|&&other| other == hash).count();
        let first = start as usize + first;
        self.patterns.get(first..first + count).unwrap_or_default()
    }
}

impl Anchors {
    /// Takes in the hashes that tell patterns of these numbers.
    pub(super) fn own(&mut self, owned: Vec<(u64, u32)>) {
        self.patterns = Owners::new(owned);
    }

    /// The patterns that `hash` tells.
    pub(super) fn patterns(&self, hash: u64) -> &[u32] {
        self.patterns.of(hash)
    }
}

/// One hash of an anchor and what follows it.
pub(super) fn pair(anchor: u64, next: u64) -> u64 {
    spread(anchor.rotate_left(23) ^ next)
}
