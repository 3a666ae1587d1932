//! The sections that belong to no other module.

use std::{
    net::{Ipv4Addr, SocketAddr},
    path::PathBuf,
    time::Duration,
};

use ipnet::IpNet;
use nightheron_crawlers::net::Limits;
use serde::{Deserialize, Serialize};

use super::{Bytes, Span};

/// Section `[web]`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WebSection {
    /// Address and port of the pages.
    pub listen: SocketAddr,
    /// Cookies only over https; set it when a proxy with TLS stands in front.
    pub secure_cookies: bool,
    /// Hours until a session ends.
    pub session_hours: i64,
}

impl Default for WebSection {
    fn default() -> Self {
        Self { listen: (Ipv4Addr::LOCALHOST, 8750).into(), secure_cookies: false, session_hours: 12 }
    }
}

/// Section `[store]`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct StoreSection {
    /// `sqlite:PATH` or `postgres://USER@HOST/NAME`; `sqlite:` in the data folder when absent.
    pub url: Option<String>,
    /// Connections kept open.
    pub connections: u32,
}

impl Default for StoreSection {
    fn default() -> Self {
        Self { url: None, connections: 8 }
    }
}

/// Section `[net]`: limits of both planes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct NetSection {
    /// Private networks that the clear plane may reach all the same.
    #[serde(with = "super::units::networks")]
    pub allow_private: Vec<IpNet>,
    /// Longest time for one page, redirects included.
    pub timeout: Span,
    /// Longest time until a connection stands.
    pub connect_timeout: Span,
    /// Largest body as received.
    pub max_body: Bytes,
    /// Largest body after decompression.
    pub max_decoded: Bytes,
    /// Redirects followed.
    pub max_redirects: usize,
}

impl Default for NetSection {
    fn default() -> Self {
        let limits = Limits::default();
        Self {
            allow_private: Vec::new(),
            timeout: Span(limits.total),
            connect_timeout: Span(limits.connect),
            max_body: Bytes(limits.max_body),
            max_decoded: Bytes(limits.max_decoded),
            max_redirects: limits.max_redirects,
        }
    }
}

impl NetSection {
    /// The limits of a fetch.
    #[must_use]
    pub fn limits(&self) -> Limits {
        Limits {
            total: self.timeout.0,
            connect: self.connect_timeout.0,
            max_body: self.max_body.0,
            max_decoded: self.max_decoded.0,
            max_redirects: self.max_redirects,
            ..Limits::default()
        }
    }
}

/// Section `[tor]`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TorSection {
    /// Whether onion sources can be read.
    pub enabled: bool,
    /// A configuration of arti; without one, the public Tor network, with state in the data folder.
    pub arti_config: Option<PathBuf>,
    /// When a bootstrap that does not end counts as failing.
    pub bootstrap_timeout: Span,
}

impl Default for TorSection {
    fn default() -> Self {
        Self { enabled: true, arti_config: None, bootstrap_timeout: Span(Duration::from_secs(90)) }
    }
}

/// Section `[crawl]`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CrawlSection {
    /// Sources visited at the same time.
    pub workers: usize,
    /// How long a source belongs to a worker without a sign of life.
    pub lease: Span,
    /// Folder of definitions that win over the shipped ones.
    pub sites_dir: Option<PathBuf>,
}

impl Default for CrawlSection {
    fn default() -> Self {
        Self { workers: 8, lease: Span(Duration::from_secs(300)), sites_dir: None }
    }
}

/// One `[[source]]`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SourceSection {
    /// Identity of a definition at hand, or the path of a `.yaml` file.
    pub definition: String,
    /// Longest time between two visits, instead of the definition's.
    pub max_interval: Option<Span>,
    /// Most pages of one visit.
    pub max_pages: Option<u32>,
}

impl SourceSection {
    /// Whether the definition is named by its file.
    #[must_use]
    pub fn is_file(&self) -> bool {
        self.definition.ends_with(".yaml") || self.definition.contains('/')
    }
}

/// Section `[index]`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct IndexSection {
    /// Memory of the writer.
    pub memory: Bytes,
}

impl Default for IndexSection {
    fn default() -> Self {
        Self { memory: Bytes(64 << 20) }
    }
}

/// Section `[log]`, written to standard error.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LogSection {
    /// `text` or `json`.
    pub format: LogFormat,
    /// What is logged, in the form of `tracing`'s directives: `info`, `warn,nightheron=debug`.
    pub filter: String,
}

/// Form of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// Lines for people.
    Text,
    /// A JSON object a line.
    Json,
}

impl Default for LogSection {
    fn default() -> Self {
        Self { format: LogFormat::Text, filter: "info".to_owned() }
    }
}
