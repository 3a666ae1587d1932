//! Single values: selectors, patterns, proofs, durations.

use std::{sync::Arc, time::Duration};

use regex::Regex;
use scraper::Selector;
use serde_saphyr::Location;

use super::{
    super::{Proof, raw::Text, units},
    Compiler, shared,
};

impl Compiler {
    pub(super) fn selector(&mut self, file: &str, text: &Text) -> Option<Arc<Selector>> {
        match shared::selector(&text.value) {
            Ok(selector) => Some(selector),
            Err(error) => {
                let message = format!("`{}` is no CSS selector: {error}; correct it", text.value);
                self.wrong(file, text.referenced, message);
                None
            }
        }
    }

    pub(super) fn shared(&mut self, found: Option<(&str, &Text)>) -> Option<Arc<Selector>> {
        let (file, text) = found?;
        self.selector(file, text)
    }

    pub(super) fn pattern(&mut self, file: &str, text: &Text) -> Option<Arc<Regex>> {
        match shared::pattern(&text.value) {
            Ok(pattern) => Some(pattern),
            Err(error) => {
                let reason = error.to_string();
                let reason = reason.lines().last().unwrap_or_default().trim().trim_start_matches("error: ");
                let message = format!("`{}` is no regular expression: {reason}; correct it", text.value);
                self.wrong(file, text.referenced, message);
                None
            }
        }
    }

    pub(super) fn proof(
        &mut self, file: &str, at: Location, selector: Option<&Text>, regex: Option<&Text>,
    ) -> Option<Proof> {
        match (selector, regex) {
            (Some(selector), None) => self.selector(file, selector).map(Proof::Selector),
            (None, Some(regex)) => self.pattern(file, regex).map(Proof::Pattern),
            (Some(_), Some(_)) => {
                self.wrong(file, at, "give a `selector` or a `regex` here, not both");
                None
            }
            (None, None) => {
                self.wrong(file, at, "a proof needs a `selector` or a `regex`");
                None
            }
        }
    }

    pub(super) fn duration(&mut self, found: Option<(&str, &Text)>) -> Option<Duration> {
        let (file, text) = found?;
        units::duration(&text.value).map_err(|message| self.wrong(file, text.referenced, message)).ok()
    }
}
