//! The Tor plane over a network that fails on demand, and its listener against clients that are not ours.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use arti_client::IsolationToken;
use async_trait::async_trait;
use futures::StreamExt;
use futures::stream::BoxStream;
use rand::SeedableRng;
use rand::rngs::StdRng;
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};
use tokio::net::TcpStream;
use tokio::sync::{Notify, watch};
use url::Url;

use super::bootstrap::{Pace, TorState};
use super::bridge::Times;
use super::failure::{TorFailure, TorFailureKind};
use super::network::{Circuit, Health, TorNetwork};
use super::plane::TorPlane;
use super::sources::ListenerSecret;
use crate::net::tests::server::{Handler, Reply, Seen, TLS, answer, page, redirect, response};
use crate::net::tests::{ONION, OTHER_ONION};
use crate::net::{Fetch, FetchError, FetchErrorKind, Limits, OnionUrl, Response, SourceId, Stage, Via};

/// A Tor network of one onion service, [`ONION`], whose pages are canned.
struct Fake {
    handler: Handler,
    seen: Seen,
    /// Answers to the next attempts to bootstrap; afterwards they succeed.
    bootstraps: Mutex<Vec<TorFailure>>,
    attempts: AtomicUsize,
    /// Bootstrapping waits for this, when there is one.
    gate: Option<Arc<Notify>>,
    /// How connections to other names fail.
    failures: Mutex<HashMap<&'static str, TorFailureKind>>,
    used: Mutex<Vec<IsolationToken>>,
    health: watch::Sender<Health>,
}

impl Fake {
    fn new(handler: impl Fn(&str) -> Reply + Send + Sync + 'static) -> Self {
        Self {
            handler: Arc::new(handler),
            seen: Seen::default(),
            bootstraps: Mutex::default(),
            attempts: AtomicUsize::new(0),
            gate: None,
            failures: Mutex::default(),
            used: Mutex::default(),
            health: watch::Sender::new(Health { usable: true, stuck: false, detail: "fine".to_owned() }),
        }
    }

    async fn plane(self: &Arc<Self>) -> TorPlane {
        self.plane_with_handshake(Duration::from_secs(60)).await
    }

    async fn plane_with_handshake(self: &Arc<Self>, handshake: Duration) -> TorPlane {
        let pace = Pace {
            patience: Duration::from_millis(20),
            first_pause: Duration::from_millis(1),
            last_pause: Duration::from_millis(2),
        };
        let times = Times { handshake, connect: Duration::from_secs(60) };
        let network = Arc::clone(self) as Arc<dyn TorNetwork>;
        TorPlane::assemble(network, secret(), pace, times).await.unwrap()
    }
}

fn secret() -> ListenerSecret {
    ListenerSecret::generate(&mut StdRng::seed_from_u64(7))
}

/// A stream through Tor that breaks after what the service has sent.
struct Breaking(DuplexStream);

impl tokio::io::AsyncRead for Breaking {
    fn poll_read(
        mut self: std::pin::Pin<&mut Self>, context: &mut std::task::Context<'_>, buffer: &mut tokio::io::ReadBuf<'_>,
    ) -> std::task::Poll<std::io::Result<()>> {
        let before = buffer.filled().len();
        let read = std::pin::Pin::new(&mut self.0).poll_read(context, buffer);
        match read {
            std::task::Poll::Ready(Ok(())) if buffer.filled().len() == before => {
                std::task::Poll::Ready(Err(std::io::Error::other("the circuit was destroyed")))
            }
            other => other,
        }
    }
}

impl tokio::io::AsyncWrite for Breaking {
    fn poll_write(
        mut self: std::pin::Pin<&mut Self>, context: &mut std::task::Context<'_>, bytes: &[u8],
    ) -> std::task::Poll<std::io::Result<usize>> {
        std::pin::Pin::new(&mut self.0).poll_write(context, bytes)
    }

    fn poll_flush(
        mut self: std::pin::Pin<&mut Self>, context: &mut std::task::Context<'_>,
    ) -> std::task::Poll<std::io::Result<()>> {
        std::pin::Pin::new(&mut self.0).poll_flush(context)
    }

    fn poll_shutdown(
        mut self: std::pin::Pin<&mut Self>, context: &mut std::task::Context<'_>,
    ) -> std::task::Poll<std::io::Result<()>> {
        std::pin::Pin::new(&mut self.0).poll_shutdown(context)
    }
}

/// The port on which streams break.
const BREAKING: u16 = 666;

