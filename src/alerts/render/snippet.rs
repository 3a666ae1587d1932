//! The proof: the words around a hit, without secrets and without the names of other members.

use std::ops::Range;

use super::hostile;
use super::mask::{self, MASK};
use crate::alerts::defang::defang;

/// Characters shown before and after the hit.
const AROUND: usize = 160;
/// Stands for another member's name.
const OTHER: &str = "▇▇▇";

/// What of a captured text may be shown: its hits by byte span, our own and those of other members.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Field<'a> {
    /// The captured text.
    pub(crate) text: &'a str,
    /// Spans in which another member was found and ours was not.
    pub(crate) others: &'a [Range<usize>],
}

impl Field<'_> {
    /// The whole field on one line.
    pub(crate) fn line(&self, max: usize) -> String {
        let (clean, _, others) = self.cleaned(&(0..0));
        hostile::line(&defang(&hide(&clean, 0..clean.len(), &others)), max)
    }

    /// The words around the hit at `hit`, on several lines if the text has them.
    pub(crate) fn around(&self, hit: &Range<usize>) -> String {
        let (clean, hit, others) = self.cleaned(hit);
        let window = window(&clean, &hit);
        let (before, after) = (window.start > 0, window.end < clean.len());
        let shown = hostile::block(&defang(&hide(&clean, window, &others)), 4 * AROUND);
        format!("{}{shown}{}", if before { "… " } else { "" }, if after { " …" } else { "" })
    }

    /// The text cleaned piece by piece, so that the places of the hits in it are known.
    fn cleaned(&self, hit: &Range<usize>) -> (String, Range<usize>, Vec<Range<usize>>) {
        let mut cuts: Vec<usize> =
            self.others.iter().flat_map(|o| [o.start, o.end]).chain([hit.start, hit.end]).collect();
        cuts.iter_mut().for_each(|cut| *cut = self.text.floor_char_boundary(*cut));
        cuts.sort_unstable();
        cuts.dedup();
        let mut clean = String::with_capacity(self.text.len());
        let mut places = Vec::with_capacity(cuts.len());
        let mut at = 0;
        for cut in cuts {
            clean.push_str(&hostile::clean(self.text.get(at..cut).unwrap_or_default()));
            places.push((cut, clean.len()));
            at = cut;
        }
        clean.push_str(&hostile::clean(self.text.get(at..).unwrap_or_default()));
        let place = |raw: usize| {
            let raw = self.text.floor_char_boundary(raw);
            places.iter().find(|(cut, _)| *cut == raw).map_or(0, |(_, place)| *place)
        };
        let others = self.others.iter().map(|o| place(o.start)..place(o.end)).collect();
        (clean, place(hit.start)..place(hit.end), others)
    }
}

/// `AROUND` characters on both sides of the hit.
fn window(text: &str, hit: &Range<usize>) -> Range<usize> {
    let before = text.get(..hit.start).unwrap_or_default();
    let start = before.char_indices().rev().nth(AROUND - 1).map_or(0, |(at, _)| at);
    let after = text.get(hit.end..).unwrap_or_default();
    let end = after.char_indices().nth(AROUND).map_or(text.len(), |(at, _)| hit.end + at);
    start..end
}

/// The window with secrets and other members' names replaced. They are looked for in the whole text: a window may
/// begin between an account and its password.
fn hide(text: &str, window: Range<usize>, others: &[Range<usize>]) -> String {
    let secrets = mask::spans(text);
    let hidden = secrets.iter().map(|s| (s, MASK)).chain(others.iter().filter(|o| !o.is_empty()).map(|o| (o, OTHER)));
    let mut hidden: Vec<_> = hidden.filter(|(span, _)| span.start < window.end && span.end > window.start).collect();
    hidden.sort_by_key(|(span, _)| (span.start, span.end));
    let mut shown = String::new();
    let mut at = window.start;
    for (span, sign) in hidden {
        if span.start >= at {
            shown.push_str(text.get(at..span.start).unwrap_or_default());
        }
        if span.end > at {
            shown.push_str(sign);
            at = span.end;
        }
    }
    shown.push_str(text.get(at..window.end.max(at)).unwrap_or_default());
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(text: &str, word: &str) -> Range<usize> {
        let at = text.find(word).unwrap();
        at..at + word.len()
    }

    #[test]
    fn a_window_never_begins_behind_an_account() {
        let text = format!("a@acme.example:{}tail acme.example", "x".repeat(300));
        let at = text.rfind("acme.example").unwrap();
        let shown = Field { text: &text, others: &[] }.around(&(at..at + 12));
        assert!(!shown.contains("xx"), "{shown}");
        assert!(shown.starts_with("… ") && shown.contains("●●●● acme"), "{shown}");
    }

    #[test]
    fn another_members_name_is_hidden() {
        let text = "Selling ACME and \u{1b}[1mGlobex data";
        let others = [find(text, "Globex")];
        let field = Field { text, others: &others };
        assert_eq!(field.around(&find(text, "ACME")), "Selling ACME and ▇▇▇ data");
        assert_eq!(field.line(99), "Selling ACME and ▇▇▇ data");
    }

    #[test]
    fn spans_that_do_not_fit_the_text_do_no_harm() {
        let others = [5..900, Range { start: 700, end: 3 }];
        let field = Field { text: "電腦公司", others: &others };
        assert!(!field.around(&(1..2)).is_empty());
        assert!(!field.around(&(900..1000)).is_empty());
    }
}
