//! Kinds that are not literal text: addresses, phrases, numbers, products, persons, expressions.

use super::*;

/// What one term matches in `text`, as written there, with its confidence.
fn found<'t>(kind: TermKind, term: &str, text: &'t str) -> Vec<(&'t str, Confidence)> {
    let term = Term::parse(kind, term).expect(term);
    let hits = Matcher::new([(1, term)]).expect("matcher").find(text);
    assert!(hits.iter().all(|hit| hit.matched == &text[hit.start..hit.end] && hit.kind == kind));
    hits.iter().map(|hit| (hit.matched, hit.confidence)).collect()
}

#[track_caller]
fn assert_found(kind: TermKind, term: &str, confidence: Confidence, cases: &[(&str, &str)]) {
    for (text, matched) in cases {
        assert_eq!(found(kind, term, text), [(*matched, confidence)], "{term} in {text:?}");
    }
}

#[track_caller]
fn assert_absent(kind: TermKind, term: &str, texts: &[&str]) {
    for text in texts {
        assert_eq!(found(kind, term, text), [], "{term} in {text:?}");
    }
}

#[test]
fn every_address_of_an_email_domain_is_found() {
    let cases = [
        ("ann.lee+x@example.com:pw", "ann.lee+x@example.com"),
        ("信箱ann@mail.example.com。", "ann@mail.example.com"),
        ("?to=%22ann@example.com", "ann@example.com"),
        ("<Ann@EXAMPLE.com>", "Ann@EXAMPLE.com"),
        ("ann[at]example[.]com", "ann[at]example[.]com"),
        ("-ann@example.com", "ann@example.com"),
    ];
    assert_found(TermKind::EmailDomain, "@example.com", Confidence::High, &cases);
    let others = ["example.com", "@example.com", "ann@notexample.com", "ann@example.com.tw", ".@example.com"];
    assert_absent(TermKind::EmailDomain, "@example.com", &others);
    assert_found(TermKind::EmailDomain, "bücher.de", Confidence::High, &[("a@xn--bcher-kva.de", "a@xn--bcher-kva.de")]);
}

#[test]
fn addresses_are_found_in_every_writing() {
    let v4 = [
        ("at 203.0.113.5:22", "203.0.113.5"),
        ("203[.]0[.]113[.]5", "203[.]0[.]113[.]5"),
        ("２０３．０．１１３．５", "２０３．０．１１３．５"),
        ("::ffff:203.0.113.5", "::ffff:203.0.113.5"),
        ("伺服器203.0.113.5。", "203.0.113.5"),
    ];
    assert_found(TermKind::Ip, "203.0.113.5", Confidence::High, &v4);
    assert_found(TermKind::Ip, "203.0.113.5", Confidence::Low, &[("version 203.0.113.5", "203.0.113.5")]);
    assert_absent(TermKind::Ip, "203.0.113.5", &["1.203.0.113.5", "203.0.113.50", "203.0.113.5.2", "v203.0.113.5"]);
    let v6 = [("[2001:DB8:0::1]:80", "2001:DB8:0::1"), ("2001[:]db8[:]0:0:0:0:0:1", "2001[:]db8[:]0:0:0:0:0:1")];
    assert_found(TermKind::Ip, "2001:db8::1", Confidence::High, &v6);
}

#[test]
fn every_network_that_holds_an_address_hits() {
    let terms = ["203.0.113.0/24", "203.0.0.0/16", "203.0.113.5/32", "2001:db8::/32", "203.0.114.0/24"];
    let terms =
        terms.iter().enumerate().map(|(id, text)| (id as TermId, Term::parse(TermKind::Cidr, text).expect(text)));
    let matcher = Matcher::new(terms).expect("matcher");
    let ids = |text| matcher.find(text).iter().map(|hit| hit.term).collect::<Vec<_>>();
    assert_eq!(ids("x 203.0.113.5 y"), [0, 1, 2]);
    assert_eq!(ids("203.0.113.6"), [0, 1]);
    assert_eq!(ids("2001:db8:ffff::"), [3]);
    assert!(ids("10.0.0.1").is_empty());
}

