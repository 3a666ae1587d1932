//! The matcher with its prefilter finds what it finds without, in any text.

use proptest::prelude::*;
use proptest::test_runner::{RngAlgorithm, TestRng, TestRunner};

use crate::{Matcher, Term, TermId, TermKind};

/// Terms of which every text is made too, so that hits and near misses are frequent.
const TERMS: &[(TermKind, &str)] = &[
    (TermKind::Domain, "ab.com"),
    (TermKind::Domain, "x.ab.com"),
    (TermKind::Domain, "bücher.de"),
    (TermKind::Domain, "台積電.tw"),
    (TermKind::Domain, "夢.com"),
    (TermKind::Domain, "x.tw"),
    (TermKind::Domain, "long-name-of-bank.com.tw"),
    (TermKind::Domain, "пример.рф"),
    (TermKind::Domain, "51.la"),
    (TermKind::Email, "a@ab.com"),
    (TermKind::Email, "ann.lee99@bücher.de"),
    (TermKind::Email, "info@long-name-of-bank.com.tw"),
    (TermKind::Keyword, "adata"),
    (TermKind::Keyword, "Acme Corp"),
    (TermKind::Keyword, "acer 宏碁"),
    (TermKind::Keyword, "台積電"),
    (TermKind::Keyword, "中油"),
    (TermKind::Keyword, "K書"),
    (TermKind::Keyword, "台/電"),
    (TermKind::Keyword, "104"),
    (TermKind::Keyword, "7-11"),
    (TermKind::Keyword, "3M"),
    (TermKind::Keyword, "msi2"),
    (TermKind::Keyword, "AT&T"),
    (TermKind::Keyword, "100% pure"),
    (TermKind::Keyword, "ещё берег"),
    (TermKind::Keyword, "Сбербанк"),
    (TermKind::Keyword, "ΣΙΓΜΑ"),
    (TermKind::Keyword, "삼성"),
    (TermKind::Keyword, "ソニー"),
    (TermKind::Keyword, "𥅘田"),
    (TermKind::Keyword, "year2024x"),
    (TermKind::Keyword, "2024x"),
    (TermKind::Keyword, "averyveryverylongsinglewordbrandnamebeyondanylimit"),
    (TermKind::Keyword, "統一 超商 seven eleven"),
];

/// What stands between and inside terms.
const PIECES: &[&str] = &[
    " ",
    " ",
    "  ",
    "\n",
    "\t",
    "\u{3000}",
    "\u{a0}",
    ".",
    "-",
    "_",
    "@",
    "/",
    ":",
    ",",
    "[.]",
    "[dot]",
    " (dot) ",
    "[at]",
    "。",
    "，",
    "「",
    "．",
    "＠",
    "％",
    "%2f",
    "%40",
    "%2e",
    "%",
    "http://",
    "hxxp://",
    "hxxps[:]//",
    "www.",
    "x",
    "a",
    "e",
    "2024",
    "20190115",
    "19",
    "2",
    "104",
    "\u{200b}",
    "\u{301}",
    "\u{308}",
    "\u{fe0f}",
    "❤",
    "😀",
    "é",
    "ё",
    "Ё",
    "Ａ",
    "ｶ",
    "ﾞ",
    "㈱",
    "電",
    "台",
    "臺",
    "积",
    "的",
    "資料",
    "点",
    "點",
    "\0",
    "\u{1b}",
    "𠮷",
    "䀉",
    "ѣ",
    "ѡ",
    "ﷺ",
    "í",
    "…",
    "(",
    ")",
    "[",
    "]",
    "{",
    "dot",
    "at",
    ".com",
    ".evil.tw",
    ".zip",
    "İ",
    "ſ",
    "\u{212a}",
    "of",
    "bank",
    "com",
    "tw",
    "word",
    "слово",
    "long",
];

fn spelled(text: &str, how: u8) -> String {
    match how {
        0 => text.to_uppercase(),
        1 => text.replace('.', "[.]").replace('@', " [at] "),
        2 => {
            text.chars().flat_map(|c| [Some(c), (c as u32).is_multiple_of(3).then_some('\u{200b}')]).flatten().collect()
        }
        3 => text.replace(' ', "\n"),
        4 => text.replace('.', " [ dot ] "),
        5 => text.replace("台", "臺").replace("電", "电").replace('е', "ё"),
        6 => text.replace('a', "Ａ").replace('.', "。"),
        7 => text.chars().map(|c| format!("{c} ")).collect(),
        _ => text.to_owned(),
    }
}

fn texts() -> impl Strategy<Value = String> {
    let term = (prop::sample::select(TERMS), 0..12_u8).prop_map(|((_, text), how)| spelled(text, how));
    let piece = prop_oneof![
        4 => term,
        8 => prop::sample::select(PIECES).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
        1 => (prop::sample::select(PIECES), 1..80_usize).prop_map(|(piece, times)| piece.repeat(times)),
    ];
    (prop::collection::vec(piece, 0..14), 0..300_usize).prop_map(|(pieces, pad)| {
        // Padding puts the rest at any place of a block, and far enough from the start for windows.
        format!("{}{}{}", "lorem ipsum, ".repeat(pad / 13 + 60), &"abcdefghijklm"[..pad % 13], pieces.concat())
            + &"; dolor sit amet".repeat(pad % 90)
    })
}

fn compare(chosen: &[(TermKind, &str)], text: &str) -> Result<(), TestCaseError> {
    let terms = chosen.iter().enumerate();
    let terms = terms.map(|(id, &(kind, text))| (id as TermId, Term::parse(kind, text).expect(text)));
    let matcher = Matcher::new(terms).expect("matcher");
    let text = text.to_owned();
    prop_assert_eq!(matcher.find(&text), matcher.find_everywhere(&text), "{:?} in {:?}", chosen, text);
    Ok(())
}

/// `NIGHTHERON_CASES` sets how many texts are tried, `NIGHTHERON_SEED` with which seed.
#[test]
fn the_prefilter_misses_nothing() {
    let number = |name| std::env::var(name).ok().and_then(|value| value.parse::<u32>().ok());
    let config = ProptestConfig {
        failure_persistence: None,
        cases: number("NIGHTHERON_CASES").unwrap_or(3_000),
        ..ProptestConfig::default()
    };
    let mut seed = [7; 32];
    seed[..4].copy_from_slice(&number("NIGHTHERON_SEED").unwrap_or(7).to_le_bytes());
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &seed));
    let some = prop::collection::vec(prop::sample::select(TERMS), 1..8);
    let case = (some, texts());
    runner.run(&case, |(chosen, text)| compare(&chosen, &text)).expect("the same hits");
}
