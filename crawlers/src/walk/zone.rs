//! The zone of a site, learnt from a page that names it, or from times told twice: as the pages show them, and in UTC.

use std::collections::HashMap;

use jiff::{
    SignedDuration, Timestamp,
    tz::{self, Offset, TimeZone},
};

use super::{PageRequest, Seen};
use crate::extract::{PageReading, zone_by};

/// Under which the zone is kept among what is known of threads; no thread of a site has this id.
pub const ZONE_MARK: &str = "zone:";
/// After so long it is learnt anew: the site may have moved to another.
const KEPT: SignedDuration = SignedDuration::from_hours(7 * 24);
/// And after so long where a page's clock disagrees.
const DOUBTED: SignedDuration = SignedDuration::from_hours(1);
/// Pages of times that may fail in one visit.
const MAX_FAILURES: u32 = 3;
/// Seconds between the steps of real zones' offsets, and how far a shown time may be from one: minutes are cut off.
const STEP: i64 = 15 * 60;
const CUT: i64 = 60;
/// No zone is farther from UTC, in seconds.
const FARTHEST: i64 = 14 * 3_600;
/// Zones of the same clock, in the order in which one of them is taken to be meant.
const LIKELY: [&str; 20] = [
    "Europe/Berlin",
    "Europe/London",
    "Europe/Kyiv",
    "Europe/Moscow",
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Los_Angeles",
    "America/Halifax",
    "America/Toronto",
    "America/Sao_Paulo",
    "America/Santiago",
    "Asia/Jerusalem",
    "Asia/Tehran",
    "Asia/Shanghai",
    "Asia/Taipei",
    "Asia/Kolkata",
    "Australia/Sydney",
    "Australia/Adelaide",
    "Pacific/Auckland",
];

/// What a visit knows of the site's zone.
#[derive(Debug)]
pub(super) struct Zone {
    /// Its name, or its offset where it never changed.
    pub(super) name: Option<String>,
    learnt_at: Option<Timestamp>,
    asked: bool,
    /// What a page's own clock told of the present.
    clock: Option<(Timestamp, Offset)>,
    /// The times of the first page; `None` until it came.
    shown: Option<HashMap<String, Timestamp>>,
    failures: u32,
}

impl Zone {
    /// What earlier visits learnt, taken out of what is known of threads.
    pub(super) fn known(seen: &mut Seen) -> Self {
        let mark = seen.remove(ZONE_MARK).unwrap_or_default();
        let (name, at) = mark.split_once(' ').unwrap_or_default();
        let name = Some(name.to_owned()).filter(|name| !name.is_empty());
        Self { name, learnt_at: at.parse().ok(), asked: false, clock: None, shown: None, failures: 0 }
    }

    /// Whether it is to be learnt now, once in a visit: it is not known, was learnt long ago, or does not agree with the
    /// clock of a page.
    pub(super) fn is_due(&mut self, reading: &PageReading, now: Timestamp) -> bool {
        let zone = self.name.as_deref().and_then(zone_by);
        let doubted = zone.zip(reading.clock).is_some_and(|(zone, clock)| zone.to_offset(now) != clock);
        let kept = if doubted { DOUBTED } else { KEPT };
        let due = !self.asked && self.learnt_at.is_none_or(|at| now.duration_since(at) >= kept);
        self.clock = reading.clock.map(|clock| (now, clock)).or(self.clock);
        self.asked |= due;
        due
    }

    /// Whether a page of times that did not come is worth another try: all posts of the visit depend on it.
    pub(super) fn tries_again(&mut self) -> bool {
        self.failures += 1;
        self.failures <= MAX_FAILURES
    }

    /// Takes a page of times, or the one that names the zone; after the second one gives what is to be kept.
    pub(super) fn take(
        &mut self, request: &PageRequest, reading: &mut PageReading, now: Timestamp, names_it: bool,
    ) -> Option<(String, String)> {
        if names_it {
            // Where the page tells nothing, it is not asked again and again.
            self.name = reading.zone.take().or(self.name.take());
            return Some(self.mark(now));
        }
        if request.page == 1 {
            self.shown = Some(reading.times.drain(..).collect());
            return None;
        }
        // What did not come this time is asked for at the next visit.
        let shown = self.shown.take()?;
        let told = reading.times.drain(..);
        let pairs: Vec<(Timestamp, Timestamp)> =
            told.filter_map(|(key, utc)| Some((shown.get(&key).copied()?, utc))).collect();
        // A clock may be that of a page kept too long.
        let learnt = of(&pairs, self.clock).or_else(|| of(&pairs, None));
        self.name = learnt.or(self.name.take());
        Some(self.mark(now))
    }

