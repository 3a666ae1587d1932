//! IP addresses in text, looked up among watched addresses and networks.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::ops::Range;

use ipnet::IpNet;

use super::edges::ends_host;
use crate::fold::script::is_spaced_word;
use crate::host::ends_in_percent_escape;
use crate::term::{Term, TermKind};

/// Most bytes on one side of a dot or colon of an address: IPv6 with an embedded IPv4 has 45 in
/// all, and punctuation may stand around it.
const MAX_RUN: usize = 64;

/// Words before four numbers that make them a version, folded.
const VERSION_WORDS: [&str; 6] = ["version", "ver", "ver.", "build", "release", "版本"];

/// An address found in text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) range: Range<usize>,
    pub(super) address: IpAddr,
    /// It may be a version of four numbers.
    pub(super) doubtful: bool,
}

/// Terms by network; a single address is a network of its full length.
#[derive(Debug, Default)]
pub(super) struct Networks {
    terms: HashMap<IpNet, Vec<usize>>,
    /// The lengths of prefix in use, longest first.
    lengths: Vec<u8>,
}

impl Networks {
    pub(super) fn build<'a>(terms: impl Iterator<Item = (usize, &'a Term)>) -> Networks {
        let mut networks = Networks::default();
        for (index, term) in terms {
            if let Some(network) = network_of(term) {
                networks.terms.entry(network).or_default().push(index);
            }
        }
        networks.lengths = networks.terms.keys().map(IpNet::prefix_len).collect();
        networks.lengths.sort_unstable_by(|a, b| b.cmp(a));
        networks.lengths.dedup();
        networks
    }

    pub(super) fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// The terms of the address and of every network it lies in.
    pub(super) fn holding(&self, address: IpAddr) -> impl Iterator<Item = usize> + '_ {
        let networks = self.lengths.iter().filter_map(move |&len| IpNet::new(address, len).ok());
        networks.filter_map(|network| self.terms.get(&network.trunc())).flatten().copied()
    }
}

fn network_of(term: &Term) -> Option<IpNet> {
    match term.kind() {
        TermKind::Ip => term.text().parse::<IpAddr>().ok().map(IpNet::from),
        TermKind::Cidr => term.text().parse().ok(),
        _ => None,
    }
}

/// Calls `found` with every address in folded text, from left to right.
pub(super) fn each(text: &str, mut found: impl FnMut(Found)) {
    let bytes = text.as_bytes();
    let (mut at, mut done) = (0, 0);
    while let Some(next) = memchr::memchr2(b'.', b':', &bytes[at..]) {
        let mark = at + next;
        let takes: fn(u8) -> bool = if bytes[mark] == b'.' { is_v4_byte } else { is_v6_byte };
        let Some(run) = run_around(bytes, mark, takes) else {
            at = mark + 1;
            continue;
        };
        let address = if bytes[mark] == b'.' { read_v4(text, run.clone()) } else { read_v6(text, run.clone()) };
        match address.filter(|address| address.range.start >= done) {
            Some(address) => {
                at = address.range.end.max(mark + 1);
                done = at;
                found(address);
            }
            // Numbers with dots may stand among colons that are no address.
            None => at = if bytes[mark] == b'.' { run.end } else { mark + 1 },
        }
    }
}

/// The run of bytes around `mark`, unless it is too long for an address.
fn run_around(bytes: &[u8], mark: usize, takes: fn(u8) -> bool) -> Option<Range<usize>> {
    let before = bytes[..mark].iter().rev().take(MAX_RUN).take_while(|&&b| takes(b)).count();
    let after = bytes[mark..].iter().take(MAX_RUN).take_while(|&&b| takes(b)).count();
    (before + after > 1 && before < MAX_RUN && after < MAX_RUN).then(|| mark - before..mark + after)
}

fn is_v4_byte(byte: u8) -> bool {
    byte.is_ascii_digit() || byte == b'.'
}

fn is_v6_byte(byte: u8) -> bool {
    byte.is_ascii_hexdigit() || matches!(byte, b'.' | b':')
}

