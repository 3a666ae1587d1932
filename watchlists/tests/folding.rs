//! Properties of folding: the map is total, in order and on character borders.

mod seeded;

use nightheron_watchlists::{Term, TermKind, defang, fold, fold_char};
use proptest::prelude::*;

/// Text with what folding treats specially strewn in.
fn text() -> impl Strategy<Value = String> {
    let special = prop::sample::select(vec![
        "\u{301}",
        "\u{200b}",
        "\u{202e}",
        "\u{3099}",
        "ｶﾞ",
        "㈱",
        "ﬃ",
        "İ",
        "ß",
        "臺",
        "積 電",
        " \t\r\n",
        "\u{3000}",
        "\u{fdfa}",
        "\u{1161}",
        "각",
        "\u{20d0}",
        "𬞟",
        "ё",
        "[.]",
        "．",
        "🇹🇼",
        "\0",
        "\u{1f3fb}",
        "\u{e0041}",
        "é",
        "a",
        "Ａ",
    ]);
    let piece = prop_oneof![
        3 => special.prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
        1 => "[a-zA-Z0-9 .@-]{0,6}",
    ];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(seeded::config(2048))]

    #[test]
    fn every_folded_character_has_its_original(text in text()) {
        let folded = fold(&text);
        let (mut start, mut end) = (0, 0);
        for (at, c) in folded.text().char_indices() {
            let range = folded.original(at..at + c.len_utf8());
            prop_assert!(range.start < range.end, "{c:?} comes from nothing: {range:?}");
            prop_assert!(text.get(range.clone()).is_some(), "{range:?} is off a border");
            prop_assert!(start <= range.start && end <= range.end, "{range:?} goes back");
            (start, end) = (range.start, range.end);
        }
        prop_assert!(folded.original(0..folded.text().len()).end <= text.len());
    }

    #[test]
    fn any_range_maps_to_whole_characters(text in text(), from in 0_usize..400, to in 0_usize..400) {
        let folded = fold(&text);
        let range = folded.original(from..to);
        prop_assert!(text.get(range).is_some());
    }

    #[test]
    fn a_folded_range_folds_to_itself(text in "[a-zA-Z臺積電统一é㈱Ａ]{0,20}", from in 0_usize..60) {
        let folded = fold(&text);
        let from = folded.text().floor_char_boundary(from);
        let range = folded.original(from..folded.text().len());
        let again = fold(&text[range]);
        prop_assert!(again.text().ends_with(&folded.text()[from..]));
    }

    #[test]
    fn folding_twice_changes_no_common_text(text in "[a-zA-Z0-9а-яА-Яα-ω一-鿿ぁ-ゔァ-ヺＡ-ｚÀ-ſ .,@]{0,40}") {
        let once = fold(&text).text().to_owned();
        let twice = fold(&once);
        prop_assert_eq!(twice.text(), once);
    }

    #[test]
    fn single_characters_fold_alike_alone_and_in_text(text in "[a-zA-Z0-9а-яА-Я一-鿿ぁ-ゔ]{0,40}") {
        let mut alone = String::new();
        text.chars().for_each(|c| fold_char(c, &mut alone));
        let together = fold(&text);
        prop_assert_eq!(together.text(), alone);
    }

    #[test]
    fn disarming_is_idempotent(text in text(), link in "(https?://)?[a-z@.]{0,12}(\\.com|\\.tw|。com)?") {
        let once = defang(&format!("{text}{link}{text}"));
        prop_assert_eq!(defang(&once), once);
    }

    #[test]
    fn parsed_terms_are_canonical(text in text(), host in "[a-zé積]{1,3}\\.(com|tw)") {
        for (kind, text) in [
            (TermKind::Keyword, text.clone()),
            (TermKind::Domain, text.clone()),
            (TermKind::Email, text),
            (TermKind::Domain, host.clone()),
            (TermKind::Email, format!("a@{host}")),
        ] {
            if let Ok(term) = Term::parse(kind, &text) {
                prop_assert_eq!(Term::parse(kind, term.text()), Ok(term.clone()));
                prop_assert_eq!(Term::parse(kind, &term.readable()).map(|t| t.key()), Ok(term.key()));
            }
        }
    }
}
