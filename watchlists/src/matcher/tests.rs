//! The rules of matching, kind by kind, with the trade's collisions.

use super::*;

fn matcher(terms: &[(TermKind, &str)]) -> Matcher {
    let terms =
        terms.iter().enumerate().map(|(id, &(kind, text))| (id as TermId, Term::parse(kind, text).expect(text)));
    Matcher::new(terms).expect("matcher")
}

/// What one term matches in `text`, as written there.
fn found<'t>(kind: TermKind, term: &str, text: &'t str) -> Vec<(&'t str, Form)> {
    let hits = matcher(&[(kind, term)]).find(text);
    assert!(hits.iter().all(|hit| hit.matched == &text[hit.start..hit.end] && hit.kind == kind));
    hits.iter().map(|hit| (hit.matched, hit.form)).collect()
}

#[track_caller]
fn assert_found(kind: TermKind, term: &str, text: &str, matched: &str, form: Form) {
    assert_eq!(found(kind, term, text), [(matched, form)], "{term} in {text:?}");
}

#[track_caller]
fn assert_absent(kind: TermKind, term: &str, texts: &[&str]) {
    for text in texts {
        assert_eq!(found(kind, term, text), [], "{term} in {text:?}");
    }
}

#[test]
fn a_domain_is_found_with_its_subdomains() {
    for (text, host) in [
        ("example.com", "example.com"),
        ("see mail.Example.com now", "mail.Example.com"),
        ("https://a.b-c.example.com:8443/x?y", "a.b-c.example.com"),
        ("user@example.com", "example.com"),
        ("It was example.com.", "example.com"),
        ("example.com...", "example.com"),
        ("example.com.Then we", "example.com"),
        ("請見example.com下載", "example.com"),
        ("見example.com。資料", "example.com"),
        ("*.example.com", "example.com"),
        ("-example.com", "example.com"),
        ("..example.com", "example.com"),
        ("example.com_users.csv", "example.com"),
        ("example.com.sql", "example.com"),
        ("example.com.zip", "example.com"),
        ("example.com-2024.7z", "example.com"),
        ("db_example.com", "example.com"),
        ("_dmarc.example.com", "_dmarc.example.com"),
        ("?u=https%3A%2F%2Fwww.example.com%2F", "www.example.com"),
        ("?u=%2fexample.com", "example.com"),
    ] {
        assert_found(TermKind::Domain, "example.com", text, host, Form::Plain);
    }
}

#[test]
fn other_domains_are_not_found() {
    assert_absent(
        TermKind::Domain,
        "example.com",
        &[
            "notexample.com",
            "my-example.com",
            "example.com.evil.tw",
            "example.com.tw",
            "example.community",
            "example.com-evil.tw",
            "example.comé",
            "éxample.com",
            "example com",
            "example. com",
            "exampleXcom",
            "example.com[.]evil[.]tw",
            "x2example.com",
            "examplé.com",
            "example.co",
            "example.com.abcdef.onion",
        ],
    );
}

#[test]
fn a_disarmed_domain_is_found() {
    for (text, host) in [
        ("example[.]com", "example[.]com"),
        ("at mail[.]example(.)com/x", "mail[.]example(.)com"),
        ("example{.}com", "example{.}com"),
        ("Example[dot]com", "Example[dot]com"),
        ("go to example (dot) com today", "example (dot) com"),
        ("example。com", "example。com"),
        ("hxxp://example.com/", "example.com"),
        ("hXXps://www.example[.]com", "www.example[.]com"),
        ("hxxp[:]//example.com", "example.com"),
    ] {
        assert_found(TermKind::Domain, "example.com", text, host, Form::Defanged);
    }
}

#[test]
fn a_folded_domain_is_found() {
    for host in ["ｅｘａｍｐｌｅ．ｃｏｍ", "exa\u{200b}mple.com"] {
        assert_found(TermKind::Domain, "example.com", host, host, Form::Folded);
    }
}

#[test]
fn dots_set_apart_are_less_sure() {
    for (text, host) in [
        ("see mail.Example . com now", "mail.Example . com"),
        ("example .com", "example .com"),
        ("example  dot\ncom", "example  dot\ncom"),
        ("it . example . com", "it . example . com"),
    ] {
        let hits = matcher(&[(TermKind::Domain, "example.com")]).find(text).into_iter();
        let hits: Vec<_> = hits.map(|hit| (hit.matched, hit.form, hit.confidence)).collect();
        assert_eq!(hits, [(host, Form::Defanged, Confidence::Low)], "{text}");
    }
    assert_found(TermKind::Email, "a@b.com", "a at b dot com", "a at b dot com", Form::Defanged);
    assert_found(TermKind::Domain, "example.com", "hacked it . example.com", "example.com", Form::Plain);
    assert_found(TermKind::Domain, "acme.com", "I am at acme.com . it is", "acme.com", Form::Plain);
    assert_absent(TermKind::Domain, "acme.it", &["acme. it is"]);
}

