//! The planner in small worlds of virtual time.

use jiff::SignedDuration;
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};

use super::*;
use crate::schedule::{Budget, Politeness, intervals};

fn at(milliseconds: u64) -> Timestamp {
    Timestamp::UNIX_EPOCH + SignedDuration::from_millis(milliseconds as i64)
}

fn hosts(count: usize) -> Vec<HostSlot> {
    (0..count).map(|_| HostSlot::new(Politeness { gap: Duration::from_secs(4), jitter: 0.3, hours: None })).collect()
}

fn source(host: usize, class: Class) -> Source {
    let (shortest, longest) = (Duration::from_secs(5), class.interval());
    Source { host, class, weight: class.weight(), shortest, longest }
}

/// Sources with evenly spaced posts, whose requests take a second.
struct World {
    planner: Planner,
    /// Milliseconds between two posts of each source.
    every: Vec<u64>,
    /// When each source was last read, and all looks at it.
    read: Vec<u64>,
    looks: Vec<Vec<u64>>,
    rng: StdRng,
}

impl World {
    fn new(hosts: Vec<HostSlot>, sources: &[(Source, u64)]) -> Self {
        let mut planner = Planner::new(hosts);
        for (source, _) in sources {
            planner.add(*source, Watch::new(source.class, at(0)));
        }
        let (every, read) = (sources.iter().map(|(_, every)| *every).collect(), vec![0; sources.len()]);
        Self { planner, every, read, looks: vec![Vec::new(); sources.len()], rng: StdRng::seed_from_u64(7) }
    }

    /// Grants a request every `slot` milliseconds.
    fn run(&mut self, from: u64, until: u64, slot: u64) -> Vec<(u64, Target)> {
        let mut asked = Vec::new();
        for now in (from..until).step_by(slot as usize) {
            let Some(target) = self.planner.pick(at(now)) else { continue };
            assert!(self.planner.begin(target, at(now)), "it is picked only when its host is free");
            asked.push((now, target));
            match target {
                Target::Source(source) | Target::Further(source) => self.visit(source, now),
                Target::Index(index) => {
                    let boards = self.planner.indexes[index].sources.clone();
                    let counts: Vec<u32> = boards.iter().map(|&board| self.count(board, now)).collect();
                    self.planner.revealed(index, at(now), at(now + 1_000), &counts, &mut self.rng);
                }
            }
        }
        asked
    }

    fn count(&self, source: usize, now: u64) -> u32 {
        (now / self.every[source] - self.read[source] / self.every[source]) as u32
    }

    fn visit(&mut self, source: usize, now: u64) {
        let posts = self.count(source, now);
        (self.read[source], _) = (now, self.looks[source].push(now));
        let visit = Visit { asked: at(now), ended: at(now + 1_000), posts, first: true, more: false };
        self.planner.visited(source, &visit, &mut self.rng);
    }

    fn longest_gap(&self, source: usize, until: u64) -> u64 {
        let looks = [&[0], self.looks[source].as_slice(), &[until]].concat();
        looks.windows(2).map(|pair| pair[1] - pair[0]).max().unwrap()
    }
}

const HOUR: u64 = 3_600_000;

#[test]
fn a_cold_start_reads_everything_before_anything_twice() {
    let classes = [Class::Slow, Class::Normal, Class::Fast];
    let sources: Vec<_> = (0..90).map(|i| (source(i, classes[i % 3]), 600_000)).collect();
    let mut world = World::new(hosts(90), &sources);
    let asked = world.run(0, 45_000, 500);
    assert!(world.looks.iter().all(|looks| looks.len() == 1), "{:?}", world.looks);
    let first: Vec<_> = asked[..30].iter().map(|(_, target)| *target).collect();
    assert!(first.iter().all(|target| matches!(target, Target::Source(i) if i % 3 == 2)), "short deadlines first");
}

