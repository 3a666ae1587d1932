//! TLS: the cryptography below it, for the clear plane and for Tor's own connections, and what all clients share of it.

use std::sync::{Arc, OnceLock};

use rustls::{
    ClientConfig,
    client::Resumption,
    crypto::{CryptoProvider, ring},
};
use rustls_platform_verifier::Verifier;

/// TLS sessions that a client remembers: a source has one host, and seldom a second.
const RESUMED: usize = 16;

/// Makes ring the process's provider for rustls; any number of calls do the same as one. Both planes call it.
pub fn install_crypto() {
    // The only error is that a provider is installed already.
    ring::default_provider().install_default().ok();
}

/// The settings of one more client. The system's roots are read once for all of them: each copy takes 0.1 MB. `None`: there
/// are none, and the client says so when it reads them itself.
pub(super) fn client_config() -> Option<ClientConfig> {
    static SHARED: OnceLock<Option<ClientConfig>> = OnceLock::new();
    let mut config = SHARED.get_or_init(|| with_roots(Arc::new(ring::default_provider()))).clone()?;
    // A ticket is a name: two sources that show the same one would be known to be read by one reader.
    config.resumption = Resumption::in_memory_sessions(RESUMED);
    Some(config)
}

fn with_roots(provider: Arc<CryptoProvider>) -> Option<ClientConfig> {
    let verifier = Verifier::new(Arc::clone(&provider)).ok()?;
    let builder = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().ok()?;
    let builder = builder.dangerous().with_custom_certificate_verifier(Arc::new(verifier));
    let mut config = builder.with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Some(config)
}
