//! Which of 64 bytes are of what sort, one bit a byte.

use fearless_simd::prelude::*;
use fearless_simd::{mask8x64, u8x64};

/// Bytes looked at together.
pub(crate) const BLOCK: usize = 64;

/// Bytes behind a block that are read with it.
const BEHIND: usize = 2;

/// A block, and the bytes one and two further on.
#[derive(Clone, Copy)]
pub(crate) struct Neighbours<S: Simd> {
    pub(crate) bytes: u8x64<S>,
    pub(crate) next: u8x64<S>,
    pub(crate) third: u8x64<S>,
}

impl<S: Simd> Neighbours<S> {
    /// The bytes from `at` on; beyond the end they are spaces.
    #[inline(always)]
    pub(crate) fn at(simd: S, bytes: &[u8], at: usize) -> Self {
        match bytes.get(at..at + BLOCK + BEHIND).and_then(|block| block.try_into().ok()) {
            Some(block) => Neighbours::of(simd, block),
            None => {
                let mut padded = [b' '; BLOCK + BEHIND];
                let rest = bytes.get(at..).unwrap_or_default();
                let rest = rest.get(..BLOCK + BEHIND).unwrap_or(rest);
                padded[..rest.len()].copy_from_slice(rest);
                Neighbours::of(simd, &padded)
            }
        }
    }

    #[inline(always)]
    fn of(simd: S, block: &[u8; BLOCK + BEHIND]) -> Self {
        Neighbours {
            bytes: u8x64::from_slice(simd, &block[..BLOCK]),
            next: u8x64::from_slice(simd, &block[1..=BLOCK]),
            third: u8x64::from_slice(simd, &block[2..]),
        }
    }
}

/// The sorts of the bytes of one block; bit `i` stands for byte `i`.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Masks {
    /// ASCII letters.
    letter: u64,
    /// ASCII digits.
    pub(super) digit: u64,
    /// A digit with which a year begins, before one that may be its second.
    pub(super) date: u64,
    pub(super) percent: u64,
    /// Space and tab.
    pub(super) blank: u64,
    /// Any byte of a character that is not ASCII.
    pub(super) high: u64,
    /// First bytes of Cyrillic letters.
    pub(super) cyrillic: u64,
    /// First bytes of the characters U+3000 to U+9FFF.
    pub(super) cjk: u64,
    /// Controls, and first bytes of characters whose class must be looked up.
    pub(super) rare: u64,
}

impl Masks {
    #[inline(always)]
    pub(super) fn at<S: Simd>(simd: S, bytes: &[u8], at: usize) -> Masks {
        let neighbours = Neighbours::at(simd, bytes, at);
        let Neighbours { bytes, next, .. } = neighbours;
        let letter = are_within(bytes | 0x20, b'a', 26).to_bitmask();
        let digit = are_within(bytes, b'0', 10).to_bitmask();
        let date = (are_within(bytes, b'1', 2) & (are(next, b'0') | are(next, b'9'))).to_bitmask();
        let blank = (are(bytes, b' ') | are(bytes, b'\t')).to_bitmask();
        let high = bytes.simd_ge(0x80).to_bitmask();
        let special = are_controls(bytes) | are(bytes, b'%');
        let mut masks = Masks { letter, digit, date, blank, high, ..Masks::default() };
        if special.to_bitmask() != 0 {
            masks.percent = are(bytes, b'%').to_bitmask();
            masks.rare = special.to_bitmask() & !masks.percent;
        }
        if high != 0 {
            masks.add_high(neighbours);
        }
        masks
    }

    #[inline(always)]
    fn add_high<S: Simd>(&mut self, neighbours: Neighbours<S>) {
        let Neighbours { bytes, next, .. } = neighbours;
        let cyrillic = are_within(bytes, 0xd0, 2);
        self.cyrillic = cyrillic.to_bitmask();
        self.cjk = are_within(bytes, 0xe3, 7).to_bitmask();
        // Of the characters from 0xE4 to 0xE9 none is exotic.
        let known = cyrillic | are_within(bytes, 0xe4, 6);
        // Cyrillic beyond U+045F.
        let late = are(bytes, 0xd1) & are_within(next, 0xa0, 0x20);
        let rare = are_within(bytes, 0xc0, 0x40) & !(known | are_common_signs(neighbours)) | late;
        self.rare |= rare.to_bitmask();
    }

