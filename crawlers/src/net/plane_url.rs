//! Addresses that belong to one plane: what is an onion address, what is a clear one, and what is neither.

use std::fmt;
use std::str::FromStr;

use tor_hscrypto::pk::HsId;
use url::{Host, Url};

/// Why an address was refused by a plane.
///
/// No variant repeats the address itself beyond its host: paths and queries of sources may hold session tokens.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UrlError {
    /// An onion address was given to the clear plane, where its name would reach the system's DNS.
    #[error("{host} is an onion address and is only fetched through Tor, never on the clear net")]
    WrongPlaneOnion {
        /// The host refused.
        host: String,
    },
    /// A host of the clear net carries an onion address in its name, as the gateways do that fetch onion pages for
    /// others: asking one would tell a third party what is watched.
    #[error("{host} is a gateway to an onion address; give the .onion address itself to the Tor plane")]
    WrongPlaneGateway {
        /// The host refused.
        host: String,
    },
    /// A host of the clear net was given to the Tor plane.
    #[error("{host} is not an onion address, and an onion source never touches the clear net")]
    WrongPlaneClear {
        /// The host refused.
        host: String,
    },
    /// The host ends in `.onion` but is no version 3 address.
    #[error("{host} is not a valid version 3 onion address: {reason}")]
    InvalidOnion {
        /// The host refused.
        host: String,
        /// What is wrong with it.
        reason: String,
    },
    /// Neither `http` nor `https`.
    #[error("only http and https addresses are fetched, not {scheme:?}")]
    Scheme {
        /// The scheme refused.
        scheme: String,
    },
    /// The address carries a user name or a password.
    #[error("the address of {host} carries a user name or password; give cookies to the session instead")]
    UserInfo {
        /// The host of the address.
        host: String,
    },
    /// Not a URL at all.
    #[error("not a URL: {0}")]
    Syntax(#[from] url::ParseError),
}

impl UrlError {
    /// Whether the address is a good one, but of the other plane.
    pub fn is_wrong_plane(&self) -> bool {
        matches!(self, Self::WrongPlaneOnion { .. } | Self::WrongPlaneGateway { .. } | Self::WrongPlaneClear { .. })
    }
}

/// An `http` or `https` address of a version 3 onion service, checksum verified (rend-spec-v3, section 6).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct OnionUrl(Url);

/// An `http` or `https` address of the clear net.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ClearUrl(Url);

impl OnionUrl {
    /// Reads an onion address.
    ///
    /// # Errors
    /// [`UrlError`]: not a URL, another scheme, user information, a host of the clear net, or a broken onion address.
    pub fn parse(text: &str) -> Result<Self, UrlError> {
        Url::parse(text)?.try_into()
    }

    /// The address.
    pub fn as_url(&self) -> &Url {
        &self.0
    }

    /// Resolves a link found on this page, refusing one that leaves the onion network.
    ///
    /// # Errors
    /// As [`OnionUrl::parse`].
    pub fn join(&self, link: &str) -> Result<Self, UrlError> {
        self.0.join(link)?.try_into()
    }
}

impl ClearUrl {
    /// Reads an address of the clear net.
    ///
    /// # Errors
    /// [`UrlError`]: not a URL, another scheme, user information, or an onion address in any spelling.
    pub fn parse(text: &str) -> Result<Self, UrlError> {
        Url::parse(text)?.try_into()
    }

    /// The address.
    pub fn as_url(&self) -> &Url {
        &self.0
    }

    /// Resolves a link found on this page, refusing one that leads into the onion network.
    ///
    /// # Errors
    /// As [`ClearUrl::parse`].
    pub fn join(&self, link: &str) -> Result<Self, UrlError> {
        self.0.join(link)?.try_into()
    }
}

impl TryFrom<Url> for OnionUrl {
    type Error = UrlError;

    fn try_from(url: Url) -> Result<Self, UrlError> {
        let host = checked_host(&url)?;
        if !is_onion_name(&host) {
            return Err(UrlError::WrongPlaneClear { host });
        }
        check_onion_name(&host)?;
        Ok(Self(url))
    }
}

impl TryFrom<Url> for ClearUrl {
    type Error = UrlError;

    fn try_from(url: Url) -> Result<Self, UrlError> {
        let host = checked_host(&url)?;
        if is_onion_name(&host) {
            return Err(UrlError::WrongPlaneOnion { host });
        }
        if host.split('.').any(is_onion_label) {
            return Err(UrlError::WrongPlaneGateway { host });
        }
        Ok(Self(url))
    }
}

/// The checks both planes share. The host comes back lower-case and in its ASCII form, as `Url` keeps it.
fn checked_host(url: &Url) -> Result<String, UrlError> {
    if !matches!(url.scheme(), "http" | "https") {
        return Err(UrlError::Scheme { scheme: url.scheme().to_owned() });
    }
    let host = match url.host() {
        Some(Host::Domain(name)) => name.to_owned(),
        Some(address) => address.to_string(),
        None => return Err(UrlError::Syntax(url::ParseError::EmptyHost)),
    };
    if !url.username().is_empty() || url.password().is_some() {
        return Err(UrlError::UserInfo { host });
    }
    Ok(host)
}

