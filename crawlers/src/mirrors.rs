//! Which of a source's links to visit: the one that works, and another when it does not.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::{
    Outcome, PageClass,
    schedule::{ladder::wait_of, moment},
};

/// How a source stands with its links, to be stored. Links that a definition no longer has are forgotten.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mirrors {
    /// The link that was visited last.
    current: Option<String>,
    /// Links that failed when they were last visited.
    failed: BTreeMap<String, Failure>,
    /// How the current link came to be in use; `None` while it is the first ever.
    #[serde(default)]
    change: Option<Change>,
}

/// A link that failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// Visits in a row that failed.
    pub times: u32,
    /// When it may be tried again, in milliseconds since 1970 UTC in its written form.
    #[serde(with = "moment::required")]
    pub retry_at: Timestamp,
    /// The outcome of the last visit, as it is written; empty when it was noted by a version that did not keep it.
    #[serde(default)]
    pub outcome: String,
}

/// A source went from one of its links to another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// The link that was left.
    pub from: String,
    /// Why: the outcome of the last visit there, as it is written; empty when the definition changed.
    pub outcome: String,
    /// When, in milliseconds since 1970 UTC in its written form.
    #[serde(with = "moment::required")]
    pub at: Timestamp,
}

impl Mirrors {
    /// The link to visit now: the current one while it works; after a failure the next in the definition's order that
    /// has not failed; when all have, the one whose wait ends first. `None` without links.
    #[must_use]
    pub fn choose<'a>(&self, links: &'a [Url]) -> Option<&'a Url> {
        let at = links.iter().position(|link| self.current.as_deref() == Some(link.as_str())).unwrap_or(0);
        let turn = |at: usize| links.iter().skip(at).chain(links.iter().take(at));
        let sound = turn(at).find(|link| !self.failed.contains_key(link.as_str()));
        sound.or_else(|| turn(at + 1).min_by_key(|link| self.failed.get(link.as_str()).map(|failure| failure.retry_at)))
    }

    /// Notes how a visit of a link ended. What a mirror would show as well, such as a captcha, a login or a changed
    /// layout, is no failure of the link.
    pub fn note(&mut self, links: &[Url], link: &Url, outcome: &Outcome, now: Timestamp) {
        let known = |key: &String| links.iter().any(|link| link.as_str() == key);
        let before = self.current.replace(link.as_str().to_owned()).filter(|before| before != link.as_str());
        if let Some(from) = before {
            let outcome = self.failed.get(&from).map(|failure| failure.outcome.clone()).unwrap_or_default();
            self.change = Some(Change { from, outcome, at: now });
        }
        self.failed.retain(|key, failure| known(key) && failure.retry_at > now);
        if !is_the_links_fault(outcome) {
            self.failed.remove(link.as_str());
            return;
        }
        let times = self.failed.get(link.as_str()).map_or(0, |failure| failure.times).saturating_add(1);
        let wait = wait_of(times as usize);
        let failure = Failure { times, retry_at: moment::later(now, wait), outcome: outcome.to_string() };
        self.failed.insert(link.as_str().to_owned(), failure);
    }

    /// The link that was visited last; `None` before the first visit.
    #[must_use]
    pub fn current(&self) -> Option<&str> {
        self.current.as_deref()
    }

    /// How the current link came to be in use.
    #[must_use]
    pub fn change(&self) -> Option<&Change> {
        self.change.as_ref()
    }

    /// The links that failed when they were last visited, with how often and when each is tried again.
    pub fn failures(&self) -> impl Iterator<Item = (&str, &Failure)> {
        self.failed.iter().map(|(link, failure)| (link.as_str(), failure))
    }

    /// Whether there is a link that has not failed.
    #[must_use]
    pub fn has_sound(&self, links: &[Url]) -> bool {
        links.iter().any(|link| !self.failed.contains_key(link.as_str()))
    }

    /// Whether another link than the preferred one is in use.
    #[must_use]
    pub fn is_away(&self, links: &[Url]) -> bool {
        self.choose(links) != links.first()
    }
}

