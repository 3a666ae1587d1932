//! Tor as a whole is away: the SOC hears of it once, instead of once for each onion source.

use jiff::{SignedDuration, Timestamp};

use super::Component;
use crate::alerts::notices::SourceHealth;

/// How long Tor may be away before the SOC is told: a bootstrap takes less.
const PATIENCE: SignedDuration = SignedDuration::from_mins(2);

/// Whether the SOC knows.
#[derive(Debug, Default)]
pub struct Blindness {
    told: bool,
}

impl Blindness {
    /// What the SOC is to be told now of Tor's state, if anything.
    #[must_use]
    pub fn news(&mut self, tor: &Component, now: Timestamp) -> Option<SourceHealth> {
        let away = !tor.ok && now.duration_since(tor.since) >= PATIENCE;
        if away == self.told || !(away || tor.ok) {
            return None;
        }
        self.told = away;
        let outcome = if tor.ok { "ok".to_owned() } else { format!("unreachable({})", tor.detail) };
        let (source, name) = (tor.name.into(), "Tor".into());
        Some(SourceHealth { source, name, healthy: tor.ok, outcome, since: tor.since, moved_to: None })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_soc_is_told_once_and_when_it_is_over() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let tor = |ok, since| Component { name: "tor", ok, detail: "no circuits".into(), since: at(since) };
        let mut blindness = Blindness::default();
        assert_eq!(blindness.news(&tor(true, 0), at(0)), None, "nothing was the matter");
        assert_eq!(blindness.news(&tor(false, 10), at(129)), None, "it may come back");
        let told = blindness.news(&tor(false, 10), at(130)).unwrap();
        assert_eq!((told.healthy, told.since, told.outcome.as_str()), (false, at(10), "unreachable(no circuits)"));
        assert_eq!(blindness.news(&tor(false, 10), at(900)), None, "once");
        assert!(blindness.news(&tor(true, 901), at(901)).unwrap().healthy);
        assert_eq!(blindness.news(&tor(true, 901), at(902)), None);
    }
}
