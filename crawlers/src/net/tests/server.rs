//! A server of canned bytes: one request a connection, one answer, then closed or left hanging.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpListener;

/// What a request is answered with.
pub(crate) enum Reply {
    /// These bytes, then the end of the connection.
    Close(Vec<u8>),
    /// These bytes, then silence.
    Hang(Vec<u8>),
}

/// The first byte of a client that wants to speak TLS.
const TLS_HANDSHAKE: u8 = 22;

/// What such a client is to be answered with is asked for under this path.
pub(crate) const TLS: &str = "TLS";

/// Answers a path.
pub(crate) type Handler = Arc<dyn Fn(&str) -> Reply + Send + Sync>;

/// The heads of all requests, as received.
pub(crate) type Seen = Arc<Mutex<Vec<String>>>;

/// A listening server.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    pub(crate) seen: Seen,
}

impl Server {
    pub(crate) async fn start(handler: impl Fn(&str) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let (handler, seen): (Handler, Seen) = (Arc::new(handler), Seen::default());
        let all = Arc::clone(&seen);
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                tokio::spawn(answer(stream, Arc::clone(&handler), Arc::clone(&all)));
            }
        });
        Self { address, seen }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub(crate) fn requests(&self) -> Vec<String> {
        self.seen.lock().unwrap().clone()
    }
}

/// Serves one connection.
pub(crate) async fn answer<S>(mut stream: S, handler: Handler, seen: Seen)
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let mut head = Vec::new();
    match stream.read_u8().await {
        Ok(TLS_HANDSHAKE) => return reply(stream, handler(TLS)).await,
        Ok(byte) => head.push(byte),
        Err(_) => return,
    }
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => return,
        }
    }
    let head = String::from_utf8(head).unwrap();
    let path = head.split(' ').nth(1).unwrap().to_owned();
    seen.lock().unwrap().push(head);
    reply(stream, handler(&path)).await;
}

async fn reply(mut stream: impl AsyncWrite + Unpin, reply: Reply) {
    match reply {
        Reply::Close(bytes) => {
            // The client may have refused the answer by now, which is what some tests are about.
            stream.write_all(&bytes).await.ok();
            stream.shutdown().await.ok();
        }
        Reply::Hang(bytes) => {
            stream.write_all(&bytes).await.ok();
            stream.flush().await.ok();
            std::future::pending::<()>().await;
        }
    }
}

/// A whole response with this status line, these header lines, and this body.
pub(crate) fn response(status: &str, headers: &str, body: &[u8]) -> Reply {
    let length = body.len();
    let head = format!("HTTP/1.1 {status}\r\n{headers}Content-Length: {length}\r\nConnection: close\r\n\r\n");
    Reply::Close([head.as_bytes(), body].concat())
}

pub(crate) fn page(body: &str) -> Reply {
    response("200 OK", "Content-Type: text/html\r\n", body.as_bytes())
}

pub(crate) fn redirect(to: &str) -> Reply {
    response("302 Found", &format!("Location: {to}\r\n"), b"")
}
