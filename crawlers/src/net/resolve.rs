//! The one place where names become addresses: each address is checked, and only a checked one is connected to.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use async_trait::async_trait;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::address::ClearPolicy;

/// Turns a name into addresses; the tests have their own.
#[async_trait]
pub(super) trait Lookup: Send + Sync {
    async fn lookup(&self, name: &str) -> io::Result<Vec<IpAddr>>;
}

/// The resolver of the system.
pub(super) struct SystemLookup;

#[async_trait]
impl Lookup for SystemLookup {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one home of name resolution: the clear plane checks every answer"
    )]
    async fn lookup(&self, name: &str) -> io::Result<Vec<IpAddr>> {
        let addresses = tokio::net::lookup_host((name, 0)).await?;
        Ok(addresses.map(|address| address.ip()).collect())
    }
}

/// Why a name gave no address to connect to.
#[derive(Debug, thiserror::Error)]
pub(super) enum ResolveError {
    #[error("the lookup failed")]
    Lookup(#[from] io::Error),
    #[error("the name has no address")]
    Empty,
    #[error("one of the addresses, {0}, is not public")]
    Private(IpAddr),
    #[error("names are not resolved on this plane")]
    NoNames,
}

/// Resolves and checks in one step; reqwest connects to exactly what this returns, so nothing is looked up again
/// between the check and the connection.
pub(super) struct CheckedResolver {
    pub(super) lookup: Arc<dyn Lookup>,
    pub(super) policy: Arc<ClearPolicy>,
}

impl Resolve for CheckedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let (lookup, policy) = (Arc::clone(&self.lookup), Arc::clone(&self.policy));
        Box::pin(async move {
            let addresses = lookup.lookup(name.as_str()).await.map_err(ResolveError::from)?;
            Ok(checked(addresses, &policy)?)
        })
    }
}

/// One private address among public ones refuses the name: it is what DNS rebinding looks like.
fn checked(addresses: Vec<IpAddr>, policy: &ClearPolicy) -> Result<Addrs, ResolveError> {
    if let Some(private) = addresses.iter().find(|address| !policy.allows(**address)) {
        return Err(ResolveError::Private(*private));
    }
    if addresses.is_empty() {
        return Err(ResolveError::Empty);
    }
    // Port 0 stands for the port of the URL.
    Ok(Box::new(addresses.into_iter().map(|ip| SocketAddr::new(ip, 0))))
}

/// Given to the Tor plane's client, whose names are resolved inside Tor: if ever asked, it refuses, and nothing leaks.
pub(super) struct NoNames;

impl Resolve for NoNames {
    fn resolve(&self, _name: Name) -> Resolving {
        Box::pin(async { Err(ResolveError::NoNames.into()) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ips(addresses: &[&str]) -> Vec<IpAddr> {
        addresses.iter().map(|ip| ip.parse().unwrap()).collect()
    }

    #[test]
    fn one_private_address_refuses_the_whole_name() {
        let policy = ClearPolicy::default();
        let mixed = ips(&["1.1.1.1", "10.0.0.1"]);
        let Err(error) = checked(mixed, &policy) else {
            panic!("a private address passed");
        };
        assert_eq!(error.to_string(), "one of the addresses, 10.0.0.1, is not public");
        assert!(matches!(checked(Vec::new(), &policy), Err(ResolveError::Empty)));
        let public = checked(ips(&["1.1.1.1", "2606:4700::1111"]), &policy).ok().unwrap();
        assert_eq!(public.count(), 2);
    }

    #[tokio::test]
    async fn the_tor_planes_resolver_answers_nothing() {
        let answer = NoNames.resolve("example.com".parse().unwrap()).await;
        assert!(answer.is_err());
    }
}