#[test]
fn every_longest_interval_is_kept_where_the_requests_suffice() {
    // Busy sources would take every request; the crowded host needs a third of its time for deadlines alone.
    let mut sources: Vec<_> = (0..20).map(|i| (source(i, Class::Fast), 2_000)).collect();
    sources.extend((0..12).map(|_| (source(20, Class::Normal), HOUR * 100)));
    sources.extend((0..3).map(|_| (source(20, Class::Fast), HOUR * 100)));
    sources.extend((21..40).map(|i| (source(i, Class::Slow), HOUR * 1_000)));
    let mut world = World::new(hosts(40), &sources);
    world.run(0, 6 * HOUR, 2_000);
    for (position, (source, _)) in sources.iter().enumerate() {
        let gap = world.longest_gap(position, 6 * HOUR);
        assert!(u128::from(gap) <= source.longest.as_millis(), "source {position}: {gap} ms");
    }
}

#[test]
fn more_weight_means_more_visits_and_so_do_more_posts() {
    let weighted =
        |weight: f64| (Source { weight, longest: Duration::from_secs(90_000), ..source(0, Class::Normal) }, 60_000);
    let mut sources: Vec<_> = [1.0, 4.0, 16.0].map(weighted).to_vec();
    sources.push((sources[0].0, 15_000));
    sources.iter_mut().enumerate().for_each(|(host, (source, _))| source.host = host);
    let mut world = World::new(hosts(4), &sources);
    world.run(0, 24 * HOUR, 10_000);
    let visits: Vec<f64> = world.looks.iter().map(|looks| looks.len() as f64).collect();
    for (busy, times) in [(1, 2.0), (2, 4.0), (3, 2.0)] {
        let ratio = visits[busy] / visits[0];
        assert!((ratio / times - 1.0_f64).abs() < 0.25, "the root of weight × rate: {visits:?}");
    }
}

#[test]
fn equal_seeds_ask_the_same_and_what_is_remembered_is_enough() {
    let sources: Vec<_> = (0..12).map(|i| (source(i / 3, Class::Normal), 30_000 * (i as u64 + 1))).collect();
    let (mut one, mut two) = (World::new(hosts(4), &sources), World::new(hosts(4), &sources));
    assert_eq!(one.run(0, HOUR, 700), two.run(0, HOUR, 700));
    let kept: Vec<HostSlot> = (0..4)
        .map(|host| {
            let host = one.planner.host(host);
            let text = serde_json::to_string(&host.state()).unwrap();
            HostSlot::with_state(
                Politeness { gap: host.gap(), jitter: 0.3, hours: None },
                serde_json::from_str(&text).unwrap(),
            )
        })
        .collect();
    let mut again = Planner::new(kept);
    for (position, (source, _)) in sources.iter().enumerate() {
        let text = serde_json::to_string(one.planner.watch(position)).unwrap();
        again.add(*source, serde_json::from_str(&text).unwrap());
    }
    one.planner = again;
    assert_eq!(one.run(HOUR, 2 * HOUR, 700), two.run(HOUR, 2 * HOUR, 700));
}

#[test]
fn the_closed_form_spends_the_same_requests_in_the_same_order() {
    let sources: Vec<_> = (0..8).map(|i| (source(i, Class::Slow), 20_000 << i)).collect();
    let mut world = World::new(hosts(8), &sources);
    world.run(0, 24 * HOUR, 20_000);
    let budget = Budget { total: 0.05, hosts: (0..8).map(|host| world.planner.host(host).capacity()).collect() };
    let intervals = intervals(&world.planner.rates(at(24 * HOUR)), &budget);
    for (looks, interval) in world.looks.iter().zip(&intervals) {
        let ratio = 86_400.0 / looks.len() as f64 / interval.as_secs_f64();
        assert!((0.7..1.3).contains(&ratio), "{ratio}: {intervals:?}");
    }
}

#[test]
fn a_host_is_never_asked_before_its_gap() {
    let sources: Vec<_> = (0..20).map(|i| (source(i % 2, Class::Fast), 1_000)).collect();
    let mut world = World::new(hosts(2), &sources);
    let asked = world.run(0, HOUR, 100);
    for host in 0..2 {
        let times: Vec<u64> =
            asked.iter().filter(|(_, target)| world.planner.host_of(*target) == host).map(|(now, _)| *now).collect();
        assert!(times.windows(2).all(|pair| pair[1] - pair[0] >= 5_000), "an answer of a second and a gap of four");
        assert!(times.len() > 500, "{}", times.len());
    }
}