#[test]
fn names_that_only_look_alike_are_marked_so() {
    for (kind, term, text, matched) in [
        (TermKind::Keyword, "ADATA", "sells 4D4T4 data", "4D4T4"),
        (TermKind::Keyword, "Gigabyte", "販售Gig4byte資料", "Gig4byte"),
        (TermKind::Keyword, "Acer", "АСЕr leak", "АСЕr"),
        (TermKind::Keyword, "Acme Co., Ltd.", "4cme db", "4cme"),
        (TermKind::Domain, "example.com", "login.examp1e.com/x", "login.examp1e.com"),
        (TermKind::Domain, "example.com", "exarnple.com.", "exarnple.com"),
        (TermKind::Domain, "example.com", "exampIe.com", "exampIe.com"),
        (TermKind::Domain, "example.com", "еxample.com", "еxample.com"),
        (TermKind::Domain, "example.com", "www.xn--xample-2of.com", "www.xn--xample-2of.com"),
    ] {
        let hits = matcher(&[(kind, term)]).find(text);
        let hits: Vec<_> = hits.iter().map(|hit| (hit.matched, hit.form, hit.confidence)).collect();
        assert_eq!(hits, [(matched, Form::LookAlike, Confidence::Low)], "{term} in {text}");
    }
    assert_absent(TermKind::Keyword, "Decade", &["d3c4d3"]);
    assert_absent(TermKind::Keyword, "ASE", &["a5e"]);
    assert_absent(TermKind::Domain, "modem.com", &["example.modem.com.tw"]);
    assert_found(TermKind::Keyword, "web3", "web3", "web3", Form::Plain);
}

#[test]
fn a_company_is_found_without_its_legal_form() {
    for (term, text, matched) in [
        ("台灣積體電路製造股份有限公司", "台灣積體電路製造的資料", "台灣積體電路製造"),
        ("Acme Co., Ltd.", "the ACME database", "ACME"),
        ("ООО «Ромашка»", "база Ромашка", "Ромашка"),
    ] {
        assert_found(TermKind::Keyword, term, text, matched, Form::Folded);
    }
    assert_absent(TermKind::Keyword, "Delta Co.", &["the Delta variant"]);
    assert_absent(TermKind::Keyword, "統一股份有限公司", &["統一發票"]);
    assert_found(TermKind::Keyword, "Acme Co., Ltd.", "Acme Co., Ltd.", "Acme Co., Ltd.", Form::Plain);
    assert_found(TermKind::Keyword, "ООО «Ромашка»", "ООО «Ромашка»,", "ООО «Ромашка»", Form::Plain);
}

#[test]
fn an_internationalised_domain_is_found_in_both_spellings() {
    for term in ["bücher.de", "xn--bcher-kva.de"] {
        for host in ["www.bücher.de", "XN--BCHER-KVA.de", "bu\u{308}cher.de"] {
            assert_eq!(found(TermKind::Domain, term, host).len(), 1, "{host}");
        }
        assert_absent(TermKind::Domain, term, &["bucher.de", "buchér.de"]);
    }
    assert_absent(TermKind::Domain, "bucher.de", &["bücher.de"]);
    assert_found(TermKind::Domain, "台積電.tw", "販售台積電.tw的資料", "台積電.tw", Form::Plain);
    assert_found(TermKind::Domain, "台積電.tw", "台积电。tw", "台积电。tw", Form::Defanged);
}

#[test]
fn an_address_is_found_exactly() {
    for text in [
        "a@b.com",
        "<A@B.com>",
        "mailto:a@b.com?x",
        "a@b.com:hunter2",
        "信箱a@b.com。",
        "to=%22a@b.com",
        "- a@b.com",
        "-a@b.com",
    ] {
        let hits = found(TermKind::Email, "a@b.com", text);
        assert_eq!(hits.len(), 1, "{text}");
        assert!(hits[0].0.eq_ignore_ascii_case("a@b.com") && hits[0].1 == Form::Plain);
    }
    assert_absent(
        TermKind::Email,
        "a@b.com",
        &[
            "xa@b.com",
            "x.a@b.com",
            "x_a@b.com",
            "x-a@b.com",
            "x+a@b.com",
            "a@b.com.tw",
            "a@b.community",
            "a@mail.b.com",
            "a+x@b.com",
            "á@b.com",
            "1a@b.com",
        ],
    );
}

#[test]
fn a_disarmed_address_is_found() {
    for text in ["a[at]b.com", "a(at)b[.]com", "a[@]b.com", "a (at) b (dot) com", "a%40b.com"] {
        assert_found(TermKind::Email, "a@b.com", text, text, Form::Defanged);
    }
    assert_found(TermKind::Email, "a@b.com", "x a＠b.com", "a＠b.com", Form::Folded);
    assert_found(TermKind::Email, "josé@b.com", "JOSÉ@b.com", "JOSÉ@b.com", Form::Plain);
    assert_absent(TermKind::Email, "josé@b.com", &["jose@b.com"]);
}

