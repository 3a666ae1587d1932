//! Times told from now: `3 hours ago`, `昨天 07:08`, `вчера в 07:08`.

use std::sync::LazyLock;

use jiff::{SignedDuration, Timestamp, ToSpan, civil};
use regex::Regex;

use super::Moment;

/// Seconds of each unit, by the letters its name begins with in English, Chinese and Russian. A month is 30 days and
/// a year 365, as the programs reckon that write such texts.
const UNITS: [(i64, &[&str]); 7] = [
    (1, &["s", "秒", "сек", "с"]),
    (60, &["min", "m", "分", "мин"]),
    (3_600, &["h", "小时", "小時", "个小时", "個小時", "час", "ч"]),
    (86_400, &["d", "天", "日", "дн", "день", "дня", "сут"]),
    (604_800, &["w", "周", "週", "星期", "个星期", "недел"]),
    (2_592_000, &["mo", "个月", "個月", "月", "мес"]),
    (31_536_000, &["y", "年", "год", "лет", "г"]),
];

/// Days before today, by their names.
const DAYS: [(i64, &[&str]); 3] = [
    (2, &["前天", "позавчера"]),
    (1, &["yesterday", "昨天", "昨日", "вчера"]),
    (0, &["today", "今天", "今日", "сегодня"]),
];

const NOW: [&str; 8] = ["just now", "now", "moments ago", "刚刚", "剛剛", "刚才", "剛才", "только что"];

/// How texts begin that tell of less than the smallest unit.
const LESS: [&str; 4] = ["less than", "менее", "不到", "不足"];

/// How the same ends in Chinese packs of phpBB: "1 分钟内".
const INSIDE: [&str; 4] = ["秒内", "秒內", "分钟内", "分鐘內"];

/// Seconds by which the hours of a clock's end begin early.
const EARLY: i64 = 150;

#[expect(clippy::unwrap_used, reason = "constant patterns, exercised by the tests below")]
static SPAN: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(\d+|\ban?\b|半|минуту|час|день|неделю|месяц|год)\s*(\p{L}*)").unwrap());
#[expect(clippy::unwrap_used, reason = "constant patterns, exercised by the tests below")]
static CLOCK: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(上午|下午)?\s*(\d{1,2}):(\d\d)(?::(\d\d))?\s*([ap]|上午|下午)?\.?m?").unwrap());

/// Reads a span before the moment, or the word for "now", and the seconds of the smallest unit told.
pub(super) fn time_ago(text: &str, at: &Moment<'_>) -> Option<(Timestamp, i64)> {
    let lower = text.trim().to_lowercase();
    let less = LESS.iter().any(|word| lower.starts_with(word)) || INSIDE.iter().any(|word| lower.ends_with(word));
    if less || NOW.contains(&lower.trim_end_matches('.')) {
        return Some((at.received_at, 60));
    }
    let said = ["ago", "前", "назад"].iter().find_map(|word| lower.split_once(word)).map(|(before, _)| before)?;
    let (mut seconds, mut finest) = (0_i64, None);
    for part in SPAN.captures_iter(said) {
        let (span, unit) = span(&part[1], &part[2])?;
        seconds = seconds.checked_add(span)?;
        finest = Some(unit);
    }
    Some((at.received_at.checked_sub(SignedDuration::from_secs(seconds)).ok()?, finest?))
}

