//! Addresses read slowly: every run of their characters is tried as one, then its parts.

use std::net::IpAddr;

use nightheron_watchlists::{Term, TermKind};

use super::{after_escape, ends, is_word};

/// The places of the characters of every address and what it is.
pub(super) fn all(view: &[char]) -> Vec<(usize, usize, IpAddr)> {
    let mut found = Vec::new();
    for (start, end) in runs(view, 0, view.len(), |c| c.is_ascii_hexdigit() || c == ':' || c == '.') {
        let sixth = sixth(view, start, end);
        // In `ltd.203.0.113.5::1` the run begins within a word, and an address stands before the colons.
        let rest = sixth.map_or(end, |(start, ..)| start);
        let numbers = runs(view, start, rest, |c| c.is_ascii_digit() || c == '.');
        found.extend(numbers.into_iter().filter_map(|(start, end)| fourth(view, start, end)));
        found.extend(sixth);
    }
    found
}

pub(super) fn holds(term: &Term, address: IpAddr) -> bool {
    if term.kind() == TermKind::Ip {
        return term.text().parse::<IpAddr>().expect("address") == address;
    }
    let (network, length) = term.text().split_once('/').expect("prefix");
    let length: usize = length.parse().expect("length");
    let bits = |address: IpAddr| match address {
        IpAddr::V4(v4) => format!("4{:032b}", u32::from(v4)),
        IpAddr::V6(v6) => format!("6{:0128b}", u128::from(v6)),
    };
    bits(network.parse().expect("network"))[..=length] == bits(address)[..=length]
}

fn runs(view: &[char], from: usize, to: usize, takes: fn(char) -> bool) -> Vec<(usize, usize)> {
    let mut runs = Vec::new();
    let mut at = from;
    while at < to {
        let end = (at..to).find(|&i| !takes(view[i])).unwrap_or(to);
        if end > at {
            runs.push((at, end));
        }
        at = end + 1;
    }
    runs
}

/// An escape such as `%20` before an address is no part of it.
fn skip_escape(view: &[char], start: usize) -> usize {
    if start >= 1 && view[start - 1] == '%' && after_escape(view, (start + 2).min(view.len())) {
        start + 2
    } else {
        start
    }
}

fn begins(view: &[char], at: usize) -> bool {
    at == 0 || !is_word(view[at - 1]) || after_escape(view, at)
}

fn sixth(view: &[char], start: usize, mut end: usize) -> Option<(usize, usize, IpAddr)> {
    let mut start = skip_escape(view, start).min(end);
    if !begins(view, start) {
        start = (start..end).find(|&i| view[i] == ':')?;
    }
    let text = |start: usize, end: usize| view[start..end].iter().collect::<String>();
    if text(start, end).starts_with(':') && !text(start, end).starts_with("::") {
        start += 1;
    }
    while start < end && view[start] == '.' {
        start += 1;
    }
    while end > start && view[end - 1] == '.' {
        end -= 1;
    }
    if text(start, end).ends_with(':') && !text(start, end).ends_with("::") {
        end -= 1;
    }
    let address: std::net::Ipv6Addr = text(start, end).parse().ok()?;
    let closed = view.get(end).is_none_or(|&c| !is_word(c));
    (closed && !address.is_unspecified()).then(|| (start, end, IpAddr::from(address).to_canonical()))
}

fn fourth(view: &[char], start: usize, mut end: usize) -> Option<(usize, usize, IpAddr)> {
    let mut start = skip_escape(view, start).min(end);
    while start < end && view[start] == '.' {
        start += 1;
    }
    while end > start && view[end - 1] == '.' {
        end -= 1;
    }
    let address: std::net::Ipv4Addr = view[start..end].iter().collect::<String>().parse().ok()?;
    (begins(view, start) && ends(view, start, end)).then_some((start, end, address.into()))
}
