//! Properties of the forms in which a term is written, of versions, and of the map in both directions.

mod seeded;

use nightheron_watchlists::{Confidence, Form, Matcher, Term, TermKind, fold};
use proptest::prelude::*;

fn hits(kind: TermKind, term: &str, text: &str) -> Vec<(usize, usize, Form, Confidence)> {
    let matcher = Matcher::new([(1, Term::parse(kind, term).expect(term))]).expect("matcher");
    matcher.find(text).iter().map(|hit| (hit.start, hit.end, hit.form, hit.confidence)).collect()
}

/// Each letter of `word` as it is, or as one that looks alike.
fn alike(word: &'static str) -> impl Strategy<Value = String> {
    let letter = |c: char| {
        let looks = match c {
            'a' => "aA4аα",
            'b' => "bB8",
            'c' => "cCс",
            'e' => "eE3еε",
            'g' => "gG9",
            'i' => "iI1і",
            'l' => "lL1",
            'o' => "oO0оο",
            'p' => "pPр",
            's' => "sS5ѕ",
            't' => "tT7т",
            _ => return Just(c).boxed(),
        };
        prop::sample::select(looks.chars().collect::<Vec<_>>()).boxed()
    };
    word.chars().map(letter).collect::<Vec<_>>().prop_map(String::from_iter)
}

/// Whether the folded word mixes digits or scripts, which is what makes it suspicious.
fn is_mixed(word: &str) -> bool {
    let folded = fold(word).text().to_owned();
    let kinds =
        [char::is_numeric as fn(char) -> bool, |c| c.is_ascii_alphabetic(), |c| c.is_alphabetic() && !c.is_ascii()];
    kinds.iter().filter(|kind| folded.contains(**kind)).count() > 1
}

proptest! {
    #![proptest_config(seeded::config(2048))]

    #[test]
    fn a_word_that_looks_alike_is_found(word in alike("gigabytesla"), before in "( |[^\\PC\\pL\\pN\\pM]{0,3} )", after in "( .{0,9})?") {
        let text = format!("{before}{word}{after}");
        let found = hits(TermKind::Keyword, "Gigabytesla", &text);
        let here = found.iter().find(|hit| hit.0 == before.len() && hit.1 == before.len() + word.len());
        if fold(&word).text() == "gigabytesla" {
            prop_assert_eq!(here.map(|hit| hit.3), Some(Confidence::High), "{}", text);
        } else if is_mixed(&word) {
            prop_assert_eq!(here.map(|hit| (hit.2, hit.3)), Some((Form::LookAlike, Confidence::Low)), "{}", text);
        }
    }

    #[test]
    fn a_host_that_looks_alike_is_found(name in alike("castleplot"), sub in "([a-z]{1,5}\\.)?") {
        let text = format!("see https://{sub}{name}.com/x");
        let found = hits(TermKind::Domain, "castleplot.com", &text);
        let whole = (12, 12 + sub.len() + name.len() + 4);
        if is_mixed(&name) || name.as_bytes().windows(2).any(|pair| pair[0].is_ascii_lowercase() && pair[1] == b'I') {
            prop_assert_eq!(found.len(), 1, "{}", text);
            prop_assert_eq!((found[0].0, found[0].1), whole);
            prop_assert_eq!((found[0].2, found[0].3), (Form::LookAlike, Confidence::Low), "{}", text);
        }
    }

    #[test]
    fn dots_set_apart_are_found_wherever_they_stand(
        before in "[a-z ,]{0,900} ", dot in prop::sample::select(vec![" . ", " .", "  dot ", " DOT\n", "\t.\t"]), after in "( [a-z ,]{0,900})?",
    ) {
        let name = format!("example{dot}com");
        let found = hits(TermKind::Domain, "example.com", &format!("{before}{name}{after}"));
        prop_assert_eq!(found, [(before.len(), before.len() + name.len(), Form::Defanged, Confidence::Low)]);
    }

    #[test]
    fn a_version_is_held_against_the_range(
        low in prop::collection::vec(0_u64..12, 1..4), high in prop::collection::vec(0_u64..12, 1..4),
        named in prop::collection::vec(0_u64..12, 2..5), beside in prop::sample::select(vec![" ", " v", "-", " version ", " (", " 版本："]),
    ) {
        let dotted = |parts: &[u64]| parts.iter().map(u64::to_string).collect::<Vec<_>>().join(".");
        let padded = |parts: &[u64]| { let mut all = parts.to_vec(); all.resize(6, 0); all };
        prop_assume!(padded(&low) != padded(&high));
        let (low, high) = if padded(&low) < padded(&high) { (low, high) } else { (high, low) };
        let product = format!("FortiOS >={}, <{}", dotted(&low), dotted(&high));
        let found = hits(TermKind::Product, &product, &format!("FortiOS{beside}{}", dotted(&named)));
        let inside = padded(&low) <= padded(&named) && padded(&named) < padded(&high);
        prop_assert_eq!(found.iter().map(|hit| hit.3).collect::<Vec<_>>(), vec![Confidence::High; usize::from(inside)]);
    }

    #[test]
    fn the_map_leads_there_and_back(text in "[a-zA-ZÀ-ž臺積電 \\u{200b}\\u{301}\\n㈱ﬃ]{0,40}", from in 0_usize..80, len in 1_usize..9) {
        let folded = fold(&text);
        let from = text.floor_char_boundary(from);
        let range = from..text.ceil_char_boundary((from + len).min(text.len()));
        let there = folded.folded(range.clone());
        prop_assert!(folded.text().get(there.clone()).is_some(), "{there:?} is off a border");
        // All that comes from the range, and nothing that comes from elsewhere alone.
        for (at, c) in folded.text().char_indices() {
            let source = folded.original(at..at + c.len_utf8());
            let touches = source.start < range.end && source.end > range.start;
            prop_assert_eq!(touches, there.start <= at && at < there.end, "{:?} of {:?} in {:?}", c, source, text);
        }
    }

    #[test]
    fn a_snippet_holds_the_hit_on_borders(before in ".{0,20}", after in ".{0,20}", chars in 0_usize..30) {
        let text = format!("{before} 台積電 {after}");
        let matcher = Matcher::new([(1, Term::parse(TermKind::Keyword, "台積電").expect("term"))]).expect("matcher");
        for hit in matcher.find(&text) {
            let snippet = hit.snippet(&text, chars);
            prop_assert!(snippet.start <= hit.start && hit.end <= snippet.end);
            let written = text.get(snippet).expect("borders");
            prop_assert!(written.chars().count() <= hit.matched.chars().count() + 2 * chars);
        }
    }
}
