//! The language, its errors with their columns, and its limits.

use proptest::prelude::*;

use super::error::QueryReason as Reason;
use super::lexer::MAX_CHARS;
use super::parser::{MAX_DEPTH, MAX_LEAVES};
use super::tree::{KeyField, Node, TimeField};
use super::*;
use crate::fold::Folding;

fn parsed(query: &str) -> Node {
    parse(query, &Folding::default()).unwrap_or_else(|error| panic!("{query}: {error}"))
}

/// The tree as one line, to be compared.
fn show(node: &Node) -> String {
    let list = |name: &str, nodes: &[Node]| {
        let parts: Vec<_> = nodes.iter().map(show).collect();
        format!("{name}({})", parts.join(" "))
    };
    match node {
        Node::All => "*".to_owned(),
        Node::And(nodes) => list("and", nodes),
        Node::Or(nodes) => list("or", nodes),
        Node::Not(node) => format!("not({})", show(node)),
        Node::Leaf(Leaf::Terms { scope, terms }) => {
            let terms: Vec<_> = terms.iter().map(|(_, _, text)| text.as_str()).collect();
            match scope {
                Scope::Any => terms.join("+"),
                scope => format!("{scope:?}:{}", terms.join("+")),
            }
        }
        Node::Leaf(leaf) => format!("{leaf:?}"),
    }
}

#[test]
fn operators_bind_as_documented() {
    for (query, expected) in [
        ("", "*"),
        (" \u{3000} ", "*"),
        ("a b", "and(a b)"),
        ("a AND b", "and(a b)"),
        ("a b OR c", "or(and(a b) c)"),
        ("a (b OR c)", "and(a or(b c))"),
        ("a -b NOT c", "and(a not(b) not(c))"),
        ("-(a b)", "not(and(a b))"),
        ("-\"a b\"", "not(a+b)"),
        ("--a", "not(not(a))"),
        ("or and not", "and(or and not)"),
        ("\"Foo Bar\"", "foo+bar"),
        ("title:(a OR \"b c\") d", "and(or(Title:a Title:b+c) d)"),
        ("AUTHOR:Bob", "Author:bob"),
        ("url:http://x.onion/a", "Url:http+x+onion+a"),
        ("https://x.example", "https+x+example"),
        ("10.0.0.1:8080", "10+0+0+1+8080"),
        ("（台積 OR “資料 庫”）", "or(台積 資料+庫)"),
        ("title：台積電", "Title:台積+積電"),
        ("well-known", "well+known"),
        ("title:-x", "Title:x"),
    ] {
        assert_eq!(show(&parsed(query)), expected, "{query}");
    }
}

#[test]
fn identifiers_and_times_are_whole_values() {
    assert_eq!(
        parsed("source:Spirit-1"),
        Node::Leaf(Leaf::Key { field: KeyField::Source, value: "spirit-1".to_owned() })
    );
    assert_eq!(
        parsed("member:\"ACME Corp\""),
        Node::Leaf(Leaf::Key { field: KeyField::Member, value: "acme corp".to_owned() })
    );
    assert_eq!(
        parsed("after:1970-01-01T08:00:01+08:00"),
        Node::Leaf(Leaf::Since { field: TimeField::Captured, ms: 1000 })
    );
    assert_eq!(
        parsed("posted_before:1970-01-02"),
        Node::Leaf(Leaf::Until { field: TimeField::Posted, ms: 86_400_000 })
    );
}

#[test]
fn errors_name_the_column_and_what_was_expected() {
    let after = |after: &str| Reason::ExpectedTerm { after: after.to_owned() };
    for (query, column, reason) in [
        ("a \"b", 3, Reason::UnclosedQuote),
        ("台積 \"電", 4, Reason::UnclosedQuote),
        ("a (b c", 3, Reason::UnclosedGroup),
        ("(", 1, Reason::UnclosedGroup),
        ("a b)", 4, Reason::UnopenedGroup),
        (")", 1, Reason::UnopenedGroup),
        ("()", 2, after("`(`")),
        ("a OR", 5, after("`OR`")),
        ("a AND", 6, after("`AND`")),
        ("a NOT", 6, after("`NOT` or `-`")),
        ("a -", 4, after("`NOT` or `-`")),
        ("OR a", 1, Reason::ExpectedTermBefore { operator: "`OR`" }),
        ("a OR AND b", 6, Reason::ExpectedTermBefore { operator: "`AND`" }),
        ("x autor:bob", 3, Reason::UnknownField { field: "autor".to_owned() }),
        ("title: x", 7, Reason::ExpectedValue { field: "title" }),
        ("title:", 7, Reason::ExpectedValue { field: "title" }),
        ("(title:)", 8, Reason::ExpectedValue { field: "title" }),
        ("title:(a url:b)", 10, Reason::NestedField { inner: "url", outer: "title" }),
        ("after:(2026-01-01)", 7, Reason::GroupedTime { field: "after" }),
        ("a after:today", 9, Reason::BadTime { text: "today".to_owned() }),
        ("a ... b", 3, Reason::NothingSearchable { text: "...".to_owned() }),
        ("\"\"", 1, Reason::NothingSearchable { text: String::new() }),
        ("source:\" \"", 8, Reason::NothingSearchable { text: " ".to_owned() }),
    ] {
        let error = parse(query, &Folding::default()).expect_err(query);
        assert_eq!(error, QueryError { column, reason }, "{query}");
    }
    let error = parse("x autor:bob", &Folding::default()).expect_err("no such field");
    let text = error.to_string();
    assert!(text.starts_with("query, column 3: there is no field `autor:`"), "{text}");
    assert!(text.contains("author:"), "{text}");
}

#[test]
fn absurd_queries_are_refused_at_the_limit_and_not_before() {
    let reason = |query: &str| parse(query, &Folding::default()).map_err(|error| error.reason);
    let nested = |depth: usize| format!("{}a{}", "(".repeat(depth), ")".repeat(depth));
    assert!(reason(&nested(MAX_DEPTH)).is_ok());
    assert_eq!(reason(&nested(MAX_DEPTH + 1)), Err(Reason::TooDeep { limit: MAX_DEPTH }));
    assert_eq!(reason(&format!("{}a", "-".repeat(MAX_DEPTH + 1))), Err(Reason::TooDeep { limit: MAX_DEPTH }));
    assert!(reason(&"a ".repeat(MAX_LEAVES)).is_ok());
    assert_eq!(reason(&"a ".repeat(MAX_LEAVES + 1)), Err(Reason::TooManyTerms { limit: MAX_LEAVES }));
    assert!(reason(&"a".repeat(MAX_CHARS)).is_ok());
    assert_eq!(reason(&"a".repeat(MAX_CHARS + 1)), Err(Reason::TooLong { limit: MAX_CHARS }));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn hostile_queries_never_panic(query in "\\PC{0,80}") {
        let _ = parse(&query, &Folding::default());
    }

    #[test]
    fn operator_soup_never_panics_and_errors_point_into_it(
        parts in prop::collection::vec(
            prop::sample::select(vec![
                "(", ")", "\"", "-", ":", "OR", "AND", "NOT", " ", " ", "title:", "after:", "member:",
                "2026-11-01", "台積電", "a", "é\u{301}", "\u{200b}", "//", "（", "”", "\u{0}", "💣",
            ]),
            0..40,
        )
    ) {
        let query = parts.concat();
        if let Err(error) = parse(&query, &Folding::default()) {
            prop_assert!((1..=query.chars().count() + 1).contains(&error.column));
        }
    }
}
