//! Context rules: what must or must not stand beside a term for it to count.

use serde::{Deserialize, Serialize};

use super::TermError;
use crate::fold::fold;

/// Most words of one rule.
const MAX_WORDS: usize = 64;

/// Longest word of a rule, in characters.
const MAX_WORD: usize = 100;

/// Farthest that a rule looks, in characters.
pub const MAX_WITHIN: usize = 2000;

/// The words that decide whether a hit of a term counts. Words are compared as keywords are:
/// folded, a Latin word whole, Chinese anywhere.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Context {
    /// One of these words must stand near the hit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub near: Option<Near>,
    /// Each of these words must stand somewhere in the text.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub all_of: Vec<String>,
    /// None of these words may stand near the hit. Only this hit is dropped: another one further
    /// away in the same text counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unless_near: Option<Near>,
}

/// Words within a distance of a hit, before it or after it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Near {
    /// The words or phrases, of which one is enough.
    pub any_of: Vec<String>,
    /// Most characters between the hit and the word. They are counted as a reader sees them, in
    /// the folded text: a run of white space is one, an invisible character none.
    pub within: usize,
}

impl Context {
    /// Whether no rule is given.
    pub fn is_empty(&self) -> bool {
        self.near.is_none() && self.all_of.is_empty() && self.unless_near.is_none()
    }

    /// The same rules with single spaces in their words, if they can be held against a text.
    pub(super) fn checked(mut self) -> Result<Context, TermError> {
        for (rule, near) in [("near", &mut self.near), ("unless_near", &mut self.unless_near)] {
            let Some(near) = near else {
                continue;
            };
            near.any_of = words(rule, &near.any_of)?;
            if near.any_of.is_empty() {
                return Err(TermError::ContextEmpty { rule });
            }
            if !(1..=MAX_WITHIN).contains(&near.within) {
                return Err(TermError::ContextDistance { rule, within: near.within, max: MAX_WITHIN });
            }
        }
        self.all_of = words("all_of", &self.all_of)?;
        Ok(self)
    }
}

fn words(rule: &'static str, words: &[String]) -> Result<Vec<String>, TermError> {
    if words.len() > MAX_WORDS {
        return Err(TermError::ContextLong { rule, words: words.len(), max: MAX_WORDS });
    }
    words.iter().map(|word| checked_word(rule, word)).collect()
}

fn checked_word(rule: &'static str, word: &str) -> Result<String, TermError> {
    let single = word.split_whitespace().collect::<Vec<_>>().join(" ");
    let sound = single.chars().count() <= MAX_WORD && fold(&single).text().chars().any(char::is_alphanumeric);
    match sound {
        true => Ok(single),
        false => Err(TermError::ContextWord { rule, word: single, max: MAX_WORD }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::term::{Term, TermKind};

    fn near(words: &[&str], within: usize) -> Option<Near> {
        Some(Near { any_of: words.iter().map(|&word| word.to_owned()).collect(), within })
    }

    #[test]
    fn rules_are_data_of_the_term() {
        let context = Context { near: near(&[" leak  site"], 80), ..Context::default() };
        let term = Term::parse(TermKind::Keyword, "Delta").expect("term").with_context(context).expect("context");
        let json = serde_json::to_string(&term).expect("json");
        assert_eq!(
            json,
            r#"{"kind":"keyword","text":"Delta","context":{"near":{"any_of":["leak site"],"within":80}}}"#
        );
        assert_eq!(serde_json::from_str::<Term>(&json).expect("term"), term);
        for bad in [
            r#"{"kind":"keyword","text":"Delta","context":{"nearby":{}}}"#,
            r#"{"kind":"keyword","text":"Delta","context":{"near":{"any_of":[],"within":80}}}"#,
        ] {
            assert!(serde_json::from_str::<Term>(bad).is_err(), "{bad}");
        }
        let plain = term.clone().with_context(Context::default()).expect("none");
        assert_eq!(plain.context(), None);
        assert_ne!(plain, term);
    }

    #[test]
    fn rules_that_cannot_be_held_are_refused() {
        let refused = |context: Context| context.checked().expect_err("refused").to_string();
        let with = |near| Context { near, ..Context::default() };
        assert_eq!(refused(with(near(&[], 9))), "the context rule near has no words: write one or leave the rule out");
        assert_eq!(
            refused(with(near(&["x"], 0))),
            "the context rule near looks 0 characters far: write a distance from 1 to 2000"
        );
        assert_eq!(
            refused(Context { unless_near: near(&["--"], 9), ..Context::default() }),
            "\"--\" in the context rule unless_near is no word: write up to 100 characters with a letter or digit"
        );
        let many = vec!["x".to_owned(); 65];
        assert_eq!(
            refused(Context { all_of: many, ..Context::default() }),
            "the context rule all_of has 65 words: write at most 64"
        );
    }
}