    /// Letters of ASCII and Cyrillic, all their bytes.
    #[inline(always)]
    pub(super) fn letters(&self, before: &Masks) -> u64 {
        self.letter | self.cyrillic | shifted_in(self.cyrillic, before.cyrillic, 1)
    }

    /// First bytes of letters.
    #[inline(always)]
    pub(super) fn first_letters(&self) -> u64 {
        self.letter | self.cyrillic
    }

    /// Bytes right after four digits of which the first, or the one four before it, may begin a
    /// date.
    #[inline(always)]
    pub(super) fn after_dates(&self, before: &Masks) -> u64 {
        let shifted = |by| shifted_in(self.digit, before.digit, by);
        let begun = shifted_in(self.date, before.date, 4) | shifted_in(self.date, before.date, 8);
        begun & shifted(1) & shifted(2) & shifted(3) & shifted(4)
    }
}

/// First bytes of the signs that Chinese sentences are full of: 、。 and U+3008 to U+3011 (brackets), ！ and those of
/// U+FF08 to U+FF0F and U+FF1A to U+FF1F. All are separators.
#[inline(always)]
fn are_common_signs<S: Simd>(Neighbours { bytes, next, third }: Neighbours<S>) -> mask8x64<S> {
    let ideographic = are(bytes, 0xe3) & are(next, 0x80) & (are_within(third, 0x81, 2) | are_within(third, 0x88, 10));
    let wide = are_within(third, 0x88, 8) | are_within(third, 0x9a, 6) | are(third, 0x81);
    ideographic | are(bytes, 0xef) & are(next, 0xbc) & wide
}

/// Bytes from `first` on, `count` of them.
#[inline(always)]
pub(crate) fn are_within<S: Simd>(bytes: u8x64<S>, first: u8, count: u8) -> mask8x64<S> {
    (bytes - first).simd_le(count - 1)
}

/// Bytes that are `byte`.
#[inline(always)]
pub(crate) fn are<S: Simd>(bytes: u8x64<S>, byte: u8) -> mask8x64<S> {
    bytes.simd_eq(byte)
}

/// Controls but for the white space among them (tab to carriage return), and delete.
#[inline(always)]
pub(crate) fn are_controls<S: Simd>(bytes: u8x64<S>) -> mask8x64<S> {
    bytes.simd_lt(0x20) & !are_within(bytes, b'\t', 5) | are(bytes, 0x7f)
}

/// `mask` moved up by `by` bytes, filled from the block before.
#[inline(always)]
pub(crate) fn shifted_in(mask: u64, before: u64, by: u32) -> u64 {
    mask << by | before >> (64 - by)
}

/// `mask` moved down by `by` bytes, filled from the block after.
#[inline(always)]
pub(crate) fn shifted_out(mask: u64, after: u64, by: u32) -> u64 {
    mask >> by | after << (64 - by)
}

#[cfg(test)]
mod tests {
    use fearless_simd::{Level, dispatch};

    use super::*;
    use crate::prefilter::class::{self, Class};

    #[test]
    fn signs_that_are_passed_over_are_separators() {
        let mut passed = 0;
        for c in ('\u{80}'..=char::MAX).filter(|c| c.len_utf8() == 3) {
            let text = c.to_string();
            let bytes = text.as_bytes();
            let masks = dispatch!(Level::new(), simd => Masks::at(simd, bytes, 0));
            if masks.rare & 1 == 0 && !(0xe4..=0xe9).contains(&bytes[0]) {
                assert_eq!(class::of(c), Class::Separator, "{c:?}");
                passed += 1;
            }
        }
        assert_eq!(passed, 2 + 10 + 1 + 8 + 6);
    }
}
