//! Something to be found on a page, and whether it is there.

use std::sync::Arc;

use regex::Regex;
use scraper::{Html, Selector};

/// What proves an identity, a page class, or emptiness.
#[derive(Debug, Clone)]
pub enum Proof {
    /// The selector picks something.
    Selector(Arc<Selector>),
    /// The pattern is found in the page's source.
    Pattern(Arc<Regex>),
}

impl Proof {
    /// Whether it holds on this page.
    #[must_use]
    pub fn holds(&self, page: &Html, source: &str) -> bool {
        match self {
            Self::Selector(selector) => page.select(selector).next().is_some(),
            Self::Pattern(pattern) => pattern.is_match(source),
        }
    }
}
