//! Tests of the stream against the whole text.

use super::*;
use crate::term::{Context, Near, Term};
use proptest::prelude::*;

#[path = "../../tests/seeded/mod.rs"]
mod seeded;

const MARGIN: usize = 600;

fn matcher() -> Matcher {
    let near = Near { any_of: vec!["leak".to_owned(), "外洩".to_owned()], within: 20 };
    let delta = Term::parse(TermKind::Keyword, "Delta")
        .and_then(|term| term.with_context(Context { near: Some(near), ..Context::default() }));
    let plain = [
        (TermKind::Keyword, "ADATA"),
        (TermKind::Keyword, "台積電"),
        (TermKind::Domain, "example.com"),
        (TermKind::Email, "ceo@example.com"),
        (TermKind::EmailDomain, "@example.com"),
        (TermKind::Cidr, "203.0.113.0/24"),
        (TermKind::Phrase, "night market"),
        (TermKind::BusinessNumber, "12345675"),
        (TermKind::Product, "FortiOS >=7.0, <7.2.5"),
        (TermKind::Person, "CHEN Ming-Yao"),
        (TermKind::Regex, r"NHT-\d{4}"),
    ];
    let terms = plain.map(|(kind, text)| Term::parse(kind, text)).into_iter().chain([delta]);
    Matcher::new((1..).zip(terms.map(|term| term.expect("term")))).expect("matcher")
}

/// Gives its bytes in pieces of the given sizes, over and over.
struct Pieces<'b> {
    bytes: &'b [u8],
    sizes: Vec<usize>,
    reads: usize,
}

impl Read for Pieces<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let size = self.sizes[self.reads % self.sizes.len()].min(into.len()).min(self.bytes.len());
        self.reads += 1;
        let (now, later) = self.bytes.split_at(size);
        into[..size].copy_from_slice(now);
        self.bytes = later;
        Ok(size)
    }
}

/// What the matcher finds in the bytes as a whole.
fn whole(matcher: &Matcher, bytes: &[u8]) -> Vec<StreamHit> {
    let decoded = Decoded::of(bytes);
    let hits = matcher.find(&decoded.text).into_iter();
    hits.map(|hit| StreamHit::new(&hit, 0, decoded.byte(hit.start)..decoded.byte(hit.end))).collect()
}

fn streamed(matcher: &Matcher, bytes: &[u8], sizes: Vec<usize>, core: usize, margin: usize) -> Vec<StreamHit> {
    let reader = Pieces { bytes, sizes, reads: 0 };
    StreamMatcher::with_sizes(matcher, reader, core, margin).collect::<io::Result<_>>().expect("no error")
}

/// Bytes with terms, parts of terms and what is no UTF-8 strewn in.
fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let pieces: Vec<&[u8]> = vec![
        b"ADATA",
        "ＡＤＡＴＡ".as_bytes(),
        b"4d4t4",
        "台積電".as_bytes(),
        "台\u{200b}积电".as_bytes(),
        b"mail[.]example[.]com",
        b"example . com",
        b"ceo@example.com",
        b"203.0.113.7",
        b"night-market",
        "統編 12345675".as_bytes(),
        b"FortiOS 7.0.3",
        b"Ming-Yao Chen",
        b"NHT-2024",
        b"Delta leak",
        "Delta 台達外洩".as_bytes(),
        b"\xff",
        b"\xe5\x8f",
        b"\x80\x80\x80\x80",
        "😀".as_bytes(),
        "積".as_bytes(),
        b"\n",
        b"x",
    ];
    let piece = prop_oneof![
        3 => prop::sample::select(pieces).prop_map(<[u8]>::to_vec),
        2 => "[a-z ,.]{1,40}".prop_map(String::into_bytes),
        1 => Just(b" ".to_vec()),
        1 => prop::collection::vec(any::<u8>(), 1..4),
    ];
    prop::collection::vec(piece, 0..400).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(seeded::config(256))]

    #[test]
    fn a_stream_gives_what_the_whole_gives(
        bytes in bytes(), core in 100usize..900, sizes in prop::collection::vec(1usize..700, 1..6),
    ) {
        let matcher = matcher();
        prop_assert_eq!(streamed(&matcher, &bytes, sizes, core, MARGIN), whole(&matcher, &bytes));
    }
}

#[test]
fn a_hit_across_any_border_is_given_once_at_its_bytes() {
    let matcher = matcher();
    for shift in 0..40 {
        let text = format!("{}\u{fffd}台積電 x", "y".repeat(2000 + shift));
        let mut bytes = text.into_bytes();
        bytes.splice(7..8, *b"\xff");
        let start = (2000 + shift + 3) as u64;
        let hits = streamed(&matcher, &bytes, vec![5], 40, MARGIN);
        let places: Vec<_> = hits.iter().map(|hit| (hit.start, hit.end, hit.matched.as_str())).collect();
        assert_eq!(places, [(start, start + 9, "台積電")]);
    }
}

#[test]
fn memory_does_not_grow_with_the_stream() {
    let matcher = matcher();
    let line = b"nothing to see here, move along please\n";
    let reader = Pieces { bytes: &line.repeat(20_000), sizes: vec![4096], reads: 0 };
    let mut stream = StreamMatcher::with_sizes(&matcher, reader, 4096, MARGIN);
    assert!(stream.next().is_none());
    // A vector's capacity never shrinks by itself, so it tells the most that was held.
    let most = stream.bytes.capacity();
    assert!(stream.offset > 700_000 && most <= 4 * (4096 + 3 * MARGIN), "{most}");
}

#[test]
fn all_of_looks_through_the_window_alone() {
    let context = Context { all_of: vec!["sale".to_owned()], ..Context::default() };
    let term = Term::parse(TermKind::Keyword, "ADATA").and_then(|term| term.with_context(context)).expect("term");
    let matcher = Matcher::new([(1, term)]).expect("matcher");
    let text = |gap: usize| format!("sale {} ADATA", "x ".repeat(gap)).into_bytes();
    assert_eq!(streamed(&matcher, &text(MARGIN / 4), vec![64], 64, MARGIN).len(), 1);
    assert_eq!(streamed(&matcher, &text(MARGIN * 2), vec![64], 64, MARGIN).len(), 0);
}

#[test]
fn an_error_ends_the_stream() {
    struct Broken;
    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("the disk is gone"))
        }
    }
    let matcher = matcher();
    let mut stream = matcher.stream((&b"ADATA "[..]).chain(Broken));
    assert_eq!(stream.next().expect("one").expect_err("an error").to_string(), "the disk is gone");
    assert!(stream.next().is_none());
}
