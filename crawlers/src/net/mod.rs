//! The two network planes: onion services through Tor inside the process, and the clear net, separated by type.
//!
//! One code path (`exchange`) sends, follows redirects, keeps cookies and bounds what comes back, for both planes. They differ
//! in how a connection is made: the clear plane resolves a name, checks every address and connects to exactly those; the Tor plane
//! hands the name to arti through a SOCKS listener that only this process can use. An address of one plane cannot be given to the other:
//!
//! ```
//! use nightheron_crawlers::net::{ClearPlane, ClearPolicy, ClearUrl, Limits, SourceId};
//! # async fn page() -> Result<(), Box<dyn std::error::Error>> {
//! let plane = ClearPlane::new(ClearPolicy::default());
//! let session = plane.session(&SourceId::from("a-feed"), Limits::default())?;
//! let response = session.get(&ClearUrl::parse("https://feed.example/")?).await?;
//! let text = response.decode(&Limits::default())?;
//! # Ok(()) }
//! ```
//!
//! An onion address does not compile on the clear plane,
//!
//! ```compile_fail,E0308
//! # use nightheron_crawlers::net::{ClearSession, OnionUrl, Response, FetchError};
//! async fn leak(clear: &ClearSession, onion: &OnionUrl) -> Result<Response, FetchError> {
//!     clear.get(onion).await
//! }
//! ```
//!
//! nor does a clear one on the Tor plane:
//!
//! ```compile_fail,E0308
//! # use nightheron_crawlers::net::{OnionSession, ClearUrl, Response, FetchError};
//! async fn leave(tor: &OnionSession, clear: &ClearUrl) -> Result<Response, FetchError> {
//!     tor.get(clear).await
//! }
//! ```

mod address;
mod body;
mod browser;
mod classify;
mod clear;
mod decode;
mod error;
mod exchange;
mod fetch;
mod jar;
mod limits;
mod plane_url;
mod resolve;
mod response;
mod source_id;
mod tls;
mod tor;

#[cfg(test)]
mod tests;

pub use address::ClearPolicy;
pub use clear::{ClearPlane, ClearSession};
pub use decode::{DecodeError, decode};
pub use error::{Cause, FetchError, FetchErrorKind, Oversize, Stage};
pub use exchange::SessionError;
pub use fetch::Fetch;
pub use jar::Jar;
pub(crate) use jar::JarCookie;
pub use limits::{Limits, RedirectScope};
pub use plane_url::{ClearUrl, OnionUrl, UrlError};
pub use response::{Hop, Response, Via};
pub use source_id::SourceId;
pub use tls::install_crypto;
pub use tor::{ListenerSecret, OnionSession, TorConfig, TorOptions, TorPlane, TorStartError, TorState, TorStatus};
