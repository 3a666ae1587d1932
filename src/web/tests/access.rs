//! Who may see and do what, and the headers that every answer carries.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};

use super::desk::Desk;
use crate::web::headers::CSP;

pub(super) const PAGES: &[&str] = &[
    "/",
    "/sources/forum",
    "/sources/forum/definition",
    "/sources/forum/repair",
    "/search",
    "/search?q=acme",
    "/posts/1",
    "/findings",
    "/findings?state=held",
    "/findings/alert-1",
    "/members",
    "/members/1",
    "/terms",
    "/terms?review=due",
    "/terms/1",
    "/terms/import",
    "/lookbacks/1",
    "/notices",
    "/notices?state=dead",
    "/audit",
];

const DEFINITION: &str = "number=2&reason=r&text=schema:+1%0Aid:+forum%0Aname:+F%0Aextends:+demo-forum%0A\
                          links:+[\"http://127.0.0.1:1/\"]%0A";

const FORMS: &[(&str, &str)] = &[
    ("/logout", ""),
    ("/language", "lang=en&next=/"),
    ("/sources/visit", "source=forum"),
    ("/sources/forum/cookies", "cookies=1"),
    ("/sources/forum/definition", DEFINITION),
    ("/sources/forum/definition/preview", DEFINITION),
    ("/sources/forum/definition/back", "take=1&number=2"),
    ("/sources/forum/definition/reread", "since=2026-11-20T08:00"),
    ("/sources/forum/repair", "proposal=none"),
    ("/sources/forum/moves/1/approve", ""),
    ("/sources/forum/moves/1/dismiss", "reason=a+test"),
    ("/findings/alert-1/confirm", ""),
    ("/findings/alert-1/dismiss", "reason=a+test"),
    ("/members/1/approve", ""),
    ("/terms", "business_number=04595257&kind=keyword&text=zenith&reason=r"),
    ("/terms/preview", "kind=keyword&text=zenith"),
    ("/terms/1", "kind=keyword&text=zenith&reason=r&version=1"),
    ("/terms/1/state", "state=paused"),
    ("/terms/import", "step=write&text=kind,text,business_number,reason%0Akeyword,zenith,04595257,r"),
    ("/lookbacks/1/members/1/confirm", ""),
    ("/lookbacks/1/members/1/dismiss", "reason=a+test"),
    ("/notices/1/retry", ""),
    ("/jobs/1/retry", ""),
];

#[tokio::test]
async fn nothing_is_shown_before_signing_in() {
    let desk = Desk::new().await;
    for path in PAGES.iter().chain(&["/captures/cap-1/raw", "/nothing/here"]) {
        let answer = desk.get(path, "").await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}");
        assert_eq!(answer.header(header::LOCATION), "/login", "{path}");
        assert!(answer.text.is_empty(), "{path}");
    }
    for (path, form) in FORMS.iter().filter(|(path, _)| *path != "/language") {
        let answer = desk.post(path, "", &format!("csrf=the-csrf-token&{form}")).await;
        assert_eq!(answer.header(header::LOCATION), "/login", "{path}");
    }
    assert!(desk.recorded().await.is_empty());
}

#[tokio::test]
async fn every_form_needs_its_token() {
    let desk = Desk::new().await;
    let (cookie, csrf) = desk.session("admin").await;
    for (path, form) in FORMS {
        for token in ["", "csrf=&", "csrf=wrong&", "csrf=the-csrf-toke&"] {
            let answer = desk.post(path, &cookie, &format!("{token}{form}")).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path} {token}");
            assert!(answer.text.contains("out of date"), "{path}: {}", answer.text);
        }
        let foreign = Request::post(*path)
            .header(header::COOKIE, &cookie)
            .header("sec-fetch-site", "cross-site")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(format!("csrf={csrf}&{form}")))
            .expect("a request");
        assert_eq!(desk.send(foreign).await.status, StatusCode::FORBIDDEN, "{path}");
    }
    assert!(desk.recorded().await.is_empty(), "a refused form does nothing");
    let login = desk.post("/login", "", "name=ann&password=x").await;
    assert_eq!(login.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn every_form_works_with_its_token() {
    // A trial answers with its page; the desk has no failed work, nothing that history held, and nothing to repair.
    let elsewhere =
        ["/jobs", "/terms/preview", "/lookbacks", "/sources/forum/definition/preview", "/sources/forum/repair"];
    for (path, form) in FORMS.iter().filter(|(path, _)| !elsewhere.iter().any(|other| path.starts_with(other))) {
        let desk = Desk::new().await;
        let (cookie, csrf) = desk.session("admin").await;
        let answer = desk.post(path, &cookie, &format!("csrf={csrf}&{form}")).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}: {}", answer.text);
    }
}

#[tokio::test]
async fn administration_is_for_administrators() {
    let desk = Desk::new().await;
    let (cookie, csrf) = desk.session("ann").await;
    assert_eq!(desk.get("/audit", &cookie).await.status, StatusCode::FORBIDDEN);
    assert_eq!(desk.post("/members/1/approve", &cookie, &format!("csrf={csrf}")).await.status, StatusCode::FORBIDDEN);
    assert!(!desk.get("/members/1", &cookie).await.text.contains("/approve"));
}

#[tokio::test]
async fn all_answers_carry_the_headers() {
    let desk = Desk::new().await;
    let (cookie, _) = desk.session("admin").await;
    let more = [
        "/login",
        "/healthz",
        "/static/style.css",
        "/nothing",
        "/posts/99",
        "/posts/x",
        "/captures/cap-1/raw",
        "/captures/no/raw",
        "/search?q=%22open",
        "/search?page=x",
    ];
    for path in PAGES.iter().chain(&more) {
        for cookie in [cookie.as_str(), ""] {
            let answer = desk.get(path, cookie).await;
            assert_eq!(answer.header(header::CONTENT_SECURITY_POLICY), CSP, "{path}");
            assert_eq!(answer.header(header::X_CONTENT_TYPE_OPTIONS), "nosniff", "{path}");
            assert_eq!(answer.header(header::REFERRER_POLICY), "no-referrer", "{path}");
            assert_eq!(answer.header(header::CACHE_CONTROL), "no-store", "{path}");
        }
    }
    let long = "x".repeat(100_000);
    let answer = desk.post("/terms", &cookie, &long).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(answer.header(header::CONTENT_SECURITY_POLICY), CSP);
    assert!(answer.text.contains("too large"), "{}", answer.text);
}
