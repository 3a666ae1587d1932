//! Counts what terms find in posts, without keeping the posts.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    hash::{DefaultHasher, Hash as _, Hasher as _},
    ops::Range,
};

use jiff::{
    Timestamp,
    civil::Date,
    tz::{TimeZone, offset},
};
use nightheron_watchlists::{Matcher, TermId};
use serde::Serialize;

use crate::{alerts::render::mask, store::model::PostText};

/// Newest finds that are kept for a reader.
const MAX_SAMPLES: usize = 10;
/// Characters shown on each side of a find.
const AROUND: usize = 80;

/// Hits, and the alerts they make after grouping: one a source, post and member.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Count {
    /// Places found.
    pub hits: u64,
    /// Alerts.
    pub alerts: u64,
}

/// One find, with what looks like a password hidden.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Sample {
    /// The revision.
    pub post: i64,
    /// Its source.
    pub source: String,
    /// When it was captured, UTC, RFC 3339.
    #[serde(serialize_with = "as_text")]
    pub captured_at: Timestamp,
    /// `title`, `body`, `author`, `url` or `links`.
    pub field: &'static str,
    /// Text in front.
    pub before: String,
    /// What was found.
    pub matched: String,
    /// Text behind.
    pub after: String,
}

fn as_text<S: serde::Serializer>(at: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(at)
}

/// What one term found.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) total: Count,
    pub(super) by_day: BTreeMap<Date, Count>,
    pub(super) by_source: BTreeMap<String, Count>,
    pub(super) samples: Vec<Sample>,
    /// Hashes of the alerts' source and post.
    seen: HashSet<u64>,
}

/// What a set of terms found in all posts given so far, the newest first.
#[derive(Debug)]
pub(super) struct Tally {
    matcher: Matcher,
    pub(super) found: HashMap<TermId, Found>,
    pub(super) posts: u64,
    pub(super) bytes: u64,
    /// When the oldest was captured.
    pub(super) oldest: Option<Timestamp>,
}

impl Tally {
    pub(super) fn new(matcher: Matcher) -> Self {
        Self { matcher, found: HashMap::new(), posts: 0, bytes: 0, oldest: None }
    }

    pub(super) fn take(&mut self, posts: &[PostText]) {
        for post in posts {
            self.posts += 1;
            self.oldest = Some(self.oldest.map_or(post.captured_at, |oldest| oldest.min(post.captured_at)));
            for (field, text) in fields(post) {
                self.bytes += text.len() as u64;
                for hit in self.matcher.find(text) {
                    self.found.entry(hit.term).or_default().take(post, field, text, hit.start..hit.end);
                }
            }
        }
    }
}

impl Found {
    /// Alerts of the day with the most.
    pub(super) fn worst_day(&self) -> u64 {
        self.by_day.values().map(|count| count.alerts).max().unwrap_or(0)
    }

    fn take(&mut self, post: &PostText, field: &'static str, text: &str, span: Range<usize>) {
        let mut hasher = DefaultHasher::new();
        (&post.source, &post.key).hash(&mut hasher);
        let alerts = u64::from(self.seen.insert(hasher.finish()));
        let of_day = self.by_day.entry(day(post.captured_at)).or_default();
        let of_source = self.by_source.entry(post.source.clone()).or_default();
        for count in [&mut self.total, of_day, of_source] {
            count.hits += 1;
            count.alerts += alerts;
        }
        // A post shows one find: its other places say the same.
        if alerts > 0 && self.samples.len() < MAX_SAMPLES {
            self.samples.push(sample(post, field, text, span));
        }
    }
}

/// The fields that are matched, as a visit matches them.
pub(super) fn fields(post: &PostText) -> [(&'static str, &str); 5] {
    [("title", &post.title), ("body", &post.body), ("author", &post.author), ("url", &post.url), ("links", &post.links)]
}

/// The day in Taipei (UTC+8 all year).
pub(super) fn day(at: Timestamp) -> Date {
    at.to_zoned(TimeZone::fixed(offset(8))).date()
}

fn sample(post: &PostText, field: &'static str, text: &str, span: Range<usize>) -> Sample {
    let secrets = mask::merge(mask::spans(text));
    let left = text.get(..span.start).unwrap_or_default();
    let from = left.char_indices().rev().nth(AROUND - 1).map_or(0, |(at, _)| at);
    let right = text.get(span.end..).unwrap_or_default();
    let to = right.char_indices().nth(AROUND).map_or(text.len(), |(at, _)| span.end + at);
    Sample {
        post: post.seq,
        source: post.source.clone(),
        captured_at: post.captured_at,
        field,
        before: shown(text, from..span.start, &secrets),
        matched: shown(text, span.clone(), &secrets),
        after: shown(text, span.end..to, &secrets),
    }
}

/// A part of the text with its secrets replaced.
fn shown(text: &str, part: Range<usize>, secrets: &[Range<usize>]) -> String {
    let mut out = String::new();
    let mut at = part.start;
    for secret in secrets.iter().filter(|secret| secret.start < part.end && part.start < secret.end) {
        out.push_str(text.get(at..secret.start.max(at)).unwrap_or_default());
        out.push_str(mask::MASK);
        at = secret.end.max(at);
    }
    out.push_str(text.get(at..part.end.max(at)).unwrap_or_default());
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use nightheron_watchlists::{Term, TermKind};

    fn post(seq: i64, key: &str, at: &str, body: &str) -> PostText {
        PostText {
            seq,
            source: "forum".into(),
            key: key.into(),
            captured_at: at.parse().expect("a time"),
            title: String::new(),
            body: body.into(),
            author: String::new(),
            url: String::new(),
            links: String::new(),
        }
    }

    fn tally(posts: &[PostText]) -> Tally {
        let term = Term::parse(TermKind::Keyword, "acme").expect("a term");
        let mut tally = Tally::new(Matcher::new([(1, term)]).expect("a matcher"));
        tally.take(posts);
        tally
    }

    #[test]
    fn revisions_of_a_post_are_one_alert_and_days_are_taipeis() {
        let tally = tally(&[
            post(3, "p1", "2026-11-21T17:00:00Z", "acme and acme"),
            post(2, "p2", "2026-11-21T15:59:59Z", "acme"),
            post(1, "p1", "2026-11-20T00:00:00Z", "acme"),
        ]);
        let found = &tally.found[&1];
        assert_eq!((found.total, tally.posts), (Count { hits: 4, alerts: 2 }, 3));
        let days: Vec<_> = found.by_day.iter().map(|(day, count)| (day.to_string(), count.alerts)).collect();
        let expected = [("2026-11-20", 0), ("2026-11-21", 1), ("2026-11-22", 1)];
        assert_eq!(days, expected.map(|(day, alerts)| (day.to_owned(), alerts)));
        assert_eq!(found.samples.iter().map(|s| s.post).collect::<Vec<_>>(), [3, 2]);
    }

    #[test]
    fn a_sample_shows_no_password() {
        let tally = tally(&[post(1, "p", "2026-11-21T00:00:00Z", "root@acme.example:Winter2026! acme 資料")]);
        let sample = &tally.found[&1].samples[0];
        let text = format!("{}[{}]{}", sample.before, sample.matched, sample.after);
        assert_eq!(text, "root@[acme].example:●●●● acme 資料");
    }
}
