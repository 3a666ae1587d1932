//! How long a page asks its visitor to wait. Queues punish asking early with an hour's ban, so what is told is
//! kept with a margin, and of several figures the longest.

use std::{sync::LazyLock, time::Duration};

use jiff::{Timestamp, fmt::rfc2822::DateTimeParser};
use regex::Regex;

use crate::walk::RawPage;

/// The wait of a queue that tells none: EndGame lets nobody pass before 5 s.
const UNTOLD: Duration = Duration::from_secs(30);
/// The shortest wait that is believed, in seconds.
const SHORTEST: f64 = 5.0;
/// The longest, in seconds: no page silences its source for good.
const LONGEST: f64 = 86_400.0;

/// `<meta http-equiv="refresh" content="7; url=/">`, its attributes in any order.
static REFRESH: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let tag = r#"(?i)<meta\b[^>]{0,200}\bhttp-equiv\s*=\s*["']?refresh\b[^>]{0,400}>"#;
    Regex::new(tag).ok()
});
static CONTENT: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r#"(?i)\bcontent\s*=\s*["']?\s*(\d{1,6})(?:\.\d*)?"#).ok());

/// A sentence about waiting with a time in it, in English, Chinese and Russian.
static SENTENCE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let about = "wait|queue|estimat|等待|等候|排队|排隊|预计|預計|ожид|очеред|подожд";
    let unit = r"(?P<h>hours?\b|小时|小時|час)|(?P<m>min|分|мин)|(?:s\b|sec|秒|сек|с\b)";
    Regex::new(&format!(r"(?i)(?:{about})[^.。\d]{{0,80}}(?P<n>\d{{1,5}})\s*(?:</?\w+[^>]{{0,80}}>\s*)?(?:{unit})"))
        .ok()
});

/// The wait that a page with a queue asks for, with a margin; a guess when it tells none.
#[must_use]
pub(crate) fn of_queue(raw: &RawPage<'_>, source: &str) -> Duration {
    let told = [retry_after(raw), refresh(source), sentence(source)].into_iter().flatten().reduce(f64::max);
    told.map_or(UNTOLD, with_margin)
}

/// The wait that a page of any other kind asks for by its header.
#[must_use]
pub(crate) fn of_header(raw: &RawPage<'_>) -> Option<Duration> {
    retry_after(raw).map(with_margin)
}

/// A tenth and two seconds more: clocks differ, and pages take their time.
fn with_margin(seconds: f64) -> Duration {
    Duration::from_secs_f64(seconds.clamp(SHORTEST, LONGEST) * 1.1 + 2.0)
}

/// Seconds, or the date at which to come back (RFC 9110, 10.2.3).
fn retry_after(raw: &RawPage<'_>) -> Option<f64> {
    let text = raw.retry_after?.trim();
    if let Ok(seconds) = text.parse::<u32>() {
        return Some(f64::from(seconds));
    }
    static PARSER: DateTimeParser = DateTimeParser::new();
    let at: Timestamp = PARSER.parse_timestamp(text).ok()?;
    Some(at.duration_since(raw.received_at).as_secs_f64().max(0.0))
}

fn refresh(source: &str) -> Option<f64> {
    let tags = REFRESH.as_ref()?.find_iter(source).take(10);
    tags.filter_map(|tag| CONTENT.as_ref()?.captures(tag.as_str())?[1].parse().ok()).reduce(f64::max)
}

fn sentence(source: &str) -> Option<f64> {
    let found = SENTENCE.as_ref()?.captures_iter(source).take(10).filter_map(|found| {
        let number: f64 = found["n"].parse().ok()?;
        let unit = if found.name("h").is_some() {
            3_600.0
        } else if found.name("m").is_some() {
            60.0
        } else {
            1.0
        };
        Some(number * unit)
    });
    found.reduce(f64::max)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wait(retry_after: Option<&str>, source: &str) -> f64 {
        let url = "http://a.example/".parse().unwrap();
        let received_at = "2026-11-21T04:00:00Z".parse().unwrap();
        let raw = RawPage { url: &url, status: 200, content_type: "", body: b"", received_at, retry_after };
        (of_queue(&raw, source).as_secs_f64() - 2.0) / 1.1
    }

    #[test]
    fn what_a_queue_tells_is_kept_and_the_longest_of_it() {
        let refresh = "<meta content='7; url=/' http-equiv=\"Refresh\">";
        for (header, source, seconds) in [
            (None, refresh, 7.0),
            (Some("40"), refresh, 40.0),
            (Some("1"), "", 5.0),
            (Some("Sat, 21 Nov 2026 04:01:30 GMT"), "", 90.0),
            (Some("Fri, 20 Nov 2026 04:01:30 GMT"), refresh, 7.0),
            (Some("soon"), "Your estimated wait time is <b>25</b> seconds", 25.0),
            (None, "您正在排隊，預計等待 2 分鐘", 120.0),
            (None, "Вы в очереди, подождите 45 секунд", 45.0),
            (None, "Estimated time in queue: 1 hour. This cookie is valid for 120 seconds.", 3_600.0),
            (Some("4000000000"), "", 86_400.0),
        ] {
            assert!((wait(header, source) - seconds).abs() < 0.01, "{header:?} {source}: {}", wait(header, source));
        }
        let untold = wait(None, "You have been placed in a queue") * 1.1 + 2.0;
        assert!((untold - 30.0).abs() < 0.01);
    }
}
