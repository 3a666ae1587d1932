//! What is found, what is not, in which order and with what highlighted.

mod support;

use nightheron_index::{
    Document, Folding, Index, IndexOptions, MAX_WINDOW, QueryReason, SearchError, SearchOrder, SearchRequest,
};
use proptest::prelude::*;
use support::{document, found, open, publish, search};

#[test]
fn words_addresses_and_mixed_text_are_found() {
    let dir = tempfile::tempdir().unwrap();
    let index = open(&dir);
    publish(
        &index,
        vec![
            document(1, "a", "出售台積電2TB內部資料"),
            document(2, "b", "selling ADATA資料庫, metadata of users"),
            document(3, "c", "login at mail.Example.com as bob@corp.example.com"),
            document(4, "d", "example[.]com 股A 與 A股票"),
            document(5, "e", "ＦＵＬＬ　ＷＩＤＴＨ ca\u{ad}fe\u{301} Привет"),
            document(6, "f", &"QUJDREVG".repeat(40)),
        ],
    );
    for (query, expected) in [
        ("台積", &[1][..]),
        ("台積電2TB", &[1]),
        ("台積電2tb內部", &[1]),
        ("積電2", &[]),
        ("資料", &[1, 2]),
        ("ADATA資料", &[2]),
        ("adata", &[2]),
        ("data", &[]),
        ("mail.example.com", &[3]),
        ("example.com", &[3, 4]),
        ("bob@corp.example.com", &[3]),
        ("corp example -bob", &[]),
        ("\"example com\"", &[3, 4]),
        ("\"com example\"", &[]),
        ("股", &[4]),
        ("A股", &[4]),
        ("股A", &[4]),
        ("A股票", &[4]),
        ("full width", &[5]),
        ("café", &[5]),
        ("привет", &[5]),
        (&"qujdrevg".repeat(40), &[6]),
        ("adata OR 台積電", &[1, 2]),
        ("(adata OR 台積電) -2tb", &[2]),
        ("NOT 資料", &[3, 4, 5, 6]),
        // Words that occur, in an order that does not: the excluded phrase is at its end before it began.
        ("example -\"com example\"", &[3, 4]),
        ("-\"width full\" -\"com example\"", &[1, 2, 3, 4, 5, 6]),
        ("corp -\"com bob\" -\"example com\"", &[]),
        ("adata OR -資料", &[2, 3, 4, 5, 6]),
        ("", &[1, 2, 3, 4, 5, 6]),
    ] {
        assert_eq!(found(&index, query), expected, "{query}");
    }
}

fn full() -> Document {
    Document {
        seq: 1,
        post: "p1".to_owned(),
        source: "Spirit-1".to_owned(),
        url: "http://abcdef.onion/topic/7".to_owned(),
        title: "出售資料".to_owned(),
        author: Some("Ghost_R".to_owned()),
        body: "two words".to_owned(),
        posted_at_ms: Some(86_400_000),
        captured_at_ms: 10 * 86_400_000,
        members: vec!["12345675".to_owned(), "ACME Corp".to_owned()],
    }
}

#[test]
fn fields_filter() {
    let dir = tempfile::tempdir().unwrap();
    let index = open(&dir);
    publish(&index, vec![full(), document(2, "p2", "ghost 出售 ACME")]);
    for (query, expected) in [
        ("title:出售", &[1][..]),
        ("出售", &[1, 2]),
        ("author:ghost", &[1]),
        ("ghost", &[1, 2]),
        ("author:\"ghost r\"", &[1]),
        ("source:spirit-1", &[1]),
        ("source:spirit", &[2]),
        ("source:(spirit OR spirit-1)", &[1, 2]),
        ("member:12345675", &[1]),
        ("member:1234567", &[]),
        ("member:\"acme corp\"", &[1]),
        ("member:acme", &[]),
        ("-member:12345675", &[2]),
        ("url:abcdef.onion", &[1]),
        ("abcdef.onion", &[]),
        ("title:words", &[]),
    ] {
        assert_eq!(found(&index, query), expected, "{query}");
    }
}

#[test]
fn a_hit_gives_back_what_was_added() {
    let dir = tempfile::tempdir().unwrap();
    let index = open(&dir);
    publish(&index, vec![full()]);
    let page = search(&index, "售資 words");
    let hit = &page.hits[0];
    let back = Document {
        seq: hit.seq,
        post: hit.post.clone(),
        source: hit.source.clone(),
        url: hit.url.clone(),
        title: hit.title.clone(),
        author: hit.author.clone(),
        body: hit.snippet.iter().map(|span| span.text.as_str()).collect(),
        posted_at_ms: hit.posted_at_ms,
        captured_at_ms: hit.captured_at_ms,
        members: hit.members.clone(),
    };
    assert_eq!(back, full());
    let marked = |spans: &[nightheron_index::Span]| -> Vec<String> {
        let marked = spans.iter().filter(|span| span.highlighted);
        marked.map(|span| span.text.clone()).collect()
    };
    assert_eq!(marked(&hit.title_highlight), ["售資"]);
    assert_eq!(marked(&hit.snippet), ["words"]);
}

