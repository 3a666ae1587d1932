//! One address for the same page: what never changes a page is left out, and what is found not to on this site as well.

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use url::Url;

/// Parameters that carry a session or a campaign on every site, in lower case; those of one engine stand in its
/// definition.
const SESSIONS: [&str; 10] =
    ["phpsessid", "jsessionid", "sessionid", "session_id", "oscsid", "zenid", "cfid", "cftoken", "fbclid", "gclid"];
/// Bytes of path and query; longer ones come from links that grow with each page.
const LONGEST: usize = 2_000;
/// Path segments; deeper ones come from relative links that nest.
const DEEPEST: usize = 20;
/// Times that a group of segments follows itself in a trap; a single one as in `/11/11/11` may be a date and an hour.
const REPEATS: usize = 3;
/// Pages found twice under addresses that differ in the same part, before that part is left out.
const CONFIRMED: u32 = 2;
/// Pages remembered for comparison.
const MAX_PAGES: usize = 20_000;

/// A part of an address.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Part {
    /// The parameter of this name.
    Query(String),
    /// The segment at this place, after that one.
    Segment(usize, String),
    /// Whether letters are capital.
    Case,
}

/// An address in its parts: segments of the path, and pairs of the query in order.
type Parts = (Vec<String>, Vec<(String, String)>);

/// What is known of a site's addresses.
#[derive(Debug)]
pub(super) struct Addresses {
    base: Url,
    drop_query: Vec<String>,
    /// The first address of each page by what it shows.
    shown: HashMap<u64, Url>,
    /// What pages show, by all of their address but one part.
    without: HashMap<u64, u64>,
    confirmed: HashMap<Part, u32>,
    refuted: HashSet<Part>,
    noise: HashSet<Part>,
}

impl Addresses {
    pub(super) fn new(base: &Url, drop_query: &[String]) -> Self {
        Self {
            base: base.clone(),
            drop_query: drop_query.to_vec(),
            shown: HashMap::new(),
            without: HashMap::new(),
            confirmed: HashMap::new(),
            refuted: HashSet::new(),
            noise: HashSet::new(),
        }
    }

    /// One address for the same page; `None` for a page of another site, and for an address that only a trap has.
    pub(super) fn canonical(&self, url: &Url) -> Option<String> {
        let foreign = url.origin() != self.base.origin();
        if foreign || url.path().len() + url.query().map_or(0, str::len) > LONGEST {
            return None;
        }
        let parts = self.parts(url);
        (parts.0.len() <= DEEPEST && !repeats(&parts.0)).then(|| text(&self.quiet(parts)))
    }

    fn parts(&self, url: &Url) -> Parts {
        let segments = url.path().split('/').map(segment).filter(|segment| !segment.is_empty()).collect();
        let mut query: Vec<(String, String)> = url.query_pairs().into_owned().collect();
        query.retain(|(name, _)| {
            let lower = name.to_ascii_lowercase();
            !self.drop_query.contains(name) && !SESSIONS.contains(&lower.as_str()) && !lower.starts_with("utm_")
        });
        query.sort();
        (segments, query)
    }

    /// Without what was found not to matter.
    fn quiet(&self, (mut segments, mut query): Parts) -> Parts {
        for part in &self.noise {
            match part {
                Part::Query(name) => query.retain(|(known, _)| known != name),
                Part::Segment(at, before) if at.checked_sub(1).and_then(|i| segments.get(i)) == Some(before) => {
                    if let Some(segment) = segments.get_mut(*at) {
                        "*".clone_into(segment);
                    }
                }
                Part::Segment(..) => {}
                Part::Case => segments.iter_mut().for_each(|segment| *segment = segment.to_lowercase()),
            }
        }
        (segments, query)
    }

    /// Takes in what a page shows. Gives whether an earlier page has shown the same, and whether something was learnt
    /// of this site's addresses.
    pub(super) fn learn(&mut self, url: &Url, shown: u64) -> (bool, bool) {
        if self.shown.len() >= MAX_PAGES {
            return (self.shown.contains_key(&shown), false);
        }
        let parts = self.quiet(self.parts(url));
        for part in possible(&parts) {
            let rest = hash(&(&part, text(&less(parts.clone(), &part))));
            if *self.without.entry(rest).or_insert(shown) != shown {
                self.noise.remove(&part);
                self.refuted.insert(part);
            }
        }
        let Some(first) = self.shown.get(&shown) else {
            self.shown.insert(shown, url.clone());
            return (false, false);
        };
        let first = self.quiet(self.parts(first));
        let Some(part) = difference(&first, &parts).filter(|part| !self.refuted.contains(part)) else {
            return (true, false);
        };
        let times = self.confirmed.entry(part.clone()).or_default();
        *times += 1;
        (true, *times >= CONFIRMED && self.noise.insert(part))
    }
}

/// A segment without a session, and with those escapes undone that need not be.
fn segment(text: &str) -> String {
    let session = |rest: &str| {
        let name = rest.split('=').next().unwrap_or_default().to_ascii_lowercase();
        SESSIONS.contains(&name.as_str()) || name == "sid"
    };
    let plain = text.split_once(';').filter(|(_, rest)| session(rest)).map_or(text, |(before, _)| before);
    let mut read = String::with_capacity(plain.len());
    let mut rest = plain;
    while let Some((before, after)) = rest.split_once('%') {
        read.push_str(before);
        let digits = after.get(..2).filter(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()));
        let Some(byte) = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) else {
            read.push('%');
            rest = after;
            continue;
        };
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            read.push(char::from(byte));
        } else {
            read.push_str(&format!("%{byte:02X}"));
        }
        rest = after.get(2..).unwrap_or_default();
    }
    read.push_str(rest);
    read
}