#[test]
fn keywords_do_not_collide_with_the_words_of_the_trade() {
    for (term, text) in [
        ("ADATA", "the metadata of databases"),
        ("ASE", "a database, a release"),
        ("ASUS", "Pegasus"),
        ("ACER", "a racer, tracer"),
        ("EDOM", "freedom"),
        ("MSI", "MSI2 and msix"),
        ("Delta", "deltaic"),
        ("сбер", "Сбербанк"),
    ] {
        assert_absent(TermKind::Keyword, term, &[text]);
    }
}

#[test]
fn keywords_are_found_at_word_boundaries() {
    for (term, text) in [
        ("ADATA", "ADATA的資料"),
        ("ADATA", "販售ADATA資料"),
        ("ADATA", "adata's files"),
        ("ASE", "ASE-Kaohsiung"),
        ("Acer", "acer_db.zip"),
        ("Acer", "dump/acer.sql"),
        ("ACER", "acer2024.7z"),
        ("ACER", "20240115acer"),
        ("ACER", "#acer"),
        ("Сбер", "«СБЕР»"),
        ("C++ Lab", "the c++ lab."),
        ("+plus", "a+plus"),
    ] {
        let hits = found(TermKind::Keyword, term, text);
        assert_eq!(hits.len(), 1, "{term} in {text}");
        assert_eq!(hits[0].1, Form::Plain);
    }
}

#[test]
fn digits_belong_to_a_name_unless_they_are_a_date() {
    for text in ["acer2", "acer12345", "acer3024", "7acer", "acer202401", "acer201901011"] {
        assert_absent(TermKind::Keyword, "acer", &[text]);
    }
    assert_absent(TermKind::Keyword, "104", &["2104", "1042", "a104", "1042024"]);
    assert_found(TermKind::Keyword, "104", "在104人力銀行", "104", Form::Plain);
}

#[test]
fn chinese_is_found_anywhere_in_either_script() {
    assert_found(TermKind::Keyword, "台積電", "販售台積電資料", "台積電", Form::Plain);
    for (text, matched) in [("出售台积电数据", "台积电"), ("臺積電", "臺積電"), ("台 積 電", "台 積 電")]
    {
        assert_found(TermKind::Keyword, "台積電", text, matched, Form::Folded);
    }
    assert_found(TermKind::Keyword, "统一超商", "統一超商的會員", "統一超商", Form::Folded);
    assert_absent(TermKind::Keyword, "中華電信", &["中華電", "中華\n電信"]);
}

#[test]
fn phrases_match_any_white_space() {
    for text in ["Night Heron", "NIGHT\u{3000}heron", "Night \r\n\tHeron", "Night\u{a0}Heron"] {
        assert_eq!(found(TermKind::Keyword, "Night  Heron", text).len(), 1, "{text:?}");
    }
    assert_absent(TermKind::Keyword, "Night Heron", &["NightHeron", "Night-Heron", "Night Herons"]);
    assert_found(TermKind::Keyword, "Acer 宏碁", "到Acer宏碁買", "Acer宏碁", Form::Folded);
    assert_found(TermKind::Keyword, "ADATA", "ＡＤＡＴＡ", "ＡＤＡＴＡ", Form::Folded);
}

#[test]
fn every_term_of_every_member_has_its_hits() {
    let matcher = matcher(&[
        (TermKind::Keyword, "中華電信"),
        (TermKind::Keyword, "中华电信"),
        (TermKind::Keyword, "中華電"),
        (TermKind::Domain, "example.com"),
        (TermKind::Domain, "mail.example.com"),
        (TermKind::Email, "a@mail.example.com"),
        (TermKind::Domain, "example.com"),
    ]);
    let hits = matcher.find("中華電信 a@mail.example.com");
    let found: Vec<(TermId, &str)> = hits.iter().map(|hit| (hit.term, hit.matched)).collect();
    assert_eq!(
        found,
        [
            (2, "中華電"),
            (0, "中華電信"),
            (1, "中華電信"),
            (5, "a@mail.example.com"),
            (3, "mail.example.com"),
            (4, "mail.example.com"),
            (6, "mail.example.com"),
        ]
    );
}

#[test]
fn a_term_is_found_each_time_it_stands_there() {
    let text = "example.com example.com.example.com 2TB";
    let hosts: Vec<&str> = found(TermKind::Domain, "example.com", text).iter().map(|&(host, _)| host).collect();
    assert_eq!(hosts, ["example.com", "example.com.example.com"]);
}

#[test]
fn without_terms_nothing_is_found() {
    let matcher = matcher(&[]);
    assert!(matcher.is_empty() && matcher.find("example.com").is_empty());
}

#[test]
fn an_endless_host_is_cut_at_a_label() {
    let text = format!("{}example.com", "abc.".repeat(1000));
    let hits = found(TermKind::Domain, "example.com", &text);
    assert_eq!(hits.len(), 1);
    assert!(hits[0].0.len() <= 253 + "example.com".len() && hits[0].0.starts_with("abc."));
}
