//! Context rules in texts.

use super::*;
use crate::term::{Context, Near};

fn near(words: &[&str], within: usize) -> Option<Near> {
    Some(Near { any_of: words.iter().map(|&word| word.to_owned()).collect(), within })
}

fn places(kind: TermKind, term: &str, context: Context, text: &str) -> Vec<(usize, Confidence)> {
    let term = Term::parse(kind, term).expect(term).with_context(context).expect("context");
    let matcher = Matcher::new([(1, term)]).expect("matcher");
    matcher.find(text).iter().map(|hit| (hit.start, hit.confidence)).collect()
}

fn count(context: &Context, text: &str) -> usize {
    places(TermKind::Keyword, "Delta", context.clone(), text).len()
}

#[test]
fn a_word_must_stand_near() {
    let context = Context { near: near(&["電子", "power supply"], 10), ..Context::default() };
    for text in [
        "Delta 電子",
        "电子的Delta",
        "POWER\n supply by Delta",
        "Delta 1234567 電子",
        "power supply12345678 Delta, power supply",
    ] {
        assert_eq!(count(&context, text), 1, "{text}");
    }
    for text in ["Delta", "Delta 12345678901 電子", "Delta power supplys", "電子 12345678901 Delta"] {
        assert_eq!(count(&context, text), 0, "{text}");
    }
    let itself = Context { near: near(&["delta"], 10), ..Context::default() };
    assert_eq!((count(&itself, "Delta"), count(&itself, "Delta Delta")), (0, 2));
}

#[test]
fn exclusions_act_near_the_hit_only() {
    let context = Context { unless_near: near(&["variant", "Delta Air Lines"], 12), ..Context::default() };
    let text = format!("the Delta variant. {} Delta database", "x ".repeat(20));
    let found = places(TermKind::Keyword, "Delta", context.clone(), &text);
    assert_eq!(found, [(text.rfind("Delta").expect("second"), Confidence::High)]);
    assert_eq!(count(&context, "fly Delta Air Lines"), 0);
}

#[test]
fn all_words_must_stand_somewhere() {
    let context = Context { all_of: vec!["資料".into(), "sale".into()], ..Context::default() };
    let far = format!("Delta {} 资料 for SALE", "x ".repeat(3000));
    assert_eq!(count(&context, &far), 1);
    assert_eq!(count(&context, "Delta 資料 wholesale"), 0);
}

#[test]
fn the_words_asked_for_make_a_person_sure() {
    let text = "王小明 台積電 工程師";
    let context = Context { near: near(&["台積電"], 5), ..Context::default() };
    assert_eq!(places(TermKind::Person, "王小明", context, text), [(0, Confidence::High)]);
    let unless = Context { unless_near: near(&["聯電"], 5), ..Context::default() };
    assert_eq!(places(TermKind::Person, "王小明", unless, text), [(0, Confidence::Low)]);
}

#[test]
fn distances_are_counted_in_folded_text_for_every_kind() {
    let context = Context { near: near(&["leak"], 3), ..Context::default() };
    for (kind, term, text) in [
        (TermKind::Domain, "example.com", "www[.]example[.]com \u{200b}\u{200b}  \u{200b} ( leak"),
        (TermKind::Ip, "203.0.113.5", "leak   /   203[.]0[.]113[.]5"),
        (TermKind::Regex, "acme[0-9]", "ＬＥＡＫ   acme1"),
    ] {
        assert_eq!(places(kind, term, context.clone(), text).len(), 1, "{term}");
    }
    assert!(places(TermKind::Ip, "203.0.113.5", context, "leak 123 203.0.113.5").is_empty());
}
