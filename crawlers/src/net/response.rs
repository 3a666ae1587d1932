//! What a fetch brings back: the bytes as they came, and where they came from.

use std::net::SocketAddr;

use bytes::Bytes;
use url::Url;

use super::decode::{DecodeError, decode};
use super::error::{FetchError, Oversize};
use super::limits::Limits;

/// The way a response came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Via {
    /// Through Tor, from an onion service.
    Tor,
    /// Over the clear net, from this address; unknown only where the system does not tell.
    Clear(Option<SocketAddr>),
}

/// One redirect that was followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hop {
    /// The address that redirected.
    pub from: Url,
    /// Its status, 301, 302, 303, 307 or 308.
    pub status: u16,
    /// Where it pointed.
    pub to: Url,
}

/// A response, with its body as received: still content-encoded, no byte changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// The address asked for.
    pub requested: Url,
    /// The address that answered, after redirects.
    pub url: Url,
    /// The redirects in between, in order.
    pub redirects: Vec<Hop>,
    /// The way it came.
    pub via: Via,
    /// The HTTP version, such as `HTTP/1.1`.
    pub version: &'static str,
    /// The status code.
    pub status: u16,
    /// The reason phrase as received; empty when there was none.
    pub reason: Bytes,
    /// The header lines in the order received, except that repeated ones stand together; names in lower case, values as received.
    pub headers: Vec<(String, Vec<u8>)>,
    /// The body without transfer coding, with content coding.
    pub raw_body: Bytes,
    /// Cookies of this fetch that were malformed or beyond the limits, and were not kept.
    pub cookies_refused: usize,
}

impl Response {
    /// The values of a header, its name in any case.
    pub fn header<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a [u8]> + use<'a> {
        let name = name.to_ascii_lowercase();
        self.headers
            .iter()
            .filter(move |(known, _)| known.eq_ignore_ascii_case(&name))
            .map(|(_, value)| value.as_slice())
    }

    /// The first value of a header as text, if it is UTF-8.
    pub fn header_str(&self, name: &str) -> Option<&str> {
        std::str::from_utf8(self.header(name).next()?).ok()
    }

    /// Status line and header block for a WARC `response` record, ending with the empty line; [`Response::raw_body`]
    /// follows it. `transfer-encoding` becomes `x-orig-transfer-encoding`, because the body no longer has it and a reader
    /// would try to undo it again (the convention of Webrecorder's tools).
    pub fn head_bytes(&self) -> Vec<u8> {
        let mut head = format!("{} {} ", self.version, self.status).into_bytes();
        head.extend_from_slice(&self.reason);
        head.extend_from_slice(b"\r\n");
        for (name, value) in &self.headers {
            if name.eq_ignore_ascii_case("transfer-encoding") {
                head.extend_from_slice(b"x-orig-");
            }
            head.extend_from_slice(name.as_bytes());
            head.extend_from_slice(b": ");
            head.extend_from_slice(value);
            head.extend_from_slice(b"\r\n");
        }
        head.extend_from_slice(b"\r\n");
        head
    }

    /// The body without its content codings.
    ///
    /// # Errors
    /// [`FetchError::TooLarge`] at [`Limits::max_decoded`] or [`Limits::max_ratio`], [`FetchError::Decode`] for data that is
    /// broken or in an unknown coding.
    pub fn decode(&self, limits: &Limits) -> Result<Vec<u8>, FetchError> {
        let codings: Vec<_> = self.header("content-encoding").map(String::from_utf8_lossy).collect();
        decode(&codings.join(","), &self.raw_body, limits).map_err(|error| {
            let host = host_of(&self.url);
            let (what, limit) = match error {
                DecodeError::TooLarge { limit } => (Oversize::Decoded, limit),
                DecodeError::Ratio { limit } => (Oversize::Ratio, limit),
                source => return FetchError::Decode { host, source },
            };
            FetchError::TooLarge { host, what, limit }
        })
    }
}

/// The host for an error message.
pub(super) fn host_of(url: &Url) -> String {
    url.host_str().unwrap_or("a URL without a host").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn response() -> Response {
        let url = Url::parse("http://a.example/").unwrap();
        Response {
            requested: url.clone(),
            url,
            redirects: Vec::new(),
            via: Via::Tor,
            version: "HTTP/1.1",
            status: 200,
            reason: Bytes::from_static(b"Fine"),
            headers: vec![
                ("transfer-encoding".to_owned(), b"chunked".to_vec()),
                ("x-odd".to_owned(), vec![0xa4, 0xa4]),
                ("content-encoding".to_owned(), b"gzip".to_vec()),
            ],
            raw_body: Bytes::from_static(b"not gzip"),
            cookies_refused: 0,
        }
    }

    #[test]
    fn the_head_is_what_a_warc_record_needs() {
        assert_eq!(
            response().head_bytes(),
            b"HTTP/1.1 200 Fine\r\nx-orig-transfer-encoding: chunked\r\nx-odd: \xa4\xa4\r\n\
              content-encoding: gzip\r\n\r\n"
        );
    }

    #[test]
    fn a_body_that_does_not_decode_names_its_host() {
        let error = response().decode(&Limits::default()).unwrap_err();
        assert_eq!(error.kind().as_str(), "decode");
        assert!(error.to_string().contains("a.example"));
        assert!(std::error::Error::source(&error).is_some());
    }
}
