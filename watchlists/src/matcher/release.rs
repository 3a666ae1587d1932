//! Versions that a text names beside a product.

use crate::term::version::{Range, Written};

/// Most bytes between a product's name and its version.
const MAX_GAP: usize = 48;

/// Most versions that are read in a row.
const MAX_VERSIONS: usize = 32;

/// Words that may stand between a name and its version, folded; longer ones first.
const FILLERS: [&str; 14] =
    ["versions", "version", "firmware", "release", "build", "ver", "rel", "fw", "os", "v.", "版本", "版", "第", "is"];

/// Words before a version that make it an upper limit, and whether the version itself is inside.
const LIMITS: [(&str, bool); 9] = [
    ("<=", true),
    ("≤", true),
    ("up to", true),
    ("through", true),
    ("<", false),
    ("before", false),
    ("prior to", false),
    ("earlier than", false),
    ("低于", false),
];

/// Signs and words between two versions that make them the ends of a span.
const SPANS: [&str; 7] = ["-", "–", "~", "to", "through", "至", "到"];

/// The versions written right after a name whose end is the start of `after`; none if no version
/// stands there.
pub(super) fn versions(after: &str) -> Vec<Range> {
    let mut found = Vec::new();
    let mut rest = after;
    while found.len() < MAX_VERSIONS {
        let Some((range, end)) = next(rest, found.is_empty()) else {
            break;
        };
        found.push(range);
        rest = &rest[end..];
    }
    found
}

/// The next version or span of versions and where it ends.
fn next(text: &str, first: bool) -> Option<(Range, usize)> {
    let (start, limit) = skip(text, first)?;
    let written = read(&text[start..])?;
    let mut end = start + written.len;
    if let Some(inside) = limit {
        return Some((Range { lower: None, upper: Some((written.version(), inside)) }, end));
    }
    let mut range = written.exactly();
    if let Some((last, len)) = span(&text[end..]) {
        range = Range { lower: range.lower, upper: last.exactly().upper };
        end += len;
    }
    Some((range, end))
}

/// A version that ends where its word ends. A number alone is one too: `Confluence 8`.
fn read(text: &str) -> Option<Written> {
    let written = Written::read(text)?;
    let after = text[written.len..].chars().next();
    after.is_none_or(|c| !c.is_alphanumeric() || !c.is_ascii()).then_some(written)
}

/// Skips what may stand before a version; says whether the version is an upper limit.
fn skip(text: &str, first: bool) -> Option<(usize, Option<bool>)> {
    let mut limit = None;
    let mut at = 0;
    while at <= MAX_GAP {
        let rest = text.get(at..)?;
        if read(rest).is_some() {
            return (first || at > 0).then_some((at, limit));
        }
        if let Some(&(sign, inside)) = LIMITS.iter().find(|(sign, _)| starts_with_word(rest, sign)) {
            limit = Some(inside);
            at += sign.len();
        } else if let Some(filler) = fillers(first).find(|filler| starts_with_word(rest, filler)) {
            at += filler.len();
        } else {
            let c = rest.chars().next().filter(|&c| is_separator(c, first))?;
            at += c.len_utf8();
        }
    }
    None
}

fn fillers(first: bool) -> impl Iterator<Item = &'static str> {
    let more: &[&str] = if first { &FILLERS } else { &["and", "or", "及", "和", "与", "或"] };
    more.iter().copied()
}

fn is_separator(c: char, first: bool) -> bool {
    match c {
        ' ' | '/' | ',' | '、' => true,
        '-' | '_' | '(' | '[' | ':' | '"' | '\'' | '：' | '*' => first,
        _ => false,
    }
}

/// Whether `word` is at the start of `text` and no letter continues it.
fn starts_with_word(text: &str, word: &str) -> bool {
    let ascii = word.ends_with(|c: char| c.is_ascii_alphabetic());
    text.strip_prefix(word)
        .is_some_and(|rest| !ascii || !rest.starts_with(|c: char| c.is_ascii_alphabetic() && c != 'v'))
}

/// The second end of a span and how much text it takes.
fn span(text: &str) -> Option<(Written, usize)> {
    let rest = text.trim_start_matches(' ');
    let rest = SPANS.iter().find_map(|sign| rest.strip_prefix(sign))?.trim_start_matches(' ');
    let written = read(rest)?;
    Some((written.clone(), text.len() - rest.len() + written.len))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(after: &str, version: &str) -> bool {
        let version = Written::read(version).expect(version).exactly();
        versions(after).iter().any(|range| range.meets(&version))
    }

    #[test]
    fn versions_beside_a_name_are_read() {
        for (after, inside) in [
            (" 7.0.3", "7.0.3"),
            (" v7.0.3.", "7.0.3"),
            (" version 7.0.3,", "7.0.3"),
            ("-7.0.3", "7.0.3"),
            (" (7.0.3)", "7.0.3"),
            (" 版本：7.0.3的漏洞", "7.0.3"),
            (" 6.4.1, 7.0.3 and 7.2.4", "7.2.4"),
            (" 7.0.0 - 7.0.13", "7.0.3"),
            (" 7.0.0 through 7.0.13", "7.0.13"),
            (" before 7.2.5", "7.0"),
            (" <= 7.2.5", "7.2.5"),
            (" 7.x", "7.4"),
            (" 2019", "2019"),
        ] {
            assert!(holds(after, inside), "{after}");
        }
        assert!(!holds(" 7.0.0 - 7.0.13", "7.0.14") && !holds(" before 7.2.5", "7.2.5"));
    }

    #[test]
    fn other_numbers_are_not_versions_of_it() {
        for after in
            ["", " and FortiProxy 7.0.3", ". 7 people", " is down", " 3rd", " 40gb", "\u{3002} 7.0", " 7.0beta7x"]
        {
            assert_eq!(versions(after), [], "{after}");
        }
    }
}
