//! Dots set apart by spaces or written as a word: `example . com`, `ann at example dot com`.

use std::ops::Range;

use fearless_simd::prelude::*;
use memchr::memmem;

use super::pairs::{self, Sorts};
use crate::fold::{Folded, FoldedBuilder, script};
use crate::host::{MAX_HOST, is_label_char};
use crate::prefilter::{Neighbours, are, are_within};

/// What stands for a dot between two labels. A dot with a space behind it alone ends a sentence.
const DOTS: [&str; 3] = [" . ", " .", " dot "];

/// What stands for the sign of an address whose dots are set apart too.
const AT: &str = " at ";

/// Bytes around such a dot that are looked at: two names and what stands between them.
const AROUND: usize = 768;

/// The parts of the original text in which such a dot may stand, in order and apart. Everything
/// that is restored around it lies inside the part too.
pub(super) fn parts(text: &str) -> Vec<Range<usize>> {
    let mut parts: Vec<Range<usize>> = Vec::new();
    pairs::each::<Dots>(text.as_bytes(), |at| {
        if may_join(text, at) {
            let start = text.floor_char_boundary(at.saturating_sub(AROUND));
            let end = text.ceil_char_boundary((at + AROUND).min(text.len()));
            match parts.last_mut().filter(|last| last.end >= start) {
                Some(last) => last.end = end,
                None => parts.push(start..end),
            }
        }
    });
    parts
}

/// Where a dot that is set apart may be: at white space before a dot, and at the word for one.
#[derive(Default)]
struct Dots(u64);

impl Sorts for Dots {
    #[inline(always)]
    fn of<S: Simd>(Neighbours { bytes, next, third }: Neighbours<S>) -> Self {
        // A character of more bytes may be white space.
        let blank = are(bytes, b' ') | are_within(bytes, b'\t', 5) | bytes.simd_ge(0x80);
        let word = are(bytes | 0x20, b'd') & are(next | 0x20, b'o') & are(third | 0x20, b't');
        Dots((blank & are(next, b'.') | word).to_bitmask())
    }

    #[inline(always)]
    fn telling(&self, _: &Self, _: &Self) -> u64 {
        self.0
    }
}

/// Whether the dot or its word at the pair of bytes at `at` stands between two names.
fn may_join(text: &str, at: usize) -> bool {
    let rest = text.as_bytes().get(at..).unwrap_or_default();
    let is_word = rest.get(..3).is_some_and(|word| word.eq_ignore_ascii_case(b"dot"));
    let after = match rest {
        _ if is_word => text.get(at + 3..).filter(|after| after.starts_with(char::is_whitespace)),
        [_, b'.', ..] => text.get(at + 2..),
        _ => None,
    };
    let before = text.get(..if is_word { at } else { text.ceil_char_boundary(at + 1) });
    let in_name = |c: Option<char>| {
        c.is_some_and(|c| c.is_alphanumeric() || script::is_ignorable(c) || script::continues_cluster(c))
    };
    before.is_some_and(|text| text.ends_with(char::is_whitespace) && in_name(text.trim_end().chars().next_back()))
        && after.is_some_and(|text| in_name(text.trim_start().chars().next()))
}

/// The names with such dots, restored and set apart from one another; none if there are none. A
/// name is all that stands around the dot without a space, so that its ends are those it has in
/// the text.
pub(super) fn restore(view: &Folded) -> Option<Folded> {
    let text = view.text();
    let mut out = FoldedBuilder::default();
    let mut done = 0;
    let (dots, words) = (memmem::find_iter(text.as_bytes(), " ."), memmem::find_iter(text.as_bytes(), " dot "));
    let mut sites: Vec<usize> = dots.chain(words).collect();
    sites.sort_unstable();
    for site in sites.into_iter().filter(|&site| dot_at(text, site).is_some()) {
        if site >= done {
            done = push_name(view, site, &mut out);
        }
    }
    (out.len() > 0).then(|| out.finish())
}

