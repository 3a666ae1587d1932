//! The sources of the Tor plane: who may use the listener, on which circuits, and how their last connections failed.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use arti_client::IsolationToken;
use rand::CryptoRng;
use sha2::{Digest, Sha256};

use super::failure::TorFailure;
use crate::net::jar::Jar;
use crate::net::source_id::SourceId;

/// The password of the plane's listener, which keeps other users of the machine out. Drawn anew at each start, never shown.
pub struct ListenerSecret(String);

impl ListenerSecret {
    /// Draws 256 bits.
    pub fn generate(rng: &mut impl CryptoRng) -> Self {
        let mut bytes = [0; 32];
        rng.fill_bytes(&mut bytes);
        Self(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// Compares digests, so that the time taken tells nothing about the password.
    pub(super) fn matches(&self, password: &[u8]) -> bool {
        Sha256::digest(self.0.as_bytes()) == Sha256::digest(password)
    }
}

/// One source: its name to the listener, its circuits, its cookies.
pub(super) struct OnionSource {
    pub(super) user: String,
    pub(super) isolation: IsolationToken,
    pub(super) jar: Arc<Jar>,
    latest: Mutex<HashMap<(String, u16), Connection>>,
}

/// How far the newest connection to a target came.
#[derive(Debug, Clone)]
pub(super) enum Connection {
    /// Asked for, and not yet decided.
    Asked,
    /// A stream stands, or stood and ended in good order.
    Open,
    /// There was no stream, or it broke.
    Failed(TorFailure),
}

/// Targets whose newest connection is known for one source; a source has one host, with mirrors a few.
const MAX_TARGETS: usize = 16;

impl OnionSource {
    fn latest(&self) -> MutexGuard<'_, HashMap<(String, u16), Connection>> {
        self.latest.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes how far the newest connection came; a failure is noted before the client is told or cut off, so that it
    /// finds it here.
    pub(super) fn note(&self, host: &str, port: u16, connection: Connection) {
        let mut latest = self.latest();
        if latest.len() >= MAX_TARGETS {
            latest.clear();
        }
        latest.insert((host.to_owned(), port), connection);
    }

    /// How far the newest connection to this target came, if one was ever asked for.
    pub(super) fn newest(&self, host: &str, port: u16) -> Option<Connection> {
        self.latest().get(&(host.to_owned(), port)).cloned()
    }
}

/// All sources of a plane.
#[derive(Default)]
pub(super) struct Sources {
    by_id: Mutex<HashMap<SourceId, Arc<OnionSource>>>,
    next: AtomicU64,
}

impl Sources {
    fn lock(&self) -> MutexGuard<'_, HashMap<SourceId, Arc<OnionSource>>> {
        self.by_id.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The source, made on first use.
    pub(super) fn enter(&self, id: &SourceId) -> Arc<OnionSource> {
        let mut sources = self.lock();
        let source = sources.entry(id.clone()).or_insert_with(|| {
            // A number rather than the id: user names of SOCKS are short and end at 255 bytes.
            let number = self.next.fetch_add(1, Ordering::Relaxed);
            Arc::new(OnionSource {
                user: format!("source-{number}"),
                isolation: IsolationToken::new(),
                jar: Arc::default(),
                latest: Mutex::default(),
            })
        });
        Arc::clone(source)
    }

    /// The source with this name at the listener.
    pub(super) fn by_user(&self, user: &[u8]) -> Option<Arc<OnionSource>> {
        let sources = self.lock();
        let mut sources = sources.values();
        sources.find(|source| source.user.as_bytes() == user).cloned()
    }

    pub(super) fn forget(&self, id: &SourceId) {
        self.lock().remove(id);
    }
}
