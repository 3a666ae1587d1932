//! The Tor plane: onion services reached by an arti client inside the process, behind a SOCKS listener of its own.

mod arti;
mod bootstrap;
mod bridge;
mod config;
mod failure;
mod handshake;
mod network;
mod plane;
mod session;
mod sources;

#[cfg(test)]
mod tests;

pub use bootstrap::{TorState, TorStatus};
pub use config::{TorConfig, TorOptions, TorStartError};
pub use plane::TorPlane;
pub use session::OnionSession;
pub use sources::ListenerSecret;
