//! Fixed IP addresses and networks of an organisation.

use std::net::IpAddr;

use ipnet::IpNet;

/// Shortest prefixes of a network that can be one organisation's.
const WIDEST_V4: u8 = 16;
const WIDEST_V6: u8 = 32;

/// Reads `203.0.113.7`, `203.0.113.0/24`, `2001:db8::1` or `2001:db8::/48` and gives its usual writing.
pub(super) fn parse(text: &str) -> Result<String, String> {
    let (address, shown) = if text.contains('/') {
        let net: IpNet = text.parse().map_err(|_| "it is no network: write one such as 203.0.113.0/24".to_owned())?;
        check_network(net)?;
        (net.addr(), net.to_string())
    } else {
        let expected = "it is no IP address: write one such as 203.0.113.7 or 2001:db8::7, several separated by ;";
        let address: IpAddr = text.parse().map_err(|_| expected.to_owned())?;
        (address, address.to_string())
    };
    match not_an_organisations(address) {
        Some(what) => Err(format!("{what} belongs to everybody: write the address that the Internet sees")),
        None => Ok(shown),
    }
}

fn check_network(net: IpNet) -> Result<(), String> {
    let widest = if net.addr().is_ipv4() { WIDEST_V4 } else { WIDEST_V6 };
    if net.prefix_len() < widest {
        return Err(format!("the network is too wide for one organisation: write networks of /{widest} or smaller"));
    }
    if net.addr() != net.network() {
        return Err(format!("the address has bits beyond its prefix: write {} or {}", net.trunc(), net.addr()));
    }
    Ok(())
}

fn not_an_organisations(address: IpAddr) -> Option<&'static str> {
    let (private, link_local) = match address {
        IpAddr::V4(v4) => (v4.is_private(), v4.is_link_local() || v4.is_broadcast()),
        IpAddr::V6(v6) if v6.to_ipv4_mapped().is_some() => return Some("an IPv4 address inside an IPv6 one"),
        IpAddr::V6(v6) => (v6.is_unique_local(), v6.is_unicast_link_local()),
    };
    if private {
        Some("a private address")
    } else if address.is_loopback() || address.is_unspecified() || address.is_multicast() || link_local {
        Some("a loopback, link-local or multicast address")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn addresses_and_networks_get_their_usual_writing() {
        for (text, expected) in [
            ("203.0.113.7", "203.0.113.7"),
            ("203.0.113.0/24", "203.0.113.0/24"),
            ("140.112.0.0/16", "140.112.0.0/16"),
            ("203.0.113.7/32", "203.0.113.7/32"),
            ("2001:0DB8:0:0::7", "2001:db8::7"),
            ("2001:DB8::/32", "2001:db8::/32"),
        ] {
            assert_eq!(parse(text).as_deref(), Ok(expected));
        }
    }

    #[test]
    fn what_is_no_fixed_address_is_refused() {
        for (text, reason) in [
            ("203.0.113", "no IP address"),
            ("203.0.113.07", "no IP address"),
            ("203.0.113.1-9", "no IP address"),
            ("example.com", "no IP address"),
            ("203.0.113.0/33", "no network"),
            ("0.0.0.0/0", "too wide"),
            ("140.112.0.0/15", "too wide"),
            ("2001::/16", "too wide"),
            ("::/0", "too wide"),
            ("203.0.113.7/24", "write 203.0.113.0/24 or 203.0.113.7"),
            ("192.168.1.1", "private"),
            ("fd00::1", "private"),
            ("127.0.0.1", "loopback"),
            ("::1", "loopback"),
            ("0.0.0.0", "loopback"),
            ("fe80::1", "link-local"),
            ("224.0.0.0/16", "multicast"),
            ("::ffff:203.0.113.7", "inside an IPv6"),
        ] {
            let error = parse(text).expect_err(text);
            assert!(error.contains(reason), "{text}: {error}");
        }
    }
}
