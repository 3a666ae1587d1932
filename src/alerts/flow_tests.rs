//! The chain on a real store: from a committed post over the decision to the outbox, with senders that fail on purpose.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use jiff::SignedDuration;
use rand::{SeedableRng as _, rngs::StdRng};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::message::{Content, Message, Receipt, SendError, Sender};
use super::outbox::{Delivered, Outbox, Senders};
use super::review::{self, ReviewError};
use super::{identity, router, samples};
use crate::assess::{HitKind, assess};
use crate::clock::{Clock as _, FakeClock};
use crate::store::model::*;
use crate::store::{
    Alerts as _, Audit as _, Intake as _, Jobs as _, Members as _, Notices as _, Schedule as _, SqlStore, StoreError,
    Terms as _,
};

/// What a sender is to do with an address.
#[derive(Clone, Copy)]
enum Fate {
    Accept,
    Transient,
    Permanent,
    /// Accepts, and then the process is gone before it can be recorded.
    AcceptAndDie,
}

/// A mailbox that fails on purpose.
#[derive(Default)]
struct Flaky {
    fates: Mutex<HashMap<String, Fate>>,
    accepted: Mutex<Vec<Message>>,
    died: Notify,
}

impl Flaky {
    fn set(&self, address: &str, fate: Fate) {
        self.fates.lock().unwrap().insert(address.into(), fate);
    }

    fn accepted_by(&self, address: &str) -> Vec<Message> {
        self.accepted.lock().unwrap().iter().filter(|m| m.address == address).cloned().collect()
    }
}

#[async_trait]
impl Sender for Flaky {
    async fn send(&self, message: &Message) -> Result<Receipt, SendError> {
        let fate = self.fates.lock().unwrap().get(&message.address).copied().unwrap_or(Fate::Accept);
        match fate {
            Fate::Transient => return Err(SendError::Transient("451 later".into())),
            Fate::Permanent => return Err(SendError::Permanent("550 never".into())),
            Fate::Accept | Fate::AcceptAndDie => self.accepted.lock().unwrap().push(message.clone()),
        }
        if matches!(fate, Fate::AcceptAndDie) {
            self.died.notify_one();
            std::future::pending::<()>().await;
        }
        Ok(Receipt("250 ok".into()))
    }
}

struct World {
    _folder: tempfile::TempDir,
    store: Arc<SqlStore>,
    flaky: Arc<Flaky>,
    clock: Arc<FakeClock>,
    outbox: Outbox,
    rng: StdRng,
    alert: String,
}

const BODY: &str = "Selling 2 TB of internal data of acme.example, price $5,000";

impl World {
    /// A store with one member, whose domain is named in one post.
    async fn with(state: MemberState, contacts: &[&str], body: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = SqlStore::open(&format!("sqlite:{}", folder.path().join("t.db").display()), 2).await.unwrap();
        let store = Arc::new(store);
        let clock = Arc::new(FakeClock::at(samples::now()));
        let flaky = Arc::new(Flaky::default());
        let alert = seed(&store, state, contacts, body).await;
        let senders = Senders { mail: Some(flaky.clone()), webhook: Some(flaky.clone()) };
        let outbox = Outbox {
            store: store.clone(),
            desk: Arc::new(samples::desk()),
            senders,
            clock: clock.clone(),
            owner: "one".into(),
        };
        Self { _folder: folder, store, flaky, clock, outbox, rng: StdRng::seed_from_u64(7), alert }
    }

    async fn route(&mut self) {
        router::route_due(&*self.store, &self.outbox.desk, self.clock.now(), "one", &mut self.rng).await.unwrap();
    }

    async fn deliver(&mut self) -> Delivered {
        self.outbox.deliver_due(&mut self.rng).await.unwrap()
    }

    async fn alert(&self) -> Alert {
        self.store.alert(&self.alert).await.unwrap()
    }
}

