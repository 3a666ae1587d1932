//! The order of the planner: deadlines first, then the cost of what waits.

use jiff::Timestamp;

use super::{
    Planner, Target,
    row::{Now, Row},
};

impl Planner {
    /// What to ask for now, or nothing when every host rests.
    #[must_use]
    pub fn pick(&self, now: Timestamp) -> Option<Target> {
        // The end of the last back-off of each host that may be asked.
        let free: Vec<Option<f64>> = self.hosts.iter().map(|host| host.is_free(now).then(|| host.back_at())).collect();
        let now_at = Now::new(now);
        let mut urgent: Option<(f64, Target)> = None;
        let mut best: Option<(f64, Target)> = None;
        for (position, row) in self.rows.iter().enumerate() {
            let Some(back_at) = free[row.host] else { continue };
            if row.ready > now_at.at {
                continue;
            }
            let left = row.time_left(back_at, &now_at);
            if left < row.slack {
                keep_highest(&mut urgent, -left, Target::Source(position));
            } else if urgent.is_none() {
                keep_highest(&mut best, row.score(&now_at), Target::Source(position));
            }
        }
        if urgent.is_none() {
            for (position, index) in self.indexes.iter().enumerate() {
                if free[index.host].is_some() && index.pause.is_over(now) {
                    keep_highest(&mut best, self.index_score(position, &now_at), Target::Index(position));
                }
            }
        }
        urgent.or(best).map(|(_, target)| target)
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

fn keep_highest(best: &mut Option<(f64, Target)>, score: f64, target: Target) {
    if best.is_none_or(|(highest, _)| score > highest) {
        *best = Some((score, target));
    }
}
