//! The zone a page's times are in, where the page itself tells it: by name, by its offset, or by a clock it shows.

use jiff::{
    Timestamp,
    tz::{Offset, TimeZone},
};
use scraper::{ElementRef, Html};
use url::Url;

use super::{
    DateFormat, Filter, Moment,
    field::{Place, value},
};
use crate::definition::{Definition, Field};

/// Seconds between the steps of real zones' offsets.
const STEP: i64 = 15 * 60;
/// How far in seconds a page's clock may be from a step, for the time the page took and clocks that go wrong.
const TOLERANCE: i64 = 5 * 60;
/// No zone is farther from UTC, in seconds.
const FARTHEST: i64 = 14 * 3_600;

/// How a page's times are to be understood, as far as it tells itself.
#[derive(Debug, Clone)]
pub(crate) struct Told<'d> {
    /// The zone: what the page says, else the definition's.
    pub(crate) zone: TimeZone,
    /// The one format its clock can be read in.
    pub(crate) format: Option<&'d DateFormat>,
    /// How far from UTC its own clock is.
    pub(crate) clock: Option<Offset>,
}

/// Reads what a page tells of its times. What it shows now goes before a zone that was learnt earlier; where the two
/// agree, the latter knows the hours of the other half of the year.
pub(crate) fn of<'d>(
    definition: &'d Definition, page: &Html, url: &Url, received_at: Timestamp, learnt: Option<&str>,
) -> Told<'d> {
    let told = definition.page_zone.as_ref().and_then(|field| told(field, page.root_element(), page, url, received_at));
    let way = &definition.walk;
    let learnt = learnt.filter(|_| way.times.is_some() || way.zone.is_some()).and_then(by);
    match (told, learnt) {
        (None, None) => Told { zone: definition.timezone.clone(), format: None, clock: None },
        (None, Some(zone)) => Told { zone, format: None, clock: None },
        (Some(told), None) => told,
        (Some(told), Some(zone)) => {
            let same = zone.to_offset(received_at) == told.zone.to_offset(received_at);
            Told { zone: if same { zone } else { told.zone }, ..told }
        }
    }
}

/// The zone a page tells, as a name or an offset.
pub(super) fn written(definition: &Definition, page: &Html, url: &Url, received_at: Timestamp) -> Option<String> {
    let told = told(definition.page_zone.as_ref()?, page.root_element(), page, url, received_at)?;
    let name = told.zone.iana_name().filter(|name| name.contains('/')).map(str::to_owned);
    name.or_else(|| Some(told.zone.to_offset(received_at).to_string()))
}

/// A zone by its name, or by its offset.
pub(crate) fn by(text: &str) -> Option<TimeZone> {
    by_name(text).or_else(|| by_offset(text))
}

/// What a field tells of a page's times when it is read from this element of the page.
pub(crate) fn told<'d>(
    field: &'d Field, element: ElementRef<'_>, page: &Html, url: &Url, received_at: Timestamp,
) -> Option<Told<'d>> {
    // A clock is read as if it were UTC: its distance from the true time is the offset.
    let moment = Moment { zone: &TimeZone::UTC, received_at, format: None };
    let place = Place { page, url, moment, removed: None };
    if let Some(Filter::Date(formats)) = field.filters.last() {
        let words = Field { filters: field.filters[..field.filters.len() - 1].to_vec(), ..field.clone() };
        return by_clock_in(&value(&words, element, &place)?, formats, &moment);
    }
    let text = value(field, element, &place)?;
    let zone = by(text.trim())?;
    Some(Told { zone, format: None, clock: None })
}

/// The formats in which a clock shows the present; the one that does is known when no other does it differently.
fn by_clock_in<'d>(text: &str, formats: &'d [DateFormat], moment: &Moment<'_>) -> Option<Told<'d>> {
    let read = |format: &'d DateFormat| Some((format, format.read(text.trim(), moment)?));
    let mut fitting = formats.iter().filter_map(read).filter_map(|(format, clock)| {
        let zone = by_clock(clock, moment.received_at)?;
        Some((format, zone))
    });
    let (format, zone) = fitting.next()?;
    // On the 7th of July neither order is known from the clock.
    let format = fitting.next().is_none().then_some(format);
    let clock = Some(zone.to_offset(moment.received_at));
    Some(Told { zone, format, clock })
}

fn by_name(text: &str) -> Option<TimeZone> {
    text.contains('/').then(|| TimeZone::get(text).ok()).flatten()
}

fn by_clock(clock: Timestamp, received_at: Timestamp) -> Option<TimeZone> {
    let distance = clock.as_second().checked_sub(received_at.as_second())?;
    let offset = (distance + STEP / 2).div_euclid(STEP) * STEP;
    let near = (distance - offset).abs() <= TOLERANCE;
    if near { fixed(offset) } else { None }
}

