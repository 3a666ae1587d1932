//! Rows to test with.

use jiff::{SignedDuration, Timestamp};
use nightheron::store::{Members, Schedule, SqlStore, Terms, model::*};

/// A moment all tests agree on, plus some minutes.
pub(crate) fn at(minutes: i64) -> Timestamp {
    let start: Timestamp = "2026-11-21T00:00:00Z".parse().expect("a time");
    start + SignedDuration::from_mins(minutes)
}

pub(crate) fn source(id: &str) -> NewSource {
    NewSource {
        id: id.into(),
        name: format!("The {id}"),
        kind: "forum".into(),
        class: "fast".into(),
        grade: "C".into(),
        tlp: "amber".into(),
        via: "tor".into(),
        verified: String::new(),
    }
}

pub(crate) fn capture(id: &str, n: u64) -> NewCapture {
    NewCapture {
        id: id.into(),
        url: format!("http://forum.example/{n}"),
        request: "{}".into(),
        status: 200,
        fetched_at: at(0),
        file: "a.warc.gz".into(),
        offset: n * 100,
        length: 100,
        sha256: "00".into(),
        chain: "11".into(),
    }
}

pub(crate) fn term(text: &str) -> NewTerm {
    NewTerm {
        kind: "keyword".into(),
        text: text.into(),
        context: None,
        state: TermState::Active,
        author: "analyst".into(),
        reason: "its brand".into(),
        review_at: None,
    }
}

pub(crate) fn member(number: &str, name: &str, state: MemberState) -> NewMember {
    NewMember {
        business_number: number.into(),
        name: name.into(),
        state,
        language: "zh-TW".into(),
        fixed_ips: vec!["192.0.2.1".into()],
        contacts: vec![NewContact {
            name: "王小明".into(),
            email: format!("soc@{number}.example"),
            ..NewContact::default()
        }],
        terms: vec![term(name)],
    }
}

pub(crate) fn post(key: &str, text: &str, findings: Vec<NewFinding>) -> NewPost {
    NewPost {
        key: key.into(),
        post_id: key.into(),
        thread_id: Some("t1".into()),
        url: format!("http://forum.example/{key}"),
        author: Some("seller".into()),
        posted_at: Some(at(-5)),
        edited_at: None,
        title: "2 TB".into(),
        body: text.into(),
        content_hash: format!("hash of {text}"),
        extra: "{}".into(),
        claim: None,
        findings,
    }
}

pub(crate) fn finding(key: &str, member: i64, terms: &[i64], severity: Severity) -> NewFinding {
    let hit = |term: &i64| NewHit { term: *term, field: "body".into(), start: 0, end: 4, matched: "acme".into() };
    NewFinding {
        member,
        alert: format!("alert-{key}-{member}"),
        edit_alert: format!("edit-{key}-{member}-{}", severity.as_str()),
        severity,
        confidence: Confidence::High,
        hits: terms.iter().map(hit).collect(),
    }
}

pub(crate) fn page(source: &str, capture: NewCapture, posts: Vec<NewPost>) -> PageCommit {
    PageCommit {
        source: source.into(),
        owner: "worker".into(),
        lease_until: at(10),
        capture,
        posts,
        thread: None,
        advance: None,
        now: at(1),
    }
}

pub(crate) fn advance(next: i64) -> Advance {
    Advance {
        outcome: "ok_no_new".into(),
        outcome_if_new: "ok_new".into(),
        new_so_far: 0,
        healthy: true,
        spared: false,
        mirrors: None,
        rung: 0,
        next_visit_at: at(next),
    }
}

/// A store with the source `forum` leased by `worker`, and two organisations; gives (member, term) of each.
pub(crate) async fn populate(store: &SqlStore) -> [(i64, i64); 2] {
    store.set_sources(&[source("forum")], at(0)).await.expect("a source");
    let members = [member("04595257", "acme", MemberState::Applied), member("22099131", "bolt", MemberState::Approved)];
    store.import_members(&members, at(0)).await.expect("members");
    let leased = store.lease_source("worker", at(0), at(10)).await.expect("a lease");
    assert!(leased.is_some());
    let mut ids = Vec::new();
    for term in store.terms(None).await.expect("terms") {
        ids.push((term.member, term.id));
    }
    ids.try_into().expect("a term each")
}
