//! Moments as milliseconds since 1970 UTC, and the time between two of them.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

/// From one moment to another, in seconds.
pub(crate) fn seconds(from: Timestamp, to: Timestamp) -> f64 {
    (to.as_millisecond() - from.as_millisecond()) as f64 / 1e3
}

/// A moment and a while; the end of time when it lies beyond.
pub(crate) fn later(from: Timestamp, wait: Duration) -> Timestamp {
    SignedDuration::try_from(wait).ok().and_then(|wait| from.checked_add(wait).ok()).unwrap_or(Timestamp::MAX)
}

/// Writes a moment in milliseconds, or none.
pub(crate) fn serialize<S: Serializer>(at: &Option<Timestamp>, to: S) -> Result<S::Ok, S::Error> {
    at.map(Timestamp::as_millisecond).serialize(to)
}

/// Reads what [`serialize`] wrote.
pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Timestamp>, D::Error> {
    let milliseconds = Option::<i64>::deserialize(from)?;
    milliseconds.map(Timestamp::from_millisecond).transpose().map_err(D::Error::custom)
}

/// A moment that is never missing.
pub(crate) mod required {
    use super::{Deserialize, Deserializer, Serialize, Serializer, Timestamp};

    /// Writes a moment in milliseconds.
    pub(crate) fn serialize<S: Serializer>(at: &Timestamp, to: S) -> Result<S::Ok, S::Error> {
        at.as_millisecond().serialize(to)
    }

    /// Reads what [`serialize`] wrote.
    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Timestamp, D::Error> {
        Timestamp::from_millisecond(i64::deserialize(from)?).map_err(serde::de::Error::custom)
    }
}
