//! What is known of one source between its visits.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Visit;
use crate::schedule::{
    Class, Rate, ladder,
    moment::{self, seconds},
};

/// The learnt rate of a source, when it was looked at, and what is known to wait there.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Watch {
    /// Since when it is watched: its first deadline counts from here.
    #[serde(with = "moment::required")]
    pub since: Timestamp,
    /// How many posts it gets.
    pub rate: Rate,
    /// When its own page was last read.
    #[serde(with = "moment")]
    pub visited: Option<Timestamp>,
    /// When its own page or an index page last showed whether there is anything new.
    #[serde(with = "moment")]
    pub looked: Option<Timestamp>,
    /// Posts that an index page showed and that were not read yet.
    pub waiting: u32,
    /// Seconds from the last visit to each of the waiting posts, added up.
    pub(super) waiting_since: f64,
    /// Whether a visit goes on with further pages, and if so, whether their posts say anything about the rate.
    pub(super) reading: Option<bool>,
    pub(super) pause: Pause,
}

impl Watch {
    /// A source that was never visited.
    #[must_use]
    pub fn new(class: Class, now: Timestamp) -> Self {
        Self {
            since: now,
            rate: Rate::expecting(class.expected_posts_a_day()),
            visited: None,
            looked: None,
            waiting: 0,
            waiting_since: 0.0,
            reading: None,
            pause: Pause::default(),
        }
    }

    /// The first visit shows what was posted at any time before, so it says nothing about the rate.
    pub(super) fn visited(&mut self, visit: &Visit) {
        let counts = self.reading.unwrap_or(self.looked.is_some());
        let posts = f64::from(visit.posts.saturating_sub(self.waiting));
        if visit.first {
            if let Some(looked) = self.looked {
                self.rate.observe(looked, visit.asked, posts);
            }
            (self.visited, self.looked) = (Some(visit.asked), Some(visit.asked));
            self.waiting_since = 0.0;
        } else if counts {
            self.rate.find(visit.asked, posts);
        }
        self.waiting = if visit.more { self.waiting.saturating_sub(visit.posts) } else { 0 };
        self.reading = visit.more.then_some(counts);
        self.pause.good();
    }

    /// Before the first visit counts say nothing.
    pub(super) fn revealed(&mut self, at: Timestamp, posts: u32) {
        let (Some(visited), Some(looked)) = (self.visited, self.looked) else { return };
        let more = posts.saturating_sub(self.waiting);
        self.rate.observe(looked, at, f64::from(more));
        let middle = seconds(visited, looked) + seconds(looked, at) / 2.0;
        self.waiting_since += f64::from(more) * middle;
        (self.waiting, self.looked) = (posts, Some(at));
    }
}

/// How long something is left alone after its own failures.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Pause {
    rung: usize,
    #[serde(with = "moment")]
    until: Option<Timestamp>,
}

impl Pause {
    pub(super) fn is_over(&self, now: Timestamp) -> bool {
        self.until.is_none_or(|until| until <= now)
    }

    pub(super) fn until(&self) -> Option<Timestamp> {
        self.until
    }

    /// Who is read again is not left alone any longer.
    pub(super) fn good(&mut self) {
        self.rung = ladder::step(self.rung, true);
        self.until = None;
    }

    pub(super) fn failed(&mut self, now: Timestamp) {
        self.rung = ladder::step(self.rung, false);
        self.until = Some(moment::later(now, ladder::wait_of(self.rung)));
    }
}
