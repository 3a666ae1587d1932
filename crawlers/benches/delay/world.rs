//! The world that is watched: hosts, sources, their posts and their outages, from a seed.

use nightheron_crawlers::schedule::Class;
use rand::{RngExt, SeedableRng, rngs::StdRng};
use rand_distr::{Distribution, Exp, LogNormal, Normal, StandardNormal};

use crate::posts;

/// Seconds of a day.
pub(crate) const DAY: f64 = 86_400.0;
/// Posts that one listing page shows.
pub(crate) const PAGE: usize = 25;
/// Spread of the rates: standard deviation of their logarithm.
const SPREAD: f64 = 1.8;

/// How large the world is, and for how long it is watched.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Size {
    /// Sources.
    pub(crate) sources: usize,
    /// Posts a day of all sources.
    pub(crate) posts_a_day: f64,
    /// Days.
    pub(crate) days: f64,
}

/// One source.
#[derive(Debug, Clone)]
pub(crate) struct Site {
    /// Its host.
    pub(crate) host: usize,
    /// Its class.
    pub(crate) class: Class,
    /// Posts a second over whole days.
    pub(crate) rate: f64,
    /// Depth of its daily wave, and the second of the day (UTC) at its crest.
    pub(crate) wave: (f64, f64),
    /// Its posts, in seconds from the start.
    pub(crate) posts: Vec<f64>,
}

/// Everything that happens, whoever watches.
#[derive(Debug, Clone)]
pub(crate) struct World {
    /// The sources; those of one forum stand together.
    pub(crate) sites: Vec<Site>,
    /// Outages of each host, from and until, in seconds from the start.
    pub(crate) outages: Vec<Vec<(f64, f64)>>,
    /// For each forum the host and its boards, which the forum's index page shows.
    pub(crate) forums: Vec<(usize, Vec<usize>)>,
    /// How long it lasts, in seconds.
    pub(crate) end: f64,
}

impl World {
    /// Three quarters of the sources are boards of forums with 20 to 40 boards, the rest have a host of their own.
    pub(crate) fn new(size: Size, seed: u64) -> Self {
        let mut rng = StdRng::seed_from_u64(seed);
        let end = size.days * DAY;
        let hosts = hosts(size.sources, &mut rng);
        let levels: Vec<f64> = hosts.iter().map(|_| rng.sample(StandardNormal)).collect();
        let scale = size.posts_a_day / DAY / levels.iter().map(|level| (SPREAD * level).exp()).sum::<f64>();
        let outages: Vec<_> = (0..=hosts.last().copied().unwrap_or(0)).map(|_| outages(end, &mut rng)).collect();
        let mut site = |(&host, &level): (&usize, &f64)| {
            let (rate, wave) = (scale * (SPREAD * level).exp(), wave(&mut rng));
            let mut posts = posts::of(rate, wave, end, &mut rng);
            posts.retain(|&at| !is_down(&outages[host], at));
            Site { host, class: class(level, &mut rng), rate, wave, posts }
        };
        let sites = hosts.iter().zip(&levels).map(&mut site).collect();
        let boards = |host: usize| (0..hosts.len()).filter(|&i| hosts[i] == host).collect::<Vec<_>>();
        let forums = (0..outages.len()).map(|host| (host, boards(host))).filter(|(_, boards)| boards.len() > 1);
        Self { forums: forums.collect(), sites, outages, end }
    }
}

/// The host of each source.
fn hosts(sources: usize, rng: &mut StdRng) -> Vec<usize> {
    let mut hosts = Vec::with_capacity(sources);
    let mut host = 0;
    while hosts.len() < sources {
        let boards = if hosts.len() * 4 < sources * 3 { rng.random_range(20..=40) } else { 1 };
        let boards = boards.min(sources - hosts.len());
        hosts.extend(std::iter::repeat_n(host, boards));
        host += 1;
    }
    hosts
}

/// Busy sources are mostly of the fast class, quiet ones of the slow class: 12 %, 53 % and 35 % in all.
fn class(level: f64, rng: &mut StdRng) -> Class {
    let noisy: f64 = (level + 0.5 * rng.sample::<f64, _>(StandardNormal)) / 1.25_f64.sqrt();
    if noisy > 1.175 {
        Class::Fast
    } else if noisy > -0.385 {
        Class::Normal
    } else {
        Class::Slow
    }
}

/// Day and night of three regions: UTC+8, UTC+3 and UTC−5, with the crest about nine in the evening.
fn wave(rng: &mut StdRng) -> (f64, f64) {
    let region: f64 = rng.random();
    let offset = if region < 0.45 {
        8.0
    } else if region < 0.8 {
        3.0
    } else {
        -5.0
    };
    let hour: f64 = Normal::new(21.0 - offset, 1.5).map_or(0.0, |hour| hour.sample(rng));
    (rng.random_range(0.3..0.9), hour.rem_euclid(24.0) * 3_600.0)
}

/// One in five days in the mean, of 20 minutes in the median and up to 6 hours.
fn outages(end: f64, rng: &mut StdRng) -> Vec<(f64, f64)> {
    let (Ok(gap), Ok(length)) = (Exp::new(1.0 / (5.0 * DAY)), LogNormal::new(1_200.0_f64.ln(), 1.2)) else {
        return Vec::new();
    };
    let mut outages = Vec::new();
    let mut at = gap.sample(rng);
    while at < end {
        let until = at + length.sample(rng).min(6.0 * 3_600.0);
        outages.push((at, until));
        at = until + gap.sample(rng);
    }
    outages
}

/// Whether a host is down at a moment.
pub(crate) fn is_down(outages: &[(f64, f64)], at: f64) -> bool {
    outages.iter().any(|&(from, until)| from <= at && at < until)
}