fn read_v4(text: &str, run: Range<usize>) -> Option<Found> {
    let range = trim(text, after_escape(text, run.start), run.end, '.');
    let address: Ipv4Addr = text.get(range.clone())?.parse().ok()?;
    (begins(text, range.start) && ends_host(text, &range)).then(|| Found {
        doubtful: follows_version_word(&text[..range.start]),
        address: address.into(),
        range,
    })
}

/// A colon right before or behind is punctuation, unless it is a double one.
fn read_v6(text: &str, run: Range<usize>) -> Option<Found> {
    let (mut start, to) = (after_escape(text, run.start), run.end);
    if !begins(text, start) {
        start += text[start..to].find(':')?;
    }
    if text[start..to].starts_with(':') && !text[start..to].starts_with("::") {
        start += 1;
    }
    let mut range = trim(text, start, to, '.');
    if text[range.clone()].ends_with(':') && !text[range.clone()].ends_with("::") {
        range.end -= 1;
    }
    let address: Ipv6Addr = text.get(range.clone())?.parse().ok()?;
    let ends = !text[range.end..].chars().next().is_some_and(is_spaced_word);
    // `std::` would be the unspecified address.
    (ends && !address.is_unspecified()).then(|| Found {
        address: IpAddr::from(address).to_canonical(),
        range,
        doubtful: false,
    })
}

fn trim(text: &str, from: usize, to: usize, mark: char) -> Range<usize> {
    let run = &text[from..to];
    let inner = run.trim_start_matches(mark);
    let start = to - inner.len();
    start..start + inner.trim_end_matches(mark).len()
}

/// Where the run really begins when a percent-escape such as `%20` stands before it.
fn after_escape(text: &str, from: usize) -> usize {
    let escape = from + 2;
    let escaped = text[..from].ends_with('%') && text.get(..escape).is_some_and(ends_in_percent_escape);
    if escaped { escape } else { from }
}

fn begins(text: &str, at: usize) -> bool {
    let before = &text[..at];
    !before.chars().next_back().is_some_and(is_spaced_word) || ends_in_percent_escape(before)
}

fn follows_version_word(before: &str) -> bool {
    let before = before.trim_end_matches([' ', ':', '：']);
    VERSION_WORDS.iter().any(|word| before.ends_with(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<&str> {
        let mut all = Vec::new();
        each(text, |found| all.push(&text[found.range]));
        all
    }

    #[test]
    fn addresses_are_found_at_their_boundaries() {
        for (text, expected) in [
            ("at 203.0.113.5:8080, x", &["203.0.113.5"][..]),
            ("203.0.113.5.", &["203.0.113.5"]),
            ("203.0.113.5-203.0.113.9", &["203.0.113.5", "203.0.113.9"]),
            ("203.0.113.0/24", &["203.0.113.0"]),
            ("位址203.0.113.5的", &["203.0.113.5"]),
            ("u=%20203.0.113.5", &["203.0.113.5"]),
            ("[2001:db8::1]:443", &["2001:db8::1"]),
            ("ip:2001:db8::1: x", &["2001:db8::1"]),
            ("ipv6:2001:db8::1", &["2001:db8::1"]),
            ("2001:db8::", &["2001:db8::"]),
            ("::ffff:203.0.113.5", &["::ffff:203.0.113.5"]),
            ("fe80::1%eth0", &["fe80::1"]),
            ("12:30 203.0.113.5", &["203.0.113.5"]),
            ("a:203.0.113.5:b", &["203.0.113.5"]),
            ("203.0.113.5::ffff:203.0.113.5", &["203.0.113.5", "203.0.113.5"]),
            ("ltd.203.0.113.5::ffff:203.0.113.5", &["203.0.113.5", "::ffff:203.0.113.5"]),
        ] {
            assert_eq!(found(text), expected, "{text}");
        }
    }

    #[test]
    fn other_numbers_are_not_addresses() {
        for text in [
            "1.203.0.113.5",
            "10.0.0.1.2",
            "203.0.113",
            "203.0.113.256",
            "v203.0.113.5",
            "203.0.113.5a",
            "5.113.0.203.in-addr.arpa",
            "12:30:45",
            "00:11:22:33:44:55",
            "a::b::c",
            "std::string",
            "x::",
        ] {
            assert!(found(text).is_empty(), "{text}: {:?}", found(text));
        }
    }
}
