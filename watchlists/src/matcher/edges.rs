//! Where a match may begin and end: label, address and word boundaries.

use std::ops::Range;

use crate::fold::script::{is_spaced_word, is_unspaced};
use crate::host::{MAX_HOST, ends_in_percent_escape, has_known_suffix, is_label_char};

/// Digits of a date; one more is looked at, and no further: captured text may be all digits.
const LONGEST_DATE: usize = 8;

/// Longest name before the `@`, in bytes (RFC 5321, section 4.5.3.1.1).
const MAX_LOCAL: usize = 64;

/// Archive extensions that are also top-level domains; `example.com.zip` is a leak's file name.
const FILE_EXTENSIONS: [&str; 1] = [".zip"];

/// Whether a keyword at `range` stands alone. An edge that is a letter or digit of a spaced script
/// must not continue a word; Han and the like, `_` and `-` are always boundaries.
pub(super) fn keyword(text: &str, range: Range<usize>) -> bool {
    let (Some(before), Some(inside), Some(after)) =
        (text.get(..range.start), text.get(range.clone()), text.get(range.end..))
    else {
        return false;
    };
    let left = inside.chars().next().is_none_or(|edge| {
        let digits = before.bytes().rev().take(LONGEST_DATE + 1).take_while(u8::is_ascii_digit).count();
        separates(edge, before.chars().next_back(), &before[before.len() - digits..])
    });
    left && inside.chars().next_back().is_none_or(|edge| {
        let digits = after.bytes().take(LONGEST_DATE + 1).take_while(u8::is_ascii_digit).count();
        separates(edge, after.chars().next(), &after[..digits])
    })
}

/// Whether `neighbour` ends the word whose outermost character is `edge`; `digits` is the run of
/// digits that begins at the neighbour.
fn separates(edge: char, neighbour: Option<char>, digits: &str) -> bool {
    match neighbour {
        Some(c) if is_spaced_word(edge) && is_spaced_word(c) => edge.is_alphabetic() && is_date(digits),
        _ => true,
    }
}

/// A year or a date of eight digits: dumps are called `acer2024` or `20240115acer`, while other
/// digits make another name (`MSI2`).
fn is_date(digits: &str) -> bool {
    matches!(digits.len(), 4 | 8) && (digits.starts_with("19") || digits.starts_with("20"))
}

/// The whole host around a domain at `range`, if it is that domain or a subdomain of it.
pub(super) fn domain(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let (before, inside) = (text.get(..range.start)?, text.get(range.clone())?);
    let begins = begins_with_unspaced(inside) || begins_label(before);
    (begins && ends_host(text, &range)).then(|| host_start(before)..range.end)
}

/// The range itself, if an address stands alone there.
pub(super) fn email(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let (before, inside) = (text.get(..range.start)?, text.get(range.clone())?);
    let begins = begins_with_unspaced(inside) || begins_address(before);
    (begins && ends_host(text, &range)).then_some(range)
}

/// The whole address at the domain at `range` or at a subdomain of it.
pub(super) fn mailbox(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let host = domain(text, range)?;
    let before = text.get(..host.start)?.strip_suffix('@')?;
    let local = before
        .char_indices()
        .rev()
        .take_while(|&(at, c)| before.len() - at <= MAX_LOCAL && (is_label_char(c) || ".-_+".contains(c)))
        .last()
        .map(|(at, _)| at)?;
    let escape = local + 2;
    let escaped = before[..local].ends_with('%') && before.get(..escape).is_some_and(ends_in_percent_escape);
    let start = if escaped { escape } else { local };
    let name = before[start..].trim_start_matches(['.', '-', '+']);
    (!name.is_empty()).then(|| before.len() - name.len()..host.end)
}

fn begins_with_unspaced(text: &str) -> bool {
    text.chars().next().is_some_and(is_unspaced)
}

/// Whether a label can begin after `before`. A hyphen joins only when something stands before it;
/// an underscore never does, since no domain has one.
fn begins_label(before: &str) -> bool {
    let mut back = before.chars().rev();
    match back.next() {
        Some('-') => !back.next().is_some_and(is_label_char),
        Some(c) if is_label_char(c) => ends_in_percent_escape(before),
        _ => true,
    }
}

/// Whether an address can begin after `before`: `x.`, `x-`, `x_` and `x+` would be part of it.
fn begins_address(before: &str) -> bool {
    let mut back = before.chars().rev();
    match back.next() {
        Some('.' | '-' | '_' | '+') => !back.next().is_some_and(is_label_char),
        Some(c) if is_label_char(c) => ends_in_percent_escape(before),
        _ => true,
    }
}

/// Whether the host ends with `range`. What follows a dot or a hyphen decides by its suffix:
/// `example.com.evil.tw` is another host, `example.com.Then` a sentence without its space and
/// `example.com.sql` a file.
pub(super) fn ends_host(text: &str, range: &Range<usize>) -> bool {
    let after = text.get(range.end..).unwrap_or_default();
    match after.chars().next() {
        Some('.' | '-') => {}
        Some(c) => return !is_label_char(c) || text[..range.end].ends_with(is_unspaced),
        None => return true,
    }
    let more = after
        .char_indices()
        .take_while(|&(at, c)| at < MAX_HOST && (matches!(c, '.' | '-') || is_label_char(c)))
        .last()
        .map_or(0, |(at, c)| at + c.len_utf8());
    let more = after[..more].trim_end_matches(['.', '-']);
    if more.is_empty() || more.starts_with("..") || FILE_EXTENSIONS.contains(&more) {
        return true;
    }
    !has_known_suffix(&text[range.start..range.end + more.len()])
}

/// Where the host begins whose end is `before`: further left by as many labels as stand there.
fn host_start(before: &str) -> usize {
    let mut start = before.len();
    while let Some(rest) = before[..start].strip_suffix('.') {
        let label = rest
            .char_indices()
            .rev()
            .take_while(|&(_, c)| is_label_char(c) || matches!(c, '-' | '_'))
            .take(MAX_HOST)
            .last()
            .map(|(at, _)| at);
        let Some(label) = label.filter(|&at| before.len() - at <= MAX_HOST) else {
            break;
        };
        let begin = label_start(before, label, rest.len());
        if begin == rest.len() {
            break;
        }
        start = begin;
    }
    start
}

/// Where the label in `start..end` really begins: after a list's hyphens or a percent-escape.
fn label_start(text: &str, start: usize, end: usize) -> usize {
    let escape = (start + 2).min(end);
    if text[..start].ends_with('%') && text.get(..escape).is_some_and(ends_in_percent_escape) {
        return escape;
    }
    let label = &text[start..end];
    start + (label.len() - label.trim_start_matches('-').len())
}
