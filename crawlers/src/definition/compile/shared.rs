//! Patterns and selectors, made once however many definitions have them: a thousand sources extend a few bases, and
//! what a pattern keeps at hand to match quickly weighs more than all the rest of a definition.

use std::{
    collections::HashMap,
    sync::{Arc, LazyLock, Mutex, PoisonError, Weak},
};

use regex::{Regex, RegexBuilder};
use scraper::{Selector, error::SelectorErrorKind};

/// Memory in bytes that one pattern of a definition may take.
const MAX_PATTERN: usize = 1 << 20;

/// What is in use, by its text.
struct Known<T>(Mutex<HashMap<String, Weak<T>>>);

static PATTERNS: LazyLock<Known<Regex>> = LazyLock::new(Known::default);
static SELECTORS: LazyLock<Known<Selector>> = LazyLock::new(Known::default);

impl<T> Default for Known<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T> Known<T> {
    fn get<E>(&self, text: &str, make: impl FnOnce() -> Result<T, E>) -> Result<Arc<T>, E> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(made) = known.get(text).and_then(Weak::upgrade) {
            return Ok(made);
        }
        let made = Arc::new(make()?);
        known.retain(|_, known| known.strong_count() > 0);
        known.insert(text.to_owned(), Arc::downgrade(&made));
        Ok(made)
    }
}

/// A regular expression.
pub(super) fn pattern(text: &str) -> Result<Arc<Regex>, regex::Error> {
    PATTERNS.get(text, || RegexBuilder::new(text).size_limit(MAX_PATTERN).build())
}

/// A CSS selector.
pub(super) fn selector(text: &str) -> Result<Arc<Selector>, SelectorErrorKind> {
    SELECTORS.get(text, || Selector::parse(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_in_use_is_made_once_and_forgotten_when_nothing_uses_it() {
        let known = Known::default();
        let make = |text: &'static str| known.get(text, || Ok::<_, ()>(text.len())).unwrap();
        let (a, b) = (make("one"), make("three"));
        assert!(Arc::ptr_eq(&a, &make("one")));
        drop((a, b));
        make("four");
        assert_eq!(known.0.lock().unwrap().len(), 1, "only what was made last");
        assert_eq!(known.get("wrong", || Err("no")), Err("no"));
    }

    #[test]
    fn two_definitions_share_their_pattern_and_selector() {
        let (kept, selected) = (pattern(r"kept_(\d+)").unwrap(), selector("li.kept").unwrap());
        assert!(Arc::ptr_eq(&kept, &pattern(r"kept_(\d+)").unwrap()));
        assert!(Arc::ptr_eq(&selected, &selector("li.kept").unwrap()));
        assert!(pattern("(").is_err() && selector("li[").is_err());
    }
}
