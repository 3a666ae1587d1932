//! Redirects: followed on the same host, reported to another, refused where the plane may not go.

use super::ONION;
use super::clear::session;
use super::server::{Server, page, redirect, response};
use crate::net::{ClearUrl, FetchError, FetchErrorKind, Limits, RedirectScope, Response};

async fn follow(location: &str, limits: Limits) -> (Result<Response, FetchError>, Server) {
    let location = location.to_owned();
    let server = Server::start(move |path| match path {
        "/start" => redirect(&location),
        _ => page("arrived"),
    })
    .await;
    let url = ClearUrl::parse(&server.url("/start")).unwrap();
    (session(limits).get(&url).await, server)
}

fn anywhere() -> Limits {
    Limits { redirect_scope: RedirectScope::AnyHost, ..Limits::default() }
}

#[tokio::test]
async fn the_same_host_is_followed_with_its_new_cookies() {
    let server = Server::start(|path| match path {
        "/start" => response("303 See Other", "Location: ../there?q=1#part\r\nSet-Cookie: sid=7; Path=/\r\n", b""),
        _ => page("arrived"),
    })
    .await;
    let url = ClearUrl::parse(&server.url("/start")).unwrap();
    let answer = session(Limits::default()).get(&url).await.unwrap();
    assert_eq!(answer.raw_body, "arrived");
    let [hop] = answer.redirects.as_slice() else {
        panic!("{:?}", answer.redirects);
    };
    assert_eq!((hop.status, hop.from.path()), (303, "/start"));
    assert_eq!(hop.to, answer.url);
    let second = server.requests().pop().unwrap();
    assert!(second.starts_with("GET /there?q=1 HTTP/1.1\r\n"), "{second}");
    assert!(second.contains("Cookie: sid=7\r\n"), "{second}");
}

#[tokio::test]
async fn another_host_is_named_and_not_asked() {
    let (result, _server) = follow("https://new.example/home", Limits::default()).await;
    let error = result.unwrap_err();
    assert_eq!(error.to_string(), "127.0.0.1 has moved to new.example");
    let FetchError::Moved { to, url, .. } = error else {
        panic!("{error}");
    };
    assert_eq!(to, "new.example");
    assert_eq!(url.as_str(), "https://new.example/home");
}

#[tokio::test]
async fn a_redirect_into_the_private_network_is_refused() {
    for (location, limits) in [
        ("http://10.0.0.1/", Limits::default()),
        ("http://169.254.169.254/latest/meta-data/", anywhere()),
        ("http://[::ffff:10.0.0.1]/", anywhere()),
        ("http://0x0a000001/", anywhere()),
        ("http://rebind.example/", anywhere()),
    ] {
        let (result, _server) = follow(location, limits).await;
        let error = result.unwrap_err();
        assert_eq!(error.kind(), FetchErrorKind::PrivateAddress, "{location}: {error}");
    }
}

#[tokio::test]
async fn a_redirect_into_the_onion_network_is_refused_by_name() {
    for location in [format!("http://{ONION}/"), format!("//{}./x", ONION.to_uppercase())] {
        for limits in [Limits::default(), anywhere()] {
            let (result, server) = follow(&location, limits).await;
            let error = result.unwrap_err();
            assert_eq!(error.kind(), FetchErrorKind::WrongPlane, "{error}");
            assert_eq!(server.requests().len(), 1);
        }
    }
}

#[tokio::test]
async fn a_redirect_that_leads_nowhere_is_an_error_and_one_without_a_target_an_answer() {
    let (result, _server) = follow("http://[broken/", Limits::default()).await;
    assert_eq!(result.unwrap_err().kind(), FetchErrorKind::Protocol);
    let (result, _server) = follow("mailto:x@example.com", Limits::default()).await;
    assert_eq!(result.unwrap_err().kind(), FetchErrorKind::InvalidUrl);
    let server = Server::start(|_| response("304 Not Modified", "", b"")).await;
    let url = ClearUrl::parse(&server.url("/")).unwrap();
    let answer = session(Limits::default()).get(&url).await.unwrap();
    assert_eq!(answer.status, 304);
}

#[tokio::test]
async fn where_any_host_is_allowed_each_is_checked_and_followed() {
    let server = Server::start(|_| page("arrived")).await;
    let next = format!("http://loop.example:{}/next", server.address.port());
    let (result, _first) = follow(&next, anywhere()).await;
    let answer = result.unwrap();
    assert_eq!(answer.url.as_str(), next);
}
