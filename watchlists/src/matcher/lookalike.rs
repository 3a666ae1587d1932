//! Words and host names that look like a term but are spelt with other characters.

use std::borrow::Cow;
use std::ops::Range;

use super::hit::Found;
use super::outline::{self, Outline};
use super::{Confidence, Form, WatchedTerm, runs, skeleton, suspicion};
use crate::fold::script::is_spaced_word;
use crate::fold::{Folded, fold};
use crate::prefilter::Bloom;
use crate::term::TermKind;

/// Shortest keyword that is looked for by its looks, in characters.
const SHORTEST_WORD: usize = 4;

/// Shortest name of a domain, in characters before the first dot.
const SHORTEST_LABEL: usize = 4;

/// Terms by what they look like: a word is looked up whole, never searched for.
#[derive(Debug)]
pub(super) struct LookAlikes {
    /// Hash of the skeleton and index of the term, in order.
    table: Vec<(u64, u32)>,
    /// Whether a hash may be in the table.
    filter: Bloom,
    /// Whether a word or host may look like a term at first sight.
    first_sight: Bloom,
    hosts: bool,
}

impl LookAlikes {
    pub(super) fn build(terms: &[WatchedTerm], choose: fn(&WatchedTerm) -> bool) -> LookAlikes {
        let mut table: Vec<(u64, u32)> = Vec::new();
        let mut keys = Vec::new();
        for (index, watched) in terms.iter().enumerate().filter(|(_, watched)| choose(watched)) {
            if let Ok(index) = u32::try_from(index) {
                for look in looks(watched) {
                    table.push((hash(watched.term.kind(), &look), index));
                    keys.push(first_sight(watched.term.kind(), &look));
                }
            }
        }
        table.sort_unstable();
        let filter = Bloom::new(&table.iter().map(|entry| entry.0).collect::<Vec<_>>());
        let hosts = terms.iter().any(|watched| choose(watched) && watched.term.kind() == TermKind::Domain);
        LookAlikes { table, filter, first_sight: Bloom::new(&keys), hosts }
    }

    /// Calls `found` with every word and host of `text` that looks like a term without being it.
    pub(super) fn each(&self, terms: &[WatchedTerm], text: &str, mut found: impl FnMut(usize, Found)) {
        if self.table.is_empty() {
            return;
        }
        let (mut outline, mut room) = (Outline::default(), Room::default());
        let known = |key| self.first_sight.test(key) != 0;
        suspicion::each_run(text, self.hosts, known, |run| {
            let original = text.get(run.clone()).unwrap_or_default();
            if !original.is_ascii() || outline.may_be(original, self.hosts, |hash| self.filter.test(hash) != 0) {
                self.read_run(terms, original, run.start, &mut room, &mut found);
            }
        });
    }

    /// Reads the run `original`, which begins at `start`.
    fn read_run(
        &self, terms: &[WatchedTerm], original: &str, start: usize, room: &mut Room,
        found: &mut impl FnMut(usize, Found),
    ) {
        let Room { reading, look } = room;
        reading.read(original);
        for word in suspicion::words(reading.text()) {
            let written = &reading.text()[word.clone()];
            skeleton::write(written, look);
            if !written.bytes().all(|b| b.is_ascii_hexdigit()) {
                let hit = |term| found(term, alike(reading.original(start, word.clone())));
                self.look_up(terms, TermKind::Keyword, written, look, hit);
            }
        }
        let Some(host) = suspicion::host(reading.text(), original).filter(|_| self.hosts) else {
            return;
        };
        let written = &reading.text()[host.clone()];
        skeleton::write(&in_its_script(written), look);
        // Dots stay where they are, so both have as many labels.
        for (written, look) in from_each_label(written).zip(from_each_label(look)) {
            let hit = |term| found(term, alike(reading.original(start, host.clone())));
            self.look_up(terms, TermKind::Domain, written, look, hit);
        }
    }

    fn look_up(&self, terms: &[WatchedTerm], kind: TermKind, written: &str, look: &str, mut hit: impl FnMut(usize)) {
        let hash = hash(kind, look);
        if self.filter.test(hash) == 0 {
            return;
        }
        let first = self.table.partition_point(|entry| entry.0 < hash);
        for &(_, index) in self.table.iter().skip(first).take_while(|entry| entry.0 == hash) {
            let index = index as usize;
            let of_kind = terms.get(index).filter(|watched| watched.term.kind() == kind);
            let same = |pattern: &String| pattern != written && skeleton::of(pattern) == look;
            let patterns = of_kind.map(|watched| watched.term.patterns()).unwrap_or_default();
            if patterns.iter().any(same) && !patterns.iter().any(|pattern| pattern == written) {
                hit(index);
            }
        }
    }
}

/// The host as a browser shows it: `xn--` hides letters of other scripts.
fn in_its_script(host: &str) -> Cow<'_, str> {
    match host.contains("xn--") {
        true => fold(&idna::domain_to_unicode(host).0).text().to_owned().into(),
        false => host.into(),
    }
}

fn alike(span: Range<usize>) -> Found {
    Found { span, form: Form::LookAlike, confidence: Confidence::Low }
}

/// Room for what is read, used again for each run.
#[derive(Default)]
struct Room {
    reading: Reading,
    look: String,
}

/// A run of the text, folded; ASCII, which most runs are, needs no map.
#[derive(Default)]
struct Reading {
    ascii: String,
    other: Option<Folded>,
}

