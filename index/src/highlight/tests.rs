//! Highlights are exact and stay inside the text.

use proptest::prelude::*;

use super::*;
use crate::query::parse;

fn highlight<T>(query: &str, run: impl FnOnce(&Highlighter<'_>) -> T) -> T {
    let folding = Folding::default();
    let node = parse(query, &folding).expect("a valid query");
    let mut leaves = Vec::new();
    node.positive_leaves(&mut |leaf| leaves.push(leaf));
    run(&Highlighter::new(&folding, &leaves, Scope::Title))
}

fn marked(query: &str, text: &str) -> String {
    let spans = highlight(query, |highlighter| highlighter.whole(text));
    spans
        .iter()
        .map(|span| match span.highlighted {
            true => format!("[{}]", span.text),
            false => span.text.clone(),
        })
        .collect()
}

#[test]
fn words_phrases_and_runs_are_marked_exactly() {
    for (query, text, expected) in [
        ("台積電", "出售台積電資料", "出售[台積電]資料"),
        ("積電2tb", "台積電 2TB 資料", "台[積電 2TB] 資料"),
        ("電", "台積電的電，電", "台積[電]的[電]，[電]"),
        ("example.com", "at mail.Example.com or example org", "at mail.[Example.com] or example org"),
        ("ｆｏｏ -bar", "Foo bar FOO", "[Foo] bar [FOO]"),
        ("title:foo author:bar", "foo bar", "[foo] bar"),
        ("哈哈", "哈哈哈", "[哈哈哈]"),
        ("after:2026-01-01", "foo", "foo"),
    ] {
        assert_eq!(marked(query, text), expected, "{query}");
    }
}

#[test]
fn a_snippet_surrounds_the_match() {
    let text = format!("{} 台積電 {}", "lorem ".repeat(400), "ipsum ".repeat(400));
    let spans = highlight("台積電", |highlighter| highlighter.snippet(&text));
    let joined: String = spans.iter().map(|span| span.text.as_str()).collect();
    assert!(joined.starts_with("lorem") || joined.starts_with(" lorem"), "{joined}");
    assert_eq!(joined.chars().count(), SNIPPET_CHARS);
    assert!(spans.iter().any(|span| span.highlighted && span.text == "台積電"));
}

#[test]
fn a_snippet_prefers_where_the_matches_meet() {
    let text = format!("alpha {} alpha beta gamma", "x ".repeat(500));
    let spans = highlight("alpha beta gamma", |highlighter| highlighter.snippet(&text));
    assert_eq!(spans.iter().filter(|span| span.highlighted).count(), 3);
}

#[test]
fn without_a_match_a_snippet_is_the_beginning() {
    let spans = highlight("zzz", |highlighter| highlighter.snippet("資料外洩"));
    assert_eq!(spans.len(), 1);
    assert_eq!(spans[0].text, "資料外洩");
    assert!(!spans[0].highlighted);
    assert!(highlight("zzz", |highlighter| highlighter.snippet("")).is_empty());
}

proptest! {
    #[test]
    fn spans_reassemble_to_a_part_of_the_text(
        text in "[\\PC台積電資料ａé\u{301}\u{200b}㈱ﬁ \n]{0,600}",
        query in "[a-z台積電資料株]{1,3}",
    ) {
        let join = |spans: Vec<Span>| -> String { spans.into_iter().map(|span| span.text).collect() };
        let whole = join(highlight(&query, |highlighter| highlighter.whole(&text)));
        prop_assert_eq!(&whole, &text);
        let snippet = join(highlight(&query, |highlighter| highlighter.snippet(&text)));
        prop_assert!(text.contains(&snippet));
        prop_assert!(snippet.chars().count() <= SNIPPET_CHARS);
    }
}
