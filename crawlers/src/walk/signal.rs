//! What a listing tells of a thread's state, kept from one visit to the next, and whether it tells of a change.

use jiff::{SignedDuration, Timestamp};

use super::ThreadContext;

/// Field of a listing's row: within how many seconds it tells `last_post_at`, 60 for hours and minutes; absent when
/// the second is told.
pub const LAST_POST_WITHIN: &str = "last_post_within";

/// Field of a listing's row that a moved thread left behind: it tells that there is such a thread, and nothing of its
/// state. A row is one when its `row_id` is not its `thread_id`.
pub const LEFT_BEHIND: &str = "left_behind";

/// In front of the signal of a thread that the site kept from us.
const WITHHELD: &str = "withheld ";
/// Behind the signal of a thread that may change without its signal.
const OPEN: char = '?';
/// How far in seconds a site's clock may go ahead of ours and still tell what is present.
const AHEAD: i64 = 300;

/// The signal of a thread that the site kept from us.
pub(super) fn withheld(thread: &ThreadContext) -> String {
    format!("{WITHHELD}{}", thread.signal())
}

/// The signal of a thread that was read to its end, from this moment on. While the minute of its last post was not
/// over, one post may have gone and another come with neither count nor time telling: such a signal is never met
/// again, so that the next visit opens the thread once more.
pub(super) fn read(thread: &ThreadContext, begun: Timestamp) -> String {
    let mut signal = thread.signal();
    let open = last_post(thread).is_some_and(|(time, within)| {
        let ahead = begun.as_second() - time.as_second();
        within > 1 && (-AHEAD..within).contains(&ahead)
    });
    signal.extend(open.then_some(OPEN));
    signal
}

/// Whether a row is one that a moved thread left behind.
pub(super) fn is_left_behind(thread: &ThreadContext) -> bool {
    thread.fields.contains_key(LEFT_BEHIND)
}

/// Whether a listing shows of a thread what was known of it. Times told from now differ at each look, by less than the
/// unit they are told in; they say nothing new as long as the count of replies stays.
pub(super) fn is_same(known: &str, thread: &ThreadContext) -> bool {
    let known = known.strip_prefix(WITHHELD).unwrap_or(known);
    let moved = || {
        let (replies, time) = known.split_once('|').filter(|(replies, _)| !replies.is_empty())?;
        let (now, within) = last_post(thread)?;
        let by = now.duration_since(time.parse().ok()?).abs();
        // Days are 23 hours long where clocks are put forward.
        let same = thread.fields.get("replies").is_some_and(|now| now == replies);
        Some(!same || by >= SignedDuration::from_secs(within) * 9 / 10)
    };
    known == thread.signal() || moved() == Some(false)
}

/// The count of replies in a signal.
pub(super) fn replies(signal: &str) -> Option<u64> {
    signal.strip_prefix(WITHHELD).unwrap_or(signal).split('|').next()?.parse().ok()
}

/// When the listing saw the last post, and within how many seconds it tells that.
fn last_post(thread: &ThreadContext) -> Option<(Timestamp, i64)> {
    let within = thread.fields.get(LAST_POST_WITHIN).map_or(Some(1), |within| within.parse().ok())?;
    Some((thread.fields.get("last_post_at")?.parse().ok()?, within))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn thread(replies: &str, last_post_at: &str, within: &str) -> ThreadContext {
        let fields = [("replies", replies), ("last_post_at", last_post_at), (LAST_POST_WITHIN, within)];
        let fields = fields.into_iter().filter(|(_, value)| !value.is_empty());
        ThreadContext { id: "1".into(), fields: fields.map(|(k, v)| (k.to_owned(), v.to_owned())).collect() }
    }

    #[test]
    fn an_open_signal_is_closed_by_a_later_visit() {
        let listed = thread("3", "2026-07-20T10:00:00Z", "60");
        let at = |text: &str| read(&listed, text.parse().unwrap());
        let early = at("2026-07-20T10:00:59Z");
        assert!(!is_same(&early, &listed));
        assert_eq!(replies(&early), Some(3), "what a thread has grown by is known all the same");
        let late = at("2026-07-20T10:01:00Z");
        assert_eq!(late, listed.signal());
        assert!(is_same(&late, &listed) && is_same(&withheld(&listed), &listed));
        assert!(!is_same(&late, &thread("4", "2026-07-20T10:00:00Z", "60")));
    }

    #[test]
    fn a_time_told_from_now_may_differ_by_less_than_its_unit() {
        let known = thread("3", "2026-07-20T10:00:00Z", "60").signal();
        assert!(is_same(&known, &thread("3", "2026-07-20T10:40:00Z", "3600")), "an hour ago");
        assert!(!is_same(&known, &thread("4", "2026-07-20T10:40:00Z", "3600")), "one more reply");
        assert!(!is_same(&known, &thread("3", "2026-07-20T11:10:00Z", "3600")), "more than an hour");
        assert!(!is_same(&known, &thread("3", "2026-07-20T10:01:00Z", "60")), "another minute");
        let day = thread("3", "2026-03-29T00:00:00Z", "86400").signal();
        assert!(!is_same(&day, &thread("3", "2026-03-29T23:00:00Z", "86400")), "the shortest day");
        let uncounted = thread("", "2026-07-20T10:00:00Z", "60").signal();
        assert!(
            !is_same(&uncounted, &thread("", "2026-07-20T10:40:00Z", "3600")),
            "the time alone must not hide a reply"
        );
    }
}
