//! The labelled snippets and the terms they are held against, as data.

use std::collections::{BTreeMap, HashMap};

use nightheron_watchlists::{Matcher, TermFileFormat, TermId, read_terms};
use serde::Deserialize;

const TERMS: &[u8] = include_bytes!("../../quality/terms.toml");

const FILES: [(&str, &str); 4] = [
    ("en", include_str!("../../quality/en.jsonl")),
    ("zh-TW", include_str!("../../quality/zh-tw.jsonl")),
    ("zh-CN", include_str!("../../quality/zh-cn.jsonl")),
    ("ru", include_str!("../../quality/ru.jsonl")),
];

/// A labelled snippet. A hit that stands neither in `found` nor in `low` is a false one.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Snippet {
    pub(crate) id: String,
    pub(crate) lang: String,
    pub(crate) split: Split,
    pub(crate) text: String,
    /// What must be found: the matched texts by term, each as often as it must be found.
    pub(crate) found: BTreeMap<String, Vec<String>>,
    /// What must be found too, but marked as less sure.
    #[serde(default)]
    pub(crate) low: BTreeMap<String, Vec<String>>,
    /// The terms whose collision the snippet shows: these above all must not be found.
    pub(crate) absent: Vec<String>,
    pub(crate) why: String,
}

/// Whether the rules may be written with a look at the snippet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Split {
    Tune,
    HeldOut,
}

/// The terms in one matcher, and their texts by number.
pub(crate) fn matcher() -> (Matcher, HashMap<TermId, String>) {
    let rows = read_terms(TERMS, TermFileFormat::Toml, "quality/terms.toml").unwrap_or_else(|error| panic!("{error}"));
    let numbered: Vec<_> = (1..).zip(rows).collect();
    let names = numbered.iter().map(|(id, row)| (*id, row.term.readable())).collect();
    let matcher = Matcher::new(numbered.into_iter().map(|(id, row)| (id, row.term))).expect("matcher");
    (matcher, names)
}

pub(crate) fn snippets() -> Vec<Snippet> {
    let mut all = Vec::new();
    for (lang, text) in FILES {
        for (line, text) in (1..).zip(text.lines()) {
            let snippet: Snippet =
                serde_json::from_str(text).unwrap_or_else(|error| panic!("{lang}, line {line}: {error}"));
            assert_eq!(snippet.lang, lang, "{}", snippet.id);
            all.push(snippet);
        }
    }
    all
}