#[async_trait]
impl TorNetwork for Fake {
    async fn bootstrap(&self) -> Result<(), TorFailure> {
        self.attempts.fetch_add(1, Ordering::SeqCst);
        if let Some(gate) = &self.gate {
            gate.notified().await;
        }
        self.bootstraps.lock().unwrap().pop().map_or(Ok(()), Err)
    }

    async fn connect(&self, host: &str, port: u16, isolation: IsolationToken) -> Result<Box<dyn Circuit>, TorFailure> {
        self.used.lock().unwrap().push(isolation);
        if let Some(kind) = self.failures.lock().unwrap().get(host) {
            return Err(TorFailure::new(*kind, "as the test wants"));
        }
        let (near, far) = duplex(1 << 16);
        tokio::spawn(answer(far, Arc::clone(&self.handler), Arc::clone(&self.seen)));
        match port {
            BREAKING => Ok(Box::new(Breaking(near))),
            _ => Ok(Box::new(near)),
        }
    }

    fn health(&self) -> Health {
        self.health.borrow().clone()
    }

    fn health_events(&self) -> BoxStream<'static, Health> {
        let receiver = self.health.subscribe();
        futures::stream::unfold(receiver, |mut receiver| async {
            receiver.changed().await.ok()?;
            let health = receiver.borrow().clone();
            Some((health, receiver))
        })
        .boxed()
    }
}

async fn get(plane: &TorPlane, url: &str) -> Result<Response, FetchError> {
    let session = plane.session(&SourceId::from("test"), Limits::default()).unwrap();
    session.fetch(&Url::parse(url).unwrap()).await
}

#[tokio::test]
async fn an_onion_page_comes_through_the_listener() {
    let fake = Arc::new(Fake::new(|path| match path {
        "/" => redirect("/board"),
        _ => page("2 TB"),
    }));
    let plane = fake.plane().await;
    let answer = get(&plane, &format!("http://{ONION}/")).await.unwrap();
    assert_eq!(answer.raw_body, "2 TB");
    assert_eq!(answer.via, Via::Tor);
    assert_eq!(answer.redirects.len(), 1);
    let host = format!("Host: {ONION}\r\n");
    assert!(fake.seen.lock().unwrap()[1].contains(&host));
}

#[tokio::test]
async fn a_source_keeps_its_circuits_and_cookies_to_itself() {
    let fake = Arc::new(Fake::new(|_| response("200 OK", "Set-Cookie: sid=1\r\n", b"")));
    let plane = fake.plane().await;
    let url = OnionUrl::parse(&format!("http://{ONION}/")).unwrap();
    for source in ["one", "two", "one"] {
        let session = plane.session(&source.into(), Limits::default()).unwrap();
        session.get(&url).await.unwrap();
    }
    let used = fake.used.lock().unwrap().clone();
    assert_eq!(used[0], used[2]);
    assert_ne!(used[0], used[1]);
    let cookies: Vec<bool> =
        (fake.seen.lock().unwrap().iter()).map(|request| request.contains("Cookie: sid=1")).collect();
    assert_eq!(cookies, [false, false, true]);
    plane.forget(&"one".into());
    let session = plane.session(&"one".into(), Limits::default()).unwrap();
    session.get(&url).await.unwrap();
    assert_ne!(fake.used.lock().unwrap()[3], used[0]);
}

#[tokio::test]
async fn what_tor_says_is_what_the_fetch_says() {
    for (kind, expected) in [
        (TorFailureKind::NotReady, FetchErrorKind::TorNotReady),
        (TorFailureKind::NotFound, FetchErrorKind::OnionNotFound),
        (TorFailureKind::Down, FetchErrorKind::OnionDown),
        (TorFailureKind::Refused, FetchErrorKind::Refused),
        (TorFailureKind::CircuitLost, FetchErrorKind::CircuitLost),
        (TorFailureKind::InvalidOnion, FetchErrorKind::InvalidOnion),
        (TorFailureKind::Timeout, FetchErrorKind::Timeout),
        (TorFailureKind::LocalNetwork, FetchErrorKind::LocalNetwork),
        (TorFailureKind::Other, FetchErrorKind::Protocol),
    ] {
        let fake = Fake::new(|_| page("up"));
        fake.failures.lock().unwrap().insert(OTHER_ONION, kind);
        let plane = Arc::new(fake).plane().await;
        for scheme in ["http", "https"] {
            let error = get(&plane, &format!("{scheme}://{OTHER_ONION}/")).await.unwrap_err();
            assert_eq!(error.kind(), expected, "{error}");
            assert!(error.to_string().contains(OTHER_ONION), "{error}");
        }
        assert!(get(&plane, &format!("http://{ONION}/")).await.is_ok());
    }
}

