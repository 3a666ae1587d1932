//! Numbers that are the same on every run: SplitMix64.

/// A seeded generator; the constants are those of Steele, Lea and Flood, "Fast Splittable
/// Pseudorandom Number Generators" (2014).
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Random {
        Random(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `end`.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }

    /// Whether something happens that happens once in `times`.
    pub(crate) fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    pub(crate) fn pick<'a, T: ?Sized>(&mut self, from: &[&'a T]) -> &'a T {
        from[self.below(from.len())]
    }

    /// A place in a list of `len` that is sorted by frequency, drawn by Zipf's law.
    pub(crate) fn zipf(&mut self, len: usize) -> usize {
        let uniform = self.next() as f64 / u64::MAX as f64;
        ((len as f64 + 1.0).powf(uniform) as usize).clamp(1, len) - 1
    }
}
