//! A form whose sender has gone is brought to its end.

use std::sync::Arc;

use axum::{
    Router,
    body::Body,
    http::{Method, Request, StatusCode},
    middleware::from_fn,
    routing::any,
};
use tokio::sync::Notify;
use tower::ServiceExt as _;

use crate::web::guard::to_its_end;

/// A page that says when it has begun, and ends when it may.
struct Slow {
    begun: Notify,
    may_end: Notify,
    ended: Notify,
}

async fn given_up(method: Method) -> Arc<Slow> {
    let slow = Arc::new(Slow { begun: Notify::new(), may_end: Notify::new(), ended: Notify::new() });
    let page = Arc::clone(&slow);
    let handler = any(async move || {
        page.begun.notify_one();
        page.may_end.notified().await;
        page.ended.notify_one();
    });
    let app = Router::new().route("/", handler).layer(from_fn(to_its_end));
    let request = Request::builder().method(method).uri("/").body(Body::empty()).expect("a request");
    tokio::select! {
        answer = app.oneshot(request) => panic!("it ended too early: {answer:?}"),
        () = slow.begun.notified() => {}
    }
    slow
}

#[tokio::test]
async fn what_a_form_began_goes_on_without_its_sender() {
    let slow = given_up(Method::POST).await;
    slow.may_end.notify_one();
    slow.ended.notified().await;
}

#[tokio::test]
async fn a_page_that_nobody_waits_for_is_not_made() {
    let slow = given_up(Method::GET).await;
    assert_eq!(Arc::strong_count(&slow), 1, "its handler is gone");
}

#[tokio::test]
async fn a_panic_in_a_form_is_the_forms_own() {
    let app = Router::new().route("/", any(async || -> StatusCode { panic!("in a page") })).layer(from_fn(to_its_end));
    let request = Request::post("/").body(Body::empty()).expect("a request");
    assert!(tokio::spawn(app.oneshot(request)).await.expect_err("passed on").is_panic());
}
