//! Boards that lead to boards: categories do, and so do mazes.

use std::collections::HashMap;

/// Boards without threads below one another. Categories within categories are two.
const DEEPEST: u32 = 2;
/// Boards below a board without threads that had none themselves, with none that had, after which no more are followed.
const FRUITLESS: u32 = 10;

/// How far each board lies below the last one that showed threads.
#[derive(Debug, Default)]
pub(super) struct Boards {
    depth: HashMap<String, u32>,
    fruitless: u32,
    fruitful: u32,
}

impl Boards {
    /// Notes whether a board showed threads that no other has.
    pub(super) fn note(&mut self, address: &str, fruitful: bool) {
        let depth = self.depth.entry(address.to_owned()).or_default();
        if *depth > 0 {
            *(if fruitful { &mut self.fruitful } else { &mut self.fruitless }) += 1;
        }
        *depth = if fruitful { 0 } else { *depth + 1 };
    }

    /// Whether boards below boards without threads have shown nothing so often that none of them is asked for any more.
    pub(super) fn is_maze(&self) -> bool {
        self.fruitless >= FRUITLESS && self.fruitful == 0
    }

    /// Whether a board lies below one without threads.
    pub(super) fn is_below(&self, address: &str) -> bool {
        self.depth.get(address).is_some_and(|depth| *depth > 0)
    }

    /// Whether a board is asked for that this one leads to.
    pub(super) fn follow(&mut self, from: &str, to: String) -> bool {
        let depth = self.depth.get(from).copied().unwrap_or_default();
        if depth > DEEPEST || depth > 0 && self.is_maze() {
            return false;
        }
        self.depth.entry(to).or_insert(depth);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn categories_are_passed_and_mazes_end() {
        let mut boards = Boards::default();
        for (from, to, followed) in [("a", "b", true), ("b", "c", true), ("c", "d", false)] {
            boards.note(from, false);
            assert_eq!(boards.follow(from, to.to_owned()), followed, "{from}");
        }
        let mut boards = Boards::default();
        boards.note("root", false);
        for n in 0..20 {
            let board = format!("b{n}");
            assert_eq!(boards.follow("root", board.clone()), n < 10, "{board}");
            boards.note(&board, false);
        }
    }
}