impl Reading {
    fn read(&mut self, run: &str) {
        self.ascii.clear();
        self.other = (!run.is_ascii()).then(|| fold(run));
        if self.other.is_none() {
            self.ascii.push_str(run);
            self.ascii.make_ascii_lowercase();
        }
    }

    fn text(&self) -> &str {
        self.other.as_ref().map_or(&self.ascii, |folded| folded.text())
    }

    /// The bytes of the whole text that a range of a run at `start` comes from.
    fn original(&self, start: usize, range: Range<usize>) -> Range<usize> {
        let range = self.other.as_ref().map_or(range.clone(), |folded| folded.original(range));
        start + range.start..start + range.end
    }
}

/// What the patterns of a term look like, where that says enough.
fn looks(watched: &WatchedTerm) -> Vec<String> {
    let says_enough: fn(&String) -> bool = match watched.term.kind() {
        TermKind::Keyword => |word| word.chars().count() >= SHORTEST_WORD && word.chars().all(is_spaced_word),
        TermKind::Domain => |host| host.split('.').next().is_some_and(|name| name.chars().count() >= SHORTEST_LABEL),
        _ => return Vec::new(),
    };
    watched.term.patterns().iter().filter(|pattern| says_enough(pattern)).map(|pattern| skeleton::of(pattern)).collect()
}

/// The host without its first label, its first two labels and so on, as long as a dot is left.
fn from_each_label(host: &str) -> impl Iterator<Item = &str> {
    std::iter::once(host)
        .chain(host.match_indices('.').filter_map(|(at, _)| host.get(at + 1..)))
        .filter(|rest| rest.contains('.'))
}

fn hash(kind: TermKind, look: &str) -> u64 {
    match kind {
        TermKind::Domain => outline::hash_host(look),
        _ => outline::hash_word(look),
    }
}

fn first_sight(kind: TermKind, look: &str) -> u64 {
    match kind {
        TermKind::Domain => runs::host_key(look.as_bytes()),
        _ => runs::word_key(look.as_bytes()),
    }
}

#[cfg(test)]
mod tests {
    //! Nothing that every run would give is lost at first sight.

    use proptest::prelude::*;
    use proptest::test_runner::{RngAlgorithm, TestRng, TestRunner};

    use super::*;
    use crate::fold::script::{continues_cluster, is_ignorable};
    use crate::host::is_label_char;
    use crate::{Term, TermId};

    const TERMS: &[(TermKind, &str)] = &[
        (TermKind::Keyword, "adata"),
        (TermKind::Keyword, "rnab"),
        (TermKind::Keyword, "Сбербанк"),
        (TermKind::Keyword, "gigabytesla"),
        (TermKind::Domain, "example.com"),
        (TermKind::Domain, "wave-bank.com.tw"),
        (TermKind::Domain, "a.rnvv.tw"),
    ];

    const PIECES: &[&str] = &[
        "4data",
        "4DATA",
        "m4b",
        "gig4bytesl4",
        "сbep6анк",
        "exarnple",
        "examp1e",
        "exampIe",
        "vvave-bank",
        "w4ve-b4nk",
        ".com",
        ".com.tw",
        ".tw",
        "rnvv",
        "mw",
        "mvv",
        "a.",
        "www.",
        "x1",
        "1",
        "a",
        "I",
        "-",
        "--",
        ".",
        ".",
        " ",
        " ",
        "@",
        "/",
        "資料",
        "。",
        "а",
        "\u{200b}",
        "\u{1}",
        "deadbeef12",
        "xn--e1a",
        "learn",
        "long1long-",
        "2024",
    ];

    /// Every run of the text, found one character at a time.
    fn everything(look_alikes: &LookAlikes, terms: &[WatchedTerm], text: &str) -> Vec<(usize, Range<usize>)> {
        let inside = |c: char| is_label_char(c) || continues_cluster(c) || is_ignorable(c) || matches!(c, '.' | '-');
        let (mut all, mut start) = (Vec::new(), 0);
        for piece in text.split_inclusive(|c| !inside(c)) {
            let run = piece.trim_end_matches(|c| !inside(c));
            let mut found = |term, found: Found| all.push((term, found.span));
            look_alikes.read_run(terms, run, start, &mut Room::default(), &mut found);
            start += piece.len();
        }
        all
    }

    #[test]
    fn first_sight_loses_nothing() {
        let terms =
            TERMS.iter().enumerate().map(|(id, &(kind, text))| (id as TermId, Term::parse(kind, text).expect(text)));
        let terms: Vec<WatchedTerm> = terms.map(WatchedTerm::new).collect();
        let look_alikes = LookAlikes::build(&terms, |_| true);
        let texts = (prop::collection::vec(prop::sample::select(PIECES), 0..24), 0..130_usize);
        let cases = std::env::var("NIGHTHERON_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(3_000);
        let config = ProptestConfig { failure_persistence: None, cases, ..ProptestConfig::default() };
        let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]));
        let same = |(pieces, pad): (Vec<&str>, usize)| {
            let text = " ".repeat(pad) + &pieces.concat();
            let mut hits = Vec::new();
            look_alikes.each(&terms, &text, |term, found| hits.push((term, found.span)));
            prop_assert_eq!(hits, everything(&look_alikes, &terms, &text), "{:?}", text);
            Ok(())
        };
        runner.run(&texts, same).expect("the same hits");
    }
}
