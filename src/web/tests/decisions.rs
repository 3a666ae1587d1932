//! What people do on the pages, and what the record keeps of it.

use axum::http::{StatusCode, header};

use super::desk::{Desk, SEEN_AT};
use crate::store::model::{AlertState, MemberState, NoticeState, TermState};
use crate::store::{Alerts, Members, Notices, Terms};

#[tokio::test]
async fn one_click_confirms_and_wakes_the_outbox() {
    let desk = Desk::new().await;
    let (cookie, csrf) = desk.session("ann").await;
    let page = desk.get(SEEN_AT, &cookie).await;
    for text in
        ["application is still under review", "soc@acme.example", "2 TB", "5000 USD", "claims to sell", "applicant"]
    {
        assert!(page.text.contains(text), "{text}: {}", page.text);
    }
    let answer = desk.post("/findings/alert-1/confirm", &cookie, &format!("csrf={csrf}")).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    assert_eq!(desk.store.alert("alert-1").await.expect("it").state, AlertState::Released);
    let woken = tokio::time::timeout(std::time::Duration::ZERO, desk.wake.notified());
    assert!(woken.await.is_ok(), "the outbox was woken");
    let again = desk.post("/findings/alert-1/confirm", &cookie, &format!("csrf={csrf}")).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    assert!(again.text.contains("already decided"), "{}", again.text);
    let queued = desk.store.notices(Some(NoticeState::Queued), 10, 0).await.expect("notices");
    assert_eq!(queued.len(), 1);
    assert!(desk.recorded().await.contains(&"ann alert.confirm".to_owned()));
}

#[tokio::test]
async fn a_dismissal_says_why() {
    let desk = Desk::new().await;
    let (cookie, csrf) = desk.session("ann").await;
    let bare = desk.post("/findings/alert-1/dismiss", &cookie, &format!("csrf={csrf}&reason=+")).await;
    assert_eq!(bare.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(bare.text.contains("Say why"), "{}", bare.text);
    desk.post("/findings/alert-1/dismiss", &cookie, &format!("csrf={csrf}&reason=another+acme")).await;
    let alert = desk.store.alert("alert-1").await.expect("it");
    assert_eq!((alert.state, alert.reason.as_str()), (AlertState::Dismissed, "another acme"));
    assert!(desk.get(SEEN_AT, &cookie).await.text.contains("another acme"));
}

#[tokio::test]
async fn terms_are_checked_beside_the_field_and_kept() {
    let desk = Desk::new().await;
    let (cookie, csrf) = desk.session("ann").await;
    let form =
        |number: &str, text: &str| format!("csrf={csrf}&business_number={number}&kind=domain&text={text}&reason=r");
    let answer = desk.post("/terms", &cookie, &form("04595257", "com.tw")).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text.contains("is a public suffix") && answer.text.contains("field-error"), "{}", answer.text);
    let answer = desk.post("/terms", &cookie, &form("1", "acme.com.tw")).await;
    assert!(answer.text.contains("No member has this"), "{}", answer.text);
    let answer = desk.post("/terms", &cookie, &form("04595257", "acme.com.tw")).await;
    assert_eq!(answer.header(header::LOCATION), "/terms?said=term_added&q=acme.com.tw");
    let term = desk.store.terms(None).await.expect("terms").into_iter().find(|t| t.term.kind == "domain").expect("it");
    assert_eq!((term.term.author.as_str(), term.term.state), ("ann", TermState::Active));
    desk.post(&format!("/terms/{}/state", term.id), &cookie, &format!("csrf={csrf}&state=paused")).await;
    assert_eq!(desk.store.term(term.id).await.expect("it").term.state, TermState::Paused);
    assert_eq!(desk.recorded().await, ["ann term.pause", "ann term.add"]);
}

#[tokio::test]
async fn an_administrator_approves() {
    let desk = Desk::new().await;
    let (cookie, csrf) = desk.session("admin").await;
    desk.post("/members/1/approve", &cookie, &format!("csrf={csrf}")).await;
    assert_eq!(desk.store.member(1).await.expect("it").state, MemberState::Approved);
    assert_eq!(desk.recorded().await, ["admin member.approve"]);
}

#[tokio::test]
async fn dead_letters_stand_first_and_can_be_tried_again() {
    let desk = Desk::new().await;
    let (cookie, csrf) = desk.session("ann").await;
    let page = desk.get("/notices", &cookie).await;
    assert!(page.text.contains("550 &#60;b&#62;no such user"), "{}", page.text);
    assert!(desk.get("/", &cookie).await.text.contains("figure bad"));
    desk.post("/notices/1/retry", &cookie, &format!("csrf={csrf}")).await;
    assert!(desk.store.notices(Some(NoticeState::Dead), 10, 0).await.expect("notices").is_empty());
}

#[tokio::test]
async fn reads_are_recorded() {
    let desk = Desk::new().await;
    let (cookie, _) = desk.session("admin").await;
    for path in ["/posts/1", "/captures/cap-1/raw", SEEN_AT, "/members/1", "/search?q=acme", "/audit"] {
        assert_eq!(desk.get(path, &cookie).await.status, StatusCode::OK, "{path}");
    }
    let recorded = desk.recorded().await;
    for action in ["post.read", "capture.read", "finding.read", "member.read", "search", "audit.read"] {
        assert!(recorded.contains(&format!("admin {action}")), "{action}: {recorded:?}");
    }
}
