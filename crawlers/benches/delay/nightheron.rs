//! The planner of this crate as an engine of the simulation.

use std::time::Duration;

use jiff::Timestamp;
use nightheron_crawlers::schedule::{self, Planner, Source, Target, Trouble, Watch};
use rand::rngs::StdRng;

use crate::{
    engine::{Engine, Visit, hosts, moment, second},
    posts,
    world::{DAY, Site, World},
};

/// What the planner is given besides the sources.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Help {
    /// Nothing: it starts cold.
    Cold,
    /// The true rates, as if it had watched for a month.
    KnownRates,
    /// The index pages of the forums.
    Signals,
}

/// The planner, from a cold start or with help.
pub(crate) struct Nightheron {
    planner: Planner,
    hosts: Vec<usize>,
    forums: Vec<usize>,
}

impl Nightheron {
    /// Nothing was visited yet.
    pub(crate) fn new(world: &World, help: Help) -> Self {
        let mut planner = Planner::new(hosts(world.outages.len()));
        for site in &world.sites {
            let (shortest, longest) = (Duration::from_secs(20), site.class.interval());
            let (class, weight) = (site.class, site.class.weight());
            let watch = if help == Help::KnownRates { informed(site) } else { Watch::new(site.class, moment(0.0)) };
            planner.add(Source { host: site.host, class, weight, shortest, longest }, watch);
        }
        if help == Help::Signals {
            for (host, boards) in &world.forums {
                planner.add_index(*host, boards.clone());
            }
        }
        let hosts = world.sites.iter().map(|site| site.host).collect();
        Self { planner, hosts, forums: world.forums.iter().map(|(host, _)| *host).collect() }
    }
}

/// What a month of looks every hour would have shown, without chance.
fn informed(site: &Site) -> Watch {
    let mut watch = Watch::new(site.class, moment(0.0));
    for hour in -720..0 {
        let (from, to) = (f64::from(hour) * DAY / 24.0, f64::from(hour + 1) * DAY / 24.0);
        let posts = site.rate * posts::factor(site.wave, (from + to) / 2.0) * (to - from);
        watch.rate.observe(moment(from), moment(to), posts);
    }
    watch
}

impl Engine for Nightheron {
    fn next(&mut self, now: f64) -> Option<Target> {
        let now: Timestamp = moment(now);
        let target = self.planner.pick(now)?;
        self.planner.begin(target, now).then_some(target)
    }

    fn visited(&mut self, source: usize, visit: Visit, rng: &mut StdRng) {
        let Visit { posts, first, more, .. } = visit;
        let (asked, ended) = (moment(visit.asked), moment(visit.ended));
        self.planner.visited(source, &schedule::Visit { asked, ended, posts, first, more }, rng);
    }

    fn revealed(&mut self, index: usize, asked: f64, ended: f64, posts: &[u32], rng: &mut StdRng) {
        self.planner.revealed(index, moment(asked), moment(ended), posts, rng);
    }

    fn failed(&mut self, target: Target, now: f64, rng: &mut StdRng) -> f64 {
        self.planner.failed(target, moment(now), Trouble::Host, None, rng);
        let host = match target {
            Target::Source(source) | Target::Further(source) => self.hosts[source],
            Target::Index(index) => self.forums[index],
        };
        second(self.planner.host(host).free_from(moment(now)))
    }

    fn reads_on(&self) -> bool {
        true
    }

    fn learnt(&self, source: usize) -> Option<f64> {
        Some(self.planner.watch(source).rate.mean())
    }
}
