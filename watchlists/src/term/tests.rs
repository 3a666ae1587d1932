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

const REFUSALS: &[(TermKind, &str, &str)] = &[
    (
        TermKind::Keyword,
        "a",
        "the keyword \"a\" is too short and would be found everywhere: write at least two letters or three digits",
    ),
    (
        TermKind::EmailDomain,
        "@gmail.com",
        "\"gmail.com\" is a free-mail domain, so strangers' addresses would match: write single e-mail addresses instead",
    ),
    (
        TermKind::EmailDomain,
        "a@b.com",
        "\"a@b.com\" is an e-mail address: write its domain alone, such as @example.com, or watch it as an email",
    ),
    (TermKind::Ip, "203.0.113", "\"203.0.113\" is not an IP address: write one such as 203.0.113.5 or 2001:db8::1"),
    (
        TermKind::Ip,
        "192.168.1.1",
        "\"192.168.1.1\" is reserved for private networks and says nothing about its owner: write a public address",
    ),
    (
        TermKind::Cidr,
        "203.0.113.5",
        "\"203.0.113.5\" is not a network: write it with its prefix length, such as 203.0.113.0/24 or 2001:db8::/48",
    ),
    (
        TermKind::Cidr,
        "0.0.0.0/1",
        "the network \"0.0.0.0/1\" is too wide to be one organisation's: write prefixes of /16 or longer",
    ),
    (
        TermKind::Cidr,
        "2001::/16",
        "the network \"2001::/16\" is too wide to be one organisation's: write prefixes of /32 or longer",
    ),
    (
        TermKind::Cidr,
        "203.0.113.5/24",
        "\"203.0.113.5/24\" names an address inside the network 203.0.113.0/24: write 203.0.113.0/24, or the address alone as an ip",
    ),
    (
        TermKind::Cidr,
        "127.0.0.0/24",
        "\"127.0.0.0/24\" is reserved for the machine itself and says nothing about its owner: write a public address",
    ),
    (TermKind::Phrase, "heron", "the phrase \"heron\" is one word: watch it as a keyword"),
    (
        TermKind::Phrase,
        "a b",
        "the phrase \"a b\" is too short and would be found everywhere: write at least two letters or three digits",
    ),
    (
        TermKind::BusinessNumber,
        "22099132",
        "the unified business number 22099132 has a wrong check digit: compare it with the registration",
    ),
    (
        TermKind::Product,
        ">=7.0",
        "the product \">=7.0\" has no name before its versions: write it such as FortiOS >=7.0, <7.2.5",
    ),
    (
        TermKind::Product,
        "FortiOS >=seven",
        "\">=seven\" of the product \"FortiOS >=seven\" is no version: write such as >=7.0, <7.2.5 or 7.x",
    ),
    (
        TermKind::Product,
        "FortiOS >8, <7",
        "no version is in the range of the product \"FortiOS >8, <7\": compare its limits",
    ),
    (TermKind::Person, "Xiaoming", "\"Xiaoming\" is one name, which many people bear: write family and given name"),
    (
        TermKind::Regex,
        "x*",
        "the regular expression \"x*\" matches the empty text, so it would be found everywhere: require a character",
    ),
    (
        TermKind::Regex,
        ".+",
        "the regular expression \".+\" matches nearly any text: fix at least two letters or four digits of what it finds",
    ),
    (
        TermKind::Regex,
        "a(?!b)",
        "the regular expression \"a(?!b)\" cannot be read at character 2: look-around is not taken, because its time is not bounded: use a context rule instead",
    ),
    (
        TermKind::Regex,
        "(acme\\w{100}){100}",
        "the regular expression \"(acme\\\\w{100}){100}\" is too large once compiled: shorten it or its repetitions",
    ),
];

#[test]
fn each_refusal_is_one_sentence() {
    for &(kind, text, sentence) in REFUSALS {
        assert_eq!(refusal(kind, text), sentence);
    }
    for text in ["gmail.com", "yahoo.com.tw", "hinet.net", "ms28.hinet.net", "qq.com", "mail.ru", "163.com"] {
        for kind in [TermKind::Domain, TermKind::EmailDomain] {
            assert!(matches!(parse(kind, text), Err(TermError::FreeMail { .. })), "{kind} {text}");
        }
        assert!(parse(TermKind::Email, &format!("ann@{text}")).is_ok(), "{text}");
    }
    for text in ["10.0.0.0/8", "::1/128", "fe80::/64", "ff02::/16", "224.0.0.0/24", "100.64.0.0/16"] {
        assert!(matches!(parse(TermKind::Cidr, text), Err(TermError::SpecialAddress { .. })), "{text}");
    }
}
