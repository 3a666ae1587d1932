//! Section `[web]`: the reviewers' pages.

use std::net::{Ipv4Addr, SocketAddr};

use serde::{Deserialize, Serialize};

use super::check::Check;

/// Where the pages are served, and how long a login lasts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WebSection {
    /// Address and port to listen on; TLS is the reverse proxy's.
    pub listen: SocketAddr,
    /// Whether cookies are sent over TLS only; true behind a proxy with TLS.
    pub secure_cookies: bool,
    /// Hours after which a login ends, 1 to 720.
    pub session_hours: u32,
}

impl Default for WebSection {
    fn default() -> Self {
        Self { listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 8750)), secure_cookies: false, session_hours: 12 }
    }
}

impl WebSection {
    pub(super) fn check(&self, check: &mut Check<'_>) {
        check.range("web.session_hours", self.session_hours, 1..=720);
    }
}
