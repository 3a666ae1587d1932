//! A thousand small phpBB forums on loopback, each at an address of its own.

use std::{
    collections::HashSet,
    net::Ipv4Addr,
    sync::{Arc, Mutex, PoisonError},
};

use axum::{
    Router,
    extract::{Request, State},
    http::header,
    response::Html,
};
use tokio::net::TcpListener;

/// The pages that the definition of phpBB is tested with: an index with boards, a board with threads, a thread.
const PAGES: [(&str, &str); 3] = [
    ("/viewforum.php", include_str!("../../crawlers/sites/engines/fixtures/phpbb/listing.html")),
    ("/viewtopic.php", include_str!("../../crawlers/sites/engines/fixtures/phpbb/thread.html")),
    ("/", include_str!("../../crawlers/sites/engines/fixtures/phpbb/index.html")),
];

/// What was asked for so far.
#[derive(Debug, Default)]
struct Asked {
    forums: HashSet<String>,
    requests: u64,
}

/// The forums; they end with the runtime.
pub(crate) struct Forums {
    /// Their addresses.
    pub(crate) links: Vec<String>,
    asked: Arc<Mutex<Asked>>,
}

impl Forums {
    /// Opens this many.
    pub(crate) async fn open(count: u16) -> std::io::Result<Self> {
        let asked = Arc::<Mutex<Asked>>::default();
        let router = Router::new().fallback(page).with_state(Arc::clone(&asked));
        let mut links = Vec::new();
        for n in 0..count {
            let [high, low] = n.to_be_bytes();
            let listener = TcpListener::bind((Ipv4Addr::new(127, 16, high, low.max(1)), 0)).await?;
            links.push(format!("http://{}/", listener.local_addr()?));
            let router = router.clone();
            tokio::spawn(async move { axum::serve(listener, router).await });
        }
        Ok(Self { links, asked })
    }

    /// How many forums have been visited, and how many requests all of them have had.
    pub(crate) fn asked(&self) -> (usize, u64) {
        let asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        (asked.forums.len(), asked.requests)
    }
}

async fn page(State(asked): State<Arc<Mutex<Asked>>>, request: Request) -> Html<&'static str> {
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let mut asked = asked.lock().unwrap_or_else(PoisonError::into_inner);
    asked.requests += 1;
    if !asked.forums.contains(host) {
        asked.forums.insert(host.to_owned());
    }
    let path = request.uri().path();
    Html(PAGES.iter().find(|(known, _)| *known == path).map_or("", |(_, text)| *text))
}
