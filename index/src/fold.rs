//! Folding: what is the same to a reader becomes the same to the index, with a map back.

use std::collections::VecDeque;
use std::fmt;
use std::iter::Peekable;
use std::str::CharIndices;
use std::sync::Arc;

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfkc_quick};

use crate::script;

/// Marks beyond this many on one character start a new cluster, so that stacked marks
/// ("zalgo") in captured text cannot make one cluster grow without bound.
const MAX_CLUSTER_CHARS: usize = 16;

type FoldChar = dyn Fn(char, &mut String) + Send + Sync;

/// How characters are folded before indexing and before searching.
///
/// Invisible characters are removed and NFKC is applied by the index itself, with marks composed
/// onto their base; the function then maps each remaining character on its own. The name
/// identifies what the function does: it is kept with every commit, and an index made under
/// another name is refused when it is opened, because its words would silently not be found.
#[derive(Clone)]
pub struct Folding {
    name: Arc<str>,
    fold: Arc<FoldChar>,
}

impl Folding {
    /// A folding called `name`; `fold` appends to the string what the character becomes, nothing to
    /// remove it. Change the name whenever the function's result changes.
    pub fn new(name: &str, fold: impl Fn(char, &mut String) + Send + Sync + 'static) -> Self {
        Folding { name: name.into(), fold: Arc::new(fold) }
    }

    /// The name it is kept under.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The folded characters of `text`, each with the byte range of `text` it came from.
    pub(crate) fn chars<'a>(&'a self, text: &'a str) -> FoldedChars<'a> {
        FoldedChars {
            folding: self,
            rest: text.char_indices().peekable(),
            ready: VecDeque::new(),
            cluster: String::new(),
            folded: String::new(),
        }
    }

    /// A whole value folded into one term, for identifiers.
    pub(crate) fn whole(&self, text: &str) -> String {
        self.chars(text.trim()).map(|folded| folded.c).collect()
    }
}

impl Default for Folding {
    /// NFKC and lower case.
    fn default() -> Self {
        Folding::new("nfkc-lower-1", |c, out| out.extend(c.to_lowercase()))
    }
}

impl fmt::Debug for Folding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Folding").field(&self.name).finish()
    }
}

/// One character after folding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct FoldedChar {
    pub(crate) c: char,
    /// Bytes of the original text it came from; characters of one cluster share them.
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// Iterator over folded characters.
pub(crate) struct FoldedChars<'a> {
    folding: &'a Folding,
    rest: Peekable<CharIndices<'a>>,
    ready: VecDeque<FoldedChar>,
    cluster: String,
    folded: String,
}

impl FoldedChars<'_> {
    /// Folds the next visible cluster into `ready`; false at the end of the text.
    fn fold_cluster(&mut self) -> bool {
        let Some((start, first)) = self.rest.find(|&(_, c)| !script::is_invisible(c)) else {
            return false;
        };
        let mut end = start + first.len_utf8();
        self.cluster.clear();
        self.cluster.push(first);
        for _ in 1..MAX_CLUSTER_CHARS {
            let Some((at, mark)) = self.rest.next_if(|&(_, c)| script::composes(c)) else {
                break;
            };
            self.cluster.push(mark);
            end = at + mark.len_utf8();
        }
        self.folded.clear();
        if is_nfkc_quick(self.cluster.chars()) == IsNormalized::Yes {
            for c in self.cluster.chars() {
                (self.folding.fold)(c, &mut self.folded);
            }
        } else {
            for c in self.cluster.nfkc() {
                (self.folding.fold)(c, &mut self.folded);
            }
        }
        let chars = self.folded.chars();
        self.ready.extend(chars.map(|c| FoldedChar { c, start, end }));
        true
    }
}

impl Iterator for FoldedChars<'_> {
    type Item = FoldedChar;

    fn next(&mut self) -> Option<FoldedChar> {
        while self.ready.is_empty() {
            if !self.fold_cluster() {
                return None;
            }
        }
        self.ready.pop_front()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fold(text: &str) -> String {
        Folding::default().whole(text)
    }

    #[test]
    fn width_case_and_composition_are_folded() {
        assert_eq!(fold("ＡＤＡＴＡ"), "adata");
        assert_eq!(fold("e\u{301}"), "é");
        assert_eq!(fold("ｶﾞ"), "ガ");
        assert_eq!(fold("\u{1112}\u{1161}\u{11ab}"), "한");
        assert_eq!(fold("㈱"), "(株)");
    }

    #[test]
    fn invisible_characters_vanish() {
        assert_eq!(fold("台\u{200b}積\u{feff}電"), "台積電");
        assert_eq!(fold("\u{200b}"), "");
    }

    #[test]
    fn offsets_point_into_the_original() {
        let text = "x e\u{301}㈱";
        let folding = Folding::default();
        let all: Vec<_> = folding.chars(text).collect();
        assert_eq!(&text[all[2].start..all[2].end], "e\u{301}");
        assert!(all[3..].iter().all(|folded| &text[folded.start..folded.end] == "㈱"));
    }

    #[test]
    fn the_callers_function_is_applied() {
        let folding = Folding::new("test", |c, out| out.push(if c == '灣' { '湾' } else { c }));
        assert_eq!(folding.whole("台灣"), "台湾");
    }

    #[test]
    fn stacked_marks_stay_bounded() {
        let text = format!("a{}", "\u{301}".repeat(10_000));
        let folding = Folding::default();
        assert!(folding.chars(&text).all(|folded| folded.end - folded.start <= 2 * MAX_CLUSTER_CHARS));
    }
}