/// The end of a clock that runs down, `03D 11h 24m 10s` or `10 days 12:00:01`, as the hour it falls in. To the hour, and with
/// hours that begin two and a half minutes early, since ends on the hour and slow answers are common: each look at a
/// clock must give the same end. A clock without minutes tells no end, nor does one that has run down.
pub(super) fn time_left(text: &str, at: &Moment<'_>) -> Option<Timestamp> {
    let lower = text.trim().to_lowercase();
    let (mut seconds, mut exact) = (0_i64, false);
    let mut rest = lower.clone();
    if let Some(clock) = CLOCK.captures(&lower) {
        let part = |n: usize| clock.get(n).map_or(Some(0), |digits| digits.as_str().parse::<i64>().ok());
        seconds = part(2)? * 3_600 + part(3)? * 60 + part(4)?;
        exact = true;
        rest = lower.replacen(clock.get(0)?.as_str(), " ", 1);
    }
    for part in SPAN.captures_iter(&rest).filter(|part| part[1].starts_with(|c: char| c.is_ascii_digit())) {
        let unit = unit(&part[2])?;
        exact |= unit == 60;
        seconds = seconds.checked_add(unit.checked_mul(part[1].parse().ok()?)?)?;
    }
    let end = at.received_at.as_second().checked_add(seconds)?;
    let hour = end.checked_add(EARLY)?.div_euclid(3_600) * 3_600;
    Timestamp::from_second(hour).ok().filter(|_| exact && seconds > 0)
}

/// The seconds of a span and of its unit.
fn span(number: &str, word: &str) -> Option<(i64, i64)> {
    // Russian leaves out the one: "минуту назад", "час назад".
    let named = matches!(number, "минуту" | "час" | "день" | "неделю" | "месяц" | "год");
    let unit = unit(if named { number } else { word })?;
    let seconds = match number {
        "半" => unit / 2,
        "a" | "an" => unit,
        _ if named => unit,
        digits => unit.checked_mul(digits.parse().ok()?)?,
    };
    Some((seconds, if number == "半" { seconds } else { unit }))
}

/// The unit with the longest name that the word begins with.
fn unit(word: &str) -> Option<i64> {
    let fits = UNITS.iter().flat_map(|(seconds, names)| names.iter().map(move |name| (name.len(), name, *seconds)));
    fits.filter(|(_, name, _)| word.starts_with(**name)).max_by_key(|(length, _, _)| *length).map(|(_, _, s)| s)
}

/// As [`time_ago`], or a named day with a time of day; without a time its first moment.
pub(super) fn fuzzy(text: &str, at: &Moment<'_>) -> Option<(Timestamp, i64)> {
    let lower = text.trim().to_lowercase();
    let named = DAYS.iter().find(|(_, names)| names.iter().any(|name| lower.contains(name)));
    let Some((days, _)) = named else { return time_ago(text, at) };
    let today = at.zone.to_datetime(at.received_at).date();
    let day = today.checked_sub(days.days()).ok()?;
    let (time, within) = match CLOCK.captures(&lower) {
        None => (civil::Time::midnight(), 86_400),
        Some(clock) => {
            let part = |n: usize| clock.get(n).map_or(Some(0), |digits| digits.as_str().parse::<i8>().ok());
            let hour = half_day(part(2)?, clock.get(1).or(clock.get(5)).map(|half| half.as_str()))?;
            let within = if clock.get(4).is_some() { 1 } else { 60 };
            (civil::Time::new(hour, part(3)?, part(4)?, 0).ok()?, within)
        }
    };
    Some((at.zone.to_timestamp(day.to_datetime(time)).ok()?, within))
}

