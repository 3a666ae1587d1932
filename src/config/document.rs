//! The text of a configuration and where its keys stand in it.

use std::ops::Range;

use serde::Deserialize as _;
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::{Config, Place, Problem};

/// A parsed file that still knows its text.
pub(super) struct Document<'a> {
    text: &'a str,
    table: Spanned<DeTable<'a>>,
}

impl<'a> Document<'a> {
    pub(super) fn parse(text: &'a str) -> Result<Self, Vec<Problem>> {
        let table = DeTable::parse(text).map_err(|error| vec![problem(text, String::new(), &error)])?;
        Ok(Self { text, table })
    }

    /// Reads the values. Each key is read on its own first, so that all that are wrong are named at once.
    pub(super) fn config(&self) -> Result<Config, Vec<Problem>> {
        let mut problems: Vec<Problem> = Vec::new();
        for (key, fragment) in self.fragments() {
            if let Err(error) = read(fragment) {
                let found = problem(self.text, key, &error);
                // An unknown section is reported once, not once a key in it.
                if !problems.iter().any(|p| p.place == found.place && p.message == found.message) {
                    problems.push(found);
                }
            }
        }
        if !problems.is_empty() {
            problems.sort_by_key(|p| p.place.as_ref().map(|place| (place.line, place.column)));
            return Err(problems);
        }
        read(self.table.clone()).map_err(|error| vec![problem(self.text, String::new(), &error)])
    }

    /// The document cut into tables of one key each, with the path of that key.
    fn fragments(&self) -> Vec<(String, Spanned<DeTable<'a>>)> {
        let mut fragments = Vec::new();
        for (key, value) in self.table.get_ref() {
            let name = key.get_ref();
            let one = |part: DeValue<'a>| {
                let mut table = DeTable::new();
                table.insert(key.clone(), Spanned::new(value.span(), part));
                Spanned::new(self.table.span(), table)
            };
            match value.get_ref() {
                DeValue::Table(section) if !section.is_empty() => {
                    for (inner, value) in section {
                        let mut table = DeTable::new();
                        table.insert(inner.clone(), value.clone());
                        fragments.push((format!("{name}.{}", inner.get_ref()), one(DeValue::Table(table))));
                    }
                }
                DeValue::Array(items) => {
                    for (index, item) in items.iter().enumerate() {
                        let part = DeValue::Array(std::iter::once(item.clone()).collect());
                        fragments.push((format!("{name}[{index}]"), one(part)));
                    }
                }
                other => fragments.push((name.to_string(), one(other.clone()))),
            }
        }
        fragments
    }

    /// Where the value of a key such as `web.listen` or `source[0].max_pages` stands; `None` for a default.
    pub(super) fn place_of(&self, key: &str) -> Option<Place> {
        let mut table = self.table.get_ref();
        let mut span = None;
        for step in key.split('.') {
            let (name, index) = match step.split_once('[') {
                Some((name, index)) => (name, index.trim_end_matches(']').parse::<usize>().ok()),
                None => (step, None),
            };
            let mut value = table.get(name)?;
            if let (DeValue::Array(items), Some(index)) = (value.get_ref(), index) {
                value = items.get(index)?;
            }
            span = Some(value.span());
            match value.get_ref() {
                DeValue::Table(inner) => table = inner,
                _ => break,
            }
        }
        Some(place(self.text, &span?))
    }
}

fn read(table: Spanned<DeTable<'_>>) -> Result<Config, toml::de::Error> {
    Config::deserialize(toml::Deserializer::from(table))
}

/// Words of the parser and what they mean to the writer of the file.
const PLAINER: [(&str, &str); 8] = [
    ("unknown field", "unknown key"),
    ("missing field", "missing key"),
    ("invalid socket address syntax", "an IP address with a port is expected, such as \"127.0.0.1:8750\""),
    ("expected socket address", "expected an IP address with a port, such as \"127.0.0.1:8750\""),
    ("expected u16", "expected a whole number from 0 to 65535"),
    ("expected u32", "expected a whole number from 0 to 4294967295"),
    ("expected u64", "expected a whole number, not negative"),
    ("expected usize", "expected a whole number, not negative"),
];

fn problem(text: &str, key: String, error: &toml::de::Error) -> Problem {
    let message = error.message().trim().replace('\n', "; ");
    let message = PLAINER.iter().fold(message, |message, (theirs, ours)| message.replace(theirs, ours));
    Problem { key, place: error.span().map(|span| place(text, &span)), message }
}

/// The place of the byte at which a span begins.
pub(super) fn place(text: &str, span: &Range<usize>) -> Place {
    let mut start = span.start.min(text.len());
    while !text.is_char_boundary(start) {
        start -= 1;
    }
    let (before, after) = text.split_at(start);
    let head = before.rsplit('\n').next().unwrap_or_default();
    let tail = after.split('\n').next().unwrap_or_default();
    Place {
        line: before.matches('\n').count() + 1,
        column: head.chars().count() + 1,
        text: format!("{head}{tail}").trim_end().to_owned(),
    }
}
