//! The coverage ledger: what was captured of a source, against what the site itself counts.

use std::collections::{BTreeSet, HashMap};

use nightheron_crawlers::walk::ZONE_MARK;

use crate::store::model::{CapturedPost, ThreadMark};

/// Threads that are named as short.
const NAMED: usize = 20;

/// What was captured of a source.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ledger {
    /// Threads read to their end.
    pub threads: usize,
    /// Threads that the site keeps from us.
    pub withheld: usize,
    /// Threads with posts that were not read to their end yet.
    pub unfinished: usize,
    /// Posts that the site's counters say are in the threads whose counters it shows.
    pub counted: u64,
    /// Posts of these that were captured; what a thread holds beyond its counter is not counted.
    pub captured: u64,
    /// Threads with fewer posts than their counter says, the shortest first.
    pub short: Vec<Short>,
    /// The site's post numbers, when all of them are numbers.
    pub numbers: Option<Numbers>,
}

/// A thread of which posts are missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Short {
    /// The thread's identity at its site.
    pub thread_id: String,
    /// Posts by the site's counter.
    pub counted: u64,
    /// Posts captured.
    pub captured: u64,
}

/// Post numbers of a site that counts them through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Numbers {
    /// The lowest captured.
    pub first: u64,
    /// The highest captured.
    pub last: u64,
    /// Numbers between them that no captured post has: deleted, hidden, or never seen.
    pub gaps: u64,
}

impl Ledger {
    /// Draws the ledger from the marks of the threads and the posts of a source.
    #[must_use]
    pub fn draw(marks: &[ThreadMark], posts: &[CapturedPost]) -> Self {
        let mut of_thread: HashMap<&str, u64> = HashMap::new();
        for thread in posts.iter().filter_map(|post| post.thread_id.as_deref()) {
            *of_thread.entry(thread).or_default() += 1;
        }
        let mut ledger = Self { numbers: numbers(posts), ..Self::default() };
        for mark in marks.iter().filter(|mark| mark.thread_id != ZONE_MARK) {
            let captured = of_thread.remove(mark.thread_id.as_str()).unwrap_or(0);
            ledger.enter(mark, captured);
        }
        ledger.unfinished = of_thread.len();
        ledger.short.sort_by_key(|short| std::cmp::Reverse(short.counted - short.captured));
        ledger.short.truncate(NAMED);
        ledger
    }

    /// The ledger of a folder: its marks are files, which count nothing.
    #[must_use]
    pub fn of_files(marks: &[ThreadMark]) -> Self {
        Self { threads: marks.len(), ..Self::default() }
    }

    fn enter(&mut self, mark: &ThreadMark, captured: u64) {
        let counters = match mark.signal.strip_prefix("withheld ") {
            Some(counters) => {
                self.withheld += 1;
                counters
            }
            None => {
                self.threads += 1;
                &mark.signal
            }
        };
        // The first post is no reply.
        let Some(counted) = replies(counters).map(|replies| replies + 1) else { return };
        self.counted += counted;
        self.captured += captured.min(counted);
        if captured < counted {
            self.short.push(Short { thread_id: mark.thread_id.clone(), counted, captured });
        }
    }

    /// Captured posts in a hundred of the counted, rounded down; `None` when the site shows no counters.
    #[must_use]
    pub fn percent(&self) -> Option<u64> {
        (self.captured * 100).checked_div(self.counted)
    }
}

/// The count of replies in a thread's signal, as the walk writes it: `replies|last post`.
fn replies(signal: &str) -> Option<u64> {
    signal.split('|').next()?.parse().ok()
}

fn numbers(posts: &[CapturedPost]) -> Option<Numbers> {
    let all: BTreeSet<u64> = posts.iter().map(|post| post.post_id.parse().ok()).collect::<Option<_>>()?;
    let (first, last) = (*all.first()?, *all.last()?);
    Some(Numbers { first, last, gaps: last - first + 1 - all.len() as u64 })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(thread: &str, signal: &str) -> ThreadMark {
        ThreadMark { thread_id: thread.into(), signal: signal.into() }
    }

    fn posts(all: &[(&str, &str)]) -> Vec<CapturedPost> {
        let post =
            |(thread, id): &(&str, &str)| CapturedPost { thread_id: Some((*thread).into()), post_id: (*id).into() };
        all.iter().map(post).collect()
    }

    #[test]
    fn what_is_missing_is_named() {
        let marks = [
            mark("zone:", "UTC+08:00 2026-07-20T10:00:00Z"),
            mark("a", "2|x"),
            mark("b", "1|y"),
            mark("c", "withheld 4|z"),
            mark("d", "|w"),
        ];
        let posts = posts(&[("a", "1"), ("a", "2"), ("a", "5"), ("a", "6"), ("b", "7"), ("d", "8"), ("e", "9")]);
        let ledger = Ledger::draw(&marks, &posts);
        assert_eq!((ledger.threads, ledger.withheld, ledger.unfinished), (3, 1, 1));
        assert_eq!((ledger.counted, ledger.captured, ledger.percent()), (10, 4, Some(40)));
        let short = |thread: &str, counted, captured| Short { thread_id: thread.into(), counted, captured };
        assert_eq!(ledger.short, [short("c", 5, 0), short("b", 2, 1)]);
        assert_eq!(ledger.numbers, Some(Numbers { first: 1, last: 9, gaps: 2 }));
    }

    #[test]
    fn a_site_without_counters_and_numbers_has_neither() {
        let ledger = Ledger::draw(&[mark("a", "|")], &posts(&[("a", "x1")]));
        assert_eq!((ledger.percent(), ledger.numbers), (None, None));
        assert_eq!(Ledger::draw(&[], &[]), Ledger::default());
    }
}
