//! Regular expressions, searched in the original text.

use std::ops::Range;

use regex::{Regex, RegexSet, RegexSetBuilder};

use crate::term::pattern::compile;

/// Expressions that are tried together in one pass over the text.
const SET: usize = 64;

/// Compiled size of one set, in bytes: that of its expressions at their largest.
const SET_SIZE: usize = SET << 20;

/// Most hits of one expression in one text. Each hit is a search of linear time, so this bounds
/// the time of expressions whose every search runs to the end of the text.
pub(super) const MAX_HITS: usize = 1000;

/// All expressions, compiled once.
#[derive(Debug, Default)]
pub(super) struct Expressions {
    sets: Vec<(RegexSet, Vec<(usize, Regex)>)>,
}

impl Expressions {
    /// Takes each expression with the index of its term. All were compiled once before, when the
    /// terms were read.
    pub(super) fn build<'a>(terms: impl Iterator<Item = (usize, &'a str)>) -> Result<Expressions, regex::Error> {
        let all = terms.map(|(index, text)| Ok((index, compile(text)?))).collect::<Result<Vec<_>, regex::Error>>()?;
        let sets = all.chunks(SET).map(|chunk| {
            let patterns = chunk.iter().map(|(_, regex)| regex.as_str());
            let set = RegexSetBuilder::new(patterns).case_insensitive(true).size_limit(SET_SIZE).build()?;
            Ok((set, chunk.to_vec()))
        });
        Ok(Expressions { sets: sets.collect::<Result<_, regex::Error>>()? })
    }

    pub(super) fn is_empty(&self) -> bool {
        self.sets.is_empty()
    }

    /// Calls `found` with the matches of every expression, which do not overlap one another.
    pub(super) fn each(&self, text: &str, mut found: impl FnMut(usize, Range<usize>)) {
        for (set, expressions) in &self.sets {
            let matching = set.matches(text);
            for (index, regex) in matching.iter().filter_map(|place| expressions.get(place)) {
                for hit in regex.find_iter(text).take(MAX_HITS).filter(|hit| !hit.is_empty()) {
                    found(*index, hit.range());
                }
            }
        }
    }
}
