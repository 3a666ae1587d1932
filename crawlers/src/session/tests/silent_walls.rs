//! A site whose pages for guests look like success: JSON that holds less, or nothing.

use std::sync::Arc;

use super::scripts::{flarum_login, flarum_start, forum};
use super::server::{Asked, Site, page_with};
use super::site::{Clock, password, session};
use crate::{
    net::Fetch,
    session::{Login, log_in},
    walk::{Mode, RawPage, Seen, Walk},
};

const LISTING: &str = r#"{"links":{"first":"/api/discussions"},"data":[{"type":"discussions","id":"1","attributes":{"title":"T",
    "commentCount":1,"canReply":CAN}}]}"#;
const EMPTY: &str = r#"{"links":{"first":"/api/discussions"},"data":[]}"#;
const POSTS: &str = r#"{"links":{"first":"/api/posts"},"data":[{"type":"posts","id":"7","attributes":
    {"contentHtml":"<p>for sale</p>","createdAt":"2026-07-17T23:08:33Z"}}]}"#;

/// A Flarum that shows its discussion to members alone; `closed`: they may not reply to it.
fn answer(asked: &Asked, closed: bool) -> String {
    let json = |body: &str| page_with("200 OK", "", body).replace("text/html; charset=utf-8", "application/json");
    let what = asked.what.as_str();
    match what {
        "POST /login" => flarum_login(asked),
        _ if what.starts_with("GET /api/") && !asked.is_member() => json(EMPTY),
        _ if what.starts_with("GET /api/posts") => json(POSTS),
        _ if what.starts_with("GET /api/") => json(&LISTING.replace("CAN", if closed { "false" } else { "true" })),
        _ => flarum_start(asked),
    }
}

async fn visit(site: &Site, session: &dyn Fetch) -> (String, Vec<String>) {
    let (definition, clock) = (forum("flarum", site, ""), Clock::default());
    let mut walk = Walk::new(Arc::clone(&definition), &site.base, Mode::Everything, Seen::new(), Some(20));
    let mut posts = vec![];
    while let Some(request) = walk.next_request() {
        let response = session.fetch(&request.url).await.unwrap();
        let raw = RawPage {
            url: &response.url,
            status: response.status,
            content_type: "application/json",
            body: &response.decode(session.limits()).unwrap(),
            received_at: clock.now(),
            retry_after: None,
        };
        posts.extend(walk.read(&request, &raw).posts.into_iter().map(|post| post.post_id));
        if walk.wants_login() {
            let mut login = Login::new(Arc::clone(&definition), &site.base, password()).unwrap();
            let end = log_in(&mut login, session, || clock.now(), |_| std::future::ready(true)).await.unwrap();
            walk.login_ended(&end);
        }
    }
    (walk.summary().outcome.to_string(), posts)
}

fn count(site: &Site, what: &str) -> usize {
    site.whats().iter().filter(|asked| asked.starts_with(what)).count()
}

#[tokio::test]
async fn an_empty_listing_is_not_believed_before_a_login_and_a_lost_session_is_noticed() {
    let site = Site::start(|asked, _| answer(asked, false)).await;
    let session = session();
    let all = ("ok_new".to_owned(), vec!["7".to_owned()]);
    assert_eq!(visit(&site, &session).await, all);
    assert_eq!(visit(&site, &session).await, all);
    assert_eq!(
        (count(&site, "POST /login"), site.whats().iter().filter(|what| *what == "GET /").count()),
        (1, 2),
        "who is a member is not asked again"
    );
    session.jar().clear();
    assert_eq!(visit(&site, &session).await, all, "as a guest it would have been empty");
    assert_eq!(count(&site, "POST /login"), 2);
}

#[tokio::test]
async fn a_listing_that_proves_nothing_costs_a_look_at_the_start_page() {
    let site = Site::start(|asked, _| answer(asked, true)).await;
    let session = session();
    for _ in 0..2 {
        assert_eq!(visit(&site, &session).await.0, "ok_new");
    }
    assert_eq!(count(&site, "POST /login"), 1);
    assert_eq!(site.whats().iter().filter(|what| *what == "GET /").count(), 3, "two for the login, one for the doubt");
}
