//! What only a person can do for a source, and how a source stands with its session.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::LoginEnd;
use crate::{Outcome, PageClass, schedule::moment::required};

/// Why a source waits for a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Need {
    /// A puzzle is to be solved.
    Captcha,
    /// The site asks for a second factor.
    SecondFactor,
    /// The site did not accept user and password. Trying again would lock the account.
    Password,
    /// There are no cookies of a member, or they have expired.
    Cookies,
    /// No credential has the name that the definition gives.
    Credentials,
    /// The login form cannot be used.
    Form,
}

impl Need {
    /// The written form.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Captcha => "captcha",
            Self::SecondFactor => "second_factor",
            Self::Password => "password",
            Self::Cookies => "cookies",
            Self::Credentials => "credentials",
            Self::Form => "form",
        }
    }

    /// The need that an outcome tells of by itself.
    #[must_use]
    pub fn of(outcome: &Outcome) -> Option<Self> {
        matches!(outcome, Outcome::Blocked(PageClass::Captcha)).then_some(Self::Captcha)
    }
}

impl fmt::Display for Need {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Captcha => "the site shows a captcha: solve it in a browser and supply the cookies",
            Self::SecondFactor => "the site asks for a second factor: log in in a browser and supply the cookies",
            Self::Password => {
                "the site did not accept user and password: correct them, or supply the cookies of a login"
            }
            Self::Cookies => "the site does not take us for a member: log in in a browser and supply the cookies",
            Self::Credentials => "no credential has the name that the definition gives: add it, or correct the name",
            Self::Form => {
                "the login form cannot be used: correct the definition's session, or supply the cookies of a login"
            }
        })
    }
}

/// How a source stands with its session, to be stored and shown. Moments are milliseconds since 1970 UTC in its
/// written form.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "standing")]
pub enum Standing {
    /// Nothing is in the way: it is visited, and logs in when a page wants it.
    #[default]
    Ready,
    /// The site told us to wait; it is not asked before.
    Waits {
        /// Until when.
        #[serde(with = "required")]
        until: Timestamp,
    },
    /// It waits for a person, and is not visited.
    NeedsPerson {
        /// For what.
        need: Need,
        /// Since when.
        #[serde(with = "required")]
        since: Timestamp,
    },
}

impl Standing {
    /// Whether the source may be visited now.
    #[must_use]
    pub fn may_visit(&self, now: Timestamp) -> bool {
        match self {
            Self::Ready => true,
            Self::Waits { until } => *until <= now,
            Self::NeedsPerson { .. } => false,
        }
    }

    /// The standing after a visit: how its login ended, if there was one, how the visit did, and before when the site
    /// asked not to come back. A need is kept since it was first there.
    #[must_use]
    pub fn after(
        self, login: Option<&LoginEnd>, visit: &Outcome, not_before: Option<Timestamp>, now: Timestamp,
    ) -> Self {
        let need = login.and_then(LoginEnd::need).or_else(|| Need::of(visit));
        match (need, not_before.filter(|until| *until > now)) {
            (Some(need), _) => match self {
                Self::NeedsPerson { need: known, since } if known == need => Self::NeedsPerson { need, since },
                _ => Self::NeedsPerson { need, since: now },
            },
            (None, Some(until)) => Self::Waits { until },
            (None, None) => Self::Ready,
        }
    }

    /// A person has supplied cookies or credentials, or has corrected the definition: it is tried again. A wait
    /// that the site asked for is kept.
    #[must_use]
    pub fn helped(self) -> Self {
        match self {
            Self::NeedsPerson { .. } => Self::Ready,
            other => other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_in_need_is_left_alone_until_a_person_helps() {
        let (now, later): (Timestamp, Timestamp) =
            ("2026-11-21T04:00:00Z".parse().unwrap(), "2026-11-21T05:00:00Z".parse().unwrap());
        let captcha = Outcome::Blocked(PageClass::Captcha);
        let standing = Standing::Ready.after(None, &captcha, None, now);
        assert_eq!(standing, Standing::NeedsPerson { need: Need::Captcha, since: now });
        assert!(!standing.may_visit(later) && standing.helped().may_visit(now));
        assert_eq!(standing.after(None, &captcha, None, later), standing, "since it was first there");
        let end = LoginEnd::NeedsPerson(Need::Password);
        let standing = standing.after(Some(&end), &Outcome::Blocked(PageClass::Login), None, later);
        assert_eq!(standing, Standing::NeedsPerson { need: Need::Password, since: later });
        assert_eq!(standing.after(None, &Outcome::OkNew, None, later), Standing::Ready);
    }

    #[test]
    fn a_wait_is_kept_to_its_end_whoever_helps() {
        let (now, until): (Timestamp, Timestamp) =
            ("2026-11-21T04:00:00Z".parse().unwrap(), "2026-11-21T04:00:09Z".parse().unwrap());
        let standing = Standing::Ready.after(None, &Outcome::Blocked(PageClass::Queue), Some(until), now);
        assert_eq!(standing.helped(), Standing::Waits { until });
        assert!(!standing.may_visit(now) && standing.may_visit(until));
        let written = serde_json::to_string(&standing).unwrap();
        assert_eq!(written, r#"{"standing":"waits","until":1795233609000}"#);
        assert_eq!(serde_json::from_str::<Standing>(&written).unwrap(), standing);
    }
}
