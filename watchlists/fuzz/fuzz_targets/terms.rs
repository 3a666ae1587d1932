//! Reading any text as a term of any kind: what is taken is canonical, finds itself where its kind
//! allows, and builds a matcher.

#![no_main]

use libfuzzer_sys::fuzz_target;
use nightheron_watchlists::{Matcher, Term, TermKind};

fuzz_target!(|data: (u8, &str)| {
    let (kind, text) = data;
    let kind = TermKind::ALL[usize::from(kind) % TermKind::ALL.len()];
    match Term::parse(kind, text) {
        Ok(term) => {
            let again = Term::parse(kind, term.text()).expect("a canonical text is a term");
            assert_eq!(again, term);
            assert_eq!(Term::parse(kind, &term.readable()).map(|readable| readable.key()), Ok(term.key()));
            let matcher = Matcher::new([(1, term)]).expect("one term");
            for hit in matcher.find(text) {
                assert_eq!(text.get(hit.start..hit.end), Some(hit.matched));
            }
        }
        Err(error) => assert!(!error.to_string().contains(['\n', '\u{1b}'])),
    }
});
