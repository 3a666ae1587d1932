//! Hours of the day in which a source is visited.

use jiff::{Timestamp, ToSpan, civil::Time, tz::TimeZone};

/// From one time of day up to another, which may lie after midnight; in the definition's time zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ActiveHours {
    from: Time,
    to: Time,
}

impl ActiveHours {
    /// Reads `07:00-01:00`.
    ///
    /// # Errors
    /// A sentence: not two times of day, or the same one twice.
    pub fn parse(text: &str) -> Result<Self, String> {
        let time = |part: &str| {
            let (hour, minute) = part.trim().split_once(':')?;
            Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok()
        };
        let both = text.split_once('-').and_then(|(from, to)| Some((time(from)?, time(to)?)));
        match both {
            Some((from, to)) if from != to => Ok(Self { from, to }),
            _ => Err(format!("`{text}` are no hours; write two different times of day, such as 07:00-01:00")),
        }
    }

    /// Whether the moment lies within the hours.
    #[must_use]
    pub fn contain(&self, at: Timestamp, zone: &TimeZone) -> bool {
        let time = zone.to_datetime(at).time();
        if self.from < self.to { self.from <= time && time < self.to } else { self.from <= time || time < self.to }
    }

    /// The moment itself, or the next opening when it lies outside the hours.
    #[must_use]
    pub fn not_before(&self, at: Timestamp, zone: &TimeZone) -> Timestamp {
        if self.contain(at, zone) {
            return at;
        }
        let local = zone.to_datetime(at);
        let day = if local.time() < self.from { Some(local.date()) } else { local.date().checked_add(1.day()).ok() };
        let opening = day.and_then(|day| zone.to_timestamp(day.to_datetime(self.from)).ok());
        opening.map_or(at, |opening| opening.max(at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_may_span_midnight() {
        let zone = TimeZone::get("Europe/Moscow").unwrap();
        let hours = ActiveHours::parse("07:00-01:00").unwrap();
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        assert!(hours.contain(at("2026-11-20T21:59:00Z"), &zone));
        assert!(!hours.contain(at("2026-11-20T22:00:00Z"), &zone));
        assert_eq!(hours.not_before(at("2026-11-20T22:00:00Z"), &zone), at("2026-11-21T04:00:00Z"));
        assert_eq!(hours.not_before(at("2026-11-21T05:00:00Z"), &zone), at("2026-11-21T05:00:00Z"));
        let day = ActiveHours::parse("9:00-17:30").unwrap();
        assert_eq!(day.not_before(at("2026-11-20T14:30:00Z"), &zone), at("2026-11-21T06:00:00Z"));
    }

    #[test]
    fn anything_else_is_refused() {
        for bad in ["", "7-9", "07:00", "07:00-07:00", "25:00-01:00", "07:00–01:00"] {
            assert!(ActiveHours::parse(bad).is_err(), "{bad}");
        }
    }
}