/// Copies the name around the dot at `site` and says where it ends.
fn push_name(view: &Folded, site: usize, out: &mut FoldedBuilder) -> usize {
    let text = view.text();
    let start = site - run_before(&text[..site]);
    if let Some(before) = text[..start].strip_suffix(AT).filter(|_| !text[start..site].contains('@')) {
        out.copy(view, before.len() - run_before(before)..before.len());
        out.push("@", view.original(before.len()..start), false);
    }
    let mut at = start;
    let mut end = site;
    while let Some(len) = dot_at(text, end) {
        out.copy(view, at..end);
        out.push(".", view.original(end..end + len), false);
        at = end + len;
        end = at + run_after(&text[at..]);
    }
    out.copy(view, at..end);
    out.push("\n", view.original(end..end), false);
    end
}

/// The length of what stands for a dot at `site`, between two labels.
fn dot_at(text: &str, site: usize) -> Option<usize> {
    let (before, after) = (text.get(..site)?, text.get(site..)?);
    let labels = |rest: &str| before.ends_with(is_label_char) && rest.starts_with(is_label_char);
    DOTS.iter().find(|dot| after.strip_prefix(**dot).is_some_and(labels)).map(|dot| dot.len())
}

fn run_before(text: &str) -> usize {
    let near = text.char_indices().rev().take_while(|&(at, c)| text.len() - at <= MAX_HOST && is_name(c));
    near.last().map_or(0, |(at, _)| text.len() - at)
}

fn run_after(text: &str) -> usize {
    let near = text.char_indices().take_while(|&(at, c)| at < MAX_HOST && is_name(c));
    near.last().map_or(0, |(at, c)| at + c.len_utf8())
}

fn is_name(c: char) -> bool {
    is_label_char(c) || matches!(c, '.' | '-' | '_' | '@' | '+')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fold::fold;

    fn restored(text: &str) -> String {
        let whole = restore(&fold(text)).map_or_else(String::new, |view| view.text().to_owned());
        let parts = parts(text);
        let by_parts = parts.into_iter().filter_map(|part| restore(&fold(&text[part])));
        assert_eq!(by_parts.map(|view| view.text().to_owned()).collect::<String>(), whole, "{text}");
        whole
    }

    #[test]
    fn parts_hold_what_stands_in_them() {
        let filler = "x ".repeat(2000);
        let text = format!("{filler}ann at mail \u{3000} . example DOT com{filler}a .b{filler}");
        assert_eq!(restored(&text), "ann@mail.example.comx\na.bx\n");
        assert_eq!(parts(&text).len(), 2);
        assert!(parts("return. Do it ./x ... the doting .").is_empty());
    }

    #[test]
    fn names_are_restored_with_their_surroundings() {
        for (text, names) in [
            ("see mail.example . com now", "mail.example.com\n"),
            ("example .com", "example.com\n"),
            ("Example DOT Com dot TW", "example.com.tw\n"),
            ("ann at example dot com", "ann@example.com\n"),
            ("見example . com或a . tw", "example.com\na.tw\n"),
            ("a . b.c-d . e", "a.b.c-d.e\n"),
        ] {
            assert_eq!(restored(text), names, "{text}");
        }
        for text in ["", "end. Next", "end . ", " . x", "example.com", "a dot", "polka dots", "a . , b"] {
            assert_eq!(restored(text), "", "{text}");
        }
    }

    #[test]
    fn the_map_leads_back_over_the_spaces() {
        let text = "見 Ｅｘ  .  com";
        let view = restore(&fold(text)).expect("restored");
        let at = view.text().find("ex.com").expect("name");
        assert_eq!(&text[view.original(at..at + "ex.com".len())], "Ｅｘ  .  com");
    }

    #[test]
    fn long_runs_stay_linear() {
        let text = "a . ".repeat(50_000);
        assert_eq!(restored(&text).len(), 50_000 * 2);
    }
}
