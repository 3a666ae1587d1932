//! The Tor network as arti sees it.

use std::sync::Arc;

use arti_client::status::BootstrapStatus;
use arti_client::{HasKind, IsolationToken, StreamPrefs, TorClient, TorClientConfig};
use async_trait::async_trait;
use futures::StreamExt;
use futures::stream::BoxStream;
use tor_rtcompat::PreferredRuntime;

use super::failure::TorFailure;
use super::network::{Circuit, Health, TorNetwork};

/// arti's client.
pub(super) struct Arti(Arc<TorClient<PreferredRuntime>>);

impl Arti {
    /// Prepares the directories; nothing is sent yet.
    pub(super) async fn open(config: TorClientConfig) -> Result<Self, arti_client::Error> {
        let builder = TorClient::builder().config(config);
        Ok(Self(builder.create_unbootstrapped_async().await?))
    }
}

fn failure(error: arti_client::Error) -> TorFailure {
    TorFailure::from_arti(error.kind(), &error)
}

fn health(status: &BootstrapStatus) -> Health {
    Health { usable: status.ready_for_traffic(), stuck: status.blocked().is_some(), detail: status.to_string() }
}

#[async_trait]
impl TorNetwork for Arti {
    async fn bootstrap(&self) -> Result<(), TorFailure> {
        self.0.bootstrap().await.map_err(failure)
    }

    async fn connect(&self, host: &str, port: u16, isolation: IsolationToken) -> Result<Box<dyn Circuit>, TorFailure> {
        let mut prefs = StreamPrefs::new();
        prefs.set_isolation(isolation);
        let stream = self.0.connect_with_prefs((host, port), &prefs).await.map_err(failure)?;
        Ok(Box::new(stream))
    }

    fn health(&self) -> Health {
        health(&self.0.bootstrap_status())
    }

    fn health_events(&self) -> BoxStream<'static, Health> {
        self.0.bootstrap_events().map(|status| health(&status)).boxed()
    }
}