/// Reads `UTC`, `GMT+8`, `UTC+05:30`, `GMT -3.5 Hours`, and `8 DST`, an hour put forward.
fn by_offset(text: &str) -> Option<TimeZone> {
    let compact: String = text.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_ascii_lowercase();
    let compact = compact.replace(['\u{2212}', '\u{2013}'], "-");
    let (compact, summer) = match compact.strip_suffix("dst") {
        Some(standard) => (standard.to_owned(), 3_600),
        None => (compact, 0),
    };
    let named = compact.strip_prefix("utc").or_else(|| compact.strip_prefix("gmt"));
    let rest = named.unwrap_or(&compact).trim_end_matches(|c: char| c.is_alphabetic() || c == '.');
    if rest.is_empty() {
        return named.map(|_| TimeZone::UTC);
    }
    let (sign, digits) = match rest.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, rest.strip_prefix('+').unwrap_or(rest)),
    };
    let seconds = match digits.split_once(':') {
        Some((hours, minutes)) => hours.parse::<i64>().ok()? * 3_600 + minutes.parse::<i64>().ok()? * 60,
        None => quarters(digits)? * STEP,
    };
    fixed(sign * seconds + summer)
}

/// Quarters of an hour in `8`, `5.5` or `5.75`.
fn quarters(digits: &str) -> Option<i64> {
    let (hours, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let quarters = match fraction.trim_end_matches('0') {
        "" => 0,
        "25" => 1,
        "5" => 2,
        "75" => 3,
        _ => return None,
    };
    Some(hours.parse::<i64>().ok().filter(|hours| (0..24).contains(hours))? * 4 + quarters)
}

fn fixed(seconds: i64) -> Option<TimeZone> {
    let seconds = i32::try_from(seconds).ok().filter(|s| i64::from(s.unsigned_abs()) <= FARTHEST)?;
    Offset::from_seconds(seconds).ok().map(TimeZone::fixed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(zone: Option<TimeZone>) -> Option<i32> {
        zone.map(|zone| zone.to_offset(Timestamp::UNIX_EPOCH).seconds())
    }

    #[test]
    fn offsets_as_footers_write_them() {
        for (text, expected) in [
            ("UTC", Some(0)),
            ("GMT", Some(0)),
            ("GMT+8", Some(28_800)),
            ("UTC+05:30", Some(19_800)),
            ("GMT -3.5 Hours", Some(-12_600)),
            ("UTC − 9:30", Some(-34_200)),
            ("UTC + 3 ч.", Some(10_800)),
            ("+5.75", Some(20_700)),
            ("-9.5 dst", Some(-30_600)),
            ("GMT+99", None),
            ("GMT+9999999999999999999", None),
            ("soon", None),
            ("", None),
        ] {
            assert_eq!(seconds(by_offset(text)), expected, "{text}");
        }
        assert_eq!(seconds(by_name("Asia/Taipei")), Some(28_800));
        assert_eq!(seconds(by_name("Atlantis/Sea")), None);
    }

    #[test]
    fn a_clock_tells_which_of_two_numbers_is_the_month() {
        let formats = ["MM-dd-yyyy, HH:mm", "dd-MM-yyyy, HH:mm"].map(|f| DateFormat::parse(f).unwrap());
        let told = |clock: &str, now: &str| {
            let received_at = now.parse().unwrap();
            let told = by_clock_in(clock, &formats, &Moment { zone: &TimeZone::UTC, received_at, format: None });
            told.map(|told| (told.format.cloned(), told.zone.to_offset(received_at).seconds()))
        };
        let [month_first, day_first] = formats.clone();
        assert_eq!(told("07-08-2026, 12:00", "2026-07-08T04:00:00Z"), Some((Some(month_first), 28_800)));
        assert_eq!(told("07-08-2026, 12:00", "2026-08-07T09:00:00Z"), Some((Some(day_first.clone()), 10_800)));
        assert_eq!(told("20-07-2026, 12:00", "2026-07-20T12:00:00Z"), Some((Some(day_first), 0)));
        assert_eq!(told("07-07-2026, 12:00", "2026-07-07T12:00:00Z"), Some((None, 0)));
        assert_eq!(told("07-08-2026, 12:00", "1970-01-01T00:00:00Z"), None);
    }

    #[test]
    fn a_clock_tells_the_zone_unless_it_is_far_off() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let now = at("2026-11-21T04:00:20Z");
        assert_eq!(seconds(by_clock(at("2026-11-21T12:00:00Z"), now)), Some(28_800));
        assert_eq!(seconds(by_clock(at("2026-11-20T19:01:00Z"), now)), Some(-32_400));
        assert_eq!(seconds(by_clock(at("2026-11-21T09:31:00Z"), now)), Some(19_800));
        assert_eq!(seconds(by_clock(at("2026-11-21T12:07:40Z"), now)), None, "seven minutes off");
        assert_eq!(seconds(by_clock(at("1970-01-01T00:00:00Z"), now)), None);
    }
}