fn half_day(hour: i8, half: Option<&str>) -> Option<i8> {
    match half {
        None => Some(hour),
        Some(_) if !(1..=12).contains(&hour) => None,
        Some("p" | "下午") => Some(hour % 12 + 12),
        Some(_) => Some(hour % 12),
    }
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::*;

    #[test]
    fn a_clock_that_runs_down_has_the_same_end_at_every_look() {
        let cases = [
            ("03D 11h 24m 10s", Some("2026-11-24T15:00:00Z")),
            ("3d 20h 0m 0s", Some("2026-11-25T00:00:00Z")),
            ("3d 19h 59m 31s", Some("2026-11-25T00:00:00Z")),
            ("Time left: 10 days 12:00:01", Some("2026-12-01T16:00:00Z")),
            ("2 дня 4 часа 5 минут", Some("2026-11-23T08:00:00Z")),
            ("9 天 20 小時 0 分", Some("2026-12-01T00:00:00Z")),
            ("5 days", None),
            ("00D 00h 00m 00s", None),
            ("published", None),
            ("99999999999999999999d 1m", None),
        ];
        check(time_left, &cases);
    }

    fn time(
        read: impl Fn(&str, &Moment<'_>) -> Option<(Timestamp, i64)>,
    ) -> impl Fn(&str, &Moment<'_>) -> Option<Timestamp> {
        move |text, at| read(text, at).map(|(time, _)| time)
    }

    fn check(read: impl Fn(&str, &Moment<'_>) -> Option<Timestamp>, cases: &[(&str, Option<&str>)]) {
        let zone = TimeZone::get("Asia/Taipei").unwrap();
        let at = Moment { zone: &zone, received_at: "2026-11-21T04:00:00Z".parse().unwrap(), format: None };
        for (text, expected) in cases {
            let expected = expected.map(|time| time.parse::<Timestamp>().unwrap());
            assert_eq!(read(text, &at), expected, "{text}");
        }
    }

    #[test]
    fn spans_in_three_languages() {
        check(
            time(time_ago),
            &[
                ("3 hours ago", Some("2026-11-21T01:00:00Z")),
                ("an hour ago", Some("2026-11-21T03:00:00Z")),
                ("1 hour, 30 minutes ago", Some("2026-11-21T02:30:00Z")),
                ("5m ago", Some("2026-11-21T03:55:00Z")),
                ("2mo ago", Some("2026-09-22T04:00:00Z")),
                ("3 小时前", Some("2026-11-21T01:00:00Z")),
                ("半小时前", Some("2026-11-21T03:30:00Z")),
                ("2 часа назад", Some("2026-11-21T02:00:00Z")),
                ("день назад", Some("2026-11-20T04:00:00Z")),
                ("半小時前", Some("2026-11-21T03:30:00Z")),
                ("4 天前", Some("2026-11-17T04:00:00Z")),
                ("1 个月前", Some("2026-10-22T04:00:00Z")),
                ("2 дня назад", Some("2026-11-19T04:00:00Z")),
                ("минуту назад", Some("2026-11-21T03:59:00Z")),
                ("5 часов назад", Some("2026-11-20T23:00:00Z")),
                ("Just now", Some("2026-11-21T04:00:00Z")),
                ("刚刚", Some("2026-11-21T04:00:00Z")),
                ("только что", Some("2026-11-21T04:00:00Z")),
                ("less than a minute ago", Some("2026-11-21T04:00:00Z")),
                ("менее минуты назад", Some("2026-11-21T04:00:00Z")),
                ("不到 1 分鐘前", Some("2026-11-21T04:00:00Z")),
                ("1 分钟内", Some("2026-11-21T04:00:00Z")),
                ("2026-11-21", None),
                ("3 apples ago", None),
                ("ago", None),
                ("99999999999999999999 years ago", None),
                ("9999999999 years ago", None),
            ],
        );
    }

    #[test]
    fn named_days_are_of_the_sites_zone() {
        check(
            time(fuzzy),
            &[
                ("Yesterday, 07:08", Some("2026-11-19T23:08:00Z")),
                ("Today at 1:05 PM", Some("2026-11-21T05:05:00Z")),
                ("昨天 07:08", Some("2026-11-19T23:08:00Z")),
                ("前天 下午 3:04", Some("2026-11-19T07:04:00Z")),
                ("今天 00:30:15", Some("2026-11-20T16:30:15Z")),
                ("今天 于 07:08:33 下午", Some("2026-11-21T11:08:33Z")),
                ("前天 07:08", Some("2026-11-18T23:08:00Z")),
                ("昨天\u{a0}07:08", Some("2026-11-19T23:08:00Z")),
                ("сегодня, 07:08", Some("2026-11-20T23:08:00Z")),
                ("4 天前", Some("2026-11-17T04:00:00Z")),
                ("вчера в 07:08", Some("2026-11-19T23:08:00Z")),
                ("позавчера, 07:08", Some("2026-11-18T23:08:00Z")),
                ("yesterday", Some("2026-11-19T16:00:00Z")),
                ("3 小时前", Some("2026-11-21T01:00:00Z")),
                ("Today at 25:00", None),
                ("Today at 13:00 pm", None),
                ("tomorrow", None),
            ],
        );
    }
}
