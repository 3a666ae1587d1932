//! A desk for tests: a store with one finding, two users, and the router before it.

use std::sync::{Arc, LazyLock, Mutex};

use async_trait::async_trait;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode, header};
use jiff::Timestamp;
use nightheron_index::{QueryError, QueryReason, SearchError, SearchHit, SearchPage, Span};
use rand::SeedableRng;
use rand::rngs::StdRng;
use tower::ServiceExt;

use super::bench;
use crate::clock::FakeClock;
use crate::definitions::Workbench;
use crate::store::model::*;
use crate::store::{Alerts, Audit, Intake, Members, Schedule, SiteMoves, SqlStore, Store, Users};
use crate::web::ports::{ComponentHealth, Evidence, Health, Search, SourceSessions};
use crate::web::{WebState, auth, router};

pub(super) const PASSWORD: &str = "correct horse battery";
pub(super) static HASH: LazyLock<String> =
    LazyLock::new(|| auth::hash_password(PASSWORD, &mut StdRng::seed_from_u64(1)).expect("a hash"));

pub(super) fn start() -> Timestamp {
    "2026-11-21T00:00:00Z".parse().expect("a time")
}

pub(super) struct FakeSearch(pub(super) String);

#[async_trait]
impl Search for FakeSearch {
    async fn search(&self, query: &str, _: bool, _: usize, _: usize) -> Result<SearchPage, SearchError> {
        if query == "\"open" {
            return Err(SearchError::Query(QueryError { column: 1, reason: QueryReason::UnclosedQuote }));
        }
        let span = |highlighted| vec![Span { text: self.0.clone(), highlighted }];
        let hit = SearchHit {
            seq: 1,
            post: "p1".into(),
            source: self.0.clone(),
            url: self.0.clone(),
            title: self.0.clone(),
            author: Some(self.0.clone()),
            posted_at_ms: Some(0),
            captured_at_ms: i64::MAX,
            members: vec![self.0.clone()],
            score: None,
            title_highlight: span(true),
            snippet: span(false),
        };
        Ok(SearchPage { total: 41, hits: vec![hit] })
    }
}

struct Archive;

#[async_trait]
impl Evidence for Archive {
    async fn raw(&self, _: &str) -> Result<Vec<u8>, String> {
        Ok(b"<script>alert(1)</script>".to_vec())
    }
}

struct Jars;

#[async_trait]
impl SourceSessions for Jars {
    async fn supply(&self, source: &str, cookies: String) -> Result<(usize, usize), String> {
        if source != "forum" {
            Err("no such source".into())
        } else {
            cookies.parse().map(|n| (n, 0)).map_err(|_| "no cookies <b>".into())
        }
    }
}

struct Well;

impl Health for Well {
    fn snapshot(&self) -> Vec<ComponentHealth> {
        vec![ComponentHealth { name: "tor", ok: true, detail: "3 <b>circuits".into(), since: Some(start()) }]
    }
}

/// An answer, read whole.
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) text: String,
}

impl Answer {
    pub(super) fn header(&self, name: header::HeaderName) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or("")
    }
}

pub(super) struct Desk {
    pub(super) store: Arc<SqlStore>,
    pub(super) clock: Arc<FakeClock>,
    pub(super) wake: Arc<tokio::sync::Notify>,
    pub(super) router: Router,
    pub(super) bench: Arc<Workbench>,
    pub(super) dir: tempfile::TempDir,
}

pub(super) const SEEN_AT: &str = "/findings/alert-1";

impl Desk {
    /// A desk whose captured and entered texts are ordinary.
    pub(super) async fn new() -> Self {
        Self::with("acme").await
    }

    /// A desk on which every text that somebody else may write is `text`.
    pub(super) async fn with(text: &str) -> Self {
        Self::over(text, false).await
    }

    /// A desk whose cookies travel over TLS only, or not.
    pub(super) async fn over(text: &str, secure_cookies: bool) -> Self {
        let dir = tempfile::tempdir().expect("a folder");
        let url = format!("sqlite:{}", dir.path().join("store.db").display());
        let store = Arc::new(SqlStore::open(&url, 2).await.expect("a store"));
        let clock = Arc::new(FakeClock::at(start()));
        let wake = Arc::new(tokio::sync::Notify::new());
        for (name, role) in [("admin", Role::Admin), ("ann", Role::Analyst)] {
            store.add_user(name, &HASH, role, "en").await.expect("a user");
        }
        seed(&store, text).await;
        let shared: Arc<dyn Store> = store.clone();
        let bench = Arc::new(bench::set_up(dir.path(), Arc::clone(&shared), text).await);
        let router = router(WebState {
            workbench: Arc::clone(&bench),
            store: shared,
            search: Arc::new(FakeSearch(text.to_owned())),
            evidence: Arc::new(Archive),
            sessions: Arc::new(Jars),
            health: Arc::new(Well),
            wake_outbox: wake.clone(),
            wake_look_back: Arc::default(),
            clock: clock.clone(),
            rng: Arc::new(Mutex::new(StdRng::seed_from_u64(7))),
            secure_cookies,
            session_hours: 12,
        });
        Self { store, clock, wake, router, bench, dir }
    }

    /// A session of a user: cookie and CSRF token.
    pub(super) async fn session(&self, name: &str) -> (String, String) {
        let user = self.store.user(name).await.expect("users").expect("a user");
        let hash = crate::web::guard::token_hash(name);
        let ends = start() + jiff::SignedDuration::from_hours(12);
        self.store.add_session(&hash, user.id, "the-csrf-token", ends).await.expect("a session");
        (format!("nightheron={name}"), "the-csrf-token".to_owned())
    }

