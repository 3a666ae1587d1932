//! What one fetch may cost: time, bytes, headers, redirects and cookies.

use std::time::Duration;

/// Which redirects a fetch follows by itself.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum RedirectScope {
    /// Only to the host of the request, on any port and with either scheme; any other host ends the
    /// fetch with [`FetchError::Moved`](super::FetchError::Moved).
    #[default]
    SameHost,
    /// To any host the plane itself admits.
    AnyHost,
}

/// The bounds of one fetch, all of its redirects included.
///
/// The defaults suit pages of forums and leak blogs; archives are never fetched. A limit that is reached ends the fetch with an
/// error that names it, except for cookies, where the excess is ignored and counted in
/// [`Response::cookies_refused`](super::Response::cookies_refused).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// From the call to the last byte of the body, redirects included. Default 120 s: an onion service that is
    /// slow but alive was seen to need most of a minute.
    pub total: Duration,
    /// Until a connection stands, TLS included, and until Tor is ready. Default 60 s, because a first
    /// rendezvous circuit may be tried several times.
    pub connect: Duration,
    /// Body as received, still content-encoded, in bytes. Default 16 MiB.
    pub max_body: usize,
    /// Body after decoding, in bytes. Default 32 MiB.
    pub max_decoded: usize,
    /// Decoded size divided by received size; looked at only beyond 1 MiB, since a small page of repeated
    /// markup may well compress a thousandfold. Default 200.
    pub max_ratio: usize,
    /// Response header lines. Default 128.
    pub max_headers: usize,
    /// Names and values of the response headers, in bytes. Default 64 KiB.
    pub max_header_bytes: usize,
    /// Redirects followed. Default 5.
    pub max_redirects: usize,
    /// Where redirects may lead. Default: the same host.
    pub redirect_scope: RedirectScope,
    /// Cookies kept for a source. Default 64.
    pub max_cookies: usize,
    /// Names and values of all cookies kept for a source, in bytes. Default 16 KiB.
    pub max_cookie_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            total: Duration::from_secs(120),
            connect: Duration::from_secs(60),
            max_body: 16 << 20,
            max_decoded: 32 << 20,
            max_ratio: 200,
            max_headers: 128,
            max_header_bytes: 64 << 10,
            max_redirects: 5,
            redirect_scope: RedirectScope::SameHost,
            max_cookies: 64,
            max_cookie_bytes: 16 << 10,
        }
    }
}