#[test]
fn ranges_are_half_open_utc_days() {
    let dir = tempfile::tempdir().unwrap();
    let index = open(&dir);
    let day = 86_400_000;
    let at = |seq: u64, captured_at_ms, posted_at_ms| Document {
        captured_at_ms,
        posted_at_ms,
        ..document(seq, &format!("p{seq}"), "x")
    };
    publish(
        &index,
        vec![at(1, day - 1, None), at(2, day, Some(0)), at(3, 2 * day - 1, Some(-1)), at(4, 2 * day, Some(3 * day))],
    );
    for (query, expected) in [
        ("after:1970-01-02 before:1970-01-03", &[2, 3][..]),
        ("after:1970-01-02T08:00:00+08:00", &[2, 3, 4]),
        ("before:1970-01-02T00:00:00Z", &[1]),
        ("-after:1970-01-02", &[1]),
        ("posted_after:1970-01-01", &[2, 4]),
        ("posted_before:1970-01-01", &[3]),
        ("after:9999-12-31", &[]),
    ] {
        assert_eq!(found(&index, query), expected, "{query}");
    }
}

#[test]
fn newest_pages_cover_all_in_order_across_segments() {
    let dir = tempfile::tempdir().unwrap();
    let index = open(&dir);
    for block in 0..5_u64 {
        let documents = (0..5).map(|at| {
            let seq = block * 5 + at + 1;
            Document {
                // Ties in time, and later sequence numbers captured earlier.
                captured_at_ms: 1000 - i64::try_from(seq / 3).unwrap(),
                ..document(seq, &format!("p{seq}"), "same")
            }
        });
        publish(&index, documents.collect());
    }
    let mut seen = Vec::new();
    for offset in (0..30).step_by(4) {
        let page =
            index.search(&SearchRequest { query: "same", limit: 4, offset, order: SearchOrder::Newest }).unwrap();
        assert_eq!(page.total, 25);
        seen.extend(page.hits.iter().map(|hit| (hit.captured_at_ms, hit.seq)));
    }
    let mut expected: Vec<_> = (1..=25_u64).map(|seq| (1000 - i64::try_from(seq / 3).unwrap(), seq)).collect();
    expected.sort_unstable_by(|a, b| b.cmp(a));
    assert_eq!(seen, expected);
}

#[test]
fn relevance_puts_the_title_first_and_scores() {
    let dir = tempfile::tempdir().unwrap();
    let index = open(&dir);
    let titled = Document { title: "leak".to_owned(), body: "other".to_owned(), ..document(1, "a", "") };
    publish(&index, vec![document(2, "b", "one leak among many other words of a long post"), titled]);
    let page =
        index.search(&SearchRequest { query: "leak", limit: 10, offset: 0, order: SearchOrder::Relevance }).unwrap();
    let seqs: Vec<_> = page.hits.iter().map(|hit| hit.seq).collect();
    assert_eq!(seqs, [1, 2]);
    assert!(page.hits[0].score > page.hits[1].score && page.hits[1].score > Some(0.0));
}

#[test]
fn counting_and_the_depth_limit() {
    let dir = tempfile::tempdir().unwrap();
    let index = open(&dir);
    publish(&index, vec![document(1, "a", "x"), document(2, "b", "x")]);
    let mut request = SearchRequest { query: "x", limit: 0, offset: 0, order: SearchOrder::Relevance };
    let page = index.search(&request).unwrap();
    assert_eq!((page.total, page.hits.len()), (2, 0));
    request.limit = MAX_WINDOW;
    assert_eq!(index.search(&request).unwrap().hits.len(), 2);
    request.offset = 1;
    let error = index.search(&request).unwrap_err();
    assert!(matches!(error, SearchError::TooDeep { .. }), "{error}");
    request.offset = usize::MAX;
    assert!(index.search(&request).is_err());
    request.offset = 0;
    request.query = "x (";
    match index.search(&request).unwrap_err() {
        SearchError::Query(error) => {
            assert_eq!((error.column, error.reason), (3, QueryReason::UnclosedGroup));
        }
        other => panic!("{other}"),
    }
}

