//! From the client's errors to ours: what happened is read from the types in the chain, never from their texts.

use std::error::Error;
use std::io;

use url::Url;

use super::error::{FetchError, Oversize, Stage};
use super::limits::Limits;
use super::resolve::ResolveError;
use super::response::host_of;

/// Names an error of the HTTP client, for either plane.
pub(super) fn classify(error: reqwest::Error, url: &Url, limits: &Limits) -> FetchError {
    let host = host_of(url);
    // The text of the error would repeat the address, which may hold a token of the session.
    let error = error.without_url();
    if let Some(resolve) = find::<ResolveError>(&error) {
        return match resolve {
            ResolveError::Private(address) => FetchError::PrivateAddress { host, address: *address },
            _ => FetchError::Dns { host, source: error.into() },
        };
    }
    if let Some(hyper) = find::<hyper::Error>(&error) {
        if hyper.is_parse_too_large() {
            return FetchError::TooLarge { host, what: Oversize::Headers, limit: limits.max_headers };
        }
        if hyper.is_incomplete_message() || hyper.is_closed() || hyper.is_canceled() {
            return FetchError::ConnectionLost { host, source: error.into() };
        }
    }
    if error.is_timeout() {
        return FetchError::Timeout { host, stage: Stage::Connect, limit: limits.connect };
    }
    if find::<rustls::Error>(&error).is_some() {
        return FetchError::Tls { host, source: error.into() };
    }
    match find::<io::Error>(&error) {
        Some(io) if error.is_connect() => connecting(io.kind(), io.raw_os_error(), host, error),
        Some(io) if is_broken_connection(io.kind()) => FetchError::ConnectionLost { host, source: error.into() },
        _ => FetchError::Protocol { host, source: error.into() },
    }
}

/// Linux's numbers for "too many open files", in this process and in the system.
const OUT_OF_FILES: [i32; 2] = [24, 23];

fn connecting(kind: io::ErrorKind, code: Option<i32>, host: String, error: reqwest::Error) -> FetchError {
    use io::ErrorKind as Io;
    let source = error.into();
    let ours = matches!(kind, Io::NetworkUnreachable | Io::NetworkDown | Io::AddrNotAvailable);
    if ours || code.is_some_and(|code| OUT_OF_FILES.contains(&code)) {
        return FetchError::LocalNetwork { host, source };
    }
    match kind {
        Io::ConnectionRefused | Io::HostUnreachable => FetchError::Refused { host, source },
        _ => FetchError::ConnectionLost { host, source },
    }
}

fn is_broken_connection(kind: io::ErrorKind) -> bool {
    matches!(
        kind,
        io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::BrokenPipe
            | io::ErrorKind::UnexpectedEof
    )
}

/// The first error of a type in the chain. `io::Error` hides the error it wraps from `source()`, so that is looked into as well.
fn find<'a, E: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a E> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref::<E>() {
            return Some(found);
        }
        next = match error.downcast_ref::<io::Error>() {
            Some(io) => io.get_ref().map(|inner| inner as &(dyn Error + 'static)).or_else(|| io.source()),
            None => error.source(),
        };
    }
    None
}
