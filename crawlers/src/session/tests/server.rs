//! A site with a login on loopback: each request is answered by a function of it.

use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// A request as the site sees it.
#[derive(Debug, Clone)]
pub(super) struct Asked {
    /// Method and path, as `POST /login`.
    pub(super) what: String,
    /// All header lines.
    pub(super) head: String,
    /// The body.
    pub(super) body: String,
}

impl Asked {
    /// Whether the visitor shows the cookie of a member.
    pub(super) fn is_member(&self) -> bool {
        self.head.contains("sid=member")
    }
}

type Handler = Arc<dyn Fn(&Asked, usize) -> String + Send + Sync>;

/// The site; it ends with the test.
pub(super) struct Site {
    pub(super) base: url::Url,
    seen: Arc<Mutex<Vec<Asked>>>,
}

impl Site {
    /// Starts a site that answers with whole responses; see [`page`]. The function is also told how many requests came
    /// before.
    pub(super) async fn start(handler: impl Fn(&Asked, usize) -> String + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let base = format!("http://{}/", listener.local_addr().unwrap()).parse().unwrap();
        let (handler, seen): (Handler, Arc<Mutex<Vec<Asked>>>) = (Arc::new(handler), Arc::default());
        let all = Arc::clone(&seen);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(answer(stream, Arc::clone(&handler), Arc::clone(&all)));
            }
        });
        Self { base, seen }
    }

    /// All requests so far.
    pub(super) fn asked(&self) -> Vec<Asked> {
        self.seen.lock().unwrap().clone()
    }

    /// Method and path of all requests so far.
    pub(super) fn whats(&self) -> Vec<String> {
        self.asked().into_iter().map(|asked| asked.what).collect()
    }
}

async fn answer(mut stream: TcpStream, handler: Handler, seen: Arc<Mutex<Vec<Asked>>>) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let Ok(byte) = stream.read_u8().await else { return };
        head.push(byte);
    }
    let head = String::from_utf8(head).unwrap();
    let length = head.lines().find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    stream.read_exact(&mut body).await.unwrap();
    let what = head.split(' ').take(2).collect::<Vec<_>>().join(" ");
    let asked = Asked { what, head, body: String::from_utf8(body).unwrap() };
    let before = {
        let mut seen = seen.lock().unwrap();
        seen.push(asked.clone());
        seen.len() - 1
    };
    let response = handler(&asked, before);
    stream.write_all(response.as_bytes()).await.ok();
    stream.shutdown().await.ok();
}

/// A page with this body and these further header lines.
pub(super) fn page_with(status: &str, headers: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\n{headers}Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    )
}

/// A page.
pub(super) fn page(body: &str) -> String {
    page_with("200 OK", "", body)
}