async fn seed(store: &SqlStore, state: MemberState, contacts: &[&str], body: &str) -> String {
    let now = samples::now();
    store.set_sources(&[samples::source()], now).await.unwrap();
    let contact = |email: &&str| {
        let hook = email.starts_with("http");
        let (email, webhook_url) =
            if hook { (String::new(), (*email).to_owned()) } else { ((*email).to_owned(), String::new()) };
        NewContact { email, webhook_url, webhook_secret: "s3cret".into(), ..NewContact::default() }
    };
    let term = NewTerm {
        kind: "domain".into(),
        text: "acme.example".into(),
        context: None,
        state: TermState::Active,
        author: "t".into(),
        reason: "t".into(),
        review_at: None,
    };
    let member = NewMember {
        business_number: "22099131".into(),
        name: "範例電子".into(),
        state,
        language: "en".into(),
        fixed_ips: Vec::new(),
        contacts: contacts.iter().map(contact).collect(),
        terms: vec![term],
    };
    store.import_members(&[member], now).await.unwrap();
    let member = store.member_by_number("22099131").await.unwrap();
    let term = store.terms(None).await.unwrap()[0].id;
    let read = assess("t", body, None, &[HitKind::Exact]);
    let id = |class| identity::alert_id("spirit", "p1", "22099131", class);
    let start = body.find("acme.example").unwrap() as u64;
    let hit = NewHit { term, field: "body".into(), start, end: start + 12, matched: "acme.example".into() };
    let finding = NewFinding {
        member: member.id,
        alert: id(Class::Post),
        edit_alert: id(Class::Edit),
        severity: read.severity,
        confidence: read.confidence,
        hits: vec![hit],
    };
    let post = NewPost {
        key: "p1".into(),
        post_id: "1".into(),
        thread_id: None,
        url: "http://x.onion/1".into(),
        author: Some("nightseller".into()),
        posted_at: Some(now),
        edited_at: None,
        title: "t".into(),
        body: body.into(),
        content_hash: "h".into(),
        extra: "{}".into(),
        claim: read.claim.map(|c| c.to_json()),
        findings: vec![finding],
    };
    let capture = NewCapture {
        id: "c1".into(),
        url: "http://x.onion/1".into(),
        request: "{}".into(),
        status: 200,
        fetched_at: now,
        file: "a.warc.gz".into(),
        offset: 0,
        length: 1,
        sha256: "0".into(),
        chain: "0".into(),
    };
    store.commit_recovered("spirit", &capture, &[post], now).await.unwrap();
    id(Class::Post)
}

#[tokio::test]
async fn an_applicant_waits_and_one_confirmation_tells_it() {
    let mut w = World::with(MemberState::Applied, &["it@acme-corp.example"], BODY).await;
    w.route().await;
    let held = w.alert().await;
    assert_eq!((held.state, held.reason.as_str()), (AlertState::Held, "applicant_under_review"));
    assert_eq!(w.deliver().await.sent, 1);
    assert_eq!(w.flaky.accepted_by("soc@cert.example").len(), 1, "the reviewer is told at once");
    assert!(w.flaky.accepted_by("it@acme-corp.example").is_empty());

    review::confirm(&*w.store, &w.alert, "ann", w.clock.now()).await.unwrap();
    assert_eq!(w.deliver().await.sent, 1);
    let told = w.flaky.accepted_by("it@acme-corp.example");
    assert!(matches!(&told[0].content, Content::Mail { text, .. } if text.contains("claims to sell")));
    let decided = w.alert().await;
    assert_eq!((decided.state, decided.decided_by.as_deref()), (AlertState::Released, Some("ann")));
    let again = review::confirm(&*w.store, &w.alert, "bob", w.clock.now()).await;
    assert!(matches!(again, Err(ReviewError::Store(StoreError::Conflict { .. }))));
    let audit: Vec<_> = w.store.audit(10).await.unwrap().into_iter().map(|a| (a.user, a.action)).collect();
    assert!(audit.contains(&("ann".into(), "alert.confirm".into())), "{audit:?}");
    assert!(audit.contains(&("bob".into(), "alert.confirm.refused".into())), "{audit:?}");
}