    fn mark(&self, now: Timestamp) -> (String, String) {
        (ZONE_MARK.to_owned(), format!("{} {now}", self.name.as_deref().unwrap_or_default()))
    }
}

/// The zone in which times are shown, given as if that were UTC, beside the true ones. An offset where it was always the
/// same: which of the zones with it is meant, nothing tells.
fn of(pairs: &[(Timestamp, Timestamp)], clock: Option<(Timestamp, Offset)>) -> Option<String> {
    let told = pairs.iter().filter_map(|(shown, utc)| Some((*utc, offset(*shown, *utc)?)));
    let mut offsets: Vec<(Timestamp, i64)> = told.collect();
    let (_, first) = *offsets.first()?;
    // A few times may be read wrongly; many are no times of posts.
    if offsets.len() * 10 < pairs.len() * 9 {
        return None;
    }
    offsets.extend(clock.map(|(now, offset)| (now, i64::from(offset.seconds()))));
    if offsets.iter().all(|(_, offset)| *offset == first) {
        let (sign, minutes) = (if first < 0 { '-' } else { '+' }, first.abs() / 60);
        return Some(format!("UTC{sign}{:02}:{:02}", minutes / 60, minutes % 60));
    }
    let fits =
        |zone: &TimeZone| offsets.iter().all(|(utc, offset)| i64::from(zone.to_offset(*utc).seconds()) == *offset);
    let known = tz::db().available().map(|name| name.to_string()).filter(|name| name.contains('/'));
    let mut names = LIKELY.map(str::to_owned).into_iter().chain(known);
    names.find(|name| zone_by(name).as_ref().is_some_and(fits))
}

fn offset(shown: Timestamp, utc: Timestamp) -> Option<i64> {
    let distance = shown.as_second().checked_sub(utc.as_second())?;
    let offset = (distance + STEP / 2).div_euclid(STEP) * STEP;
    ((distance - offset).abs() <= CUT && offset.abs() <= FARTHEST).then_some(offset)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Times of a year in a zone, their seconds cut off, beside the true ones.
    fn pairs(zone: &str, from: &str, days: i64) -> Vec<(Timestamp, Timestamp)> {
        let (zone, from) = (TimeZone::get(zone).unwrap(), from.parse::<Timestamp>().unwrap());
        let at = |n: i64| from + SignedDuration::from_secs(n * 86_000 + 17);
        let shown = |utc: Timestamp| {
            let local = utc.as_second() + i64::from(zone.to_offset(utc).seconds());
            Timestamp::from_second(local - local.rem_euclid(60)).unwrap()
        };
        (0..days).map(|n| (shown(at(n)), at(n))).collect()
    }

    #[test]
    fn a_year_of_times_names_the_zone_and_its_summer() {
        for zone in ["America/New_York", "Europe/Berlin", "Europe/London", "Australia/Sydney", "America/Sao_Paulo"] {
            let from = if zone == "America/Sao_Paulo" { "2017-11-21T00:00:00Z" } else { "2025-11-21T00:00:00Z" };
            assert_eq!(of(&pairs(zone, from, 365), None).as_deref(), Some(zone));
        }
        assert_eq!(of(&pairs("Asia/Tokyo", "2025-11-21T00:00:00Z", 365), None).as_deref(), Some("UTC+09:00"));
        assert_eq!(of(&pairs("Asia/Kathmandu", "2025-11-21T00:00:00Z", 9), None).as_deref(), Some("UTC+05:45"));
        assert_eq!(of(&pairs("America/New_York", "2025-11-21T00:00:00Z", 60), None).as_deref(), Some("UTC-05:00"));
        let winter = pairs("America/New_York", "2025-11-21T00:00:00Z", 60);
        let clock = |now: &str, hours: i8| Some((now.parse().unwrap(), tz::offset(hours)));
        assert_eq!(of(&winter, clock("2026-07-20T00:00:00Z", -4)).as_deref(), Some("America/New_York"));
        assert_eq!(of(&winter, clock("2026-07-20T00:00:00Z", -5)).as_deref(), Some("UTC-05:00"));
        assert_eq!(of(&[], clock("2026-07-20T00:00:00Z", -4)), None);
    }

    #[test]
    fn what_is_no_time_of_a_post_names_none() {
        let mut pairs = pairs("Europe/Berlin", "2025-11-21T00:00:00Z", 300);
        pairs[7].0 += SignedDuration::from_secs(400);
        assert_eq!(of(&pairs, None).as_deref(), Some("Europe/Berlin"), "one is read wrongly");
        for (shown, _) in &mut pairs {
            *shown += SignedDuration::from_secs(400);
        }
        assert_eq!(of(&pairs, None), None);
    }
}
