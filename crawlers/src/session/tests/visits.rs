//! Visits of a site for members: login when a page wants it, once more when the session is lost, and queues.

use std::{sync::Arc, time::Duration};

use super::server::{Asked, Site, page, page_with};
use super::site::{Clock, by_form, entrance, form, password, session, welcome};
use crate::{
    net::Fetch,
    session::{Login, LoginEnd, Need, Standing, log_in},
    walk::{Mode, RawPage, Seen, Walk},
};

/// Visits a site as the service does.
async fn visit(site: &Site, clock: &Clock, patience: u64) -> (Walk, Vec<String>, Option<LoginEnd>) {
    let (definition, session) = (by_form(&site.base), session());
    let mut walk = Walk::new(Arc::clone(&definition), &site.base, Mode::Everything, Seen::new(), Some(20))
        .with_patience(Duration::from_secs(patience));
    let (mut posts, mut ended) = (vec![], None);
    while let Some(request) = walk.next_request() {
        clock.wait(walk.not_before());
        let response = session.fetch(&request.url).await.unwrap();
        let body = response.decode(session.limits()).unwrap();
        let raw = RawPage {
            url: &response.url,
            status: response.status,
            content_type: "text/html",
            body: &body,
            received_at: clock.now(),
            retry_after: response.header_str("retry-after"),
        };
        posts.extend(walk.read(&request, &raw).posts.into_iter().map(|post| post.post_id));
        if walk.wants_login() {
            assert!(!walk.is_over());
            let mut login = Login::new(Arc::clone(&definition), &site.base, password()).unwrap();
            let end = log_in(&mut login, &session, || clock.now(), |_| std::future::ready(true)).await.unwrap();
            walk.login_ended(&end);
            ended = Some(end);
        }
    }
    (walk, posts, ended)
}

fn forum(asked: &Asked) -> String {
    match asked.what.as_str() {
        "GET /login" => form(""),
        "POST /do?x=1" => welcome(),
        "GET /t1" if asked.is_member() => page("<div id=t><a class=logout></a><p class=post id=1>x</p></div>"),
        _ => entrance(asked),
    }
}

#[tokio::test]
async fn a_guest_becomes_a_member_and_the_page_is_read_again() {
    let site = Site::start(|asked, _| forum(asked)).await;
    let (walk, posts, _) = visit(&site, &Clock::default(), 0).await;
    assert_eq!((walk.summary().outcome.to_string().as_str(), posts), ("ok_new", vec!["1".to_owned()]));
    assert_eq!(site.whats(), ["GET /", "GET /login", "POST /do?x=1", "GET /", "GET /", "GET /t1"]);
}

#[tokio::test]
async fn a_session_lost_midway_is_renewed_once() {
    let site = Site::start(|asked, before| match (asked.what.as_str(), before) {
        ("GET /t1", 5) => page("<div id=t>You are not logged in</div>"),
        _ => forum(asked),
    })
    .await;
    let (walk, posts, _) = visit(&site, &Clock::default(), 0).await;
    assert_eq!((walk.summary().outcome.to_string().as_str(), posts), ("ok_new", vec!["1".to_owned()]));
    let logins = |site: &Site| site.whats().iter().filter(|what| what.starts_with("POST")).count();
    assert_eq!(logins(&site), 2, "one at the start, one for the loss");
    let losing = Site::start(|asked, _| match asked.what.as_str() {
        "GET /t1" => page("<div id=t>You are not logged in</div>"),
        "GET /login" => form(""),
        _ => forum(asked),
    })
    .await;
    let (walk, posts, _) = visit(&losing, &Clock::default(), 0).await;
    assert_eq!((walk.summary().outcome.to_string().as_str(), posts.len()), ("blocked(login)", 0));
    assert_eq!(logins(&losing), 2);
}

#[tokio::test]
async fn a_login_that_gives_no_member_pages_is_not_repeated() {
    let site = Site::start(|asked, before| match asked.what.as_str() {
        "GET /" if before != 3 => page("<div id=t>guest</div>"),
        _ => forum(asked),
    })
    .await;
    let (walk, _, end) = visit(&site, &Clock::default(), 0).await;
    assert_eq!((end, walk.summary().outcome.to_string().as_str()), (Some(LoginEnd::LoggedIn), "blocked(login)"));
    assert_eq!(site.whats().len(), 5);
}

#[tokio::test]
async fn a_driver_that_cannot_log_in_ends_with_the_wall() {
    let site = Site::start(|asked, _| entrance(asked)).await;
    let mut walk = Walk::new(by_form(&site.base), &site.base, Mode::Poll, Seen::new(), None);
    let request = walk.next_request().unwrap();
    let body = b"<div id=t>guest</div>";
    let received_at = Clock::default().now();
    let raw = RawPage { url: &request.url, status: 200, content_type: "", body, received_at, retry_after: None };
    walk.read(&request, &raw);
    assert!(walk.next_request().is_none() && walk.is_over());
    assert_eq!(walk.summary().outcome.to_string(), "blocked(login)");
}

#[tokio::test]
async fn a_refused_login_makes_the_source_wait_for_a_person() {
    let site = Site::start(|asked, _| match asked.what.as_str() {
        "POST /do?x=1" => form("wrong"),
        _ => forum(asked),
    })
    .await;
    let clock = Clock::default();
    let (walk, _, end) = visit(&site, &clock, 0).await;
    let outcome = walk.summary().outcome;
    let standing = Standing::Ready.after(end.as_ref(), &outcome, walk.not_before(), clock.now());
    assert!(matches!(standing, Standing::NeedsPerson { need: Need::Password, .. }), "{standing:?}");
    assert_eq!(site.whats().len(), 3);
}

#[tokio::test]
async fn a_queue_is_waited_for_within_the_patience_of_the_visit() {
    let queue = || page_with("200 OK", "Retry-After: 20\r\n", "You have been placed in a queue");
    let clock = Clock::default();
    let at = Arc::new(std::sync::Mutex::new(vec![]));
    let (times, seen) = (clock.clone(), Arc::clone(&at));
    let site = Site::start(move |asked, before| {
        seen.lock().unwrap().push(times.seconds());
        if before < 2 { queue() } else { forum(asked) }
    })
    .await;
    let (walk, posts, _) = visit(&site, &clock, 120).await;
    assert_eq!((walk.summary().outcome.to_string().as_str(), posts.len()), ("ok_new", 1));
    let at = at.lock().unwrap().clone();
    assert!(at[1] - at[0] > 20.0 && at[2] - at[1] > 20.0, "{at:?}");
    for (patience, requests) in [(0, 1), (30, 2), (100_000, 6)] {
        let (clock, site) = (Clock::default(), Site::start(move |_, _| queue()).await);
        let (walk, _, _) = visit(&site, &clock, patience).await;
        let outcome = walk.summary().outcome;
        assert_eq!((outcome.to_string().as_str(), site.whats().len()), ("blocked(queue)", requests));
        let standing = Standing::Ready.after(None, &outcome, walk.not_before(), clock.now());
        assert!(!standing.may_visit(clock.now()), "the wait holds for the next visit as well");
    }
}
