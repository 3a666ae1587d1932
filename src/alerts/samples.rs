//! A finding for tests: a company whose data somebody says he sells.

use jiff::Timestamp;

use super::finding::Finding;
use super::settings::{AlertsSettings, Desk};
use crate::assess::Claim;
use crate::store::model::*;

pub(crate) fn now() -> Timestamp {
    "2026-03-02T01:10:00Z".parse().unwrap()
}

pub(crate) fn alert() -> Alert {
    Alert {
        id: super::identity::alert_id("spirit", "t1p1", "22099131", Class::Post),
        source: "spirit".into(),
        post_key: "t1p1".into(),
        post: 1,
        member: 1,
        class: Class::Post,
        severity: Severity::Critical,
        confidence: Confidence::High,
        claim: None,
        state: AlertState::New,
        reason: String::new(),
        created_at: now(),
        decided_at: None,
        decided_by: None,
    }
}

pub(crate) fn member() -> Member {
    Member {
        id: 1,
        business_number: "22099131".into(),
        name: "範例電子股份有限公司".into(),
        state: MemberState::Approved,
        language: "zh-TW".into(),
        fixed_ips: Vec::new(),
        created_at: now(),
    }
}

pub(crate) fn post() -> PostRow {
    PostRow {
        seq: 1,
        source: "spirit".into(),
        key: "t1p1".into(),
        revision: 1,
        post_id: "1".into(),
        thread_id: Some("1".into()),
        url: "http://forumexample.onion/topic/1/".into(),
        author: Some("nightseller".into()),
        posted_at: Some(now()),
        captured_at: now(),
        title: "Selling 2 TB acme.example".into(),
        body: "Selling 2 TB of internal data of acme.example, price $5,000.".into(),
        capture: "c1".into(),
        claim: None,
    }
}

pub(crate) fn source() -> NewSource {
    NewSource {
        id: "spirit".into(),
        name: "Spirit forum".into(),
        kind: "forum".into(),
        class: "fast".into(),
        grade: "C".into(),
        tlp: "amber".into(),
        via: "tor".into(),
        verified: String::new(),
    }
}

/// A hit of the member's domain in the body, wherever it stands there.
pub(crate) fn hit(post: &PostRow, member: i64, word: &str) -> HitRow {
    let start = post.body.find(word).unwrap() as u64;
    HitRow {
        post: post.seq,
        term: member,
        term_text: word.to_lowercase(),
        term_kind: "domain".into(),
        member,
        field: "body".into(),
        start,
        end: start + word.len() as u64,
        matched: word.into(),
        alert: alert().id,
    }
}

/// A finding whose post has this title and body; the body holds `acme.example`.
pub(crate) fn finding(title: &str, body: &str) -> Finding {
    let post = PostRow { title: title.into(), body: body.into(), ..post() };
    let read = crate::assess::assess(title, body, post.author.as_deref(), &[crate::assess::HitKind::Exact]);
    let claim: Option<Claim> = read.claim;
    let hits = vec![hit(&post, 1, "acme.example")];
    Finding { alert: alert(), member: member(), source: source(), post, claim, hits, others: Vec::new() }
}

pub(crate) fn desk() -> Desk {
    AlertsSettings {
        reviewers: vec!["soc@cert.example".into()],
        organisation: "TWCERT/CC".into(),
        ..AlertsSettings::default()
    }
    .prepare()
    .unwrap()
}
