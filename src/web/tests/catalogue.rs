//! The catalogue: complete in both languages, nothing missing, nothing left over.

use std::collections::BTreeSet;
use std::path::Path;

use regex::Regex;

use crate::alerts::notices::SkipReason;
use crate::alerts::route::{HoldReason, ReleaseReason};
use crate::store::model::*;
use crate::web::i18n::{Lang, keys};

fn sources(dir: &Path, out: &mut String) {
    for entry in std::fs::read_dir(dir).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() && !path.ends_with("tests") {
            sources(&path, out);
        } else if path.extension().is_some_and(|e| e == "rs" || e == "html") {
            out.push_str(&std::fs::read_to_string(&path).expect("a text"));
        }
    }
}

fn used(pattern: &str) -> BTreeSet<String> {
    let mut text = String::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/web"), &mut text);
    Regex::new(pattern).expect("a pattern").captures_iter(&text).map(|c| c[1].to_owned()).collect()
}

#[test]
fn both_languages_have_the_same_keys() {
    assert_eq!(keys(Lang::Zh), keys(Lang::En));
    for lang in Lang::ALL {
        for key in keys(lang) {
            assert!(!lang.t(&key).trim().is_empty(), "{key}");
            assert_eq!(Lang::Zh.t(&key).matches("{}").count(), Lang::En.t(&key).matches("{}").count(), "{key}");
        }
    }
}

#[test]
fn every_key_used_is_there_and_none_is_left_over() {
    let (texts, groups) = (used(r#"\b(?:t|with)\("([a-z_.]+)""#), used(r#"\b(?:word|known)\("([a-z_]+)""#));
    let there = keys(Lang::En);
    let missing: Vec<_> = texts.difference(&there).collect();
    assert!(missing.is_empty(), "missing: {missing:?}");
    let idle =
        |key: &&String| !texts.contains(*key) && !key.split_once('.').is_some_and(|(group, _)| groups.contains(group));
    let left: Vec<_> = there.iter().filter(idle).collect();
    assert!(left.is_empty(), "never used: {left:?}");
}

#[test]
fn every_stored_value_has_a_word() {
    let mut wanted: Vec<(&str, &str)> = Vec::new();
    wanted.extend(AlertState::ALL.iter().map(|v| ("state", v.as_str())));
    wanted.extend(Class::ALL.iter().map(|v| ("class_of", v.as_str())));
    wanted.extend(Severity::ALL.iter().map(|v| ("severity", v.as_str())));
    wanted.extend(Confidence::ALL.iter().map(|v| ("confidence", v.as_str())));
    wanted.extend(MemberState::ALL.iter().map(|v| ("member_state", v.as_str())));
    wanted.extend(TermState::ALL.iter().map(|v| ("term_state", v.as_str())));
    wanted.extend(NoticeState::ALL.iter().map(|v| ("notice_state", v.as_str())));
    wanted.extend(Audience::ALL.iter().map(|v| ("audience", v.as_str())));
    wanted.extend(Channel::ALL.iter().map(|v| ("channel", v.as_str())));
    wanted.extend(HoldReason::ALL.iter().map(|v| ("held", v.as_str())));
    wanted.extend([ReleaseReason::Immediate, ReleaseReason::Confirmed].map(|v| ("released", v.as_str())));
    wanted.extend([SkipReason::NamedInLeak, SkipReason::Duplicate].map(|v| ("skipped", v.as_str())));
    wanted.extend(nightheron_watchlists::TermKind::ALL.map(|v| ("term_kind", v.name())));
    wanted.extend(MoveState::ALL.iter().map(|v| ("move_state", v.as_str())));
    wanted.extend(SameSite::ALL.iter().map(|v| ("same_site", v.as_str())));
    wanted.extend(["tor", "database", "mail", "disk", "index", "crawler"].map(|v| ("component", v)));
    for (group, value) in wanted {
        for lang in Lang::ALL {
            assert!(lang.known(group, value).is_some(), "{group}.{value}");
        }
    }
}

#[test]
fn every_recorded_action_has_a_word() {
    for action in used(r#"(?:audit\(&app, |record\(app, &?[a-z.]+, |=> \(TermState::\w+, )"([a-z.]+)""#) {
        assert!(Lang::Zh.known("did", &action).is_some(), "{action}");
    }
}
