//! How a fetch fails: one error for both planes, with a stable kind that outcomes and back-off are decided by.

use std::error::Error;
use std::fmt;
use std::net::IpAddr;
use std::time::Duration;

use url::Url;

use super::decode::DecodeError;
use super::plane_url::UrlError;

/// The error underneath, kept for the log.
pub type Cause = Box<dyn Error + Send + Sync>;

/// Where a fetch was when its time ran out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Reaching the host, TLS included.
    Connect,
    /// Anything from the request to the last byte.
    Whole,
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Connect => "could not be reached",
            Self::Whole => "did not answer completely",
        })
    }
}

/// Which size limit was reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Oversize {
    /// [`Limits::max_body`](super::Limits::max_body), in bytes.
    Body,
    /// [`Limits::max_decoded`](super::Limits::max_decoded), in bytes.
    Decoded,
    /// [`Limits::max_ratio`](super::Limits::max_ratio), decoded over received.
    Ratio,
    /// [`Limits::max_headers`](super::Limits::max_headers), lines; or a head beyond the 400 KiB the client buffers, which it does not
    /// tell apart.
    Headers,
    /// [`Limits::max_header_bytes`](super::Limits::max_header_bytes), in bytes.
    HeaderBytes,
}

impl fmt::Display for Oversize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Body => "bytes of body",
            Self::Decoded => "bytes of decoded body",
            Self::Ratio => "times the received size after decoding",
            Self::Headers => "header lines, or longer ones than are read at once",
            Self::HeaderBytes => "bytes of headers",
        })
    }
}

/// Why a fetch has no response. The message is a plain sentence naming the host; the chain of causes is in `source()`.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// A time limit ran out.
    #[error("{host} {stage} within {} s", .limit.as_secs_f64())]
    Timeout {
        /// The host asked.
        host: String,
        /// What was waited for.
        stage: Stage,
        /// How long, at most.
        limit: Duration,
    },
    /// Tor has not bootstrapped, or has lost the network.
    #[error("Tor is not ready, so {host} was not asked: {detail}")]
    TorNotReady {
        /// The host that was to be asked.
        host: String,
        /// What Tor says about itself.
        detail: String,
    },
    /// No descriptor of the onion service is published: it is off, or the address is wrong.
    #[error("the Tor network knows no onion service {host}")]
    OnionNotFound {
        /// The onion address.
        host: String,
        /// What Tor said.
        source: Cause,
    },
    /// A descriptor is published, but the service does not answer on its introduction points.
    #[error("the onion service {host} is published but does not answer")]
    OnionDown {
        /// The onion address.
        host: String,
        /// What Tor said.
        source: Cause,
    },
    /// A circuit could not be built or was torn down.
    #[error("the Tor circuit to {host} failed")]
    CircuitLost {
        /// The onion address.
        host: String,
        /// What Tor said.
        source: Cause,
    },
    /// Tor refuses the address as malformed.
    #[error("{host} is not an address Tor can connect to")]
    InvalidOnion {
        /// The onion address.
        host: String,
        /// What Tor said.
        source: Cause,
    },
    /// The host is there and nothing listens on the port, or nothing behind the onion service.
    #[error("{host} refused the connection")]
    Refused {
        /// The host asked.
        host: String,
        /// The error of the connection.
        source: Cause,
    },
    /// The connection broke before the response was complete.
    #[error("the connection to {host} broke before the response was complete")]
    ConnectionLost {
        /// The host asked.
        host: String,
        /// The error of the connection.
        source: Cause,
    },
    /// The name has no address.
    #[error("the name {host} could not be resolved")]
    Dns {
        /// The name.
        host: String,
        /// What the resolver said.
        source: Cause,
    },
    /// The host is, or resolves to, an address the clear plane does not connect to.
    #[error("{host} is at {address}, which is not a public address; net.allow_private would allow it")]
    PrivateAddress {
        /// The host asked.
        host: String,
        /// The address it stands for.
        address: IpAddr,
    },
    /// The address belongs to the other plane, or to none.
    #[error(transparent)]
    Url(#[from] UrlError),
    /// TLS failed: certificate, name or protocol.
    #[error("no TLS connection with {host}")]
    Tls {
        /// The host asked.
        host: String,
        /// What TLS said.
        source: Cause,
    },
    /// A size limit was reached.
    #[error("{host} sent more than {limit} {what}")]
    TooLarge {
        /// The host asked.
        host: String,
        /// Which limit.
        what: Oversize,
        /// Its value, in the unit of `what`.
        limit: usize,
    },
    /// The redirects do not end.
    #[error("{host} redirected more than {limit} times")]
    TooManyRedirects {
        /// The host asked.
        host: String,
        /// Redirects allowed.
        limit: usize,
    },
    /// The body does not decode.
    #[error("the body sent by {host} cannot be decoded")]
    Decode {
        /// The host asked.
        host: String,
        /// What is wrong with it.
        source: DecodeError,
    },
    /// The host redirects to another host, which is not followed.
    #[error("{host} has moved to {to}")]
    Moved {
        /// The host asked.
        host: String,
        /// The host it points to.
        to: String,
        /// The whole address it points to.
        url: Box<Url>,
    },
    /// This machine has no network, or no resources for another connection.
    #[error("this machine could not open a connection to {host}")]
    LocalNetwork {
        /// The host that was to be asked.
        host: String,
        /// What the system said.
        source: Cause,
    },
    /// What came back is not HTTP.
    #[error("{host} did not answer in valid HTTP")]
    Protocol {
        /// The host asked.
        host: String,
        /// What is wrong with it.
        source: Cause,
    },
}

