//! Texts of notices: what they must say, and what hostile posts must not make them say.

use proptest::prelude::*;

use super::*;
use crate::alerts::samples;
use crate::store::model::{HitRow, PostRow};

fn parts(rendered: &Rendered) -> [&str; 4] {
    [&rendered.subject, &rendered.text, &rendered.html, &rendered.json]
}

fn all(finding: &Finding) -> Vec<Rendered> {
    let desk = samples::desk();
    let both = ["zh-TW", "en"];
    let members = both.iter().map(|lang| member(finding, lang, &desk).unwrap());
    members.chain(both.iter().map(|lang| reviewer(finding, lang, &desk).unwrap())).collect()
}

#[test]
fn a_members_notice_says_claims_and_asks_one_thing() {
    let finding =
        samples::finding("Selling 2 TB acme.example", "Selling 2 TB of internal data of acme.example, price $5,000.");
    let desk = samples::desk();
    let en = member(&finding, "en", &desk).unwrap();
    assert!(en.subject.starts_with("[TLP:AMBER] Somebody claims to sell data said to be yours (NH-"), "{}", en.subject);
    for words in [
        "[TLP:AMBER]",
        "claims to sell",
        "2 TB",
        "$5,000",
        "nightseller",
        "Spirit forum",
        "forumexample[.]onion",
        "hxxp://",
        "2026-03-02 09:10 (Asia/Taipei), 2026-03-02 01:10 UTC",
        "not been verified",
        "Please verify whether the data is yours",
        "secret",
        "TWCERT/CC",
    ] {
        assert!(en.text.contains(words), "{words} is missing in\n{}", en.text);
    }
    let zh = member(&finding, "zh-TW", &desk).unwrap();
    for words in ["[TLP:AMBER]", "聲稱出售", "2 TB", "尚未經查證", "請查證", "保密", "範例電子"] {
        assert!(zh.text.contains(words) && zh.html.contains(words), "{words} is missing in\n{}", zh.text);
    }
    assert!(zh.subject.contains("聲稱出售"));
}

#[test]
fn a_claim_is_never_called_a_fact() {
    for action in [
        "Selling database",
        "leaked database 2M rows",
        "pay the ransom for the data",
        "WTB database",
        "hacked",
        "hello",
    ] {
        let finding = samples::finding("x", &format!("{action} acme.example"));
        let desk = samples::desk();
        for language in ["zh-TW", "en"] {
            let rendered = member(&finding, language, &desk).unwrap();
            let own = rendered.text.split("\n>").next().unwrap().to_lowercase() + &rendered.subject.to_lowercase();
            for word in ["breach", "洩漏", "外洩", "洩露", "was leaked", "was stolen"] {
                assert!(!own.contains(word), "{word} in\n{own}");
            }
        }
    }
}

#[test]
fn no_link_can_be_followed() {
    let finding =
        samples::finding("see https://evil.example/a", "acme.example https://forum.example/x hxxp ftp://files.example");
    for rendered in all(&finding) {
        for part in parts(&rendered) {
            for bad in
                ["https://evil", "evil.example", "forum.example", "forumexample.onion", "ftp://", "//acme.example"]
            {
                assert!(!part.contains(bad), "{bad} in\n{part}");
            }
        }
    }
}

#[test]
fn a_reviewers_notice_says_why_and_links_to_the_page() {
    let mut finding = samples::finding("t", "Selling the database of acme.example");
    finding.alert.state = AlertState::Held;
    finding.alert.reason = "applicant_under_review".into();
    let rendered = reviewer(&finding, "en", &samples::desk()).unwrap();
    let link = format!("http://127.0.0.1:8750/findings/{}", finding.alert.id);
    for words in [link.as_str(), "still under review", "範例電子", "claims to sell", "critical"] {
        assert!(rendered.text.contains(words), "{words} is missing in\n{}", rendered.text);
    }
    assert!(rendered.html.contains(&format!("<a href=\"{link}\">")));
}

#[test]
fn another_members_name_is_not_told() {
    let mut finding = samples::finding("Globex and acme.example", "Selling data of acme.example and Globex");
    let place = |text: &str| text.find("Globex").unwrap() as u64;
    let other = |field: &str, start: u64| HitRow {
        member: 2,
        term_text: "globex".into(),
        field: field.into(),
        start,
        end: start + 6,
        ..samples::hit(&PostRow { body: "Globex".into(), ..samples::post() }, 2, "Globex")
    };
    finding.others = vec![other("title", place(&finding.post.title)), other("body", place(&finding.post.body))];
    for language in ["zh-TW", "en"] {
        let rendered = member(&finding, language, &samples::desk()).unwrap();
        assert!(parts(&rendered).iter().all(|part| !part.contains("Globex")), "{}", rendered.text);
    }
}

