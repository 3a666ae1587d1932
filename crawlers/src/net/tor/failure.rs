//! How Tor fails, kept beside the SOCKS reply, which can carry only a number.

use std::error::Error;

use arti_client::ErrorKind;

use crate::net::error::{FetchError, Stage};
use crate::net::limits::Limits;

/// The part of arti's many error kinds that decides what a source is told to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TorFailureKind {
    NotReady,
    NotFound,
    Down,
    Refused,
    CircuitLost,
    InvalidOnion,
    Timeout,
    LocalNetwork,
    Other,
}

/// One failure of Tor, with its words.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{message}")]
pub(super) struct TorFailure {
    pub(super) kind: TorFailureKind,
    pub(super) message: String,
}

impl TorFailure {
    pub(super) fn new(kind: TorFailureKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into() }
    }

    /// From an error of arti, whose texts leave out onion addresses.
    pub(super) fn from_arti(kind: ErrorKind, error: &(dyn Error + 'static)) -> Self {
        Self::new(TorFailureKind::from_arti(kind), chain(error))
    }

    /// What a fetch that met this failure ends with.
    pub(super) fn into_fetch_error(self, host: String, limits: &Limits) -> FetchError {
        use TorFailureKind as Kind;
        match self.kind {
            Kind::NotReady => FetchError::TorNotReady { host, detail: self.message },
            Kind::Timeout => FetchError::Timeout { host, stage: Stage::Connect, limit: limits.connect },
            kind => {
                let source = self.into();
                match kind {
                    Kind::NotFound => FetchError::OnionNotFound { host, source },
                    Kind::Down => FetchError::OnionDown { host, source },
                    Kind::Refused => FetchError::Refused { host, source },
                    Kind::CircuitLost => FetchError::CircuitLost { host, source },
                    Kind::InvalidOnion => FetchError::InvalidOnion { host, source },
                    Kind::LocalNetwork => FetchError::LocalNetwork { host, source },
                    _ => FetchError::Protocol { host, source },
                }
            }
        }
    }

    /// Whether it shows that the Tor network cannot be reached from here.
    pub(super) fn proves_tor_lost(&self) -> bool {
        matches!(self.kind, TorFailureKind::NotReady | TorFailureKind::LocalNetwork)
    }

    /// Whether only a working Tor network can have said so.
    pub(super) fn proves_tor_up(&self) -> bool {
        matches!(self.kind, TorFailureKind::NotFound | TorFailureKind::Down | TorFailureKind::Refused)
    }

    /// The code of RFC 1928, section 6, that comes nearest.
    pub(super) fn socks_reply(&self) -> u8 {
        use TorFailureKind as Kind;
        match self.kind {
            Kind::NotReady | Kind::LocalNetwork => 3,
            Kind::NotFound | Kind::Down | Kind::CircuitLost => 4,
            Kind::Refused => 5,
            Kind::Timeout => 6,
            Kind::InvalidOnion => 8,
            Kind::Other => 1,
        }
    }
}

impl TorFailureKind {
    /// As seen on a private Tor network: which kind arti reports for which event.
    fn from_arti(kind: ErrorKind) -> Self {
        use ErrorKind as Arti;
        match kind {
            Arti::TorAccessFailed
            | Arti::BootstrapRequired
            | Arti::DirectoryExpired
            | Arti::TorDirectoryError
            | Arti::TorDirectoryUnusable
            | Arti::ClockSkew
            | Arti::SoftwareDeprecated
            | Arti::PersistentStateAccessFailed
            | Arti::PersistentStateCorrupted
            | Arti::CacheAccessFailed
            | Arti::CacheCorrupted
            | Arti::FsPermissions
            | Arti::ReactorShuttingDown
            | Arti::ArtiShuttingDown => Self::NotReady,
            Arti::LocalNetworkError | Arti::LocalResourceExhausted => Self::LocalNetwork,
            Arti::OnionServiceNotFound => Self::NotFound,
            Arti::OnionServiceNotRunning
            | Arti::OnionServiceConnectionFailed
            | Arti::OnionServiceProtocolViolation
            | Arti::OnionServiceMissingClientAuth
            | Arti::OnionServiceWrongClientAuth => Self::Down,
            Arti::OnionServiceAddressInvalid | Arti::InvalidStreamTarget | Arti::ForbiddenStreamTarget => {
                Self::InvalidOnion
            }
            // The service answered and could not reach the server behind it.
            Arti::RemoteStreamError
            | Arti::RemoteStreamReset
            | Arti::RemoteStreamClosed
            | Arti::RemoteConnectionRefused => Self::Refused,
            Arti::CircuitCollapse
            | Arti::CircuitRefused
            | Arti::RelayTooBusy
            | Arti::RelayIdMismatch
            | Arti::TransientFailure
            | Arti::TorProtocolViolation
            | Arti::NoPath => Self::CircuitLost,
            Arti::TorNetworkTimeout | Arti::RemoteNetworkTimeout => Self::Timeout,
            _ => Self::Other,
        }
    }
}

/// An error with its causes, on one line; a cause already quoted by its parent is not repeated.
pub(super) fn chain(error: &(dyn Error + 'static)) -> String {
    let mut text = one_line(&error.to_string());
    let mut next = error.source();
    while let Some(cause) = next {
        let cause_text = one_line(&cause.to_string());
        if !text.contains(&cause_text) {
            text.push_str(": ");
            text.push_str(&cause_text);
        }
        next = cause.source();
    }
    text
}

/// arti lists the attempts it made one a line.
fn one_line(text: &str) -> String {
    text.lines().collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn artis_kinds_become_the_kinds_a_source_is_judged_by() {
        for (arti, kind) in [
            (ErrorKind::OnionServiceNotFound, "onion_not_found"),
            (ErrorKind::OnionServiceConnectionFailed, "onion_down"),
            (ErrorKind::RemoteStreamError, "refused"),
            (ErrorKind::CircuitCollapse, "circuit_lost"),
            (ErrorKind::InvalidStreamTarget, "invalid_onion"),
            (ErrorKind::TorAccessFailed, "tor_not_ready"),
            (ErrorKind::DirectoryExpired, "tor_not_ready"),
            (ErrorKind::LocalNetworkError, "local_network"),
            (ErrorKind::TorNetworkTimeout, "timeout"),
            (ErrorKind::BadApiUsage, "protocol"),
        ] {
            let failure = TorFailure::from_arti(arti, &std::io::Error::other("words"));
            let error = failure.into_fetch_error("x.onion".to_owned(), &Limits::default());
            assert_eq!(error.kind().as_str(), kind, "{arti:?}");
        }
    }
}
