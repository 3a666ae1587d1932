//! Every refusal is one sentence that says what to write instead.

use super::*;

fn refusal(kind: TermKind, text: &str) -> String {
    Term::parse(kind, text).expect_err(text).to_string()
}

#[test]
fn names_and_numbers() {
    for (kind, text, sentence) in [
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
    ] {
        assert_eq!(refusal(kind, text), sentence);
    }
}

#[test]
fn addresses_and_networks() {
    for (kind, text, sentence) in [
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
    ] {
        assert_eq!(refusal(kind, text), sentence);
    }
}

#[test]
fn products_persons_and_expressions() {
    for (kind, text, sentence) in [
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
    ] {
        assert_eq!(refusal(kind, text), sentence);
    }
}

#[test]
fn shared_mail_domains_and_special_networks() {
    for text in ["gmail.com", "yahoo.com.tw", "hinet.net", "ms28.hinet.net", "qq.com", "mail.ru", "163.com"] {
        for kind in [TermKind::Domain, TermKind::EmailDomain] {
            assert!(matches!(Term::parse(kind, text), Err(TermError::FreeMail { .. })), "{kind} {text}");
        }
        assert!(Term::parse(TermKind::Email, &format!("ann@{text}")).is_ok(), "{text}");
    }
    for text in ["10.0.0.0/8", "::1/128", "fe80::/64", "ff02::/16", "224.0.0.0/24", "100.64.0.0/16"] {
        assert!(matches!(Term::parse(TermKind::Cidr, text), Err(TermError::SpecialAddress { .. })), "{text}");
    }
}
