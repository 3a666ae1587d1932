//! The clear plane: what it sends, what it keeps, where it goes and where it does not.

use std::collections::HashMap;
use std::io;
use std::net::IpAddr;
use std::sync::Arc;

use async_trait::async_trait;
use url::Url;

use super::ONION;
use super::server::{Reply, Server, page, response};
use crate::net::resolve::Lookup;
use crate::net::{ClearPlane, ClearPolicy, ClearSession, ClearUrl, Fetch, FetchErrorKind, Limits, SourceId, Via};

/// Names of the tests, without asking anybody.
struct Names(HashMap<&'static str, Vec<IpAddr>>);

#[async_trait]
impl Lookup for Names {
    async fn lookup(&self, name: &str) -> io::Result<Vec<IpAddr>> {
        let known = self.0.get(name).cloned();
        known.ok_or_else(|| io::Error::other("no such name"))
    }
}

fn ips(addresses: &[&str]) -> Vec<IpAddr> {
    addresses.iter().map(|ip| ip.parse().unwrap()).collect()
}

fn plane(allowed: &[&str]) -> ClearPlane {
    let names = Names(HashMap::from([
        ("loop.example", ips(&["127.0.0.1"])),
        ("rebind.example", ips(&["93.184.215.14", "10.0.0.1"])),
        ("mapped.example", ips(&["::ffff:10.0.0.1"])),
        ("empty.example", ips(&[])),
    ]));
    let policy = ClearPolicy { allow_private: allowed.iter().map(|net| net.parse().unwrap()).collect() };
    ClearPlane::with_lookup(policy, Arc::new(names))
}

/// A session that may reach loopback.
pub(super) fn session(limits: Limits) -> ClearSession {
    plane(&["127.0.0.0/8"]).session(&SourceId::from("test"), limits).unwrap()
}

async fn kind(session: &ClearSession, url: &str) -> FetchErrorKind {
    let url = Url::parse(url).unwrap();
    session.fetch(&url).await.unwrap_err().kind()
}

#[tokio::test]
async fn a_response_is_kept_byte_for_byte() {
    let body = zstd::encode_all("資料外洩".as_bytes(), 3).unwrap();
    let sent = body.clone();
    let server = Server::start(move |_| {
        response(
            "200 Quite Fine",
            "Content-Encoding: zstd\r\nX-Odd: \u{a4}\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\n",
            &sent,
        )
    })
    .await;
    let url = ClearUrl::parse(&server.url("/a?b=c")).unwrap();
    let answer = session(Limits::default()).get(&url).await.unwrap();
    assert_eq!(answer.raw_body, body);
    assert_eq!(answer.decode(&Limits::default()).unwrap(), "資料外洩".as_bytes());
    assert_eq!(answer.via, Via::Clear(Some(server.address)));
    assert_eq!(answer.header("Set-Cookie").count(), 2);
    assert_eq!(answer.header_str("content-encoding"), Some("zstd"));
    let head = answer.head_bytes();
    assert!(head.starts_with(b"HTTP/1.1 200 Quite Fine\r\ncontent-encoding: zstd\r\nx-odd: \xc2\xa4\r\n"));
    assert!(head.ends_with(b"\r\n\r\n"));
}

#[tokio::test]
async fn a_request_looks_like_every_tor_browsers() {
    let server = Server::start(|_| page("")).await;
    let url = ClearUrl::parse(&server.url("/")).unwrap();
    session(Limits::default()).get(&url).await.unwrap();
    let request = server.requests().pop().unwrap();
    for line in [
        "GET / HTTP/1.1",
        "User-Agent: Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0",
        "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
        "Accept-Language: en-US,en;q=0.5",
        "Accept-Encoding: gzip, deflate, br, zstd",
        "Upgrade-Insecure-Requests: 1",
    ] {
        assert!(request.lines().any(|sent| sent == line), "{line}\n{request}");
    }
    assert_eq!(request.lines().filter(|line| !line.is_empty()).count(), 7);
}

#[tokio::test]
async fn cookies_belong_to_one_source_and_outlive_its_sessions() {
    let server = Server::start(|_| response("200 OK", "Set-Cookie: sid=secret\r\n", b"")).await;
    let plane = plane(&["127.0.0.0/8"]);
    let url = ClearUrl::parse(&server.url("/")).unwrap();
    let visit = async |source: &str| {
        let session = plane.session(&source.into(), Limits::default()).unwrap();
        session.get(&url).await.unwrap();
        server.requests().pop().unwrap().contains("sid=secret")
    };
    assert!(!visit("one").await);
    assert!(visit("one").await);
    assert!(!visit("two").await);
    plane.forget(&"one".into());
    assert!(!visit("one").await);
}

#[tokio::test]
async fn a_person_can_hand_over_and_take_away_a_login() {
    let server = Server::start(|_| page("")).await;
    let session = session(Limits::default());
    let url = ClearUrl::parse(&server.url("/")).unwrap();
    assert!(session.add_cookie(&url, "login=yes; Path=/"));
    assert!(!session.add_cookie(&url, "login=yes; Domain=elsewhere.example"));
    session.get(&url).await.unwrap();
    assert!(server.requests().pop().unwrap().contains("Cookie: login=yes\r\n"));
    session.clear_cookies();
    session.get(&url).await.unwrap();
    assert!(!server.requests().pop().unwrap().contains("Cookie"));
}

#[tokio::test]
async fn nothing_but_public_addresses_is_reached() {
    let server = Server::start(|_| page("secret")).await;
    let closed = plane(&[]).session(&"s".into(), Limits::default()).unwrap();
    let port = server.address.port();
    for host in [
        "127.0.0.1",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "0.0.0.0",
        "2130706433",
        "0x7f.1",
        "loop.example",
        "rebind.example",
        "mapped.example",
    ] {
        let url = format!("http://{host}:{port}/");
        assert_eq!(kind(&closed, &url).await, FetchErrorKind::PrivateAddress, "{host}");
    }
    assert_eq!(kind(&closed, "http://empty.example/").await, FetchErrorKind::Dns);
    assert_eq!(kind(&closed, "http://unknown.example/").await, FetchErrorKind::Dns);
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn the_systems_own_name_for_loopback_is_refused() {
    let plane = ClearPlane::new(ClearPolicy::default());
    let session = plane.session(&"s".into(), Limits::default()).unwrap();
    assert_eq!(kind(&session, "http://localhost/").await, FetchErrorKind::PrivateAddress);
}

#[tokio::test]
async fn an_onion_address_is_refused_before_anything_is_asked() {
    let session = session(Limits::default());
    let url = Url::parse(&format!("http://{ONION}/")).unwrap();
    assert!(session.admits(&url).unwrap_err().is_wrong_plane());
    assert_eq!(kind(&session, url.as_str()).await, FetchErrorKind::WrongPlane);
}

#[tokio::test]
async fn failures_of_the_connection_have_their_kinds() {
    let session = session(Limits::default());
    let cut = Server::start(|path| match path {
        "/head" => Reply::Close(b"HTTP/1.1 200".to_vec()),
        "/body" => Reply::Close(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf".to_vec()),
        _ => Reply::Close(b"220 mail.example ESMTP\r\n\r\n".to_vec()),
    })
    .await;
    assert_eq!(kind(&session, &cut.url("/head")).await, FetchErrorKind::ConnectionLost);
    assert_eq!(kind(&session, &cut.url("/body")).await, FetchErrorKind::ConnectionLost);
    assert_eq!(kind(&session, &cut.url("/")).await, FetchErrorKind::Protocol);

    let plain = cut.url("/").replace("http:", "https:");
    assert_eq!(kind(&session, &plain).await, FetchErrorKind::Tls);

    let unused = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = unused.local_addr().unwrap();
    drop(unused);
    assert_eq!(kind(&session, &format!("http://{address}/")).await, FetchErrorKind::Refused);
}
