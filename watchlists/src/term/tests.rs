//! What is taken as a term, how it is written, and what is refused.

use super::*;

fn parse(kind: TermKind, text: &str) -> Result<String, TermError> {
    Term::parse(kind, text).map(|term| term.text)
}

fn refusal(kind: TermKind, text: &str) -> String {
    parse(kind, text).expect_err(text).to_string()
}

#[test]
fn domains_become_canonical() {
    let domain = |text| parse(TermKind::Domain, text).expect(text);
    assert_eq!(domain(" Example.COM. "), "example.com");
    assert_eq!(domain("*.example.com.tw"), "example.com.tw");
    assert_eq!(domain("ｅｘａｍｐｌｅ．ｃｏｍ"), "example.com");
    assert_eq!(domain("台積電.tw"), "xn--kprs60gl9s.tw");
    assert_eq!(domain("bücher.de"), "xn--bcher-kva.de");
    assert_eq!(domain("corp.local"), "corp.local");
}

#[test]
fn a_domain_is_readable_in_its_own_script() {
    let term = Term::parse(TermKind::Domain, "xn--bcher-kva.de").expect("domain");
    assert_eq!(term.readable(), "bücher.de");
    assert_eq!(term.to_string(), "domain bücher.de");
}

#[test]
fn broad_or_broken_domains_are_refused() {
    let refused = |text| parse(TermKind::Domain, text).expect_err(text);
    for suffix in ["com.tw", "tw", "co.uk", "github.io", "台灣", "公司.cn"] {
        let error = refused(suffix);
        let expected = matches!(error, TermError::PublicSuffix { .. } | TermError::NoDot { .. });
        assert!(expected, "{suffix}: {error}");
    }
    assert!(matches!(refused("com.tw"), TermError::PublicSuffix { .. }));
    assert!(matches!(refused("gmail.com"), TermError::FreeMail { .. }));
    assert!(matches!(refused("GMail.com."), TermError::FreeMail { .. }));
    assert!(matches!(refused("example"), TermError::NoDot { .. }));
    assert!(matches!(refused("203.0.113.7"), TermError::IpAddress { .. }));
    assert!(matches!(refused("2001:db8::1"), TermError::IpAddress { .. }));
    assert!(matches!(refused("https://example.com/"), TermError::NotADomain { .. }));
    assert!(matches!(refused("a@example.com"), TermError::NotADomain { .. }));
    let long_label = format!("{}.com", "a".repeat(64));
    let long_name = format!("{}com", "abcdefg.".repeat(40));
    let bad = [
        "a..com",
        ".example.com",
        "-a.com",
        "a-.com",
        "a b.com",
        "a_b.com",
        "example[.]com",
        "xn--a.com",
        "1.2.3",
        &long_label,
        &long_name,
        "*.*.com",
    ];
    for text in bad {
        assert!(matches!(refused(text), TermError::BadDomain { .. }), "{text}");
    }
}

#[test]
fn addresses_become_canonical_or_are_refused() {
    let email = |text| parse(TermKind::Email, text);
    assert_eq!(email("Ann.Lee+x@Example.COM").expect("address"), "ann.lee+x@example.com");
    assert_eq!(email("ann＠bücher.de").expect("address"), "ann@xn--bcher-kva.de");
    assert_eq!(email("ann@gmail.com").expect("address"), "ann@gmail.com");
    for text in ["example.com", "a@b@c.com", "@@"] {
        assert!(matches!(email(text), Err(TermError::NoAt { .. })), "{text}");
    }
    for text in ["@example.com", ".a@example.com", "a..b@example.com", "a b@example.com"] {
        assert!(matches!(email(text), Err(TermError::BadLocalPart { .. })), "{text}");
    }
    assert!(matches!(email("a@localhost"), Err(TermError::NoDot { .. })));
    assert!(matches!(email("a@b_c.com"), Err(TermError::BadDomain { .. })));
}

