//! What a run yields, and what is told of it.

use nightheron_crawlers::schedule::Class;

use crate::world::DAY;

/// The classes in the order of the record.
pub(crate) const CLASSES: [Class; 3] = [Class::Fast, Class::Normal, Class::Slow];

/// Delays, losses and requests of one run or several.
#[derive(Debug, Clone, Default)]
pub(crate) struct Record {
    /// Seconds from posting to capture, by class.
    pub(crate) delays: [Vec<f32>; 3],
    /// Posts that scrolled off before they were read, by class.
    pub(crate) lost: [u64; 3],
    /// Looks that came after the longest interval, by class.
    pub(crate) late: [u64; 3],
    /// Looks, by class.
    pub(crate) looks: [u64; 3],
    /// Requests sent.
    pub(crate) requests: u64,
    /// Sum and number of the delays of posts after the first day.
    pub(crate) settled: (f64, u64),
    /// Posts a second of each source as learnt in the first day.
    pub(crate) learnt: Vec<f64>,
}

impl Record {
    /// A post was captured.
    pub(crate) fn captured(&mut self, class: Class, posted: f64, delay: f64) {
        self.delays[place(class)].push(delay as f32);
        if posted > DAY {
            self.settled = (self.settled.0 + delay, self.settled.1 + 1);
        }
    }

    /// A post had scrolled off when its source was read. It counts with the delay that it would have had at least, so that
    /// the delays of all engines are those of the same posts.
    pub(crate) fn lost(&mut self, class: Class, posted: f64, delay: f64) {
        self.lost[place(class)] += 1;
        self.captured(class, posted, delay);
    }

    /// A source was looked at, in time or not.
    pub(crate) fn looked(&mut self, class: Class, late: bool) {
        self.looks[place(class)] += 1;
        self.late[place(class)] += u64::from(late);
    }

    /// Adds the run of another seed.
    pub(crate) fn add(&mut self, other: Self) {
        for (place, delays) in other.delays.into_iter().enumerate() {
            self.delays[place].extend(delays);
            self.lost[place] += other.lost[place];
            self.late[place] += other.late[place];
            self.looks[place] += other.looks[place];
        }
        self.requests += other.requests;
        self.settled = (self.settled.0 + other.settled.0, self.settled.1 + other.settled.1);
    }

    /// Mean delay of all posts, each with the weight of its class.
    pub(crate) fn weighted_mean(&self) -> f64 {
        let (mut sum, mut weights) = (0.0, 0.0);
        for (class, delays) in CLASSES.iter().zip(&self.delays) {
            sum += class.weight() * delays.iter().map(|&delay| f64::from(delay)).sum::<f64>();
            weights += class.weight() * delays.len() as f64;
        }
        sum / weights
    }
}

fn place(class: Class) -> usize {
    CLASSES.iter().position(|&other| other == class).unwrap_or(0)
}

/// Mean and 95th percentile.
pub(crate) fn mean_and_p95(mut delays: Vec<f32>) -> (f64, f64) {
    if delays.is_empty() {
        return (0.0, 0.0);
    }
    let mean = delays.iter().map(|&delay| f64::from(delay)).sum::<f64>() / delays.len() as f64;
    let place = (delays.len() - 1) * 95 / 100;
    let (_, p95, _) = delays.select_nth_unstable_by(place, f32::total_cmp);
    (mean, f64::from(*p95))
}
