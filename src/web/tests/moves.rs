//! The move of a site in the pages: shown with what is known of it, decided once, and never without a reason against it.

use axum::http::{StatusCode, header};

use super::desk::Desk;
use crate::store::SiteMoves;
use crate::store::model::MoveState;

const PAGE: &str = "/sources/forum";
const MOVE: &str = "/sources/forum/moves/1";

#[tokio::test]
async fn a_move_is_shown_and_approved() {
    let desk = Desk::new().await;
    let (cookie, csrf) = desk.session("ann").await;
    let page = desk.get(PAGE, &cookie).await;
    for shown in ["new[.]example", "the new address did not answer", "waits for a decision", "Link that failed"] {
        assert!(page.text.contains(shown), "{shown}: {}", page.text);
    }
    let done = desk.post(&format!("{MOVE}/approve"), &cookie, &format!("csrf={csrf}")).await;
    assert_eq!(done.header(header::LOCATION), format!("{PAGE}?said=move_approved"), "{}", done.text);
    let text = std::fs::read_to_string(desk.dir.path().join("forum.yaml")).expect("a file");
    assert!(text.contains("links: [\"http://new.example/acme\"]"), "{text}");
    assert!(text.contains("legacy_links: [\"http://127.0.0.1:1/\"]") && text.contains("extends: demo-forum"), "{text}");
    let decided = desk.store.site_move(1).await.expect("a move");
    assert_eq!((decided.state, decided.decided_by.as_str()), (MoveState::Approved, "ann"));
    assert_eq!(desk.recorded().await[0], "ann move.approve");
    let again = desk.post(&format!("{MOVE}/approve"), &cookie, &format!("csrf={csrf}")).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn a_move_is_dismissed_with_a_reason() {
    let desk = Desk::new().await;
    let (cookie, csrf) = desk.session("ann").await;
    let before = std::fs::read_to_string(desk.dir.path().join("forum.yaml")).expect("a file");
    let refused = desk.post(&format!("{MOVE}/dismiss"), &cookie, &format!("csrf={csrf}&reason=+")).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("say why the site is not followed there"), "{}", refused.text);
    let other = desk.post("/sources/other/moves/1/dismiss", &cookie, &format!("csrf={csrf}&reason=r")).await;
    assert_eq!(other.status, StatusCode::NOT_FOUND, "a move of another source");
    let done = desk.post(&format!("{MOVE}/dismiss"), &cookie, &format!("csrf={csrf}&reason=parked")).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER);
    let page = desk.get(PAGE, &cookie).await;
    assert!(page.text.contains("dismissed") && page.text.contains("parked"), "{}", page.text);
    assert!(!page.text.contains("/approve"), "it is decided");
    assert_eq!(std::fs::read_to_string(desk.dir.path().join("forum.yaml")).expect("a file"), before);
}
