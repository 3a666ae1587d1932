//! What every page can reach.

use std::sync::{Arc, Mutex};

use rand::Rng;
use rand::rngs::StdRng;

use super::auth::Attempts;
use super::ports::{Evidence, Health, Search, SourceSessions};
use crate::clock::Clock;
use crate::definitions::Workbench;
use crate::store::Store;

/// What the pages are given by the service.
#[derive(Clone)]
pub struct WebState {
    /// The store.
    pub store: Arc<dyn Store>,
    /// The search index.
    pub search: Arc<dyn Search>,
    /// The archive of captures.
    pub evidence: Arc<dyn Evidence>,
    /// The sessions that sources are read with.
    pub sessions: Arc<dyn SourceSessions>,
    /// The definitions of sources, with what a person does with them.
    pub workbench: Arc<Workbench>,
    /// The health of the service's parts.
    pub health: Arc<dyn Health>,
    /// Woken when a confirmation has queued notices.
    pub wake_outbox: Arc<tokio::sync::Notify>,
    /// Woken when a saved term is to be matched against history.
    pub wake_look_back: Arc<tokio::sync::Notify>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness of tokens; seeded from the system in the service.
    pub rng: Arc<Mutex<StdRng>>,
    /// Whether cookies travel over TLS only; `false` for loopback alone.
    pub secure_cookies: bool,
    /// How long a session lasts, in hours.
    pub session_hours: i64,
}

/// [`WebState`] and what the pages remember among themselves.
#[derive(Clone)]
pub(crate) struct App {
    pub(crate) web: WebState,
    pub(crate) attempts: Arc<Attempts>,
    /// A password hash takes 19 MiB: this bounds how many are worked at once.
    pub(crate) hashing: Arc<tokio::sync::Semaphore>,
    /// A trial of a term reads up to 256 MiB of text: this bounds how many are made at once.
    pub(crate) trying: Arc<tokio::sync::Semaphore>,
}

impl App {
    pub(crate) fn new(web: WebState) -> Self {
        let two = || Arc::new(tokio::sync::Semaphore::new(2));
        Self { web, attempts: Arc::default(), hashing: two(), trying: two() }
    }

    pub(crate) fn store(&self) -> &dyn Store {
        self.web.store.as_ref()
    }

    pub(crate) fn now(&self) -> jiff::Timestamp {
        self.web.clock.now()
    }

    /// 256 random bits, lower-case hex.
    pub(crate) fn token(&self) -> String {
        let mut bytes = [0_u8; 32];
        self.web.rng.lock().unwrap_or_else(std::sync::PoisonError::into_inner).fill_bytes(&mut bytes);
        hex::encode(bytes)
    }
}
