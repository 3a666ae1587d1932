//! Context rules read slowly: every word at every place, distances counted one by one.

use nightheron_watchlists::{Context, Near, fold};

use super::{Place, keyword_fits};

/// Whether a hit on the bytes `start..end` of the original counts.
pub(super) fn holds(context: &Context, plain: &[Place], start: usize, end: usize) -> bool {
    let all: Vec<char> = plain.iter().map(|place| place.0).collect();
    let inside: Vec<usize> = (0..plain.len()).filter(|&i| plain[i].1 < end && plain[i].2 > start).collect();
    let (Some(&first), Some(&last)) = (inside.first(), inside.last()) else {
        return false;
    };
    let is_near = |near: &Near| near.any_of.iter().any(|word| stands_near(&all, word, first, last + 1, near.within));
    let somewhere = |word: &String| !places(&all, word).is_empty();
    context.all_of.iter().all(somewhere)
        && context.near.as_ref().is_none_or(is_near)
        && !context.unless_near.as_ref().is_some_and(is_near)
}

fn places(all: &[char], word: &str) -> Vec<(usize, usize)> {
    let word: Vec<char> = fold(word).text().chars().collect();
    let at = (0..all.len()).filter(|&at| all[at..].starts_with(&word));
    at.map(|at| (at, at + word.len())).filter(|&(at, end)| keyword_fits(all, at, end)).collect()
}

fn stands_near(all: &[char], word: &str, first: usize, end: usize, within: usize) -> bool {
    places(all, word).into_iter().any(|(from, to)| {
        let part_of_hit = from >= first && to <= end;
        !part_of_hit && from <= end + within && to + within >= first
    })
}