#[test]
fn phrases_are_found_whatever_parts_their_words() {
    let cases = [
        ("the Night Heron project", "Night Heron"),
        ("night-heron", "night-heron"),
        ("NIGHT,\r\n heron!", "NIGHT,\r\n heron"),
        ("night_heron.zip", "night_heron"),
    ];
    assert_found(TermKind::Phrase, "Night  heron", Confidence::High, &cases);
    assert_absent(TermKind::Phrase, "night heron", &["nightheron", "heron night", "night herons", "midnight heron"]);
    assert_found(
        TermKind::Phrase,
        "台積電 內部資料",
        Confidence::High,
        &[("到台積電的台积电、内部資料", "台积电、内部資料")],
    );
    assert_found(TermKind::Phrase, "a night at a", Confidence::High, &[("a a night at a x", "a night at a")]);
}

#[test]
fn business_numbers_stand_alone() {
    let labelled = [
        ("統編：22099131", "22099131"),
        ("VAT TW22099131", "22099131"),
        ("统一编号 ２２０９９１３１。", "２２０９９１３１"),
    ];
    assert_found(TermKind::BusinessNumber, "22099131", Confidence::High, &labelled);
    assert_found(TermKind::BusinessNumber, "22099131", Confidence::Low, &[("order 22099131, x", "22099131")]);
    let others = ["0222099131", "220991310", "1.22099131", "22099131.5", "22099131f", "x22099131"];
    assert_absent(TermKind::BusinessNumber, "22099131", &others);
}

#[test]
fn products_are_found_in_their_versions() {
    let product = "FortiOS >=7.0, <7.2.5";
    let inside = [("FortiOS 7.0.3", "FortiOS"), ("fortios v7.2.4 rce", "fortios"), ("FortiOS (7.0)", "FortiOS")];
    assert_found(TermKind::Product, product, Confidence::High, &inside);
    assert_found(TermKind::Product, product, Confidence::Low, &[("FortiOS exploit", "FortiOS")]);
    assert_absent(TermKind::Product, product, &["FortiOS 7.2.5", "FortiOS 6.4.12", "MyFortiOS 7.0.3"]);
    assert_found(TermKind::Product, "FortiOS", Confidence::High, &[("FortiOS 6.4", "FortiOS")]);
}

#[test]
fn persons_are_found_in_both_orders() {
    let cases = [
        ("Xiaoming Wang", "Xiaoming Wang"),
        ("WANG, XIAO MING", "WANG, XIAO MING"),
        ("by Wang Xiao-Ming.", "Wang Xiao-Ming"),
        ("xiaoming_wang.jpg", "xiaoming_wang"),
        ("販售王小明個資", "王小明"),
    ];
    assert_found(TermKind::Person, "王小明 WANG Xiao-Ming", Confidence::Low, &cases);
    assert_absent(TermKind::Person, "WANG Xiao-Ming", &["Xiaoming", "Wang Xiaomin", "Hwang Xiaoming"]);
}

#[test]
fn expressions_are_found_in_the_text_as_it_is() {
    let cases = [("see prj-2024x", "prj-2024"), ("見PRJ-1111。", "PRJ-1111")];
    assert_found(TermKind::Regex, r"PRJ-\d{4}", Confidence::High, &cases);
    assert_absent(TermKind::Regex, r"(?-i)PRJ-\d{4}", &["prj-2024", "ＰＲＪ-2024"]);
    let many = "ab1 ".repeat(expressions::MAX_HITS + 5);
    assert_eq!(found(TermKind::Regex, r"ab\d", &many).len(), expressions::MAX_HITS);
}

#[test]
fn a_snippet_ends_on_character_borders() {
    let text = "販售台積電資料";
    let matcher = Matcher::new([(1, Term::parse(TermKind::Keyword, "台積電").expect("term"))]).expect("matcher");
    let hit = matcher.find(text)[0];
    assert_eq!(&text[hit.snippet(text, 1)], "售台積電資");
    assert_eq!(hit.snippet(text, 99), 0..text.len());
}
