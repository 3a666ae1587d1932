//! Distinct terms as members have them: domains, addresses, brands and Chinese names.

use std::collections::HashSet;

use nightheron_watchlists::{Term, TermKind};

use crate::random::Random;
use crate::words::{Words, latin};

const SUFFIXES: &[&str] = &[
    "com", "com", "com", "com.tw", "com.tw", "tw", "net", "org", "org.tw", "edu.tw", "cn", "com.cn", "ru", "io",
    "co.jp", "de", "hk",
];
const MAILBOXES: &[&str] = &["info", "admin", "sales", "service", "hr", "it", "support", "contact"];
const FREE_MAIL: &[&str] = &["gmail.com", "yahoo.com.tw", "hotmail.com", "qq.com", "mail.ru", "163.com"];
const TRADES: &[&str] = &["group", "bank", "tech", "electronics", "systems", "capital", "media", "logistics", "bio"];
const CHINESE_TRADES: &[&str] =
    &["科技", "電子", "銀行", "工業", "股份有限公司", "國際", "實業", "集團", "生技", "保險"];

/// Words of the texts that are names too, as Apple and Delta are.
const COMMON_NAMES: usize = 3_000;

/// `count` terms: of 20, nine domains, four addresses, four brands of one to three words and three
/// Chinese names.
pub(crate) fn generate(words: &Words, count: usize, seed: u64) -> Vec<Term> {
    let mut random = Random::new(seed);
    let mut seen = HashSet::with_capacity(count);
    let mut terms = Vec::with_capacity(count);
    while terms.len() < count {
        let (kind, text) = one(words, &mut random);
        if let Ok(term) = Term::parse(kind, &text)
            && seen.insert((kind, term.key()))
        {
            terms.push(term);
        }
    }
    terms
}

fn one(words: &Words, random: &mut Random) -> (TermKind, String) {
    match random.below(20) {
        0..=8 => (TermKind::Domain, domain(Some(words), random)),
        9..=12 => (TermKind::Email, address(Some(words), random)),
        13..=16 => (TermKind::Keyword, brand(Some(words), random)),
        _ => (TermKind::Keyword, chinese_name(words, random)),
    }
}

/// A name, of four one that is also a word of the texts if those are given.
fn name(shared: Option<&Words>, random: &mut Random) -> String {
    match shared {
        Some(words) if random.once_in(4) => words.english[300 + random.below(COMMON_NAMES)].clone(),
        _ => latin(random) + &latin(random),
    }
}

/// A domain; strangers' ones share no word with the texts.
pub(crate) fn domain(words: Option<&Words>, random: &mut Random) -> String {
    let stem = match random.below(5) {
        0 => format!("{}-{}", name(words, random), random.pick(TRADES)),
        1 => format!("{}{}", name(words, random), random.pick(TRADES)),
        _ => name(words, random),
    };
    format!("{stem}.{}", random.pick(SUFFIXES))
}

/// An address, as [`domain`].
pub(crate) fn address(words: Option<&Words>, random: &mut Random) -> String {
    if random.once_in(4) {
        return format!("{}@{}", random.pick(MAILBOXES), domain(words, random));
    }
    let host = if random.once_in(2) { random.pick(FREE_MAIL).to_owned() } else { domain(words, random) };
    let local = match random.below(3) {
        0 => format!("{}.{}", latin(random), latin(random)),
        1 => format!("{}{}", latin(random), random.below(2010)),
        _ => format!("{}_{}", latin(random), name(words, random)),
    };
    format!("{local}@{host}")
}

fn brand(words: Option<&Words>, random: &mut Random) -> String {
    match random.below(6) {
        0 => format!("{} {}", name(words, random), random.pick(TRADES)),
        1 => format!("{} {}", name(words, random), name(words, random)),
        2 => format!("{} {} {}", name(words, random), name(words, random), random.pick(TRADES)),
        // One word alone is a brand only if the language has not taken it already.
        _ => format!("{}{}", latin(random), latin(random)),
    }
}

fn chinese_name(words: &Words, random: &mut Random) -> String {
    let chars = 2 + random.below(3);
    let mut name: String = (0..chars).map(|_| words.han[random.below(words.han.len())]).collect();
    if !random.once_in(3) {
        name += random.pick(CHINESE_TRADES);
    }
    name
}
