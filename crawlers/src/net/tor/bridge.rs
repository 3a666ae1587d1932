//! The listener between the HTTP client and Tor: one SOCKS connection, one stream through a circuit of its source.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use tokio::io::copy;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use super::bootstrap::Phase;
use super::failure::{TorFailure, TorFailureKind, chain};
use super::handshake::{self, ADDRESS_NOT_SUPPORTED, GENERAL_FAILURE, Refusal, Request};
use super::network::{Circuit, TorNetwork};
use super::sources::{Connection, ListenerSecret, OnionSource, Sources};
use crate::net::plane_url::check_onion_name;

/// Time limits of one connection of the listener.
#[derive(Debug, Clone, Copy)]
pub(super) struct Times {
    /// For a client to say who it is and what it wants; ours needs a millisecond.
    pub(super) handshake: Duration,
    /// For Tor to open a stream.
    pub(super) connect: Duration,
}

impl Times {
    pub(super) fn with_connect(connect: Duration) -> Self {
        Self { handshake: Duration::from_secs(5), connect }
    }
}

/// Connections that have not said yet who they are. Another user's silent connections fill these, not the streams below.
const MAX_HANDSHAKES: usize = 64;

/// Streams through Tor at a time, over all sources.
const MAX_STREAMS: usize = 512;

/// Pause after a failed `accept`, which is the system running out of file descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// What every connection of the listener needs.
pub(super) struct Bridge {
    network: Arc<dyn TorNetwork>,
    sources: Arc<Sources>,
    secret: Arc<ListenerSecret>,
    phase: Arc<watch::Sender<Phase>>,
    times: Times,
    handshakes: Arc<Semaphore>,
    streams: Arc<Semaphore>,
}

/// Binds the listener to an unused port of the loopback interface.
pub(super) async fn bind() -> io::Result<(TcpListener, SocketAddr)> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let address = listener.local_addr()?;
    Ok((listener, address))
}

impl Bridge {
    pub(super) fn new(
        network: Arc<dyn TorNetwork>, sources: Arc<Sources>, secret: Arc<ListenerSecret>,
        phase: Arc<watch::Sender<Phase>>, times: Times,
    ) -> Self {
        Self {
            network,
            sources,
            secret,
            phase,
            times,
            handshakes: Arc::new(Semaphore::new(MAX_HANDSHAKES)),
            streams: Arc::new(Semaphore::new(MAX_STREAMS)),
        }
    }

    /// Serves until dropped; all connections end with it.
    pub(super) async fn serve(self, listener: TcpListener) {
        let bridge = Arc::new(self);
        let mut connections = JoinSet::new();
        loop {
            while connections.try_join_next().is_some() {}
            let Ok(waiting) = Arc::clone(&bridge.handshakes).acquire_owned().await else {
                return;
            };
            match listener.accept().await {
                Ok((stream, _)) => {
                    connections.spawn(Arc::clone(&bridge).connection(stream, waiting));
                }
                Err(error) => {
                    tracing::warn!(%error, "the Tor plane's listener cannot accept a connection");
                    sleep(ACCEPT_PAUSE).await;
                }
            }
        }
    }

    async fn connection(self: Arc<Self>, mut stream: TcpStream, waiting: OwnedSemaphorePermit) {
        // Small requests are not to wait for acknowledgements; without it they are only slower.
        stream.set_nodelay(true).ok();
        let check = |user: &[u8], password: &[u8]| {
            let known = self.secret.matches(password);
            self.sources.by_user(user).filter(|_| known)
        };
        let request = match timeout(self.times.handshake, handshake::read(&mut stream, check)).await {
            Ok(Ok(request)) => request,
            Ok(Err(Refusal::Io(_))) => return,
            Ok(Err(refusal)) => {
                tracing::warn!(%refusal, "a client of the Tor plane's listener was turned away");
                return;
            }
            Err(_) => {
                tracing::warn!("a client of the Tor plane's listener said nothing and was cut off");
                return;
            }
        };
        drop(waiting);
        self.stream(stream, request).await;
    }

    async fn stream(&self, mut client: TcpStream, request: Request<Arc<OnionSource>>) {
        let Request { who, host, port } = request;
        let Some(host) = String::from_utf8(host).ok().filter(|host| check_onion_name(host).is_ok()) else {
            handshake::refuse(&mut client, ADDRESS_NOT_SUPPORTED).await.ok();
            return;
        };
        who.note(&host, port, Connection::Asked);
        let Ok(_running) = self.streams.try_acquire() else {
            let busy = format!("{MAX_STREAMS} streams are open already");
            let failure = TorFailure::new(TorFailureKind::LocalNetwork, busy);
            who.note(&host, port, Connection::Failed(failure));
            handshake::refuse(&mut client, GENERAL_FAILURE).await.ok();
            return;
        };
        let connected = tokio::select! {
            connected = self.connect(&who, &host, port) => connected,
            () = hung_up(&client) => {
                // Its patience is shorter than ours: it counts as a connection that came to nothing.
                let failure = TorFailure::new(TorFailureKind::Timeout, "nothing came back in the time a page has");
                self.phase.send_modify(|phase| phase.learn(Err(&failure)));
                return;
            }
        };
        self.phase.send_modify(|phase| phase.learn(connected.as_ref().map(drop)));
        match connected {
            Ok(circuit) => {
                who.note(&host, port, Connection::Open);
                if handshake::accept(&mut client).await.is_ok() {
                    relay(client, circuit, &who, &host, port).await;
                }
            }
            Err(failure) => {
                tracing::debug!(kind = ?failure.kind, %failure, "no stream to an onion service");
                let code = failure.socks_reply();
                who.note(&host, port, Connection::Failed(failure));
                handshake::refuse(&mut client, code).await.ok();
            }
        }
    }

    async fn connect(&self, who: &OnionSource, host: &str, port: u16) -> Result<Box<dyn Circuit>, TorFailure> {
        let connecting = self.network.connect(host, port, who.isolation);
        match timeout(self.times.connect, connecting).await {
            Ok(result) => result,
            Err(_) => Err(TorFailure::new(
                TorFailureKind::Timeout,
                format!("no stream within {} s", self.times.connect.as_secs_f64()),
            )),
        }
    }
}

/// Resolves when the client gives up while it waits; one that talks ahead of time is simply not heard.
async fn hung_up(client: &TcpStream) {
    if !matches!(client.peek(&mut [0]).await, Ok(0) | Err(_)) {
        std::future::pending().await
    }
}

/// Copies both ways until either side ends. A client of HTTP that closes has lost interest, so nothing waits for the other direction: a
/// service that has frozen would hold the stream for ever.
async fn relay(client: TcpStream, circuit: Box<dyn Circuit>, who: &OnionSource, host: &str, port: u16) {
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_tor, mut to_tor) = tokio::io::split(circuit);
    let ended = tokio::select! {
        ended = copy(&mut from_client, &mut to_tor) => ended,
        ended = copy(&mut from_tor, &mut to_client) => ended,
    };
    if let Err(error) = ended {
        // Kept before the client's side is closed by the end of this function, which is how the client learns of it.
        // Where the client itself has gone, nobody asks.
        let failure = TorFailure::new(TorFailureKind::CircuitLost, chain(&error));
        tracing::debug!(%failure, "a stream to an onion service broke");
        who.note(host, port, Connection::Failed(failure));
    }
}
