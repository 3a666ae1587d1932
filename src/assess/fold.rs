//! Text folded for reading claims, with a map from every folded byte back to the original.

use std::ops::Range;

/// Longest text that is read for a claim, in bytes; what lies behind is stored and indexed all the same.
const MAX_BYTES: usize = 1 << 20;

/// Text in lower case, full-width forms as ASCII, zero-width and bidirectional controls left out.
#[derive(Debug)]
pub(crate) struct Folded<'a> {
    /// What the patterns look at.
    pub(crate) text: String,
    original: &'a str,
    /// For each byte of `text`, the span of the original character it came from.
    spans: Vec<(u32, u32)>,
}

impl<'a> Folded<'a> {
    pub(crate) fn new(original: &'a str) -> Self {
        let end = original.floor_char_boundary(MAX_BYTES);
        let mut text = String::with_capacity(end);
        let mut spans = Vec::with_capacity(end);
        for (at, c) in original.get(..end).unwrap_or_default().char_indices() {
            if is_invisible(c) {
                continue;
            }
            push_lower(&mut text, narrow(c));
            let from = u32::try_from(at).unwrap_or(u32::MAX);
            let to = u32::try_from(at + c.len_utf8()).unwrap_or(u32::MAX);
            spans.resize(text.len(), (from, to));
        }
        Self { text, original, spans }
    }

    /// The span in the original text of a span of the folded one.
    pub(crate) fn original_span(&self, folded: Range<usize>) -> Range<usize> {
        let start = self.spans.get(folded.start).map_or(self.original.len(), |s| s.0 as usize);
        let last = folded.end.checked_sub(1).filter(|&last| last >= folded.start);
        let end = last.and_then(|last| self.spans.get(last)).map_or(start, |s| s.1 as usize);
        start..end.max(start)
    }

    /// The original wording of a span of the original text.
    pub(crate) fn wording(&self, span: &Range<usize>) -> &'a str {
        self.original.get(span.clone()).unwrap_or_default()
    }
}

/// Whether a character shows nothing and only serves to hide or reorder text.
///
/// Zero-width spaces and joiners, soft hyphen, byte order mark, and the bidirectional controls of Unicode
/// Standard Annex 9.
#[must_use]
pub(crate) fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
}

/// A full-width form as its ASCII counterpart; exotic spaces as a plain one.
fn narrow(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        '\u{3000}' | '\u{a0}' | '\u{202f}' | '\u{2000}'..='\u{200a}' => ' ',
        _ => c,
    }
}

/// Lower case where that is one character: a longer expansion would not help any pattern.
fn push_lower(text: &mut String, c: char) {
    let mut lower = c.to_lowercase();
    match (lower.next(), lower.next()) {
        (Some(one), None) => text.push(one),
        _ => text.push(c),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_width_and_zero_width_map_back() {
        let original = "賣 ２\u{200b}ＴＢ!";
        let folded = Folded::new(original);
        assert_eq!(folded.text, "賣 2tb!");
        let at = folded.text.find("2tb").unwrap();
        let span = folded.original_span(at..at + 3);
        assert_eq!(folded.wording(&span), "２\u{200b}ＴＢ");
    }

    #[test]
    fn an_overlong_text_is_cut_on_a_character() {
        let original = "電".repeat(MAX_BYTES);
        let folded = Folded::new(&original);
        assert!(folded.text.len() <= MAX_BYTES);
        let all = folded.original_span(0..folded.text.len());
        assert_eq!(folded.wording(&all).len(), folded.text.len());
    }
}
