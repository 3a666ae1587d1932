//! Terms on the pages: tried, held back, changed, looked back for, imported and exported.

use axum::http::{StatusCode, header};

use super::desk::{Desk, start};
use crate::store::model::*;
use crate::store::{Alerts, Intake, LookBacks, Notices, Terms};
use crate::terms::look_back::{LookBacker, Step};

/// Posts that name `text`; the source's lease has ended, so they come as recovered ones.
async fn posts(desk: &Desk, text: &str, count: u64) {
    let posts = (0..count).map(|n| NewPost {
        key: format!("{text}-{n}"),
        post_id: n.to_string(),
        thread_id: None,
        url: "http://forum.example/x".into(),
        author: None,
        posted_at: None,
        edited_at: None,
        title: "offer".into(),
        body: format!("{n}: {text} <b>bold</b>"),
        content_hash: format!("{text}-{n}"),
        extra: "{}".into(),
        claim: None,
        findings: Vec::new(),
    });
    let capture = NewCapture {
        id: format!("cap-{text}"),
        url: "http://forum.example/x".into(),
        request: "{}".into(),
        status: 200,
        fetched_at: start(),
        file: "b.warc.gz".into(),
        offset: count,
        length: 1,
        sha256: "00".into(),
        chain: "11".into(),
    };
    desk.store.commit_recovered("forum", &capture, &posts.collect::<Vec<_>>(), start()).await.expect("stored");
}

fn form(text: &str, more: &str) -> String {
    format!("csrf=the-csrf-token&business_number=04595257&kind=keyword&text={text}&reason=its+name&{more}")
}

async fn term_of(desk: &Desk, text: &str) -> TermRow {
    desk.store.terms(None).await.expect("terms").into_iter().find(|row| row.term.text == text).expect(text)
}

#[tokio::test]
async fn a_term_is_tried_on_the_page_and_by_the_api() {
    let desk = Desk::new().await;
    let (cookie, _) = desk.session("ann").await;
    posts(&desk, "zenith", 2).await;
    let page = desk.post("/terms/preview", &cookie, &form("zenith", "near=offer&near_within=9")).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text.contains("Never seen"), "the title is another field: {}", page.text);
    let page = desk.post("/terms/preview", &cookie, &form("zenith", "")).await;
    for text in
        ["Fine: it may be watched for.", "<mark>zenith</mark> &#60;b&#62;bold", "2026-11-21", "value=\"zenith\""]
    {
        assert!(page.text.contains(text), "{text}: {}", page.text);
    }
    let answer = desk.get("/api/terms/preview?kind=keyword&text=zenith", &cookie).await;
    let json: serde_json::Value = serde_json::from_str(&answer.text).expect("json");
    assert_eq!((&json["alerts"], &json["verdict"], &json["posts"]), (&2.into(), &"fine".into(), &3.into()));
    let refused = desk.get("/api/terms/preview?kind=domain&text=com.tw", &cookie).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("public suffix"), "{}", refused.text);
    assert_eq!(desk.store.terms(None).await.expect("terms").len(), 1, "nothing is saved");
}

#[tokio::test]
async fn what_is_too_broad_is_held_back_until_somebody_else_activates_it() {
    let desk = Desk::new().await;
    let (cookie, csrf) = desk.session("ann").await;
    posts(&desk, "zenith", 12).await;
    let refused = desk.post("/terms", &cookie, &form("zenith", "state=active")).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("Too broad: more than 3 alerts a day."), "{}", refused.text);
    let drafted = desk.post("/terms", &cookie, &form("zenith", "state=draft")).await;
    assert_eq!(drafted.header(header::LOCATION), "/terms?said=term_drafted&q=zenith");
    let row = term_of(&desk, "zenith").await;
    let activate = format!("csrf={csrf}&state=active");
    let path = format!("/terms/{}/state", row.id);
    assert_eq!(desk.post(&path, &cookie, &activate).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let (other, _) = desk.session("admin").await;
    let answer = desk.post(&path, &other, &activate).await;
    assert_eq!(answer.header(header::LOCATION), format!("/terms/{}?said=term_active", row.id));
    assert_eq!(desk.store.term(row.id).await.expect("it").term.state, TermState::Active);
    let reasoned = desk.post("/terms", &cookie, &form("bold", "broad_reason=a+campaign")).await;
    assert_eq!(reasoned.status, StatusCode::SEE_OTHER, "{}", reasoned.text);
    let page = desk.get(&format!("/terms/{}", term_of(&desk, "bold").await.id), &cookie).await;
    assert!(page.text.contains("a campaign") && page.text.contains("Looking back"), "{}", page.text);
}

#[tokio::test]
async fn an_edit_shows_in_the_history_and_never_overwrites_anothers() {
    let desk = Desk::new().await;
    let (cookie, _) = desk.session("ann").await;
    let edit = |version: i64, reason: &str| {
        let form = form("acme", "near=leak%3B+%E5%A4%96%E6%B4%A9&near_within=40&review=2027-06-30&broad_reason=ok");
        format!("{}&version={version}", form.replace("its+name", reason))
    };
    let answer = desk.post("/terms/1", &cookie, &edit(1, "first")).await;
    assert_eq!(answer.header(header::LOCATION), "/terms/1?said=term_edited", "{}", answer.text);
    let late = desk.post("/terms/1", &cookie, &edit(1, "second")).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    let row = desk.store.term(1).await.expect("it");
    let context = r#"{"near":{"any_of":["leak","外洩"],"within":40}}"#;
    assert_eq!((row.term.reason.as_str(), row.term.context.as_deref(), row.version), ("first", Some(context), 2));
    let page = desk.get("/terms/1?said=term_edited", &cookie).await;
    for text in [
        "The term was changed.",
        "value=\"leak; 外洩\"",
        "value=\"2027-06-30\"",
        "<code>acme</code> → <code>first</code>",
    ] {
        assert!(page.text.contains(text), "{text}: {}", page.text);
    }
    let wrong = desk.post("/terms/1", &cookie, &form("acme", "review=soon&version=2")).await;
    assert!(wrong.text.contains("Write a date such as"), "{}", wrong.text);
}

