//! Which source is visited next: the crawlers' planner, fed with what the store remembers.
//!
//! The store holds the deadlines and the leases, so that a source is visited in time whatever this process believes; the
//! planner spends the rest of the request budget where new posts cost most by waiting.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use jiff::{SignedDuration, Timestamp};
use nightheron_crawlers::schedule::{HostSlot, HostState, Planner, Politeness, Source, Target, Trouble, Visit, Watch};
use rand::Rng;
use url::Url;

use super::{LiveSource, SourceSet, budget::Bucket, mirrors};
use crate::store::model::{Remembered, SourceRow};

/// How long a source whose host is busy is put off.
const BUSY: SignedDuration = SignedDuration::from_secs(1);

/// How a visit ended, for the schedule.
#[derive(Debug, Clone, Copy)]
pub struct Ended {
    /// When it began.
    pub began: Timestamp,
    /// When it ended.
    pub ended: Timestamp,
    /// Requests it took.
    pub requests: u32,
    /// Posts that were not known.
    pub posts: u64,
    /// Who was in trouble, if the visit failed.
    pub trouble: Option<Trouble>,
    /// How long the host asked to be left alone.
    pub retry_after: Option<Duration>,
}

/// The agenda of this process.
pub struct Agenda(Mutex<State>);

struct State {
    planner: Planner,
    ids: Vec<String>,
    places: HashMap<String, usize>,
    /// The hosts by name and port.
    names: HashMap<String, usize>,
    /// The host that each source is read from now.
    hosts: Vec<usize>,
    bucket: Bucket,
}

impl Agenda {
    /// Plans for these sources, as the store remembers them, within so many requests a minute.
    #[must_use]
    pub fn new(sources: &SourceSet, rows: &[SourceRow], requests_per_minute: u32, now: Timestamp) -> Self {
        let known: HashMap<&str, &SourceRow> = rows.iter().map(|row| (row.source.id.as_str(), row)).collect();
        let mut live: Vec<(&String, &LiveSource)> = sources.iter().collect();
        live.sort_unstable_by_key(|(id, _)| id.as_str());
        let (mut names, mut slots) = (HashMap::new(), Vec::new());
        let mut host_of = Vec::with_capacity(live.len());
        for (id, source) in &live {
            let row = known.get(id.as_str()).copied();
            let mut host_at = |link: Option<&Url>| {
                let name = link.map_or_else(|| (*id).clone(), |link| link.authority().to_owned());
                *names.entry(name).or_insert_with(|| {
                    slots.push(slot(source, None));
                    slots.len() - 1
                })
            };
            let (links, stands) = (&source.definition().links, row.map(mirrors).unwrap_or_default());
            let host = host_at(stands.choose(links));
            // What is remembered is of the host that was visited last.
            let visited = links.iter().find(|link| Some(link.as_str()) == stands.current());
            let last = visited.map_or(host, |link| host_at(Some(link)));
            if let Some(state) = row.and_then(host_state)
                && state.ready_at > slots[last].state().ready_at
            {
                slots[last] = slot(source, Some(state));
            }
            host_of.push(host);
        }
        let mut planner = Planner::new(slots);
        for ((id, source), &host) in live.iter().zip(&host_of) {
            let watch = known.get(id.as_str()).and_then(|row| watch(row));
            let class = source.definition().schedule.class;
            planner.add(planned(source, host), watch.unwrap_or_else(|| Watch::new(class, now)));
        }
        let ids: Vec<String> = live.iter().map(|(id, _)| (*id).clone()).collect();
        let places = ids.iter().cloned().enumerate().map(|(place, id)| (id, place)).collect();
        Self(Mutex::new(State {
            planner,
            ids,
            places,
            names,
            hosts: host_of,
            bucket: Bucket::new(f64::from(requests_per_minute) / 60.0, now),
        }))
    }

    /// The source to visit now, if the budget and its host allow a visit.
    #[must_use]
    pub fn next(&self, now: Timestamp) -> Option<String> {
        let mut state = self.state();
        if state.bucket.ready_at(now) > now {
            return None;
        }
        match state.planner.pick(now)? {
            Target::Source(place) | Target::Further(place) => state.ids.get(place).cloned(),
            Target::Index(_) => None,
        }
    }