#[tokio::test]
async fn a_member_is_told_at_once_over_every_channel() {
    let mut w =
        World::with(MemberState::Approved, &["it@acme-corp.example", "https://acme-corp.example/hook"], BODY).await;
    w.route().await;
    assert_eq!(w.alert().await.reason, "immediate");
    assert_eq!(w.deliver().await, Delivered { sent: 2, ..Delivered::default() });
    let hook = w.flaky.accepted_by("https://acme-corp.example/hook");
    let Content::Webhook { body, secret } = &hook[0].content else { panic!("a webhook is expected") };
    let json: serde_json::Value = serde_json::from_str(body).unwrap();
    assert_eq!((json["verified"].as_bool(), json["finding"]["tlp"].as_str()), (Some(false), Some("TLP:AMBER")));
    assert_eq!(secret.expose(), "s3cret");
    assert_eq!(w.deliver().await, Delivered::default(), "nothing is sent twice");
}

#[tokio::test]
async fn one_refusal_keeps_no_other_recipient() {
    let contacts = ["a@m.example", "b@m.example", "c@m.example", "d@m.example"];
    let mut w = World::with(MemberState::Approved, &contacts, BODY).await;
    w.flaky.set("a@m.example", Fate::Permanent);
    w.flaky.set("c@m.example", Fate::Transient);
    w.route().await;
    assert_eq!(w.deliver().await, Delivered { sent: 2, retried: 1, dead: 1, unrecorded: 0 });
    w.flaky.set("c@m.example", Fate::Accept);
    w.clock.advance(SignedDuration::from_mins(5));
    assert_eq!(w.deliver().await, Delivered { sent: 1, ..Delivered::default() });
    for address in ["b@m.example", "c@m.example", "d@m.example"] {
        assert_eq!(w.flaky.accepted_by(address).len(), 1, "{address}");
    }
    let dead = w.store.notices(Some(NoticeState::Dead), 10, 0).await.unwrap();
    assert_eq!(dead[0].notice.last_error.as_deref(), Some("550 never"));
}

#[tokio::test]
async fn after_the_last_try_a_notice_is_a_dead_letter_that_can_be_revived() {
    let mut w = World::with(MemberState::Approved, &["a@m.example"], BODY).await;
    w.flaky.set("a@m.example", Fate::Transient);
    w.route().await;
    let mut rounds = Vec::new();
    while w.store.notices(Some(NoticeState::Dead), 1, 0).await.unwrap().is_empty() {
        rounds.push(w.deliver().await);
        assert_eq!(w.deliver().await, Delivered::default(), "not before its time");
        w.clock.advance(SignedDuration::from_hours(8));
    }
    assert_eq!((rounds.len(), rounds[11].dead), (12, 1));
    let dead = w.store.notices(Some(NoticeState::Dead), 1, 0).await.unwrap();
    w.store.revive_notice(dead[0].notice.id, w.clock.now()).await.unwrap();
    w.flaky.set("a@m.example", Fate::Accept);
    assert_eq!(w.deliver().await.sent, 1);
}

#[tokio::test]
async fn a_crash_before_the_record_sends_the_same_mail_once_more() {
    let mut w = World::with(MemberState::Approved, &["a@m.example"], BODY).await;
    w.flaky.set("a@m.example", Fate::AcceptAndDie);
    w.route().await;
    tokio::select! {
        _ = w.outbox.deliver_due(&mut w.rng) => panic!("the sender never comes back"),
        () = w.flaky.died.notified() => {}
    }
    w.flaky.set("a@m.example", Fate::Accept);
    w.outbox.owner = "two".into();
    assert_eq!(w.deliver().await, Delivered::default(), "the lease still runs");
    w.clock.advance(SignedDuration::from_mins(11));
    assert_eq!(w.deliver().await.sent, 1);
    w.clock.advance(SignedDuration::from_hours(24));
    assert_eq!(w.deliver().await, Delivered::default());
    let sent = w.flaky.accepted_by("a@m.example");
    assert_eq!(sent.len(), 2);
    assert_eq!(sent[0].key, sent[1].key, "a receiver can tell that it is the same");
}

