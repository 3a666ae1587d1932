//! Aho-Corasick over the distinct patterns, and which terms each pattern belongs to.

use std::collections::HashMap;
use std::ops::Range;

use aho_corasick::{AhoCorasick, AhoCorasickKind, BuildError, MatchKind};
use memchr::memmem::Finder;

/// The matcher could not be built.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MatcherError {
    /// More bytes of terms than the engine can address.
    #[error("cannot build the matcher of {patterns} patterns: watch fewer or shorter terms")]
    TooMany {
        /// How many different patterns there are.
        patterns: usize,
        /// What the engine says.
        source: BuildError,
    },
    /// Regular expressions that are too large together.
    #[error("cannot compile the regular expressions together: watch fewer or simpler ones")]
    Expressions(#[from] regex::Error),
}

/// All patterns of one view of the text.
#[derive(Debug)]
pub(super) struct Automaton {
    /// None when there is no pattern.
    search: Option<AhoCorasick>,
    /// The terms of all patterns, one pattern after the other.
    owners: Vec<usize>,
    /// Where the owners of pattern `i` begin; one more entry than patterns.
    first_owner: Vec<usize>,
    /// All patterns, one after the other.
    text: String,
    /// Where each pattern ends in `text`.
    ends: Vec<usize>,
}

impl Automaton {
    /// Takes each pattern with the index of its term; a pattern may come from many terms.
    pub(super) fn build(patterns: impl Iterator<Item = (String, usize)>) -> Result<Automaton, MatcherError> {
        let mut by_pattern: HashMap<String, Vec<usize>> = HashMap::new();
        for (pattern, term) in patterns.filter(|(pattern, _)| !pattern.is_empty()) {
            by_pattern.entry(pattern).or_default().push(term);
        }
        let mut sorted: Vec<(String, Vec<usize>)> = by_pattern.into_iter().collect();
        sorted.sort_unstable();
        let mut owners = Vec::new();
        let mut first_owner = vec![0];
        for (_, terms) in &sorted {
            owners.extend_from_slice(terms);
            first_owner.push(owners.len());
        }
        let search = match sorted.len() {
            0 => None,
            count => Some(compile(&sorted).map_err(|source| MatcherError::TooMany { patterns: count, source })?),
        };
        let text: String = sorted.iter().map(|(pattern, _)| pattern.as_str()).collect();
        let lengths = sorted.iter().map(|(pattern, _)| pattern.len());
        let ends = lengths.scan(0, |end, len| {
            *end += len;
            Some(*end)
        });
        Ok(Automaton { search, owners, first_owner, ends: ends.collect(), text })
    }

    /// How many different patterns there are.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// All different patterns, by their numbers.
    pub(super) fn patterns(&self) -> impl Iterator<Item = &str> + Clone {
        (0..self.len()).filter_map(|pattern| self.pattern(pattern))
    }

    fn pattern(&self, pattern: usize) -> Option<&str> {
        let start = pattern.checked_sub(1).map_or(Some(0), |before| self.ends.get(before).copied())?;
        self.text.get(start..*self.ends.get(pattern)?)
    }

    fn owners(&self, pattern: usize) -> &[usize] {
        match self.first_owner.get(pattern..pattern + 2) {
            Some(&[from, to]) => self.owners.get(from..to).unwrap_or_default(),
            _ => &[],
        }
    }

    /// As [`each_occurrence`](Self::each_occurrence), for one pattern by its number.
    pub(super) fn each_of(&self, pattern: usize, text: &str, mut found: impl FnMut(Range<usize>, &[usize])) {
        let Some(sought) = self.pattern(pattern) else {
            return;
        };
        let finder = Finder::new(sought);
        let mut from = 0;
        while let Some(at) = text.as_bytes().get(from..).and_then(|rest| finder.find(rest)) {
            let start = from + at;
            found(start..start + sought.len(), self.owners(pattern));
            from = start + 1;
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.search.is_none()
    }

    /// Calls `found` with every occurrence of every pattern, overlapping ones too, and the terms
    /// it belongs to.
    pub(super) fn each_occurrence(&self, text: &str, mut found: impl FnMut(Range<usize>, &[usize])) {
        let Some(search) = &self.search else {
            return;
        };
        for occurrence in search.find_overlapping_iter(text) {
            found(occurrence.range(), self.owners(occurrence.pattern().as_usize()));
        }
    }
}

/// Standard semantics, the only ones that report overlapping matches; a contiguous NFA, because a
/// DFA of many terms does not fit in memory.
fn compile(patterns: &[(String, Vec<usize>)]) -> Result<AhoCorasick, BuildError> {
    AhoCorasick::builder()
        .match_kind(MatchKind::Standard)
        .kind(Some(AhoCorasickKind::ContiguousNFA))
        .build(patterns.iter().map(|(pattern, _)| pattern))
}