#[test]
fn keywords_keep_their_writing_and_share_a_key() {
    let term = |text| Term::parse(TermKind::Keyword, text).expect(text);
    assert_eq!(term("  Acme \n Corp ").text(), "Acme Corp");
    assert_eq!(term("台\u{200b}積電").text(), "台積電");
    assert_eq!(term("ＡＤＡＴＡ").key(), term("adata").key());
    assert_eq!(term("台積電").key(), term("台积电").key());
    for text in ["HP", "3M", "台電", "104", "C++ tools"] {
        term(text);
    }
}

#[test]
fn keywords_found_everywhere_are_refused() {
    for text in ["a", "Ａ", "台", "12", "!!", "c++"] {
        let error = parse(TermKind::Keyword, text).expect_err(text);
        assert!(matches!(error, TermError::TooShort { .. }), "{text}: {error}");
    }
    let long = "a".repeat(201);
    assert!(matches!(parse(TermKind::Keyword, &long), Err(TermError::TooLong { .. })));
}

#[test]
fn every_kind_refuses_an_empty_text() {
    for kind in TermKind::ALL {
        for text in ["", " \t\n", "\u{200b}\u{feff}"] {
            assert_eq!(parse(kind, text), Err(TermError::Empty { kind }));
        }
        assert_eq!(kind.name().parse(), Ok(kind));
    }
    assert!("Domain".parse::<TermKind>().is_err());
}

#[test]
fn refusals_are_sentences_that_say_what_to_do() {
    assert_eq!(
        refusal(TermKind::Domain, "com.tw"),
        "\"com.tw\" is a public suffix, so every domain under it would match: \
         write the organisation's own domain, such as example.com.tw"
    );
    assert_eq!(refusal(TermKind::Keyword, " "), "the keyword is empty: write what to watch for");
    assert!(!refusal(TermKind::Email, "a\u{1b}[2J").contains('\u{1b}'));
}

#[test]
fn data_is_checked_when_read_back() {
    let term = Term::parse(TermKind::Domain, "Example.com").expect("domain");
    let json = serde_json::to_string(&term).expect("json");
    assert_eq!(json, r#"{"kind":"domain","text":"example.com"}"#);
    assert_eq!(serde_json::from_str::<Term>(&json).expect("term"), term);
    assert!(serde_json::from_str::<Term>(r#"{"kind":"domain","text":"com.tw"}"#).is_err());
}

#[test]
fn the_other_kinds_become_canonical() {
    for (kind, text, canonical) in [
        (TermKind::EmailDomain, " @Example.COM", "@example.com"),
        (TermKind::EmailDomain, "＠bücher.de", "@xn--bcher-kva.de"),
        (TermKind::EmailDomain, "example.com", "@example.com"),
        (TermKind::Ip, "2001:DB8:0:0::1", "2001:db8::1"),
        (TermKind::Ip, "::ffff:203.0.113.5", "203.0.113.5"),
        (TermKind::Cidr, "2001:DB8::/32", "2001:db8::/32"),
        (TermKind::Phrase, "Night  Heron", "Night Heron"),
        (TermKind::BusinessNumber, "２２０９９１３１", "22099131"),
        (TermKind::Product, "FortiOS  V7.x", "FortiOS 7.x"),
        (TermKind::Person, "WANG  Xiao-Ming", "WANG Xiao-Ming"),
        (TermKind::Regex, " PRJ-  \\d{4} ", "PRJ-  \\d{4}"),
    ] {
        assert_eq!(parse(kind, text).as_deref(), Ok(canonical), "{kind} {text}");
        assert_eq!(parse(kind, canonical).as_deref(), Ok(canonical), "{kind} {canonical}");
    }
    let person = |text| Term::parse(TermKind::Person, text).expect(text).key();
    assert_eq!(person("WANG Xiao-Ming"), person("Xiao-Ming Wang"));
}
