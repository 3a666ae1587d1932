//! The forum with its trap on loopback.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// What a request is answered with.
pub(crate) enum Answer {
    /// A page.
    Page(String),
    /// A status line, header lines, and a body.
    Raw(&'static str, String, Vec<u8>),
    /// The beginning of a page, and the rest never.
    Endless,
}

impl Answer {
    pub(crate) fn redirect(to: &str) -> Self {
        Self::Raw("302 Found", format!("Location: {to}\r\n"), vec![])
    }

    pub(crate) fn not_found() -> Self {
        Self::Raw("404 Not Found", String::new(), b"gone".to_vec())
    }
}

/// Answers an address; it is also told how many requests came before.
pub(crate) type Handler = Arc<dyn Fn(&str, usize) -> Answer + Send + Sync>;

/// A listening site.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    requests: Arc<AtomicUsize>,
}

impl Server {
    pub(crate) async fn start(handler: Handler) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let requests = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&requests);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&handler), Arc::clone(&count)));
            }
        });
        Self { address, requests }
    }

    /// Requests so far, redirects among them.
    pub(crate) fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }
}

async fn serve(mut stream: TcpStream, handler: Handler, count: Arc<AtomicUsize>) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => return,
        }
    }
    let head = String::from_utf8(head).unwrap();
    let path = head.split(' ').nth(1).unwrap();
    let before = count.fetch_add(1, Ordering::SeqCst);
    let (status, headers, body) = match handler(path, before) {
        Answer::Page(html) => ("200 OK", "Content-Type: text/html; charset=utf-8\r\n".to_owned(), html.into_bytes()),
        Answer::Raw(status, headers, body) => (status, headers, body),
        Answer::Endless => {
            let head = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 1000000\r\n\r\n";
            stream.write_all(head.as_bytes()).await.ok();
            stream.write_all(b"<html>").await.ok();
            return std::future::pending().await;
        }
    };
    let length = body.len();
    let head = format!("HTTP/1.1 {status}\r\n{headers}Content-Length: {length}\r\nConnection: close\r\n\r\n");
    stream.write_all(&[head.as_bytes(), &body].concat()).await.ok();
    stream.shutdown().await.ok();
}