/// Whether the name lies under `.onion`; a trailing dot does not hide it (RFC 7686 covers both spellings).
fn is_onion_name(host: &str) -> bool {
    let name = host.trim_end_matches('.').to_ascii_lowercase();
    name == "onion" || name.ends_with(".onion")
}

fn is_onion_label(label: &str) -> bool {
    label.len() == ONION_LABEL && format!("{label}.onion").parse::<HsId>().is_ok()
}

/// Length of a version 3 onion address without its suffix: 35 bytes in base32.
const ONION_LABEL: usize = 56;

/// Checks length, version and checksum of the label before `.onion`; labels further left are the service's own.
pub(super) fn check_onion_name(host: &str) -> Result<(), UrlError> {
    let invalid = |reason: String| UrlError::InvalidOnion { host: host.to_owned(), reason };
    let name = host
        .strip_suffix(".onion")
        .ok_or_else(|| invalid("it must end in .onion, without a dot after it".to_owned()))?;
    let label = name.rsplit('.').next().unwrap_or(name);
    if label.len() != ONION_LABEL {
        return Err(invalid(format!("it has {} characters before .onion instead of {ONION_LABEL}", label.len())));
    }
    match format!("{label}.onion").parse::<HsId>() {
        Ok(_) => Ok(()),
        Err(error) => Err(invalid(error.to_string())),
    }
}

macro_rules! url_newtype {
    ($name:ident) => {
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = UrlError;

            fn from_str(text: &str) -> Result<Self, UrlError> {
                Self::parse(text)
            }
        }

        impl From<$name> for Url {
            fn from(url: $name) -> Url {
                url.0
            }
        }
    };
}
url_newtype!(OnionUrl);
url_newtype!(ClearUrl);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::net::tests::ONION;

    #[test]
    fn onion_addresses_are_checked_to_the_last_character() {
        assert!(OnionUrl::parse(&format!("http://{ONION}/a?b")).is_ok());
        assert!(OnionUrl::parse(&format!("https://www.{}:8080/", ONION.to_uppercase())).is_ok());
        let wrong_checksum = format!("http://{}/", ONION.replacen(&ONION[..1], "b", 1));
        for bad in
            [wrong_checksum.as_str(), "http://expyuzz4wqqyqhjn.onion/", "http://onion/", &format!("http://{ONION}./")]
        {
            let error = OnionUrl::parse(bad).unwrap_err();
            assert!(matches!(error, UrlError::InvalidOnion { .. }), "{bad}: {error}");
        }
    }

    #[test]
    fn the_tor_plane_refuses_clear_addresses_by_name() {
        for clear in ["http://example.com/", "https://127.0.0.1/", "http://[::1]/"] {
            let error = OnionUrl::parse(clear).unwrap_err();
            assert!(matches!(error, UrlError::WrongPlaneClear { .. }), "{error}");
        }
    }

    #[test]
    fn no_spelling_of_an_onion_name_passes_as_clear() {
        for onion in [
            format!("http://{ONION}/"),
            format!("http://{}/", ONION.to_uppercase()),
            format!("http://{ONION}./"),
            format!("http://{}/", ONION.replace('.', "%2e")),
            format!("http://{}/", ONION.replace('.', "\u{3002}")),
            format!("http://{}/", ONION.replace("onion", "\u{ff4f}nion")),
            "http://anything.onion/".to_owned(),
            "http://onion/".to_owned(),
        ] {
            let error = ClearUrl::parse(&onion).unwrap_err();
            assert!(matches!(error, UrlError::WrongPlaneOnion { .. }), "{onion}: {error}");
        }
        let gateway = format!("https://{ONION}.gateway.example/");
        let error = ClearUrl::parse(&gateway).unwrap_err();
        assert!(matches!(error, UrlError::WrongPlaneGateway { .. }));
        assert!(ClearUrl::parse("https://onion.example/").is_ok());
    }

    #[test]
    fn user_information_and_other_schemes_are_refused_on_both_planes() {
        let error = ClearUrl::parse("http://u:p@example.com/").unwrap_err();
        assert!(matches!(error, UrlError::UserInfo { .. }));
        assert!(!error.to_string().contains(":p"));
        let error = OnionUrl::parse(&format!("http://u@{ONION}/")).unwrap_err();
        assert!(matches!(error, UrlError::UserInfo { .. }));
        for other in ["ftp://example.com/", "file:///etc/passwd", "data:,x"] {
            let error = ClearUrl::parse(other).unwrap_err();
            assert!(matches!(error, UrlError::Scheme { .. }), "{error}");
        }
        assert!(matches!(ClearUrl::parse("example.com"), Err(UrlError::Syntax(_))));
    }

    #[test]
    fn links_keep_to_their_plane() {
        let page = OnionUrl::parse(&format!("http://{ONION}/forum/1")).unwrap();
        assert_eq!(page.join("../2").unwrap().as_url().path(), "/2");
        let error = page.join("//tracker.example/pixel").unwrap_err();
        assert!(error.is_wrong_plane());
    }
}
