//! The cryptography below TLS, for the clear plane and for Tor's own connections.

/// Makes ring the process's provider for rustls; any number of calls do the same as one. Both planes call it.
pub fn install_crypto() {
    // The only error is that a provider is installed already.
    rustls::crypto::ring::default_provider().install_default().ok();
}
