//! The matcher against a slow matcher that tries every term at every place.

mod oracle;

use std::collections::BTreeSet;

use nightheron_watchlists::{Confidence, Context, Form, Hit, Matcher, Near, Term, TermId, TermKind};
use proptest::prelude::*;

use oracle::Oracle;

const TERMS: &[(TermKind, &str)] = &[
    (TermKind::Domain, "ab.com"),
    (TermKind::Domain, "b.com"),
    (TermKind::Domain, "x.ab.com"),
    (TermKind::Domain, "com.tw.example"),
    (TermKind::Domain, "bücher.de"),
    (TermKind::Domain, "台積電.tw"),
    (TermKind::Email, "a@b.com"),
    (TermKind::Email, "x.a@ab.com"),
    (TermKind::Email, "a@bücher.de"),
    (TermKind::Keyword, "ab"),
    (TermKind::Keyword, "com"),
    (TermKind::Keyword, "a b"),
    (TermKind::Keyword, "b com"),
    (TermKind::Keyword, "台積電"),
    (TermKind::Keyword, "积电"),
    (TermKind::Keyword, "ab電"),
    (TermKind::Keyword, "104"),
    (TermKind::Keyword, "bc+"),
    (TermKind::Keyword, "Ab b Co., Ltd."),
    (TermKind::EmailDomain, "@b.com"),
    (TermKind::EmailDomain, "@bücher.de"),
    (TermKind::Ip, "203.0.113.5"),
    (TermKind::Ip, "2001:db8::5"),
    (TermKind::Cidr, "203.0.113.0/24"),
    (TermKind::Cidr, "203.0.113.4/30"),
    (TermKind::Cidr, "2001:db8::/32"),
    (TermKind::Phrase, "ab b電"),
    (TermKind::Phrase, "b, com b"),
    (TermKind::BusinessNumber, "22099131"),
    (TermKind::Person, "AB Com-B"),
    (TermKind::Regex, "prj-[0-9]{3}"),
];

const PIECES: &[&str] = &[
    "ab.com",
    "AB.Com",
    "b.com",
    "x.ab.com",
    "ab[.]com",
    "ab (dot) com",
    "ａｂ．ｃｏｍ",
    "ab。com",
    "bücher.de",
    "xn--bcher-kva.de",
    "bucher.de",
    "台積電.tw",
    "台积电[.]tw",
    "臺積電",
    "台 積 電",
    "a@b.com",
    "a[at]b.com",
    "x.a＠ab.com",
    "a (at) b[.]com",
    "ab",
    "Ab",
    "a  b",
    "a\nb",
    "b com",
    "com",
    "tw",
    "example",
    "evil",
    "104",
    "2024",
    "20240115",
    "2",
    "c++",
    "bc+",
    "hxxp://",
    "http://",
    "www.",
    "%2f",
    "%40",
    ".zip",
    ".sql",
    ".",
    "..",
    "-",
    "_",
    "@",
    " ",
    "  ",
    "\n",
    "[",
    "]",
    "[.",
    "(",
    ")",
    ",",
    "/",
    ":",
    "\\.",
    "資料",
    "電",
    "。",
    "é",
    "\u{301}",
    "\u{200b}",
    "x",
    "a",
    "b",
    "ё",
    "㈱",
    "203.0.113.5",
    "203.0.113.5",
    "203[.]0[.]113[.]6",
    "203.0.113",
    "2001:db8::5",
    "2001:DB8:0::",
    "::ffff:203.0.113.5",
    "::",
    "5",
    "22099131",
    "２２０９９１３１",
    "vat",
    "comb",
    "ab,com-b",
    "PRJ-",
    "prj-104",
    "co., ltd.",
    "%20",
];

/// Terms with rules for what stands beside them.
fn with_context() -> Vec<Term> {
    let near = |words: &[&str], within| Near { any_of: words.iter().map(|&word| word.to_owned()).collect(), within };
    let rules = |near, unless_near, all_of: &[&str]| Context {
        near,
        unless_near,
        all_of: all_of.iter().map(|&word| word.to_owned()).collect(),
    };
    let term = |kind, text: &str, context| Term::parse(kind, text).expect(text).with_context(context).expect("context");
    vec![
        term(TermKind::Keyword, "ab", rules(Some(near(&["電", "a b"], 3)), None, &[])),
        term(TermKind::Keyword, "com", rules(None, Some(near(&["b com", "evil"], 5)), &[])),
        term(TermKind::Domain, "ab.com", rules(Some(near(&["104", "tw"], 9)), Some(near(&["x"], 1)), &["b"])),
        term(TermKind::Cidr, "203.0.113.0/24", rules(Some(near(&["資料"], 2)), None, &["ab"])),
        term(TermKind::Regex, "prj-[0-9]{3}", rules(None, Some(near(&["example"], 4)), &[])),
    ]
}

fn watched((id, (kind, text)): (usize, (TermKind, &str))) -> (TermId, Term) {
    (id as TermId, Term::parse(kind, text).expect(text))
}

fn some_terms() -> impl Strategy<Value = Vec<(TermId, Term)>> {
    prop::collection::vec(prop::sample::select(TERMS), 0..12)
        .prop_map(|chosen| chosen.into_iter().enumerate().map(watched).chain((100..).zip(with_context())).collect())
}

fn some_text() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(PIECES), 0..16).prop_map(|pieces| pieces.concat())
}

/// Whether a hit is of the less certain forms, which have tests of their own.
fn only_alike(hit: &Hit<'_>) -> bool {
    let host = matches!(hit.kind, TermKind::Domain | TermKind::Email | TermKind::EmailDomain);
    hit.form == Form::LookAlike || (host && hit.confidence == Confidence::Low)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: ProptestConfig::default().cases.max(4096), ..ProptestConfig::default() })]

    #[test]
    fn the_matcher_finds_what_the_oracle_finds(terms in some_terms(), text in some_text()) {
        let expected = Oracle::new(&terms).find(&text);
        let matcher = Matcher::new(terms).expect("matcher");
        let hits = matcher.find(&text);
        let all: BTreeSet<_> = hits.iter().map(|hit| (hit.start, hit.end, hit.term)).collect();
        prop_assert_eq!(all.len(), hits.len(), "a hit was reported twice");
        let found: BTreeSet<_> = hits.iter().filter(|hit| !only_alike(hit)).map(|hit| (hit.start, hit.end, hit.term)).collect();
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
