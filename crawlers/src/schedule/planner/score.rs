//! The order of the planner: deadlines first, then the cost of what waits.

use jiff::Timestamp;

use super::{
    Planner, Target,
    row::{Now, Row},
};
use crate::schedule::HostSlot;

/// Turns differ in length: so much longer than the mean of the last few is reckoned with.
const LONGER: f64 = 1.1;

type Choice = Option<(f64, Target)>;

impl Planner {
    /// What to ask for now, or nothing when every host rests.
    #[must_use]
    pub fn pick(&self, now: Timestamp) -> Option<Target> {
        let at = Now::new(now);
        let (mut urgent, mut best) = (None, None);
        let mut deadlines = Vec::new();
        for (host, sources) in self.hosts.iter().zip(&self.of_host).filter(|(host, _)| host.is_free(now)) {
            deadlines.clear();
            self.weigh(host, sources, &at, &mut best, &mut deadlines);
            if let Some((left, source)) = pressing(&mut deadlines, LONGER * host.state().turn) {
                keep_highest(&mut urgent, -left, Target::Source(source));
            }
        }
        if urgent.is_none() {
            for (position, index) in self.indexes.iter().enumerate() {
                if self.hosts[index.host].is_free(now) && index.pause.is_over(now) {
                    keep_highest(&mut best, self.index_score(position, &at), Target::Index(position));
                }
            }
        }
        urgent.or(best).map(|(_, target)| target)
    }

    /// Looks at the sources of one host: the highest score, and the deadlines that can press.
    fn weigh(
        &self, host: &HostSlot, sources: &[usize], at: &Now, best: &mut Choice, deadlines: &mut Vec<(f64, usize)>,
    ) {
        let (back_at, turn) = (host.back_at(), host.state().turn);
        for &position in sources {
            let row = &self.rows[position];
            if row.ready > at.at {
                continue;
            }
            let left = row.deadline(back_at, turn, at);
            if left < LONGER * turn * sources.len() as f64 {
                deadlines.push((left, position));
            }
            if row.reading {
                keep_highest(best, f64::MAX, Target::Further(position));
            } else {
                keep_highest(best, row.score(at), Target::Source(position));
            }
        }
    }

    /// What the posts that wait at a source have cost since its last visit.
    ///
    /// A visit every T costs `C(T)/T` in delay and `1/T` in requests, where `C(T) = weight·∫₀ᵀ (T−t)·rate(t) dt`; the best
    /// moment is when `T·C'(T) − C(T) = weight·∫₀ᵀ t·rate(t) dt` reaches the price of a request, so the request goes where
    /// this is highest. For a constant rate it is `weight·rate·T²/2`. Posts that an index page showed count with their own t.
    /// A source that was never visited comes before all others.
    #[must_use]
    pub fn score(&self, source: usize, now: Timestamp) -> f64 {
        self.rows[source].score(&Now::new(now))
    }

    /// The score of an index page: what it would show has cost so much, spread over the request for it and those that it
    /// will lead to. Of a source where much is new anyway the look ahead saves nothing, of a quiet one a whole visit:
    /// `1 − e⁻ˣ(1+x)` with x posts expected, here as a quotient of polynomials.
    fn index_score(&self, index: usize, now: &Now) -> f64 {
        let unknown = |&source: &usize| Row::unknown(&self.rows[source], now);
        let add = |(value, requests): (f64, f64), (more, others): (f64, f64)| (value + more, requests + others);
        let (value, requests) = self.indexes[index].sources.iter().map(unknown).fold((0.0, 1.0), add);
        value / requests
    }
}

/// The earliest deadline of a host, if its sources must be visited in the order of their deadlines from now on for every one to
/// be kept, at a turn each.
fn pressing(deadlines: &mut [(f64, usize)], turn: f64) -> Option<(f64, usize)> {
    deadlines.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    let mut turns = 0.0;
    let late = |(left, _): &(f64, usize)| {
        let late = *left < turns;
        turns += turn;
        late
    };
    if deadlines.iter().any(late) { deadlines.first().copied() } else { None }
}

fn keep_highest(best: &mut Choice, score: f64, target: Target) {
    if best.is_none_or(|(highest, _)| score > highest) {
        *best = Some((score, target));
    }
}