#[test]
fn a_visit_that_goes_on_keeps_its_turn_before_all_but_deadlines() {
    let sources = [(source(0, Class::Slow), HOUR), (source(0, Class::Fast), HOUR), (source(1, Class::Fast), 1_000)];
    let mut world = World::new(hosts(2), &sources);
    world.run(0, 30_000, 1_000);
    let page = |now: u64, first: bool| Visit { asked: at(now), ended: at(now + 1_000), posts: 25, first, more: true };
    let (mut now, mut pages) = (HOUR / 60, 0);
    assert!(world.planner.begin(Target::Source(0), at(now)));
    world.planner.visited(0, &page(now, true), &mut world.rng);
    while now < HOUR / 6 {
        now += 500;
        match world.planner.pick(at(now)) {
            Some(target @ Target::Further(0)) => {
                assert!(world.planner.begin(target, at(now)));
                world.planner.visited(0, &page(now, false), &mut world.rng);
                pages += 1;
            }
            Some(target @ Target::Source(position)) => {
                assert!(world.planner.begin(target, at(now)));
                world.visit(position, now);
            }
            _ => {}
        }
    }
    assert!(pages > 60, "{pages} pages");
    assert!(world.longest_gap(1, now) <= 300_000, "{:?}", world.looks[1]);
    let end = Visit { asked: at(now + 60_000), ended: at(now + 61_000), posts: 3, first: false, more: false };
    world.planner.visited(0, &end, &mut world.rng);
    assert!(!(1..60).any(|more| world.planner.pick(at(now + 61_000 + more * 1_000)) == Some(Target::Further(0))));
}

#[test]
fn an_index_page_spares_visits_to_what_has_nothing_new() {
    let board = |position: usize| (source(0, Class::Normal), if position == 3 { 240_000 } else { HOUR * 1_000 });
    let sources: Vec<_> = (0..20).map(board).collect();
    let (mut blind, mut seeing) = (World::new(hosts(1), &sources), World::new(hosts(1), &sources));
    seeing.planner.add_index(0, (0..20).collect());
    blind.run(0, 24 * HOUR, 30_000);
    let asked = seeing.run(0, 24 * HOUR, 30_000);
    let quiet = |world: &World| (0..20).filter(|i| *i != 3).map(|i| world.looks[i].len()).sum::<usize>();
    assert!(quiet(&seeing) * 10 < quiet(&blind), "{} and {}", quiet(&seeing), quiet(&blind));
    let late = (5..350)
        .filter(|post| !seeing.looks[3].iter().any(|look| (0..=90_000).contains(&(*look as i64 - post * 240_000))));
    assert_eq!(late.count(), 0, "each post is read within 90 s: {:?}", &seeing.looks[3][..20]);
    let indexes: Vec<u64> =
        asked.iter().filter(|(_, target)| *target == Target::Index(0)).map(|(now, _)| *now).collect();
    assert!(indexes.windows(2).all(|pair| pair[1] - pair[0] <= 900_000), "a look at the index is a look");
}

#[test]
fn trouble_of_one_source_leaves_the_others_of_its_host_alone() {
    let sources = [(source(0, Class::Fast), 1_000), (source(0, Class::Fast), 1_000)];
    let mut world = World::new(hosts(1), &sources);
    world.run(0, 60_000, 1_000);
    let now = 120_000;
    assert!(world.planner.begin(Target::Source(0), at(now)));
    world.planner.failed(Target::Source(0), at(now), Trouble::Source, None, &mut world.rng);
    assert_eq!(world.planner.pick(at(now + 10_000)), Some(Target::Source(1)));
    world.looks.iter_mut().for_each(Vec::clear);
    world.run(now + 10_000, now + 59_000, 1_000);
    assert!(world.looks[0].is_empty() && world.looks[1].len() > 5, "{:?}", world.looks);
    let now = now + 120_000;
    assert!(world.planner.begin(Target::Source(1), at(now)));
    world.planner.failed(Target::Source(1), at(now), Trouble::Host, Some(Duration::from_secs(600)), &mut world.rng);
    assert_eq!(world.planner.pick(at(now + 599_000)), None, "the host asked for ten minutes");
    assert!(world.planner.pick(at(now + 600_000)).is_some());
}