    /// When there may be something to do again; `None` while every host is being asked.
    #[must_use]
    pub fn ready_at(&self, now: Timestamp) -> Option<Timestamp> {
        let mut state = self.state();
        let ready = state.planner.ready_at(now)?;
        Some(ready.max(state.bucket.ready_at(now)))
    }

    /// Takes the host of a leased source for its visit.
    ///
    /// # Errors
    /// When to try again: the host is being asked, or is to be left alone. A visit that a person wants passes over our
    /// own back-off and never over what the host asked for.
    pub fn begin(&self, row: &SourceRow, now: Timestamp) -> Result<(), Timestamp> {
        let mut state = self.state();
        let Some(&place) = state.places.get(&row.source.id) else { return Ok(()) };
        if let Some(newer) = watch(row).filter(|watch| watch.looked > state.planner.watch(place).looked) {
            state.planner.learn(place, newer);
        }
        let target = Target::Source(place);
        if state.planner.begin(target, now) || (row.wanted && state.planner.insist(place, now)) {
            return Ok(());
        }
        let host = state.planner.host(state.hosts[place]);
        let later = now.saturating_add(BUSY).unwrap_or(now);
        Err(host.free_from(now).max(host.state().told_until.unwrap_or(now)).max(later))
    }

    /// A visit ended: what is to be remembered of the source and its host.
    pub fn end(&self, source: &str, ended: &Ended, rng: &mut impl Rng) -> Option<Remembered> {
        let mut state = self.state();
        let &place = state.places.get(source)?;
        state.bucket.spend(f64::from(ended.requests));
        match ended.trouble {
            Some(trouble) => {
                state.planner.failed(Target::Source(place), ended.ended, trouble, ended.retry_after, rng);
            }
            None => {
                let posts = u32::try_from(ended.posts).unwrap_or(u32::MAX);
                let visit = Visit { asked: ended.began, ended: ended.ended, posts, first: true, more: false };
                state.planner.visited(place, &visit, rng);
            }
        }
        let (watch, host) = (state.planner.watch(place), state.planner.host(state.hosts[place]).state());
        Some(Remembered { watch: serde_json::to_string(watch).ok()?, host_state: serde_json::to_string(&host).ok()? })
    }

    /// A visit ended early, without a judgement.
    pub fn abandon(&self, source: &str, now: Timestamp, rng: &mut impl Rng) {
        let mut state = self.state();
        if let Some(&place) = state.places.get(source) {
            state.planner.abandoned(place, now, rng);
        }
    }

    /// A source is read from another of its links from now on, whose host has a politeness of its own.
    pub fn settle(&self, source: &str, link: &Url) {
        let mut state = self.state();
        if let Some(&place) = state.places.get(source) {
            state.settle(place, link);
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn settle(&mut self, place: usize, link: &Url) {
        let name = link.authority();
        let host = self.names.get(name).copied().unwrap_or_else(|| {
            let host = self.planner.add_host_like(self.hosts[place]);
            self.names.insert(name.to_owned(), host);
            host
        });
        self.planner.settle(place, host);
        self.hosts[place] = host;
    }
}

fn slot(source: &LiveSource, state: Option<HostState>) -> HostSlot {
    let definition = source.definition();
    let (network, zone) = (&definition.network, &definition.timezone);
    let hours = network.active_hours.map(|hours| (hours, zone.clone()));
    let politeness = Politeness { gap: network.gap, jitter: network.jitter, hours };
    match state {
        Some(state) => HostSlot::with_state(politeness, state),
        None => HostSlot::new(politeness),
    }
}

fn planned(source: &LiveSource, host: usize) -> Source {
    let plan = source.plan();
    Source {
        host,
        class: plan.class,
        weight: plan.class.weight(),
        shortest: plan.min_interval,
        longest: plan.max_interval,
    }
}

/// What was written by another version is forgotten: it is learnt again.
fn watch(row: &SourceRow) -> Option<Watch> {
    serde_json::from_str(row.remembered.as_ref()?.watch.as_str()).ok()
}

fn host_state(row: &SourceRow) -> Option<HostState> {
    serde_json::from_str(row.remembered.as_ref()?.host_state.as_str()).ok()
}
