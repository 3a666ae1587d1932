//! Every limit of a fetch, reached.

use std::time::Duration;

use super::clear::session;
use super::server::{Reply, Server, page, redirect, response};
use crate::net::{ClearUrl, Fetch, FetchError, Limits, Oversize, Stage};

async fn error_with(limits: Limits, server: &Server) -> FetchError {
    let url = ClearUrl::parse(&server.url("/")).unwrap();
    session(limits).get(&url).await.unwrap_err()
}

fn is_too_large(error: &FetchError, expected: Oversize) -> bool {
    matches!(error, FetchError::TooLarge { what, .. } if *what == expected)
}

#[tokio::test]
async fn a_body_that_never_ends_meets_the_total_time() {
    let server = Server::start(|_| Reply::Hang(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf".into())).await;
    let limits = Limits { total: Duration::from_millis(50), ..Limits::default() };
    let error = error_with(limits, &server).await;
    assert!(matches!(error, FetchError::Timeout { stage: Stage::Whole, .. }), "{error}");
    assert_eq!(error.to_string(), "127.0.0.1 did not answer completely within 0.05 s");
}

#[tokio::test]
async fn a_handshake_that_never_ends_meets_the_connect_time() {
    // TLS belongs to connecting, and this server reads the client's hello and says nothing.
    let server = Server::start(|_| Reply::Hang(Vec::new())).await;
    let url = ClearUrl::parse(&format!("https://{}/", server.address)).unwrap();
    let limits = Limits { connect: Duration::from_millis(50), ..Limits::default() };
    let error = session(limits).get(&url).await.unwrap_err();
    assert!(matches!(error, FetchError::Timeout { stage: Stage::Connect, .. }), "{error}");
}

#[tokio::test]
async fn a_body_is_bounded_announced_or_not() {
    let limits = || Limits { max_body: 1000, ..Limits::default() };
    let announced = Server::start(|_| response("200 OK", "", &[b'x'; 1001])).await;
    let error = error_with(limits(), &announced).await;
    assert!(is_too_large(&error, Oversize::Body), "{error}");

    let silent = Server::start(|_| {
        let mut bytes = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n".to_vec();
        bytes.extend([b'x'; 1001]);
        Reply::Hang(bytes)
    })
    .await;
    let error = error_with(limits(), &silent).await;
    assert!(is_too_large(&error, Oversize::Body), "{error}");
    assert_eq!(error.to_string(), "127.0.0.1 sent more than 1000 bytes of body");

    let exact = Server::start(|_| response("200 OK", "", &[b'x'; 1000])).await;
    let url = ClearUrl::parse(&exact.url("/")).unwrap();
    let answer = session(limits()).get(&url).await.unwrap();
    assert_eq!(answer.raw_body.len(), 1000);
}

#[tokio::test]
async fn header_lines_are_bounded() {
    let server = Server::start(|_| response("200 OK", &"X-A: b\r\n".repeat(9), b"")).await;
    let limits = |max_headers| Limits { max_headers, ..Limits::default() };
    // With the two that every response of this server has.
    let error = error_with(limits(10), &server).await;
    assert!(is_too_large(&error, Oversize::Headers), "{error}");
    let url = ClearUrl::parse(&server.url("/")).unwrap();
    let answer = session(limits(11)).get(&url).await.unwrap();
    assert_eq!(answer.headers.len(), 11);
}

#[tokio::test]
async fn header_bytes_are_bounded() {
    let server = Server::start(|path| {
        let length = if path == "/huge" { 1 << 20 } else { 900 };
        response("200 OK", &format!("X-A: {}\r\n", "b".repeat(length)), b"")
    })
    .await;
    let limits = Limits { max_header_bytes: 900, ..Limits::default() };
    let error = error_with(limits, &server).await;
    assert!(is_too_large(&error, Oversize::HeaderBytes), "{error}");
    let url = ClearUrl::parse(&server.url("/huge")).unwrap();
    let error = session(Limits::default()).get(&url).await.unwrap_err();
    assert!(is_too_large(&error, Oversize::Headers), "{error}");
}

#[tokio::test]
async fn redirects_are_bounded() {
    let server = Server::start(|path| match path {
        "/0" => redirect("/1"),
        "/1" => redirect("/2"),
        "/2" => page("arrived"),
        _ => redirect("/"),
    })
    .await;
    let limits = Limits { max_redirects: 2, ..Limits::default() };
    let error = error_with(limits.clone(), &server).await;
    assert!(matches!(error, FetchError::TooManyRedirects { limit: 2, .. }), "{error}");
    assert_eq!(server.requests().len(), 3);
    let url = ClearUrl::parse(&server.url("/0")).unwrap();
    let answer = session(limits).get(&url).await.unwrap();
    assert_eq!(answer.redirects.len(), 2);
    assert_eq!(answer.requested.path(), "/0");
    assert_eq!(answer.url.path(), "/2");
}

#[tokio::test]
async fn cookies_beyond_the_limit_are_counted_and_not_sent() {
    let server = Server::start(|_| {
        let cookies = "Set-Cookie: a=1\r\nSet-Cookie: b=2\r\nSet-Cookie: c=3\r\n";
        response("200 OK", cookies, b"")
    })
    .await;
    let session = session(Limits { max_cookies: 2, ..Limits::default() });
    let url = ClearUrl::parse(&server.url("/")).unwrap();
    assert_eq!(session.get(&url).await.unwrap().cookies_refused, 1);
    session.get(&url).await.unwrap();
    let second = server.requests().pop().unwrap();
    let sent = second.lines().find_map(|line| line.strip_prefix("Cookie: ")).unwrap();
    assert_eq!(sent.split("; ").count(), 2, "{sent}");
}

#[tokio::test]
async fn a_decoded_body_is_bounded_by_the_limits_of_its_session() {
    let bomb = zstd::encode_all(vec![0; 4 << 20].as_slice(), 3).unwrap();
    let server = Server::start(move |_| response("200 OK", "Content-Encoding: zstd\r\n", &bomb)).await;
    let session = session(Limits::default());
    let url = ClearUrl::parse(&server.url("/")).unwrap();
    let answer = session.get(&url).await.unwrap();
    let error = answer.decode(session.limits()).unwrap_err();
    assert!(is_too_large(&error, Oversize::Ratio), "{error}");
    let small = Limits { max_decoded: 1000, ..Limits::default() };
    let error = answer.decode(&small).unwrap_err();
    assert!(is_too_large(&error, Oversize::Decoded), "{error}");
}
