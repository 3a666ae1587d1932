//! The matcher against the slow oracle of the tests, on texts put together from their pieces, and on
//! any text for offsets alone.

#![no_main]

#[allow(dead_code)]
#[path = "../../tests/oracle/mod.rs"]
mod oracle;

use std::collections::BTreeSet;
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use nightheron_watchlists::{Matcher, Term, TermId};
use oracle::Oracle;
use oracle::samples::{PIECES, TERMS, watched, with_context};

/// More pieces would find nothing that fewer do not, and the oracle is slow.
const MAX_PIECES: usize = 24;

static ALL: LazyLock<(Vec<(TermId, Term)>, Matcher)> = LazyLock::new(|| {
    let terms: Vec<_> = TERMS.iter().copied().enumerate().map(watched).chain((100..).zip(with_context())).collect();
    let matcher = Matcher::new(terms.clone()).expect("matcher");
    (terms, matcher)
});

fuzz_target!(|data: &[u8]| {
    let (terms, matcher) = &*ALL;
    let pieces = data.iter().take(MAX_PIECES).filter_map(|&byte| PIECES.get(usize::from(byte) % PIECES.len()));
    let text: String = pieces.copied().collect();
    let hits = matcher.find(&text);
    let sure = hits.iter().filter(|hit| !oracle::only_alike(hit));
    let found: BTreeSet<_> = sure.map(|hit| (hit.start, hit.end, hit.term)).collect();
    assert_eq!(found, Oracle::new(terms).find(&text), "in {text:?}");

    let any = String::from_utf8_lossy(data);
    for hit in matcher.find(&any) {
        assert_eq!(any.get(hit.start..hit.end), Some(hit.matched));
        assert!(!hit.matched.is_empty() && any.get(hit.snippet(&any, 20)).is_some());
    }
});
