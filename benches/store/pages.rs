//! What the pipeline commits: a page with one new post of about 1 KB, and a finding on one page of twenty.

use std::fmt::Write as _;

use jiff::{SignedDuration, Timestamp};
use nightheron::alerts::identity;
use nightheron::clock::{Clock as _, SystemClock};
use nightheron::store::{Members as _, Schedule as _, SqlStore, Terms as _, model::*};

use crate::database::Result;

/// Pages to one finding.
const FINDING_EVERY: u64 = 20;
const OWNER: &str = "bench";
const NUMBER: &str = "22099131";
const DOMAIN: &str = "acme.example";

/// The member that is found, and its term.
#[derive(Clone, Copy)]
pub(crate) struct Watched {
    member: i64,
    term: i64,
}

/// Makes `sources` sources, leased for a day, and one approved member with a contact and a term.
pub(crate) async fn prepare(store: &SqlStore, sources: usize) -> Result<Watched> {
    let now = SystemClock.now();
    let sources: Vec<NewSource> = (0..sources).map(source).collect();
    store.set_sources(&sources, now).await?;
    for _ in &sources {
        store.lease_source(OWNER, now, lease(now)).await?.ok_or("every source can be leased")?;
    }
    let term = NewTerm {
        kind: "domain".into(),
        text: DOMAIN.into(),
        context: None,
        state: TermState::Active,
        author: "bench".into(),
        reason: "its domain".into(),
        review_at: None,
    };
    let contact = NewContact { name: "SOC".into(), email: "soc@member.example".into(), ..NewContact::default() };
    let member = NewMember {
        business_number: NUMBER.into(),
        name: "範例電子".into(),
        state: MemberState::Approved,
        language: "zh-TW".into(),
        fixed_ips: Vec::new(),
        contacts: vec![contact],
        terms: vec![term],
    };
    store.import_members(&[member], now).await?;
    let term = store.terms(None).await?.first().ok_or("the term was stored")?.clone();
    Ok(Watched { member: term.member, term: term.id })
}

fn source(at: usize) -> NewSource {
    NewSource {
        id: name(at),
        name: format!("Source {at}"),
        kind: "forum".into(),
        class: "fast".into(),
        grade: "C".into(),
        tlp: "amber".into(),
        via: "tor".into(),
        verified: String::new(),
    }
}

fn name(source: usize) -> String {
    format!("source-{source}")
}

fn lease(now: Timestamp) -> Timestamp {
    now + SignedDuration::from_hours(24)
}

/// The `n`th page of a source, as the pipeline commits it: with a finding where it is that page's turn.
pub(crate) fn page(source: usize, n: u64, watched: Watched) -> PageCommit {
    build(source, n, n.is_multiple_of(FINDING_EVERY).then_some(watched))
}

/// The `n`th page of a source, with a finding.
pub(crate) fn page_with_finding(source: usize, n: u64, watched: Watched) -> PageCommit {
    build(source, n, Some(watched))
}

fn build(source: usize, n: u64, watched: Option<Watched>) -> PageCommit {
    let (now, source) = (SystemClock.now(), name(source));
    let capture = NewCapture {
        id: format!("{source}-{n:08}-0123456789abcdef0123456789abcdef"),
        url: format!("http://forumforumforumforumforum.onion/t/{}?page={n}", n / 10),
        request: r#"{"method":"GET"}"#.into(),
        status: 200,
        fetched_at: now,
        file: format!("2026/11/21/{source}.warc.gz"),
        offset: n * 4096,
        length: 4096,
        sha256: format!("{n:064x}"),
        chain: format!("{n:064x}"),
    };
    PageCommit {
        lease_until: lease(now),
        owner: OWNER.into(),
        posts: vec![post(&source, n, now, watched)],
        thread: Some(ThreadMark { thread_id: format!("t{}", n / 10), signal: format!(r#"{{"replies":{n}}}"#) }),
        advance: None,
        source,
        capture,
        now,
    }
}

fn post(source: &str, n: u64, now: Timestamp, watched: Option<Watched>) -> NewPost {
    let mut body = format!("Selling 2 TB of internal data of {DOMAIN}, price $5,000. ");
    while body.len() < 1000 {
        // Writing to a String does not fail.
        write!(body, "Sample {n} of {}: 客戶資料與合約, contact over Tox. ", body.len()).ok();
    }
    let key = format!("p{n}");
    NewPost {
        findings: watched.map(|w| finding(source, &key, &body, w)).into_iter().collect(),
        post_id: n.to_string(),
        thread_id: Some(format!("t{}", n / 10)),
        url: format!("http://forumforumforumforumforum.onion/p/{n}"),
        author: Some("nightseller".into()),
        posted_at: Some(now),
        edited_at: None,
        title: "2 TB of data".into(),
        content_hash: format!("{n:064x}"),
        extra: "{}".into(),
        claim: None,
        key,
        body,
    }
}

fn finding(source: &str, key: &str, body: &str, watched: Watched) -> NewFinding {
    let start = body.find(DOMAIN).unwrap_or_default() as u64;
    let hit = NewHit {
        term: watched.term,
        field: "body".into(),
        start,
        end: start + DOMAIN.len() as u64,
        matched: DOMAIN.into(),
    };
    NewFinding {
        member: watched.member,
        alert: identity::alert_id(source, key, NUMBER, Class::Post),
        edit_alert: identity::edit_alert_id(source, key, NUMBER, "0"),
        severity: Severity::High,
        confidence: Confidence::High,
        hits: vec![hit],
    }
}
