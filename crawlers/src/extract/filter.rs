//! The steps from what stands on a page to a value.

use std::sync::Arc;

use jiff::Timestamp;
use regex::Regex;
use scraper::Html;

use super::{
    Moment, bounds,
    date::DateFormat,
    text::{hidden_links, text_of},
};

/// One step.
#[derive(Debug, Clone)]
pub enum Filter {
    /// White space removed at both ends, and runs of it made one space.
    Trim,
    /// The first number, grouping signs removed.
    Number,
    /// Character references decoded.
    HtmlDecode,
    /// The text of a piece of HTML, then the targets of its links that it does not show.
    HtmlText,
    /// The first group of a pattern, or all it matches.
    Regexp(Arc<Regex>),
    /// A text replaced by another.
    Replace(String, String),
    /// What a pattern matches, replaced.
    ReReplace(Arc<Regex>, String),
    /// Put behind.
    Append(String),
    /// Put before.
    Prepend(String),
    /// One part of the value; negative counts from the end.
    Split(String, i32),
    /// A parameter of the value's query string.
    Querystring(String),
    /// A time in one of these formats; the value becomes RFC 3339 in UTC.
    Date(Vec<DateFormat>),
}

impl Filter {
    /// Applies the step; `None` when there is no value after it.
    #[must_use]
    pub fn apply(&self, value: String, at: &Moment<'_>) -> Option<String> {
        match self {
            Self::Trim => Some(value.split_whitespace().collect::<Vec<_>>().join(" ")),
            Self::Number => number(&value),
            Self::HtmlDecode => Some(Html::parse_fragment(&value).root_element().text().collect()),
            Self::HtmlText => html_text(&value),
            Self::Regexp(pattern) => {
                let groups = pattern.captures(&value)?;
                groups.iter().skip(1).flatten().next().or(groups.get(0)).map(|m| m.as_str().to_owned())
            }
            Self::Replace(from, to) => Some(value.replace(from, to)),
            Self::ReReplace(pattern, to) => Some(pattern.replace_all(&value, to.as_str()).into_owned()),
            Self::Append(text) => Some(value + text),
            Self::Prepend(text) => Some(text.clone() + &value),
            Self::Split(by, at) => part(&value, by, *at),
            Self::Querystring(name) => query(&value, name),
            Self::Date(formats) => time(formats, &value, at).map(|(time, _)| time.to_string()),
        }
    }

    /// Within how many seconds the value tells a time; `None` when it tells none.
    pub(super) fn within(&self, value: &str, at: &Moment<'_>) -> Option<i64> {
        let Self::Date(formats) = self else { return None };
        time(formats, value, at).map(|(_, within)| within)
    }
}

/// A time by the first format that reads it, the one the page's clock has proven before all others.
fn time(formats: &[DateFormat], value: &str, at: &Moment<'_>) -> Option<(Timestamp, i64)> {
    let known = at.format.filter(|known| formats.contains(known));
    known.into_iter().chain(formats).find_map(|format| format.read_within(value.trim(), at))
}

/// The text of a piece of HTML that came inside a value; its links are told here, as it is no part of the page.
fn html_text(source: &str) -> Option<String> {
    bounds::check(source).ok()?;
    let piece = Html::parse_fragment(source);
    let text = text_of(piece.root_element(), &[]);
    let links = hidden_links(piece.root_element(), &text).into_iter().map(|link| format!("<{link}>"));
    Some(std::iter::once(text).filter(|text| !text.is_empty()).chain(links).collect::<Vec<_>>().join("\n"))
}

/// `1,234 replies` is 1234, and so are `1 234` and `1.234`: signs that group digits count only before three of them.
fn number(text: &str) -> Option<String> {
    let start = text.find(|c: char| c.is_ascii_digit())?;
    let mut digits = String::new();
    let mut rest = &text[start..];
    let mut group = 0;
    while let Some(c) = rest.chars().next() {
        match c {
            '0'..='9' => {
                digits.push(c);
                group += 1;
            }
            ',' | '\u{a0}' | '\u{202f}' | '\'' | ' ' | '.' if (1..=3).contains(&group) && before_three(rest, c) => {
                group = 0
            }
            _ => break,
        }
        rest = &rest[c.len_utf8()..];
    }
    Some(digits)
}

/// Whether three digits and no more follow the sign.
fn before_three(text: &str, sign: char) -> bool {
    let behind = text[sign.len_utf8()..].bytes();
    behind.take(4).take_while(u8::is_ascii_digit).count() == 3
}

fn part(text: &str, by: &str, at: i32) -> Option<String> {
    let parts: Vec<_> = text.split(by).collect();
    let index = if at < 0 { parts.len().checked_sub(at.unsigned_abs() as usize)? } else { at.unsigned_abs() as usize };
    parts.get(index).map(|part| (*part).to_owned())
}

fn query(text: &str, name: &str) -> Option<String> {
    let (_, query) = text.split_once('?')?;
    let query = query.split('#').next().unwrap_or_default();
    url::form_urlencoded::parse(query.as_bytes()).find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::*;

    #[test]
    fn each_step_does_what_it_says() {
        let at = Moment { zone: &TimeZone::UTC, received_at: Timestamp::UNIX_EPOCH, format: None };
        let apply = |filter: Filter, text: &str| filter.apply(text.to_owned(), &at);
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(apply(Filter::Trim, "  a \n b "), some("a b"));
        assert_eq!(apply(Filter::Number, "replies: 1,234, views 5"), some("1234"));
        assert_eq!(apply(Filter::Number, "none"), None);
        let same = [
            ("1 234", "1234"),
            ("1.234.567 ответов", "1234567"),
            ("12.5", "12"),
            ("3 1000", "3"),
            ("2026 100", "2026"),
        ];
        for (text, read) in same.into_iter().chain([("1\u{a0}234", "1234"), ("5,12", "5"), ("1 Replies 234", "1")]) {
            assert_eq!(apply(Filter::Number, text), some(read), "{text}");
        }
        assert_eq!(apply(Filter::HtmlDecode, "a &amp; b &#x53f0;"), some("a & b 台"));
        let html = "<p>a &lt;b&gt;</p><p>c <a href='http://x.onion/s'>sample</a></p>";
        assert_eq!(apply(Filter::HtmlText, html), some("a <b>\nc sample\n<http://x.onion/s>"));
        assert_eq!(apply(Filter::HtmlText, &"<div>".repeat(2_000)), None);
        assert_eq!(apply(Filter::Regexp(Arc::new(Regex::new(r"tid_(\d+)").unwrap())), "x tid_42"), some("42"));
        assert_eq!(apply(Filter::Regexp(Arc::new(Regex::new(r"\d+").unwrap())), "no"), None);
        assert_eq!(
            apply(Filter::ReReplace(Arc::new(Regex::new(r"(\d)-(\d)").unwrap()), "$2$1".into()), "1-2"),
            some("21")
        );
        assert_eq!(apply(Filter::Split("/".into(), -2), "a/b/c"), some("b"));
        assert_eq!(apply(Filter::Split("/".into(), 9), "a/b/c"), None);
        assert_eq!(apply(Filter::Querystring("t".into()), "view.php?f=1&t=%E5%8F%B0#x"), some("台"));
        assert_eq!(apply(Filter::Prepend("#".into()), "c1"), some("#c1"));
    }
}
