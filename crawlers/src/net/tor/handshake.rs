//! The part of SOCKS 5 the listener speaks: user name and password (RFC 1929), then CONNECT to a name (RFC 1928).

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

const SOCKS: u8 = 5;
const AUTH_VERSION: u8 = 1;
const BY_PASSWORD: u8 = 2;
const NO_METHOD: u8 = 0xff;
const CONNECT: u8 = 1;
const DOMAIN_NAME: u8 = 3;

/// Replies of RFC 1928, section 6.
const SUCCEEDED: u8 = 0;
pub(super) const GENERAL_FAILURE: u8 = 1;
const COMMAND_NOT_SUPPORTED: u8 = 7;
pub(super) const ADDRESS_NOT_SUPPORTED: u8 = 8;

/// Why a client of the listener was turned away. No variant holds what it sent.
#[derive(Debug, thiserror::Error)]
pub(super) enum Refusal {
    #[error("the connection broke during the handshake")]
    Io(#[from] io::Error),
    #[error("not SOCKS 5 with a password")]
    Method,
    #[error("wrong user name or password")]
    Password,
    #[error("only CONNECT is offered")]
    Command,
    #[error("only host names are accepted, no addresses")]
    AddressKind,
}

/// A request that was let in.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Request<T> {
    /// Who it is.
    pub(super) who: T,
    /// The name asked for, not yet checked.
    pub(super) host: Vec<u8>,
    /// The port asked for.
    pub(super) port: u16,
}

/// Reads the handshake up to the request, which the caller answers by [`accept`] or [`refuse`].
pub(super) async fn read<S, T>(stream: &mut S, check: impl Fn(&[u8], &[u8]) -> Option<T>) -> Result<Request<T>, Refusal>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let version = stream.read_u8().await?;
    let methods = counted(stream).await?;
    if version != SOCKS || !methods.contains(&BY_PASSWORD) {
        stream.write_all(&[SOCKS, NO_METHOD]).await?;
        return Err(Refusal::Method);
    }
    stream.write_all(&[SOCKS, BY_PASSWORD]).await?;
    let who = authenticate(stream, check).await?;

    let [version, command, _reserved, kind] = array(stream).await?;
    if version != SOCKS || command != CONNECT {
        refuse(stream, COMMAND_NOT_SUPPORTED).await?;
        return Err(Refusal::Command);
    }
    if kind != DOMAIN_NAME {
        refuse(stream, ADDRESS_NOT_SUPPORTED).await?;
        return Err(Refusal::AddressKind);
    }
    let host = counted(stream).await?;
    let port = stream.read_u16().await?;
    Ok(Request { who, host, port })
}

async fn authenticate<S, T>(stream: &mut S, check: impl Fn(&[u8], &[u8]) -> Option<T>) -> Result<T, Refusal>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let version = stream.read_u8().await?;
    let user = counted(stream).await?;
    let password = counted(stream).await?;
    match check(&user, &password) {
        Some(who) if version == AUTH_VERSION => {
            stream.write_all(&[AUTH_VERSION, SUCCEEDED]).await?;
            Ok(who)
        }
        _ => {
            stream.write_all(&[AUTH_VERSION, GENERAL_FAILURE]).await?;
            Err(Refusal::Password)
        }
    }
}

/// Tells the client that it is connected.
pub(super) async fn accept(stream: &mut (impl AsyncWrite + Unpin)) -> io::Result<()> {
    refuse(stream, SUCCEEDED).await
}

/// Answers the request with a code of RFC 1928; the address in it is a placeholder, as nobody reads it.
pub(super) async fn refuse(stream: &mut (impl AsyncWrite + Unpin), code: u8) -> io::Result<()> {
    const IPV4: u8 = 1;
    stream.write_all(&[SOCKS, code, 0, IPV4, 0, 0, 0, 0, 0, 0]).await?;
    stream.flush().await
}

async fn array<const N: usize>(stream: &mut (impl AsyncRead + Unpin)) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    stream.read_exact(&mut bytes).await?;
    Ok(bytes)
}

/// A field with its length, at most 255 bytes, in front.
async fn counted(stream: &mut (impl AsyncRead + Unpin)) -> io::Result<Vec<u8>> {
    let length = stream.read_u8().await?;
    let mut bytes = vec![0; usize::from(length)];
    stream.read_exact(&mut bytes).await?;
    Ok(bytes)
}
