//! Webhooks: a signed HTTP POST of JSON.
//!
//! **For receivers.** Every request carries
//! - `Nightheron-Timestamp`: seconds since 1970-01-01 UTC, when this try was made,
//! - `Nightheron-Signature`: `v1=` and lower-case hex of HMAC-SHA256 (RFC 2104) under the shared secret, over the bytes
//!   of the time stamp, one full stop, and the body exactly as received,
//! - `Nightheron-Notice`: the key of the notice, the same when it is sent again.
//!
//! Verify before parsing: compute the same HMAC, compare in constant time, refuse a time stamp that is more than five
//! minutes off, and treat a key seen before as done. Ignore signatures with another prefix than `v1=`. Answer 2xx once
//! the notice is safe; the body of the answer is not read. 408, 425, 429, 5xx and silence are tried again, every other
//! answer is final. Redirects are not followed.

use std::{net::IpAddr, time::Duration};

use async_trait::async_trait;
use hmac::{Hmac, KeyInit as _, Mac as _};
use nightheron_crawlers::net::ClearPolicy;
use reqwest::StatusCode;
use sha2::Sha256;
use url::{Host, Url};

use super::said;
use crate::alerts::message::{Content, Message, Receipt, SendError, Sender};

/// Longest wait for the answer's head.
const TIMEOUT: Duration = Duration::from_secs(20);

/// Posts to the addresses that contacts registered.
#[derive(Debug, Clone)]
pub struct WebhookSender {
    client: reqwest::Client,
    policy: ClearPolicy,
}

impl WebhookSender {
    /// A sender over the clear plane's client: one that resolves under guard, follows no redirect, and keeps no cookies.
    #[must_use]
    ///
    /// `policy` judges addresses written as numbers, which no resolver sees.
    pub fn new(client: reqwest::Client, policy: ClearPolicy) -> Self {
        Self { client, policy }
    }
}

/// The value of `Nightheron-Signature`.
#[must_use]
pub fn sign(secret: &str, timestamp: i64, body: &str) -> String {
    // HMAC takes a key of any length.
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("HMAC takes a key of any length");
    mac.update(timestamp.to_string().as_bytes());
    mac.update(b".");
    mac.update(body.as_bytes());
    format!("v1={}", hex::encode(mac.finalize().into_bytes()))
}

#[async_trait]
impl Sender for WebhookSender {
    async fn send(&self, message: &Message) -> Result<Receipt, SendError> {
        let Content::Webhook { body, secret } = &message.content else {
            return Err(SendError::Permanent("this sender carries webhooks only".to_owned()));
        };
        let url = address(&message.address, &self.policy)?;
        let timestamp = message.sent_at.as_second();
        let request = self
            .client
            .post(url.clone())
            .timeout(TIMEOUT)
            .header("Content-Type", "application/json; charset=utf-8")
            .header("Nightheron-Timestamp", timestamp.to_string())
            .header("Nightheron-Signature", sign(secret.expose(), timestamp, body))
            .header("Nightheron-Notice", &message.key)
            .body(body.clone());
        let response = request.send().await.map_err(|error| SendError::Transient(chain(error.without_url())))?;
        if response.url() != &url {
            return Err(SendError::Permanent("the receiver redirected; redirects are not followed".to_owned()));
        }
        judge(response.status())
    }
}

fn judge(status: StatusCode) -> Result<Receipt, SendError> {
    let answer = format!("HTTP {}", status.as_u16());
    if status.is_success() {
        Ok(Receipt(answer))
    } else if status.is_server_error() || matches!(status.as_u16(), 408 | 425 | 429) {
        Err(SendError::Transient(answer))
    } else {
        Err(SendError::Permanent(answer))
    }
}

/// HTTPS, or plain HTTP to a numeric loopback address; never with a password in the address.
fn address(text: &str, policy: &ClearPolicy) -> Result<Url, SendError> {
    let refused = |reason: &str| SendError::Permanent(format!("the webhook's address is refused: {reason}"));
    let url = Url::parse(text).map_err(|_| refused("it is not an address"))?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(refused("it holds a user name or password"));
    }
    let number: Option<IpAddr> = match url.host() {
        Some(Host::Ipv4(ip)) => Some(ip.into()),
        Some(Host::Ipv6(ip)) => Some(ip.into()),
        _ => None,
    };
    if number.is_some_and(|ip| !policy.allows(ip)) {
        return Err(refused("it is not a public address; net.allow_private would allow it"));
    }
    let loopback = number.is_some_and(|ip| ip.is_loopback());
    match url.scheme() {
        "https" => Ok(url),
        "http" if loopback => Ok(url),
        _ => Err(refused("https is expected")),
    }
}

/// An error with its causes on one line; its address has been taken out.
fn chain(error: reqwest::Error) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(&error);
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    said(&text)
}
