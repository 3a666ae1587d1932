//! Classes of sources: the longest interval, the weight of a post, and the posting rate to start from.

use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How soon a new post of a source matters.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// Busy forums and paste sites.
    Fast,
    /// Everything else.
    #[default]
    Normal,
    /// Leak blogs with a few posts a week.
    Slow,
}

impl Class {
    /// The written form.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Fast => "fast",
            Self::Normal => "normal",
            Self::Slow => "slow",
        }
    }

    /// Longest time between two visits unless the definition says otherwise.
    #[must_use]
    pub fn interval(self) -> Duration {
        Duration::from_secs(
            60 * match self {
                Self::Fast => 5,
                Self::Normal => 15,
                Self::Slow => 60,
            },
        )
    }

    /// What an hour's delay of one of its posts costs, relative to the other classes: on a leak blog nearly every
    /// post names a victim, on a busy forum few do.
    #[must_use]
    pub fn weight(self) -> f64 {
        match self {
            Self::Fast => 1.0,
            Self::Normal => 1.5,
            Self::Slow => 3.0,
        }
    }

    /// Posts a day to reckon with before the first visits have shown the rate.
    #[must_use]
    pub fn expected_posts_a_day(self) -> f64 {
        match self {
            Self::Fast => 300.0,
            Self::Normal => 40.0,
            Self::Slow => 3.0,
        }
    }
}
