//! The closed form as a rule: intervals worked out anew every hour from the rates learnt so far.

use std::time::Duration;

use nightheron_crawlers::schedule::{Budget, Rate, SourceRate, intervals};

use crate::{
    engine::{Visit, moment},
    timed::Rule,
    world::World,
};

/// Share of the longest interval that is aimed at: the host may be busy when a source falls due.
const EARLY: f64 = 0.85;

/// What a driver does that stores the time of each source's next visit.
pub(crate) struct Closed {
    sources: Vec<SourceRate>,
    rates: Vec<Rate>,
    looked: Vec<Option<f64>>,
    budget: Budget,
    intervals: Vec<Duration>,
    fresh_until: f64,
}

impl Closed {
    /// Nothing was visited yet; `total` requests a second in all, and `cap` on one host.
    pub(crate) fn new(world: &World, total: f64, cap: f64) -> Self {
        let source = |site: &crate::world::Site| SourceRate {
            weight: site.class.weight(),
            posts_per_second: 0.0,
            shortest: Duration::from_secs(20),
            longest: site.class.interval().mul_f64(EARLY),
            host: site.host,
        };
        Self {
            sources: world.sites.iter().map(source).collect(),
            rates: world.sites.iter().map(|site| Rate::expecting(site.class.expected_posts_a_day())).collect(),
            looked: vec![None; world.sites.len()],
            budget: Budget { total, hosts: vec![cap; world.outages.len()] },
            intervals: Vec::new(),
            fresh_until: 0.0,
        }
    }
}

impl Rule for Closed {
    fn wait(&mut self, source: usize, visit: &Visit) -> f64 {
        if let Some(looked) = self.looked[source].replace(visit.asked) {
            self.rates[source].observe(moment(looked), moment(visit.asked), f64::from(visit.posts));
        }
        if visit.asked >= self.fresh_until {
            for (source, rate) in self.sources.iter_mut().zip(&self.rates) {
                source.posts_per_second = rate.usual(moment(visit.asked));
            }
            self.intervals = intervals(&self.sources, &self.budget);
            self.fresh_until = visit.asked + 3_600.0;
        }
        self.intervals[source].as_secs_f64()
    }

    fn reads_on(&self) -> bool {
        true
    }
}