    pub(super) async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.expect("an answer");
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, 1 << 24).await.expect("a body");
        Answer { status: parts.status, headers: parts.headers, text: String::from_utf8_lossy(&bytes).into_owned() }
    }

    pub(super) async fn get(&self, path: &str, cookie: &str) -> Answer {
        self.send(Request::get(path).header(header::COOKIE, cookie).body(Body::empty()).expect("a request")).await
    }

    pub(super) async fn post(&self, path: &str, cookie: &str, form: &str) -> Answer {
        let request = Request::post(path)
            .header(header::COOKIE, cookie)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request.body(Body::from(form.to_owned())).expect("a request")).await
    }

    /// What the record says was done since the desk was set up, newest first.
    pub(super) async fn recorded(&self) -> Vec<String> {
        let mut all = self.store.audit(50).await.expect("the record");
        all.retain(|entry| entry.at > start() || !entry.action.starts_with("definition.change"));
        all.into_iter().map(|e| format!("{} {}", e.user, e.action)).collect()
    }
}

/// A link in use for another one that failed.
fn mirrors(text: &str) -> String {
    let (failed, outcome) = (format!("http://old.example/{text}"), format!("unreachable({text})"));
    let failures =
        serde_json::json!({ &failed: { "times": 2, "retry_at": 1_795_000_000_000_i64, "outcome": &outcome } });
    let change = serde_json::json!({ "from": failed, "outcome": outcome, "at": 1_795_000_000_000_i64 });
    serde_json::json!({ "current": text, "failed": failures, "change": change }).to_string()
}

async fn seed(store: &SqlStore, text: &str) {
    let now = start();
    let source = NewSource {
        id: "forum".into(),
        name: text.into(),
        kind: "forum".into(),
        class: "fast".into(),
        grade: "C".into(),
        tlp: "amber".into(),
        via: "tor".into(),
        verified: String::new(),
    };
    store.set_sources(&[source], now).await.expect("a source");
    let (from, to) = ("http://127.0.0.1:1/".to_owned(), format!("http://new.example/{text}"));
    store.propose_move(&NewMove { source: "forum".into(), from, to, seen_at: now }).await.expect("a move");
    let term = NewTerm {
        kind: "keyword".into(),
        text: text.into(),
        context: None,
        state: TermState::Active,
        author: text.into(),
        reason: text.into(),
        review_at: None,
    };
    let contact = NewContact { name: text.into(), email: "soc@acme.example".into(), ..NewContact::default() };
    let member = NewMember {
        business_number: "04595257".into(),
        name: text.into(),
        state: MemberState::Applied,
        language: "zh-TW".into(),
        fixed_ips: vec![text.into()],
        contacts: vec![contact],
        terms: vec![term],
    };
    store.import_members(&[member], now).await.expect("a member");
    store.lease_source("w", now, now + jiff::SignedDuration::from_mins(10)).await.expect("a lease");
    store.commit_page(&page(text, now)).await.expect("a commit");
    hold(store, now).await;
}

fn page(text: &str, now: Timestamp) -> PageCommit {
    let hit = |field: &str| NewHit { term: 1, field: field.into(), start: 1, end: 3, matched: text.into() };
    let finding = NewFinding {
        member: 1,
        alert: "alert-1".into(),
        edit_alert: "edit-1".into(),
        severity: Severity::High,
        confidence: Confidence::High,
        hits: ["title", "body", "author"].map(hit).to_vec(),
    };
    let claim = crate::assess::assess(text, &format!("selling 2 TB {text} price 5000 USD"), Some(text), &[]).claim;
    let post = NewPost {
        key: "p1".into(),
        post_id: "p1".into(),
        thread_id: None,
        url: format!("http://forum.example/{text}"),
        author: Some(text.into()),
        posted_at: Some(now),
        edited_at: None,
        title: text.into(),
        body: format!("selling 2 TB {text} price 5000 USD"),
        content_hash: "h".into(),
        extra: "{}".into(),
        claim: claim.map(|claim| claim.to_json()),
        findings: vec![finding],
    };
    let capture = NewCapture {
        id: "cap-1".into(),
        url: format!("http://forum.example/{text}"),
        request: "{}".into(),
        status: 200,
        fetched_at: now,
        file: "a.warc.gz".into(),
        offset: 0,
        length: 100,
        sha256: "5ha".into(),
        chain: "c4a1n".into(),
    };
    PageCommit {
        source: "forum".into(),
        owner: "w".into(),
        lease_until: now,
        capture,
        posts: vec![post],
        thread: Some(ThreadMark { thread_id: text.into(), signal: "2|".into() }),
        advance: Some(Advance {
            outcome: format!("unreachable({text})"),
            outcome_if_new: format!("unreachable({text})"),
            new_so_far: 0,
            healthy: false,
            spared: false,
            mirrors: Some(mirrors(text)),
            rung: 1,
            next_visit_at: now,
        }),
        now,
    }
}

/// As the router does for an applicant; the notice to the reviewer is dead.
async fn hold(store: &SqlStore, now: Timestamp) {
    use crate::store::{Jobs, Notices};
    let later = now + jiff::SignedDuration::from_mins(1);
    let job = store.lease_jobs("r", now, later, 1).await.expect("a job").pop().expect("one");
    let notice = NewNotice {
        alert: "alert-1".into(),
        audience: Audience::Reviewer,
        contact: None,
        channel: Channel::Mail,
        address: "desk@cert.example".into(),
        language: "en".into(),
        payload: None,
    };
    let reason = "applicant_under_review";
    store.route_alert(job.id, "alert-1", AlertState::Held, reason, &[notice], now).await.expect("held");
    let notice = store.lease_notices("r", now, later, 1).await.expect("a notice").pop().expect("one");
    store.notice_failed(notice.id, "550 <b>no such user", None).await.expect("dead");
}
