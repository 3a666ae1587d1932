//! What the terms' anchors are looked up in: a bitmap in the cache, then exact hashes.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};

/// Fewest and most bits of the bitmap: the largest shares a core's second-level cache with what
/// else is in use there.
const BITS: std::ops::RangeInclusive<u32> = 15..=23;

/// Bits a key, so that few keys that are not there seem to be.
const BITS_A_KEY: usize = 16;

/// Spreads a key of eight bytes over 64 bits; the upper ones depend on all of it (the multiplier
/// is that of Fibonacci hashing, 2^64 divided by the golden ratio).
#[inline(always)]
pub(super) fn spread(key: u64) -> u64 {
    key.wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// A set that may say yes for what is not in it.
#[derive(Debug)]
pub(crate) struct Bitmap {
    words: Vec<u64>,
    shift: u32,
}

impl Bitmap {
    pub(crate) fn new(keys: &[u64]) -> Bitmap {
        let wanted = (keys.len() * BITS_A_KEY).next_power_of_two().trailing_zeros();
        let bits = wanted.clamp(*BITS.start(), *BITS.end());
        let mut bitmap = Bitmap { words: vec![0; 1 << (bits - 6)], shift: 64 - bits };
        for &key in keys {
            let at = spread(key) >> bitmap.shift;
            if let Some(word) = bitmap.words.get_mut((at >> 6) as usize) {
                *word |= 1 << (at & 63);
            }
        }
        bitmap
    }

    /// One if `key` may be in the set, or else zero.
    #[inline(always)]
    pub(crate) fn test(&self, key: u64) -> usize {
        let at = spread(key) >> self.shift;
        let word = self.words.get((at >> 6) as usize).copied().unwrap_or_default();
        (word >> (at & 63) & 1) as usize
    }
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
    /// Some pattern ends with the anchor and is told by what stands before.
    pub(super) back: bool,
}

impl Reach {
    pub(super) fn widen(&mut self, other: Reach) {
        self.left = self.left.max(other.left);
        self.right = self.right.max(other.right);
        self.alone |= other.alone;
        self.back |= other.back;
    }
}

/// Anchors and what must follow them, by hash.
#[derive(Debug, Default)]
pub(super) struct Anchors {
    pub(super) reach: HashMap<u64, Reach, Direct>,
    pub(super) pairs: HashSet<u64, Direct>,
}

/// One hash of an anchor and what follows it.
pub(super) fn pair(anchor: u64, next: u64) -> u64 {
    spread(anchor.rotate_left(23) ^ next)
}
