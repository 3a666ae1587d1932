//! Gathers everything that is wrong with the values of a configuration.

use std::{fmt::Display, ops::RangeInclusive, time::Duration};

use super::{HumanDuration, HumanSize, Problem, document::Document};

/// Problems found so far, and the text to find their places in.
pub(super) struct Check<'a> {
    document: &'a Document<'a>,
    problems: Vec<Problem>,
}

impl<'a> Check<'a> {
    pub(super) fn new(document: &'a Document<'a>) -> Self {
        Self { document, problems: Vec::new() }
    }

    /// Adds a problem with a key such as `web.listen` or `source[0].max_pages`.
    pub(super) fn problem(&mut self, key: &str, message: &str) {
        let place = self.document.place_of(key);
        self.problems.push(Problem { key: key.to_owned(), place, message: message.to_owned() });
    }

    pub(super) fn range<T: PartialOrd + Display>(&mut self, key: &str, value: T, range: RangeInclusive<T>) {
        if !range.contains(&value) {
            let message = format!("{value} is out of range; {} to {} is expected", range.start(), range.end());
            self.problem(key, &message);
        }
    }

    pub(super) fn duration(&mut self, key: &str, value: HumanDuration, range: RangeInclusive<Duration>) {
        self.range(key, value, HumanDuration(*range.start())..=HumanDuration(*range.end()));
    }

    pub(super) fn size(&mut self, key: &str, value: HumanSize, range: RangeInclusive<usize>) {
        self.range(key, value, HumanSize { bytes: *range.start() }..=HumanSize { bytes: *range.end() });
    }

    pub(super) fn problems(self) -> Vec<Problem> {
        self.problems
    }
}
