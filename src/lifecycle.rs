//! Signals: the first asks for a clean end, the second ends at once.

use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// A token that is cancelled by SIGINT or SIGTERM; a second signal ends the process without waiting.
///
/// # Errors
/// When the system does not let signals be received.
pub fn stop_on_signal() -> std::io::Result<CancellationToken> {
    let stop = CancellationToken::new();
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    let token = stop.clone();
    tokio::spawn(async move {
        for turn in 0..2 {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
            if turn == 0 {
                tracing::info!("stopping: what has begun is ended first; a second signal ends at once");
                token.cancel();
            } else {
                // Nothing is lost by it: what is not stored is done again.
                std::process::abort();
            }
        }
    });
    Ok(stop)
}