/// Sixty sources whose rates spread over three orders of magnitude, in random order, for a day after a cold start.
#[test]
fn posts_wait_less_than_with_uniform_polling() {
    let mut rng = StdRng::seed_from_u64(3);
    let class = |per_day: f64| {
        if per_day > 400.0 {
            Class::Fast
        } else if per_day > 20.0 {
            Class::Normal
        } else {
            Class::Slow
        }
    };
    let rates: Vec<f64> = (0..60).map(|_| 3.0 * 1_000.0_f64.powf(rng.random_range(0.0..1.0))).collect();
    let of = |(host, &per_day): (usize, &f64)| (source(host, class(per_day)), (86_400_000.0 / per_day) as u64);
    let sources: Vec<_> = rates.iter().enumerate().map(of).collect();
    let mut world = World::new(hosts(60), &sources);
    let asked = world.run(0, 24 * HOUR, 5_000);
    assert!(asked.len() <= 17_280);
    // The mean delay of evenly spaced posts is half the interval; intervals weigh by the posts in them.
    let waited = |looks: &[u64]| looks.windows(2).map(|pair| ((pair[1] - pair[0]) as f64).powi(2) / 2.0).sum::<f64>();
    let planned: f64 = world.looks.iter().zip(&rates).map(|(looks, rate)| rate * waited(looks)).sum();
    let uniform: f64 = rates.iter().map(|rate| rate * 24.0 * HOUR as f64 * 300_000.0 / 2.0).sum();
    assert!(planned < 0.75 * uniform, "{}", planned / uniform);
    for (looks, (source, _)) in world.looks.iter().zip(&sources) {
        assert!(looks.windows(2).all(|pair| u128::from(pair[1] - pair[0]) <= source.longest.as_millis()));
    }
}

#[test]
fn our_own_trouble_leaves_nobody_alone() {
    let mut world = World::new(hosts(1), &[(source(0, Class::Fast), 600_000)]);
    assert!(world.planner.begin(Target::Source(0), at(0)));
    world.planner.failed(Target::Source(0), at(1_000), Trouble::Ours, None, &mut world.rng);
    let gap = world.planner.ready_at(at(1_000)).unwrap();
    assert!((5_000..=6_200).contains(&(gap.as_millisecond() as u64)), "no more than the gap: {gap}");
    assert_eq!(world.planner.pick(gap), Some(Target::Source(0)));
}

#[test]
fn the_next_moment_is_that_of_the_first_source_whose_host_is_idle() {
    let mut world = World::new(hosts(2), &[(source(0, Class::Fast), 600_000), (source(1, Class::Fast), 600_000)]);
    assert_eq!(world.planner.ready_at(at(7)), Some(at(7)), "never visited");
    world.visit(0, 0);
    assert!(world.planner.begin(Target::Source(1), at(0)));
    let ready = world.planner.ready_at(at(1_000)).unwrap().as_millisecond();
    assert!((5_000..=6_200).contains(&ready), "the shortest interval and the gap of its host: {ready}");
    assert!(world.planner.begin(Target::Source(0), at(20_000)));
    assert_eq!(world.planner.ready_at(at(20_000)), None, "all hosts are busy");
    world.planner.abandoned(0, at(21_000), &mut world.rng);
    assert!(world.planner.ready_at(at(21_000)).is_some());
}

#[test]
fn what_another_process_saw_counts() {
    let mut world = World::new(hosts(1), &[(source(0, Class::Fast), 600_000)]);
    let mut other = World::new(hosts(1), &[(source(0, Class::Fast), 600_000)]);
    other.visit(0, 60_000);
    world.planner.learn(0, other.planner.watch(0).clone());
    assert_eq!(world.planner.ready_at(at(61_000)), Some(at(65_000)));
    assert_eq!(world.planner.pick(at(61_000)), None);
}