#[tokio::test]
async fn terms_to_be_looked_at_again_have_a_list() {
    let desk = Desk::new().await;
    let (cookie, csrf) = desk.session("ann").await;
    desk.post("/terms", &cookie, &form("zenith", "review=2026-11-20")).await;
    let list = |review: &'static str| {
        let (desk, cookie) = (&desk, cookie.clone());
        async move {
            desk.get(&format!("/terms?review={review}"), &cookie).await.text.contains("<code>zenith</code></a></td>")
        }
    };
    assert!(list("due").await && list("never-fired").await && !list("only-false").await);
    desk.post("/findings/alert-1/dismiss", &cookie, &format!("csrf={csrf}&reason=another+acme")).await;
    let page = desk.get("/terms?review=only-false", &cookie).await;
    assert!(page.text.contains("<code>acme</code></a></td>") && page.text.contains("precision 0 %"), "{}", page.text);
}

#[tokio::test]
async fn what_history_holds_is_confirmed_at_once() {
    let desk = Desk::new().await;
    let (cookie, csrf) = desk.session("ann").await;
    posts(&desk, "zenith", 2).await;
    desk.post("/terms", &cookie, &form("zenith", "")).await;
    let settings = crate::alerts::AlertsSettings { reviewers: vec!["desk@cert.example".into()], ..Default::default() };
    let rules = settings.prepare().expect("rules");
    let later = start() + jiff::SignedDuration::from_mins(1);
    let mut worker = LookBacker::default();
    while worker.step(desk.store.as_ref(), &rules, later).await.expect("a step") != Step::Idle {}
    let page = desk.get("/findings", &cookie).await;
    assert!(page.text.contains("/lookbacks/2") && page.text.contains("2 alerts"), "{}", page.text);
    let page = desk.get("/lookbacks/2", &cookie).await;
    assert!(page.text.contains("2 waiting") && page.text.contains("soc@acme.example"), "{}", page.text);
    let bare = desk.post("/lookbacks/2/members/1/dismiss", &cookie, &format!("csrf={csrf}&reason=")).await;
    assert_eq!(bare.status, StatusCode::BAD_REQUEST);
    let answer = desk.post("/lookbacks/2/members/1/confirm", &cookie, &format!("csrf={csrf}")).await;
    assert_eq!(answer.header(header::LOCATION), "/lookbacks/2?said=confirmed", "{}", answer.text);
    let queued = desk.store.notices(Some(NoticeState::Queued), 10, 0).await.expect("notices");
    let told: Vec<_> = queued.iter().map(|view| view.notice.notice.audience).collect();
    assert_eq!(told, [Audience::Member, Audience::Reviewer], "one notice each for two findings");
    assert_eq!(desk.store.alert_counts().await.expect("counts").released, 2);
    assert!(desk.store.open_look_back().await.expect("none").is_none());
    for view in queued {
        let outbox_text = crate::alerts::written(desk.store.as_ref(), &rules, &view.notice).await;
        assert!(outbox_text.contains("2 ") && outbox_text.contains("offer"), "{outbox_text}");
    }
}

#[tokio::test]
async fn an_import_is_shown_before_it_is_written_and_an_export_reads_back() {
    let desk = Desk::new().await;
    let (cookie, csrf) = desk.session("ann").await;
    let csv = "kind,text,business_number,reason\nkeyword,acme,04595257,another+reason\nkeyword,zenith,04595257,r\n";
    let form = |more: &str| format!("csrf={csrf}&format=csv&text={}&{more}", csv.replace('\n', "%0A"));
    let plan = desk.post("/terms/import", &cookie, &form("step=plan")).await;
    for text in ["1 new. 0 there already. 1 there and different.", "different:</span> reason", "value=\"write\""] {
        assert!(plan.text.contains(text), "{text}: {}", plan.text);
    }
    let refused = desk.post("/terms/import", &cookie, &form("step=write")).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("choose what becomes of them"), "{}", refused.text);
    assert_eq!(desk.store.terms(None).await.expect("terms").len(), 1);
    let written = desk.post("/terms/import", &cookie, &form("step=write&conflicts=update")).await;
    assert_eq!(written.header(header::LOCATION), "/terms?said=term_imported");
    assert_eq!(term_of(&desk, "acme").await.term.reason, "another reason");
    let bad = desk.post("/terms/import", &cookie, &format!("csrf={csrf}&format=toml&text=x+%3D+1")).await;
    assert!(bad.text.contains("terms.toml, line 1"), "{}", bad.text);
    for (format, name) in [("csv", "terms.csv"), ("toml", "terms.toml")] {
        let file = desk.get(&format!("/terms/export?format={format}"), &cookie).await;
        assert_eq!(file.header(header::CONTENT_DISPOSITION), format!("attachment; filename=\"{name}\""));
        let read = crate::terms::read_file(name.as_ref(), file.text.as_bytes(), None, "x").expect(&file.text);
        assert_eq!(read.len(), 2);
    }
}
