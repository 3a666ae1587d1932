//! Politeness towards one host, as a value: one request at a time, a gap with jitter, `Retry-After`, hours, back-off.

use std::time::Duration;

use jiff::{Timestamp, tz::TimeZone};
use rand::{Rng, RngExt};
use serde::{Deserialize, Serialize};

use super::{ladder, moment};
use crate::definition::ActiveHours;

/// Seconds that an answer is reckoned to take before the first.
const FIRST_ANSWER: f64 = 3.0;
/// Weight of the last turn in the mean.
const TURN_SHARE: f64 = 0.05;

/// The longest `Retry-After` that is kept: no host can silence its sources for good.
const LONGEST_RETRY: Duration = Duration::from_secs(86_400);

/// What a host is owed.
#[derive(Debug, Clone)]
pub struct Politeness {
    /// Shortest time from the end of a request to the start of the next.
    pub gap: Duration,
    /// Share of the gap that chance may add, from 0 to 1.
    pub jitter: f64,
    /// Hours of the day in which it may be asked, with their time zone; `None`: always.
    pub hours: Option<(ActiveHours, TimeZone)>,
}

/// How a request ended, as far as the host is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reply {
    /// The host answered.
    Answered,
    /// It did not, or it said that it is asked too often.
    Failed,
}

/// What is remembered of a host.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct HostState {
    /// Since when a request is under way, if one is.
    #[serde(with = "moment")]
    pub busy_since: Option<Timestamp>,
    /// Seconds that a request and the gap after it take, in the mean of the last few.
    pub turn: f64,
    /// No request starts before this moment; milliseconds since 1970 UTC in its written form.
    #[serde(with = "moment")]
    pub ready_at: Option<Timestamp>,
    /// Its rung on the back-off ladder.
    pub rung: usize,
    /// Until when it was left alone after its last failure.
    #[serde(with = "moment")]
    pub back_at: Option<Timestamp>,
    /// Until when the host itself asked to be left alone.
    #[serde(default, with = "moment")]
    pub told_until: Option<Timestamp>,
}

/// A host and when it may be asked next.
#[derive(Debug, Clone)]
pub struct HostSlot {
    politeness: Politeness,
    state: HostState,
}

impl HostSlot {
    /// A host that was never asked.
    #[must_use]
    pub fn new(politeness: Politeness) -> Self {
        let turn = politeness.gap.as_secs_f64() * (1.0 + politeness.jitter / 2.0) + FIRST_ANSWER;
        Self::with_state(politeness, HostState { turn, ..HostState::default() })
    }

    /// A host as it was remembered. A request that was under way then is not any more.
    #[must_use]
    pub fn with_state(politeness: Politeness, state: HostState) -> Self {
        Self { politeness, state: HostState { busy_since: None, ..state } }
    }

    /// Another host with the same politeness, which was never asked.
    #[must_use]
    pub fn anew(&self) -> Self {
        Self::new(self.politeness.clone())
    }

    /// What is to be remembered.
    #[must_use]
    pub fn state(&self) -> HostState {
        self.state
    }

    /// Shortest time between two requests, chance aside.
    #[must_use]
    pub fn gap(&self) -> Duration {
        self.politeness.gap
    }

    /// Requests a second that the host can bear, by its turns so far.
    #[must_use]
    pub fn capacity(&self) -> f64 {
        1.0 / self.state.turn.max(1e-3)
    }

    /// Whether a request may start.
    #[must_use]
    pub fn is_free(&self, now: Timestamp) -> bool {
        let open = || self.politeness.hours.as_ref().is_none_or(|(hours, zone)| hours.contain(now, zone));
        self.state.busy_since.is_none() && self.state.ready_at.is_none_or(|ready| ready <= now) && open()
    }

    /// The first moment from `now` at which a request may start, if none is under way.
    #[must_use]
    pub fn free_from(&self, now: Timestamp) -> Timestamp {
        let ready = self.state.ready_at.unwrap_or(now).max(now);
        self.politeness.hours.as_ref().map_or(ready, |(hours, zone)| hours.not_before(ready, zone))
    }

    /// The end of the last back-off in seconds since 1970 UTC; before all time when there was none.
    pub(super) fn back_at(&self) -> f64 {
        self.state.back_at.map_or(f64::MIN, |at| at.as_millisecond() as f64 / 1e3)
    }

    /// Starts a request; `false`, and nothing changed, when it is too early.
    #[must_use]
    pub fn begin(&mut self, now: Timestamp) -> bool {
        let free = self.is_free(now);
        if free {
            self.state.busy_since = Some(now);
        }
        free
    }

    /// Starts a request that a person asked for, whatever the gap, the back-off and the hours; `false`, and nothing changed,
    /// when one is under way or the host asked to be left alone.
    #[must_use]
    pub fn insist(&mut self, now: Timestamp) -> bool {
        let may = self.state.busy_since.is_none() && self.state.told_until.is_none_or(|until| until <= now);
        if may {
            self.state.busy_since = Some(now);
        }
        may
    }

