//! Finds the places of a text where a term may stand, so that only they are folded and searched.
//!
//! Every pattern has an *anchor*: a word, or two Han characters in a row, that every text with the
//! pattern has too, byte for byte but for case and Traditional forms. Where folding or restoring
//! could hide an anchor (invisible characters, marks, full width, …) the text is *exotic*, and its
//! neighbourhood is always searched. So nothing is missed; the matcher decides what counts.

mod anchor;
mod blocks;
mod class;
mod element;
mod find;
mod index;
mod scan;
mod window;

#[cfg(test)]
mod tests;

use aho_corasick::AhoCorasick;

use anchor::{Anchor, Counts};
pub(crate) use blocks::{BLOCK, Neighbours, are, are_controls, are_within, shifted_out};
pub(crate) use element::load;
use element::{WRITTEN, lead_key};
pub(crate) use index::Bloom;
use index::{Anchors, Reach};
use scan::Sieve;
pub(crate) use window::Window;

/// The anchors of all patterns, ready to be looked for.
#[derive(Debug)]
pub(crate) struct Prefilter {
    sieve: Sieve,
    anchors: Anchors,
    /// Single characters that are anchors, with the reach of all their patterns.
    lone: Option<(AhoCorasick, Reach)>,
    /// The reach of any pattern around exotic text.
    exotic: Reach,
    /// Some pattern is a host or an address, whose verifier reads whole hosts.
    hosts: bool,
}

impl Prefilter {
    /// A prefilter for folded `patterns`, which are numbered from 0; none if one of them has nothing to go by, so that
    /// all text must be searched.
    pub(crate) fn build<'p>(patterns: impl Iterator<Item = &'p str> + Clone, hosts: bool) -> Option<Prefilter> {
        let mut counts = Counts::default();
        patterns.clone().for_each(|pattern| anchor::count(pattern, &mut counts));
        let mut builder = Builder::default();
        for (number, pattern) in (0..).zip(patterns) {
            builder.exotic.widen(anchor::whole_reach(pattern));
            match anchor::choose(pattern, &counts) {
                Anchor::Part(part) => builder.add(number, pattern, &part),
                Anchor::Lone(c, reach) => builder.add_lone(c, reach),
                Anchor::Exotic => {}
                Anchor::None => return None,
            }
        }
        builder.finish(hosts)
    }

    /// Where in `text` a pattern may stand; none if that is nearly everywhere.
    pub(crate) fn windows(&self, text: &str) -> Option<Vec<Window>> {
        let windows = window::around(text, find::events(self, text), self.hosts, &self.anchors);
        let covered: usize = windows.iter().map(|window| window.outer.len()).sum();
        (covered <= text.len() / 4 * 3).then_some(windows)
    }
}

#[derive(Default)]
struct Builder {
    words: Vec<u64>,
    leads: Vec<u64>,
    alone: Vec<u64>,
    bigrams: Vec<u64>,
    short: bool,
    digits: bool,
    anchors: Anchors,
    /// What tells each pattern.
    owned: Vec<(u64, u32)>,
    lone: Vec<String>,
    lone_reach: Reach,
    exotic: Reach,
}

impl Builder {
    fn add(&mut self, number: u32, pattern: &str, part: &anchor::Part) {
        match part.keys {
            anchor::Keys::Word(..) => anchor::each_key(pattern, part.keys, |key| {
                self.words.push(key);
                match part.lead {
                    Some(lead) => self.leads.push(lead_key(key, lead)),
                    None => self.alone.push(key),
                }
            }),
            anchor::Keys::Bigram(_) => anchor::each_key(pattern, part.keys, |key| self.bigrams.push(key)),
        }
        self.short |= part.short;
        self.digits |= part.digits;
        self.anchors.reach.entry(part.hash).or_default().widen(part.reach);
        self.anchors.pairs.extend(part.pair());
        self.owned.push((part.pair().unwrap_or(part.hash), number));
    }

    fn add_lone(&mut self, c: char, reach: Reach) {
        let written = WRITTEN.get(&c).map_or(std::slice::from_ref(&c), Vec::as_slice);
        self.lone.extend(written.iter().map(char::to_string));
        self.lone_reach.widen(reach);
    }

    fn finish(mut self, hosts: bool) -> Option<Prefilter> {
        self.anchors.own(self.owned);
        let lone = match self.lone.as_slice() {
            [] => None,
            lone => Some((AhoCorasick::new(lone).ok()?, self.lone_reach)),
        };
        let filters = [&self.words, &self.leads, &self.alone, &self.bigrams];
        let [words, leads, alone, bigrams] = filters.map(|keys| Bloom::new(keys));
        let sieve = Sieve { words, leads, alone, bigrams, short: self.short, digits: self.digits };
        Some(Prefilter { sieve, anchors: self.anchors, lone, exotic: self.exotic, hosts })
    }
}
