//! Section `[net]`: what one request may cost, and where it may go.

use std::time::Duration;

use ipnet::IpNet;
use nightheron_crawlers::net::Limits;
use serde::{Deserialize, Serialize};

use super::{HumanDuration, HumanSize, check::Check};

/// Bounds of every request, on both network planes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct NetSection {
    /// Networks that are not public and may be fetched from all the same, as `"10.1.0.0/16"`.
    #[serde(with = "networks")]
    pub allow_private: Vec<IpNet>,
    /// Longest time for a page, redirects included; 1 second to 1 hour.
    pub timeout: HumanDuration,
    /// Longest time until a connection stands; at most `timeout`.
    pub connect_timeout: HumanDuration,
    /// Largest body as received, 64KiB to 1GiB.
    pub max_body: HumanSize,
    /// Largest body after decompression; at least `max_body`, at most 4GiB.
    pub max_decoded: HumanSize,
    /// Redirects followed, 0 to 20.
    pub max_redirects: usize,
}

impl Default for NetSection {
    fn default() -> Self {
        Self {
            allow_private: Vec::new(),
            timeout: HumanDuration::from_secs(120),
            connect_timeout: HumanDuration::from_secs(60),
            max_body: HumanSize::from_mib(16),
            max_decoded: HumanSize::from_mib(32),
            max_redirects: 5,
        }
    }
}

impl NetSection {
    pub(super) fn check(&self, check: &mut Check<'_>) {
        check.duration("net.timeout", self.timeout, Duration::from_secs(1)..=Duration::from_secs(3600));
        check.duration("net.connect_timeout", self.connect_timeout, Duration::from_secs(1)..=self.timeout.0);
        check.size("net.max_body", self.max_body, 64 << 10..=1 << 30);
        check.size("net.max_decoded", self.max_decoded, self.max_body.bytes..=4 << 30);
        check.range("net.max_redirects", self.max_redirects, 0..=20);
    }

    /// The same for the network planes; what has no key here keeps its default.
    #[must_use]
    pub fn limits(&self) -> Limits {
        Limits {
            total: self.timeout.0,
            connect: self.connect_timeout.0,
            max_body: self.max_body.bytes,
            max_decoded: self.max_decoded.bytes,
            max_redirects: self.max_redirects,
            ..Limits::default()
        }
    }
}

/// Networks as text; one address stands for itself.
mod networks {
    use ipnet::IpNet;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(super) fn serialize<S: Serializer>(networks: &[IpNet], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(networks.iter().map(ToString::to_string))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<IpNet>, D::Error> {
        let texts = Vec::<String>::deserialize(deserializer)?;
        texts.iter().map(|text| network(text).map_err(D::Error::custom)).collect()
    }

    fn network(text: &str) -> Result<IpNet, String> {
        let single = || text.parse::<std::net::IpAddr>().map(IpNet::from);
        text.parse().or_else(|_| single()).map_err(|_| {
            format!("{text:?} is no network; an address with a prefix length is expected, such as \"10.1.0.0/16\"")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_those_of_the_network_planes() {
        let (ours, theirs) = (NetSection::default().limits(), Limits::default());
        assert_eq!(format!("{ours:?}"), format!("{theirs:?}"));
    }
}
