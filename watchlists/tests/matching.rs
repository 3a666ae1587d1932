//! The matcher against a slow matcher that tries every term at every place.

mod oracle;
mod seeded;

use std::collections::BTreeSet;

use nightheron_watchlists::{Matcher, Term, TermId};
use proptest::prelude::*;

use oracle::Oracle;
use oracle::samples::{PIECES, TERMS, watched, with_context};

fn some_terms() -> impl Strategy<Value = Vec<(TermId, Term)>> {
    prop::collection::vec(prop::sample::select(TERMS), 0..12)
        .prop_map(|chosen| chosen.into_iter().enumerate().map(watched).chain((100..).zip(with_context())).collect())
}

fn some_text() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(PIECES), 0..16).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(seeded::config(4096))]

    #[test]
    fn the_matcher_finds_what_the_oracle_finds(terms in some_terms(), text in some_text()) {
        let expected = Oracle::new(&terms).find(&text);
        let matcher = Matcher::new(terms).expect("matcher");
        let hits = matcher.find(&text);
        let all: BTreeSet<_> = hits.iter().map(|hit| (hit.start, hit.end, hit.term)).collect();
        prop_assert_eq!(all.len(), hits.len(), "a hit was reported twice");
        let found: BTreeSet<_> = hits.iter().filter(|hit| !oracle::only_alike(hit)).map(|hit| (hit.start, hit.end, hit.term)).collect();
        prop_assert_eq!(found, expected, "in {:?}", text);
    }

    #[test]
    fn any_text_is_searched_without_panic(before in any::<String>(), piece in some_text(), after in any::<String>()) {
        let all = TERMS.iter().copied().enumerate().map(watched);
        let matcher = Matcher::new(all).expect("matcher");
        let text = format!("{before}{piece}{after}");
        for hit in matcher.find(&text) {
            prop_assert_eq!(text.get(hit.start..hit.end), Some(hit.matched));
            prop_assert!(!hit.matched.is_empty());
        }
    }
}

#[test]
fn the_generated_texts_do_match() {
    let terms: Vec<_> = TERMS.iter().copied().enumerate().map(watched).chain((100..).zip(with_context())).collect();
    let text = PIECES.join(" , ");
    let found: BTreeSet<TermId> = Oracle::new(&terms).find(&text).into_iter().map(|(_, _, term)| term).collect();
    assert!(found.len() >= 25, "only {found:?} occur in the pieces");
}
