//! What a visit's outcome says about who was in trouble, and how long the host wants to be left alone.

use std::time::Duration;

use jiff::{Timestamp, fmt::rfc2822};
use nightheron_crawlers::{Outcome, PageClass, net::Response, schedule::Trouble};

/// How a visit ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visited {
    /// What came of it.
    pub outcome: Outcome,
    /// Requests made.
    pub requests: u32,
    /// Whether a failed visit is not held against the source: our own network stood in the way, or another of its links
    /// is visited next.
    pub spared: bool,
}

/// Who was in trouble; `None` after a good visit.
pub(super) fn trouble(outcome: &Outcome, ours: bool) -> Option<Trouble> {
    use PageClass::{Banned, Maintenance, Queue, RateLimited};
    match outcome {
        outcome if outcome.is_good() => None,
        _ if ours => Some(Trouble::Ours),
        Outcome::Unreachable(_) | Outcome::Blocked(RateLimited | Maintenance | Queue | Banned) => Some(Trouble::Host),
        _ => Some(Trouble::Source),
    }
}

/// How long the host asks to be left alone: `Retry-After` in seconds or as a date (RFC 9110, 10.2.3), of any answer.
pub(super) fn retry_after(response: &Response, now: Timestamp) -> Option<Duration> {
    parse(response.header_str("retry-after")?.trim(), now)
}

fn parse(text: &str, now: Timestamp) -> Option<Duration> {
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let at = rfc2822::parse(text).ok()?.timestamp();
    Duration::try_from(at.duration_since(now)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_of_retry_after_are_read() {
        let now = "2026-11-21T10:00:00Z".parse().unwrap();
        assert_eq!(parse("120", now), Some(Duration::from_secs(120)));
        assert_eq!(parse("Sat, 21 Nov 2026 10:01:30 GMT", now), Some(Duration::from_secs(90)));
        for (text, why) in [("Sat, 21 Nov 2026 09:00:00 GMT", "over"), ("soon", "no time"), ("-5", "before now")] {
            assert_eq!(parse(text, now), None, "{why}");
        }
    }

    #[test]
    fn a_source_is_not_blamed_for_its_host_nor_the_host_for_us() {
        let unreachable = Outcome::Unreachable("tor_not_ready".into());
        assert_eq!(trouble(&Outcome::OkNoNew, false), None);
        assert_eq!(trouble(&unreachable, true), Some(Trouble::Ours));
        assert_eq!(trouble(&unreachable, false), Some(Trouble::Host));
        assert_eq!(trouble(&Outcome::Blocked(PageClass::RateLimited), false), Some(Trouble::Host));
        assert_eq!(trouble(&Outcome::Blocked(PageClass::Login), false), Some(Trouble::Source));
        assert_eq!(trouble(&Outcome::SelectorMissing("rows".into()), false), Some(Trouble::Source));
    }
}