/// The kind of a [`FetchError`]; its text is stored and shown, so it never changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FetchErrorKind {
    /// [`FetchError::Timeout`].
    Timeout,
    /// [`FetchError::TorNotReady`].
    TorNotReady,
    /// [`FetchError::OnionNotFound`].
    OnionNotFound,
    /// [`FetchError::OnionDown`].
    OnionDown,
    /// [`FetchError::CircuitLost`].
    CircuitLost,
    /// [`FetchError::InvalidOnion`], and [`UrlError::InvalidOnion`].
    InvalidOnion,
    /// [`FetchError::Refused`].
    Refused,
    /// [`FetchError::ConnectionLost`].
    ConnectionLost,
    /// [`FetchError::Dns`].
    Dns,
    /// [`FetchError::PrivateAddress`].
    PrivateAddress,
    /// [`FetchError::Url`] with an address of the other plane.
    WrongPlane,
    /// [`FetchError::Url`] otherwise.
    InvalidUrl,
    /// [`FetchError::Tls`].
    Tls,
    /// [`FetchError::TooLarge`].
    TooLarge,
    /// [`FetchError::TooManyRedirects`].
    TooManyRedirects,
    /// [`FetchError::Decode`].
    Decode,
    /// [`FetchError::Moved`].
    Moved,
    /// [`FetchError::LocalNetwork`].
    LocalNetwork,
    /// [`FetchError::Protocol`].
    Protocol,
}

impl FetchErrorKind {
    /// The stable text, in snake case.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Timeout => "timeout",
            Self::TorNotReady => "tor_not_ready",
            Self::OnionNotFound => "onion_not_found",
            Self::OnionDown => "onion_down",
            Self::CircuitLost => "circuit_lost",
            Self::InvalidOnion => "invalid_onion",
            Self::Refused => "refused",
            Self::ConnectionLost => "connection_lost",
            Self::Dns => "dns",
            Self::PrivateAddress => "private_address",
            Self::WrongPlane => "wrong_plane",
            Self::InvalidUrl => "invalid_url",
            Self::Tls => "tls",
            Self::TooLarge => "too_large",
            Self::TooManyRedirects => "too_many_redirects",
            Self::Decode => "decode",
            Self::Moved => "moved",
            Self::LocalNetwork => "local_network",
            Self::Protocol => "protocol",
        }
    }
}

impl fmt::Display for FetchErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FetchError {
    /// What went wrong, without the particulars.
    pub fn kind(&self) -> FetchErrorKind {
        use FetchErrorKind as Kind;
        match self {
            Self::Timeout { .. } => Kind::Timeout,
            Self::TorNotReady { .. } => Kind::TorNotReady,
            Self::OnionNotFound { .. } => Kind::OnionNotFound,
            Self::OnionDown { .. } => Kind::OnionDown,
            Self::CircuitLost { .. } => Kind::CircuitLost,
            Self::InvalidOnion { .. } | Self::Url(UrlError::InvalidOnion { .. }) => Kind::InvalidOnion,
            Self::Refused { .. } => Kind::Refused,
            Self::ConnectionLost { .. } => Kind::ConnectionLost,
            Self::Dns { .. } => Kind::Dns,
            Self::PrivateAddress { .. } => Kind::PrivateAddress,
            Self::Url(error) if error.is_wrong_plane() => Kind::WrongPlane,
            Self::Url(_) => Kind::InvalidUrl,
            Self::Tls { .. } => Kind::Tls,
            Self::TooLarge { .. } => Kind::TooLarge,
            Self::TooManyRedirects { .. } => Kind::TooManyRedirects,
            Self::Decode { .. } => Kind::Decode,
            Self::Moved { .. } => Kind::Moved,
            Self::LocalNetwork { .. } => Kind::LocalNetwork,
            Self::Protocol { .. } => Kind::Protocol,
        }
    }

    /// Whether our side failed rather than this source: every other source of the plane would fail as well, so
    /// this source is not to be blamed for it.
    pub fn is_plane_wide(&self) -> bool {
        matches!(self, Self::TorNotReady { .. } | Self::LocalNetwork { .. })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_names_the_host_and_what_to_do() {
        let error = FetchError::PrivateAddress { host: "localhost".to_owned(), address: "127.0.0.1".parse().unwrap() };
        assert_eq!(
            error.to_string(),
            "localhost is at 127.0.0.1, which is not a public address; net.allow_private would allow it"
        );
        let error = FetchError::Timeout {
            host: "a.example".to_owned(),
            stage: Stage::Connect,
            limit: Duration::from_millis(1500),
        };
        assert_eq!(error.to_string(), "a.example could not be reached within 1.5 s");
    }

    #[test]
    fn only_our_own_side_is_plane_wide() {
        let host = || "a.example".to_owned();
        let ours = FetchError::TorNotReady { host: host(), detail: "25%".to_owned() };
        assert!(ours.is_plane_wide());
        assert_eq!(ours.kind().as_str(), "tor_not_ready");
        let theirs = FetchError::OnionDown { host: host(), source: "no answer".into() };
        assert!(!theirs.is_plane_wide());
        assert_eq!(theirs.kind().to_string(), "onion_down");
    }
}