    /// Ends a request. The host is left alone for the gap and its jitter, for the wait of its rung after a failure,
    /// and for as long as it asked for by `Retry-After` up to a day, whichever is longest.
    pub fn end(&mut self, now: Timestamp, reply: Reply, retry_after: Option<Duration>, rng: &mut impl Rng) {
        let good = reply == Reply::Answered;
        self.state.rung = ladder::step(self.state.rung, good);
        let backoff = if good { Duration::ZERO } else { ladder::wait_of(self.state.rung) };
        let jitter = 1.0 + self.politeness.jitter.clamp(0.0, 1.0) * rng.random_range(0.0..1.0);
        let wait =
            self.politeness.gap.mul_f64(jitter).max(backoff).max(retry_after.unwrap_or_default().min(LONGEST_RETRY));
        let ready = self.state.ready_at.max(Some(moment::later(now, wait)));
        let began = self.state.busy_since.take();
        self.state.ready_at = ready;
        if let Some(asked) = retry_after {
            self.state.told_until = self.state.told_until.max(Some(moment::later(now, asked.min(LONGEST_RETRY))));
        }
        if !good {
            self.state.back_at = ready;
        } else if let (Some(began), Some(ready), None) = (began, ready, retry_after) {
            self.state.turn += TURN_SHARE * (moment::seconds(began, ready) - self.state.turn);
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;
    use rand::{SeedableRng, rngs::StdRng};

    use super::*;

    fn slot(hours: Option<(ActiveHours, TimeZone)>) -> HostSlot {
        HostSlot::new(Politeness { gap: Duration::from_secs(10), jitter: 0.5, hours })
    }

    fn at(milliseconds: i64) -> Timestamp {
        Timestamp::from_millisecond(milliseconds).unwrap()
    }

    #[test]
    fn the_gap_is_kept_and_the_jitter_stays_within_its_share() {
        let (mut host, mut rng) = (slot(None), StdRng::seed_from_u64(1));
        let (mut now, mut gaps) = (0, Vec::new());
        for _ in 0..300 {
            assert!(host.begin(at(now)));
            assert!(!host.begin(at(now)), "one request at a time");
            host.end(at(now + 700), Reply::Answered, None, &mut rng);
            let ready = host.free_from(at(now));
            assert!(!host.begin(ready - SignedDuration::from_nanos(1)) && host.is_free(ready));
            gaps.push(ready.as_millisecond() - (now + 700));
            now = ready.as_millisecond() + 1;
        }
        assert!(gaps.iter().all(|gap| (10_000..=15_000).contains(gap)), "{gaps:?}");
        assert!(gaps.iter().any(|gap| *gap < 11_000) && gaps.iter().any(|gap| *gap > 14_000), "chance spreads them");
        assert!((12.5..14.5).contains(&host.state().turn), "an answer and a gap: {}", host.state().turn);
    }

    #[test]
    fn retry_after_is_kept_whatever_the_answer() {
        for reply in [Reply::Answered, Reply::Failed] {
            let (mut host, mut rng) = (slot(None), StdRng::seed_from_u64(1));
            assert!(host.begin(at(0)));
            host.end(at(0), reply, Some(Duration::from_secs(3_600)), &mut rng);
            assert!(!host.is_free(at(3_599_999)) && host.is_free(at(3_600_000)), "{reply:?}");
            assert!(host.begin(at(3_600_000)));
            host.end(at(3_600_000), reply, Some(Duration::MAX), &mut rng);
            assert!(!host.is_free(at(89_999_999)) && host.is_free(at(90_000_000)), "a day is the most");
        }
    }

    #[test]
    fn a_person_may_insist_against_our_back_off_and_not_against_the_host() {
        let (mut host, mut rng) = (slot(None), StdRng::seed_from_u64(1));
        assert!(host.begin(at(0)));
        assert!(!host.insist(at(1)), "one request at a time");
        host.end(at(2), Reply::Failed, None, &mut rng);
        assert!(!host.is_free(at(3)) && host.insist(at(3)));
        host.end(at(4), Reply::Failed, Some(Duration::from_secs(600)), &mut rng);
        assert!(!host.insist(at(600_003)) && host.insist(at(600_004)));
    }

    #[test]
    fn failures_climb_the_ladder_and_a_success_steps_down() {
        let (mut host, mut rng) = (slot(None), StdRng::seed_from_u64(1));
        let mut now = at(0);
        for minutes in [1, 5, 15, 30, 60] {
            assert!(host.begin(now));
            host.end(now, Reply::Failed, None, &mut rng);
            let free = host.free_from(now);
            assert_eq!(free.duration_since(now).as_secs(), minutes * 60);
            now = free;
        }
        assert!(host.begin(now));
        host.end(now, Reply::Answered, None, &mut rng);
        assert_eq!(host.state().rung, 4);
        assert!(host.free_from(now).duration_since(now).as_secs() <= 15, "who answers is asked again");
    }

    #[test]
    fn outside_its_hours_a_host_is_not_asked() {
        let hours = (ActiveHours::parse("07:00-23:00").unwrap(), TimeZone::get("Asia/Taipei").unwrap());
        let mut host = slot(Some(hours));
        let night: Timestamp = "2026-11-21T15:30:00Z".parse().unwrap();
        assert!(!host.begin(night));
        assert_eq!(host.free_from(night), "2026-11-21T23:00:00Z".parse().unwrap());
        assert!(host.begin(host.free_from(night)));
    }

    #[test]
    fn what_is_remembered_comes_back_without_the_request_that_was_under_way() {
        let (mut host, mut rng) = (slot(None), StdRng::seed_from_u64(1));
        assert!(host.begin(at(5_000)));
        host.end(at(6_000), Reply::Failed, None, &mut rng);
        assert!(host.begin(host.free_from(at(6_000))));
        let text = serde_json::to_string(&host.state()).unwrap();
        let back = HostSlot::with_state(host.politeness.clone(), serde_json::from_str(&text).unwrap());
        assert_eq!(back.state(), HostState { busy_since: None, ..host.state() });
        assert!(!back.is_free(at(6_000)) && back.is_free(at(66_000)));
    }
}
