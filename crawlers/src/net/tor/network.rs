//! What the plane needs of Tor: to bootstrap, to connect, and to say how it is. arti does it; the tests have their own.

use arti_client::IsolationToken;
use async_trait::async_trait;
use futures::stream::BoxStream;
use tokio::io::{AsyncRead, AsyncWrite};

use super::failure::TorFailure;

/// A stream through a circuit.
pub(super) trait Circuit: AsyncRead + AsyncWrite + Send + Unpin {}

impl<S: AsyncRead + AsyncWrite + Send + Unpin> Circuit for S {}

/// How Tor is at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Health {
    /// Whether a new request could be served at once.
    pub(super) usable: bool,
    /// Whether Tor believes that it makes no progress.
    pub(super) stuck: bool,
    /// Tor's own words.
    pub(super) detail: String,
}

#[async_trait]
pub(super) trait TorNetwork: Send + Sync {
    /// Returns when there is enough of a directory to build circuits. Never dropped before it returns: arti believes a cancelled
    /// bootstrap to be still running, and answers the next one with success at once.
    async fn bootstrap(&self) -> Result<(), TorFailure>;

    /// Opens a stream to an onion service; streams with different tokens never share a circuit.
    async fn connect(&self, host: &str, port: u16, isolation: IsolationToken) -> Result<Box<dyn Circuit>, TorFailure>;

    /// How Tor is now.
    fn health(&self) -> Health;

    /// How Tor is, each time it changes.
    fn health_events(&self) -> BoxStream<'static, Health>;
}
