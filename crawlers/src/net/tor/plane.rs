//! Starting the Tor plane, and the sessions it gives.

use std::net::SocketAddr;
use std::sync::Arc;

use tokio::sync::watch;
use tokio::task::AbortHandle;

use super::arti::Arti;
use super::bootstrap::{self, Pace, Phase, TorState, TorStatus};
use super::bridge::{self, Bridge, Times};
use super::config::{TorOptions, TorStartError};
use super::failure::chain;
use super::network::TorNetwork;
use super::session::{OnionRules, OnionSession};
use super::sources::{ListenerSecret, Sources};
use crate::net::exchange::{Exchange, SessionError, client_builder};
use crate::net::limits::Limits;
use crate::net::resolve::NoNames;
use crate::net::source_id::SourceId;

/// Onion services through Tor, inside this process. Holds the cookies and circuits of its sources; dropping it ends them all.
pub struct TorPlane {
    network: Arc<dyn TorNetwork>,
    sources: Arc<Sources>,
    secret: Arc<ListenerSecret>,
    listener: SocketAddr,
    phase: watch::Receiver<Phase>,
    tasks: [AbortHandle; 2],
}

impl TorPlane {
    /// Starts the client and the listener, and returns before Tor is up: bootstrapping goes on in the background, for ever if need be.
    /// Must be called inside a tokio runtime.
    ///
    /// # Errors
    /// [`TorStartError`]: the configuration is wrong, its directories cannot be used, or no port is free.
    pub async fn start(options: TorOptions, secret: ListenerSecret) -> Result<Self, TorStartError> {
        crate::net::install_crypto();
        let config = options.config.load()?;
        let arti = Arti::open(config)
            .await
            .map_err(|source| TorStartError::Client { message: chain(&source), source: Box::new(source) })?;
        Self::assemble(
            Arc::new(arti),
            secret,
            Pace::with_patience(options.bootstrap_timeout),
            Times::with_connect(options.connect_timeout),
        )
        .await
    }

    pub(super) async fn assemble(
        network: Arc<dyn TorNetwork>, secret: ListenerSecret, pace: Pace, times: Times,
    ) -> Result<Self, TorStartError> {
        let (socket, listener) = bridge::bind().await.map_err(TorStartError::Listen)?;
        let (sources, secret) = (Arc::new(Sources::default()), Arc::new(secret));
        let (sender, phase) = watch::channel(Phase::new());
        let sender = Arc::new(sender);
        let bridge =
            Bridge::new(Arc::clone(&network), Arc::clone(&sources), Arc::clone(&secret), Arc::clone(&sender), times);
        let keeper = bootstrap::keep(Arc::clone(&network), sender, pace);
        let tasks = [tokio::spawn(bridge.serve(socket)).abort_handle(), tokio::spawn(keeper).abort_handle()];
        Ok(Self { network, sources, secret, listener, phase, tasks })
    }

    /// How Tor is now.
    pub fn status(&self) -> TorStatus {
        let mut status = self.phase.borrow().status();
        if status.state == TorState::Bootstrapping {
            // Progress is not a change of state, so it is asked for.
            status.detail = self.network.health().detail;
        }
        status
    }

    /// Returns when Tor has been up once. Callers put their own limit around it.
    pub async fn ready(&self) {
        // An error means that the keeper has ended, which it does only with the plane.
        let mut phase = self.phase.clone();
        phase.wait_for(|phase| phase.was_ready).await.ok();
    }

    /// A session for one source. Sessions of the same source share its cookies and circuits; connections live as long as the session.
    ///
    /// # Errors
    /// [`SessionError`] if the TLS client cannot be set up.
    pub fn session(&self, source: &SourceId, limits: Limits) -> Result<OnionSession, SessionError> {
        let source = self.sources.enter(source);
        let proxy = format!("socks5h://{}:{}@{}", source.user, self.secret.as_str(), self.listener);
        let client = client_builder(&limits)
            .proxy(reqwest::Proxy::all(proxy)?)
            .dns_resolver(NoNames)
            // The onion address is the service's key, checked by Tor; hardly any service has a certificate beside it.
            .tls_danger_accept_invalid_certs(true)
            .build()?;
        let jar = Arc::clone(&source.jar);
        Ok(OnionSession::new(Exchange { plane: OnionRules::new(source), client, jar, limits }, self.phase.clone()))
    }

    /// Drops the cookies and circuits of a source that is no longer watched.
    pub fn forget(&self, source: &SourceId) {
        self.sources.forget(source);
    }

    #[cfg(test)]
    pub(super) fn listener(&self) -> SocketAddr {
        self.listener
    }
}

impl Drop for TorPlane {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
    }
}