/// Whether another link might do better.
#[must_use]
pub fn is_the_links_fault(outcome: &Outcome) -> bool {
    match outcome {
        Outcome::Unreachable(_) | Outcome::NotTheSite | Outcome::Moved(_) => true,
        Outcome::Blocked(class) => matches!(class, PageClass::Seized | PageClass::NotFound),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn links() -> Vec<Url> {
        ["http://a.example/", "http://b.example/", "http://c.example/"].map(|link| link.parse().unwrap()).to_vec()
    }

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_second(minute * 60).unwrap()
    }

    fn down() -> Outcome {
        Outcome::Unreachable("timeout".into())
    }

    fn host(mirrors: &Mirrors) -> String {
        mirrors.choose(&links()).unwrap().host_str().unwrap()[..1].to_owned()
    }

    #[test]
    fn a_link_that_works_is_kept_and_one_that_fails_is_left() {
        let (links, mut mirrors) = (links(), Mirrors::default());
        assert_eq!(host(&mirrors), "a");
        mirrors.note(&links, &links[0], &down(), at(0));
        assert_eq!(host(&mirrors), "b");
        assert!(mirrors.is_away(&links) && mirrors.has_sound(&links));
        let (failed, failure) = mirrors.failures().next().unwrap();
        assert_eq!((failed, failure.times, &*failure.outcome), ("http://a.example/", 1, "unreachable(timeout)"));
        for minute in 1..500 {
            mirrors.note(&links, &links[1], &Outcome::OkNoNew, at(minute));
            assert_eq!(host(&mirrors), "b", "it is not left while it works");
        }
        let change = Change { from: "http://a.example/".into(), outcome: "unreachable(timeout)".into(), at: at(1) };
        assert_eq!((mirrors.current(), mirrors.change()), (Some("http://b.example/"), Some(&change)));
        mirrors.note(&links, &links[1], &Outcome::NotTheSite, at(501));
        assert_eq!(host(&mirrors), "c");
        mirrors.note(&links, &links[2], &Outcome::Blocked(PageClass::Seized), at(501));
        assert_eq!(host(&mirrors), "a", "whose failure is long past");
    }

    #[test]
    fn when_all_fail_they_are_tried_in_turn() {
        let (links, mut mirrors) = (links(), Mirrors::default());
        let mut tried = String::new();
        for _ in 0..9 {
            let link = mirrors.choose(&links).unwrap().clone();
            tried.push_str(&link.host_str().unwrap()[..1]);
            mirrors.note(&links, &link, &down(), at(0));
        }
        assert_eq!(tried, "abcabcabc");
        assert!(!mirrors.has_sound(&links));
        let written = serde_json::to_string(&mirrors).unwrap();
        assert_eq!(serde_json::from_str::<Mirrors>(&written).unwrap(), mirrors);
    }

    #[test]
    fn what_a_mirror_would_show_as_well_is_no_reason_to_go() {
        for outcome in
            ["blocked(captcha)", "blocked(login)", "blocked(rate_limited)", "selector_missing(body)", "partial"]
        {
            let (links, mut mirrors) = (links(), Mirrors::default());
            mirrors.note(&links, &links[0], &outcome.parse().unwrap(), at(0));
            assert_eq!(host(&mirrors), "a", "{outcome}");
        }
    }

    #[test]
    fn links_that_are_gone_are_forgotten() {
        let (links, mut mirrors) = (links(), Mirrors::default());
        mirrors.note(&links, &links[2], &down(), at(0));
        let fewer = &links[..2];
        assert_eq!(mirrors.choose(fewer), fewer.first());
        mirrors.note(fewer, &fewer[1], &Outcome::OkNew, at(0));
        assert!(mirrors.failed.is_empty());
        assert_eq!((mirrors.choose(fewer), mirrors.choose(&[])), (fewer.get(1), None));
    }
}
