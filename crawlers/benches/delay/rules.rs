//! The rules beside which the planner stands: uniform, proportional, Nutch's and StormCrawler's.

use nightheron_crawlers::schedule::Class;

use crate::{engine::Visit, timed::Rule, world::World};

/// Every source at the same interval.
pub(crate) struct Uniform(pub(crate) f64);

impl Rule for Uniform {
    fn wait(&mut self, _: usize, _: &Visit) -> f64 {
        self.0
    }
}

/// Every source as often as it posts, by its true rate, within its class's longest interval and what its host can bear.
pub(crate) struct Proportional(Vec<f64>);

impl Proportional {
    /// Spends `budget` requests a second, and at most `cap` on one host.
    pub(crate) fn new(world: &World, budget: f64, cap: f64) -> Self {
        let mut of_host = vec![Vec::new(); world.outages.len()];
        for (source, site) in world.sites.iter().enumerate() {
            of_host[site.host].push(source);
        }
        let interval = |source: usize, factor: f64| {
            let site = &world.sites[source];
            (factor / site.rate).clamp(10.0, site.class.interval().as_secs_f64())
        };
        let spent = |sources: &[usize], factor: f64| sources.iter().map(|&i| 1.0 / interval(i, factor)).sum::<f64>();
        let least = |spent: &dyn Fn(f64) -> f64, most: f64| {
            let (mut low, mut high) = (-20.0_f64, 20.0_f64);
            for _ in 0..40 {
                let middle = f64::midpoint(low, high);
                if spent(middle.exp()) > most { low = middle } else { high = middle }
            }
            high.exp()
        };
        let capped: Vec<f64> = of_host.iter().map(|of| least(&|factor| spent(of, factor), cap)).collect();
        let hosts = || of_host.iter().zip(&capped);
        let factor = least(&|factor| hosts().map(|(of, &capped)| spent(of, factor.max(capped))).sum(), budget);
        Self(world.sites.iter().enumerate().map(|(i, site)| interval(i, factor.max(capped[site.host]))).collect())
    }
}

impl Rule for Proportional {
    fn wait(&mut self, source: usize, _: &Visit) -> f64 {
        self.0[source]
    }
}

/// Which adaptive rule, with its published parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Apache Nutch, `AdaptiveFetchSchedule` with the values of `nutch-default.xml`: an unchanged page's interval grows by
    /// 0.4 of itself, a changed page's shrinks by 0.2; at least 60 s. `sync_delta` is off: it moves the next fetch back by 0.3
    /// of the time since the last change, which is made for longest intervals of months; where they are an hour, quiet
    /// pages would be due at once.
    Nutch,
    /// Apache StormCrawler, `AdaptiveScheduler`: an unchanged page's interval grows by 0.5 of itself, a changed page's goes
    /// half the way to the shortest interval. Its minutes are seconds here, and so is its shortest interval of 60.
    StormCrawler,
}

/// An interval for each source that shrinks when something was new and grows when nothing was.
pub(crate) struct Adaptive {
    kind: Kind,
    shortest: f64,
    longest: Vec<f64>,
    intervals: Vec<f64>,
}

impl Adaptive {
    /// `dial` fits the rule to a budget and leaves its rates alone: above 1 it lengthens the shortest interval, below 1 it
    /// shortens the longest, which is the class's at 1.
    pub(crate) fn new(world: &World, kind: Kind, first: f64, dial: f64) -> Self {
        let longest = |class: Class| class.interval().as_secs_f64() * dial.min(1.0);
        let count = world.sites.len();
        Self {
            kind,
            shortest: 60.0 * dial.max(1.0),
            longest: world.sites.iter().map(|site| longest(site.class)).collect(),
            intervals: vec![first; count],
        }
    }

    fn nutch(&mut self, source: usize, visit: &Visit) -> f64 {
        let interval = &mut self.intervals[source];
        *interval *= if visit.posts > 0 { 1.0 - 0.2 } else { 1.0 + 0.4 };
        *interval = interval.max(self.shortest).min(self.longest[source]);
        *interval
    }

    fn storm_crawler(&mut self, source: usize, visit: &Visit) -> f64 {
        let interval = &mut self.intervals[source];
        let next = if visit.posts > 0 { 0.5 * *interval + 0.5 * self.shortest } else { *interval * 1.5 };
        *interval = next.floor().min(self.longest[source]);
        *interval
    }
}

impl Rule for Adaptive {
    fn wait(&mut self, source: usize, visit: &Visit) -> f64 {
        match self.kind {
            Kind::Nutch => self.nutch(source, visit),
            Kind::StormCrawler => self.storm_crawler(source, visit),
        }
    }
}
