//! Intervals in closed form: the shortest weighted delay that a request budget buys.

use std::time::Duration;

/// Halvings of a search for a price: enough for the precision of a double.
const HALVINGS: usize = 60;

/// What decides how often a source is visited.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SourceRate {
    /// What the delay of one post costs, relative to other sources.
    pub weight: f64,
    /// Posts a second.
    pub posts_per_second: f64,
    /// Shortest interval that makes sense.
    pub shortest: Duration,
    /// Longest time between two visits.
    pub longest: Duration,
    /// Its host, a position in [`Budget::hosts`].
    pub host: usize,
}

/// Requests that may be spent.
#[derive(Debug, Clone, PartialEq)]
pub struct Budget {
    /// Requests a second in all.
    pub total: f64,
    /// Requests a second to each host.
    pub hosts: Vec<f64>,
}

/// The interval of each source.
///
/// Posts of rate λ wait T/2 in the mean when their source is visited every T, so that `Σ weight·λ·T/2` under
/// `Σ 1/T ≤ budget` is least at T ∝ 1/√(weight·λ) (Cho and Garcia-Molina, "Effective page refresh policies for web
/// crawlers", 2003, for Poisson change). The factor is a price of a request; a host at its cap has a price of its own on top,
/// found by halving. Where they conflict, the cap of a host outranks the longest interval, and that the total.
///
/// A host that is not in the budget has no cap. Sources that never post get their longest interval.
#[must_use]
pub fn intervals(sources: &[SourceRate], budget: &Budget) -> Vec<Duration> {
    let mut of_host = vec![Vec::new(); budget.hosts.len()];
    for (position, source) in sources.iter().enumerate() {
        if let Some(host) = of_host.get_mut(source.host) {
            host.push(position);
        }
    }
    let all = |price: f64| at_price(sources, budget, &of_host, price);
    let price = cheapest(|price| all(price).iter().map(|interval| 1.0 / interval).sum::<f64>() <= budget.total);
    all(price).into_iter().map(duration).collect()
}

/// Seconds, with the host caps kept.
fn at_price(sources: &[SourceRate], budget: &Budget, of_host: &[Vec<usize>], price: f64) -> Vec<f64> {
    let mut intervals: Vec<f64> = sources.iter().map(|source| interval(source, price)).collect();
    for (members, &cap) in of_host.iter().zip(&budget.hosts) {
        let spent = |intervals: &[f64]| members.iter().map(|&i| 1.0 / intervals[i]).sum::<f64>();
        if spent(&intervals) <= cap {
            continue;
        }
        let dear =
            cheapest(|extra| members.iter().map(|&i| 1.0 / interval(&sources[i], price + extra)).sum::<f64>() <= cap);
        for &i in members {
            intervals[i] = interval(&sources[i], price + dear);
        }
        let stretch = (spent(&intervals) / cap).max(1.0);
        members.iter().for_each(|&i| intervals[i] *= stretch);
    }
    intervals
}

/// The interval at which a second's delay of all that came since costs as much as the request, within its bounds.
fn interval(source: &SourceRate, price: f64) -> f64 {
    let longest = source.longest.as_secs_f64();
    let value = source.weight * source.posts_per_second;
    if value > 0.0 { (2.0 * price / value).sqrt().max(source.shortest.as_secs_f64()).min(longest) } else { longest }
}

/// The lowest price at which demand is `affordable`; the highest looked at when none is.
fn cheapest(affordable: impl Fn(f64) -> bool) -> f64 {
    let (mut low, mut high) = (-40.0_f64, 60.0_f64);
    for _ in 0..HALVINGS {
        let middle = f64::midpoint(low, high);
        if affordable(middle.exp()) { high = middle } else { low = middle }
    }
    high.exp()
}

fn duration(seconds: f64) -> Duration {
    Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(weight: f64, posts_a_day: f64, host: usize) -> SourceRate {
        let (shortest, longest) = (Duration::from_secs(10), Duration::from_secs(3_600));
        SourceRate { weight, posts_per_second: posts_a_day / 86_400.0, shortest, longest, host }
    }

    fn spent(intervals: &[Duration]) -> f64 {
        intervals.iter().map(|interval| 1.0 / interval.as_secs_f64()).sum()
    }

    #[test]
    fn intervals_go_with_the_inverse_root_of_weight_and_rate_and_spend_the_budget() {
        let sources = [source(1.0, 100.0, 0), source(1.0, 400.0, 1), source(4.0, 100.0, 2), source(1.0, 6_400.0, 3)];
        let all = intervals(&sources, &Budget { total: 0.02, hosts: Vec::new() });
        assert!((spent(&all) - 0.02).abs() < 1e-6, "{}", spent(&all));
        for (other, times) in [(1, 2.0), (2, 2.0), (3, 8.0)] {
            let ratio = all[0].as_secs_f64() / all[other].as_secs_f64();
            assert!((ratio - times).abs() < 1e-3, "{other}: {ratio}");
        }
    }

    #[test]
    fn a_full_host_gives_its_share_to_others() {
        let sources = [source(1.0, 10_000.0, 0), source(1.0, 10_000.0, 0), source(1.0, 100.0, 1), source(1.0, 0.0, 1)];
        let all = intervals(&sources, &Budget { total: 0.1, hosts: vec![0.02, 1.0] });
        assert!((spent(&all[..2]) - 0.02).abs() < 1e-6, "{all:?}");
        assert!((spent(&all) - 0.1).abs() < 1e-6, "{all:?}");
        assert_eq!(all[3], Duration::from_secs(3_600), "a source that never posts");
    }

    #[test]
    fn the_longest_interval_outranks_the_total_and_the_host_outranks_both() {
        let sources = [source(1.0, 10.0, 0), source(1.0, 1.0, 0), source(1.0, 10.0, 1)];
        let all = intervals(&sources, &Budget { total: 1e-6, hosts: vec![1e-4, 1.0] });
        assert_eq!(all[2], Duration::from_secs(3_600));
        assert!((spent(&all[..2]) - 1e-4).abs() < 1e-9, "{all:?}");
        assert!(intervals(&[], &Budget { total: 1.0, hosts: Vec::new() }).is_empty());
    }

    #[test]
    fn more_weight_never_makes_an_interval_longer() {
        let budget = Budget { total: 0.05, hosts: vec![0.01; 8] };
        let mut sources: Vec<SourceRate> =
            (0..24).map(|i| source(1.0, 3.0 * 1.5_f64.powi(i), i as usize % 8)).collect();
        let mut before = intervals(&sources, &budget);
        for weight in [2.0, 5.0, 20.0] {
            for position in [0, 7, 23] {
                sources[position].weight = weight;
                let after = intervals(&sources, &budget);
                assert!(after[position] <= before[position], "{position} at {weight}");
                before = after;
            }
        }
    }
}
