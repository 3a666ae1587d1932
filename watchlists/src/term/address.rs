//! IP addresses and networks as terms.

use std::net::IpAddr;

use ipnet::IpNet;

use super::TermError;

/// Shortest prefix of an IPv4 network: 65,536 addresses are the largest block that one
/// organisation usually holds, and anything wider is a provider's or a country's.
const SHORTEST_V4: u8 = 16;

/// Shortest prefix of an IPv6 network: what a registry gives a provider; a site has a /48.
const SHORTEST_V6: u8 = 32;

/// Addresses that are nobody's, with what they are for.
const SPECIAL: [(&str, &str); 16] = [
    ("0.0.0.0/8", "this network"),
    ("10.0.0.0/8", "private networks"),
    ("100.64.0.0/10", "carriers' shared addresses"),
    ("127.0.0.0/8", "the machine itself"),
    ("169.254.0.0/16", "link-local addresses"),
    ("172.16.0.0/12", "private networks"),
    ("192.168.0.0/16", "private networks"),
    ("198.18.0.0/15", "benchmarks"),
    ("224.0.0.0/4", "multicast"),
    ("240.0.0.0/4", "future use and broadcast"),
    ("::/127", "the machine itself"),
    ("64:ff9b:1::/48", "local translation"),
    ("100::/64", "discarding"),
    ("fc00::/7", "private networks"),
    ("fe80::/10", "link-local addresses"),
    ("ff00::/8", "multicast"),
];

/// One address in its usual writing; IPv4 mapped into IPv6 becomes IPv4.
pub(super) fn parse(text: &str) -> Result<String, TermError> {
    let address: IpAddr = text.parse().map_err(|_| TermError::NotAnAddress { text: text.to_owned() })?;
    let address = address.to_canonical();
    refuse_special(text, IpNet::from(address))?;
    Ok(address.to_string())
}

/// A network in its usual writing.
pub(super) fn parse_network(text: &str) -> Result<String, TermError> {
    let network: IpNet = text.parse().map_err(|_| TermError::NotANetwork { text: text.to_owned() })?;
    if network.trunc() != network {
        return Err(TermError::HostBits { text: text.to_owned(), network: network.trunc().to_string() });
    }
    refuse_special(text, network)?;
    let shortest = if network.addr().is_ipv4() { SHORTEST_V4 } else { SHORTEST_V6 };
    if network.prefix_len() < shortest {
        return Err(TermError::TooWide { text: text.to_owned(), shortest });
    }
    Ok(network.to_string())
}

fn refuse_special(text: &str, network: IpNet) -> Result<(), TermError> {
    let holds = |special: &str| special.parse::<IpNet>().is_ok_and(|special| special.contains(&network));
    match SPECIAL.iter().find(|(special, _)| holds(special)) {
        Some(&(_, purpose)) => Err(TermError::SpecialAddress { text: text.to_owned(), purpose }),
        None => Ok(()),
    }
}