#[tokio::test]
async fn a_circuit_lost_midway_is_told_from_a_service_that_hangs_up() {
    let plane = Arc::new(Fake::new(|path| match path {
        TLS => Reply::Close(Vec::new()),
        _ => Reply::Close(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf".to_vec()),
    }))
    .plane()
    .await;
    let error = get(&plane, &format!("http://{ONION}:{BREAKING}/")).await.unwrap_err();
    assert_eq!(error.kind(), FetchErrorKind::CircuitLost, "{error}");
    let cause = std::error::Error::source(&error).unwrap().to_string();
    assert!(cause.contains("the circuit was destroyed"), "{cause}");
    let error = get(&plane, &format!("http://{ONION}/")).await.unwrap_err();
    assert_eq!(error.kind(), FetchErrorKind::ConnectionLost, "{error}");
    // While TLS is spoken the client still counts itself as connecting, but the stream stands: not Tor's fault.
    let error = get(&plane, &format!("https://{ONION}/")).await.unwrap_err();
    assert_eq!(error.kind(), FetchErrorKind::ConnectionLost, "{error}");
}

#[tokio::test]
async fn the_clear_net_is_refused_asked_or_redirected_to() {
    let plane = Arc::new(Fake::new(|_| redirect("https://tracker.example/?from=onion"))).plane().await;
    let session = plane.session(&"test".into(), Limits::default()).unwrap();
    for clear in ["http://example.com/", "http://127.0.0.1/"] {
        let url = Url::parse(clear).unwrap();
        assert!(session.admits(&url).unwrap_err().is_wrong_plane());
        let error = session.fetch(&url).await.unwrap_err();
        assert_eq!(error.kind(), FetchErrorKind::WrongPlane, "{error}");
    }
    let error = get(&plane, &format!("http://{ONION}/")).await.unwrap_err();
    assert_eq!(error.kind(), FetchErrorKind::WrongPlane, "{error}");
    assert!(error.to_string().contains("tracker.example"), "{error}");
}

#[tokio::test]
async fn another_onion_is_a_move() {
    let plane = Arc::new(Fake::new(|_| redirect(&format!("http://{OTHER_ONION}/")))).plane().await;
    let error = get(&plane, &format!("http://{ONION}/")).await.unwrap_err();
    assert!(matches!(&error, FetchError::Moved { to, .. } if to == OTHER_ONION), "{error}");
}

#[tokio::test]
async fn a_service_that_freezes_meets_the_total_time() {
    let plane = Arc::new(Fake::new(|_| Reply::Hang(Vec::new()))).plane().await;
    let limits = Limits { total: Duration::from_millis(50), ..Limits::default() };
    plane.ready().await;
    let session = plane.session(&"test".into(), limits).unwrap();
    let url = OnionUrl::parse(&format!("http://{ONION}/")).unwrap();
    let error = session.get(&url).await.unwrap_err();
    let FetchError::Timeout { stage, .. } = error else {
        panic!("{error}");
    };
    assert_eq!(stage, Stage::Whole);
}

#[tokio::test]
async fn bootstrapping_is_tried_until_it_succeeds() {
    let mut fake = Fake::new(|_| page("up"));
    let failed = TorFailure::new(TorFailureKind::NotReady, "no network");
    fake.bootstraps = Mutex::new(vec![failed; 5]);
    let fake = Arc::new(fake);
    let plane = fake.plane().await;
    assert!(get(&plane, &format!("http://{ONION}/")).await.is_ok());
    assert_eq!(fake.attempts.load(Ordering::SeqCst), 6);
    assert_eq!(plane.status().state, TorState::Ready);
}

#[tokio::test]
async fn a_fetch_before_tor_is_up_waits_no_longer_than_it_may() {
    let mut fake = Fake::new(|_| page("up"));
    let gate = Arc::new(Notify::new());
    fake.gate = Some(Arc::clone(&gate));
    let fake = Arc::new(fake);
    let plane = fake.plane().await;
    assert_eq!(plane.status().state, TorState::Bootstrapping);
    let limits = Limits { connect: Duration::from_millis(100), ..Limits::default() };
    let session = plane.session(&"test".into(), limits).unwrap();
    let url = OnionUrl::parse(&format!("http://{ONION}/")).unwrap();
    let error = session.get(&url).await.unwrap_err();
    assert_eq!(error.kind(), FetchErrorKind::TorNotReady);
    assert!(error.is_plane_wide());
    // The attempt has lasted longer than the keeper's patience: it is called failing, and goes on.
    while plane.status().state != TorState::Failing {
        tokio::task::yield_now().await;
    }
    assert_eq!(fake.attempts.load(Ordering::SeqCst), 1);
    gate.notify_one();
    plane.ready().await;
    assert!(get(&plane, url.as_url().as_str()).await.is_ok());
}

#[tokio::test]
async fn a_network_lost_later_shows_and_comes_back() {
    let fake = Arc::new(Fake::new(|_| page("up")));
    let plane = fake.plane().await;
    plane.ready().await;
    for (usable, stuck, expected) in
        [(false, false, TorState::Bootstrapping), (false, true, TorState::Failing), (true, false, TorState::Ready)]
    {
        // Sent again and again, as the keeper may not have subscribed yet.
        while plane.status().state != expected {
            let detail = expected.as_str().to_owned();
            fake.health.send_replace(Health { usable, stuck, detail });
            tokio::task::yield_now().await;
        }
        assert_eq!(plane.status().detail, expected.as_str());
    }
}

#[tokio::test]
async fn connections_that_do_not_reach_tor_outweigh_what_it_says() {
    let fake = Arc::new(Fake::new(|_| page("up")));
    let plane = fake.plane().await;
    plane.ready().await;
    let url = format!("http://{OTHER_ONION}/");
    for (kind, expected) in [
        (TorFailureKind::Down, TorState::Ready),
        (TorFailureKind::NotReady, TorState::Failing),
        (TorFailureKind::CircuitLost, TorState::Failing),
        (TorFailureKind::Timeout, TorState::Failing),
        (TorFailureKind::NotFound, TorState::Ready),
        (TorFailureKind::LocalNetwork, TorState::Failing),
    ] {
        fake.failures.lock().unwrap().insert(OTHER_ONION, kind);
        get(&plane, &url).await.unwrap_err();
        assert_eq!(plane.status().state, expected, "{kind:?}");
    }
    assert_eq!(plane.status().detail, "as the test wants");
    assert!(get(&plane, &format!("http://{ONION}/")).await.is_ok());
    assert_eq!(plane.status().state, TorState::Ready);
}

#[tokio::test]
async fn silence_of_every_service_is_a_tor_that_fails() {
    let fake = Arc::new(Fake::new(|_| page("up")));
    let plane = fake.plane().await;
    plane.ready().await;
    let (slow, good) = (format!("http://{OTHER_ONION}/"), format!("http://{ONION}/"));
    fake.failures.lock().unwrap().insert(OTHER_ONION, TorFailureKind::Timeout);
    for _ in 0..3 {
        get(&plane, &slow).await.unwrap_err();
        get(&plane, &slow).await.unwrap_err();
        assert_eq!(plane.status().state, TorState::Ready, "it may be the service");
        assert!(get(&plane, &good).await.is_ok());
    }
    for _ in 0..3 {
        get(&plane, &slow).await.unwrap_err();
    }
    let status = plane.status();
    assert_eq!(status.state, TorState::Failing);
    assert_eq!(status.detail, "the last 3 connections came to nothing: as the test wants");
    assert!(get(&plane, &good).await.is_ok());
    assert_eq!(plane.status().state, TorState::Ready);
}

#[tokio::test]
async fn when_the_plane_ends_its_sessions_say_so() {
    let plane = Arc::new(Fake::new(|_| page("up"))).plane().await;
    plane.ready().await;
    let session = plane.session(&"test".into(), Limits::default()).unwrap();
    let listener = plane.listener();
    drop(plane);
    // The listener closes when its task is torn down, which the runtime does in its own time.
    while connect(listener).await.is_ok() {
        tokio::task::yield_now().await;
    }
    let url = OnionUrl::parse(&format!("http://{ONION}/")).unwrap();
    let error = session.get(&url).await.unwrap_err();
    assert_eq!(error.kind(), FetchErrorKind::TorNotReady, "{error}");
}

#[expect(clippy::disallowed_methods, reason = "a client of the listener that is not ours")]
async fn connect(listener: std::net::SocketAddr) -> std::io::Result<TcpStream> {
    TcpStream::connect(listener).await
}

/// Says these bytes to the listener of a plane with one source and returns all it answers before it hangs up.
async fn hostile(say: &[u8], handshake: Duration) -> (Vec<u8>, Arc<Fake>) {
    let fake = Arc::new(Fake::new(|_| page("secret")));
    let plane = fake.plane_with_handshake(handshake).await;
    let _session = plane.session(&"test".into(), Limits::default()).unwrap();
    let mut stream = connect(plane.listener()).await.unwrap();
    stream.write_all(say).await.unwrap();
    let mut heard = Vec::new();
    while let Ok(byte) = stream.read_u8().await {
        heard.push(byte);
    }
    (heard, fake)
}

fn login(user: &str, password: &str) -> Vec<u8> {
    let mut bytes = vec![5, 1, 2, 1, u8::try_from(user.len()).unwrap()];
    bytes.extend(user.as_bytes());
    bytes.push(u8::try_from(password.len()).unwrap());
    bytes.extend(password.as_bytes());
    bytes
}

fn ask(command: u8, target: &[u8]) -> Vec<u8> {
    let mut bytes = login("source-0", secret().as_str());
    bytes.extend([5, command, 0]);
    bytes.extend(target);
    bytes.extend([0, 80]);
    bytes
}

fn named(host: &str) -> Vec<u8> {
    let mut bytes = vec![3, u8::try_from(host.len()).unwrap()];
    bytes.extend(host.as_bytes());
    bytes
}

/// More than any handshake takes on any machine.
const LONG: Duration = Duration::from_secs(60);

#[tokio::test]
async fn a_stranger_who_says_too_little_is_cut_off() {
    for say in [&[][..], &[5], &login("source-0", secret().as_str())[..9]] {
        let (_heard, fake) = hostile(say, Duration::from_millis(50)).await;
        assert!(fake.used.lock().unwrap().is_empty());
    }
}

#[tokio::test]
async fn a_stranger_at_the_listener_gets_nowhere() {
    let password = secret().as_str().to_owned();
    let wrong = password.replace(|_| true, "0");
    for (what, say, answer) in [
        ("no password offered", vec![5, 1, 0], vec![5, 0xff]),
        ("no method", vec![5, 0], vec![5, 0xff]),
        ("SOCKS 4", vec![4, 1, 2], vec![5, 0xff]),
        ("HTTP", b"GET / HTTP/1.1\r\n".repeat(9), vec![5, 0xff]),
        ("wrong password", login("source-0", &wrong), vec![5, 2, 1, 1]),
        ("no password", login("source-0", ""), vec![5, 2, 1, 1]),
        ("unknown source", login("source-1", &password), vec![5, 2, 1, 1]),
    ] {
        let (heard, fake) = hostile(&say, LONG).await;
        // A reset may swallow the answer to what was not read to its end.
        assert!(heard == answer || heard.is_empty(), "{what}: {heard:?}");
        assert!(fake.used.lock().unwrap().is_empty(), "{what}");
    }
}

#[tokio::test]
async fn the_listener_connects_to_onion_names_only() {
    let refused = |code| vec![5, 2, 1, 0, 5, code, 0, 1, 0, 0, 0, 0, 0, 0];
    for (what, say, code) in [
        ("BIND", ask(2, &named(ONION)), 7),
        ("UDP", ask(3, &named(ONION)), 7),
        ("an address", ask(1, &[1, 127, 0, 0, 1]), 8),
        ("an IPv6 address", ask(1, &[4]), 8),
        ("a clear name", ask(1, &named("example.com")), 8),
        ("a broken onion name", ask(1, &named("abc.onion")), 8),
        ("no text", ask(1, &[3, 2, 0xff, 0xfe]), 8),
        ("no name", ask(1, &[3, 0]), 8),
    ] {
        let (heard, fake) = hostile(&say, LONG).await;
        let expected = refused(code);
        assert!(expected.starts_with(&heard), "{what}: {heard:?}");
        assert!(fake.used.lock().unwrap().is_empty(), "{what}");
    }
}

#[tokio::test]
async fn silent_strangers_do_not_keep_sources_out() {
    let fake = Arc::new(Fake::new(|_| page("up")));
    let plane = fake.plane_with_handshake(Duration::from_millis(500)).await;
    let mut silent = Vec::new();
    for _ in 0..100 {
        silent.push(connect(plane.listener()).await.unwrap());
    }
    assert!(get(&plane, &format!("http://{ONION}/")).await.is_ok());
}
