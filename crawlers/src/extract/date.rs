//! Times as sites write them, by formats in the letters of Unicode's date patterns (UTS #35).

use jiff::{Timestamp, ToSpan, civil::DateTime};

use super::{Moment, relative};

/// Month names in the languages of the sites we read, by month.
const MONTHS: [&[&str]; 12] = [
    &["january", "jan.", "jan", "января", "январь", "янв.", "янв", "一月", "1月", "1 月"],
    &["february", "feb.", "feb", "февраля", "февраль", "февр.", "фев.", "фев", "二月", "2月", "2 月"],
    &["march", "mar.", "mar", "марта", "март", "мар.", "мар", "三月", "3月", "3 月"],
    &["april", "apr.", "apr", "апреля", "апрель", "апр.", "апр", "四月", "4月", "4 月"],
    &["may", "мая", "май", "五月", "5月", "5 月"],
    &["june", "jun.", "jun", "июня", "июнь", "июн.", "июн", "六月", "6月", "6 月"],
    &["july", "jul.", "jul", "июля", "июль", "июл.", "июл", "七月", "7月", "7 月"],
    &["august", "aug.", "aug", "августа", "август", "авг.", "авг", "八月", "8月", "8 月"],
    &[
        "september",
        "sept.",
        "sept",
        "sep.",
        "sep",
        "сентября",
        "сентябрь",
        "сент.",
        "сен.",
        "сен",
        "九月",
        "9月",
        "9 月",
    ],
    &["october", "oct.", "oct", "октября", "октябрь", "окт.", "окт", "十月", "10月", "10 月"],
    &["november", "nov.", "nov", "ноября", "ноябрь", "нояб.", "ноя.", "ноя", "十一月", "11月", "11 月"],
    &["december", "dec.", "dec", "декабря", "декабрь", "дек.", "дек", "十二月", "12月", "12 月"],
];

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Year,
    ShortYear,
    Month,
    MonthName,
    Weekday,
    Day,
    Hour,
    Hour12,
    Minute,
    Second,
    Half,
    Literal(String),
    Maybe(Vec<Piece>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Shape {
    Rfc3339,
    Unix,
    TimeAgo,
    Fuzzy,
    TimeLeft,
    Pieces(Vec<Piece>),
}

/// One format. Letters: `yyyy yy MMMM MM M EEE dd d HH H hh h mm m ss s a`; text in quotes `'…'` and other characters stand
/// for themselves; a part in brackets `[…]` may be absent. Without a year, the last such day is meant. `rfc3339`, `unix`
/// (seconds), `time_ago` and `fuzzy_time` are formats as well, and `time_left`, the hour in which a clock that runs down
/// ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DateFormat(Shape);

impl DateFormat {
    /// Reads a format.
    ///
    /// # Errors
    /// A sentence: an unknown letter, an open bracket or quote, or no day and month.
    pub fn parse(format: &str) -> Result<Self, String> {
        match format {
            "rfc3339" => return Ok(Self(Shape::Rfc3339)),
            "unix" => return Ok(Self(Shape::Unix)),
            "time_ago" => return Ok(Self(Shape::TimeAgo)),
            "fuzzy_time" => return Ok(Self(Shape::Fuzzy)),
            "time_left" => return Ok(Self(Shape::TimeLeft)),
            _ => {}
        }
        let mut chars = format.chars().collect::<Vec<_>>().into_iter().peekable();
        let pieces = pieces(&mut chars, format, false)?;
        let has = |wanted: &[Piece]| pieces.iter().any(|piece| wanted.contains(piece));
        if !has(&[Piece::Month, Piece::MonthName]) || !has(&[Piece::Day]) {
            return Err(format!("the date format `{format}` needs a month (MM or MMMM) and a day (d)"));
        }
        Ok(Self(Shape::Pieces(pieces)))
    }

    /// Whether it reads times that are told from now.
    pub(super) fn is_relative(&self) -> bool {
        matches!(self.0, Shape::TimeAgo | Shape::Fuzzy | Shape::TimeLeft)
    }

    /// Reads a time; one without a zone of its own is in the moment's.
    #[must_use]
    pub fn read(&self, text: &str, at: &Moment<'_>) -> Option<Timestamp> {
        self.read_within(text, at).map(|(time, _)| time)
    }

    /// Reads a time, and within how many seconds the text tells it: 60 for hours and minutes, 86,400 for a day.
    pub(super) fn read_within(&self, text: &str, at: &Moment<'_>) -> Option<(Timestamp, i64)> {
        match &self.0 {
            Shape::TimeAgo => relative::time_ago(text, at),
            Shape::Fuzzy => relative::fuzzy(text, at),
            Shape::TimeLeft => Some((relative::time_left(text, at)?, 1)),
            Shape::Rfc3339 => Some((text.parse().ok()?, 1)),
            Shape::Unix => Some((Timestamp::from_second(text.parse().ok()?).ok()?, 1)),
            Shape::Pieces(pieces) => {
                let lower = text.to_lowercase();
                let mut read = Read::default();
                let rest = read.all(pieces, &lower)?;
                if !rest.is_empty() {
                    return None;
                }
                Some((read.timestamp(at)?, read.within()))
            }
        }
    }
}

type Chars = std::iter::Peekable<std::vec::IntoIter<char>>;

fn pieces(chars: &mut Chars, format: &str, inside: bool) -> Result<Vec<Piece>, String> {
    let mut out = Vec::new();
    while let Some(c) = chars.next() {
        let mut run = 1;
        if c.is_ascii_alphabetic() {
            while chars.next_if_eq(&c).is_some() {
                run += 1;
            }
        }
        out.push(match (c, run) {
            ('y', 4) => Piece::Year,
            ('y', 2) => Piece::ShortYear,
            ('M', 1 | 2) => Piece::Month,
            ('M', 3 | 4) => Piece::MonthName,
            ('E', 3 | 4) => Piece::Weekday,
            ('d', 1 | 2) => Piece::Day,
            ('H', 1 | 2) => Piece::Hour,
            ('h', 1 | 2) => Piece::Hour12,
            ('m', 1 | 2) => Piece::Minute,
            ('s', 1 | 2) => Piece::Second,
            ('a', 1) => Piece::Half,
            ('[', _) if !inside => Piece::Maybe(pieces(chars, format, true)?),
            (']', _) if inside => return Ok(out),
            ('\'', _) => Piece::Literal(quoted(chars, format)?),
            (c, _) if c.is_ascii_alphabetic() || matches!(c, '[' | ']') => {
                return Err(format!(
                    "the date format `{format}` has `{}`, which means nothing",
                    c.to_string().repeat(run)
                ));
            }
            (c, _) => Piece::Literal(c.to_lowercase().collect()),
        });
    }
    if inside { Err(format!("the date format `{format}` opens a bracket `[` that it does not close")) } else { Ok(out) }
}

fn quoted(chars: &mut Chars, format: &str) -> Result<String, String> {
    let mut text = String::new();
    for c in chars {
        if c == '\'' {
            return Ok(text.to_lowercase());
        }
        text.push(c);
    }
    Err(format!("the date format `{format}` opens a quote that it does not close"))
}

#[derive(Debug, Default, Clone)]
struct Read {
    year: Option<i16>,
    month: i8,
    day: i8,
    hour: i8,
    minute: i8,
    second: i8,
    afternoon: Option<bool>,
    /// The smallest part of the day that was told.
    finest: Option<Piece>,
}

impl Read {
    /// Reads the pieces one after another; gives what is left of the text.
    fn all<'t>(&mut self, pieces: &[Piece], mut text: &'t str) -> Option<&'t str> {
        for piece in pieces {
            text = self.one(piece, text)?;
        }
        Some(text)
    }

    fn one<'t>(&mut self, piece: &Piece, text: &'t str) -> Option<&'t str> {
        match piece {
            Piece::Year => digits(text, 4, 4).map(|(n, rest)| (self.year = Some(n), rest).1),
            Piece::ShortYear => digits(text, 2, 2).map(|(n, rest)| (self.year = Some(2000 + n), rest).1),
            Piece::Month => small(text, &mut self.month),
            Piece::MonthName => self.month_name(text),
            // Whichever day it names: the date says it.
            Piece::Weekday => {
                let rest = text.trim_start_matches(|c: char| c.is_alphabetic() || c == '.');
                (rest.len() < text.len()).then_some(rest)
            }
            Piece::Day => small(text, &mut self.day),
            Piece::Hour | Piece::Hour12 | Piece::Minute | Piece::Second => self.clock(piece, text),
            Piece::Half => self.half(text),
            Piece::Literal(literal) => text.strip_prefix(literal.as_str()),
            Piece::Maybe(pieces) => {
                let mut tried = self.clone();
                match tried.all(pieces, text) {
                    Some(rest) => {
                        *self = tried;
                        Some(rest)
                    }
                    None => Some(text),
                }
            }
        }
    }

    fn clock<'t>(&mut self, piece: &Piece, text: &'t str) -> Option<&'t str> {
        self.finest = Some(piece.clone());
        small(
            text,
            match piece {
                Piece::Second => &mut self.second,
                Piece::Minute => &mut self.minute,
                _ => &mut self.hour,
            },
        )
    }

    /// Seconds within which the time is told.
    fn within(&self) -> i64 {
        match self.finest {
            None => 86_400,
            Some(Piece::Second) => 1,
            Some(Piece::Minute) => 60,
            Some(_) => 3_600,
        }
    }

    fn month_name<'t>(&mut self, text: &'t str) -> Option<&'t str> {
        for (month, names) in (1..).zip(MONTHS) {
            if let Some(rest) = names.iter().find_map(|name| text.strip_prefix(name)) {
                self.month = month;
                return Some(rest);
            }
        }
        None
    }

    fn half<'t>(&mut self, text: &'t str) -> Option<&'t str> {
        let halves = [("a.m.", false), ("p.m.", true), ("am", false), ("pm", true), ("上午", false), ("下午", true)];
        let (rest, afternoon) = halves.into_iter().find_map(|(word, pm)| Some((text.strip_prefix(word)?, pm)))?;
        self.afternoon = Some(afternoon);
        Some(rest)
    }

    fn timestamp(&self, at: &Moment<'_>) -> Option<Timestamp> {
        if let Some(year) = self.year {
            return at.zone.to_timestamp(self.time(year)?).ok();
        }
        // A day of grace: the clocks of sites go wrong, and their zones are not always known.
        let this_year = at.zone.to_datetime(at.received_at).year();
        let latest = at.received_at.checked_add(24.hours()).ok()?;
        let mut years = (this_year.checked_sub(4)?..=this_year.checked_add(1)?).rev();
        years.find_map(|year| at.zone.to_timestamp(self.time(year)?).ok().filter(|time| *time <= latest))
    }

    fn time(&self, year: i16) -> Option<DateTime> {
        let hour = match self.afternoon {
            None => self.hour,
            Some(_) if !(1..=12).contains(&self.hour) => return None,
            Some(afternoon) => self.hour % 12 + if afternoon { 12 } else { 0 },
        };
        DateTime::new(year, self.month, self.day, hour, self.minute, self.second, 0).ok()
    }
}

