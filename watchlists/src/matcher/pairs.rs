//! Neighbouring bytes that tell where to look closer, found 64 bytes at a time.

use fearless_simd::{Level, Simd, dispatch};

use crate::prefilter::{BLOCK, Neighbours};

/// Blocks whose sorts are taken together.
const TOGETHER: usize = 16;

/// Which bytes of one block are of the sorts that matter; bit `i` of a mask stands for byte `i`.
pub(super) trait Sorts: Default {
    /// The sorts of the bytes of a block.
    fn of<S: Simd>(block: Neighbours<S>) -> Self;

    /// The bytes at which something telling begins, given the blocks on both sides.
    fn telling(&self, before: &Self, after: &Self) -> u64;
}

/// A block at its place, with those on both sides.
pub(super) struct Place<'s, T> {
    pub(super) block: usize,
    pub(super) bit: u32,
    pub(super) before: &'s T,
    pub(super) here: &'s T,
    pub(super) after: &'s T,
}

/// Calls `found` with every place that is telling, in order.
pub(super) fn each<T: Sorts>(bytes: &[u8], mut found: impl FnMut(usize)) {
    each_place::<T>(bytes, |place| found(place.block + place.bit as usize));
}

/// As [`each`], with the blocks around the place.
pub(super) fn each_place<T: Sorts>(bytes: &[u8], found: impl FnMut(Place<'_, T>)) {
    dispatch!(Level::new(), simd => each_place_with(simd, bytes, found));
}

#[inline(always)]
fn each_place_with<T: Sorts, S: Simd>(simd: S, bytes: &[u8], mut found: impl FnMut(Place<'_, T>)) {
    // The sorts go through memory: carried from one round to the next, masks would be taken apart bit by bit.
    let mut sorts: [T; TOGETHER + 2] = std::array::from_fn(|_| T::default());
    for start in (0..bytes.len()).step_by(TOGETHER * BLOCK) {
        sorts.swap(0, TOGETHER);
        for (index, sort) in sorts.iter_mut().enumerate().skip(1) {
            *sort = T::of(Neighbours::at(simd, bytes, start + (index - 1) * BLOCK));
        }
        for (index, three) in sorts.windows(3).enumerate() {
            let [before, here, after] = three else {
                break;
            };
            let mut telling = here.telling(before, after);
            while telling != 0 {
                found(Place { block: start + index * BLOCK, bit: telling.trailing_zeros(), before, here, after });
                telling &= telling - 1;
            }
        }
    }
}