#[tokio::test]
async fn a_leaked_mailbox_is_never_written_to() {
    let body = format!("{BODY} sample: it@acme.example:hunter2");
    let mut w = World::with(MemberState::Approved, &["it@acme.example"], &body).await;
    w.route().await;
    let held = w.alert().await;
    assert_eq!((held.state, held.reason.as_str()), (AlertState::Held, "no_usable_contact"));
    assert_eq!(w.deliver().await.sent, 1);
    let told = w.flaky.accepted_by("soc@cert.example");
    assert!(
        matches!(&told[0].content, Content::Mail { text, .. } if text.contains("請以電話聯絡") && !text.contains("hunter2"))
    );
    let refused = review::confirm(&*w.store, &w.alert, "ann", w.clock.now()).await;
    assert!(matches!(refused, Err(ReviewError::NoUsableContact(ref told)) if told.skipped.len() == 1), "{refused:?}");
}

#[tokio::test]
async fn a_dismissal_needs_a_reason_and_tells_nobody() {
    let mut w = World::with(MemberState::Applied, &["a@m.example"], BODY).await;
    w.route().await;
    let now = w.clock.now();
    assert!(matches!(review::dismiss(&*w.store, &w.alert, "ann", "  ", now).await, Err(ReviewError::Reason)));
    review::dismiss(&*w.store, &w.alert, "ann", "another company of that name", now).await.unwrap();
    assert_eq!(w.alert().await.reason, "another company of that name");
    w.deliver().await;
    assert!(w.flaky.accepted_by("a@m.example").is_empty());
}

#[tokio::test]
async fn a_channel_without_a_sender_keeps_its_notices() {
    let mut w = World::with(MemberState::Approved, &["a@m.example"], BODY).await;
    w.route().await;
    w.outbox.senders.mail = None;
    assert_eq!(w.deliver().await.retried, 1);
    let waiting = w.store.notices(Some(NoticeState::Queued), 10, 0).await.unwrap();
    assert!(waiting[0].notice.last_error.as_deref().unwrap().contains("mail.host"));
}

#[tokio::test]
async fn routing_twice_changes_nothing() {
    let mut w = World::with(MemberState::Approved, &["a@m.example"], BODY).await;
    w.route().await;
    w.route().await;
    assert_eq!(w.store.notices_of(&w.alert).await.unwrap().len(), 1);
    assert!(w.store.dead_jobs().await.unwrap().is_empty());
}

#[tokio::test]
async fn the_loops_carry_an_alert_to_the_mailbox_and_end() {
    let w = World::with(MemberState::Approved, &["a@m.example"], BODY).await;
    w.flaky.set("a@m.example", Fate::AcceptAndDie);
    let stop = CancellationToken::new();
    let (wake, queued) = (Notify::new(), Notify::new());
    let rng = || StdRng::seed_from_u64(1);
    let sent = async {
        w.flaky.died.notified().await;
        stop.cancel();
    };
    let outbox = w.outbox.clone();
    tokio::select! {
        // The outbox waits for the sending that has begun, so it is the one that does not end here.
        () = outbox.run(rng(), &queued, &stop) => panic!("a sending in progress is not dropped"),
        ((), ()) = async { tokio::join!(router::run(&*w.store, &w.outbox.desk, &*w.clock, "one", rng(), (&wake, &queued), &stop), sent) } => {}
    }
    let idle = CancellationToken::new();
    idle.cancel();
    outbox.run(rng(), &queued, &idle).await;
    assert_eq!(w.flaky.accepted_by("a@m.example").len(), 1);
}

/// The service spawns the loops: their futures must be able to move between threads.
#[test]
fn the_loops_can_be_spawned() {
    fn movable<T: Send>(_: &T) {}
    fn check(outbox: &Outbox, clock: &FakeClock, wake: &Notify, stop: &CancellationToken) {
        movable(&outbox.run(StdRng::seed_from_u64(1), wake, stop));
        movable(&router::run(&*outbox.store, &outbox.desk, clock, "one", StdRng::seed_from_u64(1), (wake, wake), stop));
    }
    let _ = check;
}