fn digits(text: &str, fewest: usize, most: usize) -> Option<(i16, &str)> {
    let length = text.bytes().take(most).take_while(u8::is_ascii_digit).count();
    if length < fewest {
        return None;
    }
    Some((text[..length].parse().ok()?, &text[length..]))
}

fn small<'t>(text: &'t str, into: &mut i8) -> Option<&'t str> {
    let (number, rest) = digits(text, 1, 2)?;
    *into = i8::try_from(number).ok()?;
    Some(rest)
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::*;

    fn read(format: &str, text: &str, zone: &str) -> Option<String> {
        let zone = TimeZone::get(zone).unwrap();
        let at = Moment { zone: &zone, received_at: "2026-11-21T04:00:00Z".parse().unwrap(), format: None };
        DateFormat::parse(format).unwrap().read(text, &at).map(|time| time.to_string())
    }

    #[test]
    fn formats_read_what_sites_write() {
        let cases = [
            ("MMMM d, yyyy, h[:mm] a", "Sept. 15, 2026, 6:32 p.m.", "UTC", "2026-09-15T18:32:00Z"),
            ("MMMM d, yyyy, h[:mm] a", "March 1, 2026, 6 a.m.", "UTC", "2026-03-01T06:00:00Z"),
            ("MMMM d, yyyy, h[:mm] a", "May 1, 2026, 12:05 a.m.", "UTC", "2026-05-01T00:05:00Z"),
            ("MM-dd-yyyy, hh:mm a", "09-06-2026, 01:03 PM", "Asia/Taipei", "2026-09-06T05:03:00Z"),
            ("yyyy-MM-dd HH:mm:ss", "2026-11-21 05:25:37", "UTC", "2026-11-21T05:25:37Z"),
            ("yyyy-M-d HH:mm", "2026-3-7 08:09", "Asia/Shanghai", "2026-03-07T00:09:00Z"),
            ("d MMMM yyyy 'в' HH:mm", "5 Января 2026 в 10:00", "Europe/Moscow", "2026-01-05T07:00:00Z"),
            ("yyyy年M月d日 ah:mm", "2026年11月2日 下午3:04", "Asia/Taipei", "2026-11-02T07:04:00Z"),
            ("EEE MMM dd, yyyy h:mm a", "Mon Jul 20, 2026 7:08 am", "UTC", "2026-07-20T07:08:00Z"),
            ("EEE, d MMM yyyy, HH:mm", "Пн, 20 Июл 2026, 07:08", "UTC", "2026-07-20T07:08:00Z"),
            ("MMMM d, yyyy, h:mm:ss a", "七月 20, 2026, 07:08:33 下午", "UTC", "2026-07-20T19:08:33Z"),
            ("d MMM yyyy, HH:mm", "20 11月 2026, 07:08", "UTC", "2026-11-20T07:08:00Z"),
            ("MMMM d['st']['nd']['rd']['th'], yyyy", "July 22nd, 2026", "UTC", "2026-07-22T00:00:00Z"),
            ("d.MM.yy", "01.02.26", "UTC", "2026-02-01T00:00:00Z"),
            ("d MMMM, HH:mm", "21 ноября, 10:00", "UTC", "2026-11-21T10:00:00Z"),
            ("d MMMM, HH:mm", "24 Nov, 10:00", "UTC", "2025-11-24T10:00:00Z"),
            ("MM-dd", "02-29", "UTC", "2024-02-29T00:00:00Z"),
            ("time_ago", "2 hours ago", "UTC", "2026-11-21T02:00:00Z"),
            ("fuzzy_time", "昨天 07:08", "UTC", "2026-11-20T07:08:00Z"),
            ("rfc3339", "2026-11-21T05:25:37+08:00", "UTC", "2026-11-20T21:25:37Z"),
            ("unix", "1700000000", "UTC", "2023-11-14T22:13:20Z"),
        ];
        for (format, text, zone, expected) in cases {
            assert_eq!(read(format, text, zone).as_deref(), Some(expected), "{format}: {text}");
        }
    }

    #[test]
    fn a_text_tells_a_time_within_its_smallest_unit() {
        let at = Moment { zone: &TimeZone::UTC, received_at: "2026-11-21T04:00:00Z".parse().unwrap(), format: None };
        let cases = [
            ("yyyy-MM-dd[ HH:mm][:ss]", "2026-11-20", 86_400),
            ("yyyy-MM-dd[ HH:mm][:ss]", "2026-11-20 10:00", 60),
            ("yyyy-MM-dd[ HH:mm][:ss]", "2026-11-20 10:00:00", 1),
            ("d MMM, h a", "20 Nov, 3 pm", 3_600),
            ("rfc3339", "2026-11-20T10:00:00Z", 1),
            ("unix", "1700000000", 1),
            ("fuzzy_time", "вчера", 86_400),
            ("fuzzy_time", "昨天 07:08", 60),
            ("fuzzy_time", "Today at 01:02:03", 1),
            ("fuzzy_time", "半小时前", 1_800),
            ("time_ago", "just now", 60),
            ("time_ago", "1 hour, 30 minutes ago", 60),
            ("time_ago", "3 days ago", 86_400),
        ];
        for (format, text, within) in cases {
            let read = DateFormat::parse(format).unwrap().read_within(text, &at);
            assert_eq!(read.map(|(_, within)| within), Some(within), "{format}: {text}");
        }
    }

    #[test]
    fn what_does_not_fit_is_no_time() {
        let format = "yyyy-MM-dd HH:mm";
        for text in [
            "",
            "2026-13-01 00:00",
            "2026-02-30 00:00",
            "2026-01-01 25:00",
            "2026-01-01 00:00 x",
            "26-01-01 00:00",
            "二〇二六",
        ] {
            assert_eq!(read(format, text, "UTC"), None, "{text}");
        }
        assert_eq!(read("MMMM d, yyyy, h a", "May 1, 2026, 13 p.m.", "UTC"), None);
    }

    #[test]
    fn a_wrong_format_is_refused_with_its_reason() {
        for (format, reason) in [
            ("yyyy-MM", "needs a month"),
            ("yyyy-MM-dd qq", "`qq`, which means nothing"),
            ("yyyy-MM-dd [HH:mm", "does not close"),
            ("yyyy-MM-dd 'x", "opens a quote"),
            ("", "needs a month"),
        ] {
            let error = DateFormat::parse(format).unwrap_err();
            assert!(error.contains(reason), "{format}: {error}");
        }
    }
}
