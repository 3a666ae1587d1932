//! The form of a term: what stands in it, what is wrong with it, and the term it makes.

use jiff::civil::Date;
use nightheron_watchlists::{Context, Near, Term, TermKind};
use serde::Deserialize;

use crate::members::stored;
use crate::store::model::{NewTerm, TermRow, TermState};
use crate::terms::{date_of, midnight};
use crate::web::i18n::Lang;

/// Longest reason of a term, in characters: files of terms hold no longer ones.
const MAX_REASON: usize = 300;
/// How far a rule looks when the form does not say, in characters.
const DEFAULT_WITHIN: usize = 80;

/// What stands in the form, and what is wrong with it.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Draft {
    pub(crate) business_number: String,
    pub(crate) kind: String,
    pub(crate) text: String,
    pub(crate) reason: String,
    pub(crate) review: String,
    /// `active` when empty.
    pub(crate) state: String,
    pub(crate) near: String,
    pub(crate) near_within: String,
    pub(crate) all_of: String,
    pub(crate) unless_near: String,
    pub(crate) unless_within: String,
    /// Why it is watched for although it is too broad.
    pub(crate) broad_reason: String,
    /// The version an edit was made from.
    pub(crate) version: i64,
    #[serde(skip)]
    pub(crate) member_error: Option<&'static str>,
    #[serde(skip)]
    pub(crate) text_error: Option<String>,
    #[serde(skip)]
    pub(crate) reason_error: Option<&'static str>,
    #[serde(skip)]
    pub(crate) review_error: Option<&'static str>,
}

impl Draft {
    /// The form of a stored term.
    pub(crate) fn of(row: &TermRow) -> Self {
        let context: Context =
            row.term.context.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
        let words = |near: &Option<Near>| near.as_ref().map(|near| near.any_of.join("; ")).unwrap_or_default();
        let within = |near: &Option<Near>| near.as_ref().map(|near| near.within.to_string()).unwrap_or_default();
        Self {
            kind: row.term.kind.clone(),
            text: row.term.text.clone(),
            reason: row.term.reason.clone(),
            review: row.term.review_at.map(date_of).unwrap_or_default(),
            state: row.term.state.as_str().to_owned(),
            near: words(&context.near),
            near_within: within(&context.near),
            all_of: context.all_of.join("; "),
            unless_near: words(&context.unless_near),
            unless_within: within(&context.unless_near),
            version: row.version,
            ..Self::default()
        }
    }

    pub(crate) fn is_wrong(&self) -> bool {
        self.member_error.is_some()
            || self.text_error.is_some()
            || self.reason_error.is_some()
            || self.review_error.is_some()
    }

    /// The kinds to choose from.
    pub(crate) fn kinds(&self) -> Vec<(&'static str, bool)> {
        TermKind::ALL.iter().map(|kind| (kind.name(), kind.name() == self.kind)).collect()
    }

    /// The term alone, with its context; otherwise what is wrong stands beside the field.
    pub(crate) fn term(&mut self) -> Option<Term> {
        let read = || -> Result<Term, String> {
            let kind: TermKind = self.kind.parse().map_err(|error| format!("{error}"))?;
            let term = Term::parse(kind, &self.text).map_err(|error| error.to_string())?;
            term.with_context(self.context()).map_err(|error| error.to_string())
        };
        match read() {
            Ok(term) => Some(term),
            Err(error) => {
                self.text_error = Some(error);
                None
            }
        }
    }

    /// The whole of it, ready for the store; otherwise what is wrong stands beside the fields.
    pub(crate) fn check(&mut self, lang: Lang, author: &str) -> Option<NewTerm> {
        let reason = self.reason.split_whitespace().collect::<Vec<_>>().join(" ");
        if reason.is_empty() || reason.chars().nth(MAX_REASON).is_some() {
            self.reason_error = Some(lang.t("term.reason_needed"));
        }
        let review = self.review.trim();
        let date = Date::strptime("%Y-%m-%d", review).ok().filter(|date| (2000..2100).contains(&date.year()));
        let review_at = date.and_then(midnight);
        if review_at.is_none() && !review.is_empty() {
            self.review_error = Some(lang.t("term.review_wrong"));
        }
        let state = if self.state == TermState::Draft.as_str() { TermState::Draft } else { TermState::Active };
        let term = self.term()?;
        (!self.is_wrong()).then(|| NewTerm { review_at, ..stored(&term, state, author, &reason) })
    }

    fn context(&self) -> Context {
        let near = |text: &str, within: &str| {
            let any_of = words(text);
            // A distance that is no number is 0, which the term refuses with a sentence.
            let within = if within.trim().is_empty() { DEFAULT_WITHIN } else { within.trim().parse().unwrap_or(0) };
            (!any_of.is_empty()).then_some(Near { any_of, within })
        };
        Context {
            near: near(&self.near, &self.near_within),
            all_of: words(&self.all_of),
            unless_near: near(&self.unless_near, &self.unless_within),
        }
    }
}

/// Words separated by `;`, full width too, or `、`.
fn words(text: &str) -> Vec<String> {
    text.split([';', '；', '、']).map(str::trim).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}
