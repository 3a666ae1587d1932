//! Which of 64 bytes are of what sort, one bit a byte.

use wide::u8x16;

/// Bytes looked at together.
pub(crate) const BLOCK: usize = 64;

/// The sorts of the bytes of one block; bit `i` stands for byte `i`.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Masks {
    /// ASCII letters.
    letter: u64,
    /// ASCII digits.
    pub(super) digit: u64,
    /// The digits 1 and 2, with which a year begins.
    century: u64,
    /// The digits 0 and 9, the second ones of a year.
    decade: u64,
    pub(super) percent: u64,
    /// Space and tab.
    pub(super) blank: u64,
    /// Any byte of a character that is not ASCII.
    pub(super) high: u64,
    /// First bytes of Cyrillic letters.
    pub(super) cyrillic: u64,
    /// The second of the two first bytes of Cyrillic letters.
    cyrillic_late: u64,
    /// Continuation bytes that take [`Masks::cyrillic_late`] beyond U+045F.
    tail: u64,
    /// First bytes of the characters U+3000 to U+9FFF.
    pub(super) cjk: u64,
    rare: u64,
}

impl Masks {
    pub(super) fn of(block: &[u8; BLOCK]) -> Masks {
        let mut masks = Masks::default();
        for lane in (0..BLOCK).step_by(16) {
            let mut bytes = [0; 16];
            bytes.copy_from_slice(&block[lane..lane + 16]);
            masks.add_ascii(u8x16::new(bytes), lane);
        }
        if masks.high != 0 {
            for lane in (0..BLOCK).step_by(16) {
                let mut bytes = [0; 16];
                bytes.copy_from_slice(&block[lane..lane + 16]);
                masks.add_high(u8x16::new(bytes), lane);
            }
        }
        masks
    }

    #[inline(always)]
    fn add_ascii(&mut self, bytes: u8x16, lane: usize) {
        self.letter |= within(bytes | u8x16::splat(0x20), b'a', 26) << lane;
        self.digit |= within(bytes, b'0', 10) << lane;
        self.century |= within(bytes, b'1', 2) << lane;
        self.decade |= (equal(bytes, b'0') | equal(bytes, b'9')) << lane;
        self.percent |= equal(bytes, b'%') << lane;
        self.blank |= (equal(bytes, b' ') | equal(bytes, b'\t')) << lane;
        self.high |= u64::from(bytes.to_bitmask()) << lane;
        // Controls but for the white space among them (tab to carriage return), and delete.
        let control = within(bytes, 0, 0x20) & !within(bytes, b'\t', 5) | equal(bytes, 0x7f);
        self.rare |= control << lane;
    }

    #[inline(always)]
    fn add_high(&mut self, bytes: u8x16, lane: usize) {
        let cyrillic = within(bytes, 0xd0, 2);
        self.cyrillic |= cyrillic << lane;
        self.cyrillic_late |= equal(bytes, 0xd1) << lane;
        self.tail |= within(bytes, 0xa0, 0x20) << lane;
        self.cjk |= within(bytes, 0xe3, 7) << lane;
        // Of the characters from 0xE4 to 0xE9 none is exotic.
        let known = cyrillic | within(bytes, 0xe4, 6);
        self.rare |= (within(bytes, 0xc0, 0x40) & !known) << lane;
    }

    /// Letters of ASCII and Cyrillic, all their bytes.
    pub(super) fn letters(&self, before: &Masks) -> u64 {
        self.letter | self.cyrillic | shifted_in(self.cyrillic, before.cyrillic, 1)
    }

    /// Controls, and first bytes of characters whose class must be looked up.
    pub(super) fn rare(&self, after: &Masks) -> u64 {
        self.rare | self.cyrillic_late & shifted_out(self.tail, after.tail, 1)
    }

    /// Digits that begin a date, given what comes after.
    pub(super) fn dates(&self, after: &Masks) -> u64 {
        self.century & shifted_out(self.decade, after.decade, 1)
    }

    /// First bytes of letters.
    pub(super) fn first_letters(&self) -> u64 {
        self.letter | self.cyrillic
    }

    /// Bytes right after four digits of which the first, or the one four before it, may begin a
    /// date.
    pub(super) fn after_dates(&self, before: &Masks) -> u64 {
        let shifted = |by| shifted_in(self.digit, before.digit, by);
        let begun = shifted_in(self.century, before.century, 4) | shifted_in(self.century, before.century, 8);
        begun & shifted(1) & shifted(2) & shifted(3) & shifted(4)
    }
}

/// Bytes from `first` on, `count` of them.
#[inline(always)]
pub(crate) fn within(bytes: u8x16, first: u8, count: u8) -> u64 {
    let distance = bytes - u8x16::splat(first);
    let inside = distance.min(u8x16::splat(count - 1)).simd_eq(distance);
    u64::from(inside.to_bitmask())
}

#[inline(always)]
pub(crate) fn equal(bytes: u8x16, byte: u8) -> u64 {
    u64::from(bytes.simd_eq(u8x16::splat(byte)).to_bitmask())
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
