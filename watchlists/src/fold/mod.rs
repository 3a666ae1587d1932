//! Folding: what reads the same becomes the same, with a map back to the original bytes.

mod character;
mod han;
mod map;
pub(crate) mod script;

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfkc_quick};

pub use character::fold_char;
pub use map::Folded;
pub(crate) use map::FoldedBuilder;

/// Names the result of [`fold_char`]; it changes whenever that result changes, so that an index
/// built with an older folding can be recognised and rebuilt.
pub const FOLDING: &str = "nightheron-fold-1";

/// Marks beyond this many on one character start a new cluster, so that stacked marks in captured
/// text cannot make one cluster grow without bound.
const MAX_CLUSTER_CHARS: usize = 16;

/// Folds `text`; see the crate's documentation for the table of what is folded.
///
/// Takes time and memory linear in the length of `text`.
pub fn fold(text: &str) -> Folded {
    let mut folder =
        Folder { text, at: 0, blank: None, cluster: String::new(), out: FoldedBuilder::with_capacity(text.len()) };
    while folder.step() {}
    folder.finish()
}

/// A run of white space that is not written yet: what follows decides whether it stays.
#[derive(Clone, Copy)]
struct Blank {
    start: usize,
    end: usize,
    breaks_line: bool,
}

struct Folder<'t> {
    text: &'t str,
    at: usize,
    blank: Option<Blank>,
    cluster: String,
    out: FoldedBuilder,
}

impl Folder<'_> {
    /// Reads one character or cluster; false at the end of the text.
    fn step(&mut self) -> bool {
        if self.fold_ascii_run() {
            return true;
        }
        let Some(c) = self.next_char() else {
            return false;
        };
        let start = self.at;
        self.at += c.len_utf8();
        if c.is_whitespace() {
            self.widen_blank(start, c);
        } else if !script::is_ignorable(c) {
            self.fold_cluster(start, c);
        }
        true
    }

    /// Folds the visible ASCII characters that come next, but for one that a mark may follow.
    fn fold_ascii_run(&mut self) -> bool {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        let graphic = rest.iter().take_while(|byte| byte.is_ascii_graphic()).count();
        let len = if rest.get(graphic).is_none_or(u8::is_ascii) { graphic } else { graphic.saturating_sub(1) };
        let Some(run) = self.text.get(self.at..self.at + len).filter(|run| !run.is_empty()) else {
            return false;
        };
        let mut folded = std::mem::take(&mut self.cluster);
        folded.clear();
        folded.push_str(run);
        folded.make_ascii_lowercase();
        self.write_blank(folded.chars().next());
        self.out.push(&folded, self.at..self.at + len, true);
        self.at += len;
        self.cluster = folded;
        true
    }

    fn next_char(&self) -> Option<char> {
        self.text.get(self.at..)?.chars().next()
    }

    fn widen_blank(&mut self, start: usize, c: char) {
        let blank = self.blank.get_or_insert(Blank { start, end: start, breaks_line: false });
        blank.end = start + c.len_utf8();
        blank.breaks_line |= script::breaks_line(c);
    }

    /// Folds the character at `start` together with the marks that follow it.
    fn fold_cluster(&mut self, start: usize, first: char) {
        let mut chars = 1;
        while chars < MAX_CLUSTER_CHARS {
            let Some(mark) = self.next_char().filter(|&c| script::continues_cluster(c)) else {
                break;
            };
            self.at += mark.len_utf8();
            chars += 1;
        }
        let mut folded = std::mem::take(&mut self.cluster);
        folded.clear();
        let source = self.text.get(start..self.at).unwrap_or_default();
        fold_normalized(source, chars == 1 && script::is_stable(first), &mut folded);
        if let Some(c) = folded.chars().next() {
            self.write_blank(Some(c));
            let aligned = chars == 1 && c.len_utf8() == folded.len();
            self.out.push(&folded, start..self.at, aligned);
        }
        self.cluster = folded;
    }

    /// Writes pending white space as one space, unless it stands beside Han or kana on one line,
    /// where a space means nothing.
    fn write_blank(&mut self, next: Option<char>) {
        let Some(blank) = self.blank.take() else {
            return;
        };
        let beside = |c: Option<char>| c.is_some_and(script::is_han_or_kana);
        if blank.breaks_line || !(beside(self.out.last()) || beside(next)) {
            self.out.push(" ", blank.start..blank.end, true);
        }
    }

    fn finish(mut self) -> Folded {
        self.write_blank(None);
        self.out.finish()
    }
}

/// Appends the folded form of one cluster; `stable` when it is known to be its own NFKC form.
fn fold_normalized(cluster: &str, stable: bool, out: &mut String) {
    if stable || is_nfkc_quick(cluster.chars()) == IsNormalized::Yes {
        cluster.chars().for_each(|c| fold_char(c, out));
    } else {
        cluster.nfkc().for_each(|c| fold_char(c, out));
    }
}

#[cfg(test)]
mod tests;
