//! How the parts of this process are, for the page: what fails says so there.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use jiff::Timestamp;

/// One part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Component {
    /// Its name: `database`, `disk`, `tor`, `mail`, `index`.
    pub name: &'static str,
    /// Whether it works.
    pub ok: bool,
    /// What is the matter, in one sentence; empty when it works.
    pub detail: String,
    /// Since when it is so.
    pub since: Timestamp,
}

/// What is known of all parts.
#[derive(Debug, Default)]
pub struct HealthBoard(Mutex<BTreeMap<&'static str, Component>>);

impl HealthBoard {
    /// Notes that a part works, or why not; the time of the last change is kept.
    pub fn note(&self, name: &'static str, state: Result<(), String>, now: Timestamp) {
        let mut parts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (ok, detail) = match state {
            Ok(()) => (true, String::new()),
            Err(detail) => (false, detail),
        };
        let since = parts.get(name).filter(|part| part.ok == ok).map_or(now, |part| part.since);
        if parts.get(name).is_some_and(|part| part.ok != ok) {
            tracing::warn!(component = name, ok, detail, "a part of the service changed its state");
        }
        parts.insert(name, Component { name, ok, detail, since });
    }

    /// All parts, by name.
    #[must_use]
    pub fn snapshot(&self) -> Vec<Component> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).values().cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_is_dated_from_its_change() {
        let board = HealthBoard::default();
        let at = |second| Timestamp::from_second(second).unwrap();
        board.note("disk", Ok(()), at(1));
        board.note("disk", Err("full".into()), at(2));
        board.note("disk", Err("still full".into()), at(3));
        let disk = board.snapshot().remove(0);
        assert_eq!((disk.ok, disk.detail.as_str(), disk.since), (false, "still full", at(2)));
    }
}