#[test]
fn the_callers_folding_joins_variants_both_ways() {
    let dir = tempfile::tempdir().unwrap();
    let folding = Folding::new("test-1", |c, out| {
        out.extend(match c {
            '積' => '积'.to_lowercase(),
            '電' => '电'.to_lowercase(),
            other => other.to_lowercase(),
        });
    });
    let options = IndexOptions { folding, ..IndexOptions::default() };
    let index = Index::open(dir.path(), options).unwrap();
    publish(&index, vec![document(1, "a", "台積電"), document(2, "b", "台积电")]);
    assert_eq!(found(&index, "台积电"), [1, 2]);
    assert_eq!(found(&index, "積電"), [1, 2]);
}

/// A small alphabet, so that repeats, overlaps and near misses abound, with what separates runs.
fn chinese() -> impl Strategy<Value = String> {
    let han = || prop::sample::select("台積電資料哈𠮷".chars().collect::<Vec<_>>());
    let any = prop_oneof![
        6 => han(),
        1 => prop::sample::select("，。 \nA2b".chars().collect::<Vec<_>>()),
        1 => prop::char::range('\u{4E00}', '\u{9FA5}'),
    ];
    prop::collection::vec(any, 0..60).prop_map(|chars| chars.into_iter().collect())
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{4E00}'..='\u{9FFF}' | '\u{20000}'..='\u{2FFFF}')
}

/// Every contiguous run of one to eight Han characters in `text`.
fn han_substrings(text: &str) -> Vec<String> {
    let chars: Vec<char> = text.chars().collect();
    let mut all = Vec::new();
    for length in 1..=8 {
        let windows = chars.windows(length);
        all.extend(
            windows.filter(|window| window.iter().all(|&c| is_han(c))).map(|window| window.iter().collect::<String>()),
        );
    }
    all.sort();
    all.dedup();
    all
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// For Chinese runs the index answers exactly what `str::contains` answers.
    #[test]
    fn a_chinese_run_is_found_exactly_where_it_stands(
        texts in prop::collection::vec(chinese(), 1..6),
        misses in prop::collection::vec(
            prop::collection::vec(prop::sample::select("台積電資料哈𠮷".chars().collect::<Vec<_>>()), 1..6),
            20,
        ),
    ) {
        let dir = tempfile::tempdir().unwrap();
        let index = open(&dir);
        let documents = texts.iter().zip(1..).map(|(text, seq)| document(seq, &format!("p{seq}"), text));
        publish(&index, documents.collect());
        let mut needles: Vec<String> = texts.iter().flat_map(|text| han_substrings(text)).collect();
        needles.extend(misses.iter().map(|chars| chars.iter().collect::<String>()));
        for needle in needles {
            let expected: Vec<u64> = texts
                .iter()
                .zip(1..)
                .filter(|(text, _)| text.contains(&needle))
                .map(|(_, seq)| seq)
                .collect();
            let page = search(&index, &needle);
            let mut got: Vec<u64> = page.hits.iter().map(|hit| hit.seq).collect();
            got.sort_unstable();
            prop_assert_eq!(&got, &expected, "{} in {:?}", needle, texts);
            for hit in page.hits {
                prop_assert!(hit.snippet.iter().any(|span| span.highlighted && span.text.contains(&needle)));
            }
        }
    }
}

#[test]
fn hostile_queries_never_panic_in_the_engine() {
    let dir = tempfile::tempdir().unwrap();
    let index = open(&dir);
    publish(&index, vec![full(), document(2, "b", "台積電 a \u{0}\u{10FFFF} 𠮷 \u{3FFFD}\u{D7FF}")]);
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig::with_cases(1000));
    let piece = prop_oneof![
        prop::sample::select(vec![
            "(",
            ")",
            "\"",
            "-",
            "OR",
            "NOT",
            " ",
            "title:",
            "before:",
            "member:",
            "台",
            "積電",
            "\u{3FFFD}",
            "\u{D7FF}",
            "\u{10FFFF}",
            "a",
            "1970-01-01",
            "-9999-01-01T00:00:00Z",
        ])
        .prop_map(str::to_owned),
        "\\PC{0,6}",
    ];
    let query = prop::collection::vec(piece, 0..20).prop_map(|pieces| pieces.concat());
    runner
        .run(&query, |query| {
            let request = SearchRequest { query: &query, limit: 5, offset: 0, order: SearchOrder::Relevance };
            if let Err(SearchError::Index(error)) = index.search(&request) {
                prop_assert!(false, "{error}");
            }
            Ok(())
        })
        .unwrap();
}