/// Whether a group of segments follows itself again and again, as where a relative link is resolved below itself.
fn repeats(segments: &[String]) -> bool {
    let longest = segments.len() / REPEATS;
    (1..=longest).any(|length| {
        let times = if length == 1 { REPEATS + 1 } else { REPEATS };
        segments.windows(length * times).any(|window| {
            let group = &window[..length];
            window.chunks(length).all(|chunk| chunk == group)
        })
    })
}

/// Those parts of an address whose change might not matter.
fn possible((segments, query): &Parts) -> Vec<Part> {
    let mut parts = vec![Part::Case];
    parts.extend(query.iter().map(|(name, _)| Part::Query(name.clone())));
    let before = segments.iter().enumerate().take(segments.len().saturating_sub(1));
    parts.extend(before.map(|(at, before)| Part::Segment(at + 1, before.clone())));
    parts
}

/// An address without one of its parts.
fn less((mut segments, mut query): Parts, part: &Part) -> Parts {
    match part {
        Part::Query(name) => query.retain(|(known, _)| known != name),
        Part::Segment(at, _) => {
            if let Some(segment) = segments.get_mut(*at) {
                "*".clone_into(segment);
            }
        }
        Part::Case => segments.iter_mut().for_each(|segment| *segment = segment.to_lowercase()),
    }
    (segments, query)
}

/// The one part in which two addresses differ.
fn difference(one: &Parts, other: &Parts) -> Option<Part> {
    let mut parts = possible(one);
    parts.extend(possible(other));
    parts.into_iter().find(|part| one != other && less(one.clone(), part) == less(other.clone(), part))
}

fn text((segments, query): &Parts) -> String {
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(query).finish();
    format!("/{}?{query}", segments.join("/"))
}

fn hash(value: &impl Hash) -> u64 {
    let mut hash = DefaultHasher::new();
    value.hash(&mut hash);
    hash.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn addresses() -> Addresses {
        Addresses::new(&url("/"), &["sid".to_owned()])
    }

    fn url(path: &str) -> Url {
        Url::parse("http://forum.example/").unwrap().join(path).unwrap()
    }

    #[test]
    fn one_page_has_one_address() {
        let known = addresses();
        let one = known.canonical(&url("/a/b?x=1&y=2")).unwrap();
        for same in [
            "/a/b?y=2&x=1",
            "/a/b?x=1&y=2#p7",
            "/a//b/?x=1&y=2",
            "/./a/c/../b?x=1&y=2",
            "/%61/b?x=%31&y=2",
            "/a/b;jsessionid=9F?x=1&y=2",
            "/a/b?sid=4&x=1&y=2&PHPSESSID=7&utm_source=z",
            "/a/%2e/b?x=1&y=2",
        ] {
            assert_eq!(known.canonical(&url(same)).as_ref(), Some(&one), "{same}");
        }
        for other in ["/a/B?x=1&y=2", "/a/b?x=1", "/a%2Fb?x=1&y=2", "/a/b?x=2&y=1", "/a/b%25?x=1&y=2"] {
            assert_ne!(known.canonical(&url(other)), Some(one.clone()), "{other}");
        }
    }

    #[test]
    fn addresses_that_only_a_trap_has_are_none() {
        let known = addresses();
        for trap in
            ["/a/b/a/b/a/b", "/x/f/f/f/f", "//evil.example/", "https://forum.example/", "/a".repeat(21).as_str()]
        {
            assert_eq!(known.canonical(&url(trap)), None, "{trap}");
        }
        assert_eq!(known.canonical(&url(&format!("/a?x={}", "1".repeat(3_000)))), None);
        assert!(known.canonical(&url("/2026/11/11/a/b/a/b")).is_some());
    }

    #[test]
    fn what_does_not_change_a_page_is_learnt_and_unlearnt() {
        let mut known = addresses();
        assert_eq!(known.learn(&url("/b?f=1&r=1"), 1), (false, false));
        assert_eq!(known.learn(&url("/b?f=1&r=2"), 1), (true, false));
        assert_eq!(known.learn(&url("/b?f=1&r=3"), 1), (true, true));
        assert_eq!(known.canonical(&url("/b?f=1&r=4")), known.canonical(&url("/b?f=1")));
        assert_ne!(known.canonical(&url("/b?f=2&r=4")), known.canonical(&url("/b?f=1")));
        let mut known = addresses();
        known.learn(&url("/b?f=1&r=1"), 1);
        known.learn(&url("/b?f=1&r=7"), 2);
        for r in 2..6 {
            assert_eq!(known.learn(&url(&format!("/b?f=1&r={r}")), 1), (true, false), "r changes some pages");
        }
    }

    #[test]
    fn a_segment_and_capital_letters_are_learnt() {
        let mut known = addresses();
        for (n, learnt) in [(1, false), (2, false), (3, true)] {
            assert_eq!(known.learn(&url(&format!("/s/{n}/b")), 1).1, learnt);
        }
        assert_eq!(known.canonical(&url("/s/9/b")), known.canonical(&url("/s/8/b")));
        assert_ne!(known.canonical(&url("/s/9/c")), known.canonical(&url("/s/8/b")));
        let mut known = addresses();
        for (path, learnt) in [("/board", false), ("/Board", false), ("/BOARD", true)] {
            assert_eq!(known.learn(&url(path), 1).1, learnt);
        }
        assert_eq!(known.canonical(&url("/bOARD")), known.canonical(&url("/board")));
    }
}
