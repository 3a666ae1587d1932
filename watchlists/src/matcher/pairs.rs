//! Neighbouring bytes that tell where to look closer, found 64 bytes at a time.

use wide::u8x16;

use crate::prefilter::BLOCK;

/// Which bytes of one block are of the sorts that matter; bit `i` of a mask stands for byte `i`.
pub(super) trait Sorts: Default {
    /// Takes in the bytes from `lane` on.
    fn add(&mut self, bytes: u8x16, lane: usize);

    /// The bytes at which something telling begins, given the blocks on both sides.
    fn telling(&self, before: &Self, after: &Self) -> u64;
}

/// Calls `found` with every place that is telling, in order.
pub(super) fn each<S: Sorts>(bytes: &[u8], mut found: impl FnMut(usize)) {
    let (mut before, mut here) = (S::default(), sorts_at::<S>(bytes, 0));
    for at in (0..bytes.len()).step_by(BLOCK) {
        let after = sorts_at(bytes, at + BLOCK);
        let mut telling = here.telling(&before, &after);
        while telling != 0 {
            found(at + telling.trailing_zeros() as usize);
            telling &= telling - 1;
        }
        (before, here) = (here, after);
    }
}

/// The sorts of the bytes from `at` on; beyond the end they are spaces.
#[inline(always)]
fn sorts_at<S: Sorts>(bytes: &[u8], at: usize) -> S {
    let mut padded = [b' '; BLOCK];
    let block: &[u8; BLOCK] = match bytes.get(at..at + BLOCK).and_then(|block| block.try_into().ok()) {
        Some(block) => block,
        None => {
            let rest = bytes.get(at..).unwrap_or_default();
            padded[..rest.len()].copy_from_slice(rest);
            &padded
        }
    };
    let mut sorts = S::default();
    for lane in (0..BLOCK).step_by(16) {
        let mut sixteen = [0; 16];
        sixteen.copy_from_slice(&block[lane..lane + 16]);
        sorts.add(u8x16::new(sixteen), lane);
    }
    sorts
}
