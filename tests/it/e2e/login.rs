//! A forum for members only: logged in to with a credential, logged in to again, or read with a person's cookies.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use axum::{
    Router,
    extract::{Form, Request, State},
    http::{HeaderMap, StatusCode, header},
    middleware::{Next, from_fn_with_state},
    response::{Html, IntoResponse, Response},
    routing::get,
};
use jiff::Timestamp;
use nightheron::demo::Forum;
use serde::Deserialize;
use tokio::net::TcpListener;

use crate::support::{
    browser::Browser,
    service::{Site, Watched, until},
    world::World,
};

const PASSWORD: &str = "a long night by the water";
const FORM: &str = "<html><body class='night-market guest'><form method=post action=/login><input type=hidden name=token value=t0k3n>\
                    <input name=user><input type=password name=password><button name=go value=in>In</button></form>";

/// Who may read: the session that is good now, counted up to end it, and how often somebody logged in.
#[derive(Debug, Default)]
struct Door {
    session: AtomicUsize,
    accepted: AtomicUsize,
    refused: AtomicUsize,
}

#[derive(Deserialize)]
struct Login {
    token: String,
    user: String,
    password: String,
    go: String,
}

impl Door {
    fn cookie(&self) -> String {
        format!("sid=s{}", self.session.load(Ordering::SeqCst))
    }
}

async fn guard(State(door): State<Arc<Door>>, headers: HeaderMap, request: Request, next: Next) -> Response {
    let cookies = headers.get(header::COOKIE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if cookies.split("; ").any(|cookie| cookie == door.cookie()) {
        next.run(request).await
    } else {
        Html(FORM).into_response()
    }
}

async fn enter(State(door): State<Arc<Door>>, Form(login): Form<Login>) -> Response {
    let asked = (login.token.as_str(), login.user.as_str(), login.password.as_str(), login.go.as_str());
    if asked != ("t0k3n", "quiet", "right", "in") {
        door.refused.fetch_add(1, Ordering::SeqCst);
        return Html(FORM).into_response();
    }
    door.accepted.fetch_add(1, Ordering::SeqCst);
    let cookie = format!("{}; Path=/; HttpOnly", door.cookie());
    (StatusCode::SEE_OTHER, [(header::LOCATION, "/".to_owned()), (header::SET_COOKIE, cookie)]).into_response()
}

async fn serve(forum: &Forum, door: &Arc<Door>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let link = format!("http://{}/", listener.local_addr().unwrap());
    let members = forum.router().layer(from_fn_with_state(Arc::clone(door), guard));
    let login = Router::new().route("/login", get(async || Html(FORM)).post(enter)).with_state(Arc::clone(door));
    let router = login.merge(members);
    tokio::spawn(async move { axum::serve(listener, router).await });
    link
}

async fn site(world: &World, link: &str, password: &str) -> Site {
    let site = Site::new(world, None, &[Watched { extends: "demo-forum", link }]);
    append(
        &site,
        "watched-0.yaml",
        "session: { method: form, credentials: forum-a, path: login, logged_in: { selector: 'body.night-market:not(.guest)' }, \
         inputs: { user: \"{{ secret.user }}\", password: \"{{ secret.password }}\" } }\n",
    );
    append(
        &site,
        "nightheron.toml",
        "[[credential]]\nname = \"forum-a\"\nuser = \"quiet\"\npassword_file = \"forum.password\"\n",
    );
    std::fs::write(site.path("forum.password"), format!("{password}\n")).unwrap();
    site.must(&["user", "add", "lin", "--language", "en"], PASSWORD).await;
    site
}

fn append(site: &Site, file: &str, text: &str) {
    let file = site.path(file);
    let before = std::fs::read_to_string(&file).unwrap();
    std::fs::write(file, before + text).unwrap();
}

fn at() -> Timestamp {
    "2026-11-20T12:00:00Z".parse().unwrap()
}

async fn found(browser: &Browser, site: &Site, word: &str) {
    until(&format!("{word} is found"), site, || async {
        browser.read(&format!("/search?q={word}")).await.contains("kvartz").then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_lost_session_is_logged_in_to_again() {
    let (world, forum, door) = (World::of_this_run(), Forum::default(), Arc::new(Door::default()));
    forum.post("first", "kvartz", "what the members read", at());
    let site = site(&world, &serve(&forum, &door).await, "right").await;
    let service = site.start().await;
    let browser = Browser::sign_in(&service.page, "lin", PASSWORD).await;
    found(&browser, &site, "first").await;
    assert_eq!(door.accepted.load(Ordering::SeqCst), 1, "one login for all pages");

    door.session.fetch_add(1, Ordering::SeqCst);
    forum.post("second", "kvartz", "after the session was lost", at());
    found(&browser, &site, "second").await;
    assert_eq!((door.accepted.load(Ordering::SeqCst), door.refused.load(Ordering::SeqCst)), (2, 0));
    service.stop().await;

    // The cookies outlive the process.
    forum.post("third", "kvartz", "after a restart", at());
    let service = site.start().await;
    let browser = Browser::sign_in(&service.page, "lin", PASSWORD).await;
    found(&browser, &site, "third").await;
    assert_eq!(door.accepted.load(Ordering::SeqCst), 2);
    service.stop().await;
    assert!(!site.said().contains("right\""), "the password is in no log");
}

#[tokio::test]
async fn a_wrong_password_is_sent_once_and_a_persons_cookies_help() {
    let (world, forum, door) = (World::of_this_run(), Forum::default(), Arc::new(Door::default()));
    forum.post("hidden", "kvartz", "what the members read", at());
    let site = site(&world, &serve(&forum, &door).await, "wr0ng-s3cret").await;
    let service = site.start().await;
    let browser = Browser::sign_in(&service.page, "lin", PASSWORD).await;
    until("the page asks for a person", &site, || async {
        browser.read("/sources/watched-0").await.contains("did not accept user and password").then_some(())
    })
    .await;
    assert!(browser.read("/").await.contains("a sign-in is asked for"), "the overview says so as well");

    let form = [("cookies", "sid=s0")];
    browser.press("/sources/watched-0", "/sources/watched-0/cookies", &form).await;
    found(&browser, &site, "hidden").await;
    assert_eq!(door.refused.load(Ordering::SeqCst), 1, "the password was sent once");
    assert!(!browser.read("/sources/watched-0").await.contains("did not accept"));
    service.stop().await;
    assert!(!site.said().contains("wr0ng-s3cret") && !site.said().contains("sid=s0"), "no secret is in the log");
}
