//! How a visit, or one page of it, ended: never "0 rows".

use std::{fmt, str::FromStr};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What stands in the way of reading a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PageClass {
    /// A puzzle for a person.
    Captcha,
    /// A waiting page, as EndGame shows.
    Queue,
    /// The page wants a login.
    Login,
    /// The visitor is shut out.
    Banned,
    /// The banner of an authority.
    Seized,
    /// The site says it is being worked on.
    Maintenance,
    /// Too many requests.
    RateLimited,
    /// There is no such page.
    NotFound,
}

impl PageClass {
    const ALL: [Self; 8] = [
        Self::Captcha,
        Self::Queue,
        Self::Login,
        Self::Banned,
        Self::Seized,
        Self::Maintenance,
        Self::RateLimited,
        Self::NotFound,
    ];

    /// The written form.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Captcha => "captcha",
            Self::Queue => "queue",
            Self::Login => "login",
            Self::Banned => "banned",
            Self::Seized => "seized",
            Self::Maintenance => "maintenance",
            Self::RateLimited => "rate_limited",
            Self::NotFound => "not_found",
        }
    }
}

/// The outcome of a visit. Its written form, such as `blocked(captcha)`, is stored and shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// New or changed posts.
    OkNew,
    /// Nothing new.
    OkNoNew,
    /// The site proved that it is empty.
    OkEmpty,
    /// Something stands in the way.
    Blocked(PageClass),
    /// The page is not of this site.
    NotTheSite,
    /// The layout changed: this field, or `rows`, was not found.
    SelectorMissing(String),
    /// Some pages or rows could not be read; why, or nothing.
    Partial(String),
    /// No answer; why, as the network plane names it.
    Unreachable(String),
    /// The site points to another host.
    Moved(String),
}

impl Outcome {
    /// Whether the source was read as it should be.
    #[must_use]
    pub fn is_good(&self) -> bool {
        matches!(self, Self::OkNew | Self::OkNoNew | Self::OkEmpty)
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OkNew => f.write_str("ok_new"),
            Self::OkNoNew => f.write_str("ok_no_new"),
            Self::OkEmpty => f.write_str("ok_empty"),
            Self::Blocked(class) => write!(f, "blocked({})", class.as_str()),
            Self::NotTheSite => f.write_str("not_the_site"),
            Self::SelectorMissing(field) => write!(f, "selector_missing({field})"),
            Self::Partial(what) if what.is_empty() => f.write_str("partial"),
            Self::Partial(what) => write!(f, "partial({what})"),
            Self::Unreachable(why) => write!(f, "unreachable({why})"),
            Self::Moved(host) => write!(f, "moved({host})"),
        }
    }
}

/// A text that names no outcome.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error(
    "`{0}` is no outcome; write ok_new, ok_no_new, ok_empty, blocked(CLASS), not_the_site, selector_missing(FIELD), partial(WHAT), unreachable(WHY) or moved(HOST)"
)]
pub struct UnknownOutcome(String);

impl FromStr for Outcome {
    type Err = UnknownOutcome;

    fn from_str(text: &str) -> Result<Self, UnknownOutcome> {
        let unknown = || UnknownOutcome(text.to_owned());
        let (word, inner) = match text.split_once('(') {
            Some((word, rest)) => (word, Some(rest.strip_suffix(')').ok_or_else(unknown)?)),
            None => (text, None),
        };
        Ok(match (word, inner) {
            ("ok_new", None) => Self::OkNew,
            ("ok_no_new", None) => Self::OkNoNew,
            ("ok_empty", None) => Self::OkEmpty,
            ("not_the_site", None) => Self::NotTheSite,
            ("partial", None) => Self::Partial(String::new()),
            ("blocked", Some(class)) => {
                let known = PageClass::ALL.into_iter().find(|c| c.as_str() == class);
                Self::Blocked(known.ok_or_else(unknown)?)
            }
            ("selector_missing", Some(field)) => Self::SelectorMissing(field.to_owned()),
            ("partial", Some(what)) => Self::Partial(what.to_owned()),
            ("unreachable", Some(why)) => Self::Unreachable(why.to_owned()),
            ("moved", Some(host)) => Self::Moved(host.to_owned()),
            _ => return Err(unknown()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_outcome_is_read_as_it_is_written() {
        let inner = || "x y".to_owned();
        let mut all = vec![Outcome::OkNew, Outcome::OkNoNew, Outcome::OkEmpty, Outcome::NotTheSite];
        all.extend(PageClass::ALL.map(Outcome::Blocked));
        all.extend([Outcome::SelectorMissing(inner()), Outcome::Partial(inner()), Outcome::Partial(String::new())]);
        all.extend([Outcome::Unreachable(inner()), Outcome::Moved(inner())]);
        for outcome in all {
            assert_eq!(outcome.to_string().parse(), Ok(outcome));
        }
        for bad in ["", "ok", "blocked", "blocked(x)", "ok_new(1)", "moved(a"] {
            assert!(bad.parse::<Outcome>().is_err(), "{bad}");
        }
    }
}
