//! Words and host names whose spelling is suspicious: letters among digits, scripts in one word,
//! `rn` for m. Few words are, so a fast pass over the bytes finds where to look closer.

use std::ops::Range;

use super::pairs;
use super::runs::{self, Runs, Sight};
use crate::fold::script::{continues_cluster, is_ignorable, is_spaced_word};
use crate::host::{MAX_HOST, is_label_char};

/// Longest word that is looked at, in bytes.
const MAX_WORD: usize = 64;

/// What parts the labels of a host.
const SEPARATORS: [char; 2] = ['.', '-'];

/// Which bytes of ASCII are part of a run, as in `run_around`.
const PLAIN: [bool; 256] = {
    let mut plain = [false; 256];
    let mut at = 0;
    while at < 0x80 {
        let byte = at as u8;
        let invisible = byte.is_ascii_control() && !byte.is_ascii_whitespace() && byte != 0x0b;
        plain[at] = byte.is_ascii_alphanumeric() || byte == b'.' || byte == b'-' || invisible;
        at += 1;
    }
    plain
};

/// Calls `found` with every run of labels, dots and hyphens of the original text in which something is suspicious,
/// except those that look like no term: `hosts` and `known` are as in [`runs::look`].
pub(super) fn each_run(text: &str, hosts: bool, known: impl Fn(u64) -> bool, mut found: impl FnMut(Range<usize>)) {
    let mut done = 0;
    let bytes = text.as_bytes();
    pairs::each_place::<Runs>(
        bytes,
        #[inline(always)]
        |place| {
            let at = place.block + place.bit as usize;
            if at < done {
                return;
            }
            done = match runs::look(bytes, &place, hosts, &known) {
                Sight::Harmless(end) => end,
                Sight::Doubtful => {
                    let run = run_around(text, done, text.floor_char_boundary(at));
                    let end = run.end.max(at + 1);
                    if !run.is_empty() {
                        found(run);
                    }
                    end
                }
            };
        },
    );
}

/// The suspicious words of a folded run.
pub(super) fn words(run: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut start = 0;
    let words = run.split_inclusive(SEPARATORS).map(move |word| {
        let range = start..start + word.trim_end_matches(SEPARATORS).len();
        start += word.len();
        range
    });
    words.filter(|word| word.len() <= MAX_WORD && mixes(&run[word.clone()]))
}

/// The host that a folded run is, if it is a suspicious one; `original` is the run as written.
pub(super) fn host(run: &str, original: &str) -> Option<Range<usize>> {
    let inner = run.trim_start_matches(SEPARATORS);
    let start = run.len() - inner.len();
    let range = start..start + inner.trim_end_matches(SEPARATORS).len();
    let host = &run[range.clone()];
    let capital = || original.as_bytes().windows(2).any(|pair| pair[0].is_ascii_lowercase() && pair[1] == b'I');
    let signs = || ["rn", "vv", "xn--"].iter().any(|sign| host.contains(sign));
    let suspicious = || mixes(host) || signs() || capital();
    (host.len() <= MAX_HOST && host.contains('.') && suspicious()).then_some(range)
}

/// The labels, dots and hyphens around `at`.
fn run_around(text: &str, done: usize, at: usize) -> Range<usize> {
    let inside = |c: char| is_label_char(c) || continues_cluster(c) || is_ignorable(c) || SEPARATORS.contains(&c);
    let bytes = text.as_bytes();
    let is_plain = |&&byte: &&u8| PLAIN[usize::from(byte)];
    // Most runs are ASCII: their bytes tell.
    let start = at - bytes.get(done..at).unwrap_or_default().iter().rev().take_while(is_plain).count();
    let end = at + bytes.get(at..).unwrap_or_default().iter().take_while(is_plain).count();
    let before = text.get(done..start).unwrap_or_default();
    let more =
        |chars: &mut dyn Iterator<Item = char>| chars.take_while(|&c| inside(c)).map(char::len_utf8).sum::<usize>();
    let start = if before.as_bytes().last().is_some_and(|byte| *byte >= 0x80) {
        start - more(&mut before.chars().rev())
    } else {
        start
    };
    let after = text.get(end..).unwrap_or_default();
    let end =
        if after.as_bytes().first().is_some_and(|byte| *byte >= 0x80) { end + more(&mut after.chars()) } else { end };
    start..end
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
    use crate::prefilter::BLOCK;

    fn suspects(text: &str) -> Vec<String> {
        let mut all = Vec::new();
        each_run(
            text,
            true,
            |_| true,
            |range| {
                let folded = fold(&text[range.clone()]);
                all.extend(words(folded.text()).map(|word| folded.text()[word].to_owned()));
                all.extend(host(folded.text(), &text[range]).map(|host| format!("*{}", &folded.text()[host])));
            },
        );
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
