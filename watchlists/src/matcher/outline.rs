//! What a run of ASCII looks like, by hash and in one pass: most suspicious runs look like no term.

use super::skeleton::{Merged, merged, of_ascii};
use crate::host::MAX_HOST;

/// An odd number with bits all over (2^64 divided by the golden ratio).
const BASE: u64 = 0x9e37_79b9_7f4a_7c15;

/// Tells words from hosts.
const HOST: u64 = 0x5bd1_e995_7b93_0f4d;

/// Powers of [`BASE`].
const POWERS: [u64; MAX_HOST + 1] = {
    let mut powers = [1_u64; MAX_HOST + 1];
    let mut at = 1;
    while at < powers.len() {
        powers[at] = powers[at - 1].wrapping_mul(BASE);
        at += 1;
    }
    powers
};

/// Bits for what a byte in lower case is, in this order: letter, digit, digit of base 16, separator.
const LETTER: u8 = 1;
const DIGIT: u8 = 2;
const NOT_HEX: u8 = 4;
const SEPARATOR: u8 = 8;

/// For each byte what it looks like and what it is.
const BYTES: [(u8, u8); 256] = {
    let mut bytes = [(0_u8, 0_u8); 256];
    let mut at = 0;
    while at < 256 {
        let byte = (at as u8).to_ascii_lowercase();
        let mut sort = 0;
        if byte.is_ascii_alphabetic() {
            sort |= LETTER;
        }
        if byte.is_ascii_digit() {
            sort |= DIGIT;
        }
        if !byte.is_ascii_hexdigit() {
            sort |= NOT_HEX;
        }
        if byte == b'.' || byte == b'-' {
            sort |= SEPARATOR;
        }
        bytes[at] = (of_ascii(byte), sort);
        at += 1;
    }
    bytes
};

/// The hash of a word's skeleton. Words of captured text that were made to collide cost a comparison each.
pub(super) fn hash_word(skeleton: &str) -> u64 {
    skeleton.bytes().fold(0, step)
}

/// The hash of a host's skeleton.
pub(super) fn hash_host(skeleton: &str) -> u64 {
    hash_word(skeleton) ^ HOST
}

#[inline(always)]
fn step(hash: u64, byte: u8) -> u64 {
    hash.wrapping_mul(BASE).wrapping_add(u64::from(byte) + 1)
}

/// Room for a run's outline, used again for each.
pub(super) struct Outline {
    /// The hash of as many shapes.
    prefix: [u64; MAX_HOST + 1],
    len: usize,
    /// The last shape.
    last: u8,
    /// Where labels begin, after the first.
    labels: Vec<usize>,
}

impl Default for Outline {
    fn default() -> Self {
        Outline { prefix: [0; MAX_HOST + 1], len: 0, last: 0, labels: Vec::new() }
    }
}

impl Outline {
    /// Whether some suspicious word of the ASCII `run`, or the host that it is, passes `known`. Also true when only a
    /// closer look can tell.
    pub(super) fn may_be(&mut self, run: &str, hosts: bool, known: impl Fn(u64) -> bool) -> bool {
        let run = run.trim_matches(['.', '-']).as_bytes();
        if run.len() > MAX_HOST {
            return true;
        }
        (self.len, self.last) = (0, 0);
        self.labels.clear();
        let (mut word, mut of_word, mut all, mut before) = (0, 0, 0, 0);
        let mut odd = false;
        for &byte in run {
            let (shape, sort) = BYTES[usize::from(byte)];
            if sort & SEPARATOR != 0 {
                if self.is_known_word(word, of_word, &known) || byte == b'-' && before == b'-' {
                    return true;
                }
                word = self.len + 1;
                of_word = 0;
                if byte == b'.' {
                    self.labels.push(word);
                }
            } else {
                of_word |= sort;
            }
            all |= sort;
            odd |= self.push(shape) | (byte == b'I' && before.is_ascii_lowercase());
            before = byte;
        }
        let suspicious = odd || mixes(all);
        self.is_known_word(word, of_word, &known)
            || hosts && suspicious && !self.labels.is_empty() && self.is_known_host(&known)
    }

    /// Adds a shape and says whether it merged with the one before.
    #[inline(always)]
    fn push(&mut self, shape: u8) -> bool {
        let (shape, merges) = match merged(self.last, shape) {
            Merged::No => (shape, false),
            Merged::Into(shape) => (shape, true),
        };
        self.len -= usize::from(merges);
        let hash = step(self.prefix[self.len], shape);
        self.len += 1;
        if let Some(slot) = self.prefix.get_mut(self.len) {
            *slot = hash;
        }
        self.last = shape;
        merges
    }

    fn is_known_word(&self, start: usize, sorts: u8, known: &impl Fn(u64) -> bool) -> bool {
        mixes(sorts) && sorts & NOT_HEX != 0 && known(self.hash_from(start))
    }

    fn is_known_host(&self, known: &impl Fn(u64) -> bool) -> bool {
        let (_, starts) = self.labels.split_last().unwrap_or((&0, &[]));
        std::iter::once(&0).chain(starts).any(|&start| known(self.hash_from(start) ^ HOST))
    }

    /// The hash of all shapes from `start` on.
    fn hash_from(&self, start: usize) -> u64 {
        let before = self.prefix.get(start).copied().unwrap_or_default();
        let power = POWERS.get(self.len.saturating_sub(start)).copied().unwrap_or_default();
        self.prefix[self.len.min(MAX_HOST)].wrapping_sub(before.wrapping_mul(power))
    }
}

fn mixes(sorts: u8) -> bool {
    sorts & (LETTER | DIGIT) == LETTER | DIGIT
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matcher::skeleton;

    #[test]
    fn hashes_are_those_of_the_skeletons() {
        for (run, word, host) in [
            ("gig4byte", Some("gig4byte"), None),
            ("a.Gig4Byte-x.", Some("gig4byte"), None),
            ("mail.exarnple.com", None, Some("exarnple.com")),
            ("exampIe.com", None, Some("exampie.com")),
            ("-b1-c.vvave.tw", None, Some("vvave.tw")),
            ("vvvave1.rn.tw", Some("vvvave1"), Some("rn.tw")),
        ] {
            let known = |wanted: u64| move |hash: u64| hash == wanted;
            let mut outline = Outline::default();
            if let Some(word) = word {
                assert!(outline.may_be(run, true, known(hash_word(&skeleton::of(word)))), "{run}");
            }
            if let Some(host) = host {
                assert!(outline.may_be(run, true, known(hash_host(&skeleton::of(host)))), "{run}");
                assert!(!outline.may_be(run, false, known(hash_host(&skeleton::of(host)))), "{run}");
            }
            assert!(!outline.may_be(run, true, |_| false), "{run}");
        }
    }

    #[test]
    fn what_is_not_suspicious_is_not_asked_for() {
        for run in ["return.learn", "deadbeef12", "example.com", "2024", "...", "", "x-1"] {
            let asked = std::cell::Cell::new(false);
            Outline::default().may_be(run, true, |_| {
                asked.set(true);
                false
            });
            assert_eq!(asked.get(), run == "return.learn", "{run}");
        }
    }
}