#[test]
fn a_source_gone_blind_is_told() {
    let health = SourceHealth {
        source: "spirit".into(),
        name: "Spirit <forum>".into(),
        healthy: false,
        outcome: "blocked(captcha)".into(),
        since: samples::now(),
        moved_to: None,
    };
    let rendered = soc(&health, "en", &samples::desk()).unwrap();
    assert_eq!(rendered.subject, "[TLP:AMBER+STRICT] A source is not being read: Spirit <forum>");
    assert!(
        rendered.html.contains("Spirit &#60;forum&#62;") && rendered.text.contains("blocked(captcha)"),
        "{}",
        rendered.html
    );
}

#[test]
fn a_move_is_told_as_a_question() {
    let health = SourceHealth {
        source: "spirit".into(),
        name: "Spirit".into(),
        healthy: false,
        outcome: "moved(new.example)".into(),
        since: samples::now(),
        moved_to: Some("http://new.example/forum/".into()),
    };
    let rendered = soc(&health, "en", &samples::desk()).unwrap();
    assert_eq!(rendered.subject, "[TLP:AMBER+STRICT] A source says that it has moved: Spirit");
    assert!(rendered.text.contains("/sources/spirit"), "the page to decide on: {}", rendered.text);
    assert!(!rendered.text.contains("http://new.example"), "a live address: {}", rendered.text);
}

#[test]
fn an_unknown_marking_is_the_strict_one() {
    let mut finding = samples::finding("t", "acme.example");
    finding.source.tlp = "purple".into();
    assert!(member(&finding, "en", &samples::desk()).unwrap().subject.starts_with("[TLP:AMBER+STRICT]"));
}

/// Pieces that have broken mail and pages before.
fn hostile_text() -> impl Strategy<Value = String> {
    let pieces = prop_oneof![
        Just("<script>alert(1)</script>".to_owned()),
        Just("\"><img src=x onerror=alert(1)>".to_owned()),
        Just("\r\nBcc: all@victim.example\r\n".to_owned()),
        Just("\u{1b}]0;x\u{7}\u{1b}[2J\u{9b}31m".to_owned()),
        Just("\u{202e}\u{2066}\u{200b}\u{feff}".to_owned()),
        Just("{{ page }}{% raw %}".to_owned()),
        Just("\u{0}\u{85}\u{2028}".to_owned()),
        Just("電".repeat(400)),
        "\\PC{0,30}",
    ];
    prop::collection::vec(pieces, 0..6).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn hostile_posts_stay_text(title in hostile_text(), before in hostile_text(), after in hostile_text(), author in hostile_text()) {
        let mut finding = samples::finding(&title, &format!("{before} acme.example {after}"));
        finding.post.author = Some(author.clone());
        finding.post.url = format!("http://x.onion/{author}");
        for rendered in all(&finding) {
            prop_assert!(!rendered.subject.contains(['\r', '\n']));
            prop_assert!(rendered.subject.chars().count() <= MAX_SUBJECT);
            prop_assert!(!rendered.html.contains("<script") && !rendered.html.contains("<img"));
            for part in parts(&rendered) {
                prop_assert!(!part.chars().any(|c| (c.is_control() && c != '\n') || crate::assess::is_invisible(c)), "{part:?}");
                prop_assert!(part.len() < 40_000);
            }
            prop_assert!(serde_json::from_str::<serde_json::Value>(&rendered.json).is_ok());
        }
    }

    #[test]
    fn no_password_is_ever_shown(
        core in "[A-Za-z0-9!#$%&*+=?^~\"'<>;,.:|/-]{4,20}", form in 0_usize..8, pad in 0_usize..400, in_title: bool,
    ) {
        // The mark makes the secret different from every word of the notice itself.
        let secret = format!("Q7{core}z9Q");
        let pair = match form {
            0 => format!("joe@acme.example:{secret}"),
            1 => format!("joe@acme.example;{secret}"),
            2 => format!("joe@acme.example | {secret}"),
            3 => format!("acme.example password: {secret}"),
            4 => format!("acme.example 密碼：{secret}"),
            5 => format!("https://acme.example/login:joe:{secret}"),
            6 => format!("('joe@acme.example','{}','x')", secret.replace(['\'', ' '], "_")),
            _ => format!("joe@acme.example\u{200b}：{secret}"),
        };
        let body = format!("{} {pair}\n{}", "x ".repeat(pad), "y ".repeat(pad));
        let title = if in_title { pair.clone() } else { "t".to_owned() };
        for rendered in all(&samples::finding(&title, &body)) {
            for part in parts(&rendered) {
                // Of an overlong or oddly quoted secret not even the marked beginning or end may show.
                prop_assert!(!part.contains(&secret) && !part.contains("z9Q") && !part.contains("Q7"), "{secret} in\n{part}");
            }
        }
    }
}
