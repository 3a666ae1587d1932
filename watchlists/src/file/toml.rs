//! Terms as TOML: a table `[[term]]` each, every fault of every table named.

use std::ops::Range;

use ::toml::Spanned;
use ::toml::de::{DeArray, DeString, DeTable, DeValue};

use super::draft::{Cell, Draft};
use super::fault::{Place, TermFileFault};
use super::text::Lines;
use crate::{Context, Near};

const KEYS: &str = "kind, text, reason, review, state, business_number and context";

type Key<'i> = Spanned<DeString<'i>>;
type Value<'i> = Spanned<DeValue<'i>>;

/// The tables of the file, and what is wrong with it so far.
pub(super) fn read(text: &str) -> (Vec<Draft>, Vec<TermFileFault>) {
    let mut reader = Reader { text, lines: Lines::of(text.as_bytes()), faults: Vec::new() };
    let (document, errors) = DeTable::parse_recoverable(text);
    for error in errors {
        let place = error.span().map_or_else(Place::default, |span| reader.place(&span, None));
        reader.faults.push(place.fault(None, format!("the file is no TOML: {}", error.message())));
    }
    let drafts = if reader.faults.is_empty() { reader.document(document.get_ref()) } else { Vec::new() };
    (drafts, reader.faults)
}

struct Reader<'t> {
    text: &'t str,
    lines: Lines,
    faults: Vec<TermFileFault>,
}

impl Reader<'_> {
    fn place(&self, span: &Range<usize>, field: Option<&str>) -> Place {
        let (line, start) = self.lines.place(span.start);
        let column = self.text.get(start..span.start).map_or(0, |before| before.chars().count()) + 1;
        field.map_or(Place { line, column, field: None }, |field| Place::named(line, column, field))
    }

    fn refuse(&mut self, key: &Key<'_>, reason: impl Into<String>) {
        let place = self.place(&key.span(), Some(key.get_ref()));
        self.faults.push(place.fault(None, reason));
    }

    fn document(&mut self, document: &DeTable<'_>) -> Vec<Draft> {
        let mut drafts = Vec::new();
        for (key, value) in document {
            match (key.get_ref().as_ref(), value.get_ref()) {
                ("term", DeValue::Array(tables)) => drafts.extend(tables.iter().filter_map(|table| self.term(table))),
                ("term", _) => self.refuse(key, "each term is a table of its own: write [[term]] in double brackets"),
                _ => self.refuse(key, "unknown key: the file holds tables [[term]] and nothing else"),
            }
        }
        drafts
    }

    fn term(&mut self, value: &Value<'_>) -> Option<Draft> {
        let (line, _) = self.lines.place(value.span().start);
        let DeValue::Table(table) = value.get_ref() else {
            self.faults.push(Place::line(line).fault(None, "each term is a table: write [[term]]"));
            return None;
        };
        let faults = self.faults.len();
        let mut draft = Draft { line, ..Draft::default() };
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "kind" => draft.kind = self.text(key, value),
                "text" => draft.text = self.text(key, value),
                "reason" => draft.reason = self.text(key, value),
                "review" => draft.review = self.date(key, value),
                "state" => draft.state = self.text(key, value),
                "business_number" => draft.owner = self.text(key, value),
                "context" => draft.context = self.context(key, value),
                _ => self.refuse(key, format!("unknown key: a term has {KEYS}")),
            }
        }
        draft.is_broken = self.faults.len() > faults;
        Some(draft)
    }

    fn text(&mut self, key: &Key<'_>, value: &Value<'_>) -> Option<Cell> {
        let place = self.place(&key.span(), Some(key.get_ref()));
        match value.get_ref() {
            DeValue::String(text) => Some(Cell { value: text.to_string(), place }),
            other => {
                self.faults
                    .push(place.fault(None, format!("write text in quotes instead of this {}", other.type_str())));
                None
            }
        }
    }

    /// A date may stand with or without quotes.
    fn date(&mut self, key: &Key<'_>, value: &Value<'_>) -> Option<Cell> {
        match value.get_ref() {
            DeValue::Datetime(date) => {
                Some(Cell { value: date.to_string(), place: self.place(&key.span(), Some(key.get_ref())) })
            }
            _ => self.text(key, value),
        }
    }

    fn context(&mut self, key: &Key<'_>, value: &Value<'_>) -> Option<(Context, Place)> {
        let place = self.place(&key.span(), Some(key.get_ref()));
        let mut context = Context::default();
        for (key, value) in self.table(key, value)? {
            match key.get_ref().as_ref() {
                "near" => context.near = self.near(key, value),
                "unless_near" => context.unless_near = self.near(key, value),
                "all_of" => context.all_of = self.words(key, value).unwrap_or_default(),
                _ => self.refuse(key, "unknown key: a context has near, all_of and unless_near"),
            }
        }
        Some((context, place))
    }

    fn near(&mut self, key: &Key<'_>, value: &Value<'_>) -> Option<Near> {
        let (mut any_of, mut within) = (None, None);
        for (key, value) in self.table(key, value)? {
            match key.get_ref().as_ref() {
                "any_of" => any_of = self.words(key, value),
                "within" => within = self.distance(key, value),
                _ => self.refuse(key, "unknown key: the rule has any_of and within"),
            }
        }
        match (any_of, within) {
            (Some(any_of), Some(within)) => Some(Near { any_of, within }),
            _ => {
                self.refuse(key, "the rule needs any_of, its words, and within, a distance in characters");
                None
            }
        }
    }

    fn distance(&mut self, key: &Key<'_>, value: &Value<'_>) -> Option<usize> {
        let number = value.get_ref().as_integer().map(|number| usize::from_str_radix(number.as_str(), number.radix()));
        let number = number.and_then(Result::ok);
        if number.is_none() {
            self.refuse(key, "write a number of characters, such as 40");
        }
        number
    }

    fn words(&mut self, key: &Key<'_>, value: &Value<'_>) -> Option<Vec<String>> {
        let words = value.get_ref().as_array().and_then(texts);
        if words.is_none() {
            self.refuse(key, "write a list of words, such as [\"leak\", \"外洩\"]");
        }
        words
    }

    fn table<'v, 'i>(&mut self, key: &Key<'_>, value: &'v Value<'i>) -> Option<&'v DeTable<'i>> {
        let table = value.get_ref().as_table();
        if table.is_none() {
            self.refuse(key, "a table stands here: write it in braces, or as a section of its own");
        }
        table
    }
}

fn texts(array: &DeArray<'_>) -> Option<Vec<String>> {
    array.iter().map(|word| word.get_ref().as_str().map(str::to_owned)).collect()
}
