//! Words and host names whose spelling is suspicious: letters among digits, scripts in one word,
//! `rn` for m. Few words are, so a fast pass over the bytes finds where to look closer.

use std::ops::Range;

use crate::fold::Folded;
use crate::fold::script::is_spaced_word;
use crate::host::{MAX_HOST, is_label_char};

/// Longest word that is looked at, in bytes.
const MAX_WORD: usize = 64;

/// Bytes that the fast pass decides on together.
const BLOCK: usize = 64;

/// A word or a host of the folded text.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Suspect {
    pub(super) range: Range<usize>,
    pub(super) is_host: bool,
}

/// Calls `found` with every suspicious word, and with every suspicious host if `hosts`.
pub(super) fn each(text: &str, folded: &Folded, hosts: bool, mut found: impl FnMut(Suspect)) {
    let read = folded.text();
    let mut done = 0;
    each_pair(read.as_bytes(), is_telling, |at| {
        if at >= done {
            done = look(read, done, at, hosts, &mut found);
        }
    });
    if hosts {
        let mut done = 0;
        each_pair(
            text.as_bytes(),
            |a, b| a.is_ascii_lowercase() & (b == b'I'),
            |at| {
                let at = folded.folded(at..at + 1).start;
                if at >= done {
                    let run = run_around(read, done, at);
                    done = run.end;
                    push_host(read, run, &mut found);
                }
            },
        );
    }
}

/// Whether two neighbouring bytes may belong to a suspicious word: a letter beside a digit, a Latin
/// letter or digit beside another script, `rn`, `vv`, and the hyphens of `xn--`.
fn is_telling(a: u8, b: u8) -> bool {
    let (letter_a, letter_b) = (a.is_ascii_lowercase(), b.is_ascii_lowercase());
    let (digit_a, digit_b) = (a.is_ascii_digit(), b.is_ascii_digit());
    (letter_a & digit_b)
        | (digit_a & letter_b)
        | ((letter_a | digit_a) & (0xcd..=0xd6).contains(&b))
        | ((0x80..0xc0).contains(&a) & (letter_b | digit_b))
        | ((a == b'r') & (b == b'n'))
        | ((a == b'v') & (b == b'v'))
        | ((a == b'-') & (b == b'-'))
}

/// Calls `found` with the place of the first byte of every pair that is `telling`. Whole blocks
/// without one are passed over by code that the compiler turns into vector instructions.
fn each_pair(bytes: &[u8], telling: impl Fn(u8, u8) -> bool, mut found: impl FnMut(usize)) {
    let mut at = 0;
    while let Some(block) = bytes.get(at..at + BLOCK + 1) {
        let any = block[..BLOCK].iter().zip(&block[1..]).fold(false, |any, (&a, &b)| any | telling(a, b));
        if any {
            pairs(block, &telling).for_each(|place| found(at + place));
        }
        at += BLOCK;
    }
    let rest = bytes.get(at..).unwrap_or_default();
    pairs(rest, &telling).for_each(|place| found(at + place));
}

fn pairs<'a>(bytes: &'a [u8], telling: &'a impl Fn(u8, u8) -> bool) -> impl Iterator<Item = usize> + 'a {
    bytes.windows(2).enumerate().filter(|(_, pair)| telling(pair[0], pair[1])).map(|(place, _)| place)
}

/// Looks at the run of words around `at`, not reaching back before `done`, and says where it ends.
fn look(text: &str, done: usize, at: usize, hosts: bool, found: &mut impl FnMut(Suspect)) -> usize {
    let run = run_around(text, done, text.floor_char_boundary(at));
    let mut start = run.start;
    for word in text[run.clone()].split_inclusive(['.', '-']) {
        let end = start + word.trim_end_matches(['.', '-']).len();
        if end - start <= MAX_WORD && mixes(&text[start..end]) {
            found(Suspect { range: start..end, is_host: false });
        }
        start += word.len();
    }
    if hosts && text[run.clone()].contains('.') && is_suspicious_host(&text[run.clone()]) {
        push_host(text, run.clone(), found);
    }
    run.end.max(at + 1)
}

fn push_host(text: &str, run: Range<usize>, found: &mut impl FnMut(Suspect)) {
    let inner = text[run.clone()].trim_start_matches(['.', '-']);
    let start = run.end - inner.len();
    let range = start..start + inner.trim_end_matches(['.', '-']).len();
    if range.len() <= MAX_HOST && text[range.clone()].contains('.') {
        found(Suspect { range, is_host: true });
    }
}

/// The labels, dots and hyphens around `at`.
fn run_around(text: &str, done: usize, at: usize) -> Range<usize> {
    let inside = |c: char| is_label_char(c) || matches!(c, '.' | '-');
    let before = text.get(done..at).unwrap_or_default();
    let start = at - before.chars().rev().take_while(|&c| inside(c)).map(char::len_utf8).sum::<usize>();
    let after = text.get(at..).unwrap_or_default();
    start..at + after.chars().take_while(|&c| inside(c)).map(char::len_utf8).sum::<usize>()
}

fn is_suspicious_host(host: &str) -> bool {
    mixes(host) || host.contains("rn") || host.contains("vv")
}

/// Whether letters stand among digits, or Latin letters among Cyrillic, Greek or Armenian ones.
fn mixes(word: &str) -> bool {
    let (mut latin, mut other, mut digit) = (false, false, false);
    for c in word.chars().filter(|&c| is_spaced_word(c)) {
        match c {
            '0'..='9' => digit = true,
            'a'..='z' => latin = true,
            '\u{370}'..='\u{58f}' => other = true,
            _ => {}
        }
    }
    (digit && (latin || other)) || (latin && other)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fold::fold;

    fn suspects(text: &str) -> Vec<String> {
        let folded = fold(text);
        let mut all = Vec::new();
        each(text, &folded, true, |suspect| {
            let mark = if suspect.is_host { "*" } else { "" };
            all.push(format!("{mark}{}", &folded.text()[suspect.range]));
        });
        all
    }

    #[test]
    fn mixed_words_and_hosts_are_suspects() {
        for (text, expected) in [
            ("sells 4d4t4 data", &["4d4t4"][..]),
            ("資料gig4byte。", &["gig4byte"]),
            ("асer and acеr", &["асer", "acеr"]),
            ("at examp1e.com.", &["examp1e", "*examp1e.com"]),
            ("mail.exarnple.com", &["*mail.exarnple.com"]),
            ("see exampIe.com", &["*exampie.com"]),
            ("-vvave.tw-", &["*vvave.tw"]),
            ("b4s3-w0rd", &["b4s3", "w0rd"]),
            ("", &[]),
        ] {
            assert_eq!(suspects(text), expected, "{text}");
        }
    }

    #[test]
    fn common_text_has_no_suspects() {
        for text in ["return to learn", "2024 12:30", "ПРИВЕТ acer", "在2024年", "www.example.com", "台積電 ADATA"]
        {
            assert!(suspects(text).is_empty(), "{text}: {:?}", suspects(text));
        }
    }

    #[test]
    fn a_word_across_blocks_is_found_wherever_it_stands() {
        for shift in 0..2 * BLOCK {
            let text = format!("{} 4d4t4 {}", "x".repeat(shift), "y".repeat(BLOCK));
            assert_eq!(suspects(&text), ["4d4t4"], "{shift}");
        }
    }

    #[test]
    fn endless_words_stay_linear() {
        let text = "a1".repeat(500_000);
        assert!(suspects(&text).is_empty());
    }
}
