//! What a walk over a site needs of a plane, whichever it is.

use async_trait::async_trait;
use url::Url;

use super::error::FetchError;
use super::jar::Jar;
use super::limits::Limits;
use super::plane_url::UrlError;
use super::response::Response;
use crate::session::LoginForm;

/// A session of either plane, for code that reads sites and does not care which.
///
/// An address of the other plane is refused with an error of kind `wrong_plane`, on each call and on each redirect.
#[async_trait]
pub trait Fetch: Send + Sync {
    /// Whether this plane would ask for the address at all; nothing is sent or resolved.
    ///
    /// # Errors
    /// [`UrlError`]: the address belongs to the other plane, or to none.
    fn admits(&self, url: &Url) -> Result<(), UrlError>;

    /// Gets a page, following redirects within the limits.
    ///
    /// # Errors
    /// [`FetchError`], for anything but a complete response; a status such as 404 or 503 is a response.
    async fn fetch(&self, url: &Url) -> Result<Response, FetchError>;

    /// Sends a login form, the only thing that is ever sent with a body, and follows where the site leads from there. A
    /// form that is not of the address it came from cannot be made; see [`LoginForm`].
    ///
    /// # Errors
    /// As [`Fetch::fetch`].
    async fn submit(&self, form: &LoginForm) -> Result<Response, FetchError>;

    /// The cookies of this source.
    fn jar(&self) -> &Jar;

    /// The limits of this session, which [`Response::decode`] takes as well.
    fn limits(&self) -> &Limits;
}
